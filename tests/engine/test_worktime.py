"""Working time on ordinary days: windows, closing times, holidays, pauses, never."""

import threading
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from calendars import OFFICE_WEEK, always, hours, minutes, office, utc

from engine.errors import (
    BadDuration,
    BadHoliday,
    BadWeekday,
    BadWindow,
    EngineError,
    NaiveDatetime,
    OutOfRange,
    UnknownZone,
)
from engine.instants import OPEN_END
from engine.worktime import WorkCalendar

# 2026-03-02 is a Monday.


@pytest.mark.parametrize(
    "start, target, due",
    [
        ("2026-03-02 08:00", minutes(0), "2026-03-02 08:00"),  # nothing to wait for
        ("2026-03-01 10:00", minutes(0), "2026-03-01 10:00"),  # nor on a Sunday
        ("2026-03-02 08:00", minutes(1), "2026-03-02 08:01"),
        ("2026-03-02 08:00", hours(4), "2026-03-02 12:00"),  # closing time, not the next opening
        ("2026-03-02 08:00", hours(4) + timedelta(seconds=1), "2026-03-02 13:00:01"),
        ("2026-03-02 08:00", hours(8), "2026-03-02 17:00"),
        ("2026-03-02 12:00", hours(1), "2026-03-02 14:00"),  # asked at closing: lunch first
        ("2026-03-02 12:30", hours(1), "2026-03-02 14:00"),
        ("2026-03-02 17:00", hours(1), "2026-03-03 09:00"),
        ("2026-03-06 16:59:59", timedelta(seconds=1), "2026-03-06 17:00"),
        ("2026-03-06 16:59:59", timedelta(seconds=2), "2026-03-09 08:00:01"),  # over the weekend
        ("2026-03-07 03:00", hours(40), "2026-03-13 17:00"),  # a full week ends on Friday
        ("2026-03-02 08:00:00.9", timedelta(seconds=1), "2026-03-02 08:00:01"),  # fractions drop
        ("2026-03-02 08:00", timedelta(milliseconds=1), "2026-03-02 08:00:01"),  # of a target they fill up
    ],
)
def test_due(start, target, due):
    assert office().due(utc(start), target) == utc(due)


@pytest.mark.parametrize(
    "start, end, worked",
    [
        ("2026-03-02 08:00", "2026-03-02 08:00", hours(0)),
        ("2026-03-02 09:00", "2026-03-02 08:00", hours(0)),  # end before start
        ("2026-03-02 00:00", "2026-03-02 08:00", hours(0)),
        ("2026-03-02 00:00", "2026-03-02 08:00:01", timedelta(seconds=1)),
        ("2026-03-02 11:00", "2026-03-02 14:00", hours(2)),
        ("2026-03-02 12:00", "2026-03-02 13:00", hours(0)),
        ("2026-03-06 16:00", "2026-03-09 09:00", hours(2)),
        ("2026-03-02 00:00", "2026-03-09 00:00", hours(40)),
        ("2025-01-01 00:00", "2026-01-01 00:00", hours(261 * 8)),
        ("2026-03-02 08:00:00.999", "2026-03-02 08:00:02.001", timedelta(seconds=2)),
    ],
)
def test_elapsed(start, end, worked):
    assert office().elapsed(utc(start), utc(end)) == worked


@pytest.mark.parametrize(
    "pauses, worked, due",
    [
        ([], hours(8), "2026-03-02 17:00"),
        ([("2026-03-02 09:00", "2026-03-02 10:00")], hours(7), "2026-03-03 09:00"),
        ([("2026-03-02 12:00", "2026-03-02 13:00")], hours(8), "2026-03-02 17:00"),  # wholly outside
        ([("2026-03-02 11:00", "2026-03-02 14:00")], hours(6), "2026-03-03 10:00"),  # its working part only
        ([("2026-03-01 09:00", "2026-03-02 09:00")], hours(7), "2026-03-03 09:00"),  # begun before the start
        ([("2026-03-02 17:00", "2026-03-05 09:00")], hours(8), "2026-03-02 17:00"),  # begun when it was due
        ([("2026-03-02 09:00", "2026-03-02 10:00")] * 3, hours(7), "2026-03-03 09:00"),  # never twice
        (
            [("2026-03-02 09:30", "2026-03-02 11:00"), ("2026-03-02 09:00", "2026-03-02 10:00")],  # any order
            hours(6),
            "2026-03-03 10:00",
        ),
        ([("2026-03-02 10:00", "2026-03-02 09:00")], hours(8), "2026-03-02 17:00"),  # ends before it starts
        ([("2026-03-02 10:00", "2026-03-02 10:00")], hours(8), "2026-03-02 17:00"),
        ([("2026-03-02 10:00", None)], hours(2), None),  # still open
        ([("2026-03-02 17:00", None)], hours(8), "2026-03-02 17:00"),  # too late to matter
    ],
)
def test_pauses_in_a_day_of_eight_hours(pauses, worked, due):
    pauses = [(utc(start), end and utc(end)) for start, end in pauses]
    monday = utc("2026-03-02 08:00")
    assert office().elapsed(monday, utc("2026-03-02 17:00"), pauses) == worked
    assert office().due(monday, hours(8), pauses) == (due and utc(due))


@pytest.mark.parametrize("year", [3000, 3500, 9999])
def test_a_pause_nobody_will_see_the_end_of_is_as_good_as_open(year):
    far = datetime(year, 1, 1, tzinfo=UTC)
    monday = utc("2026-03-02 08:00")
    assert office().due(monday, hours(8), [(utc("2026-03-02 09:00"), far)]) is None
    assert office().elapsed(monday, utc("2026-03-02 17:00"), [(utc("2026-03-02 09:00"), far)]) == hours(1)


@pytest.mark.parametrize(
    "windows, start, end, worked",
    [
        ([("22:00", "06:00")], "2026-03-02 00:00", "2026-03-03 00:00", hours(2)),  # until 06:00
        ([("22:00", "06:00")], "2026-03-03 00:00", "2026-03-04 00:00", hours(6)),
        ([("22:00", "00:00")], "2026-03-02 00:00", "2026-03-04 00:00", hours(2)),
        ([("22:00", "24:00")], "2026-03-02 00:00", "2026-03-04 00:00", hours(2)),
        ([("08:00", "12:00"), ("10:00", "14:00")], "2026-03-02 00:00", "2026-03-03 00:00", hours(6)),
        ([("08:00", "12:00"), ("08:00", "12:00")], "2026-03-02 00:00", "2026-03-03 00:00", hours(4)),
        ([("10:00", "14:00"), ("08:00", "10:00")], "2026-03-02 00:00", "2026-03-03 00:00", hours(6)),
        ([("08:00:30", "08:00:45")], "2026-03-02 00:00", "2026-03-03 00:00", timedelta(seconds=15)),
        ([("00:00", "24:00")], "2026-03-02 00:00", "2026-03-03 00:00", hours(24)),
    ],
)
def test_monday_windows(windows, start, end, worked):
    assert office({0: windows}).elapsed(utc(start), utc(end)) == worked


def test_a_sunday_night_shift_ends_on_monday():
    assert office({6: [("22:00", "06:00")]}).due(utc("2026-03-01 12:00"), hours(8)) == utc("2026-03-02 06:00")


def test_a_holiday_takes_its_part_of_a_night_shift_only():
    nights = office({day: [("22:00", "06:00")] for day in range(7)}, [date(2026, 3, 3)])
    assert nights.elapsed(utc("2026-03-02 12:00"), utc("2026-03-03 12:00")) == hours(2)
    assert nights.elapsed(utc("2026-03-03 12:00"), utc("2026-03-04 12:00")) == hours(6)


def test_a_holiday_is_the_whole_local_day():
    kiritimati = office(holidays=[date(2026, 3, 3)], tz="Pacific/Kiritimati")  # UTC+14
    assert kiritimati.elapsed(utc("2026-03-02 10:00"), utc("2026-03-03 10:00")) == hours(0)
    assert kiritimati.elapsed(utc("2026-03-01 10:00"), utc("2026-03-04 10:00")) == hours(16)


@pytest.mark.parametrize(
    "closure, worked",
    [
        (("2026-03-02 09:00", "2026-03-02 10:00"), hours(7)),
        (("2026-03-02 11:30", "2026-03-02 13:30"), hours(7)),
        (("2026-02-28 00:00", "2026-03-02 09:00"), hours(7)),
        (("2026-03-02 12:00", "2026-03-02 13:00"), hours(8)),
        (("2026-03-02 09:00", "2026-03-02 09:00"), hours(8)),  # of no length
    ],
)
def test_closures_between_instants(closure, worked):
    calendar = office(holidays=[tuple(map(utc, closure)), (utc("2026-03-02 09:30"), utc("2026-03-02 09:30"))])
    assert calendar.elapsed(utc("2026-03-02 00:00"), utc("2026-03-03 00:00")) == worked


def test_overlapping_holidays_of_both_kinds_count_once():
    closure = utc("2026-03-02 16:00"), utc("2026-03-04 09:00")
    calendar = office(holidays=[date(2026, 3, 3), closure, date(2026, 3, 3)])
    assert calendar.elapsed(utc("2026-03-02 00:00"), utc("2026-03-05 00:00")) == hours(7 + 7)


# --- never --------------------------------------------------------------------------------------


def test_no_working_time_at_all_is_never():
    assert office({}).due(utc("2026-03-02 08:00"), minutes(1)) is None
    assert office({0: []}).due(utc("2026-03-02 08:00"), minutes(1)) is None
    assert office({}).due(utc("2026-03-02 08:00"), minutes(0)) == utc("2026-03-02 08:00")
    assert office({}).elapsed(utc("2026-03-02 08:00"), utc("2056-03-02 08:00")) == hours(0)


@pytest.mark.parametrize("years, answer", [(9, True), (11, False)])
@pytest.mark.parametrize("warm", [False, True])
def test_ten_years_without_working_time_are_never_whatever_was_asked_before(years, answer, warm):
    closed = (utc("2026-03-03 00:00"), utc(f"{2026 + years}-03-03 00:00"))
    calendar = office(holidays=[closed])
    if warm:
        calendar.elapsed(utc("2000-01-01 00:00"), utc("2060-01-01 00:00"))
    assert (calendar.due(utc("2026-03-02 08:00"), hours(9)) is not None) == answer
    assert (calendar.due(utc("2026-03-10 08:00"), hours(1)) is not None) == answer
    assert calendar.due(utc("2026-03-02 08:00"), hours(8)) == utc("2026-03-02 17:00")
    assert calendar.due(utc("2035-03-02 08:00"), hours(1)) is not None
    longer = [(utc("2026-03-02 09:00"), utc("2026-03-02 10:00"))]
    assert (calendar.due(utc("2026-03-02 08:00"), hours(8), longer) is not None) == answer


def test_a_desert_before_the_first_opening_is_never_too():
    calendar = office(holidays=[(utc("1990-01-01 00:00"), utc("2040-01-01 00:00"))])
    calendar.elapsed(utc("2026-01-01 00:00"), utc("2060-01-01 00:00"))
    assert calendar.due(utc("2026-03-02 08:00"), hours(1)) is None
    assert calendar.due(utc("2033-03-02 08:00"), hours(1)) == utc("2040-01-02 09:00")


def test_a_very_long_target_still_has_its_answer():
    one_hour_a_week = office({0: [("08:00", "09:00")]})
    due = one_hour_a_week.due(utc("2026-03-02 08:00"), hours(5_001))
    assert due == utc("2026-03-02 09:00") + timedelta(weeks=5_000)
    assert always().due(utc("2026-01-01 00:00"), hours(500_000)) == utc("2026-01-01 00:00") + hours(500_000)


def test_beyond_the_year_2999_is_never_and_no_overflow():
    assert always().due(utc("2026-01-01 00:00"), timedelta(days=500_000)) is None
    assert office({0: [("08:00", "08:01")]}).due(utc("2990-01-01 00:00"), hours(100)) is None


# --- one table, whatever the order of questions -------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_questions_changes_no_answer(order):
    spans = [("2026-03-02 08:00", "2026-03-09 08:00"), ("1999-12-31 08:00", "2000-01-03 09:00")]
    spans += [("2040-01-01 00:00", "2041-01-01 00:00"), ("2012-02-28 00:00", "2030-02-28 00:00")]
    worked = [hours(40), hours(9), hours(261 * 8), hours(4697 * 8)]
    calendar = office()
    assert [calendar.elapsed(*map(utc, spans[row])) for row in order] == [worked[row] for row in order]


def test_threads_that_extend_one_calendar_at_once_agree_with_a_calendar_of_their_own():
    shared, wrong = office(tz="Europe/Paris"), []

    def ask(seed):
        for step in range(40):
            start = utc("2000-01-01 00:00") + timedelta(days=(seed * 977 + step * 641) % 14_000, hours=step)
            if shared.due(start, hours(100)) != own.due(start, hours(100)):
                wrong.append(start)

    own = office(tz="Europe/Paris")
    own.elapsed(utc("1999-01-01 00:00"), utc("2041-01-01 00:00"))
    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_working_intervals_for_an_explanation():
    intervals = list(office().working_intervals(utc("2026-03-02 09:00"), utc("2026-03-03 08:30")))
    assert intervals == [
        (utc("2026-03-02 09:00"), utc("2026-03-02 12:00")),
        (utc("2026-03-02 13:00"), utc("2026-03-02 17:00")),
        (utc("2026-03-03 08:00"), utc("2026-03-03 08:30")),
    ]
    assert all(bound.utcoffset() == timedelta(0) for pair in intervals for bound in pair)


def test_working_intervals_touching_at_new_year_are_one():
    span = utc("2025-12-31 20:00"), utc("2026-01-01 04:00")
    assert list(always().working_intervals(*span)) == [span]
    assert list(always().working_intervals(*reversed(span))) == []


def test_epoch_seconds_say_the_same_as_datetimes():
    calendar, start = office(), utc("2026-03-02 08:00")
    seconds = int(start.timestamp())
    assert calendar.due_seconds(seconds, 8 * 3600) == seconds + 9 * 3600
    assert calendar.due_seconds(seconds, 8 * 3600, [(seconds, OPEN_END)]) is None
    assert calendar.elapsed_seconds(seconds, seconds + 9 * 3600) == 8 * 3600
    assert calendar.elapsed_seconds(seconds, seconds + 9 * 3600, [(seconds, seconds + 60)]) == 8 * 3600 - 60


def test_answers_are_in_utc_whatever_zone_asks():
    paris = office(tz="Europe/Paris")
    due = paris.due(datetime.fromisoformat("2026-03-02T08:00:00+01:00"), hours(1))
    assert due == utc("2026-03-02 08:00") and due.utcoffset() == timedelta(0)


# --- the fingerprint ----------------------------------------------------------------------------


def test_the_fingerprint_is_that_of_the_meaning():
    plain = office(holidays=[date(2026, 5, 1), date(2026, 12, 25)], tz="Europe/Paris")
    rewritten = WorkCalendar(
        {day: [("13:00", "17:00:00"), ("08:00", "11:00"), ("10:00", "12:00")] for day in reversed(range(5))},
        [date(2026, 12, 25), date(2026, 5, 1), date(2026, 5, 1)],
        "Europe/Paris",
    )
    assert plain.fingerprint == rewritten.fingerprint and len(plain.fingerprint) == 64


@pytest.mark.parametrize(
    "other",
    [
        office(tz="Europe/Paris"),
        office(holidays=[date(2026, 5, 1)]),
        office(holidays=[(utc("2026-05-01 00:00"), utc("2026-05-02 00:00"))]),
        office({0: [("08:00", "12:00")]}),
    ],
)
def test_other_terms_have_another_fingerprint(other):
    assert other.fingerprint != office().fingerprint


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "week, holidays, tz, error, said",
    [
        ({7: [("08:00", "12:00")]}, (), "UTC", BadWeekday, "week: 7"),
        ({-1: [("08:00", "12:00")]}, (), "UTC", BadWeekday, "week: -1"),
        ({"mon": [("08:00", "12:00")]}, (), "UTC", BadWeekday, "week: 'mon'"),
        ({0: [("08:00", "08:00")]}, (), "UTC", BadWindow, "is empty"),
        ({0: [("00:00", "00:00")]}, (), "UTC", BadWindow, "('00:00', '24:00')"),
        ({2: [("24:00", "08:00")]}, (), "UTC", BadWindow, "week[2]: ('24:00', '08:00') starts at 24:00"),
        ({0: [("08:00", "24:01")]}, (), "UTC", BadWindow, "'24:01'"),
        ({0: [("08:60", "12:00")]}, (), "UTC", BadWindow, "'08:60'"),
        ({0: [("8", "12:00")]}, (), "UTC", BadWindow, "'8'"),
        ({0: [("-1:00", "12:00")]}, (), "UTC", BadWindow, "'-1:00'"),
        ({0: [(8, 12)]}, (), "UTC", BadWindow, "8"),
        ({0: ["08:00-12:00"]}, (), "UTC", BadWindow, "week[0]"),
        ({0: [("08:00", "12:00", "13:00")]}, (), "UTC", BadWindow, "week[0]"),
        ({}, ["2026-05-01"], "UTC", BadHoliday, "holidays: '2026-05-01'"),
        ({}, [utc("2026-05-01 00:00")], "UTC", BadHoliday, "holidays"),
        ({}, [(utc("2026-05-02 00:00"), utc("2026-05-01 00:00"))], "UTC", BadHoliday, "ends before it"),
        ({}, [(datetime(2026, 5, 1), datetime(2026, 5, 2))], "UTC", NaiveDatetime, "holidays"),
        ({}, [(date(2026, 5, 1), date(2026, 5, 2))], "UTC", NaiveDatetime, "holidays"),
        ({}, (), "Mars/Olympus", UnknownZone, "tz: 'Mars/Olympus'"),
        ({}, (), "", UnknownZone, "tz: ''"),
        ({}, (), "Europe", UnknownZone, "tz: 'Europe'"),
        ({}, (), "../etc/passwd", UnknownZone, "tz"),
    ],
)
def test_terms_that_are_refused(week, holidays, tz, error, said):
    with pytest.raises(error) as refusal:
        WorkCalendar(week, holidays, tz)
    assert said in str(refusal.value)
    assert isinstance(refusal.value, EngineError) and isinstance(refusal.value, ValueError)


@pytest.mark.parametrize(
    "question, error, said",
    [
        (lambda cal: cal.due(datetime(2026, 3, 2), hours(1)), NaiveDatetime, "start: datetime.datetime(2026"),
        (lambda cal: cal.elapsed(utc("2026-03-02"), datetime(2026, 3, 2)), NaiveDatetime, "end"),
        (lambda cal: cal.elapsed(utc("2026-03-02"), date(2026, 3, 3)), NaiveDatetime, "end"),
        (lambda cal: cal.due("2026-03-02", hours(1)), NaiveDatetime, "start: '2026-03-02'"),
        (
            lambda cal: cal.due(utc("2026-03-02"), hours(1), [(datetime(2026, 3, 2), None)]),
            NaiveDatetime,
            "pauses",
        ),
        (lambda cal: cal.due(utc("2026-03-02"), hours(1), [utc("2026-03-02")]), EngineError, "pauses"),
        (lambda cal: cal.due(utc("2026-03-02"), timedelta(microseconds=-1)), BadDuration, "target"),
        (lambda cal: cal.due(utc("2026-03-02"), 60), BadDuration, "target: 60"),
        (lambda cal: cal.due_seconds(0, -1), BadDuration, "seconds: -1"),
        (lambda cal: cal.elapsed(utc("1850-01-01"), utc("2026-01-01")), OutOfRange, "1900"),
    ],
)
def test_questions_that_are_refused(question, error, said):
    with pytest.raises(error) as refusal:
        question(office())
    assert said in str(refusal.value)


def test_terms_may_change_afterwards_without_changing_the_calendar():
    week = {day: list(windows) for day, windows in OFFICE_WEEK.items()}
    calendar = WorkCalendar(week)
    week[0].clear()
    assert calendar.elapsed(utc("2026-03-02 00:00"), utc("2026-03-03 00:00")) == hours(8)
