"""The frame every statement shares: paper, margins, letterhead, running header, footer, document data.

A statement kind draws from the top down with ``take`` (room for a block, on a new page if need be),
``paragraph`` and ``heading``; ``finish`` adds "page x of y" and paints. The frame takes no clock and
no random number: the same calls give the same bytes.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from .colours import accent, tint
from .fonts import FontSet
from .logo import Logo
from .page import HAIRLINE, Box, Page, Rule, paint_shapes, paint_texts
from .text import GREY, Line, Style, wrap

SMALL = Style(6.6, colour=GREY)
BODY = Style(8.6)
HEADING = Style(11.5, bold=True)
PAPERS = {"A4": A4, "Letter": LETTER}
# reportlab reads glyphs through a position kept in the font itself: one document at a time.
_PAINTING = threading.Lock()


@dataclass(frozen=True)
class FrameText:
    """What stands in the margins and in the document data, already translated.

    ``page_label``: with %(page)s and %(pages)s; ``watermark``: "" for none.
    """

    title: str
    author: str
    subject: str
    language: str
    running: str
    footer: str
    page_label: str
    watermark: str = ""


class Frame:
    """Pages filled from the top down. ``y`` is how far the current page is filled, in points."""

    def __init__(self, paper: str | tuple[float, float], colour: str, texts: FrameText, fonts: FontSet):
        self.paper = PAPERS.get(paper, A4) if isinstance(paper, str) else (float(paper[0]), float(paper[1]))
        self.fonts = fonts
        self.texts = texts
        self.accent = accent(colour)
        self.tint = tint(self.accent, 0.07)
        margin = max(26.0, min(52.0, self.paper[0] * 0.088))
        self.left, self.right = margin, self.paper[0] - margin
        self.width = self.right - self.left
        self.bottom = self.paper[1] - 52.0
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
        return self.bottom - 62.0

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
            self.y = 62.0

    def take(self, height: float) -> float:
        """The y where a block of ``height`` may be drawn: here, or on a new page if it does not fit here."""
        if height > self.room and self.y > 62.0:
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
        if self.y > 62.0:
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
        with _PAINTING:
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

    def _footer(self, page: Page, number: int) -> None:
        y = self.paper[1] - 28
        label = self.fonts.clean(self.texts.page_label % {"page": number, "pages": len(self.pages)})
        width = self.fonts.width(label, SMALL.size)
        page.shapes.append(Rule(self.left, y - 12, self.right, y - 12, HAIRLINE))
        page.text(self.right - width, y, label, SMALL)
        for line in wrap(self.texts.footer, SMALL, self.width - width - 12, self.fonts):
            page.text(self.left, y, *line)
            y += SMALL.height

    def _paint(self, canvas: Canvas, page: Page, number: int) -> None:
        if self.texts.watermark:
            self._watermark(canvas)
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

    def _watermark(self, canvas: Canvas) -> None:
        """The word across the page, pale and behind everything."""
        text = self.fonts.clean(self.texts.watermark)
        size = min(110.0, 0.72 * self.paper[0] / max(self.fonts.width(text, 1.0, True), 0.1))
        canvas.saveState()
        canvas.translate(self.paper[0] / 2, self.paper[1] / 2)
        canvas.rotate(52)
        canvas.setFillColor(tint("#59616a", 0.13))
        x = -self.fonts.width(text, size, True) / 2
        for face, piece in self.fonts.runs(text, True):
            canvas.setFont(face.name, size)
            canvas.drawString(x, -size * 0.35, piece)
            x += self.fonts.width(piece, size, True)
        canvas.restoreState()


