"""Inputs of a statement as plain data: what a closed period is made of, and what its hash stands for.

A snapshot is JSON of dicts, lists, strings and ints only (no floats, no null: what is not known is left out), so
that its canonical form, and with it the SHA-256, is the same on every machine. Instants are UTC in ISO 8601,
percents and rates decimal strings, durations whole seconds. It holds the customer's words too: drawing it needs no
record, no translation and no clock.
"""

import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_format_date
from babel.dates import format_datetime as babel_format_datetime
from babel.dates import format_skeleton
from odoo.tools.misc import babel_locale_parse, posix_to_ldml

FORMAT = 1


def canonical(snapshot):
    """The one text of a snapshot. Raises TypeError, naming the place, for what has no stable form."""
    _refuse_unstable(snapshot, "snapshot")
    return json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(snapshot):
    """SHA-256 of the canonical text, 64 hex digits."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def _refuse_unstable(value, place):
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{place}: key {key!r} is not text")
            _refuse_unstable(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _refuse_unstable(inner, f"{place}[{index}]")
    elif isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{place}: {value!r} is neither text nor a whole number")


def known(**values):
    """A dict without what is not known (None, False, "", [] and {}); 0 stays."""
    return {key: value for key, value in values.items() if value == 0 and value is not False or value}


def stamp(instant):
    """Naive UTC -> "2026-03-02T08:00:00Z"; empty stays empty."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else ""


# --- words: dates, durations and periods as a language writes them -----------------------------------------------


class Words:
    """Formats of one language as a snapshot holds them under "presentation"."""

    def __init__(self, presentation, zone):
        self.locale = babel_locale_parse(presentation["language"])
        self.date_pattern = posix_to_ldml(presentation["date_format"], self.locale)
        self.time_pattern = posix_to_ldml(presentation["time_format"], self.locale)
        self.units = presentation["units"]
        self.zone = ZoneInfo(zone)

    def day(self, text):
        """"2026-03-02" -> "03/02/2026"; empty stays empty."""
        return babel_format_date(date.fromisoformat(text), self.date_pattern, locale=self.locale) if text else ""

    def local(self, instant):
        """Naive UTC -> the wall time of the zone."""
        return instant.replace(tzinfo=UTC).astimezone(self.zone)

    def clock(self, local):
        """The time of day, without seconds where they are 0."""
        pattern = self.time_pattern
        if not local.second:
            pattern = re.sub(r"[:.]ss|[:.]s", "", pattern)
        return babel_format_datetime(local, pattern, locale=self.locale)

    def instant(self, instant):
        """Naive UTC -> "03/02/2026 09:30", in the zone."""
        if not instant:
            return ""
        local = self.local(instant)
        return f"{babel_format_datetime(local, self.date_pattern, locale=self.locale)} {self.clock(local)}"

    def span(self, start, end):
        """Two instants: the day of the second is told only where it is another one."""
        begins, ends = self.local(start), self.local(end)
        last = self.clock(ends) if begins.date() == ends.date() else self.instant(end)
        return f"{self.instant(start)} – {last}"

    def duration(self, seconds):
        """5100 -> "1 h 25 min"; parts that are 0 are left out, but for the last."""
        hours, rest = divmod(int(seconds), 3600)
        minutes, left = divmod(rest, 60)
        parts = [(hours, "h"), (minutes, "min"), (left, "s")]
        told = [self.units[unit] % {"number": number} for number, unit in parts if number]
        return " ".join(told) or self.units["min"] % {"number": 0}


def period_label(first, last, lang, short=False):
    """The days of a period in words: "March 2026", "Q1 2026", "2026", or both days."""
    locale = babel_locale_parse(lang)
    months = _whole_months(first, last + timedelta(days=1))
    skeleton = {1: "yMMM" if short else "yMMMM", 3: "yQQQ", 12: "y"}.get(months)
    if skeleton:
        return format_skeleton(skeleton, first, locale=locale)
    return f"{babel_format_date(first, 'medium', locale=locale)} – {babel_format_date(last, 'medium', locale=locale)}"


def parse_stamp(text):
    """"2026-03-02T08:00:00Z" -> naive UTC; empty stays empty."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ") if text else None


def _whole_months(first, end):
    """How many whole calendar months ``[first, end)`` is long; 0 where it is not."""
    return (end.year - first.year) * 12 + end.month - first.month if first.day == end.day == 1 else 0
