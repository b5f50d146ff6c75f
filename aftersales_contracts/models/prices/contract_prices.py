"""Prices on the contract: its lines, and what they come to in a year."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

GUARDED = frozenset({"annual_value", "monthly_value"})


class Contract(models.Model):
    _inherit = "aftersales.contract"

    line_ids = fields.One2many("aftersales.contract.line", "contract_id", string="Lines", copy=True)
    annual_value = fields.Monetary(
        compute="_compute_annual_value", store=True,
        help="What its lines come to in a year, at the prices agreed last; lines that have ended do not count.")
    monthly_value = fields.Monetary(compute="_compute_annual_value", store=True)

    @api.depends("line_ids.annual_value", "line_ids.monthly_value", "line_ids.ended")
    def _compute_annual_value(self):
        for contract in self:
            running = contract.line_ids.filtered(lambda line: not line.ended)
            contract.annual_value = sum(running.mapped("annual_value"))
            contract.monthly_value = sum(running.mapped("monthly_value"))

    def _approval_amount(self):
        """What a year costs (Decimal, in the contract's currency), reckoned from the lines themselves."""
        self.ensure_one()
        running = self.line_ids.filtered(lambda line: not line.cancelled and not line.ended)
        return sum((line._annual(line._amount_at(line._price())) for line in running), Decimal(0))

    @api.model
    def _paper_rows(self):
        return {**super()._paper_rows(), "line": "line_ids"}

    def _activation_gaps(self):
        gaps = super()._activation_gaps()
        if self.contract_type_id.needs_lines and not self.line_ids.filtered(lambda line: not line.cancelled):
            gaps.append(self.env._("a contract line with a price"))
        for line in self.line_ids:
            outside = line.date_start and (
                line.date_start < self.date_start or (self.date_end and line.date_start > self.date_end))
            if outside or (line.last_day and line.first_day and line.last_day < line.first_day):
                gaps.append(self.env._("dates of line %s within those of the contract", line.name.split("\n")[0]))
        return gaps

    def _draft_warnings(self):
        warnings = super()._draft_warnings()
        free = self.line_ids.filtered(lambda line: line.charge == "fee" and not line.price and not line.cancelled)
        if free:
            warnings.append(self.env._("Without a price: %s.", ", ".join(free.mapped("display_name"))))
        return warnings

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_counted(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_counted(vals)
        return super().write(vals)

    @api.model
    def _counted_fields(self):
        """Stored results that nobody enters, by whatever way."""
        return GUARDED

    @api.model
    def _refuse_counted(self, vals):
        for name in sorted(self._counted_fields() & vals.keys()):
            raise UserError(self.env._(
                "%(field)s of a contract is counted, nobody enters it.",
                field=self._fields[name]._description_string(self.env)))
