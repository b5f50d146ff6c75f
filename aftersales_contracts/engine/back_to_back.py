"""Is every promise to the customer backed by one from the supplier behind it?

A promise is tighter than its backing if it leaves less time, or counts in more hours of the week; a cover
outlasts its backing if it begins before or ends after it. Each such gap is a finding, told while the contract
is a draft, with both figures.

>>> ours, theirs = (Promise("response", timedelta(hours=hours)) for hours in (4, 8))
>>> [finding.sentence for finding in compare([ours], [theirs])]
['response: 4:00:00 promised, the supplier promises 8:00:00']
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Promise:
    """``key``: what is promised, the same on both sides; ``within``: working time; ``week_hours``: how many
    hours of the week count (168: around the clock), None: not compared."""

    key: Hashable
    within: timedelta
    week_hours: int | None = None


@dataclass(frozen=True)
class Backing:
    """A cover of ``key`` (an asset) in ``[start, end)``, promised or backing; ``end`` None: without end."""

    key: Hashable
    start: date
    end: date | None


@dataclass(frozen=True)
class Finding:
    """``kind``: tighter, longer_hours, starts_before, outlasts, unbacked; ``gap``: a timedelta, or hours, or
    None where there is nothing to subtract."""

    kind: str
    key: Hashable
    promised: Any
    backed: Any
    gap: Any
    sentence: str


def compare(promises, supplier_promises, covers=(), supplier_covers=()):
    """The `Finding`s, promises first, in the order given; of several backings the best one counts."""
    found = []
    for promise in promises:
        found += _promise_findings(promise, [one for one in supplier_promises if one.key == promise.key])
    for cover in covers:
        found += _cover_findings(cover, [one for one in supplier_covers if one.key == cover.key])
    return tuple(found)


def _promise_findings(promise, backing):
    if not backing:
        yield Finding("unbacked", promise.key, promise.within, None, None, f"{promise.key}: no supplier promises it")
        return
    best = min(backing, key=lambda one: (one.within, -(one.week_hours or 0)))
    if promise.within < best.within:
        sentence = f"{promise.key}: {promise.within} promised, the supplier promises {best.within}"
        yield Finding("tighter", promise.key, promise.within, best.within, best.within - promise.within, sentence)
    if promise.week_hours is not None and best.week_hours is not None and promise.week_hours > best.week_hours:
        gap = promise.week_hours - best.week_hours
        sentence = f"{promise.key}: counts {promise.week_hours} hours a week, the supplier's counts {best.week_hours}"
        yield Finding("longer_hours", promise.key, promise.week_hours, best.week_hours, gap, sentence)


def _cover_findings(cover, backing):
    if not backing:
        yield Finding("unbacked", cover.key, cover.end, None, None, f"{cover.key}: no supplier covers it")
        return
    best = max(backing, key=lambda one: one.end or date.max)
    if best.start > cover.start:
        sentence = f"{cover.key}: covered from {cover.start}, the supplier's cover begins on {best.start}"
        yield Finding("starts_before", cover.key, cover.start, best.start, best.start - cover.start, sentence)
    if best.end is not None and (cover.end is None or cover.end > best.end):
        until = "without end" if cover.end is None else f"until {cover.end}"
        sentence = f"{cover.key}: covered {until}, the supplier's cover ends on {best.end}"
        gap = None if cover.end is None else cover.end - best.end
        yield Finding("outlasts", cover.key, cover.end, best.end, gap, sentence)
