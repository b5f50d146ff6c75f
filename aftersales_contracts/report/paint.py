"""Pages written as PDF operators, onto a reportlab canvas.

reportlab's drawing calls format every number and remember every state again; a page of a statement is
some hundred short texts, so this module writes the few operators it needs itself (PDF 32000-1, 8 and 9)
and leaves fonts, images and the file to reportlab.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from .faces import Face, FontSet
from .page import Box, Page, Rule

# Outline of a face without a bold of its own, in points: about what a semi-bold adds at 8 to 12 points.
STROKE = 0.32
OUTLINE = 0.7
WATERMARK = "#ebeced"
# Share of the radius at which a Bezier curve's handles give a quarter of a circle.
QUARTER = 0.5523


def paint_shapes(canvas: Canvas, page: Page) -> None:
    """Draw boxes and rules, in the order they were put on the page."""
    out = ["q"]
    for shape in page.shapes:
        out.append(_box(page.height, shape) if isinstance(shape, Box) else _rule(page.height, shape))
    out.append("Q")
    canvas.addLiteral("\n".join(out))


def paint_texts(canvas: Canvas, page: Page, fonts: FontSet) -> None:
    """Draw all texts in one text object; a change of face, size or colour is written only where it happens."""
    out = [f"q {STROKE} w BT"]
    font = colour = None
    stroked = False
    for x, y, text, style in page.texts:
        if style.colour != colour:
            colour = style.colour
            out.append(f"{_rgb(colour)} rg {_rgb(colour)} RG")
        out.append(f"1 0 0 1 {_number(x)} {_number(page.height - y)} Tm")
        for face, piece in fonts.runs(text, style.bold):
            if face.stroked != stroked:
                stroked = face.stroked
                out.append("2 Tr" if stroked else "0 Tr")
            for name, codes in _coded(canvas, face, piece):
                if (name, style.size) != font:
                    font = (name, style.size)
                    out.append(f"{name} {_number(style.size)} Tf")
                out.append(f"<{codes.hex()}> Tj")
    out.append("ET Q")
    canvas.addLiteral("\n".join(out))


def paint_watermark(canvas: Canvas, page: Page, fonts: FontSet, word: str) -> None:
    """The word across the page, pale; painted first, so that it lies behind everything."""
    text = fonts.clean(word)
    size = min(110.0, 0.72 * page.width / max(fonts.width(text, 1.0, True), 0.1))
    canvas.saveState()
    canvas.translate(page.width / 2, page.height / 2)
    canvas.rotate(52)
    canvas.setFillColor(HexColor(WATERMARK))
    x = -fonts.width(text, size, True) / 2
    for face, piece in fonts.runs(text, True):
        canvas.setFont(face.name, size)
        canvas.drawString(x, -size * 0.35, piece)
        x += fonts.width(piece, size, True)
    canvas.restoreState()


@contextmanager
def binary_streams():
    """Let reportlab write streams as bytes, whatever the server's settings: a quarter smaller, twice as fast.

    The setting is the process's. Another thread that draws meanwhile gets a valid PDF either way.
    """
    before = rl_config.useA85
    rl_config.useA85 = 0
    try:
        yield
    finally:
        rl_config.useA85 = before


def _coded(canvas: Canvas, face: Face, text: str) -> list[tuple[str, bytes]]:
    """``text`` as (name of the font in the PDF, character codes): one piece for each embedded subset."""
    document = canvas._doc
    font = pdfmetrics.getFont(face.name)
    if not face.embedded:
        return [(document.getInternalFontName(face.name), text.encode("cp1252", "replace"))]
    pieces = font.splitString(text, document)
    return [(font.getSubsetInternalName(subset, document), codes) for subset, codes in pieces]


def _rule(height: float, rule: Rule) -> str:
    dash = " ".join(map(_number, rule.dash))
    start, end = f"{_number(rule.x1)} {_number(height - rule.y1)}", f"{_number(rule.x2)} {_number(height - rule.y2)}"
    return f"{_rgb(rule.colour)} RG {_number(rule.thickness)} w [{dash}] 0 d {start} m {end} l S"


def _box(height: float, box: Box) -> str:
    parts = []
    if box.fill:
        parts.append(f"{_rgb(box.fill)} rg")
    if box.outline:
        parts.append(f"{_rgb(box.outline)} RG {OUTLINE} w [] 0 d")
    bottom = height - box.y - box.height
    if box.radius:
        parts.append(_rounded(box.x, bottom, box.width, box.height, box.radius))
    else:
        parts.append(" ".join(map(_number, (box.x, bottom, box.width, box.height))) + " re")
    parts.append({(True, True): "B", (True, False): "f", (False, True): "S"}[bool(box.fill), bool(box.outline)])
    return " ".join(parts)


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    """Path of a rectangle with round corners, from its lower left one, counter-clockwise."""
    right, top, handle = x + width, y + height, radius * (1 - QUARTER)
    corners = (
        ((right - radius, y), (right - handle, y), (right, y + handle), (right, y + radius)),
        ((right, top - radius), (right, top - handle), (right - handle, top), (right - radius, top)),
        ((x + radius, top), (x + handle, top), (x, top - handle), (x, top - radius)),
        ((x, y + radius), (x, y + handle), (x + handle, y), (x + radius, y)),
    )
    path = [f"{_number(x + radius)} {_number(y)} m"]
    for start, *curve in corners:
        path.append(" ".join(map(_number, start)) + " l")
        path.append(" ".join(_number(part) for point in curve for part in point) + " c")
    return " ".join(path) + " h"


def _number(value: float) -> str:
    """A length with at most two decimals: a hundredth of a point is far below what can be seen."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=256)
def _rgb(colour: str) -> str:
    """``#ff8000`` -> ``1 0.502 0``."""
    return " ".join(f"{int(colour[i : i + 2], 16) / 255:.3f}".rstrip("0").rstrip(".") for i in (1, 3, 5))
