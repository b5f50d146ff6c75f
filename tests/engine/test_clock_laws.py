"""Laws of the clock, over stories nobody thought of."""

from datetime import timedelta

from calendars import always
from hypothesis import given
from hypothesis import strategies as st
from terms import calendars

from engine.clock import (
    EFFECTS,
    RUN,
    ClockEvent,
    ClockTarget,
    evaluate,
    reached_at,
    result_of,
    run_clock,
    timeline,
)
from engine.instants import instant

FIRST = 1_774_656_000  # 2026-03-28 00:00 UTC, a day before Paris changes its clocks
WEEK = 7 * 24 * 3600
DONE = ("met", "breached", "cancelled")

instants = st.integers(FIRST, FIRST + WEEK).map(lambda second: second - second % 300)
modes = st.integers(0, 4)
stories = st.lists(st.tuples(instants, modes), min_size=1, max_size=9).map(timeline)
distinct_stories = st.lists(
    st.tuples(instants, modes), min_size=1, max_size=9, unique_by=lambda entry: entry[0]
).map(timeline)
seconds = st.integers(0, 40 * 3600)
rules = st.tuples(
    st.booleans(),
    st.sampled_from(["resume", "new_cycle", "final"]),
    st.sampled_from(["cancel", "keep_verdict"]),
)
NOW = FIRST + 2 * WEEK


def _events(story):
    """The story as events: the first entry's mode is what holds at the start."""
    effects = {mode: effect for effect, mode in EFFECTS.items() if effect != "start"}
    start = ClockEvent(instant(story[0][0]), "start")
    return [start, *(ClockEvent(instant(at), effects[mode]) for at, mode in story)]


def _run(events, duration, rule, calendar, now=NOW):
    target = ClockTarget(timedelta(seconds=duration), *rule)
    return run_clock(events, target, calendar, instant(now))


@given(stories.filter(lambda story: story[0][1] != 4), seconds, rules, calendars())
def test_the_clock_in_datetimes_and_in_seconds_are_one(story, duration, rule, calendar):
    # A RESTART in the first second is an event of its own for `run_clock`, a plain start for `evaluate`.
    reading = evaluate(timeline([(story[0][0], RUN), *story]), duration, *rule, calendar, NOW)
    assert _run(_events(story), duration, rule, calendar) == result_of(reading, calendar.tz)


@given(distinct_stories, seconds, rules, calendars(), st.randoms())
def test_the_order_in_which_events_arrive_changes_nothing(story, duration, rule, calendar, random):
    events = _events(story)
    shuffled = random.sample(events, len(events))
    assert _run(events, duration, rule, calendar) == _run(shuffled, duration, rule, calendar)


@given(stories, seconds, rules, calendars())
def test_doubled_events_change_nothing(story, duration, rule, calendar):
    events = _events(story)
    once = _run(events, duration, rule, calendar)
    assert once == _run(events * 2, duration, rule, calendar)
    assert once == _run([event for event in events for _twice in range(2)], duration, rule, calendar)


@given(stories, seconds, rules, calendars(), instants)
def test_what_happens_after_now_changes_nothing(story, duration, rule, calendar, now):
    now = max(now, story[0][0])
    known = [entry for entry in story if entry[0] <= now]
    assert evaluate(story, duration, *rule, calendar, now) == evaluate(known, duration, *rule, calendar, now)


@given(stories, seconds, rules, calendars())
def test_saying_again_what_holds_changes_nothing(story, duration, rule, calendar):
    """An event between two others that repeats the mode the clock is in has no effect."""
    held = {0: RUN, 4: RUN}
    repeated = list(story)
    for (at, mode), (following, _mode) in zip(story, story[1:], strict=False):
        if mode in (0, 1, 2) and following > at + 1:
            repeated.append((at + 1, held.get(mode, mode)))
    again = evaluate(timeline(repeated), duration, *rule, calendar, NOW)
    assert again == evaluate(story, duration, *rule, calendar, NOW)


@given(stories, seconds, rules, calendars(), instants, instants)
def test_time_only_adds(story, duration, rule, calendar, earlier, later):
    """Between two instants without an event, nothing that was counted or decided is taken back."""
    earlier, later = sorted((max(earlier, story[0][0]), max(later, story[0][0])))
    story = [entry for entry in story if entry[0] <= earlier]
    before, after = (evaluate(story, duration, *rule, calendar, now) for now in (earlier, later))
    assert (before.started, before.due, before.previous) == (after.started, after.due, after.previous)
    assert before.elapsed <= after.elapsed and before.paused <= after.paused
    if before.state in DONE:
        assert after.state == before.state
    else:
        assert after.state in (before.state, "breached")


@given(stories, seconds, st.booleans(), calendars(), instants)
def test_a_breach_survives_whatever_follows(story, duration, pausable, calendar, now):
    """However it is reopened, once breached is breached: in the cycle itself or among the earlier ones."""
    now = max(now, story[0][0])
    for on_reopen in ("resume", "new_cycle", "final"):
        rule = pausable, on_reopen, "keep_verdict"
        before = evaluate(story, duration, *rule, calendar, now)
        after = evaluate(story, duration, *rule, calendar, NOW)
        breached = [cycle.started for cycle in [*before.previous, before] if cycle.state == "breached"]
        still = [cycle.started for cycle in [*after.previous, after] if cycle.state == "breached"]
        assert set(breached) <= set(still)


@given(stories, seconds, rules, calendars())
def test_spans_account_for_every_second_of_the_cycle(story, duration, rule, calendar):
    reading = evaluate(story, duration, *rule, calendar, NOW)
    spans = reading.spans
    assert sum(work for kind, _start, _end, work in spans if kind == "run") == reading.elapsed
    assert sum(work for kind, _start, _end, work in spans if kind == "pause") == reading.paused
    assert all(before[2] == after[1] for before, after in zip(spans, spans[1:], strict=False))
    assert all(calendar.elapsed_seconds(start, end) == work for _kind, start, end, work in spans)
    assert not spans or spans[0][1] == reading.started


@given(stories, seconds, rules, calendars())
def test_due_is_that_of_the_calendar_with_the_same_pauses(story, duration, rule, calendar):
    """`WorkCalendar.due` with the pauses and closed times is the due instant; an open pause ends at once."""
    reading = evaluate(story, duration, *rule, calendar, NOW)
    spans = reading.spans[:-1] if reading.level in (1, 3) else reading.spans
    pauses = [(start, end) for kind, start, end, _work in spans if kind != "run"]
    if reading.level != 3:
        assert reading.due == calendar.due_seconds(reading.started, duration, pauses)
    assert reading.due == reached_at(reading, duration, calendar) or reading.level in (2, 3)


@given(stories, seconds, rules, calendars())
def test_met_and_breached_are_what_the_instants_say(story, duration, rule, calendar):
    reading = evaluate(story, duration, *rule, calendar, NOW)
    for cycle in [*reading.previous, reading]:
        if cycle.stopped is not None:
            late = cycle.due is not None and cycle.stopped > cycle.due
            assert cycle.state == ("breached" if late else "met")
            assert late or cycle.elapsed <= duration
        if cycle.state == "breached":
            assert cycle.elapsed >= duration and cycle.due is not None


@given(stories, seconds, seconds, rules, calendars())
def test_a_longer_target_is_never_due_earlier_nor_less_kept(story, duration, more, rule, calendar):
    short, long = (evaluate(story, target, *rule, calendar, NOW) for target in (duration, duration + more))
    assert short.elapsed == long.elapsed and short.spans == long.spans
    assert long.due is None or (short.due is not None and short.due <= long.due)
    assert not (short.state == "met" and long.state == "breached")


@given(stories, seconds, rules, instants, st.integers(0, 3 * WEEK))
def test_round_the_clock_all_moves_with_the_start(story, duration, rule, now, shift):
    """Without working hours to mind, the same story later has the same result later."""
    calendar, now = always(), max(now, story[0][0])
    moved = [(at + shift, mode) for at, mode in story]
    here, there = (
        evaluate(story, duration, *rule, calendar, now),
        evaluate(moved, duration, *rule, calendar, now + shift),
    )
    assert (here.state, here.elapsed, here.paused, here.level) == (
        there.state,
        there.elapsed,
        there.paused,
        there.level,
    )
    assert here.due + shift == there.due


@given(stories, seconds, rules, calendars())
def test_parts_of_the_target_are_reached_in_order(story, duration, rule, calendar):
    reading = evaluate(story, duration, *rule, calendar, NOW)
    reached = [reached_at(reading, duration * percent // 100, calendar) for percent in (0, 50, 80, 100, 120)]
    known = [second for second in reached if second is not None]
    assert known == sorted(known) and reached[: len(known)] == known
