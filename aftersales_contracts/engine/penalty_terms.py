"""What a penalty clause says and what was measured: the plain values that ``engine.penalty.assess`` works on.

Amounts are Decimals of the clause's currency, percentages are Decimals out of 100 (``Decimal(10)`` is 10 %), quantities
are exact numbers (Decimal, int or Fraction), lateness is whole seconds of working time. A bonus is a penalty turned
round: its component says ``bonus=True`` and its amounts count against the penalty.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

# Kinds of a component. What each reads: F a figure, E events.
BANDS = "bands"  # F: credit by the band in which the measured figure lies
PER_BREACH = "per_breach"  # E: a rate for each event
PER_UNIT = "per_unit"  # E: a rate for each unit of lateness, started, completed or exact
PER_POINT = "per_point"  # F: a rate for each point that the figure misses its target by
BY_COUNT = "by_count"  # E: tiers on the number of events
POINTS = "points"  # E: points by severity less a free allowance, a rate for each point
PROPORTIONAL = "proportional"  # F: the fee times the missing part of the target
KINDS = (BANDS, PER_BREACH, PER_UNIT, PER_POINT, BY_COUNT, POINTS, PROPORTIONAL)
ON_FIGURE = frozenset({BANDS, PER_POINT, PROPORTIONAL})

AMOUNT, PERCENT = RATE_BASES = ("amount", "percent")  # a sum of money, or percent of the period's fee
STARTED, COMPLETED, EXACT = UNIT_RULES = ("started", "completed", "exact")
MARGINAL, SLAB, LUMP = COUNT_RULES = ("marginal", "slab", "lump")
DEDUCT, THRESHOLD = GRACE_RULES = ("deduct", "threshold")  # lateness beyond the grace only, or all of it once beyond
GOOD, REMOVED = EXCUSED_RULES = ("good", "removed")  # excused counts as good, or is taken out of the period
SUM, HIGHEST, LOWEST, HIGHEST_PER_EVENT = COMBINATIONS = ("sum", "highest", "lowest", "highest_per_event")
LOST, CARRIED = EXCESS_RULES = ("lost", "carried")
RAISE, DROP = MINIMUM_RULES = ("raise", "drop")
PER_LINE, TOTAL = ROUNDING_RULES = ("line", "total")
FIXED, OF_FEE, OF_VALUE = CAP_BASES = ("amount", "fee", "value")  # value: of the contract


@dataclass(frozen=True)
class Tier:
    """From ``bound`` on (half-open: up to the next tier's bound) counts ``rate``, in the component's ``base``.

    For bands on a figure where high is good, ``bound`` is the figure *below* which the tier counts, the largest first:
    99.9 -> 10, 99.0 -> 25 means that 99.0 <= figure < 99.9 gives 10 and less than 99.0 gives 25.
    For counts: the number of events from which it counts, the smallest first (one bound per tier, never two).
    """

    bound: Decimal
    rate: Decimal


@dataclass(frozen=True)
class Cap:
    """At most ``value``: an amount, or percent of the period's ``fee`` or of the contract's ``value``."""

    value: Decimal
    base: str = FIXED


@dataclass(frozen=True)
class Component:
    """One measure of a clause and what missing it costs. Only the fields that its ``kind`` reads are used.

    ``key``: stable name; ``name``: for people. ``rate`` in ``base``. ``unit_seconds``: length of a unit of lateness;
    ``unit_rule`` how parts of it count. ``target``: the figure promised (equal is no breach); ``high_is_good``: False
    for figures such as hours down. ``digits``: the figure is rounded to so many decimals before it is compared, half
    away from zero; None: exact. ``grace``: seconds of lateness (events) or points of the figure; ``deductible``: so
    much of the component's amount is borne by the other side. ``event_cap``, ``cap``: of one event, of the component.
    ``free``: events (by_count, per_breach) or points (points) that cost nothing. ``severities``: {severity: points}.
    ``weight``: its part, in percent, of the at-risk amount where the clause has one; None: none.
    ``multipliers``: for the 1st, 2nd, 3rd ... consecutive period with a penalty of this component, the last one stays.
    """

    key: str
    name: str
    kind: str
    base: str = PERCENT
    rate: Decimal = Decimal(0)
    tiers: tuple = ()
    unit_seconds: int = 3600
    unit_rule: str = STARTED
    count_rule: str = SLAB
    target: Decimal | None = None
    high_is_good: bool = True
    digits: int | None = None
    grace: Decimal = Decimal(0)
    grace_rule: str = DEDUCT
    deductible: Decimal = Decimal(0)
    event_cap: Cap | None = None
    cap: Cap | None = None
    free: int = 0
    severities: tuple = ()  # ((severity, points), ...)
    weight: Decimal | None = None
    multipliers: tuple = ()
    bonus: bool = False


@dataclass(frozen=True)
class EarnBack:
    """Penalties are returned when a later period is good enough.

    ``component``: whose figure decides; ``figure``: what it must reach; ``strict``: exceed it; ``window``: within so
    many periods after the one that was penalised (None: without end, which the lint reports); ``percent`` returned.
    """

    component: str
    figure: Decimal
    window: int | None
    strict: bool = False
    percent: Decimal = Decimal(100)


@dataclass(frozen=True)
class Clause:
    """A penalty clause. ``reference`` names clause and version in the steps, such as "PC-7 v2".

    ``combine``: how its components come together. ``at_risk``: the amount that the weights divide (percent of fee or
    an amount); None: rates stand for themselves. ``excused``: excused events and time count as good, or leave the
    period. ``carry``: what the period cap cuts is lost, or carried to the next period. ``minimum``: what is smaller is
    raised to it, or dropped. ``grace_until``: no penalty for periods that begin before that day. ``currency_rounding``:
    of the currency; ``payable``: unit that is paid, such as 0.05; ``rounding``: per line, or once on the total.
    ``bonus_cap`` of the period; ``bonus_excludes``: no bonus in a period with a penalty.
    """

    reference: str
    components: tuple
    combine: str = SUM
    at_risk: Cap | None = None
    excused: str = REMOVED
    period_cap: Cap | None = None
    carry: str = LOST
    minimum: Decimal = Decimal(0)
    minimum_rule: str = DROP
    earn_back: EarnBack | None = None
    yearly_cap: Cap | None = None
    contract_cap: Cap | None = None
    bonus_cap: Cap | None = None
    bonus_excludes: bool = True
    grace_until: date | None = None
    currency_rounding: Decimal = Decimal("0.01")
    payable: Decimal | None = None
    rounding: str = TOTAL


@dataclass(frozen=True)
class Event:
    """``count`` failures alike. ``key``: the failure that it belongs to (a request, an outage): `highest_per_event`
    counts the dearest component of each key. ``late``: seconds of working time beyond the promise, of each;
    ``severity``: a name of the component's ``severities``; ``excused``: why it does not count, or None.
    """

    key: str
    late: int = 0
    severity: str = ""
    excused: str | None = None
    count: int = 1


@dataclass(frozen=True)
class Figure:
    """A measured figure, such as 98.75. ``value`` None: nothing was measured, so there is no amount.

    With ``good`` and ``total`` (what the figure was counted from, as 79 of 80) the value is exact: 100 * good / total,
    or 100 * (total - good) / total where low is good. ``excused`` of the total, with a reason each, count as good or
    leave the total, as the clause says.
    """

    value: Decimal | Fraction | None = None
    good: int | None = None
    total: int | None = None
    excused: tuple = ()  # ((number, reason), ...)


@dataclass(frozen=True)
class Measures:
    """What one period brought. ``figures``: {component key: `Figure`}; ``events``: {component key: (`Event`, ...)}; a
    component on events without an entry was not measured; with an empty one it was, and nothing failed.

    ``value``: of the contract, for caps that are percent of it; None where no cap is.
    """

    start: date
    end: date  # exclusive
    figures: dict = field(default_factory=dict)
    events: dict = field(default_factory=dict)
    value: Decimal | None = None


@dataclass(frozen=True)
class Penalised:
    """An earlier penalty that may still be earned back. ``periods_ago``: 1 is the period before."""

    key: str
    amount: Decimal
    periods_ago: int


@dataclass(frozen=True)
class Ledger:
    """Running totals before this period, net of what was returned. ``year``: of the contract year of the period;
    ``contract``: since it began; ``carried``: excess of the period before; ``misses``: {component key: consecutive
    periods with a penalty until now}; ``penalised``: for earn-back, oldest first, each once."""

    year: Decimal = Decimal(0)
    contract: Decimal = Decimal(0)
    carried: Decimal = Decimal(0)
    misses: dict = field(default_factory=dict)
    penalised: tuple = ()


@dataclass(frozen=True)
class PenaltyLine:
    """What one component (or one rule of the clause: ``component`` empty) adds to the amount; lines sum to the total.

    ``kind``: penalty, bonus, carried, capped, minimum, earned_back or rounding. ``count``: events that cost something.
    ``amount``: positive in favour of who receives the penalty."""

    component: str
    kind: str
    detail: str
    amount: Decimal
    count: int = 0
    figure: Decimal | Fraction | None = None


@dataclass(frozen=True)
class Penalty:
    """``amount``: to be paid, rounded, negative for a bonus; None where nothing was measured. ``uncapped``: what it
    would be without any cap; ``capped``: whether a cap cut something. ``carried``: excess for the next period.
    ``returned``: earned back of earlier penalties, part of the amount. ``misses``: for the next ledger. ``lines`` sum
    to ``amount``; ``steps`` say how, in the order of evaluation."""

    amount: Decimal | None
    uncapped: Decimal | None
    capped: bool
    steps: tuple = field(repr=False)
    lines: tuple = ()
    carried: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)
    bonus: Decimal = Decimal(0)
    misses: dict = field(default_factory=dict)
    earned: tuple = ()  # keys of `Penalised` that were earned back
