"""A penalty explains itself: each step in the order of evaluation, with its facts, and nothing that did not happen."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from clauses import HOUR, below, breaches, clause, counted, hours, late, march, missing, pointed, uptime

from engine import penalty_steps
from engine.penalty import assess
from engine.penalty_steps import LABELS, Silence, Trail, excuses, plain, unit_name
from engine.penalty_terms import EarnBack, Event, Figure, Ledger, Penalised

THOUSAND = Decimal(1000)


def told(penalty):
    return [f"{step.label}: {step.detail} = {step.value}" for step in penalty.steps]


def test_a_penalty_with_something_of_everything():
    """Every rule in one month, in the order in which it is evaluated."""
    fix = late(
        grace=Decimal(HOUR), deductible="10", event_cap="150", cap="200", multipliers="1 1.5", name="Repair time"
    )
    terms = clause(
        fix,
        uptime(name="Uptime"),
        below("2", "99", key="bonus", name="Satisfaction", bonus=True),
        period_cap="30 % fee",
        carry="carried",
        payable="0.05",
        minimum="20",
        earn_back=EarnBack("uptime", Decimal(99), 3),
        yearly_cap="500",
        bonus_excludes=False,
    )
    events = (*hours("0.5", 3, 9), Event("R9", 5 * HOUR, excused="customer cause"))
    ledger = Ledger(
        Decimal(400), Decimal(900), Decimal("12.34"), {"fix": 1}, (Penalised("PEN/00007", Decimal("40.00"), 2),)
    )
    penalty = assess(terms, march(fix=events, uptime="99.25", bonus="99.7"), THOUSAND, ledger)
    assert told(penalty) == [
        "clause: PC-1 v1, 2026-03-01 to 2026-03-31, fee 1000.00 = 1000.00",
        "excused: Repair time: R9 (customer cause) = 1",
        "grace: Repair time: 1 event late by 1:00:00 or less = 1",
        "events: Repair time: 2 events counted = 2",
        "grace: Repair time: 1:00:00 of each lateness is deducted = 2",
        "cost: Repair time: 10 started hours x 50 = 500.00",
        "deductible: Repair time: 10.00 is borne by the other side = 490.00",
        "event cap: Repair time: 1 event cut to 150.00 each = 248.00",
        "component cap: Repair time: 48.00 above 200.00 is cut = 200.00",
        "multiplier: Repair time: 2 periods in a row, so 1.5 times = 300.00",
        "figure: Uptime: 99.25 measured = 99.25",
        "cost: Uptime: below 99.9: 10 % = 100.00",
        "figure: Satisfaction: 99.7 measured, 99 was promised = 99.7",
        "cost: Satisfaction: 0.7 points x 2 % = 14.00",
        "combined: sum of 2 components = 400.00",
        "carried in: 12.34 of the period before = 412.34",
        "period cap: 112.34 above 300.00 is cut = 300.00",
        "carried over: above the period cap, to the next period = 112.34",
        "earn-back: Uptime 99.25, 99 was needed: 1 penalty returned = 40.00",
        "yearly cap: 400.00 of 500.00 this year: 160.00 is cut = 100.00",
        "bonus: set off against the penalty = 14.00",
        "amount: to be paid = 86.00",
    ]
    assert [(line.component, line.kind, line.detail, str(line.amount), line.count) for line in penalty.lines] == [
        ("fix", "penalty", "10 started hours x 50", "300.00", 2),
        ("uptime", "penalty", "below 99.9: 10 %", "100.00", 0),
        ("", "carried", "excess of the period before", "12.34", 0),
        ("", "capped", "period cap of 300.00", "-112.34", 0),
        ("", "earned_back", "PEN/00007, 2 periods ago", "-40.00", 0),
        ("", "capped", "yearly cap of 500.00", "-160.00", 0),
        ("bonus", "bonus", "0.7 points x 2 %", "-14.00", 0),
    ]
    assert (penalty.earned, str(penalty.returned), str(penalty.carried)) == (("PEN/00007",), "40.00", "112.34")
    assert penalty.lines[1].figure == Decimal("99.25")


@pytest.mark.parametrize(
    "one, fact, cost",
    [
        (late("7.5", key="it", unit_rule="completed", unit_seconds=86400), hours(24), "1 completed day x 7.5"),
        (late("7.5", key="it", unit_rule="exact"), hours("1.5", 1), "2.5 exact hours x 7.5"),
        (late("7.5", key="it", unit_rule="exact"), (Event("R1", 1200),), "0.333333 exact hours x 7.5"),
        (late("0.5", key="it", base="percent", unit_seconds=900), hours(1), "4 started units of 900 s x 0.5 %"),
        (breaches(key="it"), hours(1), "1 event x 50"),
        (pointed(key="it", free=1), hours(1, severity="high"), "2 points x 100"),
        (missing(key="it"), "47.5", "50 % of the target x 100 %"),
        (below(key="it"), "98", "1 point x 2 %"),
        (uptime(key="it"), "100", "in no band"),
        (uptime(key="it", target=Decimal(99)), "99.5", "the target is kept"),
        (uptime(key="it", grace=Decimal(1)), "99.5", "within the grace"),
        (uptime("4: 10", key="it", high_is_good=False), "5", "above 4: 10 %"),
        (uptime("99: 2", key="it", bonus=True), "99", "at or above 99: 2 %"),
        (uptime("4: 2", key="it", bonus=True, high_is_good=False), "3", "at or below 4: 2 %"),
    ],
)
def test_what_a_component_costs_in_words(one, fact, cost):
    penalty = assess(clause(one), march(it=fact), THOUSAND)
    assert [step.detail for step in penalty.steps if step.label == "cost"] == [f"It: {cost}"]


@pytest.mark.parametrize(
    "rule, number, cost",
    [
        ("slab", 5, "5 events: 5 x 25"),
        ("marginal", 5, "5 events: 3 x 10 + 1 x 25"),
        ("lump", 5, "5 events, from 5 on 25 once"),
        ("slab", 1, "1 event, below the first tier"),
        ("lump", 1, "1 event, below the first tier"),
    ],
)
def test_what_a_number_of_breaches_costs_in_words(rule, number, cost):
    penalty = assess(clause(counted("2: 10, 5: 25", count_rule=rule)), march(count=hours(*[0] * number)), THOUSAND)
    assert [step.detail for step in penalty.steps if step.label == "cost"] == [f"Count: {cost}"]


def test_a_figure_tells_how_it_was_compared():
    fact = Figure(good=997, total=1000, excused=((1, "maintenance"),))
    penalty = assess(clause(uptime(digits=1, target=Decimal("99.9"))), march(uptime=fact), THOUSAND)
    assert told(penalty)[1:3] == [
        "excused: Uptime: of 1000, taken out: 1 (maintenance) = 1",
        "figure: Uptime: 99.7998 measured, compared as 99.8, 99.9 was promised = 99.8",
    ]


def test_what_did_not_happen_is_not_told():
    penalty = assess(
        clause(late(cap="500", event_cap="400"), period_cap="600", yearly_cap="900", minimum="5"),
        march(fix=hours(1)),
        THOUSAND,
    )
    assert [step.label for step in penalty.steps] == ["clause", "events", "cost", "amount"]


def test_events_without_a_name_are_told_by_their_number():
    events = (Event("", 10, excused="holiday", count=7), Event("", 9, excused="force majeure", count=2))
    penalty = assess(clause(breaches()), march(breach=events), THOUSAND)
    assert told(penalty)[1] == "excused: Breach: 2 (force majeure), 7 (holiday) = 9"


def test_labels_are_fixed_words_in_the_order_of_evaluation():
    words = [value for name, value in vars(penalty_steps).items() if name.isupper() and isinstance(value, str)]
    assert sorted(words) == sorted(LABELS) and len(set(LABELS)) == len(LABELS)


def test_steps_and_lines_are_plain_data():
    penalty = assess(clause(late(), uptime()), march(fix=hours(1), uptime=Figure(good=2, total=3)), THOUSAND)
    rows = [[step.label, step.detail, str(step.value)] for step in penalty.steps]
    assert json.loads(json.dumps(rows)) == rows
    assert all(isinstance(step.value, Decimal | int) for step in penalty.steps)


@pytest.mark.parametrize(
    "number, text",
    [
        (Decimal("12.50"), "12.5"),
        (Decimal("1E+3"), "1000"),
        (7, "7"),
        (Decimal("-0.05"), "-0.05"),
        (Decimal("1e-9"), "0"),
        (Decimal("-1e-9"), "0"),
        (Decimal("99.9999999"), "100"),
    ],
)
def test_numbers_are_written_without_an_exponent(number, text):
    assert plain(number) == text


def test_money_is_written_in_the_places_of_the_currency():
    assert str(Trail(Decimal("0.001")).money(Decimal("1.5"))) == "1.500"
    assert str(Trail(Decimal(1)).money(Decimal(5))) == "5"
    assert str(Trail(Decimal("0.01")).money(Decimal("0.125"))) == "0.125"
    assert str(Trail(Decimal(1)).money(-Decimal("10.5"))) == "-10.5"


def test_words():
    assert [unit_name(3600, 1), unit_name(3600), unit_name(7)] == ["hour", "hours", "units of 7 s"]
    assert excuses([("R1", "a")]) == "R1 (a)"
    assert Silence().money(5) == 5 and not Silence.steps


def test_the_first_step_names_the_version_of_the_clause():
    penalty = assess(replace(clause(uptime()), reference="PC-00012 v3"), march(uptime="100"), THOUSAND)
    assert penalty.steps[0].detail.startswith("PC-00012 v3, ")
