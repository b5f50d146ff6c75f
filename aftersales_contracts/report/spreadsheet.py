"""Tables as an XLSX file: numbers are numbers, days are days, and no text is ever taken for a formula.

    content = write_workbook((Sheet("Lines", (Column("Amount", AMOUNT),), ((Decimal("1.50"),),)),), title="...")

The same tables give the same bytes. Rows are taken one by one and may come from an iterator; a table with more rows
than a sheet holds goes on in another sheet.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from shutil import copyfileobj
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

TEXT, AMOUNT, NUMBER, DAY = KINDS = ("text", "amount", "number", "day")
ROWS = 1_000_000  # of a sheet; Excel takes 1,048,576
LONGEST = 32_000  # characters of a cell; Excel takes 32,767
WIDTHS = {TEXT: 26, AMOUNT: 15, NUMBER: 12, DAY: 12}
LOCAL_DATE = "mm-dd-yy"  # Excel's built-in format 14, which it shows as the reader's country writes days
EPOCH = datetime(2000, 1, 1)
BOLD = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet takes a text of a CSV for a formula
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\\/?*\[\]:]")
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


@dataclass(frozen=True)
class Column:
    """``kind``: how numbers and days of the column are shown, one of `KINDS`; ``width`` in characters, 0: by kind."""

    title: str
    kind: str = TEXT
    width: int = 0


@dataclass(frozen=True)
class Sheet:
    """``rows``: tuples of str, Decimal, int, date or None, one for each column; a `Total` is set in bold. ``head``:
    rows above the titles of the columns."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple] = ()
    head: tuple[tuple, ...] = ()


class Total(tuple):
    """A row in bold."""


def write_workbook(sheets: Iterable[Sheet], *, title: str = "", author: str = "", digits: int = 2) -> bytes:
    """The file. ``digits``: decimals of the amounts' currency."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = harmless(title), harmless(author)
    taken: set[str] = set()
    for sheet in sheets:
        _write_sheet(book, sheet, taken, digits)
    buffer = io.BytesIO()
    book.save(buffer)
    return _steady(buffer.getvalue())


def harmless(text: str) -> str:
    """``text`` without what a file cannot hold; where a spreadsheet would take it for a formula, as it would after
    being saved as CSV, an apostrophe stands before it."""
    text = _UNPRINTABLE.sub("", text)[:LONGEST]
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write_sheet(book: Workbook, sheet: Sheet, taken: set[str], digits: int) -> None:
    formats = {AMOUNT: f"#,##0.{'0' * digits}" if digits else "#,##0", DAY: LOCAL_DATE, NUMBER: "General"}
    rows: Iterator[tuple] = iter(sheet.rows)
    first = True
    while first or (ahead := next(rows, None)) is not None:
        part = rows if first else chain((ahead,), rows)
        page = book.create_sheet(_named(sheet.name, taken))
        for number, column in enumerate(sheet.columns, 1):
            page.column_dimensions[get_column_letter(number)].width = column.width or WIDTHS[column.kind]
        page.freeze_panes = f"A{len(sheet.head) + 2}"
        for row in sheet.head:
            page.append([_cell(page, value, TEXT, formats, bool(place == 0)) for place, value in enumerate(row)])
        page.append([_cell(page, column.title, TEXT, formats, True) for column in sheet.columns])
        for row in islice(part, ROWS - len(sheet.head) - 1):
            bold = isinstance(row, Total)
            page.append([_cell(page, value, column.kind, formats, bold)
                         for value, column in zip(row, sheet.columns, strict=True)])
        first = False


def _named(name: str, taken: set[str]) -> str:
    """A name that a sheet may have: 31 characters, none of some, no two alike."""
    base = _SHEET_NAME.sub(" ", _UNPRINTABLE.sub("", name)).strip(" '")[:27] or "Sheet"
    found, number = base, 1
    while found.casefold() in taken:
        number += 1
        found = f"{base} {number}"
    taken.add(found.casefold())
    return found


def _cell(page, value, kind: str, formats: dict[str, str], bold: bool):
    """A plain value where it needs no style, else a cell."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        text = harmless(value)
        if not (bold or "\n" in text or text.startswith("#")):  # "#N/A" alone would be an error
            return text
        cell = WriteOnlyCell(page, text)
        cell.data_type = "s"  # a text stays one, whatever it begins with
        if "\n" in text:
            cell.alignment = WRAPPED
    else:
        cell = WriteOnlyCell(page, value)
        if isinstance(value, date):
            cell.number_format = LOCAL_DATE
        elif isinstance(value, Decimal | int):
            cell.number_format = formats.get(kind, "General")
    if bold:
        cell.font = BOLD
    return cell


def _steady(content: bytes) -> bytes:
    """The same archive without the time at which it was written."""
    buffer = io.BytesIO()
    stamp = f"{EPOCH:%Y-%m-%dT%H:%M:%SZ}".encode()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = ZipInfo(name, EPOCH.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            if name == "docProps/core.xml":
                target.writestr(info, _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", source.read(name)))
                continue
            with source.open(name) as part, target.open(info, "w") as copy:  # a sheet may be large
                copyfileobj(part, copy)
    return buffer.getvalue()
