"""Contracts, non-disclosure agreements and certificates as a reader gets them: what stands on their pages."""

import doctest
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from agreement_sample import (
    CERTIFICATE,
    CLAUSES,
    CONTRACT,
    HASH,
    NAME,
    NDA,
    contract,
    many_clauses,
)
from report import clauses as clauses_module
from report.agreement import SHORT
from report.agreement_labels import AGREEMENT_LABELS
from report.agreement_values import Party, ScopeRow, SignatureBlock, Term
from report.certificate_pdf import render_certificate
from report.clauses import paragraphs
from report.contract_pdf import render_contract
from report.nda_pdf import render_nda
from statement_sample import page_texts, png, reader, whole_text

ALL = ((render_contract, CONTRACT), (render_nda, NDA), (render_certificate, CERTIFICATE))


@pytest.mark.parametrize(("render", "values"), ALL)
def test_same_values_same_bytes(render, values):
    assert render(values) == render(replace(values))
    assert render(values) != render(replace(values, number="SC/2026/0008"))


def test_same_bytes_in_another_process():
    folder = Path(__file__).parent
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:];"
        "from report.contract_pdf import render_contract; from agreement_sample import CONTRACT;"
        "print(hashlib.sha256(render_contract(CONTRACT)).hexdigest())"
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


def test_a_signature_is_drawn_once_and_byte_stable():
    signed = replace(CONTRACT.signatures[0], signed="3 Mar 2026, 08:00 CET", picture=png(600, 200))
    values = contract(signatures=(signed, *CONTRACT.signatures[1:]))
    pdf = render_contract(values)
    assert pdf == render_contract(values) != render_contract(CONTRACT)
    assert sum(len(page.images) for page in reader(pdf).pages) == 1
    assert "Place and date: 3 Mar 2026, 08:00 CET" in whole_text(pdf)


def test_every_part_of_the_contract_is_on_paper():
    text = whole_text(render_contract(CONTRACT))
    parts = [
        "Customer Service Contract", "Twelve cranes in Rostock", "SC/2026/0007", "1 Jan 2026 – 31 Dec 2027", "Hybrid",
        "Provider of the service", "Baltic Terminal Operators GmbH", "18147 Rostock", "Tax ID DE811223344",
        "Your reference: PO 77-1204", f"Represented by: {NAME} (Procurement); Jörg Krüger (Managing director)", "Payer",
        "A Term, renewal and notice",
        "At the end of a term it is renewed by 12 months, unless notice was given in time; prices may be revised then.",
        "Number of renewals at most: 3.", "It can still be renewed up to 14 days after its end.",
        "Notice is given at least 90 days before the term ends. Notice is given in this way: Registered letter. "
        "The day on which it is received counts. "
        "What arrives after 18:00 counts as received on the next business day. "
        "For the present term the last safe day to send it is 28 Sep 2027.",
        "B Scope of service", "Breakdown L2, L3 Mecklenburg Northern Dealer GmbH",
        "C Service levels", "First response L1 · Priority Critical 1 h 95%",
        "pauses while we wait for the customer 8 h 97.5%",
        "Time counts only within the working schedule “Office Hours” (times in Europe/Berlin): "
        "Monday – Friday: 08:00–12:00, 13:00–17:00 Holidays of the schedule do not count.",
        "D Promises of the service plan", "Inspection Dates are agreed two weeks before. Repair 4 visits a year",
        "E Covered assets", "NW-1 Compressor K7 Baltic Terminal Operators GmbH Pier 3 1 Jan 2026 – 31 Dec 2027",
        "F Prices", "Full maintenance 12 100.00 € one month 19% VAT 14,400.00 €",
        "Charged in advance. Parts of a period are charged by their days over the days of the full period. "
        "The price follows the index CPI Germany: the last price, times the new value, over the value before "
        "(first: 2025). It rises by at most 3% at a time. Over the whole term it rises by at most 10%. "
        "A value that is not published yet leaves the price as it is.",
        "Set-up 1 500.00 € once 19% VAT", "The price is fixed for the whole term.",
        "Total of a year, before taxes 14,400.00 €",
        "All amounts in EUR. Taxes of a year: 2,736.00 €. Total of a year, with taxes: 17,136.00 €.",
        "G Terms and conditions", "1 Scope The Provider keeps", "2 Confidentiality 2.1 Each party keeps secret",
        "2.2 This does not hold for what (a) was public already; (b) became public", "2.3 The duty goes on",
        "3.1 Each party is liable for intent. 3.2 Otherwise",
        "H Annexes", "Annex 1: List of machines", "Annex 2: Safety rules",
        "Signatures The parties sign in this order:", "1. Baltic Terminal Operators GmbH",
        "3. Nordkran Service A/S", "Function: Managing director", "Place and date: 3 Mar 2026, 09:12 CET",
    ]
    assert [part for part in parts if part not in text] == []


def test_foot_of_every_page_names_number_version_and_hash():
    texts = page_texts(render_contract(contract(clauses=many_clauses(30))))
    assert len(texts) > 5
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
        assert "Customer Service Contract · SC/2026/0007 · Version 2" in text
        assert f"Text of the agreement (SHA-256): {HASH[:SHORT]}" in text


def test_a_draft_is_marked_on_every_page_and_an_approved_contract_is_not():
    values = contract(clauses=many_clauses(20))
    assert all(text.count("DRAFT") >= 2 for text in page_texts(render_contract(replace(values, draft=True))))
    assert "raft" not in whole_text(render_contract(values))


def test_clauses_lose_nothing_and_a_heading_stays_with_its_text():
    texts = page_texts(render_contract(contract(clauses=many_clauses(60))))
    joined = " ".join(texts)
    for number in range(1, 61):
        for part in (1, 2, 3):
            assert f"{number}.{part} begin{number}.{part}." in joined and f"end{number}.{part}." in joined
        page = next(text for text in texts if f"Heading{number}x" in text)
        assert f"begin{number}.1." in page, "the heading stands on the page of its first paragraph"
    places = [joined.index(f"end{number}.3.") for number in range(1, 61)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("One paragraph.", [""]),
        ("First.\n\nSecond.", ["7.1", "7.2"]),
        ("One:\n(a) this\n- that", ["", "(a)", "-"]),
        ("7.4 Own number.\nNext.", ["7.4", "7.2"]),
        ("e.g. this is no list", [""]),
        ("2026 was a good year", [""]),
        ("", []),
    ],
)
def test_numbers_of_paragraphs(text, marks):
    assert [paragraph.mark for paragraph in paragraphs(replace(CLAUSES[0], number="7", text=text))] == marks


def test_a_clause_longer_than_a_page_and_words_longer_than_a_line():
    words = " ".join(f"w{index}." for index in range(3000))
    text = whole_text(render_contract(contract(clauses=(replace(CLAUSES[0], text=words + "\n" + "x" * 700),))))
    assert [index for index in range(3000) if f"w{index}." not in text] == []
    assert sum(piece.count("x") for piece in text.split() if set(piece) == {"x"}) == 700


def test_a_name_in_chinese_can_be_read_back():
    for render, values in ALL:
        assert NAME in whole_text(render(values)), render


def test_markup_and_placeholders_print_literally():
    """What stands in a name is text: neither tags nor braces nor percent signs do anything."""
    nasty = "<b>Bold</b> {{ object.env }} <script>alert(1)</script> %(name)s & Co"
    values = contract(
        title=nasty, parties=(Party(nasty, nasty),), scope=(ScopeRow(nasty, "", "", "x"),),
        clauses=(replace(CLAUSES[0], heading=nasty, text=nasty),), annexes=(nasty,),
        signatures=(SignatureBlock(nasty, nasty),), term=replace(CONTRACT.term, method=nasty))
    text = whole_text(render_contract(values))
    assert text.replace(" ", "").count(nasty.replace(" ", "")) >= 8
    assert "{{ object.env }}" in whole_text(render_nda(replace(NDA, discloser=nasty, purposes=(nasty,))))


@pytest.mark.parametrize(
    ("term", "said", "unsaid"),
    [
        (Term("1 Jan"), "The contract runs from 1 Jan, without a fixed end.", "renew"),
        (Term("1 Jan", "31 Dec", "none"), "It ends with its last day and is not renewed.", "Notice"),
        (Term("1 Jan", "31 Dec", "manual", grace_days=1),
         "only if the parties agree on it before the term ends. It can still be renewed up to one day", "Notice"),
        (Term("1 Jan", "31 Dec", "extension", (1, "year")), "extended by one year at unchanged terms", "at most"),
        (Term("1 Jan", "", "evergreen", notice=(3, "month")), "end it by giving notice of 3 months", "goes on"),
        (Term("1 Jan", "31 Dec", "evergreen", (1, "quarter")), "It goes on by one quarter at a time", "at most"),
        (Term("1 Jan", "31 Dec", "automatic", not_renewed=True), "it will not be renewed again", "unless"),
        (Term("1 Jan", "31 Dec", "automatic", notice=(1, "business_day"), receipt="sent", counted_from="renewal"),
         "at least one business day before the day on which it would be renewed. The day on which it is sent counts.",
         "received"),
        (Term("1 Jan", amends="SC/1", effective="1 Jul"),
         "This amendment states contract SC/1 anew, as it applies from 1 Jul on.", "notice of"),
    ],
)
def test_term_in_words(term, said, unsaid):
    text = whole_text(render_contract(contract(term=term, clauses=())))
    section = text[text.index("A Term, renewal and notice") + len("A Term, renewal and notice"):text.index("B Scope")]
    assert said in section
    assert unsaid not in section


def test_least_that_can_be_said():
    values = contract(
        title="", version="", parties=(), scope=(), levels=(), schedule=None, plan="", promises=(), assets=(),
        prices=(), clauses=(), annexes=(), signatures=(), fingerprint="", mode="", term=Term("1 Jan"))
    text = whole_text(render_contract(values))
    assert "A Term, renewal and notice" in text and "B " not in text
    for left_out in ("Parties", "Prices", "Signatures", "SHA-256", "Version"):
        assert left_out not in text


def test_nda_on_paper():
    text = whole_text(render_nda(NDA))
    parts = [
        "Non-disclosure Agreement", "NDA/2026/0003", "Nordkran Service A/S discloses confidential information",
        "Confidential is: Drawings, Price lists.", "It may be used for this purpose only: Repair, Spare parts.",
        "Only staff of the parties who need it",
        "The agreement runs from 1 Jan 2026 to 31 Dec 2026, both days included.",
        "The duty of secrecy goes on for 3 years after its end.",
        "returns or destroys all confidential information", "D Terms and conditions", "2.1 Each party keeps secret",
        "Signatures", f"Text of the agreement (SHA-256): {HASH[:SHORT]}",
    ]
    assert [part for part in parts if part not in text] == []
    endless = replace(NDA, end="", secret="indefinite", persons=(NAME,), group_wide=True)
    text = whole_text(render_nda(endless))
    assert "without a fixed end" in text and "without limit" in text
    assert f"Only these persons may have access: {NAME}." in text
    assert "affiliates" not in text, "named persons are the stricter rule"


def test_data_processing_names_its_subprocessors():
    processing = replace(NDA, data_processing=True, secret="none", subjects="staff", data="names", text="One.\nTwo.")
    assert "No sub-processor is engaged without consent" in whole_text(render_nda(processing))
    text = whole_text(render_nda(replace(processing, subprocessors=("Cloud A", "Cloud B"))))
    assert "These sub-processors are agreed: Cloud A; Cloud B. No other is engaged" in text
    assert "Personal data of: staff. Kinds of data: names." in text
    assert "The duty of secrecy ends with it." in text
    assert "Text of the agreement One. Two." in text


def test_certificate_proves_every_signature():
    pictured = replace(CERTIFICATE, signers=tuple(
        replace(signer, picture=png(300 + index, 100)) for index, signer in enumerate(CERTIFICATE.signers)))
    pdf = render_certificate(pictured)
    text = whole_text(pdf)
    for signer in CERTIFICATE.signers:
        for fact in (signer.name, signer.party, signer.function, signer.email, signer.signed, signer.address):
            assert fact in text, fact
    assert text.replace(" ", "").count(HASH) == 2 + len(CERTIFICATE.signers), "of the file, at the foot, of each"
    assert "Chen Mei-ling · chen@example.com" in text and "Certificate, page 1 of 1" in text
    assert "after the contract began" in text
    assert sum(len(page.images) for page in reader(pdf).pages) == 2
    crowd = page_texts(render_certificate(replace(CERTIFICATE, signers=CERTIFICATE.signers * 9)))
    assert len(crowd) > 1 and sum(page.count("SHA-256 signed") for page in crowd) == 18


def test_every_label_can_be_translated():
    labels = {source: f"«{index}»" for index, source in enumerate(AGREEMENT_LABELS) if "%(" not in source}
    text = whole_text(render_contract(contract(labels=labels)))
    for source in ("Prices", "Scope of service", "Signatures", "one month", "Charged in advance."):
        assert labels[source] in text and source not in text


def test_doctests():
    assert doctest.testmod(clauses_module).failed == 0
