"""What certificates and letters have in common: the tinted panel with the result, section heads, lists of sentences."""

from __future__ import annotations

from .agreement import draw_hanging
from .frame import BODY, TOP, Frame
from .page import Box, Rule
from .text import DOT, GREY, Style, joined, wrap

RESULT = Style(13, bold=True)
RESULT_MORE = Style(8.8)
HEAD = Style(12, bold=True, leading=1.3)
ABOUT = Style(8, colour=GREY)


def draw_panel(frame: Frame, first: str, more: tuple[str, ...] = (), small: tuple[str, ...] = ()) -> None:
    """The result in a tinted panel with a bar in the accent colour; ``small``: sentences in grey below it."""
    inner = frame.width - 32
    lines = wrap(first, RESULT, inner, frame.fonts) + wrap(joined(list(more)), RESULT_MORE, inner, frame.fonts)
    lines += wrap(joined(list(small)), RESULT_MORE._replace(colour=GREY), inner, frame.fonts)
    height = sum(line.style.height for line in lines) + 20
    top = frame.take(height)
    frame.page.shapes.append(Box(frame.left, top, frame.width, height, fill=frame.tint))
    frame.page.shapes.append(Box(frame.left, top, 3.2, height, fill=frame.accent))
    frame.lines(frame.left + 16, top + 10, lines)


def draw_head(frame: Frame, title: str, *about: str, keep_with: float = 110.0) -> None:
    """Name of a part over the width of the page, with ``about`` below it; kept with what follows."""
    lines = wrap(title, HEAD, frame.width, frame.fonts)
    lines += wrap(DOT.join(filter(None, about)), ABOUT, frame.width, frame.fonts)
    height = sum(line.style.height for line in lines) + 8
    if frame.y > TOP:
        frame.y += 22
    if height + keep_with > frame.room:
        frame.new_page()
    frame.page.bookmarks.append((title, frame.y))
    frame.page.shapes.append(Rule(frame.left, frame.y, frame.right, frame.y, frame.accent, 1.2))
    frame.y = frame.lines(frame.left, frame.y + 6, lines) + 2


def draw_sentences(frame: Frame, title: str, sentences: tuple[str, ...]) -> None:
    """A section of plain paragraphs; nothing at all where there are none."""
    if not sentences:
        return
    frame.heading(title, keep_with=30)
    for sentence in sentences:
        frame.paragraph(sentence, BODY)
        frame.y += 4


def draw_list(frame: Frame, sentences: tuple[str, ...]) -> None:
    """Sentences one below the other, each after a dash."""
    for sentence in sentences:
        draw_hanging(frame, "–", sentence, 0.0, 12.0)
        frame.y += 2.2
