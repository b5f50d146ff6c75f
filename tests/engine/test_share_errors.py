"""Terms and facts that cannot be worked with are refused in a sentence that names them."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from share_cases import MARCH, component, line, origin, payout, rate, rule, settled

from engine.errors import EngineError
from engine.period import Period
from engine.revenue_share import share
from engine.share_terms import Bonus, BrandFee, Carried, Component, Facts, Item, Measured, Rate, Rule, Volume


def terms(**changes):
    return rule(replace(component(), **changes))


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        (terms(basis="turnover"), "basis of labour: 'turnover' is not one of revenue, margin, job, unit, usage"),
        (terms(direction="gives"), "direction of labour: 'gives' is not one of"),
        (terms(bracket_rule="steps"), "bracket_rule of labour: 'steps'"),
        (terms(accumulate="week"), "accumulate of labour: 'week'"),
        (terms(retroactive=True), "retroactive of labour: True has no meaning where each part counts"),
        (terms(retroactive=True, bracket_rule="slab", payout=payout()), "retroactive of labour: True contradicts a"),
        (terms(rates=(Rate(value=0.1),)), "rate of labour: 0.1 is not an exact amount"),
        (terms(rates=(Rate(value=Decimal(-1)),)), "rate of labour: .* is below zero"),
        (terms(rates=(Rate(),)), "rate of labour: None is missing: a value, or brackets"),
        (terms(rates=(rate("1"), rate("2"))), "rates of labour: 'always' begins twice"),
        (terms(rates=(rate("1", "5"), rate("2", "5"))), "rates of labour: '2026-03-05' begins twice"),
        (terms(rates=(replace(rate("0: 5"), value=Decimal(1)),)), "rate of labour: '1' is there beside brackets"),
        (terms(rates=(rate("10: 5, 20: 6"),)), "brackets of labour: .* do not begin at 0"),
        (terms(rates=(rate("0: 5, 20: 6, 20: 7"),)), "brackets of labour: .* no two alike"),
        (terms(start=date(2026, 3, 2), end=date(2026, 3, 2)), "days of labour: .* is not a period"),
        (terms(start=datetime(2026, 3, 2)), "start of labour: .* is not a day"),
        (terms(payout=payout("95: 100, 90: 50")), "payout of labour: .* smallest first"),
        (terms(payout=payout(minimum=2.5)), "minimum of the payout of labour: 2.5"),
        (rule(component(), component()), "component: 'labour' is there twice"),
        (rule(rounding="cent"), "rounding: 'cent'"),
        (rule(negative="forget"), "negative: 'forget'"),
        (rule(cap="-1"), "cap: .* is below zero"),
        (rule(withholding="101"), "withholding: '101' is more than there is"),
        (rule(payable="0.015"), "payable: '0.015' is not a multiple of the currency's 0.01"),
        (rule(currency_rounding="0"), "currency_rounding: .* is not a rounding"),
        (rule(brand_fee=BrandFee(Decimal(1), "profit")), "base of the brand fee: 'profit'"),
        (rule(bonuses=(Bonus("Fleet", Decimal(-1)),)), "bonus Fleet: .* is below zero"),
        (rule(split="a 60,b 30"), r"split: \['a 60', 'b 30'\] sums to 90, not to 100"),
        (rule(split="a 160,b -60"), "percent of b: .* is below zero"),
    ],
)
def test_a_rule_that_contradicts_itself(wrong, sentence):
    with pytest.raises(EngineError, match=sentence):
        settled(wrong)


@pytest.mark.parametrize(
    "facts, sentence",
    [
        ({"base": 100.5}, "base of line INV/1: 100.5 is not an exact amount"),
        ({"base": Decimal("NaN")}, r"base of line INV/1: Decimal\('NaN'\) is not an exact amount"),
        ({"base": Decimal("-Infinity")}, "base of line INV/1"),
        ({"base": None}, "base of line INV/1: None"),
        ({"base": "100"}, "base of line INV/1: '100'"),
        ({"fx": Decimal(0)}, "fx of line INV/1: '0' is not a rate of exchange"),
        ({"fx": Decimal(-1)}, "fx of line INV/1: '-1' is not a rate of exchange"),
        ({"fx": 1.1}, "fx of line INV/1: 1.1"),
        ({"fx": None}, "fx of line INV/1: None"),
        ({"day": datetime(2026, 3, 5)}, "day of line INV/1: .* is not a day"),
        ({"day": None}, "day of line INV/1: None is not a day"),
        ({"day": date(2026, 4, 1)}, "day of line INV/1: '2026-04-01' lies after the period"),
        ({"rate_day": "2026-03-05"}, "rate_day of line INV/1: '2026-03-05' is not a day"),
        ({"paid": (0, 2)}, "paid of line INV/1: '2' is not a part"),
        ({"paid": (0, 0.5)}, "paid of line INV/1: 0.5"),
        ({"paid": Decimal("0.5")}, "paid of line INV/1: .* is not a pair"),
        ({"origin": replace(origin("100", "10"), share=0.5)}, "share of the origin of line INV/1: 0.5"),
        ({"origin": replace(origin("100", "10"), base=0.5)}, "base of the origin of line INV/1: 0.5"),
    ],
)
def test_a_line_that_cannot_be_reckoned_is_named(facts, sentence):
    wrong = replace(line("100", key="INV/1"), **facts)
    with pytest.raises(EngineError, match=sentence):
        settled(rule(), line("50"), wrong)


def test_a_cost_and_a_quantity_that_are_not_exact():
    with pytest.raises(EngineError, match="cost of line INV/1: 0.1"):
        settled(rule(component(basis="margin")), replace(line("100", key="INV/1"), cost=0.1))
    with pytest.raises(EngineError, match="quantity of line INV/1: 0.1"):
        settled(rule(component(basis="unit")), replace(line("100", key="INV/1"), quantity=0.1))


@pytest.mark.parametrize(
    "facts, sentence",
    [
        ({"part": Decimal("1.5")}, "part: '1.5' is not a part of a period"),
        ({"part": 0.5}, "part: 0.5 is not an exact"),
        ({"penalties": (Item("PEN/7", "Late", 12.5),)}, "amount of PEN/7: 12.5"),
        ({"figures": {"compliance": Measured(93.5, 40)}}, "compliance: 93.5"),
    ],
)
def test_facts_that_cannot_be_worked_with(facts, sentence):
    with pytest.raises(EngineError, match=sentence):
        settled(rule(component(payout=payout())), line("1"), **facts)


@pytest.mark.parametrize("carried", [1.5, Carried(0.1), Carried(volumes={"labour": Volume(0.1)})])
def test_what_is_carried_must_be_exact(carried):
    with pytest.raises(EngineError):
        settled(rule(component(rates="0: 5", accumulate="year")), line("1"), carried=carried)


@pytest.mark.parametrize(
    "period", [(MARCH.end, MARCH.start), (MARCH.start, MARCH.start), Period.month(2026, 3, "UTC"), (None, MARCH.end)])
def test_a_period_of_days_is_needed(period):
    with pytest.raises(EngineError):
        share(rule(), (), period)


def test_nothing_is_refused_that_is_only_unusual():
    empty = Rule("SR", (Component("a", "A"),))
    found = share(empty, [line("1")], MARCH, facts=Facts())
    assert found.warnings == (("no_rate", "1"),)
