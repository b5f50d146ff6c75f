"""Who may do what with warranty, and one record of each of their models."""

READERS = ("agent", "anna", "felix", "lena", "boss")
AUTHORS = ("anna", "lena", "boss")
MANAGERS = ("anna", "boss")
DECIDERS = ("lena", "boss")
READ = dict.fromkeys(READERS, "r")
TERMS = {**READ, **dict.fromkeys(AUTHORS, "rwcd")}

CONFIGURATION = {  # shared by all companies
    "aftersales.cause": {**READ, "boss": "rwcd"},
    "aftersales.void.reason": {**READ, "boss": "rwcd"},
}
RECORDS = {
    "aftersales.warranty.policy": TERMS,
    "aftersales.warranty.benefit": TERMS,
    "aftersales.warranty.limit": TERMS,
    "aftersales.warranty.exclusion": TERMS,
    "aftersales.warranty.cover": {**READ, **dict.fromkeys(MANAGERS, "rwcd")},
    "aftersales.warranty.use": READ,  # a ledger: what claims use up is written by their decisions
    "aftersales.warranty.void": {**dict.fromkeys(READERS, "rwc"), "boss": "rwcd"},
}
WIZARDS = {"aftersales.check.coverage": dict.fromkeys(READERS, "rwcd")}
BUTTONS = {
    ("aftersales.warranty.policy", "action_release"): DECIDERS,
    ("aftersales.warranty.policy", "action_withdraw"): DECIDERS,
    ("aftersales.warranty.policy", "action_new_version"): AUTHORS,
    ("aftersales.warranty.policy", "action_start_covers"): MANAGERS,
    ("aftersales.warranty.cover", "action_end"): MANAGERS,
    ("aftersales.warranty.void", "action_approve"): DECIDERS,
    ("aftersales.warranty.void", "action_refuse"): DECIDERS,
    ("aftersales.warranty.void", "action_lift"): DECIDERS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    asset = New("aftersales.asset", name="Warranted", partner_id=case.customer.id, company_id=company.id)
    draft = New("aftersales.warranty.policy", name="Draft", company_id=company.id, currency_id=company.currency_id.id)
    policy = New("aftersales.warranty.policy", name="Terms", company_id=company.id, currency_id=company.currency_id.id)
    policy._write_guarded({"state": "released"})
    cover = New("aftersales.warranty.cover", asset_id=asset.id, policy_id=policy.id)
    spare = New("aftersales.warranty.cover", asset_id=asset.id, policy_id=policy.id, follows_id=cover.id)
    reason = case.env.ref("aftersales_contracts.void_reason_seal")
    return {
        "aftersales.cause": case.env.ref("aftersales_contracts.cause_wear"), "aftersales.void.reason": reason,
        "aftersales.warranty.policy": draft,
        "aftersales.warranty.benefit": New("aftersales.warranty.benefit", policy_id=draft.id, kind="parts"),
        "aftersales.warranty.limit": New(
            "aftersales.warranty.limit", policy_id=draft.id, amount=10,
            meter_id=case.env.ref("aftersales_contracts.meter_hours").id),
        "aftersales.warranty.exclusion": New("aftersales.warranty.exclusion", policy_id=draft.id, reason="Wear"),
        "aftersales.warranty.cover": spare,
        "aftersales.warranty.use": New(
            "aftersales.warranty.use", cover_id=cover.id, kind="parts", amount=1, day="2026-01-10"),
        "aftersales.warranty.void": New(
            "aftersales.warranty.void", asset_id=asset.id, cover_ids=[(6, 0, cover.ids)], reason_id=reason.id),
    }
