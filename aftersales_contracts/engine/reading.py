"""The clock's arithmetic, in epoch seconds: a timeline of modes in, one `Reading` out.

A timeline is a list of (instant, mode) sorted by instant. Its first entry starts the clock; each entry sets
the mode the clock is in from that instant on (a level, not a toggle: entering the same mode twice is
nothing new). Counted is the working time spent in RUN. Time in PAUSE, and between a stop and its reopening,
moves the due instant by the working time it holds, unless the target was used up before: a due instant once
reached stays.

`run_clock` in `clock.py` says the same in datetimes and with an explanation; it has no arithmetic of its own.
"""

from typing import NamedTuple

from .errors import BadDuration, BadOption, NoStart

RUN, PAUSE, STOP, CANCEL, RESTART = range(5)

RUNNING, PAUSED, MET, BREACHED, CANCELLED = "running", "paused", "met", "breached", "cancelled"
STATES = (RUNNING, PAUSED, MET, BREACHED, CANCELLED)

# What a return to work after a stop does: go on counting, begin another cycle, or nothing.
RESUME, NEW_CYCLE, FINAL = "resume", "new_cycle", "final"
ON_REOPEN = (RESUME, NEW_CYCLE, FINAL)
# What a cancellation does to a verdict already there: void it, or leave it.
CANCEL_CLOCK, KEEP_VERDICT = "cancel", "keep_verdict"
ON_CANCEL = (CANCEL_CLOCK, KEEP_VERDICT)

SPAN_KINDS = {RUN: "run", PAUSE: "pause", STOP: "closed"}


class Reading(NamedTuple):
    """What a clock shows at an instant. Instants are epoch seconds, durations seconds of working time.

    ``due`` None is never. ``stopped`` is None unless the clock stands stopped. ``level`` is the mode it is
    in (a breached clock may be RUN, PAUSE, STOP or CANCEL). ``paused`` counts pauses, not the time a
    request was closed. ``spans`` are (kind, start, end, working seconds), kind "run", "pause" or "closed",
    without those of no length. ``previous`` holds the readings of earlier cycles, oldest first; their
    verdicts are final.
    """

    state: str
    started: int
    due: int | None
    stopped: int | None
    elapsed: int
    paused: int
    level: int
    spans: list
    previous: tuple


class _Cycle:
    """One run of a clock from its start to its stop, while it is being read."""

    __slots__ = (
        "calendar",
        "seconds",
        "start",
        "zero",
        "level",
        "since",
        "mark",
        "counted",
        "paused",
        "moved",
        "spans",
    )

    def __init__(self, calendar, seconds, start):
        self.calendar = calendar
        self.seconds = seconds
        self.start = self.since = start
        self.zero = self.mark = calendar.position(start)
        self.level = RUN
        self.counted = self.paused = self.moved = 0
        self.spans = []

    def enter(self, at, level):
        """Close the current span at ``at`` and go on in ``level``."""
        if at > self.since:
            left, mark = self.level, self.calendar.position(at)
            work = mark - self.mark
            self.spans.append((SPAN_KINDS[left], self.since, at, work))
            if left == RUN:
                self.counted += work
            else:
                if left == PAUSE:
                    self.paused += work
                if self.counted < self.seconds:
                    self.moved += work
            self.since, self.mark = at, mark
        self.level = level

    def due(self):
        """The due instant as it stands; in a pause as if work resumed where the pause began."""
        if self.seconds == 0:
            return self.start
        return self.calendar.reach(self.zero + self.seconds + self.moved, self.start)

    def stopped_reading(self, previous):
        due = self.due()
        state = BREACHED if due is not None and self.since > due else MET
        return self._reading(state, due, self.since, previous)

    def cancelled_reading(self, at, on_cancel, previous):
        if self.level == STOP:
            if on_cancel == KEEP_VERDICT:
                return self.stopped_reading(previous)
            due, self.level = self.due(), CANCEL
            return self._reading(CANCELLED, due, None, previous)
        due = self.due()
        self.enter(at, CANCEL)
        late = on_cancel == KEEP_VERDICT and self._past(due, at)
        return self._reading(BREACHED if late else CANCELLED, due, None, previous)

    def reading_at(self, now, previous):
        if self.level == STOP:
            return self.stopped_reading(previous)
        due = self.due()
        self.enter(now, self.level)
        state = BREACHED if self._past(due, now) else RUNNING if self.level == RUN else PAUSED
        return self._reading(state, due, None, previous)

    def _past(self, due, at):
        """Whether the target was used up before ``at``; a pause's projected due instant is no proof."""
        return self.counted >= self.seconds and due is not None and due < at

    def _reading(self, state, due, stopped, previous):
        return Reading(
            state,
            self.start,
            due,
            stopped,
            self.counted,
            self.paused,
            self.level,
            self.spans,
            tuple(previous),
        )


def evaluate(modes, seconds, pausable, on_reopen, on_cancel, calendar, now):
    """Read a clock at ``now`` (epoch seconds): the timeline ``modes`` against a target of ``seconds``.

    ``modes``: (epoch second, mode) pairs sorted by instant, as `timeline` makes them; entries after ``now``
    have not happened. PAUSE runs on where ``pausable`` is false. RUN or PAUSE after STOP reopens:
    ``on_reopen`` is "resume" (the closed time is not counted), "new_cycle" or "final" (only a CANCEL still
    counts). CANCEL ends the clock for good; under ``on_cancel`` "keep_verdict" a clock that stands stopped,
    or whose due instant has passed, keeps its verdict. RESTART stops the cycle and begins the next at once
    in the same mode (an update was given, the next falls due); while stopped it does nothing.

    Raises `NoStart` where no entry lies at or before ``now``, `BadDuration`, `BadOption`.
    """
    _check(seconds, on_reopen, on_cancel)
    cycle, previous = None, []
    for at, mode in modes:
        if at > now:
            break
        if mode == PAUSE and not pausable:
            mode = RUN
        if cycle is None:
            cycle = _Cycle(calendar, seconds, at)
            mode = RUN if mode == RESTART else mode
        if mode == cycle.level:
            continue
        if mode == CANCEL:
            return cycle.cancelled_reading(at, on_cancel, previous)
        if cycle.level != STOP:
            cycle = _next(cycle, at, mode, previous)
        elif mode == RESTART or on_reopen == FINAL:
            continue
        elif on_reopen == RESUME:
            cycle.enter(at, mode)
        else:
            previous.append(cycle.stopped_reading(()))
            cycle = _Cycle(calendar, seconds, at)
            cycle.enter(at, mode)
    if cycle is None:
        raise NoStart("events", list(modes))
    return cycle.reading_at(now, previous)


def _next(cycle, at, mode, previous):
    """The cycle after an entry that finds it running or paused."""
    if mode != RESTART:
        cycle.enter(at, mode)
        return cycle
    level = cycle.level
    cycle.enter(at, STOP)
    previous.append(cycle.stopped_reading(()))
    renewed = _Cycle(cycle.calendar, cycle.seconds, at)
    renewed.enter(at, level)
    return renewed


def _check(seconds, on_reopen, on_cancel):
    if seconds < 0:
        raise BadDuration("seconds", seconds)
    if on_reopen not in ON_REOPEN:
        raise BadOption("on_reopen", on_reopen, ON_REOPEN)
    if on_cancel not in ON_CANCEL:
        raise BadOption("on_cancel", on_cancel, ON_CANCEL)


def timeline(entries):
    """Sort (instant, mode) entries for `evaluate`: by instant, stably; of a doubled entry the last one
    counts.

    >>> timeline([(20, STOP), (10, RUN), (20, STOP), (10, RUN)])
    [(10, 0), (20, 2)]
    >>> timeline([(10, PAUSE), (10, RUN), (10, PAUSE)])     # three changes in one second end in a pause
    [(10, 0), (10, 1)]
    """
    last_first = dict.fromkeys(reversed(sorted(entries, key=_instant_of)))
    return list(reversed(last_first))


def _instant_of(entry):
    return entry[0]


def reached_at(reading, seconds, calendar):
    """The epoch second at which the clock's counted time reaches ``seconds``, or None.

    For escalations at a part of the target: answers for the past from what was counted, and for the future
    of a running or paused clock by projection, a pause ending where it began (as `due` does). None: never,
    or the clock was stopped or cancelled before. With the whole target it is the due instant.
    """
    if seconds <= 0:
        return reading.started
    goal, counted = calendar.position(reading.started) + seconds, 0
    waiting = reading.level == PAUSE and reading.spans and reading.spans[-1][0] == "pause"
    for kind, _start, _end, work in reading.spans[:-1] if waiting else reading.spans:
        if kind != "run":
            goal += work
            continue
        counted += work
        if counted >= seconds:
            return calendar.reach(goal, reading.started)
    return calendar.reach(goal, reading.started) if reading.level in (RUN, PAUSE) else None
