"""Verdicts on the edge cases of warranties: starts, ends, overlaps, owners, replacements, claims."""

from decimal import Decimal

import pytest
from warranty_cases import (
    DELIVERED,
    asset,
    cover,
    day,
    hours,
    item,
    money,
    outcome,
    owners,
    replaced,
    shares,
    steps,
    term,
    verdict,
)

from engine.errors import BadAmount, BadDate, BadOption, BadReplacement, BadTerms
from engine.warranty_facts import Asset, Repair
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
    Limit,
    Quota,
    StartRule,
    Void,
    recall,
)

AT_MOST = StartRule("installation", at_most=term("6"))
TWO_THOUSAND = Limit("hours", Decimal(2000))


def table(made, machine, *rows):
    """Each row: (day, what becomes of a part)."""
    assert [(on, outcome(made, machine, on)) for on, _expected in rows] == list(rows)


# --- row 24: where it starts ------------------------------------------------------------------------


def test_row24_from_delivery_on_that_day_included():
    table(cover(), asset(), ("2025-03-09", "not_begun"), ("2025-03-10", "covered"))


@pytest.mark.parametrize(
    "installation, first",
    [("2025-03-20", "2025-03-20"), ("2025-09-10", "2025-09-10"), ("2025-09-11", "2025-09-10"), (None, "2025-09-10")],
)
def test_row24_installed_later_than_the_limit(installation, first):
    facts = {"installation": installation} if installation else {}
    made, machine = cover(promised="parts 12", begins=AT_MOST), asset(**facts)
    before = day(first).replace(day=day(first).day - 1).isoformat()
    last = day(first).replace(year=2026, day=day(first).day - 1).isoformat()
    end = day(first).replace(year=2026).isoformat()
    table(made, machine, (before, "not_begun"), (first, "covered"), (last, "covered"), (end, "ended"))


@pytest.mark.parametrize("trigger", ["delivery", "installation", "activation", "invoice", "first_use", "receipt"])
def test_row24_every_trigger(trigger):
    facts = {"delivered": None, trigger: "2025-04-01"} if trigger != "delivery" else {"delivered": "2025-04-01"}
    table(cover(begins=trigger), asset(**facts), ("2025-03-31", "not_begun"), ("2025-04-01", "covered"))


def test_row24_no_date_at_all():
    """A serial made by production, never delivered: not covered, and the verdict says what is missing."""
    made = cover(begins=StartRule("installation", at_most=term("6"), otherwise=("invoice",)))
    found = verdict(made, asset(delivered=None)).items[0]
    assert (found.rule, found.reason) == ("no_date", "W-1: no day of installation or delivery or invoice is known")
    assert outcome(made, asset(delivered=None, invoice="2026-05-05")) == "covered"


def test_row24_partial_delivery_and_drop_shipment():
    """Each machine begins with its own delivery to the customer, whatever the order it stands on."""
    made = cover(promised="parts 12")
    assert [outcome(made, asset(key, on), "2026-05-05") for key, on in (("A", "2025-05-05"), ("B", "2025-05-06"))] == [
        "ended", "covered"]  # fmt: skip


@pytest.mark.parametrize("rule, expected", [("keep", "ended"), ("reset", "covered")])
def test_row24_return_and_resale(rule, expected):
    resale = {"dates": {"delivery": day("2026-02-01")}}
    machine = asset(owners=owners(("Ann", DELIVERED, {}), ("Ben", "2026-02-01", resale)))
    made = cover(promised="parts 12", resale=rule, transfer="never" if rule == "reset" else "free")
    assert outcome(made, machine, "2026-05-05") == expected
    table(cover(promised="parts 12", resale="reset"), machine, ("2027-01-31", "covered"), ("2027-02-01", "ended"))


def test_row24_a_kit_with_components_of_different_ages():
    machine = asset(components=(asset("motor", "2025-11-01"), asset("frame", None)))
    made = cover(promised="parts 12")
    items = [item("m", component="motor"), item("f", component="frame"), item("k")]
    found = verdict(made, machine, "2026-03-10", items=items)
    assert [one.covered for one in found.items] == [True, False, False]
    whole = verdict(cover(promised="parts 12", kit="kit"), machine, "2026-03-10", items=items)
    assert [one.rule for one in whole.items] == ["ended"] * 3


def test_row24_a_component_replaced_inside_a_kit():
    """The first motor came with the kit; its replacement starts anew, as the policy says."""
    motor = Asset("motor-2", replacements=replaced((Asset("motor-1"), "motor-2", "2026-01-01")))
    machine = asset(components=(motor,))
    part = item(component="motor-2")
    for rule, expected in (("inherit", "ended"), ("restart", "covered")):
        assert outcome(cover(promised="parts 12", replacement=rule), machine, "2026-03-10", items=part) == expected
    with pytest.raises(BadOption, match="component of P-7: 'pedal' is not one of motor-2"):
        verdict(cover(), machine, items=item(component="pedal"))


# --- row 25: where it ends --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "delivered, promised, last",
    [
        ("2025-03-10", "parts 12", "2026-03-09"),
        ("2024-02-29", "parts 12", "2025-02-27"),
        ("2024-02-29", "parts 48", "2028-02-28"),
        ("2025-08-31", "parts 6", "2026-02-27"),
        ("2025-08-31", "parts 12", "2026-08-30"),
        ("2025-08-31", "parts 13", "2026-09-29"),
        ("2025-12-31", "parts 2", "2026-02-27"),
    ],
)
def test_row25_months_keep_their_anchor_and_the_last_day_counts(delivered, promised, last):
    end = (day(last) + (day("2026-01-02") - day("2026-01-01"))).isoformat()
    table(cover(promised=promised), asset(delivered=delivered), (last, "covered"), (end, "ended"))


def test_row25_the_day_after_is_counted_from_where_the_terms_say_so():
    made = cover(promised="parts 12", begins=StartRule(day_after=True))
    rows = ("2024-02-29", "not_begun"), ("2024-03-01", "covered"), ("2025-02-28", "covered"), ("2025-03-01", "ended")
    table(made, asset(delivered="2024-02-29"), *rows)


def test_row25_failed_before_the_end_and_reported_after():
    """Only the day of the failure is asked for; a report has no day here."""
    assert outcome(cover(promised="parts 12"), on="2026-03-09") == "covered"
    with pytest.raises(BadDate):
        verdict(cover(), on=None)


@pytest.mark.parametrize(
    "rows, on, expected",
    [
        ((), "2027-03-09", "covered"),
        ((("2026-01-01", 2000),), "2026-05-05", "covered"),
        ((("2026-01-01", 2001),), "2026-05-05", "exhausted"),
        ((("2026-05-05", 2001),), "2026-05-05", "exhausted"),
        ((("2026-05-06", 2001),), "2026-05-05", "covered"),
        ((("2026-01-01", 10),), "2027-03-10", "ended"),
        ((("2026-01-01", 2001),), "2027-03-10", "exhausted"),
        ((("2025-03-10", 500), ("2026-01-01", 2500)), "2026-05-05", "covered"),
        ((("2025-03-10", 500), ("2026-01-01", 2501)), "2026-05-05", "exhausted"),
    ],
)
def test_row25_24_months_or_2000_hours(rows, on, expected):
    assert outcome(cover(limits=(TWO_THOUSAND,)), asset(readings=hours(*rows)), on) == expected


@pytest.mark.parametrize(
    "rows, use",
    [
        ((("2026-01-01", 1500, 0), ("2026-02-01", 400)), 1900),  # replaced: both meters count
        ((("2026-01-01", 1500, 0), ("2026-02-01", 501)), 2001),
        ((("2026-01-01", 1500), ("2026-02-01", 400)), 1500),  # turned back: what was seen stays
        ((("2026-01-01", 1500), ("2026-02-01", 400), ("2026-03-01", 901)), 2001),
        ((("2026-01-01", 1500, 1000), ("2026-02-01", 1500)), 2000),  # replaced by a used meter
    ],
)
def test_row25_a_meter_replaced_or_rolled_back(rows, use):
    found = verdict(cover(limits=(TWO_THOUSAND,)), asset(readings=hours(*rows)))
    assert found.covered == (use <= 2000)
    back = [row[0] for before, row in zip(rows, rows[1:], strict=False) if len(before) == 2 and row[1] < before[1]]
    assert found.warnings == tuple(f"the meter of hours of P-7 was turned back on {on}" for on in back)
    if found.covered:
        assert steps(found, "meter")[0] == f"W-1: {use} of 2000 hours"


def test_row25_a_limit_on_all_that_the_meter_counted():
    readings = hours(("2025-03-10", 1900), ("2026-01-01", 2100))
    for since, expected in (("start", "covered"), ("total", "exhausted")):
        limit = Limit("hours", Decimal(2000), since)
        assert outcome(cover(limits=(limit,)), asset(readings=readings)) == expected


@pytest.mark.parametrize("extends, last", [(False, "2026-03-09"), (True, "2026-03-23")])
def test_row25_repair_time_extends_or_not(extends, last):
    """Ten days, four of them in two repairs; four more after the old end but before the moved one; then others."""
    repairs = tuple(
        Repair(day(start), day(end))
        for start, end in (
            ("2025-06-01", "2025-06-09"), ("2025-06-05", "2025-06-11"), ("2026-03-15", "2026-03-19"),
            ("2026-04-01", "2026-05-01"))
    )  # fmt: skip
    end = day(last).replace(day=day(last).day + 1).isoformat()
    made = cover(promised="parts 12", repair_extends=extends)
    table(made, asset(repairs=repairs), (last, "covered"), (end, "ended"))


def test_row25_still_in_repair():
    made, machine = cover(promised="parts 12", repair_extends=True), asset(repairs=(Repair(day("2026-03-01")),))
    table(made, machine, ("2026-03-09", "covered"), ("2026-03-12", "covered"), ("2027-03-12", "covered"))


def test_row25_extended_without_a_gap_or_a_double_start():
    base = cover("W-1", promised="parts 18, labour 6", limits=(TWO_THOUSAND,))
    extended = cover("E-1", EXTENDED, "parts 6, labour 6", follows="W-1")
    machine = asset(delivered="2025-08-31")
    payers = [(on, verdict((extended, base), machine, on).items[0].shares[0].cover) for on in (
        "2027-02-27", "2027-02-28", "2027-08-30", "2027-08-31")]  # fmt: skip
    assert payers == [("2027-02-27", "W-1"), ("2027-02-28", "E-1"), ("2027-08-30", "E-1"), ("2027-08-31", "")]
    labour = [shares(verdict((extended, base), machine, on, items=item(kind=LABOUR))) for on in (
        "2026-02-27", "2026-02-28", "2026-08-30", "2026-08-31")]  # fmt: skip
    assert labour == ["W-1 100", "E-1 100", "E-1 100", "customer 100"]
    used = asset(delivered="2025-08-31", readings=hours(("2026-05-01", 2001)))
    assert shares(verdict((base, extended), used, "2026-05-01")) == "E-1 100"
    assert shares(verdict((base, extended), used, "2027-08-30")) == "E-1 100"


def test_row25_what_follows_nothing_or_itself_is_refused():
    with pytest.raises(BadTerms, match="follows of E-1: 'W-9' is no cover of this machine"):
        verdict(cover("E-1", EXTENDED, follows="W-9"))
    with pytest.raises(BadTerms, match="goes in a circle"):
        verdict((cover("E-1", EXTENDED, follows="E-2"), cover("E-2", EXTENDED, follows="E-1")))
    endless = (cover("W-1", promised="parts"), cover("E-1", EXTENDED, follows="W-1"))
    assert verdict(endless).items[0].obstacles[0][1].detail == "W-1, which it follows: never ends"


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
    found = verdict((cover(promised="parts 24 80%"), cover("C-1", CONTRACT, "parts 24 80%")), items=item(amount="99.99"))
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


# --- row 27: another owner --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule, consent, expected",
    [("free", False, "covered"), ("consent", True, "covered"), ("consent", False, "transferred"),
     ("never", True, "transferred")],
)  # fmt: skip
def test_row27_handed_on_to_another_owner(rule, consent, expected):
    machine = asset(owners=owners(("Ann", DELIVERED, {}), ("Ben", "2026-01-01", {"consent": consent})))
    table(cover(transfer=rule), machine, ("2025-12-31", "covered"), ("2026-01-01", expected))


def test_row27_back_with_the_first_owner_and_nobody_known():
    rows = ("Ann", DELIVERED, {}), ("Ben", "2026-01-01", {}), ("Ann", "2026-03-01", {})
    made = cover(transfer="never")
    table(made, asset(owners=owners(*rows)), ("2026-02-28", "transferred"), ("2026-03-01", "covered"))
    assert outcome(made) == "covered"
    found = verdict(made, asset(owners=owners(*rows)), "2026-01-01").items[0]
    assert found.reason == (
        "W-1: was given to Ann; since 2026-01-01 the owner is Ben, and it is not transferable")  # fmt: skip


# --- row 28: another serial -------------------------------------------------------------------------

FIRST = asset("A-1", "2025-03-10", product="pump")


@pytest.mark.parametrize(
    "rule, own, last",
    [("inherit", None, "2026-03-09"), ("restart", None, "2027-01-14"), ("longer", None, "2027-01-14"),
     ("longer", "90 day", "2026-04-14"), ("restart", "30 day", "2026-02-13"), ("longer", "30 day", "2026-03-09")],
)  # fmt: skip
def test_row28_inherits_restarts_or_takes_the_longer(rule, own, last):
    machine = asset("A-2", "2026-01-10", replacements=replaced((FIRST, "A-2", "2026-01-15")))
    made = cover(promised="parts 12", replacement=rule, replacement_term=term(own))
    end = (day(last) + (day("2026-01-02") - day("2026-01-01"))).isoformat()
    rows = ("2026-01-14", "not_begun"), ("2026-01-15", "covered"), (last, "covered"), (end, "ended")
    table(made, machine, *rows)
    old = asset("A-1", "2025-03-10", replacements=machine.replacements)
    table(made, old, ("2026-01-14", "covered"), ("2026-01-15", "replaced"))


@pytest.mark.parametrize(
    "rule, last", [("inherit", "2026-03-09"), ("restart", "2026-11-30"), ("longer", "2026-11-30")]
)
def test_row28_replaced_twice(rule, last):
    chain = replaced((asset("A-2", "2025-06-01"), "A-3", "2025-12-01"), (FIRST, "A-2", "2025-06-01"))
    machine = asset("A-3", None, replacements=chain)
    end = (day(last) + (day("2026-01-02") - day("2026-01-01"))).isoformat()
    table(cover(promised="parts 12", replacement=rule), machine, (last, "covered"), (end, "ended"))


def test_row28_a_replacement_after_the_end_revives_nothing():
    machine = asset("A-2", None, replacements=replaced((FIRST, "A-2", "2026-03-10")))
    assert outcome(cover(promised="parts 12", replacement="restart"), machine, "2026-04-01") == "ended"


def test_row28_replaced_by_another_model():
    """The cover of the pump goes on for the fan that replaced it; a recall of pumps does not."""
    scope = Scope(products=frozenset({"pump"}))
    machine = asset("A-2", None, product="fan", replacements=replaced((FIRST, "A-2", "2026-01-15")))
    assert outcome(cover(scope=scope), machine) == "covered"
    assert outcome(recall("R-1", scope, day("2025-01-01")), machine) == "other_asset"


def test_row28_use_is_that_of_all_machines_in_turn():
    old = asset("A-1", "2025-03-10", readings=hours(("2026-01-15", 1500)))
    machine = asset(
        "A-2", None, readings=hours(("2026-01-15", 100), ("2026-05-01", 601)),
        replacements=replaced((old, "A-2", "2026-01-15")))  # fmt: skip
    for rule, expected in (("inherit", "exhausted"), ("restart", "covered")):
        assert outcome(cover(limits=(TWO_THOUSAND,), replacement=rule), machine) == expected


def test_row28_the_faulty_machine_resold_refurbished():
    sold = owners(("Ann", DELIVERED, {}), ("Ben", "2026-02-01", {"dates": {"invoice": day("2026-02-01")}}))
    machine = asset("A-1", replacements=replaced((FIRST, "A-2", "2026-01-15")), owners=sold)
    rows = ("2026-01-20", "replaced"), ("2026-02-01", "covered"), ("2027-01-31", "covered"), ("2027-02-01", "ended")
    table(cover(promised="parts 12", resale="reset"), machine, *rows)


@pytest.mark.parametrize(
    "chain, message",
    [
        ([("A-1", "A-2", "2026-01-01"), ("A-2", "A-1", "2026-02-01")], "goes in a circle: A-2 replaces A-1 replaces A-2"),
        ([("A-2", "A-2", "2026-01-01")], "goes in a circle: A-2 replaces A-2"),
        ([("A-1", "A-2", "2026-01-01"), ("B-1", "A-2", "2026-02-01")], "'A-2' replaces both A-1 and B-1"),
        ([("A-1", "A-2", "2026-01-01"), ("A-1", "A-3", "2026-02-01")], "'A-1' was replaced by both A-2 and A-3"),
        (
            [("A-0", "A-1", "2026-02-01"), ("A-1", "A-2", "2026-01-01")],
            "'A-1' was replaced on 2026-01-01, before it replaced A-0 on 2026-02-01",
        ),
    ],
)
def test_row28_circular_or_overlapping_replacements_are_refused(chain, message):
    rows = replaced(*((asset(old), new, on) for old, new, on in chain))
    with pytest.raises(BadReplacement, match=message):
        verdict(cover(), asset("A-2", replacements=rows))


def test_row28_the_same_serial_on_two_products():
    made = recall("R-1", Scope(products=frozenset({"pump"}), serials=(SerialRange("SN-1", "SN-9"),)), day("2026-01-01"))
    assert [outcome(made, asset(product=one, serial="SN-7")) for one in ("pump", "fan")] == ["covered", "other_asset"]


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
