"""Who may do what with penalty clauses and penalties, and one record of each of their models."""

ALL = ("agent", "anna", "felix", "lena", "boss")

KEEPERS = ("anna", "felix", "lena", "boss")  # of penalty clauses, while they are drafts
RELEASERS = ("felix", "lena", "boss")


def _row(readers="r", **roles):
    return {**dict.fromkeys(ALL, readers), **roles}


CLAUSES = {
    **{f"aftersales.penalty.{part}": {"agent": "r", **dict.fromkeys(KEEPERS, "rwcd")}
       for part in ("clause", "component", "band", "severity")},
    "aftersales.contract.penalty": _row(anna="rwcd", lena="rwcd", boss="rwcd"),
    "aftersales.measure": _row(anna="rwc", felix="rwc", boss="rwcd"),
    "aftersales.measured.figure": _row(anna="rc", felix="rc", boss="rc"),  # facts: added, never changed
}

PENALTIES = {  # results: nobody enters them, their buttons decide on them
    "aftersales.penalty": _row(anna="rw", felix="rw", lena="rw", boss="rw"),
    "aftersales.penalty.line": _row(),
    "aftersales.penalty.event": _row(),
    "aftersales.penalty.document": _row(carla="r"),  # issued by posting, and never changed
}
WHAT_IF = {  # the answers are those of who asked
    "aftersales.penalty.what.if": dict.fromkeys(KEEPERS, "rwcd"),
    "aftersales.penalty.what.if.line": dict.fromkeys(KEEPERS, "r"),
    "aftersales.penalty.what.if.bar": dict.fromkeys(KEEPERS, "r"),
}

BACK_TO_BACK = {
    "aftersales.recovery": {"lena": "r", **dict.fromkeys(("anna", "felix", "boss"), "rwc")},
    "aftersales.failure": dict.fromkeys(KEEPERS, "r"),
}
POSTING = {f"aftersales.{name}": dict.fromkeys(("felix", "boss"), "rwcd")
           for name in ("post.penalties", "post.penalties.line", "reverse.penalty", "settle.recovery")}

RECORDS = {**PENALTIES, **CLAUSES, **BACK_TO_BACK}
WIZARDS = {**POSTING, **WHAT_IF, "aftersales.waive.penalty": dict.fromkeys(KEEPERS, "rwcd")}
BUTTONS = {
    # posting takes the right Billing besides, which nobody here has: see test_penalty_post
    **{("aftersales.penalty", f"action_{name}"): () for name in ("post", "reverse", "credit_instead")},
    ("aftersales.recovery", "action_recover"): ("felix", "boss"),
    ("aftersales.recovery", "action_refuse"): ("felix", "boss"),
    ("aftersales.penalty", "action_send"): ("felix", "boss"),
    ("aftersales.penalty", "action_document"): ALL,
    ("aftersales.penalty.document", "action_send"): ("felix", "boss"),
    ("aftersales.penalty", "action_review"): ("anna", "felix", "boss"),
    ("aftersales.penalty", "action_approve"): ("felix", "boss"),
    ("aftersales.penalty", "action_send_back"): ("felix", "boss"),
    ("aftersales.penalty", "action_dispute"): KEEPERS,
    ("aftersales.penalty", "action_settle_dispute"): RELEASERS,
    ("aftersales.penalty", "action_waive"): KEEPERS,
    ("aftersales.penalty", "action_approve_waiver"): RELEASERS,
    ("aftersales.penalty", "action_refuse_waiver"): RELEASERS,
    ("aftersales.penalty.clause", "action_release"): RELEASERS,
    ("aftersales.penalty.clause", "action_withdraw"): RELEASERS,
    ("aftersales.penalty.clause", "action_new_version"): KEEPERS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    return {**_penalties(New, company, contract), **_clauses(New, company, contract),
            **_back_to_back(New, company, contract)}


def _back_to_back(New, company, contract):
    breach = New("aftersales.breach", title="Missed", contract_id=contract.id, event="Nobody came")
    recovery = New("aftersales.recovery", partner_id=contract.partner_id.id, breach_id=breach.id, amount=10,
                   company_id=company.id)
    return {"aftersales.recovery": recovery,
            "aftersales.failure": contract.env["aftersales.failure"].search([("breach_id", "=", breach.id)])}


def _clauses(New, company, contract):
    measure = New("aftersales.measure", name="Uptime", company_id=company.id)
    clause = New("aftersales.penalty.clause", name="Credits", company_id=company.id,
                 currency_id=contract.currency_id.id)
    component = New("aftersales.penalty.component", clause_id=clause.id, name="Late", kind="points",
                    metric="resolution", rate=1)
    return {
        "aftersales.penalty.clause": clause,
        "aftersales.penalty.component": component,
        "aftersales.penalty.band": New("aftersales.penalty.band", component_id=component.id, bound=1, rate=1),
        "aftersales.penalty.severity": New(
            "aftersales.penalty.severity", component_id=component.id, severity="3", points=5),
        "aftersales.contract.penalty": New(
            "aftersales.contract.penalty", contract_id=contract.id, clause_id=clause.id),
        "aftersales.measure": measure,
        "aftersales.measured.figure": New(
            "aftersales.measured.figure", contract_id=contract.id, measure_id=measure.id, value=99.5,
            period_start="2026-03-01", period_end="2026-03-31"),
    }


def _penalties(New, company, contract):
    clause = New(
        "aftersales.penalty.clause", name="Assessed", company_id=company.id, currency_id=contract.currency_id.id)
    penalty = New(
        "aftersales.penalty", contract_id=contract.id, partner_id=contract.partner_id.id, kind="customer",
        currency_id=contract.currency_id.id, row_key="matrix", clause_id=clause.id, period_start="2026-03-01",
        period_end="2026-03-31", assessed=10)
    part = {"penalty_id": penalty.id, "company_id": company.id}
    document = New(
        "aftersales.penalty.document", kind="credit", contract_id=contract.id, partner_id=contract.partner_id.id,
        currency_id=contract.currency_id.id, period_start="2026-03-01", period_end="2026-03-31", issued_on="2026-04-10",
        amount=10)
    return {
        "aftersales.penalty.document": document,
        "aftersales.penalty": penalty,
        "aftersales.penalty.line": New("aftersales.penalty.line", **part, kind="penalty", amount=10),
        "aftersales.penalty.event": New("aftersales.penalty.event", **part, clock_ref=1)}
