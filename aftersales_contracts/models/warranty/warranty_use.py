"""What covers paid: the ledger that caps are reckoned by. Entries are added, and taken back by an entry below zero."""

from odoo import fields, models

from .policy_parts import ITEM_KINDS


class WarrantyUse(models.Model):
    _name = "aftersales.warranty.use"
    _description = "Use of a Warranty Cover"
    _inherit = ["aftersales.appended"]
    _order = "day desc, id desc"
    _rec_name = "cover_id"

    cover_id = fields.Many2one(
        "aftersales.warranty.cover", string="Warranty Cover", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="cover_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    claim_line_ref = fields.Char(string="Claim Line", index="btree_not_null", help="What used it: model and id.")
    kind = fields.Selection(ITEM_KINDS, string="For", required=True)
    amount = fields.Monetary(required=True, help="What it paid; below zero: taken back.")
    quantity = fields.Float(digits=(16, 2))
    day = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one("res.users", string="By", readonly=True, default=lambda self: self.env.user)
