"""Terms and facts that cannot be worked with: an error that names the field and the value, never a wrong amount."""

import pickle
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from clauses import (
    APRIL,
    MARCH,
    below,
    breaches,
    clause,
    component,
    counted,
    hours,
    late,
    march,
    missing,
    pointed,
    uptime,
)

from engine.errors import (
    BadAmount,
    BadCount,
    BadDate,
    BadDuration,
    BadFigure,
    BadOption,
    BadPeriod,
    BadTerms,
    BadTiers,
    EngineError,
    MissingBasis,
)
from engine.penalty import assess
from engine.penalty_reading import read
from engine.penalty_terms import Cap, EarnBack, Event, Figure, Ledger, Measures, Tier

THOUSAND = Decimal(1000)


@pytest.mark.parametrize(
    "terms, error, names",
    [
        (clause(component("surprise")), BadOption, "kind of it: 'surprise'"),
        (clause(uptime(base="euro")), BadOption, "base of uptime: 'euro'"),
        (clause(late(unit_rule="begun")), BadOption, "unit_rule of fix: 'begun'"),
        (clause(late(grace_rule="add")), BadOption, "grace_rule of fix: 'add'"),
        (clause(counted("1: 5", count_rule="all")), BadOption, "count_rule of count: 'all'"),
        (clause(uptime(), combine="mean"), BadOption, "combine: 'mean'"),
        (clause(uptime(), excused="lost"), BadOption, "excused: 'lost'"),
        (clause(uptime(), carry="kept"), BadOption, "carry: 'kept'"),
        (clause(uptime(), minimum_rule="keep"), BadOption, "minimum_rule: 'keep'"),
        (clause(uptime(), rounding="never"), BadOption, "rounding: 'never'"),
        (clause(uptime(), uptime()), BadTerms, "component: 'uptime' is there twice"),
        (clause(uptime(), payable="0.015"), BadTerms, "payable: '0.015' is not a multiple of the currency's 0.01"),
        (clause(uptime(), payable="0"), BadAmount, "payable: Decimal('0') is not a rounding"),
        (clause(uptime(), currency_rounding="-1"), BadAmount, "currency_rounding"),
        (clause(uptime(), minimum="-1"), BadAmount, "minimum: Decimal('-1') is below zero"),
        (clause(uptime(), period_cap=Cap(0.5)), BadAmount, "period_cap: 0.5 is not an exact amount"),
        (clause(uptime(), yearly_cap=Cap(Decimal(-5))), BadAmount, "yearly_cap"),
        (clause(uptime(), bonus_cap=Cap(Decimal(5), "month")), BadOption, "base of bonus_cap: 'month'"),
        (clause(uptime(), grace_until="2026-03-01"), BadDate, "grace_until"),
        (clause(late(rate="-1")), BadAmount, "rate of fix: Decimal('-1') is below zero"),
        (clause(late(rate=1.5)), BadAmount, "rate of fix: 1.5"),
        (clause(late(unit_seconds=0)), BadCount, "unit_seconds of fix: 0"),
        (clause(late(grace=Decimal("0.5"))), BadTerms, "grace of fix: '0.5' is not a whole number of seconds"),
        (clause(late(deductible="-5")), BadAmount, "deductible of fix"),
        (clause(late(event_cap=Cap(Decimal("NaN")))), BadAmount, "event_cap of fix"),
        (clause(late(cap=Cap(None))), BadAmount, "cap of fix: None"),
        (clause(breaches(free=-1)), BadCount, "free of breach: -1"),
        (clause(uptime(weight="-3")), BadAmount, "weight of uptime"),
        (clause(uptime(multipliers="1 -2")), BadAmount, "multipliers of uptime"),
        (clause(uptime(digits=-1)), BadCount, "digits of uptime: -1"),
        (clause(uptime("99.9: 10, 99.9: 25")), BadTiers, "tiers of uptime: ['99.9', '99.9']"),
        (clause(uptime("99.0: 10, 99.9: 25")), BadTiers, "largest first"),
        (clause(uptime("9: 10, 4: 25", high_is_good=False)), BadTiers, "smallest first"),
        (clause(uptime("99: 2, 98: 5", bonus=True)), BadTiers, "smallest first"),
        (clause(component("bands")), BadTiers, "tiers of it: []"),
        (clause(counted("0: 5")), BadTerms, "bound of a tier of count: '0' is not the number of an event"),
        (clause(counted("1.5: 5")), BadTerms, "bound of a tier of count: '3/2'"),
        (clause(counted("1: -5")), BadAmount, "rate of a tier of count"),
        (clause(below(target=None)), BadTerms, "target of level: None is missing"),
        (clause(missing(target="0")), BadTerms, "target of part: '0' is not above zero"),
        (clause(pointed(severities=())), BadTerms, "severities of points"),
        (clause(pointed(severities=(("low", 1), ("low", 2)))), BadTerms, "severities of points: 'low' is there twice"),
        (clause(pointed(severities=(("low", -1),))), BadCount, "points of low in points: -1"),
        (clause(uptime(), earn_back=EarnBack("fix", Decimal(1), 3)), BadOption, "component of earn_back: 'fix'"),
        (clause(late(), earn_back=EarnBack("fix", Decimal(1), 3)), BadOption, "component of earn_back: 'fix'"),
        (clause(uptime(), earn_back=EarnBack("uptime", Decimal(1), 0)), BadCount, "window of earn_back: 0"),
        (clause(uptime(), earn_back=EarnBack("uptime", 1.5, 1)), BadAmount, "figure of earn_back: 1.5"),
        (
            clause(uptime(), earn_back=EarnBack("uptime", Decimal(1), 1, percent=Decimal(101))),
            BadTerms,
            "percent of earn_back",
        ),
    ],
)
def test_malformed_terms(terms, error, names):
    with pytest.raises(error) as caught:
        assess(terms, march(), THOUSAND)
    assert names in str(caught.value)
    assert issubclass(error, EngineError) and str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    "one, fact, error, names",
    [
        (late(), (Event("R1", -1),), BadDuration, "late of event R1: -1"),
        (late(), (Event("R1", 1.5),), BadDuration, "late of event R1: 1.5"),
        (late(), (Event("R1", 5, count=0),), BadCount, "count of event R1: 0"),
        (late(), (Event("R1", 5, count=True),), BadCount, "count of event R1: True"),
        (breaches(), (Event("R1", -1),), BadDuration, "late of event R1"),
        (
            pointed(),
            (Event("R1", severity="odd"),),
            BadOption,
            "severity of event R1 in points: 'odd' is not one of high, low",
        ),
        (uptime(), Figure(99.5), BadAmount, "figure of uptime: 99.5"),
        (uptime(), Figure(Decimal("NaN")), BadAmount, "figure of uptime"),
        (uptime(), Figure(good=5, total=4), BadFigure, "figure of uptime: 4 is less than 5 good and 0 excused"),
        (uptime(), Figure(good=3, total=4, excused=((2, "x"),)), BadFigure, "3 good and 2 excused"),
        (uptime(), Figure(good=None, total=4), BadFigure, "figure of uptime: None"),
        (uptime(), Figure(good=-1, total=4), BadFigure, "figure of uptime: -1"),
        (uptime(), Figure(good=1, total=4, excused=((-1, "x"),)), BadFigure, "figure of uptime: -1"),
        (uptime(), Figure(Decimal(99), excused=((1, "x"),)), BadFigure, "needs good and total"),
    ],
)
def test_facts_that_contradict_themselves(one, fact, error, names):
    with pytest.raises(error) as caught:
        assess(clause(one), march(**{one.key: fact}), THOUSAND)
    assert names in str(caught.value)


@pytest.mark.parametrize("fee", [Decimal(-1), 10.5, None, "10", Decimal("Infinity")])
def test_a_fee_that_is_none(fee):
    with pytest.raises(BadAmount, match="fee"):
        assess(clause(uptime()), march(uptime="99"), fee)


def test_a_percentage_of_a_contract_value_that_is_not_known():
    for terms in (
        clause(uptime(), contract_cap="5 % value"),
        clause(late(cap="5 % value")),
        clause(uptime(), at_risk="5 % value"),
    ):
        with pytest.raises(MissingBasis, match=r"5 % of the contract's value"):
            assess(terms, march(uptime="99", fix=hours(1)), THOUSAND)
    with pytest.raises(BadAmount, match="value"):
        assess(clause(uptime()), march(Decimal(-1), uptime="99"), THOUSAND)


@pytest.mark.parametrize(
    "start, end, error",
    [
        (MARCH, MARCH, BadPeriod),
        (APRIL, MARCH, BadPeriod),
        (datetime(2026, 3, 1), APRIL, BadDate),
        (MARCH, "2026-04-01", BadDate),
    ],
)
def test_a_period_that_is_none(start, end, error):
    with pytest.raises(error):
        assess(clause(uptime()), Measures(start, end), THOUSAND)


@pytest.mark.parametrize(
    "ledger, error, names",
    [
        (Ledger(carried=Decimal(-1)), BadAmount, "carried: Decimal('-1') is below zero"),
        (Ledger(carried=1.5), BadAmount, "carried"),
        (Ledger(year=1.5), BadAmount, "yearly_cap"),
        (Ledger(misses={"uptime": -1}), BadCount, "misses of uptime: -1"),
    ],
)
def test_a_ledger_that_is_none(ledger, error, names):
    terms = clause(uptime(multipliers="1 2"), yearly_cap="500")
    with pytest.raises(error) as caught:
        assess(terms, march(uptime="99"), THOUSAND, ledger)
    assert names in str(caught.value)


def test_a_clause_is_read_once_and_its_like_is_read_for_itself():
    terms = clause(uptime())
    assert read(terms) is read(terms)
    dearer = replace(terms, components=(replace(terms.components[0], tiers=(Tier(Decimal(99), Decimal(50)),)),))
    assert read(dearer) is not read(terms)
    for row in range(1000):  # more than are remembered
        read(clause(uptime(key=f"u{row}")))
    assert read(terms) == read(clause(uptime()))
