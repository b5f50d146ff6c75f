"""The figures of a termination, before it happens and when it does: ``engine.termination`` for each contract line.

A line's charge here is what it costs from its first to its agreed last day, each price from its own day on, without
the days whose billing a suspension paused: those are neither used nor billed.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ...engine import suspension
from ...engine import termination as engine
from ...engine.days import MONTHS
from ...engine.errors import BadAmount, EngineError
from ...engine.money import allocate, round_money
from ...engine.period import Period
from ...engine.proration import Charge

DAY = timedelta(days=1)
AMOUNTS = ("used", "billed", "unbilled", "credit", "fee", "net", "contract_value", "terminated_amount")


class LineCharge(NamedTuple):
    """What one line costs: as an engine ``Charge`` to ``engine.termination``.

    ``slices``: (first day, first day after, `Charge`) by price; ``paused``: `Period`s whose billing was paused;
    ``billed_until``: the first day not billed. ``start``, ``end``: half-open, ``end`` None where the line has none.
    ``price``: of a full period when the contract ends.
    """

    start: date
    end: date | None
    price: Decimal
    rule: str
    rounding: Decimal
    billed_until: date
    slices: tuple = ()
    paused: tuple = ()

    def value(self, start=None, end=None):
        """What ``[start, end)`` costs; a line without end needs ``end``."""
        total = round_money(0, self.rounding)
        for low, high, charge in self._within(start, end):
            for part in suspension.remaining(Period(low, high), self.paused):
                total += charge.value(part.start, part.end)
        return total

    def paused_value(self, paused):
        """What the days of the ``paused`` periods would have cost."""
        parts = [suspension.suspended_value(charge, paused, low, high)
                 for low, high, charge in self._within(None, self.end or paused[-1].end)]
        return sum(parts, round_money(0, self.rounding))

    def _within(self, start, end):
        """The slices cut to ``[start, end)``."""
        start = max(start or self.start, self.start)
        end = min((bound for bound in (end, self.end) if bound), default=start)
        for begins, ends, charge in self.slices:
            low, high = max(start, begins), min(end, ends)
            if low < high:
                yield low, high, charge


class Terms(NamedTuple):
    """What a termination is reckoned by: ``on``: the first day no longer in force; amounts as Decimals."""

    on: date
    fee_kind: str = "none"
    fee_value: Decimal = Decimal(0)
    fee_cap: Decimal | None = None
    credit_rule: str = "full"
    credit_amount: Decimal | None = None


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _rounding(self):
        """The rounding of the contract's currency, as a Decimal such as 0.01 or 1."""
        return Decimal(float_repr(self.currency_id.rounding, 6)).normalize()

    def _line_charges(self, end, on):
        """[(line, `LineCharge`)] of the lines that are billed.

        ``end``: the agreed last day, or False; ``on``: the day whose price a fee is reckoned by.
        """
        self.ensure_one()
        alive = self.suspension_ids._alive().filtered("pauses_billing")
        today = max([self._local_today(), on, *alive.mapped("date_start")])
        paused = suspension.merged(alive._as_engine(), today)
        return [(line, line._line_charge(end, on, paused)) for line in self.line_ids
                if not line.cancelled and line.first_day and (not end or line.first_day <= end)]

    def _termination_figures(self, terms, end):
        """[(line or an empty one, engine `Termination`)]: every figure of terminating this contract by `Terms`.

        ``end``: the agreed last day, or False. The empty line carries a fixed fee of a contract without running lines.
        Raises UserError where the figures are impossible.
        """
        self.ensure_one()
        rounding, after = self._rounding(), end + DAY if end else None
        rows = self._line_charges(end, terms.on)
        runs = [charge.end is None or terms.on < charge.end for _line, charge in rows]
        if terms.fee_kind == "fixed" and not any(runs) and (not after or terms.on < after):
            start = self.date_start
            rows.append((self.line_ids.browse(), LineCharge(start, after, Decimal(0), "", rounding, start)))
            runs.append(True)
        charges = [charge for _line, charge in rows]
        try:
            fees, credits_ = _fees(terms, charges, runs, rounding), _credits(terms, charges, rounding)
            return [(line, self._terminated(charge, terms, fee, credit))
                    for (line, charge), fee, credit in zip(rows, fees, credits_, strict=True)]
        except EngineError as error:
            raise UserError(self.env._(
                "Contract %(name)s cannot be terminated like that: %(reason)s.",
                name=self.display_name, reason=error)) from error

    def _terminated(self, charge, terms, fee, credit):
        """The engine's `Termination` of one charge; a line not begun, or over before, ends on its own day."""
        on, today = _own_day(terms.on, charge), self._local_today()
        return engine.terminate(charge, on, charge.billed_until, today, fee, terms.credit_rule, credit)


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _line_charge(self, end, on, paused):
        """This line as a `LineCharge` to the agreed last day ``end`` of its contract (False: open-ended)."""
        self.ensure_one()
        last = min(filter(None, (self.date_end, end)), default=None)
        stop, rounding, first = last and last + DAY, self._rounding(), self.first_day
        anchor = (self.anchor_day or None) if self.unit in MONTHS else None
        counted = min(self.counted_from or first, first)
        slices = tuple(
            (begins, ends, Charge(self._amount_at(price), counted, stop, self.interval, self.unit, self.proration_rule,
                                  rounding, anchor))
            for begins, ends, price in self._price_slices())
        return LineCharge(
            first, stop, self._amount_at(self._price_on(max(on, first))), self.proration_rule, rounding,
            self.billed_until + DAY if self.billed_until else first, slices, tuple(paused))


def _fees(terms, charges, runs, rounding):
    """One engine `Fee` a charge: a fixed fee, and a capped one, is one amount for the contract and split among them."""
    kind, cap = terms.fee_kind, terms.fee_cap
    if kind == "none":
        return [engine.Fee()] * len(charges)
    if kind == "fixed":
        amount = terms.fee_value if cap is None else min(terms.fee_value, cap)
        weights = [charge.price or Decimal(1) if runs_on else Decimal(0)
                   for charge, runs_on in zip(charges, runs, strict=True)]
        return _split(round_money(amount, rounding), weights, rounding)
    fees = [engine.Fee(kind, terms.fee_value) for _charge in charges]
    if cap is None:
        return fees
    amounts = [engine.terminate(charge, _own_day(terms.on, charge), charge.billed_until, terms.on, fee).fee
               for charge, fee in zip(charges, fees, strict=True)]
    return fees if sum(amounts) <= cap else _split(round_money(cap, rounding), amounts, rounding)


def _own_day(on, charge):
    on = max(on, charge.start)
    return on if charge.end is None else min(on, charge.end)


def _split(amount, weights, rounding):
    if not any(weights):
        return [engine.Fee()] * len(weights)
    return [engine.Fee("fixed", share) for share in allocate(amount, weights, rounding)]


def _credits(terms, charges, rounding):
    """The agreed credit of each charge: an amount for the contract, split by what was billed; None otherwise."""
    if terms.credit_rule != engine.OVERRIDE:
        return [None] * len(charges)
    billed = [charge.value(charge.start, charge.billed_until) for charge in charges]
    amount = round_money(terms.credit_amount or 0, rounding)
    if not 0 <= amount <= sum(billed):
        raise BadAmount("credit", str(amount), f"is not a credit from 0 to the {sum(billed)} billed")
    return allocate(amount, billed, rounding) if any(billed) else [amount * 0] * len(charges)
