"""What a line of a settlement is a share of: one row of attributed revenue, once."""

from odoo import fields, models


class SettlementLine(models.Model):
    _inherit = "aftersales.settlement.line"

    revenue_id = fields.Many2one(
        "aftersales.revenue", string="Attributed Revenue", readonly=True, ondelete="restrict", index=False)
    move_id = fields.Many2one(related="revenue_id.move_id")
    customer_id = fields.Many2one(related="revenue_id.customer_id")
    product_id = fields.Many2one(related="revenue_id.product_id")

    _paid_once = models.UniqueIndex(
        "(revenue_id) WHERE revenue_id IS NOT NULL", "This revenue is settled already.")
