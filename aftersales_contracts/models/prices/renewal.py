"""Renewal: each term that followed another, once; what it did to the prices, and who renewed."""

from odoo import api, fields, models
from odoo.exceptions import UserError

RENEWAL_KINDS = [
    ("manual", "By Hand"),
    ("automatic", "Automatic"),
    ("evergreen", "Evergreen"),
    ("extension", "Extension"),
    ("none", "None"),
]


class Renewal(models.Model):
    _name = "aftersales.renewal"
    _description = "Renewal"
    _inherit = ["aftersales.frozen"]
    _order = "contract_id, number desc"

    contract_id = fields.Many2one("aftersales.contract", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    currency_id = fields.Many2one(
        related="contract_id.currency_id", depends=["contract_id.currency_id"], store=True, precompute=True)
    number = fields.Integer(required=True, aggregator=None)
    kind = fields.Selection(RENEWAL_KINDS, required=True)
    old_start = fields.Date(string="Old Term from", required=True)
    old_end = fields.Date(string="Old Term until", required=True)
    term_start = fields.Date(string="New Term from", required=True)
    term_end = fields.Date(string="New Term until", required=True)
    anchor_day = fields.Integer(aggregator=None, help="Day of the month on which terms begin; kept over short months.")
    old_annual_value = fields.Monetary(string="Per Year before")
    new_annual_value = fields.Monetary(string="Per Year after")
    price_ids = fields.One2many("aftersales.line.price", "renewal_id", string="New Prices")
    by_itself = fields.Boolean(help="Renewed by the nightly work, not by a person.")
    user_id = fields.Many2one("res.users", string="Renewed by", default=lambda self: self.env.user)

    _number_once = models.UniqueIndex("(contract_id, number)", "This term of the contract was renewed already.")
    _term_once = models.UniqueIndex("(contract_id, term_start)", "The contract has a renewal for that day already.")

    @api.depends("contract_id", "number")
    def _compute_display_name(self):
        for renewal in self:
            renewal.display_name = self.env._(
                "%(contract)s, renewal %(number)s", contract=renewal.contract_id.name, number=renewal.number)

    def _frozen(self):
        return self

    def _refuse_frozen(self):
        if self:
            raise UserError(self.env._("%s is part of the history and does not change.", self[:1].display_name))
