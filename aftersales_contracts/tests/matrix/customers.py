"""Who may do what with segments and customer values, and one record of each of their models."""

ALL = ("agent", "anna", "felix", "lena", "boss")

RECORDS = {
    "aftersales.segment.formula": {**dict.fromkeys(ALL, "r"), "boss": "rwcd"},
    "aftersales.segment": {**dict.fromkeys(ALL, "r"), "boss": "rwcd"},
    "aftersales.lifetime.value": dict.fromkeys(("anna", "felix", "boss"), "r"),
}
WIZARDS = {}
BUTTONS = {("res.partner", "action_reckon_segment"): ("anna", "boss")}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    env = case.env
    formula = env["aftersales.segment.formula"].search([("company_id", "=", company.id)]) or New(
        "aftersales.segment.formula", company_id=company.id,
        segment_ids=[(0, 0, {"segment": "ordinary", "threshold": 0})])
    return {
        "aftersales.segment.formula": formula, "aftersales.segment": formula.segment_ids[:1],
        "aftersales.lifetime.value": New(
            "aftersales.lifetime.value", partner_id=case.customer.id, company_id=company.id, reckoned_on="2026-03-01"),
        "res.partner": case.customer,
    }
