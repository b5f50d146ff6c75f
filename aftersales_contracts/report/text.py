"""Text set in lines: styles, and where a line may break.

Latin, Cyrillic, Greek and Korean break at spaces and after hyphens and slashes (not in "2026-03-01" or
"SLA/2026/7"); Chinese and Japanese between any two characters, but never before a closing mark or after
an opening one. A word longer than the line is cut: nothing runs over the edge.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .faces import FontSet

INK = "#1f2328"
GREY = "#59616a"
# Between parts of one line; where the line breaks, the dot stays behind.
DOT = "\u00a0\u00a0·  "


class Style(NamedTuple):
    """``size`` in points; ``leading``: line height as a multiple of the size."""

    size: float
    bold: bool = False
    colour: str = INK
    leading: float = 1.38

    @property
    def height(self) -> float:
        """Height of one line in points."""
        return self.size * self.leading


class Line(NamedTuple):
    """One line of cleaned text, already narrow enough for where it goes."""

    text: str
    style: Style


_WIDE = "\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_OPENING = "(\\[{“‘«（［｛「『【《〈〔"
_CLOSING = ")\\]}”’»）］｝」』】》〉〕、。，．：；！？・…ー々:;,.!?%％"
_HAS_WIDE = re.compile(f"[{_WIDE}]")
# A unit never breaks inside: wide character, word (up to and with a hyphen or slash), or spaces.
_UNIT = re.compile(
    rf"[ ]+|[{_OPENING}]*[{_WIDE}][{_CLOSING}]*"
    rf"|[{_OPENING}]*(?:[^ \-/{_WIDE}{_OPENING}]|[\-/](?=\d))*[\-/]*[{_CLOSING}]*"
)


def joined(sentences: list[str]) -> str:
    """Sentences in one paragraph; after a full-width full stop stands no space."""
    text = ""
    for sentence in sentences:
        text += sentence if not text or text[-1] in "。！？" else f" {sentence}"
    return text


def units(text: str) -> list[str]:
    """``text`` (one paragraph, no line feeds) cut at every place where a line may break."""
    return [unit for unit in _UNIT.findall(text) if unit]


def wrap(text: str, style: Style, width: float, fonts: FontSet) -> list[Line]:
    """Lines of ``text`` no wider than ``width`` points; line feeds start a new line; "" gives no line."""
    text = fonts.clean(text).strip()
    width += 0.01  # a column made to measure must hold what it was measured for
    lines: list[Line] = []
    for paragraph in text.split("\n") if text else ():
        if fonts.width(paragraph, style.size, style.bold) <= width:
            lines.append(Line(paragraph.strip(), style))
        else:
            lines += [Line(line, style) for line in _broken(paragraph, style, width, fonts)]
    return lines


def widest_unit(text: str, style: Style, fonts: FontSet) -> float:
    """Width in points of the longest piece of ``text`` that wrapping would rather not cut.

    Chinese and Japanese may be cut anywhere, but a column of single characters cannot be read: there
    it is the width of four characters, or of all where there are fewer.
    """
    widest = 0.0
    for paragraph in fonts.clean(text).split("\n"):
        pieces = [fonts.width(unit, style.size, style.bold) for unit in units(paragraph)]
        few = min(sum(pieces), 4.1 * style.size) if _HAS_WIDE.search(paragraph) else 0.0
        widest = max(widest, few, *pieces, 0.0)
    return widest


def _broken(paragraph: str, style: Style, width: float, fonts: FontSet) -> list[str]:
    """First fit: every line takes as many units as it holds."""
    lines, line, used = [], "", 0.0
    for unit in units(paragraph):
        advance = fonts.width(unit, style.size, style.bold)
        if used + advance <= width:
            line, used = line + unit, used + advance
            continue
        if unit.isspace():
            # A space at the end of a line needs no room; it is stripped with the line.
            line, used = line + unit, width
            continue
        if line.strip():
            lines.append(line.strip())
        line, used = unit, advance
        while used > width and len(line) > 1:
            head = _fitting(line, style, width, fonts)
            lines.append(line[:head])
            line = line[head:]
            used = fonts.width(line, style.size, style.bold)
    return [*lines, line.strip()] if line.strip() else lines


def _fitting(word: str, style: Style, width: float, fonts: FontSet) -> int:
    """How many characters of a word too long for the line fit in it; at least one."""
    used = 0.0
    for index, char in enumerate(word):
        used += fonts.width(char, style.size, style.bold)
        if used > width:
            return max(index, 1)
    return len(word)
