"""The compliance statement: did we keep the agreed service levels, and if not, where and why.

    pdf = render_statement(values, fonts=load_fonts(cjk="/path/to/font.ttc"))

Reads plain values only. The same values and fonts give the same bytes, so a statement that is drawn
again can be compared with the stored one.
"""

from __future__ import annotations

from .breaches import draw_breaches
from .columns import Cell, Column, Row
from .figures import count_text, objective_text, rate_text
from .fonts import FontSet, load_fonts
from .frame import BODY, Frame, FrameText
from .labels import LABELS
from .letterhead import draw_letterhead
from .page import Box
from .table import CELL, CELL_BOLD, SUB, draw_table
from .text import DOT, GREY, Style, joined, wrap
from .trend import draw_trend
from .values import StatementValues, TargetRow, Totals

__all__ = ["LABELS", "lay_out", "render_statement", "verdict"]

VERDICT = Style(11.5, bold=True)
VERDICT_MORE = Style(8.8)
BADGE = Style(6.8, bold=True, colour="#ffffff", leading=1.5)
MARK = Style(6.8, colour=GREY, leading=1.5)


def render_statement(statement: StatementValues, *, fonts: FontSet | None = None) -> bytes:
    """The statement as a PDF. ``fonts``: None takes what ``load_fonts()`` finds on this machine."""
    return lay_out(statement, fonts or load_fonts()).finish()


def lay_out(statement: StatementValues, fonts: FontSet) -> Frame:
    """The statement's pages before they are painted."""
    frame = Frame(statement.paper, statement.company.colour, _frame_text(statement), fonts)
    draw_letterhead(frame, statement)
    _draw_verdict(frame, statement)
    _draw_targets(frame, statement)
    draw_trend(frame, statement)
    draw_breaches(frame, statement)
    _draw_texts(frame, statement.label("Corrections to closed periods"), statement.corrections)
    _draw_texts(frame, statement.label("Notes"), statement.notes)
    return frame


def verdict(statement: StatementValues) -> tuple[str, str]:
    """The result in one sentence, and the counts behind it in short ones."""
    measured = [row for row in statement.targets if row.reached is not None]
    kept = sum(1 for row in measured if row.reached)
    totals, count = statement.totals, lambda number: count_text(number, statement.numbers)
    if measured:
        source = (
            "Service levels kept: %(kept)s of %(measured)s targets reached their objective."
            if kept == len(measured)
            else "Service levels not fully kept: %(kept)s of %(measured)s targets reached their objective."
        )
        first = statement.phrase(source, kept=kept, measured=len(measured))
    elif any(row.attained is not None for row in statement.targets):
        first = statement.label("Service levels measured; no objective was agreed to compare them with.")
    else:
        first = statement.label("Nothing fell due in this period, so no service level could be kept or missed.")
    more = [statement.phrase("Breaches: %(breached)s.", breached=count(totals.breached))]
    if totals.excused:
        more.append(statement.phrase("Excused, not counted: %(excused)s.", excused=count(totals.excused)))
    if totals.running:
        source = "Not decided at the end of the period: %(running)s."
        more.append(statement.phrase(source, running=count(totals.running)))
    unmeasured = sum(1 for row in statement.targets if row.attained is None)
    if unmeasured and measured:
        more.append(statement.phrase("Targets with nothing due: %(unmeasured)s.", unmeasured=unmeasured))
    return first, joined(more)


def _frame_text(statement: StatementValues) -> FrameText:
    label, company = statement.label, statement.company
    parts = (company.name, statement.title, statement.number, statement.period.label, statement.customer.name)
    marked = label("Preview") if statement.draft else ""
    digest = f"{label('Hash of the inputs (SHA-256)')} {statement.inputs_hash}"
    return FrameText(
        title=" ".join(filter(None, (statement.title, statement.number))),
        author=company.name,
        subject=" – ".join(filter(None, (statement.customer.name, statement.contract.number, statement.period.label))),
        language=statement.language.replace("_", "-"),
        running=DOT.join(filter(None, (marked, *parts))),
        footer=DOT.join(filter(None, (marked, statement.title, statement.number))),
        digest=digest if statement.inputs_hash else "",
        page_label=lambda page, pages: statement.phrase("Page %(page)s of %(pages)s", page=page, pages=pages),
        watermark=marked,
    )


def _draw_verdict(frame: Frame, statement: StatementValues) -> None:
    """The result in a tinted panel with a bar in the accent colour."""
    first, more = verdict(statement)
    inner = frame.width - 32
    lines = wrap(first, VERDICT, inner, frame.fonts) + wrap(more, VERDICT_MORE, inner, frame.fonts)
    height = sum(line.style.height for line in lines) + 20
    top = frame.take(height)
    frame.page.shapes.append(Box(frame.left, top, frame.width, height, fill=frame.tint))
    frame.page.shapes.append(Box(frame.left, top, 3.2, height, fill=frame.accent))
    frame.lines(frame.left + 16, top + 10, lines)


def _draw_targets(frame: Frame, statement: StatementValues) -> None:
    label = statement.label
    if not statement.targets:
        frame.heading(label("Service levels"))
        frame.paragraph(label("No target applied in this period."))
        return
    columns = [
        Column(label("Target"), flexible=True),
        Column(label("Time allowed")),
        *(
            Column(label(title), right=True)
            for title in ("Objective", "Due", "Met", "Breached", "Excused", "Running", "Attained")
        ),
    ]
    rows = [_target_row(statement, row) for row in statement.targets]
    draw_table(frame, label("Service levels"), columns, rows, totals=_totals_row(statement))


def _target_row(statement: StatementValues, row: TargetRow) -> Row:
    priority = f"{statement.label('Priority')} {row.priority}" if row.priority else ""
    about = DOT.join(filter(None, (row.metric, row.tier, priority)))
    objective = objective_text(row.objective, statement.numbers) if row.objective is not None else "–"
    return Row(
        (
            Cell(((row.name, CELL_BOLD), (about, SUB))),
            Cell(((row.duration, CELL),)),
            Cell(((objective, CELL),)),
            *_counts(statement, row),
            _attained(statement, row),
        )
    )


def _totals_row(statement: StatementValues) -> Row:
    totals = statement.totals
    if totals.attained is None:
        attained = statement.label("n/a")
    else:
        attained = rate_text(totals.attained, None, statement.numbers)
    return Row(
        (
            Cell(((statement.label("All targets"), CELL_BOLD),)),
            Cell(),
            Cell(),
            *_counts(statement, totals, CELL_BOLD),
            Cell(((attained, CELL_BOLD),)),
        )
    )


def _counts(statement: StatementValues, row: TargetRow | Totals, style: Style = CELL) -> list[Cell]:
    figures = (row.due, row.met, row.breached, row.excused, row.running)
    return [Cell(((count_text(figure, statement.numbers), style),)) for figure in figures]


def _attained(statement: StatementValues, row: TargetRow) -> Cell:
    """The rate, and in words whether the objective was reached."""
    if row.attained is None:
        return Cell(((statement.label("n/a"), CELL),))
    rate = (rate_text(row.attained, row.objective, statement.numbers), CELL_BOLD)
    if row.reached is None:
        return Cell((rate,))
    if row.reached:
        return Cell((rate, (statement.label("reached"), MARK)))
    return Cell((rate, (statement.label("Missed"), BADGE)), badge=True)


def _draw_texts(frame: Frame, title: str, texts: tuple[str, ...]) -> None:
    """A section of plain paragraphs; nothing at all where there are none."""
    if not texts:
        return
    frame.heading(title, keep_with=30)
    for text in texts:
        frame.paragraph(text, BODY)
        frame.y += 4
