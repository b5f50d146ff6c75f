"""What changes the cost of one component: excuses, grace, deductible, caps, its part of what is at risk, repetition."""

from dataclasses import replace
from decimal import Decimal

import pytest
from clauses import HOUR, below, breaches, clause, counted, hours, late, march, missing, paid, pointed, steps, uptime

from engine.penalty import assess
from engine.penalty_terms import Event, Figure, Ledger

THOUSAND = Decimal(1000)


# --- excused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["good", "removed"])
@pytest.mark.parametrize(
    "one", [late(key="it"), breaches(key="it"), counted("1: 50", key="it"), pointed("50", key="it")]
)
def test_an_excused_event_costs_nothing_under_either_rule(one, rule):
    counted_one = Event("R1", HOUR, "low")
    excused = Event("R2", 9 * HOUR, "high", excused="customer cause")
    assert paid(clause(one, excused=rule), march(it=(counted_one, excused))) == "50.00"


def test_an_excuse_without_a_reason_excuses_nothing():
    assert paid(clause(breaches()), march(breach=(Event("R1", excused=""),))) == "50.00"


@pytest.mark.parametrize(
    "rule, good, excused, figure",
    [
        ("removed", 90, 0, "90"),
        ("removed", 90, 5, "94.736842"),
        ("good", 90, 5, "95"),
        ("removed", 90, 10, "100"),
        ("good", 90, 10, "100"),
    ],
)
def test_excused_time_counts_as_good_or_leaves_the_period(rule, good, excused, figure):
    fact = Figure(good=good, total=100, excused=((excused, "maintenance"),) if excused else ())
    penalty = assess(clause(uptime(), excused=rule), march(uptime=fact), THOUSAND)
    assert [str(step.value) for step in penalty.steps if step.label == "figure"] == [figure]


def test_all_of_the_period_excused_is_not_measured_or_all_good():
    fact = Figure(good=0, total=40, excused=((40, "force majeure"),))
    removed = assess(clause(uptime(), excused="removed"), march(uptime=fact), THOUSAND)
    assert removed.amount is None and steps(removed)["not measured"]
    assert paid(clause(uptime(), excused="good"), march(uptime=fact)) == "0.00"


def test_excuses_are_told_with_their_reasons_a_handful_by_name():
    events = tuple(Event(f"REQ/{row}", HOUR, excused=f"cause {row}") for row in range(7))
    told = steps(assess(clause(late()), march(fix=events), THOUSAND))["excused"]
    assert told == (
        "Fix: REQ/0 (cause 0), REQ/1 (cause 1), REQ/2 (cause 2), REQ/3 (cause 3), REQ/4 (cause 4) and 2 more"
    )


# --- grace ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule, table",
    [
        ("deduct", [("1", "0.00"), ("2", "0.00"), ("2.5", "50.00"), ("3", "50.00"), ("4.5", "150.00")]),
        ("threshold", [("1", "0.00"), ("2", "0.00"), ("2.5", "150.00"), ("3", "150.00"), ("4.5", "250.00")]),
    ],
)
def test_grace_on_lateness(rule, table):
    terms = clause(late(grace=Decimal(2 * HOUR), grace_rule=rule))
    assert [(length, paid(terms, march(fix=hours(length)))) for length, _amount in table] == table


@pytest.mark.parametrize("rule", ["deduct", "threshold"])
@pytest.mark.parametrize("one", [breaches(key="it"), counted("1: 50", key="it"), pointed("50", key="it")])
def test_grace_decides_whether_an_event_counts_at_all(one, rule):
    terms = clause(replace(one, grace=Decimal(HOUR), grace_rule=rule))
    assert paid(terms, march(it=hours(1, severity="low"))) == "0.00"
    assert paid(terms, march(it=hours("1.01", severity="low"))) == "50.00"


@pytest.mark.parametrize(
    "rule, table",
    [
        ("deduct", [("99", "0.00"), ("98.5", "0.00"), ("98.4", "2.00"), ("97.5", "20.00")]),
        ("threshold", [("99", "0.00"), ("98.5", "0.00"), ("98.4", "12.00"), ("97.5", "30.00")]),
    ],
)
def test_grace_on_points_below_the_target(rule, table):
    terms = clause(below(grace="0.5", grace_rule=rule))
    assert [(figure, paid(terms, march(level=figure))) for figure, _amount in table] == table


@pytest.mark.parametrize(
    "rule, table",
    [
        ("deduct", [("99.4", "0.00"), ("99.39", "100.00"), ("98.5", "100.00"), ("98.49", "250.00")]),
        ("threshold", [("99.4", "0.00"), ("99.39", "100.00"), ("99", "100.00"), ("98.99", "250.00")]),
    ],
)
def test_grace_on_bands_is_counted_from_the_first_bound(rule, table):
    terms = clause(uptime(grace="0.5", grace_rule=rule))
    assert [(figure, paid(terms, march(uptime=figure))) for figure, _amount in table] == table


def test_grace_where_low_is_good_and_on_a_proportion():
    terms = clause(below("10", "4", base="amount", high_is_good=False, grace="1"))
    assert [paid(terms, march(level=figure)) for figure in ("5", "6.5")] == ["0.00", "15.00"]
    assert [paid(clause(missing("80", grace="8")), march(part=figure)) for figure in ("72", "64")] == ["0.00", "100.00"]


def test_grace_makes_a_bonus_harder():
    assert [paid(clause(below("2", "97", grace="1", bonus=True)), march(level=figure)) for figure in ("98", "99")] == [
        "0.00",
        "-20.00",
    ]


# --- deductible, event cap, component cap ------------------------------------------------------------


@pytest.mark.parametrize("length, amount", [(1, "0.00"), (2, "0.00"), (3, "30.00"), (5, "130.00")])
def test_a_deductible_is_borne_by_the_other_side(length, amount):
    assert paid(clause(late(deductible="120")), march(fix=hours(length))) == amount


def test_a_deductible_on_a_figure():
    assert paid(clause(uptime(deductible="40")), march(uptime="99.5")) == "60.00"


@pytest.mark.parametrize(
    "lengths, amount, capped",
    [((1,), "50.00", False), ((2, 2), "200.00", False), ((3,), "100.00", True), ((1, 3, 30), "250.00", True)],
)
def test_the_cap_of_one_event(lengths, amount, capped):
    penalty = assess(clause(late(event_cap="100")), march(fix=hours(*lengths)), THOUSAND)
    assert (str(penalty.amount), penalty.capped) == (amount, capped)
    assert str(penalty.uncapped) == f"{50 * sum(lengths)}.00"


def test_the_cap_of_one_event_in_percent_and_by_points():
    terms = clause(pointed("100", event_cap="25 % fee"))
    events = tuple(Event(f"R{row}", severity=severity) for row, severity in enumerate(["high", "low", "low"]))
    assert paid(terms, march(points=events)) == "450.00"


def test_free_points_are_used_up_before_the_cap_of_one_event():
    """Two events of 3 points, 1 free: 2.5 points each are 250, cut to 200."""
    events = tuple(Event(f"R{row}", severity="high") for row in range(2))
    penalty = assess(clause(pointed("100", free=1, event_cap="200")), march(points=events), THOUSAND)
    assert (str(penalty.amount), str(penalty.uncapped)) == ("400.00", "500.00")


def test_the_deductible_lies_on_the_events_before_their_cap():
    """300 and 100, of which 100 is deductible: 225 and 75; the first one is cut to 150."""
    penalty = assess(clause(late(deductible="100", event_cap="150")), march(fix=hours(6, 2)), THOUSAND)
    assert (str(penalty.amount), str(penalty.uncapped)) == ("225.00", "300.00")


@pytest.mark.parametrize("rule, amount", [("marginal", "80.00"), ("slab", "125.00"), ("lump", "50.00")])
def test_the_cap_of_one_event_by_count(rule, amount):
    """Five breaches at 10 up to the 3rd and 50 from the 4th on; no breach more than 25, save where they cost once."""
    capped = clause(counted("1: 10, 4: 50", count_rule=rule, event_cap="25"))
    assert paid(capped, march(count=hours(0, 0, 0, 0, 0))) == amount


@pytest.mark.parametrize("length, amount, capped", [(1, "50.00", False), (4, "200.00", False), (5, "200.00", True)])
def test_the_cap_of_a_component(length, amount, capped):
    for cap in ("200", "20 % fee", "5 % value"):
        penalty = assess(clause(late(cap=cap)), march("4000", fix=hours(length)), THOUSAND)
        assert (str(penalty.amount), penalty.capped) == (amount, capped)


def test_no_cap_is_passed_by_rounding():
    """A cap of 33.338 pays 33.33, three of them for three events 100.01; in steps of 5 a cap of 118 pays 115."""
    for terms in (late(cap="33.338"), late(event_cap="33.338"), late(base="percent", rate="90", cap="3.3338 % fee")):
        assert paid(clause(terms), march(fix=hours(1))) == "33.33"
    assert paid(clause(late(event_cap="33.338")), march(fix=hours(1, 1, 1))) == "100.01"
    assert paid(clause(late(cap="118"), payable="5"), march(fix=hours(9))) == "115.00"
    assert paid(clause(late(weight="100"), at_risk="3.3338 % fee"), march(fix=hours(1))) == "33.33"


def test_capped_only_where_a_cap_cut():
    """At the cap itself nothing is cut; a cut that another rule takes away again is none either."""
    reached = assess(clause(late(cap="200")), march(fix=hours(4)), THOUSAND)
    assert not reached.capped and "component cap" not in steps(reached)
    outdone = clause(late(cap="200"), uptime("99: 30"), combine="highest")
    assert not assess(outdone, march(fix=hours(5), uptime="98"), THOUSAND).capped


# --- weights ----------------------------------------------------------------------------------------


def test_weights_divide_what_is_at_risk():
    """15 % of 1,000 is at risk; availability bears 60 of it, repair time 40: half of a part is 45, all of it 60."""
    terms = clause(
        uptime("99.9: 50, 99.0: 100", weight="60"), breaches("100", base="percent", weight="40"), at_risk="15 % fee"
    )
    assert paid(terms, march(uptime="99.5", breach=())) == "45.00"
    assert paid(terms, march(uptime="99.5", breach=hours(1))) == "105.00"
    both = assess(terms, march(uptime="98", breach=hours(1, 1)), THOUSAND)
    assert str(both.amount) == "150.00" and both.capped  # the second breach is beyond its part
    assert steps(both)["at risk"] == "Breach: 60.00 above 60.00 is cut"


def test_without_a_weight_a_percentage_is_of_the_fee_and_the_risk_bounds_it():
    terms = clause(uptime("99: 30"), uptime("99: 50", key="other", weight="100"), at_risk="20 % fee")
    penalty = assess(terms, march(uptime="98", other="98"), THOUSAND)
    assert str(penalty.amount) == "200.00" and str(penalty.uncapped) == "400.00"
    assert ("capped", Decimal("-200.00")) in [(line.kind, line.amount) for line in penalty.lines]


# --- repetition -------------------------------------------------------------------------------------


@pytest.mark.parametrize("before, amount", [(0, "100.00"), (1, "150.00"), (2, "200.00"), (3, "200.00"), (9, "200.00")])
def test_a_multiplier_for_each_miss_in_a_row(before, amount):
    penalty = assess(
        clause(uptime(multipliers="1 1.5 2")), march(uptime="99.5"), THOUSAND, Ledger(misses={"uptime": before})
    )
    assert (str(penalty.amount), penalty.misses) == (amount, {"uptime": before + 1})


def test_a_kept_period_ends_the_run_and_one_not_measured_does_not():
    terms, run = clause(uptime(multipliers="1 2"), late()), Ledger(misses={"uptime": 3, "fix": 1})
    assert assess(terms, march(uptime="100", fix=()), THOUSAND, run).misses == {"uptime": 0, "fix": 0}
    assert assess(terms, march(fix=()), THOUSAND, run).misses == {"uptime": 3, "fix": 0}
    assert assess(terms, march(), THOUSAND, run).misses == {"uptime": 3, "fix": 1}


def test_the_multiplier_comes_after_the_cap_of_the_component():
    penalty = assess(
        clause(late(cap="200", multipliers="1 2")), march(fix=hours(9)), THOUSAND, Ledger(misses={"fix": 1})
    )
    assert (str(penalty.amount), str(penalty.uncapped)) == ("400.00", "900.00")


def test_a_miss_is_one_though_another_component_outdoes_it_or_the_minimum_drops_it():
    terms = clause(uptime(), late("1"), combine="highest", minimum="500")
    penalty = assess(terms, march(uptime="99.5", fix=hours(1)), THOUSAND)
    assert penalty.amount == 0 and penalty.misses == {"uptime": 1, "fix": 1}


def test_a_bonus_has_no_run():
    penalty = assess(
        clause(uptime("99: 5", bonus=True, multipliers="1 2")),
        march(uptime="100"),
        THOUSAND,
        Ledger(misses={"uptime": 1}),
    )
    assert str(penalty.amount) == "-50.00" and penalty.misses == {}
