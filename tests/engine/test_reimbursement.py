"""What dealers are reimbursed for one line of a claim: each basis, the standard, the approved part, goodwill."""

from decimal import Decimal
from fractions import Fraction

import pytest

from engine.errors import BadAmount, BadOption
from engine.reimbursement import LABELS, Rate, Work, reimburse

CENT = Decimal("0.01")


def owed(basis, value, met=None, **work):
    rate = Rate(basis, Decimal(value), None if met is None else Decimal(met))
    kind = {"km": "travel", "visit": "travel", "hour": "labour"}.get(basis, "parts")
    return reimburse(rate, Work(kind, **work), CENT)


@pytest.mark.parametrize(
    "basis, value, work, amount",
    [
        ("hour", "40", {"hours": Decimal("2.5")}, "100.00"),
        ("km", "0.42", {"quantity": Decimal(137)}, "57.54"),
        ("visit", "65", {"quantity": Decimal(3)}, "65.00"),
        ("cost_percent", "110", {"cost": Decimal("80.05")}, "88.06"),  # 88.055, half away from zero
        ("list_percent", "75", {"price": Decimal("99.99")}, "74.99"),
        ("amount", "12.345", {}, "12.35"),
    ],
)
def test_each_basis(basis, value, work, amount):
    found, steps = owed(basis, value, **work)
    assert str(found) == amount
    assert [step.label for step in steps] == ["rate", "reimbursed"] and steps[-1].value == found


@pytest.mark.parametrize("met, amount, told", [
    (True, "90.00", "standard met"), (False, "80.00", "standard not met"), (None, "80.00", "without a standard")])
def test_the_higher_rate_within_the_standard(met, amount, told):
    found, steps = owed("hour", "40", "45", hours=Decimal(2), standard_met=met)
    assert str(found) == amount and steps[0].detail.endswith(told)


def test_the_approved_part_and_what_the_dealer_bears():
    found, steps = owed("hour", "40", hours=Decimal(3), part=Fraction(1, 3), borne=Decimal("12.345"))
    assert [(step.label, str(step.value)) for step in steps] == [
        ("rate", "120.00"), ("approved part", "40.00"), ("goodwill", "-12.35"), ("reimbursed", "27.65")]
    assert str(found) == "27.65" and {step.label for step in steps} <= set(LABELS)


def test_it_never_falls_below_zero():
    assert str(owed("amount", "5", borne=Decimal(9))[0]) == "0.00"
    assert str(owed("amount", "5", part=Decimal(0))[0]) == "0.00"


@pytest.mark.parametrize("basis, work, words", [
    ("cost_percent", {}, "cost"), ("list_percent", {}, "list price"), ("amount", {"part": Decimal(2)}, "part"),
    ("amount", {"part": Decimal(-1)}, "part")])
def test_what_is_not_known_is_named(basis, work, words):
    with pytest.raises(BadAmount, match=words):
        owed(basis, "50", **work)


def test_rates_that_make_no_sense():
    with pytest.raises(BadOption):
        Rate("mile", Decimal(1))
    with pytest.raises(BadAmount):
        Rate("km", Decimal(-1))
