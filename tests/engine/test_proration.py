"""Parts of a price: by a rule with a name, adding up to the cent."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadOption, BadTerms
from engine.money import round_money
from engine.period import Period
from engine.proration import RULES, Charge, coterminate, monthly_equivalent, prorate, share
from engine.recurrence import Piece, pieces

CENT = Decimal("0.01")


def span(start, end):
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def a_charge(price="20.00", start="2026-01-01", end="2027-01-01", **terms):
    return Charge(Decimal(price), date.fromisoformat(start), end and date.fromisoformat(end), **terms)


@pytest.mark.parametrize(
    "end, expected",
    [
        ("2027-08-02", "239.35"),  # a day less: 30 of 31 days of the last month
        ("2027-08-03", "240.00"),
        ("2027-08-04", "240.65"),  # "until 3 August" read as inclusive: one day more, stated at the edge
    ],
)
def test_row_5_twelve_months_are_twelve_times_the_price(end, expected):
    """contracts.md 5 row 5: 3 Aug 2026 to 3 Aug 2027 at 20 a month; ERPNext bills 220 (frappe/erpnext#57768)."""
    assert str(a_charge(start="2026-08-03", end=end).value()) == expected


@pytest.mark.parametrize(
    "part, full, rule, expected",
    [
        # row 6: a year's own days, 365 or 366; each month's own days where a part spans two months
        (("2026-01-01", "2026-02-01"), ("2026-01-01", "2027-01-01"), "actual/actual", Fraction(31, 365)),
        (("2028-01-01", "2028-02-01"), ("2028-01-01", "2029-01-01"), "actual/actual", Fraction(31, 366)),
        (("2026-01-20", "2026-02-10"), ("2026-01-15", "2026-02-15"), "actual/actual", Fraction(21, 31)),
        (
            ("2026-01-15", "2026-02-15"),
            ("2026-01-01", "2026-07-01"),
            "per-month",
            Fraction(17, 31) / 6 + Fraction(1, 12),
        ),
        (("2026-03-01", "2026-07-01"), ("2026-01-01", "2027-01-01"), "per-month", Fraction(1, 3)),
        (("2026-02-01", "2026-02-15"), ("2026-02-01", "2026-03-01"), "per-month", Fraction(1, 2)),
        (("2026-02-01", "2026-02-15"), ("2026-02-01", "2026-03-01"), "30/360", Fraction(14, 30)),
        (("2026-01-01", "2026-01-31"), ("2026-01-01", "2026-02-01"), "30/360", Fraction(29, 30)),
        (("2026-01-31", "2026-02-01"), ("2026-01-01", "2026-02-01"), "30/360", Fraction(1, 30)),
        (("2026-01-30", "2026-01-31"), ("2026-01-01", "2026-02-01"), "30/360", Fraction(0)),  # the 31st counts none
        (("2026-01-30", "2026-01-31"), ("2026-01-30", "2026-01-31"), "30/360", Fraction(1)),  # but a whole is one
        (("2028-02-01", "2028-02-29"), ("2028-02-01", "2028-03-01"), "actual/actual", Fraction(28, 29)),
    ],
)
def test_row_6_shares_by_rule(part, full, rule, expected):
    """contracts.md 5 row 6: 365 against 366 (microsoft/BCApps#6242), each month's own days (silver#200)."""
    assert share(span(*part), span(*full), rule) == expected


def test_row_6_a_yearly_price_by_days_is_never_more_than_itself_in_a_leap_year():
    charge = a_charge("365.00", "2028-01-01", "2029-01-01", unit="year")
    months = [charge.value(date(2028, month, 1), date(2028 + month // 12, month % 12 + 1, 1)) for month in range(1, 13)]
    assert str(months[1]) == "28.92"  # 29 of 366 days
    parts = pieces(date(2028, 1, 1), date(2029, 1, 1), 1, "month")
    full = span("2028-01-01", "2029-01-01")
    proration = prorate(Decimal("365.00"), [Piece(piece.period, full) for piece in parts], "actual/actual", CENT)
    assert proration.total == Decimal("365.00") == sum(part.amount for part in proration.parts)


def test_a_full_period_costs_the_price_whatever_the_cut_ones_round_to():
    proration = a_charge("33.33", "2026-01-11", "2026-06-11", anchor_day=1).prorated()
    assert [str(part.amount) for part in proration.parts] == ["22.58", "33.33", "33.33", "33.33", "33.33", "11.11"]
    assert proration.steps[0] == (
        "prorated",
        "2026-01-11 to 2026-01-31: 21 of 31 days (actual/actual) of 33.33",
        Decimal("22.58"),
    )
    assert proration.steps[1].detail == "2026-02: 33.33"


def test_a_part_outside_its_full_period_and_an_unknown_rule():
    with pytest.raises(BadTerms, match="inside"):
        share(span("2026-01-31", "2026-02-02"), Period.month(2026, 1), "actual/actual")
    with pytest.raises(BadOption, match="30/360"):
        share(Period.month(2026, 1), Period.month(2026, 1), "actual")
    with pytest.raises(BadTerms, match="no end"):
        a_charge(end=None).value()


@pytest.mark.parametrize(
    "price, interval, unit, expected",
    [
        ("7.00", 1, "week", "30.44"),  # 365.2425 / 12 days; OCA's 7/30 month gives 30.00
        ("1.00", 1, "day", "30.44"),
        ("14.00", 2, "week", "30.44"),
        ("1200.00", 1, "year", "100.00"),
        ("300.00", 1, "quarter", "100.00"),
        ("100.00", 1, "month", "100.00"),
        ("100.00", 3, "month", "33.33"),
    ],
)
def test_row_7_monthly_equivalents_have_one_definition(price, interval, unit, expected):
    """contracts.md 5 row 7: OCA takes a month of 30 days: 1.4 percent too little."""
    assert str(monthly_equivalent(Decimal(price), interval, unit)) == expected


HEADER = (date(2026, 1, 1), date(2026, 9, 1))


@pytest.mark.parametrize(
    "start, terms, expected",
    [
        ("2026-01-01", {}, ["30.00"] * 8),  # on the first day: as if it had been there
        ("2026-06-16", {}, ["15.00", "30.00", "30.00"]),
        ("2026-08-31", {}, ["0.97"]),  # on the last day: one of 31
        ("2026-06-01", {"unit": "quarter"}, ["9.89", "20.22"]),  # 30 of 91 days, then 62 of 92
        ("2026-06-01", {"unit": "year", "rule": "per-month"}, ["7.50"]),  # 3 of 12 months
        ("2026-08-20", {"unit": "week"}, ["30.00", "21.43"]),  # weeks of the header, the last one cut
    ],
)
def test_row_16_an_added_line_ends_with_its_header(start, terms, expected):
    """contracts.md 5 row 16: first day, last day, different billing interval."""
    proration = coterminate(a_charge("30.00", start, None, **terms), *HEADER)
    assert [str(part.amount) for part in proration.parts] == expected
    assert proration.parts[0].period.start == date.fromisoformat(start)
    assert proration.parts[-1].period.end == HEADER[1]


@pytest.mark.parametrize("start", ["2025-12-31", "2026-09-01", "2027-01-01"])
def test_row_16_a_line_added_outside_its_header_is_refused(start):
    with pytest.raises(BadTerms, match="2026-01-01 to 2026-08-31"):
        coterminate(a_charge("30.00", start, None), *HEADER)


# --- laws -----------------------------------------------------------------------------------------

days = st.dates(date(2020, 1, 1), date(2032, 1, 1))
rules = st.sampled_from(RULES)
prices = st.integers(1, 10**7).map(lambda cents: cents * CENT)


@given(days, st.integers(1, 400), st.sampled_from(["month", "quarter", "year"]), rules, prices)
def test_row_4_prorated_amounts_sum_to_the_total_to_the_cent(start, length, unit, rule, price):
    """contracts.md 5 row 4: sum of the days = term, sum of the prorated = total."""
    charge = Charge(price, start, start + timedelta(days=length), unit=unit, rule=rule, anchor_day=1)
    proration = charge.prorated()
    assert sum(part.amount for part in proration.parts) == proration.total
    assert proration.total == round_money(sum(Fraction(price) * part.share for part in proration.parts), CENT)
    assert all(part.amount == price for part in proration.parts if part.share == 1)
    assert all(0 <= part.share <= 1 for part in proration.parts)


@given(days, st.sampled_from(["month", "quarter", "year"]), rules, st.lists(st.integers(0, 365), max_size=4))
def test_the_parts_of_a_whole_make_up_one(start, unit, rule, cuts):
    """Amendments cut a period anywhere: the parts still make up the whole, so the customer pays it once."""
    full = next(pieces(start, None, 1, unit)).full
    bounds = sorted({full.start, full.end, *(start + timedelta(days=cut) for cut in cuts)})
    bounds = [bound for bound in bounds if bound <= full.end]
    shares = [share(Period(*pair), full, rule) for pair in zip(bounds, bounds[1:], strict=False)]
    assert sum(shares) == 1 and min(shares) >= 0


@given(days, st.integers(1, 300), st.integers(1, 300), rules, prices)
def test_value_is_additive_but_for_one_cent(start, first, more, rule, price):
    middle, end = start + timedelta(days=first), start + timedelta(days=first + more)
    charge = Charge(price, start, end, rule=rule)
    assert abs(charge.value(start, middle) + charge.value(middle, end) - charge.value()) <= CENT
