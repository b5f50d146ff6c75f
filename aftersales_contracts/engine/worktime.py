"""Working time: how much of it passed between two instants, and when a given amount will have passed.

A `WorkCalendar` is compiled, year by year as needed, to one table of working intervals with the working
seconds before each, so that both questions are binary searches. Seconds are whole, intervals half-open,
answers in UTC. ``due`` is the earliest instant at which ``elapsed`` reaches the target: closing time, not
the next opening.

>>> from datetime import datetime, timedelta, timezone
>>> windows = [("08:00", "12:00"), ("13:00", "17:00")]
>>> office = WorkCalendar({day: windows for day in range(5)}, tz="Europe/Paris")
>>> friday = datetime(2026, 3, 6, 15, 0, tzinfo=timezone.utc)     # 16:00 in Paris, an hour before closing
>>> office.due(friday, timedelta(hours=1)).isoformat()
'2026-03-06T16:00:00+00:00'
>>> office.due(friday, timedelta(hours=2)).isoformat()
'2026-03-09T08:00:00+00:00'
>>> office.elapsed(friday, datetime(2026, 3, 9, 8, 0, tzinfo=timezone.utc))
datetime.timedelta(seconds=7200)
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate
from threading import Lock

from .errors import BadDuration, EngineError, OutOfRange
from .instants import DAY, OPEN_END, epoch_seconds, instant, span, whole_seconds
from .intervals import join_touching, union
from .wallclock import load_zone, parse_holidays, parse_week, working_year, year_of, year_start

# Without working time for so long, a due instant is "never".
TEN_YEARS = 3_653 * DAY
FIRST_YEAR, LAST_YEAR = 1900, 2999
HORIZON = year_start(LAST_YEAR + 1)


class WorkCalendar:
    """Weekly windows less holidays, read on the wall clock of one IANA zone.

    ``week`` maps 0 (Monday) to 6 (Sunday) to windows ``("HH:MM[:SS]", "HH:MM[:SS]")``. "24:00" is an end;
    ``("22:00", "06:00")`` lasts until 06:00 of the next day; overlapping windows count once. ``holidays``
    are dates (the whole local day, with what an overnight window has on it) or (start, end) pairs of aware
    datetimes. ``tz`` is an IANA key.

    Raises `BadWeekday`, `BadWindow`, `BadHoliday`, `NaiveDatetime`, `UnknownZone`; queries raise `OutOfRange`
    outside the years 1900 to 2999. Safe to share between threads; never changes its answers.

    The methods in datetimes (`elapsed`, `due`, `working_intervals`) rest on those in epoch seconds
    (`elapsed_seconds`, `due_seconds`, `position`, `reach`), which batches call directly.
    """

    def __init__(self, week, holidays=(), tz="UTC"):
        self.tz = str(tz)
        load_zone(self.tz)
        self._week = parse_week(week)
        self._days_off, self._closures = parse_holidays(holidays)
        self._lock = Lock()
        # (low, high, starts + [high], ends, working seconds before each start + [total], deserts)
        self._table = (0, 0, [0], [], [0], ())

    def __repr__(self):
        return f"<WorkCalendar {self.tz} {self.fingerprint[:12]}>"

    @cached_property
    def fingerprint(self):
        """SHA-256 of what the terms mean: calendars that count alike by their terms have the same one."""
        terms = [self.tz, self._week, sorted(self._days_off), self._closures]
        return hashlib.sha256(json.dumps(terms, separators=(",", ":")).encode()).hexdigest()

    # --- datetimes -------------------------------------------------------------------------------

    def elapsed(self, start, end, pauses=()):
        """Working time in [start, end) as a timedelta, less the union of ``pauses``; zero where end <= start.

        ``pauses`` are (start, end) pairs of aware datetimes; an end of None is a pause still open.
        """
        pauses = pause_seconds(pauses) if pauses else ()
        return span(self.elapsed_seconds(epoch_seconds(start, "start"), epoch_seconds(end, "end"), pauses))

    def due(self, start, target, pauses=()):
        """The earliest UTC instant at which ``elapsed(start, it, pauses)`` reaches the timedelta ``target``.

        None means never: an open pause stands before it, or there is no working time for ten years on the
        way (or none before the year 3000). A target of zero is due at the start; a negative one raises
        `BadDuration`.
        """
        pauses = pause_seconds(pauses) if pauses else ()
        return instant(self.due_seconds(epoch_seconds(start, "start"), whole_seconds(target), pauses))

    def working_intervals(self, start, end):
        """Yield the working intervals within [start, end) as pairs of UTC datetimes."""
        low, high = epoch_seconds(start, "start"), epoch_seconds(end, "end")
        for opens, closes in self.interval_seconds(low, high):
            yield instant(opens), instant(closes)

    # --- epoch seconds ---------------------------------------------------------------------------

    def position(self, at):
        """Working seconds from the calendar's own fixed zero to ``at``; only differences have a meaning."""
        low, high, starts, ends, before, _deserts = self._table
        if not low <= at < high:
            _low, _high, starts, ends, before, _deserts = self._cover(at, at)
        row = bisect_right(ends, at)
        inside = at - starts[row]
        return before[row] + inside if inside > 0 else before[row]

    def reach(self, goal, since):
        """The first second whose `position` is ``goal`` (above that of ``since``), or None: never."""
        _low, _high, _starts, ends, before, deserts = self._table
        if deserts or goal > before[-1]:
            return self._reach_far(goal, since)
        row = bisect_left(before, goal)
        return ends[row - 1] - before[row] + goal

    def elapsed_seconds(self, start, end, pauses=()):
        """`elapsed` in epoch seconds; ``pauses`` sorted and disjoint."""
        if end <= start:
            return 0
        total = self.position(end) - self.position(start)
        for pause_start, pause_end in pauses:
            if pause_start >= end:
                break
            if pause_end > start:
                total -= self.position(min(pause_end, end)) - self.position(max(pause_start, start))
        return total

    def due_seconds(self, start, seconds, pauses=()):
        """`due` in epoch seconds; ``pauses`` sorted and disjoint, open ones ending at ``OPEN_END``."""
        low, high, starts, ends, before, deserts = self._table
        if pauses or deserts or not low <= start < high or seconds <= 0:
            return self._due_around(start, seconds, pauses)
        row = bisect_right(ends, start)
        inside = start - starts[row]
        goal = before[row] + seconds + (inside if inside > 0 else 0)
        if goal > before[-1]:
            return self._reach_far(goal, start)
        row = bisect_left(before, goal, row)
        return ends[row - 1] - before[row] + goal

    def interval_seconds(self, start, end):
        """The working intervals within [start, end) as (start, end) epoch seconds, touching ones joined."""
        if end <= start:
            return iter(())
        _low, _high, starts, ends, _before, _deserts = self._cover(start, end)
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        rows = zip(starts[first:last], ends[first:last], strict=False)
        return join_touching((max(opens, start), min(closes, end)) for opens, closes in rows)

    # --- the long way ----------------------------------------------------------------------------

    def _due_around(self, start, seconds, pauses):
        if seconds < 0:
            raise BadDuration("seconds", seconds)
        if seconds == 0:
            return start
        goal = self.position(start) + seconds
        for pause_start, pause_end in pauses:
            if pause_end <= start:
                continue
            pause_start = max(pause_start, start)
            # Positions beyond the horizon are not asked for: the goal is reached before it or never.
            if pause_start >= HORIZON:
                break
            paused_at = self.position(pause_start)
            if paused_at >= goal:
                break
            if pause_end >= HORIZON:
                return None
            goal += self.position(pause_end) - paused_at
        return self.reach(goal, start)

    def _reach_far(self, goal, since):
        """`reach` beyond the table or across a desert: extends the table until it knows."""
        while True:
            low, high, _starts, ends, before, deserts = self._table
            if goal <= before[-1]:
                row = bisect_left(before, goal)
                due = ends[row - 1] - before[row] + goal
                barred = any(
                    since < end < due and end - max(start, since) > TEN_YEARS for start, end in deserts
                )
                return None if barred else due
            last = max(since, ends[-1]) if ends else since
            if high >= HORIZON or high - last > TEN_YEARS:
                return None
            self._cover(low, min(high + max(high - low, DAY), HORIZON - 1))

    def _cover(self, first, last):
        """The table, extended by whole years so that it holds the seconds ``first`` to ``last``.

        The table is one tuple that is replaced, never changed; its zero stays where the first build put it.
        """
        for at in (first, last):
            if not year_start(FIRST_YEAR) <= at < HORIZON:
                raise OutOfRange("epoch seconds", at)
        with self._lock:
            low, high, starts, ends, before, deserts = self._table
            if low <= first and last < high:
                return self._table
            years = range(year_of(first), year_of(last) + 2)
            if low == high:
                low = high = year_start(years[0])
            earlier = self._working(range(years[0], year_of(low)))
            later = self._working(range(year_of(high), min(years[-1], LAST_YEAR) + 1))
            rows = earlier + list(zip(starts, ends, strict=False)) + later
            worked = sum(end - start for start, end in earlier)
            low, high = min(low, year_start(years[0])), max(high, year_start(min(years[-1], LAST_YEAR) + 1))
            self._table = _table_of(low, high, rows, before[0] - worked)
            return self._table

    def _working(self, years):
        terms = self.tz, self._week, self._days_off, self._closures
        return [row for year in years for row in working_year(*terms, year)]


def _table_of(low, high, rows, zero):
    starts = [start for start, _end in rows]
    ends = [end for _start, end in rows]
    before = list(accumulate((end - start for start, end in rows), initial=zero))
    gaps = zip([low, *ends], starts, strict=False)
    deserts = tuple((closed, opened) for closed, opened in gaps if opened - closed > TEN_YEARS)
    return low, high, [*starts, high], ends, before, deserts


def pause_seconds(pauses):
    """Pauses as datetimes to their union in epoch seconds; None as an end is ``OPEN_END``."""
    pairs = []
    for pause in pauses:
        try:
            start, end = pause
        except (TypeError, ValueError):
            raise EngineError("pauses", pause, "is not a (start, end) pair") from None
        closes = OPEN_END if end is None else epoch_seconds(end, "pauses")
        pairs.append((epoch_seconds(start, "pauses"), closes))
    return union(pairs)
