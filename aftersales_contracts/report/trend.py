"""The trend of the last periods, with the words that explain the figures beside it."""

from __future__ import annotations

from .chart import Trend
from .frame import HEADING, TOP, Frame
from .text import Style, wrap
from .values import StatementValues

LEGEND = Style(7.4)
CHART_HEIGHT = 138.0
CHART_SHARE = 0.58
GUTTER = 22.0
SPACING = 2.6
LEGEND_TEXTS = (
    "Due: promises decided in this period, that is met, breached or excused.",
    "Breached: not done within the time allowed. Time counts only while the agreed calendar is open.",
    "Excused: late for a reason that is not ours, with evidence and approval. Shown apart, not counted.",
    "Running: not decided yet when the period ended. It counts in a later one.",
    "Attained = met / (met + breached).",
    "n/a: nothing was due, so there is no rate. It is neither 0 nor 100 percent.",
)


def draw_trend(frame: Frame, values: StatementValues) -> None:
    """Chart at the left and legend at the right; the legend alone where there is no trend yet."""
    share = CHART_SHARE if values.trend else 0.0
    beside = frame.left + (frame.width * share + GUTTER if values.trend else 0.0)
    room = frame.right - beside
    title = wrap(values.label("How to read the figures"), HEADING, room, frame.fonts)
    texts = [wrap(values.label(source), LEGEND, room, frame.fonts) for source in LEGEND_TEXTS]
    head = len(title) * HEADING.height + 6
    legend_height = sum(len(lines) * LEGEND.height + SPACING for lines in texts)
    if frame.y > TOP:
        frame.y += 20
    top = frame.take(head + max(CHART_HEIGHT if values.trend else 0.0, legend_height))
    if values.trend:
        caption = wrap(values.label("Trend"), HEADING, frame.width * share, frame.fonts)
        frame.page.bookmarks.append((values.label("Trend"), top))
        frame.lines(frame.left, top, caption)
        Trend(frame, values, frame.left, top + head, frame.width * share, CHART_HEIGHT).draw()
    y = frame.lines(beside, top, title) + 6
    for lines in texts:
        y = frame.lines(beside, y, lines) + SPACING
