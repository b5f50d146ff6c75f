"""Brackets: marginal and for the whole, over periods, months, quarters and years, reaching back or not."""

from datetime import date
from decimal import Decimal

import pytest
from share_cases import (
    APRIL,
    MARCH,
    QUARTER,
    amounts,
    component,
    line,
    paid,
    rate,
    rule,
    settled,
    told,
)

from engine.errors import BadTerms
from engine.revenue_share import Reckoning
from engine.share_terms import Carried, Facts, Origin, Volume

LADDER = "0: 5, 1000: 10, 5000: 20"


def ladder(rates=LADDER, **terms):
    return component(rates=rates, **terms)


def volumes(base, share, **more):
    return Carried(volumes={"labour": Volume(Decimal(base), Decimal(share))}, **more)


@pytest.mark.parametrize(
    "base, marginal, slab",
    [
        ("999.99", "50.00", "50.00"),
        ("1000", "50.00", "100.00"),
        ("1000.10", "50.01", "100.01"),
        ("5000", "450.00", "1000.00"),
        ("5500", "550.00", "1100.00"),
        ("-1000", "-50.00", "-50.00"),
        ("0", "0.00", "0.00"),
    ],
)
def test_an_edge_belongs_to_the_bracket_that_begins_there(base, marginal, slab):
    found = [
        paid(rule(ladder(bracket_rule=how), negative="charge"), line(base)) for how in ("marginal", "slab")]
    assert found == [marginal, slab]


def test_lines_climb_one_after_another():
    found = settled(rule(ladder()), line("600"), line("800"), line("3700"))
    assert amounts(found) == ["30.00", "60.00", "380.00"] and [one.rate for one in found.lines] == [None] * 3
    assert told(found, "bracket") == [
        "Labour: 1000.00 from 0.00 on at 5 %", "Labour: 4000.00 from 1000.00 on at 10 %",
        "Labour: 100.00 from 5000.00 on at 20 %"]  # fmt: skip
    assert told(found, "volume") == ["Labour: 0.00 before, 5100.00 now"]


def test_the_whole_at_the_bracket_reached_by_all_lines_of_the_period():
    found = settled(rule(ladder(bracket_rule="slab")), line("600"), line("800"))
    assert amounts(found) == ["60.00", "80.00"] and [str(one.rate) for one in found.lines] == ["10", "10"]


# --- spans ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "accumulate, period, amount",
    [
        ("period", MARCH, "5.00"),
        ("month", MARCH, "5.00"),
        ("quarter", MARCH, "10.00"),
        ("quarter", APRIL, "5.00"),
        ("year", APRIL, "10.00"),
        ("year", MARCH, "10.00"),
    ],
)
def test_brackets_add_up_over_calendar_spans(accumulate, period, amount):
    terms = rule(ladder(accumulate=accumulate))
    found = settled(terms, line("100", period.start), period=period, carried=volumes("2000", "150"))
    assert str(found.total) == amount


def test_a_span_that_is_over_is_forgotten_even_where_settlements_have_a_gap():
    """The settlement before is of November; the year began anew in January, the quarter in January, too."""
    terms, before = rule(ladder(accumulate="year")), volumes("2000", "150", until=date(2025, 12, 1))
    assert paid(terms, line("100"), carried=before) == "5.00"
    assert paid(terms, line("100"), carried=volumes("2000", "150", until=date(2026, 2, 1))) == "10.00"


def test_months_within_a_quarter_add_up_by_themselves():
    terms = rule(ladder(accumulate="month"))
    found = settled(terms, line("1500", "01-10"), line("1500", "02-10"), line("100", "02-20"), period=QUARTER)
    assert amounts(found) == ["100.00", "100.00", "10.00"]
    slab = rule(ladder(accumulate="month", bracket_rule="slab"))
    found = settled(slab, line("1500", "01-10"), line("900", "02-10"), period=QUARTER)
    assert amounts(found) == ["150.00", "45.00"]


def test_a_late_line_counts_in_the_span_in_which_it_is_settled():
    terms = rule(ladder(accumulate="month"))
    found = settled(terms, line("900", "02-27"), line("200", "1"))
    assert amounts(found) == ["45.00", "15.00"] and told(found, "volume") == ["Labour: 0.00 before, 1100.00 now"]


def test_volumes_go_from_one_period_to_the_next():
    terms = rule(ladder(accumulate="year"))
    first = settled(terms, line("900"))
    assert first.volumes == {"labour": Volume(Decimal(900), Decimal("45.00"))}
    second = settled(terms, line("200", APRIL.start), period=APRIL, carried=Carried(volumes=first.volumes))
    assert amounts(second) == ["15.00"]
    assert second.volumes == {"labour": Volume(Decimal(1100), Decimal("60.00"))}


def test_a_period_without_lines_hands_the_volume_on():
    terms = rule(ladder(accumulate="year"))
    assert settled(terms, carried=volumes("900", "45")).volumes == volumes("900", "45").volumes


def test_a_new_rate_goes_on_where_the_old_one_stood():
    terms = rule(ladder((rate(LADDER), rate("0: 1, 1000: 2", "16"))))
    assert amounts(settled(terms, line("1500", "15"), line("100", "16"))) == ["100.00", "2.00"]


# --- reaching back ------------------------------------------------------------------------------------------


def test_reaching_a_bracket_reprices_what_was_settled_before():
    terms = rule(ladder(bracket_rule="slab", accumulate="quarter", retroactive=True))
    found = settled(terms, line("400"), carried=volumes("900", "45"))
    assert [(one.kind, str(one.base), str(one.rate), str(one.amount)) for one in found.lines] == [
        ("share", "400", "10", "40.00"), ("retroactive", "900", "10", "45.00")]  # fmt: skip
    assert told(found, "retroactive") == ["Labour: 900.00 at 10 % instead of 45.00"]
    assert found.volumes == {"labour": Volume(Decimal(1300), Decimal("130.00"))}


def test_without_reaching_one_nothing_is_repriced():
    terms = rule(ladder(bracket_rule="slab", accumulate="quarter", retroactive=True))
    assert amounts(settled(terms, line("50"), carried=volumes("900", "45"))) == ["2.50"]


def test_not_retroactive_is_the_new_rate_for_new_lines_only():
    terms = rule(ladder(bracket_rule="slab", accumulate="quarter"))
    assert amounts(settled(terms, line("400"), carried=volumes("900", "45"))) == ["40.00"]


def test_a_refund_below_a_bracket_takes_the_repricing_back():
    terms = rule(ladder(bracket_rule="slab", accumulate="quarter", retroactive=True), negative="charge")
    first = settled(terms, line("1300", key="A"))
    refund = line("-400", origin=Origin("A", "labour", Decimal(1300), Decimal(130), settled=MARCH.start))
    found = settled(terms, refund, carried=Carried(volumes=first.volumes))
    assert amounts(found) == ["-40.00", "-45.00"]  # 900 at 5 % is what stays


def test_a_new_rate_does_not_reprice_what_was_settled_at_the_old_one():
    rates = (rate(LADDER), rate("0: 7, 1000: 14", "1"))
    terms = rule(ladder(rates, bracket_rule="slab", accumulate="quarter", retroactive=True))
    assert amounts(settled(terms, line("1100"), carried=volumes("900", "45"))) == ["154.00"]


# --- in a stream ----------------------------------------------------------------------------------------------


def test_a_stream_needs_totals_for_the_whole_and_says_so():
    terms = rule(ladder(bracket_rule="slab"))
    stream = Reckoning(terms, MARCH)
    assert stream.needs_totals and not Reckoning(rule(ladder()), MARCH).needs_totals
    with pytest.raises(BadTerms, match="'labour' has brackets for the whole: what all its lines come to must be"):
        list(stream.settle([line("1500")]))


def test_totals_may_be_given_or_measured():
    terms, lines = rule(ladder(bracket_rule="slab")), [line("600"), line("800")]
    given = Reckoning(terms, MARCH, facts=Facts(totals={"labour": Volume(Decimal(1400))}))
    measured = Reckoning(terms, MARCH)
    measured.measure(lines[:1])
    measured.measure(lines[1:])
    assert not given.needs_totals
    for stream in (given, measured):
        assert [str(one.amount) for one in stream.settle(lines)] == ["60.00", "80.00"]
        assert str(stream.close().total) == "140.00"
