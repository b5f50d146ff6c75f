"""Rules of the lint that need no amount of money: tiers, rates, weights, multipliers, earn-back.

A rule is a generator of `Finding`s; ``component`` and ``clause`` are as `penalty_reading.read` gives them, save for
`tier_findings`, which looks at tiers before they are read.
"""

from .errors import EngineError
from .money import exact
from .penalty_finding import Finding
from .penalty_steps import plain
from .penalty_terms import (
    BANDS,
    BY_COUNT,
    LOWEST,
    LUMP,
    OF_FEE,
    ON_FIGURE,
    PER_BREACH,
    PER_POINT,
    PER_UNIT,
    PERCENT,
    POINTS,
    PROPORTIONAL,
)
from .tiers import falls


def tier_findings(component):
    """No tiers, two with one bound (they overlap), or bounds out of order."""
    try:
        bounds = [exact(tier.bound) for tier in component.tiers]
    except EngineError:
        return []
    name = component.name
    if not bounds:
        return [Finding("no_tiers", component.key, f"{name}: there are no tiers", True)]
    double = sorted({bound for bound in bounds if bounds.count(bound) > 1})
    if double:
        told = ", ".join(plain(bound) for bound in double)
        return [Finding("overlap", component.key, f"{name}: two tiers begin at {told}, so both would count", True)]
    falling = component.kind == BANDS and falls(component.high_is_good, component.bonus)
    if bounds != sorted(bounds, reverse=falling):
        order = "from the largest to the smallest" if falling else "from the smallest to the largest"
        return [Finding("unsorted", component.key, f"{name}: the bounds do not run {order}", True)]
    return []


# --- components -----------------------------------------------------------------------------------


def component_findings(component, severities):
    """Everything about one component. ``severities``: the names that events have, or None."""
    rules = [rule(component) for rule in (_holes, _falling_rates, _zero_rates, _multipliers, _unread)]
    if severities is not None and component.kind == POINTS:
        rules.append(_severities(component, severities))
    for rule in rules:
        for code, sentence, blocks in rule:
            yield Finding(code, component.key, f"{component.name}: {sentence}", blocks)


def _holes(component):
    tiers = component.tiers
    for before, tier in zip(tiers, tiers[1:], strict=False):
        if before.rate and not tier.rate:
            yield "hole", f"the tier at {plain(tier.bound)} costs nothing, though the one before it does", True
    if component.kind == BY_COUNT and tiers[0].bound > 1:
        yield "hole", f"breaches 1 to {plain(tiers[0].bound - 1)} lie below the first tier and cost nothing", False
    if component.kind == BANDS and not component.bonus and component.target not in (None, tiers[0].bound):
        between = f"figures between the target {plain(component.target)} and the first bound {plain(tiers[0].bound)}"
        outside = (component.target > tiers[0].bound) == falls(component.high_is_good, component.bonus)
        what = "miss the target and cost nothing" if outside else "lie in a tier, but keep the target and cost nothing"
        yield "hole", f"{between} {what}", False


def _falling_rates(component):
    for before, tier in zip(component.tiers, component.tiers[1:], strict=False):
        if 0 < tier.rate < before.rate:
            yield "falling_rates", f"the rate falls at {plain(tier.bound)}, so doing worse may cost less", False


def _zero_rates(component):
    by_amount = component.kind == PROPORTIONAL and component.base != PERCENT
    if (by_amount or component.kind in (PER_UNIT, PER_BREACH, PER_POINT, POINTS)) and not component.rate:
        yield "zero_rate", "the rate is zero, so it never costs anything", True
    if component.tiers and not any(tier.rate for tier in component.tiers):
        yield "zero_rate", "no tier has a rate, so it never costs anything", True
    if component.kind == POINTS and not any(component.severities.values()):
        yield "zero_rate", "no severity is worth a point, so it never costs anything", True


def _multipliers(component):
    values = component.multipliers
    low = [plain(value) for value in values if value < 1]
    if low:
        yield "multiplier_below_one", f"a multiplier of {low[0]} makes a repeated miss cheaper", False
    elif any(later < value for value, later in zip(values, values[1:], strict=False)):
        yield "multiplier_falling", "the multipliers fall, so a longer run of misses costs less", False


def _unread(component):
    """Fields that this kind of component does not read, filled in all the same."""
    filled = []
    if component.free and (component.kind in ON_FIGURE or component.kind == PER_UNIT):
        filled.append("the free allowance")
    once = component.kind == BY_COUNT and component.count_rule == LUMP
    if component.event_cap is not None and (once or component.kind in ON_FIGURE):
        filled.append("the cap of one event")
    if component.multipliers and component.bonus:
        filled.append("the multipliers")
    for field in filled:
        yield "unread", f"{field} does not count for this kind of component", False


def _severities(component, severities):
    for unknown in [name for name in component.severities if name not in severities]:
        yield "unknown_severity", f"{unknown!r} is not a severity that events have", True
    for missing in [name for name in severities if name not in component.severities]:
        yield "unknown_severity", f"an event of severity {missing!r} could not be judged: it has no points", True


# --- the clause -----------------------------------------------------------------------------------


def clause_findings(clause, fee):
    """Everything about the clause as a whole; ``fee`` exact or None."""
    if not any(not component.bonus for component in clause.components):
        told = "The clause has no component that could cost anything"
        yield Finding("no_components", "", told, not clause.components)
    for rule in (_weights, _earn_back, _bonus, _lowest):
        yield from rule(clause)
    if fee == 0:
        yield from _percent_of_nothing(clause)


def _weights(clause):
    weighted = [component for component in clause.components if component.weight is not None and not component.bonus]
    total = sum(component.weight for component in weighted) * 100
    if clause.at_risk is None:
        for component in weighted:
            told = f"{component.name}: it has a weight, but the clause has no amount at risk to divide"
            yield Finding("weights_unused", component.key, told, False)
    elif total != 100:
        yield Finding("weights", "", f"The weights sum to {plain(total)}, not to 100", True)


def _earn_back(clause):
    terms = clause.earn_back
    if terms is None:
        return
    if terms.window is None:
        told = "Earn-back has no window: every penalty ever paid could be returned"
        yield Finding("earn_back_endless", terms.component, told, True)
    deciding = next(component for component in clause.components if component.key == terms.component)
    mark = deciding.target if deciding.target is not None else deciding.tiers[0].bound if deciding.tiers else None
    if mark is None or deciding.bonus:
        return
    beyond = terms.figure - mark if deciding.high_is_good else mark - terms.figure
    if beyond < 0:
        told = f"Earn-back at {plain(terms.figure)} returns penalties for a figure that misses {plain(mark)} itself"
        yield Finding("earn_back_easy", terms.component, told, False)


def _bonus(clause):
    bonuses = [component for component in clause.components if component.bonus]
    if bonuses and clause.bonus_cap is None and any(component.cap is None for component in bonuses):
        yield Finding("bonus_without_cap", "", "The bonus has no cap", False)


def _lowest(clause):
    if clause.combine == LOWEST and sum(not component.bonus for component in clause.components) > 1:
        told = "With the lowest component counting, breaking one promise more may cost less"
        yield Finding("lowest_rewards", "", told, False)


def _percent_of_nothing(clause):
    for component in clause.components:
        if component.base == PERCENT and (clause.at_risk is None or component.weight is None):
            told = f"{component.name}: it is a percent of the fee, and the fee is zero"
            yield Finding("percent_of_nothing", component.key, told, False)
    for name in ("at_risk", "period_cap", "yearly_cap", "contract_cap", "bonus_cap"):
        cap = getattr(clause, name)
        if cap is not None and cap.base == OF_FEE:
            told = f"The {name.replace('_', ' ')} is a percent of the fee, and the fee is zero: nothing can be paid"
            yield Finding("percent_of_nothing", "", told, False)
