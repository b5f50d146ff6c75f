"""Renewal: which terms follow, and which of them are due by today.

Five kinds: ``manual`` (somebody renews it, within the days of grace), ``automatic`` (a new term at the end of
the old one, with its price revision), ``extension`` (as automatic, at unchanged terms), ``evergreen``
(without a maximum, or without an end at all) and ``none``. The answer depends on the terms and on ``today``
only: after three weeks of downtime every missed term comes up once, in order, and none a second time.

>>> terms = RenewalTerms("automatic", date(2026, 1, 31), date(2026, 2, 28), 1, "month", maximum=2)
>>> due = due_renewals(terms, date(2026, 9, 1))
>>> [renewal.period.label for renewal in due.renewals], due.status
(['2026-02-28 to 2026-03-30', '2026-03-31 to 2026-04-29'], 'lapsed')
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from .days import (
    MONTHS,
    UNITS,
    advance,
    anchor_of,
    anchored,
    month_number,
    require_choice,
    require_count,
    require_day,
)
from .errors import BadPeriod, BadTerms
from .explanation import Step
from .period import Period

MANUAL, AUTOMATIC, EVERGREEN, EXTENSION, NONE = KINDS = (
    "manual",
    "automatic",
    "evergreen",
    "extension",
    "none",
)
_BY_ITSELF = (AUTOMATIC, EVERGREEN, EXTENSION)


@dataclass(frozen=True)
class RenewalTerms:
    """``[start, end)`` is the present term (``end`` None: evergreen only); each new one is ``interval``
    ``unit``s long. ``renewed``: renewals so far; ``maximum``: how many there may be, None: any number.
    ``on_hold``: why nothing renews by itself at present (suspended, disputed), empty: it may."""

    kind: str
    start: date
    end: date | None
    interval: int = 1
    unit: str = "year"
    anchor_day: int | None = None
    grace_days: int = 0
    maximum: int | None = None
    renewed: int = 0
    do_not_renew: bool = False
    on_hold: str = ""

    def __post_init__(self):
        require_choice(self.kind, "kind", KINDS)
        require_choice(self.unit, "unit", UNITS)
        require_count(self.interval)
        require_count(self.grace_days, "grace_days", 0)
        require_count(self.renewed, "renewed", 0)
        if require_day(self.start, "start") and self.end is None:
            if self.kind != EVERGREEN:
                raise BadTerms("end", None, f"is needed where the renewal is {self.kind}")
        elif require_day(self.end, "end") <= self.start:
            raise BadPeriod("term", f"{self.start} to {self.end}", "ends where it starts or before")
        if self.maximum is not None and require_count(self.maximum, "maximum", 0) >= 0:
            if self.kind == EVERGREEN:
                raise BadTerms("maximum", self.maximum, "is not possible: an evergreen contract has none")


@dataclass(frozen=True)
class Renewal:
    """The ``number``-th renewal (the first is 1): a unique key beside the contract. ``reprice``: whether the
    price is revised with it."""

    number: int
    period: Period
    reprice: bool


@dataclass(frozen=True)
class Renewals:
    """``renewals``: those due by the day asked for, in order; ``end``: the end after them. ``status``:
    in_term, held, grace or lapsed, after them; ``lapses_on``: the first day beyond grace, where it ends."""

    renewals: tuple
    status: str
    end: date | None
    lapses_on: date | None
    steps: tuple


def next_term(terms):
    """The `Period` of the term after the present one, whoever renews; its anchor day is kept."""
    if terms.end is None:
        raise BadTerms("end", None, "is missing: a contract without end has no next term")
    return next(_following(terms))


def _following(terms):
    anchor = terms.anchor_day or anchor_of(terms.start, terms.end)
    if terms.unit not in MONTHS or anchored(month_number(terms.end), anchor) != terms.end:
        anchor = None
    # Counted from the end of the present term throughout, so that a clamped anchor day comes back.
    start = terms.end
    for number in count(1):
        end = advance(terms.end, number * terms.interval, terms.unit, anchor)
        yield Period(start, end)
        start = end


def due_renewals(terms, today):
    """The `Renewals` due by ``today``: every term that begins by then and that nobody stopped."""
    obstacle = _obstacle(terms)
    if obstacle:
        return _after(terms, (), today, (Step("not renewed", obstacle, 0),))
    renewals, steps = [], []
    for number, period in enumerate(_following(terms), terms.renewed + 1):
        if period.start > today:
            break
        if terms.maximum is not None and number > terms.maximum:
            steps.append(Step("exhausted", f"renewed {terms.renewed + len(renewals)} times", terms.maximum))
            break
        renewals.append(Renewal(number, period, terms.kind != EXTENSION))
        steps.append(Step("renewed", f"renewal {number}: {period.label}", number))
    return _after(terms, tuple(renewals), today, tuple(steps))


def _obstacle(terms):
    """Why nothing renews by itself; None where it does."""
    if terms.end is None:
        return "it has no end: it runs until notice is given"
    if terms.do_not_renew:
        return "it is marked as not to be renewed"
    if terms.kind not in _BY_ITSELF:
        return "it is renewed by hand" if terms.kind == MANUAL else "it is not renewed"
    return f"on hold: {terms.on_hold}" if terms.on_hold else None


def _after(terms, renewals, today, steps):
    end = renewals[-1].period.end if renewals else terms.end
    if end is None or today < end:
        return Renewals(renewals, "in_term", end, None, steps)
    if terms.on_hold and terms.kind in _BY_ITSELF and not terms.do_not_renew:
        return Renewals(renewals, "held", end, None, (*steps, Step("held", "until somebody decides", 0)))
    grace = 0 if terms.do_not_renew or terms.kind == NONE else terms.grace_days
    lapses_on = end + timedelta(days=grace)
    status = "grace" if today < lapses_on else "lapsed"
    words = f"ended before {end}, {grace} days of grace"
    return Renewals(renewals, status, end, lapses_on, (*steps, Step(status, words, lapses_on)))


def applied(terms, renewal):
    """The terms after ``renewal``: what the model stores, and what a second run must begin with."""
    anchor = terms.anchor_day or anchor_of(terms.start, terms.end)
    period = renewal.period
    return replace(terms, start=period.start, end=period.end, anchor_day=anchor, renewed=renewal.number)


def renew_by_hand(terms, today):
    """The `Renewal` that somebody may make today: up to the end of grace, within the maximum; else `BadTerms`."""
    number = terms.renewed + 1
    if terms.kind == NONE or terms.do_not_renew:
        raise BadTerms("renewal", terms.kind, "is not possible: the contract is marked as not to be renewed")
    if terms.maximum is not None and number > terms.maximum:
        raise BadTerms("renewal", number, f"is one more than the maximum of {terms.maximum}")
    if terms.end is not None and today >= terms.end + timedelta(days=terms.grace_days):
        raise BadTerms("renewal", today.isoformat(), "is after the days of grace: make a new contract")
    return Renewal(number, next_term(terms), terms.kind != EXTENSION)
