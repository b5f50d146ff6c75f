"""Index series: published figures, such as consumer prices, that prices follow. Finance enters or imports them.

A value is a fact of its publisher and may be corrected by him. What a price was reckoned with is kept beside the price
(`aftersales.index.use`), so a value that changes later is listed and never applied by itself.
"""

import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_repr

from ...engine.days import month_number
from ...engine.indexation import Series

FREQUENCIES = [("year", "Yearly"), ("quarter", "Quarterly"), ("month", "Monthly")]
MONTHS = {"year": 12, "quarter": 3, "month": 1}
PATTERNS = {  # what a period is called: it sorts as text, and an import can be read by eye
    "year": (r"\d{4}", "2026"),
    "quarter": (r"\d{4}-Q[1-4]", "2026-Q1"),
    "month": (r"\d{4}-(0[1-9]|1[0-2])", "2026-03"),
}
DIGITS = (16, 6)


def exact_value(value):
    """The Decimal of a stored index value, without the zeros that its column pads it with."""
    text = float_repr(value, DIGITS[1])
    return Decimal(text.rstrip("0").rstrip("."))


class IndexSeries(models.Model):
    _name = "aftersales.index.series"
    _description = "Index Series"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, help="Short name for imports, such as CPI-DE.")
    frequency = fields.Selection(FREQUENCIES, required=True, default="year", tracking=True)
    source = fields.Char(string="Publisher", help="Who publishes it, and where.")
    note = fields.Text(string="Notes", help="What it measures, and which year is 100.")
    company_id = fields.Many2one("res.company", help="Empty: every company may use it.")
    active = fields.Boolean(default=True)
    value_ids = fields.One2many("aftersales.index.value", "series_id", string="Values")
    last_period = fields.Char(compute="_compute_last_period")

    _code_uniq = models.UniqueIndex("(code, company_id) NULLS NOT DISTINCT", "Two index series cannot share a code.")

    @api.depends("value_ids.period")
    def _compute_last_period(self):
        for series in self:
            series.last_period = max(filter(None, series.value_ids.mapped("period")), default=False)

    @api.constrains("frequency", "value_ids")
    def _check_values(self):
        self.value_ids._check_period()

    def _period_of(self, day, lag=0):
        """The name of the period that lies ``lag`` periods before the one of ``day``."""
        self.ensure_one()
        length = MONTHS[self.frequency]
        year, number = divmod(month_number(day) // length - lag, 12 // length)
        return {"year": f"{year}", "quarter": f"{year}-Q{number + 1}", "month": f"{year}-{number + 1:02}"}[
            self.frequency]

    def _engine_series(self):
        """{series: engine `Series` of all its values}."""
        found = {}
        for series in self:
            values = {value.period: exact_value(value.value) for value in series.value_ids}
            provisional = frozenset(value.period for value in series.value_ids if value.provisional)
            found[series] = Series(series.name, values, provisional)
        return found


class IndexValue(models.Model):
    _name = "aftersales.index.value"
    _description = "Index Value"
    _order = "series_id, period desc"
    _rec_name = "period"

    series_id = fields.Many2one("aftersales.index.series", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="series_id.company_id", store=True, index=True)
    period = fields.Char(required=True, help="2026, 2026-Q1 or 2026-03, by the frequency of the series.")
    value = fields.Float(required=True, digits=DIGITS, aggregator=None)
    provisional = fields.Boolean(help="Not final yet. A price follows it only where its clause says so.")
    source = fields.Char(help="Release, page or file that it was read from.")
    published_on = fields.Date(string="Published")

    _period_uniq = models.UniqueIndex("(series_id, period)", "This index series has a value for that period already.")
    _value_positive = models.Constraint("CHECK(value > 0)", "An index value must be above zero.")

    @api.depends("series_id", "period")
    def _compute_display_name(self):
        for value in self:
            value.display_name = f"{value.series_id.name} {value.period}"

    @api.constrains("period", "series_id")
    def _check_period(self):
        for value in self:
            pattern, example = PATTERNS[value.series_id.frequency]
            if not re.fullmatch(pattern, value.period or ""):
                raise ValidationError(self.env._(
                    "Index %(series)s: “%(period)s” is not a period of it. Write it like %(example)s.",
                    series=value.series_id.name, period=value.period, example=example))

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        self.env["aftersales.index.use"]._link_values(values)
        return values

    def write(self, vals):
        before = {value: exact_value(value.value) for value in self} if "value" in vals else {}
        result = super().write(vals)
        for value, old in before.items():
            new = exact_value(value.value)
            if new != old:
                value.series_id._message_log(body=self.env._(
                    "%(period)s: %(old)s → %(new)s", period=value.period, old=old, new=new))
        return result
