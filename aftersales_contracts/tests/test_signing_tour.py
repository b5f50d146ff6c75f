"""The signing customer in a browser: from the portal's home to the signature, and a refusal."""

from odoo.tests import HttpCase, tagged

from .signing_common import SigningCase


@tagged("post_install", "-at_install")
class TestSigningTour(SigningCase, HttpCase):
    def test_a_customer_signs(self):
        signing = self.sent()
        self.start_tour("/my", "aftersales_signing_customer", login=self.carla.login)
        row = self.signer(signing, self.carla)
        self.assertEqual((row.state, row.signed_name, row.signed_sha256), ("signed", "Carla Contact", signing.sha256))
        self.assertTrue(row.signature)
        self.assertEqual(signing.state, "pending")

    def test_a_customer_refuses_by_the_link(self):
        signing = self.sent()
        row = self.signer(signing, self.carla)
        self.start_tour(row._url(), "aftersales_signing_refusal", login=None)
        self.assertEqual((signing.state, row.refusal), ("refused", "The cap is too low"))
