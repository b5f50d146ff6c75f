"""Lines of a recall: the serial numbers that it is for, and the work on each machine. Both stay once it is released."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.errors import EngineError
from ...engine.warranty_serials import SerialRange


class RecallRow(models.AbstractModel):
    _name = "aftersales.recall.row"
    _description = "Row of a Recall"

    recall_id = fields.Many2one("aftersales.recall", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        found.recall_id._touch()
        return found

    def write(self, vals):
        self.recall_id._touch()
        result = super().write(vals)
        self.recall_id._touch()  # where it went to another recall
        return result

    def unlink(self):
        self.recall_id._touch()
        return super().unlink()


class RecallRange(models.Model):
    _name = "aftersales.recall.range"
    _inherit = ["aftersales.recall.row"]
    _description = "Serial Numbers of a Recall"
    _order = "recall_id, first, id"
    _rec_name = "first"

    first = fields.Char(string="First Serial Number", required=True)
    last = fields.Char(string="Last Serial Number", help="Included; empty: the first one alone.")

    @api.depends("first", "last")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.first} – {one.last}" if one.last else one.first

    @api.constrains("first", "last")
    def _check_range(self):
        for one in self:
            try:
                one._engine_range()
            except EngineError:
                raise ValidationError(self.env._(
                    "Recall %(recall)s: %(first)s to %(last)s is no range of serial numbers. Its ends differ in "
                    "nothing but their numbers, and the first one comes first.", recall=one.recall_id.display_name,
                    first=one.first, last=one.last or "-")) from None

    def _engine_range(self):
        self.ensure_one()
        return SerialRange((self.first or "").strip(), (self.last or "").strip())


class RecallLine(models.Model):
    """What is done to each machine: claims under the recall begin with these lines."""

    _name = "aftersales.recall.line"
    _inherit = ["aftersales.recall.row"]
    _description = "Work of a Recall"
    _order = "recall_id, sequence, id"
    _check_company_auto = True

    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("parts", "Part"), ("labour", "Labour"), ("travel", "Travel")], required=True, default="parts")
    product_id = fields.Many2one("product.product", check_company=True)
    name = fields.Char(
        string="Description", required=True, compute="_compute_name", store=True, readonly=False, precompute=True)
    labour_standard_id = fields.Many2one("aftersales.labour.standard", ondelete="restrict")
    quantity = fields.Float(default=1.0, required=True, digits=(16, 4), help="Of labour: hours.")
    unit_price = fields.Monetary(help="Of one piece, hour or trip.")
    causal = fields.Boolean(string="Causal Part", help="The part whose supplier is asked to refund us.")

    _quantity_positive = models.Constraint("CHECK(quantity > 0)", "The work on a machine has a quantity above zero.")
    _price_positive = models.Constraint("CHECK(unit_price >= 0)", "A unit price is not negative.")

    @api.depends("product_id", "kind", "labour_standard_id")
    def _compute_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            named = line.labour_standard_id.name or line.product_id.display_name
            line.name = line.name or named or labels.get(line.kind)

    def _claim_values(self):
        """Values of the claim line for one machine."""
        self.ensure_one()
        return {
            "kind": self.kind, "product_id": self.product_id.id, "name": self.name, "quantity": self.quantity,
            "unit_price": self.unit_price, "causal": self.causal,
            "labour_standard_id": self.kind == "labour" and self.labour_standard_id.id}
