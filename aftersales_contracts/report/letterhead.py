"""The first page's head of a statement: company, title, customer and the facts of the contract."""

from __future__ import annotations

from .frame import Frame
from .logo import read_logo
from .page import Rule
from .text import DOT, GREY, Line, Style, wrap
from .values import StatementValues

COMPANY = Style(9.2, bold=True)
COMPANY_LARGE = Style(16, bold=True)
ADDRESS = Style(7.4, colour=GREY)
TITLE = Style(21, bold=True, leading=1.22)
TITLE_LONG = Style(13, bold=True, leading=1.3)
SUBTITLE = Style(10.5, colour=GREY)
CAPTION = Style(7.2, colour=GREY)
NAME = Style(10, bold=True)
FACT = Style(8.4)
Fact = tuple[list[Line], list[Line]]
LEADING = 0.6  # between two facts
LOGO_WIDTH, LOGO_HEIGHT = 165.0, 48.0


def draw_letterhead(
    frame: Frame, values, facts: list[tuple[str, str]] | None = None, addressed: str = "Prepared for"
) -> None:
    """Company, title and the two blocks of facts, from the top of the first page.

    ``values``: company, customer, title, number, period and draft as a statement has them; ``facts``: (caption in
    English, value), None: those of a service level statement; ``addressed``: English caption over the reader's name.
    """
    draw_company(frame, values)
    _title(frame, values)
    _facts(frame, values, fact_list(values) if facts is None else facts, addressed)


def draw_company(frame: Frame, values) -> None:
    """Logo (or the name in large) at the left, name and address at the right; ``values`` has company and labels."""
    company, top, fonts = values.company, 30.0, frame.fonts
    logo = read_logo(company.logo) if company.logo else None
    half = frame.width * 0.52
    if logo:
        width, height = logo.size_in(LOGO_WIDTH, LOGO_HEIGHT)
        frame.logo(logo, frame.left, top, width, height)
        left_end = top + height
        lines = wrap(company.name, COMPANY, half, fonts)
    else:
        left_end = frame.lines(frame.left, top - 4, wrap(company.name, COMPANY_LARGE, half, fonts))
        lines = []
    vat = f"{values.label('Tax ID')} {company.vat}" if company.vat else ""
    for text in (*company.address, vat):
        lines += wrap(text, ADDRESS, frame.width * 0.44, fonts)
    right_end = frame.lines(frame.left, top - 2, lines, frame.right)
    frame.y = max(left_end, right_end, top + 30) + 22


def _title(frame: Frame, values) -> None:
    period = values.period
    subtitle = period.label
    if period.start and period.end and f"{period.start} – {period.end}" != period.label:
        subtitle = f"{subtitle}{DOT}{period.start} – {period.end}" if subtitle else f"{period.start} – {period.end}"
    frame.page.bookmarks.append((f"{values.title} {values.number}", 0))
    title = wrap(values.title, TITLE, frame.width, frame.fonts)
    if len(title) > 3:
        title = wrap(values.title, TITLE_LONG, frame.width, frame.fonts)
    frame.y = frame.lines(frame.left, frame.y, title)
    frame.y = frame.lines(frame.left, frame.y + 1, wrap(subtitle, SUBTITLE, frame.width, frame.fonts))
    if values.draft:
        notice = values.label("Preview: not issued, figures may still change.")
        style = Style(9, bold=True, colour=frame.accent)
        frame.y = frame.lines(frame.left, frame.y + 2, wrap(notice, style, frame.width, frame.fonts))
    frame.y += 12


def _facts(frame: Frame, values, shown: list[tuple[str, str]], addressed: str) -> None:
    """The customer at the left, the facts as a list of caption and value at the right; on one page."""
    middle = frame.left + frame.width * 0.42
    customer = _customer_lines(frame, values, addressed, middle - 16 - frame.left)
    indent, facts = _fact_lines(frame, values, shown, frame.right - middle)
    facts_height = sum(max(_height(caption), _height(value)) + LEADING for caption, value in facts)
    top = frame.take(7 + max(_height(customer), facts_height) + 14)
    frame.page.shapes.append(Rule(frame.left, top, middle - 16, top))
    frame.page.shapes.append(Rule(middle, top, frame.right, top))
    y = top + 7
    frame.lines(frame.left, y, customer)
    for caption, value in facts:
        frame.lines(middle, y + 0.8, caption)
        frame.lines(middle + indent, y, value)
        y += max(_height(caption), _height(value)) + LEADING


def _fact_lines(frame: Frame, values, facts: list[tuple[str, str]], width: float) -> tuple[float, list[Fact]]:
    """The facts that are known as lines of caption and of value, and how far the values are indented."""
    fonts = frame.fonts
    shown = [(values.label(caption), text) for caption, text in facts if text]
    widest = max((fonts.width(fonts.clean(caption), CAPTION.size) for caption, _ in shown), default=0.0)
    indent = min(widest + 12, width * 0.45)
    lines = [
        (wrap(caption, CAPTION, indent - 8, fonts), wrap(text, FACT, width - indent, fonts)) for caption, text in shown
    ]
    return indent, lines


def _height(lines: list[Line]) -> float:
    return sum(line.style.height for line in lines)


def _customer_lines(frame: Frame, values, addressed: str, width: float) -> list[Line]:
    customer, fonts = values.customer, frame.fonts
    lines = wrap(values.label(addressed), CAPTION, width, fonts) + wrap(customer.name, NAME, width, fonts)
    for text in customer.address:
        lines += wrap(text, FACT, width, fonts)
    if customer.reference:
        text = values.phrase("Your reference: %(reference)s", reference=customer.reference)
        lines += wrap(text, CAPTION, width, fonts)
    return lines


def fact_list(values: StatementValues) -> list[tuple[str, str]]:
    """(caption in English, value) of every fact; a value may be empty."""
    contract = values.contract
    term = " – ".join(filter(None, (contract.start, contract.end)))
    return [
        ("Statement", values.number),
        ("Issued", values.issued),
        ("Contract", " \u00a0".join(filter(None, (contract.number, contract.title)))),
        ("Contract term", term),
        ("Times in", values.period.zone),
        ("Service mode", contract.service_mode),
        ("Support tiers", contract.tiers),
        ("Account manager", contract.account_manager),
    ]
