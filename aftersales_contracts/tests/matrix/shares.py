"""Who may do what with share rules, and one record of each of their models."""

ALL = ("agent", "anna", "felix", "lena", "boss")
KEEPERS = ("anna", "felix", "lena", "boss")  # of share rules, while they are drafts
RELEASERS = ("felix", "lena", "boss")


def _row(readers="r", **roles):
    return {**dict.fromkeys(ALL, readers), **roles}


RULES = {
    **{f"aftersales.share.{part}": {"agent": "r", **dict.fromkeys(KEEPERS, "rwcd")}
       for part in ("rule", "component", "rate", "bracket", "band", "bonus", "payee")},
    "aftersales.contract.share": _row(anna="rwcd", lena="rwcd", boss="rwcd"),
}

REVENUE = {
    "aftersales.attribution": _row(**dict.fromkeys(("anna", "felix", "boss"), "rwcd")),
    "aftersales.revenue": dict.fromkeys(("anna", "felix", "boss"), "r"),
}
CONFIGURATION = {
    "aftersales.line.kind": _row(boss="rwcd", clerk="r"),  # products name it
    "aftersales.revenue.mark": {"boss": "r"},
}
RECORDS = {**RULES, **REVENUE}
WIZARDS = {  # the answers are those of who asked
    "aftersales.attribute.revenue": dict.fromkeys(("anna", "felix", "boss"), "rwcd"),
    "aftersales.attribution.preview": dict.fromkeys(("anna", "felix", "boss"), "rc"),
    "aftersales.share.what.if": dict.fromkeys(("anna", "felix", "boss"), "rwcd"),
    "aftersales.share.what.if.line": dict.fromkeys(("anna", "felix", "boss"), "r"),
    "aftersales.share.what.if.bar": dict.fromkeys(("anna", "felix", "boss"), "r"),
}
BUTTONS = {
    ("aftersales.share.rule", "action_release"): RELEASERS,
    ("aftersales.share.rule", "action_withdraw"): RELEASERS,
    ("aftersales.share.rule", "action_new_version"): KEEPERS,
    ("aftersales.revenue", "action_attribute"): ("anna", "felix", "boss"),
    ("aftersales.revenue", "action_attribute_again"): ("anna", "felix", "boss"),
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    return {**_rules(case, New, company, contract), **_revenue(case, New, company, contract)}


def _revenue(case, New, company, contract):
    """An attribution, and a row of revenue that nobody has: companies of the tests keep no books."""
    dealing = contract.copy({
        "contract_type_id": case.env.ref("aftersales_contracts.contract_type_dealer").id, "partner_id": case.dealer.id})
    return {
        "aftersales.attribution": New(
            "aftersales.attribution", company_id=company.id, dealer_contract_id=dealing.id, date_from="2026-01-01",
            partner_id=case.customer.id),
        "aftersales.revenue": New(
            "aftersales.revenue", company_id=company.id, kind="invoice", day="2026-01-15", reason="none", amount=10,
            currency_id=company.currency_id.id),
    }


def _rules(case, New, company, contract):
    rule = New("aftersales.share.rule", name="Share", company_id=company.id, currency_id=contract.currency_id.id)
    component = New("aftersales.share.component", rule_id=rule.id, name="Labour")
    rate = New("aftersales.share.rate", component_id=component.id, value=10)
    dealing = contract.copy({
        "contract_type_id": case.env.ref("aftersales_contracts.contract_type_dealer").id, "partner_id": case.dealer.id})
    return {
        "aftersales.share.rule": rule,
        "aftersales.share.component": component,
        "aftersales.share.rate": rate,
        "aftersales.share.bracket": New("aftersales.share.bracket", rate_id=rate.id, bound=0, rate=10),
        "aftersales.share.band": New("aftersales.share.band", component_id=component.id, bound=90, percent=100),
        "aftersales.share.bonus": New("aftersales.share.bonus", rule_id=rule.id, name="Bonus", value=10),
        "aftersales.share.payee": New(
            "aftersales.share.payee", rule_id=rule.id, partner_id=case.dealer.id, percent=100),
        "aftersales.contract.share": New(
            "aftersales.contract.share", contract_id=dealing.id, rule_id=rule.id),
    }
