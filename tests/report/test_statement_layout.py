"""Where things stand on the pages: nothing over an edge, nothing alone at a foot."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report.colours import accent, tint
from report.columns import Cell, Column, Row, measured
from report.fonts import load_fonts
from report.frame import SMALL
from report.labels import LABELS
from report.page import Box
from report.statement_pdf import lay_out
from report.table import CELL
from report.values import Company, Customer, Totals, TrendPoint
from statement_sample import BREACHES, SAMPLE, TARGETS, many_breaches, sample

FONTS = load_fonts()
TEXTS = st.text(max_size=60) | st.text("abcde -/中文，。", max_size=400)


def end_of(text):
    return text.x + FONTS.width(text.text, text.style.size, text.style.bold)


def assert_inside(statement):
    """Texts keep the margins, do not run into one another, and only the footer stands at the foot."""
    frame = lay_out(statement, FONTS)
    frame.finish()
    for page in frame.pages:
        foot = page.shapes[-1].y1
        for text in page.texts:
            assert text.x > 20 and end_of(text) < page.width - 20, text
            assert 10 < text.y < foot - 3 or foot + 3 < text.y < page.height - 8 and text.style == SMALL, text
        side_by_side = sorted(page.texts, key=lambda text: (round(text.y, 1), text.x))
        for one, other in pairwise(side_by_side):
            if round(one.y, 1) == round(other.y, 1):
                assert end_of(one) <= other.x + 0.1, (one, other)
    return frame


@settings(max_examples=40, deadline=None)
@given(name=TEXTS, title=TEXTS, label=TEXTS, paper=st.sampled_from(["A4", "Letter", (420.0, 595.0)]))
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
        labels={source: label[:40] for source in LABELS if "%(" not in source},
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


@pytest.mark.parametrize("height", [600, 607, 614])
def test_headings_keep_their_first_row_and_totals_their_last(height):
    for count in range(5, 45):
        frame = lay_out(sample(paper=(595, height), targets=TARGETS[:1] * count, breaches=many_breaches(2)), FONTS)
        for page in frame.pages:
            texts = [text.text for text in sorted(page.texts, key=lambda text: text.y)]
            if "All targets" in texts:
                assert TARGETS[0].name in texts[:texts.index("All targets")]
            for heading, row in (("Service levels", TARGETS[0].name), ("Breaches (2)", "REQ/00000")):
                if heading in texts:
                    assert row in texts[texts.index(heading):]


@pytest.mark.parametrize("words", [1, 130])
def test_rows_up_to_a_third_of_a_page_are_kept_whole(words):
    """The number of a breach, its first line, and its approver, the last, are on one page."""
    breaches = tuple(
        replace(BREACHES[2], request=f"REQ/{i:05d}", evidence="word " * words, approver=f"Approver {i:05d}")
        for i in range(20)
    )
    for height in range(600, 680, 2):
        for page in lay_out(sample(paper=(595, height), breaches=breaches), FONTS).pages:
            texts = [text.text for text in page.texts]
            firsts = [text[-5:] for text in texts if text.startswith("REQ/")]
            assert firsts == [text[-5:] for text in texts if text.startswith("Approved by: Approver")]


@pytest.mark.parametrize("height", range(600, 612))
def test_a_cut_row_is_read_in_order(height):
    """The lines below the cells follow the last line of the highest cell, over as many pages as it takes."""
    breach = replace(BREACHES[2], target="word " * 900)
    frame = lay_out(sample(paper=(595, height), breaches=(breach,)), FONTS)
    places = [
        (number, text.y, text.text) for number, page in enumerate(frame.pages) for text in page.texts
        if "word" in text.text or text.text.startswith(("Gate motor", "Counted time", "Approved by"))
    ]
    kinds = ["word" if "word" in text else text[:4] for _page, _y, text in sorted(places)]
    assert len({page for page, _y, _text in places}) > 2
    assert kinds == ["word"] * (len(kinds) - 3) + ["Gate", "Coun", "Appr"]


def test_figures_end_at_one_edge():
    frame = lay_out(sample(), FONTS)
    texts = frame.pages[0].texts
    assert len({round(end_of(text), 2) for text in texts if text.text in ("41", "1,018", "1,059")}) == 1
    last = [end_of(text) for text in texts if text.text in ("Attained", "92.7%", "99.8%", "n/a", "99.5%")]
    assert last.count(pytest.approx(frame.right)) == 5


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


def test_a_figure_takes_the_room_it_needs():
    figure = "1,234,567,890,123,456"
    columns = [Column("Request", flexible=True), Column("Due", right=True)]
    layout = measured(columns, [Row((Cell((("word " * 99, CELL),)), Cell(((figure, CELL),))))], 220.0, FONTS)
    assert layout.widths[1] >= FONTS.width(figure, CELL.size) > 220.0 * 0.3


def test_trend_bars_are_as_high_as_their_rates():
    points = tuple(TrendPoint(str(rate), Decimal(rate), None) for rate in (0, 25, 50, 100))
    frame = lay_out(sample(trend=points), FONTS)
    shapes = frame.pages[0].shapes
    bars = [box for box in shapes if isinstance(box, Box) and box.outline and box.width > 10]
    first = next(index for index, shape in enumerate(shapes) if shape == bars[0])
    floor, middle, top = (line.y1 for line in shapes[first - 3:first])
    assert [bar.y for bar in bars] == pytest.approx([floor, (floor + middle) / 2, middle, top])
    assert [bar.y + bar.height for bar in bars] == pytest.approx([floor] * 4)


@pytest.mark.parametrize("colour", ["#ffd200", "#ffffff", "#fff", "#0f5a78", "red", "", "#12345"])
def test_accent_can_be_read_on_white(colour):
    code = accent(colour)
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    # By the plain power law 2.2, close to WCAG's: contrast 4.5 is a luminance of at most 0.183.
    assert 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.19
    assert tint(code, 0) == "#ffffff" and tint(code, 1) == code


def test_dark_accent_stays_as_it_is():
    assert accent("#0F5A78") == "#0f5a78" == SAMPLE.company.colour
