"""Fonts of the statements: found once, registered once per process, embedded as subsets.

A text is drawn in the first face that has each character: a Latin family, then DejaVu Sans for
symbols, then a Chinese, Japanese and Korean one. reportlab takes TrueType outlines only (``.ttf``,
``.ttc``); an OpenType font with PostScript outlines is refused and named in ``FontSet.problems``.
What no face has is drawn as a box or a question mark, never left out, and ``FontSet.missing`` tells.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from .faces import Face, FontSet

# File names, best first: (regular, bold). All have figures of equal width, so columns of numbers align.
LATIN_FILES = (
    ("OpenSans-Regular.ttf", "OpenSans-SemiBold.ttf"),
    ("OpenSans-Regular.ttf", "OpenSans-Bold.ttf"),
    ("Roboto-Regular.ttf", "Roboto-Bold.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("arial.ttf", "arialbd.ttf"),
    ("Vera.ttf", "VeraBd.ttf"),
)
SYMBOL_FILES = (("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),)
CJK_FILES = (
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "NotoSansTC-Regular.ttf",
    "NotoSansSC-Regular.ttf",
    "msyh.ttc",
    "simhei.ttf",
    "ArialUnicode.ttf",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
)
# Searched before the system's folders, for a server whose administrator cannot install fonts.
FOLDER_VARIABLE = "AFTERSALES_FONT_DIR"
SYSTEM_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
_LOCK = threading.Lock()
_REGISTERED: dict[str, Face] = {}


@lru_cache(maxsize=16)
def load_fonts(latin: str = "", cjk: str = "", folders: tuple[str, ...] = ()) -> FontSet:
    """The fonts to use, cached for the life of the process; never raises for a font that cannot be used.

    ``latin``: a regular TrueType file or a folder with one (its bold is looked for beside it), "" to
    choose; ``cjk``: a TrueType file, "" to choose; ``folders``: searched first, then the one named by the
    environment variable AFTERSALES_FONT_DIR, then the system's, then reportlab's own.
    """
    problems: list[str] = []
    named = filter(None, [os.environ.get(FOLDER_VARIABLE)])
    files = _font_files((*folders, *named, *SYSTEM_FOLDERS, str(Path(reportlab.__file__).parent / "fonts")))
    family = _chosen_latin(latin, problems) or _found_pair(files, LATIN_FILES) or _standard_pair()
    regular, bold = [family[0]], [family[1]]
    symbols = _found_pair(files, SYMBOL_FILES)
    if symbols and symbols[0] is not family[0]:
        regular.append(symbols[0])
        bold.append(symbols[1])
    wide = _register(cjk, problems) if cjk else None
    found = (files[_key(name)] for name in CJK_FILES if _key(name) in files)
    wide = wide or next(filter(None, map(_register, found)), None)
    if wide:
        regular.append(wide)
        bold.append(Face(wide.name, wide.title, wide.widths, stroked=True))
    return FontSet(tuple(regular), tuple(bold), tuple(problems))


def _font_files(folders: Iterable[str]) -> dict[str, str]:
    """File name (see ``_key``) -> path; the first folder wins, folders are walked in order of their names."""
    files: dict[str, str] = {}
    for folder in folders:
        for root, inner, names in os.walk(os.path.expanduser(folder)):
            inner.sort()
            for name in sorted(names):
                if name.lower().endswith((".ttf", ".ttc")):
                    files.setdefault(_key(name), os.path.join(root, name))
    return files


def _key(name: str) -> str:
    """A file name as it is compared: "Open_Sans-Regular.ttf" and "OpenSans-Regular.ttf" are one font."""
    return name.lower().replace("_", "").replace(" ", "")


def _found_pair(files: Mapping[str, str], choices) -> tuple[Face, Face] | None:
    """The first (regular, bold) of ``choices`` of which both files are there and can be read."""
    for pair in choices:
        paths = [files.get(_key(name)) for name in pair]
        if all(paths):
            faces = [_register(path) for path in paths]
            if all(faces):
                return faces[0], faces[1]
    return None


def _chosen_latin(chosen: str, problems: list[str]) -> tuple[Face, Face] | None:
    """The family asked for: a file with a bold beside it, or a folder that holds a "-Regular" file."""
    if not chosen:
        return None
    path = Path(chosen)
    if path.is_dir():
        path = next(iter(sorted(path.glob("*-Regular.ttf"))), path / "?-Regular.ttf")
    regular = _register(str(path), problems)
    if not regular:
        return None
    stem = path.stem.removesuffix("-Regular")
    for name in (f"{stem}-SemiBold", f"{stem}-Bold", f"{stem}bd", f"{stem}Bd"):
        beside = path.with_name(name + path.suffix)
        bold = _register(str(beside)) if beside.is_file() else None
        if bold:
            return regular, bold
    return regular, Face(regular.name, regular.title, regular.widths, stroked=True)


def _standard_pair() -> tuple[Face, Face]:
    """Helvetica, which every reader has: Western European letters only, nothing embedded."""
    faces = []
    for name in ("Helvetica", "Helvetica-Bold"):
        widths = pdfmetrics.getFont(name).widths
        codes = {code: bytes([code]).decode("cp1252", "ignore") for code in range(32, 256)}
        advances = {char: widths[code] / 1000 for code, char in codes.items() if char}
        faces.append(Face(name, "Helvetica", advances, embedded=False))
    return faces[0], faces[1]


def _register(path: str, problems: list[str] | None = None) -> Face | None:
    """Register a TrueType file with reportlab, once; None where it cannot be used (told in ``problems``)."""
    with _LOCK:
        if path in _REGISTERED:
            return _REGISTERED[path]
        try:
            # The name enters the PDF: it must not tell where the file lies, nor in which order fonts came.
            name = f"aftersales-{Path(path).stem}-{os.path.getsize(path)}"
            font = TTFont(name, path, asciiReadable=False)
        except (TTFError, OSError, ValueError, AssertionError, IndexError) as error:
            if problems is not None:
                problems.append(f"The font {path} cannot be used in a statement: {error}")
            return None
        pdfmetrics.registerFont(font)
        face = font.face
        widths = {chr(code): face.getCharWidth(code) / 1000 for code in face.charToGlyph if code >= 32}
        title = face.name.decode() if isinstance(face.name, bytes) else str(face.name)
        return _REGISTERED.setdefault(path, Face(name, title.split("-")[0], widths))
