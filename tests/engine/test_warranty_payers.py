"""Who pays how much: caps with their running totals, rounding, recoveries, and what the steps say."""

from decimal import Decimal

import pytest
from warranty_cases import asset, cover, day, item, money, shares, steps, verdict

from engine.errors import UnevenTotal
from engine.explanation import Step
from engine.warranty import coverage
from engine.warranty_terms import CONTRACT, GOODWILL, LABOUR, SUPPLIER, TRAVEL, Benefit, Limit, Quota
from engine.warranty_verdict import LABELS, Obstacle


def capped(**caps):
    return {name: Decimal(value) for name, value in caps.items()}


@pytest.mark.parametrize(
    "caps, used, expected",
    [
        ({}, "0", "W-1 100.00"),
        ({"cap": "100"}, "0", "W-1 100.00"),
        ({"cap": "60"}, "0", "W-1 60.00, customer 40.00"),
        ({"cap": "60"}, "20", "W-1 40.00, customer 60.00"),
        ({"cap": "60"}, "59.999", "customer 100.00"),  # less than a cent is left
        ({"cap": "60"}, "60", "customer 100.00"),
        ({"cap": "60"}, "70", "customer 100.00"),
        ({"claim_cap": "33.339"}, "1000", "W-1 33.33, customer 66.67"),
        ({"cap": "60", "claim_cap": "30"}, "20", "W-1 30.00, customer 70.00"),
    ],
)
@pytest.mark.parametrize("of_kind", [True, False])
def test_caps_count_what_was_paid_before(caps, used, expected, of_kind):
    if of_kind:
        made = cover(promised=(Benefit("parts", **capped(**caps)),), used={"parts": Decimal(used)})
    else:
        made = cover(promised="parts", used={"labour": Decimal(used)}, **capped(**caps))
    found = verdict(made, items=item(amount="100.00"))
    assert money(found) == expected


def test_caps_run_through_the_items_of_one_verdict():
    made = cover(claim_cap=Decimal(100))
    found = verdict(made, items=(item("a", amount="70.00"), item("b", LABOUR, "70.00"), item("c", TRAVEL, "70.00")))
    assert [money(found, key) for key in "abc"] == ["W-1 70.00", "W-1 30.00, customer 40.00", "customer 70.00"]
    assert [one.rule for one in found.items] == ["only", "only", "used_up"]
    assert found["c"].reason == "W-1: has used up the cap of 100 in one claim"
    assert found.balances[0].paid == {"parts": Decimal("70.00"), "labour": Decimal("30.00")}


def test_what_a_cap_cuts_goes_to_the_next_payer():
    covers = (cover(cap=Decimal(50)), cover("C-1", CONTRACT, "parts 24 40%"))
    found = verdict(covers, items=item(amount="150.00"))
    assert money(found) == "W-1 50.00, C-1 60.00, customer 40.00"
    assert shares(found) == "W-1 33.333333, C-1 40, customer 26.666667"
    assert sum(share.percent for share in found.items[0].shares) == 100 == found.items[0].percent + Decimal("26.666667")


def test_amounts_go_by_largest_remainder():
    third = Decimal("33.333333")
    covers = tuple(cover(key, promised=(Benefit("parts", percent=third),)) for key in "ABC")
    assert money(verdict(covers, items=item(amount="0.10"))) == "A 0.04, B 0.03, C 0.03, customer 0.00"
    assert money(verdict(covers, items=item(amount="0.01"))) == "A 0.01, B 0.00, C 0.00, customer 0.00"


def test_amounts_in_the_places_of_their_currency():
    yen = coverage([cover(promised="parts 24 50%")], asset(), day("2026-05-05"), "", [item(amount="335")], Decimal(1))
    assert money(yen) == "W-1 168, customer 167"
    with pytest.raises(UnevenTotal, match="amount of item seal: '1.005' is not a whole multiple of the rounding 0.01"):
        verdict(cover(), items=item(amount="1.005"))


def test_without_an_amount_there_are_percentages():
    found = verdict(cover(promised="parts 24 80%"), items=item())
    assert shares(found) == "W-1 80, customer 20"
    assert [share.amount for share in found.items[0].shares] == [None, None]


def test_a_percentage_of_nothing_is_no_cover():
    found = verdict((cover(promised="parts 24 0%"), cover("W-2", promised="labour 24")))
    assert [one for _cover, one in found.items[0].obstacles] == [Obstacle("no_benefit", "does not cover parts")] * 2


def test_recoveries_keep_within_the_suppliers_caps():
    supplier = cover("S-1", SUPPLIER, "parts", recovers=True, cap=Decimal(50), used={"parts": Decimal(20)})
    found = verdict((supplier, cover()), items=(item("a", amount="100.00", cost="25.00"), item("b", amount="40.00")))
    assert [(one.item, str(one.amount)) for one in found.recoveries] == [("a", "25.00"), ("b", "5.00")]


def test_recoveries_together_are_our_part():
    suppliers = [cover(key, SUPPLIER, "parts 24 50%", recovers=True) for key in ("S-1", "S-2", "S-3")]
    found = verdict((*suppliers, cover()), items=(item("a", amount="0.05"), item("b")))
    assert [(one.cover, one.percent, one.amount and str(one.amount)) for one in found.recoveries] == [
        ("S-1", 50, "0.03"), ("S-2", 50, "0.02"), ("S-1", 50, None), ("S-2", 50, None)]  # fmt: skip
    direct = cover("D-1", SUPPLIER, "parts 24 50%")
    found = verdict((cover("S-1", SUPPLIER, recovers=True), direct, cover("G-1", GOODWILL)), items=item(amount="10.00"))
    assert money(found) == "D-1 5.00, G-1 5.00" and [str(one.amount) for one in found.recoveries] == ["5.00"]


def test_half_a_case_is_none_and_a_cap_that_is_just_enough_cuts_nothing():
    half = cover("C-1", CONTRACT, quota=Quota(Decimal("0.5")))
    assert verdict(half).items[0].reason == "C-1: has used up the quota of 0.5"
    assert steps(verdict(cover(cap=Decimal(100)), items=item(amount="100.00")), "cut") == []


def test_a_supplier_may_pay_the_customer_instead():
    found = verdict(cover("S-1", SUPPLIER, payer="Maker Ltd"), items=item(amount="10.00"))
    assert (found.items[0].payer, money(found)) == ("Maker Ltd", "S-1 10.00")


def test_the_closest_cover_is_named_where_none_pays():
    covers = (
        cover("A", promised="labour 24"), cover("B", promised="parts 6"), cover("C", promised="parts 6 50%"),
        cover("D", start="2027-01-01"))  # fmt: skip
    assert verdict(covers).items[0].reason == "B: parts ended on 2025-09-09"
    assert verdict(()).items[0].reason == "no cover is for this machine"


def test_the_steps_in_their_order():
    covers = (
        cover(promised=(Benefit("parts", None, Decimal(80), Decimal(50)),), limits=(Limit("hours", Decimal(10)),)),
        cover("C-1", CONTRACT, "parts 24 30%", quota=Quota(Decimal(3))),
        cover("S-1", SUPPLIER, recovers=True), cover("X", promised="travel 24"))  # fmt: skip
    found = verdict(covers, cause="leak", items=item(amount="100.00"))
    assert [tuple(step) for step in found.steps] == [
        ("failure", "P-7 on 2026-05-05, cause leak", 1),
        ("cover", "W-1, warranty by WP-1 v1: parts from 2025-03-10 on, from delivery", 80),
        ("meter", "W-1: 0 of 10 hours, without a reading", 0),
        ("cover", "C-1, contract by WP-1 v1: parts 2025-03-10 to 2027-03-09, from delivery", 30),
        ("cover", "S-1, supplier by WP-1 v1: parts 2025-03-10 to 2027-03-09, from delivery", 100),
        ("does not pay", "X: does not cover parts", 1),
        ("order", "seal: W-1 before C-1: warranty comes before contract", 2),
        ("cut", "seal: W-1 is held back by the cap of 50 for parts", 50),
        ("pays", "seal: W-1 pays 50 %", Decimal("50.00")),
        ("pays", "seal: C-1 pays 30 %", Decimal("30.00")),
        ("customer", "seal: the customer pays 20 %", Decimal("20.00")),
        ("recovers", "seal: supplier refunds us 80 % by S-1", Decimal("80.00")),
        ("left", "C-1: 1 used of a quota of 3", 2),
    ]
    assert all(isinstance(step, Step) and step.label in LABELS for step in found.steps)
