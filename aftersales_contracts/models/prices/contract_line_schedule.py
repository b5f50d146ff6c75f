"""The schedule of a line: its periods, what each costs and when it is billed, before anything is billed.

Each price counts from its own day on; a period in which the price changes is shown in two parts. First and last
period are cut by the rule of the line, and the parts add up to the total.
"""

from datetime import date, timedelta
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...engine.billing import Recurring, parts_of
from ...engine.days import MONTHS, last_day
from ...engine.errors import EngineError
from ...engine.money import round_money
from ...engine.period import Period
from ...engine.proration import Charge, coterminate
from ...engine.recurrence import Piece, bill_day, pieces

ENDLESS = 12  # periods shown of a line without end
SHOWN = 36


class Scheduled(NamedTuple):
    """A period, or the part of one at one price. ``period``, ``full``: engine `Period`s; ``bill_on``: the day on which
    it falls due; ``share`` of the full period; ``price``: of a full period; ``amount``: Decimals of the currency."""

    period: Period
    full: Period
    bill_on: date
    share: Fraction
    price: object
    amount: object


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    schedule = fields.Json(compute="_compute_schedule", help="The periods, what each costs, and when it is billed.")
    terms_text = fields.Char(string="In Words", compute="_compute_terms_text")
    rhythm = fields.Char(string="Billed", compute="_compute_rhythm", help="How often it is billed, and when.")

    def _scheduled(self, start=None, end=None, limit=None):
        """The `Scheduled` parts in ``[start, end)`` (dates, ``end`` exclusive; None: as the line runs), in order.

        A line without end needs ``end`` or ``limit``, the number of its periods. Raises `EngineError`.
        """
        self.ensure_one()
        pieces_ = self._pieces(start, end, limit)
        if not pieces_:
            return []
        fee = self._as_recurring(
            [(begins, ends, self._amount_at(price)) for begins, ends, price in self._price_slices()])
        days = Period(pieces_[0].period.start, pieces_[-1].period.end)
        return [Scheduled(part.period, part.full, self._bill_day(part, pieces_), part.share, part.price, part.amount)
                for part in parts_of(fee, days)]

    def _as_recurring(self, rates, start=None, end=None, whole=False):
        """This line as an engine `Recurring` at ``rates`` in ``[start, end)``; None: from its first day, endless."""
        return Recurring(
            start or self.first_day, end, tuple(rates), self.timing, self.interval, self.unit, self.proration_rule,
            self._rounding(), (self.anchor_day or None) if self.unit in MONTHS else None,
            min(self.counted_from or self.first_day, self.first_day), whole)

    def _bill_day(self, part, whole):
        """The day on which the period around ``part`` is billed: a change of price splits no invoice."""
        period = next(piece.period for piece in whole if piece.full == part.full)
        return bill_day(period, self.timing)

    def _pieces(self, start, end, limit):
        first, stop = self.first_day, self.last_day and self.last_day + timedelta(days=1)
        if not first or self.cancelled or (stop and stop <= first):
            return []
        counted = min(self.counted_from or first, first)
        if limit and not stop:
            anchor = self.anchor_day if self.unit in MONTHS else None
            endless = pieces(counted, None, self.interval, self.unit, anchor or None)
            found = islice((p for p in endless if p.period.end > max(first, start or first)), limit)
            return [Piece(Period(max(first, start or first, p.period.start), p.period.end), p.full) for p in found]
        charge = Charge(
            self._amount_at(self._price()), counted, stop or None, self.interval, self.unit, self.proration_rule,
            self._rounding(), (self.anchor_day or None) if self.unit in MONTHS else None)
        found = list(charge.pieces(max(first, start or first), end))
        return found[:limit] if limit else found

    def _price_slices(self):
        """[(first day, first day after, price a unit)], the first one open to the past, the last one to the future."""
        changes = [(row.effective_on, self._money(row.price)) for row in self._price_rows()]
        if not changes:
            return [(date.min, date.max, self._price())]
        starts = [date.min, *(day for day, _price in changes[1:])]
        ends = [*(day for day, _price in changes[1:]), date.max]
        return [(begins, ends_, price) for begins, ends_, (_day, price) in zip(starts, ends, changes, strict=True)]

    def _price_on(self, day):
        """The price (Decimal) of one unit and one full period on ``day``."""
        return next(price for begins, ends, price in self._price_slices() if begins <= day < ends)

    def _coterminated(self):
        """The engine's `Proration` of a line that is to be added, from its first day to the end of its contract.

        Raises UserError naming contract and reason where it cannot end with the contract.
        """
        contract = self.contract_id
        if not contract.date_end:
            raise UserError(self.env._(
                "Contract %s has no last day to end with: add an ordinary line.", contract.display_name))
        if self.quantity <= 0:
            raise UserError(self.env._("The quantity of a contract line must be above zero."))
        try:
            charge = Charge(
                self._amount_at(self._price()), self.date_start or contract.date_start, None, self.interval, self.unit,
                self.proration_rule, self._rounding())
            return coterminate(charge, contract.date_start, contract.date_end + timedelta(days=1))
        except EngineError as error:
            raise UserError(self.env._(
                "The line cannot be added to %(contract)s: %(reason)s.", contract=contract.display_name,
                reason=error)) from error

    # --- in words ----------------------------------------------------------------------------------------------------

    @api.depends(
        "first_day", "last_day", "quantity", "price", "interval", "unit", "timing", "anchor_day", "counted_from",
        "proration_rule", "cancelled", "currency_id", "price_ids")
    @api.depends_context("lang")
    def _compute_schedule(self):
        for line in self:
            if not line.currency_id or not line.first_day or line.interval < 1 or line.quantity <= 0:
                line.schedule = []
                continue
            endless = not line.last_day
            parts = line._scheduled(limit=ENDLESS if endless else None)
            total = sum((part.amount for part in parts), round_money(0, line._rounding()))
            rows = [line._scheduled_in_words(part) for part in parts[:SHOWN]]
            if len(parts) > SHOWN:
                rest = sum((part.amount for part in parts[SHOWN:]), round_money(0, line._rounding()))
                rows.append(["…", self.env._("%s more periods", len(parts) - SHOWN), line._amount_text(rest)])
            what = self.env._("the next %s periods; without end", len(parts)) if endless else self.env._(
                "%(count)s periods until %(day)s", count=len(parts), day=format_date(self.env, line.last_day))
            rows.append([self.env._("Total"), what, line._amount_text(total)])
            line.schedule = rows if parts else []

    def _scheduled_in_words(self, part):
        say = lambda day: format_date(self.env, day)  # noqa: E731
        label = self.env._(
            "%(start)s to %(end)s", start=say(part.period.start), end=say(last_day(part.period.end)))
        billed = self.env._("billed on %s", say(part.bill_on))
        if part.share != 1:
            billed += " · " + self.env._(
                "%(share)s of %(price)s", share=part.share, price=self._amount_text(part.price))
        return [label, billed, self._amount_text(part.amount)]

    def _amount_text(self, amount):
        return format_amount(self.env, float(amount), self.currency_id)

    @api.depends("interval", "unit", "timing")
    @api.depends_context("lang")
    def _compute_rhythm(self):
        for line in self:
            line.rhythm = f"{line._every()}, {line._timing_in_words()}" if line.unit else False

    def _timing_in_words(self):
        return self.env._("in advance") if self.timing == "prepaid" else self.env._("in arrears")

    @api.depends("amount", "interval", "unit", "timing", "anchor_day", "proration_rule", "currency_id")
    @api.depends_context("lang")
    def _compute_terms_text(self):
        for line in self:
            line.terms_text = " ".join(line._terms_sentences()) if line.currency_id else False

    def _terms_sentences(self):
        _ = self.env._
        rules = {
            "actual/actual": _("A part of a period costs its days over the days of that very period (actual/actual)."),
            "30/360": _("A part of a period is reckoned with months of 30 days (30/360)."),
            "per-month": _(
                "A part of a period is reckoned in calendar months, a part of one by its own days (per-month)."),
        }
        yield _("%(amount)s %(every)s, billed %(timing)s.", amount=self._amount_text(self.amount),
                 every=self._every(), timing=self._timing_in_words())
        if self.anchor_day:
            yield _("Periods begin on day %s of the month, or on its last day where it is shorter.", self.anchor_day)
        yield rules[self.proration_rule]

    def _every(self):
        _, number = self.env._, self.interval
        one = {"day": _("a day"), "week": _("a week"), "month": _("a month"), "quarter": _("a quarter"),
               "year": _("a year")}
        many = {"day": _("every %s days", number), "week": _("every %s weeks", number),
                "month": _("every %s months", number), "quarter": _("every %s quarters", number),
                "year": _("every %s years", number)}
        return one[self.unit] if number == 1 else many[self.unit]
