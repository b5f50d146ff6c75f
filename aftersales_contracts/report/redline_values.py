"""What a redline says: plain values in the reader's language, as in ``values.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .values import Company, Worded

# (op, text): keep, delete or insert; texts follow one another as they are, a line feed ends a paragraph.
Run = tuple[str, str]


@dataclass(frozen=True)
class TermChange:
    """A term before and after; "" where there was or is none."""

    label: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class TextChange:
    """A clause or another long text. ``status``: changed, added, removed or same (then without ``runs``);
    ``title_runs``: where its title changed too."""

    title: str
    status: str
    runs: tuple[Run, ...] = ()
    title_runs: tuple[Run, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RedlineValues(Worded):
    """``before``, ``after``: what is compared, in words; ``printed``: formatted instant; ``digest``: SHA-256 of what
    is compared, so that two prints can be told to show the same."""

    title: str
    before: str
    after: str
    company: Company
    changes: tuple[TermChange, ...] = ()
    texts: tuple[TextChange, ...] = ()
    printed: str = ""
    digest: str = ""
    language: str = "en_US"
    labels: Mapping[str, str] = field(default_factory=dict)
    paper: str | tuple[float, float] = "A4"
