"""The letter to a supplier: the causal parts that failed under its warranty, what they cost us, what we ask back.

    pdf = render_recovery_letter(values, fonts=load_fonts(cjk="/path/to/font.ttc"))

Reads plain values only. The same values and fonts give the same bytes.
"""

from __future__ import annotations

from .columns import Cell, Column, Row
from .fonts import FontSet, load_fonts
from .frame import Frame, FrameText
from .letter_parts import draw_panel, draw_sentences
from .letterhead import draw_letterhead
from .recovery_letter_values import RecoveryLetterValues, RecoveryRow
from .table import CELL, CELL_BOLD, SUB, draw_table
from .text import DOT


def render_recovery_letter(values: RecoveryLetterValues, *, fonts: FontSet | None = None) -> bytes:
    """The letter as a PDF. ``fonts``: None takes what ``load_fonts()`` finds on this machine."""
    return lay_out(values, fonts or load_fonts()).finish()


def lay_out(values: RecoveryLetterValues, fonts: FontSet) -> Frame:
    """The pages before they are painted."""
    frame = Frame(values.paper, values.company.colour, _frame_text(values), fonts)
    facts = [("Number", values.number), ("Issued", values.issued), *values.facts,
             ("Verification number", values.verification)]
    draw_letterhead(frame, values, facts, "Addressed to")
    small = (values.phrase("All amounts in %(currency)s, before taxes.", currency=values.currency),)
    draw_panel(frame, values.result, values.more, small if values.currency else ())
    _draw_rows(frame, values)
    draw_sentences(frame, values.label("What happens now"), values.following)
    draw_sentences(frame, values.label("Notes"), values.notes)
    return frame


def _frame_text(values: RecoveryLetterValues) -> FrameText:
    label, company = values.label, values.company
    return FrameText(
        title=" ".join(filter(None, (values.title, values.number))),
        author=company.name,
        subject=" – ".join(filter(None, (values.customer.name, values.number))),
        language=values.language.replace("_", "-"),
        running=DOT.join(filter(None, (company.name, values.title, values.number))),
        footer=DOT.join(filter(None, (values.title, values.number, values.verification))),
        digest=f"{label('Hash of the inputs (SHA-256)')} {values.inputs_hash}" if values.inputs_hash else "",
        page_label=lambda page, pages: values.phrase("Page %(page)s of %(pages)s", page=page, pages=pages),
        watermark=label("Preview") if values.draft else "",
    )


def _draw_rows(frame: Frame, values: RecoveryLetterValues) -> None:
    label = values.label
    columns = [Column(label("Recovery")), Column(label("Part"), flexible=True), Column(label("Machine"), flexible=True),
               Column(label("Our cost"), right=True), Column(label("Claimed"), right=True)]
    rows = [_row(values, one) for one in values.rows]
    totals = Row((Cell(((label("Total"), CELL_BOLD),)), Cell(), Cell(), Cell(), Cell(((values.total, CELL_BOLD),))))
    draw_table(frame, label("Parts that failed"), columns, rows, totals=totals)


def _row(values: RecoveryLetterValues, one: RecoveryRow) -> Row:
    details = []
    if one.cause:
        details.append((values.phrase("Cause: %(cause)s", cause=one.cause), CELL))
    if one.wanted:
        details.append((one.wanted, CELL))
    return Row((
        Cell(((one.number, CELL_BOLD), (one.claim, SUB))), Cell(((one.part, CELL),)), Cell(((one.machine, CELL),)),
        Cell(((one.cost, CELL),)), Cell(((one.amount, CELL_BOLD),))), tuple(details))
