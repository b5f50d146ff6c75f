"""Compliance of a period: which clocks belong to it, what counts, how the rate is rounded."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from calendars import always, hours, utc
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import ClockEvent, ClockTarget, run_clock
from engine.compliance import compliance, rate
from engine.errors import BadOption, BadPeriod
from engine.period import Period

MARCH = Period.month(2026, 3, "UTC")


def a_clock(state, due="2026-03-10 12:00", stopped=None, started="2026-03-01 00:00", excused=False):
    if state == "met":
        stopped = stopped or "2026-03-10 10:00"
    return SimpleNamespace(
        state=state,
        started_at=utc(started),
        due_at=due and utc(due),
        stopped_at=stopped and utc(stopped),
        excused=excused,
    )


def counts(*clocks, period=MARCH):
    result = compliance(clocks, period)
    return result.met, result.breached, result.excused, result.running


@pytest.mark.parametrize(
    "clock, expected",
    [
        # (met, breached, excused, running)
        (a_clock("met"), (1, 0, 0, 0)),
        (a_clock("met", stopped="2026-03-01 00:00"), (1, 0, 0, 0)),  # the start belongs to the period
        (a_clock("met", stopped="2026-02-28 23:59:59"), (0, 0, 0, 0)),  # decided in February
        (a_clock("met", stopped="2026-03-31 23:59:59"), (1, 0, 0, 0)),
        (a_clock("met", stopped="2026-04-01 00:00"), (0, 0, 0, 1)),  # April's; running at the end of March
        (a_clock("met", stopped="2026-04-02 00:00", started="2026-04-01 00:00"), (0, 0, 0, 0)),
        (a_clock("met", stopped="2026-03-30 00:00", due="2026-04-02 00:00"), (1, 0, 0, 0)),  # by its stop
        (a_clock("met", due=None), (1, 0, 0, 0)),  # never due
        (a_clock("breached"), (0, 1, 0, 0)),
        (a_clock("breached", stopped="2026-03-20 00:00"), (0, 1, 0, 0)),
        (a_clock("breached", stopped="2026-04-20 00:00"), (0, 1, 0, 0)),  # by its due instant, not its stop
        (a_clock("breached", due="2026-02-28 23:59:59", stopped="2026-03-20 00:00"), (0, 0, 0, 0)),
        (a_clock("breached", due="2026-03-01 00:00"), (0, 1, 0, 0)),
        (a_clock("breached", due="2026-04-01 00:00"), (0, 0, 0, 1)),
        (a_clock("breached", excused=True), (0, 0, 1, 0)),
        (a_clock("breached", due="2026-02-10 00:00", excused=True), (0, 0, 0, 0)),
        (a_clock("met", excused=True), (1, 0, 0, 0)),  # nothing to excuse
        (a_clock("running", due="2026-04-10 00:00"), (0, 0, 0, 1)),
        (a_clock("paused"), (0, 0, 0, 1)),  # whatever its last due instant was
        (a_clock("paused", due=None), (0, 0, 0, 1)),
        (a_clock("running", started="2026-03-31 23:59:59"), (0, 0, 0, 1)),
        (a_clock("running", started="2026-04-01 00:00"), (0, 0, 0, 0)),
        (a_clock("cancelled"), (0, 0, 0, 0)),
    ],
)
def test_where_a_clock_counts(clock, expected):
    assert counts(clock) == expected


def test_a_clock_without_its_start_counts_where_it_was_decided_only():
    clock = SimpleNamespace(state="met", due_at=None, stopped_at=utc("2026-04-01 00:00"))
    assert counts(clock) == (0, 0, 0, 0)
    assert counts(clock, period=MARCH.next()) == (1, 0, 0, 0)
    assert counts(SimpleNamespace(state="running", due_at=None, stopped_at=None)) == (0, 0, 0, 1)


@pytest.mark.parametrize(
    "met, breached, shown",
    [
        (0, 0, None),  # nothing was due: neither 0 nor 100
        (1, 0, "100.00"),
        (0, 1, "0.00"),
        (2, 1, "66.67"),
        (1, 2, "33.33"),
        (7, 1, "87.50"),
        (19_999, 1, "99.99"),  # 99.995 %: half up would say 100.00 beside a breach
        (999_999, 1, "99.99"),
        (9_999, 1, "99.99"),
        (1, 999_999, "0.01"),  # nor does a kept promise vanish
        (1_999, 1, "99.95"),
    ],
)
def test_the_rate(met, breached, shown):
    clocks = [a_clock("met")] * met + [a_clock("breached")] * breached if met + breached < 100 else None
    expected = shown and Decimal(shown)
    assert rate(met, breached) == expected
    assert clocks is None or compliance(clocks, MARCH).rate == expected


def test_excused_breaches_are_neither_kept_nor_broken():
    result = compliance([a_clock("met"), a_clock("breached", excused=True)], MARCH)
    assert result.rate == Decimal("100.00") and result.excused == 1
    assert compliance([a_clock("breached", excused=True)], MARCH).rate is None


@pytest.mark.parametrize(
    "met, breached, objective, attained",
    [
        (2, 1, "66.66", True),
        (2, 1, "66.67", False),  # what is shown is rounded, what is promised is not
        (19, 1, "95", True),
        (1, 0, "100", True),
        (999_999, 1, "100", False),
        (0, 0, "95", None),
    ],
)
def test_an_objective_is_judged_on_the_unrounded_share(met, breached, objective, attained):
    clocks = [a_clock("met")] * met + [a_clock("breached")] * breached
    assert compliance(clocks, MARCH).attains(Decimal(objective)) is attained


def test_steps_say_what_was_counted():
    result = compliance([a_clock("met"), a_clock("met"), a_clock("breached"), a_clock("running")], MARCH)
    assert {step.label: step.value for step in result.steps} == {
        "met": 2,
        "breached": 1,
        "excused": 0,
        "running": 1,
        "rate": Decimal("66.67"),
    }
    assert result.steps[-1].detail == "2 met of 3 decided"
    assert compliance([], MARCH).steps[-1].detail == "n/a: nothing was due"


def test_every_cycle_of_a_reopened_clock_is_a_promise_of_its_own():
    story = [("02 00:00", "start"), ("02 09:00", "stop"), ("05 00:00", "resume"), ("05 01:00", "stop")]
    events = [ClockEvent(utc(f"2026-03-{at}"), effect) for at, effect in story]
    target = ClockTarget(hours(8), on_reopen="new_cycle")
    result = run_clock(events, target, always(), utc("2026-03-31 00:00"))
    assert counts(result) == (1, 1, 0, 0)


def test_what_compliance_refuses():
    with pytest.raises(BadPeriod, match="in_zone"):
        compliance([], Period.month(2026, 3))
    with pytest.raises(BadOption, match="state: 'late'"):
        counts(a_clock("late", due="2026-03-01 00:00"))


# --- laws ---------------------------------------------------------------------------------------

days = st.integers(0, 150).map(lambda day: f"2026-{1 + day // 30:02d}-{1 + day % 28:02d} 12:00")
clocks = st.builds(
    a_clock, st.sampled_from(["met", "breached"]), due=days, stopped=days, started=st.just("2026-01-01 00:00")
)
YEAR = [Period.month(2026, month, "UTC") for month in range(1, 13)]


@given(st.lists(clocks, max_size=12))
def test_every_decided_clock_counts_in_one_month_and_in_the_year_alike(clocks):
    months = [compliance(clocks, month) for month in YEAR]
    year = compliance(clocks, Period(YEAR[0].start, YEAR[-1].end))
    assert sum(month.met + month.breached for month in months) == year.met + year.breached == len(clocks)
    assert sum(month.met for month in months) == year.met


@given(st.integers(0, 10_000_000), st.integers(0, 10_000_000))
def test_the_rate_shown_is_honest(met, breached):
    shown = rate(met, breached)
    if met + breached == 0:
        assert shown is None
        return
    assert 0 <= shown <= 100 and shown.as_tuple().exponent == -2
    assert (shown == 100) == (breached == 0) and (shown == 0) == (met == 0)
    assert abs(shown - Decimal(100 * met) / (met + breached)) <= Decimal("0.01")


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_one_more_breach_never_raises_the_rate(met, breached):
    assert rate(met, breached + 1) <= (rate(met, breached) or Decimal(100))


def test_a_pair_of_instants_is_a_period():
    march = Period.month(2026, 3, "UTC")
    met = SimpleNamespace(state="met", due_at=march.start, stopped_at=march.start)
    assert compliance([met], (march.start, march.end)) == compliance([met], march)
