"""Measured figures: what is known of a period from elsewhere, such as the uptime that a monitor reports.

They are facts: added, never changed. A later figure of the same contract, measure and period replaces the earlier one.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Measure(models.Model):
    _name = "aftersales.measure"
    _description = "Measure"
    _order = "name, id"

    name = fields.Char(required=True, translate=True, help="What is measured, such as Uptime of the Line.")
    unit = fields.Char(translate=True, help="Such as %, hours or points out of 5.")
    high_is_good = fields.Boolean(default=True, help="Off for figures such as hours of standstill.")
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, help="Empty: every company measures it.")
    active = fields.Boolean(default=True)


class MeasuredFigure(models.Model):
    _name = "aftersales.measured.figure"
    _description = "Measured Figure"
    _inherit = ["aftersales.appended"]
    _order = "period_start desc, contract_id, measure_id, id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "aftersales.contract", required=True, index=True, ondelete="restrict",
        domain=[("is_template", "=", False), ("amends_id", "=", False)])
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id")
    measure_id = fields.Many2one(
        "aftersales.measure", required=True, index=True, ondelete="restrict", check_company=True)
    unit = fields.Char(related="measure_id.unit")
    period_start = fields.Date(string="First Day", required=True, index=True)
    period_end = fields.Date(string="Last Day", required=True)
    value = fields.Float(digits=(16, 6), aggregator="avg", help="Of good and total, where those are given.")
    good = fields.Integer(aggregator=None, help="What was kept of the total, as 79 of 80.")
    total = fields.Integer(aggregator=None, help="0: only the value is known.")
    evidence = fields.Text(help="Where it comes from: the report, its author, a reference.")
    is_current = fields.Boolean(
        string="Counts", compute="_compute_is_current", search="_search_is_current",
        help="No later figure of the same contract, measure and period replaces it.")

    _days_order = models.Constraint(
        "CHECK(period_end >= period_start)", "The period of a measured figure cannot end before it starts.")
    _counts = models.Constraint(
        "CHECK(COALESCE(good, 0) >= 0 AND COALESCE(total, 0) >= 0 AND COALESCE(good, 0) <= COALESCE(total, 0))",
        "Of a measured figure, good lies between 0 and the total.")

    @api.depends("measure_id", "contract_id", "period_start")
    def _compute_display_name(self):
        for figure in self:
            named = (figure.contract_id.name, figure.measure_id.name, figure.period_start)
            figure.display_name = " · ".join(str(part) for part in named if part)

    @api.onchange("good", "total")
    def _onchange_counts(self):
        if self.total:
            self.value = self._counted_value(self.measure_id, self.good, self.total)

    @api.model_create_multi
    def create(self, vals_list):
        """Of good and total the value follows, whatever is said of it beside them."""
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("total"):
                measure = self.env["aftersales.measure"].browse(vals.get("measure_id"))
                vals["value"] = self._counted_value(measure, vals.get("good") or 0, vals["total"])
            elif "value" not in vals:
                raise ValidationError(self.env._(
                    "A measured figure has a value, or a number of good cases and a total."))
        return super().create(vals_list)

    @api.model
    def _counted_value(self, measure, good, total):
        """In percent: the good part, or the rest where low is good."""
        return 100 * (good if measure.high_is_good or not measure else total - good) / total

    def _compute_is_current(self):
        current = self._latest([("contract_id", "in", self.contract_id.ids)])
        for figure in self:
            figure.is_current = figure._origin.id in current

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in" if True in value else "not in", sorted(self._latest([])))]

    @api.model
    def _latest(self, domain):
        """Ids of the figures that count, among those of ``domain``: the last of each contract, measure and period."""
        rows = self._read_group(
            domain, ["contract_id", "measure_id", "period_start:day", "period_end:day"], ["id:max"])
        return {row[-1] for row in rows}

    @api.model
    def _of_periods(self, contracts, start, end):
        """{(contract id, measure id, first day, last day): figure that counts} of periods within [start, end] (both
        last days included); one query for any number of contracts."""
        found = {}
        wanted = [("contract_id", "in", contracts.ids), ("period_start", ">=", start), ("period_end", "<=", end)]
        names = ["contract_id", "measure_id", "period_start", "period_end", "value", "good", "total"]
        for figure in self.search_fetch(wanted, names, order="id"):
            found[figure.contract_id.id, figure.measure_id.id, figure.period_start, figure.period_end] = figure
        return found
