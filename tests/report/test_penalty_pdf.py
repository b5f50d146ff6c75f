"""Credit statements and penalty notices as a reader gets them: what stands on their pages."""

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from penalty_sample import CREDIT, DELAYS, FAILURES, NOTICE, UPTIME, credit, many_failures
from report.fonts import load_fonts
from report.frame import SMALL
from report.penalty_labels import PENALTY_LABELS
from report.penalty_pdf import lay_out, render_penalties, result
from report.penalty_values import AmountRow, MeasuredRow, StepRow
from report.values import Company, Customer, NumberFormat
from statement_sample import HASH, page_texts, png, reader, whole_text

FONTS = load_fonts()
HEADER = "Failure Measure Due Done Late by Amount"
TEXTS = st.text(max_size=60) | st.text("abcde -/中文，。", max_size=400)


def test_same_values_same_bytes():
    assert render_penalties(CREDIT) == render_penalties(replace(CREDIT))
    assert render_penalties(CREDIT) != render_penalties(credit(number="PD/2026/00011"))


def test_same_bytes_in_another_process():
    folder = Path(__file__).parent
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:];"
        "from report.penalty_pdf import render_penalties; from penalty_sample import CREDIT;"
        "print(hashlib.sha256(render_penalties(CREDIT)).hexdigest())"
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


def test_every_fact_of_a_credit_is_on_paper():
    text = whole_text(render_penalties(CREDIT))
    facts = [
        "Nordkran Service A/S", "Credit statement", "March 2026 · 1 Mar 2026 – 31 Mar 2026",
        "Prepared for", "Baltic Terminal Operators GmbH", "18147 Rostock", "Your reference: PO 77-1204",
        "PD/2026/00009", "12 Apr 2026", "CON/0007 Twelve cranes", "1 Jan 2025 – 31 Dec 2027",
        "Statement ST/2026/00031", "Posted as RINV/2026/00012 (12 Apr 2026)", "Europe/Berlin", "Jens Holm",
        "We credit you EUR 4,000.00 for March 2026.",
        "Failures counted: 4. Excused, not counted: 1. Without caps it would be EUR 4,540.00. "
        "Of it waived: EUR 200.00.", "All amounts in EUR, before taxes.",
        "Summary Clause Number Reckoned Waived Amount",
        "Delay damages on site PC/00007, version 2 PEN/2026/00031 1,200.00 -200.00 1,000.00",
        "Service credits for uptime PC/00008, version 1 PEN/2026/00032 3,000.00 3,000.00",
        "Total 4,200.00 -200.00 4,000.00",
        "Settlement The credit note RINV/2026/00012 is set off against your next payment.",
    ]
    assert [fact for fact in facts if fact not in text] == []


def test_each_clause_says_how_it_comes_to_its_amount():
    text = whole_text(render_penalties(CREDIT))
    delays = text[text.index("Clause: Delay damages on site"):text.index("Clause: Service credits for uptime")]
    facts = [
        "PC/00007, version 2 · Clause 12.3 Delay · PEN/2026/00031",
        "What was agreed – For each started hour late: (a) 1% of the fee of the period.",
        "– Percentages are of the fee of the period: EUR 12,000.00.", "– Value of the contract: EUR 432,000.00.",
        "What was measured Measure Promised Measured Counted Excused",
        "Arrive on site 1% of the fee per started hour late 8 h 4 of 1,018 late 4 1",
        "Uptime of the terminal 10% of the fee below 99.9% 99.9% not measured 0 0",
        "How the amount is reckoned Step Result Excused Arrive on site Customer cause: 1 1",
        "Cost Arrive on site 12 × 1% (hours late, each one started) 1,440.00",
        "Carried in 100.00 of the period before 1,540.00", "cut 340.00 above 1,200.00 is cut 1,200.00",
        "What it comes to Part Amount Arrive on site 12 × 1% (hours late, each one started) 1,440.00",
        "Carried from the period before 100.00 Cut by a cap Cap of the period: 1,200.00 -340.00",
        "Reckoned amount 1,200.00", "Asked by Anna, agreed by Boss.", "-200.00", "Amount due 1,000.00",
        "Carried to the next period: 340.00.", "Uptime of the terminal was not measured: no amount.",
    ]
    assert [fact for fact in facts if fact not in delays] == []
    uptime = text[text.index("Clause: Service credits for uptime"):]
    assert "Uptime below 99: 25% 3,000.00 Amount due 3,000.00" in uptime
    assert "Reckoned amount" not in uptime, "where nothing is waived one amount is enough"
    assert "No failure counts" in uptime
    assert f"Inputs of PEN/2026/00032 (SHA-256): {HASH}" in uptime


def test_only_where_a_cap_cut_stands_that_it_cut():
    steps = (replace(DELAYS.steps[-1], detail=""),)
    for cut in (True, False):
        one = replace(DELAYS, steps=(replace(steps[0], cut=cut),))
        text = whole_text(render_penalties(credit(reckonings=(one,), uncapped="")))
        assert text.split().count("cut") == cut and "Without caps" not in text


def test_every_failure_is_counted_or_excused_with_its_reason():
    text = whole_text(render_penalties(CREDIT))
    counted, excused = text.split("Excused failures, not counted (1)")
    counted = counted[counted.index("Failures counted (2)"):]
    assert "REQ/00412 Arrive on site Critical 4 Mar 2026 08:10 4 Mar 2026 16:52 8 h 42 min 600.00" in counted
    assert "3 failures alike · High" in counted and "Hoist brake does not release" in counted
    assert "REQ/00425" not in counted
    assert "Gate motor" in excused and f"Reason: {FAILURES[2].reason}" in excused


def test_a_notice_addresses_the_dealer_and_tells_how_to_pay_and_to_object():
    text = whole_text(render_penalties(NOTICE))
    for fact in ("Penalty notice", "Addressed to Northern Dealer A/S", "Posted as BILL/2026/00004",
                 "We claim a penalty of EUR 1,200.00 from you for March 2026.", "Payment and objection",
                 "Please pay until 12 May 2026", "in writing and with your reasons until 26 Apr 2026."):
        assert fact in text
    for other in ("Summary", "waived", "Prepared for", "Settlement", "We credit"):
        assert other not in text


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("credited", "We credit you EUR 4,000.00 for March 2026."),
        ("claimed", "We claim a penalty of EUR 4,000.00 from you for March 2026."),
        ("bonus_charged", "For more than was promised we charge a bonus of EUR 4,000.00 for March 2026."),
        ("bonus_earned", "For more than was promised you earn a bonus of EUR 4,000.00 for March 2026."),
        ("charged_back", "We charge back EUR 4,000.00 of earlier credits with March 2026."),
        ("returned", "We return EUR 4,000.00 of earlier penalties to you with March 2026."),
        ("nothing", "Nothing is due for March 2026."),
    ],
)
def test_the_result(kind, first):
    assert result(credit(result=kind))[0] == first
    assert first in whole_text(render_penalties(credit(result=kind)))


def test_a_thousand_failures_break_cleanly():
    one = replace(DELAYS, failures=many_failures(1000))
    texts = page_texts(render_penalties(credit(reckonings=(one,))))
    with_rows = [text for text in texts if "REQ/00" in text]
    assert len(with_rows) > 30
    for text in with_rows:
        assert text.count(HEADER) == 1, "the head is repeated on every page"
        assert text.count("REQ/") == text.count("Hoist brake") == text.count("8 h 42 min")
    joined = " ".join(texts)
    places = [joined.index(f"REQ/{index:05d}") for index in range(1000)]
    assert places == sorted(places)


def test_foot_and_preview_on_every_page():
    one = replace(DELAYS, failures=many_failures(60))
    for draft in (False, True):
        texts = page_texts(render_penalties(credit(reckonings=(one,), draft=draft)))
        assert len(texts) > 3
        for number, text in enumerate(texts, 1):
            assert f"Page {number} of {len(texts)}" in text
            assert f"Hash of the inputs (SHA-256) {HASH}" in text
            assert "Credit statement · PD/2026/00009" in text
            assert text.count("Preview") >= 2 if draft else "Preview" not in text


def test_document_data_outline_and_fonts():
    document = reader(render_penalties(credit(language="zh_TW")))
    assert document.metadata.title == "Credit statement PD/2026/00009"
    assert document.trailer["/Root"]["/Lang"] == "zh-TW"
    assert [entry["/Title"] for entry in document.outline] == [
        "Credit statement PD/2026/00009", "Summary", "Clause: Delay damages on site", "What was agreed",
        "What was measured", "How the amount is reckoned", "What it comes to", "Failures counted (2)",
        "Excused failures, not counted (1)",
        "Clause: Service credits for uptime", "What was agreed", "What was measured", "How the amount is reckoned",
        "What it comes to", "Failures counted", "Settlement"]
    for page in document.pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_chinese_and_markup_can_be_read_back():
    name = "中華航空設備維護股份有限公司"
    nasty = "<b>Bold</b> {{ object.env }} %(amount)s & Co"
    one = replace(DELAYS, title=name, waiver=nasty, failures=(replace(FAILURES[0], title=nasty, reason=""),))
    text = whole_text(render_penalties(credit(customer=Customer(name), reckonings=(one,), notes=(nasty,))))
    assert name in text and text.count("{{ object.env }} %(amount)s & Co") == 3


def test_translated_words_and_figures():
    labels = {source: f"«{index}»" for index, source in enumerate(PENALTY_LABELS) if "%(" not in source}
    labels["We credit you %(amount)s for %(period)s."] = "Gutschrift %(amount)s für %(period)s."
    labels["Without caps it would be %(amount)s."] = "Ohne %(wrong)s"
    one = replace(DELAYS, measured=(MeasuredRow("Uptime", counted=1234),))
    text = whole_text(render_penalties(credit(
        labels=labels, numbers=NumberFormat(",", ".", "{} %"), reckonings=(one, UPTIME))))
    assert "Gutschrift EUR 4,000.00 für March 2026." in text and "1.234" in text
    assert "Without caps it would be" in text, "a translation with a wrong placeholder falls back to English"
    assert "Amount due" not in text and labels["Amount due"] in text and "How the amount" not in text


def test_a_logo_is_drawn_once():
    company = replace(CREDIT.company, logo=png(400, 100))
    assert sum(len(page.images) for page in reader(render_penalties(credit(company=company))).pages) == 1


def test_least_that_can_be_said():
    least = replace(DELAYS, promised=(), measured=(), steps=(), amounts=(), failures=(), notes=(), waived="",
                    fee="", value="",
                    legal="", inputs_hash="")
    text = whole_text(render_penalties(credit(
        company=Company("C"), reckonings=(least,), settlement=(), inputs_hash="", currency="", uncapped="", waiver="")))
    assert "Amount due 1,000.00" in text
    assert "SHA-256" not in text and "Settlement" not in text and "What was" not in text


def end_of(text):
    return text.x + FONTS.width(text.text, text.style.size, text.style.bold)


def assert_inside(values):
    """Texts keep the margins, do not run into one another, and only the footer stands at the foot."""
    frame = lay_out(values, FONTS)
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


@settings(max_examples=40, deadline=None)
@given(name=TEXTS, title=TEXTS, label=TEXTS, paper=st.sampled_from(["A4", "Letter", (420.0, 595.0)]))
def test_any_text_stays_inside(name, title, label, paper):
    one = replace(
        DELAYS, title=title, reference=name, legal=label, promised=(title, label), waiver=name, notes=(title,),
        measured=(MeasuredRow(title, name, label[:20], label[:20], 3, 1),) * 3,
        steps=tuple(StepRow(title, name, "-1,234.50", label, cut) for cut in (True, False)),
        amounts=(AmountRow(title, name, "-1,234.50"),) * 3,
        failures=tuple(replace(row, title=title, measure=name, reason=label, severity=label[:30]) for row in FAILURES))
    assert_inside(credit(
        paper=paper, title=title or "T", company=Company(name, (title, label), name),
        customer=Customer(title, (name,), label), reckonings=(one, one), settlement=(title, name), notes=(label,),
        labels={source: label[:40] for source in PENALTY_LABELS if "%(" not in source}))


@pytest.mark.parametrize("height", [600, 607, 614])
def test_headings_keep_their_first_row_and_totals_their_last(height):
    for count in range(3, 40, 2):
        one = replace(DELAYS, steps=DELAYS.steps[2:3] * count, amounts=DELAYS.amounts[:1] * count, waived="")
        for page in lay_out(credit(paper=(595, height), reckonings=(one,)), FONTS).pages:
            texts = [text.text for text in sorted(page.texts, key=lambda text: text.y)]
            if "Amount due" in texts:
                assert "1,440.00" in texts[:texts.index("Amount due")]
            for heading in ("How the amount is reckoned", "What it comes to"):
                if heading in texts:
                    assert "1,440.00" in texts[texts.index(heading):]
