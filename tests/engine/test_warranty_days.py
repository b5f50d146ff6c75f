"""The days of warranties: where they start and where they end, each row a day and what becomes of a part."""

from decimal import Decimal

import pytest
from warranty_cases import (
    DELIVERED,
    asset,
    cover,
    day,
    hours,
    item,
    outcome,
    owners,
    replaced,
    shares,
    steps,
    table,
    term,
    verdict,
)

from engine.errors import BadDate, BadOption, BadTerms
from engine.warranty_facts import Asset, Repair
from engine.warranty_terms import (
    EXTENDED,
    LABOUR,
    Limit,
    StartRule,
)

AT_MOST = StartRule("installation", at_most=term("6"))
TWO_THOUSAND = Limit("hours", Decimal(2000))


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


def test_row24_owners_and_meters_of_a_component_before_those_of_its_kit():
    first, then = ("Ann", DELIVERED, {}), ("Ben", "2026-01-01", {})
    motor = asset("motor", owners=owners(first), readings=hours(("2026-01-01", 10)))
    machine = asset(
        owners=owners(first, then), readings=hours(("2026-01-01", 2001)), components=(motor, asset("frame"))
    )
    made = cover(promised="parts 24", transfer="never"), cover(limits=(TWO_THOUSAND,))
    parts = [item(component="motor"), item(component="frame")]
    assert [outcome(made[0], machine, items=part) for part in parts] == ["covered", "transferred"]
    assert [outcome(made[1], machine, items=part) for part in parts] == ["covered", "exhausted"]


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


def test_row25_extended_but_bought_after_the_end():
    """From its own day on, not from the end that it missed."""
    late = cover("E-1", EXTENDED, "parts 6", "2026-06-01", follows="W-1")
    covers = (cover(promised="parts 12"), late)
    rows = (
        ("2026-03-10", "ended"), ("2026-05-31", "ended"), ("2026-06-01", "covered"), ("2026-11-30", "covered"),
        ("2026-12-01", "ended"))  # fmt: skip
    table(covers, asset(), *rows)


def test_row25_extended_but_bought_early_begins_when_the_other_ends():
    covers = (cover(promised="parts 12"), cover("E-1", EXTENDED, "parts 6", "2025-06-01", follows="W-1"))
    payers = [shares(verdict(covers, on=on)) for on in ("2025-06-01", "2026-03-10", "2026-09-09", "2026-09-10")]
    assert payers == ["W-1 100", "E-1 100", "E-1 100", "customer 100"]


def test_row25_extended_counts_its_own_use_from_where_the_other_was_used_up():
    limit = (TWO_THOUSAND,)
    covers = (cover(limits=limit), cover("E-1", EXTENDED, "parts 12", follows="W-1", limits=limit))
    readings = hours(("2025-06-01", 2500), ("2025-12-01", 4500), ("2026-01-01", 4501))
    payers = [
        shares(verdict(covers, asset(readings=readings), on)) for on in ("2025-06-01", "2025-12-31", "2026-01-01")
    ]
    assert payers == ["E-1 100", "E-1 100", "customer 100"]


def test_row25_what_follows_nothing_or_itself_is_refused():
    with pytest.raises(BadTerms, match="follows of E-1: 'W-9' is no cover of this machine"):
        verdict(cover("E-1", EXTENDED, follows="W-9"))
    with pytest.raises(BadTerms, match="goes in a circle"):
        verdict((cover("E-1", EXTENDED, follows="E-2"), cover("E-2", EXTENDED, follows="E-1")))
    endless = (cover("W-1", promised="parts"), cover("E-1", EXTENDED, follows="W-1"))
    assert verdict(endless).items[0].obstacles[0][1].detail == "W-1, which it follows: never ends"
