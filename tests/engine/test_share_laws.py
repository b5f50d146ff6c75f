"""Laws of dealer shares, for rules and months nobody thought of."""

import copy
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st
from share_cases import (
    CENT,
    MARCH,
    QUARTER,
    above,
    carried_of,
    cents,
    components_of,
    days_of_march,
    facts_of,
    ladders,
    lines_of,
    rules,
)
from share_oracle import reckon

from engine.money import exact, round_money
from engine.revenue_share import Reckoning, share
from engine.share_terms import (
    MARGIN,
    PER_UNIT,
    REVENUE,
    USAGE,
    Carried,
    Component,
    Facts,
    Line,
    Origin,
    Rate,
    Rule,
)


@st.composite
def cases(draw, **fixed):
    """(rule, lines, period, carried, facts)."""
    return draw(rules(**fixed)), draw(lines_of()), MARCH, draw(carried_of), draw(facts_of)


def shares(settlement):
    """What the lines came to, before anything of the whole period."""
    return sum(line.amount for line in settlement.lines if line.kind in ("share", "retroactive"))


# --- no cent is created or lost -----------------------------------------------------------------------


@given(cases())
def test_lines_sum_to_the_total_in_units_that_are_paid(case):
    rule, settlement = case[0], share(*case)
    unit = Fraction(rule.payable or rule.currency_rounding)
    assert sum(line.amount for line in settlement.lines) == settlement.total
    assert all(Fraction(line.amount) % unit == 0 for line in settlement.lines)
    assert [line.key for line in settlement.lines if line.kind == "share"] == [line.key for line in case[1]]
    if rule.split:
        assert sum(amount for _payee, amount in settlement.split) == settlement.total
        assert all(Fraction(amount) % unit == 0 for _payee, amount in settlement.split)
    if rule.negative == "carry":
        assert settlement.total >= 0
    assert settlement.carried_forward <= 0 and (rule.negative == "carry" or -unit < settlement.carried_forward)
    assert not any(str(line.amount).startswith("-0.0") and not line.amount for line in settlement.lines)


@given(cases())
def test_what_is_carried_is_what_is_not_paid(case):
    """Lines but the two of the carry, and what was owed before, are what is paid and owed after."""
    settlement = share(*case)
    own = sum(line.amount for line in settlement.lines if not line.kind.startswith("carried"))
    assert own + case[3].amount == settlement.total + settlement.carried_forward


@given(cases())
def test_never_above_the_cap_nor_below_the_guarantee(case):
    rule, settlement = case[0], share(*case)
    until = [line.amount for line in settlement.lines if line.kind in (
        "share", "retroactive", "bonus", "cap", "guarantee")]
    if rule.cap is not None:
        assert sum(until) <= rule.cap
    if rule.guarantee is not None:
        least = round_money(exact(rule.guarantee) * Fraction(case[4].part), rule.payable or rule.currency_rounding)
        assert sum(until) >= least


@given(cases())
def test_every_line_as_the_oracle_reckons_it(case):
    found = [str(line.amount) for line in share(*case).lines if line.kind in ("share", "retroactive")]
    assert found == [str(amount) for amount in reckon(*case)]


# --- the same again -----------------------------------------------------------------------------------


@given(cases())
def test_the_same_again_is_the_same(case):
    rule, lines, period, carried, facts = case
    settlement = share(*case)
    assert share(*case) == settlement
    assert share(copy.deepcopy(rule), iter(copy.deepcopy(lines)), (period.start, period.end), copy.deepcopy(carried),
                 copy.deepcopy(facts)) == settlement


@given(cases(), st.lists(st.integers(0, 11), max_size=4))
def test_a_stream_in_any_chunks_is_the_same(case, cuts):
    rule, lines, period, carried, facts = case
    keys = {line.key for line in lines}
    own = {line.origin.key for line in lines if line.origin is not None} & keys
    edges = [0, *sorted(cuts), len(lines)]
    chunks = [lines[low:high] for low, high in zip(edges, edges[1:], strict=False)]
    stream = Reckoning(rule, period, carried, facts, own)
    if stream.needs_totals:
        for chunk in chunks:
            stream.measure(iter(chunk))
    settled = tuple(line for chunk in chunks for line in stream.settle(iter(chunk)))
    closed = stream.close()
    whole = share(*case)
    assert settled + closed.lines == whole.lines
    assert replace(closed, lines=(), warnings=()) == replace(whole, lines=(), warnings=())
    assert set(closed.warnings) == set(whole.warnings)


@given(rules(basis=REVENUE), st.lists(st.tuples(cents, days_of_march), max_size=6), facts_of)
def test_the_short_way_and_the_long_way_are_one(rule, rows, facts):
    short = [Line(f"L{row}", on, base, kind="labour") for row, (base, on) in enumerate(rows)]
    long = [replace(line, fx=Fraction(1)) for line in short]
    assert share(rule, short, MARCH, 0, facts) == share(rule, long, MARCH, 0, facts)


# --- cutting lines ------------------------------------------------------------------------------------


def cut(line, part):
    """Two lines for one: ``part`` of everything that adds up, and the rest."""
    first = replace(
        line, base=exact(line.base) * part, quantity=exact(line.quantity) * part,
        cost=None if line.cost is None else exact(line.cost) * part)
    rest = replace(
        line, key=f"{line.key}b", base=exact(line.base) - first.base, quantity=exact(line.quantity) - first.quantity,
        cost=None if line.cost is None else exact(line.cost) - first.cost)
    return first, rest


pieces = st.fractions(0, 1, max_denominator=9)


@given(
    st.one_of(rules(with_brackets=True, bracket_rule="marginal", retroactive=False), rules()),
    lines_of(), carried_of, facts_of, st.data())
def test_cutting_a_line_in_two_changes_no_marginal_result(rule, lines, carried, facts, data):
    """Neither by marginal brackets, nor where the total is rounded; merging is the same read backwards."""
    rule = replace(rule, components=tuple(
        replace(part, basis=data.draw(st.sampled_from([REVENUE, MARGIN, PER_UNIT, USAGE])), payout=part.payout)
        for part in rule.components))
    marginal = all(
        row.brackets for part in rule.components for row in part.rates if part.bracket_rule == "marginal"
    ) and all(part.bracket_rule == "marginal" for part in rule.components)
    if not marginal:
        rule = replace(rule, rounding="total")
    origins = {line.origin.key for line in lines if line.origin is not None}
    # Part payments are rounded by what they were before; a line that is taken from keeps its key.
    lines = [replace(line, paid=None) for line in lines if line.origin is None and line.key not in origins]
    assume(lines)
    before = share(rule, lines, MARCH, carried, facts)
    row = data.draw(st.integers(0, len(lines) - 1))
    after = share(rule, [*lines[:row], *cut(lines[row], data.draw(pieces)), *lines[row + 1:]], MARCH, carried, facts)
    assert after.total == before.total and after.volumes == before.volumes
    rest = ("bonus", "cap", "guarantee", "brand_fee", "withholding", "retroactive", "carried_forward")
    assert [line for line in after.lines if line.kind in rest] == [line for line in before.lines if line.kind in rest]
    assert after.split == before.split and after.carried_forward == before.carried_forward


@given(ladders(), st.lists(cents, min_size=1, max_size=8), st.randoms(), st.sampled_from(["marginal", "slab"]))
def test_brackets_do_not_care_in_which_order_lines_come(ladder, bases, random, how):
    part = Component("a", "A", rates=(Rate(brackets=ladder),), bracket_rule=how)
    rule = Rule("SR", (part,), rounding="total")
    lines = [Line(f"L{row}", MARCH.start, base) for row, base in enumerate(bases)]
    mixed = random.sample(lines, len(lines))
    assert share(rule, lines, MARCH).total == share(rule, mixed, MARCH).total


@given(ladders(), st.lists(st.tuples(cents, st.sampled_from([1, 2, 3])), max_size=8))
def test_months_of_a_quarter_come_to_what_the_quarter_does(ladder, rows):
    """Brackets that add up over the quarter, marginal: three settlements, or one."""
    part = Component("a", "A", rates=(Rate(brackets=ladder),), accumulate="quarter")
    rule = Rule("SR", (part,), negative="charge")
    lines = [Line(f"L{row}", QUARTER.start.replace(month=month), base) for row, (base, month) in enumerate(rows)]
    lines.sort(key=lambda line: line.day)
    total, carried = Decimal(0), Carried()
    for month in (1, 2, 3):
        start = QUARTER.start.replace(month=month)
        end = start.replace(month=month + 1)
        found = share(rule, [line for line in lines if line.day.month == month], (start, end), carried)
        total, carried = total + found.total, Carried(volumes=found.volumes, until=end)
    assert total == share(rule, lines, QUARTER).total


@given(
    ladders(), st.lists(st.tuples(cents, st.sampled_from([1, 2, 3])), max_size=8), st.sampled_from(["line", "total"]))
def test_retroactive_brackets_reprice_the_whole_quarter(ladder, rows, rounding):
    part = Component(
        "a", "A", rates=(Rate(brackets=ladder),), accumulate="quarter", bracket_rule="slab", retroactive=True)
    rule = Rule("SR", (part,), negative="charge", rounding=rounding)
    total, carried, volume = Decimal(0), Carried(), Decimal(0)
    for month in (1, 2, 3):
        start = QUARTER.start.replace(month=month)
        bases = [base for base, of in rows if of == month]
        found = share(rule, [Line(f"L{row}", start, base) for row, base in enumerate(bases)],
                      (start, start.replace(month=month + 1)), carried)
        total, carried, volume = total + found.total, Carried(volumes=found.volumes), volume + sum(bases)
        reached = [bracket.rate for bracket in ladder if bracket.bound <= volume] or [ladder[0].rate]
        assert total == round_money(Fraction(volume) * Fraction(reached[-1]) / 100, CENT)


# --- refunds and part payments ------------------------------------------------------------------------


@given(rules(), lines_of(refunds=False), st.lists(pieces, max_size=4), st.data())
def test_a_full_refund_in_any_parts_cancels_its_original_exactly(rule, lines, parts, data):
    """In later months, some in one settlement, some in another."""
    lines = [replace(line, paid=None) for line in lines]
    assume(lines and lines[0].base)
    first = share(rule, lines, MARCH).lines[0]
    origin = Origin(first.key, first.component, lines[0].base, first.amount)
    left, refunds = -exact(lines[0].base), []
    for row, part in enumerate([*parts, 1]):
        base = left * part
        left -= base
        refunds.append(replace(lines[0], key=f"R{row}", base=base, origin=origin))
    edge = data.draw(st.integers(0, len(refunds)))
    taken = [line for line in share(rule, refunds[:edge], MARCH).lines if line.kind == "share"]
    gone = sum(line.base for line in refunds[:edge])
    later = replace(origin, taken_base=gone, taken_share=sum((line.amount for line in taken), Decimal(0)))
    taken += share(rule, [replace(line, origin=later) for line in refunds[edge:]], MARCH).lines[:len(refunds) - edge]
    assert sum(line.amount for line in taken) == -first.amount
    assert sum(line.base for line in refunds) == -exact(lines[0].base)


@given(rules(), lines_of(refunds=False), st.data())
def test_a_refund_in_the_same_settlement_cancels_too(rule, lines, data):
    lines = [replace(line, paid=None) for line in lines]
    assume(lines)
    one = data.draw(st.sampled_from(lines))
    refund = replace(one, key="R", base=-one.base, origin=Origin(one.key, "", one.base, Decimal(0)))
    found = {line.key: line.amount for line in share(rule, [*lines, refund], MARCH).lines if line.kind == "share"}
    assert found["R"] == -found[one.key]


@given(rules(), cents, st.lists(pieces, max_size=4), st.sampled_from([True, False, None]), days_of_march)
def test_part_payments_come_to_what_one_payment_does(rule, base, parts, met, on):
    line = Line("L", on, base, Decimal(3), Decimal(10), kind="labour", job="J", standard_met=met)
    edges = sorted({Fraction(0), *parts, Fraction(1)})
    lines = [replace(line, paid=pair) for pair in zip(edges, edges[1:], strict=False)]
    assert shares(share(rule, lines, MARCH)) == shares(share(rule, [line], MARCH))


@given(components_of("a", frozenset(), with_brackets=False), cents, pieces, days_of_march)
def test_payments_of_two_settlements_too(part, base, paid, on):
    rule, line = Rule("SR", (part,), negative="charge"), Line("L", on, base, Decimal(2), Decimal(1), job="J")
    once = share(rule, [line], MARCH).lines[0].amount
    first = share(rule, [replace(line, paid=(0, paid))], MARCH).lines[0].amount
    jobs = Carried(jobs=frozenset({"J"} if paid else ()))
    rest = share(rule, [replace(line, paid=(paid, 1), shared=first)], MARCH, jobs).lines[0].amount
    assume(first or part.basis != "job" or not paid)
    assert first + rest == once


@given(st.lists(above, max_size=6), st.integers(0, 10**6))
def test_nothing_sold_is_the_guarantee_and_nothing_else(bases, guarantee):
    rule = Rule("SR", (Component("a", "A", rates=(Rate(value=Decimal(0)),)),), guarantee=Decimal(guarantee) / 100)
    lines = [Line(f"L{row}", MARCH.start, base) for row, base in enumerate(bases)]
    assert share(rule, lines, MARCH).total == share(rule, (), MARCH).total == Decimal(guarantee) / 100


def test_facts_are_not_changed():
    facts, carried = Facts(figures={}), Carried()
    share(Rule("SR", ()), (), MARCH, carried, facts)
    assert facts == Facts() and carried == Carried()
