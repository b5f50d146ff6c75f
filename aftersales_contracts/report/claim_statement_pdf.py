"""A dealer's statement of warranty claims: what it claimed in a period, what was decided and reimbursed, what is held
and why, and which parts are still to come back.

    pdf = render_claim_statement(values, fonts=load_fonts(cjk="/path/to/font.ttc"))

Reads plain values only. The same values and fonts give the same bytes.
"""

from __future__ import annotations

from .claim_statement_values import ClaimStatementValues, StatementClaim
from .columns import Cell, Column, Row
from .fonts import FontSet, load_fonts
from .frame import Frame, FrameText
from .letter_parts import draw_panel, draw_sentences
from .letterhead import draw_letterhead
from .table import CELL, CELL_BOLD, SUB, draw_table
from .text import DOT

FIGURES = ("Claimed", "Approved", "Reimbursed")


def render_claim_statement(values: ClaimStatementValues, *, fonts: FontSet | None = None) -> bytes:
    """The statement as a PDF. ``fonts``: None takes what ``load_fonts()`` finds on this machine."""
    return lay_out(values, fonts or load_fonts()).finish()


def lay_out(values: ClaimStatementValues, fonts: FontSet) -> Frame:
    """The pages before they are painted."""
    frame = Frame(values.paper, values.company.colour, _frame_text(values), fonts)
    draw_letterhead(frame, values, _facts(values), "Addressed to")
    draw_panel(frame, values.result, values.more)
    _draw_sums(frame, values)
    for claim in values.claims:
        _draw_claim(frame, values, claim)
    if values.outstanding:
        _draw_outstanding(frame, values)
    draw_sentences(frame, values.label("Notes"), values.notes)
    return frame


def _facts(values: ClaimStatementValues) -> list[tuple[str, str]]:
    return [("Number", values.number), ("Issued", values.issued), *values.facts,
            ("Verification number", values.verification)]


def _frame_text(values: ClaimStatementValues) -> FrameText:
    label, company = values.label, values.company
    marked = label("Preview") if values.draft else ""
    return FrameText(
        title=" ".join(filter(None, (values.title, values.number))),
        author=company.name,
        subject=" – ".join(filter(None, (values.customer.name, values.span))),
        language=values.language.replace("_", "-"),
        running=DOT.join(filter(None, (marked, company.name, values.title, values.number, values.span))),
        footer=DOT.join(filter(None, (marked, values.title, values.number, values.verification))),
        digest=f"{label('Hash of the inputs (SHA-256)')} {values.inputs_hash}" if values.inputs_hash else "",
        page_label=lambda page, pages: values.phrase("Page %(page)s of %(pages)s", page=page, pages=pages),
        watermark=marked,
    )


def _draw_sums(frame: Frame, values: ClaimStatementValues) -> None:
    label = values.label
    columns = [Column("", flexible=True), Column(label("Lines"), right=True),
               Column(label("Amount"), right=True)]
    rows = []
    for row in values.sums:
        style = CELL_BOLD if row.strong else CELL
        rows.append(Row((Cell(((row.name, style),)), Cell(((row.count, CELL),)), Cell(((row.amount, style),)))))
    draw_table(frame, label("Summary"), columns, rows)


def _draw_claim(frame: Frame, values: ClaimStatementValues, claim: StatementClaim) -> None:
    """One claim: its lines with their figures, why one is held below it."""
    columns = [Column(DOT.join(claim.about), flexible=True),
               *(Column(values.label(title), right=True) for title in FIGURES)]
    rows = [Row((Cell(((line.name, CELL_BOLD), (line.about, SUB))),
                 *(Cell(((text, CELL),)) for text in line.figures)),
                ((line.note, CELL),) if line.note else ()) for line in claim.lines]
    totals = None
    if claim.totals and len(rows) > 1:
        totals = Row((Cell(((values.label("Total"), CELL_BOLD),)),
                      *(Cell(((text, CELL_BOLD),)) for text in claim.totals)))
    draw_table(frame, claim.title, columns, rows, totals=totals)


def _draw_outstanding(frame: Frame, values: ClaimStatementValues) -> None:
    label = values.label
    columns = [Column(label("Part"), flexible=True), Column(label("Claim")), Column(label("Serial")),
               Column(label("Send back until")), Column(label("Held"), right=True)]
    rows = [Row((Cell(((row.name, CELL_BOLD),)), Cell(((row.claim, CELL),)), Cell(((row.serial, CELL),)),
                 Cell(((row.until, CELL),)), Cell(((row.held, CELL),)))) for row in values.outstanding]
    draw_table(frame, label("Parts to send back"), columns, rows)
