"""Customer segments, and promises that nothing backs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.back_to_back import Backing, Promise, compare
from engine.errors import BadAmount, BadCount, BadTerms
from engine.segment import lifetime_value, segment

THRESHOLDS = [(Decimal(10000), "high_value"), (Decimal(0), "low_frequency"), (Decimal(1000), "ordinary")]


@pytest.mark.parametrize(
    "flows, rate, first, expected",
    [
        ([], "0.10", 1, "0.00"),
        ([("1000", "1")], "0.10", 1, "909.09"),
        ([("1000", "1")], "0.10", 0, "1000.00"),
        ([("1000", "0.5")], "0", 1, "500.00"),
        ([("1000", "0.9"), ("1000", "0.8")], "0.10", 1, "1479.34"),
        ([("-500", "1"), ("1100", "1")], "0.10", 0, "500.00"),  # an acquisition that pays later
        ([("100", "0")], "0.10", 1, "0.00"),
    ],
)
def test_the_discounted_value_of_a_customer(flows, rate, first, expected):
    flows = [tuple(map(Decimal, flow)) for flow in flows]
    value = lifetime_value(flows, Decimal(rate), first)
    assert str(value.amount) == expected
    assert (list(value.flows), value.rate, len(value.steps)) == (flows, Decimal(rate), len(flows) + 1)


@pytest.mark.parametrize(
    "value, name",
    [
        ("-5", "low_frequency"),
        ("0", "low_frequency"),
        ("999.99", "low_frequency"),
        ("1000", "ordinary"),
        ("9999.99", "ordinary"),
        ("10000", "high_value"),
    ],
)
def test_thresholds_belong_to_the_segment_above(value, name):
    assert segment(Decimal(value), THRESHOLDS).name == name


@pytest.mark.parametrize(
    "refused, error",
    [
        (lambda: segment(Decimal(1), []), BadTerms),
        (lambda: segment(Decimal(1), [(Decimal(0), "a"), (0, "b")]), BadTerms),
        (lambda: lifetime_value([(Decimal(1), Decimal("1.1"))], Decimal(0)), BadAmount),
        (lambda: lifetime_value([(Decimal(1), Decimal("-0.1"))], Decimal(0)), BadAmount),
        (lambda: lifetime_value([(1.5, Decimal(1))], Decimal(0)), BadAmount),
        (lambda: lifetime_value([], Decimal(-1)), BadAmount),
        (lambda: lifetime_value([], Decimal(0), first=-1), BadCount),
    ],
)
def test_what_is_refused(refused, error):
    with pytest.raises(error):
        refused()


flow_lists = st.lists(
    st.tuples(st.integers(0, 10**6).map(Decimal), st.integers(0, 100).map(lambda p: Decimal(p) / 100))
)


@given(flow_lists, st.integers(0, 50))
def test_a_higher_discount_never_makes_a_customer_worth_more(flows, percent):
    lower, higher = (lifetime_value(flows, Decimal(rate) / 100).amount for rate in (percent, percent + 1))
    assert higher <= lower <= sum(profit for profit, _retention in flows)


# --- back to back -------------------------------------------------------------------------------------


def hours(number, week_hours=None):
    return Promise("response", timedelta(hours=number), week_hours)


@pytest.mark.parametrize(
    "ours, theirs, kinds",
    [
        (hours(8), [hours(8)], []),
        (hours(8), [hours(4)], []),
        (hours(4), [hours(8)], ["tighter"]),
        (hours(4), [hours(8), hours(4)], []),  # the better of two suppliers
        (hours(4), [], ["unbacked"]),
        (hours(8, 168), [hours(8, 40)], ["longer_hours"]),
        (hours(4, 168), [hours(8, 40)], ["tighter", "longer_hours"]),
        (hours(8, 40), [hours(8, 168)], []),
        (hours(8, 168), [hours(8)], []),  # hours not known are not compared
    ],
)
def test_section_4_row_11_a_promise_tighter_than_the_one_behind_it(ours, theirs, kinds):
    """contracts.md 4 row 11: the customer promise (4 h) is tighter than the provider contract (8 h)."""
    assert [finding.kind for finding in compare([ours], theirs)] == kinds


def test_a_finding_tells_both_figures():
    (finding,) = compare([hours(4)], [hours(8)])
    assert (finding.promised, finding.backed, finding.gap) == tuple(timedelta(hours=number) for number in (4, 8, 4))


def cover(start, end):
    return Backing("SN-1", date.fromisoformat(start), end and date.fromisoformat(end))


@pytest.mark.parametrize(
    "ours, theirs, kinds",
    [
        (cover("2026-01-01", "2027-01-01"), [cover("2026-01-01", "2027-01-01")], []),
        (cover("2026-01-01", "2027-01-02"), [cover("2026-01-01", "2027-01-01")], ["outlasts"]),
        (cover("2026-01-01", None), [cover("2026-01-01", "2027-01-01")], ["outlasts"]),
        (cover("2026-01-01", "2027-01-01"), [cover("2026-01-01", None)], []),
        (cover("2026-01-01", "2027-01-01"), [cover("2026-01-02", "2027-01-01")], ["starts_before"]),
        (cover("2026-01-01", "2027-01-01"), [], ["unbacked"]),
    ],
)
def test_section_4_row_11_a_cover_that_outlasts_the_suppliers(ours, theirs, kinds):
    """contracts.md 4 row 11: cover outlasts supplier warranty."""
    assert [finding.kind for finding in compare([], [], [ours], theirs)] == kinds


@pytest.mark.parametrize(
    "end, words, gap",
    [("2027-01-11", "covered until 2027-01-11", timedelta(days=10)), (None, "covered without end", None)],
)
def test_by_how_much_a_cover_outlasts_its_backing(end, words, gap):
    (finding,) = compare([], [], [cover("2026-01-01", end)], [cover("2026-01-01", "2027-01-01")])
    assert finding.sentence == f"SN-1: {words}, the supplier's cover ends on 2027-01-01"
    assert finding.gap == gap


def test_of_equally_quick_suppliers_the_one_with_longer_hours_counts():
    assert compare([hours(8, 168)], [hours(8, 40), hours(8, 168)]) == ()
