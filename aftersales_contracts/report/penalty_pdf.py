"""The credit statement to a customer and the penalty notice to a provider or dealer: what was promised, what was
measured, which failures count and which are excused and why, and every step from there to the amount.

    pdf = render_penalties(values, fonts=load_fonts(cjk="/path/to/font.ttc"))

Reads plain values only. The same values and fonts give the same bytes, so a document that is drawn again can be
compared with the stored one.
"""

from __future__ import annotations

import re

from .agreement import draw_hanging
from .columns import Cell, Column, Row
from .figures import count_text
from .fonts import FontSet, load_fonts
from .frame import BODY, SMALL, TOP, Frame, FrameText
from .letterhead import draw_letterhead
from .page import Box, Rule
from .penalty_failures import draw_failures
from .penalty_values import (
    BONUS_CHARGED,
    BONUS_EARNED,
    CHARGED_BACK,
    CLAIMED,
    CREDITED,
    NOTICE,
    RETURNED,
    PenaltyValues,
    Reckoning,
)
from .table import CELL, CELL_BOLD, SUB, draw_table
from .text import DOT, GREY, Style, joined, wrap

RESULT = Style(13, bold=True)
RESULT_MORE = Style(8.8)
CLAUSE = Style(13, bold=True, leading=1.3)
ABOUT = Style(8, colour=GREY)
BADGE = Style(6.8, bold=True, colour="#ffffff", leading=1.5)
ENTRY = re.compile(r"(\(\w{1,3}\)) (.+)", re.DOTALL)  # "(a) ...": of the list that the sentence before it opens
RESULT_SENTENCES = {
    CREDITED: "We credit you %(amount)s for %(period)s.",
    CLAIMED: "We claim a penalty of %(amount)s from you for %(period)s.",
    BONUS_CHARGED: "For more than was promised we charge a bonus of %(amount)s for %(period)s.",
    BONUS_EARNED: "For more than was promised you earn a bonus of %(amount)s for %(period)s.",
    CHARGED_BACK: "We charge back %(amount)s of earlier credits with %(period)s.",
    RETURNED: "We return %(amount)s of earlier penalties to you with %(period)s.",
}


def render_penalties(values: PenaltyValues, *, fonts: FontSet | None = None) -> bytes:
    """The document as a PDF. ``fonts``: None takes what ``load_fonts()`` finds on this machine."""
    return lay_out(values, fonts or load_fonts()).finish()


def lay_out(values: PenaltyValues, fonts: FontSet) -> Frame:
    """The pages before they are painted."""
    frame = Frame(values.paper, values.company.colour, _frame_text(values), fonts)
    draw_letterhead(frame, values, _facts(values), "Addressed to" if values.kind == NOTICE else "Prepared for")
    _draw_result(frame, values)
    if len(values.reckonings) > 1:
        _draw_summary(frame, values)
    for reckoning in values.reckonings:
        _draw_reckoning(frame, values, reckoning)
    source = "Payment and objection" if values.kind == NOTICE else "Settlement"
    _draw_sentences(frame, values.label(source), values.settlement)
    _draw_sentences(frame, values.label("Notes"), values.notes)
    _draw_seals(frame, values)
    return frame


def result(values: PenaltyValues) -> tuple[str, str]:
    """What is due in one sentence, and what it comes from in short ones."""
    period = values.period.label
    if values.result in RESULT_SENTENCES:
        first = values.phrase(RESULT_SENTENCES[values.result], amount=values.amount, period=period)
    else:
        first = values.phrase("Nothing is due for %(period)s.", period=period)
    counted, excused = (count_text(values.failures(which), values.numbers) for which in (False, True))
    more = [values.phrase("Failures counted: %(counted)s.", counted=counted)] if values.failures(False) else []
    if values.failures(True):
        more.append(values.phrase("Excused, not counted: %(excused)s.", excused=excused))
    if values.uncapped:
        more.append(values.phrase("Without caps it would be %(amount)s.", amount=values.uncapped))
    if values.waiver:
        more.append(values.phrase("Of it waived: %(amount)s.", amount=values.waiver))
    return first, joined(more)


def _facts(values: PenaltyValues) -> list[tuple[str, str]]:
    contract = values.contract
    return [
        ("Number", values.number),
        ("Issued", values.issued),
        ("Contract", " \u00a0".join(filter(None, (contract.number, contract.title)))),
        ("Contract term", " – ".join(filter(None, (contract.start, contract.end)))),
        ("Statement", values.statement),
        ("Posted as", values.moves),
        ("Times in", values.period.zone),
        ("Account manager", contract.account_manager),
    ]


def _frame_text(values: PenaltyValues) -> FrameText:
    label, company = values.label, values.company
    marked = label("Preview") if values.draft else ""
    parts = (company.name, values.title, values.number, values.period.label, values.customer.name)
    return FrameText(
        title=" ".join(filter(None, (values.title, values.number))),
        author=company.name,
        subject=" – ".join(filter(None, (values.customer.name, values.contract.number, values.period.label))),
        language=values.language.replace("_", "-"),
        running=DOT.join(filter(None, (marked, *parts))),
        footer=DOT.join(filter(None, (marked, values.title, values.number))),
        digest=f"{label('Hash of the inputs (SHA-256)')} {values.inputs_hash}" if values.inputs_hash else "",
        page_label=lambda page, pages: values.phrase("Page %(page)s of %(pages)s", page=page, pages=pages),
        watermark=marked,
    )


def _draw_result(frame: Frame, values: PenaltyValues) -> None:
    """What is due in a tinted panel with a bar in the accent colour."""
    first, more = result(values)
    inner = frame.width - 32
    lines = wrap(first, RESULT, inner, frame.fonts) + wrap(more, RESULT_MORE, inner, frame.fonts)
    if values.currency:
        text = values.phrase("All amounts in %(currency)s, before taxes.", currency=values.currency)
        lines += wrap(text, RESULT_MORE._replace(colour=GREY), inner, frame.fonts)
    height = sum(line.style.height for line in lines) + 20
    top = frame.take(height)
    frame.page.shapes.append(Box(frame.left, top, frame.width, height, fill=frame.tint))
    frame.page.shapes.append(Box(frame.left, top, 3.2, height, fill=frame.accent))
    frame.lines(frame.left + 16, top + 10, lines)


def _draw_summary(frame: Frame, values: PenaltyValues) -> None:
    label = values.label
    columns = [Column(label("Clause"), flexible=True), Column(label("Number")),
               *(Column(label(title), right=True) for title in ("Reckoned", "Waived", "Amount"))]
    rows = [
        Row((Cell(((one.title, CELL_BOLD), (one.reference, SUB))), Cell(((one.number, CELL),)),
             *(Cell(((text, CELL),)) for text in (one.total, one.waived, one.amount))))
        for one in values.reckonings]
    totals = Row((Cell(((label("Total"), CELL_BOLD),)), Cell(),
                  *(Cell(((text, CELL_BOLD),)) for text in (values.total, values.waived, values.due))))
    draw_table(frame, label("Summary"), columns, rows, totals=totals)


def _draw_reckoning(frame: Frame, values: PenaltyValues, one: Reckoning) -> None:
    """One clause: what it says, what was measured, how the amount came about, and its failures."""
    _draw_clause_head(frame, values, one)
    _draw_agreed(frame, values, one)
    _draw_measured(frame, values, one)
    _draw_steps(frame, values, one)
    _draw_amounts(frame, values, one)
    draw_failures(frame, values, one)
    if one.notes:
        frame.y += 8
        for note in one.notes:
            frame.paragraph(note, BODY)
            frame.y += 3


def _draw_clause_head(frame: Frame, values: PenaltyValues, one: Reckoning) -> None:
    """Name of the clause over the width of the page, with clause, version and number below it."""
    title = values.phrase("Clause: %(name)s", name=one.title)
    about = DOT.join(filter(None, (one.reference, one.legal, one.number)))
    lines = wrap(title, CLAUSE, frame.width, frame.fonts) + wrap(about, ABOUT, frame.width, frame.fonts)
    height = sum(line.style.height for line in lines) + 8
    if frame.y > TOP:
        frame.y += 24
    if height + 110 > frame.room:
        frame.new_page()
    frame.page.bookmarks.append((title, frame.y))
    frame.page.shapes.append(Rule(frame.left, frame.y, frame.right, frame.y, frame.accent, 1.2))
    frame.y = frame.lines(frame.left, frame.y + 6, lines) + 2


def _draw_agreed(frame: Frame, values: PenaltyValues, one: Reckoning) -> None:
    sentences = list(one.promised)
    if one.fee:
        sentences.append(values.phrase("Percentages are of the fee of the period: %(fee)s.", fee=one.fee))
    if one.value:
        sentences.append(values.phrase("Value of the contract: %(value)s.", value=one.value))
    if not sentences:
        return
    frame.heading(values.label("What was agreed"), keep_with=30)
    for sentence in sentences:
        entry = ENTRY.match(sentence)
        if entry:
            draw_hanging(frame, entry[1], entry[2], 12.0, 18.0)
        else:
            draw_hanging(frame, "–", sentence, 0.0, 12.0)
        frame.y += 2.2


def _draw_measured(frame: Frame, values: PenaltyValues, one: Reckoning) -> None:
    if not one.measured:
        return
    label = values.label
    columns = [Column(label("Measure"), flexible=True),
               *(Column(label(title), right=True) for title in ("Promised", "Measured", "Counted", "Excused"))]
    rows = [
        Row((Cell(((row.name, CELL_BOLD), (row.rule, SUB))), Cell(((row.promised, CELL),)),
             Cell(((row.measured or label("not measured"), CELL),)),
             *(Cell(((count_text(count, values.numbers), CELL),)) for count in (row.counted, row.excused))))
        for row in one.measured]
    draw_table(frame, label("What was measured"), columns, rows)


def _draw_steps(frame: Frame, values: PenaltyValues, one: Reckoning) -> None:
    """Every step of the evaluation, in its order; where a cap cut something it is marked."""
    if not one.steps:
        return
    label = values.label
    columns = [Column(label("Step")), Column("", flexible=True), Column(label("Result"), right=True)]
    rows = [
        Row((Cell(((row.name, CELL_BOLD), *(((label("cut"), BADGE),) if row.cut else ())), badge=row.cut),
             Cell(((row.measure, SUB), (row.detail, CELL)) if row.measure else ((row.detail, CELL),)),
             Cell(((row.result, CELL),))))
        for row in one.steps]
    draw_table(frame, label("How the amount is reckoned"), columns, rows)


def _draw_amounts(frame: Frame, values: PenaltyValues, one: Reckoning) -> None:
    """What adds up to the amount; under it the reckoned amount, and where something was waived what is left."""
    label = values.label
    columns = [Column(label("Part")), Column("", flexible=True), Column(label("Amount"), right=True)]
    rows = [Row((Cell(((row.name, CELL_BOLD),)), Cell(((row.detail, CELL),)), Cell(((row.amount, CELL),))))
            for row in one.amounts]
    if one.waived:
        rows.append(Row((Cell(((label("Reckoned amount"), CELL_BOLD),)), Cell(), Cell(((one.total, CELL_BOLD),)))))
        rows.append(Row((
            Cell(((label("Waived"), CELL_BOLD),)), Cell(((one.waiver, CELL),)), Cell(((one.waived, CELL),)))))
    last = Row((Cell(((label("Amount due"), CELL_BOLD),)), Cell(), Cell(((one.amount, CELL_BOLD),))))
    draw_table(frame, label("What it comes to"), columns, rows or [last], totals=last if rows else None)


def _draw_sentences(frame: Frame, title: str, sentences: tuple[str, ...]) -> None:
    """A section of plain paragraphs; nothing at all where there are none."""
    if not sentences:
        return
    frame.heading(title, keep_with=30)
    for sentence in sentences:
        frame.paragraph(sentence, BODY)
        frame.y += 4


def _draw_seals(frame: Frame, values: PenaltyValues) -> None:
    """The hash of each penalty's own inputs: what the foot of the page proves is all of them together."""
    sealed = [one for one in values.reckonings if one.inputs_hash]
    if not sealed:
        return
    frame.y += 12
    for one in sealed:
        text = values.phrase("Inputs of %(number)s (SHA-256): %(digest)s", number=one.number, digest=one.inputs_hash)
        frame.paragraph(text, SMALL)
