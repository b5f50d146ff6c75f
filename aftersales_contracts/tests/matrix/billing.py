"""Who may do what with billing, usage and forecasts, and one record of each of their models."""

ALL = ("agent", "anna", "felix", "lena", "boss")

OUTLOOK = {"anna": "r", "felix": "r", "boss": "r"}


def _row(readers="r", **roles):
    return {**dict.fromkeys(ALL, readers), **roles}


RECORDS = {
    "aftersales.usage.tariff": _row(felix="rwcd", boss="rwcd"),
    "aftersales.usage.band": _row(felix="rwcd", boss="rwcd"),
    "aftersales.usage": _row("rc"),
    "aftersales.billed": _row(),
    "aftersales.forecast": OUTLOOK,
    "aftersales.recurring.revenue": OUTLOOK,
}
WIZARDS = {
    "aftersales.billing.preview": _row("rc"),
    "aftersales.start.billing": {"felix": "rwcd", "boss": "rwcd"},
}
BUTTONS = {
    ("aftersales.contract", "action_start_billing"): ("felix", "boss"),
    ("aftersales.contract", "action_stop_billing"): ("felix", "boss"),
    ("aftersales.contract", "action_bill_now"): ("felix", "boss"),
    ("aftersales.contract", "action_due_for_billing"): ALL,
    ("aftersales.usage.tariff", "action_release"): ("felix", "boss"),
    ("aftersales.usage.tariff", "action_withdraw"): ("felix", "boss"),
    ("aftersales.usage.tariff", "action_new_version"): ("felix", "boss"),
    ("aftersales.usage", "action_void"): ("anna", "felix", "boss"),
    ("aftersales.contract.line", "action_record_reading"): ALL,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    return {**_billed(New, company, contract), **_usage(New, company, contract)}


def _billed(New, company, contract):
    """A month of a contract that was billed, without an invoice: companies of the tests keep no books."""
    return {"aftersales.billed": New(
        "aftersales.billed", contract_id=contract.id, partner_id=contract.partner_id.id, kind="fee", name="Care",
        period_start="2026-01-01", period_end="2026-01-31", amount=100, billed_on="2026-01-01",
        currency_id=contract.currency_id.id)}


def _usage(New, company, contract):
    """A tariff, a reading, a forecast and the revenue of a contract in force."""
    tariff = New("aftersales.usage.tariff", name="Pages", unit_name="page", company_id=company.id, base_fee=5,
                 currency_id=company.currency_id.id, band_ids=[(0, 0, {"bound": 0, "price": 0.05})])
    tariff.action_release()
    term = contract.copy({"title": contract.title, "currency_id": company.currency_id.id})
    line = New("aftersales.contract.line", contract_id=term.id, name="Pages", tariff_id=tariff.id, tax_ids=False)
    term._adopt("Test")
    usage = New("aftersales.usage", line_id=line.id, day="2026-01-15", quantity=1)
    forecast = New("aftersales.forecast", contract_id=term.id, line_id=line.id, company_id=company.id, kind="fee",
                   direction="revenue", month="2026-02-01", amount=5, currency_id=company.currency_id.id,
                   company_amount=5, company_currency_id=company.currency_id.id)
    revenue = term.env["aftersales.recurring.revenue"].search([("contract_id", "=", term.id)], limit=1)
    return {"aftersales.usage.tariff": tariff, "aftersales.usage.band": tariff.band_ids, "aftersales.usage": usage,
            "aftersales.forecast": forecast, "aftersales.recurring.revenue": revenue}
