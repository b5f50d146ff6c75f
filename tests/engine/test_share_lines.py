"""What a line earns: bases, rates and their days, kinds, products and categories, jobs, standards, payouts."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from share_cases import MARCH, amounts, component, line, paid, payout, rate, rule, settled, told

from engine.errors import BadTerms
from engine.share_terms import Carried, Measured


def rated(*starts):
    """Components of one rate each: "10" always, ("04-01", "12") from a day on."""
    return tuple(rate(*reversed(row)) if isinstance(row, tuple) else rate(row) for row in starts)


@pytest.mark.parametrize(
    "terms, facts, amount",
    [
        ({"rates": "10"}, {}, "10.00"),
        ({"rates": "10", "direction": "pays"}, {}, "-10.00"),
        ({"rates": "30", "basis": "margin"}, {"cost": "60"}, "12.00"),
        ({"rates": "30", "basis": "margin"}, {"cost": "130"}, "-9.00"),
        ({"rates": "50", "basis": "job"}, {"quantity": "4"}, "50.00"),
        ({"rates": "2.5", "basis": "unit"}, {"quantity": "4"}, "10.00"),
        ({"rates": "0.0125", "basis": "usage"}, {"quantity": "1000"}, "12.50"),
        ({"rates": "10"}, {"fx": "1.2345"}, "12.35"),
        ({"rates": "10"}, {"fx": Fraction(1, 3)}, "3.33"),
        ({"rates": "30", "basis": "margin"}, {"cost": "60", "fx": "0.5"}, "6.00"),
        ({"rates": "50", "basis": "job"}, {"fx": "7"}, "50.00"),
        ({"rates": (rate("6", hit="9"),)}, {"standard_met": True}, "9.00"),
        ({"rates": (rate("6", hit="9"),)}, {"standard_met": False}, "6.00"),
        ({"rates": (rate("20", hit="35"),), "basis": "job"}, {"standard_met": True}, "35.00"),
        ({"rates": "0: 5, 40: 10"}, {}, "8.00"),
        ({"rates": "0: 5, 40: 10", "bracket_rule": "slab"}, {}, "10.00"),
        ({"rates": "0: 1, 3: 2", "basis": "usage"}, {"quantity": "5"}, "7.00"),
        ({"rates": "0: 40, 1: 60", "basis": "job"}, {}, "40.00"),
    ],
)
def test_what_a_line_of_100_earns(terms, facts, amount):
    assert paid(rule(component(**terms), negative="charge"), line("100", **facts)) == amount


@pytest.mark.parametrize(
    "base, expected", [("0.05", "0.01"), ("0.04", "0.00"), ("-0.05", "-0.01"), ("-0.04", "0.00"), ("1E+3", "100.00")]
)
def test_half_a_cent_is_rounded_away_from_zero(base, expected):
    assert amounts(settled(rule(negative="charge"), line(base)))[0] == expected


@pytest.mark.parametrize(
    "currency, payable, base, expected",
    [
        ("1", None, "12345", "1235"),
        ("0.001", None, "12.345", "1.235"),
        ("0.01", "1", "12345", "1235.00"),
        ("0.01", "0.05", "1.27", "0.15"),
        ("0.01", "0.03", "1.27", "0.12"),
    ],
)
def test_currencies_and_payable_units(currency, payable, base, expected):
    """JPY, KWD, whole TWD, steps of 0.05 CHF."""
    terms = {"currency_rounding": currency} | ({"payable": payable} if payable else {})
    assert paid(rule(**terms), line(base)) == expected


# --- rates and their days -------------------------------------------------------------------------------


def test_a_rate_counts_from_its_day_on():
    terms = rule(component(rates=rated("10", ("16", "12"))))
    assert amounts(settled(terms, line("100", "15"), line("100", "16"))) == ["10.00", "12.00"]


def test_the_rate_day_decides_where_there_is_one():
    terms = rule(component(rates=rated("10", ("16", "12"))))
    assert paid(terms, line("100", "20", rate_day="15")) == "10.00"


def test_a_line_without_a_rate_shows_nothing_and_a_warning_never_the_nearest_rate():
    found = settled(rule(component(rates=rated(("16", "12")))), line("100", "15"), line("50", "16"))
    assert amounts(found) == ["0.00", "6.00"] and found.warnings == (("no_rate", "100"),)
    assert found.lines[0].warning == "no_rate" and found.lines[0].rate is None
    assert told(found, "unpaid") == ["Labour: 1 line, 100.00: no rate was in force"]


def test_a_component_that_has_ended_is_no_rate_either():
    found = settled(rule(component(end="10")), line("100", "10"))
    assert found.warnings == (("no_rate", "100"),)
    assert told(found, "unpaid") == ["1 line, 100.00: no rate was in force"]


def test_versions_of_a_component_follow_each_other():
    terms = rule(component(end="10"), component(rates="20", start="10"))
    assert amounts(settled(terms, line("100", "9"), line("100", "10"))) == ["10.00", "20.00"]


def test_late_lines_are_marked_and_get_the_rate_of_their_day():
    terms = rule(component(rates=rated("10", ("01", "12"))))
    found = settled(terms, line("100", date(2026, 2, 28)), line("100", "1"))
    assert [(one.late, str(one.amount)) for one in found.lines] == [(True, "10.00"), (False, "12.00")]


# --- which component ------------------------------------------------------------------------------------


def test_the_closest_component_earns_the_line():
    terms = rule(
        component("all", "1"), component("labour", "2", kinds="labour"), component("pumps", "3", categories="pumps"),
        component("seals", "4", categories="seals"), component("gold", "5", products="seal-7"),
        component("pump_labour", "6", categories="pumps", kinds="labour"))  # fmt: skip
    rows = [
        ("travel", "", ()), ("labour", "", ()), ("parts", "x", ("pumps", "root")), ("parts", "x", ("seals", "pumps")),
        ("labour", "x", ("seals", "pumps")), ("parts", "seal-7", ("seals", "pumps")),
        ("labour", "", ("pumps",))]  # fmt: skip
    lines = [
        line("100", key=str(row), kind=kind, product=product, categories=path)
        for row, (kind, product, path) in enumerate(rows)
    ]
    assert [one.component for one in settled(terms, *lines).lines] == [
        "all", "labour", "pumps", "seals", "seals", "gold", "pump_labour"]  # fmt: skip


def test_a_line_for_which_nothing_is_shows_a_warning():
    found = settled(rule(component(kinds="parts")), line("100", kind="labour"), line("10", kind="parts"))
    assert amounts(found) == ["0.00", "1.00"] and found.warnings == (("no_component", "100"),)
    assert told(found, "unpaid") == ["1 line, 100.00: no component is for them"]


def test_two_components_equally_close_on_one_day_are_a_contradiction():
    terms = rule(component("a", kinds="labour"), component("b", kinds="labour parts", start="10"))
    assert paid(terms, line("100", "9", kind="labour")) == "10.00"
    with pytest.raises(BadTerms, match=r"\['a', 'b'\] fit a line of 2026-03-10 \(labour\) equally well"):
        paid(terms, line("100", "10", kind="labour"))


# --- margins, jobs, units, standards ----------------------------------------------------------------------


def test_a_margin_without_a_cost_is_nothing_and_a_warning():
    found = settled(rule(component(basis="margin", rates="30")), line("100"), line("50", cost="0"))
    assert amounts(found) == ["0.00", "15.00"] and found.warnings == (("no_cost", "100"),)


def test_a_standard_that_nobody_knows_is_the_lower_rate_and_a_warning():
    found = settled(rule(component(rates=(rate("6", hit="9"),))), line("100"), line("200", standard_met=True))
    assert amounts(found) == ["6.00", "18.00"] and found.warnings == (("no_standard", "100"),)
    assert told(found, "share") == [
        "Labour: 1 line, 100.00 at 6 %, standard not met", "Labour: 1 line, 200.00 at 9 %, standard met"]


def test_a_job_is_paid_once_however_many_lines_it_has():
    terms = rule(component(basis="job", rates="50"))
    lines = [line("10", key=f"L{row}", job=job) for row, job in enumerate(["J1", "J1", "", "", "J2", "J3"])]
    found = settled(terms, *lines, line("-10", job="J4"), carried=Carried(jobs=frozenset({"J2"})))
    assert amounts(found) == ["50.00", "0.00", "50.00", "50.00", "0.00", "50.00", "0.00"]
    assert told(found, "share") == ["Labour: 7 lines, 4 jobs at 50"]


@pytest.mark.parametrize("terms", [{"basis": "unit"}, {"basis": "margin"}])
def test_a_credit_note_takes_away_whatever_the_sign_of_its_quantity_and_cost(terms):
    """Quantities and costs of a credit note stand without a sign in some ledgers."""
    terms = rule(component(**terms), negative="charge")
    first, second = (settled(terms, line("-100", quantity=sign + "4", cost=sign + "60")).total for sign in ("", "-"))
    assert first == second < 0


# --- payouts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "figure, sample, amount, warnings",
    [
        ("94.999", 40, "5.00", ()),
        ("95", 40, "10.00", ()),
        ("89.99", 40, "0.00", ()),
        ("100", 19, "8.00", (("few_cases", "labour"),)),
        (None, 0, "8.00", (("no_figure", "labour"),)),
    ],
)
def test_a_share_is_paid_out_by_compliance(figure, sample, amount, warnings):
    terms = rule(component(payout=payout(minimum=20, otherwise=Decimal(80))))
    value = None if figure is None else Decimal(figure)
    found = settled(terms, line("100"), figures={"compliance": Measured(value, sample)})
    assert (amounts(found), found.warnings) == ([amount], warnings)


def test_a_figure_of_which_low_is_good():
    terms = rule(component(payout=payout("8: 50, 4: 100", "hours", high_is_good=False)))
    found = [paid(terms, line("100"), figures={"hours": Measured(Decimal(hours), 9)}) for hours in ("4", "4.01", "9")]
    assert found == ["10.00", "5.00", "0.00"]


def test_the_rate_told_times_the_base_is_the_amount():
    terms = rule(component(payout=payout()), component("fee", "4", kinds="fee", direction="pays"))
    found = settled(
        terms, line("200"), line("100", kind="fee"), figures={"compliance": Measured(Decimal(92), 9)})
    assert [(str(one.base), str(one.rate), str(one.amount)) for one in found.lines] == [
        ("200", "5", "10.00"), ("100", "-4", "-4.00")]  # fmt: skip
    assert told(found, "payout") == ["Labour: compliance 92 of 9 cases: 50 % is paid out"]


# --- parts that are paid ------------------------------------------------------------------------------------


def test_part_payments_are_differences_of_rounded_cumulative_shares():
    third, lines = Fraction(1, 3), []
    for row in range(3):
        lines.append(line("1000", key=f"P{row}", paid=(row * third, (row + 1) * third)))
    assert amounts(settled(rule(), *lines)) == ["33.33", "33.34", "33.33"]


def test_a_payment_by_another_rate_than_before_catches_up():
    terms = rule(component(rates=rated("10", ("16", "12"))))
    half = Fraction(1, 2)
    assert paid(terms, line("1000", "20", paid=(half, 1))) == "60.00"
    assert paid(terms, line("1000", "20", paid=(half, 1), shared="50")) == "70.00"
    assert paid(rule(), line("1000", paid=(half, 1), shared="50.01")) == "49.99"


def test_a_payment_taken_back_takes_its_share_back():
    terms = rule(negative="charge")
    assert paid(terms, line("1000", paid=(1, 0), shared="100")) == "-100.00"
    assert paid(terms, line("1000", paid=(1, Fraction(1, 3)))) == "-66.67"


def test_a_job_paid_in_parts_is_one_job():
    terms, half = rule(component(basis="job", rates="50.01")), Fraction(1, 2)
    first = settled(terms, line("100", job="J", paid=(0, half)), line("30", job="J"))
    assert amounts(first) == ["25.01", "0.00"]
    again = settled(
        terms, line("100", job="J", paid=(half, 1), shared="25.01"), line("30", job="J", paid=(half, 1), shared="0"),
        carried=Carried(jobs=frozenset({"J"})))
    assert amounts(again) == ["25.00", "0.00"]


# --- the period -----------------------------------------------------------------------------------------------


def test_a_line_after_the_period_is_refused():
    with pytest.raises(ValueError, match="day of line 100: '2026-04-01' lies after the period"):
        settled(rule(), line("100", MARCH.end))


def test_without_lines_there_is_nothing():
    found = settled(rule())
    assert (found.lines, str(found.total), found.split, found.warnings) == ((), "0.00", (), ())
