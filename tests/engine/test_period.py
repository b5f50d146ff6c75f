"""Periods are half-open: the end belongs to the next one."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from calendars import local, utc
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadPeriod, UnknownZone
from engine.period import Period


@pytest.mark.parametrize(
    "moment, inside",
    [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_the_end_is_outside(moment, inside):
    assert Period(date(2026, 3, 1), date(2026, 4, 1)).contains(moment) is inside


def test_a_month_in_a_zone_runs_from_local_midnight_to_midnight():
    march = Period.month(2026, 3, "Europe/Paris")
    assert (utc("2026-02-28 23:00"), utc("2026-03-31 22:00")) == (march.start, march.end)  # summer time began
    assert not march.contains(utc("2026-02-28 22:59:59")) and march.contains(utc("2026-03-31 21:59:59"))
    assert not march.of_dates


@pytest.mark.parametrize(
    "period, following, label, following_label",
    [
        (Period.month(2026, 12), Period.month(2027, 1), "2026-12", "2027-01"),
        (Period.month(2026, 1, "Asia/Tokyo"), Period.month(2026, 2, "Asia/Tokyo"), "2026-01", "2026-02"),
        (
            Period(date(2026, 10, 1), date(2027, 1, 1)),
            Period(date(2027, 1, 1), date(2027, 4, 1)),
            "2026 Q4",
            "2027 Q1",
        ),
        (
            Period(date(2026, 1, 1), date(2027, 1, 1)),
            Period(date(2027, 1, 1), date(2028, 1, 1)),
            "2026",
            "2027",
        ),
        (
            Period(date(2026, 2, 1), date(2026, 5, 1)),  # three months, but no quarter
            Period(date(2026, 5, 1), date(2026, 8, 1)),
            "2026-02-01 to 2026-04-30",
            "2026-05-01 to 2026-07-31",
        ),
        (
            Period(date(2026, 3, 2), date(2026, 3, 9)),
            Period(date(2026, 3, 9), date(2026, 3, 16)),
            "2026-03-02 to 2026-03-08",
            "2026-03-09 to 2026-03-15",
        ),
        (
            Period(date(2026, 3, 15), date(2026, 4, 15)),  # a month that is no calendar month
            Period(date(2026, 4, 15), date(2026, 5, 15)),
            "2026-03-15 to 2026-04-14",
            "2026-04-15 to 2026-05-14",
        ),
        (
            Period(utc("2026-03-01 06:00"), utc("2026-03-01 18:00")),
            Period(utc("2026-03-01 18:00"), utc("2026-03-02 06:00")),
            "2026-03-01 06:00:00+00:00 to 2026-03-01 18:00:00+00:00",
            "2026-03-01 18:00:00+00:00 to 2026-03-02 06:00:00+00:00",
        ),
    ],
)
def test_the_next_period_and_its_label(period, following, label, following_label):
    assert period.next() == following
    assert (period.label, following.label) == (label, following_label)


def test_a_week_stays_a_week_on_the_wall_when_clocks_change():
    zone = ZoneInfo("Europe/Paris")
    week = Period(datetime(2026, 3, 16, tzinfo=zone), datetime(2026, 3, 23, tzinfo=zone)).next()
    assert week.start == local("2026-03-23 00:00", zone.key)
    assert week.end == local("2026-03-30 00:00", zone.key)
    assert week.end.timestamp() - week.start.timestamp() == timedelta(days=7, hours=-1).total_seconds()


def test_a_month_whose_first_midnight_does_not_exist():
    # Asuncion skipped 00:00 to 01:00 of 2017-10-01: the month began at 01:00.
    october = Period.month(2017, 10, "America/Asuncion")
    assert october.start.timestamp() == utc("2017-10-01 04:00").timestamp()
    assert october.contains(utc("2017-10-01 04:00")) and not october.contains(utc("2017-10-01 03:59:59"))


def test_instants_in_another_zone_are_the_same_period():
    march = Period.month(2026, 3, "UTC")
    assert march.in_zone("Asia/Tokyo") == march and march.in_zone("Asia/Tokyo").start.hour == 9


@pytest.mark.parametrize(
    "start, end",
    [
        (date(2026, 3, 1), date(2026, 3, 1)),  # empty
        (date(2026, 3, 2), date(2026, 3, 1)),
        (date(2026, 3, 1), utc("2026-04-01 00:00")),  # mixed
        (datetime(2026, 3, 1), datetime(2026, 4, 1)),  # without a zone
        ("2026-03-01", "2026-04-01"),
        (date(2026, 3, 1), None),
    ],
)
def test_what_is_no_period(start, end):
    with pytest.raises(BadPeriod, match="period"):
        Period(start, end)


def test_an_unknown_zone():
    with pytest.raises(UnknownZone):
        Period.month(2026, 3, "Europe/Atlantis")


zones = st.sampled_from([None, "UTC", "Europe/Paris", "Pacific/Apia"])


@given(st.integers(1950, 2100), st.integers(1, 12), zones)
def test_months_follow_one_another_without_gap_or_overlap(year, month, zone):
    period = Period.month(year, month, zone)
    following = Period.month(year + month // 12, month % 12 + 1, zone)
    assert period.next() == following
    assert not period.contains(period.end) and following.contains(period.end)
