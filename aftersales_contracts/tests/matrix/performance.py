"""Who may do what in the room performance, and one record of each of its models."""

READERS = ("agent", "anna", "felix", "lena", "boss")
MANAGERS = ("anna", "boss")


def _row(readers="r", **roles):
    return {**dict.fromkeys(READERS, readers), **roles}


def _managed(rights="rwcd"):
    return _row(**dict.fromkeys(MANAGERS, rights))


CONFIGURATION = {}
RECORDS = {
    "aftersales.feedback": _row("rc"),  # a fact: added, never changed; customers give theirs through the portal's form
    "aftersales.scorecard.template": _managed(),
    "aftersales.scorecard.criterion": _managed(),
    "aftersales.scorecard": _row(),  # results: nobody's to write
    "aftersales.scorecard.line": _row(),
    "aftersales.improvement.plan": _managed(),
    "aftersales.improvement.action": _managed(),
}
WIZARDS = {}
BUTTONS = {
    ("aftersales.request", "action_ask_feedback"): READERS,
    ("aftersales.scorecard", "action_refresh"): MANAGERS,
    ("aftersales.improvement.plan", "action_adopt"): MANAGERS,
    ("aftersales.improvement.plan", "action_start"): MANAGERS,
    ("aftersales.improvement.plan", "action_check"): MANAGERS,
    ("aftersales.improvement.plan", "action_evaluate"): MANAGERS,
    ("aftersales.improvement.plan", "action_repeat"): MANAGERS,
    ("aftersales.improvement.plan", "action_close"): MANAGERS,
    ("aftersales.improvement.plan", "action_drop"): MANAGERS,
    ("aftersales.improvement.action", "action_done"): MANAGERS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    env = contract.env
    judge = New("res.partner", name="Judge")  # nobody of the portal users: they see what the other rooms made for them
    request = New("aftersales.request", title="Judged", partner_id=judge.id, company_id=company.id,
                  opened_at="2026-03-02 08:00:00")
    request.record_event("resolved", "2026-03-02 09:00:00")
    template = New("aftersales.scorecard.template", name="Quality", company_id=company.id)
    criterion = New("aftersales.scorecard.criterion", template_id=template.id, name="Happy", metric="csat",
                    direction="higher", worst=0, best=100, weight=1)
    provider = New(
        "aftersales.contract", title="Provider", partner_id=case.stranger.id, company_id=company.id,
        date_start="2026-01-01", contract_type_id=env.ref("aftersales_contracts.contract_type_provider").id)
    plan = New("aftersales.improvement.plan", title="Better", contract_id=provider.id, target_total=80,
               date_check="2026-06-30")
    scorecard = New(
        "aftersales.scorecard", contract_id=provider.id, partner_id=provider.partner_id.id, company_id=company.id,
        kind="provider", template_id=template.id, period_start="2026-03-01", period_end="2026-03-31",
        start_at="2026-03-01 00:00:00", end_at="2026-04-01 00:00:00")
    return {
        "aftersales.feedback": New("aftersales.feedback", request_id=request.id, csat="5"),
        "aftersales.scorecard.template": template, "aftersales.scorecard.criterion": criterion,
        "aftersales.scorecard": scorecard,
        "aftersales.scorecard.line": New(
            "aftersales.scorecard.line", scorecard_id=scorecard.id, company_id=company.id, key="happy", name="Happy"),
        "aftersales.improvement.plan": plan,
        "aftersales.improvement.action": New(
            "aftersales.improvement.action", plan_id=plan.id, name="Train", date_due="2026-05-31",
            user_id=case.anna.id),
    }
