"""Every failure of a clause: those that count with what they cost, then the excused ones with their reason."""

from __future__ import annotations

from .columns import Cell, Column, Row, measured
from .figures import count_text
from .frame import BODY, Frame
from .penalty_values import FailureRow, PenaltyValues, Reckoning
from .table import CELL, CELL_BOLD, SUB, draw_table
from .text import DOT, Style

REASON = Style(7.6)
TIME = Style(7.8, leading=CELL.height / 7.8)  # on one line with the other cells


def draw_failures(frame: Frame, values: PenaltyValues, one: Reckoning) -> None:
    """Two sections; the first says so where no failure counts, the second is left out where none is excused."""
    columns = [
        Column(values.label("Failure")),
        Column(values.label("Measure"), flexible=True),
        Column(values.label("Due")),
        Column(values.label("Done")),
        Column(values.label("Late by"), right=True),
        Column(values.label("Amount"), right=True),
    ]
    counted = [_row(values, failure) for failure in one.failures if not failure.excused]
    excused = [_row(values, failure) for failure in one.failures if failure.excused]
    layout = measured(columns, counted + excused, frame.width, frame.fonts)
    if counted:
        draw_table(frame, _title(values, "Failures counted", counted), columns, counted, layout=layout)
    elif any(row.measured for row in one.measured):
        frame.heading(values.label("Failures counted"), keep_with=20.0)
        frame.paragraph(values.label("No failure counts in this period."), BODY)
    if excused:
        draw_table(frame, _title(values, "Excused failures, not counted", excused), columns, excused, layout=layout)


def _title(values: PenaltyValues, source: str, rows: list[Row]) -> str:
    return f"{values.label(source)} ({count_text(len(rows), values.numbers)})"


def _row(values: PenaltyValues, failure: FailureRow) -> Row:
    alike = ""
    if failure.count > 1:
        alike = values.phrase("%(count)s failures alike", count=count_text(failure.count, values.numbers))
    about = DOT.join(filter(None, (alike, failure.severity)))
    details = [(failure.title, CELL)] if failure.title else []
    if failure.reason:
        details.append((values.phrase("Reason: %(reason)s", reason=failure.reason), REASON))
    return Row(
        (
            Cell(((failure.reference, CELL_BOLD),)),
            Cell(((failure.measure, CELL), *(((about, SUB),) if about else ()))),
            Cell(((failure.due, TIME),)),
            Cell(((failure.done, TIME),)),
            Cell(((failure.late_by, CELL),)),
            Cell(((failure.amount, CELL_BOLD),)),
        ),
        tuple(details),
    )
