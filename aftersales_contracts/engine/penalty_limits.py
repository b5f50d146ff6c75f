"""A component's own modifiers, in their order: deductible, event cap, component cap (with its part of what is at risk),
multiplier.
"""

from fractions import Fraction

from .days import require_count
from .penalty_steps import AT_RISK, COMPONENT_CAP, COST, DEDUCTIBLE, EVENT_CAP, MULTIPLIER, plain, times


def limit(cost, basis, misses, trail):
    """Cuts ``cost.amount`` and sets ``cost.uncapped``. ``misses``: consecutive periods that it cost something before
    this one. Returns whether it costs something in this one: judged before the multiplier."""
    component, name = cost.component, cost.component.name
    trail.say(COST, f"{name}: {cost.detail}", trail.money(cost.amount))
    if component.deductible and cost.amount:
        borne = min(component.deductible, cost.amount)
        cost.amount -= borne
        trail.say(DEDUCTIBLE, f"{name}: {trail.money(borne)} is borne by the other side", trail.money(cost.amount))
    cost.uncapped = cost.amount
    if component.event_cap is not None and cost.amount and cost.parts:
        _cap_events(cost, basis.limit(component.event_cap, f"event_cap of {component.key}"), basis, trail)
    if component.cap is not None:
        _cap(cost, basis.ceiling(basis.limit(component.cap, f"cap of {component.key}")), COMPONENT_CAP, trail)
    if basis.at_risk is not None and component.weight is not None:
        _cap(cost, basis.ceiling(basis.whole(component)), AT_RISK, trail)
    missed = cost.uncapped > 0
    if missed and component.multipliers and not component.bonus:
        _multiply(cost, misses, trail)
    return missed


def multiplier(component, misses):
    """What counts in the period after so many consecutive misses; the last one stays."""
    if not component.multipliers or component.bonus:
        return 1
    require_count(misses, f"misses of {component.key}", 0)
    return component.multipliers[min(misses, len(component.multipliers) - 1)]


def _cap_events(cost, cap, basis, trail):
    """No event bears more than ``cap``; the amount lies on the events by their weight, the deductible with it.

    In whole numbers, for there may be many events: amount = dear / parts, cap = most / shares.
    """
    (dear, parts), (most, shares) = cost.amount.as_integer_ratio(), cap.as_integer_ratio()
    whole = sum([count * weight for count, weight in cost.parts])
    highest = most * whole * parts // (shares * dear)
    within = number = 0
    for count, weight in cost.parts:
        if weight > highest:
            number += count
        else:
            within += count * weight
    if number:
        left = Fraction(dear * within * shares + most * number * parts * whole, parts * whole * shares)
    else:
        left = cost.amount
    if basis.ceiling(cap) is not cap:  # what all of them may bear is rounded down too
        left = min(left, basis.ceiling(cap * cost.count))
    if left == cost.amount:
        return
    if cost.keys is not None:
        cost.ceiling = Fraction(most * whole * parts, shares * dear)
    cost.amount = left
    detail = f"{cost.component.name}: {times(number or cost.count, 'event')} cut to {trail.money(cap)} each"
    trail.say(EVENT_CAP, detail, trail.money(left))


def _cap(cost, cap, label, trail):
    if cost.amount > cap:
        cut, cost.amount, left = cost.amount - cap, cap, trail.money(cap)
        trail.say(label, f"{cost.component.name}: {trail.money(cut)} above {left} is cut", left)


def _multiply(cost, misses, trail):
    factor = multiplier(cost.component, misses)
    if factor == 1:
        return
    cost.amount, cost.uncapped = cost.amount * factor, cost.uncapped * factor
    run = f"{times(misses + 1, 'period')} in a row, so {plain(factor)} times"
    trail.say(MULTIPLIER, f"{cost.component.name}: {run}", trail.money(cost.amount))
