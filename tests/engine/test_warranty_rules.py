"""docs/warranty-rules.md: each rule's example is reckoned, and it is what the document prints."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from warranty_cases import asset, cover, day, hours, item, outcome, owners, replaced, term, verdict

from engine.warranty_facts import Repair
from engine.warranty_serials import Scope, SerialRange
from engine.warranty_terms import (
    CONTRACT,
    COVER_KINDS,
    EXTENDED,
    SUPPLIER,
    Exclusion,
    Limit,
    Quota,
    StartRule,
    Void,
    recall,
)

DOCUMENT = (Path(__file__).parents[2] / "docs" / "warranty-rules.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (W\d+)\. .*?\n(.*?)(?=^### |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL))
BATCH = Scope(serials=(SerialRange("SN-0100", "SN-0200"),))


def printed(section, *found):
    """Assert that the section prints these words, days and amounts, thousands with commas or without."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", SECTIONS[section].replace("\n", " "))
    for word in found:
        assert re.search(rf"(?<![\d.-]){re.escape(str(word))}(?!\d|\.\d)", text), f"{section} does not print {word}"


def warranty(key="W-1", promised="parts 12, labour 12, travel 12", **terms):
    return cover(key, promised=promised, **terms)


def last(made, machine=None, near="2024-01-01"):
    """The last day covered, from the first one on."""
    on, machine = day(near), machine or asset()
    while outcome(made, machine, on.isoformat()) != "covered":
        on += timedelta(days=1)
    while outcome(made, machine, on.isoformat()) == "covered":
        on += timedelta(days=1)
    return on - timedelta(days=1)


def days(section, made, machine, *rows):
    """Assert that these days are covered or not, and printed."""
    assert [outcome(made, machine, on) == "covered" for on, _covered in rows] == [covered for _on, covered in rows]
    printed(section, *(on for on, _covered in rows))


def paid(found):
    return [str(share.amount) for share in found.items[0].shares]


def test_there_are_thirteen_rules_with_an_example_each():
    assert list(SECTIONS) == [f"W{row}" for row in range(1, 14)]
    assert all("*Example.*" in text for text in SECTIONS.values())


def test_w1_the_day_of_the_failure():
    days("W1", warranty(), asset(), ("2025-03-09", False), ("2026-03-09", True), ("2026-03-10", False))


def test_w2_months():
    leap, august = asset(delivered="2024-02-29"), asset(delivered="2025-08-31")
    follower = cover("E-1", EXTENDED, "parts 6", follows="W-1")
    found = [
        last(warranty(), leap), last(warranty(promised="parts 48"), leap), last(warranty(promised="parts 6"), august),
        last((warranty(promised="parts 6"), follower), august),
        last(warranty(begins=StartRule(day_after=True)), leap)]  # fmt: skip
    printed("W2", *found)
    assert found[1] == date(2028, 2, 28)


def test_w3_where_it_begins():
    made = warranty(begins=StartRule("installation", at_most=term("6")))
    for installed, first in (("2025-05-01", "2025-05-01"), ("2025-12-01", "2025-09-10"), (None, "2025-09-10")):
        machine = asset(**({"installation": installed} if installed else {}))
        before = (day(first) - timedelta(days=1)).isoformat()
        assert [outcome(made, machine, on) for on in (before, first)] == ["not_begun", "covered"]
        printed("W3", first, *filter(None, [installed]))
    missing = verdict(made, asset(delivered=None)).items[0].obstacles[0][1]
    printed("W3", missing.detail)


def test_w4_date_or_meter():
    made = warranty(promised="parts 24", limits=(Limit("hours", Decimal(2000)),))
    start, later, now = "2026-01-01", "2026-02-01", "2026-03-01"
    rows = {
        2000: [(start, 2000)], 2001: [(start, 1500), (later, 400), (now, 901)],
        1900: [(start, 1500, 0), (later, 400)]}  # fmt: skip
    for use, readings in rows.items():
        found = verdict(made, asset(readings=hours(*readings)))
        told = [step.value for step in found.steps if step.label == "meter"]
        assert found.covered == (use <= 2000) and (not found.covered or told[0] == use)
        printed("W4", use)


def test_w5_time_in_repair():
    machine = asset(repairs=(Repair(day("2025-06-01"), day("2025-06-09")),))
    found = [last(warranty(repair_extends=extends), machine) for extends in (True, False)]
    assert found[0] - found[1] == timedelta(days=8)
    printed("W5", *found)


def test_w6_replacements():
    machine = asset("A-2", None, replacements=replaced((asset("A-1"), "A-2", "2026-01-15")))
    rules = {"replacement": "inherit"}, {"replacement": "restart"}, {
        "replacement": "longer", "replacement_term": term("90 day")}  # fmt: skip
    found = [last(warranty(**rule), machine) for rule in rules]
    assert len(set(found)) == 3
    printed("W6", "2026-01-15", *found)


def test_w7_another_owner():
    machine = asset(owners=owners(("Ann", "2025-03-10", {}), ("Ben", "2026-01-01", {})))
    days("W7", warranty(transfer="never"), machine, ("2025-12-31", True), ("2026-01-01", False))


def test_w8_parts_of_a_kit():
    machine = asset(components=(asset("motor", "2025-11-01"),))
    found = verdict(warranty(), machine, "2026-03-10", items=(item("a", component="motor"), item("b")))
    assert [one.covered for one in found.items] == [True, False]
    printed("W8", "2025-11-01", "2026-03-10")


def test_w9_what_is_not_paid():
    made = warranty(exclusions=(Exclusion("worn", products=frozenset({"belt"}), causes=frozenset({"wear"})),))
    belt = item(product="belt")
    assert [outcome(made, on="2026-01-01", cause=cause, items=belt) for cause in ("leak", "wear")] == [
        "covered", "excluded"]  # fmt: skip
    voided = warranty(voids=(Void(day("2026-01-01"), "opened"),))
    days("W9", voided, asset(), ("2025-12-31", True), ("2026-01-01", False))


def test_w10_who_pays_first():
    words = SECTIONS["W10"].split(",", 6)
    assert [word.strip().lower() for word in words[:6]] == [*COVER_KINDS[:5], "goodwill"]
    for priority, left in ((None, 5), (1, 4)):
        care = cover("C-1", CONTRACT, "parts", "2025-01-01", quota=Quota(Decimal(5)), priority=priority)
        found = verdict((warranty(), care), on="2026-01-01")
        assert [one.quota_left for one in found.balances if one.cover == "C-1"] == [left]
        printed("W10", left)


def test_w11_a_hundred_percent():
    both = warranty(promised="parts 12 80%"), cover("C-1", CONTRACT, "parts 24 80%")
    half, capped = warranty(promised="parts 12 50%"), warranty(cap=Decimal(60), used={"parts": Decimal(20)})
    rows = ((both, "99.99"), (half, "0.05"), (capped, "100.00"), (warranty(cap=Decimal(50)), "150.00"))
    found = [verdict(made, on="2026-01-01", items=item(amount=amount)) for made, amount in rows]
    assert [paid(one)[0] for one in found] == ["79.99", "0.03", "40.00", "50.00"]
    printed("W11", *(amount for one in found[:3] for amount in paid(one)), "50.00", found[3].items[0].percent)


def test_w12_a_recall():
    machine = asset(delivered="2015-03-10", serial="SN-150")
    found = verdict((warranty(), recall("R-1", BATCH, day("2026-01-01"))), machine, items=item(amount="100.00"))
    assert paid(found) == ["100.00"] and found.items[0].payer == "recall"
    printed("W12", "2026-05-05", *paid(found))
    replacement = asset("P-8", serial="SN-999", replacements=replaced((machine, "P-8", "2026-01-01")))
    assert outcome(recall("R-1", BATCH, day("2026-01-01")), replacement) == "other_asset"


def test_w13_recovery():
    suppliers = [cover(key, SUPPLIER, "parts 24 80%", recovers=True) for key in ("S-1", "S-2")]
    sold = item(amount="100.00", cost="40.00")
    full, partly = (
        verdict((*suppliers, warranty(promised=promised)), on="2026-01-01", items=sold)
        for promised in ("parts 12", "parts 12 60%")
    )
    assert [str(one.amount) for one in full.recoveries] == ["32.00", "8.00"]
    assert [str(one.amount) for one in partly.recoveries] == ["24.00"]
    printed("W13", "100.00", "40.00", *(one.amount for one in (*full.recoveries, *partly.recoveries)))
