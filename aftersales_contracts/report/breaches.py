"""Every breach with its reckoning: those that count, then the excused ones with their reason."""

from __future__ import annotations

from .figures import count_text
from .frame import BODY, Frame
from .table import CELL, CELL_BOLD, SUB, Cell, Column, Row, column_widths, draw_table
from .text import Style
from .values import BreachRow, StatementValues

REASON = Style(7.6)
TIME = Style(7.8)


def draw_breaches(frame: Frame, values: StatementValues) -> None:
    """Two sections; the first says so where there is no breach, the second is left out."""
    columns = [
        Column(values.label("Request"), flexible=True),
        Column(values.label("Target"), flexible=True),
        Column(values.label("Started")),
        Column(values.label("Due")),
        Column(values.label("Stopped")),
        Column(values.label("Late by"), right=True),
    ]
    counted = [_row(values, breach) for breach in values.breaches if not breach.excused]
    excused = [_row(values, breach) for breach in values.breaches if breach.excused]
    widths = column_widths(columns, counted + excused, frame.width, frame.fonts)
    frame.heading(_title(values, "Breaches", counted), keep_with=90.0 if counted else 20.0)
    if counted:
        draw_table(frame, columns, counted, widths=widths)
    else:
        frame.paragraph(values.label("No breach in this period."), BODY)
    if excused:
        frame.heading(_title(values, "Excused breaches", excused), keep_with=90.0)
        draw_table(frame, columns, excused, widths=widths)


def _title(values: StatementValues, source: str, rows: list[Row]) -> str:
    return f"{values.label(source)} ({count_text(len(rows), values.numbers)})" if rows else values.label(source)


def _row(values: StatementValues, breach: BreachRow) -> Row:
    label = values.label
    stopped = (breach.stopped, TIME) if breach.stopped is not None else (label("still open"), CELL_BOLD)
    details = []
    if breach.intervals:
        details.append((f"{label('Counted time')}: {'; '.join(breach.intervals)}", SUB))
    for caption, text in (
        ("Reason", breach.reason),
        ("Evidence", breach.evidence),
        ("Approved by", breach.approver),
    ):
        if text:
            details.append((f"{label(caption)}: {text}", REASON))
    return Row(
        (
            Cell(((breach.request, CELL_BOLD), (breach.title, CELL))),
            Cell(((breach.target, CELL),)),
            Cell(((breach.started, TIME),)),
            Cell(((breach.due, TIME),)),
            Cell((stopped,)),
            Cell(((breach.late_by, CELL_BOLD),)),
        ),
        tuple(details),
    )
