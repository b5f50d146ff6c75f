"""Prices that follow an index, and the lines a revision touches."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadAmount, BadOption, BadTerms, MissingIndex
from engine.indexation import IndexClause, Series, index_price, revised_inputs
from engine.period import Period
from engine.price_revision import PricedLine, plan_revision

CPI = {"2024": Decimal("105.65"), "2025": Decimal("110.5"), "2026": Decimal("114.25"), "2027": Decimal("112.00")}


def a_series(values=CPI, **terms):
    return Series("CPI", values, **terms)


def a_clause(**terms):
    bounds = {name: Decimal(str(terms[name])) for name in ("cap", "floor", "cap_over_term") if name in terms}
    return IndexClause("2024", **{**terms, **bounds})


def prices(clause, periods=("2025", "2026"), price="1000", series=None):
    result = index_price(Decimal(price), clause, series or a_series(), periods)
    return [str(revision.price) for revision in result.revisions]


@pytest.mark.parametrize("method", ["base", "chained"])
@pytest.mark.parametrize("round_at", ["step", "end"])
def test_row_8_both_methods_give_1081_40(method, round_at):
    """contracts.md 5 row 8: 1,045.91 then 1,081.40; the base-period change added on top counts twice and
    gives 1,127.31 (MicrosoftDocs/dynamics-365-unified-operations-public#4405)."""
    assert prices(a_clause(method=method, round_at=round_at)) == ["1045.91", "1081.40"]


@pytest.mark.parametrize(
    "terms, expected",
    [
        ({"cap": 3}, ["1030.00", "1060.90", "1040.01"]),  # 2026: 3.39 percent, capped; 2027 falls from there
        ({"cap": 3, "method": "base"}, ["1030.00", "1060.90", "1060.10"]),  # what the cap held back is caught up
        ({"floor": 0}, ["1045.91", "1081.40", "1081.40"]),  # a falling index, floor of nothing
        ({"floor": 2}, ["1045.91", "1081.40", "1103.03"]),
        ({"floor": -1}, ["1045.91", "1081.40", "1070.59"]),
        ({"floor": -5}, ["1045.91", "1081.40", "1060.10"]),
        ({"cap_over_term": 7}, ["1045.91", "1070.00", "1048.93"]),
        ({"cap": 3, "floor": 3}, ["1030.00", "1060.90", "1092.73"]),
        ({"cap": 10, "floor": 10, "cap_over_term": 15}, ["1100.00", "1150.00", "1150.00"]),
    ],
)
def test_row_8_caps_and_floors(terms, expected):
    """contracts.md 5 row 8: negative index with floor, cap per year and over the term."""
    assert prices(a_clause(**terms), ["2025", "2026", "2027"]) == expected


def test_the_bound_that_held_is_named():
    result = index_price(Decimal(1000), a_clause(cap=3), a_series(), ["2025"])
    assert result.revisions[0].bound == "cap" and [step.label for step in result.steps] == ["agreed", "indexed", "cap"]
    assert index_price(Decimal(1000), a_clause(cap=5), a_series(), ["2025"]).revisions[0].bound is None


def test_row_8_rounding_each_step_or_at_the_end():
    """contracts.md 5 row 8: rounding each step against rounding at the end."""
    series = a_series({"2024": Decimal(100), "2025": Decimal("100.5"), "2026": Decimal("101.0")})
    clause = {"rounding": Decimal(1)}
    assert prices(a_clause(**clause), price="100", series=series) == ["101", "102"]  # 100.5 carried as 101
    assert prices(a_clause(**clause, round_at="end"), price="100", series=series) == ["101", "101"]


@pytest.mark.parametrize(
    "series, words",
    [
        (a_series({**CPI, "2026": None}), "index CPI: '2026' has no value"),
        (a_series({"2024": Decimal(100), "2025": Decimal(101)}), "index CPI: '2026' has no value"),
        (a_series({key: CPI[key] for key in ("2025", "2026")}), "index CPI: '2024' has no value"),
        (a_series(provisional=frozenset({"2026"})), "index CPI: '2026' is provisional"),
    ],
)
def test_row_8_a_missing_or_provisional_value_blocks(series, words):
    """contracts.md 5 row 8: missing, provisional: named, never guessed."""
    with pytest.raises(MissingIndex, match=words):
        prices(a_clause(), series=series)


def test_a_clause_may_take_provisional_values_and_revised_ones_are_told():
    """contracts.md 5 row 8: a revised index."""
    series = a_series(provisional=frozenset({"2026"}))
    used = index_price(Decimal(1000), a_clause(accept_provisional=True), series, ["2025", "2026"])
    assert str(used.price) == "1081.40"
    assert revised_inputs(used, series) == ()
    assert revised_inputs(used, a_series({**CPI, "2026": Decimal("114.30")})) == (
        ("2026", Decimal("114.25"), Decimal("114.30")),
    )


@pytest.mark.parametrize("value", [Decimal(0), Decimal(-1), 1.5])
def test_what_is_no_index_value(value):
    with pytest.raises(BadAmount, match="CPI"):
        prices(a_clause(), series=a_series({**CPI, "2026": value}))


@pytest.mark.parametrize(
    "terms, error",
    [
        ({"method": "compound"}, BadOption),
        ({"round_at": "never"}, BadOption),
        ({"cap": 2, "floor": 3}, BadTerms),
        ({"floor": -100}, BadTerms),
    ],
)
def test_clauses_that_are_refused(terms, error):
    with pytest.raises(error):
        a_clause(**terms)


def test_without_a_revision_the_price_is_the_price():
    assert str(index_price(Decimal("99.999"), a_clause(), a_series(), []).price) == "100.00"


# --- laws -------------------------------------------------------------------------------------------

values = st.lists(st.decimals("50", "200", places=2), min_size=2, max_size=8)
amounts = st.decimals("1", "100000", places=2)


@given(amounts, values)
def test_unbounded_and_unrounded_both_methods_are_one(price, index):
    series = a_series(dict(enumerate(index)))
    periods = list(range(1, len(index)))
    base, chained = (
        index_price(price, IndexClause(0, method=method, round_at="end"), series, periods).revisions
        for method in ("base", "chained")
    )
    assert base == chained


@given(amounts, values, st.sampled_from(["base", "chained"]), st.integers(-20, 20), st.integers(0, 20))
def test_no_step_leaves_its_bounds(price, index, method, floor, more):
    cap = floor + more
    clause = IndexClause(0, method, Decimal(cap), Decimal(floor), round_at="end")
    before = Fraction(price)
    result = index_price(price, clause, a_series(dict(enumerate(index))), range(1, len(index)))
    # The bounds hold for exact prices; each shown one is within half a cent of its own.
    low, high = before, before
    for revision in result.revisions:
        low, high = low * (100 + floor) / 100, high * (100 + cap) / 100
        assert low - Fraction(1, 200) <= Fraction(revision.price) <= high + Fraction(1, 200)


# --- which lines --------------------------------------------------------------------------------------

ON = date(2026, 4, 1)


@pytest.mark.parametrize(
    "terms, revise, reason",
    [
        ({}, True, "in force on that day"),
        ({"end": date(2026, 4, 2)}, True, "in force on that day"),
        ({"end": ON}, False, "it ended before that day"),
        ({"start": ON}, True, "in force on that day"),
        ({"start": date(2026, 4, 2)}, False, "it begins after that day"),
        ({"cancelled": True}, False, "it is cancelled"),
        ({"never_revise": True}, False, "it is marked as never to be revised"),
        ({"revised_on": frozenset({ON})}, False, "it was revised for that day already"),
        ({"revised_on": frozenset({date(2025, 4, 1)})}, True, "in force on that day"),
        ({"billed_until": ON}, True, "in force on that day"),
        ({"billed_until": date(2026, 7, 1)}, True, "billed in advance: correct what was billed"),
    ],
)
def test_row_9_a_revision_skips_what_it_must_not_touch(terms, revise, reason):
    """contracts.md 5 row 9: ended, future, cancelled, never revise; twice the same day is once; billed ahead."""
    (verdict,) = plan_revision([PricedLine("line", **{"start": date(2026, 1, 1), "end": None, **terms})], ON)
    assert (verdict.revise, verdict.reason) == (revise, reason)
    ahead = terms.get("billed_until", ON) > ON
    assert verdict.correct == (Period(ON, date(2026, 7, 1)) if ahead else None)
