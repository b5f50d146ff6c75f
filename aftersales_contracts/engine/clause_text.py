"""The text of a clause: its fingerprint, its deviation from the library, and its placeholders.

Two texts are the same if nothing but white space, quotation marks, dashes and the width of characters differs.
A clause that equals any library variant deviates from none; else it is shown against the nearest one.
Placeholders are names in double braces, filled once: what a value contains is never filled or run again.

>>> fingerprint("The  “Provider” shall") == fingerprint('The "Provider"\\nshall')
True
>>> fill("Between {{ provider }} and {{customer}}.", {"provider": "Acme", "customer": "{{provider}}"})
'Between Acme and {{provider}}.'
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256

from .days import require_choice
from .errors import BadPlaceholder, MissingValue
from .explanation import Step
from .redline import CJK, redline, similarity

RUNGS = ("preferred", "acceptable", "last_resort")

_SAME = str.maketrans(
    dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("‐‑‒–—−", "-")
    # Soft hyphen, zero-width characters and the byte order mark say nothing.
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None)
)
_SPACE = re.compile(r"\s+")
# White space between two Chinese or Japanese characters is a line break of the editor, no word boundary.
_CJK_SPACE = re.compile(rf"(?<=[{CJK}]) (?=[{CJK}])")
_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*")


def normalise(text):
    """``text`` in Unicode form NFKC, with plain quotes and dashes and single spaces."""
    text = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    return _CJK_SPACE.sub("", _SPACE.sub(" ", text).strip())


def fingerprint(text):
    """SHA-256 (hex) of the normalised text."""
    return sha256(normalise(text).encode()).hexdigest()


@dataclass(frozen=True)
class Variant:
    """A library text: ``rung`` is preferred, acceptable or last_resort."""

    key: str
    rung: str
    text: str

    def __post_init__(self):
        require_choice(self.rung, "rung", RUNGS)


@dataclass(frozen=True)
class Deviation:
    """``deviates``; ``variant``: the one it equals, else the nearest, None for an empty library; ``redline``:
    the `Change`s from that one, empty where it equals it."""

    deviates: bool
    variant: Variant | None
    redline: tuple
    steps: tuple = field(repr=False)


def deviates(text, library_variants, values=None):
    """The `Deviation` of ``text`` from ``library_variants``, filled first with ``values`` where given.

    Of equal variants the better rung is named, then the lower key; so of equally near ones.
    """
    ranked = sorted(library_variants, key=lambda one: (RUNGS.index(one.rung), one.key))
    texts = [normalise(one.text if values is None else fill(one.text, values)) for one in ranked]
    own = normalise(text)
    for variant, known in zip(ranked, texts, strict=True):
        if known == own:
            step = Step("no deviation", f"equals {variant.key} ({variant.rung})", fingerprint(own))
            return Deviation(False, variant, (), (step,))
    if not ranked:
        return Deviation(True, None, (), (Step("deviation", "the library has no such clause", 0),))
    nearest = max(range(len(ranked)), key=lambda row: similarity(texts[row], own))
    variant, changes = ranked[nearest], redline(texts[nearest], own)
    words = sum(len(change.words) for change in changes if change.op != "keep")
    step = Step("deviation", f"nearest is {variant.key} ({variant.rung}): words changed", words)
    return Deviation(True, variant, changes, (step,))


def placeholders(text):
    """The names in double braces, in order, each once. Raises `BadPlaceholder` for braces around no name."""
    return tuple(dict.fromkeys(_name(match) for match in _BRACES.finditer(text)))


def fill(text, values):
    """``text`` with its placeholders replaced by ``values`` (str, int, Decimal or date by name), as plain text.

    A dotted name is looked up as it stands. A missing, blank or other value raises `MissingValue`, which
    names every such placeholder. Escaping is the business of the page that shows the text.
    """
    missing = [name for name in placeholders(text) if not _printable(values.get(name))]
    if missing:
        raise MissingValue("placeholder", ", ".join(missing))
    # One pass over the text as written: braces inside a value stay braces.
    return _BRACES.sub(lambda match: str(values[_name(match)]), text)


def _name(match):
    name = _NAME.fullmatch(match[1])
    if name is None or "__" in name[1]:
        raise BadPlaceholder("placeholder", match[0])
    return name[1]


def _printable(value):
    if isinstance(value, str):
        return bool(value.strip())
    return isinstance(value, int | Decimal | date) and not isinstance(value, bool)
