"""What of a recurring fee is still to bill, period by period, and what each part of it costs.

Days that were billed, and days whose billing is paused, are never billed again or at all. A full period costs its
price. A cut one costs what the days up to its end come to, rounded, less what the days before it come to, rounded: so
the parts add up to the total to the cent, however long the term becomes, and the last one carries the rounding.

>>> fee = Recurring(date(2026, 1, 17), date(2026, 4, 1), ((date.min, date.max, Decimal("310.00")),), anchor_day=1)
>>> [(due.bill_on.isoformat(), str(due.amount)) for due in unbilled(fee, date(2026, 1, 17))]
[('2026-01-17', '150.00'), ('2026-02-01', '310.00'), ('2026-03-01', '310.00')]
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .money import exact, round_money
from .period import Period
from .proration import ACTUAL, share
from .recurrence import PREPAID, bill_day, pieces
from .suspension import remaining


@dataclass(frozen=True)
class Recurring:
    """A fee for each period of ``[start, end)``; ``end`` None: endless.

    ``rates``: (first day, first day after, price of a full period as a Decimal), contiguous and in order. ``counted``:
    the day from which periods are counted, on or before ``start``; None: ``start``. ``whole``: paused days lessen the
    share of a period and do not split it, as for a charge that is rated by the period.
    """

    start: date
    end: date | None
    rates: tuple
    timing: str = PREPAID
    interval: int = 1
    unit: str = "month"
    rule: str = ACTUAL
    rounding: Decimal = Decimal("0.01")
    anchor_day: int | None = None
    counted: date | None = None
    whole: bool = False


class Part(NamedTuple):
    """Days at one price: ``share`` (Fraction) of the ``full`` period costs ``amount`` of its ``price`` (Decimals)."""

    period: Period
    full: Period
    share: Fraction
    price: Decimal
    amount: Decimal


class Due(NamedTuple):
    """What is billed of one period: on ``bill_on``, its ``parts``; ``period``: the unbilled days of it."""

    period: Period
    full: Period
    bill_on: date
    parts: tuple

    @property
    def amount(self):
        return sum((part.amount for part in self.parts), Decimal(0))


def unbilled(fee, cursor, paused=()):
    """Iterate over the `Due`s of ``fee`` from the day ``cursor`` on, in order, those without parts included.

    ``cursor``: the first day not billed; ``paused``: disjoint `Period`s in order. A period begun before the cursor is
    cut there. Raises `EngineError` for impossible terms.
    """
    fulls = []
    for period, full in pieces(fee.counted or fee.start, fee.end, fee.interval, fee.unit, fee.anchor_day):
        fulls.append(full)
        start = max(period.start, fee.start, cursor)
        if start < period.end:
            period = Period(start, period.end)
            parts = tuple(_parts(fee, period, full, paused, fulls))
            yield Due(period, full, bill_day(period, fee.timing), parts)


def parts_of(fee, days, paused=()):
    """The `Part`s of ``fee`` in the `Period` ``days``: what these days cost."""
    found, fulls = [], []
    for period, full in pieces(fee.counted or fee.start, fee.end, fee.interval, fee.unit, fee.anchor_day):
        fulls.append(full)
        if period.start >= days.end:
            break
        start, end = max(period.start, fee.start, days.start), min(period.end, days.end)
        if start < end:
            found += _parts(fee, Period(start, end), full, paused, fulls)
    return tuple(found)


def _parts(fee, period, full, paused, fulls):
    for begins, ends, price in fee.rates:
        start, end = max(begins, period.start), min(ends, period.end)
        if start >= end:
            continue
        days = Period(start, end)
        left = remaining(days, paused) if paused else (days,)
        if fee.whole and left:
            part = sum(share(one, full, fee.rule) for one in left)
            yield Part(days, full, part, price, round_money(exact(price) * part, fee.rounding))
            continue
        for one in left:
            part = share(one, full, fee.rule)
            yield Part(one, full, part, price, _amount(fee, one, full, part, price, begins, paused, fulls))


def _amount(fee, days, full, part, price, begins, paused, fulls):
    """The price of ``days`` of one full period: up to their end less up to their start, each rounded."""
    if part == 1:
        return price
    base = max([fee.start, begins, *(pause.end for pause in paused if pause.end <= days.start)])
    cut = Fraction(0)
    if base < full.start:  # what the first period of these days was cut to; full ones between need no rounding
        first = fulls[bisect_right(fulls, Period(base, date.max)) - 1]
        cut = share(Period(base, first.end), first, fee.rule)
        base = full.start
    price = exact(price)
    before = cut + (share(Period(base, days.start), full, fee.rule) if base < days.start else 0)
    return round_money(price * (before + part), fee.rounding) - round_money(price * before, fee.rounding)


def merge(spans):
    """Disjoint `Period`s in order of the days that any of ``spans``, (start, end) pairs, covers.

    >>> [one.label for one in merge([(date(2026, 3, 1), date(2026, 3, 9)), (date(2026, 3, 5), date(2026, 4, 1))])]
    ['2026-03']
    """
    found = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return tuple(Period(*span) for span in found)


def without(periods, taken):
    """The days of the `Period`s ``periods`` that none of the disjoint, sorted ``taken`` covers, as `Period`s."""
    return tuple(part for period in periods for part in remaining(period, taken))
