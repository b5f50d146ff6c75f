"""The letter on a decided claim: for each item what was decided and why, who pays it, and how to object.

    pdf = render_claim_letter(values, fonts=load_fonts(cjk="/path/to/font.ttc"))

Reads plain values only. The same values and fonts give the same bytes.
"""

from __future__ import annotations

from .claim_letter_values import ClaimLetterValues, DecisionRow
from .columns import Cell, Column, Row
from .fonts import FontSet, load_fonts
from .frame import Frame, FrameText
from .letter_parts import draw_panel, draw_sentences
from .letterhead import draw_letterhead
from .table import CELL, CELL_BOLD, SUB, draw_table
from .text import DOT, Style

BADGE = Style(6.8, bold=True, colour="#ffffff", leading=1.5)


def render_claim_letter(values: ClaimLetterValues, *, fonts: FontSet | None = None) -> bytes:
    """The letter as a PDF. ``fonts``: None takes what ``load_fonts()`` finds on this machine."""
    return lay_out(values, fonts or load_fonts()).finish()


def lay_out(values: ClaimLetterValues, fonts: FontSet) -> Frame:
    """The pages before they are painted."""
    frame = Frame(values.paper, values.company.colour, _frame_text(values), fonts)
    draw_letterhead(frame, values, _facts(values), "Addressed to")
    small = (values.phrase("All amounts in %(currency)s, before taxes.", currency=values.currency),)
    draw_panel(frame, values.result, values.more, small if values.currency else ())
    if values.lines:
        _draw_decisions(frame, values)
    if values.returns:
        _draw_returns(frame, values)
    draw_sentences(frame, values.label("What happens now"), values.following)
    draw_sentences(frame, values.label("If you do not agree"), values.objection)
    draw_sentences(frame, values.label("Notes"), values.notes)
    return frame


def _facts(values: ClaimLetterValues) -> list[tuple[str, str]]:
    return [("Number", values.number), ("Issued", values.issued), *values.facts,
            ("Verification number", values.verification)]


def _frame_text(values: ClaimLetterValues) -> FrameText:
    label, company = values.label, values.company
    marked = label("Preview") if values.draft else ""
    return FrameText(
        title=" ".join(filter(None, (values.title, values.number))),
        author=company.name,
        subject=" – ".join(filter(None, (values.customer.name, values.claim))),
        language=values.language.replace("_", "-"),
        running=DOT.join(filter(None, (marked, company.name, values.title, values.number, values.claim))),
        footer=DOT.join(filter(None, (marked, values.title, values.number, values.verification))),
        digest=f"{label('Hash of the inputs (SHA-256)')} {values.inputs_hash}" if values.inputs_hash else "",
        page_label=lambda page, pages: values.phrase("Page %(page)s of %(pages)s", page=page, pages=pages),
        watermark=marked,
    )


def _draw_decisions(frame: Frame, values: ClaimLetterValues) -> None:
    """Each item with its decision and figures, below it why and who pays."""
    label = values.label
    columns = [Column(label("Item"), flexible=True), Column(label("Decision")),
               *(Column(label(caption), right=True) for caption in values.columns)]
    rows = [_decision_row(values, line) for line in values.lines]
    totals = None
    if values.totals and len(rows) > 1:
        totals = Row((Cell(((label("Total"), CELL_BOLD),)), Cell(),
                      *(Cell(((text, CELL_BOLD),)) for text in values.totals)))
    draw_table(frame, label("Decision on each item"), columns, rows, totals=totals)


def _decision_row(values: ClaimLetterValues, line: DecisionRow) -> Row:
    details = []
    if line.reason:
        details.append((values.phrase("Reason: %(reason)s", reason=line.reason), CELL))
    if line.payers:
        details.append((values.phrase("Who pays: %(payers)s", payers=line.payers), CELL))
    decision = Cell(((line.decision, BADGE),), badge=True) if line.refused else Cell(((line.decision, CELL_BOLD),))
    return Row((Cell(((line.name, CELL_BOLD), (line.about, SUB))), decision,
                *(Cell(((text, CELL),)) for text in line.figures)), tuple(details))


def _draw_returns(frame: Frame, values: ClaimLetterValues) -> None:
    label = values.label
    columns = [Column(label("Part"), flexible=True), Column(label("Serial")), Column(label("Send back until"))]
    rows = [Row((Cell(((row.name, CELL_BOLD), (row.state, SUB))), Cell(((row.serial, CELL),)),
                 Cell(((row.until, CELL),)))) for row in values.returns]
    draw_table(frame, label("Parts to send back"), columns, rows)
