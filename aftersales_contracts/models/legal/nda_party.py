"""Parties of an agreement, who of them may be told, and the sub-processors of a data-processing agreement."""

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import ValidationError

from ..common.frozen import is_uninstalling


class NdaParty(models.Model):
    _name = "aftersales.nda.party"
    _description = "Party of an Agreement"
    _inherit = ["aftersales.guarded"]
    _guarded = {"signed_on": False, "signed_by": False}
    _order = "nda_id, sequence, id"
    _rec_name = "partner_id"

    nda_id = fields.Many2one("aftersales.nda", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="nda_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    # No unique index: merging two contacts deletes rows that would break one, and these rows are evidence.
    partner_id = fields.Many2one("res.partner", string="Party", required=True, index=True, ondelete="restrict")
    role = fields.Selection(
        [("both", "Both"), ("discloser", "Discloser"), ("recipient", "Recipient")], required=True, default="both",
        help="Who tells and who is told. In a mutual or multi-party agreement everybody does both.")
    tz = fields.Selection(
        _tz_get, string="Zone", compute="_compute_tz", store=True, readonly=False,
        help="Whose midnight ends the party's access.")
    person_ids = fields.Many2many(
        "res.partner", string="Named Persons", help="Of this party only these may be told; empty: everybody of it.")
    signed_on = fields.Datetime(string="Signed", readonly=True, copy=False)
    signed_by = fields.Char(readonly=True, copy=False)

    @api.depends("partner_id")
    def _compute_tz(self):
        for party in self:
            party.tz = party.tz or party.partner_id._agreement_zone()

    @api.model_create_multi
    def create(self, vals_list):
        self.env["aftersales.nda"].browse(
            {vals["nda_id"] for vals in vals_list if vals.get("nda_id")})._refuse_signed()
        return super().create(vals_list)

    def write(self, vals):
        self.nda_id._refuse_signed()
        if vals.get("nda_id"):
            self.env["aftersales.nda"].browse(vals["nda_id"])._refuse_signed()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self.nda_id._refuse_signed()
        return super().unlink()

    @api.constrains("person_ids", "partner_id")
    def _check_persons(self):
        for party in self:
            company = party.partner_id.commercial_partner_id
            strangers = party.person_ids.filtered(
                lambda one, company=company: one.commercial_partner_id != company)
            if strangers:
                raise ValidationError(self.env._(
                    "%(person)s does not belong to %(party)s and cannot be named for it.",
                    person=strangers[0].display_name, party=company.display_name))


class NdaSubprocessor(models.Model):
    """Whom the processor passes personal data on to. The list goes on after signature: entries are added and ended,
    never changed."""

    _name = "aftersales.nda.subprocessor"
    _description = "Sub-processor"
    _order = "nda_id, date_start, id"
    _rec_name = "partner_id"

    nda_id = fields.Many2one("aftersales.nda", string="Agreement", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="nda_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Sub-processor", required=True, index=True, ondelete="restrict")
    service = fields.Char(required=True, help="What it does with the data.")
    country_id = fields.Many2one("res.country", string="Place of Processing", required=True)
    safeguard = fields.Char(help="What makes a transfer to that country lawful: adequacy, standard clauses, ...")
    date_start = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_end = fields.Date(string="To", help="The last day.")

    _dates_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)", "A sub-processor cannot end before it starts.")

    def write(self, vals):
        if set(vals) - {"date_end"}:
            self.nda_id._refuse_signed()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self.nda_id._refuse_signed()
        return super().unlink()
