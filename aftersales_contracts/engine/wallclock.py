"""From the terms of a calendar (windows, holidays, zone) to working intervals in UTC.

An instant counts by its wall-clock reading. So a zone is cut into stretches of constant offset, and inside a
stretch wall time is UTC plus a constant: an hour that the clocks repeat counts twice, an hour (or, as in Apia
on 2011-12-30, a day) that they skip does not exist, and nothing needs a special case.

>>> parse_window(("22:00", "06:00"))
(79200, 108000)
"""

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import BadHoliday, BadWeekday, BadWindow, UnknownZone
from .instants import DAY, epoch_seconds
from .intervals import join_touching, subtract, union

_TIME = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_THURSDAY = 3  # the weekday of 1970-01-01
# Zones never change their offset and change it back within so short a time.
_PROBE = 6 * 3600


def day_number(day):
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH_ORDINAL


def year_start(year):
    """Epoch seconds of 1 January, 00:00 UTC."""
    return day_number(date(year, 1, 1)) * DAY


def year_of(seconds):
    """The UTC year of an epoch second."""
    return date.fromordinal(_EPOCH_ORDINAL + seconds // DAY).year


# --- terms --------------------------------------------------------------------------------------


def load_zone(key):
    """The IANA zone, or `UnknownZone`."""
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise UnknownZone("tz", key) from None


def _time_of_day(text, window, field):
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    hour, minute, second = (int(part or 0) for part in match.groups()) if match else (DAY, 0, 0)
    seconds = hour * 3600 + minute * 60 + second
    if seconds > DAY:
        raise BadWindow(field, window, f"holds {text!r}, which is not a time of day from 00:00 to 24:00")
    return seconds


def parse_window(window, field="week"):
    """(start, end) in seconds after local midnight; an end at or below the start lies on the next day."""
    try:
        opening, closing = window
    except (TypeError, ValueError):
        raise BadWindow(field, window) from None
    start, end = _time_of_day(opening, window, field), _time_of_day(closing, window, field)
    if start == DAY:
        raise BadWindow(field, window, "starts at 24:00: use 00:00 of the next day")
    if start == end:
        raise BadWindow(field, window, "is empty: for a whole day write ('00:00', '24:00')")
    return start, end if end > start else end + DAY


def parse_week(week):
    """Seven tuples of disjoint (start, end) seconds after local midnight; nights are cut there."""
    days = [[] for _day in range(7)]
    for weekday, windows in week.items():
        if isinstance(weekday, bool) or weekday not in range(7):
            raise BadWeekday("week", weekday)
        for window in windows:
            start, end = parse_window(window, f"week[{weekday}]")
            days[weekday].append((start, min(end, DAY)))
            if end > DAY:
                days[(weekday + 1) % 7].append((0, end - DAY))
    return tuple(tuple(union(day)) for day in days)


def parse_holidays(holidays):
    """(frozenset of day numbers, sorted disjoint list of (start, end) epoch seconds)."""
    days, closures = set(), []
    for holiday in holidays:
        if isinstance(holiday, date) and not isinstance(holiday, datetime):
            days.add(day_number(holiday))
            continue
        if not isinstance(holiday, (tuple, list)) or len(holiday) != 2:
            raise BadHoliday("holidays", holiday)
        start, end = (epoch_seconds(bound, "holidays") for bound in holiday)
        if end < start:
            raise BadHoliday("holidays", holiday, "ends before it starts")
        closures.append((start, end))
    return frozenset(days), union(closures)


# --- compilation --------------------------------------------------------------------------------


def _offset(seconds, zone):
    offset = datetime.fromtimestamp(seconds, zone).utcoffset()
    return offset.days * DAY + offset.seconds


def _next_change(low, high, offset, zone):
    """The first second after ``low`` and up to ``high`` whose offset is not ``offset``."""
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == offset:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=8192)
def constant_stretches(key, year):
    """Stretches (start, end, offset) of constant UTC offset, in epoch seconds, that make up a UTC year."""
    zone = ZoneInfo(key)
    since = low = year_start(year)
    end = year_start(year + 1)
    offset = _offset(low, zone)
    stretches = []
    while low < end:
        high = min(low + _PROBE, end)
        if _offset(high, zone) == offset:
            low = high
            continue
        low = _next_change(low, high, offset, zone)
        stretches.append((since, low, offset))
        since, offset = low, _offset(low, zone)
    if since < end:
        stretches.append((since, end, offset))
    return tuple(stretches)


def working_year(key, week, days_off, closures, year):
    """Sorted disjoint working intervals of one UTC year as (start, end) epoch seconds."""
    intervals = []
    for start, end, offset in constant_stretches(key, year):
        for day in range((start + offset) // DAY, (end + offset - 1) // DAY + 1):
            if day in days_off:
                continue
            midnight = day * DAY - offset
            for opening, closing in week[(day + _THURSDAY) % 7]:
                opens, closes = midnight + opening, midnight + closing
                if closes > start and opens < end:
                    intervals.append((max(opens, start), min(closes, end)))
    joined = list(join_touching(intervals))
    return subtract(joined, closures) if closures else joined
