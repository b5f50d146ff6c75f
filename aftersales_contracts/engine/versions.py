"""The contract on any day, as known on any other: versions are facts, the terms of a day are derived.

A version says what changes from its effective day on; it is recorded once and never edited. The terms on a
day are the changes effective by then, laid one over another by effective day, and by record where that is the
same. Asked "as known on" an earlier moment, what was recorded later, cancellations included, does not exist.

>>> from datetime import datetime, timezone
>>> january, may = (datetime(2026, month, 10, tzinfo=timezone.utc) for month in (1, 5))
>>> signed = Version(1, date(2026, 1, 1), january, {"price": 100, "hours": "5x8"})
>>> backdated = Version(2, date(2026, 2, 1), may, {"price": 105})
>>> as_of([signed, backdated], date(2026, 3, 1)).terms["price"]
105
>>> as_of([signed, backdated], date(2026, 3, 1), known_on=january).terms["price"]
100
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from .days import require_day
from .errors import BadTerms, NaiveDatetime
from .explanation import Step
from .period import Period

# What cannot change by an amendment: a new contract, or a transfer all parties sign, is needed.
FIXED_FIELDS = frozenset({"company", "currency", "customer"})


@dataclass(frozen=True)
class Version:
    """``number``: 1 for the contract as signed, then one more each; ``effective``: a date; ``recorded`` and
    ``cancelled``: aware datetimes; ``changes``: {field: new value}, all fields in version 1."""

    number: int
    effective: date
    recorded: datetime
    changes: Mapping
    cancelled: datetime | None = None

    def __post_init__(self):
        require_day(self.effective, "effective")
        for name in ("recorded", "cancelled"):
            moment = getattr(self, name)
            if moment is not None:
                _require_instant(moment, name)
        object.__setattr__(self, "changes", MappingProxyType(dict(self.changes)))

    def known(self, known_on):
        """Whether the version stood in the books at ``known_on`` (None: now, with all that is recorded)."""
        if known_on is None:
            return self.cancelled is None
        return self.recorded <= known_on and (self.cancelled is None or self.cancelled > known_on)


@dataclass(frozen=True)
class AsOf:
    """``terms``: {field: value}, empty before the first version; ``sources``: {field: version number};
    ``version``: the last version in effect, or None."""

    terms: Mapping
    sources: Mapping
    version: Version | None
    steps: tuple = field(repr=False)


@dataclass(frozen=True)
class Slice:
    """From ``start`` until ``end`` (None: open) the terms are ``terms``."""

    start: date
    end: date | None
    terms: Mapping


def as_of(versions, on, known_on=None):
    """The `AsOf` of the day ``on``, as known at the aware datetime ``known_on`` (None: everything recorded)."""
    require_day(on, "on")
    if known_on is not None:
        _require_instant(known_on, "known_on")
    terms, sources, steps, last = {}, {}, [], None
    for version in _ordered(versions, known_on):
        if version.effective > on:
            break
        terms.update(version.changes)
        sources.update(dict.fromkeys(version.changes, version.number))
        names = ", ".join(sorted(str(name) for name in version.changes))
        steps.append(Step("version", f"{version.number}, from {version.effective}: {names}", version.number))
        last = version
    return AsOf(MappingProxyType(terms), MappingProxyType(sources), last, tuple(steps))


def _ordered(versions, known_on):
    """Those known, by effective day; on the same day the one recorded later is laid on top."""
    known = (version for version in versions if version.known(known_on))
    return sorted(known, key=lambda one: (one.effective, one.recorded, one.number))


def timeline(versions, known_on=None):
    """The `Slice`s from the first effective day on: contiguous, the last one open."""
    starts = sorted({version.effective for version in _ordered(versions, known_on)})
    ends = [*starts[1:], None]
    return tuple(
        Slice(start, end, as_of(versions, start, known_on).terms) for start, end in zip(starts, ends, strict=True)
    )


def changed(versions, period, known_then, known_now=None):
    """The (part of ``period``, terms then, terms now) in which both answers differ: what must be settled anew."""
    days = {period.start, *(version.effective for version in versions)}
    days = sorted(day for day in days if period.contains(day))
    found = []
    for start, end in zip(days, [*days[1:], period.end], strict=True):
        then, now = (as_of(versions, start, known).terms for known in (known_then, known_now))
        if then != now:
            found.append((Period(start, end), then, now))
    return tuple(found)


def check_amendment(versions, amendment, start, end, fixed=FIXED_FIELDS):
    """The problems of adding ``amendment`` to a contract in force in ``[start, end)``: `BadTerms`, unraised."""
    problems = []
    if amendment.effective < start:
        words = f"is before the contract begins, on {start}"
        problems.append(BadTerms("effective", amendment.effective.isoformat(), words))
    if end is not None and amendment.effective >= end:
        words = f"is not before {end}, when the contract is over: amend with effect from an earlier day, or renew"
        problems.append(BadTerms("effective", amendment.effective.isoformat(), words))
    before = as_of(versions, amendment.effective).terms
    for name in sorted(set(fixed) & set(amendment.changes)):
        if name in before and before[name] != amendment.changes[name]:
            words = "cannot change by an amendment: end this contract and make a new one"
            problems.append(BadTerms(name, amendment.changes[name], words))
    if any(version.recorded > amendment.recorded for version in versions):
        words = "is earlier than a version recorded before it: facts are appended"
        problems.append(BadTerms("recorded", amendment.recorded.isoformat(), words))
    return tuple(problems)


def _require_instant(moment, name):
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise NaiveDatetime(name, moment)
