"""The lines of a price revision: what each contract line costs before and after, or why it keeps its price."""

from decimal import Decimal
from typing import Any, NamedTuple

from odoo import fields, models
from odoo.tools import format_date

from ...engine.days import last_day
from ...engine.errors import EngineError
from ...engine.price_revision import plan_revision
from .line_indexation import PriceChange


class PlannedLine(NamedTuple):
    """``change``: a `PriceChange`, or None where the line keeps its price for the ``reason``; ``correct``: the engine
    `Period` billed in advance at the old price, or None."""

    line: Any
    change: Any
    reason: str
    correct: Any = None
    blocked: bool = False

    def values(self):
        """Values of an `aftersales.price.revision.line`."""
        change = self.change
        price = self.line._price_on(change.effective) if change else self.line._price()
        return {
            "line_id": self.line.id, "old_price": float(price), "reason": self.reason,
            "new_price": float(change.price if change else price), "bound": change.bound if change else False,
            "steps": list(change.steps) if change else [],
            "state": "planned" if change else "blocked" if self.blocked else "skipped",
            "correct_from": self.correct.start if self.correct else False,
            "correct_until": last_day(self.correct.end) if self.correct else False}


class PriceRevisionLine(models.Model):
    _name = "aftersales.price.revision.line"
    _description = "Line of a Price Revision"
    _order = "revision_id, contract_id, id"
    _rec_name = "line_id"

    revision_id = fields.Many2one("aftersales.price.revision", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="revision_id.company_id", store=True, index=True)
    line_id = fields.Many2one("aftersales.contract.line", required=True, index=True, ondelete="cascade")
    contract_id = fields.Many2one(related="line_id.contract_id", store=True, index=True)
    partner_id = fields.Many2one(related="line_id.partner_id")
    line_name = fields.Text(related="line_id.name", string="Description")
    currency_id = fields.Many2one(related="line_id.currency_id", depends=["line_id.currency_id"], store=True,
                                  precompute=True)
    old_price = fields.Monetary(aggregator=None)
    new_price = fields.Monetary(aggregator=None)
    change_percent = fields.Float(string="Change (%)", compute="_compute_change_percent", digits=(16, 2))
    bound = fields.Selection(
        [("cap", "Cap"), ("floor", "Floor"), ("cap_over_term", "Cap over the Term")], string="Held by")
    state = fields.Selection(
        [("planned", "To Change"), ("skipped", "Left Alone"), ("blocked", "Blocked"), ("applied", "Changed"),
         ("failed", "Failed")], required=True, index=True)
    reason = fields.Text(string="Why")
    correct_from = fields.Date(string="Billed at the Old Price from", help="Billed in advance: to be corrected.")
    correct_until = fields.Date(string="Billed at the Old Price until")
    steps = fields.Json()

    def _compute_change_percent(self):
        for line in self:
            line.change_percent = (line.new_price / line.old_price - 1) * 100 if line.old_price else 0.0

    def _still_holds(self, row):
        """Whether what was previewed is what the `PlannedLine` of today says."""
        self.ensure_one()
        return bool(row.change) and self.line_id._money(self.new_price) == row.change.price and (
            self.line_id._money(self.old_price) == row.change.old_price)


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _plan_revision(self, revision):
        """[`PlannedLine`] of these lines, in their order."""
        day = revision.effective_on
        verdicts = plan_revision([line._priced(line._revisable_until()) for line in self], day)
        engine_series = self.index_series_id._engine_series() if revision.kind == "index" else {}
        rows = []
        for line, verdict in zip(self, verdicts, strict=True):
            if not verdict.revise:
                rows.append(PlannedLine(line, None, line._in_words(verdict.reason)))
                continue
            rows.append(line._plan_change(revision, verdict, engine_series))
        return rows

    def _revisable_until(self):
        """Its last day; where the contract renews by itself the line goes on as well."""
        goes_on = self.contract_id._renews() and self.contract_id.renewal_kind != "manual"
        return self.date_end if goes_on else self.last_day

    def _plan_change(self, revision, verdict, engine_series):
        try:
            change, why = self._revised(revision, engine_series)
        except EngineError as error:  # a missing or provisional index value
            return PlannedLine(self, None, str(error), blocked=True)
        if not change:
            return PlannedLine(self, None, why)
        reason = self._in_words(verdict.reason)
        if verdict.correct:
            reason += self.env._(
                " from %(start)s to %(end)s", start=format_date(self.env, verdict.correct.start),
                end=format_date(self.env, last_day(verdict.correct.end)))
        later = max((row.effective_on for row in self._price_rows()), default=None)
        if later and later > change.effective:
            reason += self.env._("; until %s, when a later price takes over", format_date(self.env, later))
        return PlannedLine(self, change, reason, verdict.correct)

    def _revised(self, revision, engine_series):
        """(`PriceChange` or None, why there is none)."""
        day = revision.effective_on
        if revision.kind == "percent":
            return self._change_by_percent(day, Decimal(repr(revision.percent))), ""
        if revision.kind == "fixed":
            if revision.currency_id != self.currency_id:
                return None, self.env._("its currency is %s", self.currency_id.name)
            old, new = self._price_on(day), self._money(revision.fixed_price)
            steps = ([self.env._("Price before"), "", self._amount_text(old)],
                     [self.env._("New price"), "", self._amount_text(new)])
            return PriceChange(self, day, "fixed", new, old, None, steps), ""
        if self.price_rule != "index":
            return None, self.env._("it has no index clause")
        change = self._change_by_index(day, engine_series[self.index_series_id])
        return change, self.env._("no newer index period than the one used") if not change else ""

    def _in_words(self, reason):
        """What ``engine.price_revision`` says, in the user's language."""
        _ = self.env._
        return {
            "it is cancelled": _("it is cancelled"),
            "it is marked as never to be revised": _("it is marked as never to be revised"),
            "it ended before that day": _("it ended before that day"),
            "it begins after that day": _("it begins after that day"),
            "it was revised for that day already": _("it was revised for that day already"),
            "billed in advance: correct what was billed": _("billed in advance: correct what was billed"),
            "in force on that day": _("in force on that day"),
        }.get(reason, reason)
