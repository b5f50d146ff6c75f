"""Who may do what in the room endings, and one record of each of its models."""

READERS = ("agent", "anna", "felix", "lena", "boss")
MANAGERS = ("anna", "boss")
NOTICES = ("anna", "lena", "boss")


def _row(**roles):
    return {**dict.fromkeys(READERS, "r"), **roles}


CONFIGURATION = {
    "aftersales.termination.ground": _row(lena="rwc", boss="rwcd"),
}
RECORDS = {
    "aftersales.notice": _row(**dict.fromkeys(NOTICES, "rwcd")),
    # what a button records, and nobody writes
    "aftersales.notice.evidence": _row(),
    "aftersales.suspension": _row(),
    "aftersales.termination": _row(),
    "aftersales.termination.line": _row(),
}
WIZARDS = {
    "aftersales.give.notice": dict.fromkeys(NOTICES, "rwcd"),
    "aftersales.notice.follow.up": dict.fromkeys(NOTICES, "rwcd"),
    "aftersales.suspend": dict.fromkeys(MANAGERS, "rwcd"),
    "aftersales.terminate": dict.fromkeys(MANAGERS, "rwcd"),
    "aftersales.terminate.line": dict.fromkeys(MANAGERS, "rwcd"),
}
BUTTONS = {
    ("aftersales.contract", "action_suspend"): MANAGERS,
    ("aftersales.contract", "action_resume"): MANAGERS,
    ("aftersales.contract", "action_terminate"): MANAGERS,
    ("aftersales.contract", "action_give_notice"): NOTICES,
    ("aftersales.contract", "action_withdraw_notice"): NOTICES,
    ("aftersales.notice", "action_register"): NOTICES,
    ("aftersales.notice", "action_follow_up"): NOTICES,
    ("aftersales.suspension", "action_resume"): MANAGERS,
    ("aftersales.termination", "action_confirm"): ("lena",),
    ("aftersales.termination", "action_cancel"): MANAGERS,  # one that waits for counsel, counsel too
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    env = contract.env
    New("aftersales.contract.line", contract_id=contract.id, name="Care", price=100)
    contract._adopt("Test")
    notice = env["aftersales.notice"].browse(
        contract.give_notice(kind="breach", sent_at="2026-03-02 08:00:00", note="By hand, before witnesses"))
    contract.suspend(contract._local_today(), "Rebuilding")
    contract.terminate(
        contract._local_today().replace(year=2090), env.ref("aftersales_contracts.ground_mutual").id, "Agreed")
    return {
        "aftersales.notice": notice, "aftersales.notice.evidence": notice.evidence_ids,
        "aftersales.suspension": contract.suspension_ids, "aftersales.termination": contract.termination_ids,
        "aftersales.termination.line": contract.termination_ids.line_ids,
    }
