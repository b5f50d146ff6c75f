"""Who may do what on types, approvals and duties, and one record of each of their models."""

ALL = ("agent", "anna", "felix", "lena", "boss")
MANAGERS = ("anna", "boss")

CONFIGURATION = {  # read by everybody of the service, changed by the administrator
    "aftersales.contract.type": {**dict.fromkeys((*ALL, "carla", "diego", "outsider"), "r"), "boss": "rwcd"},
    "aftersales.approval.rule": {**dict.fromkeys(ALL, "r"), "boss": "rwcd"},
    "aftersales.separation": dict.fromkeys(ALL, "r"),
}
RECORDS = {
    "aftersales.approval": dict.fromkeys(ALL, "r"),
    "aftersales.delegation": dict.fromkeys(ALL, "rwcd"),  # whose, says the model
    "aftersales.duty": dict.fromkeys(ALL, "r"),
    "aftersales.nightly.problem": dict.fromkeys((*MANAGERS, "felix"), "r"),
}
WIZARDS = {"aftersales.reject.contract": dict.fromkeys(ALL, "rwcd")}
BUTTONS = {
    ("aftersales.contract", "action_submit"): MANAGERS,
    ("aftersales.contract", "action_approve"): ALL,  # and the step says who
    ("aftersales.contract", "action_reject"): ALL,
    ("aftersales.contract", "action_reset"): MANAGERS,
    ("aftersales.contract", "action_sign"): MANAGERS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    env = case.env
    return {
        "aftersales.approval": New(
            "aftersales.approval", contract_id=contract.id,
            group_id=env.ref("aftersales_contracts.group_account_manager").id),
        "aftersales.delegation": New(
            "aftersales.delegation", person_id=case.anna.id, substitute_id=case.boss.id, date_from="2026-01-01",
            date_to="2026-01-02", company_id=company.id),
        "aftersales.duty": New(
            "aftersales.duty", contract_id=contract.id, duty="author", user_id=case.anna.id, at="2026-01-01 08:00:00"),
        "aftersales.nightly.problem": New(
            "aftersales.nightly.problem", step="test", res_model="aftersales.contract", res_id=contract.id,
            company_id=company.id, contract_id=contract.id),
    }
