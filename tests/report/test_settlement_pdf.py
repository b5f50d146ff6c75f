"""Statements of settlements as a dealer gets them: what stands on their pages."""

from dataclasses import replace
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report.fonts import load_fonts
from report.frame import SMALL
from report.settlement_labels import SETTLEMENT_LABELS
from report.settlement_pdf import lay_out, render_settlement, result
from report.settlement_values import SettlementValues
from report.values import Company, Contract, Customer, NumberFormat, Period
from settlement_sample import PARTS, SETTLEMENT, many_lines, settlement
from statement_sample import HASH, page_texts, reader, whole_text

FONTS = load_fonts()
HEADER = "Invoice What Base Rate Share"
TEXTS = st.text(max_size=60) | st.text("abcde -/中文，。", max_size=400)


def test_same_values_same_bytes():
    assert render_settlement(SETTLEMENT) == render_settlement(replace(SETTLEMENT))
    assert render_settlement(SETTLEMENT) != render_settlement(settlement(number="DS/2026/00008-1"))


def test_every_fact_is_on_paper():
    text = whole_text(render_settlement(SETTLEMENT))
    facts = [
        "Nordkran Service A/S", "Settlement Statement", "March 2026 · 1 Mar 2026 – 31 Mar 2026",
        "Addressed to", "Northern Dealer A/S", "5000 Odense", "Your reference: ND-7", "DS/2026/00007-1", "12 Apr 2026",
        "CON/0019 Authorised service of the northern ports", "Share rule SR-3 v2 Northern ports",
        "Answer until 26 Apr 2026", "Jens Holm",
        "You receive EUR 312.80 for March 2026.",
        "Lines settled: 6. Held until their dispute is settled: EUR 462.00. "
        "Please accept or dispute its lines until 26 Apr 2026.",
        "All amounts in EUR, before taxes unless it says otherwise. With a minus sign: what you pay.",
        "Summary Part Lines Base Amount Opening balance -150.00 Jobs 2 3,940.00 240.00 Parts 3 14,600.00 902.00",
        "Bonus First visit fixes it: 96.4 reached, 100% of 200.00 200.00", "Cap 1,342.00 above 1,300.00 is cut -42.00",
        "Brand fee 1% of the revenue of 18,840.00 -188.40", "Withholding 8% of 861.60 -86.80 Total 774.80",
        "Payment Part Amount Total 774.80 Held until their dispute is settled 1 line -462.00 To be paid 312.80 "
        "Tax 25% 78.20 With taxes 391.00",
        "Payees Payee Percent Amount Northern Dealer A/S 70% 218.96 Odense Kran ApS 30% 93.84",
    ]
    assert [fact for fact in facts if fact not in text] == []


def test_lines_stand_in_the_groups_that_the_dealer_thinks_in():
    text = whole_text(render_settlement(SETTLEMENT))
    jobs = text[text.index("Jobs (2)"):text.index("Parts (3)")]
    assert "INV/2026/00112 4 Mar 2026 Brake overhaul, crane 7" in jobs
    assert "Subtotal of Jobs 3,940.00 240.00" in jobs and "Hoist motor" not in jobs
    parts = text[text.index("Parts (3)"):text.index("Fees (1)")]
    for fact in ("held", "Disputed on 14 April: “The motor was ordered by us: 9 % are due.”",
                 "Late: it takes back INV/2026/00061 · Brake lining, settled by DS/2026/00004 of February 2026.",
                 "-400.00 5% -20.00"):
        assert fact in parts
    assert "No rate was in force on this day" in text[text.index("Fees (1)"):]


def test_brackets_penalties_and_steps_say_how_it_came_about():
    text = whole_text(render_settlement(SETTLEMENT))
    facts = [
        "Brackets: Spare parts Bracket Volume Rate Share 0.00 – 10,000.00 6,000.00 5% 300.00 "
        "from 10,000.00 8,600.00 7% 602.00 Total 14,600.00 902.00", "Each part of the volume counts at the rate",
        "Volume before this period: 4,000.00; with it: 18,600.00.",
        "Penalties set off Penalty Cause Amount PEN/2026/00031 March 2026 Delay damages on site "
        "Arrive on site: 2 × 50.00 (failures). REQ/00412 Hoist brake does not release: 8 h 42 min. -100.00",
        "How the amount is reckoned Step Result Lines 6 lines 1,142.00",
        "What was agreed – Call-out: 120.00 for each job.", "What to look at No rate in force: 1 line.",
        "Payment and objection – We pay within 30 days",
    ]
    assert [fact for fact in facts if fact not in text] == []


@pytest.mark.parametrize(
    ("kind", "first"),
    [("receives", "You receive EUR 312.80 for March 2026."), ("owes", "You owe us EUR 312.80 for March 2026."),
     ("nothing", "Nothing is paid for March 2026.")],
)
def test_the_result(kind, first):
    assert result(settlement(result=kind))[0] == first
    assert first in whole_text(render_settlement(settlement(result=kind)))


def test_what_is_carried_forward_is_said():
    text = whole_text(render_settlement(settlement(result="nothing", held="", carried="EUR -150.00", payment=())))
    assert "Carried forward to the next period: EUR -150.00." in text
    assert "Held" not in result(settlement(held=""))[1]


def test_ten_thousand_lines_break_cleanly_and_stay_fast():
    group = replace(PARTS, rows=many_lines(10_000), count=10_000)
    start = process_time()
    pdf = render_settlement(settlement(groups=(group,)))
    assert process_time() - start < 6, "measured: 0.8 s"
    texts = [text for text in page_texts(pdf) if "INV/2026/" in text]
    assert len(texts) > 300
    for text in texts:
        assert text.count(HEADER) == 1, "the head is repeated on every page"
        assert text.count("INV/2026/") == text.count("Brake disc 800 mm")
    assert sum(text.count("INV/2026/") for text in texts) == 10_000


def test_lines_that_are_not_listed_are_said_to_be_in_the_spreadsheet():
    group = replace(PARTS, rows=(), count=500_000)
    text = whole_text(render_settlement(settlement(groups=(group,))))
    assert "Parts 500,000 14,600.00 902.00" in text
    assert "The lines themselves are in the spreadsheet that belongs to this statement." in text
    assert "spreadsheet" not in whole_text(render_settlement(SETTLEMENT))


def test_foot_and_preview_on_every_page():
    for draft in (False, True):
        texts = page_texts(render_settlement(settlement(draft=draft)))
        assert len(texts) > 2
        for number, text in enumerate(texts, 1):
            assert f"Page {number} of {len(texts)}" in text
            assert f"Hash of the inputs (SHA-256) {HASH}" in text
            assert text.count("Preview") >= 2 if draft else "Preview" not in text


def test_document_data_outline_and_fonts():
    document = reader(render_settlement(settlement(language="zh_TW")))
    assert document.metadata.title == "Settlement Statement DS/2026/00007-1"
    assert document.trailer["/Root"]["/Lang"] == "zh-TW"
    assert [entry["/Title"] for entry in document.outline] == [
        "Settlement Statement DS/2026/00007-1", "Summary", "Payment", "Payees", "Jobs (2)", "Parts (3)", "Fees (1)",
        "Brackets: Spare parts", "Penalties set off", "How the amount is reckoned", "What was agreed",
        "What to look at", "Payment and objection"]
    for page in document.pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_translated_words_and_figures():
    labels = {source: f"«{index}»" for index, source in enumerate(SETTLEMENT_LABELS) if "%(" not in source}
    labels["You receive %(amount)s for %(period)s."] = "Sie erhalten %(amount)s für %(period)s."
    labels["Lines settled: %(count)s."] = "Zeilen %(wrong)s"
    text = whole_text(render_settlement(settlement(
        labels=labels, numbers=NumberFormat(",", ".", "{} %"), groups=(replace(PARTS, count=1234),))))
    assert "Sie erhalten EUR 312.80 für March 2026." in text and "Parts (1.234)" in text
    assert "Lines settled: 1.234." in text, "a translation with a wrong placeholder falls back to English"
    for source in ("Opening balance", "Payees", "How the amount is reckoned"):
        assert source not in text and labels[source] in text


def test_least_that_can_be_said():
    least = SettlementValues(
        number="DS/1", title="T", result="nothing", company=Company("C"), customer=Customer("D"),
        contract=Contract("CON/1"), period=Period("March 2026", "", "", "UTC"), amount="", total="0.00")
    text = whole_text(render_settlement(least))
    assert "Nothing is paid for March 2026." in text and "Total 0.00" in text
    for other in ("SHA-256", "Payment", "Payees", "Opening balance", "Bracket", "Answer"):
        assert other not in text


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
    groups = tuple(replace(group, name=name, rows=tuple(
        replace(row, document=label[:40] or "-", text=title, about=name, mark=row.mark and label[:20],
                notes=(title, label))
        for row in group.rows)) for group in SETTLEMENT.groups)
    assert_inside(settlement(
        paper=paper, title=title or "T", company=Company(name, (title, label), name), rule=name,
        customer=Customer(title, (name,), label), groups=groups, settlement=(title, name), notes=(label,),
        adjustments=tuple(replace(row, name=title, detail=label) for row in SETTLEMENT.adjustments),
        brackets=(replace(SETTLEMENT.brackets[0], name=name, rule=title, notes=(label,)),),
        penalties=(replace(SETTLEMENT.penalties[0], text=name, causes=(title, label)),),
        payees=tuple(replace(payee, name=name) for payee in SETTLEMENT.payees), agreed=(name, title),
        steps=tuple(replace(step, name=title[:60], detail=name, part=label) for step in SETTLEMENT.steps),
        labels={source: label[:40] for source in SETTLEMENT_LABELS if "%(" not in source}))


@pytest.mark.parametrize("height", [600, 607, 614])
def test_subtotals_stay_with_their_last_line(height):
    for count in range(3, 40, 2):
        group = replace(PARTS, rows=many_lines(count), count=count)
        for page in lay_out(settlement(paper=(595, height), groups=(group,)), FONTS).pages:
            texts = [text.text for text in sorted(page.texts, key=lambda text: text.y)]
            if "Subtotal of Parts" in texts:
                assert "Brake disc 800 mm" in texts[:texts.index("Subtotal of Parts")]
            if f"Parts ({count})" in texts:
                assert "Brake disc 800 mm" in texts[texts.index(f"Parts ({count})"):]
