"""Tables as XLSX, read back with openpyxl: numbers, days, and texts that look like formulas."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from itertools import repeat

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report import spreadsheet
from report.spreadsheet import AMOUNT, DAY, NUMBER, TEXT, Column, Sheet, Total, harmless, write_workbook

COLUMNS = (Column("What"), Column("Day", DAY), Column("Count", NUMBER), Column("Amount", AMOUNT))
ROWS = (
    ("Brake disc", date(2026, 3, 4), 3, Decimal("-1234.50")),
    ("=HYPERLINK(\"http://example.com\")", None, None, Decimal("0.001")),
    Total(("Total", None, None, Decimal("99999999999.99"))),
)


def read(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def values(sheet):
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_numbers_are_numbers_and_days_are_days():
    sheet = read(write_workbook([Sheet("Lines", COLUMNS, ROWS)], digits=3))["Lines"]
    assert values(sheet)[0] == ("What", "Day", "Count", "Amount")
    disc = sheet[2]
    assert (disc[0].value, disc[1].value.date(), disc[2].value, disc[3].value) == (
        "Brake disc", date(2026, 3, 4), 3, -1234.5)
    assert [cell.data_type for cell in disc] == ["s", "d", "n", "n"]
    assert (disc[3].number_format, disc[1].number_format) == ("#,##0.000", "mm-dd-yy")
    assert sheet[4][3].value == 99999999999.99
    assert sheet[4][0].font.bold and not disc[0].font.bold
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_no_text_is_taken_for_a_formula(text):
    cell = read(write_workbook([Sheet("S", (Column(text),), ((text,),))])).active["A2"]
    assert cell.data_type == "s" and cell.value.startswith("'"), cell.value
    assert harmless("1-2") == "1-2" and harmless("") == ""


def test_what_a_file_cannot_hold_is_left_out():
    nasty = "x\x00\x0b\ud800y" + "z" * 40_000
    content = write_workbook(
        [Sheet("a/b:c[1]*?", (Column("A"),), ((nasty,),)), Sheet("a b c 1", (Column("A"),))], title="=1", author="\x01")
    book = read(content)
    first = book.worksheets[0]["A2"].value
    assert first.startswith("xyz") and len(first) == spreadsheet.LONGEST
    assert len({name.casefold() for name in book.sheetnames}) == 2
    assert book.properties.title == "'=1"


def test_rows_go_on_in_another_sheet(monkeypatch):
    monkeypatch.setattr(spreadsheet, "ROWS", 4)
    book = read(write_workbook([Sheet("L", (Column("A", NUMBER),), ((n,) for n in range(8)), (("head",),))]))
    assert book.sheetnames == ["L", "L 2", "L 3", "L 4"]
    assert [value for sheet in book for (value,) in values(sheet)[2:]] == list(range(8))
    assert [values(sheet)[0] for sheet in book] == [("head",)] * 4


def test_no_rows_still_make_a_sheet():
    assert values(read(write_workbook([Sheet("L", COLUMNS)]))["L"]) == [("What", "Day", "Count", "Amount")]


def test_the_same_tables_give_the_same_bytes_at_any_time(monkeypatch):
    first = write_workbook([Sheet("L", COLUMNS, ROWS)])
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
    assert write_workbook([Sheet("L", COLUMNS, ROWS)]) == first


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=50), st.text(max_size=50))
def test_any_text_can_be_read_back_or_is_cleaned(name, text):
    sheet = read(write_workbook([Sheet(name, (Column("A"),), ((text,),))], title=name)).active
    cleaned = harmless(text).replace("\r\n", "\n").replace("\r", "\n")
    assert (sheet["A2"].value or "") == cleaned or "_x" in cleaned or "\r" in text


def test_many_rows_need_no_memory_of_their_own():
    row = ("Brake disc", date(2026, 3, 4), 3, Decimal("12.50"))
    assert len(write_workbook([Sheet("L", COLUMNS, repeat(row, 20_000))])) > 50_000


def test_kinds():
    assert {TEXT, AMOUNT, NUMBER, DAY} == set(spreadsheet.KINDS)
