"""What usage costs: a tariff of tiers with an allowance, a minimum commitment and a base fee, rated once for a period.

The order is: what is used, less the allowance, by tiers; raised to the minimum; plus the base fee. Allowance, minimum
and base fee are of a full period and shrink with a part of one; the bounds of the tiers do so only where the tariff
says it. Prices may have more decimals than the currency: amounts stay exact to the end and are rounded once, so that
the lines sum to the total. How often a meter was read changes nothing, for a period is rated as a whole.

>>> pages = Tariff((Tier(0, Decimal("0.05")), Tier(1000, Decimal("0.04"))), allowance=Decimal(500))
>>> rated = rate_usage(pages, Decimal(2000))
>>> [(line.kind, str(line.quantity), str(line.amount)) for line in rated.lines], str(rated.total)
([('allowance', '500', '0.00'), ('tier', '1000', '50.00'), ('tier', '500', '20.00')], '70.00')
>>> str(rate_later(pages, Decimal(2100), billed=rated.total).total)
'4.00'
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .days import require_choice
from .errors import BadAmount, BadTiers
from .explanation import Step
from .money import exact, round_all, round_money
from .penalty_terms import MARGINAL, SLAB, Tier
from .tiers import check_tiers, marginal, slab

RULES = (MARGINAL, SLAB)
AMOUNT, QUANTITY = MINIMUMS = ("amount", "quantity")
# Kinds of a line.
ALLOWANCE, TIER, MINIMUM, BASE_FEE, LATER = KINDS = ("allowance", "tier", "minimum", "base_fee", "later")


@dataclass(frozen=True)
class Tariff:
    """``tiers``: `Tier`s, the first one from 0, bounds rising; ``rate`` is the price of a unit from ``bound`` on, in
    units beyond the allowance. ``rule``: marginal, each unit at the price of its tier; slab, all units at the price of
    the tier in which the last one lies. ``allowance``: units that cost nothing. ``minimum``: the least that usage
    costs, an amount, or with ``minimum_in`` quantity what so many units beyond the allowance cost. ``base_fee``: beside
    the usage, in any case. ``prorated_bounds``: the bounds shrink with a part of a period too.
    """

    tiers: tuple
    rule: str = MARGINAL
    allowance: Decimal = Decimal(0)
    minimum: Decimal = Decimal(0)
    minimum_in: str = AMOUNT
    base_fee: Decimal = Decimal(0)
    prorated_bounds: bool = False
    rounding: Decimal = Decimal("0.01")

    def __post_init__(self):
        require_choice(self.rule, "rule", RULES)
        require_choice(self.minimum_in, "minimum_in", MINIMUMS)
        for name in ("allowance", "minimum", "base_fee"):
            _positive(getattr(self, name), name)
        for tier in check_tiers(self.tiers):
            _positive(tier.rate, "rate")
        if self.tiers[0].bound != 0:
            raise BadTiers("tiers", [str(tier.bound) for tier in self.tiers], "do not begin at 0")


class RatedLine(NamedTuple):
    """``quantity``: an exact number of units, None for sums; ``price``: of a unit, None for sums; lines of the
    allowance cost nothing."""

    kind: str
    quantity: Fraction | None
    price: Decimal | None
    amount: Decimal


@dataclass(frozen=True)
class Rated:
    """``lines`` sum to ``total``, which was rounded once; ``steps`` say how, in the order of evaluation."""

    lines: tuple
    total: Decimal
    steps: tuple


def rate_usage(tariff, quantity, share=Fraction(1)):
    """The `Rated` usage of a period: ``quantity`` units in all, ``share`` (0 to 1) of a full period.

    Raises `BadAmount` for a quantity below zero and for a share outside 0 to 1.
    """
    quantity, share = _positive(quantity, "quantity"), _positive(share, "share")
    if share > 1:
        raise BadAmount("share", str(share), "is more than a full period")
    free = min(quantity, exact(tariff.allowance) * share)
    parts = [(ALLOWANCE, free, Decimal(0), Fraction(0))] if free else []
    used = _by_tiers(tariff, quantity - free, share)
    parts += [(TIER, part.quantity, part.tier.rate, part.amount) for part in used]
    short = _least(tariff, share) - sum(amount for *_rest, amount in parts)
    if short > 0:
        parts.append((MINIMUM, None, None, short))
    if tariff.base_fee and share:
        parts.append((BASE_FEE, None, None, exact(tariff.base_fee) * share))
    return _rated(tariff, parts, share)


def rate_later(tariff, quantity, billed, share=Fraction(1)):
    """What is left to bill of a period that was billed at ``billed``, now that ``quantity`` units are known of it.

    The whole period is rated anew; the line is the difference, negative where less was used than was billed.
    """
    anew = rate_usage(tariff, quantity, share)
    amount = anew.total - round_money(billed, tariff.rounding)
    steps = (*anew.steps, Step("billed_before", f"{quantity} units now", -billed), Step("difference", "", amount))
    return Rated((RatedLine(LATER, None, None, amount),), amount, steps)


def sure_amount(tariff, share=Fraction(1)):
    """What a period costs in which nothing is used: minimum and base fee."""
    return rate_usage(tariff, 0, share).total


def cliffs(tariff):
    """Bounds of a slab tariff at which one unit more costs less than all units before it did.

    >>> cliffs(Tariff((Tier(0, Decimal(2)), Tier(100, Decimal(1))), SLAB))
    (100,)
    """
    pairs = zip(tariff.tiers, tariff.tiers[1:], strict=False) if tariff.rule == SLAB else ()
    return tuple(later.bound for earlier, later in pairs if later.rate < earlier.rate)


def _by_tiers(tariff, units, share):
    """The `Slice`s of ``units`` beyond the allowance."""
    tiers = tariff.tiers
    if tariff.prorated_bounds and share:
        tiers = [Tier(exact(tier.bound) * share, tier.rate) for tier in tiers]
    if not units:
        return ()
    return marginal(tiers, units) if tariff.rule == MARGINAL else (slab(tiers, units),)


def _least(tariff, share):
    """The minimum commitment of a part of a period, exact."""
    least = exact(tariff.minimum) * share
    if tariff.minimum_in == AMOUNT:
        return least
    return sum((part.amount for part in _by_tiers(tariff, least, share)), Fraction(0))


def _rated(tariff, parts, share):
    exactly = [amount for *_rest, amount in parts]
    amounts = round_all(exactly, tariff.rounding)
    total = sum(amounts, round_money(0, tariff.rounding))
    lines = tuple(
        RatedLine(kind, units, price, amount)
        for (kind, units, price, _exactly), amount in zip(parts, amounts, strict=True))
    part = "" if share == 1 else f"{share} of a period"
    steps = [Step(line.kind, _words(line, part), line.amount) for line in lines]
    residue = exact(total) - sum(exactly)
    if residue:
        steps.append(Step("rounded", f"to {tariff.rounding}", total))
    return Rated(lines, total, (*steps, Step("total", part, total)))


def _words(line, part):
    if line.quantity is None:
        return part
    return f"{float(line.quantity):g} x {line.price}"


def _positive(value, name):
    number = exact(value, name)
    if number < 0:
        raise BadAmount(name, str(value), "is below zero")
    return number
