"""A file of machines as people keep it: CSV in whatever encoding, or a workbook; its first row names the columns."""

import base64
import datetime
import io
import zipfile

import openpyxl

from ..models.imports.event_import_file import LogFile, UnreadableFile

LARGEST = 30 << 20  # bytes
MOST_ROWS = 50_000
WORKBOOK = b"PK\x03\x04"
NAMES = {  # key of `register`: what files call it, besides its label
    "serial": ("serial", "serial number", "serial no", "sn", "lot"),
    "product": ("product", "model", "article", "internal reference"),
    "partner": ("owner", "customer", "partner"),
    "delivered_on": ("delivered", "delivery date", "delivery", "sold on"),
    "installed_on": ("installed", "installation date", "installation"),
    "activated_on": ("activated", "activation"),
    "invoiced_on": ("invoiced", "invoice date"),
    "first_used_on": ("first used", "first use"),
    "received_on": ("received from supplier", "received", "receipt"),
    "place": ("place", "site", "location"),
    "batch": ("supplier batch", "batch"),
    "supplier": ("supplier", "vendor"),
    "dealer": ("sold by", "dealer"),
    "parent": ("part of kit", "kit"),
    "note": ("note", "remark"),
    "company": ("company",),
}


def read_table(content, name):
    """(headings, rows of texts and days) of a file as Odoo stores it, base64. Raises `UnreadableFile`: rule "empty",
    "size", "rows", "header", "encoding", "spreadsheet" or "binary"."""
    data = base64.b64decode(content or b"")
    if not data:
        raise UnreadableFile("empty", name)
    if len(data) > LARGEST:
        raise UnreadableFile("size", name)
    header, rows = _workbook(data) if data.startswith(WORKBOOK) else _text(data)
    if len(rows) > MOST_ROWS:
        raise UnreadableFile("rows", str(len(rows)))
    return header, rows


def _workbook(data):
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        lines = [list(line) for line in book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 2)]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise UnreadableFile("spreadsheet", str(error)) from error
    if not lines:
        raise UnreadableFile("header")
    header = [_cell(value) for value in lines[0]]
    return [str(one) for one in header], [[_cell(value) for value in line] for line in lines[1:]]


def _cell(value):
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _text(data):
    log = LogFile(io.BytesIO(data))
    rows = []
    for line, row, fault in log.records():
        if fault:
            raise UnreadableFile("record", str(line))
        while len(rows) < line - 2:  # empty lines keep their number
            rows.append([])
        rows.append([value.strip() for value in row])
        if len(rows) > MOST_ROWS:
            break
    return log.header, rows


def guess(heading):
    """The key of `register` that a column is for, or False."""
    cleaned = " ".join(heading.replace("_", " ").lower().split())
    return next((key for key, names in NAMES.items() if cleaned == key.replace("_", " ") or cleaned in names), False)
