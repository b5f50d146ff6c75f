"""What a backdated change costs in periods that are closed: one correction each, in the open period.

A closed period keeps its figures. It is reckoned again at the prices now known, and the difference to what
was billed, corrections made before included, becomes one line of the open period. Reckoned again after those
are booked, nothing is left to correct.

>>> from datetime import date
>>> from .recurrence import pieces
>>> months = pieces(date(2026, 1, 1), date(2026, 4, 1), 1, "month")
>>> closed = [Closed(piece, Decimal("100.00")) for piece in months]
>>> made = correct(closed, [(date(2026, 1, 1), Decimal("105.00"))])
>>> [str(line.amount) for line in made.lines], str(made.total)
(['5.00', '5.00', '5.00'], '15.00')
"""

from dataclasses import dataclass, field
from decimal import Decimal

from .errors import BadTerms
from .explanation import Step
from .money import exact, round_money
from .period import Period
from .proration import ACTUAL, share
from .recurrence import Piece


@dataclass(frozen=True)
class Closed:
    """A closed period with all that was billed for it so far."""

    piece: Piece
    billed: Decimal


@dataclass(frozen=True)
class Correction:
    """What is still to bill (negative: to credit) for a closed ``period``."""

    period: Period
    amount: Decimal


@dataclass(frozen=True)
class Corrections:
    """``lines``: a `Correction` for each period that differs; ``total``: their sum."""

    lines: tuple
    total: Decimal
    steps: tuple = field(repr=False)


def correct(closed, prices, rule=ACTUAL, rounding=Decimal("0.01")):
    """The `Corrections` of ``closed`` periods at ``prices``: (from day, price of a full period) pairs."""
    prices = sorted(prices, key=lambda row: row[0])
    lines, steps = [], []
    for one in closed:
        due = _reckoned(one.piece, prices, rule, rounding)
        amount = due - one.billed
        if amount:
            lines.append(Correction(one.piece.period, amount))
            detail = f"{one.piece.period.label}: {due} due, {one.billed} billed"
            steps.append(Step("correction", detail, amount))
    total = sum((line.amount for line in lines), round_money(0, rounding))
    return Corrections(tuple(lines), total, (*steps, Step("total", f"{len(lines)} periods differ", total)))


def _reckoned(piece, prices, rule, rounding):
    """What the period costs: each price for its own days, rounded once."""
    period, full = piece
    if not prices or prices[0][0] > period.start:
        raise BadTerms("prices", period.start.isoformat(), "is a day without a price")
    ends = [start for start, _price in prices[1:]] + [period.end]
    total = 0
    for (start, price), end in zip(prices, ends, strict=True):
        start, end = max(start, period.start), min(end, period.end)
        if start < end:
            total += exact(price, "price") * share(Period(start, end), full, rule)
    return round_money(total, rounding)
