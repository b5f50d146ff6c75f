"""Signing on paper, ending an agreement, and the duty at its end: each asks for the facts and calls one method."""

from odoo import fields, models


class NdaSignPaper(models.TransientModel):
    _name = "aftersales.nda.sign.paper"
    _description = "Sign an Agreement on Paper"

    nda_id = fields.Many2one("aftersales.nda", string="Agreement", required=True)
    signed_at = fields.Datetime(
        string="Signed", required=True, default=fields.Datetime.now, help="When the last party signed.")
    file = fields.Binary(string="Scan", required=True)
    file_name = fields.Char()

    def action_sign(self):
        self.ensure_one()
        self.nda_id.sign_on_paper(self.signed_at, self.file_name, self.file)
        return {"type": "ir.actions.act_window_close"}


class NdaEnding(models.TransientModel):
    _name = "aftersales.nda.ending"
    _description = "End an Agreement"

    nda_id = fields.Many2one("aftersales.nda", string="Agreement", required=True)
    how = fields.Selection(
        [("revoked", "Revoke"), ("terminated", "Terminate")], required=True, default="terminated",
        help="Revoke: access ends with the beginning of a day. Terminate: the agreement ends, as agreed, with a day.")
    day = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Text(required=True)

    def action_end(self):
        self.ensure_one()
        end = self.nda_id.revoke if self.how == "revoked" else self.nda_id.terminate
        end(self.day, self.reason)
        return {"type": "ir.actions.act_window_close"}


class NdaReturn(models.TransientModel):
    _name = "aftersales.nda.return"
    _description = "Record Return or Destruction"

    nda_id = fields.Many2one("aftersales.nda", string="Agreement", required=True)
    day = fields.Date(string="Done on", required=True, default=fields.Date.context_today)
    note = fields.Text(string="Confirmation", required=True, help="Who confirmed it, and how.")
    file = fields.Binary(string="Certificate")
    file_name = fields.Char()

    def action_record(self):
        self.ensure_one()
        self.nda_id.record_return(self.day, self.note, self.file_name, self.file)
        return {"type": "ir.actions.act_window_close"}


class NdaDisclosure(models.TransientModel):
    _name = "aftersales.nda.disclosure"
    _description = "Record a Disclosure"

    document_id = fields.Many2one("aftersales.document", required=True)
    party_id = fields.Many2one("res.partner", required=True)
    person_id = fields.Many2one(
        "res.partner", domain="[('commercial_partner_id', '=', party_id), ('id', '!=', party_id)]")
    purpose_id = fields.Many2one("aftersales.nda.purpose", required=True)
    at = fields.Datetime(string="Handed Over", required=True, default=fields.Datetime.now)
    note = fields.Text(string="How", required=True, help="By e-mail, on paper, in a meeting, ...")

    def action_record(self):
        self.ensure_one()
        self.env["aftersales.nda.access"].record_disclosure(
            self.document_id.id, self.party_id.id, self.purpose_id.id, self.at, self.note, self.person_id.id)
        return {"type": "ir.actions.act_window_close"}
