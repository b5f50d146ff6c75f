"""The frame every statement shares: paper, margins, letterhead, running header, footer, document data.

A statement kind draws from the top down with ``take`` (room for a block, on a new page if need be),
``paragraph`` and ``heading``; ``finish`` adds "page x of y" and paints. The frame takes no clock and
no random number: the same calls give the same bytes.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from .colours import accent, tint
from .faces import FontSet
from .logo import Logo
from .page import HAIRLINE, Box, Page, Rule
from .paint import binary_streams, paint_shapes, paint_texts, paint_watermark
from .text import GREY, Line, Style, wrap

SMALL = Style(6.6, colour=GREY)
BODY = Style(8.6)
HEADING = Style(11.5, bold=True)
# Where text starts on every page but the first, under the running header.
TOP = 62.0
# Points; about A6.
LEAST_PAPER = 280.0
PAPERS = {"A4": A4, "Letter": LETTER}
# reportlab reads glyphs through a position kept in the font itself: one document at a time.
_PAINTING = threading.Lock()


@dataclass(frozen=True)
class FrameText:
    """What stands in the margins and in the document data, already translated.

    ``running``: heads every page but the first; ``footer``, ``digest``: the two lines at the foot;
    ``page_label``: of page and number of pages; ``watermark``: "" for none.
    """

    title: str
    author: str
    subject: str
    language: str
    running: str
    footer: str
    digest: str
    page_label: Callable[[int, int], str]
    watermark: str = ""


class Frame:
    """Pages filled from the top down. ``y`` is how far the current page is filled, in points."""

    def __init__(self, paper: str | tuple[float, float], colour: str, texts: FrameText, fonts: FontSet):
        self.paper = PAPERS.get(paper, A4) if isinstance(paper, str) else (float(paper[0]), float(paper[1]))
        if min(self.paper) < LEAST_PAPER:
            raise ValueError(f"Paper of {self.paper[0]:g} x {self.paper[1]:g} points is too small for a statement.")
        self.fonts = fonts
        self.texts = texts
        self.accent = accent(colour)
        self.tint = tint(self.accent, 0.07)
        margin = max(26.0, min(52.0, self.paper[0] * 0.088))
        self.left, self.right = margin, self.paper[0] - margin
        self.width = self.right - self.left
        self._foot = self._footer_lines()
        self._foot_top = self.paper[1] - 20.0 - len(self._foot) * SMALL.height
        self.bottom = self._foot_top - 14.0
        self.pages: list[Page] = []
        self._logos: list[tuple[Page, Logo, float, float, float, float]] = []
        self.y = 0.0
        self.new_page()

    @property
    def page(self) -> Page:
        """The page being filled."""
        return self.pages[-1]

    @property
    def room(self) -> float:
        """Height left on this page."""
        return self.bottom - self.y

    @property
    def body(self) -> float:
        """Height a page after the first has for its text."""
        return self.bottom - TOP

    def new_page(self) -> None:
        """Start a page; pages after the first carry a running header."""
        page = Page(*self.paper)
        page.shapes.append(Box(0, 0, self.paper[0], 4, fill=self.accent))
        self.pages.append(page)
        self.y = 40.0
        if len(self.pages) > 1:
            line = self.fitted(self.texts.running, SMALL, self.width)
            page.text(self.left, 34, line, SMALL)
            page.shapes.append(Rule(self.left, 41, self.right, 41))
            self.y = TOP

    def take(self, height: float) -> float:
        """The y where a block of ``height`` may be drawn: here, or on a new page if it does not fit here."""
        if height > self.room and self.y > TOP:
            self.new_page()
        top = self.y
        self.y += height
        return top

    def fitted(self, text: str, style: Style, width: float) -> str:
        """``text`` in one line, cut with an ellipsis if it must be; for headers only, never for content."""
        text = self.fonts.clean(text).replace("\n", " ")
        if self.fonts.width(text, style.size, style.bold) <= width:
            return text
        while text and self.fonts.width(text + "...", style.size, style.bold) > width:
            text = text[:-1]
        return text.rstrip() + "..."

    def right_text(self, right: float, y: float, text: str, style: Style) -> None:
        """Put a cleaned line so that it ends at ``right``."""
        self.page.text(right - self.fonts.width(text, style.size, style.bold), y, text, style)

    def lines(self, x: float, y: float, lines: list[Line], right: float | None = None) -> float:
        """Put lines one below the other from the top ``y``, at ``x`` or ending at ``right``; the new y."""
        for text, style in lines:
            base = y + style.height * 0.74
            if right is None:
                self.page.text(x, base, text, style)
            else:
                self.right_text(right, base, text, style)
            y += style.height
        return y

    def logo(self, logo: Logo, x: float, y: float, width: float, height: float) -> None:
        """Put a picture with its top left corner at ``x``, ``y``."""
        self._logos.append((self.page, logo, x, y, width, height))

    def heading(self, text: str, keep_with: float = 70.0) -> None:
        """A section heading, in the reader's outline too; it never stands alone at the foot of a page."""
        lines = wrap(text, HEADING, self.width, self.fonts)
        height = len(lines) * HEADING.height
        if self.y > TOP:
            self.y += 20
        if height + 6 + keep_with > self.room:
            self.new_page()
        self.page.bookmarks.append((text, self.y))
        self.y = self.lines(self.left, self.y, lines) + 6

    def paragraph(self, text: str, style: Style = BODY, indent: float = 0.0) -> None:
        """Flowing text; at least two of its lines stay together where it has to break."""
        lines = wrap(text, style, self.width - indent, self.fonts)
        while lines:
            fit = int((self.room + 0.01) / style.height)
            if fit < min(2, len(lines)):
                self.new_page()
                continue
            if len(lines) - fit == 1 and fit > 2:
                fit -= 1
            self.y = self.lines(self.left + indent, self.y, lines[:fit])
            lines = lines[fit:]

    def finish(self) -> bytes:
        """Add the footers, paint all pages and return the PDF."""
        buffer = io.BytesIO()
        first_face = self.fonts.regular[0].name
        with _PAINTING, binary_streams():
            canvas = Canvas(
                buffer,
                pagesize=self.paper,
                invariant=1,
                pageCompression=1,
                initialFontName=first_face,
                lang=self.texts.language or None,
            )
            self._describe(canvas)
            for number, page in enumerate(self.pages, 1):
                self._footer(page, number)
                self._paint(canvas, page, number)
            canvas.save()
        return buffer.getvalue()

    def _describe(self, canvas: Canvas) -> None:
        canvas.setTitle(self.texts.title)
        canvas.setAuthor(self.texts.author)
        canvas.setSubject(self.texts.subject)
        canvas.setCreator("aftersales_contracts")
        canvas.setViewerPreference("DisplayDocTitle", "true")

    def _footer_lines(self) -> list[Line]:
        """The foot's left side: document in one line, then the hash, which is never cut off."""
        room = self.width - self.fonts.width(self._page_label(9999, 9999), SMALL.size) - 12
        first = Line(self.fitted(self.texts.footer, SMALL, room), SMALL)
        return [first, *wrap(self.texts.digest, SMALL, self.width, self.fonts)]

    def _page_label(self, page: int, pages: int) -> str:
        return self.fonts.clean(self.texts.page_label(page, pages))

    def _footer(self, page: Page, number: int) -> None:
        y = self._foot_top
        page.shapes.append(Rule(self.left, y - 4, self.right, y - 4, HAIRLINE))
        label = self._page_label(number, len(self.pages))
        page.text(self.right - self.fonts.width(label, SMALL.size), y + SMALL.height * 0.74, label, SMALL)
        for text, style in self._foot:
            page.text(self.left, y + style.height * 0.74, text, style)
            y += style.height

    def _paint(self, canvas: Canvas, page: Page, number: int) -> None:
        if self.texts.watermark:
            paint_watermark(canvas, page, self.fonts, self.texts.watermark)
        paint_shapes(canvas, page)
        for owner, logo, x, y, width, height in self._logos:
            if owner is page:
                logo.paint(canvas, x, self.paper[1] - y - height, width, height)
        paint_texts(canvas, page, self.fonts)
        for index, (title, y) in enumerate(page.bookmarks):
            key = f"p{number}-{index}"
            canvas.bookmarkHorizontal(key, 0, min(self.paper[1], self.paper[1] - y + 20))
            canvas.addOutlineEntry(title, key, level=0)
        canvas.showPage()
