"""Who may do what with claims, and one record of each of their models."""

ALL = ("agent", "anna", "felix", "lena", "boss")
DECIDERS = ("anna", "boss")  # but never on a claim of their own: see test_claim_decision

CONFIGURATION = {"aftersales.claim.step": {**dict.fromkeys(ALL, "r"), "boss": "rw"}}
RECORDS = {
    "aftersales.labour.standard": {"agent": "r", "lena": "r", "anna": "rwc", "felix": "rwc", "boss": "rwcd"},
    "aftersales.warranty.claim": {**dict.fromkeys(ALL, "rwc"), "carla": "r", "diego": "r"},
    "aftersales.warranty.claim.line": dict.fromkeys(ALL, "rwcd"),
    "aftersales.claim.share": dict.fromkeys(ALL, "r"),  # results: they follow from verdict and decision
    "aftersales.claim.move": dict.fromkeys(ALL, "r"),
    "aftersales.knowledge": {**dict.fromkeys(ALL, "rwc"), "boss": "rwcd"},
}
WIZARDS = {
    "aftersales.decide.claim": dict.fromkeys(DECIDERS, "rwcd"),
    "aftersales.replace.machine": dict.fromkeys(DECIDERS, "rwcd"),
}
BUTTONS = {
    ("aftersales.warranty.claim", "action_verdict"): ALL,
    ("aftersales.warranty.claim", "action_next"): ALL,
    ("aftersales.warranty.claim", "action_cancel"): ALL,
    ("aftersales.warranty.claim", "action_decide_lines"): DECIDERS,
    ("aftersales.warranty.claim", "action_refuse"): DECIDERS,
    ("aftersales.warranty.claim", "action_reopen"): DECIDERS,
    ("aftersales.warranty.claim", "action_replace"): DECIDERS,
    ("aftersales.warranty.claim.line", "action_approve_longer"): DECIDERS,
    ("aftersales.warranty.claim.line", "action_waive_return"): DECIDERS,
    ("aftersales.warranty.claim.line", "action_part_received"): ALL,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    asset = New("aftersales.asset", name="C-1", partner_id=case.customer.id, company_id=company.id)
    claim = New("aftersales.warranty.claim", asset_id=asset.id, company_id=company.id, partner_id=case.customer.id,
                dealer_id=case.dealer.id, failure_on="2026-01-10", reported_on="2026-01-11")
    line = New("aftersales.warranty.claim.line", claim_id=claim.id, name="Pump", unit_price=10)
    share = New("aftersales.claim.share", line_id=line.id, payer_kind="customer", percent=100, amount=10)
    return {
        "aftersales.labour.standard": New(
            "aftersales.labour.standard", code="T-1", name="Job", minutes=30, company_id=company.id),
        "aftersales.warranty.claim": claim, "aftersales.warranty.claim.line": line, "aftersales.claim.share": share,
        "aftersales.claim.move": claim.move_ids,
        "aftersales.knowledge": New("aftersales.knowledge", name="Known", remedy="Turn it", company_id=company.id)}
