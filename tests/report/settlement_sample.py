"""One settlement statement with something of everything."""

from dataclasses import replace

from report.settlement_values import (
    BracketRow,
    Brackets,
    Group,
    LineRow,
    PayeeRow,
    PenaltyRow,
    SettlementValues,
    StepRow,
    SumRow,
)
from report.values import Contract, Customer, Period
from statement_sample import HASH, SAMPLE

JOBS = Group("Jobs", (
    LineRow("INV/2026/00112", "4 Mar 2026", "Brake overhaul, crane 7", "Baltic Terminal Operators GmbH · Call-out",
            "1,840.00", "120.00", "120.00"),
    LineRow("INV/2026/00131", "19 Mar 2026", "Inspection of rope drums", "Hansa Bulk Terminal AG · Call-out",
            "2,100.00", "120.00", "120.00"),
), 2, "3,940.00", "240.00")
PARTS = Group("Parts", (
    LineRow("INV/2026/00112", "4 Mar 2026", "Brake disc 800 mm", "Baltic Terminal Operators GmbH · Spare parts",
            "8,400.00", "", "460.00"),
    LineRow("INV/2026/00140", "27 Mar 2026", "Hoist motor", "Hansa Bulk Terminal AG · Spare parts", "6,600.00", "7%",
            "462.00", mark="held", notes=("Disputed on 14 April: “The motor was ordered by us: 9 % are due.”",)),
    LineRow("RINV/2026/00009", "30 Mar 2026", "Brake lining, returned", "Baltic Terminal Operators GmbH · Spare parts",
            "-400.00", "5%", "-20.00",
            notes=("Late: it takes back INV/2026/00061 · Brake lining, settled by DS/2026/00004 of February 2026.",)),
), 3, "14,600.00", "902.00")
FEES = Group("Fees", (
    LineRow("INV/2026/00133", "20 Mar 2026", "Telemetry licence", "Hansa Bulk Terminal AG", "300.00", "", "0.00",
            notes=("No rate was in force on this day: settled with 0.00 until it is agreed.",)),
), 1, "300.00", "0.00")

SETTLEMENT = SettlementValues(
    number="DS/2026/00007-1",
    title="Settlement Statement",
    result="receives",
    company=SAMPLE.company,
    customer=Customer("Northern Dealer A/S", ("Kajen 1", "5000 Odense"), "ND-7"),
    contract=Contract("CON/0019", "Authorised service of the northern ports", "1 Jan 2025", "31 Dec 2027",
                      account_manager="Jens Holm"),
    period=Period("March 2026", "1 Mar 2026", "31 Mar 2026", "Europe/Berlin"),
    amount="EUR 312.80",
    total="774.80",
    rule="SR-3 v2 Northern ports",
    opening="-150.00",
    groups=(JOBS, PARTS, FEES),
    adjustments=(
        SumRow("Bonus", "First visit fixes it: 96.4 reached, 100% of 200.00", "200.00"),
        SumRow("Cap", "1,342.00 above 1,300.00 is cut", "-42.00"),
        SumRow("Brand fee", "1% of the revenue of 18,840.00", "-188.40"),
        SumRow("Penalties", "PEN/2026/00031 · Delay damages on site", "-100.00"),
        SumRow("Withholding", "8% of 861.60", "-86.80"),
    ),
    brackets=(
        Brackets("Spare parts", "Each part of the volume counts at the rate of its own bracket. The volume adds up "
                 "over the quarter.",
                 (BracketRow("0.00 – 10,000.00", "5%", "6,000.00", "300.00"),
                  BracketRow("from 10,000.00", "7%", "8,600.00", "602.00")), "14,600.00", "902.00",
                 ("Volume before this period: 4,000.00; with it: 18,600.00.",)),
    ),
    penalties=(
        PenaltyRow("PEN/2026/00031", "Delay damages on site", "March 2026",
                   ("Arrive on site: 2 × 50.00 (failures).", "REQ/00412 Hoist brake does not release: 8 h 42 min."),
                   "-100.00"),
    ),
    payment=(SumRow("Total", "", "774.80"), SumRow("Held until their dispute is settled", "1 line", "-462.00"),
             SumRow("To be paid", "", "312.80", True), SumRow("Tax 25%", "", "78.20"),
             SumRow("With taxes", "", "391.00", True)),
    payees=(PayeeRow("Northern Dealer A/S", "70%", "218.96"), PayeeRow("Odense Kran ApS", "30%", "93.84")),
    steps=(StepRow("Lines", "6 lines", "1,142.00"), StepRow("Brackets", "6,000 × 5% + 8,600 × 7%", "902.00",
                                                           "Spare parts"),
           StepRow("Cap", "1,342.00 above 1,300.00 is cut", "1,300.00")),
    agreed=("Call-out: 120.00 for each job.", "Spare parts: by brackets of the quarter.", "At most 1,300.00 a month."),
    carried="",
    held="EUR 462.00",
    currency="EUR",
    warnings=("No rate in force: 1 line.",),
    settlement=("We pay within 30 days after you accepted it.",
                "Lines that you dispute are held; the others are paid. What is not disputed until 26 Apr 2026 counts "
                "as accepted."),
    answer_until="26 Apr 2026",
    inputs_hash=HASH,
    issued="12 Apr 2026",
)


def settlement(**changes) -> SettlementValues:
    """The sample with some of its fields replaced."""
    return replace(SETTLEMENT, **changes)


def many_lines(count: int) -> tuple[LineRow, ...]:
    """``count`` lines with numbers of their own."""
    return tuple(replace(PARTS.rows[0], document=f"INV/2026/{index:05d}") for index in range(count))
