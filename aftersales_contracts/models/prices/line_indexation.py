"""How the price of a line follows an index or rises by a percentage, and what it comes to for a given day.

Index values that were used stay used: the price for a day is reckoned from the values of the earlier steps as they
were then, and from the present value of the new period only.
"""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.errors import EngineError
from ...engine.indexation import IndexClause, Series, index_price
from ...engine.money import exact, round_money
from .contract_line import TERMS
from .index_series import exact_value

PRICE_RULES = [("fixed", "Stays"), ("percent", "Percentage"), ("index", "Index")]
CLAUSE = (
    "price_rule", "price_percent", "index_series_id", "index_base", "index_method", "index_lag", "cap_on",
    "cap_percent", "floor_on", "floor_percent", "term_cap_on", "term_cap_percent", "rounding_step", "round_at",
    "accept_provisional",
)
PERCENT = (16, 4)


class PriceChange(NamedTuple):
    """A price from a day on. ``price``, ``old_price``: Decimals a unit; ``kind``: of the price log; ``bound``: what
    held it, or None; ``steps``: rows [label, detail, value]; ``series`` (record), ``period``, ``uses``: of an index."""

    line: Any
    effective: date
    kind: str
    price: Decimal
    old_price: Decimal
    bound: str | None = None
    steps: tuple = ()
    series: Any = None
    period: str | bool = False
    uses: tuple = ()


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"
    _paper_fields = TERMS + CLAUSE

    price_rule = fields.Selection(
        PRICE_RULES, string="Price at Renewal", default="fixed", required=True,
        help="What happens to the price at a renewal, and which price revisions by index it takes part in.")
    price_percent = fields.Float(string="Rises by (%)", digits=PERCENT, aggregator=None)
    index_series_id = fields.Many2one(
        "aftersales.index.series", check_company=True, ondelete="restrict", index="btree_not_null")
    index_base = fields.Char(string="Base Period", help="The index period in which the price was agreed, such as 2026.")
    index_method = fields.Selection(
        [("chained", "Chained"), ("base", "On the Base")], default="chained", required=True,
        help="Chained: the last price times the index over the index used before. On the base: the agreed price times "
        "the index over that of the base period; it catches up what a cap held back.")
    index_lag = fields.Integer(
        string="Periods before", default=1, aggregator=None,
        help="Which value counts: that of so many periods before the one in which the new price begins.")
    cap_on = fields.Boolean(string="Cap")
    cap_percent = fields.Float(string="At Most (%)", digits=PERCENT, aggregator=None)
    floor_on = fields.Boolean(string="Floor")
    floor_percent = fields.Float(
        string="At Least (%)", digits=PERCENT, aggregator=None, help="0: the price never falls. Below 0: so far only.")
    term_cap_on = fields.Boolean(string="Cap over the Term")
    term_cap_percent = fields.Float(string="At Most in All (%)", digits=PERCENT, aggregator=None)
    rounding_step = fields.Float(digits=(12, 6), aggregator=None, help="0: the rounding of the currency.")
    round_at = fields.Selection(
        [("step", "At Each Step"), ("end", "At the End")], default="step", required=True,
        help="At each step: the rounded price is carried on. At the end: the exact one.")
    accept_provisional = fields.Boolean(string="Accept Provisional Values")

    _index_lag_positive = models.Constraint(
        "CHECK(index_lag >= 0)", "An index clause takes the value of its own period or of an earlier one.")

    @api.constrains(*CLAUSE)
    def _check_price_rule(self):
        for line in self:
            try:
                if line.price_rule == "percent" and line.price_percent <= -100:
                    raise ValidationError(self.env._(
                        "%(line)s: a change of %(percent)s percent leaves no price.", line=line.display_name,
                        percent=line.price_percent))
                if line.price_rule == "index":
                    line._check_index_clause()
            except EngineError as error:
                raise ValidationError(self.env._(
                    "%(line)s: %(reason)s", line=line.display_name, reason=error)) from error

    def _check_index_clause(self):
        if not self.index_series_id or not self.index_base:
            raise ValidationError(self.env._(
                "%s: an index clause names its series and its base period.", self.display_name))
        self.env["aftersales.index.value"].new(
            {"series_id": self.index_series_id.id, "period": self.index_base})._check_period()
        self._clause(self.index_base)

    def _clause(self, base):
        """The engine `IndexClause` of the line, reckoned from the period ``base``."""
        percent = lambda on, value: Decimal(repr(value)) if on else None  # noqa: E731
        step = Decimal(repr(self.rounding_step)) if self.rounding_step else self._rounding()
        return IndexClause(
            base, self.index_method, percent(self.cap_on, self.cap_percent),
            percent(self.floor_on, self.floor_percent), percent(self.term_cap_on, self.term_cap_percent), step,
            self.round_at, self.accept_provisional)

    # --- the price for a day -----------------------------------------------------------------------------------------

    def _changes_by_rule(self, effective):
        """The `PriceChange`s that the lines' own rules bring: ``effective``: {line: day}. Lines without a rule, and
        those for which no newer index period came, are left out.

        Raises UserError naming contract, line, series and period where an index value is missing or provisional.
        """
        engine_series = self.index_series_id._engine_series()
        changes = []
        for line in self:
            try:
                change = line._change_by_rule(effective[line], engine_series)
            except EngineError as error:
                raise UserError(self.env._(
                    "%(line)s cannot be priced from %(day)s on: %(reason)s.", line=line.display_name,
                    day=effective[line], reason=error)) from error
            if change:
                changes.append(change)
        return changes

    def _change_by_rule(self, effective, engine_series):
        if self.price_rule == "percent":
            return self._change_by_percent(effective, Decimal(repr(self.price_percent)))
        if self.price_rule == "index":
            return self._change_by_index(effective, engine_series[self.index_series_id])
        return None

    def _change_by_percent(self, effective, percent):
        """The `PriceChange` by a percentage (Decimal): not above the cap of the line."""
        old = self._price_on(effective)
        cap = Decimal(repr(self.cap_percent))
        bound = "cap" if self.cap_on and percent > cap else None
        held = cap if bound else percent
        new = round_money(exact(old) * (1 + exact(held) / 100), self._rounding())
        steps = [[self.env._("Price before"), "", self._amount_text(old)]]
        if bound:
            steps.append([self.env._("Cap"), self.env._(
                "%(cap)s percent instead of %(percent)s", cap=cap, percent=percent), ""])
        steps.append([self.env._("New price"), self.env._("%s percent", held), self._amount_text(new)])
        return PriceChange(self, effective, "percent", new, old, bound, tuple(steps))

    def _change_by_index(self, effective, series):
        """The `PriceChange` by the index clause; None where the period of that day was used already."""
        key = self.index_series_id._period_of(effective, self.index_lag)
        agreed, base, periods, used = self._index_history(effective)
        if key <= max([base, *periods]):
            return None
        provisional = frozenset(series.provisional) - used.keys()
        known = Series(series.name, {**series.values, **used}, provisional)
        result = index_price(agreed, self._clause(base), known, [*periods, key])
        old = self._price_on(effective)
        return PriceChange(
            self, effective, "index", result.price, old, result.revisions[-1].bound, self._index_steps(result),
            self.index_series_id, key, tuple(self._uses(result, used)))

    def _index_history(self, effective):
        """(agreed price, base period, periods used since, {period: value used}) before ``effective``.

        A price that came otherwise, by an amendment or a percentage, is agreed anew: it stands for the last period
        used.
        """
        agreed, base, periods, used = self._price(), self.index_base, [], {}
        for row in self._price_rows():
            if row.effective_on >= effective:
                break
            if row.kind == "index" and row.index_series_id == self.index_series_id:
                periods.append(row.index_period)
                used.update({use.period: exact_value(use.used) for use in row.use_ids})
            else:
                agreed, base, periods = self._money(row.price), max([base, *periods]), []
        return agreed, base, periods, used

    def _uses(self, result, used):
        """Values of `aftersales.index.use` for what this step read anew."""
        values = {value.period: value for value in self.index_series_id.value_ids}
        for period, value in result.inputs:
            if period not in used:
                yield {"series_id": self.index_series_id.id, "period": period, "used": float(value),
                       "value_id": values[period].id}

    def _index_steps(self, result):
        labels = {
            "agreed": self.env._("Agreed"), "indexed": self.env._("By index"), "cap": self.env._("Cap"),
            "floor": self.env._("Floor"), "cap_over_term": self.env._("Cap over the term"),
        }
        rows = [[labels[step.label], step.detail, self._amount_text(step.value)] for step in result.steps]
        return (*rows, [self.env._("New price"), "", self._amount_text(result.price)])
