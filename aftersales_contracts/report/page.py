"""What a page carries before it is painted: shapes and lines of text, measured from its top left corner.

Pages are laid out completely first and painted afterwards, because a footer says "page 2 of 7".
All lengths are points. ``y`` of a text is its baseline.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from .text import Style

HAIRLINE = "#d3d7dc"


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
