"""Who may do what in the room legal, and one record of each of its models."""

import base64

READERS = ("agent", "anna", "felix", "lena", "boss")
KEEPERS = ("lena", "boss")


def _row(readers="r", **roles):
    return {**dict.fromkeys(READERS, readers), **roles}


CONFIGURATION = {  # shared by all companies
    "aftersales.clause.category": _row(lena="rwc", boss="rwcd"),
    "aftersales.nda.purpose": _row(lena="rwc", boss="rwcd"),
    "aftersales.document.category": _row(lena="rwc", boss="rwcd"),
}

RECORDS = {
    "aftersales.clause": _row(lena="rwcd", boss="rwcd"),
    "aftersales.clause.version": _row(lena="rwcd", boss="rwcd"),
    "aftersales.contract.clause": _row(anna="rwcd", lena="rwcd", boss="rwcd"),
    "aftersales.clause.review": _row(),
    "aftersales.nda": _row(anna="rwc", lena="rwcd", boss="rwcd", diego="r"),
    "aftersales.nda.party": _row(anna="rwcd", lena="rwcd", boss="rwcd"),
    "aftersales.nda.subprocessor": _row(anna="rwcd", lena="rwcd", boss="rwcd"),
    "aftersales.document": {"anna": "rwcd", "felix": "r", "lena": "rwcd", "boss": "rwcd"},  # a confidential one
    "aftersales.nda.access": {"anna": "r", "felix": "r", "lena": "r", "boss": "r"},
}

WIZARDS = {
    "aftersales.clause.decision": dict.fromkeys(KEEPERS, "rwcd"),
    "aftersales.nda.question": dict.fromkeys(("anna", "felix", "lena", "boss"), "rwcd"),
    "aftersales.nda.sign.paper": dict.fromkeys(KEEPERS, "rwcd"),
    "aftersales.nda.ending": dict.fromkeys(KEEPERS, "rwcd"),
    "aftersales.nda.return": dict.fromkeys(KEEPERS, "rwcd"),
    "aftersales.nda.disclosure": dict.fromkeys(("anna", "lena", "boss"), "rwcd"),
}

BUTTONS = {
    ("aftersales.clause.version", "action_approve"): KEEPERS,
    ("aftersales.clause.version", "action_withdraw"): KEEPERS,
    ("aftersales.nda", "action_sign_on_paper"): KEEPERS,
    ("aftersales.nda", "action_renew"): ("anna", *KEEPERS),
    ("aftersales.contract", "action_insert_mandatory_clauses"): ("anna", "lena", "boss"),
    ("aftersales.contract", "action_ask_legal"): ("anna", "boss"),
}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    env = contract.env
    clause = New("aftersales.clause", name="Delay", code=f"DELAY-{company.id}", company_id=company.id,
                 category_id=env.ref("aftersales_contracts.clause_category_other").id)
    version = New("aftersales.clause.version", clause_id=clause.id, lang="en_US", title="Delay", text="Be on time.")
    row = New("aftersales.contract.clause", contract_id=contract.id, title="Own", text="Something else.")
    row._ask_legal()
    nda = New("aftersales.nda", title="Secrets", company_id=company.id, kind="mutual", text="Keep it.", party_ids=[
        (0, 0, {"partner_id": company.partner_id.id}), (0, 0, {"partner_id": case.dealer.id})])
    processor = New("aftersales.nda.subprocessor", nda_id=nda.id, partner_id=case.stranger.id, service="Hosting",
                    country_id=env.ref("base.tw").id)
    document = New("aftersales.document", name="Drawing", contract_id=contract.id, owner_id=company.partner_id.id,
                   category_id=env.ref("aftersales_contracts.document_category_drawing").id, file_name="d.pdf",
                   file=base64.b64encode(b"drawing"))
    nda._write_guarded({"state": "signed", "signed_on": "2026-01-01 08:00:00"})
    Access = env["aftersales.nda.access"]
    access = Access._append([{
        **Access._facts(document, case.dealer, env.ref("aftersales_contracts.nda_purpose_service")), "kind": "portal",
        "at": "2026-03-02 08:00:00"}])
    return {
        "aftersales.clause": clause, "aftersales.clause.version": version, "aftersales.contract.clause": row,
        "aftersales.clause.review": row.review_ids, "aftersales.nda": nda,
        "aftersales.nda.party": nda.party_ids[:1], "aftersales.nda.subprocessor": processor,
        "aftersales.document": document, "aftersales.nda.access": access}
