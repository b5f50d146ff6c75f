"""Compliance of a period: how many of the promises that fell to it were kept.

A clock belongs to the one period in which it was decided: a met clock to that of its stop, a breached clock
to that of its due instant. So a clock counts in one period only, and a statement recomputed later says the
same. What began before the period's end and was not decided in it or before is *running*. Cancelled clocks
do not count. Excused breaches are shown apart, neither kept nor broken. A rate where nothing was due is
None: never 0, never 100.

>>> from datetime import datetime, timezone
>>> from types import SimpleNamespace as Clock
>>> from .period import Period
>>> noon = datetime(2026, 3, 31, 12, tzinfo=timezone.utc)
>>> clocks = [Clock(state="met", due_at=noon, stopped_at=noon)] * 2
>>> clocks.append(Clock(state="breached", due_at=noon, stopped_at=None))
>>> compliance(clocks, Period.month(2026, 3, "UTC")).rate
Decimal('66.67')
>>> print(compliance([], Period.month(2026, 3, "UTC")).rate)
None
"""

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .errors import BadOption, BadPeriod
from .explanation import Step
from .period import Period
from .reading import BREACHED, CANCELLED, MET, PAUSED, RUNNING, STATES

EXCUSED = "excused"
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Compliance:
    """The counts of a period and their rate: a Decimal percentage, None where nothing was due."""

    met: int
    breached: int
    excused: int
    running: int
    rate: Decimal | None
    steps: tuple

    def attains(self, objective):
        """Whether the unrounded share reaches ``objective`` percent (a Decimal); None: nothing was due."""
        decided = self.met + self.breached
        return None if not decided else self.met * 100 >= Fraction(objective) * decided


def compliance(results, period):
    """The `Compliance` of ``results`` in ``period``: a `Period` of instants, or a (start, end) pair of them.

    ``results`` have ``state``, ``due_at``, ``stopped_at`` (aware datetimes or None), and where known
    ``started_at``, ``excused`` (bool) and ``previous`` (earlier cycles, which count as clocks of their
    own). Without ``started_at`` a clock decided after the period is left out. Raises `BadPeriod` for a
    period of dates: say in which zone (`Period.in_zone`); `BadOption` for an unknown state.
    """
    if not isinstance(period, Period):
        period = Period(*period)
    if period.of_dates:
        raise BadPeriod("period", period.label, "has days but no zone: use Period.in_zone")
    counts = Counter(_verdict(result, period) for result in _cycles(results))
    met, breached, excused = counts[MET], counts[BREACHED], counts[EXCUSED]
    percentage = rate(met, breached)
    steps = (
        Step("met", "stopped in the period, at or before the due instant", met),
        Step("breached", "due instant passed in the period, not excused", breached),
        Step("excused", "breached in the period and excused: not part of the rate", excused),
        Step("running", "begun before the end of the period and not decided in it", counts[RUNNING]),
        Step("rate", _formula(met, breached), percentage),
    )
    return Compliance(met, breached, excused, counts[RUNNING], percentage, steps)


def rate(met, breached):
    """Percent kept, to two places, half up; but never 100.00 beside a breach, nor 0.00 beside a kept promise.

    >>> rate(99995, 5), rate(1, 99999), rate(2, 1)
    (Decimal('99.99'), Decimal('0.01'), Decimal('66.67'))
    """
    if not met + breached:
        return None
    exact = Decimal(met * 100) / Decimal(met + breached)
    rounded = exact.quantize(_HUNDREDTH, ROUND_HALF_UP)
    if breached:
        rounded = min(rounded, 100 - _HUNDREDTH)
    return max(rounded, _HUNDREDTH) if met else rounded


def _formula(met, breached):
    return f"{met} met of {met + breached} decided" if met + breached else "n/a: nothing was due"


def _cycles(results):
    for result in results:
        yield from getattr(result, "previous", ())
        yield result


def _verdict(result, period):
    """Under which count a clock falls in the period; None where it falls to another."""
    state = result.state
    if state not in STATES:
        raise BadOption("state", state, STATES)
    if state == CANCELLED:
        return None
    started = getattr(result, "started_at", None)
    if state in (RUNNING, PAUSED):
        return RUNNING if started is None or started < period.end else None
    decided = result.stopped_at if state == MET else result.due_at
    if decided >= period.end:
        return RUNNING if started is not None and started < period.end else None
    if decided < period.start:
        return None
    return EXCUSED if state == BREACHED and getattr(result, "excused", False) else state
