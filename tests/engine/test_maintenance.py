"""Preventive maintenance: what falls due, what was missed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.business_days import BusinessDays
from engine.errors import BadAmount, BadCount, BadOption
from engine.maintenance import MaintenanceRule, schedule
from engine.period import Period

END = date(2027, 1, 1)


def day(text):
    return date.fromisoformat(text)


def a_rule(kind="fixed", first="2026-01-31", **terms):
    return MaintenanceRule(kind, day(first), **{"interval": 1, "unit": "quarter", **terms})


def plan(rule, today="2026-01-01", done=(), **terms):
    return schedule(rule, END, day(today), [day(text) for text in done], **terms)


def shown(found):
    return [(str(visit.due)[5:], visit.state) for visit in found.visits]


@pytest.mark.parametrize(
    "today, done, expected",
    [
        ("2026-01-23", [], "planned planned planned planned"),
        ("2026-01-24", [], "due planned planned planned"),  # from seven days before
        ("2026-02-05", [], "due planned planned planned"),  # the last day in time
        ("2026-02-06", [], "missed planned planned planned"),
        ("2026-02-06", ["2026-02-05"], "done planned planned planned"),
        ("2026-02-06", ["2026-02-06"], "late planned planned planned"),
        ("2026-02-06", ["2026-01-24"], "done planned planned planned"),
        ("2026-05-01", ["2026-04-22"], "late due planned planned"),  # before the second one opens
        ("2026-05-01", ["2026-04-23"], "missed done planned planned"),
        ("2026-12-31", ["2026-01-31", "2026-04-30", "2026-07-31"], "done done done missed"),
    ],
)
def test_fixed_days(today, done, expected):
    found = plan(a_rule(tolerance_days=5), today, done)
    assert [visit.state for visit in found.visits] == expected.split()
    assert len(found.breaches) == sum(state in ("missed", "late") for state in expected.split())


def test_fixed_days_keep_their_anchor():
    assert [due for due, _state in shown(plan(a_rule()))] == ["01-31", "04-30", "07-31", "10-31"]


def test_a_visit_nobody_promised_is_extra():
    found = plan(a_rule(), "2026-03-01", ["2026-01-10", "2026-01-31", "2026-02-20"])
    assert [str(extra) for extra in found.extra] == ["2026-01-10", "2026-02-20"]


@pytest.mark.parametrize(
    "shift, expected",
    [("none", ["01-31", "04-30"]), ("before", ["01-30", "04-29"]), ("after", ["02-02", "05-01"])],
)
def test_a_visit_on_a_closed_day_moves(shift, expected):
    calendar = BusinessDays(holidays=[day("2026-04-30")])  # 31 January is a Saturday
    found = plan(a_rule(shift=shift), calendar=calendar)
    assert [due for due, _state in shown(found)][:2] == expected
    assert str(found.visits[0].planned) == "2026-01-31"


@pytest.mark.parametrize(
    "today, done, expected",
    [
        # counted from the day of installation, then from the last visit, early ones included (OCA/maintenance#161)
        ("2026-01-01", [], [("04-30", "planned"), ("07-30", "planned"), ("10-30", "planned")]),
        (
            "2026-03-05",
            ["2026-03-01"],
            [("04-30", "done"), ("06-01", "planned"), ("09-01", "planned"), ("12-01", "planned")],
        ),
        ("2026-06-01", ["2026-05-10"], [("04-30", "late"), ("08-10", "planned"), ("11-10", "planned")]),
        ("2026-06-01", [], [("04-30", "missed")]),  # what follows depends on when it is made up
    ],
)
def test_from_the_last_visit(today, done, expected):
    assert shown(plan(a_rule("from_last"), today, done)) == expected


@pytest.mark.parametrize(
    "readings, done, expected",
    [
        ([], [], []),  # a meter never read says nothing
        (
            [("2026-01-31", 0), ("2026-03-02", 500)],
            [],
            [("04-01", True), ("05-31", True), ("07-30", True), ("09-28", True), ("11-27", True)],
        ),
        ([("2026-01-31", 0), ("2026-03-02", 1000)], [], [("03-02", False)]),
        ([("2026-01-31", 100), ("2026-03-02", 1100)], ["2026-03-03"], [("03-02", False), ("04-02", True)]),
        # replaced or rolled back: 900 on the old one, 200 on the new one
        ([("2026-01-31", 0), ("2026-02-20", 900), ("2026-03-02", 200)], [], [("03-02", False)]),
        ([("2026-01-31", 0), ("2026-02-20", 900), ("2026-03-02", 50)], [], [("03-04", True)]),
    ],
)
def test_row_25_by_meter(readings, done, expected):
    """contracts.md 5 row 25: meter replaced or rolled back."""
    rule = a_rule("meter", usage=Decimal(1000))
    found = plan(rule, "2026-03-02", done, readings=[(day(on), value) for on, value in readings])
    assert [(str(visit.due)[5:], visit.estimated) for visit in found.visits][: len(expected)] == expected
    assert bool(found.visits) == bool(expected)


PAUSE = (Period(date(2026, 4, 20), date(2026, 5, 20)),)


def test_row_15_a_visit_in_a_suspension_is_no_breach():
    """contracts.md 5 row 15: suspension over a PM visit."""
    found = plan(a_rule(), "2026-06-01", ["2026-01-31"], paused=PAUSE)
    assert [visit.state for visit in found.visits] == ["done", "suspended", "planned", "planned"]
    assert found.breaches == ()
    assert shown(plan(a_rule("from_last"), "2026-05-01", paused=PAUSE))[0] == ("05-20", "planned")


@pytest.mark.parametrize(
    "refused, error",
    [
        (lambda: a_rule("yearly"), BadOption),
        (lambda: a_rule(shift="up"), BadOption),
        (lambda: a_rule(interval=0), BadCount),
        (lambda: a_rule(tolerance_days=-1), BadCount),
        (lambda: a_rule("meter"), BadAmount),
        (lambda: a_rule("meter", usage=Decimal(0)), BadAmount),
    ],
)
def test_rules_that_are_refused(refused, error):
    with pytest.raises(error):
        refused()


def test_a_visit_on_the_day_of_installation_is_extra():
    found = plan(a_rule("from_last"), "2026-03-01", ["2026-01-30", "2026-01-31"])
    assert [str(extra) for extra in found.extra] == ["2026-01-30", "2026-01-31"]
    assert shown(found)[0] == ("04-30", "planned")
    found = plan(a_rule("from_last"), "2026-03-01", ["2026-02-01"])
    assert found.extra == () and shown(found)[0] == ("04-30", "done")


def test_a_contract_that_ends_before_its_first_visit_has_none():
    assert plan(a_rule(first="2027-01-01")).visits == () and plan(a_rule("from_last", "2026-12-01")).visits == ()


# --- laws -------------------------------------------------------------------------------------------

visits = st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=8, unique=True)
rules = st.builds(
    MaintenanceRule,
    st.sampled_from(["fixed", "from_last"]),
    st.dates(date(2026, 1, 1), date(2026, 6, 30)),
    st.integers(1, 3),
    st.sampled_from(["week", "month", "quarter"]),
    early_days=st.integers(0, 10),
    tolerance_days=st.integers(0, 10),
    shift=st.sampled_from(["none", "before", "after"]),
)


@given(rules, visits, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_every_visit_counts_once(rule, done, today):
    done = [on for on in done if on <= today]
    found = schedule(rule, END, today, done)
    used = [visit.done_on for visit in found.visits if visit.done_on]
    assert sorted([*used, *found.extra]) == sorted(done)
    assert all(visit.state in ("done", "late") for visit in found.visits if visit.done_on)
    assert [visit.number for visit in found.visits] == list(range(1, len(found.visits) + 1))


@given(rules, visits, st.dates(date(2026, 1, 1), date(2026, 12, 30)))
def test_a_breach_never_goes_away_with_time(rule, done, today):
    """Missed today is missed or late tomorrow; who asks three weeks later finds the same breaches."""
    now, later = (
        schedule(rule, END, on, [one for one in done if one <= on]) for on in (today, today + timedelta(days=1))
    )
    assert {visit.number for visit in now.breaches} <= {visit.number for visit in later.breaches}
