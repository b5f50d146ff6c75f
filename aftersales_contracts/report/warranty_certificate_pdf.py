"""The warranty certificate of a machine: who has it, which covers hold, what each of them pays for how long, and what
it does not pay.

    pdf = render_warranty_certificate(values, fonts=load_fonts(cjk="/path/to/font.ttc"))

Reads plain values only. The same values and fonts give the same bytes, so a certificate that is drawn again can be
compared with the stored one.
"""

from __future__ import annotations

from .columns import Cell, Column, Row
from .fonts import FontSet, load_fonts
from .frame import BODY, Frame, FrameText
from .letter_parts import draw_head, draw_list, draw_panel, draw_sentences
from .letterhead import draw_letterhead
from .table import CELL, CELL_BOLD, draw_table
from .text import DOT
from .warranty_values import CoverRow, WarrantyValues


def render_warranty_certificate(values: WarrantyValues, *, fonts: FontSet | None = None) -> bytes:
    """The certificate as a PDF. ``fonts``: None takes what ``load_fonts()`` finds on this machine."""
    return lay_out(values, fonts or load_fonts()).finish()


def lay_out(values: WarrantyValues, fonts: FontSet) -> Frame:
    """The pages before they are painted."""
    frame = Frame(values.paper, values.company.colour, _frame_text(values), fonts)
    draw_letterhead(frame, values, _facts(values), "Owner")
    draw_panel(frame, values.result, values.more)
    for cover in values.covers:
        _draw_cover(frame, values, cover)
    if values.components:
        frame.heading(values.label("Parts of this machine"), keep_with=30)
        draw_list(frame, values.components)
    draw_sentences(frame, values.label("Notes"), values.notes)
    if values.verification:
        draw_sentences(frame, values.label("How to verify this certificate"), (values.phrase(
            "Tell us the number and the verification number %(verification)s: we say whether it was issued by us with "
            "these words, and what holds today.", verification=values.verification),))
    return frame


def _facts(values: WarrantyValues) -> list[tuple[str, str]]:
    return [("Number", values.number), ("Issued", values.issued), *values.facts,
            ("Verification number", values.verification)]


def _frame_text(values: WarrantyValues) -> FrameText:
    label, company = values.label, values.company
    marked = label("Preview") if values.draft else ""
    return FrameText(
        title=" ".join(filter(None, (values.title, values.number))),
        author=company.name,
        subject=" – ".join(filter(None, (values.customer.name, values.machine))),
        language=values.language.replace("_", "-"),
        running=DOT.join(filter(None, (marked, company.name, values.title, values.number, values.machine))),
        footer=DOT.join(filter(None, (marked, values.title, values.number, values.verification))),
        digest=f"{label('Hash of the inputs (SHA-256)')} {values.inputs_hash}" if values.inputs_hash else "",
        page_label=lambda page, pages: values.phrase("Page %(page)s of %(pages)s", page=page, pages=pages),
        watermark=marked,
    )


def _draw_cover(frame: Frame, values: WarrantyValues, cover: CoverRow) -> None:
    """One cover: its days, what it pays for each kind of item, what else holds and what it does not pay."""
    days = " – ".join(filter(None, (cover.first, cover.last)))
    draw_head(frame, cover.title, cover.kind, cover.state, days, cover.number, cover.policy)
    for sentence in cover.voids:
        frame.paragraph(sentence, CELL_BOLD)
        frame.y += 2
    if cover.benefits:
        _draw_benefits(frame, values, cover)
    if cover.sentences:
        frame.heading(values.label("What else holds"), keep_with=24)
        draw_list(frame, cover.sentences)
    frame.heading(values.label("Not covered"), keep_with=24)
    if cover.exclusions:
        draw_list(frame, cover.exclusions)
    else:
        frame.paragraph(values.label("Nothing is excluded by name."), BODY)


def _draw_benefits(frame: Frame, values: WarrantyValues, cover: CoverRow) -> None:
    label = values.label
    limited = any(row.limits for row in cover.benefits)
    columns = [Column(label("Item"), flexible=not limited), Column(label("We pay")), Column(label("Term")),
               Column(label("Until, the day included"))]
    if limited:
        columns.append(Column(label("Limits"), flexible=True))
    rows = [Row((Cell(((row.name, CELL_BOLD),)), *(Cell(((text, CELL),)) for text in (row.share, row.term, row.until)),
                 *((Cell(tuple((text, CELL) for text in row.limits)),) if limited else ())))
            for row in cover.benefits]
    draw_table(frame, label("What is paid"), columns, rows)
