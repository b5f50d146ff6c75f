"""Clauses on paper: numbered, with numbered paragraphs, lists and headings that stay with their text."""

from __future__ import annotations

import re
from typing import NamedTuple

from .agreement import Sections, draw_hanging
from .agreement_values import Agreement, ClauseText
from .frame import BODY, TOP, Frame
from .text import Style, wrap

HEADING = Style(9.4, bold=True)
NUMBER_WIDTH = 30.0
ITEM_WIDTH = 20.0
# "(a)", "a)", "iv.", "-": an entry of a list; "4.2": a paragraph that its author numbered.
_ITEM = re.compile(r"(\([0-9a-zA-Z]{1,4}\)|[0-9a-zA-Z]{1,3}\)|[ivx]{1,4}\.|[-–•*])[ \u00a0]+(?=\S)")
_NUMBERED = re.compile(r"(\d+(?:\.\d+)+)\.?[ \u00a0]+(?=\S)")


class Paragraph(NamedTuple):
    """``mark``: what stands before it; ``item``: an entry of a list, set further in."""

    mark: str
    text: str
    item: bool = False


def paragraphs(clause: ClauseText) -> list[Paragraph]:
    """The paragraphs of a clause, numbered "2.1", "2.2" where there are several; entries of a list keep their mark.

    >>> [p.mark for p in paragraphs(ClauseText("2", "Secrecy", "Keep it.\\nTell nobody but\\n(a) staff\\nNever."))]
    ['2.1', '2.2', '(a)', '2.3']
    """
    texts = [text.strip() for text in clause.text.splitlines() if text.strip()]
    plain = [text for text in texts if not _ITEM.match(text)]
    found, count = [], 0
    for text in texts:
        item, own = _ITEM.match(text), _NUMBERED.match(text)
        if item:
            found.append(Paragraph(item[1], text[item.end():], True))
            continue
        count += 1
        if own:
            found.append(Paragraph(own[1], text[own.end():]))
        else:
            found.append(Paragraph(f"{clause.number}.{count}" if clause.number and len(plain) > 1 else "", text))
    return found


def draw_clauses(frame: Frame, values: Agreement, sections: Sections) -> None:
    """The section of clauses; nothing where there are none."""
    if not values.clauses:
        return
    frame.heading(sections.title(values.label("Terms and conditions")), keep_with=60)
    for clause in values.clauses:
        draw_clause(frame, clause)


def draw_clause(frame: Frame, clause: ClauseText) -> None:
    """Heading and paragraphs of one clause; without a number or a heading its text alone."""
    title = wrap(clause.heading, HEADING, frame.width - NUMBER_WIDTH, frame.fonts)
    if title:
        if len(title) * HEADING.height + 2 * BODY.height + 4 > frame.room and frame.y > TOP:
            frame.new_page()
        frame.page.bookmarks.append((" ".join(filter(None, (clause.number, clause.heading))), frame.y))
        frame.lines(frame.left, frame.y, wrap(clause.number, HEADING, NUMBER_WIDTH, frame.fonts))
        frame.y = frame.lines(frame.left + NUMBER_WIDTH, frame.y, title) + 1.5
    for paragraph in paragraphs(clause):
        width = NUMBER_WIDTH if title or clause.number else 0.0
        indent, hang = (width, ITEM_WIDTH) if paragraph.item else (0.0, width if not paragraph.mark else NUMBER_WIDTH)
        draw_hanging(frame, paragraph.mark, paragraph.text, indent, hang)
        frame.y += 2.2
    frame.y += 5
