"""Where things stand on the pages: nothing over an edge, nothing alone at a foot."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report.colours import accent, tint
from report.columns import Cell, Column, Row, measured
from report.fonts import load_fonts
from report.statement_pdf import lay_out
from report.table import CELL
from report.values import Company, Customer, Totals, TrendPoint
from statement_sample import BREACHES, SAMPLE, TARGETS, many_breaches, sample

FONTS = load_fonts()
TEXTS = st.text(max_size=60) | st.text("abcde -/中文，。", max_size=400)


def assert_inside(statement):
    """Every text and every shape lies on the paper, texts of the body between its margins."""
    frame = lay_out(statement, FONTS)
    frame.finish()
    for page in frame.pages:
        for x, y, text, style in page.texts:
            end = x + FONTS.width(text, style.size, style.bold)
            assert x > 20 and end < page.width - 20, text
            assert 10 < y < page.height - 8, text
    return frame


@settings(max_examples=40, deadline=None)
@given(name=TEXTS, title=TEXTS, label=TEXTS, paper=st.sampled_from(["A4", "Letter", (300.0, 420.0)]))
def test_any_text_stays_inside(name, title, label, paper):
    assert_inside(sample(
        paper=paper,
        title=title or "T",
        number=name or "N",
        company=Company(name, (title, label), name),
        customer=Customer(title, (name,), label),
        targets=tuple(replace(row, name=title, metric=name, duration=label[:20]) for row in TARGETS),
        breaches=tuple(replace(row, title=title, target=name, reason=label) for row in BREACHES),
        trend=tuple(TrendPoint(label[:30], Decimal(index * 8), Decimal(90)) for index in range(13)),
        notes=(title, label),
    ))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=12), st.integers(1, 40))
def test_rows_of_any_height_stay_above_the_foot(lengths, targets):
    breaches = tuple(replace(BREACHES[0], title="word " * length) for length in lengths)
    frame = assert_inside(sample(breaches=breaches, targets=TARGETS[:1] * targets))
    drawn = sum(text.count("word") for page in frame.pages for _x, _y, text, _style in page.texts)
    assert drawn == sum(lengths)
    for page in frame.pages[:-1]:
        body = [text for text in page.texts if 62 < text.y < frame.bottom + 1]
        assert len(body) > len(HEAD_TEXTS), "a page with nothing but the head of a table"


HEAD_TEXTS = ("Request", "Target", "Started", "Due", "Stopped", "Late by")


@pytest.mark.parametrize("count", range(1, 45))
def test_headings_keep_their_first_row_and_totals_their_last(count):
    frame = lay_out(sample(targets=TARGETS[:1] * count, breaches=many_breaches(2)), FONTS)
    for page in frame.pages:
        texts = [text.text for text in sorted(page.texts, key=lambda text: text.y)]
        if "All targets" in texts:
            assert TARGETS[0].name in texts[:texts.index("All targets")]
        for heading, row in (("Service levels", TARGETS[0].name), ("Breaches (2)", "REQ/00000")):
            if heading in texts:
                assert row in texts[texts.index(heading):]


def test_figures_end_at_one_edge():
    frame = lay_out(sample(), FONTS)
    page = frame.pages[0]
    ends = {
        round(text.x + FONTS.width(text.text, text.style.size, text.style.bold), 2)
        for text in page.texts if text.text in ("1,018", "41") or text.text == "1,059"
    }
    assert len(ends) == 1


def test_huge_figures_are_not_cut():
    big = Totals(*[1234567] * 5, Decimal("99.999"))
    frame = assert_inside(sample(totals=big, targets=tuple(replace(row, name="Long " * 40) for row in TARGETS)))
    texts = [text.text for page in frame.pages for text in page.texts]
    assert texts.count("1,234,567") == 5


def test_columns_fill_the_table():
    columns = [Column("Request", flexible=True), Column("Started"), Column("Late by", right=True)]
    for length in (1, 10, 60, 400):
        rows = [Row((Cell((("word " * length, CELL),)), Cell((("3 Mar 2026", CELL),)), Cell((("42 min", CELL),))))]
        layout = measured(columns, rows, 300.0, FONTS)
        assert sum(layout.widths) == pytest.approx(300.0)
        assert layout.widths[2] >= FONTS.width("42 min", CELL.size)


def test_trend_bars_are_as_high_as_their_rates():
    points = tuple(TrendPoint(str(rate), Decimal(rate), None) for rate in (0, 25, 50, 100))
    frame = lay_out(sample(trend=points), FONTS)
    heights = [box.height for box in frame.pages[0].shapes if getattr(box, "outline", None) and box.width > 10]
    assert heights[0] == 0
    assert heights[1:] == pytest.approx([heights[3] / 4, heights[3] / 2, heights[3]])


@pytest.mark.parametrize("colour", ["#ffd200", "#ffffff", "#fff", "#0f5a78", "red", "", "#12345"])
def test_accent_can_be_read_on_white(colour):
    code = accent(colour)
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    # By the plain power law 2.2, close to WCAG's: contrast 4.5 is a luminance of at most 0.183.
    assert 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.19
    assert tint(code, 0) == "#ffffff" and tint(code, 1) == code


def test_dark_accent_stays_as_it_is():
    assert accent("#0F5A78") == "#0f5a78" == SAMPLE.company.colour
