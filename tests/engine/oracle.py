"""An independent oracle: reads the wall clock at every tick and asks the terms whether it is working time.

Written from the definition only ("an instant counts by its wall-clock reading") and slow on purpose. It
shares no line with the engine: no intervals, no offsets, no tables.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class WallClockOracle:
    """Counts ticks of ``tick`` seconds; exact where bounds, windows and offsets are multiples of it."""

    def __init__(self, week, holidays=(), tz="UTC", tick=60):
        self.week, self.holidays, self.zone, self.tick = week, holidays, ZoneInfo(tz), tick

    def is_open(self, instant):
        if any(isinstance(day, tuple) and day[0] <= instant < day[1] for day in self.holidays):
            return False
        wall = instant.astimezone(self.zone)
        if wall.date() in self.holidays:
            return False
        reading = f"{wall:%H:%M:%S}"
        return self._opened_today(reading, wall.weekday()) or self._opened_yesterday(reading, wall.weekday())

    def _opened_today(self, reading, weekday):
        return any(
            start <= reading and (reading < end or end <= start) for start, end in self._windows(weekday)
        )

    def _opened_yesterday(self, reading, weekday):
        return any(end <= start and reading < end for start, end in self._windows((weekday - 1) % 7))

    def _windows(self, weekday):
        for start, end in self.week.get(weekday, ()):
            yield (start + ":00")[:8], (end + ":00")[:8]

    def ticks(self, start):
        """(second, counted) of every tick from ``start`` (an aware datetime) on, without end."""
        second = int(start.timestamp())
        while True:
            yield second, self.is_open(datetime.fromtimestamp(second, UTC))
            second += self.tick

    def elapsed(self, start, end, pauses=()):
        """Working seconds in [start, end) outside every pause."""
        counted, last = 0, int(end.timestamp())
        for second, is_open in self.ticks(start):
            if second >= last:
                return counted
            counted += self.tick * (is_open and not _paused(second, pauses))

    def due(self, start, seconds, latest, pauses=()):
        """The first second at which ``seconds`` are counted; None where that is after ``latest``."""
        counted, last = 0, int(latest.timestamp())
        for second, is_open in self.ticks(start):
            if counted >= seconds:
                return second
            if second >= last:
                return None
            counted += self.tick * (is_open and not _paused(second, pauses))


def _paused(second, pauses):
    return any(
        start.timestamp() <= second and (end is None or second < end.timestamp()) for start, end in pauses
    )
