"""Signed on paper: asks for the scan, who signed, and when."""

from odoo import api, fields, models
from odoo.fields import Command


class SigningPaper(models.TransientModel):
    _name = "aftersales.signing.paper"
    _description = "Signed on Paper"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True)
    scan = fields.Binary(required=True, attachment=False, help="PDF, PNG or JPEG.")
    scan_name = fields.Char()
    line_ids = fields.One2many(
        "aftersales.signing.paper.line", "paper_id", string="Signers", compute="_compute_line_ids", store=True,
        readonly=False)

    @api.depends("contract_id")
    def _compute_line_ids(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            people = wizard.contract_id._signing_people() if wizard.contract_id else []
            wizard.line_ids = [Command.clear()] + [
                Command.create({"partner_id": person["partner_id"], "side": person["side"], "signed_on": today})
                for person in people]

    def action_record(self):
        """Store the scan as a completed round and move the contract to signed."""
        self.ensure_one()
        self.contract_id.sign_on_paper(self.scan, signers=[
            {"partner_id": line.partner_id.id, "side": line.side, "signed_on": line.signed_on}
            for line in self.line_ids])
        return {"type": "ir.actions.act_window_close"}


class SigningPaperLine(models.TransientModel):
    _name = "aftersales.signing.paper.line"
    _description = "Signer on Paper"

    paper_id = fields.Many2one("aftersales.signing.paper", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Person", required=True)
    side = fields.Selection([("theirs", "Other Side"), ("ours", "Our Side")], required=True, default="theirs")
    signed_on = fields.Date(required=True, default=fields.Date.context_today)
