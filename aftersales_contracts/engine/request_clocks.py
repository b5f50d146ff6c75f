"""All clocks of one request: which promise each metric has, superseded targets, cycles, and when to look again.

The terms come as plain values (`Terms`), the facts as a list of (epoch second, status) and a list of situations:
(since, situation), a situation being (policy, impact, priority, tier, type) as known from that second on. The same
facts and terms give the same clocks, whether they are evaluated after each event or all at once.
"""

from typing import NamedTuple

from .reading import BREACHED, CANCELLED, RUN, RUNNING, Reading, evaluate, reached_at

SUPERSEDED = "superseded"


class Promise(NamedTuple):
    """One SLA target. ``criteria``: (impact, priority, tier, type), None meaning any; ``seconds`` of working time."""

    key: int
    metric: str
    criteria: tuple
    seconds: int
    pausable: bool
    on_reopen: str
    warn_percent: int


class Terms(NamedTuple):
    """One policy. ``promises``: {metric: promises in order}; ``modes``: {metric: {status: engine mode}};
    ``steps``: {metric: ((trigger, value, key), ...)}; ``mid_flight``: a changed situation supersedes open clocks
    only, otherwise every clock is judged by the last situation."""

    promises: dict
    modes: dict
    steps: dict
    on_cancel: str
    mid_flight: bool


class Clock(NamedTuple):
    """One clock of a request. ``revision`` counts superseded targets, ``cycle`` restarts; ``state`` is the reading's,
    or "superseded"; a superseded clock that was late already stays "breached"."""

    metric: str
    revision: int
    cycle: int
    promise: Promise
    seconds: int
    reading: Reading
    state: str
    is_current: bool


def choose(promises, situation):
    """The promise that fits a situation most closely: the most criteria met, then the first in order; or None."""
    best, most = None, -1
    values = situation[1:]
    for promise in promises:
        named = 0
        for wanted, given in zip(promise.criteria, values, strict=True):
            if wanted is not None:
                if wanted != given:
                    break
                named += 1
        else:
            if named > most:
                best, most = promise, named
    return best


def request_clocks(entries, situations, terms, calendar, now, kept=None):
    """The clocks of one request at ``now`` (epoch seconds), a list of `Clock`.

    :param entries: (epoch second, status) sorted by instant; the first one starts every clock
    :param situations: [(since, (policy, impact, priority, tier, type)), ...] in order, at least one
    :param terms: {policy: Terms}
    :param kept: {(metric, revision, promise key): seconds}: what decided clocks were measured by, whatever that
        promise says now
    """
    policy = situations[-1][1][0]
    if len(situations) > 1 and terms[policy].mid_flight:
        metrics = dict.fromkeys(metric for _since, s in situations for metric in terms[s[0]].promises)
        return [c for m in metrics for c in _revised(m, entries, situations, terms, calendar, now, kept or {})]
    situation, own = situations[-1][1], terms[policy]
    clocks = []
    for metric, promises in own.promises.items():
        promise = choose(promises, situation)
        if promise is not None:
            seconds = kept.get((metric, 0, promise.key), promise.seconds) if kept else promise.seconds
            reading = _read(entries, metric, promise, seconds, own, calendar, now)
            clocks.extend(_cycles(metric, 0, promise, seconds, reading, True))
    return clocks


def _read(entries, metric, promise, seconds, terms, calendar, now):
    modes = terms.modes[metric]
    timeline = [(at, modes[status]) for at, status in entries if status in modes]
    start = entries[0][0]
    if not timeline or timeline[0][0] > start:
        timeline.insert(0, (start, RUN))  # the first event starts the clock even where its status has no effect
    return evaluate(timeline, seconds, promise.pausable, promise.on_reopen, terms.on_cancel, calendar, now)


def _cycles(metric, revision, promise, seconds, reading, is_current):
    for cycle, earlier in enumerate(reading.previous):
        yield Clock(metric, revision, cycle, promise, seconds, earlier, earlier.state, False)
    yield Clock(metric, revision, len(reading.previous), promise, seconds, reading, reading.state, is_current)


def _revised(metric, entries, situations, terms, calendar, now, kept):
    """The clocks of one metric where the situation changed: open clocks are superseded, decided ones stay."""
    clocks, revision, promise, own = [], 0, None, None
    for since, situation in situations:
        candidate = terms[situation[0]]
        chosen = choose(candidate.promises.get(metric, ()), situation)
        if chosen == promise and candidate == own:
            continue
        if promise is not None and since > entries[0][0]:
            seconds = kept.get((metric, revision, promise.key), promise.seconds)
            reading = _read(entries, metric, promise, seconds, own, calendar, since)
            if reading.stopped is not None or reading.state == CANCELLED:
                continue  # decided before the change: the new situation does not concern it
            state = BREACHED if reading.state == BREACHED else SUPERSEDED
            for clock in _cycles(metric, revision, promise, seconds, reading, False):
                clocks.append(clock._replace(state=state) if clock.reading is reading else clock)
            revision += 1
        promise, own = chosen, candidate
    if promise is not None:
        seconds = kept.get((metric, revision, promise.key), promise.seconds)
        reading = _read(entries, metric, promise, seconds, own, calendar, now)
        clocks.extend(_cycles(metric, revision, promise, seconds, reading, True))
    return clocks


# --- when to look again -------------------------------------------------------------------------


def is_counting(clock):
    """Whether the clock counts working time at this moment: running, or late and still at work."""
    return clock.reading.level == RUN and clock.state in (RUNNING, BREACHED) and clock.is_current


def at_risk_from(clock, calendar):
    """The epoch second from which a running clock is at risk, or None."""
    if clock.state != RUNNING:
        return None
    return reached_at(clock.reading, clock.seconds * clock.promise.warn_percent // 100, calendar)


def thresholds(steps, seconds):
    """[(elapsed seconds at which a step fires, its key)] in order, for a target of ``seconds``.

    >>> thresholds((("percent", 50, 1), ("before", 10, 2), ("after", 30, 3)), 3600)
    [(1800, 1), (3000, 2), (5400, 3)]
    """
    return sorted((_threshold(trigger, value, seconds), key) for trigger, value, key in steps)


def _threshold(trigger, value, seconds):
    if trigger == "percent":
        return seconds * value // 100
    return max(0, seconds + (60 if trigger == "after" else -60) * value)


def next_look(state, due, elapsed, fired, steps, seconds, calendar, now):
    """The epoch second at which a counting clock changes by itself: one past its due instant, or its next step.

    ``fired`` are the elapsed seconds up to which steps have fired already (-1: none). None: nothing is to come.
    """
    looks = [due + 1] if state == RUNNING and due is not None else []
    following = [at for at, _key in thresholds(steps, seconds) if at > fired]
    if following:
        goal = following[0]
        instant = now if goal <= elapsed else calendar.due_seconds(now, goal - elapsed)
        if instant is not None:
            looks.append(instant)
    return min(looks, default=None)
