"""What the lint says about a share rule before it binds anybody."""

from dataclasses import replace
from decimal import Decimal

import pytest
from share_cases import component, payout, rate, rule

from engine.share_lint import lint
from engine.share_terms import Bonus, Rate


def codes(terms):
    return [(found.code, found.component, found.blocks) for found in lint(terms)]


def of(**terms):
    return rule(component(**terms))


def test_a_sound_rule_has_no_findings():
    sound = rule(
        component(kinds="labour", rates=(rate("10"), rate("12", "16"))),
        component("parts", "0: 5, 1000: 7", kinds="parts", accumulate="year", payout=payout()),
        component("pumps", "0: 5, 9: 7", categories="pumps", bracket_rule="slab", accumulate="year", retroactive=True),
        component("job", (rate("20", hit="30"),), products="visit", basis="job"),
        cap="1000", guarantee="100", brand_fee="2 % revenue", split="a 60,b 40",
        bonuses=(Bonus("B", Decimal(5), True, payout()),))  # fmt: skip
    assert lint(sound) == ()


@pytest.mark.parametrize(
    "terms, code, blocks, words",
    [
        (of(rates="100: 5, 500: 8"), "hole", True, "the first bracket begins at 100, so less than that has no rate"),
        (of(rates="-5: 5, 500: 8"), "below_zero", True, "the first bound is 0"),
        (of(rates="0: 5, 500: 8, 500: 9"), "overlap", True, "two brackets begin at 500, so both would count"),
        (of(rates="0: 5, 500: 8, 100: 9"), "unsorted", True, "do not run from the smallest to the largest"),
        (of(rates=()), "no_rates", True, "it has no rate"),
        (of(rates=(rate("5", "16"),), end="10"), "no_rates", True, "when the component has ended"),
        (of(rates=(rate("5", "16"),)), "no_rate_before", False, "no rate up to 2026-03-15"),
        (of(rates=(rate("5", "16"),), start="10"), "no_rate_before", False, "no rate up to 2026-03-15"),
        (of(rates="100.5"), "above_100", False, "a rate of 100.5 % is more than the whole"),
        (of(rates="0: 5, 500: 120"), "above_100", False, "120 %"),
        (of(rates="120", basis="margin"), "above_100", False, "120 %"),
        (of(rates=(rate("9", hit="6"),)), "hit_below_miss", False, "counts less than one that did not"),
        (of(rates="0: 8, 500: 5", bracket_rule="slab"), "cliff", False, "falls at 500, so more may come to less"),
        (of(retroactive=True, bracket_rule="slab"), "unread", False, "it is retroactive, but has no brackets"),
        (of(accumulate="year"), "unread", False, "it adds up over the year, but has no brackets"),
        (of(rates="0: 5", retroactive=True), "malformed", True, "has no meaning where each part counts"),
        (of(rates=(rate("0: 5"), rate("0: 6", "16")), retroactive=True, bracket_rule="slab", accumulate="year"),
         "retroactive_renewed", False, "the rate of 2026-03-16 does not reprice"),
        (of(payout=payout("95: 100, 90: 50")), "unsorted", True, "the bands of compliance do not run"),
        (of(payout=payout("90: 50, 90: 100")), "overlap", True, "two bands of compliance begin at 90"),
        (of(payout=replace(payout(), bands=())), "no_bands", True, "has no bands"),
        (of(payout=payout("90: 0, 95: 0")), "zero_payout", True, "no band of compliance pays anything out"),
        (of(payout=payout("90: 80, 95: 120")), "above_100", False, "compliance pays 120 % out"),
        (of(payout=payout("90: 100, 95: 80")), "falling_payout", False, "a better compliance pays less out"),
        (of(payout=payout(minimum=0)), "no_minimum", False, "a minimum of 1 or more"),
        (of(payout=payout("90: 50")), "otherwise_high", False, "without enough cases of compliance 100 % is paid out"),
        (of(rates=(Rate(value=0.1),)), "malformed", True, "0.1 is not an exact amount"),
        (rule(split="a 60,b 30"), "split", True, "The percentages of the payees sum to 90, not to 100"),
        (rule(split="a 60,a 40"), "payee_twice", True, "a is among the payees twice"),
        (rule(cap="50", guarantee="60"), "guarantee_above_cap", True, "The guarantee of 60 is above the cap of 50"),
        (rule(cap="0"), "cap_zero", True, "nothing is ever paid"),
        (rule(brand_fee="120 % share"), "above_100", False, "The brand fee of 120 % is more than the whole share"),
        (rule(withholding="100"), "withholding_all", False, "nothing is ever paid"),
        (rule(bonuses=(Bonus("B", Decimal(150), True),)), "above_100", False, "B: a bonus of 150 %"),
        (rule(bonuses=(Bonus("B", Decimal(5), payout=payout("90: 0")),)), "zero_payout", True, "B: no band"),
    ],
)  # fmt: skip
def test_what_is_found(terms, code, blocks, words):
    found = [one for one in lint(terms) if one.code == code]
    assert len(found) == 1, lint(terms)
    assert found[0].blocks is blocks and words in found[0].sentence


@pytest.mark.parametrize(
    "one, other, clash",
    [
        ({"kinds": "labour"}, {"kinds": "labour parts"}, True),
        ({"kinds": "labour"}, {"kinds": "parts"}, False),
        ({"kinds": "labour"}, {}, False),
        ({}, {}, True),
        ({"products": "a b"}, {"products": "b c"}, True),
        ({"products": "a"}, {"products": "a", "kinds": "labour"}, False),
        ({"categories": "x"}, {"categories": "x", "kinds": "labour"}, False),
        ({"categories": "x", "kinds": "labour"}, {"categories": "x", "kinds": "labour"}, True),
        ({"categories": "x"}, {"categories": "y"}, False),
        ({"kinds": "labour", "end": "10"}, {"kinds": "labour", "start": "10"}, False),
        ({"kinds": "labour", "end": "11"}, {"kinds": "labour", "start": "10"}, True),
    ],
)
def test_two_components_for_one_line_on_one_day(one, other, clash):
    found = codes(rule(component("a", **one), component("b", **other)))
    assert found == ([("contradiction", "a", True)] if clash else [])


def test_versions_of_one_component_are_no_contradiction():
    assert codes(rule(component(end="10"), component(start="10"))) == []
    assert codes(rule(component(), component(start="10"))) == [("malformed", "", True)]


def test_one_mistake_does_not_hide_the_next_and_what_blocks_comes_first():
    terms = rule(
        component("a", "100: 5", kinds="labour"), component("b", (Rate(value=0.1),), kinds="parts"), split="a 60,b 30")
    assert codes(terms) == [("hole", "a", True), ("malformed", "b", True), ("split", "", True)]
    warned = rule(component("a", "120", kinds="labour"), component("b", (), kinds="parts"))
    assert codes(warned) == [("no_rates", "b", True), ("above_100", "a", False)]


def test_a_rule_of_sums_alone_may_do_without_components():
    assert codes(replace(rule(guarantee="100"), components=())) == [("no_components", "", False)]
    assert codes(replace(rule(), components=())) == [("no_components", "", True)]
