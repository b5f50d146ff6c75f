"""Reminder ladders: each once, none lost."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadCount, BadDate
from engine.reminders import LADDER, Subject, due_reminders, next_reminder, reminder_key

DUE = date(2026, 12, 31)
NOTICE = Subject("notice", "C-1", DUE)


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    "today, expected",
    [
        ("2026-10-01", []),
        ("2026-10-02", [(90, False)]),
        ("2026-10-03", [(90, False)]),  # a night missed
        ("2026-11-01", [(90, True), (60, False)]),
        ("2026-12-24", [(90, True), (60, True), (30, True), (7, False)]),
        ("2027-03-01", [(90, True), (60, True), (30, True), (7, False)]),  # beyond the day itself
    ],
)
def test_row_12_due_on_the_day_or_at_any_time_after_it(today, expected):
    """contracts.md 5 row 12: the OCA legal alert fires only if the review date equals today."""
    found = due_reminders([NOTICE], day(today))
    assert [(one.days, one.superseded) for one in found] == expected
    assert all(one.days_left == (DUE - day(today)).days for one in found)


def test_row_12_an_unrelated_reminder_does_not_silence_this_one():
    """contracts.md 5 row 12: any activity on the record kills the OCA alert."""
    sent = [reminder_key(Subject("review", "C-1", DUE), 90), reminder_key(Subject("notice", "C-2", DUE), 90)]
    assert [one.days for one in due_reminders([NOTICE], day("2026-10-02"), sent=sent)] == [90]
    assert due_reminders([NOTICE], day("2026-10-02"), sent=[*sent, reminder_key(NOTICE, 90)]) == ()


def test_a_day_that_moved_is_reminded_of_again():
    moved = Subject("notice", "C-1", DUE + timedelta(days=10))
    assert len(due_reminders([moved], DUE, sent=[reminder_key(NOTICE, days) for days in LADDER])) == 3


def test_a_subject_may_have_its_own_ladder():
    own = Subject("nda", 7, DUE, (10, 0, 10))
    assert [one.days for one in due_reminders([own], DUE)] == [10, 0]
    assert due_reminders([Subject("nda", 7, DUE, ())], DUE) == ()
    assert next_reminder(own, day("2026-12-21")) == DUE and next_reminder(own, DUE) is None
    assert next_reminder(NOTICE, day("2026-10-01")) == day("2026-10-02")


def test_reminders_come_by_day():
    others = [Subject("obligation", 2, DUE - timedelta(days=1)), NOTICE, Subject("nda", 1, DUE)]
    found = due_reminders(others, day("2026-10-02"))
    assert [one.subject.kind for one in found] == ["obligation", "nda", "notice"]


@pytest.mark.parametrize(
    "subject, error",
    [
        (Subject("nda", 1, DUE, (-1,)), BadCount),
        (Subject("nda", 1, "2026-12-31"), BadDate),
    ],
)
def test_what_is_refused(subject, error):
    with pytest.raises(error):
        due_reminders([subject], DUE)


@given(st.lists(st.integers(-5, 130), min_size=1, max_size=12).map(sorted))
def test_row_12_however_often_it_runs_each_reminder_goes_out_once(runs):
    """contracts.md 5 row 12: nightly, twice a day, or after weeks: the same reminders in the end."""
    first = DUE - timedelta(days=120)
    sent = []
    for run in runs:
        sent += [one.key for one in due_reminders([NOTICE], first + timedelta(days=run), sent=sent)]
    assert len(set(sent)) == len(sent)
    assert sent == [one.key for one in due_reminders([NOTICE], first + timedelta(days=runs[-1]))]


@given(st.integers(-30, 130), st.sets(st.integers(0, 100), max_size=5))
def test_one_reminder_at_most_is_told_at_a_time(offset, ladder):
    found = due_reminders([NOTICE], DUE - timedelta(days=offset), ladder)
    assert sum(not one.superseded for one in found) == bool(found)
    assert {one.days for one in found} == {days for days in ladder if days >= offset}
