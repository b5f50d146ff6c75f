"""Who may do what in the room parties, and one record of each of its models."""

READ = dict.fromkeys(("agent", "felix", "lena"), "r")
KEEP = {**READ, "anna": "rwcd", "boss": "rwcd"}

RECORDS = {
    "aftersales.region": KEEP,
    "aftersales.contract.party": KEEP,
    "aftersales.scope.line": KEEP,
    "aftersales.cover": KEEP,
}
WIZARDS = {"aftersales.contract.from.template": {"anna": "rwcd", "boss": "rwcd"}}
BUTTONS = {}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    region = New("aftersales.region", name="North", company_id=company.id, country_ids=[case.env.ref("base.de").id])
    asset = New("aftersales.asset", name="A-2", partner_id=New("res.partner", name="Owner").id, company_id=company.id)
    return {
        "aftersales.region": region,
        "aftersales.contract.party": New(
            "aftersales.contract.party", contract_id=contract.id, partner_id=case.dealer.id, role="payer"),
        "aftersales.scope.line": New("aftersales.scope.line", contract_id=contract.id, region_id=region.id),
        "aftersales.cover": New("aftersales.cover", contract_id=contract.id, asset_id=asset.id),
    }
