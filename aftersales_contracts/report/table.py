"""Tables that break cleanly: the header on every page, a row never cut where it can be kept whole.

A row may carry detail lines under its cells, over the width of the table. A row higher than a third of
a page is cut between lines, with some lines on either side; any other moves to the next page whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .columns import GAP, Column, Layout, Row, measured
from .frame import TOP, Frame
from .page import HAIRLINE, Box, Rule
from .text import GREY, INK, Line, Style, wrap

CELL = Style(8.2)
CELL_BOLD = Style(8.2, bold=True)
SUB = Style(7.2, colour=GREY)
PADDING = 4.6


@dataclass
class _Block:
    """A row set in lines: ``cells`` one list of lines a column, ``details`` one list; heights in points."""

    cells: list[list[Line]]
    details: list[Line]
    badges: tuple[bool, ...]

    @property
    def cells_height(self) -> float:
        return max((_height(lines) for lines in self.cells), default=0.0)

    @property
    def height(self) -> float:
        gap = 2.0 if self.details and self.cells_height else 0.0
        return self.cells_height + gap + _height(self.details) + 2 * PADDING


def draw_table(
    frame: Frame,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    totals: Row | None = None,
    layout: Layout | None = None,
    keep_totals: bool = False,
) -> None:
    """Draw a section: its title, kept with the first row, and the table; ``rows`` holds at least one.

    ``totals`` is kept on one page with the last row; ``keep_totals``: with the title, too, where there is one row only.
    ``layout``: where tables shall line up with one another; None measures these rows.
    """
    layout = layout or measured(columns, [*rows, totals] if totals else rows, frame.width, frame.fonts)
    grid = _Grid(frame, columns, layout)
    first = grid.block(rows[0])
    start = first.height if grid.kept_whole(first) else frame.body / 4
    if keep_totals and totals and len(rows) == 1:
        start += grid.block(totals).height
    frame.heading(title, keep_with=grid.head_height + start)
    grid.header()
    last = grid.block(totals) if totals else None
    for index, row in enumerate(rows):
        block = grid.block(row) if index else first
        reserve = last.height if last and index == len(rows) - 1 else 0.0
        grid.place(block, reserve)
    if last:
        grid.total(last)


class _Grid:
    """A table being drawn on a frame."""

    def __init__(self, frame: Frame, columns: Sequence[Column], layout: Layout):
        self.frame = frame
        self.columns = columns
        self.widths = layout.widths
        self.head = [
            wrap(column.title, layout.head, width - GAP, frame.fonts)
            for column, width in zip(columns, layout.widths, strict=True)
        ]
        self.head_height = max(map(_height, self.head)) + 7.0

    def header(self) -> None:
        """The column titles, standing on a line in the accent colour."""
        frame = self.frame
        floor = frame.y + self.head_height
        self._cells([*self.head], floor - 5.0 - max(map(_height, self.head)), ground=floor - 5.0)
        frame.page.shapes.append(Rule(frame.left, floor, frame.right, floor, frame.accent, 0.9))
        frame.y = floor

    def block(self, row: Row) -> _Block:
        """Set a row in lines."""
        fonts = self.frame.fonts
        cells = [
            [line for text, style in cell.texts for line in wrap(text, style, width - GAP, fonts)]
            for cell, width in zip(row.cells, self.widths, strict=True)
        ]
        room = self.frame.width - GAP
        details = [line for text, style in row.details for line in wrap(text, style, room, fonts)]
        return _Block(cells, details, tuple(cell.badge for cell in row.cells))

    def place(self, block: _Block, reserve: float) -> None:
        """Draw a row here, on the next page, or cut in pieces where it is too high to be moved."""
        frame = self.frame
        while block.height + reserve > frame.room:
            fits = block.height <= frame.room
            if frame.y <= TOP + self.head_height + 1:
                if fits:
                    break
                block = self._cut(block)
            elif fits or self.kept_whole(block) or frame.room < frame.body / 4:
                self._turn()
            else:
                block = self._cut(block)
        self._draw(block, HAIRLINE, 0.5)

    def kept_whole(self, block: _Block) -> bool:
        """Whether a row is low enough to leave the rest of a page empty for it."""
        return block.height <= self.frame.body / 3

    def total(self, block: _Block) -> None:
        """The row of totals under a dark line; its place was kept free by the last row."""
        if block.height > self.frame.room:
            self._turn()
        frame = self.frame
        frame.page.shapes.append(Rule(frame.left, frame.y, frame.right, frame.y, INK, 0.8))
        self._draw(block, INK, 0.8)

    def _turn(self) -> None:
        self.frame.new_page()
        self.header()

    def _cut(self, block: _Block) -> _Block:
        """Draw as many lines as fit here and return the rest."""
        room = self.frame.room - 2 * PADDING
        heads, rests = [], []
        for lines in block.cells:
            head, rest = _fill(lines, room)
            heads.append(head)
            rests.append(rest)
        left = room - max(map(_height, heads), default=0.0) - 2.0
        details, later = ([], block.details) if any(rests) else _fill(block.details, left)
        self._draw(_Block(heads, details, (False,) * len(heads)), HAIRLINE, 0.0)
        self._turn()
        return _Block(rests, later, block.badges)

    def _draw(self, block: _Block, colour: str, thickness: float) -> None:
        frame = self.frame
        top = frame.y + PADDING
        self._cells(block.cells, top, badges=block.badges)
        y = top + block.cells_height + (2.0 if block.cells_height else 0.0)
        frame.lines(frame.left, y, block.details)
        frame.y += block.height
        if thickness:
            frame.page.shapes.append(Rule(frame.left, frame.y, frame.right, frame.y, colour, thickness))

    def _cells(self, cells, top: float, ground: float | None = None, badges: tuple[bool, ...] = ()) -> None:
        """Lines of all columns from ``top``, or standing on ``ground``."""
        frame, x = self.frame, self.frame.left
        for index, (lines, column, width) in enumerate(zip(cells, self.columns, self.widths, strict=True)):
            y = top if ground is None else ground - _height(lines)
            right = (x + width if index == len(cells) - 1 else x + width - GAP / 2) if column.right else None
            if badges and badges[index] and lines:
                y = frame.lines(x, y, lines[:-1], right)
                self._badge(lines[-1], y, x, right)
            else:
                frame.lines(x, y, lines, right)
            x += width

    def _badge(self, line: Line, y: float, x: float, right: float | None) -> None:
        """A word in a dark box: it must be seen without colour."""
        frame, inset = self.frame, 3.0
        width = frame.fonts.width(line.text, line.style.size, line.style.bold) + 2 * inset
        start = x if right is None else right - width
        frame.page.shapes.append(Box(start, y + 0.4, width, line.style.height - 0.8, fill=INK, radius=2))
        frame.lines(start + inset, y, [line])


def _height(lines: Sequence[Line]) -> float:
    return sum(line.style.height for line in lines)


def _fill(lines: list[Line], room: float) -> tuple[list[Line], list[Line]]:
    """The lines that fit in ``room``, and the rest."""
    used = 0.0
    for index, line in enumerate(lines):
        used += line.style.height
        if used > room:
            return lines[:index], lines[index:]
    return lines, []
