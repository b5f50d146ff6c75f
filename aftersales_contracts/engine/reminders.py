"""Ladders of reminders: so many days before a day, each reminder once, none lost.

A reminder is due on its day *or at any time after it*, until its key is among those sent; so a night without
the scheduled action, or three weeks of them, loses none and doubles none. Where several rungs of one ladder
come up together, only the latest need be told; the others are marked as superseded and count as sent too.

>>> notice = Subject("notice", "C-1", date(2026, 12, 31))
>>> [(one.days, one.superseded) for one in due_reminders([notice], date(2026, 12, 5))]
[(90, True), (60, True), (30, False)]
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta

from .days import require_count, require_day

LADDER = (90, 60, 30, 7)


@dataclass(frozen=True)
class Subject:
    """What falls due: ``kind`` (notice, renewal, nda, obligation, review, ...), ``key`` of the record, the day
    ``due``, and its own ``ladder`` of days before it (None: the one given for all)."""

    kind: str
    key: Hashable
    due: date
    ladder: tuple | None = None


@dataclass(frozen=True)
class Reminder:
    """``key``: unique, and another one if the due day moves; ``on``: the day it was to go out; ``days_left``:
    from today to the due day, negative beyond it."""

    key: str
    subject: Subject
    days: int
    on: date
    days_left: int
    superseded: bool


def reminder_key(subject, days):
    """The key under which a reminder is recorded as sent.

    >>> reminder_key(Subject("nda", 7, date(2026, 12, 31)), 30)
    'nda:7:2026-12-31:30'
    """
    return f"{subject.kind}:{subject.key}:{subject.due.isoformat()}:{days}"


def due_reminders(subjects, today, ladder=LADDER, sent=()):
    """The `Reminder`s due by ``today`` whose key is not in ``sent``, by day, then by subject."""
    sent, found = frozenset(sent), []
    for subject in subjects:
        require_day(subject.due, "due")
        rungs = sorted(set(ladder if subject.ladder is None else subject.ladder), reverse=True)
        reached = [days for days in rungs if subject.due - timedelta(days=require_count(days, "ladder", 0)) <= today]
        found += [
            Reminder(
                reminder_key(subject, days),
                subject,
                days,
                subject.due - timedelta(days=days),
                (subject.due - today).days,
                days != reached[-1],
            )
            for days in reached
            if reminder_key(subject, days) not in sent
        ]
    return tuple(sorted(found, key=lambda one: (one.on, one.subject.kind, str(one.subject.key), one.key)))


def next_reminder(subject, today, ladder=LADDER):
    """The day of the next reminder after ``today``, or None."""
    days = (subject.due - timedelta(days=rung) for rung in subject.ladder or ladder)
    return min((day for day in days if day > today), default=None)
