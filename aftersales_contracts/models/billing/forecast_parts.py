"""What falls due for billing in the months to come: reckoned line by line from the terms, without writing anything.

Rules, each one sentence: what is billed already and what fell due before this month is left out; a contract that
renews by itself is taken to renew, and what lies beyond its last day says so; a suspension without an end is taken to
go on; previewed price revisions and agreed percentages of a renewal stand beside the fee, and values of an index that
nobody knows yet are left at the present price.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from odoo import models

from ...engine import suspension
from ...engine.days import MONTHS
from ...engine.money import exact, round_money
from ...engine.period import Period
from ...engine.proration import prorate, share
from ...engine.recurrence import Piece, bill_day, later_start, pieces
from ...engine.renewal import due_renewals
from ...engine.usage import rate_usage

DAY = timedelta(days=1)
FEE, MINIMUM, EXPECTED, REVISION = ("fee", "usage_minimum", "usage_expected", "revision")


class Foreseen(NamedTuple):
    """An amount (Decimal, of the contract's currency) that falls due in ``month`` (its first day). ``assumed``: beyond
    the last day agreed so far; ``open_index``: at a price that an index will have changed by then."""

    line: Any
    month: date
    kind: str
    amount: Decimal
    assumed: bool = False
    open_index: bool = False


class Outlook(NamedTuple):
    """What a forecast starts from. ``start``: the first day of this month; ``stop``: the first day no longer forecast;
    ``averages``: {usage line: units expected of a full period}; ``planned``: {line: ((day, price a unit), ...)}."""

    start: date
    stop: date
    averages: dict
    planned: dict


class Course(NamedTuple):
    """How a contract goes on. ``agreed``: the first day that is not agreed yet, ``end``: the first day after the terms
    taken to follow, both None where it has no end; ``renewals``: ((first day, whether prices are revised), ...) of
    those terms; ``paused``: the `Period`s whose billing is paused."""

    agreed: date | None
    end: date | None
    renewals: tuple
    paused: tuple


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _foreseen(self, outlook):
        """[`Foreseen`] of this contract: nothing is written."""
        self.ensure_one()
        course = self._course(outlook.stop)
        found = []
        for line in self.line_ids:
            if not line.cancelled and line.first_day:
                found += line._foreseen(outlook, course)
        return found

    def _course(self, stop):
        """The `Course` of this contract up to ``stop``."""
        alive = self.suspension_ids._alive().filtered("pauses_billing")
        paused = suspension.merged(alive._as_engine(), max([stop, *alive.mapped("date_start")]))
        if not self.date_end:
            return Course(None, None, (), paused)
        agreed = self.date_end + DAY
        if agreed >= stop or not self._renews():
            return Course(agreed, agreed, (), paused)
        # A hold, such as a dispute, is taken to be over by then.
        due = due_renewals(replace(self._renewal_terms(), on_hold=""), stop - DAY).renewals
        end = due[-1].period.end if due else agreed
        return Course(agreed, end, tuple((one.period.start, one.reprice) for one in due), paused)


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _foreseen(self, outlook, course):
        """[`Foreseen`] of this line."""
        found = []
        pieces_ = self._foreseen_pieces(outlook, course)
        if not pieces_:
            return found
        metered, rule, rounding = self.charge == "usage", self.proration_rule, self._rounding()
        prices = self._price_slices()
        rates = self._full_amounts(prices)
        raised = None if metered else self._raised(prices, outlook, course)
        tariffs = self._foreseen_tariffs(outlook)
        open_from = min((day for day, reprice in course.renewals if reprice), default=date.max) if (
            self.price_rule == "index") else date.max
        for piece, due in pieces_:
            start, month = piece.period.start, due.replace(day=1)
            assumed = bool(course.agreed) and start >= course.agreed
            amount = _cost(piece, rates, course.paused, rule, rounding)
            found.append(Foreseen(self, month, MINIMUM if metered else FEE, amount, assumed, start >= open_from))
            if raised:
                more = _cost(piece, raised, course.paused, rule, rounding) - amount
                found.append(Foreseen(self, month, REVISION, more, assumed))
            if tariffs:
                more = _usage(piece, tariffs, outlook.averages[self], course.paused, rule) - amount
                found.append(Foreseen(self, month, EXPECTED, more, assumed))
        return [one for one in found if one.amount]

    def _foreseen_pieces(self, outlook, course):
        """[(`Piece`, day it falls due)] not billed yet that fall due within the outlook, cut at the agreed end."""
        end = min(filter(None, (self.date_end and self.date_end + DAY, course.end)), default=None)
        start = max(self.first_day, self.billed_until + DAY if self.billed_until else self.first_day)
        if end and start >= end:
            return []
        anchor = (self.anchor_day or None) if self.unit in MONTHS else None
        counted, anchor = later_start(
            min(self.counted_from or self.first_day, self.first_day), outlook.start, self.interval, self.unit, anchor)
        if end and counted >= end:
            return []
        timing, found = self.timing, []
        for piece in pieces(counted, end, self.interval, self.unit, anchor):
            if piece.period.start >= outlook.stop:
                break
            if piece.period.end <= start:
                continue
            whole = Piece(Period(start, piece.period.end), piece.full) if piece.period.start < start else piece
            for part in _cut(whole, course.agreed):
                due = bill_day(part.period, timing)
                if outlook.start <= due < outlook.stop:
                    found.append((part, due))
        return found

    def _full_amounts(self, slices):
        """Price slices as [(first day, first day after, amount of a full period)]."""
        return [(begins, ends, self._amount_at(price)) for begins, ends, price in slices]

    def _foreseen_tariffs(self, outlook):
        """[(first day, first day after, engine `Tariff`)] of a usage line whose usage is known so far, else ()."""
        if self not in outlook.averages:
            return ()
        return [(begins, ends, tariff._terms()) for begins, ends, tariff in self._tariff_slices() if tariff]

    def _raised(self, slices, outlook, course):
        """The full amounts by slice with planned revisions and agreed percentages of renewals; None without any."""
        percent = Decimal(repr(self.price_percent))
        if self.cap_on:
            percent = min(percent, Decimal(repr(self.cap_percent)))
        steps = [(day, price) for day, price in outlook.planned.get(self, ())]
        if self.price_rule == "percent" and percent and not self.never_revise:
            steps += [(day, None) for day, reprice in course.renewals if reprice]
        if not steps:
            return None
        found = list(slices)
        for day, price in sorted(steps, key=lambda step: step[0]):
            begins, _ends, last = found[-1]
            if day <= begins:
                continue  # a price that is agreed for later stands
            if price is None:
                price = round_money(exact(last) * (1 + exact(percent) / 100), self._rounding())
            found[-1:] = [(begins, day, last), (day, date.max, price)]
        return self._full_amounts(found)


def _cut(piece, day):
    """``piece`` in two where ``day`` lies within it."""
    if not (day and piece.period.start < day < piece.period.end):
        return (piece,)
    return (Piece(Period(piece.period.start, day), piece.full), Piece(Period(day, piece.period.end), piece.full))


def _cost(piece, rates, paused, rule, rounding):
    """What ``piece`` costs at the full amounts of ``rates``, without its paused days: a Decimal."""
    period, total = piece.period, Decimal(0)
    for begins, ends, amount in rates:
        low, high = max(begins, period.start), min(ends, period.end)
        if low >= high:
            continue
        span = period if (low, high) == (period.start, period.end) else Period(low, high)
        if span == piece.full and not paused:
            return amount
        parts = [Piece(part, piece.full) for part in suspension.remaining(span, paused)]
        total += prorate(amount, parts, rule, rounding).total if parts else 0
    return total


def _usage(piece, tariffs, average, paused, rule):
    """What ``average`` units (Fraction, of a full period) cost in ``piece`` by the tariffs of its days: a Decimal."""
    total = Decimal(0)
    for begins, ends, tariff in tariffs:
        low, high = max(begins, piece.period.start), min(ends, piece.period.end)
        if low < high:
            part = sum((share(rest, piece.full, rule) for rest in suspension.remaining(Period(low, high), paused)),
                       Fraction(0))
            total += rate_usage(tariff, average * part, part).total
    return total
