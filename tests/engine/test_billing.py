"""Billing: what is unbilled, in parts that add up to the cent, whenever and in whatever order it is billed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.billing import Recurring, merge, parts_of, unbilled, without
from engine.money import round_money
from engine.period import Period
from engine.proration import RULES, Charge
from engine.recurrence import POSTPAID

DAY = timedelta(days=1)
CENT = Decimal("0.01")


def at(price):
    return ((date.min, date.max, Decimal(price)),)


def told(dues):
    return [(str(part.period.start), str(part.period.end - DAY), str(part.amount))
            for due in dues for part in due.parts]


def monthly(start="2026-01-01", end="2027-01-01", price="100.00", **terms):
    return Recurring(date.fromisoformat(start), end and date.fromisoformat(end), at(price), **terms)


def test_in_advance_and_in_arrears():
    first, last = (list(unbilled(monthly(end="2026-03-01", timing=timing), date(2026, 1, 1)))
                   for timing in ("prepaid", POSTPAID))
    assert [str(due.bill_on) for due in first] == ["2026-01-01", "2026-02-01"]
    assert [str(due.bill_on) for due in last] == ["2026-02-01", "2026-03-01"]


def test_the_anchor_day_is_kept_and_comes_back():
    fee = monthly("2026-01-31", None)
    assert [str(due.period.start) for due in islice(unbilled(fee, fee.start), 4)] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_a_cursor_inside_a_period_cuts_it_there():
    dues = list(unbilled(monthly(end="2026-03-01"), date(2026, 1, 17)))
    assert told(dues) == [("2026-01-17", "2026-01-31", "48.39"), ("2026-02-01", "2026-02-28", "100.00")]
    assert dues[0].parts[0].share == Fraction(15, 31)


def test_a_price_that_changes_inside_a_period():
    rates = ((date.min, date(2026, 1, 21), Decimal("100.00")), (date(2026, 1, 21), date.max, Decimal("131.00")))
    fee = replace(monthly(end="2026-03-01"), rates=rates)
    assert told(unbilled(fee, fee.start)) == [
        ("2026-01-01", "2026-01-20", "64.52"), ("2026-01-21", "2026-01-31", "46.48"),
        ("2026-02-01", "2026-02-28", "131.00")]


def test_paused_days_split_a_fee_and_lessen_the_share_of_what_is_rated_whole():
    pause = [Period(date(2026, 2, 10), date(2026, 2, 18))]
    fee = monthly("2026-02-01", "2026-03-01", "280.00")
    assert told(unbilled(fee, fee.start, pause)) == [
        ("2026-02-01", "2026-02-09", "90.00"), ("2026-02-18", "2026-02-28", "110.00")]
    due, = unbilled(replace(fee, whole=True), fee.start, pause)
    assert (due.parts[0].share, due.amount) == (Fraction(20, 28), Decimal("200.00"))


def test_a_period_that_is_paused_whole_has_no_parts():
    dues = list(unbilled(monthly(end="2026-03-01"), date(2026, 1, 1), [Period(date(2026, 1, 1), date(2026, 2, 1))]))
    assert [bool(due.parts) for due in dues] == [False, True]


@pytest.mark.parametrize("rounding, price, parts", [
    (Decimal(1), "10001", ["4839", "10001"]), (Decimal("0.001"), "10.005", ["4.841", "10.005"]),
    (Decimal("0.05"), "100.00", ["48.40", "100.00"]),
])
def test_the_rounding_of_the_currency(rounding, price, parts):
    fee = monthly("2026-01-17", "2026-03-01", price, rounding=rounding, anchor_day=1)
    assert [part[2] for part in told(unbilled(fee, fee.start))] == parts


def test_the_last_part_carries_the_rounding():
    """Two cut periods of 0.004 each: nothing, then the cent that they make up together."""
    fee = monthly("2026-01-30", "2026-02-03", "0.07", anchor_day=1)
    assert [part[2] for part in told(unbilled(fee, fee.start))] == ["0.00", "0.01"]


@st.composite
def fees(draw):
    start = draw(st.dates(date(2023, 1, 1), date(2028, 12, 31)))
    end = start + draw(st.integers(1, 800)) * DAY
    unit = draw(st.sampled_from(["day", "week", "month", "quarter", "year"]))
    interval = draw(st.integers(20, 40) if unit == "day" else st.integers(1, 3))
    anchor = draw(st.none() | st.integers(1, 31)) if unit in ("month", "quarter", "year") else None
    price = Decimal(draw(st.integers(1, 10**6))) / 100
    bounds = sorted(draw(st.sets(st.integers(1, 799), max_size=2)))
    days = [date.min, *(start + day * DAY for day in bounds), date.max]
    slices = zip(days, days[1:], strict=False)
    rates = tuple((low, high, price * (place + 1)) for place, (low, high) in enumerate(slices))
    return Recurring(start, end, rates, draw(st.sampled_from(["prepaid", POSTPAID])), interval, unit,
                     draw(st.sampled_from(RULES)), CENT, anchor)


def total_of(fee, paused=()):
    """By another way: each price over the days it holds for without a break, rounded once."""
    total = Decimal(0)
    for begins, ends, price in fee.rates:
        low, high = max(begins, fee.start), min(ends, fee.end)
        charge = Charge(price, fee.start, fee.end, fee.interval, fee.unit, fee.rule, fee.rounding, fee.anchor_day)
        for days in without([Period(low, high)], paused) if low < high else ():
            total += charge.value(days.start, days.end)
    return total


@given(fees())
def test_law_the_parts_are_contiguous_and_sum_to_the_total(fee):
    parts = [part for due in unbilled(fee, fee.start) for part in due.parts]
    assert (parts[0].period.start, parts[-1].period.end) == (fee.start, fee.end)
    assert all(one.period.end == two.period.start for one, two in zip(parts, parts[1:], strict=False))
    assert sum(part.amount for part in parts) == total_of(fee)


@given(fees())
def test_law_a_longer_term_changes_nothing_that_was_billed(fee):
    longer = replace(fee, end=fee.end + 400 * DAY)
    before, after = told(unbilled(fee, fee.start)), told(unbilled(longer, fee.start))
    assert after[:len(before) - 1] == before[:-1]


@given(fees(), st.lists(st.integers(0, 800), max_size=4))
def test_law_billed_bit_by_bit_it_comes_to_the_same(fee, stops):
    """The last unbilled day moves on period by period: what is left costs what is left of the total."""
    cursor, billed = fee.start, Decimal(0)
    for stop in sorted(stops):
        for due in unbilled(fee, cursor):
            if due.bill_on > fee.start + stop * DAY:
                break
            billed, cursor = billed + due.amount, due.period.end
    assert billed + sum(due.amount for due in unbilled(fee, cursor)) == total_of(fee)


@given(fees(), st.lists(st.tuples(st.integers(0, 800), st.integers(1, 90)), max_size=3))
def test_law_paused_days_are_never_billed(fee, pauses):
    paused = merge([(fee.start + first * DAY, fee.start + (first + length) * DAY) for first, length in pauses])
    parts = [part for due in unbilled(fee, fee.start, paused) for part in due.parts]
    assert all(part.period == one for part in parts for one in without([part.period], paused))
    days = sum((part.period.end - part.period.start).days for part in parts)
    assert days == sum((one.end - one.start).days for one in without([Period(fee.start, fee.end)], paused))
    assert sum((part.amount for part in parts), Decimal(0)) == total_of(fee, paused)


@given(fees(), st.integers(0, 800), st.integers(1, 400))
def test_law_a_window_shows_what_the_whole_shows(fee, first, length):
    """Where a window cuts no period, its parts cost what they cost in the whole schedule."""
    every = [part for due in unbilled(fee, fee.start) for part in due.parts]
    days = Period(fee.start + first * DAY, fee.start + (first + length) * DAY)
    seen = parts_of(fee, days)
    inside = [part for part in every if days.start <= part.period.start and part.period.end <= days.end]
    assert [part for part in seen if part in inside] == inside


@given(fees())
def test_law_a_full_period_costs_its_price(fee):
    for due in unbilled(fee, fee.start):
        for part in due.parts:
            assert part.share != 1 or part.amount == part.price == round_money(part.price, CENT)
