"""Who may do what with skills, assessments, risks and comparisons, and one record of each of their models."""

READERS = ("agent", "anna", "felix", "lena", "boss")
EDITORS = ("anna", "lena", "boss")
LEGAL = ("lena", "boss")


def _edited(rights):
    return {**dict.fromkeys(READERS, "r"), **dict.fromkeys(EDITORS, rights)}


def _inside(rights):
    """Not for agents: what we think of a provider."""
    return {"felix": "r", **dict.fromkeys(EDITORS, rights)}


CONFIGURATION = {}
RECORDS = {
    "aftersales.skill": _edited("rwcd"),
    "aftersales.certification": _edited("rwcd"),
    "aftersales.assessment.template": _edited("rwcd"),
    "aftersales.assessment.criterion": _edited("rwcd"),
    "aftersales.assessment": _inside("rwcd"),
    "aftersales.assessment.line": _inside("rwcd"),
    "aftersales.risk": _inside("rwcd"),
    "aftersales.risk.test": _inside("rc"),  # facts: added, never changed
    "aftersales.mode.comparison": _inside("rwcd"),
    "aftersales.mode.criterion": _inside("rwcd"),
}
WIZARDS = {"aftersales.decide.mode": dict.fromkeys(EDITORS, "rwcd")}
BUTTONS = {
    ("aftersales.certification", "action_revoke"): EDITORS,
    ("aftersales.assessment", "action_start"): EDITORS,
    ("aftersales.assessment", "action_submit"): EDITORS,
    ("aftersales.assessment", "action_decide"): EDITORS,
    ("aftersales.assessment", "action_pass_conditionally"): EDITORS,
    ("aftersales.assessment", "action_reopen"): EDITORS,
    ("aftersales.assessment", "action_cancel"): EDITORS,
    ("aftersales.assessment", "action_again"): EDITORS,
    ("aftersales.risk", "action_mitigate"): EDITORS,
    ("aftersales.risk", "action_accept"): LEGAL,
    ("aftersales.risk", "action_close"): EDITORS,
    ("aftersales.risk", "action_reopen"): EDITORS,
    ("aftersales.mode.comparison", "action_decide"): EDITORS,
    ("aftersales.mode.comparison", "action_reopen"): EDITORS,
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    skill = New("aftersales.skill", name="High pressure", company_id=company.id)
    template = New("aftersales.assessment.template", name="Questions", company_id=company.id)
    criterion = New("aftersales.assessment.criterion", template_id=template.id, name="Training")
    assessment = New("aftersales.assessment", partner_id=case.dealer.id, template_id=template.id, company_id=company.id,
                     user_id=case.felix.id)
    risk = New("aftersales.risk", title="Leaves", company_id=company.id, mitigation="Train two", user_id=case.felix.id)
    comparison = New("aftersales.mode.comparison", name="Who serves?", company_id=company.id)
    return {
        "aftersales.skill": skill,
        "aftersales.certification": New(
            "aftersales.certification", partner_id=case.dealer.id, skill_id=skill.id, company_id=company.id,
            date_start="2026-01-01"),
        "aftersales.assessment.template": template,
        "aftersales.assessment.criterion": criterion,
        "aftersales.assessment": assessment,
        "aftersales.assessment.line": New(
            "aftersales.assessment.line", assessment_id=assessment.id, name="Training"),
        "aftersales.risk": risk,
        "aftersales.risk.test": New("aftersales.risk.test", risk_id=risk.id, day="2026-01-02", note="Tried"),
        "aftersales.mode.comparison": comparison,
        "aftersales.mode.criterion": comparison.criterion_ids[:1],
    }
