"""A service-level clock: a function of events, a target, a calendar and ``now``.

A clock starts once, is paused and resumed, stops (the promise is kept or late), may be reopened or cancelled.
It is *met* when stopped at or before its due instant and *breached* when that instant passed first; a breach
stays. Nothing is stored in between: the same events give the same result, unsorted or doubled.

>>> from datetime import datetime, timedelta, timezone
>>> from .worktime import WorkCalendar
>>> office = WorkCalendar({day: [("09:00", "17:00")] for day in range(5)})
>>> def on(day, hour):
...     return datetime(2026, 3, day, hour, tzinfo=timezone.utc)
>>> events = [ClockEvent(on(2, 9), "start"), ClockEvent(on(2, 11), "pause"),
...           ClockEvent(on(3, 11), "resume"), ClockEvent(on(3, 15), "stop")]
>>> result = run_clock(events, ClockTarget(timedelta(hours=8)), office, now=on(9, 9))
>>> result.state, result.due_at.isoformat(), result.elapsed, result.paused
('met', '2026-03-03T17:00:00+00:00', datetime.timedelta(seconds=21600), datetime.timedelta(seconds=28800))
>>> for step in result.steps:
...     print(step.label, "|", step.detail, "|", step.value)
counted | 2026-03-02 09:00:00 to 2026-03-02 11:00:00 UTC, then paused | 2:00:00
paused | 2026-03-02 11:00:00 to 2026-03-03 11:00:00 UTC, then resumed | 8:00:00
counted | 2026-03-03 11:00:00 to 2026-03-03 15:00:00 UTC, then stopped | 4:00:00
total | 2 counted intervals, 1 pause | 6:00:00
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .clock_steps import told
from .errors import BadOption, NoStart
from .instants import epoch_seconds, instant, span, whole_seconds
from .reading import (
    BREACHED,
    CANCEL,
    CANCEL_CLOCK,
    CANCELLED,
    FINAL,
    KEEP_VERDICT,
    MET,
    NEW_CYCLE,
    ON_CANCEL,
    ON_REOPEN,
    PAUSE,
    PAUSED,
    RESTART,
    RESUME,
    RUN,
    RUNNING,
    STATES,
    STOP,
    Reading,
    evaluate,
    reached_at,
    timeline,
)

__all__ = [
    "BREACHED",
    "CANCEL",
    "CANCELLED",
    "CANCEL_CLOCK",
    "FINAL",
    "KEEP_VERDICT",
    "MET",
    "NEW_CYCLE",
    "ON_CANCEL",
    "ON_REOPEN",
    "PAUSE",
    "PAUSED",
    "RESTART",
    "RESUME",
    "RUN",
    "RUNNING",
    "STATES",
    "STOP",
    "ClockEvent",
    "ClockResult",
    "ClockTarget",
    "EFFECTS",
    "MODES",
    "Reading",
    "evaluate",
    "reached_at",
    "result_of",
    "run_clock",
    "timeline",
]

# What an event does to a clock. "restart" ends a cycle and begins the next at once (periodic updates).
EFFECTS = {"start": RUN, "pause": PAUSE, "resume": RUN, "stop": STOP, "cancel": CANCEL, "restart": RESTART}
# The modes by name, as `ClockResult.mode` has them.
MODES = {RUN: "run", PAUSE: "pause", STOP: "stop", CANCEL: "cancel"}


class ClockEvent(NamedTuple):
    """``effect`` (start, pause, resume, stop, cancel or restart) took place at the aware datetime ``at``."""

    at: datetime
    effect: str


@dataclass(frozen=True)
class ClockTarget:
    """What was promised: ``duration`` of working time, and how the clock treats pauses, reopening,
    cancelling.

    ``on_reopen``: "resume" (the closed time is not counted; the last stop decides), "new_cycle" (each cycle
    has its own verdict) or "final" (the first stop decides; only a cancellation still has an effect).
    ``on_cancel``: "cancel" (no verdict, whatever came before) or "keep_verdict" (of a clock that stands
    stopped or is late already). Raises `BadDuration`, `BadOption`.
    """

    duration: timedelta
    pausable: bool = True
    on_reopen: str = RESUME
    on_cancel: str = CANCEL_CLOCK

    def __post_init__(self):
        whole_seconds(self.duration, "duration")
        if self.on_reopen not in ON_REOPEN:
            raise BadOption("on_reopen", self.on_reopen, ON_REOPEN)
        if self.on_cancel not in ON_CANCEL:
            raise BadOption("on_cancel", self.on_cancel, ON_CANCEL)


class _MadeWhenRead:
    """The steps of a `ClockResult`: as given, or made when first read: most never are."""

    def __get__(self, result, kind=None):
        if result is None:
            return self
        held = result.__dict__
        if "steps" not in held:
            held["steps"] = tuple(told(result.spans, result.mode, ZoneInfo(result.zone)))
        return held["steps"]

    def __set__(self, result, steps):
        if steps is not self:
            result.__dict__["steps"] = tuple(steps)


@dataclass(frozen=True)
class ClockResult:
    """What a clock shows: instants as UTC datetimes, ``elapsed`` and ``paused`` as timedeltas of working
    time.

    ``state`` is running, paused, met, breached or cancelled; ``due_at`` None is never; ``stopped_at`` is
    None unless the clock stands stopped. ``steps`` tell the counted intervals, pauses and closed times with
    their working time, and the total counted; their labels are "counted", "paused", "closed" and "total".
    ``previous`` holds earlier cycles (oldest first), ``spans`` the plain data behind the steps (see
    `Reading`), ``mode`` what the clock does now, whatever its verdict ("run", "pause", "stop" or "cancel"),
    ``zone`` the calendar's zone, in which the steps are told.
    """

    state: str
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    elapsed: timedelta
    paused: timedelta
    steps: tuple = field(default=_MadeWhenRead(), compare=False, repr=False)
    previous: tuple = ()
    spans: tuple = ()
    mode: str = "run"
    zone: str = "UTC"


def run_clock(events, target, calendar, now):
    """The `ClockResult` of ``events`` (any order, doubled or not) against ``target`` at the aware ``now``.

    Events later than ``now`` have not happened. The earliest start starts the clock, later ones have no
    effect; what happened before the start acts at the start (a request answered before its clock began has
    taken no time). Events at one instant act in the order given, the start first. Raises `NoStart`,
    `BadOption`, `NaiveDatetime`.
    """
    at = epoch_seconds(now, "now")
    modes = _modes(events)
    seconds = whole_seconds(target.duration, "duration")
    reading = evaluate(modes, seconds, target.pausable, target.on_reopen, target.on_cancel, calendar, at)
    return result_of(reading, calendar.tz)


def result_of(reading, zone="UTC"):
    """A `Reading` in datetimes and timedeltas; its explanation speaks in ``zone``."""
    return ClockResult(
        reading.state,
        instant(reading.started),
        instant(reading.due),
        instant(reading.stopped),
        span(reading.elapsed),
        span(reading.paused),
        previous=tuple(result_of(cycle, zone) for cycle in reading.previous),
        spans=tuple(reading.spans),
        mode=MODES[reading.level],
        zone=zone,
    )


def _modes(events):
    """The timeline of events: from the start on, and led by what held at the start."""
    starts, others = [], []
    for at, effect in events:
        if effect not in EFFECTS:
            raise BadOption("effect", effect, EFFECTS)
        seconds = epoch_seconds(at, "at")
        (starts if effect == "start" else others).append((seconds, EFFECTS[effect]))
    if not starts:
        raise NoStart("events", sorted({effect for _at, effect in events}))
    start = min(starts)[0]
    entries = timeline(others)
    before = [mode for at, mode in entries if at < start]
    held = [CANCEL] if CANCEL in before else before[-1:]
    return [(start, RUN), *((start, mode) for mode in held if mode != RESTART), *entries[len(before) :]]
