"""Who may do what with visits and meters, and one record of each of their models."""

ALL = ("agent", "anna", "felix", "lena", "boss")

RECORDS = {
    "aftersales.maintenance.visit": dict.fromkeys(ALL, "r"),
    "aftersales.visit.report": dict.fromkeys(ALL, "rc"),
    "aftersales.meter.reading": {**dict.fromkeys(ALL, "rc"), "boss": "rcd"},
}
WIZARDS = {}
BUTTONS = {
    ("aftersales.visit.report", "action_void"): ("anna", "boss"),
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    owner = New("res.partner", name="Owner")
    asset = New("aftersales.asset", name="METER-1", partner_id=owner.id, company_id=company.id)
    return {
        "aftersales.maintenance.visit": New(
            "aftersales.maintenance.visit", contract_id=contract.id, name="Inspection", number=1, due_on="2026-03-31"),
        "aftersales.visit.report": New("aftersales.visit.report", contract_id=contract.id, done_on="2026-03-01"),
        "aftersales.meter.reading": New(
            "aftersales.meter.reading", asset_id=asset.id, read_on="2026-03-01", value=100),
    }
