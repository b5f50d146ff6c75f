"""Laws of penalties, for clauses and months nobody thought of."""

import copy
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from clauses import APRIL, MARCH
from hypothesis import assume, given
from hypothesis import strategies as st
from penalty_cases import (
    clauses,
    components,
    event_lists,
    fees,
    figures,
    ledgers,
    measured,
)
from penalty_oracle import amount_of, cost_of_component

from engine.penalty import assess
from engine.penalty_exposure import exposure
from engine.penalty_lint import lint
from engine.penalty_terms import (
    BY_COUNT,
    CARRIED,
    EXACT,
    HIGHEST,
    HIGHEST_PER_EVENT,
    LUMP,
    ON_FIGURE,
    PER_BREACH,
    PER_UNIT,
    POINTS,
    SUM,
    Clause,
    Event,
    Figure,
    Ledger,
    Measures,
)

ON_EVENTS = (PER_BREACH, PER_UNIT, BY_COUNT, POINTS)


def worth(penalty):
    """All of a penalty but the words of its steps."""
    return replace(penalty, steps=(), lines=tuple(replace(line, detail="") for line in penalty.lines))


@st.composite
def cases(draw, **options):
    """(clause, measures, fee, ledger)."""
    clause = draw(clauses(**options))
    return clause, draw(measured(clause, all_of_it=False)), draw(fees), draw(ledgers)


# --- the amount and its parts -------------------------------------------------------------------------


@given(cases())
def test_the_lines_sum_to_the_amount_in_units_that_are_paid(case):
    penalty = assess(*case)
    if penalty.amount is None:
        assert not penalty.lines
        return
    assert sum(line.amount for line in penalty.lines) == penalty.amount
    clause = case[0]
    assert Fraction(penalty.amount) % Fraction(clause.payable or clause.currency_rounding) == 0
    assert all(Fraction(line.amount) % Fraction(clause.currency_rounding) == 0 for line in penalty.lines)
    assert penalty.capped == (penalty.uncapped != penalty.amount)


@given(cases())
def test_never_above_any_cap(case):
    clause, measures, fee, ledger = case
    penalty = assess(*case)
    assume(penalty.amount is not None)

    def money(cap):
        return amount_of(cap, fee, measures.value)

    gross = Fraction(penalty.amount + penalty.bonus + penalty.returned)
    for cap in (clause.period_cap, clause.at_risk):
        assert cap is None or gross <= money(cap)
    for cap, used in ((clause.yearly_cap, ledger.year), (clause.contract_cap, ledger.contract)):
        if cap is not None:
            net = Fraction(penalty.amount + penalty.bonus)
            assert Fraction(used) + net <= max(money(cap), Fraction(used - penalty.returned))
    assert clause.bonus_cap is None or penalty.bonus <= money(clause.bonus_cap)
    unit = Fraction(clause.currency_rounding)
    for line in penalty.lines:
        if line.component and line.kind == "penalty":
            part = next(part for part in clause.components if part.key == line.component)
            factor = Fraction(max(part.multipliers, default=1))
            rounding = unit if factor > 1 else 0  # the multiple of a cap is no cap, so it may be rounded up
            if part.cap is not None:
                assert line.amount <= money(part.cap) * factor + rounding
            if part.event_cap is not None and part.kind in (PER_UNIT, PER_BREACH, POINTS):
                assert line.amount <= money(part.event_cap) * factor * line.count + rounding


@given(components("a", ON_EVENTS), event_lists, fees, fees)
def test_one_component_as_reckoned_event_by_event(part, events, fee, value):
    unit = Decimal("0.000001")
    clause = Clause("PC", (replace(part, bonus=False, multipliers=()),), currency_rounding=unit)
    penalty = assess(clause, Measures(MARCH, APRIL, {}, {"a": events}, value), fee)
    capped, uncapped = cost_of_component(part, events, fee, value)
    assert 0 <= capped - Fraction(penalty.amount) + Fraction(unit) / 2 <= Fraction(unit) * 3 / 2
    assert abs(Fraction(penalty.uncapped) - uncapped) <= Fraction(unit) / 2


@given(cases())
def test_the_same_again_is_the_same(case):
    clause, measures, fee, ledger = case
    penalty = assess(*case)
    assert assess(*case) == penalty
    assert assess(copy.deepcopy(clause), copy.deepcopy(measures), Fraction(fee), copy.deepcopy(ledger)) == penalty


@given(cases(), st.randoms())
def test_the_order_of_events_does_not_matter(case, random):
    clause, measures, fee, ledger = case
    shuffled = {key: tuple(random.sample(events, len(events))) for key, events in measures.events.items()}
    assert assess(clause, replace(measures, events=shuffled), fee, ledger) == assess(*case)


@given(cases())
def test_an_event_with_a_count_is_so_many_events(case):
    clause, measures, fee, ledger = case
    single = {
        key: tuple(replace(event, count=1) for event in events for _each in range(event.count))
        for key, events in measures.events.items()
    }
    assert worth(assess(clause, replace(measures, events=single), fee, ledger)) == worth(assess(*case))


@given(cases(), st.integers(0, 10**6))
def test_an_excused_event_changes_nothing(case, late):
    clause, measures, fee, ledger = case
    excused = Event("X", late, "high", "force majeure", 2)
    more = {key: (*events, excused) for key, events in measures.events.items()}
    assert worth(assess(clause, replace(measures, events=more), fee, ledger)) == worth(assess(*case))


# --- more is never less -------------------------------------------------------------------------------


def comparable(clause):
    """Where one failure more may move cost from an event to another, 'highest per event' is left out."""
    spread = any(
        part.cap is not None or part.weight is not None or (part.kind == BY_COUNT and part.count_rule == LUMP)
        for part in clause.components
    )
    return not (clause.combine == HIGHEST_PER_EVENT and spread)


@given(cases(combine=[SUM, HIGHEST, HIGHEST_PER_EVENT]), st.data())
def test_more_downtime_or_lateness_never_lowers_a_penalty(case, data):
    clause, measures, fee, ledger = case
    owed = [
        part
        for part in clause.components
        if not part.bonus and (part.key in measures.events or part.key in measures.figures)
    ]
    assume(owed and comparable(clause))
    part = data.draw(st.sampled_from(owed))
    worse = data.draw(worsened(part, measures))
    before = assess(*case).amount
    assume(before is not None)  # all of it excused and taken out
    assert assess(clause, worse, fee, ledger).amount >= before


def worsened(part, measures):
    """The same facts with one failure more, a longer one, or a worse figure."""
    if part.kind in ON_FIGURE:
        figure = measures.figures[part.key]
        if figure.total is not None:
            assumed = st.integers(0, figure.good).map(lambda good: replace(figure, good=good))
        else:
            sign = -1 if part.high_is_good else 1
            assumed = st.integers(0, 50).map(lambda by: replace(figure, value=figure.value + sign * by))
        return assumed.map(lambda figure: replace(measures, figures={**measures.figures, part.key: figure}))
    events = measures.events[part.key]
    more = st.builds(Event, st.sampled_from(["R1", "R9"]), st.integers(0, 10**5), st.sampled_from(["low", "high"]))
    added = more.map(lambda event: (*events, event))
    later = st.tuples(st.integers(0, max(0, len(events) - 1)), st.integers(0, 10**5)).map(
        lambda row: tuple(
            replace(event, late=event.late + row[1]) if place == row[0] else event for place, event in enumerate(events)
        )
    )
    return st.one_of(added, later).map(lambda events: replace(measures, events={**measures.events, part.key: events}))


# --- one outage or two ----------------------------------------------------------------------------------


@given(clauses(kinds=[PER_UNIT], plain=True), st.data(), fees, ledgers)
def test_an_outage_in_two_adjacent_parts_costs_the_same(clause, data, fee, ledger):
    parts = tuple(replace(part, unit_rule=EXACT) for part in clause.components)
    clause = replace(clause, components=parts)
    measures = data.draw(measured(clause))
    split = {}
    for key, events in measures.events.items():
        split[key] = ()
        for event in events:
            first = data.draw(st.integers(0, event.late))
            split[key] += (replace(event, late=first), replace(event, late=event.late - first))
    whole = assess(clause, measures, fee, ledger)
    halves = assess(clause, replace(measures, events=split), fee, ledger)
    assert halves.amount == whole.amount and halves.uncapped == whole.uncapped


@given(clauses(kinds=sorted(ON_FIGURE)), st.data(), fees, ledgers)
def test_excused_time_in_two_parts_and_periods_counted_finer_cost_the_same(clause, data, fee, ledger):
    measures = data.draw(measured(clause))
    scale = data.draw(st.integers(1, 60))
    finer = {key: _finer(figure, scale) for key, figure in measures.figures.items()}
    assert worth(assess(clause, replace(measures, figures=finer), fee, ledger)) == worth(
        assess(clause, measures, fee, ledger)
    )


def _finer(figure, scale):
    """The same figure counted in minutes instead of hours, its excused time told in two parts."""
    if figure.total is None:
        return figure
    excused = [part for number, reason in figure.excused for part in ((number, reason), (number * (scale - 1), reason))]
    return Figure(good=figure.good * scale, total=figure.total * scale, excused=tuple(excused))


# --- from period to period ------------------------------------------------------------------------------


@given(clauses(combine=[SUM, HIGHEST], plain=True), st.data(), fees)
def test_what_is_carried_and_what_is_paid_is_all_that_was_due(clause, data, fee):
    clause = replace(
        clause, carry=CARRIED, minimum=Decimal(0), earn_back=None, yearly_cap=None, contract_cap=None, payable=None
    )
    free = replace(clause, period_cap=None, at_risk=None)
    carried, paid, due = Decimal(0), Decimal(0), Decimal(0)
    for _month in range(4):
        facts = data.draw(measured(clause))
        penalty = assess(clause, facts, fee, Ledger(carried=carried))
        carried = penalty.carried
        paid += penalty.amount or 0
        due += assess(free, facts, fee).amount or 0
        assert paid + carried == due


@given(cases())
def test_no_period_costs_more_than_the_exposure_said(case):
    clause, measures, fee, ledger = case
    shown = exposure(clause, ledger, fee, measures.value)
    penalty = assess(*case)
    if penalty.amount is not None and shown.worst is not None:
        assert penalty.amount <= shown.worst
    if shown.left is not None:
        assert 0 <= shown.left <= shown.cap


@given(cases(), figures)
def test_what_the_lint_lets_pass_can_be_assessed(case, _figure):
    clause, measures, fee, ledger = case
    findings = lint(clause, fee, measures.value)
    assert [found.blocks for found in findings] == sorted((found.blocks for found in findings), reverse=True)
    assert all(found.code != "malformed" for found in findings)
    assess(*case)
