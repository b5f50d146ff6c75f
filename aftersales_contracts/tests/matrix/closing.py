"""Who may do what with the close of a month and drift, and one record of each of their models."""

SEE = ("anna", "felix", "lena", "boss")
FINANCE = ("felix", "boss")


def _seen():
    return dict.fromkeys(SEE, "r")


CONFIGURATION = {"aftersales.drift.run": _seen()}  # of all companies: figures, no names
RECORDS = {
    "aftersales.period.close": _seen(),
    "aftersales.period.step": _seen(),
    "aftersales.period.item": _seen(),
    "aftersales.period.carry": _seen(),
    "aftersales.period.left": _seen(),
    "aftersales.period.fact": _seen(),
    "aftersales.drift": _seen(),
    "aftersales.period.revenue": dict.fromkeys(("anna", "felix", "boss"), "r"),
}
WIZARDS = {
    "aftersales.carry.over": dict.fromkeys(FINANCE, "rwcd"),
    "aftersales.accept.drift": dict.fromkeys(FINANCE, "rwcd"),
}
BUTTONS = {
    ("aftersales.period.close", "action_run"): FINANCE,
    ("aftersales.period.close", "action_close"): FINANCE,
    ("aftersales.period.close", "action_carry_all"): FINANCE,
    ("aftersales.period.carry", "action_take_back"): FINANCE,
    ("aftersales.drift", "action_check_now"): FINANCE,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    env = contract.env
    env["aftersales.period.close"].search([("company_id", "=", company.id), ("state", "=", "open")])._write_unguarded(
        {"state": "closed"})
    close = New("aftersales.period.close", company_id=company.id, date_start="2019-01-01", date_end="2019-01-31")
    New("aftersales.nightly.problem", step="test", label="Test", res_model=contract._name, res_id=contract.id,
        name="Problem", contract_id=contract.id, company_id=company.id, message="No price")
    env.flush_all()
    run = New("aftersales.drift.run", started_at="2019-02-01 03:00:00", state="done")
    return {
        "aftersales.period.close": close,
        "aftersales.period.step": env["aftersales.period.step"].search([("close_id", "=", close.id)], limit=1),
        "aftersales.period.revenue": env["aftersales.period.revenue"].search([("close_id", "=", close.id)]),
        "aftersales.period.item": env["aftersales.period.item"].search([("close_id", "=", close.id)], limit=1),
        "aftersales.period.carry": New(
            "aftersales.period.carry", close_id=close.id, kind="nightly", res_model=contract._name,
            res_id=contract.id, name="Carried", reason="Later", user_id=case.felix.id, at="2019-02-01 03:00:00"),
        "aftersales.period.left": New(
            "aftersales.period.left", close_id=close.id, step="statements", res_model=contract._name,
            res_id=contract.id, why="Refused"),
        "aftersales.period.fact": New(
            "aftersales.period.fact", close_id=close.id, company_id=company.id, kind="billed",
            res_id=-contract.id, contract_id=contract.id, name="Fact"),
        "aftersales.drift": New(
            "aftersales.drift", name="Statement", res_model=contract._name, res_id=contract.id, part="snapshot",
            label="Snapshot", contract_id=contract.id, company_id=company.id, found_at="2019-02-01 03:00:00",
            seen_at="2019-02-01 03:00:00", run_id=run.id),
    }
