"""The trend of the last periods, with the words that explain the figures beside it."""

from __future__ import annotations

from .chart import Trend
from .frame import HEADING, Frame
from .text import Style, wrap
from .values import StatementValues

LEGEND = Style(7.4)
CHART_HEIGHT = 132.0
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
    gap = 22.0
    share = 0.58 if values.trend else 0.0
    beside = frame.left + frame.width * share + (gap if values.trend else 0.0)
    lines = []
    for source in LEGEND_TEXTS:
        lines.append(wrap(values.label(source), LEGEND, frame.right - beside, frame.fonts))
    legend_height = sum(len(block) * LEGEND.height + 2.6 for block in lines)
    head = HEADING.height + 6
    height = head + max(CHART_HEIGHT if values.trend else 0.0, legend_height)
    if frame.y > 62:
        frame.y += 20
    top = frame.take(height)
    if values.trend:
        _title(frame, values.label("Trend"), frame.left, top)
        Trend(frame, values, frame.left, top + head, frame.width * share, CHART_HEIGHT).draw()
    _title(frame, values.label("How to read the figures"), beside, top)
    y = top + head
    for block in lines:
        y = frame.lines(beside, y, block) + 2.6


def _title(frame: Frame, text: str, x: float, y: float) -> None:
    frame.page.bookmarks.append((text, y))
    frame.page.text(x, y + HEADING.height * 0.74, frame.fonts.clean(text), HEADING)
