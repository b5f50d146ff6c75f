"""Strategies: components, clauses, ledgers and facts of every kind, sensible but arbitrary."""

from datetime import date
from decimal import Decimal

from clauses import APRIL, MARCH
from hypothesis import strategies as st

from engine.penalty_terms import (
    BANDS,
    BY_COUNT,
    COMBINATIONS,
    COUNT_RULES,
    EXCESS_RULES,
    EXCUSED_RULES,
    GRACE_RULES,
    KINDS,
    MINIMUM_RULES,
    ON_FIGURE,
    PER_UNIT,
    POINTS,
    RATE_BASES,
    ROUNDING_RULES,
    UNIT_RULES,
    Cap,
    Clause,
    Component,
    EarnBack,
    Event,
    Figure,
    Ledger,
    Measures,
    Penalised,
    Tier,
)

SEVERITIES = ("low", "high")
fees = st.integers(0, 10**7).map(lambda cents: Decimal(cents) / 100)
rates = st.integers(1, 4000).map(lambda cents: Decimal(cents) / 100)
numbers = st.integers(0, 100000).map(lambda units: Decimal(units) / 1000)
caps = st.one_of(
    st.none(),
    st.builds(Cap, st.integers(0, 50000).map(lambda cents: Decimal(cents) / 10), st.just("amount")),
    st.builds(Cap, st.integers(1, 500).map(lambda tenths: Decimal(tenths) / 10), st.sampled_from(["fee", "value"])),
)


def ladders(falling, whole):
    """Tiers in order, their rates never falling."""
    bounds = st.integers(1, 12) if whole else numbers

    def build(drawn):
        bounds, tier_rates = drawn
        ordered = sorted(bounds, reverse=falling)
        return tuple(Tier(*row) for row in zip(ordered, sorted(tier_rates)[: len(ordered)], strict=True))

    return st.tuples(
        st.lists(bounds, min_size=1, max_size=4, unique=True), st.lists(rates, min_size=4, max_size=4)
    ).map(build)


@st.composite
def components(draw, key, kinds=KINDS, plain=False):
    """A component; ``plain``: without anything that cuts or spares."""
    kind, high, bonus = draw(st.sampled_from(kinds)), draw(st.booleans()), draw(st.integers(0, 5)) == 0
    terms = {
        "base": draw(st.sampled_from(RATE_BASES)),
        "rate": draw(rates),
        "high_is_good": high,
        "bonus": bonus and not plain,
        "unit_rule": draw(st.sampled_from(UNIT_RULES)),
        "unit_seconds": draw(st.sampled_from([60, 900, 3600, 86400])),
        "count_rule": draw(st.sampled_from(COUNT_RULES)),
        "severities": (("low", 1), ("high", draw(st.integers(0, 9)))),
        "target": draw(numbers) + 1,
    }
    if kind in (BANDS, BY_COUNT):
        falling = kind == BANDS and high != terms["bonus"]
        terms["tiers"] = draw(ladders(falling, kind == BY_COUNT))
    if kind == BANDS and draw(st.booleans()):
        terms["target"] = None
    if not plain:
        terms |= {
            "grace": draw(st.sampled_from([Decimal(0), Decimal(2), Decimal(1800)])),
            "grace_rule": draw(st.sampled_from(GRACE_RULES)),
            "deductible": draw(st.sampled_from([Decimal(0), Decimal(35)])),
            "event_cap": draw(caps),
            "cap": draw(caps),
            "free": draw(st.integers(0, 3)),
            "digits": draw(st.sampled_from([None, 0, 2])),
            "multipliers": draw(st.sampled_from([(), (Decimal(1), Decimal("1.5"), Decimal(3))])),
        }
    return Component(key, key.upper(), kind, **terms)


@st.composite
def clauses(draw, combine=COMBINATIONS, plain=False, kinds=KINDS):
    """A clause of one to three components; ``plain``: components that nothing cuts or spares."""
    parts = [draw(components(key, kinds, plain)) for key in draw(st.sampled_from(["a", "ab", "abc"]))]
    figures = [part.key for part in parts if part.kind in ON_FIGURE]
    earn_back = None
    if figures and draw(st.booleans()):
        earn_back = EarnBack(
            draw(st.sampled_from(figures)),
            draw(numbers),
            draw(st.sampled_from([1, 3])),
            draw(st.booleans()),
            draw(st.sampled_from([Decimal(100), Decimal(50)])),
        )
    currency = draw(st.sampled_from([Decimal("0.01"), Decimal(1), Decimal("0.001")]))
    return Clause(
        "PC-1 v1",
        tuple(parts),
        draw(st.sampled_from(combine)),
        draw(st.one_of(st.none(), caps)),
        draw(st.sampled_from(EXCUSED_RULES)),
        draw(caps),
        draw(st.sampled_from(EXCESS_RULES)),
        draw(st.sampled_from([Decimal(0), Decimal(40)])),
        draw(st.sampled_from(MINIMUM_RULES)),
        earn_back,
        draw(caps),
        draw(caps),
        draw(caps),
        draw(st.booleans()),
        draw(st.sampled_from([None, date(2026, 3, 1)])),
        currency,
        draw(st.sampled_from([None, 5 * currency])),
        draw(st.sampled_from(ROUNDING_RULES)),
    )


event_lists = st.lists(
    st.builds(
        Event,
        st.sampled_from(["R1", "R2", "R3", "R4"]),
        st.integers(0, 100000),
        st.sampled_from(SEVERITIES),
        st.sampled_from([None, None, None, "customer cause"]),
        st.integers(1, 4),
    ),
    max_size=8,
).map(tuple)


@st.composite
def counted_figures(draw):
    total = draw(st.integers(1, 1000))
    good = draw(st.integers(0, total))
    excused = draw(st.integers(0, total - good))
    return Figure(good=good, total=total, excused=((excused, "maintenance"),) if excused else ())


figures = st.one_of(numbers.map(Figure), counted_figures())


@st.composite
def measured(draw, clause, all_of_it=True):
    """What March brought for a clause; ``all_of_it`` False: some components may not have been measured."""
    found, events = {}, {}
    for part in clause.components:
        if not all_of_it and draw(st.integers(0, 3)) == 0:
            continue
        if part.kind in ON_FIGURE:
            found[part.key] = draw(figures)
        else:
            events[part.key] = draw(event_lists)
    return Measures(MARCH, APRIL, found, events, draw(fees))


money = st.integers(0, 100000).map(lambda units: Decimal(units))
ledgers = st.builds(
    Ledger,
    money,
    money,
    st.one_of(st.just(Decimal(0)), money),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 4)),
    st.lists(st.builds(Penalised, st.sampled_from(["PEN/1", "PEN/2"]), money, st.integers(1, 5)), max_size=2).map(
        tuple
    ),
)


def lasting(part):
    """Whether the lateness of an event, rather than its number, is what a component reads."""
    return part.kind in (PER_UNIT, POINTS)
