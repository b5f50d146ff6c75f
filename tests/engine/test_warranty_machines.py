"""Machines that change: another owner, another serial, each row a day and what becomes of a part."""

from decimal import Decimal

import pytest
from warranty_cases import (
    DELIVERED,
    asset,
    cover,
    day,
    hours,
    outcome,
    owners,
    replaced,
    table,
    term,
    verdict,
)

from engine.errors import BadReplacement
from engine.warranty_serials import Scope, SerialRange
from engine.warranty_terms import (
    Limit,
    recall,
)

TWO_THOUSAND = Limit("hours", Decimal(2000))


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


@pytest.mark.parametrize("rule, last", [("inherit", "2026-03-09"), ("restart", "2026-11-30"), ("longer", "2026-11-30")])
def test_row28_replaced_twice(rule, last):
    chain = replaced((asset("A-2", "2025-06-01"), "A-3", "2025-12-01"), (FIRST, "A-2", "2025-06-01"))
    machine = asset("A-3", None, replacements=chain)
    end = (day(last) + (day("2026-01-02") - day("2026-01-01"))).isoformat()
    table(cover(promised="parts 12", replacement=rule), machine, (last, "covered"), (end, "ended"))


def test_row28_a_cover_that_began_after_the_replacement_is_not_restarted():
    machine = asset("A-2", None, replacements=replaced((FIRST, "A-2", "2026-01-15")))
    made = cover(promised="parts 12", start="2026-02-01", replacement="restart")
    table(made, machine, ("2026-01-31", "not_begun"), ("2027-01-31", "covered"), ("2027-02-01", "ended"))


def test_row28_a_recall_holds_for_the_machine_that_was_replaced():
    old = asset("A-1", replacements=replaced((FIRST, "A-2", "2026-01-15")))
    made = recall("R-1", Scope(assets=frozenset({"A-1"})), day("2026-01-01"))
    assert (outcome(made, old), outcome(cover(), old)) == ("covered", "replaced")


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
        (
            [("A-1", "A-2", "2026-01-01"), ("A-2", "A-1", "2026-02-01")],
            "goes in a circle: A-2 replaces A-1 replaces A-2",
        ),
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
