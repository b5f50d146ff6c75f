"""Builders for the engine's tests: instants as people write them, calendars with good defaults."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.worktime import WorkCalendar

OFFICE_WEEK = {day: [("08:00", "12:00"), ("13:00", "17:00")] for day in range(5)}
ROUND_THE_CLOCK = {day: [("00:00", "24:00")] for day in range(7)}


def utc(text):
    """``utc("2026-03-02 09:00")``: an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text, zone, fold=0):
    """``local("2026-03-02 09:00", "Europe/Paris")``: an instant, in UTC, by its wall-clock reading."""
    # In UTC, because Python never finds a repeated wall time of one zone equal to that of another.
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def hours(number):
    return timedelta(hours=number)


def minutes(number):
    return timedelta(minutes=number)


def office(week=None, holidays=(), tz="UTC"):
    """Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00, unless the test is about something else."""
    return WorkCalendar(OFFICE_WEEK if week is None else week, holidays, tz)


def always(tz="UTC", holidays=()):
    """Every second of every day."""
    return WorkCalendar(ROUND_THE_CLOCK, holidays, tz)
