"""Who may do what in the room plans, and one record of each of its models."""

READERS = ("agent", "anna", "felix", "lena", "boss")
APPROVERS = ("anna", "felix", "boss")  # of an excess, and who may top up


def _row(readers="r", **roles):
    return {**dict.fromkeys(READERS, readers), **roles}


RECORDS = {
    "aftersales.service.plan": _row(anna="rwc", boss="rwcd"),
    "aftersales.service.plan.module": _row(anna="rwcd", boss="rwcd"),
    "aftersales.service.plan.promise": _row(anna="rwcd", boss="rwcd"),
    "aftersales.service.plan.kpi": _row(anna="rwcd", boss="rwcd"),
    "aftersales.promise": _row(anna="rwcd", boss="rwcd"),
    "aftersales.entitlement": _row(),  # a ledger follows from promises and movements: nobody writes it
    "aftersales.entitlement.line": _row(),
    "aftersales.entitlement.excess": _row("rwc"),
}
WIZARDS = {
    "aftersales.entitlement.use": _row("rwcd"),
    "aftersales.entitlement.top.up": dict.fromkeys(APPROVERS, "rwcd"),
}
BUTTONS = {
    ("aftersales.contract", "action_take_plan"): ("anna", "boss"),
    ("aftersales.contract", "action_top_up"): APPROVERS,
    ("aftersales.promise", "action_follow_plan"): ("anna", "boss"),
    ("aftersales.entitlement", "action_top_up"): APPROVERS,
    ("aftersales.entitlement.excess", "action_approve"): APPROVERS,
    ("aftersales.entitlement.excess", "action_refuse"): APPROVERS,
    ("aftersales.request", "action_use_entitlement"): READERS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    plan = New("aftersales.service.plan", name="Plan", company_id=company.id)
    module = New("aftersales.service.plan.module", plan_id=plan.id, name="Module")
    quota = {"kind": "quota", "quota_unit": "visit", "quantity": 4}
    promise = New("aftersales.promise", contract_id=contract.id, name="Visits", **quota)
    entitlement = New(
        "aftersales.entitlement", contract_id=contract.id, promise_id=promise.id, name="Visits", unit="visit",
        row_key=promise.row_key)
    request = case.env["aftersales.request"].search(
        [("company_id", "=", company.id), ("partner_id", "=", case.contact.id)], limit=1)
    return {
        "aftersales.service.plan": plan,
        "aftersales.service.plan.module": module,
        "aftersales.service.plan.promise": New(
            "aftersales.service.plan.promise", module_id=module.id, name="Visits", **quota),
        "aftersales.service.plan.kpi": New("aftersales.service.plan.kpi", plan_id=plan.id, name="Answered", goal=90),
        "aftersales.promise": promise,
        "aftersales.entitlement": entitlement,
        "aftersales.entitlement.line": entitlement.line_ids._book([{
            "entitlement_id": entitlement.id, "kind": "grant", "day": "2026-01-01", "quantity": 4, "lot": "1"}]),
        "aftersales.entitlement.excess": New(
            "aftersales.entitlement.excess", request_id=request.id, entitlement_id=entitlement.id, quantity=9,
            day="2026-03-02", reason="Standstill"),
    }
