"""Parts of a price for parts of a period, by a rule that has a name.

- ``actual/actual``: days of the part over the days of its own full period, be they 28, 31, 365 or 366;
- ``30/360``: every month counts 30 days, the 31st none;
- ``per-month``: calendar months, a part of one by that month's own days.

Under each rule the parts of a full period make up exactly one, and amounts are rounded so that they add up.

>>> charge = Charge(Decimal("20.00"), date(2026, 8, 3), date(2027, 8, 3))
>>> charge.value(), charge.value(date(2026, 8, 3), date(2026, 8, 13))
(Decimal('240.00'), Decimal('6.45'))
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .days import UNITS, last_day, month_length, month_number, require_choice
from .errors import BadTerms
from .explanation import Step
from .money import exact, round_all, round_money
from .period import Period
from .recurrence import Piece, pieces

ACTUAL, THIRTY, PER_MONTH = RULES = ("actual/actual", "30/360", "per-month")
# Days of a mean Gregorian year: one definition for all monthly equivalents.
YEAR_DAYS = Fraction(3652425, 10000)


def _position(day, rule):
    """Days (months, under ``per-month``) from a fixed zero; only differences have a meaning."""
    if rule == THIRTY:
        return Fraction(30 * month_number(day) + min(day.day, 30))
    if rule == PER_MONTH:
        return month_number(day) + Fraction(day.day - 1, month_length(day.year, day.month))
    return Fraction(day.toordinal())


def share(part, full, rule):
    """Which Fraction of ``full`` the `Period` ``part`` inside it is. The whole is 1 under every rule.

    >>> share(Period(date(2026, 1, 17), date(2026, 2, 1)), Period.month(2026, 1), "actual/actual")
    Fraction(15, 31)
    """
    require_choice(rule, "rule", RULES)
    if not full.start <= part.start < part.end <= full.end:
        raise BadTerms("part", f"{part.label} of {full.label}", "does not lie inside its full period")
    if part == full:
        return Fraction(1)
    return _length(part, rule) / _length(full, rule)


def _length(period, rule):
    return _position(period.end, rule) - _position(period.start, rule)


@dataclass(frozen=True)
class Part:
    """A period with its share of a full one and its amount."""

    period: Period
    share: Fraction
    amount: Decimal


@dataclass(frozen=True)
class Proration:
    """``parts``: `Part`s whose amounts sum to ``total`` exactly; ``steps`` say how."""

    parts: tuple
    total: Decimal
    steps: tuple


def prorate(price, found, rule, rounding):
    """The `Proration` of ``price`` (for one full period) over ``found``, an iterable of `Piece`s.

    A full period costs ``price`` itself; only cut ones share the rounding residue.
    """
    found = tuple(found)
    shares = [share(piece.period, piece.full, rule) for piece in found]
    amounts = round_all([exact(price, "price") * part for part in shares], rounding)
    parts = tuple(Part(piece.period, *rest) for piece, *rest in zip(found, shares, amounts, strict=True))
    total = sum(amounts, round_money(0, rounding))
    steps = tuple(
        Step("prorated", _words(price, piece, part.share, rule), part.amount)
        for piece, part in zip(found, parts, strict=True)
    )
    return Proration(parts, total, (*steps, Step("total", f"{len(parts)} parts, {rule}", total)))


def _words(price, piece, part, rule):
    if part == 1:
        return f"{piece.period.label}: {price}"
    unit = "months" if rule == PER_MONTH else "days"
    length, whole = (_length(period, rule) for period in piece)
    return f"{piece.period.label}: {length} of {whole} {unit} ({rule}) of {price}"


@dataclass(frozen=True)
class Charge:
    """A price that recurs: for each ``interval`` ``unit``s of ``[start, end)``; ``end`` None is endless."""

    price: Decimal
    start: date
    end: date | None
    interval: int = 1
    unit: str = "month"
    rule: str = ACTUAL
    rounding: Decimal = Decimal("0.01")
    anchor_day: int | None = None

    def pieces(self, start=None, end=None):
        """The `Piece`s of the charge that lie in ``[start, end)``, cut to it."""
        start = self.start if start is None else max(start, self.start)
        end = min((bound for bound in (end, self.end) if bound is not None), default=None)
        found = []
        if end is None:
            raise BadTerms("end", None, "is needed: this charge has no end of its own")
        if start < end:
            for period, full in pieces(self.start, end, self.interval, self.unit, self.anchor_day):
                if period.end > start:
                    found.append(Piece(Period(max(start, period.start), period.end), full))
        return tuple(found)

    def prorated(self, start=None, end=None):
        """The `Proration` of the charge over ``[start, end)``."""
        return prorate(self.price, self.pieces(start, end), self.rule, self.rounding)

    def value(self, start=None, end=None):
        """What the charge comes to over ``[start, end)``: rounded once."""
        return self.prorated(start, end).total


def coterminate(charge, header_start, header_end):
    """The `Proration` of an added line up to the end of its header.

    ``charge`` begins on the day the line is added; its own interval and unit are laid on the header's
    anchor, so that first and last period are cut and the line ends with the header. Raises `BadTerms` for a
    line that begins before the header or not before its end.

    >>> line = Charge(Decimal("30.00"), date(2026, 6, 16), None)
    >>> [str(part.amount) for part in coterminate(line, date(2026, 1, 1), date(2026, 9, 1)).parts]
    ['15.00', '30.00', '30.00']
    """
    if not header_start <= charge.start < header_end:
        words = f"is outside the contract, which runs from {header_start} to {last_day(header_end)}"
        raise BadTerms("start", charge.start.isoformat(), words)
    header = Charge(
        charge.price,
        header_start,
        header_end,
        charge.interval,
        charge.unit,
        charge.rule,
        charge.rounding,
        charge.anchor_day,
    )
    return header.prorated(charge.start)


def monthly_equivalent(price, interval, unit, rounding=Decimal("0.01")):
    """A recurring price as one per month: a year has 12 months, 4 quarters and 365.2425 days.

    >>> monthly_equivalent(Decimal("7.00"), 1, "week"), monthly_equivalent(Decimal("1200"), 1, "year")
    (Decimal('30.44'), Decimal('100.00'))
    """
    require_choice(unit, "unit", UNITS)
    a_year = {"day": YEAR_DAYS, "week": YEAR_DAYS / 7, "month": 12, "quarter": 4, "year": 1}[unit]
    return round_money(exact(price, "price") * a_year / (12 * interval), rounding)
