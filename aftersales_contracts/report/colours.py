"""The one accent colour of a document and what is derived from it, readable on white paper."""

from __future__ import annotations

import re

from .values import DEFAULT_COLOUR

# WCAG 2 contrast ratio of text at normal size on its background, level AA.
READABLE = 4.5


def accent(colour: str) -> str:
    """``colour`` ("#rgb" or "#rrggbb") dark enough to be read on white; anything else gives the default."""
    parts = _parts(colour)
    while _contrast_with_white(parts) < READABLE:
        parts = tuple(float(int(part * 0.94)) for part in parts)
    return _code(parts)


def tint(colour: str, share: float) -> str:
    """White with ``share`` (0 to 1) of ``colour`` in it, for backgrounds."""
    return _code(tuple(255 - (255 - part) * share for part in _parts(colour)))


def _parts(colour: str) -> tuple[float, ...]:
    text = colour.strip().removeprefix("#")
    if re.fullmatch(r"[0-9a-fA-F]{3}", text):
        text = "".join(digit * 2 for digit in text)
    if not re.fullmatch(r"[0-9a-fA-F]{6}", text):
        text = DEFAULT_COLOUR[1:]
    return tuple(float(int(text[i : i + 2], 16)) for i in (0, 2, 4))


def _code(parts: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in parts)


def _contrast_with_white(parts: tuple[float, ...]) -> float:
    """Contrast ratio by WCAG 2: (1 + 0.05) / (relative luminance + 0.05)."""
    linear = [p / 255 / 12.92 if p / 255 <= 0.04045 else ((p / 255 + 0.055) / 1.055) ** 2.4 for p in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)
