"""Business days: the days of the week on which an office is open, less its holidays.

>>> from datetime import date
>>> office = BusinessDays(holidays=[date(2026, 10, 1)])
>>> office.add(date(2026, 10, 2), -3), office.on_or_before(date(2026, 10, 4))
(datetime.date(2026, 9, 28), datetime.date(2026, 10, 2))
"""

from dataclasses import dataclass
from datetime import timedelta

from .days import require_day
from .errors import BadWeekday, NoBusinessDay

DAY = timedelta(days=1)
# A stretch of closed days longer than that is a calendar that never opens.
_LONGEST_CLOSURE = 3660


@dataclass(frozen=True)
class BusinessDays:
    """``weekdays``: 0 (Monday) to 6 that are open; ``holidays``: dates. A calendar never open: `NoBusinessDay`."""

    weekdays: frozenset = frozenset(range(5))
    holidays: frozenset = frozenset()

    def __post_init__(self):
        for weekday in self.weekdays:
            if weekday not in range(7):
                raise BadWeekday("weekdays", weekday)
        object.__setattr__(self, "weekdays", frozenset(self.weekdays))
        object.__setattr__(self, "holidays", frozenset(require_day(day, "holidays") for day in self.holidays))
        if not self.weekdays:
            raise NoBusinessDay("weekdays", ())

    def is_open(self, day):
        """Whether ``day`` is a business day."""
        return day.weekday() in self.weekdays and day not in self.holidays

    def on_or_before(self, day):
        """``day`` itself, or the last business day before it."""
        return self._nearest(day, -DAY)

    def on_or_after(self, day):
        """``day`` itself, or the next business day."""
        return self._nearest(day, DAY)

    def add(self, day, count):
        """The ``count``-th business day after ``day`` (before it where negative); ``day`` itself is not counted."""
        step = DAY if count > 0 else -DAY
        for _turn in range(abs(count)):
            day = self._nearest(day + step, step)
        return day

    def _nearest(self, day, step):
        candidate = day
        for _turn in range(_LONGEST_CLOSURE):
            if self.is_open(candidate):
                return candidate
            candidate += step
        raise NoBusinessDay("calendar", day.isoformat())


EVERY_DAY = BusinessDays(frozenset(range(7)))


def on_business_day(day, shift, calendar):
    """``day`` as moved off a closed day: ``shift`` is before, after or none."""
    if shift == "none":
        return day
    return calendar.on_or_before(day) if shift == "before" else calendar.on_or_after(day)
