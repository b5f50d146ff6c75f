"""Every breach with its reckoning: those that count, then the excused ones with their reason."""

from __future__ import annotations

from .frame import BODY, Frame
from .table import CELL, CELL_BOLD, SUB, Cell, Column, Row, draw_table
from .text import Style
from .values import BreachRow, StatementValues

REASON = Style(7.6)
TIME = Style(7.8)


def draw_breaches(frame: Frame, values: StatementValues) -> None:
    """Two sections; the first says so where there is no breach, the second is left out."""
    counted = [breach for breach in values.breaches if not breach.excused]
    excused = [breach for breach in values.breaches if breach.excused]
    _section(frame, values, "Breaches", counted)
    if excused:
        _section(frame, values, "Excused breaches", excused)


def _section(frame: Frame, values: StatementValues, title: str, breaches: list[BreachRow]) -> None:
    label = values.label
    suffix = f" ({len(breaches)})" if breaches else ""
    frame.heading(label(title) + suffix, keep_with=90.0 if breaches else 20.0)
    if not breaches:
        frame.paragraph(label("No breach in this period."), BODY)
        return
    columns = [
        Column(label("Request"), flexible=True),
        Column(label("Target"), flexible=True),
        Column(label("Started")),
        Column(label("Due")),
        Column(label("Stopped")),
        Column(label("Late by"), right=True),
    ]
    draw_table(frame, columns, [_row(values, breach) for breach in breaches])


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
