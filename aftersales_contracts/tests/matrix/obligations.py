"""Who may do what in the room obligations, and one record of each of its models."""

import base64

READERS = ("agent", "anna", "felix", "lena", "boss")
EDITORS = ("anna", "lena", "boss")
LEGAL = ("lena", "boss")


def _row(readers="r", **roles):
    return {**dict.fromkeys(READERS, readers), **roles}


def _edited(rights):
    return _row(**dict.fromkeys(EDITORS, rights))


CONFIGURATION = {  # shared by all companies
    "aftersales.obligation.type": _row(lena="rwc", boss="rwcd"),
    "aftersales.audit.template": _row(lena="rwc", boss="rwcd"),
    "aftersales.audit.template.line": _row(lena="rwcd", boss="rwcd"),
}
RECORDS = {
    "aftersales.obligation": _edited("rwcd"),
    "aftersales.evidence": _row("rc", anna="rcd", lena="rcd", boss="rcd"),
    "aftersales.audit": _edited("rwcd"),
    "aftersales.audit.line": _edited("rwcd"),
    "aftersales.finding": _edited("rwcd"),
    "aftersales.breach": _edited("rwc"),
    "aftersales.issue": _row("rc", **dict.fromkeys(EDITORS, "rwcd")),
    "aftersales.review": _edited("rc"),
    "aftersales.due": _row(),
    "aftersales.reminder": _row(),
    "aftersales.reminder.ladder": _row(anna="rwc", lena="rwc", boss="rwcd"),
}
WIZARDS = {
    "aftersales.ask.reason": _row("rwcd"),
    "aftersales.obligation.done": _row("rwcd"),
}
BUTTONS = {
    ("aftersales.obligation", "action_done"): EDITORS,
    ("aftersales.obligation", "action_waive"): LEGAL,
    ("aftersales.obligation", "action_reopen"): LEGAL,
    ("aftersales.audit", "action_start"): EDITORS,
    ("aftersales.audit", "action_report"): EDITORS,
    ("aftersales.audit", "action_close"): EDITORS,
    ("aftersales.audit", "action_cancel"): EDITORS,
    ("aftersales.finding", "action_correct"): EDITORS,
    ("aftersales.finding", "action_verify"): EDITORS,
    ("aftersales.finding", "action_send_back"): EDITORS,
    ("aftersales.finding", "action_accept"): LEGAL,
    ("aftersales.breach", "action_confirm"): EDITORS,
    ("aftersales.breach", "action_notify"): EDITORS,
    ("aftersales.breach", "action_cure"): EDITORS,
    ("aftersales.breach", "action_correct"): EDITORS,
    ("aftersales.breach", "action_verify"): EDITORS,
    ("aftersales.breach", "action_send_back"): EDITORS,
    ("aftersales.breach", "action_dispute"): EDITORS,
    ("aftersales.breach", "action_waive"): LEGAL,
    ("aftersales.issue", "action_resolve"): EDITORS,
    ("aftersales.issue", "action_concede"): EDITORS,
    ("aftersales.issue", "action_withdraw"): EDITORS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    env = contract.env
    obligation = New("aftersales.obligation", name="Report", contract_id=contract.id, date_due="2026-03-31",
                     type_id=env.ref("aftersales_contracts.obligation_type_other").id)
    audit = New("aftersales.audit", title="Audit", contract_id=contract.id, date_planned="2026-03-31")
    contract.write({"review_interval": 1})
    key = f"obligation:{obligation.id}:2026-03-31:7"
    reminder = env["aftersales.reminder"]._claim([{
        "key": key, "kind": "obligation", "res_model": obligation._name, "res_id": obligation.id, "name": "Report",
        "contract_id": contract.id, "company_id": company.id, "due_on": "2026-03-31", "days": 7,
        "planned_on": "2026-03-24", "superseded": False, "told_at": "2026-03-24 03:00:00"}])
    return {
        "aftersales.obligation": obligation, "aftersales.audit": audit, "aftersales.reminder": reminder,
        "aftersales.evidence": New("aftersales.evidence", obligation_id=obligation.id, file_name="proof.pdf",
                                   file=base64.b64encode(b"proof")),
        "aftersales.audit.line": New("aftersales.audit.line", audit_id=audit.id, dimension="D", question="Q"),
        "aftersales.finding": New("aftersales.finding", name="Gap", audit_id=audit.id, date_due="2026-03-31"),
        "aftersales.breach": New("aftersales.breach", title="Missed", contract_id=contract.id, event="Nobody came"),
        "aftersales.issue": New("aftersales.issue", name="Slow", contract_id=contract.id, description="Weeks"),
        "aftersales.review": New("aftersales.review", contract_id=contract.id),
        "aftersales.due": env["aftersales.due"].search([("kind", "=", "obligation"), ("res_id", "=", obligation.id)]),
        "aftersales.reminder.ladder": New(
            "aftersales.reminder.ladder", kind="entitlement", days="7", company_id=company.id),
    }
