"""Money is exact: rounded once, split without a cent lost."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadAmount, UnevenTotal, ZeroWeights
from engine.money import allocate, exact, round_all, round_money

CENT = Decimal("0.01")


def texts(amounts):
    return [str(amount) for amount in amounts]


@pytest.mark.parametrize(
    "amount, rounding, expected",
    [
        ("2.344", "0.01", "2.34"),
        ("2.345", "0.01", "2.35"),
        ("2.355", "0.01", "2.36"),  # half to even would agree here, but not above
        ("-2.345", "0.01", "-2.35"),
        ("-2.344", "0.01", "-2.34"),
        ("-0.004", "0.01", "0.00"),  # no negative zero
        ("0.5", "1", "1"),
        ("1.5", "1", "2"),
        ("2.5", "1", "3"),
        ("-2.5", "1", "-3"),
        ("7.324", "0.05", "7.30"),
        ("7.325", "0.05", "7.35"),
        ("12.0005", "0.001", "12.001"),  # three decimals: KWD
        ("149", "100", "100"),
        ("150", "100", "200"),
    ],
)
def test_half_away_from_zero(amount, rounding, expected):
    assert str(round_money(Decimal(amount), Decimal(rounding))) == expected


@pytest.mark.parametrize(
    "total, weights, expected",
    [
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("100.01", [1, 1, 1], ["33.34", "33.34", "33.33"]),
        ("-100.00", [1, 1, 1], ["-33.34", "-33.33", "-33.33"]),
        ("0.01", [1, 1], ["0.01", "0.00"]),  # a tie goes to the first
        ("0.01", [1, 2], ["0.00", "0.01"]),  # the largest remainder before the first
        ("0.05", [0, 3, 0, 2], ["0.00", "0.03", "0.00", "0.02"]),
        ("10.00", [Decimal("0.6"), Decimal("0.4")], ["6.00", "4.00"]),
        ("10.00", [Fraction(1, 3), Fraction(2, 3)], ["3.33", "6.67"]),
        ("0.00", [1, 2], ["0.00", "0.00"]),
        ("7.00", [5], ["7.00"]),
    ],
)
def test_allocation(total, weights, expected):
    assert texts(allocate(Decimal(total), weights, CENT)) == expected


@pytest.mark.parametrize(
    "rounding, expected", [("1", ["34", "33", "33"]), ("5", ["35", "35", "30"]), ("0.001", ["33.334"] + ["33.333"] * 2)]
)
def test_allocation_in_other_roundings(rounding, expected):
    assert texts(allocate(Decimal(100), [1, 1, 1], Decimal(rounding))) == expected


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [3, -1], [-1]])
def test_weights_among_which_nothing_can_be_divided(weights):
    with pytest.raises(ZeroWeights, match="weights"):
        allocate(Decimal("1.00"), weights, CENT)


def test_a_total_the_rounding_cannot_express():
    with pytest.raises(UnevenTotal, match="0.01"):
        allocate(Decimal("1.005"), [1, 1], CENT)


@pytest.mark.parametrize("amount", [1.1, "1.10", None, True, Decimal("NaN"), Decimal("Infinity")])
def test_inexact_amounts_are_refused(amount):
    for refused in (
        lambda: exact(amount),
        lambda: round_money(amount, CENT),
        lambda: allocate(amount, [1], CENT),
        lambda: allocate(1, [amount], CENT),
    ):
        with pytest.raises(BadAmount):
            refused()


@pytest.mark.parametrize("rounding", [Decimal(0), Decimal("-0.01"), 0.01])
def test_what_is_no_rounding(rounding):
    with pytest.raises(BadAmount, match="rounding"):
        round_money(Decimal(1), rounding)


def test_a_narrow_decimal_context_of_the_caller_changes_nothing():
    with localcontext() as context:
        context.prec = 3
        assert texts(allocate(Decimal("123456.78"), [1, 1], CENT)) == ["61728.39", "61728.39"]


# --- laws -----------------------------------------------------------------------------------------

roundings = st.sampled_from([Decimal("0.01"), Decimal("0.001"), Decimal(1), Decimal("0.05"), Decimal(5)])
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


@given(st.integers(-(10**20), 10**20), weights, roundings)
def test_parts_sum_to_the_total_and_none_is_off_by_a_unit(units, weights, rounding):
    total = units * rounding
    parts = allocate(total, weights, rounding)
    assert sum(map(Fraction, parts)) == Fraction(total) and len(parts) == len(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(total) * weight / sum(weights)) < Fraction(rounding)
        assert weight or not part
        assert Fraction(part) % Fraction(rounding) == 0


@given(st.integers(0, 10**9), weights)
def test_a_credit_splits_as_its_invoice(units, weights):
    assert allocate(-units * CENT, weights, CENT) == [-part for part in allocate(units * CENT, weights, CENT)]


@given(st.integers(0, 10**9), weights, st.integers(1, 100))
def test_scaled_weights_split_alike_and_equal_ones_in_order(units, weights, factor):
    parts = allocate(units * CENT, weights, CENT)
    assert parts == allocate(units * CENT, [weight * factor for weight in weights], CENT)
    for first, part in enumerate(parts):
        assert all(part >= parts[later] for later in range(first, len(parts)) if weights[later] == weights[first])


@given(st.lists(st.fractions(-1000, 1000, max_denominator=997), max_size=10), roundings)
def test_amounts_rounded_together_sum_to_the_rounded_sum(amounts, rounding):
    rounded = round_all(amounts, rounding)
    assert sum(rounded, Decimal(0)) == round_money(sum(amounts), rounding)
    for before, after in zip(amounts, rounded, strict=True):
        assert abs(before - Fraction(after)) < Fraction(rounding)
        if (before / Fraction(rounding)).denominator == 1:
            assert Fraction(after) == before


@given(st.fractions(-(10**6), 10**6), roundings)
def test_rounding_is_the_nearest_and_idempotent(amount, rounding):
    rounded = round_money(amount, rounding)
    assert abs(Fraction(rounded) - amount) <= Fraction(rounding) / 2
    assert round_money(rounded, rounding) == rounded and round_money(-amount, rounding) == -rounded


def test_the_residue_of_negative_amounts_goes_to_the_first_too():
    amounts = [Fraction(-10, 3), Fraction(-10, 3), Fraction(-10, 3)]
    assert texts(round_all(amounts, CENT)) == ["-3.34", "-3.33", "-3.33"]
    assert texts(round_all([], CENT)) == []
