"""Who pays which part of a claim line: written with the decision, and never by hand."""

from odoo import fields, models

PAYERS = [
    ("manufacturer", "Manufacturer's Warranty"),
    ("extended", "Extended Warranty"),
    ("contract", "Contract"),
    ("recall", "Recall"),
    ("supplier", "Supplier"),
    ("goodwill", "Goodwill"),
    ("customer", "Customer"),
]


class ClaimShare(models.Model):
    """Percentages of a line's shares sum to 100, their amounts to its allowed amount; of an open line they are what the
    verdict says, of a decided one what holds."""

    _name = "aftersales.claim.share"
    _description = "Payer's Part of a Claim Line"
    _order = "line_id, sequence, id"
    _rec_name = "payer"

    line_id = fields.Many2one(
        "aftersales.warranty.claim.line", required=True, readonly=True, index=True, ondelete="cascade")
    claim_id = fields.Many2one(related="line_id.claim_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_kind = fields.Selection(related="line_id.kind", store=True, string="Kind")
    decision = fields.Selection(related="line_id.decision", store=True)
    sequence = fields.Integer(readonly=True)
    payer_kind = fields.Selection(PAYERS, string="Paid by", required=True, readonly=True)
    payer = fields.Char(readonly=True)
    cover_key = fields.Char(string="Cover Number", readonly=True)
    cover_id = fields.Many2one("aftersales.warranty.cover", readonly=True, index="btree_not_null", ondelete="restrict")
    contract_id = fields.Many2one("aftersales.contract", readonly=True, index="btree_not_null", ondelete="restrict")
    partner_id = fields.Many2one("res.partner", string="Charged to", readonly=True, index="btree_not_null")
    percent = fields.Float(readonly=True, digits=(16, 6), aggregator=None)
    amount = fields.Monetary(readonly=True)
