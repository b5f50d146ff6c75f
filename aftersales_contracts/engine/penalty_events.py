"""Components on events: so many breaches, units late, points. Equal events are counted, never walked twice."""

from datetime import timedelta
from fractions import Fraction
from math import lcm

from .errors import BadCount, BadDuration, BadOption
from .penalty_cost import NOTHING, Cost
from .penalty_steps import EVENTS, EXCUSED, FREE, GRACE, excuses, percent, plain, times, unit_name
from .penalty_terms import BY_COUNT, COMPLETED, DEDUCT, EXACT, LUMP, MARGINAL, PER_BREACH, PER_UNIT, PERCENT, POINTS
from .tiers import marginal, slab


def cost_of_events(component, events, basis, by_key, trail):
    """The `Cost` of ``events`` of a component as read. ``by_key``: keep apart what each event key bears.

    Raises `BadCount`, `BadDuration` or `BadOption` for an event without a whole number, lateness or known severity.
    """
    counted, weights, excused, within = _grouped(component, events, by_key)
    _say_counted(component, counted, excused, within, trail)
    parts = _by_weight(weights) if by_key else weights
    cost = _PRICES[component.kind](component, counted, parts, basis, trail)
    if by_key:
        cost.keys = weights
    return cost


def _grouped(component, events, by_key):
    """(events counted, {weight or (key, weight): events}, excused events, events within the grace)."""
    weigh, grace, lasts = _weigher(component), component.grace, component.kind == PER_UNIT
    counted, within, weights, excused = 0, 0, {}, []
    for event in events:
        late, count = event.late, event.count
        if type(count) is not int or count < 1:
            raise BadCount(f"count of event {event.key}", count)
        if type(late) is not int or late < 0:
            raise BadDuration(f"late of event {event.key}", late, "is not a number of whole seconds, zero or more")
        if event.excused:
            excused.append(event)
        elif late <= grace and (grace or lasts):
            within += count
        else:
            counted += count
            group = weigh(event)
            if by_key:
                group = event.key, group
            weights[group] = weights.get(group, 0) + count
    return counted, weights, excused, within


def _by_weight(weights):
    merged = {}
    for (_key, weight), count in weights.items():
        merged[weight] = merged.get(weight, 0) + count
    return merged


# --- the weight of one event ----------------------------------------------------------------------


def _weigher(component):
    """A function: event -> whole number. Units late (seconds where they count exactly), points, or 1 each."""
    if component.kind == PER_UNIT:
        return _lateness(component)
    if component.kind == POINTS:
        return _points(component)
    return _each


def _each(_event):
    return 1


def _lateness(component):
    spared = component.grace if component.grace_rule == DEDUCT else 0
    if component.unit_rule == EXACT:
        return lambda event: event.late - spared
    unit = component.unit_seconds
    if component.unit_rule == COMPLETED:
        return lambda event: (event.late - spared) // unit
    return lambda event: -((spared - event.late) // unit)


def _points(component):
    severities, key = component.severities, component.key

    def points(event):
        try:
            return severities[event.severity]
        except KeyError:
            raise BadOption(f"severity of event {event.key} in {key}", event.severity, severities) from None

    return points


# --- the price of all ------------------------------------------------------------------------------


def _rate(component, basis):
    """(amount of one, as text)."""
    if component.base == PERCENT:
        return component.rate * basis.whole(component), percent(component.rate)
    return component.rate, plain(component.rate)


def _per_unit(component, counted, weights, basis, trail):
    rate, told = _rate(component, basis)
    units = sum([weight * count for weight, count in weights.items()])
    if component.unit_rule == EXACT:
        units = Fraction(units, component.unit_seconds)
    name = unit_name(component.unit_seconds, units)
    detail = f"{plain(units)} {component.unit_rule} {name} x {told}"
    costing = counted - weights.get(0, 0)
    parts = [(count, weight) for weight, count in weights.items()]
    return Cost(component, rate * units, detail, parts, count=costing)


def _less_free(component, number, noun, trail):
    free = min(component.free, number)
    if free:
        trail.say(FREE, f"{component.name}: the first {times(component.free, noun)} cost nothing", free)
    return number - free


def _per_breach(component, counted, _weights, basis, trail):
    rate, told = _rate(component, basis)
    number = _less_free(component, counted, "event", trail)
    return Cost(component, rate * number, f"{times(number, 'event')} x {told}", ((number, 1),), count=number)


def _by_points(component, counted, weights, basis, trail):
    rate, told = _rate(component, basis)
    total = sum(weight * count for weight, count in weights.items())
    points = _less_free(component, total, "point", trail)
    parts = [(count, weight) for weight, count in weights.items()]
    costing = counted - weights.get(0, 0) if points else 0
    return Cost(component, rate * points, f"{times(points, 'point')} x {told}", parts, count=costing)


def _by_count(component, counted, _weights, basis, trail):
    number = _less_free(component, counted, "event", trail)
    if component.count_rule == MARGINAL:
        slices = marginal(component.tiers, number, numbered=True)
    else:
        reached = slab(component.tiers, number)
        slices = (reached,) if reached else ()
    if not slices:
        return Cost(component, NOTHING, f"{times(number, 'event')}, below the first tier")
    whole, tell = (basis.whole(component), percent) if component.base == PERCENT else (1, plain)
    if component.count_rule == LUMP:
        tier = slices[0].tier
        detail = f"{times(number, 'event')}, from {plain(tier.bound)} on {tell(tier.rate)} once"
        return Cost(component, Fraction(tier.rate * whole), detail, count=number)
    amount = sum((part.quantity * part.tier.rate * whole for part in slices), NOTHING)
    told = " + ".join(f"{plain(part.quantity)} x {tell(part.tier.rate)}" for part in slices)
    common = lcm(*(part.tier.rate.denominator for part in slices))
    parts = tuple((int(part.quantity), int(part.tier.rate * common)) for part in slices)
    costing = sum(count for count, _rate in parts)
    return Cost(component, amount, f"{times(number, 'event')}: {told}", parts, count=costing)


_PRICES = {PER_UNIT: _per_unit, PER_BREACH: _per_breach, POINTS: _by_points, BY_COUNT: _by_count}


# --- the steps -------------------------------------------------------------------------------------


def _say_counted(component, counted, excused, within, trail):
    name = component.name
    if excused:
        number = sum(event.count for event in excused)
        told = sorted((event.key or str(event.count), event.excused) for event in excused)
        trail.say(EXCUSED, f"{name}: {excuses(told)}", number)
    if within:
        allowed = f"late by {timedelta(seconds=component.grace)} or less" if component.grace else "not late"
        trail.say(GRACE, f"{name}: {times(within, 'event')} {allowed}", within)
    trail.say(EVENTS, f"{name}: {times(counted, 'event')} counted", counted)
    if counted and component.kind == PER_UNIT and component.grace and component.grace_rule == DEDUCT:
        trail.say(GRACE, f"{name}: {timedelta(seconds=component.grace)} of each lateness is deducted", counted)
