"""Rules of the lint that compare amounts: caps below a tier, above what is at risk, never reached; the minimum.

A cap may be an amount, or percent of a fee or of a contract's value that nobody knows yet. Each rule is tried with a
very small and a very large one; only what holds for all of them is told.
"""

from fractions import Fraction
from itertools import product

from .penalty_cost import NOTHING, Basis
from .penalty_exposure import most
from .penalty_finding import Finding
from .penalty_steps import percent, plain
from .penalty_terms import BANDS, BY_COUNT, FIXED, HIGHEST, LOWEST, OF_FEE, PER_BREACH, PERCENT, SLAB

_ANY = (Fraction(1, 10**9), Fraction(1), Fraction(10**15))


def amount_findings(clause, fee, value):
    """The findings that hold for ``fee`` and ``value`` (exact; None or zero: for whatever they may be)."""
    trials = []
    for trial_fee, trial_value in product((fee,) if fee else _ANY, (value,) if value else _ANY):
        basis = Basis.of(clause, trial_fee, trial_value)
        trials.append([*_of_components(clause, basis), *_of_clause(clause, basis)])
    first, *others = trials
    return [found for found in first if all(found in other for other in others)]


def told(cap):
    """A cap in words: "5 % of the fee"."""
    if cap.base == FIXED:
        return plain(cap.value)
    return f"{percent(cap.value)} of the {'fee' if cap.base == OF_FEE else 'contract value'}"


# --- components -----------------------------------------------------------------------------------


def _of_components(clause, basis):
    for component in clause.components:
        name, key = component.name, component.key
        if component.cap is not None:
            yield from _component_cap(component, basis)
        if component.event_cap is not None:
            yield from _event_cap(component, basis)
        if component.weight is not None and basis.at_risk is not None and component.cap is not None:
            if basis.limit(component.cap, "cap") > basis.whole(component):
                sentence = f"{name}: the cap of {told(component.cap)} is above its part of what is at risk"
                yield Finding("cap_above_at_risk", key, sentence, True)


def _component_cap(component, basis):
    cap, name, key = basis.limit(component.cap, "cap"), component.name, component.key
    if cap < _first_tier(component, basis):
        sentence = f"{name}: the cap of {told(component.cap)} is below the first tier"
        yield Finding("cap_below_first_tier", key, sentence, True)
    dearest = most(component, basis, capped=False)
    if dearest is not None and dearest < cap:
        sentence = f"{name}: the cap of {told(component.cap)} can never be reached"
        yield Finding("cap_unreachable", key, sentence, True)


def _event_cap(component, basis):
    cap, name, key = basis.limit(component.event_cap, "event_cap"), component.name, component.key
    whole = basis.whole(component) if component.base == PERCENT else 1
    dearest = None
    if component.kind == PER_BREACH:
        dearest = component.rate * whole
    elif component.kind == BY_COUNT:
        dearest = max(tier.rate for tier in component.tiers) * whole
    if dearest is not None and dearest < cap:
        sentence = f"{name}: the cap of one event, {told(component.event_cap)}, can never be reached"
        yield Finding("cap_unreachable", key, sentence, True)
    elif component.cap is not None and basis.limit(component.cap, "cap") < cap:
        one, every = told(component.event_cap), told(component.cap)
        sentence = f"{name}: the cap of one event, {one}, is above that of all, {every}"
        yield Finding("cap_unreachable", key, sentence, True)


def _first_tier(component, basis):
    """What the first tier costs that costs anything, exact; zero for kinds without tiers."""
    if component.kind not in (BANDS, BY_COUNT):
        return NOTHING
    whole = basis.whole(component) if component.base == PERCENT else 1
    tier = next((tier for tier in component.tiers if tier.rate), None)
    if tier is None:
        return NOTHING
    events = tier.bound if component.kind == BY_COUNT and component.count_rule == SLAB else 1
    return tier.rate * whole * events


# --- the clause -----------------------------------------------------------------------------------


def _of_clause(clause, basis):
    period = _limits(clause, basis, ("period_cap", "at_risk"))
    running = _limits(clause, basis, ("yearly_cap", "contract_cap"))
    for name, limit in period.items():
        yield from _below_first_tier(clause, basis, name, limit)
    if "period_cap" in period and "at_risk" in period and period["period_cap"] > period["at_risk"]:
        sentence = f"The period cap of {told(clause.period_cap)} is above what is at risk, {told(clause.at_risk)}"
        yield Finding("cap_above_at_risk", "", sentence, True)
    yield from _unreachable(clause, basis, period, running)
    for name, limit in (period | running).items():
        if clause.minimum > limit:
            cap = f"{_words(name)} of {told(getattr(clause, name))}"
            sentence = f"The minimum of {plain(clause.minimum)} is above the {cap}"
            yield Finding("minimum_above_cap", "", sentence, True)


def _limits(clause, basis, names):
    caps = {name: getattr(clause, name) for name in names}
    return {name: basis.limit(cap, name) for name, cap in caps.items() if cap is not None}


def _words(name):
    return "amount at risk" if name == "at_risk" else name.replace("_", " ")


def _below_first_tier(clause, basis, name, limit):
    for component in clause.components:
        if not component.bonus and limit < _first_tier(component, basis):
            cap = f"{_words(name)} of {told(getattr(clause, name))}"
            sentence = f"The {cap} is below the first tier of {component.name}"
            yield Finding("cap_below_first_tier", component.key, sentence, True)


def _unreachable(clause, basis, period, running):
    if "period_cap" in period:
        dearest = _together(clause, basis, bonus=False)
        if dearest is not None and dearest < period["period_cap"]:
            yield _never("period_cap", clause, "all components together cost less")
        for name, limit in running.items():
            if limit < period["period_cap"]:
                yield _never("period_cap", clause, f"the {_words(name)} is below it")
    if "yearly_cap" in running and running.get("contract_cap", running["yearly_cap"]) < running["yearly_cap"]:
        yield _never("yearly_cap", clause, "the contract cap is below it")
    if clause.bonus_cap is not None:
        dearest = _together(clause, basis, bonus=True)
        if dearest is not None and dearest < basis.limit(clause.bonus_cap, "bonus_cap"):
            yield _never("bonus_cap", clause, "all bonuses together are less")


def _never(name, clause, why):
    sentence = f"The {_words(name)} of {told(getattr(clause, name))} can never be reached: {why}"
    return Finding("cap_unreachable", "", sentence, True)


def _together(clause, basis, bonus):
    """The most that the components can come to, the longest run of misses included; None: unlimited."""
    amounts = [max((most(component, basis, misses) for misses in range(max(1, len(component.multipliers)))),
                   key=lambda amount: (amount is None, amount))
               for component in clause.components if component.bonus == bonus]
    if None in amounts:
        return None
    if clause.combine in (HIGHEST, LOWEST) and not bonus:
        return max(amounts, default=NOTHING)
    return sum(amounts, NOTHING)
