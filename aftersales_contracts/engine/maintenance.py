"""Preventive maintenance: which visits fall due, and which of the promised ones were missed.

``fixed``: on days laid down beforehand, whatever was done; ``from_last``: so long after the last visit, an
early one included; ``meter``: after so much use since the last visit. A day off a business day moves before or
after it. A visit that is not done by its latest day is a breach, and stays one if it is made up later; one
that falls into a suspension is none.

>>> rule = MaintenanceRule("fixed", date(2026, 1, 31), 1, "quarter", tolerance_days=5)
>>> plan = schedule(rule, date(2027, 1, 1), today=date(2026, 8, 10), done=[date(2026, 2, 2)])
>>> [(str(visit.due), visit.state) for visit in plan.visits]
[('2026-01-31', 'done'), ('2026-04-30', 'missed'), ('2026-07-31', 'missed'), ('2026-10-31', 'planned')]
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from .business_days import BusinessDays, on_business_day
from .days import advance, require_choice, require_count, require_day
from .errors import BadAmount
from .explanation import Step
from .money import exact
from .recurrence import periods

FIXED, FROM_LAST, METER = KINDS = ("fixed", "from_last", "meter")
SHIFTS = ("none", "before", "after")


@dataclass(frozen=True)
class MaintenanceRule:
    """``first``: the first visit (fixed), or the day from which the first is counted. ``usage``: between visits,
    by meter. A visit counts from ``early_days`` before its due day (fixed), and in time until
    ``tolerance_days`` after it."""

    kind: str
    first: date
    interval: int = 1
    unit: str = "month"
    anchor_day: int | None = None
    usage: Decimal | None = None
    early_days: int = 7
    tolerance_days: int = 0
    shift: str = "none"

    def __post_init__(self):
        require_choice(self.kind, "kind", KINDS)
        require_choice(self.shift, "shift", SHIFTS)
        require_day(self.first, "first")
        require_count(self.interval)
        require_count(self.early_days, "early_days", 0)
        require_count(self.tolerance_days, "tolerance_days", 0)
        if self.kind == METER and (self.usage is None or exact(self.usage, "usage") <= 0):
            raise BadAmount("usage", self.usage, "is not a usage between visits: an amount above zero is needed")


@dataclass(frozen=True)
class Visit:
    """``state``: planned, due (may be done today), done, late (done after ``latest``), missed, suspended.
    ``planned``: before the shift to a business day; ``estimated``: by the meter's average use so far."""

    number: int
    planned: date
    due: date
    latest: date
    state: str
    done_on: date | None = None
    estimated: bool = False


@dataclass(frozen=True)
class MaintenancePlan:
    """``visits`` in order; ``breaches``: the missed and late ones; ``extra``: days of visits nobody promised."""

    visits: tuple
    breaches: tuple
    extra: tuple
    steps: tuple = field(repr=False)


def schedule(rule, end, today, done=(), calendar=None, paused=(), readings=()):
    """The `MaintenancePlan` up to the contract's ``end`` (half-open).

    ``done``: days of visits; ``paused``: `Period`s of suspension; ``readings``: (day, cumulative value) of the
    meter, which may be replaced: a value below the one before counts from zero.
    """
    book = _Book(rule, end, today, calendar or BusinessDays(), tuple(paused))
    days = sorted(set(done))
    if rule.kind == FIXED:
        visits, extra = _fixed(book, days)
    else:
        plan = book.after if rule.kind == FROM_LAST else _Meter(rule, readings, today).crossing
        visits, extra = _rolling(book, days, plan)
    breaches = tuple(visit for visit in visits if visit.state in ("missed", "late"))
    steps = [Step(visit.state, f"visit {visit.number}, due {visit.due}", visit.done_on) for visit in visits]
    return MaintenancePlan(
        tuple(visits), breaches, tuple(extra), (*steps, Step("breaches", "missed or late", len(breaches)))
    )


@dataclass(frozen=True)
class _Book:
    """The terms a visit is judged by."""

    rule: MaintenanceRule
    end: date
    today: date
    calendar: BusinessDays
    paused: tuple

    def visit(self, number, planned, done_on=None, estimated=False):
        """The `Visit` planned on that day, done on ``done_on`` or not yet."""
        due = on_business_day(planned, self.rule.shift, self.calendar)
        latest = due + timedelta(days=self.rule.tolerance_days)
        if done_on is not None:
            state = "done" if done_on <= latest else "late"
        elif any(pause.contains(due) for pause in self.paused):
            state = "suspended"
        elif self.today > latest:
            state = "missed"
        else:
            state = "due" if self.today >= self.opens(due) else "planned"
        return Visit(number, planned, due, latest, state, done_on, estimated)

    def opens(self, due):
        """The day from which the visit due on ``due`` may be done."""
        return due - timedelta(days=self.rule.early_days)

    def after(self, last):
        """(day, estimated) of the visit after one on ``last``, after the end of a suspension it falls into."""
        rule = self.rule
        planned = advance(last, rule.interval, rule.unit, rule.anchor_day)
        for pause in self.paused:
            if pause.contains(planned):
                planned = pause.end
        return planned, False


def _fixed(book, done):
    rule, visits, used = book.rule, [], set()
    if book.end <= rule.first:
        return [], done
    found = periods(rule.first, book.end, rule.interval, rule.unit, rule.anchor_day)
    slots = [book.visit(number, period.start) for number, period in enumerate(found, 1)]
    for slot, following in zip(slots, [*slots[1:], None], strict=True):
        closes = book.opens(following.due) if following else date.max
        days = [day for day in done if day not in used and book.opens(slot.due) <= day < closes]
        used.update(days[:1])
        visits.append(book.visit(slot.number, slot.planned, *days[:1]) if days else slot)
    return visits, [day for day in done if day not in used]


def _rolling(book, done, plan):
    """Each visit counted from the one before; beyond today as if every one were done on its day."""
    visits, last, waiting = [], book.rule.first, [day for day in done if day > book.rule.first]
    while True:
        planned, estimated = plan(last)
        if planned is None or (planned >= book.end and not waiting):
            break
        visit = book.visit(len(visits) + 1, planned, waiting.pop(0) if waiting else None, estimated)
        visits.append(visit)
        if visit.state == "missed":
            break
        last = visit.done_on or max(visit.due, last + timedelta(days=1))
    return visits, [day for day in done if day <= book.rule.first]


class _Meter:
    """Use since the first reading, and the day on which it reaches the next visit."""

    def __init__(self, rule, readings, today):
        self.rule, self.today, self.total = rule, today, [(rule.first, Fraction(0))]
        before = None
        for day, value in sorted(readings):
            value = exact(value, "readings")
            used = 0 if before is None else value - before if value >= before else value
            before = value
            self.total.append((day, self.total[-1][1] + used))

    def crossing(self, last):
        """(day, estimated): of the first reading at or above the goal, or as far on as the mean use suggests."""
        base = max((used for day, used in self.total if day <= last), default=Fraction(0))
        goal = base + exact(self.rule.usage)
        for day, used in self.total:
            if day >= last and used >= goal:
                return day, False
        (first, _zero), (latest, reached) = self.total[0], self.total[-1]
        if reached <= 0 or latest <= first:
            return None, False
        # Beyond the last reading every further visit is a usage apart.
        days = ceil((goal - base) / (reached / (latest - first).days))
        if last <= latest:
            days = ceil((goal - reached) / (reached / (latest - first).days)) + (latest - last).days
        return last + timedelta(days=max(days, 1)), True
