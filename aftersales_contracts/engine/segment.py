"""A customer's discounted lifetime value, and the segment it falls into.

CLTV = sum over t of P(t) x R(t) / (1 + i)^t: profit times retention in period t, discounted at i a period. The
source names the symbols only; we read P as profit, R as the share retained, and t as counted from 1 (a
customer may set ``first`` to 0). The inputs stay with the result, so that anybody can reckon it again.

>>> value = lifetime_value([(Decimal(1000), Decimal("0.9")), (Decimal(1000), Decimal("0.8"))], Decimal("0.10"))
>>> value.amount, segment(value.amount, [(Decimal(0), "low_frequency"), (Decimal(1000), "high_value")]).name
(Decimal('1479.34'), 'high_value')
"""

from dataclasses import dataclass, field
from decimal import Decimal

from .days import require_count
from .errors import BadAmount, BadTerms
from .explanation import Step
from .money import exact, round_money


@dataclass(frozen=True)
class LifetimeValue:
    """``amount``, rounded once; ``flows``: the (profit, retention) pairs, and the ``rate`` it came from."""

    amount: Decimal
    flows: tuple
    rate: Decimal
    first: int
    steps: tuple = field(repr=False)


@dataclass(frozen=True)
class Segment:
    """``threshold``: the value from which the segment holds."""

    name: str
    threshold: Decimal
    steps: tuple = field(repr=False)


def lifetime_value(flows, rate, first=1, rounding=Decimal("0.01")):
    """The `LifetimeValue` of ``flows``: (profit, retention 0 to 1) of periods ``first``, ``first`` + 1, ...

    ``rate``: discount per period, above -1 (0.10 is ten percent).
    """
    require_count(first, "first", 0)
    growth = 1 + exact(rate, "rate")
    if growth <= 0:
        raise BadAmount("rate", str(rate), "is not a discount rate above -1")
    total, steps, flows = 0, [], tuple((profit, retention) for profit, retention in flows)
    for number, (profit, retention) in enumerate(flows, first):
        if not 0 <= exact(retention, "retention") <= 1:
            raise BadAmount("retention", str(retention), "is not a share from 0 to 1")
        value = exact(profit, "profit") * exact(retention) / growth**number
        total += value
        detail = f"period {number}: {profit} x {retention} / (1 + {rate})^{number}"
        steps.append(Step("flow", detail, round_money(value, rounding)))
    amount = round_money(total, rounding)
    steps.append(Step("lifetime value", f"{len(flows)} periods", amount))
    return LifetimeValue(amount, flows, rate, first, tuple(steps))


def segment(value, thresholds):
    """The `Segment` of ``value``: that of the highest of ``thresholds`` ((from, name) pairs) not above it.

    A value below all of them belongs to the lowest. No threshold, or two alike, raise `BadTerms`.
    """
    ordered = sorted(thresholds, key=lambda row: exact(row[0], "thresholds"))
    amounts = [exact(amount) for amount, _name in ordered]
    if not ordered or len(set(amounts)) < len(amounts):
        raise BadTerms("thresholds", [str(amount) for amount, _name in ordered], "are none, or two are alike")
    amount, name = max((row for row in ordered if exact(row[0]) <= exact(value)), default=ordered[0])
    return Segment(name, amount, (Step("segment", f"{value} against a threshold of {amount}: {name}", value),))
