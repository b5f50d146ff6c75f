"""The statement of a dealer's settlement: opening balance, every line as the dealer thinks of it, and each step from
there to what is paid.

    pdf = render_settlement(values, fonts=load_fonts(cjk="/path/to/font.ttc"))

Reads plain values only. The same values and fonts give the same bytes, so a statement that is drawn again can be
compared with the stored one.
"""

from __future__ import annotations

import re

from .agreement import draw_hanging
from .columns import Cell, Column, Row
from .figures import count_text
from .fonts import FontSet, load_fonts
from .frame import BODY, Frame, FrameText
from .letterhead import draw_letterhead
from .page import Box
from .settlement_lines import draw_groups
from .settlement_values import NOTHING, OWES, RECEIVES, Brackets, SettlementValues, SumRow
from .table import CELL, CELL_BOLD, SUB, draw_table
from .text import DOT, GREY, Style, joined, wrap

RESULT = Style(13, bold=True)
RESULT_MORE = Style(8.8)
ENTRY = re.compile(r"(\(\w{1,3}\)) (.+)", re.DOTALL)  # "(a) ...": of the list that the sentence before it opens
RESULT_SENTENCES = {
    RECEIVES: "You receive %(amount)s for %(period)s.",
    OWES: "You owe us %(amount)s for %(period)s.",
    NOTHING: "Nothing is paid for %(period)s.",
}


def render_settlement(values: SettlementValues, *, fonts: FontSet | None = None) -> bytes:
    """The statement as a PDF. ``fonts``: None takes what ``load_fonts()`` finds on this machine."""
    return lay_out(values, fonts or load_fonts()).finish()


def lay_out(values: SettlementValues, fonts: FontSet) -> Frame:
    """The pages before they are painted."""
    frame = Frame(values.paper, values.company.colour, _frame_text(values), fonts)
    draw_letterhead(frame, values, _facts(values), "Addressed to")
    _draw_result(frame, values)
    _draw_summary(frame, values)
    _draw_payment(frame, values)
    draw_groups(frame, values)
    for brackets in values.brackets:
        _draw_brackets(frame, values, brackets)
    _draw_penalties(frame, values)
    _draw_steps(frame, values)
    _draw_sentences(frame, values.label("What was agreed"), values.agreed)
    _draw_sentences(frame, values.label("What to look at"), values.warnings)
    _draw_sentences(frame, values.label("Payment and objection"), values.settlement)
    _draw_sentences(frame, values.label("Notes"), values.notes)
    return frame


def result(values: SettlementValues) -> tuple[str, str]:
    """What is paid in one sentence, and what becomes of the rest in short ones."""
    period, phrase = values.period.label, values.phrase
    first = phrase(RESULT_SENTENCES[values.result], amount=values.amount, period=period)
    more = [phrase("Lines settled: %(count)s.", count=count_text(values.lines, values.numbers))]
    if values.held:
        more.append(phrase("Held until their dispute is settled: %(amount)s.", amount=values.held))
    if values.carried:
        more.append(phrase("Carried forward to the next period: %(amount)s.", amount=values.carried))
    if values.answer_until:
        more.append(phrase("Please accept or dispute its lines until %(day)s.", day=values.answer_until))
    return first, joined(more)


def _facts(values: SettlementValues) -> list[tuple[str, str]]:
    contract = values.contract
    return [
        ("Number", values.number),
        ("Issued", values.issued),
        ("Contract", " \u00a0".join(filter(None, (contract.number, contract.title)))),
        ("Contract term", " – ".join(filter(None, (contract.start, contract.end)))),
        ("Share rule", values.rule),
        ("Answer until", values.answer_until),
        ("Account manager", contract.account_manager),
    ]


def _frame_text(values: SettlementValues) -> FrameText:
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


def _draw_result(frame: Frame, values: SettlementValues) -> None:
    """What is paid in a tinted panel with a bar in the accent colour."""
    first, more = result(values)
    inner = frame.width - 32
    lines = wrap(first, RESULT, inner, frame.fonts) + wrap(more, RESULT_MORE, inner, frame.fonts)
    if values.currency:
        text = values.phrase(
            "All amounts in %(currency)s, before taxes unless it says otherwise. With a minus sign: what you pay.",
            currency=values.currency)
        lines += wrap(text, RESULT_MORE._replace(colour=GREY), inner, frame.fonts)
    height = sum(line.style.height for line in lines) + 20
    top = frame.take(height)
    frame.page.shapes.append(Box(frame.left, top, frame.width, height, fill=frame.tint))
    frame.page.shapes.append(Box(frame.left, top, 3.2, height, fill=frame.accent))
    frame.lines(frame.left + 16, top + 10, lines)


def _draw_summary(frame: Frame, values: SettlementValues) -> None:
    """From the opening balance over the groups of lines and what is added or deducted to the total."""
    label = values.label
    columns = [Column(label("Part"), flexible=True), Column(label("Lines"), right=True),
               Column(label("Base"), right=True), Column(label("Amount"), right=True)]
    rows = [_summed(label("Opening balance"), amount=values.opening)] if values.opening else []
    rows += [_summed(group.name, "", count_text(group.count, values.numbers), group.base, group.amount)
             for group in values.groups]
    rows += [_summed(row.name, row.detail, amount=row.amount) for row in values.adjustments]
    totals = Row((Cell(((label("Total"), CELL_BOLD),)), Cell(), Cell(), Cell(((values.total, CELL_BOLD),))))
    draw_table(frame, label("Summary"), columns, rows or [totals], totals=totals if rows else None, keep_totals=True)


def _summed(name: str, detail: str = "", count: str = "", base: str = "", amount: str = "") -> Row:
    texts = ((name, CELL_BOLD), (detail, SUB)) if detail else ((name, CELL_BOLD),)
    return Row((Cell(texts), *(Cell(((text, CELL),) if text else ()) for text in (count, base, amount))))


def _draw_payment(frame: Frame, values: SettlementValues) -> None:
    """From the total to what is transferred: held lines, taxes; who gets which part of it."""
    label = values.label
    if values.payment:
        columns = [Column(label("Part"), flexible=True), Column(label("Amount"), right=True)]
        *rows, last = [_paid(row) for row in values.payment]
        draw_table(frame, label("Payment"), columns, rows or [last], totals=last if rows else None,
                   keep_totals=True)
    if values.payees:
        columns = [Column(label("Payee"), flexible=True), Column(label("Percent"), right=True),
                   Column(label("Amount"), right=True)]
        rows = [Row((Cell(((one.name, CELL_BOLD),)), Cell(((one.percent, CELL),)), Cell(((one.amount, CELL),))))
                for one in values.payees]
        draw_table(frame, label("Payees"), columns, rows)


def _paid(row: SumRow) -> Row:
    style = CELL_BOLD if row.strong else CELL
    texts = ((row.name, style), (row.detail, SUB)) if row.detail else ((row.name, style),)
    return Row((Cell(texts), Cell(((row.amount, style),))))


def _draw_brackets(frame: Frame, values: SettlementValues, one: Brackets) -> None:
    """The arithmetic of one share by brackets: volume of each bracket times its rate."""
    label = values.label
    columns = [Column(label("Bracket"), flexible=True),
               *(Column(label(title), right=True) for title in ("Volume", "Rate", "Share"))]
    rows = [Row(tuple(Cell(((text, CELL),) if text else ()) for text in (row.span, row.volume, row.rate, row.share)))
            for row in one.rows]
    totals = Row((Cell(((label("Total"), CELL_BOLD),)), Cell(((one.volume, CELL_BOLD),)), Cell(),
                  Cell(((one.share, CELL_BOLD),))))
    draw_table(frame, values.phrase("Brackets: %(name)s", name=one.name), columns, rows or [totals],
               totals=totals if rows else None, keep_totals=True)
    frame.y += 5
    for sentence in filter(None, (one.rule, *one.notes)):
        frame.paragraph(sentence, BODY)
        frame.y += 2


def _draw_penalties(frame: Frame, values: SettlementValues) -> None:
    """Every penalty that is set off, with what was promised and missed."""
    if not values.penalties:
        return
    label = values.label
    columns = [Column(label("Penalty")), Column(label("Cause"), flexible=True), Column(label("Amount"), right=True)]
    rows = [
        Row((Cell(((one.number, CELL_BOLD), *(((one.period, SUB),) if one.period else ()))),
             Cell(((one.text, CELL_BOLD), *((cause, CELL) for cause in one.causes))),
             Cell(((one.amount, CELL_BOLD),))))
        for one in values.penalties]
    draw_table(frame, label("Penalties set off"), columns, rows)


def _draw_steps(frame: Frame, values: SettlementValues) -> None:
    if not values.steps:
        return
    label = values.label
    columns = [Column(label("Step")), Column("", flexible=True), Column(label("Result"), right=True)]
    rows = [
        Row((Cell(((row.name, CELL_BOLD),)),
             Cell(((row.part, SUB), (row.detail, CELL)) if row.part else ((row.detail, CELL),)),
             Cell(((row.result, CELL),))))
        for row in values.steps]
    draw_table(frame, label("How the amount is reckoned"), columns, rows)


def _draw_sentences(frame: Frame, title: str, sentences: tuple[str, ...]) -> None:
    """A section of sentences, with a dash each where there are several; nothing at all where there are none."""
    if not sentences:
        return
    frame.heading(title, keep_with=30)
    for sentence in sentences:
        entry = ENTRY.match(sentence)
        if entry:
            draw_hanging(frame, entry[1], entry[2], 12.0, 18.0)
        elif len(sentences) > 1:
            draw_hanging(frame, "–", sentence, 0.0, 12.0)
        else:
            frame.paragraph(sentence, BODY)
        frame.y += 2.6
