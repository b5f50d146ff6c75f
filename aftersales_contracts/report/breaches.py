"""Every breach with its reckoning: those that count, then the excused ones with their reason."""

from __future__ import annotations

from .columns import Cell, Column, Row, measured
from .figures import count_text
from .frame import BODY, Frame
from .table import CELL, CELL_BOLD, SUB, draw_table
from .text import Style
from .values import BreachRow, StatementValues

REASON = Style(7.6)
TIME = Style(7.8, leading=CELL.height / 7.8)  # on one line with the other cells


def draw_breaches(frame: Frame, values: StatementValues) -> None:
    """Two sections; the first says so where there is no breach, the second is left out."""
    columns = [
        Column(values.label("Request")),
        Column(values.label("Target"), flexible=True),
        Column(values.label("Started")),
        Column(values.label("Due")),
        Column(values.label("Stopped")),
        Column(values.label("Late by"), right=True),
    ]
    counted = [_row(values, breach) for breach in values.breaches if not breach.excused]
    excused = [_row(values, breach) for breach in values.breaches if breach.excused]
    layout = measured(columns, counted + excused, frame.width, frame.fonts)
    if counted:
        draw_table(frame, _title(values, "Breaches", counted), columns, counted, layout=layout)
    else:
        frame.heading(values.label("Breaches"), keep_with=20.0)
        frame.paragraph(values.label("No breach in this period."), BODY)
    if excused:
        draw_table(frame, _title(values, "Excused breaches", excused), columns, excused, layout=layout)


def _title(values: StatementValues, source: str, rows: list[Row]) -> str:
    return f"{values.label(source)} ({count_text(len(rows), values.numbers)})"


def _row(values: StatementValues, breach: BreachRow) -> Row:
    label = values.label
    stopped = (breach.stopped, TIME) if breach.stopped is not None else (label("still open"), CELL_BOLD)
    details = [(breach.title, CELL)] if breach.title else []
    if breach.intervals:
        details.append((values.phrase("Counted time: %(intervals)s", intervals="; ".join(breach.intervals)), SUB))
    if breach.reason:
        details.append((values.phrase("Reason: %(reason)s", reason=breach.reason), REASON))
    if breach.evidence:
        details.append((values.phrase("Evidence: %(evidence)s", evidence=breach.evidence), REASON))
    if breach.approver:
        details.append((values.phrase("Approved by: %(approver)s", approver=breach.approver), REASON))
    return Row(
        (
            Cell(((breach.request, CELL_BOLD),)),
            Cell(((breach.target, CELL),)),
            Cell(((breach.started, TIME),)),
            Cell(((breach.due, TIME),)),
            Cell((stopped,)),
            Cell(((breach.late_by, CELL_BOLD),)),
        ),
        tuple(details),
    )
