"""Who may do what in the room prices, and one record of each of its models."""

READERS = ("agent", "anna", "felix", "lena", "boss")


def _row(readers="r", **roles):
    return {**dict.fromkeys(READERS, readers), **roles}


RECORDS = {
    "aftersales.contract.line": _row(anna="rwcd", boss="rwcd"),
    "aftersales.line.price": _row(),
    "aftersales.index.series": _row(felix="rwcd", boss="rwcd"),
    "aftersales.index.value": _row(felix="rwcd", boss="rwcd"),
    "aftersales.index.use": _row(),
    "aftersales.price.revision": {"anna": "r", "felix": "rwcd", "boss": "rwcd"},
    "aftersales.price.revision.line": {"anna": "r", "felix": "r", "boss": "r"},
    "aftersales.renewal": _row(),
}
WIZARDS = {
    "aftersales.coterminate": {"anna": "rwcd", "boss": "rwcd"},
    "aftersales.renew": {"anna": "rwcd", "boss": "rwcd"},
}
BUTTONS = {
    ("aftersales.contract", "action_renew"): ("anna", "boss"),
    ("aftersales.price.revision", "action_preview"): ("felix", "boss"),
    ("aftersales.price.revision", "action_apply"): ("felix", "boss"),
    ("aftersales.price.revision", "action_draft"): ("felix", "boss"),
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    line = New("aftersales.contract.line", contract_id=contract.id, name="Maintenance", price=100)
    series = New("aftersales.index.series", name="CPI", code=f"CPI-{company.id}", company_id=company.id)
    value = New("aftersales.index.value", series_id=series.id, period="2026", value=100)
    revision = New("aftersales.price.revision", title="Adjustment", percent=3, effective_on="2026-07-01",
                   company_id=company.id)
    price = New("aftersales.line.price", line_id=line.id, effective_on="2026-01-01", price=100, kind="agreed")
    return {
        "aftersales.contract.line": line, "aftersales.index.series": series, "aftersales.index.value": value,
        "aftersales.line.price": price, "aftersales.price.revision": revision,
        "aftersales.index.use": New(
            "aftersales.index.use", price_id=price.id, series_id=series.id, period="2026", used=100, value_id=value.id),
        "aftersales.price.revision.line": New(
            "aftersales.price.revision.line", revision_id=revision.id, line_id=line.id, state="planned"),
        "aftersales.renewal": New(
            "aftersales.renewal", contract_id=contract.id, number=1, kind="manual", old_start="2025-01-01",
            old_end="2025-12-31", term_start="2026-01-01", term_end="2026-12-31"),
    }
