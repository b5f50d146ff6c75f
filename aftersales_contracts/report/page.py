"""What a page carries before it is painted: shapes and lines of text, measured from its top left corner.

Pages are laid out completely first and painted afterwards, because a footer says "page 2 of 7".
All lengths are points. ``y`` of a text is its baseline.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from .fonts import FontSet
from .text import Style

HAIRLINE = "#d3d7dc"
# Outline of a face without a bold of its own, in points: about what a semi-bold adds at 8 to 12 points.
STROKE = 0.32


class PlacedText(NamedTuple):
    """A line of text with its left end at ``x`` and its baseline at ``y``."""

    x: float
    y: float
    text: str
    style: Style


class Rule(NamedTuple):
    """A straight line; ``dash``: lengths on and off, () for a solid one."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = HAIRLINE
    thickness: float = 0.5
    dash: tuple[float, ...] = ()


class Box(NamedTuple):
    """A rectangle with its top left corner at ``x``, ``y``; None: not filled, not outlined."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    outline: str | None = None
    radius: float = 0


@dataclass
class Page:
    """One page: ``bookmarks`` are (title, y) for the reader's outline."""

    width: float
    height: float
    shapes: list[Rule | Box] = field(default_factory=list)
    texts: list[PlacedText] = field(default_factory=list)
    bookmarks: list[tuple[str, float]] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        """Put a cleaned line at ``x``, ``y``."""
        self.texts.append(PlacedText(x, y, text, style))


def paint_shapes(canvas: Canvas, page: Page) -> None:
    """Draw boxes and rules, in the order they were put on the page."""
    for shape in page.shapes:
        if isinstance(shape, Box):
            _paint_box(canvas, page, shape)
        else:
            canvas.setStrokeColor(_colour(shape.colour))
            canvas.setLineWidth(shape.thickness)
            canvas.setDash(list(shape.dash))
            canvas.line(shape.x1, page.height - shape.y1, shape.x2, page.height - shape.y2)
    canvas.setDash([])


def paint_texts(canvas: Canvas, page: Page, fonts: FontSet) -> None:
    """Draw all texts in one text object; a change of face, size or colour is written only where it happens."""
    canvas.setLineWidth(STROKE)
    pen = canvas.beginText()
    font = colour = None
    stroked = False
    for x, y, text, style in page.texts:
        pen.setTextOrigin(x, page.height - y)
        if style.colour != colour:
            colour = style.colour
            pen.setFillColor(_colour(colour))
            pen.setStrokeColor(_colour(colour))
        for face, piece in fonts.runs(text, style.bold):
            if face.stroked != stroked:
                stroked = face.stroked
                pen.setTextRenderMode(2 if stroked else 0)
            if (face.name, style.size) != font:
                font = (face.name, style.size)
                pen.setFont(*font)
            pen.textOut(piece)
    canvas.drawText(pen)


def _paint_box(canvas: Canvas, page: Page, box: Box) -> None:
    if box.fill:
        canvas.setFillColor(_colour(box.fill))
    if box.outline:
        canvas.setStrokeColor(_colour(box.outline))
        canvas.setLineWidth(0.7)
        canvas.setDash([])
    place = (box.x, page.height - box.y - box.height, box.width, box.height)
    stroke, fill = int(bool(box.outline)), int(bool(box.fill))
    if box.radius:
        canvas.roundRect(*place, box.radius, stroke=stroke, fill=fill)
    else:
        canvas.rect(*place, stroke=stroke, fill=fill)


_COLOURS: dict[str, HexColor] = {}


def _colour(code: str):
    """The reportlab colour of "#rrggbb", made once."""
    if code not in _COLOURS:
        _COLOURS[code] = HexColor(code)
    return _COLOURS[code]
