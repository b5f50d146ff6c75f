"""A clause as the arithmetic reads it: checked, its numbers exact, its percentages parts of one.

>>> from decimal import Decimal
>>> from .penalty_terms import PER_BREACH, Clause, Component
>>> read(Clause("PC-1 v1", (Component("fix", "Fix time", PER_BREACH, rate=Decimal("2.5")),))).components[0].rate
Fraction(1, 40)
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from .days import require_choice, require_count, require_day
from .errors import BadAmount, BadOption, BadTerms
from .money import exact
from .penalty_terms import (
    BANDS,
    BY_COUNT,
    CAP_BASES,
    COMBINATIONS,
    COUNT_RULES,
    EXCESS_RULES,
    EXCUSED_RULES,
    FIXED,
    GRACE_RULES,
    KINDS,
    MINIMUM_RULES,
    ON_FIGURE,
    PER_POINT,
    PERCENT,
    POINTS,
    PROPORTIONAL,
    RATE_BASES,
    ROUNDING_RULES,
    UNIT_RULES,
    Cap,
    Tier,
)
from .tiers import check_tiers, falls

NOTHING = Fraction(0)
_REMEMBERED = 256
_readings = {}  # id -> (clause, reading); the clause is held, so its id stays its own


def read(clause):
    """``clause`` with Fractions for Decimals: rates and caps in percent as parts of one, ``severities`` as a dict.

    What cannot be worked with raises an `EngineError` naming the component, the field and the value. A clause is read
    once: the last ones are remembered, for they never change.
    """
    known = _readings.get(id(clause))
    if known is not None and known[0] is clause:
        return known[1]
    reading = _clause(clause)
    if len(_readings) >= _REMEMBERED:
        _readings.clear()
    _readings[id(clause)] = clause, reading
    return reading


def not_negative(value, field):
    """``value`` exact and zero or more; else `BadAmount`."""
    if type(value) is Decimal and value.is_zero():
        return NOTHING
    number = exact(value, field)
    if number.numerator < 0:
        raise BadAmount(field, value, "is below zero")
    return number


def _clause(clause):
    for field, choices in (("combine", COMBINATIONS), ("excused", EXCUSED_RULES), ("carry", EXCESS_RULES),
                           ("minimum_rule", MINIMUM_RULES), ("rounding", ROUNDING_RULES)):
        require_choice(getattr(clause, field), field, choices)
    if clause.grace_until is not None:
        require_day(clause.grace_until, "grace_until")
    keys = [component.key for component in clause.components]
    for key in keys:
        if keys.count(key) > 1:
            raise BadTerms("component", key, "is there twice: a component's key is its own")
    unit = _unit(clause.currency_rounding, "currency_rounding")
    payable = unit if clause.payable is None else _unit(clause.payable, "payable")
    if payable % unit:
        multiple = f"is not a multiple of the currency's {clause.currency_rounding}"
        raise BadTerms("payable", str(clause.payable), multiple)
    components = tuple(read_component(component) for component in clause.components)
    return replace(
        clause, components=components, at_risk=read_cap(clause.at_risk, "at_risk"),
        period_cap=read_cap(clause.period_cap, "period_cap"), yearly_cap=read_cap(clause.yearly_cap, "yearly_cap"),
        contract_cap=read_cap(clause.contract_cap, "contract_cap"), bonus_cap=read_cap(clause.bonus_cap, "bonus_cap"),
        minimum=not_negative(clause.minimum, "minimum"), earn_back=_earn_back(clause.earn_back, components),
        payable=clause.currency_rounding if clause.payable is None else clause.payable)


def _unit(value, field):
    unit = exact(value, field)
    if unit <= 0:
        raise BadAmount(field, value, "is not a rounding: an amount above zero, like 0.01, is needed")
    return unit


def read_cap(cap, field):
    """A cap with an exact value, percent as a part of one; None stays None."""
    if cap is None:
        return None
    require_choice(cap.base, f"base of {field}", CAP_BASES)
    value = not_negative(cap.value, field)
    return Cap(value if cap.base == FIXED else _part(value, 100), cap.base)


def _part(number, scale):
    return Fraction(number.numerator, number.denominator * scale)


def read_component(component):
    """A component as `read` gives it, checked by itself."""
    of = f" of {component.key}"
    require_choice(component.kind, "kind" + of, KINDS)
    require_choice(component.base, "base" + of, RATE_BASES)
    require_choice(component.grace_rule, "grace_rule" + of, GRACE_RULES)
    scale = 100 if component.base == PERCENT else 1
    if component.kind not in ON_FIGURE:
        require_choice(component.unit_rule, "unit_rule" + of, UNIT_RULES)
        require_choice(component.count_rule, "count_rule" + of, COUNT_RULES)
        require_count(component.unit_seconds, "unit_seconds" + of)
        require_count(component.free, "free" + of, 0)
    rate = not_negative(component.rate, "rate" + of)
    return replace(
        component, rate=_part(rate, scale), tiers=_tiers(component, scale),
        target=_target(component), digits=_digits(component), grace=_grace(component),
        deductible=not_negative(component.deductible, "deductible" + of),
        event_cap=read_cap(component.event_cap, "event_cap" + of), cap=read_cap(component.cap, "cap" + of),
        severities=_severities(component),
        weight=None if component.weight is None else _part(not_negative(component.weight, "weight" + of), 100),
        multipliers=tuple(not_negative(value, "multipliers" + of) for value in component.multipliers))


def _tiers(component, scale):
    if component.kind not in (BANDS, BY_COUNT):
        return ()
    falling = component.kind == BANDS and falls(component.high_is_good, component.bonus)
    check_tiers(component.tiers, f"tiers of {component.key}", falling)
    field = f"rate of a tier of {component.key}"
    tiers = tuple(Tier(exact(tier.bound), _part(not_negative(tier.rate, field), scale)) for tier in component.tiers)
    for tier in tiers if component.kind == BY_COUNT else ():
        if tier.bound < 1 or tier.bound.denominator != 1:
            bound = f"bound of a tier of {component.key}"
            raise BadTerms(bound, str(tier.bound), "is not the number of an event: 1 or more")
    return tiers


def _target(component):
    field = f"target of {component.key}"
    if component.target is None:
        if component.kind in (PER_POINT, PROPORTIONAL):
            raise BadTerms(field, None, "is missing: what is the figure to reach?")
        return None
    target = exact(component.target, field)
    if component.kind == PROPORTIONAL and target <= 0:
        raise BadTerms(field, str(component.target), "is not above zero, so there is no part of it to miss")
    return target


def _digits(component):
    return None if component.digits is None else require_count(component.digits, f"digits of {component.key}", 0)


def _grace(component):
    grace = not_negative(component.grace, f"grace of {component.key}")
    if component.kind in ON_FIGURE:
        return grace
    if grace.denominator != 1:
        raise BadTerms(f"grace of {component.key}", str(component.grace), "is not a whole number of seconds")
    return int(grace)


def _severities(component):
    if component.kind != POINTS:
        return {}
    points = {}
    for severity, number in component.severities:
        if severity in points:
            raise BadTerms(f"severities of {component.key}", severity, "is there twice")
        points[severity] = require_count(number, f"points of {severity} in {component.key}", 0)
    if not points:
        raise BadTerms(f"severities of {component.key}", (), "are missing: how many points is each worth?")
    return points


def _earn_back(earn_back, components):
    if earn_back is None:
        return None
    deciding = {component.key: component for component in components}.get(earn_back.component)
    if deciding is None or deciding.kind not in ON_FIGURE:
        figures = [component.key for component in components if component.kind in ON_FIGURE]
        raise BadOption("component of earn_back", earn_back.component, figures)
    if earn_back.window is not None:
        require_count(earn_back.window, "window of earn_back")
    percent = not_negative(earn_back.percent, "percent of earn_back")
    if percent > 100:
        raise BadTerms("percent of earn_back", str(earn_back.percent), "is more than was paid")
    return replace(earn_back, figure=exact(earn_back.figure, "figure of earn_back"), percent=_part(percent, 100))
