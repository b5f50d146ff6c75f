"""The redline as a PDF: what is deleted and inserted can be told, line by line and page by page."""

import io

from pypdf import PdfReader
from report.fonts import load_fonts
from report.page import Rule
from report.redline_pdf import GREEN, RED, lay_out, render_redline
from report.redline_values import RedlineValues, TermChange, TextChange
from report.values import Company

COMPANY = Company("Nordkran Service A/S", ("Havnegade 12",))
LONG = " ".join(f"word{number}" for number in range(2500))


def a_redline(**values):
    return RedlineValues(**{
        "title": "SC/1 Care", "before": "Version 1", "after": "Version 2", "company": COMPANY, "digest": "0" * 64,
        "changes": (TermChange("Price", "100.00", "105.00"), TermChange("Clause", "", "added")),
        "texts": (
            TextChange("1 Payment", "changed", (
                ("keep", "within"), ("delete", " 30"), ("insert", " 14 working"), ("keep", " days.\nAgain."))),
            TextChange("2 Scope", "same"),
            TextChange("3 語言", "added", (("insert", "以中文本為準。"),))), **values})


def texts_of(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def marks(frame, colour):
    shapes = [shape for page in frame.pages for shape in page.shapes]
    return [shape for shape in shapes if isinstance(shape, Rule) and shape.colour == colour]


def test_every_word_is_there_and_the_same_values_give_the_same_bytes():
    first, second = (render_redline(a_redline()) for _time in range(2))
    assert first == second
    text = "".join(texts_of(first))
    for part in ("Redline", "Price", "105.00", "within", "30", "14 working", "unchanged", "以中文本為準"):
        assert part in text


def test_deletions_are_struck_and_insertions_underlined_without_colour_too():
    frame = lay_out(a_redline(), load_fonts())
    plain = lay_out(a_redline(texts=(TextChange("2 Scope", "same"),)), load_fonts())
    # Beside the sample in the legend: one deletion; the insertion, the new title and the new text.
    assert len(marks(frame, RED)) - len(marks(plain, RED)) == 1
    assert len(marks(frame, GREEN)) - len(marks(plain, GREEN)) == 3


def test_a_long_deletion_runs_over_pages_with_a_mark_on_every_line():
    frame = lay_out(a_redline(texts=(TextChange("1 Long", "removed", (("delete", LONG),)),)), load_fonts())
    assert len(frame.pages) > 2
    lines = [line for page in frame.pages for line in page.texts if line.style.colour == RED and "word" in line.text]
    assert len(marks(frame, RED)) >= len(lines) > 50
    text = "".join(texts_of(frame.finish()))
    assert "word0" in text and "word2499" in text


def test_a_word_longer_than_the_line_is_cut():
    frame = lay_out(a_redline(texts=(TextChange("1 X", "added", (("insert", "x" * 400),)),)), load_fonts())
    assert all(mark.x2 <= frame.right + 0.1 for mark in marks(frame, GREEN))


def test_nothing_differs_is_said():
    assert "Nothing differs" in "".join(texts_of(render_redline(a_redline(changes=(), texts=()))))
