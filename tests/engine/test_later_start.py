"""Counting periods from a later day: the same periods, only the old ones left out."""

from datetime import date, timedelta
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from engine.days import MONTHS
from engine.recurrence import later_start, pieces

days = st.dates(date(2015, 1, 1), date(2027, 12, 31))


@given(days, days, st.integers(1, 5), st.sampled_from(["day", "week", "month", "quarter", "year"]), st.integers(0, 31))
def test_the_periods_are_the_same_from_that_day_on(start, day, interval, unit, anchor):
    anchor = (anchor or None) if unit in MONTHS else None
    later, kept = later_start(start, day, interval, unit, anchor)
    whole = list(islice((one for one in pieces(start, None, interval, unit, anchor) if one.period.end > day), 4))
    short = list(islice((one for one in pieces(later, None, interval, unit, kept) if one.period.end > day), 4))
    assert short == whole
    assert later == start or later <= day
    before = [one for one in pieces(later, max(day, later) + timedelta(days=1), interval, unit, kept)]
    assert later == start or len(before) <= 3
