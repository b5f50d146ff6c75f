"""Builders for the tests of penalties: short words for components, clauses and what March 2026 brought."""

from datetime import date
from decimal import Decimal

from engine.penalty import assess
from engine.penalty_terms import (
    AMOUNT,
    BANDS,
    BY_COUNT,
    FIXED,
    OF_FEE,
    OF_VALUE,
    PER_BREACH,
    PER_POINT,
    PER_UNIT,
    POINTS,
    PROPORTIONAL,
    Cap,
    Clause,
    Component,
    Event,
    Figure,
    Measures,
    Tier,
)

HOUR, DAY, WEEK = 3600, 86400, 604800
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
BASES = {"fee": OF_FEE, "value": OF_VALUE, "": FIXED}


def number(text):
    """ "2.5" -> Decimal; everything else stays."""
    return Decimal(text) if isinstance(text, str) else text


def cap(text):
    """ "500", "10 % fee" or "5 % value" -> `Cap`."""
    value, _percent, base = text.partition(" % ")
    return Cap(Decimal(value), BASES[base])


def tiered(text):
    """ "99.9: 10, 99.0: 25" -> `Tier`s."""
    rows = (row.split(":") for row in text.split(","))
    return tuple(Tier(Decimal(bound.strip()), Decimal(rate.strip())) for bound, rate in rows)


def component(kind, key="it", **terms):
    """A component of ``kind``; caps, tiers and numbers as text."""
    for name in ("cap", "event_cap"):
        if isinstance(terms.get(name), str):
            terms[name] = cap(terms[name])
    if isinstance(terms.get("tiers"), str):
        terms["tiers"] = tiered(terms["tiers"])
    for name in ("rate", "target", "deductible", "grace", "weight"):
        if name in terms:
            terms[name] = number(terms[name])
    if "multipliers" in terms:
        terms["multipliers"] = tuple(Decimal(value) for value in terms["multipliers"].split())
    return Component(key, terms.pop("name", key.capitalize()), kind, **terms)


def uptime(bands="99.9: 10, 99.0: 25", key="uptime", **terms):
    """Bands of a percentage of the fee."""
    return component(BANDS, key, tiers=bands, **terms)


def late(rate="50", key="fix", **terms):
    """An amount for each started hour late."""
    return component(PER_UNIT, key, rate=rate, **{"base": AMOUNT, **terms})


def breaches(rate="50", key="breach", **terms):
    """An amount for each breach."""
    return component(PER_BREACH, key, rate=rate, **{"base": AMOUNT, **terms})


def counted(tiers, key="count", **terms):
    """Amounts by the number of breaches."""
    return component(BY_COUNT, key, tiers=tiers, **{"base": AMOUNT, **terms})


def pointed(rate="100", key="points", severities=(("high", 3), ("low", 1)), **terms):
    """An amount for each point."""
    return component(POINTS, key, rate=rate, severities=severities, **{"base": AMOUNT, **terms})


def below(rate="2", target="99", key="level", **terms):
    """A percentage of the fee for each point below the target."""
    return component(PER_POINT, key, rate=rate, target=target, **terms)


def missing(target="95", key="part", **terms):
    """The fee in proportion to the missing part of the target."""
    return component(PROPORTIONAL, key, target=target, **terms)


def clause(*components, **terms):
    """A clause "PC-1 v1"; caps as text."""
    for name in ("at_risk", "period_cap", "yearly_cap", "contract_cap", "bonus_cap"):
        if isinstance(terms.get(name), str):
            terms[name] = cap(terms[name])
    for name in ("minimum", "payable", "currency_rounding"):
        if name in terms:
            terms[name] = number(terms[name])
    return Clause("PC-1 v1", components, **terms)


def hours(*lengths, key="R", **terms):
    """One event for each length of lateness in hours: R1, R2 ..."""
    return tuple(
        Event(f"{key}{row}", int(number(str(length)) * HOUR), **terms) for row, length in enumerate(lengths, 1)
    )


def march(value=None, **facts):
    """What March brought: a figure as text or `Figure`, events as a tuple, by component key."""
    figures, events = {}, {}
    for key, fact in facts.items():
        if isinstance(fact, tuple):
            events[key] = fact
        else:
            figures[key] = fact if isinstance(fact, Figure) else Figure(number(fact))
    return Measures(MARCH, APRIL, figures, events, number(value))


def paid(terms, measures, fee="1000", ledger=None):
    """The amount as text, for tables."""
    return str(assess(terms, measures, Decimal(fee), ledger).amount)


def steps(penalty):
    """{label: detail} of a penalty; of several steps with one label the last."""
    return {step.label: step.detail for step in penalty.steps}
