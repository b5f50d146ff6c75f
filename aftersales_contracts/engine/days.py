"""Arithmetic of calendar days: so many days, weeks, months or years on, and the anchor day that is kept.

A month on is the same day of the next month, or that month's last day where it has no such day. Counting
always begins at the first day of a series, never at the clamped day before, so the 31st comes back.

>>> advance(date(2026, 1, 31), 1, "month"), advance(date(2026, 1, 31), 2, "month")
(datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
>>> advance(date(2026, 2, 28), 1, "month", anchor_day=31)
datetime.date(2026, 3, 31)
"""

from calendar import monthrange
from datetime import date, datetime, timedelta

from .errors import BadCount, BadDate, BadOption, OutOfRange

UNITS = ("day", "week", "month", "quarter", "year")
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
FIRST_YEAR, LAST_YEAR = 1900, 2999


def require_day(value, field="day"):
    """``value``, a date. An instant raises `BadDate`: which day it is depends on a zone."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise BadDate(field, value)
    return value


def require_count(value, field="interval", least=1):
    """``value``, a whole number of at least ``least``; else `BadCount`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise BadCount(field, value, f"is not a whole number of {least} or more")
    return value


def require_choice(value, field, choices):
    """``value``, one of ``choices``; else `BadOption`, which lists them."""
    if value not in choices:
        raise BadOption(field, value, choices)
    return value


def month_length(year, month):
    """How many days the month has."""
    return monthrange(year, month)[1]


def month_number(day):
    """Months since the year 0: the next month's number is one more."""
    return day.year * 12 + day.month - 1


def anchored(number, anchor_day):
    """The day ``anchor_day`` of the month with that `month_number`, or the month's last day if earlier."""
    year, month = divmod(number, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutOfRange("year", year)
    return date(year, month + 1, min(anchor_day, month_length(year, month + 1)))


def advance(day, count, unit, anchor_day=None):
    """``count`` units after ``day`` (before it where negative), in months on ``anchor_day``.

    Without ``anchor_day`` that of ``day`` itself is kept. Raises `OutOfRange` outside 1900 to 2999.
    """
    require_choice(unit, "unit", UNITS)
    if unit in MONTHS:
        return anchored(month_number(day) + count * MONTHS[unit], anchor_day or day.day)
    try:
        later = day + timedelta(days=count * DAYS[unit])
    except OverflowError:
        raise OutOfRange("day", day.isoformat()) from None
    if not FIRST_YEAR <= later.year <= LAST_YEAR:
        raise OutOfRange("day", later.isoformat())
    return later


def anchor_of(start, end):
    """The anchor day of a term ``[start, end)``: that of its start where the end falls on it, else the end's.

    >>> anchor_of(date(2026, 1, 31), date(2026, 2, 28)), anchor_of(date(2026, 3, 15), date(2027, 1, 1))
    (31, 1)
    """
    return start.day if anchored(month_number(end), start.day) == end else end.day


def last_day(end):
    """The last day in force of a half-open term that ends at ``end``."""
    return end - timedelta(days=1)
