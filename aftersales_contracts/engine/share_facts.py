"""What a line of revenue says, checked and exact. What is wrong with it is told with the line's key."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .days import require_day
from .errors import BadAmount, BadDate
from .share_exact import ONE, exact_of

_ALL = Fraction(0), Fraction(1)


class LineFacts(NamedTuple):
    """``base``: in its own currency; ``fx``: of the settlement's; ``before``, ``now``: parts of it paid; ``part``: the
    part that counts now; ``revenue``: that part in the settlement's currency."""

    day: date
    rate_day: date
    base: Fraction
    fx: Fraction
    before: Fraction
    now: Fraction
    part: Fraction
    revenue: Fraction


def read_line(line, end):
    """The `LineFacts` of a `Line` of a period that ends before ``end``."""
    day = require_day(line.day, f"day of line {line.key}")
    if day >= end:
        raise BadDate(f"day of line {line.key}", day.isoformat(), f"lies after the period, which ends before {end}")
    rate_day = day if line.rate_day is None else require_day(line.rate_day, f"rate_day of line {line.key}")
    base = exact_of(line.base, "base", line.key)
    before, now = _ALL if line.paid is None else _paid(line)
    part = now - before
    fx = ONE if line.fx is ONE else exact_of(line.fx, "fx", line.key)
    if fx <= 0:
        raise BadAmount(f"fx of line {line.key}", str(line.fx), "is not a rate of exchange: one above zero is needed")
    revenue = base if fx == 1 else base * fx
    return LineFacts(day, rate_day, base, fx, before, now, part, revenue if part == 1 else revenue * part)


def _paid(line):
    try:
        before, now = line.paid
    except (TypeError, ValueError):
        raise BadAmount(f"paid of line {line.key}", line.paid, "is not a pair: the part paid before and now") from None
    before, now = exact_of(before, "paid", line.key), exact_of(now, "paid", line.key)
    for part in (before, now):
        if not 0 <= part <= 1:
            raise BadAmount(f"paid of line {line.key}", str(part), "is not a part: a number from 0 to 1 is needed")
    return before, now
