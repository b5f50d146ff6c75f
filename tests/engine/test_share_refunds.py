"""Refunds: the original's rate, what is left at the end, late ones, over-refunds, and what they take from brackets."""

from datetime import date
from decimal import Decimal

import pytest
from share_cases import APRIL, amounts, component, line, origin, paid, rate, rule, settled, told

from engine.errors import BadTerms
from engine.share_terms import Carried, Origin, Volume

CHARGE = {"negative": "charge"}


def refund(base, first, **facts):
    return line(base, origin=first, **facts)


@pytest.mark.parametrize(
    "base, first, amount",
    [
        ("-100", origin("100", "10"), "-10.00"),
        ("-33.33", origin("100", "10"), "-3.33"),
        ("-100", origin("300", "10"), "-3.33"),
        ("-100", origin("300", "10", taken="-200", taken_share="-6.66"), "-3.34"),
        ("-500", origin("100", "10"), "-10.00"),
        ("-500", origin("100", "10", taken="-40", taken_share="-4"), "-6.00"),
        ("-100", origin("100", "10", taken="-100", taken_share="-10"), "0.00"),
        ("-100", origin("100", "-4"), "4.00"),
        ("-100", origin("100", "0"), "0.00"),
        ("-1", origin("0", "50"), "-50.00"),
        ("100", origin("-100", "-10"), "10.00"),
    ],
)
def test_a_refund_takes_its_part_of_what_was_earned_and_never_more(base, first, amount):
    assert paid(rule(**CHARGE), refund(base, first)) == amount


def test_part_refunds_of_one_settlement_add_up():
    first = origin("100", "10.01")
    refunds = [refund("-33.33", first, key=f"R{row}") for row in range(3)]
    found = settled(rule(**CHARGE), *refunds, refund("-0.01", first))
    assert amounts(found) == ["-3.34", "-3.33", "-3.34", "0.00"] and str(found.total) == "-10.01"


def test_the_rate_of_today_does_not_matter():
    terms = rule(component(rates=(rate("99"),)), **CHARGE)
    assert paid(terms, refund("-100", origin("100", "10"), rate_day=date(2026, 1, 5))) == "-10.00"


def test_the_component_of_then_may_be_gone():
    found = settled(rule(component("parts"), **CHARGE), refund("-100", origin("100", "10", component_="labour")))
    assert (found.lines[0].component, amounts(found)) == ("labour", ["-10.00"])
    assert told(found, "refunds") == ["1 line of earlier components take 100.00 back"]


def test_a_refund_in_the_same_settlement_needs_no_figures():
    found = settled(rule(), line("1000", key="A"), refund("-250", Origin("A", "", Decimal(1000), Decimal(0))))
    assert amounts(found) == ["100.00", "-25.00"]
    assert told(found, "refunds") == ["Labour: 1 line take 250.00 back"]


def test_a_refund_before_its_original_in_one_settlement_is_refused():
    with pytest.raises(BadTerms, match="origin of line -250: 'A' comes later than the line that takes from it"):
        settled(rule(), refund("-250", Origin("A", "", Decimal(1000), Decimal(0))), line("1000", key="A"))


def test_what_a_refund_takes_is_given_back_where_the_refund_is_reversed():
    lines = [
        line("1000", key="A"), refund("-250", Origin("A", "", Decimal(1000), Decimal(0)), key="R"),
        refund("250", Origin("R", "", Decimal(-250), Decimal(0)))]  # fmt: skip
    assert amounts(settled(rule(), *lines)) == ["100.00", "-25.00", "25.00"]


def test_a_refund_of_a_job_takes_the_sum_of_the_line_that_opened_it():
    terms = rule(component(basis="job", rates="50"), **CHARGE)
    lines = [line("80", key="A", job="J"), line("20", key="B", job="J")]
    back = [refund(f"-{base}", Origin(key, "", Decimal(base), Decimal(0))) for key, base in (("A", 80), ("B", 20))]
    found = settled(terms, *lines, *back)
    assert amounts(found) == ["50.00", "0.00", "-50.00", "0.00"]


def test_the_volume_loses_what_counted_in_its_span_and_nothing_else():
    terms = rule(component(rates="0: 5, 1000: 10", accumulate="quarter"), **CHARGE)
    carried = Carried(volumes={"labour": Volume(Decimal(1200), Decimal(70))})
    in_span, before = (
        settled(terms, refund("-500", origin("500", "25"), rate_day=day), line("100"), carried=carried)
        for day in (date(2026, 2, 3), date(2025, 12, 3)))  # fmt: skip
    assert (amounts(in_span), amounts(before)) == (["-25.00", "5.00"], ["-25.00", "10.00"])
    assert in_span.volumes["labour"] == Volume(Decimal(800), Decimal("50.00"))
    assert before.volumes["labour"] == Volume(Decimal(1300), Decimal("80.00"))


def test_a_late_line_that_was_settled_in_the_span_counted_in_it():
    """Of December, settled in January: what its refund takes counted in this year."""
    terms = rule(component(rates="0: 5, 1000: 10", accumulate="year"), **CHARGE)
    first = Origin("A", "labour", Decimal(500), Decimal(25), settled=date(2026, 1, 1))
    carried = Carried(volumes={"labour": Volume(Decimal(1200), Decimal(70))})
    found = settled(terms, refund("-500", first, rate_day=date(2025, 12, 3)), line("100"), carried=carried)
    assert amounts(found) == ["-25.00", "5.00"]


def test_without_an_original_it_is_a_line_below_zero_at_the_rate_of_its_rate_day():
    terms = rule(component(rates=(rate("10"), rate("12", "10"))), **CHARGE)
    assert paid(terms, line("-100", "20", rate_day="5")) == "-10.00"


def test_what_is_more_than_was_earned_is_carried_to_the_next_period():
    """Sold and settled in March, credited in April, when nothing else was sold; May pays less."""
    terms = rule()
    april = settled(terms, refund("-100", origin("100", "10"), on=APRIL.start), period=APRIL)
    assert (str(april.total), str(april.carried_forward)) == ("0.00", "-10.00")
    assert [(one.kind, str(one.amount)) for one in april.lines] == [("share", "-10.00"), ("carried_forward", "10.00")]
