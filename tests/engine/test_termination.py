"""Termination: fee, credit, and who owes whom."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.business_days import BusinessDays
from engine.errors import BadAmount, BadOption, RefusedTermination
from engine.proration import RULES, Charge
from engine.termination import Fee, cure_ends, may_terminate_for_cause, terminate

TODAY = date(2026, 1, 15)
ORACLE = Charge(Decimal(1200), date(2025, 12, 1), date(2026, 12, 1), unit="year", rule="per-month")


def day(text):
    return date.fromisoformat(text)


def end(on="2026-03-01", billed_until="2026-06-01", charge=ORACLE, **terms):
    return terminate(charge, day(on), day(billed_until), **{"today": TODAY, **terms})


@pytest.mark.parametrize(
    "terms, credit, contract_value, terminated_amount",
    [
        ({}, "300.00", "300.00", "900.00"),
        ({"credit": "override", "override": Decimal(200)}, "200.00", "400.00", "800.00"),
        ({"credit": "override", "override": Decimal(0)}, "0.00", "600.00", "600.00"),
        ({"credit": "suppress"}, "0.00", "600.00", "600.00"),
    ],
)
def test_row_10_the_oracle_vector(terms, credit, contract_value, terminated_amount):
    """contracts.md 5 row 10: 1,200 a year from 1 Dec, ends 1 Mar, half a year billed: unused credit 300;
    override 200: contract value 400, terminated amount 800."""
    result = end(**terms)
    assert [str(result.billed), str(result.used)] == ["600.00", "300.00"]
    assert [str(result.credit), str(result.contract_value)] == [credit, contract_value]
    assert str(result.terminated_amount) == terminated_amount
    assert result.net == -result.credit


@pytest.mark.parametrize(
    "on, words",
    [
        ("2025-11-30", "before the contract begins: to undo it whole, terminate it on 2025-12-01"),
        ("2026-12-02", "after the contract ends by itself, on 2026-12-01"),
    ],
)
def test_row_10_days_on_which_there_is_nothing_to_terminate(on, words):
    """contracts.md 5 row 10: date before start, after end."""
    with pytest.raises(RefusedTermination, match=words):
        end(on)


def test_row_10_on_the_first_day_everything_is_undone():
    result = end("2025-12-01", fee=Fee("fixed", Decimal(50)))
    assert [str(result.used), str(result.credit), str(result.net)] == ["0.00", "600.00", "-550.00"]


def test_row_10_on_the_end_nothing_is_credited_and_no_fee_is_due():
    """contracts.md 5 row 10: on end."""
    result = end("2026-12-01", "2026-12-01", fee=Fee("fixed", Decimal(50)))
    assert [str(value) for value in (result.credit, result.fee, result.net)] == ["0.00"] * 3
    assert str(result.contract_value) == "1200.00" and str(result.terminated_amount) == "0.00"


@pytest.mark.parametrize(
    "today, on, words",
    [
        ("2026-03-01", "2026-02-01", "was terminated, with effect from 2026-03-01"),  # it has taken effect
        ("2026-02-28", "2026-03-01", "not before 2026-03-01"),  # the same day again
        ("2026-02-28", "2026-04-01", "withdraw that one first"),
    ],
)
def test_row_10_already_terminated(today, on, words):
    """contracts.md 5 row 10: already terminated."""
    with pytest.raises(RefusedTermination, match=words):
        end(on, today=day(today), previous=end())


def test_row_10_a_future_termination_moved_earlier_settles_the_difference():
    """contracts.md 5 row 10: future termination moved earlier."""
    first = end("2026-05-01", fee=Fee("fixed", Decimal(50)))
    moved = end("2026-03-01", fee=Fee("fixed", Decimal(50)), previous=first)
    assert [str(first.net), str(moved.net), str(moved.correction)] == ["-50.00", "-250.00", "-200.00"]
    assert first.net + moved.correction == moved.net


@pytest.mark.parametrize(
    "fee, expected_fee, net",
    [
        (Fee(), "0.00", "-300.00"),
        (Fee("fixed", Decimal(100)), "100.00", "-200.00"),
        (Fee("fixed", Decimal(500)), "500.00", "200.00"),  # a fee above the credit: the customer owes
        (Fee("percent_of_remaining", Decimal(10)), "90.00", "-210.00"),
        (Fee("percent_of_remaining", Decimal(10), cap=Decimal(60)), "60.00", "-240.00"),
        (Fee("periods", Decimal("0.25")), "300.00", "0.00"),
    ],
)
def test_row_10_fees(fee, expected_fee, net):
    """contracts.md 5 row 10: fee larger than credit."""
    result = end(fee=fee)
    assert [str(result.fee), str(result.net)] == [expected_fee, net]
    assert [step.label for step in result.steps] == ["billed", "used", "unbilled", "credit", "fee", "net"]


def test_postpaid_days_are_still_to_be_billed():
    result = end("2026-03-01", "2026-02-01")
    assert [str(result.unbilled), str(result.credit), str(result.net)] == ["100.00", "0.00", "100.00"]
    assert str(result.contract_value) == "300.00"


def test_a_contract_without_end_has_no_terminated_amount():
    charge = Charge(Decimal(100), date(2025, 12, 1), None)
    result = end(charge=charge, fee=Fee("periods", Decimal(1)))
    assert result.terminated_amount is None and str(result.net) == "-200.00"
    with pytest.raises(BadAmount, match="no end"):
        end(charge=charge, fee=Fee("percent_of_remaining", Decimal(10)))


@pytest.mark.parametrize(
    "terms, error",
    [
        ({"credit": "half"}, BadOption),
        ({"credit": "override"}, BadAmount),
        ({"credit": "override", "override": Decimal(-1)}, BadAmount),
        ({"credit": "override", "override": Decimal(601)}, BadAmount),  # more than was billed
        ({"fee": Fee("fixed", Decimal(-1))}, BadAmount),
        ({"fee": Fee("share", Decimal(1))}, BadOption),
    ],
)
def test_terms_that_are_refused(terms, error):
    with pytest.raises(error):
        end(**terms)


@pytest.mark.parametrize(
    "notified, length, unit, calendar, expected",
    [
        ("2026-03-01", 30, "day", None, "2026-03-31"),
        ("2026-01-31", 1, "month", None, "2026-02-28"),
        ("2026-03-05", 30, "day", BusinessDays(), "2026-04-06"),  # 4 April is a Saturday: later, not earlier
        ("2026-03-05", 30, "day", BusinessDays(holidays=[date(2026, 4, 6)]), "2026-04-07"),
        ("2026-03-01", 0, "day", None, "2026-03-01"),
    ],
)
def test_the_cure_period_ends(notified, length, unit, calendar, expected):
    last = cure_ends(day(notified), length, unit, calendar)
    assert last == day(expected)
    after = last + timedelta(days=1)
    assert not may_terminate_for_cause(last, last) and may_terminate_for_cause(after, last)
    assert not may_terminate_for_cause(after, last, cured_on=last)
    assert may_terminate_for_cause(after, last, cured_on=after)


# --- laws -------------------------------------------------------------------------------------------

starts = st.dates(date(2024, 1, 1), date(2027, 1, 1))


@given(
    starts, st.integers(1, 900), st.integers(0, 900), st.integers(0, 900), st.sampled_from(RULES), st.integers(1, 10**6)
)
def test_what_is_paid_in_the_end_is_what_was_used(start, length, used, billed, rule, cents):
    """With the full credit and no fee the contract is worth its used days, whatever was billed before."""
    charge = Charge(cents * Decimal("0.01"), start, start + timedelta(days=length), rule=rule)
    on = start + timedelta(days=min(used, length))
    result = terminate(charge, on, start + timedelta(days=min(billed, length)), start)
    assert result.contract_value == result.used == result.billed + result.net
    assert result.contract_value + result.terminated_amount == charge.value()
    assert min(result.credit, result.unbilled) == 0 <= max(result.credit, result.unbilled)


@given(starts, st.integers(2, 400), st.integers(1, 399), st.integers(0, 400))
def test_an_earlier_end_never_costs_more(start, length, on, billed):
    charge = Charge(Decimal("99.90"), start, start + timedelta(days=length))
    on = min(on, length - 1)
    until = start + timedelta(days=min(billed, length))
    early, late = (terminate(charge, start + timedelta(days=days), until, start) for days in (on, on + 1))
    assert early.net <= late.net
