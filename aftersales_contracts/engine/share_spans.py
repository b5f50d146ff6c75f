"""The spans of calendar days in which brackets add up.

>>> from datetime import date
>>> span_start("quarter", date(2026, 5, 20)), span_start("year", date(2026, 5, 20))
(datetime.date(2026, 4, 1), datetime.date(2026, 1, 1))
"""

from bisect import bisect_right

from .days import MONTHS, anchored, month_number
from .share_terms import PERIOD


def span_start(accumulate, day):
    """The first day of the calendar month, quarter or year of ``day``."""
    number = month_number(day)
    return anchored(number - number % MONTHS[accumulate], 1)


class Spans:
    """The spans that a period touches, for each way to accumulate. A late line counts in the first one: it is settled
    now, and the span that it belonged to may be closed."""

    def __init__(self, start, end, components):
        self.start, self.end = start, end
        self._starts = {PERIOD: [start]}
        for accumulate in {component.accumulate for component in components} - {PERIOD}:
            starts, day = [], span_start(accumulate, start)
            while day < end:
                starts.append(day)
                day = anchored(month_number(day) + MONTHS[accumulate], 1)
            self._starts[accumulate] = starts
        self._edges = sorted({day for starts in self._starts.values() for day in starts if day > start})

    def slot(self, day):
        """A number that is the same for all days in the same spans."""
        return bisect_right(self._edges, day)

    def of(self, accumulate, day):
        """The first day of the span in which a line of ``day`` counts."""
        starts = self._starts[accumulate]
        return starts[max(0, bisect_right(starts, day) - 1)]

    def first(self, accumulate):
        """The first day of the first span."""
        return self._starts[accumulate][0]

    def last(self, accumulate):
        """The span that may go on in the next period."""
        return self._starts[accumulate][-1]

    def goes_on(self, accumulate, span, until):
        """Whether what was settled before ``until`` (None: before this period) may lie in ``span``, too."""
        if accumulate == PERIOD or span >= self.start:
            return False
        return until is None or until > span
