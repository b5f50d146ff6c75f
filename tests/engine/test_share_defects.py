"""Seven defects that were found in others' code for commissions and rebates, and what is right instead."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from share_cases import APRIL, amounts, component, line, paid, rate, rule, settled, told

from engine.errors import EngineError
from engine.period import Period
from engine.share_terms import Carried

REBATE = "0: 10, 100: 20, 300: 30"


def test_defect1_a_bracket_that_is_passed_counts_its_own_width_only():
    """A rebate of 3800 came to 1120.00: the second bracket counted its upper bound, 300, not 300 less 100."""
    found = settled(rule(component(rates=REBATE)), line("3800"))
    assert str(found.total) == "1100.00"
    assert told(found, "bracket") == [
        "Labour: 100.00 from 0.00 on at 10 %", "Labour: 200.00 from 100.00 on at 20 %",
        "Labour: 3500.00 from 300.00 on at 30 %"]  # fmt: skip


@pytest.mark.parametrize("how", ["marginal", "slab"])
def test_defect1_there_is_no_hole_of_a_cent_between_two_brackets(how):
    """Bounds printed as 100 and 100.01 left 100.005 without a rate."""
    found = paid(rule(component(rates=REBATE, bracket_rule=how)), line("100.005"))
    assert found == {"marginal": "10.00", "slab": "20.00"}[how]


@pytest.mark.parametrize("how", ["marginal", "slab"])
def test_defect2_cutting_an_invoice_in_lines_changes_nothing(how):
    """The bracket was chosen for each invoice line: ten lines of 40 never left the first one."""
    terms = rule(component(rates=REBATE, bracket_rule=how))
    whole = paid(terms, line("400"))
    assert paid(terms, *(line("40", key=f"L{row}") for row in range(10))) == whole
    assert whole == {"marginal": "80.00", "slab": "120.00"}[how]


def test_defect2_an_amount_on_a_bound_lies_in_one_bracket():
    """Both bounds counted as inside, and the first match won: 100 lay in 0 to 100, not in 100 to 300."""
    assert paid(rule(component(rates=REBATE, bracket_rule="slab")), line("100")) == "20.00"


@pytest.mark.parametrize("month, last", [(1, 31), (2, 28), (4, 30)])
def test_defect3_the_second_half_of_a_month_ends_on_its_last_day(month, last):
    """It was printed as 16 to 30 January and 16 to 27 February, and took the lines of the day after, too."""
    first = date(2026, month, 16)
    half = Period(first, date(2026, month + 1, 1))
    found = settled(rule(), line("100", date(2026, month, last)), period=half)
    assert str(found.total) == "10.00" and told(found, "rule") == [f"SR-1 v1, {first} to 2026-{month:02}-{last}"]
    with pytest.raises(EngineError, match="lies after the period"):
        settled(rule(), line("100", half.end), period=half)


def test_defect4_a_margin_takes_the_cost_of_the_day_in_its_currency_and_counts_below_zero():
    """It took the cost of the product as of today, unconverted, and never less than zero for each line."""
    terms = rule(component(basis="margin", rates="50"))
    found = settled(terms, line("100", cost="60", fx="1.1"), line("80", cost="100"))
    assert amounts(found) == ["22.00", "-10.00"] and str(found.total) == "12.00"


def test_defect5_the_total_is_the_sum_of_its_lines_to_the_cent():
    """Floats: three times 0.1 was 0.30000000000000004, and a settlement had no number of digits."""
    found = settled(rule(component(rates="100")), *(line("0.1", key=f"L{row}") for row in range(3)))
    assert str(found.total) == "0.30" == str(sum(one.amount for one in found.lines))
    big = settled(rule(component(rates="100")), line("90071992547409.93"), line("0.01"))
    assert str(big.total) == "90071992547409.94"


def test_defect5_a_new_rate_does_not_change_what_came_before_it():
    """A rate was edited in place: lines of before got the new one, or kept the old one, as it happened."""
    terms = rule(component(rates=(rate("10"), rate("20", "16"))))
    assert amounts(settled(terms, line("100", "15"), line("200", "16"))) == ["10.00", "40.00"]


def test_defect6_a_part_payment_earns_its_part_on_its_own_day():
    """All or nothing: a share was due once all was paid, and then fell to the period of the invoice."""
    parts = (0, Fraction(1, 3)), (Fraction(1, 3), 1)
    march = settled(rule(), line("1000", "20", paid=parts[0]))
    april = settled(rule(), line("1000", APRIL.start, paid=parts[1]), period=APRIL)
    assert (str(march.total), str(april.total)) == ("33.33", "66.67")
    assert not april.lines[0].late


def test_defect7_what_is_below_zero_is_carried_to_the_next_period():
    """A vendor refund was made at once, each time."""
    march = settled(rule(), line("-300"))
    assert (str(march.total), str(march.carried_forward)) == ("0.00", "-30.00")
    april = settled(rule(), line("500", APRIL.start), period=APRIL, carried=Carried(march.carried_forward))
    assert (str(april.total), str(april.carried_forward)) == ("20.00", "0.00")
    assert paid(rule(negative="charge"), line("-300")) == str(Decimal("-30.00"))
