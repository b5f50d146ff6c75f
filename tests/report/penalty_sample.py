"""One credit statement with something of everything, and a penalty notice to a dealer."""

from dataclasses import replace

from report.penalty_values import AmountRow, FailureRow, MeasuredRow, PenaltyValues, Reckoning, StepRow
from report.values import Contract, Customer, Period
from statement_sample import HASH, SAMPLE

FAILURES = (
    FailureRow("REQ/00412", "Hoist brake does not release", "Arrive on site", "4 Mar 2026 08:10", "4 Mar 2026 16:52",
               "8 h 42 min", "Critical", 1, "600.00"),
    FailureRow("REQ/00440", "Remote terminal offline", "Arrive on site", "31 Mar 2026 11:00", "still open", "5 h",
               "High", 3, "300.00"),
    FailureRow("REQ/00425", "Gate motor", "Arrive on site", "9 Mar 2026 10:00", "10 Mar 2026 09:00", "7 h",
               excused=True,
               reason="Customer cause: site closed. Letter of the port authority. Approved by Mette Sørensen"),
)

DELAYS = Reckoning(
    number="PEN/2026/00031",
    title="Delay damages on site",
    reference="PC/00007, version 2",
    legal="Clause 12.3 Delay",
    fee="EUR 12,000.00",
    value="EUR 432,000.00",
    promised=("For each started hour late:", "(a) 1% of the fee of the period.",
              "A month costs at most 10% of the fee."),
    measured=(
        MeasuredRow("Arrive on site", "1% of the fee per started hour late", "8 h", "4 of 1,018 late", 4, 1),
        MeasuredRow("Uptime of the terminal", "10% of the fee below 99.9%", "99.9%", "", 0, 0)),
    steps=(
        StepRow("Excused", "Customer cause: 1", "1", "Arrive on site"),
        StepRow("Failures", "Failures counted: 4", "4", "Arrive on site"),
        StepRow("Cost", "12 × 1% (hours late, each one started)", "1,440.00", "Arrive on site"),
        StepRow("Carried in", "100.00 of the period before", "1,540.00"),
        StepRow("Cap of the period", "340.00 above 1,200.00 is cut", "1,200.00", cut=True)),
    amounts=(
        AmountRow("Arrive on site", "12 × 1% (hours late, each one started)", "1,440.00"),
        AmountRow("Carried from the period before", "", "100.00"),
        AmountRow("Cut by a cap", "Cap of the period: 1,200.00", "-340.00")),
    failures=FAILURES,
    total="1,200.00",
    uncapped="1,540.00",
    waived="-200.00",
    waiver="Goodwill after the talks of 9 April. Asked by Anna, agreed by Boss.",
    amount="1,000.00",
    notes=("Carried to the next period: 340.00.", "Uptime of the terminal was not measured: no amount."),
    inputs_hash=HASH[::-1],
)
UPTIME = Reckoning(
    number="PEN/2026/00032",
    title="Service credits for uptime",
    reference="PC/00008, version 1",
    fee="EUR 12,000.00",
    promised=("Below 99.9%: 10% of the fee. Below 99%: 25% of the fee.",),
    measured=(MeasuredRow("Uptime", "by band", "99.9%", "98.75%"),),
    steps=(StepRow("Cost", "below 99: 25%", "3,000.00", "Uptime"),),
    amounts=(AmountRow("Uptime", "below 99: 25%", "3,000.00"),),
    total="3,000.00",
    amount="3,000.00",
    inputs_hash=HASH,
)
CREDIT = PenaltyValues(
    number="PD/2026/00009",
    title="Credit statement",
    kind="credit",
    result="credited",
    company=SAMPLE.company,
    customer=Customer("Baltic Terminal Operators GmbH", ("Am Hafen 4", "18147 Rostock"), "PO 77-1204"),
    contract=Contract("CON/0007", "Twelve cranes", "1 Jan 2025", "31 Dec 2027", account_manager="Jens Holm"),
    period=Period("March 2026", "1 Mar 2026", "31 Mar 2026", "Europe/Berlin"),
    reckonings=(DELAYS, UPTIME),
    amount="EUR 4,000.00",
    total="4,200.00",
    waived="-200.00",
    due="4,000.00",
    waiver="EUR 200.00",
    uncapped="EUR 4,540.00",
    currency="EUR",
    statement="ST/2026/00031",
    moves="RINV/2026/00012 (12 Apr 2026)",
    settlement=("The credit note RINV/2026/00012 is set off against your next payment.",),
    inputs_hash=HASH,
    issued="12 Apr 2026",
)
NOTICE = replace(
    CREDIT,
    number="PD/2026/00010",
    title="Penalty notice",
    kind="notice",
    result="claimed",
    customer=Customer("Northern Dealer A/S", ("Kajen 1", "5000 Odense")),
    reckonings=(replace(DELAYS, waived="", waiver="", amount="1,200.00"),),
    amount="EUR 1,200.00",
    total="1,200.00",
    waived="",
    due="1,200.00",
    waiver="",
    moves="BILL/2026/00004 (12 Apr 2026)",
    settlement=("Please pay until 12 May 2026, or set it off against your next bill.",
                "If you object, tell us in writing and with your reasons until 26 Apr 2026."),
)


def credit(**changes) -> PenaltyValues:
    """The sample credit statement with some of its fields replaced."""
    return replace(CREDIT, **changes)


def many_failures(count: int) -> tuple[FailureRow, ...]:
    """``count`` failures that count, with numbers of their own."""
    return tuple(replace(FAILURES[0], reference=f"REQ/{index:05d}") for index in range(count))
