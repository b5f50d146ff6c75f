"""Warranty certificates and claim letters as a reader gets them: what stands on their pages."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report.claim_letter_pdf import lay_out as lay_out_letter
from report.claim_letter_pdf import render_claim_letter
from report.fonts import load_fonts
from report.warranty_certificate_pdf import lay_out, render_warranty_certificate
from report.warranty_labels import CERTIFICATE_LABELS, LETTER_LABELS
from statement_sample import page_texts, reader, whole_text
from warranty_sample import CERTIFICATE, CHINESE, LETTER

FONTS = load_fonts()
TEXTS = st.text(max_size=60) | st.text("abcde -/中文，。", max_size=300)


def test_same_values_same_bytes():
    assert render_warranty_certificate(CERTIFICATE) == render_warranty_certificate(replace(CERTIFICATE))
    assert render_claim_letter(LETTER) == render_claim_letter(replace(LETTER))
    assert render_claim_letter(LETTER) != render_claim_letter(replace(LETTER, number="CLL/2026/00010"))


def test_every_fact_of_a_certificate_is_on_paper():
    text = whole_text(render_warranty_certificate(CERTIFICATE))
    facts = [
        "Warranty certificate", "Harbour crane HC-40 · SN 4711-0815", "Owner Baltic Terminal Operators GmbH",
        "WCT/2026/00007", "This machine is under warranty until 31 Jan 2031.", "Covers in force: 1.",
        "Manufacturer Warranty", "In force", "1 Feb 2026 – 31 Jan 2029", "WP/00003, version 2",
        "Parts 100% 36 months 31 Jan 2029 2,000 hours of use since the start", "Travel 50% 12 months 31 Jan 2027",
        "It passes to a new owner only with our written consent.", "Wear parts: brake linings, ropes and filters.",
        "Void for parts from 3 Mar 2030 on: Opened by a third party.", "Nothing is excluded by name.",
        "Drive D-2 · SN 9002", "9F86-D081-884C-7D65", "Hash of the inputs (SHA-256) 9f86d081",
    ]
    assert [fact for fact in facts if fact not in text] == []
    assert "Sold by" not in text  # what is not known leaves no empty line


def test_every_decision_of_a_letter_is_on_paper():
    text = whole_text(render_claim_letter(LETTER))
    facts = [
        "Decision on your claim", "Claim CL/00031 · Hoist brake does not release", "Failure day 4 Mar 2026",
        "Your claim is approved in part.", "All amounts in EUR, before taxes.", "Item Decision Amount You pay",
        "Brake coil BC-2 Part · 1 Approved 640.00 0.00", "Who pays: Warranty 80%, you 20%", "Refused",
        "Reason: Wear parts are excluded.", "Total 1,070.00 230.00", "Parts to send back", "BC-1199 20 Mar 2026",
        "We send you an invoice of EUR 230.00 for your part.", "If you do not agree", "write to us until 12 May 2026",
    ]
    assert [fact for fact in facts if fact not in text] == []


def test_chinese_is_drawn():
    text = whole_text(render_warranty_certificate(CHINESE)).replace(" ", "")
    words = ("保修证书", "上海港务有限公司", "截止日（含）", "易损件：制动衬片")
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("render, values", [
    (render_warranty_certificate, CERTIFICATE), (render_claim_letter, LETTER)])
def test_a_preview_says_so_on_every_page(render, values):
    pdf = render(replace(values, draft=True, notes=("A long note. " * 400,)))
    assert len(reader(pdf).pages) > 1
    assert all("Preview" in text for text in page_texts(pdf))


def test_labels_translate_every_fixed_text():
    marked = {label: f"«{label}»" for label in {*CERTIFICATE_LABELS, *LETTER_LABELS}}
    text = whole_text(render_warranty_certificate(replace(CERTIFICATE, labels=marked)))
    text += whole_text(render_claim_letter(replace(LETTER, labels=marked)))
    for label in ("What is paid", "Not covered", "Owner", "Decision on each item", "Parts to send back", "Total"):
        assert f"«{label}»" in text


@settings(max_examples=25, deadline=None)
@given(TEXTS, TEXTS, st.integers(1, 30))
def test_whatever_is_said_stays_on_the_paper(name, reason, count):
    line = replace(LETTER.lines[0], name=name, reason=reason, decision=name[:20])
    cover = replace(CERTIFICATE.covers[0], title=name, exclusions=(reason,) * count)
    pages = lay_out_letter(replace(LETTER, lines=(line,) * count, totals=()), FONTS).pages
    pages = pages + lay_out(replace(CERTIFICATE, covers=(cover,) * 3, machine=name), FONTS).pages
    for page in pages:
        for item in page.texts:
            assert item.x >= 0 and item.y <= page.height
