"""Faces and what they can draw: widths of texts, pieces of one face each, characters that none has."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

# Drawn instead where no face has the character: the same to the eye.
_ALIKE = {"\u202f": "\u00a0", "\u2007": "\u00a0", "\u2009": " ", "\u2010": "-", "\u2011": "-", "\u2212": "\u2013"}


@dataclass(frozen=True, eq=False)
class Face:
    """One registered font: ``name`` for reportlab, ``title`` for people, advance of each character in em.

    ``stroked``: the face has no bold of its own and is drawn with an outline of its fill colour;
    ``embedded``: False for Helvetica, which the reader has.
    """

    name: str
    title: str
    widths: Mapping[str, float]
    stroked: bool = False
    embedded: bool = True


class _Advances(dict):
    """Character -> advance in em in the first of ``faces`` that has it; filled as characters turn up."""

    def __init__(self, faces: tuple[Face, ...]):
        super().__init__()
        self.faces = faces

    def __missing__(self, char: str) -> float:
        advance = next((face.widths[char] for face in self.faces if char in face.widths), 0.0)
        self[char] = advance
        return advance


@dataclass(frozen=True, eq=False)
class FontSet:
    """The faces of a document in order of preference, for regular and for bold text.

    ``problems``: why a font that was asked for is not used, one sentence each, for the log.
    """

    regular: tuple[Face, ...]
    bold: tuple[Face, ...]
    problems: tuple[str, ...] = ()
    _advances: dict = field(default_factory=dict, repr=False)
    _plain: set = field(default_factory=set, repr=False)

    def __post_init__(self):
        self._advances.update({False: _Advances(self.regular), True: _Advances(self.bold)})
        for face in self.regular:
            self._plain.update(filter(_visible, face.widths))

    @property
    def description(self) -> str:
        """The families in use, for the settings screen: "OpenSans, WenQuanYiMicroHei"."""
        return ", ".join(dict.fromkeys(face.title for face in self.regular))

    def missing(self, text: str) -> str:
        """The characters of ``text`` that no face can draw, each once, in order of appearance."""
        text = unicodedata.normalize("NFC", text)
        return "".join(dict.fromkeys(char for char in text if _visible(char) and not self._drawable(char)))

    def clean(self, text: str) -> str:
        """``text`` as it can be drawn: composed, without control characters, unknown ones as a mark.

        Line feeds stay, other white space becomes a space.
        """
        if self._plain.issuperset(text) and unicodedata.is_normalized("NFC", text):
            return text
        text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
        return "".join(self._drawn(char) for char in text if char == "\n" or _visible(char))

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a cleaned line in points."""
        return sum(map(self._advances[bold].__getitem__, text)) * size

    def runs(self, text: str, bold: bool = False) -> list[tuple[Face, str]]:
        """A cleaned line cut into pieces of one face each."""
        faces = self.bold if bold else self.regular
        first = faces[0]
        if first.widths.keys() >= set(text):
            return [(first, text)]

        def face_of(char: str) -> Face:
            return next((face for face in faces if char in face.widths), first)

        return [(face, "".join(chars)) for face, chars in groupby(text, key=face_of)]

    def _drawable(self, char: str) -> bool:
        return char in self._plain or self._alike(char) is not None

    def _alike(self, char: str) -> str | None:
        """A character that looks the same and can be drawn, or None."""
        alike = _ALIKE.get(char)
        return alike if alike in self._plain else None

    def _drawn(self, char: str) -> str:
        if char == "\n" or char in self._plain:
            return char
        return self._alike(char) or ("\u25a1" if "\u25a1" in self._plain else "?")


def _visible(char: str) -> bool:
    """False for control, format (zero width, direction) and surrogate characters."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs")
