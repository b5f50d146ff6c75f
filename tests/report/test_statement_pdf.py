"""The statement as a reader gets it: what stands on its pages, read back from the PDF."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from report import frame as frame_module
from report.labels import LABELS
from report.statement_pdf import render_statement, verdict
from report.values import Company, NumberFormat, Totals
from reportlab import rl_config
from statement_sample import (
    BREACHES,
    HASH,
    SAMPLE,
    TARGETS,
    many_breaches,
    page_texts,
    png,
    reader,
    sample,
    whole_text,
)

HEADER = "Request Target Started Due Stopped Late by"


def test_same_values_same_bytes():
    assert render_statement(sample()) == render_statement(sample())
    assert render_statement(sample()) != render_statement(sample(number="SLS/2026/0032"))


def test_same_bytes_in_another_process():
    folder = Path(__file__).parent
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:];"
        "from report.statement_pdf import render_statement; from statement_sample import SAMPLE;"
        "print(hashlib.sha256(render_statement(SAMPLE)).hexdigest())"
    )
    package = folder.parents[1] / "aftersales_contracts"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code, str(folder), str(package)], env={"PYTHONHASHSEED": seed},
            check=True, capture_output=True, text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_same_bytes_from_many_threads():
    statement = sample(breaches=many_breaches(30))
    alone = render_statement(statement)
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(render_statement, [statement] * 24)) == {alone}


def test_one_document_is_painted_at_a_time(monkeypatch):
    """reportlab's fonts may not be used for two documents at once."""
    inside, most = [], []

    class SlowCanvas(frame_module.Canvas):
        def save(self):
            inside.append(self)
            time.sleep(0.01)
            most.append(len(inside))
            super().save()
            inside.pop()

    monkeypatch.setattr(frame_module, "Canvas", SlowCanvas)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(render_statement, [SAMPLE] * 8))
    assert most == [1] * 8


def test_every_fact_is_on_paper():
    text = whole_text(render_statement(sample()))
    facts = [
        "Nordkran Service A/S", "Havnegade 12", "1058 København K", "Tax ID DK12345678",
        "Baltic Terminal Operators GmbH", "18147 Rostock", "Your reference: PO 77-1204",
        "SLS/2026/0031", "2 Apr 2026", "CON/0007", "Twelve cranes", "1 Jan 2025 – 31 Dec 2027", "Europe/Berlin",
        "Hybrid", "L1, L2", "Jens Holm", "March 2026", "1 Mar 2026 – 31 Mar 2026",
        "Working time: Monday to Friday.", "No. 377 of February: the breach is withdrawn.",
        "Attained = met / (met + breached).",
    ]
    assert [fact for fact in facts if fact not in text] == []


def test_every_figure_is_on_paper():
    text = whole_text(render_statement(sample()))
    rows = [
        "1 h 95% 41 38 3 0 0 92.7% Missed",
        "8 h 90% 1,018 1,015 2 1 7 99.8% reached",
        "4 h 97.5% 0 0 0 0 0 n/a",
        "All targets 1,059 1,053 5 1 7 99.5%",
        "88.1", "97.3",
    ]
    assert [row for row in rows if row not in text] == []


def test_every_breach_says_when_and_why():
    text = whole_text(render_statement(sample()))
    for breach in BREACHES:
        for fact in (breach.request, breach.title, breach.target, breach.started, breach.due, breach.late_by):
            assert fact in text
        assert f"Counted time: {'; '.join(breach.intervals)}" in text
    assert "31 Mar 2026 11:00 still open 5 h" in text
    excused = text[text.index("Excused breaches (1)"):]
    assert "Reason: Customer cause: site closed" in excused
    assert "Evidence: Letter of the port authority" in excused
    assert "Approved by: Mette Sørensen" in excused
    assert "REQ/00412" not in excused


def test_a_stop_that_is_not_known_is_not_open():
    assert "still open" not in whole_text(render_statement(sample(breaches=(replace(BREACHES[0], stopped=""),))))


def test_no_breach_is_said():
    text = whole_text(render_statement(sample(breaches=(), corrections=(), notes=())))
    assert "No breach in this period." in text
    assert HEADER not in text and "Excused breaches" not in text and "Notes" not in text


def test_nothing_due_is_neither_none_nor_all():
    text = whole_text(render_statement(sample(targets=TARGETS[2:], totals=Totals(), trend=(), breaches=())))
    assert "0 0 0 0 0 n/a All targets 0 0 0 0 0 n/a" in text
    assert "100.0%" not in text and "0.0%" not in text


@pytest.mark.parametrize(
    ("targets", "first", "more"),
    [
        (TARGETS, "Service levels not fully kept: 1 of 2 targets reached their objective.",
         "Breaches: 5. Excused, not counted: 1. Not decided at the end of the period: 7. Targets with nothing due: 1."),
        (TARGETS[1:2], "Service levels kept: 1 of 1 targets reached their objective.",
         "Breaches: 5. Excused, not counted: 1. Not decided at the end of the period: 7."),
        ((replace(TARGETS[0], objective=None),),
         "Service levels measured; no objective was agreed to compare them with.",
         "Breaches: 5. Excused, not counted: 1. Not decided at the end of the period: 7."),
        (TARGETS[2:], "Nothing fell due in this period, so no service level could be kept or missed.",
         "Breaches: 5. Excused, not counted: 1. Not decided at the end of the period: 7."),
    ],
)
def test_verdict(targets, first, more):
    statement = sample(targets=targets)
    assert verdict(statement) == (first, more)
    assert first in whole_text(render_statement(statement))


def test_a_rate_at_the_objective_is_reached():
    row = replace(TARGETS[0], attained=Decimal(95), objective=Decimal(95))
    assert row.reached is True
    assert "95.0% reached" in whole_text(render_statement(sample(targets=(row,))))


def test_five_hundred_breaches_break_cleanly():
    texts = page_texts(render_statement(sample(breaches=many_breaches(500))))
    with_rows = [text for text in texts if "REQ/00" in text]
    assert len(with_rows) > 20
    for text in with_rows:
        assert text.count(HEADER) == 1
        # A row is whole: as many numbers as titles and reckonings on each page.
        rows = text.count("REQ/")
        assert rows == text.count("Hoist brake") == text.count("Counted time:") == text.count("42 min")
    joined = " ".join(texts)
    places = [joined.index(f"REQ/{index:05d}") for index in range(500)]
    assert places == sorted(places)


def test_a_row_higher_than_a_page_loses_nothing():
    long_title = " ".join(f"w{index}." for index in range(4000))
    breach = replace(BREACHES[0], title=long_title)
    texts = page_texts(render_statement(sample(breaches=(breach,))))
    joined = " ".join(texts)
    assert [index for index in range(4000) if f"w{index}." not in joined] == []
    assert all(HEADER in text for text in texts if "w1" in text or "w39" in text)


def test_foot_of_every_page():
    texts = page_texts(render_statement(sample(breaches=many_breaches(60))))
    assert len(texts) > 3
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
        assert f"Hash of the inputs (SHA-256) {HASH}" in text
        assert "Service level statement · SLS/2026/0031" in text


def test_preview_is_marked_on_every_page():
    statement = sample(breaches=many_breaches(40))
    assert all(text.count("Preview") >= 2 for text in page_texts(render_statement(replace(statement, draft=True))))
    assert "Preview" not in whole_text(render_statement(statement))


def test_document_data_and_outline():
    document = reader(render_statement(sample(language="da_DK")))
    assert document.metadata.title == "Service level statement SLS/2026/0031"
    assert document.metadata.author == "Nordkran Service A/S"
    assert document.metadata.subject == "Baltic Terminal Operators GmbH – CON/0007 – March 2026"
    assert document.trailer["/Root"]["/Lang"] == "da-DK"
    titles = [entry["/Title"] for entry in document.outline]
    assert titles == [
        "Service level statement SLS/2026/0031", "Service levels", "Trend", "Breaches (2)", "Excused breaches (1)",
        "Corrections to closed periods", "Notes",
    ]


def test_all_fonts_are_embedded():
    for page in reader(render_statement(sample(draft=True))).pages:
        fonts = page["/Resources"]["/Font"].values()
        assert fonts
        for font in fonts:
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


@pytest.mark.parametrize("setting", [0, 1])
def test_the_settings_of_the_process_stay(monkeypatch, setting):
    """The bytes do not depend on whether the server has reportlab write streams as text."""
    monkeypatch.setattr(rl_config, "useA85", setting)
    pdf = render_statement(sample())
    assert rl_config.useA85 == setting
    assert b"ASCII85" not in pdf


def test_markup_in_texts_is_only_text():
    nasty = "<b>bold</b> & <para> %(kept)s \\n (x"
    statement = sample(breaches=(replace(BREACHES[0], title=nasty),), notes=(nasty,))
    assert whole_text(render_statement(statement)).count(nasty) == 2


@pytest.mark.parametrize(
    ("paper", "size"),
    [("A4", (595.28, 841.89)), ("Letter", (612, 792)), ((420, 595), (420, 595)), ("?", (595.28, 841.89))],
)
def test_paper(paper, size):
    for page in reader(render_statement(sample(paper=paper))).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(size, abs=0.01)


def test_paper_too_small_is_refused():
    with pytest.raises(ValueError, match="100 x 100 points is too small"):
        render_statement(sample(paper=(100, 100)))


@pytest.mark.parametrize("picture", [png(400, 100), png(30, 900, "RGB")])
def test_logo_is_drawn_once(picture):
    company = replace(SAMPLE.company, logo=picture)
    pages = reader(render_statement(sample(company=company, breaches=many_breaches(40)))).pages
    assert [len(page.images) for page in pages] == [1] + [0] * (len(pages) - 1)


def test_a_logo_that_is_no_picture_is_left_out():
    plain = render_statement(sample())
    assert render_statement(sample(company=replace(SAMPLE.company, logo=b"<svg/>"))) == plain


def test_translated_and_untranslated_words():
    labels = {source: f"«{index}»" for index, source in enumerate(LABELS) if "%(" not in source}
    labels["Page %(page)s of %(pages)s"] = "Side %(page)s af %(pages)s"
    labels["Breaches: %(breached)s."] = "Brud: %(wrong)s."
    text = whole_text(render_statement(sample(labels=labels)))
    assert "Side 1 af 2" in text
    assert labels["Service levels"] in text and labels["still open"] in text
    assert "Breaches: 5." in text, "a translation with a wrong placeholder falls back to English"
    assert "Late by" not in text and "Account manager" not in text


def test_figures_of_the_language():
    danish = NumberFormat(",", ".", "{} %")
    text = whole_text(render_statement(sample(numbers=danish)))
    assert "8 h 90 % 1.018 1.015 2 1 7 99,8 % reached" in text


def test_least_that_can_be_said():
    statement = sample(
        company=Company("C"), trend=(), breaches=(), targets=(), totals=Totals(), notes=(), corrections=(),
        inputs_hash="",
    )
    text = whole_text(render_statement(statement))
    assert "No target applied in this period." in text
    assert "SHA-256" not in text
