"""What the tests of clauses, agreements and documents start from."""

import base64
from contextlib import contextmanager
from datetime import UTC, datetime

from odoo.fields import Command

from .common import ADDON, AftersalesCase

PDF = b"%PDF-1.4 drawing of the airend"


class LegalCase(AftersalesCase):
    """A provider and a dealer, purposes `service` and `sales`, document category `drawings` (confidential)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ref = lambda name: cls.env.ref(f"{ADDON}.{name}")  # noqa: E731
        cls.service, cls.sales = ref("nda_purpose_service"), ref("nda_purpose_sales")
        cls.drawings, cls.prices = ref("document_category_drawing"), ref("document_category_price")
        cls.provider_type, cls.dealer_type = ref("contract_type_provider"), ref("contract_type_dealer")
        cls.provider = cls.env["res.partner"].create({"name": "Field Service Ltd", "is_company": True, "tz": "UTC"})
        cls.us = cls.company.partner_id
        cls.dealer.tz = "UTC"

    @classmethod
    def an_nda(cls, *others, signed="2026-01-01 08:00:00", **values):
        """A mutual agreement of our company with ``others``, from 2026-01-01 to 2026-12-31, signed unless empty."""
        roles = values.pop("roles", {})
        parties = [Command.create({"partner_id": one.id, "role": roles.get(one, "both")}) for one in (cls.us, *others)]
        nda = cls.env["aftersales.nda"].create({
            "title": "Secrets", "kind": "mutual", "effective_date": "2026-01-01", "term_kind": "end",
            "date_end": "2026-12-31", "text": "Keep it secret.", "party_ids": parties, **values})
        if signed:
            nda._signing_done(datetime.fromisoformat(signed), cls.a_scan())
        return nda

    @classmethod
    def a_scan(cls):
        return cls.env["ir.attachment"].create({"name": "signed.pdf", "raw": PDF})

    @classmethod
    def a_document(cls, contract=None, **values):
        """A confidential drawing of ours on `contract`, shared with its dealer."""
        contract = contract or cls.contract
        return cls.env["aftersales.document"].create({
            "name": "NW-160 airend", "contract_id": contract.id, "category_id": cls.drawings.id,
            "file": base64.b64encode(PDF), "file_name": "airend.pdf", "owner_id": cls.us.id, **values})

    def ask(self, document, party=None, purpose=None, on="2026-06-01 12:00:00", person=None):
        """The gate's decision; ``on`` in UTC."""
        return self.env["aftersales.nda"]._may_see(
            party or self.dealer, document, purpose or self.service, on, person)

    @contextmanager
    def refused(self, error, words):
        """What is done inside is refused with ``words`` (a pattern), and nothing of it stays."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(str(caught.exception), words)

    def at(self, text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
