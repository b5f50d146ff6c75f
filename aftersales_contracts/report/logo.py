"""The company's logo: read once, laid on white, no larger than print needs."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, UnidentifiedImageError
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

# Pixels on the longer side: 3.5 cm to 6 cm wide at about 300 dots per inch.
MOST_PIXELS = 640


class Logo:
    """A picture ready to print; ``width``, ``height`` in pixels."""

    def __init__(self, picture: Image.Image):
        self.width, self.height = picture.size
        self._reader = ImageReader(picture)

    def size_in(self, width: float, height: float) -> tuple[float, float]:
        """Its size in points when it fills a box of ``width`` by ``height`` as far as its shape allows."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale

    def paint(self, canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
        """Draw with the lower left corner at ``x``, ``y``."""
        canvas.drawImage(self._reader, x, y, width, height)


@lru_cache(maxsize=8)
def read_logo(content: bytes) -> Logo | None:
    """The picture in ``content``; None where it is no picture that can be read (SVG, damaged file)."""
    try:
        picture = Image.open(io.BytesIO(content))
        picture.thumbnail((MOST_PIXELS, MOST_PIXELS), Image.LANCZOS)
        picture = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return Logo(paper.convert("RGB"))
