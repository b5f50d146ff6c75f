"""The periods of a term: contiguous, half-open, on an anchor that is kept.

A period begins where the one before ends, so nothing is billed twice and nothing forgotten. Bounds are
counted from the first one, so 31 January, monthly, is followed by 28 February and 31 March, and 29 February
comes back in leap years. Where the anchor lies off the start, the first period is cut as the last one is.

>>> from datetime import date
>>> [period.start.isoformat() for period in periods(date(2026, 1, 31), date(2026, 5, 31), 1, "month")]
['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']
>>> [period.label for period in periods(date(2026, 1, 15), date(2026, 3, 10), 1, "month", anchor_day=1)]
['2026-01-15 to 2026-01-31', '2026-02', '2026-03-01 to 2026-03-09']
"""

from itertools import count
from typing import NamedTuple

from .days import MONTHS, UNITS, advance, anchored, month_number, require_choice, require_count, require_day
from .errors import BadCount, BadPeriod
from .period import Period

PREPAID = "prepaid"
POSTPAID = "postpaid"


class Piece(NamedTuple):
    """A period of a term and the full period it is (a part of): the whole month of a first half month."""

    period: Period
    full: Period


def periods(start, end, interval, unit, anchor_day=None):
    """Iterate over the `Period`s of ``[start, end)``, each ``interval`` units long, the last cut at ``end``.

    ``start`` and ``end`` are dates, ``end`` None: without end. ``unit``: day, week, month, quarter, year.
    ``anchor_day`` (1 to 31, not for days and weeks): the day of the month on which periods begin; None: that
    of ``start``. An empty term has no periods. Raises `BadDate`, `BadCount`, `BadOption`, and `BadPeriod`
    for an end before the start.
    """
    return (piece.period for piece in pieces(start, end, interval, unit, anchor_day))


def pieces(start, end, interval, unit, anchor_day=None):
    """As `periods`, each with the full period it lies in, which proration divides by."""
    require_day(start, "start")
    require_choice(unit, "unit", UNITS)
    require_count(interval, "interval")
    if end is not None and require_day(end, "end") < start:
        raise BadPeriod("term", f"{start} to {end}", "ends before it starts")
    if anchor_day is not None and (unit not in MONTHS or require_count(anchor_day, "anchor_day") > 31):
        raise BadCount("anchor_day", anchor_day, f"is not a day of the month for periods of a {unit}")
    return _cut(start, end, _bounds(start, interval, unit, anchor_day))


def later_start(start, day, interval, unit, anchor_day=None):
    """A day to count the same periods from as from ``start``, on or before ``day`` and less than two periods before it;
    ``start`` itself where that is no later. Only the periods before it are left out. Months: (that day, the anchor day
    to give with it); ``anchor_day`` as for `periods`.

    >>> from datetime import date
    >>> later_start(date(2016, 1, 31), date(2026, 3, 1), 1, "month")
    (datetime.date(2026, 2, 28), 31)
    """
    if unit not in MONTHS:
        step = (advance(start, interval, unit) - start).days
        count_ = (day - start).days // step - 1
        return (advance(start, count_ * interval, unit) if count_ > 0 else start), anchor_day
    anchor_day = anchor_day or start.day
    first, step = month_number(start), interval * MONTHS[unit]
    first -= anchored(first, anchor_day) > start
    count_ = (month_number(day) - first) // step - 1
    return (anchored(first + count_ * step, anchor_day) if count_ > 0 else start), anchor_day


def _cut(start, end, bounds):
    full_start = next(bounds)
    while end is None or max(start, full_start) < end:
        full = Period(full_start, next(bounds))
        yield Piece(Period(max(start, full.start), full.end if end is None else min(end, full.end)), full)
        full_start = full.end


def _bounds(start, interval, unit, anchor_day):
    """The starts of full periods, the first of them on or before ``start``."""
    if unit not in MONTHS:
        return (advance(start, number * interval, unit) for number in count())
    anchor_day = anchor_day or start.day
    first = month_number(start)
    first -= anchored(first, anchor_day) > start
    return (anchored(first + number * interval * MONTHS[unit], anchor_day) for number in count())


def bill_day(period, timing):
    """The day on which a period is billed: its first day (prepaid), or the day after its last (postpaid)."""
    require_choice(timing, "timing", (PREPAID, POSTPAID))
    return period.start if timing == PREPAID else period.end


def billable(term, timing, today, billed=()):
    """The `Period`s of ``term`` to bill by ``today``, whatever was missed included, each once.

    ``term``: an iterable of periods in order, which may be endless. ``billed``: the starts of the periods
    that were billed. The last period of a postpaid term falls due on the day *after* the term, so a run
    must not stop at the end date.

    >>> from datetime import date
    >>> quarter = periods(date(2026, 10, 1), date(2027, 1, 1), 1, "month")
    >>> [period.label for period in billable(quarter, "postpaid", date(2027, 1, 1), [date(2026, 10, 1)])]
    ['2026-11', '2026-12']
    """
    found, billed = [], frozenset(billed)
    for period in term:
        if bill_day(period, timing) > today:
            break
        if period.start not in billed:
            found.append(period)
    return tuple(found)


def contiguous(found):
    """Whether each of the periods begins where the one before ends."""
    found = tuple(found)
    return all(before.end == after.start for before, after in zip(found, found[1:], strict=False))
