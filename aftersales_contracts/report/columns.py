"""Columns of a table and how wide they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .faces import FontSet
from .text import GREY, Style, widest_unit

HEAD = Style(7.2, bold=True, colour=GREY, leading=1.28)
HEAD_SMALL = Style(6.2, bold=True, colour=GREY, leading=1.28)
GAP = 9.0
# Shares of the table that a column may ask for: for one long word, for all its text in one line, and
# what a flexible one keeps where the others ask for much. Figures are never cut.
WORD_SHARE = 0.24
LINE_SHARE = 0.36
FLEXIBLE_SHARE = 0.2

Texts = tuple[tuple[str, Style], ...]


@dataclass(frozen=True)
class Column:
    """``right``: figures, aligned right; ``flexible``: takes what the other columns leave."""

    title: str
    right: bool = False
    flexible: bool = False


@dataclass(frozen=True)
class Cell:
    """Paragraphs of one cell with their styles; ``badge``: the last one stands in a dark box."""

    texts: Texts = ()
    badge: bool = False


@dataclass(frozen=True)
class Row:
    """Cells from left to right; ``details``: paragraphs below them over the whole width."""

    cells: tuple[Cell, ...]
    details: Texts = ()


@dataclass(frozen=True)
class Layout:
    """``widths`` of the columns in points, and the style of their titles."""

    widths: tuple[float, ...]
    head: Style = HEAD


def measured(columns: Sequence[Column], rows: Sequence[Row], width: float, fonts: FontSet) -> Layout:
    """A layout that fills ``width``.

    Each column is offered its widest text in one line; where that is too much for the table, columns
    give way in proportion, the flexible ones first, down to their longest word; what is left over goes
    to the flexible columns. Titles too long for the table are set smaller.
    """
    bodies = [_body_widths([row.cells[i] for row in rows], width, col, fonts) for i, col in enumerate(columns)]
    for head in (HEAD, HEAD_SMALL):
        least, wished = [], []
        for column, (word, whole) in zip(columns, bodies, strict=True):
            title = fonts.width(fonts.clean(column.title), head.size, True)
            least.append(max(word, min(widest_unit(column.title, head, fonts), width * WORD_SHARE)) + GAP)
            wished.append(max(least[-1], min(max(whole, title), width * LINE_SHARE) + GAP))
            if column.flexible:
                least[-1] = max(least[-1], min(wished[-1], width * FLEXIBLE_SHARE))
        if sum(least) <= width:
            break
    return Layout(tuple(_shared(columns, least, wished, width)), head)


def _body_widths(cells: list[Cell], width: float, column: Column, fonts: FontSet) -> tuple[float, float]:
    """Of the cells of a column: the longest word (of text, no more than its share), the widest line."""
    texts = set().union(*(cell.texts for cell in cells))
    word = max((widest_unit(text, style, fonts) for text, style in texts), default=0.0)
    whole = max((fonts.width(fonts.clean(text), style.size, style.bold) for text, style in texts), default=0.0)
    return word if column.right else min(word, width * WORD_SHARE), whole


def _shared(columns: Sequence[Column], least: list[float], wished: list[float], width: float) -> list[float]:
    """``width`` divided between ``least`` and ``wished`` widths."""
    if sum(least) >= width:
        # Text gives way to figures; columns of figures alone shrink only where nothing else is left.
        fixed = sum(part for part, column in zip(least, columns, strict=True) if column.right)
        scale = (width - fixed) / (sum(least) - fixed) if fixed < width * 0.8 else 0.0
        if not scale:
            return [width * part / sum(least) for part in least]
        return [part if column.right else part * scale for part, column in zip(least, columns, strict=True)]
    over = sum(wished) - width
    if over <= 0:
        share = -over / (sum(column.flexible for column in columns) or 1)
        return [part + share * column.flexible for part, column in zip(wished, columns, strict=True)]
    for group in ([column.flexible for column in columns], [True] * len(columns)):
        slack = [(w - s) * on for w, s, on in zip(wished, least, group, strict=True)]
        cut = min(over, sum(slack))
        if cut > 0:
            wished = [w - cut * part / sum(slack) for w, part in zip(wished, slack, strict=True)]
            over -= cut
    return wished
