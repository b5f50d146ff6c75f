"""A contract that is approved and ready to be signed: by carla for the customer, then by anna for us."""

import base64
import io

from odoo.fields import Command
from PIL import Image, ImageDraw
from pypdf import PdfReader

from .common import AftersalesCase


def drawn(size=(300, 100), colour=(0, 0, 120, 255)):
    """A drawn signature as a PNG in base64, as the browser sends it."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    if colour:
        ImageDraw.Draw(picture).line([(10, 80), (90, 20), (150, 70), (280, 30)], fill=colour, width=5)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def text_of(pdf):
    """The text of a PDF, white space made single spaces."""
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


class SigningCase(AftersalesCase):
    """`draft` is a contract with carla (order 1) and anna (order 2) as signatories; `approved()` takes it that far."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls.a_signable_contract()

    @classmethod
    def a_signable_contract(cls, **values):
        return cls.a_contract(
            activate=False, legal_user_id=cls.lena.id, party_ids=[
                Command.create({"partner_id": cls.contact.id, "role": "signatory", "sign_order": 1}),
                Command.create({"partner_id": cls.anna.partner_id.id, "role": "signatory", "sign_order": 2})], **values)

    def approved(self, contract=None):
        contract = contract or self.draft
        return self.put_in_force(contract, until="approve").with_user(self.anna)

    def sent(self, contract=None, **changes):
        """The round of a contract that anna has sent for signature; ``changes``: of the wizard."""
        contract = self.approved(contract)
        wizard = self.env["aftersales.signing.send"].with_user(self.anna).create(
            {"contract_id": contract.id, **changes})
        wizard.action_send()
        return contract.signing_ids.sorted("id")[-1:].sudo()

    def signer(self, signing, user):
        """The row of ``user`` in a round, with raised rights as the page has them."""
        row = signing.sudo().signer_ids.filtered(lambda one: one.partner_id == user.partner_id)
        self.assertEqual(len(row), 1)
        return row.with_user(user).sudo()

    def sign(self, signing, user, name=None, **more):
        """``user`` signs; returns the situation that was found."""
        values = {"ip_address": "192.0.2.7", "user_agent": "Test browser", **more}
        return self.signer(signing, user)._sign(name or user.name, drawn(), **values)

    def mails(self, user):
        """The queued e-mails to ``user``, oldest first."""
        return self.env["mail.mail"].sudo().search([("email_to", "=", user.partner_id.email)], order="id")

    def mails_to(self, user):
        """Their bodies."""
        return self.mails(user).mapped("body_html")
