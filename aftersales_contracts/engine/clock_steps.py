"""The explanation of a clock in words: one step for each span, and the total counted."""

from .explanation import Step
from .instants import instant, span

_LABELS = {"run": "counted", "pause": "paused", "closed": "closed"}
_TURNS = {"run": "resumed", "pause": "paused", "closed": "stopped"}
_ENDS = {"run": "still running", "pause": "still paused", "stop": "then stopped", "cancel": "then cancelled"}


def told(spans, mode, zone):
    """Yield the `Step` of each span of a `Reading`, told in the wall time of ``zone`` (a tzinfo), then the
    total.

    ``mode`` is what the clock does after the last span: "run", "pause", "stop" or "cancel".
    """
    for (kind, start, end, work), following in zip(spans, [*spans[1:], None], strict=False):
        turn = _turn(kind, following[0]) if following else _ENDS[mode]
        yield Step(_LABELS[kind], f"{_local(start, zone)} to {_local(end, zone)} {zone}, {turn}", span(work))
    counted = [work for kind, _start, _end, work in spans if kind == "run"]
    pauses = sum(kind == "pause" for kind, *_rest in spans)
    told_counts = f"{_number(len(counted), 'counted interval')}, {_number(pauses, 'pause')}"
    yield Step("total", told_counts, span(sum(counted)))


def _turn(kind, following):
    return "then reopened" if kind == "closed" else f"then {_TURNS[following]}"


def _local(seconds, zone):
    return instant(seconds).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _number(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
