"""Who may do what in the room versions, and one record of each of its models."""

READERS = ("agent", "anna", "felix", "lena", "boss")
MANAGERS = ("anna", "boss")

RECORDS = {  # facts: read by the service, written by nobody
    "aftersales.contract.version": dict.fromkeys(READERS, "r"),
    "aftersales.contract.correction": dict.fromkeys(READERS, "r"),
}
WIZARDS = {
    "aftersales.amend.contract": dict.fromkeys(MANAGERS, "rwcd"),
    "aftersales.cancel.amendment": dict.fromkeys(MANAGERS, "rwcd"),
    "aftersales.contract.as.of": dict.fromkeys(READERS, "rwcd"),
    "aftersales.contract.redline": dict.fromkeys(READERS, "rwcd"),
}
BUTTONS = {
    ("aftersales.contract", "action_check_versions"): READERS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    version = New(
        "aftersales.contract.version", contract_id=contract.id, number=1, kind="signed", effective_on="2026-01-01",
        recorded_at="2026-01-01 08:00:00", changes={}, names={})
    correction = New(
        "aftersales.contract.correction", contract_id=contract.id, version_id=version.id, row_key="a", name="Care",
        period_start="2026-01-01", period_end="2026-01-31", booked_on="2026-02-01", amount=5,
        currency_id=company.currency_id.id)
    return {"aftersales.contract.version": version, "aftersales.contract.correction": correction}
