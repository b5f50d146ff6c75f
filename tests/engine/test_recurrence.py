"""Periods of a term: the anchor is kept, nothing is left out, nothing billed twice."""

from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from engine.days import DAYS, MONTHS, advance, anchor_of
from engine.errors import BadCount, BadDate, BadOption, BadPeriod, EngineError, OutOfRange
from engine.recurrence import bill_day, billable, contiguous, periods, pieces


def starts(start, end, interval, unit, anchor_day=None):
    return [str(period.start) for period in periods(_day(start), _day(end), interval, unit, anchor_day)]


def _day(text):
    return text and date.fromisoformat(text)


@pytest.mark.parametrize(
    "start, expected",
    [
        ("2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("2026-01-30", ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"]),
        ("2026-01-29", ["2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29"]),
        ("2028-01-29", ["2028-01-29", "2028-02-29", "2028-03-29", "2028-04-29"]),
        ("2026-01-28", ["2026-01-28", "2026-02-28", "2026-03-28", "2026-04-28"]),
    ],
)
def test_row_1_the_31st_comes_back(start, expected):
    """contracts.md 5 row 1: OCA contract 19.0 gives 31 Jan, 28 Feb, 28 Mar, 28 Apr: the anchor is lost."""
    assert [str(period.start) for period in islice(periods(_day(start), None, 1, "month"), 4)] == expected


def test_row_2_the_29th_of_february_comes_back_in_leap_years():
    """contracts.md 5 row 2: OCA contract 19.0 stays on 28 Feb for ever and ends the first term on 27 Feb."""
    years = list(islice(periods(date(2024, 2, 29), None, 1, "year"), 9))
    assert [str(year.start) for year in years] == [
        "2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29",
        "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29",
    ]  # fmt: skip
    assert str(years[0].end - timedelta(days=1)) == "2025-02-27"
    # No double instalment in a leap year: five terms begin from 2024 to 2028.
    assert sum(year.start.year <= 2028 for year in years) == 5


def test_row_3_the_last_postpaid_month_is_billed_exactly_once():
    """contracts.md 5 row 3: OCA puts December on 1 January, and its cron, which keeps dates up to the end
    date, never bills it."""
    term = list(periods(date(2026, 10, 1), date(2027, 1, 1), 1, "month"))
    assert [str(bill_day(period, "postpaid")) for period in term] == ["2026-11-01", "2026-12-01", "2027-01-01"]
    billed = []
    for offset in range(150):  # every night, far beyond the end
        found = billable(term, "postpaid", date(2026, 10, 1) + timedelta(days=offset), billed)
        billed += [period.start for period in found]
    assert billed == [period.start for period in term]


@pytest.mark.parametrize(
    "timing, today, labels",
    [
        ("prepaid", "2026-09-30", []),
        ("prepaid", "2026-10-01", ["2026-10"]),
        ("prepaid", "2026-12-31", ["2026-10", "2026-11", "2026-12"]),
        ("postpaid", "2026-10-31", []),
        ("postpaid", "2026-11-01", ["2026-10"]),
        ("postpaid", "2027-06-01", ["2026-10", "2026-11", "2026-12"]),
    ],
)
def test_when_a_period_is_billed(timing, today, labels):
    term = periods(date(2026, 10, 1), date(2027, 1, 1), 1, "month")
    assert [period.label for period in billable(term, timing, _day(today))] == labels


def test_row_13_an_evergreen_contract_is_billed_on_after_ten_years():
    """contracts.md 5 row 13: no end date, ten years on."""
    found = billable(periods(date(2026, 1, 31), None, 1, "month"), "prepaid", date(2036, 2, 1))
    assert len(found) == 121 and str(found[-1].start) == "2036-01-31" and contiguous(found)


@pytest.mark.parametrize(
    "term, interval, unit, anchor_day, expected",
    [
        (("2026-01-15", "2026-04-01"), 1, "month", 1, ["2026-01-15", "2026-02-01", "2026-03-01"]),
        (("2026-01-15", "2026-04-20"), 1, "month", 20, ["2026-01-15", "2026-01-20", "2026-02-20", "2026-03-20"]),
        (("2026-02-28", "2026-05-01"), 1, "month", 31, ["2026-02-28", "2026-03-31", "2026-04-30"]),
        (("2026-02-27", "2026-04-01"), 1, "month", 31, ["2026-02-27", "2026-02-28", "2026-03-31"]),
        (("2026-01-15", "2026-07-02"), 1, "quarter", 1, ["2026-01-15", "2026-04-01", "2026-07-01"]),
        (("2026-01-15", "2028-01-01"), 1, "year", None, ["2026-01-15", "2027-01-15"]),
        (("2026-01-15", "2026-02-01"), 1, "week", None, ["2026-01-15", "2026-01-22", "2026-01-29"]),
        (("2026-01-15", "2026-01-20"), 2, "day", None, ["2026-01-15", "2026-01-17", "2026-01-19"]),
        (("2026-12-31", "2027-01-01"), 1, "month", None, ["2026-12-31"]),
        (("2026-01-15", "2026-01-15"), 1, "month", None, []),  # an empty term
    ],
)
def test_units_and_anchors(term, interval, unit, anchor_day, expected):
    assert starts(*term, interval, unit, anchor_day) == expected


def test_the_last_period_is_cut_at_the_end_and_knows_its_full_one():
    *_others, last = pieces(date(2026, 1, 31), date(2026, 3, 15), 1, "month")
    assert (str(last.period.start), str(last.period.end)) == ("2026-02-28", "2026-03-15")
    assert (str(last.full.start), str(last.full.end)) == ("2026-02-28", "2026-03-31")


@pytest.mark.parametrize(
    "arguments, error",
    [
        ((date(2026, 1, 2), date(2026, 1, 1), 1, "month"), BadPeriod),
        ((date(2026, 1, 1), None, 0, "month"), BadCount),
        ((date(2026, 1, 1), None, True, "month"), BadCount),
        ((date(2026, 1, 1), None, 1.0, "month"), BadCount),
        ((date(2026, 1, 1), None, 1, "months"), BadOption),
        ((date(2026, 1, 1), None, 1, "week", 3), BadCount),
        ((date(2026, 1, 1), None, 1, "month", 0), BadCount),
        ((date(2026, 1, 1), None, 1, "month", 32), BadCount),
        ((datetime(2026, 1, 1), None, 1, "month"), BadDate),  # row 17: a day is never read off an instant
        (("2026-01-01", None, 1, "month"), BadDate),
        ((date(2026, 1, 1), "2026-02-01", 1, "month"), BadDate),
    ],
)
def test_what_is_refused_before_the_first_period(arguments, error):
    with pytest.raises(error) as caught:
        periods(*arguments)
    assert isinstance(caught.value, EngineError)


def test_an_endless_term_ends_with_the_calendar():
    with pytest.raises(OutOfRange, match="3000"):
        list(periods(date(2995, 1, 1), None, 1, "year"))
    with pytest.raises(OutOfRange):
        advance(date(2026, 1, 1), 10**9, "day")


@pytest.mark.parametrize("first, count, last", [("2998-12-31", 1, "2999-12-31"), ("1901-01-01", -1, "1900-01-01")])
def test_the_first_and_the_last_year_are_inside(first, count, last):
    for unit, size in (("year", 1), ("month", 12), ("day", 365)):
        assert advance(_day(first), count * size, unit) == _day(last)
        with pytest.raises(OutOfRange):
            advance(_day(last), count, unit)


@pytest.mark.parametrize(
    "start, end, anchor",
    [
        ("2026-01-31", "2026-02-28", 31),
        ("2026-01-31", "2026-03-31", 31),
        ("2024-02-29", "2025-02-28", 29),
        ("2026-03-15", "2027-01-01", 1),
        ("2026-03-15", "2027-03-15", 15),
    ],
)
def test_the_anchor_of_a_term(start, end, anchor):
    assert anchor_of(_day(start), _day(end)) == anchor


# --- laws -----------------------------------------------------------------------------------------

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
units = st.sampled_from(["day", "week", "month", "quarter", "year"])
anchors = st.one_of(st.none(), st.integers(1, 31))


@given(days, st.integers(1, 900), st.integers(1, 5), units, anchors)
def test_row_4_periods_fill_the_term_without_gap_or_overlap(start, length, interval, unit, anchor_day):
    """contracts.md 5 row 4: contiguous, no overlap, no gap, the days sum up to the term."""
    end = start + timedelta(days=length)
    anchor_day = anchor_day if unit in MONTHS else None
    found = list(pieces(start, end, interval, unit, anchor_day))
    assert contiguous(piece.period for piece in found)
    assert (found[0].period.start, found[-1].period.end) == (start, end)
    assert sum((piece.period.end - piece.period.start).days for piece in found) == length
    assert all(piece.full.start <= piece.period.start < piece.period.end <= piece.full.end for piece in found)
    assert all(piece.period == piece.full for piece in found[1:-1])


@given(days, st.integers(1, 5), units, st.integers(1, 40))
def test_bounds_are_those_of_dateutil(start, interval, unit, number):
    """An independent oracle: relativedelta from the start, never from the clamped bound before."""
    step = {"weeks": 1} if unit == "week" else {"days": 1} if unit == "day" else {"months": MONTHS[unit]}
    period = next(islice(periods(start, None, interval, unit), number, None))
    (name, size), bound = *step.items(), number * interval
    assert period.start == start + relativedelta(**{name: size * bound})
    assert period.end == start + relativedelta(**{name: size * (bound + interval)})


@given(days, st.integers(0, 100), units)
def test_advance_and_back_differs_only_by_the_clamped_days(day, count, unit):
    there = advance(day, count, unit)
    assert day - timedelta(days=3) <= advance(there, -count, unit) <= day
    if unit in DAYS:
        assert (there - day).days == count * DAYS[unit]


@given(days, st.integers(1, 400), st.integers(1, 400), st.sampled_from(["month", "quarter", "year"]))
def test_a_shorter_term_has_the_same_periods_up_to_its_end(start, shorter, more, unit):
    end = start + timedelta(days=shorter)
    first = list(periods(start, end, 1, unit))
    longer = list(periods(start, end + timedelta(days=more), 1, unit))
    assert first[:-1] == longer[: len(first) - 1] and first[-1].start == longer[len(first) - 1].start
