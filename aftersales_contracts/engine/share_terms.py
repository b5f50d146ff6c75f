"""What a share rule says and what a period brought: the plain values that ``engine.revenue_share.share`` works on.

Seen from the dealer: an amount above zero is what the dealer receives, one below zero what the dealer pays. Amounts are
Decimals of the settlement's currency, percentages are Decimals out of 100 (``Decimal(10)`` is 10 %), quantities are
exact numbers (Decimal, int or Fraction). Days are dates; what is in force "from" a day is so on that day.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

# What a component is a share of.
REVENUE = "revenue"  # percent of the line's amount before taxes
MARGIN = "margin"  # percent of the amount less its cost as of the line's day; below zero it counts as it is
PER_JOB = "job"  # a sum for each job, however many lines it has
PER_UNIT = "unit"  # a sum for each unit of the line's quantity
USAGE = "usage"  # a sum for each unit of the quantity used, by brackets where there are some
BASES = (REVENUE, MARGIN, PER_JOB, PER_UNIT, USAGE)
OF_MONEY = frozenset({REVENUE, MARGIN})

RECEIVES, PAYS = DIRECTIONS = ("receives", "pays")  # the dealer receives the share, or pays it to the maker
MARGINAL, SLAB = BRACKET_RULES = ("marginal", "slab")  # each part at its bracket's rate, or the whole at the last one's
PERIOD, MONTH, QUARTER, YEAR = ACCUMULATIONS = ("period", "month", "quarter", "year")
PER_LINE, TOTAL = ROUNDING_RULES = ("line", "total")
CARRY, CHARGE = NEGATIVE_RULES = ("carry", "charge")  # a balance below zero is carried forward, or claimed at once
BRAND_ON = ("revenue", "share", "amount")  # percent of the revenue, percent of the share, or a sum a period

# Kinds of a settled line, in the order in which a settlement takes them.
(
    SHARE, RETROACTIVE, BONUS, CAP, GUARANTEE, BRAND_FEE, PENALTY, WITHHOLDING, RELEASED, REIMBURSEMENT, CARRIED_IN,
    CARRIED_FORWARD,
) = LINE_KINDS = (
    "share", "retroactive", "bonus", "cap", "guarantee", "brand_fee", "penalty", "withholding", "released",
    "reimbursement", "carried_in", "carried_forward",
)


@dataclass(frozen=True)
class Bracket:
    """From ``bound`` on (half-open: up to the next bracket's bound) counts ``rate``. The first bound is 0."""

    bound: Decimal
    rate: Decimal


@dataclass(frozen=True)
class Rate:
    """What counts from ``start`` on (None: always), until a later one does.

    One of: ``value`` alone; ``value`` with ``hit``: a differential rate, ``hit`` where the standard was met and
    ``value`` where it was not (a line of which nobody knows gets ``value`` and a warning); ``brackets`` instead.
    """

    start: date | None = None
    value: Decimal | None = None
    hit: Decimal | None = None
    brackets: tuple = ()


@dataclass(frozen=True)
class Payout:
    """How much of a component's share (or of a bonus) is paid out, by a measured figure such as compliance.

    ``bands``: `Bracket`s whose ``bound`` is the figure reached and whose ``rate`` the percent paid out; where high is
    good the smallest bound first, else the largest first. Short of the first bound: nothing. ``minimum``: the least
    number of cases that the figure must stand on; below it, and where nothing was measured, ``otherwise`` percent is
    paid out, and a warning says so.
    """

    measure: str
    bands: tuple
    high_is_good: bool = True
    minimum: int = 1
    otherwise: Decimal = Decimal(100)


@dataclass(frozen=True)
class Component:
    """One share: which lines earn it, of what, at which rates. A line earns the one component that fits it closest.

    ``kinds``, ``products``, ``categories``: what lines it is for; empty: all. Closest: by product, then the nearest
    category of the line's path, then kind, then all lines. Two equally close on one day are a contradiction. ``start``
    and ``end`` (exclusive): the days of lines that it is for (a later version of the rule begins where one ends).
    ``rates``: each from its own day on; before the first there is no rate, and the line shows 0.00 with a warning.
    ``bracket_rule`` and ``accumulate``: how the brackets of its rates count, over which span of calendar days the
    volume adds up. ``retroactive``: with the whole-amount rule, reaching a bracket reprices what was settled before in
    that span, too: the difference is a line of its own.
    """

    key: str
    name: str
    basis: str = REVENUE
    direction: str = RECEIVES
    rates: tuple = ()
    kinds: frozenset = frozenset()
    products: frozenset = frozenset()
    categories: frozenset = frozenset()
    start: date | None = None
    end: date | None = None
    bracket_rule: str = MARGINAL
    accumulate: str = PERIOD
    retroactive: bool = False
    payout: Payout | None = None


@dataclass(frozen=True)
class BrandFee:
    """What the dealer pays for the brand. ``value``: percent of the period's revenue or of the share, or a sum."""

    value: Decimal
    base: str = "revenue"


@dataclass(frozen=True)
class Bonus:
    """A sum, or percent of the share, paid out by a figure where ``payout`` says so."""

    name: str
    value: Decimal
    percent: bool = False
    payout: Payout | None = None


@dataclass(frozen=True)
class Rule:
    """A share rule. ``reference`` names it and its version in the steps, such as "SR-3 v2".

    ``rounding``: each share line by itself, or as the difference of the rounded running total of its component, so that
    cutting a line in two changes nothing (shares by marginal brackets always are). ``currency_rounding``: of the
    currency; ``payable``: the unit that is paid, such as 1 for whole TWD; every line is a multiple of it. ``cap`` and
    ``guarantee``: the most and the least that the shares of a period come to; the guarantee holds where nothing was
    sold, too. ``withholding``: percent kept back of what is above zero after penalties. ``negative``: what becomes of a
    balance below zero. ``split``: ((payee, percent), ...) of what is paid, together 100; empty: all to the dealer.
    """

    reference: str
    components: tuple
    rounding: str = PER_LINE
    currency_rounding: Decimal = Decimal("0.01")
    payable: Decimal | None = None
    cap: Decimal | None = None
    guarantee: Decimal | None = None
    brand_fee: BrandFee | None = None
    bonuses: tuple = ()
    withholding: Decimal = Decimal(0)
    negative: str = CARRY
    split: tuple = ()


@dataclass(frozen=True)
class Origin:
    """The line that a refund or a late change takes from, as it was settled.

    ``base``: its amount as `Line.base` has it; ``share``: what it earned, all its payments together. ``taken_base`` and
    ``taken_share``: what refunds of earlier settlements took of it (below zero for a line above zero); those of the
    same settlement add up by themselves. Of a line of the same settlement only ``key`` and ``base`` count, the rest is
    what that line earns; it comes before its refunds. ``settled``: first day of the period in which it was settled
    (None: the refund's rate day); a volume for brackets loses what is refunded only in the span in which it counted.
    """

    key: str
    component: str
    base: Decimal
    share: Decimal
    taken_base: Decimal = Decimal(0)
    taken_share: Decimal = Decimal(0)
    settled: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One item of revenue, a dealer's part of it.

    ``base``: amount before taxes in its own currency, below zero for refunds; ``fx``: units of the settlement's
    currency for one of its own; ``cost``: in its own currency, of the whole line, as of ``day``; None: not known, which
    for a share of the margin is a warning. ``day``: of the fact; one before the period is late; ``rate_day``: whose
    rate counts, else ``day``. ``kind``, ``product``, ``categories`` (from the nearest up to the root) say what it is.
    ``job``: lines with the same one are one job. ``standard_met``: for differential rates. ``origin``: of a refund.
    ``paid``: (part of it paid before, part of it paid now), exact numbers from 0 to 1, where what is paid counts; it
    comes again with every payment and earns the difference. ``shared``: what its earlier payments earned, where that
    may differ from what they would earn now (another rate since); None: it does not.
    """

    key: str
    day: date
    base: Decimal
    quantity: Decimal | Fraction = Decimal(1)
    cost: Decimal | None = None
    fx: Decimal | Fraction = Decimal(1)
    kind: str = ""
    product: str = ""
    categories: tuple = ()
    job: str = ""
    rate_day: date | None = None
    standard_met: bool | None = None
    origin: Origin | None = None
    paid: tuple | None = None
    shared: Decimal | None = None


@dataclass(frozen=True)
class Measured:
    """A figure that payouts go by. ``value`` None: nothing was measured; ``sample``: the cases that it stands on."""

    value: Decimal | Fraction | None
    sample: int = 0


@dataclass(frozen=True)
class Item:
    """A sum that is settled together with the shares. ``amount`` above zero: the dealer receives it."""

    key: str
    name: str
    amount: Decimal


@dataclass(frozen=True)
class Facts:
    """Beside the lines. ``figures``: {measure: `Measured`}; ``penalties``: `Item`s with amounts below zero (a bonus
    above); ``released``: `Item`s held back by a dispute earlier and settled now. ``part``: of a full period, for the
    guarantee, the brand fee that is a sum, and bonuses that are sums, where the agreement began or ended within it.
    ``totals``: {component key: what its lines of this period come to, as `Volume`}; only for who adds lines one by one
    under whole-amount brackets. ``reimbursements``: `Item`s of work that the dealer is owed beside its shares, such as
    for warranty claims (below zero: taken back); no cap, guarantee, brand fee or withholding counts them."""

    figures: dict = field(default_factory=dict)
    penalties: tuple = ()
    released: tuple = ()
    part: Fraction = Fraction(1)
    totals: dict = field(default_factory=dict)
    reimbursements: tuple = ()


@dataclass(frozen=True)
class Volume:
    """What a component with brackets has come to: ``base`` (money or units, exact) and the ``share`` of it."""

    base: Decimal | Fraction = Decimal(0)
    share: Decimal = Decimal(0)


@dataclass(frozen=True)
class Carried:
    """What comes from earlier periods. ``amount``: below zero, what the dealer owes; ``volumes``: what the settlement
    before returned as such; ``until``: the day on which its period ended (exclusive; None: the day on which this one
    begins), so that volumes of a span that is over are left out; ``jobs``: those that were paid already."""

    amount: Decimal = Decimal(0)
    volumes: dict = field(default_factory=dict)
    jobs: frozenset = frozenset()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class SettledLine:
    """One line of a settlement; all of them sum to its total. ``kind``: one of LINE_KINDS. ``key``: of the line or item
    that it is for; ``component``: its key. ``base``: in the settlement's currency (or units), exact; ``rate``: that was
    applied, None where several were. ``amount``: a multiple of the payable unit. ``late``: the fact is of an earlier
    period. ``warning``: a word of WARNINGS, or empty."""

    kind: str
    key: str
    component: str
    base: Decimal | Fraction
    rate: Decimal | None
    amount: Decimal
    late: bool = False
    warning: str = ""


# Why a line shows what it shows.
NO_COMPONENT, NO_RATE, NO_COST, NO_STANDARD, NO_FIGURE, FEW_CASES = WARNINGS = (
    "no_component", "no_rate", "no_cost", "no_standard", "no_figure", "few_cases",
)


@dataclass(frozen=True)
class Settlement:
    """``lines`` sum to ``total``, what is paid now (below zero only where the rule charges at once).
    ``carried_forward`` is zero or below: what the dealer owes to the next period. ``volumes``: {component key:
    `Volume`} with this period, for the next one. ``split``: ((payee, amount), ...), sums to ``total``. ``warnings``:
    ((word, line key), ...), each line once; of a figure, the component's key or the bonus's name instead. ``steps`` say
    how, in the order of evaluation."""

    lines: tuple
    total: Decimal
    carried_forward: Decimal
    steps: tuple = field(repr=False)
    volumes: dict = field(default_factory=dict)
    split: tuple = ()
    warnings: tuple = ()
