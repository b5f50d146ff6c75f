"""Laws of usage: what holds for every tariff, every quantity and every part of a period."""

from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from hypothesis import assume, given
from hypothesis import strategies as st

from engine.money import exact, round_money
from engine.penalty_terms import MARGINAL, SLAB, Tier
from engine.usage import MINIMUMS, Tariff, rate_later, rate_usage, sure_amount

ROUNDINGS = st.sampled_from([Decimal("0.01"), Decimal("1"), Decimal("0.001"), Decimal("0.05")])
prices = st.decimals(min_value=0, max_value=20, places=5)
amounts = st.decimals(min_value=0, max_value=500, places=2)
quantities = st.decimals(min_value=0, max_value=3000, places=3)
shares = st.fractions(min_value=0, max_value=1, max_denominator=366)


@st.composite
def tariffs(draw, rules=(MARGINAL, SLAB)):
    steps = draw(st.lists(st.integers(1, 400), max_size=4))
    bounds = [0, *accumulate(steps)]
    return Tariff(
        tuple(Tier(Decimal(bound), draw(prices)) for bound in bounds), draw(st.sampled_from(rules)),
        draw(st.decimals(min_value=0, max_value=300, places=2)), draw(amounts), draw(st.sampled_from(MINIMUMS)),
        draw(amounts), draw(st.booleans()), draw(ROUNDINGS))


marginal = tariffs(rules=(MARGINAL,))


@given(tariffs(), quantities, shares)
def test_lines_sum_to_the_total_and_none_is_negative(tariff, quantity, share):
    rated = rate_usage(tariff, quantity, share)
    assert sum((line.amount for line in rated.lines), Decimal(0)) == rated.total
    assert all(line.amount >= 0 for line in rated.lines)
    assert rated.steps[-1].value == rated.total


@given(tariffs(), quantities, shares)
def test_the_units_of_the_lines_are_those_that_were_used(tariff, quantity, share):
    rated = rate_usage(tariff, quantity, share)
    assert sum((line.quantity for line in rated.lines if line.quantity is not None), Fraction(0)) == exact(quantity)


@given(marginal, quantities, quantities, shares)
def test_more_usage_never_costs_less(tariff, quantity, more, share):
    assert rate_usage(tariff, quantity + more, share).total >= rate_usage(tariff, quantity, share).total


@given(tariffs(), st.lists(quantities, min_size=1, max_size=6), shares, st.data())
def test_splitting_usage_over_readings_changes_nothing(tariff, readings, share, data):
    """Read once or often, on time or late, in any order: the invoices sum to the same."""
    whole = rate_usage(tariff, sum(readings), share).total
    order = data.draw(st.permutations(readings))
    on_time = data.draw(st.integers(0, len(order)))
    billed = rate_usage(tariff, sum(order[:on_time], Decimal(0)), share).total
    for count in range(on_time + 1, len(order) + 1):
        billed += rate_later(tariff, sum(order[:count]), billed, share).total
    assert billed == whole


@given(tariffs(), quantities, shares)
def test_the_minimum_is_never_undercut(tariff, quantity, share):
    assert rate_usage(tariff, quantity, share).total >= sure_amount(tariff, share)


@given(tariffs(), quantities)
def test_nothing_used_costs_the_minimum_and_the_base_fee(tariff, quantity):
    without = Tariff(tariff.tiers, tariff.rule, rounding=tariff.rounding)
    least = exact(tariff.minimum)
    if tariff.minimum_in == "quantity":
        lines = rate_usage(without, tariff.minimum).lines
        least = sum((line.quantity * exact(line.price) for line in lines), Fraction(0))
    assert sure_amount(tariff) == round_money(least + exact(tariff.base_fee), tariff.rounding)


@given(tariffs(), shares, shares)
def test_a_longer_part_never_costs_less_without_usage(tariff, one, other):
    # A minimum quantity at the price of a slab may be dearer in a part of a period: fewer units, a higher tier.
    assume(tariff.rule == MARGINAL or tariff.minimum_in == "amount" or tariff.prorated_bounds)
    shorter, longer = sorted((one, other))
    assert sure_amount(tariff, longer) >= sure_amount(tariff, shorter)


@given(tariffs(), quantities, shares)
def test_rating_again_gives_the_same_and_nothing_is_left(tariff, quantity, share):
    rated = rate_usage(tariff, quantity, share)
    assert rate_usage(tariff, quantity, share) == rated
    assert rate_later(tariff, quantity, rated.total, share).total == 0
