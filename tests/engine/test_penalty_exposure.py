"""How much of the running caps is used, and the worst that a period can still cost."""

from decimal import Decimal

import pytest
from clauses import below, breaches, clause, counted, hours, late, march, missing, pointed, uptime

from engine.errors import BadAmount, MissingBasis
from engine.penalty import assess
from engine.penalty_exposure import exposure
from engine.penalty_terms import Ledger

THOUSAND = Decimal(1000)


def shown(terms, year="0", contract="0", value=None, **ledger):
    """(used, cap, left, worst) as text."""
    seen = exposure(terms, Ledger(Decimal(year), Decimal(contract), **ledger), THOUSAND, value)
    return tuple(str(amount) for amount in (seen.used, seen.cap, seen.left, seen.worst))


def test_without_any_cap_it_is_unlimited():
    assert shown(clause(late()), "120") == ("120.00", "None", "None", "None")


@pytest.mark.parametrize(
    "year, expected",
    [
        ("0", ("0.00", "500.00", "500.00", "500.00")),
        ("410", ("410.00", "500.00", "90.00", "90.00")),
        ("500", ("500.00", "500.00", "0.00", "0.00")),
        ("600", ("600.00", "500.00", "0.00", "0.00")),
    ],
)
def test_what_is_used_of_the_yearly_cap(year, expected):
    assert shown(clause(late(), yearly_cap="500"), year) == expected


def test_the_running_cap_of_which_least_is_left():
    terms = clause(late(), yearly_cap="50 % fee", contract_cap="8 % value")
    assert shown(terms, "100", "700", Decimal(10000)) == ("700.00", "800.00", "100.00", "100.00")
    assert shown(terms, "450", "700", Decimal(10000)) == ("450.00", "500.00", "50.00", "50.00")


@pytest.mark.parametrize(
    "terms, worst",
    [
        (clause(late(), period_cap="15 % fee"), "150.00"),
        (clause(late(cap="80")), "80.00"),
        (clause(uptime()), "250.00"),
        (clause(uptime(), uptime(key="two")), "500.00"),
        (clause(uptime(), uptime("99: 40", key="two"), combine="highest"), "400.00"),
        (clause(uptime(), uptime("99: 40", key="two"), combine="lowest"), "400.00"),
        (clause(uptime(deductible="60")), "190.00"),
        (clause(uptime(cap="20 % fee", multipliers="1 1.5")), "200.00"),
        (clause(counted("1: 10, 4: 75", count_rule="lump")), "75.00"),
        (clause(counted("1: 10, 4: 75", count_rule="slab")), "None"),
        (clause(missing()), "1000.00"),
        (clause(missing(high_is_good=False)), "None"),
        (clause(below()), "None"),
        (clause(pointed()), "None"),
        (clause(late("0")), "0.00"),
        (clause(uptime(), late(weight="100"), at_risk="15 % fee"), "150.00"),
        (clause(uptime(), below(bonus=True)), "250.00"),
        (clause(uptime(), minimum="300", minimum_rule="raise"), "300.00"),
        (clause(uptime(), minimum="300", minimum_rule="raise", period_cap="280"), "280.00"),
        (clause(uptime("99: 33.333"), payable="5"), "335.00"),
        (clause(uptime("99: 33.333"), period_cap="333", payable="5"), "330.00"),
    ],
)
def test_the_worst_case_of_a_period(terms, worst):
    assert shown(terms)[3] == worst


def test_a_run_of_misses_and_what_was_carried_make_it_worse():
    terms = clause(uptime(multipliers="1 1.5"), carry="carried")
    assert shown(terms, misses={"uptime": 4})[3] == "375.00"
    assert shown(terms, carried=Decimal("12.34"))[3] == "262.34"


def test_the_worst_case_can_happen():
    terms = clause(
        uptime(multipliers="1 2"), late(cap="99.99"), breaches(key="b", cap="50"), yearly_cap="800", rounding="line"
    )
    ledger = Ledger(Decimal(100), carried=Decimal(5), misses={"uptime": 1})
    facts = march(uptime="0", fix=hours(99), b=hours(1, 1, 1))
    assert assess(terms, facts, THOUSAND, ledger).amount == exposure(terms, ledger, THOUSAND).worst == Decimal("654.99")


def test_it_tells_how():
    seen = exposure(clause(late(), period_cap="300", yearly_cap="500"), Ledger(Decimal(410)), THOUSAND)
    assert [(step.label, step.detail, str(step.value)) for step in seen.steps] == [
        ("yearly cap", "410.00 of 500.00 is used", "90.00"),
        ("period cap", "at most 300.00 in a period", "300.00"),
        ("worst case", "that this period can still cost", "90.00"),
    ]
    assert exposure(clause(late()), None, THOUSAND).steps[-1].detail == "unlimited: no cap bounds it"


def test_what_is_needed_for_it():
    with pytest.raises(MissingBasis, match="yearly_cap"):
        exposure(clause(late(), yearly_cap="5 % value"), None, THOUSAND)
    with pytest.raises(BadAmount, match="fee"):
        exposure(clause(late()), None, Decimal(-1))
