"""Suspension: what stands still meanwhile, and how far an end moves.

Each suspension ``[start, end)`` pauses the clock, the billing and the cover or not, and shifts the contract's
end or not, each by its own flag. Days suspended twice count once. An end moves by the suspended days that
lie before it, those before the moved end included: the days in force stay as many as were agreed.

>>> june = Suspension(date(2026, 6, 1), date(2026, 8, 1))
>>> suspend(date(2026, 7, 1), [june], today=date(2026, 9, 1)).end
datetime.date(2026, 8, 31)
"""

from dataclasses import dataclass, field
from datetime import date

from .days import require_day
from .errors import BadPeriod
from .explanation import Step
from .money import exact, round_money
from .period import Period


@dataclass(frozen=True)
class Suspension:
    """``end`` None: still suspended. ``end`` = ``start``: resumed before it took effect, so it has none.
    A resumption before the start raises `BadPeriod`."""

    start: date
    end: date | None = None
    clock: bool = True
    billing: bool = True
    cover: bool = True
    shift_end: bool = True

    def __post_init__(self):
        require_day(self.start, "start")
        if self.end is not None and require_day(self.end, "end") < self.start:
            raise BadPeriod("suspension", f"{self.start} to {self.end}", "is resumed before it starts")


@dataclass(frozen=True)
class SuspensionEffect:
    """``end``, ``cover_end``: the moved ends, None while a suspension that moves them has no end yet (rely on
    the unmoved one for a notice); ``clock``, ``billing``: the `Period`s in which they stand still, up to
    ``today`` where open; ``suspended``: whether one runs today."""

    end: date | None
    cover_end: date | None
    clock: tuple
    billing: tuple
    suspended: bool
    steps: tuple = field(repr=False)


def suspend(end, suspensions, today, cover_end=None):
    """The `SuspensionEffect` of ``suspensions`` on a contract that ends at ``end`` (half-open; None: never).

    ``cover_end``: the end of a warranty or cover beside it, moved by the days that pause cover.
    """
    suspensions = sorted(suspensions, key=lambda one: (one.start, one.end or date.max))
    shifting = [one for one in suspensions if one.shift_end]
    moved = _moved(end, shifting)
    cover = _moved(cover_end, [one for one in suspensions if one.cover])
    clock, billing = (
        merged([one for one in suspensions if getattr(one, aspect)], today) for aspect in ("clock", "billing")
    )
    running = any(one.start <= today and (one.end is None or today < one.end) for one in suspensions)
    steps = [_step(one) for one in suspensions]
    if end is not None:
        steps.append(Step("end", f"{end} becomes {moved or 'open until it is resumed'}", moved))
    if cover_end is not None:
        steps.append(Step("cover end", f"{cover_end} becomes {cover or 'open until it is resumed'}", cover))
    return SuspensionEffect(moved, cover, clock, billing, running, tuple(steps))


def _step(one):
    names = ("clock", "billing", "cover")
    paused = ", ".join(name for name in names if getattr(one, name)) or "nothing"
    shift = "the end moves" if one.shift_end else "the end stays"
    until = one.end or "further notice"
    return Step("suspended", f"{one.start} until {until}: {paused} paused, {shift}", one.end)


def _moved(end, suspensions):
    """``end`` moved by the suspended days before it; None: it is None, or still moving."""
    done = date.min
    for one in suspensions:
        if end is None or one.start >= end:
            break
        if one.end is None:
            return None
        # What an earlier suspension covered is not counted again.
        start = max(one.start, done)
        if one.end > start:
            end += one.end - start
            done = one.end
    return end


def merged(suspensions, today):
    """The disjoint `Period`s of ``suspensions`` in order of start, open ones cut after ``today``."""
    spans = []
    for one in suspensions:
        start, end = one.start, date.fromordinal(today.toordinal() + 1) if one.end is None else one.end
        if spans and start <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], end)
        elif start < end:
            spans.append([start, end])
    return tuple(Period(*span) for span in spans)


def remaining(period, paused):
    """The parts of ``period`` outside the disjoint, sorted ``paused`` periods.

    >>> [part.label for part in remaining(Period.month(2026, 6), [Period(date(2026, 6, 10), date(2026, 6, 20))])]
    ['2026-06-01 to 2026-06-09', '2026-06-20 to 2026-06-30']
    """
    found, start = [], period.start
    for pause in paused:
        if start < min(pause.start, period.end):
            found.append(Period(start, min(pause.start, period.end)))
        start = max(start, pause.end)
    if start < period.end:
        found.append(Period(start, period.end))
    return tuple(found)


def suspended_value(charge, paused, start=None, end=None):
    """What the `Charge` asks for the ``paused`` days within ``[start, end)``: the credit for them, rounded once."""
    total = 0
    for pause in paused:
        first = pause.start if start is None else max(start, pause.start)
        last = pause.end if end is None else min(end, pause.end)
        if first < last:
            parts = charge.prorated(first, last).parts
            total += sum(exact(charge.price) * part.share for part in parts)
    return round_money(total, charge.rounding)
