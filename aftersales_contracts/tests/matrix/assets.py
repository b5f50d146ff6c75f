"""Who may do what with assets, and one record of each of their models."""

ALL = ("agent", "anna", "felix", "lena", "boss")
READ = dict.fromkeys(ALL, "r")
MANAGERS = ("anna", "boss")

CONFIGURATION = {"aftersales.meter": {**READ, "boss": "rwcd"}}  # shared by all companies
RECORDS = {
    "aftersales.asset.owner": READ,
    "aftersales.asset.repair": dict.fromkeys(ALL, "rc"),
    "aftersales.asset.replacement": {**READ, **dict.fromkeys(MANAGERS, "rc")},
    "aftersales.asset.transfer": {**READ, "anna": "rwc", "boss": "rwcd"},
}
WIZARDS = {f"aftersales.register.assets{part}": dict.fromkeys(MANAGERS, "rwcd")
           for part in ("", ".line", ".column", ".problem")}
BUTTONS = {
    ("aftersales.asset.repair", "action_void"): MANAGERS,
    ("aftersales.asset.repair", "action_back"): ALL,
    ("aftersales.asset.replacement", "action_void"): MANAGERS,
    **{("aftersales.asset.transfer", f"action_{name}"): MANAGERS for name in ("transfer", "consent", "refuse")},
    ("aftersales.asset.transfer", "action_invoice_fee"): (),  # takes the right Billing besides
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    owner, buyer = New("res.partner", name="Owner"), New("res.partner", name="Buyer")
    old, new = (New("aftersales.asset", name=name, partner_id=owner.id, company_id=company.id) for name in "XY")
    return {
        "aftersales.asset.owner": old.owner_ids,
        "aftersales.asset.repair": New("aftersales.asset.repair", asset_id=old.id, start_on="2026-03-01"),
        "aftersales.asset.replacement": New(
            "aftersales.asset.replacement", old_id=old.id, new_id=new.id, day="2026-03-01"),
        "aftersales.asset.transfer": New(
            "aftersales.asset.transfer", asset_ids=old.ids, partner_id=buyer.id, day="2026-03-01"),
    }
