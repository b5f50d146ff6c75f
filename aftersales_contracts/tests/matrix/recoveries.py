"""Who may do what with recoveries and recalls, and one record of each of their models."""

READERS = ("agent", "anna", "felix", "lena", "boss")
KEEPERS = ("anna", "lena", "boss")
RELEASERS = ("lena", "boss")
FINANCE = ("felix", "boss")


def _kept(by):
    return {**dict.fromkeys(READERS, "r"), **dict.fromkeys(by, "rwcd")}


RECORDS = {
    "aftersales.recall": _kept(KEEPERS),
    "aftersales.recall.range": _kept(KEEPERS),
    "aftersales.recall.line": _kept(KEEPERS),
    "aftersales.recall.asset": dict.fromkeys(READERS, "r"),  # found by the system, answered by methods
    "aftersales.supplier.recovery": _kept(FINANCE),
    "aftersales.recovery.letter": dict.fromkeys(READERS, "r"),
    "aftersales.recovery.ageing": dict.fromkeys(READERS, "r"),
}
WIZARDS = {"aftersales.recovery.answer": dict.fromkeys(FINANCE, "rwcd")}
BUTTONS = {
    ("aftersales.recall", "action_release"): RELEASERS,
    ("aftersales.recall", "action_close"): RELEASERS,
    ("aftersales.recall", "action_notify"): KEEPERS,
    ("aftersales.recall", "action_make_claims"): KEEPERS,
    ("aftersales.recall.asset", "action_make_claims"): KEEPERS,
    ("aftersales.recall.asset", "action_book"): READERS,
    ("aftersales.recall.asset", "action_done"): READERS,
    ("aftersales.recall.asset", "action_decline"): READERS,
    ("aftersales.recall.asset", "action_unreachable"): READERS,
    ("aftersales.supplier.recovery", "action_send"): FINANCE,
    ("aftersales.supplier.recovery", "action_accept"): FINANCE,
    ("aftersales.supplier.recovery", "action_accept_part"): FINANCE,
    ("aftersales.supplier.recovery", "action_refuse"): FINANCE,
    ("aftersales.supplier.recovery", "action_write_off"): FINANCE,
    ("aftersales.supplier.recovery", "action_credit_note"): (),  # takes Billing of Invoicing beside finance
    ("aftersales.supplier.recovery", "action_part_sent"): READERS,
    ("aftersales.supplier.recovery", "action_part_received"): READERS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    asset = New("aftersales.asset", name="Recalled", partner_id=case.customer.id, company_id=company.id)
    recall = New("aftersales.recall", title="Hose", company_id=company.id)
    supplier = case.stranger
    claim = New("aftersales.warranty.claim", asset_id=asset.id, company_id=company.id, line_ids=[
        (0, 0, {"kind": "parts", "name": "Hose", "unit_price": 100, "cost": 40, "causal": True})])
    line = claim.line_ids
    line._write_guarded({"decision": "approved", "approved_amount": 100})
    New("aftersales.claim.share", line_id=line.id, payer_kind="manufacturer", percent=100, amount=100)
    recovery = New("aftersales.supplier.recovery", line_id=line.id, supplier_id=supplier.id, amount=40)
    return {
        "aftersales.recall": recall,
        "aftersales.recall.range": New("aftersales.recall.range", recall_id=recall.id, first="A-1", last="A-9"),
        "aftersales.recall.line": New("aftersales.recall.line", recall_id=recall.id, name="Hose"),
        "aftersales.recall.asset": New("aftersales.recall.asset", recall_id=recall.id, asset_id=asset.id),
        "aftersales.supplier.recovery": recovery,
        "aftersales.recovery.letter": New(
            "aftersales.recovery.letter", company_id=company.id, partner_id=supplier.id, issued_on="2026-03-01"),
        "aftersales.recovery.ageing": recovery.env["aftersales.recovery.ageing"].browse(recovery.id),
    }
