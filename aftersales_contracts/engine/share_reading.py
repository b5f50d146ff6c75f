"""A share rule as the arithmetic reads it: checked, its numbers exact, its percentages parts of one.

>>> from decimal import Decimal
>>> from .share_terms import Component, Rate, Rule
>>> rule = read(Rule("SR-1 v1", (Component("labour", "Labour", rates=(Rate(value=Decimal("12.5")),)),)))
>>> rule.components[0].rates[0].value, rule.payable
(Fraction(1, 8), Decimal('0.01'))
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .days import require_choice, require_count, require_day
from .errors import BadAmount, BadPeriod, BadTerms, BadTiers
from .money import exact
from .penalty_reading import not_negative
from .share_terms import (
    ACCUMULATIONS,
    BASES,
    BRACKET_RULES,
    BRAND_ON,
    DIRECTIONS,
    MARGINAL,
    NEGATIVE_RULES,
    OF_MONEY,
    PAYS,
    ROUNDING_RULES,
    Bracket,
)
from .tiers import check_tiers

_REMEMBERED = 256
_readings = {}  # id -> (rule, reading); the rule is held, so its id stays its own


@dataclass(frozen=True, slots=True)
class Table:
    """A rate as read: ``value`` and ``hit`` exact, or brackets as ``bounds``, ``rates`` and ``sums`` (what all below
    each bound comes to, each part at its own rate). ``told`` and ``told_hit``: the rates as the rule has them."""

    start: date | None
    value: Fraction | None
    hit: Fraction | None
    bounds: tuple = ()
    rates: tuple = ()
    sums: tuple = ()
    told: Decimal | None = None
    told_hit: Decimal | None = None
    told_rates: tuple = ()

    def reached(self, volume):
        """The number of the bracket in which ``volume`` lies; below the first bound it is the first one's."""
        return max(0, bisect_right(self.bounds, volume) - 1)

    def marginal(self, volume):
        """What ``volume`` comes to, each part of it at its own bracket's rate."""
        row = self.reached(volume)
        return self.sums[row] + (volume - self.bounds[row]) * self.rates[row]


def read(rule):
    """``rule`` with Fractions for Decimals, rates and percentages as parts of one, `Table`s for rates.

    What cannot be worked with raises an `EngineError` naming the component, the field and the value. A rule is read
    once: the last ones are remembered, for they never change.
    """
    known = _readings.get(id(rule))
    if known is not None and known[0] is rule:
        return known[1]
    reading = _rule(rule)
    if len(_readings) >= _REMEMBERED:
        _readings.clear()
    _readings[id(rule)] = rule, reading
    return reading


def _rule(rule):
    require_choice(rule.rounding, "rounding", ROUNDING_RULES)
    require_choice(rule.negative, "negative", NEGATIVE_RULES)
    payable = _payable(rule)
    components = tuple(read_component(component) for component in rule.components)
    _check_keys(components)
    withholding = not_negative(rule.withholding, "withholding")
    if withholding > 100:
        raise BadTerms("withholding", str(rule.withholding), "is more than there is: at most 100 percent")
    return replace(
        rule, components=components, payable=payable, withholding=withholding / 100,
        cap=_amount(rule.cap, "cap"), guarantee=_amount(rule.guarantee, "guarantee"),
        brand_fee=_brand_fee(rule.brand_fee), bonuses=tuple(_bonus(bonus) for bonus in rule.bonuses),
        split=_split(rule.split))


def _payable(rule):
    """The unit that is paid, in the places of the currency."""
    unit, places = _unit(rule.currency_rounding, "currency_rounding"), Decimal(rule.currency_rounding)
    payable = unit if rule.payable is None else _unit(rule.payable, "payable")
    if payable % unit:
        multiple = f"is not a multiple of the currency's {rule.currency_rounding}"
        raise BadTerms("payable", str(rule.payable), multiple)
    return Decimal(int(payable / unit)) * places


def _unit(value, field):
    unit = exact(value, field)
    if unit <= 0:
        raise BadAmount(field, value, "is not a rounding: an amount above zero, like 0.01, is needed")
    return unit


def _amount(value, field):
    return None if value is None else not_negative(value, field)


def _brand_fee(fee):
    if fee is None:
        return None
    require_choice(fee.base, "base of the brand fee", BRAND_ON)
    value = not_negative(fee.value, "brand fee")
    return replace(fee, value=value if fee.base == "amount" else value / 100)


def _bonus(bonus):
    value = not_negative(bonus.value, f"bonus {bonus.name}")
    return replace(bonus, value=value / 100 if bonus.percent else value, payout=_payout(bonus.payout, bonus.name))


def _split(split):
    percents = [not_negative(percent, f"percent of {payee}") for payee, percent in split]
    if percents and sum(percents) != 100:
        told = [f"{payee} {percent}" for payee, percent in split]
        raise BadTerms("split", told, f"sums to {float(sum(percents)):g}, not to 100")
    return tuple((payee, percent) for (payee, _percent), percent in zip(split, percents, strict=True))


def _check_keys(components):
    """The same key twice means two versions of one component, one after the other."""
    for row, component in enumerate(components):
        for other in components[:row]:
            if other.key == component.key and _overlap(component, other):
                raise BadTerms("component", component.key, "is there twice: a component's key is its own")


def _overlap(one, other):
    return (one.end is None or other.start is None or other.start < one.end) and (
        other.end is None or one.start is None or one.start < other.end)


# --- components -----------------------------------------------------------------------------------


def read_component(component):
    """A component as `read` gives it, checked by itself."""
    of = f" of {component.key}"
    require_choice(component.basis, "basis" + of, BASES)
    require_choice(component.direction, "direction" + of, DIRECTIONS)
    require_choice(component.bracket_rule, "bracket_rule" + of, BRACKET_RULES)
    require_choice(component.accumulate, "accumulate" + of, ACCUMULATIONS)
    for name in ("start", "end"):
        if getattr(component, name) is not None:
            require_day(getattr(component, name), name + of)
    if component.start is not None and component.end is not None and component.end <= component.start:
        raise BadPeriod("days" + of, (component.start.isoformat(), component.end.isoformat()))
    _check_retroactive(component)
    return replace(
        component, rates=_rates(component), payout=_payout(component.payout, component.key),
        kinds=frozenset(component.kinds), products=frozenset(component.products),
        categories=frozenset(component.categories))


def _check_retroactive(component):
    if not component.retroactive:
        return
    of = f"retroactive of {component.key}"
    if component.bracket_rule == MARGINAL:
        raise BadTerms(of, True, "has no meaning where each part counts at its own bracket's rate")
    if component.payout is not None:
        told = "contradicts a payout by a figure: what was settled before was paid out by another one"
        raise BadTerms(of, True, told)


def _rates(component):
    """Its `Table`s by start, at most one for each day."""
    rates = sorted(component.rates, key=_by_start(component))
    for rate, later in zip(rates, rates[1:], strict=False):
        if rate.start == later.start:
            since = "always" if rate.start is None else rate.start.isoformat()
            raise BadTerms(f"rates of {component.key}", since, "begins twice: one rate from each day on")
    return tuple(read_rate(component, rate) for rate in rates)


def _by_start(component):
    def start(rate):
        return date.min if rate.start is None else require_day(rate.start, f"start of a rate of {component.key}")

    return start


def read_rate(component, rate):
    """A rate of a component as a `Table`, with the sign of its direction."""
    field = f"rate of {component.key}"
    scale = Fraction(-1 if component.direction == PAYS else 1, 100 if component.basis in OF_MONEY else 1)
    if rate.brackets:
        if rate.value is not None or rate.hit is not None:
            raise BadTerms(field, str(rate.value), "is there beside brackets: one of them counts, not both")
        return _brackets(component, rate, scale)
    if rate.value is None:
        raise BadTerms(field, None, "is missing: a value, or brackets")
    value = not_negative(rate.value, field) * scale
    hit = None if rate.hit is None else not_negative(rate.hit, field) * scale
    return Table(rate.start, value, hit, told=rate.value, told_hit=rate.hit)


def _brackets(component, rate, scale):
    check_tiers(rate.brackets, f"brackets of {component.key}")
    bounds = tuple(exact(bracket.bound) for bracket in rate.brackets)
    if bounds[0] != 0:
        told = [str(bracket.bound) for bracket in rate.brackets]
        raise BadTiers(f"brackets of {component.key}", told, "do not begin at 0")
    field = f"rate of a bracket of {component.key}"
    rates = tuple(not_negative(bracket.rate, field) * scale for bracket in rate.brackets)
    sums = [Fraction(0)]
    for row in range(1, len(bounds)):
        sums.append(sums[-1] + (bounds[row] - bounds[row - 1]) * rates[row - 1])
    return Table(rate.start, None, None, bounds, rates, tuple(sums),
                 told_rates=tuple(bracket.rate for bracket in rate.brackets))


def _payout(payout, owner):
    if payout is None:
        return None
    field = f"payout of {owner}"
    check_tiers(payout.bands, field, falling=not payout.high_is_good)
    bands = tuple(Bracket(exact(band.bound), not_negative(band.rate, field)) for band in payout.bands)
    require_count(payout.minimum, f"minimum of the {field}", 0)
    return replace(payout, bands=bands, otherwise=not_negative(payout.otherwise, f"otherwise of the {field}"))
