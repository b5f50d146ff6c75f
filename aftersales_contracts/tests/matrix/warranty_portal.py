"""Who may do what with certificates, claim letters and machines registered in the portal."""

from odoo.fields import Date

ALL = ("agent", "anna", "felix", "lena", "boss")
MANAGERS = ("anna", "boss")


def _row(readers="r", **roles):
    return {**dict.fromkeys(ALL, readers), **roles}


RECORDS = {
    "aftersales.warranty.certificate": _row(carla="r"),  # issued by their button, and never changed
    "aftersales.claim.letter": _row(carla="r"),
    "aftersales.asset.registration": _row(anna="rw", boss="rw"),  # sent in by the portal's form alone
}
WIZARDS = {"aftersales.refuse.registration": dict.fromkeys(MANAGERS, "rwcd")}
BUTTONS = {
    ("aftersales.asset.registration", "action_confirm"): MANAGERS,
    ("aftersales.warranty.certificate", "action_open_pdf"): (*ALL, "carla"),
    ("aftersales.claim.letter", "action_open_pdf"): (*ALL, "carla"),
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    partner, today = contract.partner_id, Date.today()
    asset = New("aftersales.asset", name="PORTAL-1", partner_id=partner.id, company_id=company.id)
    claim = New("aftersales.warranty.claim", asset_id=asset.id, company_id=company.id, symptom="Silent")
    told = {"company_id": company.id, "partner_id": partner.id, "issued_on": today}
    return {
        "aftersales.warranty.certificate": New("aftersales.warranty.certificate", asset_id=asset.id, **told),
        "aftersales.claim.letter": New("aftersales.claim.letter", claim_id=claim.id, audience="customer", **told),
        "aftersales.asset.registration": New(
            "aftersales.asset.registration", serial="NEW-1", requester_id=partner.id, partner_id=partner.id,
            company_id=company.id, delivered_on=today),
    }
