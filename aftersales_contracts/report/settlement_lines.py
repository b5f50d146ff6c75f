"""The lines of a settlement, group by group: what was sold to whom, at which rate, and what it brings the dealer."""

from __future__ import annotations

from .columns import Cell, Column, Layout, Row, measured
from .figures import count_text
from .frame import BODY, Frame
from .settlement_values import Group, LineRow, SettlementValues
from .table import CELL, CELL_BOLD, SUB, draw_table
from .text import Style

NOTE = Style(7.6)
BADGE = Style(6.8, bold=True, colour="#ffffff", leading=1.5)
SAMPLE = 400  # rows that columns are measured by, where there are many, beside those with the longest texts


def draw_groups(frame: Frame, values: SettlementValues) -> None:
    """A table a group, all with the same columns; each ends with its subtotal. Groups that are not listed say so."""
    listed = [group for group in values.groups if group.rows]
    if listed:
        columns = _columns(values)
        layout = _layout(frame, columns, listed)
        for group in listed:
            draw_table(frame, _title(values, group), columns, [_row(line) for line in group.rows],
                       totals=_subtotal(values, group), layout=layout, keep_totals=True)
    if values.lines and len(listed) < len(values.groups):
        frame.y += 8
        frame.paragraph(values.label("The lines themselves are in the spreadsheet that belongs to this statement."),
                        BODY)


def _columns(values: SettlementValues) -> list[Column]:
    label = values.label
    return [Column(label("Invoice")), Column(label("What"), flexible=True), Column(label("Base"), right=True),
            Column(label("Rate"), right=True), Column(label("Share"), right=True)]


def _layout(frame: Frame, columns: list[Column], groups: list[Group]) -> Layout:
    """Of all groups together, so that they line up. Of many rows those measure that have the longest texts."""
    lines = [line for group in groups for line in group.rows]
    if len(lines) > SAMPLE:
        longest = {
            max(range(len(lines)), key=lambda index, name=name: len(getattr(lines[index], name)))
            for name in ("document", "day", "text", "about", "base", "rate", "amount", "mark")}
        lines = [lines[index] for index in sorted(longest | set(range(0, len(lines), len(lines) // SAMPLE)))]
    rows = [_row(line) for line in lines]
    rows += [Row((Cell(), Cell(), Cell(((group.base, CELL_BOLD),)), Cell(), Cell(((group.amount, CELL_BOLD),))))
             for group in groups]
    return measured(columns, rows, frame.width, frame.fonts)


def _title(values: SettlementValues, group: Group) -> str:
    return f"{group.name} ({count_text(group.count, values.numbers)})"


def _row(line: LineRow) -> Row:
    marked = ((line.mark, BADGE),) if line.mark else ()
    first = [(line.document, CELL_BOLD), *(((line.day, SUB),) if line.day else ()), *marked]
    return Row(
        (Cell(tuple(first), badge=bool(marked)),
         Cell(((line.text, CELL), (line.about, SUB)) if line.about else ((line.text, CELL),)),
         Cell(((line.base, CELL),) if line.base else ()), Cell(((line.rate, CELL),) if line.rate else ()),
         Cell(((line.amount, CELL_BOLD),))),
        tuple((note, NOTE) for note in line.notes))


def _subtotal(values: SettlementValues, group: Group) -> Row:
    name = values.phrase("Subtotal of %(name)s", name=group.name)
    return Row((Cell(), Cell(((name, CELL_BOLD),)), Cell(((group.base, CELL_BOLD),)), Cell(),
                Cell(((group.amount, CELL_BOLD),))))
