"""Tiers: an edge belongs to exactly one side, and cutting a quantity in two changes nothing."""

from decimal import Decimal
from fractions import Fraction

import pytest
from clauses import tiered
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadAmount, BadTiers
from engine.penalty_terms import Tier
from engine.tiers import band, check_tiers, marginal, slab

FALLING = tiered("99.9: 10, 99.0: 25, 95.0: 100")
RISING = tiered("4: 10, 8: 25, 24: 100")


@pytest.mark.parametrize(
    "figure, rate",
    [
        ("100", None),
        ("99.9", None),
        ("99.8999", 10),
        ("99.0", 10),
        ("98.99", 25),
        ("95.0", 25),
        ("94.99", 100),
        ("0", 100),
    ],
)
def test_a_figure_on_a_bound_is_judged_as_the_better_side(figure, rate):
    found = band(FALLING, Decimal(figure))
    assert (found and found.rate) == rate


@pytest.mark.parametrize(
    "figure, rate", [("0", None), ("4", None), ("4.01", 10), ("8", 10), ("8.01", 25), ("24", 25), ("24.5", 100)]
)
def test_where_low_is_good_the_bounds_rise(figure, rate):
    found = band(RISING, Decimal(figure), high_is_good=False)
    assert (found and found.rate) == rate


@pytest.mark.parametrize("figure, rate", [("98.9", None), ("99", 2), ("99.49", 2), ("99.5", 5), ("100", 5)])
def test_a_bonus_counts_from_its_bound_on(figure, rate):
    found = band(tiered("99: 2, 99.5: 5"), Decimal(figure), bonus=True)
    assert (found and found.rate) == rate


@pytest.mark.parametrize("figure, rate", [("4.1", None), ("4", 2), ("2.01", 2), ("2", 5), ("0", 5)])
def test_a_bonus_where_low_is_good(figure, rate):
    found = band(tiered("4: 2, 2: 5"), Decimal(figure), high_is_good=False, bonus=True)
    assert (found and found.rate) == rate


def test_a_third_is_compared_exactly():
    assert band((Tier(Decimal("33.3333333333"), Decimal(1)),), Fraction(100, 3)) is None
    assert band((Tier(Decimal("33.3333333334"), Decimal(1)),), Fraction(100, 3))


@pytest.mark.parametrize(
    "quantity, amount", [(0, None), (3, None), (4, 40), (7, 70), (8, 200), (24, 2400), (Fraction(15, 2), 75)]
)
def test_a_slab_takes_the_whole_quantity_at_the_tier_it_reaches(quantity, amount):
    found = slab(RISING, quantity)
    assert (found and found.amount) == amount


@pytest.mark.parametrize("quantity, parts", [(4, []), (5, [1]), (8, [4]), (9, [4, 1]), (25, [4, 16, 1])])
def test_marginal_parts_of_a_quantity(quantity, parts):
    assert [part.quantity for part in marginal(RISING, quantity)] == parts


@pytest.mark.parametrize("number, parts", [(3, []), (4, [1]), (7, [4]), (8, [4, 1]), (24, [4, 16, 1])])
def test_numbered_tiers_begin_with_the_event_of_that_number(number, parts):
    assert [part.quantity for part in marginal(RISING, number, numbered=True)] == parts


def test_the_rebate_that_a_known_engine_gets_wrong():
    """3,800 over 0-100 10 %, 100-300 20 %, 300-6000 30 % is 10 + 40 + 1,050, not the 1,120 of its own test."""
    parts = marginal(tiered("0: 10, 100: 20, 300: 30"), 3800)
    assert [part.amount / 100 for part in parts] == [10, 40, 1050]


@pytest.mark.parametrize(
    "tiers, falling",
    [("", False), ("1: 5, 1: 6", False), ("2: 5, 1: 6", False), ("1: 5, 2: 6", True), ("1: 5, 3: 6, 2: 7", False)],
)
def test_tiers_that_do_not_say_which_one_counts(tiers, falling):
    with pytest.raises(BadTiers, match="tiers of it.*no two alike"):
        check_tiers(tiered(tiers) if tiers else (), "tiers of it", falling)


@pytest.mark.parametrize("tier", [Tier(1.5, Decimal(1)), Tier(Decimal(1), 0.1), Tier(None, 1)])
def test_floats_are_refused(tier):
    with pytest.raises(BadAmount, match="of tiers"):
        check_tiers((tier,))


# --- laws -----------------------------------------------------------------------------------------

ladders = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 100)), min_size=1, max_size=6, unique_by=lambda row: row[0]
).map(lambda rows: tuple(Tier(*row) for row in sorted(rows)))
quantities = st.fractions(0, 2000, max_denominator=7)


@given(ladders, quantities, quantities)
def test_a_quantity_cut_in_two_costs_the_same(ladder, first, rest):
    """The second part begins where the first one ended."""
    whole = sum(part.amount for part in marginal(ladder, first + rest))
    before = sum(part.amount for part in marginal(ladder, first))
    moved = tuple(Tier(max(tier.bound - first, Fraction(0)), tier.rate) for tier in ladder)
    after = sum(part.amount for part in marginal(_last_of_each(moved), rest))
    assert whole == before + after


def _last_of_each(ladder):
    """What lies behind the start: of the tiers passed already the last one counts on."""
    passed = [tier for tier in ladder if tier.bound == 0]
    return (*passed[-1:], *(tier for tier in ladder if tier.bound > 0))


@given(ladders, quantities)
def test_every_part_above_the_first_bound_lies_in_one_tier(ladder, quantity):
    parts = marginal(ladder, quantity)
    assert sum(part.quantity for part in parts) == max(0, quantity - ladder[0].bound)
    assert len({part.tier for part in parts}) == len(parts)


@given(ladders, st.integers(0, 300))
def test_numbered_parts_are_the_events_one_by_one(ladder, number):
    ladder = tuple(Tier(tier.bound + 1, tier.rate) for tier in ladder)
    one_by_one = [slab(ladder, event) for event in range(1, number + 1)]
    assert sum(part.amount for part in marginal(ladder, number, numbered=True)) == sum(
        found.tier.rate for found in one_by_one if found
    )


@given(ladders, quantities)
def test_bands_and_slabs_agree_where_a_bonus_counts_from_its_bound(ladder, quantity):
    found = slab(ladder, quantity)
    assert (found and found.tier) == band(ladder, quantity, bonus=True)
