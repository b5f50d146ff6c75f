"""Who may do what in the room signing, and one record of each of its models."""

READERS = ("agent", "anna", "felix", "lena", "boss")
MANAGERS = ("anna", "boss")
SENDERS = ("anna", "lena", "boss")

RECORDS = {
    # proof: nobody writes it, and the portal has pages instead of rights
    "aftersales.signing": dict.fromkeys(READERS, "r"),
    "aftersales.signing.signer": dict.fromkeys(READERS, "r"),
}
WIZARDS = {
    "aftersales.signing.send": dict.fromkeys(SENDERS, "rwcd"),
    "aftersales.signing.send.line": dict.fromkeys(SENDERS, "rwcd"),
    "aftersales.signing.paper": dict.fromkeys(MANAGERS, "rwcd"),
    "aftersales.signing.paper.line": dict.fromkeys(MANAGERS, "rwcd"),
}
BUTTONS = {
    ("aftersales.contract", "action_send_for_signature"): MANAGERS,
    ("aftersales.contract", "action_signed_on_paper"): MANAGERS,
    ("aftersales.nda", "action_send_for_signature"): ("lena", "boss"),
    ("aftersales.signing", "action_withdraw"): MANAGERS,
    ("aftersales.signing", "action_remind"): MANAGERS,
    ("aftersales.signing", "action_download"): READERS,
    ("aftersales.signing.signer", "action_confirm_authority"): ("lena", "boss"),
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    signing = New("aftersales.signing", name="Contract", contract_id=contract.id, company_id=company.id)
    signer = New(
        "aftersales.signing.signer", signing_id=signing.id, partner_id=case.contact.id, person_name="Carla",
        side="theirs", authorised=False)
    return {"aftersales.signing": signing, "aftersales.signing.signer": signer}
