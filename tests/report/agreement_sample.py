"""One contract, one non-disclosure agreement and one certificate with something of everything."""

from dataclasses import replace

from report.agreement_values import (
    AssetRow,
    CertificateValues,
    ClauseText,
    ContractValues,
    IndexRule,
    LevelRow,
    NdaValues,
    Party,
    PriceRow,
    PriceTotals,
    PromiseRow,
    Schedule,
    ScopeRow,
    SignatureBlock,
    SignerProof,
    Term,
)
from report.values import Company

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
NAME = "陳美玲"
COMPANY = Company("Nordkran Service A/S", ("Havnegade 12", "1058 København K"), "DK12345678", None, "#0f5a78")

PARTIES = (
    Party("Nordkran Service A/S", "Provider of the service", ("Havnegade 12", "1058 København K"), "DK12345678", "",
          ("Mette Sørensen (Managing director)",)),
    Party("Baltic Terminal Operators GmbH", "Customer", ("Am Hafen 4", "18147 Rostock"), "DE811223344", "PO 77-1204",
          (f"{NAME} (Procurement)", "Jörg Krüger (Managing director)")),
    Party("Baltic Leasing Kft.", "Payer", ("Budapest",)),
)

CLAUSES = (
    ClauseText("1", "Scope", "The Provider keeps the machines named in this contract in working order."),
    ClauseText("2", "Confidentiality",
               "Each party keeps secret what it learns of the other.\n"
               "This does not hold for what\n"
               "(a) was public already;\n"
               "(b) became public without fault of the party.\n"
               "\n"
               "The duty goes on for three years after the end."),
    ClauseText("3", "Liability", "3.1 Each party is liable for intent.\n"
               "3.2 Otherwise liability ends at the annual fee."),
)

CONTRACT = ContractValues(
    number="SC/2026/0007",
    kind="Customer Service Contract",
    title="Twelve cranes in Rostock",
    version="2",
    company=COMPANY,
    parties=PARTIES,
    term=Term("1 Jan 2026", "31 Dec 2027", "automatic", (12, "month"), 3, 14, False, (90, "day"), "Registered letter",
              "received", "end", "18:00", "28 Sep 2027"),
    mode="Hybrid",
    scope=(ScopeRow("Breakdown", "L1", "Everywhere", "Nordkran Service A/S"),
           ScopeRow("Breakdown", "L2, L3", "Mecklenburg", "Northern Dealer GmbH")),
    levels=(LevelRow("First response", "L1", "Critical", "1 h", "95%"),
            LevelRow("Resolution", "", "", "8 h", "97.5%", True)),
    schedule=Schedule("Office Hours", "Europe/Berlin", ("Monday – Friday: 08:00–12:00, 13:00–17:00",)),
    plan="Value-added",
    promises=(PromiseRow("Inspection", "Repair", "4 visits a year", "Dates are agreed two weeks before."),),
    assets=(AssetRow("NW-1", "Compressor K7", "Baltic Terminal Operators GmbH", "Pier 3", "1 Jan 2026",
                     "31 Dec 2027"),),
    prices=(
        PriceRow("Full maintenance", "12", "100.00 €", (1, "month"), "14,400.00 €", "19% VAT",
                 proration="actual/actual", post_paid=False,
                 index=IndexRule("CPI Germany", "chained", "2025", "3%", "", "10%")),
        PriceRow("Set-up", "1", "500.00 €", None, "", "19% VAT", fixed=True),
    ),
    totals=PriceTotals("14,400.00 €", "2,736.00 €", "17,136.00 €"),
    currency="EUR",
    clauses=CLAUSES,
    annexes=("List of machines", "Safety rules"),
    signatures=(SignatureBlock("Baltic Terminal Operators GmbH", NAME, "Procurement"),
                SignatureBlock("Baltic Terminal Operators GmbH", "Jörg Krüger", "Managing director"),
                SignatureBlock("Nordkran Service A/S", "Mette Sørensen", "Managing director", "3 Mar 2026, 09:12 CET")),
    fingerprint=HASH,
)

NDA = NdaValues(
    number="NDA/2026/0003",
    kind="Non-disclosure Agreement",
    title="Drawings for the dealer",
    company=COMPANY,
    parties=PARTIES[:2],
    form="one_way",
    discloser="Nordkran Service A/S",
    purposes=("Repair", "Spare parts"),
    scopes=("Drawings", "Price lists"),
    start="1 Jan 2026",
    end="31 Dec 2026",
    secret="months",
    survival=(3, "year"),
    return_duty="both",
    clauses=CLAUSES[1:2],
    signatures=CONTRACT.signatures[1:],
    fingerprint=HASH,
)

CERTIFICATE = CertificateValues(
    number=CONTRACT.number,
    kind=CONTRACT.kind,
    title=CONTRACT.title,
    company=COMPANY,
    file="SC-2026-0007.pdf",
    pages=4,
    digest=HASH,
    fingerprint=HASH[::-1],
    sent="2 Mar 2026, 16:00 CET (UTC+01:00)",
    sender="Anna Account",
    completed="3 Mar 2026, 09:12 CET (UTC+01:00)",
    signers=(SignerProof(NAME, "Chen Mei-ling", "Baltic Terminal Operators GmbH", "Procurement",
                         "chen@example.com", "3 Mar 2026, 08:00:01 CET (UTC+01:00)", "192.0.2.7", "Mozilla/5.0", HASH),
             SignerProof("Mette Sørensen", "Mette Sørensen", "Nordkran Service A/S", "Managing director",
                         "mette@example.com", "3 Mar 2026, 09:12:44 CET (UTC+01:00)", "2001:db8::7", "Mozilla/5.0",
                         HASH)),
    flags=("Signed on 3 Mar 2026, after the contract began.",),
)


def contract(**changes) -> ContractValues:
    """The sample contract with some of its fields replaced."""
    return replace(CONTRACT, **changes)


def many_clauses(count: int) -> tuple[ClauseText, ...]:
    """``count`` clauses of three paragraphs, each with words of its own."""
    return tuple(
        ClauseText(str(number), f"Heading{number}x", "\n".join(
            f"begin{number}.{part}. " + "The parties agree on what they wrote down. " * 6 + f"end{number}.{part}."
            for part in (1, 2, 3)))
        for number in range(1, count + 1))
