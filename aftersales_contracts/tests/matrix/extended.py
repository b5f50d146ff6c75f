"""Who may do what with extended warranties and with notices of warranties that end, and one record of each model."""

READERS = ("agent", "anna", "felix", "lena", "boss")
MANAGERS = ("anna", "boss")

RECORDS = {
    "aftersales.expiry.notice": {**dict.fromkeys(READERS, "r"), **dict.fromkeys(MANAGERS, "rw")},
}
WIZARDS = {"aftersales.extended.sale": dict.fromkeys(MANAGERS, "rwcd")}
BUTTONS = {
    ("aftersales.expiry.notice", "action_sell"): MANAGERS,
    ("aftersales.expiry.notice", "action_decline"): MANAGERS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    owner = New("res.partner", name="Owner of a warranty")
    policy = New("aftersales.warranty.policy", name="Extended", cover_kind="extended", company_id=company.id)
    New("aftersales.warranty.benefit", policy_id=policy.id, kind="parts")
    policy.sudo().action_release()
    asset = New("aftersales.asset", name="Expiring", partner_id=owner.id, company_id=company.id)
    cover = New("aftersales.warranty.cover", asset_id=asset.id, policy_id=policy.id)
    return {
        "aftersales.expiry.notice": New(
            "aftersales.expiry.notice", name="Expiring", cover_id=cover.id, asset_id=asset.id, partner_id=owner.id,
            company_id=company.id, days=90, last_day="2026-12-31", due_on="2026-10-02"),
    }
