"""Usage tariffs: tiers, allowance, minimum, base fee and parts of a period, by tables of their edges."""

from decimal import Decimal
from fractions import Fraction

import pytest

from engine.errors import BadAmount, BadOption, BadTiers
from engine.penalty_terms import MARGINAL, SLAB, Tier
from engine.usage import Tariff, cliffs, rate_later, rate_usage, sure_amount

HALF = Fraction(1, 2)


def tiers(*pairs):
    return tuple(Tier(Decimal(bound), Decimal(rate)) for bound, rate in pairs)


THREE = tiers(("0", "1.00"), ("100", "0.80"), ("300", "0.50"))


def rated(tariff, quantity, share=Fraction(1)):
    """[(kind, quantity, amount)] and the total, as text."""
    found = rate_usage(tariff, Decimal(str(quantity)), share)
    lines = [(line.kind, None if line.quantity is None else f"{float(line.quantity):g}", str(line.amount))
             for line in found.lines]
    return lines, str(found.total)


@pytest.mark.parametrize(
    "quantity, by_marginal, by_slab",
    [
        ("0", "0.00", "0.00"),
        ("0.01", "0.01", "0.01"),
        ("99.99", "99.99", "99.99"),
        ("100", "100.00", "80.00"),  # a bound is the first unit of its own tier
        ("100.01", "100.01", "80.01"),
        ("299", "259.20", "239.20"),
        ("300", "260.00", "150.00"),
        ("301", "260.50", "150.50"),
        ("5.5", "5.50", "5.50"),  # getlago/lago-api#1699: between two whole tiers lies no hole
    ],
)
def test_tiers_at_their_edges(quantity, by_marginal, by_slab):
    assert rated(Tariff(THREE, MARGINAL), quantity)[1] == by_marginal
    assert rated(Tariff(THREE, SLAB), quantity)[1] == by_slab


def test_the_marginal_sum_counts_each_unit_once():
    """money.md 4.1: OCA agreement_rebate takes 1120 for 3800 over 10 %, 20 %, 30 %; it is 1100."""
    tariff = Tariff(tiers(("0", "0.1"), ("100", "0.2"), ("300", "0.3")))
    assert rated(tariff, 3800) == (
        [("tier", "100", "10.00"), ("tier", "200", "40.00"), ("tier", "3500", "1050.00")], "1100.00")


@pytest.mark.parametrize(
    "quantity, expected",
    [
        ("0", [("base_fee", None, "10.00")]),
        ("499.99", [("allowance", "499.99", "0.00"), ("base_fee", None, "10.00")]),
        ("500", [("allowance", "500", "0.00"), ("base_fee", None, "10.00")]),
        ("501", [("allowance", "500", "0.00"), ("tier", "1", "1.00"), ("base_fee", None, "10.00")]),
        ("600", [("allowance", "500", "0.00"), ("tier", "100", "100.00"), ("base_fee", None, "10.00")]),
        ("601", [("allowance", "500", "0.00"), ("tier", "100", "100.00"), ("tier", "1", "0.80"),
                 ("base_fee", None, "10.00")]),
    ],
)
def test_tiers_count_what_is_used_beyond_the_allowance(quantity, expected):
    assert rated(Tariff(THREE, allowance=Decimal(500), base_fee=Decimal("10.00")), quantity)[0] == expected


@pytest.mark.parametrize(
    "quantity, minimum, minimum_in, rule, total",
    [
        ("0", "50", "amount", MARGINAL, "50.00"),
        ("49.99", "50", "amount", MARGINAL, "50.00"),
        ("50", "50", "amount", MARGINAL, "50.00"),
        ("50.01", "50", "amount", MARGINAL, "50.01"),
        ("0", "120", "quantity", MARGINAL, "116.00"),
        ("119", "120", "quantity", MARGINAL, "116.00"),
        ("121", "120", "quantity", MARGINAL, "116.80"),
        ("0", "90", "quantity", SLAB, "90.00"),
        ("100", "90", "quantity", SLAB, "90.00"),  # one tier further is cheaper, and never undercuts the minimum
    ],
)
def test_the_minimum_is_an_amount_or_the_price_of_a_quantity(quantity, minimum, minimum_in, rule, total):
    assert rated(Tariff(THREE, rule, minimum=Decimal(minimum), minimum_in=minimum_in), quantity)[1] == total


def test_nothing_used_bills_the_minimum_and_the_base_fee():
    """getlago/lago#648: the base fee is not billed at zero use."""
    tariff = Tariff(THREE, minimum=Decimal(30), base_fee=Decimal(10))
    assert rated(tariff, 0) == ([("minimum", None, "30.00"), ("base_fee", None, "10.00")], "40.00")
    assert str(sure_amount(tariff)) == "40.00"
    assert rated(Tariff(THREE), 0) == ([], "0.00")


@pytest.mark.parametrize(
    "share, quantity, expected",
    [
        (HALF, "0", [("minimum", None, "15.00"), ("base_fee", None, "5.00")]),
        (HALF, "50", [("allowance", "50", "0.00"), ("minimum", None, "15.00"), ("base_fee", None, "5.00")]),
        (HALF, "70", [("allowance", "50", "0.00"), ("tier", "20", "20.00"), ("base_fee", None, "5.00")]),
        (Fraction(10, 31), "0", [("minimum", None, "9.68"), ("base_fee", None, "3.22")]),  # 12.903 is 12.90
        (Fraction(0), "20", [("tier", "20", "20.00")]),  # billing was paused throughout: what was used is owed
    ],
)
def test_minimum_allowance_and_base_fee_of_a_part_of_a_period(share, quantity, expected):
    tariff = Tariff(THREE, allowance=Decimal(100), minimum=Decimal(30), base_fee=Decimal(10))
    assert rated(tariff, quantity, share)[0] == expected


def test_bounds_shrink_only_where_the_tariff_says_so():
    assert rated(Tariff(THREE), 100, HALF)[1] == "100.00"
    assert rated(Tariff(THREE, prorated_bounds=True), 100, HALF)[1] == "90.00"  # 50 at 1.00, 50 at 0.80


@pytest.mark.parametrize(
    "rounding, quantity, total",
    [("0.01", 333, "4.11"), ("1", 333, "4"), ("0.001", 333, "4.107"), ("0.05", 333, "4.10"), ("0.01", 1, "0.01")],
)
def test_prices_have_more_decimals_than_the_currency_and_are_rounded_once(rounding, quantity, total):
    tariff = Tariff(tiers(("0", "0.0123333")), rounding=Decimal(rounding))
    assert rated(tariff, quantity)[1] == total


def test_lines_share_the_rounding_and_sum_to_the_total():
    tariff = Tariff(tiers(("0", "0.333"), ("1", "0.333"), ("2", "0.333")))
    lines, total = rated(tariff, 3)
    assert [amount for *_rest, amount in lines] == ["0.34", "0.33", "0.33"]
    assert total == "1.00"
    assert rate_usage(tariff, 3).steps[-2:] == (("rounded", "to 0.01", Decimal("1.00")), ("total", "", Decimal("1.00")))


def test_steps_say_each_part():
    steps = rate_usage(Tariff(THREE, allowance=Decimal(10), base_fee=Decimal(5)), 120, HALF).steps
    assert [(step.label, step.detail) for step in steps] == [
        ("allowance", "5 x 0"), ("tier", "100 x 1.00"), ("tier", "15 x 0.80"), ("base_fee", "1/2 of a period"),
        ("total", "1/2 of a period")]


@pytest.mark.parametrize("quantity, difference", [(120, "16.00"), (100, "0.00"), (40, "-60.00"), (0, "-100.00")])
def test_late_usage_is_the_difference_to_what_was_billed(quantity, difference):
    later = rate_later(Tariff(THREE), quantity, Decimal("100.00"))
    assert str(later.total) == difference
    assert [(line.kind, str(line.amount)) for line in later.lines] == [("later", difference)]
    assert later.steps[-2].label == "billed_before"


def test_a_slab_that_falls_has_a_cliff():
    assert cliffs(Tariff(THREE, SLAB)) == (100, 300)
    assert cliffs(Tariff(THREE, MARGINAL)) == ()
    assert cliffs(Tariff(tiers(("0", "1"), ("10", "2")), SLAB)) == ()


@pytest.mark.parametrize(
    "terms, error, words",
    [
        ({"tiers": ()}, BadTiers, "tiers"),
        ({"tiers": tiers(("1", "1"))}, BadTiers, "do not begin at 0"),
        ({"tiers": tiers(("0", "1"), ("10", "2"), ("10", "3"))}, BadTiers, "no two alike"),
        ({"tiers": tiers(("0", "1"), ("20", "2"), ("10", "3"))}, BadTiers, "tiers"),
        ({"tiers": tiers(("0", "-1"))}, BadAmount, "rate: '-1' is below zero"),
        ({"allowance": Decimal(-1)}, BadAmount, "allowance"),
        ({"minimum": Decimal(-1)}, BadAmount, "minimum"),
        ({"base_fee": Decimal(-1)}, BadAmount, "base_fee"),
        ({"base_fee": 1.5}, BadAmount, "exact"),
        ({"rule": "volume"}, BadOption, "marginal, slab"),
        ({"minimum_in": "units"}, BadOption, "amount, quantity"),
    ],
)
def test_a_tariff_that_makes_no_sense_is_refused(terms, error, words):
    with pytest.raises(error, match=words):
        Tariff(**{"tiers": THREE, **terms})


@pytest.mark.parametrize(
    "quantity, share", [(Decimal(-1), Fraction(1)), (1, Fraction(-1, 2)), (1, Fraction(3, 2)), (0.5, 1)])
def test_a_usage_or_part_that_makes_no_sense_is_refused(quantity, share):
    with pytest.raises(BadAmount):
        rate_usage(Tariff(THREE), quantity, share)
