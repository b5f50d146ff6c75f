"""Tiers: one bound each, half-open, so that there is neither a hole between two of them nor a cent in both.

Quantities: a tier counts from its bound on, up to the next one's. Figures: an edge is judged as the better of its two
sides for whoever is measured, so a figure equal to the target is no breach, and one equal to a bonus bound earns it.

>>> from decimal import Decimal
>>> from .penalty_terms import Tier
>>> uptime = [Tier(Decimal("99.9"), Decimal(10)), Tier(Decimal("99.0"), Decimal(25))]
>>> print(band(uptime, Decimal("99.9")), band(uptime, Decimal("99.0")).rate, band(uptime, Decimal("98.99")).rate)
None 10 25
>>> rebate = [Tier(0, 10), Tier(100, 20), Tier(300, 30)]
>>> slab(rebate, 300).amount, [part.amount for part in marginal(rebate, 3800)]
(Fraction(9000, 1), [Fraction(1000, 1), Fraction(4000, 1), Fraction(105000, 1)])
"""

from fractions import Fraction
from typing import Any, NamedTuple

from .errors import BadTiers
from .money import exact


class Slice(NamedTuple):
    """So much of a quantity (Fraction) falls to ``tier``."""

    tier: Any
    quantity: Fraction

    @property
    def amount(self):
        """The quantity at the tier's rate, exact."""
        return self.quantity * exact(self.tier.rate, "rate")


def check_tiers(tiers, field="tiers", falling=False):
    """``tiers`` if there are any and their bounds rise (``falling``: fall) strictly; else `BadTiers`."""
    bounds = [exact(tier.bound, f"bound of {field}") for tier in tiers]
    for tier in tiers:
        exact(tier.rate, f"rate of {field}")
    in_order = all((low > high) if falling else (low < high) for low, high in zip(bounds, bounds[1:], strict=False))
    if not bounds or not in_order:
        order = "largest first" if falling else "smallest first"
        told = [str(tier.bound) for tier in tiers]
        raise BadTiers(field, told, f"are not tiers: one bound each, {order}, no two alike")
    return tiers


def falls(high_is_good, bonus):
    """Whether the bounds of bands fall: those of a penalty where high is good, of a bonus where low is good."""
    return high_is_good != bonus


def band(tiers, figure, high_is_good=True, bonus=False):
    """The tier in which ``figure`` lies, or None.

    Of a penalty: the last tier whose bound the figure is worse than; bounds run from good to bad. Of a bonus: the
    last one whose bound it reaches; bounds run from bad to good.
    """
    figure, found = exact(figure, "figure"), None
    for tier in tiers:
        bound = exact(tier.bound, "bound")
        if bonus:
            inside = figure >= bound if high_is_good else figure <= bound
        else:
            inside = figure < bound if high_is_good else figure > bound
        if not inside:
            break
        found = tier
    return found


def slab(tiers, quantity):
    """The whole ``quantity`` in the one tier that it reaches, as a `Slice`; None below the first bound."""
    quantity, found = exact(quantity, "quantity"), None
    for tier in tiers:
        if quantity < exact(tier.bound, "bound"):
            break
        found = tier
    return found and Slice(found, quantity)


def marginal(tiers, quantity, numbered=False):
    """Each part of ``quantity`` in its own tier: a tuple of `Slice`, empty ones left out; below the first bound: free.

    ``numbered``: a bound is the number of the first one in the tier (the 4th breach), so the tier begins behind the
    third. Cutting a quantity in two, the second part beginning where the first ended, gives the same sum.

    >>> from .penalty_terms import Tier
    >>> [int(part.quantity) for part in marginal([Tier(1, 50), Tier(4, 80)], 5, numbered=True)]
    [3, 2]
    """
    quantity, shift = exact(quantity, "quantity"), int(numbered)
    edges = [exact(tier.bound, "bound") - shift for tier in tiers]
    slices = []
    for row, tier in enumerate(tiers):
        upper = min(quantity, edges[row + 1]) if row + 1 < len(edges) else quantity
        if upper > edges[row]:
            slices.append(Slice(tier, upper - edges[row]))
    return tuple(slices)
