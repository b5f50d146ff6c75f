"""The cost of one component reckoned the slow way, event by event, from the words of the terms alone."""

from fractions import Fraction
from math import ceil, floor

from engine.penalty_terms import BY_COUNT, COMPLETED, DEDUCT, LUMP, MARGINAL, PER_BREACH, PER_UNIT, POINTS, STARTED


def amount_of(cap, fee, value):
    """A `Cap` in money."""
    base = {"amount": 100, "fee": fee, "value": value}[cap.base]
    return Fraction(cap.value) * Fraction(base) / 100


def cost_of_component(part, events, fee, value):
    """(with its caps, without any) of a component on events, before the multiplier; exact."""
    prices = [Fraction(price) for price in _prices(part, _counting(part, events), Fraction(fee))]
    total = sum(prices, Fraction(0))
    left = max(Fraction(0), total - Fraction(part.deductible))
    prices = [price * left / total for price in prices] if total else prices
    uncapped = sum(prices, Fraction(0))
    if part.event_cap is not None and not (part.kind == BY_COUNT and part.count_rule == LUMP):
        prices = [min(price, amount_of(part.event_cap, fee, value)) for price in prices]
    capped = sum(prices, Fraction(0))
    if part.cap is not None:
        capped = min(capped, amount_of(part.cap, fee, value))
    return capped, uncapped


def _counting(part, events):
    """The events one by one that are neither excused nor within the grace."""
    found = []
    for event in events:
        spared = part.grace > 0 and event.late <= part.grace
        if not event.excused and not spared:
            found += [event] * event.count
    return found


def _prices(part, events, fee):
    """What each event costs before deductible and caps."""
    scale = fee / 100 if part.base == "percent" else Fraction(1)
    rate = Fraction(part.rate) * scale
    if part.kind == PER_UNIT:
        return [rate * _units(part, event) for event in events]
    if part.kind == PER_BREACH:
        return [rate] * max(0, len(events) - part.free)
    if part.kind == POINTS:
        points = [dict(part.severities)[event.severity] for event in events]
        total = sum(points)
        left = max(0, total - part.free)
        return [rate * point * left / total for point in points] if total else []
    number = max(0, len(events) - part.free)
    at = [_rate_from(part, row) * scale for row in range(1, number + 1)]
    if not at:
        return []
    if part.count_rule == MARGINAL:
        return at
    return [at[-1]] if part.count_rule == LUMP else [at[-1]] * number


def _units(part, event):
    late = event.late - (int(part.grace) if part.grace_rule == DEDUCT else 0)
    units = Fraction(max(0, late), part.unit_seconds)
    return ceil(units) if part.unit_rule == STARTED else floor(units) if part.unit_rule == COMPLETED else units


def _rate_from(part, number):
    """The rate of the event of that number."""
    reached = [tier.rate for tier in part.tiers if tier.bound <= number]
    return Fraction(reached[-1]) if reached else Fraction(0)
