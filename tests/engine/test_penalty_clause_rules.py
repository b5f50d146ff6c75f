"""The rules of a clause as a whole: combine, carry, period cap, rounding, minimum, earn-back, running caps, bonus."""

from datetime import date
from decimal import Decimal

import pytest
from clauses import below, breaches, clause, hours, late, march, paid, steps, uptime

from engine.penalty import assess
from engine.penalty_terms import Cap, Event, Ledger

THOUSAND = Decimal(1000)


def lines(penalty):
    """[(component or "", kind, amount)] as text."""
    return [(line.component, line.kind, str(line.amount)) for line in penalty.lines]


# --- combine ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "combine, amounts",
    [
        ("sum", ["0.00", "100.00", "150.00", "350.00"]),
        ("highest", ["0.00", "100.00", "150.00", "250.00"]),
        ("lowest", ["0.00", "100.00", "150.00", "100.00"]),
    ],
)
def test_several_components(combine, amounts):
    """Uptime 0 or 10 or 25 %, lateness 0, 2 or 3 hours of 50: none, one, the other, both."""
    terms = clause(uptime(), late(), combine=combine)
    facts = [("100", ()), ("99", ()), ("100", (3,)), ("98", (2,))]
    assert [paid(terms, march(uptime=figure, fix=hours(*lengths))) for figure, lengths in facts] == amounts


def test_of_two_that_cost_the_same_the_first_stands():
    penalty = assess(clause(uptime(), late(), combine="highest"), march(uptime="99", fix=hours(2)), THOUSAND)
    assert lines(penalty) == [("uptime", "penalty", "100.00")]


def test_of_one_event_the_dearest_component_counts():
    """R1 is late to answer (50) and to fix (100): 100. R2 is only late to answer, R3 only to fix. The figure stands."""
    terms = clause(late(key="answer"), late(), uptime(), combine="highest_per_event")
    facts = march(
        answer=(Event("R1", 3600), Event("R2", 7200)), fix=(Event("R1", 7200), Event("R3", 3600)), uptime="99"
    )
    penalty = assess(terms, facts, THOUSAND)
    assert lines(penalty) == [
        ("answer", "penalty", "100.00"),
        ("fix", "penalty", "150.00"),
        ("uptime", "penalty", "100.00"),
    ]


def test_the_dearest_of_each_event_after_the_caps_of_its_components():
    """Fix costs 400 and 100, no event more than 150: 150 and 100. Answer costs 120 for each: 120 of R2 is dearer."""
    terms = clause(late(event_cap="150"), breaches("120", key="answer"), combine="highest_per_event")
    facts = march(fix=hours(8, 2), answer=hours(0, 0))
    penalty = assess(terms, facts, THOUSAND)
    assert str(penalty.amount) == "270.00" and penalty.capped and str(penalty.uncapped) == "520.00"


def test_a_capped_component_lies_on_its_events_by_their_weight():
    """Fix costs 300 and 100, cut to 200: 150 and 50. Answer costs 120 each: 150 of R1, 120 of R2."""
    terms = clause(late(cap="200"), breaches("120", key="answer"), combine="highest_per_event")
    assert paid(terms, march(fix=hours(6, 2), answer=hours(0, 0))) == "270.00"


def test_several_events_of_one_key_are_one_failure():
    terms = clause(late(key="answer"), late(), combine="highest_per_event")
    facts = march(answer=(Event("R1", 3600), Event("R1", 3600)), fix=(Event("R1", 5400),))
    assert paid(terms, facts) == "100.00"


# --- period cap and excess ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "figure, amount, capped", [("100", "0.00", False), ("99", "100.00", False), ("98", "150.00", True)]
)
def test_the_period_cap(figure, amount, capped):
    penalty = assess(clause(uptime(), period_cap="15 % fee"), march(uptime=figure), THOUSAND)
    assert (str(penalty.amount), penalty.capped, penalty.carried) == (amount, capped, 0)


def test_the_excess_is_lost_or_carried():
    facts = march(uptime="98")
    for carry, carried in (("lost", "0.00"), ("carried", "100.00")):
        penalty = assess(clause(uptime(), period_cap="150", carry=carry), facts, THOUSAND)
        assert (str(penalty.amount), str(penalty.carried)) == ("150.00", carried)
        assert lines(penalty) == [("uptime", "penalty", "250.00"), ("", "capped", "-100.00")]


def test_what_was_carried_is_due_in_the_next_period_and_carried_on_where_it_does_not_fit():
    terms = clause(uptime(), period_cap="150", carry="carried")
    kept = assess(terms, march(uptime="100"), THOUSAND, Ledger(carried=Decimal(90)))
    assert (str(kept.amount), str(kept.carried), kept.misses) == ("90.00", "0.00", {"uptime": 0})
    again = assess(terms, march(uptime="99"), THOUSAND, Ledger(carried=Decimal(90)))
    assert (str(again.amount), str(again.carried)) == ("150.00", "40.00")
    assert lines(again) == [("uptime", "penalty", "100.00"), ("", "carried", "90.00"), ("", "capped", "-40.00")]


def test_what_was_carried_waits_while_nothing_is_measured():
    penalty = assess(clause(uptime(), carry="carried"), march(), THOUSAND, Ledger(carried=Decimal(90)))
    assert penalty.amount is None and penalty.carried == 90


def test_a_cap_that_no_payment_can_meet_exactly_is_never_passed():
    """A third of 1,000 is 333.333...; paid are 333.33, and in steps of 5 only 330."""
    third = Decimal("33.33333333")
    for payable, amount, carried in ((None, "333.33", "166.67"), (Decimal(5), "330.00", "170.00")):
        terms = clause(uptime("99: 50"), period_cap=Cap(third, "fee"), carry="carried", payable=payable)
        penalty = assess(terms, march(uptime="98"), THOUSAND)
        assert (str(penalty.amount), str(penalty.carried)) == (amount, carried)


# --- rounding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "currency, fee, amount",
    [
        ("0.01", "333.35", "33.34"),
        ("1", "333", "33"),
        ("1", "335", "34"),
        ("0.001", "33.335", "3.334"),
        ("0.01", "333.34", "33.33"),
    ],
)
def test_half_away_from_zero_in_currencies_of_0_2_and_3_decimals(currency, fee, amount):
    assert paid(clause(uptime(), currency_rounding=currency), march(uptime="99"), fee) == amount


def test_rounded_per_line_or_once_on_the_total():
    """Three lines of 1/3 each."""
    three = [below("0.1", "100", key=key, name=key) for key in "abc"]
    facts = {key: "96.6666" for key in "abc"}
    line = assess(clause(*three, rounding="line"), march(**facts), Decimal(100))
    total = assess(clause(*three, rounding="total"), march(**facts), Decimal(100))
    assert str(line.amount) == "0.99" and [row[2] for row in lines(line)] == ["0.33", "0.33", "0.33"]
    assert str(total.amount) == "1.00" and [row[2] for row in lines(total)] == ["0.34", "0.33", "0.33"]


def test_to_a_payable_unit_with_the_difference_on_a_line_of_its_own():
    terms = clause(uptime(), late("7.33"), payable="0.05")
    penalty = assess(terms, march(uptime="99", fix=hours(1)), Decimal("1000.10"))
    assert str(penalty.amount) == "107.35"
    assert lines(penalty) == [("uptime", "penalty", "100.01"), ("fix", "penalty", "7.33"), ("", "rounding", "0.01")]
    assert steps(penalty)["rounding"] == "to 0.05: 0.01"


def test_whole_dollars_of_a_currency_with_cents():
    assert paid(clause(uptime(), currency_rounding="0.01", payable="1"), march(uptime="99"), "12345") == "1235.00"


def test_a_payment_that_would_be_rounded_above_the_cap_is_rounded_down():
    penalty = assess(clause(uptime("99: 11"), period_cap="118", payable="5"), march(uptime="98"), Decimal(1060))
    assert str(penalty.amount) == "115.00"  # 116.60 is nearest to 115; 117.60 would be nearest to 120
    penalty = assess(clause(uptime("99: 11"), period_cap="118", payable="5"), march(uptime="98"), Decimal(1070))
    assert str(penalty.amount) == "115.00" and penalty.capped and str(penalty.uncapped) == "120.00"


# --- minimum ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule, lengths, amount",
    [
        ("drop", (), "0.00"),
        ("drop", (1,), "0.00"),
        ("drop", (2,), "100.00"),
        ("drop", (3,), "150.00"),
        ("raise", (), "0.00"),
        ("raise", (1,), "100.00"),
        ("raise", (2,), "100.00"),
        ("raise", (3,), "150.00"),
    ],
)
def test_what_is_below_the_minimum_is_dropped_or_raised_to_it(rule, lengths, amount):
    assert paid(clause(late(), minimum="100", minimum_rule=rule), march(fix=hours(*lengths))) == amount


def test_what_the_minimum_adds_or_takes_is_a_line():
    facts = march(fix=hours(1))
    raised = assess(clause(late(), minimum="80", minimum_rule="raise"), facts, THOUSAND)
    dropped = assess(clause(late(), minimum="80", minimum_rule="drop"), facts, THOUSAND)
    assert lines(raised) == [("fix", "penalty", "50.00"), ("", "minimum", "30.00")]
    assert lines(dropped) == [("fix", "penalty", "50.00"), ("", "minimum", "-50.00")]


def test_the_minimum_never_raises_above_the_period_cap():
    assert paid(clause(late(), minimum="80", minimum_rule="raise", period_cap="60"), march(fix=hours(1))) == "60.00"


def test_a_trace_of_a_penalty_is_raised_too():
    terms = clause(late("0.001", unit_rule="exact"), minimum="5", minimum_rule="raise")
    assert paid(terms, march(fix=(Event("R", 1),))) == "5.00"


# --- bonus ------------------------------------------------------------------------------------------


def test_a_bonus_is_set_off_after_the_cap_unless_the_period_has_a_penalty():
    parts = (late(), below("2", "97", bonus=True))
    facts = march(fix=hours(4), level="99")
    allowed = clause(*parts, period_cap="150", bonus_excludes=False)
    assert lines(assess(allowed, facts, THOUSAND)) == [
        ("fix", "penalty", "200.00"),
        ("", "capped", "-50.00"),
        ("level", "bonus", "-40.00"),
    ]
    excluded = assess(clause(*parts, period_cap="150"), facts, THOUSAND)
    assert (str(excluded.amount), excluded.bonus) == ("150.00", 0)
    assert steps(excluded)["bonus"] == "40.00 is not paid in a period with a penalty"


def test_a_penalty_that_was_dropped_or_is_of_an_earlier_period_excludes_no_bonus():
    parts = (late(), below("2", "97", bonus=True))
    assert paid(clause(*parts, minimum="60"), march(fix=hours(1), level="99")) == "-40.00"
    ledger = Ledger(carried=Decimal(90))
    assert paid(clause(*parts, carry="carried"), march(fix=(), level="99"), ledger=ledger) == "50.00"


@pytest.mark.parametrize(
    "figure, amount, capped", [("98", "-20.00", False), ("99.5", "-50.00", False), ("100", "-50.00", True)]
)
def test_the_cap_of_the_bonus(figure, amount, capped):
    penalty = assess(clause(below("2", "97", bonus=True), bonus_cap="5 % fee"), march(level=figure), THOUSAND)
    assert (str(penalty.amount), penalty.capped) == (amount, capped)


# --- grace of the contract -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "until, amount", [(date(2026, 3, 1), "100.00"), (date(2026, 3, 2), "0.00"), (date(2026, 5, 1), "0.00")]
)
def test_no_penalty_in_periods_that_begin_before_a_day(until, amount):
    penalty = assess(clause(uptime(), grace_until=until), march(uptime="99"), THOUSAND)
    assert str(penalty.amount) == amount
    assert ("grace period" in steps(penalty)) == (amount == "0.00")
