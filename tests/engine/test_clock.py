"""The clock as the contract says it: one row, one sentence of the service level agreement."""

from datetime import datetime, timedelta

import pytest
from calendars import always, hours, minutes, office, utc

from engine.clock import (
    CANCEL,
    PAUSE,
    RESTART,
    RUN,
    STOP,
    ClockEvent,
    ClockResult,
    ClockTarget,
    evaluate,
    reached_at,
    run_clock,
)
from engine.errors import BadDuration, BadOption, NaiveDatetime, NoStart

# Office hours 08:00-12:00, 13:00-17:00; 2026-03-02 is a Monday. Times are "day hour:minute" of that March.


def at(text):
    """``at("2 09:30")`` is 2 March 2026, 09:30 UTC."""
    day, clock_time = text.split()
    return utc(f"2026-03-{day:0>2} {clock_time:0>5}")


def events(text):
    """``events("2 08:00 start, 2 09:00 pause")``."""
    entries = [entry.strip().rsplit(" ", 1) for entry in text.split(",")]
    return [ClockEvent(at(when), effect) for when, effect in entries]


def clock(text, now="31 00:00", target=None, calendar=None, **terms):
    """The result of a clock of eight hours, unless the test is about another."""
    return run_clock(events(text), ClockTarget(target or hours(8), **terms), calendar or office(), at(now))


@pytest.mark.parametrize(
    "story, now, state, due, elapsed, paused",
    [
        # running
        ("2 08:00 start", "2 08:00", "running", "2 17:00", 0, 0),
        ("2 08:00 start", "2 17:00", "running", "2 17:00", 8, 0),  # at the due instant: not late
        ("2 08:00 start", "2 17:01", "breached", "2 17:00", 8, 0),  # closed, but due has passed
        ("2 08:00 start", "3 09:00", "breached", "2 17:00", 9, 0),
        ("1 10:00 start", "2 07:00", "running", "2 17:00", 0, 0),  # opened on a Sunday
        # stopped
        ("2 08:00 start, 2 17:00 stop", "31 00:00", "met", "2 17:00", 8, 0),  # at the due instant
        ("2 08:00 start, 2 17:01 stop", "31 00:00", "breached", "2 17:00", 8, 0),  # after it
        ("2 08:00 start, 3 08:00 stop", "31 00:00", "breached", "2 17:00", 8, 0),
        ("2 08:00 start, 2 08:00 stop", "31 00:00", "met", "2 17:00", 0, 0),  # nothing worked: 0
        ("2 18:00 start, 2 19:00 stop", "31 00:00", "met", "3 17:00", 0, 0),
        ("2 09:00 start, 2 08:30 stop", "31 00:00", "met", "3 09:00", 0, 0),  # answered before
        ("2 08:00 start, 2 10:00 stop, 2 18:00 stop", "31 00:00", "met", "2 17:00", 2, 0),  # no new stop
        # paused
        ("2 08:00 start, 2 10:00 pause", "5 00:00", "paused", "2 17:00", 2, 22),  # due is the last one
        ("2 08:00 start, 2 10:00 pause, 3 10:00 resume", "3 10:00", "running", "3 17:00", 2, 8),
        ("2 08:00 start, 2 10:00 pause, 3 10:00 stop", "31 00:00", "met", "3 17:00", 2, 8),
        ("2 08:00 start, 2 12:00 pause, 2 13:00 resume", "2 17:00", "running", "2 17:00", 8, 0),
        ("2 08:00 start, 2 18:00 pause, 3 07:00 resume", "3 07:00", "breached", "2 17:00", 8, 0),
        ("2 08:00 start, 2 16:00 pause, 3 09:00 resume", "3 09:00", "running", "3 10:00", 7, 2),
        ("2 08:00 start, 2 9:00 pause, 2 10:00 pause, 2 11:00 resume", "2 11:00", "running", "3 10:00", 1, 2),
        ("2 08:00 start, 2 10:00 resume", "2 10:00", "running", "2 17:00", 2, 0),  # nothing to resume
        # breached before the pause: a pause cannot heal it
        ("2 08:00 start, 2 17:30 pause", "5 00:00", "breached", "2 17:00", 8, 16),
        ("2 08:00 start, 3 09:00 pause, 4 09:00 resume", "4 12:00", "breached", "2 17:00", 12, 8),
        ("2 08:00 start, 3 09:00 pause, 4 09:00 stop", "31 00:00", "breached", "2 17:00", 9, 8),
        ("2 08:00 start, 2 17:00 pause", "2 17:00", "paused", "2 17:00", 8, 0),  # used up, not past
        # paused from the start
        ("2 08:00 start, 2 08:00 pause, 3 08:00 resume", "3 08:00", "running", "3 17:00", 0, 8),
        ("2 08:00 start, 1 08:00 pause, 3 08:00 resume", "3 08:00", "running", "3 17:00", 0, 8),
        # cancelled
        ("2 08:00 start, 2 10:00 cancel", "31 00:00", "cancelled", "2 17:00", 2, 0),
        ("2 08:00 start, 2 10:00 pause, 2 11:00 cancel", "31 00:00", "cancelled", "2 17:00", 2, 1),
        ("2 08:00 start, 3 10:00 cancel", "31 00:00", "cancelled", "2 17:00", 10, 0),  # even if late
        ("2 08:00 start, 2 10:00 stop, 4 10:00 cancel", "31 00:00", "cancelled", "2 17:00", 2, 0),
        ("2 08:00 start, 2 10:00 cancel, 2 11:00 resume", "31 00:00", "cancelled", "2 17:00", 2, 0),
        ("2 08:00 start, 2 10:00 cancel, 2 12:00 stop", "31 00:00", "cancelled", "2 17:00", 2, 0),
        ("2 08:00 start, 1 08:00 cancel", "31 00:00", "cancelled", "2 17:00", 0, 0),
        ("2 08:00 start, 1 08:00 cancel, 1 09:00 resume", "31 00:00", "cancelled", "2 17:00", 0, 0),
        # doubled and unsorted
        ("2 10:00 pause, 2 8:00 start, 3 10:00 resume, 2 8:00 start", "3 10:00", "running", "3 17:00", 2, 8),
        ("2 08:00 start, 2 09:00 start, 2 10:00 start", "2 11:00", "running", "2 17:00", 3, 0),
        ("2 08:00 stop, 2 08:00 start", "31 00:00", "met", "2 17:00", 0, 0),  # the start goes first
        # not happened yet
        ("2 08:00 start, 3 12:00 stop, 2 12:00 pause", "2 10:00", "running", "2 17:00", 2, 0),
    ],
)
def test_a_clock_of_eight_hours(story, now, state, due, elapsed, paused):
    result = clock(story, now)
    assert (result.state, result.due_at) == (state, at(due))
    assert (result.elapsed, result.paused) == (hours(elapsed), hours(paused))
    assert (result.stopped_at is not None) == (state in ("met", "breached") and "stop" in story)


@pytest.mark.parametrize(
    "on_reopen, state, due, stopped, elapsed, cycles",
    [
        # Stopped on Monday 10:00 after two hours, reopened on Tuesday 10:00, stopped again at 16:00.
        ("resume", "met", "3 17:00", "3 16:00", hours(7), []),  # two hours and five, lunch between
        ("new_cycle", "met", "4 10:00", "3 16:00", hours(5), ["met"]),
        ("final", "met", "2 17:00", "2 10:00", hours(2), []),
    ],
)
def test_a_reopened_request(on_reopen, state, due, stopped, elapsed, cycles):
    result = clock("2 08:00 start, 2 10:00 stop, 3 10:00 resume, 3 16:00 stop", on_reopen=on_reopen)
    assert (result.state, result.due_at, result.stopped_at) == (state, at(due), at(stopped))
    assert (result.elapsed, result.paused) == (elapsed, hours(0))  # closed is not paused
    assert [cycle.state for cycle in result.previous] == cycles


def test_reopened_in_time_runs_again():
    result = clock("2 08:00 start, 2 10:00 stop, 3 10:00 resume", now="3 11:00")
    assert (result.state, result.stopped_at, result.elapsed) == ("running", None, hours(3))


@pytest.mark.parametrize("now, state", [("4 10:00", "paused"), ("31 00:00", "paused")])
def test_reopened_straight_into_a_pause(now, state):
    result = clock("2 08:00 start, 2 10:00 stop, 3 10:00 pause", now=now)
    assert (result.state, result.stopped_at, result.elapsed) == (state, None, hours(2))
    assert [step.label for step in result.steps] == ["counted", "closed", "paused", "total"]


@pytest.mark.parametrize("on_reopen", ["resume", "new_cycle"])
def test_a_proven_breach_is_never_erased(on_reopen):
    result = clock("2 08:00 start, 3 09:00 stop, 4 10:00 resume, 4 11:00 stop", on_reopen=on_reopen)
    assert "breached" in [result.state, *(cycle.state for cycle in result.previous)]
    if on_reopen == "resume":
        assert result.due_at == at("2 17:00")  # a due instant once passed stays


def test_each_cycle_has_its_own_verdict_and_steps():
    story = "2 08:00 start, 3 09:00 stop, 4 08:00 resume, 4 10:00 stop, 5 08:00 pause"
    result = clock(story, now="5 12:00", on_reopen="new_cycle")
    assert [cycle.state for cycle in result.previous] == ["breached", "met"]
    assert [cycle.started_at for cycle in result.previous] == [at("2 08:00"), at("4 08:00")]
    assert (result.state, result.started_at) == ("paused", at("5 08:00"))
    assert (result.elapsed, result.paused) == (hours(0), hours(4))
    assert result.previous[1].steps[-1].value == hours(2)


def test_doubled_stops_and_reopenings_make_no_more_cycles():
    story = "2 08:00 start, 2 10:00 stop, 2 10:00 resume, 2 10:00 stop, 2 10:00 resume"
    result = clock(story, now="2 11:00", on_reopen="new_cycle")
    assert [cycle.state for cycle in result.previous] == ["met"]
    assert (result.state, result.elapsed) == ("running", hours(1))


@pytest.mark.parametrize(
    "story, state, stopped",
    [
        ("2 08:00 start, 2 10:00 stop, 2 11:00 cancel", "met", "2 10:00"),
        ("2 08:00 start, 3 09:00 stop, 3 11:00 cancel", "breached", "3 09:00"),
        ("2 08:00 start, 3 09:00 cancel", "breached", None),  # late already
        ("2 08:00 start, 2 17:00 cancel", "cancelled", None),  # at the due instant: not late
        ("2 08:00 start, 2 10:00 cancel", "cancelled", None),
        ("2 08:00 start, 2 10:00 pause, 4 10:00 cancel", "cancelled", None),  # a pause proves nothing
        ("2 08:00 start, 2 10:00 stop, 2 11:00 resume, 2 12:00 cancel", "cancelled", None),  # reopened
        ("2 08:00 start, 3 09:00 cancel, 4 09:00 stop", "breached", None),  # and nothing after
    ],
)
def test_a_cancellation_that_keeps_the_verdict(story, state, stopped):
    result = clock(story, on_cancel="keep_verdict")
    assert (result.state, result.stopped_at) == (state, stopped and at(stopped))


@pytest.mark.parametrize(
    "story, state, elapsed",
    [
        ("2 08:00 start, 2 09:00 pause, 2 16:00 resume, 2 17:00 stop", "met", hours(8)),
        ("2 08:00 start, 2 09:00 pause, 3 09:00 stop", "breached", hours(9)),
        ("2 08:00 start, 2 09:00 stop, 2 10:00 resume, 2 11:00 stop", "met", hours(2)),  # still a reopening
        ("2 08:00 start, 2 09:00 stop, 2 10:00 pause, 2 11:00 stop", "met", hours(2)),
    ],
)
def test_a_response_is_not_paused(story, state, elapsed):
    result = clock(story, pausable=False)
    assert (result.state, result.elapsed, result.paused) == (state, elapsed, hours(0))


def test_the_first_answer_is_final():
    story = "2 08:00 start, 2 10:00 stop, 2 11:00 resume, 4 10:00 stop"
    assert clock(story, on_reopen="final").stopped_at == at("2 10:00")
    cancelled = clock(story + ", 5 10:00 cancel", on_reopen="final")
    assert (cancelled.state, cancelled.stopped_at) == ("cancelled", None)


@pytest.mark.parametrize(
    "story, state", [("2 08:00 start", "running"), ("2 08:00 start, 9 08:00 stop", "met")]
)
def test_without_working_time_never_is_never_late(story, state):
    result = clock(story, calendar=office({}))
    assert (result.state, result.due_at, result.elapsed) == (state, None, hours(0))


def test_a_target_of_nothing_is_due_at_the_start():
    zero = ClockTarget(timedelta(0))
    assert run_clock(events("2 07:00 start, 2 07:00 stop"), zero, office(), at("3 00:00")).state == "met"
    assert run_clock(events("2 07:00 start, 2 07:01 stop"), zero, office(), at("3 00:00")).state == "breached"
    assert run_clock(events("2 07:00 start"), zero, office(), at("2 07:00")).due_at == at("2 07:00")


def test_fractions_of_a_second_drop_from_instants():
    story = [
        ClockEvent(utc("2026-03-02 08:00:00.9"), "start"),
        ClockEvent(utc("2026-03-02 16:00:00.9"), "stop"),
    ]
    result = run_clock(story, ClockTarget(hours(8)), always(), utc("2026-03-03 00:00"))
    assert (result.state, result.elapsed) == ("met", hours(8))


# --- the explanation ----------------------------------------------------------------------------


def test_steps_answer_why_412_minutes():
    # 08:00-10:00, paused until 11:30, then 11:30-12:00 and 13:00-17:00, and 22 minutes of Tuesday.
    result = clock("2 08:00 start, 2 10:00 pause, 2 11:30 resume, 3 08:22 stop")
    assert result.elapsed == minutes(412)
    assert [(step.label, step.value) for step in result.steps] == [
        ("counted", hours(2)),
        ("paused", hours(1.5)),
        ("counted", minutes(292)),
        ("total", minutes(412)),
    ]
    assert result.steps[0].detail == "2026-03-02 08:00:00 to 2026-03-02 10:00:00 UTC, then paused"
    assert result.steps[-1].detail == "2 counted intervals, 1 pause"


@pytest.mark.parametrize(
    "story, now, ending",
    [
        ("2 08:00 start", "2 10:00", "still running"),
        ("2 08:00 start", "4 10:00", "still running"),  # late, and still running
        ("2 08:00 start, 2 09:00 pause", "2 10:00", "still paused"),
        ("2 08:00 start, 3 10:00 pause", "4 10:00", "still paused"),  # late, and paused
        ("2 08:00 start, 2 09:00 stop", "2 10:00", "then stopped"),
        ("2 08:00 start, 2 09:00 pause, 2 10:00 stop", "2 11:00", "then stopped"),
        ("2 08:00 start, 2 09:00 cancel", "2 10:00", "then cancelled"),
        ("2 08:00 start, 2 09:00 stop, 2 10:00 resume", "2 11:00", "still running"),
    ],
)
def test_the_last_step_says_how_it_ended(story, now, ending):
    assert clock(story, now).steps[-2].detail.endswith(ending)


def test_steps_are_told_in_the_zone_of_the_calendar():
    result = clock("2 08:00 start, 2 09:00 stop", calendar=office(tz="Asia/Tokyo"))
    assert "2026-03-02 17:00:00 to 2026-03-02 18:00:00 Asia/Tokyo" in result.steps[0].detail


def test_a_result_without_any_span_has_a_total_only():
    assert [step.label for step in clock("2 08:00 start, 2 08:00 stop").steps] == ["total"]


def test_results_are_frozen_comparable_and_take_given_steps():
    result = clock("2 08:00 start, 2 09:00 stop")
    assert result == clock("2 09:00 stop, 2 08:00 start") and hash(result)
    with pytest.raises(AttributeError):
        result.state = "breached"
    given = ClockResult("met", None, None, None, hours(0), hours(0), steps=["because"])
    assert given.steps == ("because",)


# --- the timeline for batches -------------------------------------------------------------------


def read(modes, seconds=3600, now=100_000, on_reopen="resume", **terms):
    terms = {"pausable": True, "on_cancel": "cancel"} | terms
    return evaluate(modes, seconds, on_reopen=on_reopen, calendar=always(), now=now, **terms)


def test_an_update_restarts_the_clock():
    reading = read([(0, RUN), (3000, RESTART), (7000, RESTART)], now=8000)
    assert [(cycle.state, cycle.stopped, cycle.due) for cycle in reading.previous] == [
        ("met", 3000, 3600),
        ("breached", 7000, 6600),
    ]
    assert (reading.state, reading.started, reading.due, reading.elapsed) == ("running", 7000, 10_600, 1000)


def test_an_update_in_a_pause_leaves_the_next_clock_paused():
    reading = read([(0, RUN), (1000, PAUSE), (3000, RESTART), (4000, RUN)], now=4600)
    assert (reading.state, reading.started, reading.due) == ("running", 3000, 7600)
    assert (reading.elapsed, reading.paused) == (600, 1000)


def test_an_update_after_the_stop_starts_nothing():
    assert read([(0, RUN), (1000, STOP), (3000, RESTART)])[:4] == ("met", 0, 3600, 1000)


def test_a_restart_event_is_the_same():
    result = clock("2 08:00 start, 2 12:00 restart", now="2 14:00")
    assert (result.started_at, result.elapsed) == (at("2 12:00"), hours(1))
    assert [cycle.elapsed for cycle in result.previous] == [hours(4)]


@pytest.mark.parametrize(
    "first, state",
    [(RUN, "breached"), (PAUSE, "paused"), (STOP, "met"), (CANCEL, "cancelled"), (RESTART, "breached")],
)
def test_the_first_entry_starts_the_clock_in_its_mode(first, state):
    reading = read([(500, first)])
    assert (reading.state, reading.started) == (state, 500)


def test_spans_are_plain_data():
    reading = read([(0, RUN), (1000, PAUSE), (1500, RUN), (2000, STOP), (5000, RUN)], now=5600)
    assert reading.spans == [
        ("run", 0, 1000, 1000),
        ("pause", 1000, 1500, 500),
        ("run", 1500, 2000, 500),
        ("closed", 2000, 5000, 3000),
        ("run", 5000, 5600, 600),
    ]
    assert (reading.elapsed, reading.paused, reading.due) == (2100, 500, 3600 + 500 + 3000)


@pytest.mark.parametrize(
    "modes, seconds, reached",
    [
        ([(0, RUN)], 0, 0),
        ([(0, RUN)], 1800, 1800),
        ([(0, RUN)], 200_000, 200_000),  # to come
        ([(0, RUN), (1000, PAUSE), (2000, RUN)], 1000, 1000),  # before the pause
        ([(0, RUN), (1000, PAUSE), (2000, RUN)], 1001, 2001),
        ([(0, RUN), (1000, PAUSE)], 1800, 1800),  # as if resumed at once
        ([(0, PAUSE)], 1800, 1800),
        ([(0, RUN), (1000, STOP)], 1000, 1000),
        ([(0, RUN), (1000, STOP)], 1001, None),  # it stood still before
        ([(0, RUN), (1000, CANCEL)], 1001, None),
        ([(0, RUN), (1000, STOP), (2000, RUN)], 1001, 2001),
    ],
)
def test_when_a_part_of_the_target_was_used(modes, seconds, reached):
    assert reached_at(read(modes), seconds, always()) == reached


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attempt, error, said",
    [
        (lambda: clock("2 08:00 stop"), NoStart, "['stop']"),
        (lambda: clock("2 08:00 start", now="1 08:00"), NoStart, "up to now"),
        (lambda: clock("1 08:00 pause, 2 08:00 start", now="2 07:59"), NoStart, "up to now"),
        (lambda: run_clock([], ClockTarget(hours(1)), office(), at("2 08:00")), NoStart, "events"),
        (lambda: read([]), NoStart, "events"),
        (lambda: clock("2 08:00 begin"), BadOption, "effect: 'begin' is not one of start, pause"),
        (lambda: ClockTarget(hours(1), on_reopen="again"), BadOption, "on_reopen: 'again'"),
        (lambda: ClockTarget(hours(1), on_cancel="maybe"), BadOption, "on_cancel: 'maybe'"),
        (lambda: ClockTarget(hours(-1)), BadDuration, "duration"),
        (lambda: ClockTarget(8), BadDuration, "duration: 8"),
        (lambda: read([(0, RUN)], seconds=-1), BadDuration, "seconds: -1"),
        (lambda: read([(0, RUN)], on_reopen="again"), BadOption, "on_reopen: 'again'"),
        (lambda: read([(0, RUN)], on_cancel="maybe"), BadOption, "on_cancel: 'maybe'"),
        (lambda: run_clock([], ClockTarget(hours(1)), office(), datetime(2026, 3, 2)), NaiveDatetime, "now"),
        (
            lambda: run_clock(
                [(datetime(2026, 3, 2), "stop")], ClockTarget(hours(1)), office(), at("9 08:00")
            ),
            NaiveDatetime,
            "at: datetime.datetime(2026, 3, 2, 0, 0)",
        ),
    ],
)
def test_what_a_clock_refuses(attempt, error, said):
    with pytest.raises(error) as refusal:
        attempt()
    assert said in str(refusal.value)
