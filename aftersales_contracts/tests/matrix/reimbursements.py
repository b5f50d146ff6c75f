"""Who may do what with reimbursements, and one record of each of their models."""

KEEPERS = ("anna", "felix", "lena", "boss")
FINANCE = ("felix", "boss")
PROPOSERS = ("anna", "felix", "lena", "boss")
ISSUERS = ("anna", "felix", "boss")
READERS = ("agent", "anna", "felix", "lena", "boss")

RECORDS = {
    "aftersales.reimbursement.rate": {"anna": "r", **dict.fromkeys(FINANCE, "rwcd")},
    "aftersales.reimbursement": dict.fromkeys(KEEPERS, "r"),  # results: they follow from decisions
    "aftersales.goodwill.budget": {**dict.fromkeys(READERS, "r"), **dict.fromkeys(FINANCE, "rwcd")},
    "aftersales.goodwill": {"agent": "r", **dict.fromkeys(PROPOSERS, "rwcd")},
    "aftersales.claim.statement": {**dict.fromkeys(KEEPERS, "r"), "diego": "r"},
}
WIZARDS = {
    "aftersales.decide.goodwill": dict.fromkeys(PROPOSERS, "rwc"),
    "aftersales.issue.claim.statements": dict.fromkeys(ISSUERS, "rwc"),
}
BUTTONS = {
    ("aftersales.warranty.claim", "action_reimburse"): FINANCE,
    ("aftersales.warranty.claim", "action_propose_goodwill"): PROPOSERS,
    # invoicing takes the right Billing besides, which nobody here has: see test_claim_invoice
    ("aftersales.warranty.claim", "action_invoice"): (),
    ("aftersales.goodwill", "action_approve"): ("boss",),  # else only who is named in the budget
    ("aftersales.goodwill", "action_refuse"): ("boss",),
    ("aftersales.claim.statement", "action_verify"): KEEPERS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    asset = New("aftersales.asset", name="R-1", partner_id=case.customer.id, company_id=company.id)
    claim = New("aftersales.warranty.claim", asset_id=asset.id, company_id=company.id, partner_id=case.customer.id,
                dealer_id=case.dealer.id, failure_on="2026-01-10", reported_on="2026-01-11")
    line = New("aftersales.warranty.claim.line", claim_id=claim.id, name="Pump", unit_price=10)
    rate = New("aftersales.reimbursement.rate", company_id=company.id, dealer_id=case.dealer.id, kind="labour",
               basis="hour", value=1, currency_id=company.currency_id.id, date_from="2026-01-01")
    reimbursement = New(
        "aftersales.reimbursement", claim_id=claim.id, line_id=line.id, company_id=company.id,
        dealer_id=case.dealer.id, kind="parts", day="2026-01-12", amount=10, currency_id=company.currency_id.id)
    budget = New("aftersales.goodwill.budget", name="Budget", company_id=company.id, amount=100,
                 date_from="2026-01-01", date_to="2026-12-31")
    goodwill = New("aftersales.goodwill", claim_id=claim.id, budget_id=budget.id, amount=10, reason="Test")
    file = New("ir.attachment", name="statement.pdf", raw=b"%PDF")
    statement = New(
        "aftersales.claim.statement", name="CST/T", company_id=company.id, partner_id=case.dealer.id,
        period_start="2026-01-01", period_end="2026-01-31", issued_on="2026-02-01", attachment_id=file.id)
    return {
        "aftersales.reimbursement.rate": rate, "aftersales.reimbursement": reimbursement,
        "aftersales.goodwill.budget": budget, "aftersales.goodwill": goodwill, "aftersales.claim.statement": statement}
