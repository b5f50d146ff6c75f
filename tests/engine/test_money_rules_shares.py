"""docs/money-rules.md, "Dealer shares": each rule's example is reckoned, and the amounts are those that it prints."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from share_cases import APRIL, MARCH, amounts, component, line, origin, paid, payout, rate, rule, settled

from engine.errors import BadTerms
from engine.share_lint import lint
from engine.share_terms import Bonus, Carried, Item, Measured, Volume

DOCUMENT = (Path(__file__).parents[2] / "docs" / "money-rules.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (S\d+)\. .*?\n(.*?)(?=^### |^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL))
LADDER = "0: 5, 1000: 10, 5000: 20"


def printed(section, *found):
    """Assert that the section prints these amounts, thousands with commas or without, a minus or not."""
    text = SECTIONS[section].replace(",", "")
    for amount in found:
        number = str(amount).removeprefix("-")
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", text), f"{section} does not print {number}"


def thousand(**facts):
    return line("1000", **facts)


def test_there_are_ten_rules_with_an_example_each():
    assert list(SECTIONS) == [f"S{row}" for row in range(1, 11)]
    assert all("*Example.*" in text for text in SECTIONS.values())


def test_s1_the_order():
    terms = rule(
        component(), cap="90", brand_fee="2 % revenue", withholding="10", split="a 60,b 40",
        bonuses=(Bonus("Bonus", Decimal(5), True),))  # fmt: skip
    found = settled(
        terms, thousand(), penalties=(Item("P", "", Decimal(-5)),), released=(Item("S", "", Decimal(8)),),
        carried=Decimal("-12.5"))
    assert amounts(found) == ["100.00", "5.00", "-15.00", "-20.00", "-5.00", "-6.50", "8.00", "-12.50"]
    printed("S1", *amounts(found), found.total, *(amount for _payee, amount in found.split))
    words = SECTIONS["S1"].split(". ")[0].replace("\n", " ")
    assert words == (
        "lines, bonus, cap, guarantee, brand fee, penalties, withholding, released, reimbursements, carried in, "
        "carried forward, split")
    with_claim = settled(
        terms, thousand(), penalties=(Item("P", "", Decimal(-5)),), released=(Item("S", "", Decimal(8)),),
        reimbursements=(Item("R", "", Decimal(40)),), carried=Decimal("-12.5"))
    printed("S1", with_claim.total, "40.00")


def test_s1_the_options():
    guarantee = paid(rule(guarantee="310"), part=Fraction(17, 31))
    assert guarantee == "170.00" and paid(rule(cap="310"), line("9999"), part=Fraction(17, 31)) == "310.00"
    printed("S1", "310.00", guarantee, paid(rule(cap="33.339"), thousand()), "33.339")
    assert paid(rule(component(rates="0"), brand_fee="2 % revenue"), line("-100")) == "2.00"


def test_s2_the_closest_component():
    terms = rule(
        component("all", "1"), component("labour", "2", kinds="labour"), component("pumps", "3", categories="pumps"),
        component("both", "6", kinds="labour", categories="pumps"))  # fmt: skip
    lines = [
        thousand(kind="labour"), thousand(categories=("seals", "pumps")),
        thousand(kind="labour", categories=("pumps",)), thousand(kind="travel")]  # fmt: skip
    found = amounts(settled(terms, *lines))
    assert found == ["20.00", "30.00", "60.00", "10.00"]
    printed("S2", *found)
    twice = rule(component("a"), component("b"))
    assert [one.code for one in lint(twice)] == ["contradiction"]
    with pytest.raises(BadTerms):
        settled(twice, thousand())


def test_s3_the_rate_of_the_day():
    terms = rule(component(rates=(rate("10"), rate("12", "16"))))
    found = amounts(settled(terms, thousand(on="15"), thousand(on="16")))
    none = settled(rule(component(rates=(rate("12", "16"),))), thousand(on="15"))
    assert found == ["100.00", "120.00"] and none.warnings == (("no_rate", "1000"),)
    printed("S3", *found, none.total)


def test_s4_brackets():
    def ladder(**terms):
        return rule(component(rates=LADDER, **terms))

    marginal, slab = paid(ladder(), line("5500")), paid(ladder(bracket_rule="slab"), line("5500"))
    printed("S4", "5500.00", marginal, slab)
    before = Carried(volumes={"labour": Volume(Decimal(900), Decimal(45))})
    ways = ({}, {"bracket_rule": "slab"}, {"bracket_rule": "slab", "retroactive": True})
    found = [amounts(settled(ladder(accumulate="year", **way), line("400"), carried=before)) for way in ways]
    assert found == [["35.00"], ["40.00"], ["40.00", "45.00"]]
    printed("S4", "900.00", "400.00", *(amount for row in found for amount in row))


def test_s5_cutting():
    lines = [line("33.33", key=f"L{row}") for row in range(3)]
    each, total = settled(rule(), *lines), settled(rule(rounding="total"), *lines)
    assert (amounts(each), amounts(total)) == (["3.33"] * 3, ["3.33", "3.34", "3.33"])
    printed("S5", *amounts(total), each.total, total.total)


def test_s6_refunds():
    first = origin("300", "10")
    refunds = [line("-100", key=f"R{row}", origin=first) for row in range(3)]
    found = settled(rule(component(rates="50")), *refunds)
    assert amounts(found, "share") == ["-3.33", "-3.34", "-3.33"]
    printed("S6", "300.00", *amounts(found, "share"), settled(rule(), refunds[0]).carried_forward)


def test_s7_payments():
    third = Fraction(1, 3)
    lines = [thousand(key=f"P{row}", paid=(row * third, (row + 1) * third)) for row in range(3)]
    printed("S7", "100.00", *amounts(settled(rule(), *lines)))
    assert paid(rule(negative="charge"), thousand(paid=(third, 0))) == "-33.33"


def test_s8_directions_and_currencies():
    both = rule(component(kinds="labour"), component("fee", "4", kinds="fee", direction="pays"))
    found = amounts(settled(both, thousand(kind="labour"), thousand(kind="fee")))
    converted = [paid(rule(currency_rounding=unit), thousand(fx="1.23456")) for unit in ("0.01", "1")]
    printed("S8", *found, *converted)
    assert found == ["100.00", "-40.00"]


def test_s9_payouts():
    terms = rule(component(payout=payout()))
    found = [paid(terms, thousand(), figures={"compliance": Measured(Decimal(figure), 9)})
             for figure in ("95", "94.99", "89.99")]
    assert found == ["100.00", "50.00", "0.00"] and paid(terms, thousand()) == "100.00"
    printed("S9", "94.99", "89.99", *found)


def test_s10_carried():
    march = settled(rule(), line("-1000"))
    april = settled(rule(), line("1500", APRIL.start), period=APRIL, carried=march.carried_forward)
    assert march.total == 0 and MARCH.end == APRIL.start
    printed("S10", march.total, march.carried_forward, april.total, *amounts(april))
