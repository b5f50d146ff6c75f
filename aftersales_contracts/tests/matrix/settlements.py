"""Who may do what in the room settlements, and one record of each of its models."""

KEEPERS = ("anna", "felix", "lena", "boss")
FINANCE = ("felix", "boss")
REVIEWERS = ("anna", "felix", "boss")
SETTLERS = ("felix", "lena", "boss")

CONFIGURATION = {}
RECORDS = {  # results: nobody enters them, their buttons decide on them
    "aftersales.settlement": dict.fromkeys(KEEPERS, "rw"),
    "aftersales.settlement.line": dict.fromkeys(KEEPERS, "rw"),
    "aftersales.settlement.document": {**dict.fromkeys(KEEPERS, "r"), "diego": "r"},  # issued by sending, and stays
}
WIZARDS = {
    "aftersales.settle": dict.fromkeys(FINANCE, "rwcd"),
    "aftersales.settle.line": dict.fromkeys(FINANCE, "rwcd"),
    **{f"aftersales.{name}": dict.fromkeys(FINANCE, "rwcd")
       for name in ("post.settlements", "post.settlements.line", "reverse.settlement")},
    "aftersales.record.answer": dict.fromkeys(REVIEWERS, "rwcd"),
    "aftersales.settle.dispute": dict.fromkeys(SETTLERS, "rwcd"),
}
BUTTONS = {
    ("aftersales.settlement", "action_compute"): FINANCE,
    **{("aftersales.settlement", f"action_{name}"): REVIEWERS
       for name in ("review", "send", "send_back", "accept", "accept_lines", "dispute_lines")},
    **{("aftersales.settlement", f"action_{name}"): FINANCE for name in (
        "withdraw", "approve", "take_back", "close", "claim")},
    # posting takes the right Billing besides, which nobody here has: see test_settlement_post
    **{("aftersales.settlement", f"action_{name}"): () for name in ("post", "reverse")},
    ("aftersales.settlement.line", "action_settle_line"): SETTLERS,
    ("aftersales.settlement", "action_document"): KEEPERS,
    ("aftersales.settlement", "action_send_statement"): REVIEWERS,
    ("aftersales.settlement", "action_issue_again"): FINANCE,
    ("aftersales.settlement.document", "action_send"): REVIEWERS,
    ("aftersales.settlement.document", "action_preview"): (*KEEPERS, "diego"),
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    return {**_settlement(case, New, company, contract)}


def _settlement(case, New, company, contract):
    """A computed settlement that the dealer does not see yet."""
    settlement = New(
        "aftersales.settlement", contract_id=contract.id, dealer_id=case.dealer.id, company_id=company.id,
        currency_id=company.currency_id.id, period_start="2026-01-01", period_end="2026-01-31", state="computed")
    line = New("aftersales.settlement.line", settlement_id=settlement.id, company_id=company.id,
               dealer_id=case.dealer.id, sequence=1, kind="bonus", name="Bonus", amount=10)
    document = New(
        "aftersales.settlement.document", settlement_id=settlement.id, revision=1, name="DS/T-1",
        contract_id=contract.id, dealer_id=case.dealer.id, company_id=company.id, currency_id=company.currency_id.id,
        period_start="2026-01-01", period_end="2026-01-31", issued_on="2026-02-05", amount=10)
    return {"aftersales.settlement": settlement, "aftersales.settlement.line": line,
            "aftersales.settlement.document": document}
