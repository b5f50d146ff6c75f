"""What covers one line of a repair order: a part, labour or travel. A result, which nobody writes by hand."""

from odoo import fields, models


class RepairCover(models.Model):
    """One for each part that is added and for each service on the quotation. ``full_price``: of one unit, before taxes,
    in the company's currency, before anybody pays; the customer pays ``customer_percent`` of it."""

    _name = "aftersales.repair.cover"
    _description = "Cover of a Repair Line"
    _order = "repair_id, id"
    _check_company_auto = True

    repair_id = fields.Many2one("repair.order", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="repair_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one("stock.move", string="Part", readonly=True, index="btree_not_null", ondelete="cascade")
    sale_line_id = fields.Many2one(
        "sale.order.line", string="Order Line", readonly=True, index="btree_not_null", ondelete="cascade",
        help="The service; a part has its own line.")
    claim_line_id = fields.Many2one(
        "aftersales.warranty.claim.line", readonly=True, index="btree_not_null", ondelete="set null")
    kind = fields.Selection([("parts", "Part"), ("labour", "Labour"), ("travel", "Travel")], readonly=True)
    name = fields.Char(string="Line", readonly=True)
    quantity = fields.Float(readonly=True, digits=(16, 4), help="Pieces, or hours of labour.")
    full_price = fields.Monetary(string="Price before Cover", readonly=True)
    amount = fields.Monetary(readonly=True)
    covered_percent = fields.Float(string="Covered (%)", readonly=True, digits=(16, 6), aggregator=None)
    customer_percent = fields.Float(string="Customer (%)", readonly=True, digits=(16, 6), aggregator=None)
    payer = fields.Char(string="Paid by", readonly=True)
    reason = fields.Char(readonly=True)
    steps = fields.Json(readonly=True)

    _part_uniq = models.UniqueIndex("(move_id) WHERE move_id IS NOT NULL", "A part has one cover.")
    _service_uniq = models.UniqueIndex("(sale_line_id) WHERE sale_line_id IS NOT NULL", "A service has one cover.")
