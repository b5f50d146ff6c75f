"""A warranty certificate and a claim letter with something of everything, and both in Chinese."""

from dataclasses import replace

from report.claim_letter_values import ClaimLetterValues, DecisionRow, ReturnRow
from report.values import Customer
from report.warranty_values import BenefitRow, CoverRow, WarrantyValues
from statement_sample import HASH, SAMPLE

WARRANTY = CoverRow(
    number="WC/00012",
    title="Manufacturer Warranty",
    kind="Warranty",
    policy="WP/00003, version 2",
    state="In force",
    first="1 Feb 2026",
    last="31 Jan 2029",
    benefits=(
        BenefitRow("Parts", "100%", "36 months", "31 Jan 2029", ("2,000 hours of use since the start",)),
        BenefitRow("Labour", "100%", "24 months", "31 Jan 2028", ("At most EUR 4,000.00 in one claim",)),
        BenefitRow("Travel", "50%", "12 months", "31 Jan 2027")),
    sentences=(
        "It begins on the day of installation, at the latest 6 months after delivery.",
        "It passes to a new owner only with our written consent.",
        "A replacement inherits what is left of the term."),
    exclusions=("Wear parts: brake linings, ropes and filters.", "Damage by voltage outside of the nameplate."),
)
EXTENDED = CoverRow(
    number="WC/00044", title="Extended Warranty Plus", kind="Extended Warranty", policy="WP/00009, version 1",
    state="Begins later", first="1 Feb 2029", last="31 Jan 2031",
    benefits=(BenefitRow("Parts", "80%", "24 months", "31 Jan 2031"),),
    voids=("Void for parts from 3 Mar 2030 on: Opened by a third party.",),
)
CERTIFICATE = WarrantyValues(
    number="WCT/2026/00007",
    title="Warranty certificate",
    company=SAMPLE.company,
    customer=SAMPLE.customer,
    machine="Harbour crane HC-40 · SN 4711-0815",
    result="This machine is under warranty until 31 Jan 2031.",
    more=("Covers in force: 1.", "Covers that begin later: 1."),
    facts=(("Product", "Harbour crane HC-40"), ("Serial number", "4711-0815"), ("Place", "Quay 7, Rostock"),
           ("Delivered", "31 Jan 2026"), ("Installed", "1 Feb 2026"), ("Sold by", "")),
    covers=(WARRANTY, EXTENDED),
    components=("Hoist H-9 · SN 9001, delivered 2 Feb 2026", "Drive D-2 · SN 9002"),
    notes=("What holds on the day of a failure decides, not what is printed here.",),
    verification="9F86-D081-884C-7D65",
    inputs_hash=HASH,
    issued="12 Apr 2026",
)
LETTER = ClaimLetterValues(
    number="CLL/2026/00009",
    title="Decision on your claim",
    company=SAMPLE.company,
    customer=SAMPLE.customer,
    claim="Claim CL/00031 · Hoist brake does not release",
    result="Your claim is approved in part.",
    more=("Approved in full: 1.", "In part: 1.", "Refused: 1."),
    facts=(("Machine", "Harbour crane HC-40 · SN 4711-0815"), ("Failure day", "4 Mar 2026"),
           ("Reported", "5 Mar 2026"), ("Cause", "Electrical failure"), ("Service request", "REQ/00412"),
           ("Handled by", "Jens Holm")),
    columns=("Amount", "You pay"),
    lines=(
        DecisionRow("Brake coil BC-2", "Part · 1", "Approved", False, "Covered by the manufacturer warranty.",
                    "Warranty 100%", ("640.00", "0.00")),
        DecisionRow("Replace brake coil", "Labour · 2.5 h", "Approved in part", False,
                    "The labour standard allows 2 h.", "Warranty 80%, you 20%", ("250.00", "50.00")),
        DecisionRow("Brake linings", "Part · 4", "Refused", True, "Wear parts are excluded.", "You 100%",
                    ("180.00", "180.00"))),
    totals=("1,070.00", "230.00"),
    currency="EUR",
    returns=(ReturnRow("Brake coil BC-2", "BC-1199", "20 Mar 2026", "Not received yet"),),
    following=("We send you an invoice of EUR 230.00 for your part.",),
    objection=("If you do not agree, write to us until 12 May 2026 and name the claim and your reasons.",
               "Somebody who did not decide this claim looks at it again."),
    verification="9F86-D081-884C-7D65",
    inputs_hash=HASH,
    issued="12 Apr 2026",
)

CHINESE = replace(
    CERTIFICATE, language="zh_CN", title="保修证书", machine="港口起重机 HC-40 · 序列号 4711-0815",
    customer=Customer("上海港务有限公司", ("浦东新区世纪大道100号", "200120 上海")),
    result="本机保修至2031年1月31日（含当日）。", more=("有效保修：1项。", "尚未开始的保修：1项。"),
    labels={"Owner": "所有人", "What is paid": "保修范围", "Not covered": "不在保修范围", "Item": "项目",
            "We pay": "我方承担", "Term": "期限", "Until, the day included": "截止日（含）", "Limits": "限制",
            "Verification number": "验证号"},
    covers=(replace(WARRANTY, title="制造商保修", kind="保修", exclusions=(
        "易损件：制动衬片、钢丝绳和滤芯。" * 6, "因电压超出铭牌范围而造成的损坏。")),))
