"""Every clock of the real incident log, read by the engine and by a plain second opinion: they must agree."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
import reference_log

from engine.clock import CANCEL, PAUSE, RUN, STOP, ClockEvent, ClockTarget, evaluate, run_clock, timeline
from engine.instants import instant
from engine.worktime import WorkCalendar

pytestmark = pytest.mark.skipif(
    not reference_log.LOG.exists(),
    reason=f"the incident log is not beside the checkout ({reference_log.DATA.name}/)",
)

MODES = {"run": RUN, "pause": PAUSE, "stop": STOP, "cancel": CANCEL}
EFFECTS = {RUN: "resume", PAUSE: "pause", STOP: "stop", CANCEL: "cancel"}


@pytest.fixture(scope="module")
def log():
    policy, requests = reference_log.load()
    calendars = {
        country: WorkCalendar(
            {reference_log.WEEKDAYS.index(day): windows for day, windows in terms["week"].items()},
            [datetime.fromisoformat(day).date() for day in terms["holidays"]],
            terms["tz"],
        )
        for country, terms in policy["calendars"].items()
    }
    diaries = {country: reference_log.Diary(terms) for country, terms in policy["calendars"].items()}
    return policy, requests, calendars, diaries


def _timeline(rows, name):
    """The clock's timeline: a response is over with the first acceptance, a resolution with completion."""
    modes = [MODES[row["kind"]] for row in rows]
    if name == "response":
        answers = [row["status"] in ("Accepted", "Completed") and row["kind"] != "cancel" for row in rows]
        modes = [STOP if answered else mode for answered, mode in zip(answers, modes, strict=True)]
    return timeline([(row["second"], mode) for row, mode in zip(rows, modes, strict=True)])


def _clocks(log):
    policy, requests, calendars, diaries = log
    now = int(datetime.fromisoformat(policy["now"]).timestamp())
    for request, rows in requests.items():
        country = reference_log.country_of(rows, policy)
        for name, terms in policy["targets"].items():
            seconds = terms["minutes"][rows[-1]["impact"]] * 60
            on_reopen = "final" if name == "response" else terms["on_reopen"]
            modes = _timeline(rows, name)
            reading = evaluate(
                modes, seconds, terms["pausable"], on_reopen, "cancel", calendars[country], now
            )
            expected = reference_log.second_opinion(rows, name, policy, diaries[country])
            yield request, name, modes, reading, expected


def test_every_clock_comes_out_as_the_second_opinion_says(log):
    seen, wrong = Counter(), []
    for request, name, _modes, reading, expected in _clocks(log):
        seen[name, reading.state] += 1
        found = reading.state, reading.due, reading.stopped, reading.elapsed
        if found != expected:
            wrong.append((request, name, found, expected))
    assert wrong[:5] == [] and not wrong
    assert sum(seen.values()) == 2 * len(log[1])
    # A comparison in which some verdict never occurs would prove little.
    assert {state for _name, state in seen} == {"met", "breached", "paused", "cancelled"}


def test_the_clock_in_datetimes_says_the_same_on_a_sample(log):
    policy, requests, calendars, _diaries = log
    now = datetime.fromisoformat(policy["now"])
    for request, name, modes, reading, _expected in list(_clocks(log))[::37]:
        rows = requests[request]
        terms = policy["targets"][name]
        target = ClockTarget(
            timedelta(minutes=terms["minutes"][rows[-1]["impact"]]),
            pausable=terms["pausable"],
            on_reopen="final" if name == "response" else terms["on_reopen"],
        )
        events = [ClockEvent(instant(modes[0][0]), "start")]
        events += [ClockEvent(instant(second), EFFECTS[mode]) for second, mode in reversed(modes)]
        if len({second for second, _mode in modes}) < len(modes):
            events[1:] = reversed(events[1:])  # events of one second act in the order given
        result = run_clock(events, target, calendars[reference_log.country_of(rows, policy)], now)
        assert result.state == reading.state
        assert (result.due_at, result.stopped_at) == (instant(reading.due), instant(reading.stopped))
        assert result.elapsed.total_seconds() == reading.elapsed == result.steps[-1].value.total_seconds()
