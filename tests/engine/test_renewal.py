"""Renewal: five kinds, each missed term once, the same answer whenever it is asked."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadCount, BadOption, BadPeriod, BadTerms
from engine.recurrence import contiguous, periods
from engine.renewal import RenewalTerms, applied, due_renewals, next_term, renew_by_hand


def day(text):
    return text and date.fromisoformat(text)


def a_term(kind="automatic", start="2026-01-01", end="2027-01-01", **terms):
    return RenewalTerms(kind, day(start), day(end), **terms)


def labels(terms, today):
    return [renewal.period.label for renewal in due_renewals(terms, day(today)).renewals]


@pytest.mark.parametrize(
    "today, expected, status",
    [
        ("2026-12-31", [], "in_term"),  # the last day in force
        ("2027-01-01", ["2027"], "in_term"),
        ("2027-12-31", ["2027"], "in_term"),
        ("2028-01-01", ["2027", "2028"], "in_term"),
    ],
)
def test_an_automatic_renewal_begins_where_the_term_ends(today, expected, status):
    assert labels(a_term(), today) == expected
    assert due_renewals(a_term(), day(today)).status == status


@pytest.mark.parametrize(
    "kind, terms, today, expected, status",
    [
        ("manual", {}, "2027-01-01", [], "lapsed"),
        ("manual", {"grace_days": 30}, "2027-01-30", [], "grace"),
        ("manual", {"grace_days": 30}, "2027-01-31", [], "lapsed"),
        ("none", {"grace_days": 30}, "2027-01-01", [], "lapsed"),
        ("automatic", {"do_not_renew": True, "grace_days": 30}, "2027-01-01", [], "lapsed"),
        ("automatic", {"maximum": 0}, "2027-01-01", [], "lapsed"),
        ("automatic", {"maximum": 1}, "2030-01-01", ["2027"], "lapsed"),
        ("automatic", {"maximum": 3, "renewed": 2}, "2030-01-01", ["2027"], "lapsed"),
        ("automatic", {"maximum": 1, "grace_days": 10}, "2028-01-10", ["2027"], "grace"),
        ("automatic", {"on_hold": "disputed"}, "2027-06-01", [], "held"),
        ("automatic", {"on_hold": "disputed"}, "2026-06-01", [], "in_term"),
        ("evergreen", {"unit": "quarter"}, "2027-04-01", ["2027 Q1", "2027 Q2"], "in_term"),
        ("extension", {"unit": "month"}, "2027-01-15", ["2027-01"], "in_term"),
    ],
)
def test_kinds(kind, terms, today, expected, status):
    result = due_renewals(a_term(kind, **terms), day(today))
    assert [renewal.period.label for renewal in result.renewals] == expected and result.status == status
    assert result.steps or status == "in_term"


def test_an_extension_keeps_its_price_and_a_renewal_revises_it():
    assert [renewal.reprice for renewal in due_renewals(a_term("extension"), day("2027-01-01")).renewals] == [False]
    assert [renewal.reprice for renewal in due_renewals(a_term(), day("2027-01-01")).renewals] == [True]


def test_row_13_an_evergreen_contract_without_end_has_nothing_to_renew():
    """contracts.md 5 row 13: no end date, ten years on."""
    result = due_renewals(a_term("evergreen", end=None), day("2036-06-01"))
    assert (result.renewals, result.status, result.end) == ((), "in_term", None)


def test_row_13_an_evergreen_contract_has_no_maximum():
    """contracts.md 5 row 13: max renewals."""
    assert len(labels(a_term("evergreen", unit="month"), "2036-12-31")) == 120
    with pytest.raises(BadTerms, match="evergreen"):
        a_term("evergreen", maximum=3)


def test_row_13_a_suspended_contract_is_held_and_catches_up_when_released():
    """contracts.md 5 row 13: renewal of a suspended or disputed contract."""
    held = a_term(unit="month", on_hold="suspended")
    assert labels(held, "2027-03-15") == []
    assert labels(a_term(unit="month"), "2027-03-15") == ["2027-01", "2027-02", "2027-03"]


def test_row_13_three_weeks_without_the_scheduled_action_lose_no_weekly_term():
    """contracts.md 5 row 13: cron off for three weeks then on: each term once, numbered for its price and key."""
    terms = a_term(end="2026-01-08", unit="week")
    result = due_renewals(terms, day("2026-01-29"))
    assert [(renewal.number, str(renewal.period.start)) for renewal in result.renewals] == [
        (1, "2026-01-08"),
        (2, "2026-01-15"),
        (3, "2026-01-22"),
        (4, "2026-01-29"),
    ]


@pytest.mark.parametrize(
    "start, end, terms, expected",
    [
        # row 1: the anchor survives the short month
        ("2026-01-31", "2026-02-28", {"unit": "month"}, ["2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2026-02-28", "2026-03-31", {"unit": "month", "anchor_day": 31}, ["2026-04-30", "2026-05-31", "2026-06-30"]),
        # row 2: so does the leap day
        ("2024-02-29", "2027-02-28", {"unit": "year"}, ["2028-02-29", "2029-02-28", "2030-02-28"]),
        # a short first term ends on another day, which the next ones keep
        ("2026-03-15", "2027-01-01", {"unit": "year"}, ["2028-01-01", "2029-01-01", "2030-01-01"]),
    ],
)
def test_the_anchor_of_renewed_terms(start, end, terms, expected):
    found = due_renewals(a_term(start=start, end=end, **terms), day("2040-01-01")).renewals
    assert [str(renewal.period.end) for renewal in found[:3]] == expected


def test_row_2_a_leap_day_survives_terms_that_are_stored_one_by_one():
    """contracts.md 5 row 2: three short years, each renewal stored before the next: 29 February comes back."""
    terms, ends = a_term(start="2024-02-29", end="2025-02-28"), []
    for _year in range(4):
        terms = applied(terms, renew_by_hand(terms, terms.start))
        ends.append(str(terms.end))
    assert ends == ["2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]


def test_an_anchor_the_term_does_not_end_on_is_not_forced_on_it():
    assert next_term(a_term(unit="month", anchor_day=15)).label == "2027-01"
    assert next_term(a_term(unit="week", anchor_day=31)).label == "2027-01-01 to 2027-01-07"


def test_why_nothing_is_renewed_is_said():
    reasons = {
        "manual": "it is renewed by hand",
        "none": "it is not renewed",
    }
    for kind, words in reasons.items():
        assert due_renewals(a_term(kind), day("2026-06-01")).steps[0].detail == words


@pytest.mark.parametrize(
    "kind, today, terms, allowed",
    [
        ("manual", "2026-06-01", {}, True),  # ahead of the end
        ("manual", "2027-01-01", {}, False),
        ("manual", "2027-01-10", {"grace_days": 10}, True),
        ("manual", "2027-01-11", {"grace_days": 10}, False),
        ("none", "2026-06-01", {}, False),
        ("automatic", "2026-06-01", {"do_not_renew": True}, False),
        ("manual", "2026-06-01", {"maximum": 2, "renewed": 1}, True),
        ("manual", "2026-06-01", {"maximum": 2, "renewed": 2}, False),
    ],
)
def test_renewal_by_hand(kind, today, terms, allowed):
    if allowed:
        renewal = renew_by_hand(a_term(kind, **terms), day(today))
        assert renewal.period.label == "2027" and renewal.number == terms.get("renewed", 0) + 1
    else:
        with pytest.raises(BadTerms, match="renewal"):
            renew_by_hand(a_term(kind, **terms), day(today))


@pytest.mark.parametrize(
    "refused, error",
    [
        (lambda: a_term("yearly"), BadOption),
        (lambda: a_term(unit="years"), BadOption),
        (lambda: a_term(interval=0), BadCount),
        (lambda: a_term(grace_days=-1), BadCount),
        (lambda: a_term(end="2026-01-01"), BadPeriod),
        (lambda: a_term(end=None), BadTerms),
        (lambda: next_term(a_term("evergreen", end=None)), BadTerms),
    ],
)
def test_terms_that_are_refused(refused, error):
    with pytest.raises(error):
        refused()


# --- laws -------------------------------------------------------------------------------------------

starts = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(
    starts,
    st.sampled_from(["week", "month", "quarter", "year"]),
    st.integers(1, 3),
    st.one_of(st.none(), st.integers(0, 6)),
    st.lists(st.integers(0, 2000), min_size=1, max_size=8).map(sorted),
)
def test_row_13_whenever_the_action_runs_the_terms_are_the_same(start, unit, interval, maximum, runs):
    """contracts.md 5 row 13: run every night, now and then, or once: the same terms, none twice, no gap."""
    first = next(periods(start, None, interval, unit))
    terms = RenewalTerms("automatic", start, first.end, interval, unit, maximum=maximum)
    stepwise = []
    now = terms
    for run in runs:
        for renewal in due_renewals(now, start + timedelta(days=run)).renewals:
            stepwise.append(renewal)
            now = applied(now, renewal)
    at_once = due_renewals(terms, start + timedelta(days=runs[-1])).renewals
    assert tuple(stepwise) == at_once
    assert [renewal.number for renewal in at_once] == list(range(1, len(at_once) + 1))
    assert contiguous([first, *(renewal.period for renewal in at_once)])
    assert maximum is None or len(at_once) <= maximum
    # They are the periods the term would have had, had it been endless from the start.
    oracle = periods(start, None, interval, unit)
    assert [next(oracle)] + [renewal.period for renewal in at_once] == [first] + [next(oracle) for _ in at_once]


@given(starts, st.integers(0, 4000))
def test_asking_again_after_storing_finds_nothing(start, passed):
    terms = RenewalTerms("automatic", start, start + timedelta(days=90), 1, "month")
    today = start + timedelta(days=passed)
    for renewal in due_renewals(terms, today).renewals:
        terms = applied(terms, renewal)
    assert due_renewals(terms, today).renewals == () and due_renewals(terms, today).status == "in_term"
