"""Every kind of component at its boundaries: what it costs one unit before, on, and one unit after each edge."""

from decimal import Decimal

import pytest
from clauses import (
    DAY,
    HOUR,
    WEEK,
    below,
    breaches,
    clause,
    component,
    counted,
    hours,
    late,
    march,
    missing,
    paid,
    pointed,
    uptime,
)

from engine.penalty import assess
from engine.penalty_terms import Event, Figure


def test_bands_of_a_percentage_of_the_fee():
    for figure, amount in [
        ("100", "0.00"),
        ("99.9", "0.00"),
        ("99.89", "100.00"),
        ("99.0", "100.00"),
        ("98.99", "250.00"),
    ]:
        assert paid(clause(uptime()), march(uptime=figure)) == amount


def test_bands_of_an_amount():
    terms = clause(uptime("99.9: 75, 99.0: 120.50", base="amount"))
    assert [paid(terms, march(uptime=figure)) for figure in ("99.9", "99", "98")] == ["0.00", "75.00", "120.50"]


def test_bands_of_a_figure_where_low_is_good():
    terms = clause(uptime("4: 10, 8: 25", high_is_good=False))
    table = [("0", "0.00"), ("4", "0.00"), ("4.01", "100.00"), ("8", "100.00"), ("8.01", "250.00")]
    assert [(figure, paid(terms, march(uptime=figure))) for figure, _amount in table] == table


def test_a_figure_that_keeps_its_target_costs_nothing_in_whatever_band_it_lies():
    terms = clause(uptime(target=Decimal("99.5")))
    assert [paid(terms, march(uptime=figure)) for figure in ("99.5", "99.49")] == ["0.00", "100.00"]


@pytest.mark.parametrize(
    "digits, figure, amount",
    [
        (None, "99.8993", "100.00"),
        (1, "99.8993", "0.00"),
        (2, "99.8949", "100.00"),
        (2, "99.895", "0.00"),
        (0, "99.5", "0.00"),
        (0, "99.4999", "100.00"),
    ],
)
def test_whether_the_figure_is_rounded_before_it_is_compared(digits, figure, amount):
    assert paid(clause(uptime(digits=digits)), march(uptime=figure)) == amount


def test_a_counted_figure_is_exact():
    """999 of 1,000 is 99.9 and no breach; 1,997 of 1,999 is 99.8999..., which two decimals would hide."""
    assert paid(clause(uptime()), march(uptime=Figure(good=999, total=1000))) == "0.00"
    assert paid(clause(uptime()), march(uptime=Figure(good=1997, total=1999))) == "100.00"
    assert paid(clause(uptime(digits=2)), march(uptime=Figure(good=1997, total=1999))) == "0.00"


def test_counted_where_low_is_good_is_the_part_that_is_not_good():
    repeats = clause(uptime("5: 10", key="repeat", high_is_good=False))
    assert paid(repeats, march(repeat=Figure(good=95, total=100))) == "0.00"
    assert paid(repeats, march(repeat=Figure(good=94, total=100))) == "100.00"


@pytest.mark.parametrize("number, amount", [(0, "0.00"), (1, "50.00"), (3, "150.00")])
def test_per_breach(number, amount):
    assert paid(clause(breaches()), march(breach=hours(*[0] * number))) == amount


def test_per_breach_in_percent_and_with_free_ones():
    terms = clause(breaches("2.5", base="percent", free=2))
    table = [(0, "0.00"), (1, "0.00"), (2, "0.00"), (3, "25.00"), (4, "50.00")]
    assert [(number, paid(terms, march(breach=hours(*[1] * number)))) for number, _amount in table] == table


@pytest.mark.parametrize(
    "rule, unit, table",
    [
        ("started", HOUR, [(0, "0.00"), (1, "50.00"), (3599, "50.00"), (3600, "50.00"), (3601, "100.00")]),
        ("completed", HOUR, [(0, "0.00"), (3599, "0.00"), (3600, "50.00"), (7199, "50.00"), (7200, "100.00")]),
        ("exact", HOUR, [(0, "0.00"), (1, "0.01"), (36, "0.50"), (1800, "25.00"), (3601, "50.01")]),
        ("started", DAY, [(1, "50.00"), (DAY, "50.00"), (DAY + 1, "100.00")]),
        ("completed", WEEK, [(WEEK - 1, "0.00"), (WEEK, "50.00"), (2 * WEEK, "100.00")]),
        ("started", 900, [(900, "50.00"), (901, "100.00")]),
    ],
)
def test_per_unit_late(rule, unit, table):
    terms = clause(late(unit_rule=rule, unit_seconds=unit))
    assert [(seconds, paid(terms, march(fix=(Event("R", seconds),)))) for seconds, _amount in table] == table


def test_units_are_started_by_each_event_for_itself():
    assert paid(clause(late()), march(fix=hours("0.5", "0.5"))) == "100.00"
    assert paid(clause(late(unit_rule="exact")), march(fix=hours("0.5", "0.5"))) == "50.00"


@pytest.mark.parametrize(
    "figure, amount", [("99.5", "0.00"), ("99", "0.00"), ("98.5", "10.00"), ("98", "20.00"), ("0", "1980.00")]
)
def test_per_point_below_the_target(figure, amount):
    assert paid(clause(below()), march(level=figure)) == amount


def test_per_point_where_low_is_good():
    terms = clause(below("15", "4", base="amount", high_is_good=False))
    assert [paid(terms, march(level=figure)) for figure in ("3", "4", "5.5")] == ["0.00", "0.00", "22.50"]


@pytest.mark.parametrize(
    "rule, table",
    [
        ("slab", [(0, "0.00"), (1, "0.00"), (2, "20.00"), (4, "40.00"), (5, "125.00"), (6, "150.00")]),
        ("marginal", [(0, "0.00"), (1, "0.00"), (2, "10.00"), (4, "30.00"), (5, "55.00"), (6, "80.00")]),
        ("lump", [(0, "0.00"), (1, "0.00"), (2, "10.00"), (4, "10.00"), (5, "25.00"), (9, "25.00")]),
    ],
)
def test_by_the_number_of_breaches(rule, table):
    terms = clause(counted("2: 10, 5: 25", count_rule=rule))
    assert [(number, paid(terms, march(count=hours(*[0] * number)))) for number, _amount in table] == table


def test_by_count_in_percent_with_free_breaches_before_the_first_tier():
    terms = clause(counted("1: 1, 3: 5", base="percent", free=1, count_rule="slab"))
    table = [(1, "0.00"), (2, "10.00"), (3, "20.00"), (4, "150.00")]
    assert [(number, paid(terms, march(count=hours(*[0] * number)))) for number, _amount in table] == table


@pytest.mark.parametrize(
    "free, severities, amount",
    [
        (0, [], "0.00"),
        (0, ["low"], "100.00"),
        (0, ["high", "low", "low"], "500.00"),
        (4, ["high", "low"], "0.00"),
        (4, ["high", "low", "low"], "100.00"),
        (4, ["high"] * 3, "500.00"),
    ],
)
def test_points_by_severity_less_a_free_allowance(free, severities, amount):
    events = tuple(Event(f"R{row}", severity=severity) for row, severity in enumerate(severities))
    assert paid(clause(pointed(free=free)), march(points=events)) == amount


@pytest.mark.parametrize(
    "figure, amount", [("100", "0.00"), ("95", "0.00"), ("94.05", "10.00"), ("47.5", "500.00"), ("0", "1000.00")]
)
def test_the_fee_in_proportion_to_the_missing_part_of_the_target(figure, amount):
    assert paid(clause(missing()), march(part=figure)) == amount


def test_no_more_than_the_whole_target_can_be_missing():
    assert paid(clause(missing()), march(part="-20")) == "1000.00"


def test_a_proportion_of_a_rate_instead_of_the_fee():
    assert paid(clause(missing("100", rate="30")), march(part="60")) == "120.00"
    assert paid(clause(missing("100", rate="700", base="amount")), march(part="60")) == "280.00"


def test_a_proportion_where_low_is_good_knows_no_whole():
    terms = clause(missing("4", rate="10", high_is_good=False))
    assert [paid(terms, march(part=figure)) for figure in ("4", "5", "12")] == ["0.00", "25.00", "200.00"]


def test_a_bonus_for_each_point_above_the_target():
    terms = clause(below("2", "97", bonus=True))
    table = [("96", "0.00"), ("97", "0.00"), ("98.5", "-30.00"), ("100", "-60.00")]
    assert [(figure, paid(terms, march(level=figure))) for figure, _amount in table] == table


def test_a_banded_bonus_counts_from_its_bound_on():
    terms = clause(uptime("99.95: 2, 100: 5", bonus=True))
    table = [("99.94", "0.00"), ("99.95", "-20.00"), ("99.999", "-20.00"), ("100", "-50.00")]
    assert [(figure, paid(terms, march(uptime=figure))) for figure, _amount in table] == table


def test_a_bonus_where_low_is_good():
    bands = clause(uptime("4: 2, 2: 5", key="down", high_is_good=False, bonus=True))
    points = clause(below("10", "4", key="down", base="amount", high_is_good=False, bonus=True))
    assert [paid(bands, march(down=figure)) for figure in ("4.1", "4", "2", "0")] == [
        "0.00",
        "-20.00",
        "-50.00",
        "-50.00",
    ]
    assert [paid(points, march(down=figure)) for figure in ("5", "4", "2.5")] == ["0.00", "0.00", "-15.00"]


def test_a_bonus_for_each_event():
    terms = clause(breaches("20", key="early", bonus=True))
    penalty = assess(terms, march(early=hours(1, 2, 3)), Decimal(1000))
    assert (str(penalty.amount), str(penalty.bonus)) == ("-60.00", "60.00")


# --- nothing measured -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "one, fact",
    [
        (uptime(key="it"), None),
        (uptime(key="it"), Figure()),
        (uptime(key="it"), Figure(good=0, total=0)),
        (below(key="it"), Figure()),
        (missing(key="it"), None),
        (late(key="it"), None),
        (breaches(key="it"), None),
        (counted("1: 5", key="it"), None),
        (pointed(key="it"), None),
    ],
)
def test_nothing_measured_is_no_amount_and_says_so(one, fact):
    penalty = assess(clause(one), march(**({"it": fact} if fact else {})), Decimal(1000))
    assert penalty.amount is None and penalty.uncapped is None and not penalty.capped and penalty.lines == ()
    assert [step.label for step in penalty.steps] == ["clause", "not measured"]
    assert penalty.steps[-1].detail == f"{one.name}: nothing was measured, so there is no amount"


@pytest.mark.parametrize("one", [late(key="it"), breaches(key="it"), counted("1: 5", key="it"), pointed(key="it")])
def test_measured_without_a_failure_is_zero(one):
    penalty = assess(clause(one), march(it=()), Decimal(1000))
    assert penalty.amount == 0 and "not measured" not in {step.label for step in penalty.steps}


def test_what_was_measured_counts_and_what_was_not_is_named():
    penalty = assess(clause(uptime(), late()), march(fix=hours(2)), Decimal(1000))
    assert str(penalty.amount) == "100.00"
    assert [step.detail for step in penalty.steps if step.label == "not measured"] == [
        "Uptime: nothing was measured, so there is no amount"
    ]


def test_no_percentage_of_a_fee_of_zero():
    assert paid(clause(uptime(), late()), march(uptime="90", fix=hours(1)), fee="0") == "50.00"


def test_a_component_of_another_kind_does_not_read_the_fields():
    odd = component("bands", tiers="99: 5", rate="7", free=9, target=None)
    assert paid(clause(odd), march(it="98")) == "50.00"
