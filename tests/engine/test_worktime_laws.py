"""Laws of working time, for calendars and pauses nobody thought of, and the agreement with the oracle."""

from datetime import timedelta

from calendars import utc
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import WallClockOracle
from terms import calendars, closures, moments, pauses, terms

from engine.worktime import WorkCalendar

MINUTE = timedelta(minutes=1)
ZERO = timedelta(0)
targets = st.integers(0, 12 * 60).map(lambda minutes: timedelta(minutes=minutes))
# Twelve hours: with one minute a week that is 14 years already.
positive_targets = st.integers(1, 12 * 3600).map(lambda seconds: timedelta(seconds=seconds))


# --- the oracle ---------------------------------------------------------------------------------


@given(terms(), moments(), st.integers(0, 5 * 24 * 60), pauses())
def test_elapsed_is_what_a_clock_on_the_wall_counts(drawn, start, length, pauses):
    end = start + timedelta(minutes=length)
    counted = WallClockOracle(*drawn).elapsed(start, end, pauses)
    assert WorkCalendar(*drawn).elapsed(start, end, pauses) == timedelta(seconds=counted)


@given(terms(), moments(), targets, pauses())
def test_due_is_when_a_clock_on_the_wall_has_counted_the_target(drawn, start, target, pauses):
    latest = start + timedelta(days=5)
    expected = WallClockOracle(*drawn).due(start, target.total_seconds(), latest, pauses)
    due = WorkCalendar(*drawn).due(start, target, pauses)
    if expected is None:
        assert due is None or due > latest
    else:
        assert due.timestamp() == expected


@settings(max_examples=25)
@given(terms(), moments(tick=1), st.integers(0, 3 * 3600))
def test_second_by_second(drawn, start, length):
    end = start + timedelta(seconds=length)
    counted = WallClockOracle(*drawn, tick=1).elapsed(start, end)
    assert WorkCalendar(*drawn).elapsed(start, end) == timedelta(seconds=counted)


# --- laws of elapsed ----------------------------------------------------------------------------


@given(calendars(0), st.lists(moments(), min_size=3, max_size=3).map(sorted), pauses())
def test_elapsed_is_additive_over_a_split(calendar, instants, pauses):
    start, split, end = instants
    halves = calendar.elapsed(start, split, pauses) + calendar.elapsed(split, end, pauses)
    assert calendar.elapsed(start, end, pauses) == halves


@given(calendars(0), moments(), moments(), pauses())
def test_elapsed_lies_between_nothing_and_the_time_that_passed(calendar, start, end, pauses):
    assert ZERO <= calendar.elapsed(start, end, pauses) <= max(ZERO, end - start)


@given(calendars(0), moments(), moments(), pauses())
def test_worked_and_paused_make_up_the_whole(calendar, start, end, pauses):
    closed = [(pause_start, pause_end or end) for pause_start, pause_end in pauses]
    as_holidays = WorkCalendar(
        {day: [("00:00", "24:00")] for day in range(7)}, [p for p in closed if p[0] < p[1]]
    )
    outside = sum(
        (calendar.elapsed(*span) for span in as_holidays.working_intervals(start, end)),
        ZERO,
    )
    assert calendar.elapsed(start, end, pauses) == outside


@given(terms(), moments(), moments(), st.tuples(moments(), moments()).map(sorted).map(tuple))
def test_a_closure_and_a_pause_remove_the_same(drawn, start, end, closed):
    week, holidays, zone = drawn
    with_closure = WorkCalendar(week, [*holidays, closed], zone)
    assert with_closure.elapsed(start, end) == WorkCalendar(*drawn).elapsed(start, end, [closed])


@given(calendars(0), moments(), moments())
def test_the_working_intervals_sum_up_to_elapsed(calendar, start, end):
    intervals = list(calendar.working_intervals(start, end))
    assert sum((closes - opens for opens, closes in intervals), ZERO) == calendar.elapsed(start, end)
    assert all(before[1] < after[0] for before, after in zip(intervals, intervals[1:], strict=False))


@given(terms(), moments(), moments())
def test_a_week_split_into_shorter_windows_counts_the_same(drawn, start, end):
    week, holidays, zone = drawn
    halved = {day: [half for window in windows for half in _halves(window)] for day, windows in week.items()}
    assert WorkCalendar(halved, holidays, zone).elapsed(start, end) == WorkCalendar(*drawn).elapsed(
        start, end
    )


def _halves(window):
    """A window and, where it lies in one day, its two halves too: overlapping on purpose."""
    start, end = (int(text[:2]) * 60 + int(text[3:]) for text in window)
    if start >= end - 1:
        return [window]
    middle = f"{(start + end) // 2 // 60:02d}:{(start + end) // 2 % 60:02d}"
    return [(window[0], middle), (middle, window[1]), window]


# --- laws of due --------------------------------------------------------------------------------


@given(calendars(), moments(), positive_targets, pauses())
def test_due_is_the_inverse_of_elapsed(calendar, start, target, pauses):
    due = calendar.due(start, target, pauses)
    if due is not None:
        second = timedelta(seconds=1)
        assert calendar.elapsed(start, due, pauses) == target
        assert calendar.elapsed(start, due - second, pauses) == target - second  # the earliest such instant


@given(calendars(), moments(), moments())
def test_what_elapsed_until_an_instant_was_due_by_it(calendar, start, end):
    assert calendar.due(start, calendar.elapsed(start, end)) <= max(start, end)


@given(calendars(), moments(), positive_targets, positive_targets, pauses())
def test_due_in_two_steps_is_due_in_one(calendar, start, first, second, pauses):
    halfway = calendar.due(start, first, pauses)
    if halfway is not None:
        assert calendar.due(halfway, second, pauses) == calendar.due(start, first + second, pauses)


@given(calendars(), moments(), targets, pauses(), moments(), st.integers(0, 5000), st.integers(0, 5000))
def test_a_longer_pause_never_brings_the_due_instant_forward(
    calendar, start, target, pauses, at, length, more
):
    shorter = calendar.due(start, target, [*pauses, (at, at + length * MINUTE)])
    longer = calendar.due(start, target, [*pauses, (at, at + (length + more) * MINUTE)])
    assert longer is None or (shorter is not None and shorter <= longer)


@given(calendars(), moments(), positive_targets, pauses(), st.integers(0, 4000), st.integers(0, 4000))
def test_splitting_a_pause_changes_nothing(calendar, start, target, pauses, first, rest):
    at = start + timedelta(hours=1)
    middle, end = at + first * MINUTE, at + (first + rest) * MINUTE
    whole, split = [*pauses, (at, end)], [(middle, end), *pauses, (at, middle)]
    assert calendar.due(start, target, whole) == calendar.due(start, target, split)
    later = start + timedelta(days=6)
    assert calendar.elapsed(start, later, whole) == calendar.elapsed(start, later, split)


@given(calendars(), moments(), positive_targets, pauses(), st.randoms())
def test_pauses_may_come_doubled_and_in_any_order(calendar, start, target, pauses, random):
    shuffled = pauses * 2
    random.shuffle(shuffled)
    assert calendar.due(start, target, pauses) == calendar.due(start, target, shuffled)


@given(terms(1), moments(), positive_targets, closures())
def test_a_holiday_never_brings_the_due_instant_forward(drawn, start, target, holiday):
    week, holidays, zone = drawn
    before = WorkCalendar(*drawn).due(start, target)
    after = WorkCalendar(week, [*holidays, holiday, holiday[0].date()], zone).due(start, target)
    assert before <= after


@given(calendars(), moments(), targets, moments(), pauses())
def test_starting_later_is_never_due_earlier(calendar, start, target, later, pauses):
    start, later = sorted((start, later))
    first, second = calendar.due(start, target, pauses), calendar.due(later, target, pauses)
    assert second is None or (first is not None and first <= second)


@given(terms(1), moments(), positive_targets, closures(20 * 365 * 24 * 60))
def test_a_calendar_asked_far_and_wide_before_answers_as_a_fresh_one(drawn, start, target, long_closure):
    week, holidays, zone = drawn
    fresh, used = (WorkCalendar(week, [*holidays, long_closure], zone) for _twice in range(2))
    used.elapsed(utc("2031-05-05 05:05"), utc("2032-01-01 00:00"))
    used.elapsed(utc("2009-05-05 05:05"), utc("2009-05-05 06:00"))
    assert fresh.due(start, target) == used.due(start, target)
    assert fresh.fingerprint == used.fingerprint


# --- the same in epoch seconds ------------------------------------------------------------------


@given(calendars(), moments(tick=1), positive_targets)
def test_datetimes_and_epoch_seconds_agree(calendar, start, target):
    seconds = int(start.timestamp())
    due = calendar.due_seconds(seconds, int(target.total_seconds()))
    assert calendar.due(start, target).timestamp() == due
    assert calendar.elapsed_seconds(seconds, due) == target.total_seconds()
    assert calendar.position(due) - calendar.position(seconds) == target.total_seconds()
