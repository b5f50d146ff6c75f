"""One statement with something of everything, and how to read a PDF back."""

import io
from dataclasses import replace
from decimal import Decimal

from PIL import Image
from pypdf import PdfReader
from report.values import (
    BreachRow,
    Company,
    Contract,
    Customer,
    Period,
    StatementValues,
    TargetRow,
    Totals,
    TrendPoint,
)

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

TARGETS = (
    TargetRow("Respond to critical", "First response", "L1", "Critical", "1 h", Decimal(95), 41, 38, 3, 0, 0,
              Decimal(3800) / 41),
    TargetRow("Arrive on site", "On-site arrival", "L2", "High", "8 h", Decimal(90), 1018, 1015, 2, 1, 7,
              Decimal(101500) / 1017),
    TargetRow("Keep informed", "Periodic update", "L1", "", "4 h", Decimal("97.5")),
)

BREACHES = (
    BreachRow("REQ/00412", "Hoist brake does not release", "Respond to critical", "3 Mar 2026 16:40",
              "4 Mar 2026 08:10", "4 Mar 2026 08:52", "42 min",
              ("Tue 3 Mar 16:40 to 17:00", "Wed 4 Mar 08:00 to 08:52")),
    BreachRow("REQ/00440", "Remote terminal offline", "Arrive on site", "30 Mar 2026 11:00", "31 Mar 2026 11:00", None,
              "5 h", ("Mon 30 Mar 11:00 to 17:00",)),
    BreachRow("REQ/00425", "Gate motor", "Arrive on site", "6 Mar 2026 10:00", "9 Mar 2026 10:00", "10 Mar 2026 09:00",
              "7 h", ("Fri 6 Mar 10:00 to 17:00",), True, "Customer cause: site closed", "Letter of the port authority",
              "Mette Sørensen"),
)

SAMPLE = StatementValues(
    number="SLS/2026/0031",
    title="Service level statement",
    company=Company("Nordkran Service A/S", ("Havnegade 12", "1058 København K"), "DK12345678", None, "#0f5a78"),
    customer=Customer("Baltic Terminal Operators GmbH", ("Am Hafen 4", "18147 Rostock"), "PO 77-1204"),
    contract=Contract("CON/0007", "Twelve cranes", "1 Jan 2025", "31 Dec 2027", "Hybrid", "L1, L2", "Jens Holm"),
    period=Period("March 2026", "1 Mar 2026", "31 Mar 2026", "Europe/Berlin"),
    targets=TARGETS,
    totals=Totals(1059, 1053, 5, 1, 7, Decimal("99.527")),
    inputs_hash=HASH,
    issued="2 Apr 2026",
    trend=(
        TrendPoint("Jan", Decimal("88.1"), Decimal(95)),
        TrendPoint("Feb", None, Decimal(95)),
        TrendPoint("Mar", Decimal("97.25"), Decimal(95)),
    ),
    breaches=BREACHES,
    notes=("Working time: Monday to Friday.",),
    corrections=("No. 377 of February: the breach is withdrawn.",),
)


def sample(**changes) -> StatementValues:
    """The sample statement with some of its fields replaced."""
    return replace(SAMPLE, **changes)


def many_breaches(count: int) -> tuple[BreachRow, ...]:
    """``count`` breaches that count, with numbers of their own."""
    return tuple(replace(BREACHES[0], request=f"REQ/{index:05d}") for index in range(count))


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, white space made single spaces."""
    return [" ".join(page.extract_text().split()) for page in reader(pdf).pages]


def whole_text(pdf: bytes) -> str:
    return " ".join(page_texts(pdf))


def png(width: int, height: int, mode: str = "RGBA") -> bytes:
    """A picture with a transparent left half."""
    picture = Image.new(mode, (width, height), (200, 30, 30, 0) if mode == "RGBA" else (200, 30, 30))
    picture.paste((10, 90, 120, 255) if mode == "RGBA" else (10, 90, 120), (width // 2, 0, width, height))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
