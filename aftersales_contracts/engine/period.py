"""A period of time, half-open: its start belongs to it, its end to the next one.

>>> march = Period.month(2026, 3, "Europe/Paris")
>>> march.label, march.start.isoformat(), march.next().label
('2026-03', '2026-03-01T00:00:00+01:00', '2026-04')
>>> march.contains(march.start), march.contains(march.end)
(True, False)
>>> Period(date(2026, 1, 1), date(2026, 4, 1)).label
'2026 Q1'
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .errors import BadPeriod
from .wallclock import load_zone


@dataclass(frozen=True, order=True)
class Period:
    """``[start, end)``, both dates or both aware datetimes; anything else, or an empty period, is
    `BadPeriod`.

    A closing date that people read as inclusive ("until 31 March") becomes ``end`` = 1 April where it enters.
    """

    start: date
    end: date

    def __post_init__(self):
        instants = [isinstance(bound, datetime) for bound in (self.start, self.end)]
        if not all(isinstance(bound, date) for bound in (self.start, self.end)) or len(set(instants)) > 1:
            raise BadPeriod("period", (self.start, self.end))
        if instants[0] and any(bound.utcoffset() is None for bound in (self.start, self.end)):
            raise BadPeriod("period", (self.start, self.end))
        if self.end <= self.start:
            raise BadPeriod("period", (self.start, self.end), "ends where it starts or before")

    @classmethod
    def month(cls, year, month, tz=None):
        """A calendar month: of dates, or with ``tz`` (an IANA key) from local midnight to midnight."""
        period = cls(date(year, month, 1), _add_months(date(year, month, 1), 1))
        return period.in_zone(tz) if tz else period

    @property
    def of_dates(self):
        """Whether the bounds are dates rather than instants."""
        return not isinstance(self.start, datetime)

    def contains(self, moment):
        """Whether ``moment`` (a date or an aware datetime, as the bounds are) lies in the period."""
        return self.start <= moment < self.end

    def in_zone(self, tz):
        """The same days as instants: from local midnight to local midnight in ``tz``."""
        zone = load_zone(tz)
        if not self.of_dates:
            return Period(self.start.astimezone(zone), self.end.astimezone(zone))
        return Period(datetime.combine(self.start, time(), zone), datetime.combine(self.end, time(), zone))

    def next(self):
        """The period that follows: as many months on where this one is of whole months, else equally long."""
        months = self._months()
        if months:
            return Period(self.end, _add_months(self.end, months))
        # Wall-clock length, so that a week of a zone stays a week when its clocks change.
        return Period(self.end, self.end + (self.end - self.start))

    @property
    def label(self):
        """A short name: "2026-03", "2026 Q1", "2026", "2026-03-02 to 2026-03-08" (last day included)."""
        months, first = self._months(), self.start
        if months == 1 and first.day == 1:
            return f"{first:%Y-%m}"
        if months == 3 and first.day == 1 and first.month % 3 == 1:
            return f"{first:%Y} Q{(first.month + 2) // 3}"
        if months == 12 and first.day == first.month == 1:
            return f"{first:%Y}"
        if not self.of_dates and not (_midnight(self.start) and _midnight(self.end)):
            return f"{self.start.isoformat(' ')} to {self.end.isoformat(' ')}"
        last = self.end - timedelta(days=1)
        return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"

    def _months(self):
        """How many whole months the period is long; 0 where it is not."""
        months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        same_time = self.of_dates or (_midnight(self.start) and _midnight(self.end))
        return months if same_time and self.start.day == self.end.day else 0


def _midnight(moment):
    return moment.timetz().replace(tzinfo=None) == time()


def _add_months(day, months):
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)
