"""What one component costs, before and after its own limits; the shape that events and figures share."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .errors import MissingBasis
from .penalty_reading import NOTHING, not_negative
from .penalty_steps import plain
from .penalty_terms import FIXED, OF_FEE


@dataclass(slots=True)
class Cost:
    """``component``: as read, with exact numbers. ``amount``: what it costs so far; ``uncapped``: the same without any
    cap. ``parts``: [(count, weight), ...], whole numbers: how the amount lies on the events, for the event cap; empty
    where it does not. ``keys``: {(event key, weight): count} where the clause compares components event by event;
    ``ceiling``: the weight above which the event cap cut, or None. ``count``: events that cost something.
    """

    component: Any
    amount: Fraction
    detail: str
    parts: tuple = ()
    keys: dict | None = None
    ceiling: Fraction | None = None
    count: int = 0
    figure: Fraction | None = None
    uncapped: Fraction = NOTHING

    @property
    def key(self):
        return self.component.key

    @property
    def name(self):
        return self.component.name


@dataclass(slots=True)
class Basis:
    """What percentages are taken of: the period's ``fee``, the contract's ``value``, the ``at_risk`` amount or None.
    ``payable``: the unit that is paid.
    """

    fee: Fraction
    value: Fraction | None
    payable: Decimal
    at_risk: Fraction | None = None

    @classmethod
    def of(cls, clause, fee, value):
        """Of a clause as read; ``fee`` and ``value`` (None: not known) as given. Below zero: `BadAmount`."""
        basis = cls(not_negative(fee, "fee"), None if value is None else not_negative(value, "value"), clause.payable)
        if clause.at_risk is not None:
            basis.at_risk = basis.limit(clause.at_risk, "at_risk")
        return basis

    def limit(self, cap, field):
        """The amount of a cap as read. Raises `MissingBasis` for a percent of a contract's value that is not known."""
        if cap.base == FIXED:
            return cap.value
        if cap.base == OF_FEE:
            return cap.value * self.fee
        if self.value is None:
            raise MissingBasis(field, f"{plain(cap.value * 100)} % of the contract's value")
        return cap.value * self.value

    def ceiling(self, amount):
        """The most that can be paid without passing ``amount``: what is above a cap is never paid for a rounding."""
        unit, parts = self.payable.as_integer_ratio()
        numerator, denominator = amount.as_integer_ratio()
        units, rest = divmod(numerator * parts, denominator * unit)
        return Fraction(units * unit, parts) if rest else amount

    def whole(self, component):
        """What 100 % of a component's rate is: the fee, or its part of the at-risk amount."""
        if self.at_risk is None or component.weight is None:
            return self.fee
        return self.at_risk * component.weight
