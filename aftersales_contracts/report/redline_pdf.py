"""The redline of a contract: terms as before and after, texts word by word.

    pdf = render_redline(values, fonts=load_fonts())

Deleted words are struck through and red, inserted ones underlined, bold and green: it reads without colour too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .columns import Cell, Column, Row
from .fonts import FontSet, load_fonts
from .frame import BODY, Frame, FrameText
from .letterhead import draw_company
from .page import Box, Rule
from .redline_values import RedlineValues, Run, TextChange
from .table import CELL, CELL_BOLD, draw_table
from .text import DOT, GREY, Line, Style, units, wrap

RED, GREEN = "#b3261e", "#17692f"
GREEN_TINT = "#e5f3e8"
TITLE = Style(21, bold=True, leading=1.22)
SUBTITLE = Style(10.5, colour=GREY)
CAPTION = Style(7.2, colour=GREY)
FACT = Style(8.4)
TEXT = Style(9, leading=1.5)
HEADING = Style(9.4, bold=True)
SAME = Style(8.4, colour=GREY)
WORDS = {"changed": "changed", "added": "added", "removed": "removed", "same": "unchanged"}


class Piece(NamedTuple):
    """A part of a line in one style, with its width in points."""

    op: str
    text: str
    style: Style
    width: float


def render_redline(redline: RedlineValues, *, fonts: FontSet | None = None) -> bytes:
    """The redline as a PDF. ``fonts``: None takes what ``load_fonts()`` finds on this machine."""
    return lay_out(redline, fonts or load_fonts()).finish()


def lay_out(redline: RedlineValues, fonts: FontSet) -> Frame:
    """The pages before they are painted."""
    frame = Frame(redline.paper, redline.company.colour, _frame_text(redline), fonts)
    _draw_head(frame, redline)
    if redline.changes:
        _draw_changes(frame, redline)
    elif redline.texts:
        frame.heading(redline.label("Terms"), keep_with=20.0)
        frame.paragraph(redline.label("No term differs."), BODY)
    if redline.texts:
        frame.heading(redline.label("Texts"))
        for text in redline.texts:
            _draw_text(frame, redline, text)
    if not redline.changes and all(text.status == "same" for text in redline.texts):
        frame.y += 8
        frame.paragraph(redline.label("Nothing differs."), HEADING)
    return frame


def _frame_text(redline: RedlineValues) -> FrameText:
    kind = redline.label("Redline")
    compared = f"{redline.before} → {redline.after}"
    return FrameText(
        title=f"{kind} {redline.title}",
        author=redline.company.name,
        subject=compared,
        language=redline.language.replace("_", "-"),
        running=DOT.join((kind, redline.title, compared)),
        footer=DOT.join((kind, redline.title)),
        digest=redline.phrase("Compared (SHA-256): %(digest)s", digest=redline.digest) if redline.digest else "",
        page_label=lambda page, pages: redline.phrase("Page %(page)s of %(pages)s", page=page, pages=pages),
    )


def _draw_head(frame: Frame, redline: RedlineValues) -> None:
    draw_company(frame, redline)
    kind = redline.label("Redline")
    frame.page.bookmarks.append((f"{kind} {redline.title}", 0))
    frame.y = frame.lines(frame.left, frame.y, wrap(kind, TITLE, frame.width, frame.fonts))
    frame.y = frame.lines(frame.left, frame.y + 1, wrap(redline.title, SUBTITLE, frame.width, frame.fonts)) + 10
    facts = [("Before", redline.before), ("After", redline.after), ("Printed", redline.printed)]
    frame.page.shapes.append(Rule(frame.left, frame.y, frame.right, frame.y))
    frame.y += 6
    for source, text in facts:
        if text:
            lines = wrap(text, FACT, frame.width - 90, frame.fonts)
            top = frame.take(sum(line.style.height for line in lines) + 0.6)
            frame.lines(frame.left, top + 0.8, wrap(redline.label(source), CAPTION, 84, frame.fonts))
            frame.lines(frame.left + 90, top, lines)
    frame.y += 4
    _draw_runs(frame, [
        ("keep", redline.label("How to read it:") + " "), ("delete", redline.label("deleted words are struck through")),
        ("keep", ", "), ("insert", redline.label("inserted words are bold and underlined")), ("keep", "."),
    ], Style(8.2, colour=GREY))
    frame.y += 4
    frame.page.shapes.append(Rule(frame.left, frame.y, frame.right, frame.y))


def _draw_changes(frame: Frame, redline: RedlineValues) -> None:
    label = redline.label
    columns = [Column(label("Term"), flexible=True), Column(label("Before"), flexible=True),
               Column(label("After"), flexible=True)]
    none = (label("none"), Style(8.2, colour=GREY))
    rows = [Row((
        Cell(((change.label, CELL_BOLD),)),
        Cell(((change.old, CELL._replace(colour=RED)) if change.old else none,)),
        Cell(((change.new, CELL_BOLD._replace(colour=GREEN)) if change.new else none,)),
    )) for change in redline.changes]
    draw_table(frame, label("Terms"), columns, rows)


def _draw_text(frame: Frame, redline: RedlineValues, text: TextChange) -> None:
    status = redline.label(WORDS[text.status])
    if text.status == "same":
        frame.y += 3
        frame.paragraph(f"{text.title}{DOT}{status}", SAME)
        return
    frame.y += 8
    if frame.room < 3 * TEXT.height:
        frame.new_page()
    title = text.title_runs or ((_op(text.status), text.title),)
    _draw_runs(frame, [*title, ("keep", f"{DOT}{status}")], HEADING)
    frame.y += 1
    _draw_runs(frame, text.runs, TEXT)


def _op(status: str) -> str:
    return {"added": "insert", "removed": "delete"}.get(status, "keep")


def _draw_runs(frame: Frame, runs: Iterable[Run], style: Style) -> None:
    for paragraph in _paragraphs(runs):
        for line in _broken(paragraph, style, frame.width, frame.fonts):
            top = frame.take(style.height)
            _draw_line(frame, line, top, style)
        frame.y += 2.5


def _paragraphs(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs cut at line feeds; empty paragraphs are left out."""
    found: list[list[Run]] = [[]]
    for op, text in runs:
        first, *others = text.split("\n")
        if first:
            found[-1].append((op, first))
        found += [[(op, part)] if part else [] for part in others]
    return [paragraph for paragraph in found if paragraph]


def _broken(paragraph: list[Run], style: Style, width: float, fonts: FontSet) -> list[list[Piece]]:
    """First fit, across runs; a unit longer than a line is cut."""
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for op, text in paragraph:
        own = _style(style, op)
        for unit in _fitting_units(fonts.clean(text), own, width, fonts):
            advance = fonts.width(unit, own.size, own.bold)
            if used + advance > width and not unit.isspace() and lines[-1]:
                lines.append([])
                used = 0.0
            if unit.isspace() and not lines[-1]:
                continue
            lines[-1].append(Piece(op, unit, own, advance))
            used += advance
    return [_merged(line, fonts) for line in lines if line]


def _fitting_units(text: str, style: Style, width: float, fonts: FontSet) -> Iterable[str]:
    for unit in units(text):
        if fonts.width(unit, style.size, style.bold) <= width:
            yield unit
        else:
            yield from (Line(line.text, style).text for line in wrap(unit, style, width, fonts))


def _merged(line: list[Piece], fonts: FontSet) -> list[Piece]:
    """Pieces of one op side by side as one, without spaces at the end of the line."""
    found: list[Piece] = []
    for piece in line:
        if found and found[-1].op == piece.op:
            text = found.pop().text + piece.text
            piece = Piece(piece.op, text, piece.style, fonts.width(text, piece.style.size, piece.style.bold))
        found.append(piece)
    last = found[-1]
    text = last.text.rstrip()
    found[-1] = Piece(last.op, text, last.style, fonts.width(text, last.style.size, last.style.bold))
    return found


def _style(style: Style, op: str) -> Style:
    if op == "delete":
        return style._replace(colour=RED)
    return style._replace(colour=GREEN, bold=True) if op == "insert" else style


def _draw_line(frame: Frame, line: list[Piece], top: float, style: Style) -> None:
    x, base = frame.left, top + style.height * 0.74
    for piece in line:
        if piece.text:
            # The mark covers the words, not the space before them.
            lead = frame.fonts.width(piece.text[: len(piece.text) - len(piece.text.lstrip())], style.size,
                                     piece.style.bold)
            _mark(frame, piece.op, x + lead, x + piece.width, base, style)
            frame.page.text(x, base, piece.text, piece.style)
        x += piece.width


def _mark(frame: Frame, op: str, left: float, right: float, base: float, style: Style) -> None:
    if op == "delete":
        y = base - style.size * 0.3
        frame.page.shapes.append(Rule(left, y, right, y, RED, 0.7))
    elif op == "insert":
        frame.page.shapes.append(Box(left, base - style.size * 0.85, right - left, style.size * 1.12, fill=GREEN_TINT))
        frame.page.shapes.append(Rule(left, base + 1.6, right, base + 1.6, GREEN, 0.8))
