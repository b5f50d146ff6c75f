"""Which lines a price revision touches, which it leaves alone, and why.

Ended, not yet begun, cancelled and "never revise" lines keep their price, and a line revised for that day is
not revised again. A line billed in advance gets its new price from the day of the revision on; the days
already billed are named, so that a correction can follow in the open period.

>>> lines = [PricedLine("a", date(2026, 1, 1), None, billed_until=date(2026, 7, 1)),
...          PricedLine("b", date(2026, 1, 1), date(2026, 3, 1))]
>>> [(verdict.key, verdict.revise, verdict.reason) for verdict in plan_revision(lines, date(2026, 4, 1))]
[('a', True, 'billed in advance: correct what was billed'), ('b', False, 'it ended before that day')]
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from .period import Period


@dataclass(frozen=True)
class PricedLine:
    """A recurring line: ``[start, end)``; ``revised_on``: the days of its revisions so far; ``billed_until``:
    the first day not billed yet."""

    key: Hashable
    start: date
    end: date | None
    cancelled: bool = False
    never_revise: bool = False
    revised_on: frozenset = frozenset()
    billed_until: date | None = None


@dataclass(frozen=True)
class RevisionVerdict:
    """Whether the line ``key`` is revised, why; ``correct``: the `Period` billed at the old price, or None."""

    key: Hashable
    revise: bool
    reason: str
    correct: Period | None = None


def plan_revision(lines, on):
    """A `RevisionVerdict` for each of ``lines``, for a revision with effect from the day ``on``."""
    return tuple(_verdict(line, on) for line in lines)


def _verdict(line, on):
    obstacle = _obstacle(line, on)
    if obstacle:
        return RevisionVerdict(line.key, False, obstacle)
    if line.billed_until is not None and line.billed_until > on:
        correct = Period(on, line.billed_until)
        return RevisionVerdict(line.key, True, "billed in advance: correct what was billed", correct)
    return RevisionVerdict(line.key, True, "in force on that day")


def _obstacle(line, on):
    if line.cancelled:
        return "it is cancelled"
    if line.never_revise:
        return "it is marked as never to be revised"
    if line.end is not None and line.end <= on:
        return "it ended before that day"
    if line.start > on:
        return "it begins after that day"
    return "it was revised for that day already" if on in line.revised_on else None
