"""Verdicts on overlapping covers and on claims, and what cannot be worked with."""

from decimal import Decimal

import pytest
from warranty_cases import (
    DELIVERED,
    asset,
    cover,
    day,
    item,
    money,
    outcome,
    shares,
    steps,
    table,
    verdict,
)

from engine.errors import BadAmount, BadDate, BadOption, BadTerms
from engine.warranty_facts import Asset
from engine.warranty_serials import Scope, SerialRange
from engine.warranty_terms import (
    CONTRACT,
    EXTENDED,
    GOODWILL,
    LABOUR,
    RECALL,
    SUPPLIER,
    TRAVEL,
    Exclusion,
    Quota,
    Void,
    recall,
)

# --- row 26: who pays first -------------------------------------------------------------------------


ALL = (
    recall("R-1", Scope(), day("2025-01-01")), cover("W-1", promised="parts 24 20%"),
    cover("E-1", EXTENDED, "parts 24 20%"), cover("C-1", CONTRACT, "parts 24 20%"),
    cover("S-1", SUPPLIER, "parts 24 20%"), cover("G-1", GOODWILL, "parts 24 50%"))  # fmt: skip


def test_row26_the_order_of_covers():
    assert shares(verdict(ALL)) == "R-1 100"
    assert shares(verdict(ALL[1:])) == "W-1 20, E-1 20, C-1 20, S-1 20, G-1 20"
    assert shares(verdict(ALL[2:5])) == "E-1 20, C-1 20, S-1 20, customer 40"


def test_row26_a_priority_of_its_own_comes_before_the_order():
    first = cover("G-1", GOODWILL, "parts 24 50%", priority=1)
    found = verdict((*ALL[1:3], first))
    assert shares(found) == "G-1 50, W-1 20, E-1 20, customer 10"
    assert (found.items[0].rule, found.items[0].reason) == (
        "priority",
        "G-1 pays 50 %, W-1 pays 20 %, E-1 pays 20 %, the customer pays 10 %: "
        "G-1 before W-1: priority 1 comes before priority 20",
    )


def test_row26_among_equals_the_closer_then_what_ends_first_then_the_key():
    near = cover("Z", scope=Scope(assets=frozenset({"P-7"})))
    soon = cover("Y", promised="parts 20")
    rows = (((near, soon), "Z", "scope"), ((cover("A"), soon), "Y", "end"), ((cover("B"), cover("A")), "A", "key"))
    for covers, first, rule in rows:
        found = verdict(covers).items[0]
        assert (found.shares[0].cover, found.rule) == (first, rule)


def test_row26_a_percentage_above_what_is_left_is_cut():
    found = verdict(
        (cover(promised="parts 24 80%"), cover("C-1", CONTRACT, "parts 24 80%")), items=item(amount="99.99")
    )
    assert shares(found) == "W-1 80, C-1 20" and money(found) == "W-1 79.99, C-1 20.00"


def test_row26_never_paid_twice():
    with pytest.raises(BadTerms, match="cover: 'W-1' is there twice"):
        verdict((cover(), cover()))
    with pytest.raises(BadTerms, match="item: 'seal' is there twice"):
        verdict(cover(), items=(item(), item()))


@pytest.mark.parametrize("unit, left", [("case", "4"), ("quantity", "3"), ("money", "-115")])
def test_row26_a_quota_is_not_used_where_the_warranty_pays(unit, left):
    care = cover("C-1", CONTRACT, "parts, labour, travel", "2025-01-01", quota=Quota(Decimal(5), unit))
    items = (item("a", amount="80"), item("b", LABOUR, "120", quantity="2"))
    full, partly = (verdict((care, cover(promised=promised)), items=items) for promised in (
        "parts 24, labour 24", "parts 24"))  # fmt: skip
    assert [(one.cover, one.quota_used, one.quota_left) for one in full.balances if one.cover == "C-1"] == [
        ("C-1", 0, 5)]  # fmt: skip
    if unit == "money":
        assert money(partly, "b") == "C-1 5.00, customer 115.00"
    else:
        assert str(partly.balances[-1].quota_left) == left and shares(partly, "b") == "C-1 100"


def test_row26_a_quota_of_which_too_little_is_left():
    hourly = cover("C-1", CONTRACT, "labour", "2025-01-01", quota=Quota(Decimal(2), "quantity"))
    found = verdict(hourly, items=item("b", LABOUR, "90.00", quantity="3"))
    assert shares(found) == "C-1 66.666667, customer 33.333333" and money(found) == "C-1 60.00, customer 30.00"
    assert found.balances[0].quota_left == 0 and steps(found, "cut") == ["b: C-1 is held back by the quota of 2"]
    spent = cover("C-1", CONTRACT, "labour", "2025-01-01", quota=Quota(Decimal(0)))
    assert outcome(spent, items=item(kind=LABOUR)) == "used_up"


def test_row26_several_items_are_one_case():
    visits = cover("C-1", CONTRACT, "parts, labour, travel", "2025-01-01", quota=Quota(Decimal(1)))
    found = verdict(visits, items=(item("a"), item("b", LABOUR), item("c", TRAVEL)))
    assert all(one.covered for one in found.items) and found.balances[0].quota_left == 0


def test_row26_every_kind_has_its_own_term_and_percentage():
    made = cover(promised="parts 24, labour 12 50%, travel 6")
    items = (item("a"), item("b", LABOUR), item("c", TRAVEL))
    rows = {"2025-09-09": [100, 50, 100], "2025-09-10": [100, 50, 0], "2026-03-10": [100, 0, 0], "2027-03-10": [0] * 3}
    assert {on: [one.percent for one in verdict(made, on=on, items=items).items] for on in rows} == rows


# --- row 29: claims ---------------------------------------------------------------------------------


def test_row29_a_recall_on_an_expired_machine():
    """In full, whatever became of the warranty; but for its serials, its batch and its defect only."""
    scope = Scope(serials=(SerialRange("SN-0100", "SN-0200"),), batches=frozenset({"B7"}))
    campaign = recall("R-1", scope, day("2026-01-01"), day("2027-01-01"), causes={"leak"})
    worn = cover(voids=(Void(day("2025-06-01"), "opened"),))
    good, other = asset(serial="SN-150", batch="B7", delivered="2015-01-01"), asset(serial="SN-150", batch="B8")
    items = (item("a"), item("b", LABOUR), item("c", TRAVEL))
    assert [one.percent for one in verdict((worn, campaign), good, cause="leak", items=items).items] == [100] * 3
    assert [outcome(campaign, good, on, "leak") for on in ("2025-12-31", "2026-12-31", "2027-01-01")] == [
        "not_begun", "covered", "ended"]  # fmt: skip
    assert (outcome(campaign, other, cause="leak"), outcome(campaign, good, cause="rust")) == (
        "other_asset", "other_cause")  # fmt: skip
    with pytest.raises(BadTerms, match="pays in full"):
        cover("R-2", RECALL, "parts 24 50%")


def test_row29_several_causes_in_one_claim():
    made = cover(exclusions=(Exclusion("wear is not covered", causes=frozenset({"wear"})),))
    found = verdict(made, cause="leak", items=(item("a"), item("b", cause="wear")))
    assert [one.covered for one in found.items] == [True, False]
    assert found["b"].reason == "W-1: excludes it: wear is not covered"


@pytest.mark.parametrize(
    "exclusion, facts, expected",
    [
        ({"products": {"belt"}}, {"product": "belt"}, "excluded"),
        ({"products": {"belt"}}, {"product": "seal"}, "covered"),
        ({"categories": {"consumables"}}, {"categories": ("filters", "consumables")}, "excluded"),
        ({"causes": {"leak"}}, {}, "excluded"),
        ({"products": {"belt"}, "causes": {"wear"}}, {"product": "belt"}, "covered"),
        ({"products": {"belt"}, "causes": {"leak"}}, {"product": "belt"}, "excluded"),
        ({"products": {"belt"}, "kinds": {"labour"}}, {"product": "belt"}, "covered"),
    ],
)
def test_row29_exclusions_fit_all_that_they_name(exclusion, facts, expected):
    made = Exclusion("no", **{name: frozenset(words) for name, words in exclusion.items()})
    assert outcome(cover(exclusions=(made,)), cause="leak", items=item(**facts)) == expected


def test_row29_void_from_a_day_on_for_some_kinds():
    made = cover(voids=(Void(day("2026-01-01"), "seal broken", frozenset({"parts"})),))
    table(made, asset(), ("2025-12-31", "covered"), ("2026-01-01", "void"))
    found = verdict(made, items=(item(), item("b", LABOUR)))
    assert found.items[0].reason == "W-1: is void since 2026-01-01: seal broken" and found["b"].covered


@pytest.mark.parametrize(
    "promised, cost, refunded",
    [
        ("parts 24", None, "100.00"),  # never above what it costs us
        ("parts 24 60%", None, "60.00"),  # nor what the customer pays
        ("parts 24", "40.00", "40.00"),  # of our cost, not of the price
        ("parts 24 60%", "33.33", "19.99"),
        ("labour 24", None, None),
    ],
)
def test_row29_recovery_is_beside_and_never_above_cost(promised, cost, refunded):
    suppliers = [cover(key, SUPPLIER, "parts 24 80%", recovers=True, payer=f"Maker {key}") for key in ("S-1", "S-2")]
    facts = {"cost": cost} if cost else {}
    found = verdict((*suppliers, cover(promised=promised)), items=item(amount="100.00", **facts))
    assert shares(found) == shares(verdict(cover(promised=promised)))
    total = sum(one.amount for one in found.recoveries)
    assert (str(total) if found.recoveries else None) == refunded


def test_row29_a_supplier_who_is_insolvent_or_over_refunds_nothing():
    gone = cover("S-1", SUPPLIER, "parts 24", recovers=True, voids=(Void(day("2026-01-01"), "insolvent"),))
    over = cover("S-2", SUPPLIER, "parts 12", recovers=True, begins="receipt")
    found = verdict((gone, over, cover()), asset(receipt="2025-01-01"), items=item(amount="100.00"))
    assert found.recoveries == () and steps(found, "does not pay") == [
        "S-1: is void since 2026-01-01: insolvent", "S-2: parts ended on 2025-12-31"]  # fmt: skip


def test_row29_what_others_pay_is_not_our_cost():
    maker = cover(payer="Maker Ltd")
    supplier = cover("S-1", SUPPLIER, recovers=True)
    found = verdict((maker, supplier), items=item(amount="100.00"))
    assert found.recoveries == () and found.items[0].payer == "Maker Ltd"


# --- bad facts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make, kind, message",
    [
        (lambda: cover(promised="parts 24 101%"), BadAmount, "percent of parts: '101' is no percentage"),
        (lambda: cover(promised="parts 24 33.3333333%"), BadAmount, "with at most 6 decimals"),
        (lambda: cover(promised="parts 24, parts 12"), BadTerms, "benefits of WP-1 v1: .* name a kind twice"),
        (lambda: cover(kind="gift"), BadOption, "kind of W-1: 'gift' is not one of recall"),
        (lambda: cover(recovers=True), BadTerms, "is no supplier"),
        (lambda: cover(cap=Decimal(-1)), BadAmount, "cap of WP-1 v1: '-1' is below zero"),
        (lambda: item(kind="tax"), BadOption, "kind of item seal: 'tax'"),
        (lambda: item(amount="-1"), BadAmount, "amount of item seal: '-1' is not a Decimal of zero or more"),
        (lambda: Asset("P", dates={"birth": day(DELIVERED)}), BadOption, "dates of P: 'birth'"),
        (lambda: Asset("P", dates={"delivery": "2026"}), BadDate, "delivery of P: '2026' is not a day"),
        (lambda: SerialRange("A1", "B9"), BadTerms, "serials: 'A1 to B9' are no range"),
        (lambda: SerialRange("A9", "A1"), BadTerms, "the end comes before the beginning"),
    ],
)
def test_what_cannot_be_worked_with_is_named(make, kind, message):
    with pytest.raises(kind, match=message):
        make()
