"""Working time when clocks change: an instant counts by its wall-clock reading."""

from datetime import date, timedelta

import pytest
from calendars import always, hours, local, minutes, office, utc
from oracle import WallClockOracle

EVERY_NIGHT = {day: [("01:00", "04:00")] for day in range(7)}


@pytest.mark.parametrize(
    "zone, day, worked",
    [
        ("Europe/Paris", "2026-03-28", hours(3)),  # an ordinary night
        ("Europe/Paris", "2026-03-29", hours(2)),  # 02:00 to 03:00 does not exist
        ("Europe/Paris", "2026-10-25", hours(4)),  # 02:00 to 03:00 comes twice
        ("America/New_York", "2026-03-08", hours(2)),
        ("America/New_York", "2026-11-01", hours(4)),  # 01:00 to 02:00 comes twice
        ("Australia/Lord_Howe", "2026-10-04", hours(2.5)),  # half an hour is skipped
        ("Australia/Lord_Howe", "2026-04-05", hours(3.5)),  # half an hour comes twice
        ("Asia/Kathmandu", "2026-03-29", hours(3)),  # no change, an odd offset
    ],
)
def test_a_window_over_the_change(zone, day, worked):
    start = local(f"{day} 00:00", zone)
    assert office(EVERY_NIGHT, tz=zone).elapsed(start, local(f"{day} 12:00", zone)) == worked


@pytest.mark.parametrize(
    "window, worked",
    [
        (("02:00", "03:00"), hours(2)),  # both passes
        (("02:30", "02:45"), minutes(30)),
        (("01:30", "02:30"), hours(1.5)),  # 01:30 to 02:00 once, 02:00 to 02:30 twice
        (("02:30", "03:30"), hours(1.5)),
    ],
)
def test_windows_in_the_repeated_hour(window, worked):
    calendar = office({6: [window]}, tz="Europe/Paris")
    assert calendar.elapsed(utc("2026-10-24 12:00"), utc("2026-10-25 12:00")) == worked


def test_a_window_in_both_passes_is_two_intervals():
    calendar = office({6: [("02:30", "02:45")]}, tz="Europe/Paris")
    assert list(calendar.working_intervals(utc("2026-10-24 12:00"), utc("2026-10-25 12:00"))) == [
        (utc("2026-10-25 00:30"), utc("2026-10-25 00:45")),
        (utc("2026-10-25 01:30"), utc("2026-10-25 01:45")),
    ]


@pytest.mark.parametrize("window", [("02:00", "03:00"), ("02:15", "02:45")])
def test_a_window_in_the_skipped_hour_does_not_exist(window):
    calendar = office({6: [window]}, tz="Europe/Paris")
    assert calendar.elapsed(utc("2026-03-28 12:00"), utc("2026-03-29 12:00")) == hours(0)
    assert calendar.due(utc("2026-03-28 12:00"), minutes(15)) >= utc("2026-04-05 00:00")


def test_due_in_the_second_pass_of_a_repeated_hour():
    calendar = office(EVERY_NIGHT, tz="Europe/Paris")
    start = local("2026-10-25 02:30", "Europe/Paris")
    assert calendar.due(start, hours(1)) == local("2026-10-25 02:30", "Europe/Paris", fold=1)
    assert calendar.elapsed(start, local("2026-10-25 02:30", "Europe/Paris", fold=1)) == hours(1)


@pytest.mark.parametrize("day, worked", [("2026-03-29", hours(23)), ("2026-10-25", hours(25))])
def test_round_the_clock_is_the_length_of_the_day(day, worked):
    start = local(f"{day} 00:00", "Europe/Paris")
    end = local(f"{date.fromisoformat(day) + timedelta(days=1)} 00:00", "Europe/Paris")
    assert always("Europe/Paris").elapsed(start, end) == worked


def test_a_holiday_of_25_hours():
    calendar = always("Europe/Paris", holidays=[date(2026, 10, 25)])
    assert calendar.elapsed(utc("2026-10-24 00:00"), utc("2026-10-27 00:00")) == hours(72 - 25)


def test_a_change_at_midnight():
    # Santiago skips 00:00 to 01:00 of 2026-09-06: the day begins at 01:00.
    calendar = office({6: [("00:00", "02:00")]}, tz="America/Santiago")
    assert calendar.elapsed(utc("2026-09-06 00:00"), utc("2026-09-07 00:00")) == hours(1)


def test_apia_had_no_30_december_2011():
    calendar = office({4: [("08:00", "16:00")], 5: [("08:00", "16:00")]}, tz="Pacific/Apia")
    thursday, sunday = utc("2011-12-29 12:00"), utc("2012-01-01 00:00")
    assert calendar.elapsed(thursday, sunday) == hours(8)  # Saturday only: there was no Friday
    assert (
        always("Pacific/Apia", holidays=[date(2011, 12, 30)]).elapsed(thursday, sunday) == sunday - thursday
    )


def test_kwajalein_had_no_21_august_1993():
    calendar = always("Pacific/Kwajalein", holidays=[date(1993, 8, 21)])
    assert calendar.elapsed(utc("1993-08-20 00:00"), utc("1993-08-24 00:00")) == hours(96)


def test_offsets_with_seconds():
    calendar = office({0: [("08:00", "12:00")]}, tz="Africa/Monrovia")
    oracle = WallClockOracle({0: [("08:00", "12:00")]}, (), "Africa/Monrovia", tick=1)
    start, end = utc("1960-03-07 08:00"), utc("1960-03-07 14:00")  # UTC-00:44:30 until 1972
    assert calendar.elapsed(start, end).total_seconds() == oracle.elapsed(start, end)


def test_a_change_forth_and_back_within_weeks():
    # Morocco leaves summer time for Ramadan.
    calendar = office({day: [("08:00", "16:00")] for day in range(7)}, tz="Africa/Casablanca")
    for day in ("2026-02-14", "2026-02-15", "2026-03-01", "2026-03-21", "2026-03-22", "2026-03-23"):
        opening = local(f"{day} 08:00", "Africa/Casablanca")
        assert calendar.due(opening, hours(8)) == local(f"{day} 16:00", "Africa/Casablanca")
