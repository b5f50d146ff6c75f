"""Line kind: what a line of an invoice is for, such as labour or parts. Shares and settlements are told by it."""

from odoo import fields, models


class LineKind(models.Model):
    _name = "aftersales.line.kind"
    _description = "Line Kind"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How rules and results name it; it does not change.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "A line kind with this code exists already.")


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_line_kind_id = fields.Many2one(
        "aftersales.line.kind", string="Line Kind", ondelete="restrict", index="btree_not_null",
        help="What invoice lines with this product are for: shares of dealers go by it.")
