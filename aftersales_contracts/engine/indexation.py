"""Prices that follow an index series, by one of two methods, within caps and floors.

``base``: the first price times index over base index; ``chained``: the last price times index over the index
before. Without bounds and rounding both give the same; the base method catches up after a year in which the
cap held it back, the chained one does not. A missing value blocks, and so does a provisional one unless the
clause takes it: the engine never guesses.

>>> series = Series("CPI", {"2024": Decimal("105.65"), "2025": Decimal("110.5"), "2026": Decimal("114.25")})
>>> clause = IndexClause("2024", method="base")
>>> [str(revision.price) for revision in index_price(Decimal(1000), clause, series, ["2025", "2026"]).revisions]
['1045.91', '1081.40']
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .days import require_choice
from .errors import BadAmount, BadTerms, MissingIndex
from .explanation import Step
from .money import exact, round_money

BASE, CHAINED = METHODS = ("base", "chained")
EACH_STEP, AT_THE_END = ROUND_AT = ("step", "end")


@dataclass(frozen=True)
class Series:
    """Index values by period (any sortable key such as "2026" or "2026-03"); ``provisional``: the periods whose
    value is not final."""

    name: str
    values: Mapping
    provisional: frozenset = frozenset()

    def value(self, period, accept_provisional=False):
        """The value of ``period`` as a Fraction. Raises `MissingIndex`; `BadAmount` for one not above zero."""
        if period not in self.values or self.values[period] is None:
            raise MissingIndex(f"index {self.name}", period)
        if period in self.provisional and not accept_provisional:
            raise MissingIndex(f"index {self.name}", period, "is provisional: wait for the final value")
        value = exact(self.values[period], f"index {self.name}")
        if value <= 0:
            raise BadAmount(f"index {self.name}", str(self.values[period]), "is not above zero")
        return value


@dataclass(frozen=True)
class IndexClause:
    """``base``: the period of the price agreed. ``cap``, ``floor``: percent by which a price may rise or must
    (a negative floor: may fall) from one revision to the next; ``cap_over_term``: over all of them.
    ``round_at``: "step": the rounded price is carried on, "end": the exact one."""

    base: object
    method: str = CHAINED
    cap: Decimal | None = None
    floor: Decimal | None = None
    cap_over_term: Decimal | None = None
    rounding: Decimal = Decimal("0.01")
    round_at: str = EACH_STEP
    accept_provisional: bool = False

    def __post_init__(self):
        require_choice(self.method, "method", METHODS)
        require_choice(self.round_at, "round_at", ROUND_AT)
        if self.cap is not None and self.floor is not None and self.floor > self.cap:
            raise BadTerms("floor", str(self.floor), f"is above the cap of {self.cap} percent")
        if self.floor is not None and self.floor <= -100:
            raise BadTerms("floor", str(self.floor), "would let the price fall to nothing")


@dataclass(frozen=True)
class Revision:
    """The price from one index value on; ``bound``: cap, floor, cap_over_term, or None where none held."""

    period: object
    price: Decimal
    bound: str | None


@dataclass(frozen=True)
class Indexation:
    """``revisions`` in order, the last ``price``, and the ``inputs`` used: (period, value) pairs."""

    revisions: tuple
    price: Decimal
    inputs: tuple
    steps: tuple = field(repr=False)


def index_price(price, clause, series, periods):
    """The `Indexation` of ``price`` (agreed for ``clause.base``) over the revisions of ``periods``, in order."""
    keys = (clause.base, *periods)
    values = [series.value(key, clause.accept_provisional) for key in keys]
    agreed = carried = exact(price, "price")
    steps = [Step("agreed", f"{series.name} {clause.base} = {series.values[clause.base]}", price)]
    revisions = []
    for before, now, key in zip(values, values[1:], periods, strict=False):
        indexed = agreed * now / values[0] if clause.method == BASE else carried * now / before
        bounded, bound = _bounded(indexed, carried, agreed, clause)
        rounded = round_money(bounded, clause.rounding)
        carried = Fraction(rounded) if clause.round_at == EACH_STEP else bounded
        revisions.append(Revision(key, rounded, bound))
        detail = f"{series.name} {key} = {series.values[key]}, {clause.method} method"
        steps.append(Step("indexed", detail, round_money(indexed, clause.rounding)))
        if bound:
            steps.append(Step(bound, f"{getattr(clause, bound)} percent", rounded))
    last = revisions[-1].price if revisions else round_money(agreed, clause.rounding)
    inputs = tuple((key, series.values[key]) for key in keys)
    return Indexation(tuple(revisions), last, inputs, tuple(steps))


def _bounded(indexed, carried, agreed, clause):
    """``indexed`` within the bounds, and which one held. The cap over the term is the last word."""
    bound = None
    if clause.cap is not None and indexed > _percent_on(carried, clause.cap):
        indexed, bound = _percent_on(carried, clause.cap), "cap"
    if clause.floor is not None and indexed < _percent_on(carried, clause.floor):
        indexed, bound = _percent_on(carried, clause.floor), "floor"
    if clause.cap_over_term is not None and indexed > _percent_on(agreed, clause.cap_over_term):
        indexed, bound = _percent_on(agreed, clause.cap_over_term), "cap_over_term"
    return indexed, bound


def _percent_on(amount, percent):
    return amount * (1 + exact(percent, "percent") / 100)


def revised_inputs(indexation, series):
    """(period, value used, value now) where the publisher changed a value after it was used.

    >>> series = Series("CPI", {"2024": Decimal(100), "2025": Decimal(102)})
    >>> used = index_price(Decimal(10), IndexClause("2024"), series, ["2025"])
    >>> revised_inputs(used, Series("CPI", {"2024": Decimal(100), "2025": Decimal("102.1")}))
    (('2025', Decimal('102'), Decimal('102.1')),)
    """
    pairs = ((period, used, series.values.get(period)) for period, used in indexation.inputs)
    return tuple(row for row in pairs if row[1] != row[2])
