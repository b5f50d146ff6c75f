"""The trend of the last periods: one bar a period from 0 to 100 percent, the objective as a dashed line.

A reached objective is a solid bar, a missed one an outlined bar, "n/a" a gap with that word: nothing is
told by colour alone. Bars start at zero, so their heights can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from .figures import rate_text
from .frame import Frame
from .page import HAIRLINE, Box, Rule
from .text import GREY, INK, Style
from .values import StatementValues, TrendPoint

TICK = Style(6.4, colour=GREY)
VALUE = Style(6.8)
VALUE_MISSED = Style(6.8, bold=True)
KEY = Style(6.8, colour=GREY)
AXIS = 26.0
SPACE = 2.5
# How far the name of a period may reach over its column: less than the gaps at either side of the chart.
OVERHANG = 16.0


class Trend:
    """A chart of ``points`` in a box with its top left corner at ``x``, ``y``; sizes in points."""

    def __init__(self, frame: Frame, values: StatementValues, x: float, y: float, width: float, height: float):
        self.frame, self.values = frame, values
        self.points: Sequence[TrendPoint] = values.trend
        self.left, self.right = x + AXIS, x + width
        self.top, self.floor = y + 12, y + height - 36
        self.slot = (self.right - self.left) / max(len(self.points), 4)
        self.bar = min(26.0, self.slot * 0.56)
        self.name_width = self.slot
        words = frame.fonts.clean(values.label("n/a"))
        self.gap = words if frame.fonts.width(words, TICK.size) < self.slot else "–"

    def draw(self) -> None:
        """Put the chart on the current page."""
        self._axis()
        stride = self._stride()
        self.name_width = min(stride * self.slot - SPACE, self.slot + 2 * OVERHANG)
        for index, point in enumerate(self.points):
            self._point(point, self.left + (index + 0.5) * self.slot, index % stride == (len(self.points) - 1) % stride)
        self._objective()
        self._key()

    def _height(self, rate: Decimal) -> float:
        return self.floor - float(min(max(rate, Decimal(0)), Decimal(100))) / 100 * (self.floor - self.top)

    def _axis(self) -> None:
        page = self.frame.page
        for percent in (0, 50, 100):
            y = self._height(Decimal(percent))
            page.shapes.append(Rule(self.left, y, self.right, y, GREY if percent == 0 else HAIRLINE, 0.5))
            self.frame.right_text(self.left - 5, y + 2.2, self.values.numbers.percent.replace("{}", str(percent)), TICK)

    def _objective(self) -> None:
        """A dashed line over each period that had an objective, at its height."""
        for index, point in enumerate(self.points):
            if point.objective is not None:
                y = self._height(point.objective)
                start = self.left + index * self.slot
                self.frame.page.shapes.append(Rule(start, y, start + self.slot, y, INK, 0.8, (2.4, 1.8)))

    def _point(self, point: TrendPoint, middle: float, labelled: bool) -> None:
        frame = self.frame
        if point.rate is None:
            self._centred(self.gap, middle, self.floor - 4, TICK)
        else:
            missed = point.objective is not None and point.rate < point.objective
            y = self._height(point.rate)
            fill, outline = (frame.tint, frame.accent) if missed else (frame.accent, frame.accent)
            frame.page.shapes.append(Box(middle - self.bar / 2, y, self.bar, self.floor - y, fill, outline))
            if labelled:
                text = self._figure(point)
                # In one row over the 100 % line, where no bar and no objective crosses them.
                self._centred(text, middle, self.top - 4, VALUE_MISSED if missed else VALUE)
        if labelled:
            self._centred(frame.fitted(point.label, TICK, self.name_width), middle, self.floor + 10, TICK)

    def _figure(self, point: TrendPoint) -> str:
        """The rate without its sign: the axis says percent."""
        return rate_text(point.rate, point.objective, self.values.numbers, sign=False)

    def _stride(self) -> int:
        """Only every n-th period is labelled where labels would touch; a long name of a period is cut instead."""
        fonts = self.frame.fonts
        rates = [self._figure(point) for point in self.points if point.rate is not None]
        figures = max((fonts.width(text, VALUE.size, True) for text in rates), default=0.0)
        names = max(fonts.width(fonts.clean(point.label), TICK.size) for point in self.points)
        needed = [math.ceil((width + SPACE) / self.slot) for width in (figures, names)]
        return max(1, needed[0], min(needed[1], 3))

    def _centred(self, text: str, middle: float, y: float, style: Style) -> None:
        width = self.frame.fonts.width(text, style.size, style.bold)
        self.frame.page.text(middle - width / 2, y, text, style)

    def _key(self) -> None:
        """What the marks mean; only those that are in the chart."""
        missed = [p for p in self.points if p.rate is not None and p.objective is not None and p.rate < p.objective]
        solid = [p for p in self.points if p.rate is not None and p not in missed]
        gaps = [p for p in self.points if p.rate is None]
        entries = [
            (any(p.objective is not None for p in solid), "objective reached"),
            (bool(missed), "objective missed"),
            (any(p.objective is None for p in solid), "no objective"),
            (any(p.objective is not None for p in self.points), "objective"),
            (bool(gaps), "nothing was due"),
        ]
        x, y = self.left, self.floor + 24
        for source in [source for shown, source in entries if shown]:
            mark = self._mark_width(source)
            text = self.frame.fitted(self.values.label(source), KEY, self.right - self.left - mark - 5)
            width = mark + 5 + self.frame.fonts.width(text, KEY.size) + 12
            if x + width > self.right + 12 and x > self.left:
                x, y = self.left, y + 10
            self._mark(source, x, y, mark)
            self.frame.page.text(x + mark + 5, y, text, KEY)
            x += width

    def _mark_width(self, source: str) -> float:
        if source == "nothing was due":
            return self.frame.fonts.width(self.gap, TICK.size)
        return 10.0 if source == "objective" else 7.0

    def _mark(self, source: str, x: float, y: float, width: float) -> None:
        frame, shapes = self.frame, self.frame.page.shapes
        if source in ("objective reached", "no objective"):
            shapes.append(Box(x, y - 5.5, width, 6, frame.accent, frame.accent))
        elif source == "objective missed":
            shapes.append(Box(x, y - 5.5, width, 6, frame.tint, frame.accent))
        elif source == "objective":
            shapes.append(Rule(x, y - 2.4, x + width, y - 2.4, INK, 0.8, (2.4, 1.8)))
        else:
            frame.page.text(x, y, self.gap, TICK)
