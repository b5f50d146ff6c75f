"""The parts that agreements share: title block, parties, lettered sections, sentences and paragraphs."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_uppercase

from .agreement_values import Agreement, Party, Span
from .frame import BODY, TOP, Frame, FrameText
from .letterhead import draw_company
from .page import Rule
from .text import DOT, GREY, Line, Style, wrap

TITLE = Style(21, bold=True, leading=1.22)
TITLE_LONG = Style(14, bold=True, leading=1.3)
SUBTITLE = Style(11.5, colour=GREY)
CAPTION = Style(7.2, colour=GREY)
NAME = Style(10, bold=True)
TEXT = Style(8.4)
NOTICE = Style(9, bold=True)
GUTTER = 22.0
# How much of the fingerprint stands in the foot: enough to tell two versions apart.
SHORT = 16
UNITS = {
    "day": ("one day", "%(count)s days"),
    "business_day": ("one business day", "%(count)s business days"),
    "week": ("one week", "%(count)s weeks"),
    "month": ("one month", "%(count)s months"),
    "quarter": ("one quarter", "%(count)s quarters"),
    "year": ("one year", "%(count)s years"),
}


def span_text(values: Agreement, span: Span) -> str:
    """(12, "month") -> "12 months"; an unknown unit is told as it is."""
    count, unit = span
    one, many = UNITS.get(unit, (unit, f"%(count)s {unit}"))
    return values.label(one) if count == 1 else values.phrase(many, count=count)


def frame_text(values: Agreement) -> FrameText:
    """What stands in the margins: number and version, the beginning of the fingerprint, a mark on a draft."""
    marked = values.label("DRAFT") if values.draft else ""
    version = values.phrase("Version %(version)s", version=values.version) if values.version else ""
    digest = ""
    if values.fingerprint:
        digest = values.phrase("Text of the agreement (SHA-256): %(digest)s", digest=values.fingerprint[:SHORT])
    names = [party.name for party in values.parties]
    return FrameText(
        title=" ".join(filter(None, (values.kind, values.number))),
        author=values.company.name,
        subject=" – ".join(filter(None, (values.title, *names))),
        language=values.language.replace("_", "-"),
        running=DOT.join(filter(None, (marked, values.kind, values.number, values.title))),
        footer=DOT.join(filter(None, (marked, values.kind, values.number, version))),
        digest=digest,
        page_label=lambda page, pages: values.phrase("Page %(page)s of %(pages)s", page=page, pages=pages),
        watermark=marked,
    )


def draw_title(frame: Frame, values: Agreement, facts: Iterable[tuple[str, str]]) -> None:
    """Company, kind and title of the agreement, then its ``facts``: (translated caption, text), "" left out."""
    draw_company(frame, values)
    frame.page.bookmarks.append((f"{values.kind} {values.number}", 0))
    title = wrap(values.kind, TITLE, frame.width, frame.fonts)
    if len(title) > 2:
        title = wrap(values.kind, TITLE_LONG, frame.width, frame.fonts)
    frame.y = frame.lines(frame.left, frame.y, title)
    frame.y = frame.lines(frame.left, frame.y + 1, wrap(values.title, SUBTITLE, frame.width, frame.fonts))
    if values.draft:
        notice = values.label("Draft: not approved yet, and not meant to be signed.")
        style = NOTICE._replace(colour=frame.accent)
        frame.y = frame.lines(frame.left, frame.y + 2, wrap(notice, style, frame.width, frame.fonts))
    frame.y += 10
    _draw_facts(frame, [(caption, text) for caption, text in facts if text])


def _draw_facts(frame: Frame, facts: list[tuple[str, str]]) -> None:
    """Captions and values side by side, between two rules."""
    fonts = frame.fonts
    widest = max((fonts.width(fonts.clean(caption), CAPTION.size) for caption, _text in facts), default=0.0)
    indent = min(widest + 14, frame.width * 0.4)
    frame.page.shapes.append(Rule(frame.left, frame.y, frame.right, frame.y))
    frame.y += 6
    for caption, text in facts:
        left = wrap(caption, CAPTION, indent - 8, fonts)
        right = wrap(text, TEXT, frame.width - indent, fonts)
        top = frame.take(max(height_of(left), height_of(right)) + 0.6)
        frame.lines(frame.left, top + 0.8, left)
        frame.lines(frame.left + indent, top, right)
    frame.y += 6
    frame.page.shapes.append(Rule(frame.left, frame.y, frame.right, frame.y))
    frame.y += 8


def draw_parties(frame: Frame, values: Agreement) -> None:
    """The parties side by side in pairs: role, name, address, tax number, who signs."""
    if not values.parties:
        return
    frame.heading(values.label("Parties"), keep_with=60)
    width = (frame.width - GUTTER) / 2
    for first in range(0, len(values.parties), 2):
        pair = [_party_lines(frame, values, party, width) for party in values.parties[first:first + 2]]
        top = frame.take(max(map(height_of, pair)) + 12)
        for column, lines in enumerate(pair):
            frame.lines(frame.left + column * (width + GUTTER), top, lines)


def _party_lines(frame: Frame, values: Agreement, party: Party, width: float) -> list[Line]:
    fonts = frame.fonts
    lines = wrap(party.role, CAPTION, width, fonts) + wrap(party.name, NAME, width, fonts)
    for text in party.address:
        lines += wrap(text, TEXT, width, fonts)
    if party.vat:
        lines += wrap(f"{values.label('Tax ID')} {party.vat}", TEXT, width, fonts)
    if party.reference:
        lines += wrap(values.phrase("Your reference: %(reference)s", reference=party.reference), TEXT, width, fonts)
    if party.signatories:
        text = values.phrase("Represented by: %(names)s", names="; ".join(party.signatories))
        lines += wrap(text, TEXT, width, fonts)
    return lines


class Sections:
    """Letters for the sections of an agreement, in the order in which they are drawn: A, B, C ... Z, AA."""

    def __init__(self) -> None:
        self.count = 0

    def title(self, text: str) -> str:
        """``text`` with the next letter before it."""
        rounds, index = divmod(self.count, len(ascii_uppercase))
        self.count += 1
        return f"{ascii_uppercase[index] * (rounds + 1)}   {text}"


def draw_sentences(frame: Frame, sentences: Iterable[str], style: Style = BODY, gap: float = 3.0) -> None:
    """A paragraph each; empty ones are left out."""
    for sentence in filter(None, sentences):
        frame.paragraph(sentence, style)
        frame.y += gap


def draw_hanging(frame: Frame, mark: str, text: str, indent: float, hang: float, style: Style = BODY) -> None:
    """A paragraph with ``mark`` ("2.1", "(a)") before its first line, never parted from it."""
    room = frame.width - indent - hang
    lines = wrap(text, style, room, frame.fonts)
    if frame.room < style.height * min(2, len(lines)) and frame.y > TOP:
        frame.new_page()
    if mark:
        frame.lines(frame.left + indent, frame.y, [Line(frame.fonts.clean(mark), style)])
    frame.paragraph(text, style, indent + hang)


def height_of(lines: Iterable[Line]) -> float:
    """Height of lines in points."""
    return sum(line.style.height for line in lines)
