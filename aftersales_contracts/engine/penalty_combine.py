"""How the components of a clause come together: what each of them contributes to the penalty."""

from fractions import Fraction
from math import lcm

from .penalty_cost import NOTHING
from .penalty_terms import HIGHEST, HIGHEST_PER_EVENT, LOWEST


def contributions(costs, rule, capped=True):
    """For each of ``costs`` its part of the penalty, in their order; ties go to the first.

    `lowest` is the lowest of those that cost something: one promise broken alone is paid. `highest_per_event`: of
    what one event costs under several components the dearest counts; a component's amount lies on its events by their
    weight, and one on a figure stands for itself.
    """
    amounts = [cost.amount if capped else cost.uncapped for cost in costs]
    if rule == HIGHEST_PER_EVENT:
        return _dearest_of_each_event(costs, amounts, capped)
    due = [row for row, amount in enumerate(amounts) if amount]
    if rule not in (HIGHEST, LOWEST) or len(due) < 2:
        return amounts
    chosen = (max if rule == HIGHEST else min)(due, key=amounts.__getitem__)
    return [amount if row == chosen else NOTHING for row, amount in enumerate(amounts)]


def _dearest_of_each_event(costs, amounts, capped):
    """Compared as whole numbers of one small unit, so that hundreds of events need no fractions."""
    weights = [_weights(cost, capped) for cost in costs]
    wholes = [sum(shares.values()) if shares else 0 for shares in weights]
    units = [amount.denominator * whole for amount, whole in zip(amounts, wholes, strict=True)]
    common = lcm(*(int(unit) for unit in units if unit))
    dearest = {}
    for row, shares in enumerate(weights):
        factor = amounts[row].numerator * (common // units[row]) if units[row] else 0
        for key, weight in (shares or {}).items():
            part = factor * weight
            if part and (key not in dearest or part > dearest[key][0]):
                dearest[key] = part, row
    kept = [0] * len(costs)
    for part, row in dearest.values():
        kept[row] += part
    return [amounts[row] if shares is None else Fraction(kept[row], common) for row, shares in enumerate(weights)]


def _weights(cost, capped):
    """{event key: whole number} of a component on events; None on a figure."""
    if cost.keys is None:
        return None
    # The event cap cut every event down to one weight: scaled, so that the weights stay whole numbers.
    ceiling = cost.ceiling if capped else None
    scale, highest = (1, None) if ceiling is None else (ceiling.denominator, ceiling.numerator)
    shares = {}
    for (key, weight), count in cost.keys.items():
        part = weight * scale
        if highest is not None and part > highest:
            part = highest
        shares[key] = shares.get(key, 0) + part * count
    return shares
