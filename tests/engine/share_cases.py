"""Builders and strategies for the tests of dealer shares: short words for rules, lines and what March 2026 brought."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from engine.period import Period
from engine.revenue_share import share
from engine.share_terms import (
    ACCUMULATIONS,
    BASES,
    BRACKET_RULES,
    BRAND_ON,
    DIRECTIONS,
    NEGATIVE_RULES,
    ROUNDING_RULES,
    Bonus,
    Bracket,
    BrandFee,
    Carried,
    Component,
    Facts,
    Item,
    Line,
    Measured,
    Origin,
    Payout,
    Rate,
    Rule,
    Volume,
)

MARCH, APRIL, MAY = (Period.month(2026, month) for month in (3, 4, 5))
QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
KINDS = ("labour", "parts", "travel")


def number(text):
    """ "2.5" -> Decimal; everything else stays."""
    return Decimal(text) if isinstance(text, str) else text


def day(text):
    """ "5" is the 5th of March 2026, "04-12" is the 12th of April; a date stays."""
    if not isinstance(text, str):
        return text
    return date(2026, 3, int(text)) if "-" not in text else date.fromisoformat(f"2026-{text}")


def brackets(text):
    """ "0: 5, 10000: 7" -> `Bracket`s."""
    rows = (row.split(":") for row in text.split(","))
    return tuple(Bracket(Decimal(bound.strip()), Decimal(rate.strip())) for bound, rate in rows)


def rate(text, start=None, hit=None):
    """ "10", or brackets "0: 5, 10000: 7" -> `Rate`."""
    if ":" in text:
        return Rate(day(start), brackets=brackets(text))
    return Rate(day(start), number(text), number(hit))


def component(key="labour", rates="10", **terms):
    """A component; ``rates``: a rate as text, or `Rate`s; sets as text: "labour parts"."""
    found = (rate(rates),) if isinstance(rates, str) else rates
    for name in ("kinds", "products", "categories"):
        if isinstance(terms.get(name), str):
            terms[name] = frozenset(terms[name].split())
    for name in ("start", "end"):
        terms[name] = day(terms.get(name))
    return Component(key, terms.pop("name", key.capitalize()), rates=found, **terms)


def payout(bands="90: 50, 95: 100", measure="compliance", **terms):
    """A `Payout` by compliance."""
    return Payout(measure, brackets(bands), **terms)


def rule(*components, **terms):
    """A rule "SR-1 v1"; numbers as text; without components: 10 % of everything."""
    for name in ("cap", "guarantee", "withholding", "payable", "currency_rounding"):
        if name in terms:
            terms[name] = number(terms[name])
    if isinstance(terms.get("brand_fee"), str):
        value, _percent, base = terms["brand_fee"].partition(" % ")
        terms["brand_fee"] = BrandFee(Decimal(value), base or "amount")
    if isinstance(terms.get("split"), str):
        rows = (row.split() for row in terms["split"].split(","))
        terms["split"] = tuple((payee, Decimal(percent)) for payee, percent in rows)
    return Rule("SR-1 v1", components or (component(),), **terms)


def line(base, on="5", key=None, **facts):
    """A line of March; its key is its base where none is given."""
    for name in ("quantity", "cost", "fx", "shared"):
        if name in facts:
            facts[name] = number(facts[name])
    if "rate_day" in facts:
        facts["rate_day"] = day(facts["rate_day"])
    return Line(key or str(base), day(on), number(base), **facts)


def origin(base, share_, key="original", component_="labour", taken="0", taken_share="0"):
    """What a refund takes from."""
    return Origin(key, component_, Decimal(base), Decimal(share_), Decimal(taken), Decimal(taken_share))


def settled(terms, *lines, period=MARCH, carried=0, **facts):
    """The `Settlement` of lines; a line as text is its base."""
    lines = [line(one, key=f"L{row}") if isinstance(one, str) else one for row, one in enumerate(lines, 1)]
    return share(terms, lines, period, carried, Facts(**facts) if facts else None)


def amounts(settlement, kind=None):
    """The amounts of its lines as text."""
    return [str(one.amount) for one in settlement.lines if kind is None or one.kind == kind]


def paid(terms, *lines, **facts):
    """The total as text, for tables."""
    return str(settled(terms, *lines, **facts).total)


def told(settlement, label):
    """The details of its steps with that label."""
    return [step.detail for step in settlement.steps if step.label == label]


# --- strategies: rules and lines of every kind, sensible but arbitrary ------------------------------

CENT = Decimal("0.01")
cents = st.integers(-(10**6), 10**7).map(lambda units: Decimal(units) / 100)
above = st.integers(0, 10**6).map(lambda units: Decimal(units) / 100)
percents = st.integers(0, 5000).map(lambda units: Decimal(units) / 100)
parts = st.integers(0, 12).map(lambda twelfths: Fraction(twelfths, 12))
days_of_march = st.integers(1, 31).map(lambda number: date(2026, 3, number))
days = st.one_of(days_of_march, days_of_march, st.dates(date(2025, 11, 1), date(2026, 2, 28)))


@st.composite
def ladders(draw):
    bounds = draw(st.lists(st.integers(1, 5000), max_size=3, unique=True))
    return tuple(Bracket(Decimal(bound), draw(percents)) for bound in [0, *sorted(bounds)])


@st.composite
def rate_rows(draw, with_brackets):
    starts = [None, *draw(st.sampled_from([(), (date(2026, 3, 10),), (date(2026, 2, 1), date(2026, 3, 20))]))]
    if draw(st.integers(0, 4)) == 0:
        starts = starts[1:]
    found = []
    for start in starts:
        if with_brackets:
            found.append(Rate(start, brackets=draw(ladders())))
        else:
            found.append(Rate(start, draw(percents), draw(st.one_of(st.none(), percents))))
    return tuple(found)


payouts = st.sampled_from([None, None, None, payout(), payout("100: 50, 40: 100", "hours", high_is_good=False)])


@st.composite
def components_of(draw, key, kinds, **fixed):
    terms = {
        "basis": draw(st.sampled_from(BASES)), "direction": draw(st.sampled_from(DIRECTIONS)),
        "bracket_rule": draw(st.sampled_from(BRACKET_RULES)), "accumulate": draw(st.sampled_from(ACCUMULATIONS)),
        "payout": draw(payouts), **fixed}  # fmt: skip
    retroactive = terms["bracket_rule"] == "slab" and terms["payout"] is None and draw(st.booleans())
    with_brackets = terms.pop("with_brackets", draw(st.booleans()))
    found = draw(rate_rows(with_brackets))
    return Component(key, key.upper(), rates=found, kinds=kinds, **{"retroactive": retroactive, **terms})


@st.composite
def rules(draw, **fixed):
    """A rule of one component for all, or of one for each kind but travel, and what comes after the lines."""
    kinds = draw(st.sampled_from([(frozenset(),), (frozenset({"labour"}), frozenset({"parts"}))]))
    found = tuple(draw(components_of("abc"[row], names, **fixed)) for row, names in enumerate(kinds))
    unit = draw(st.sampled_from([Decimal("0.01"), Decimal("0.001"), Decimal(1)]))
    cap = draw(st.one_of(st.none(), above))
    split = draw(st.sampled_from([(), (("a", Decimal(60)), ("b", Decimal(40))), (("a", Fraction(100, 3)),) * 3]))
    return Rule(
        "SR-1 v1", found, draw(st.sampled_from(ROUNDING_RULES)), unit, draw(st.sampled_from([None, 5 * unit])),
        cap, draw(st.one_of(st.none(), above)) if cap is None else None,
        draw(st.one_of(st.none(), st.builds(BrandFee, percents, st.sampled_from(BRAND_ON)))),
        draw(st.sampled_from([(), (Bonus("Bonus", Decimal(5), True, payout()),), (Bonus("Sum", Decimal("33.33")),)])),
        draw(st.sampled_from([Decimal(0), Decimal(20), Decimal("7.7")])), draw(st.sampled_from(NEGATIVE_RULES)),
        split)  # fmt: skip


@st.composite
def lines_of(draw, size=8, refunds=True):
    """Lines of March, late ones among them; refunds of them and of older ones."""
    found = []
    for row in range(draw(st.integers(0, size))):
        base, cost = draw(cents), draw(st.one_of(st.none(), above))
        found.append(Line(
            f"L{row}", draw(days), base, draw(st.sampled_from([Decimal(1), Decimal("2.5"), Fraction(7, 3)])), cost,
            draw(st.sampled_from([Decimal(1), Decimal("1.0875"), Fraction(1, 3)])), draw(st.sampled_from(KINDS)),
            job=draw(st.sampled_from(["", "J1", "J2"])), standard_met=draw(st.sampled_from([None, True, False])),
            paid=draw(st.one_of(st.none(), st.tuples(parts, parts)))))  # fmt: skip
    first_line = found[0] if found else None
    for row in range(draw(st.integers(0, 3)) if refunds else 0):
        if first_line is not None and draw(st.booleans()):
            first = Origin(first_line.key, "", first_line.base, Decimal(0))
        else:
            settled_on = draw(st.sampled_from([None, date(2026, 2, 1), date(2025, 12, 1)]))
            first = Origin(
                f"O{row}", draw(st.sampled_from("abz")), draw(above) + 1, draw(above), settled=settled_on)
        kind = draw(st.sampled_from(KINDS))
        found.append(Line(f"R{row}", draw(days_of_march), -draw(above), kind=kind, origin=first))
    return found


facts_of = st.builds(
    Facts,
    st.sampled_from([{}, {"compliance": Measured(Decimal("93.5"), 40), "hours": Measured(Decimal(60), 3)}]),
    st.sampled_from([(), (Item("PEN/1", "Late", Decimal("-12.35")),)]),
    st.sampled_from([(), (Item("S/1", "Dispute", Decimal("8.10")), Item("S/2", "", Decimal("-3.30")))]),
    st.sampled_from([Fraction(1), Fraction(17, 31)]),
)
carried_of = st.builds(
    Carried,
    st.integers(-5000, 0).map(lambda units: Decimal(units) / 100),
    st.dictionaries(st.sampled_from("abc"), st.builds(Volume, above, above)),
    st.sampled_from([frozenset(), frozenset({"J1"})]),
)
