"""Who may do what with reconciliation, accruals and the ageing of disputes, and one record of each of their models."""

FINANCE = ("felix", "boss")
BOOKS = dict.fromkeys(("anna", "felix", "boss"), "r")

RECORDS = {
    "aftersales.accrual": BOOKS,
    "aftersales.reconciliation": BOOKS,
    "aftersales.reconciliation.item": BOOKS,
    "aftersales.dispute.ageing": dict.fromkeys(("anna", "felix", "lena", "boss"), "r"),
}
WIZARDS = {"aftersales.accrue.shares": dict.fromkeys(FINANCE, "rwcd")}
BUTTONS = {
    ("aftersales.reconciliation", "action_attribute"): FINANCE,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    env, day = contract.env, "2019-01-31"
    row = New("aftersales.revenue", company_id=company.id, kind="invoice", day=day, amount=10, company_amount=10,
              currency_id=company.currency_id.id, reason="none", move_line_id=-contract.id)
    settlement = New(
        "aftersales.settlement", contract_id=contract.id, dealer_id=case.dealer.id, company_id=company.id,
        currency_id=company.currency_id.id, period_start="2019-01-01", period_end=day)
    line = New("aftersales.settlement.line", settlement_id=settlement.id, company_id=company.id,
               dealer_id=case.dealer.id, kind="share", amount=10, state="disputed")
    line._write_guarded({"disputed_on": day})
    env.flush_all()
    return {
        "aftersales.accrual": New(
            "aftersales.accrual", company_id=company.id, day=day, kind="open", contract_id=contract.id,
            dealer_id=case.dealer.id, period_start="2019-01-01", period_end=day, currency_id=company.currency_id.id,
            computed_at="2019-02-01 03:00:00"),
        "aftersales.reconciliation": env["aftersales.reconciliation"].search(
            [("company_id", "=", company.id), ("month", "=", "2019-01-01")]),
        "aftersales.reconciliation.item": env["aftersales.reconciliation.item"].browse(row.move_line_id.id),
        "aftersales.dispute.ageing": env["aftersales.dispute.ageing"].browse(line.id),
    }
