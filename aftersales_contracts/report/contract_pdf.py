"""The contract on paper: who, for how long, which service, how well, at what price, on which terms; and signed.

    pdf = render_contract(values, fonts=load_fonts(cjk="/path/to/font.ttc"))

Reads plain values only. The same values and fonts give the same bytes, so the SHA-256 of a contract drawn again
can be compared with that of the one that was sent.
"""

from __future__ import annotations

from .agreement import Sections, draw_parties, draw_sentences, draw_title, frame_text, span_text
from .agreement_values import ClauseText, ContractValues, PriceRow
from .clauses import draw_clause, draw_clauses
from .columns import Cell, Column, Row
from .contract_words import price_sentences, schedule_sentences, term_sentences
from .fonts import FontSet, load_fonts
from .frame import BODY, Frame
from .signatures import draw_signatures
from .table import CELL, CELL_BOLD, SUB, draw_table
from .text import DOT, Style, joined

NOTE = Style(7.6)


def render_contract(contract: ContractValues, *, fonts: FontSet | None = None) -> bytes:
    """The contract as a PDF. ``fonts``: None takes what ``load_fonts()`` finds on this machine."""
    return lay_out(contract, fonts or load_fonts()).finish()


def lay_out(contract: ContractValues, fonts: FontSet) -> Frame:
    """The contract's pages before they are painted."""
    frame = Frame(contract.paper, contract.company.colour, frame_text(contract), fonts)
    sections = Sections()
    draw_title(frame, contract, _facts(contract))
    draw_parties(frame, contract)
    _draw_term(frame, contract, sections)
    _draw_scope(frame, contract, sections)
    _draw_levels(frame, contract, sections)
    _draw_promises(frame, contract, sections)
    _draw_assets(frame, contract, sections)
    _draw_prices(frame, contract, sections)
    _draw_texts(frame, contract.label("Dealer share"), contract.shares, sections)
    _draw_texts(frame, contract.label("Penalties and service credits"), contract.penalties, sections)
    draw_clauses(frame, contract, sections)
    draw_annexes(frame, contract, sections)
    draw_signatures(frame, contract)
    return frame


def _facts(contract: ContractValues) -> list[tuple[str, str]]:
    label, term = contract.label, contract.term
    return [
        (label("Contract"), contract.number),
        (label("Amendment of"), term.amends),
        (label("Takes effect"), term.effective),
        (label("Version"), contract.version),
        (label("Contract term"), " – ".join(filter(None, (term.start, term.end or label("open-ended"))))),
        (label("Service mode"), contract.mode),
        (label("Service plan"), contract.plan),
    ]


def _draw_term(frame: Frame, contract: ContractValues, sections: Sections) -> None:
    frame.heading(sections.title(contract.label("Term, renewal and notice")), keep_with=30)
    if contract.term.amends:
        draw_sentences(frame, [contract.phrase(
            "This amendment states contract %(number)s anew, as it applies from %(day)s on.",
            number=contract.term.amends, day=contract.term.effective or contract.term.start)])
    frame.paragraph(joined(term_sentences(contract)), BODY)


def _draw_scope(frame: Frame, contract: ContractValues, sections: Sections) -> None:
    if not contract.scope:
        return
    label = contract.label
    columns = [Column(label("Service"), flexible=True), Column(label("Support tier")), Column(label("Region")),
               Column(label("Carried out by"), flexible=True)]
    rows = [_row((row.service, CELL_BOLD), row.tier, row.region, row.executor) for row in contract.scope]
    draw_table(frame, sections.title(label("Scope of service")), columns, rows)


def _draw_levels(frame: Frame, contract: ContractValues, sections: Sections) -> None:
    if not contract.levels:
        return
    label = contract.label
    columns = [Column(label("Target"), flexible=True), Column(label("Time allowed")),
               Column(label("Objective"), right=True)]
    rows = []
    for level in contract.levels:
        priority = f"{label('Priority')} {level.priority}" if level.priority else ""
        pauses = label("pauses while we wait for the customer") if level.pauses else ""
        about = DOT.join(filter(None, (level.tier, priority, pauses)))
        rows.append(Row((Cell(((level.name, CELL_BOLD), (about, SUB))), Cell(((level.within, CELL),)),
                         Cell(((level.objective, CELL),)))))
    draw_table(frame, sections.title(label("Service levels")), columns, rows)
    if contract.schedule:
        frame.y += 6
        draw_sentences(frame, schedule_sentences(contract, contract.schedule), NOTE)


def _draw_promises(frame: Frame, contract: ContractValues, sections: Sections) -> None:
    if not contract.promises:
        return
    label = contract.label
    columns = [Column(label("Promise"), flexible=True), Column(label("Part of the plan")), Column(label("Amount"))]
    rows = [Row((Cell(((row.name, CELL_BOLD), (row.note, SUB))), Cell(((row.module, CELL),)),
                 Cell(((row.amount, CELL),)))) for row in contract.promises]
    draw_table(frame, sections.title(label("Promises of the service plan")), columns, rows)


def _draw_assets(frame: Frame, contract: ContractValues, sections: Sections) -> None:
    if not contract.assets:
        return
    label = contract.label
    columns = [Column(label("Serial number")), Column(label("Product"), flexible=True), Column(label("Place")),
               Column(label("Covered"))]
    rows = []
    for asset in contract.assets:
        covered = " – ".join(filter(None, (asset.start, asset.end or label("open-ended")))) if asset.start else ""
        rows.append(Row((Cell(((asset.serial, CELL_BOLD),)), Cell(((asset.product, CELL), (asset.owner, SUB))),
                         Cell(((asset.place, CELL),)), Cell(((covered, CELL),)))))
    draw_table(frame, sections.title(label("Covered assets")), columns, rows)


def _draw_prices(frame: Frame, contract: ContractValues, sections: Sections) -> None:
    if not contract.prices:
        return
    label, totals = contract.label, contract.totals
    columns = [Column(label("Service"), flexible=True), Column(label("Quantity"), right=True),
               Column(label("Price"), right=True), Column(label("Charged every")), Column(label("Taxes")),
               Column(label("Per year"), right=True)]
    rows = [_price_row(contract, row) for row in contract.prices]
    total = Row((Cell(((label("Total of a year, before taxes"), CELL_BOLD),)), Cell(), Cell(), Cell(), Cell(),
                 Cell(((totals.untaxed, CELL_BOLD),)))) if totals.untaxed else None
    draw_table(frame, sections.title(label("Prices")), columns, rows, totals=total)
    frame.y += 6
    sentences = [contract.phrase("All amounts in %(currency)s.", currency=contract.currency)] \
        if contract.currency else []
    if totals.taxes:
        sentences.append(contract.phrase("Taxes of a year: %(amount)s.", amount=totals.taxes))
    if totals.total:
        sentences.append(contract.phrase("Total of a year, with taxes: %(amount)s.", amount=totals.total))
    draw_sentences(frame, [joined(sentences)], NOTE)


def _price_row(contract: ContractValues, row: PriceRow) -> Row:
    every = span_text(contract, row.every) if row.every else contract.label("once")
    rules = joined(price_sentences(contract, row))
    return Row(
        (Cell(((row.name, CELL_BOLD),)), *(Cell(((text, CELL),)) for text in (
            row.quantity, row.price, every, row.taxes, row.yearly))),
        ((rules, SUB),) if rules else ())


def _draw_texts(frame: Frame, title: str, texts: tuple[ClauseText, ...], sections: Sections) -> None:
    """A section of clauses of its own; nothing where there are none."""
    if not texts:
        return
    frame.heading(sections.title(title), keep_with=60)
    for clause in texts:
        draw_clause(frame, clause)


def draw_annexes(frame: Frame, contract: ContractValues, sections: Sections) -> None:
    """The list of annexes, numbered; nothing where there are none."""
    if not contract.annexes:
        return
    frame.heading(sections.title(contract.label("Annexes")), keep_with=30)
    draw_sentences(frame, [contract.phrase("Annex %(number)s: %(name)s", number=number, name=name)
                           for number, name in enumerate(contract.annexes, 1)])


def _row(*texts) -> Row:
    """A row of plain cells; a pair is (text, style)."""
    return Row(tuple(Cell((text if isinstance(text, tuple) else (text, CELL),)) for text in texts))
