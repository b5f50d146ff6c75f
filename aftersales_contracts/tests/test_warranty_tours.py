"""In a browser: a customer checks a serial and opens a claim, a dealer files one and sends a part, an agent takes one
in and sees it decided."""

from odoo.tests import tagged

from .warranty_portal_case import WarrantyPages, WarrantyPortalCase

MODEL = "aftersales.warranty.claim"


@tagged("post_install", "-at_install")
class TestWarrantyTours(WarrantyPortalCase, WarrantyPages):
    def test_a_customer_checks_a_serial_and_opens_a_claim(self):
        self.start_tour("/my", "aftersales_warranty_customer", login=self.carla.login)
        claim = self.env[MODEL].search([("asset_id", "=", self.pump.id)])
        self.assertRecordValues(claim, [{"channel": "portal", "claimant_id": self.carla.id, "state": "intake"}])
        self.assertEqual(claim.photo_ids.mapped("name"), ["nameplate.png"])

    def test_a_dealer_files_a_claim_and_sends_the_part(self):
        self.start_tour("/my", "aftersales_warranty_dealer", login=self.diego.login)
        claim = self.env[MODEL].search([("asset_id", "=", self.crane.id)])
        self.assertRecordValues(claim, [{"channel": "dealer", "dealer_id": self.dealer.id}])
        self.assertEqual(claim.line_ids.mapped("kind"), ["parts", "labour", "travel"])
        part = claim.line_ids[0]
        part.return_required = True
        claim.write({"cause_id": self.env["aftersales.cause"].search([], limit=1).id, "diagnosis": "Burnt"})
        claim.with_user(self.anna).action_enter("diagnosis")
        claim.with_user(self.anna).action_verdict()
        claim.with_user(self.anna).action_decide_lines(part.ids, reason="Covered")
        self.start_tour("/my", "aftersales_warranty_dealer_part", login=self.diego.login)
        self.assertEqual(part.return_state, "sent")
        self.assertIn("Parcel 4711", claim.message_ids[:1].body)

    def test_an_agent_takes_a_claim_in_and_the_rule_decides(self):
        self.company.claim_approve_up_to = 1000
        self.start_tour("/odoo/warranty-claims", "aftersales_warranty_agent", login=self.agent.login)
        claim = self.env[MODEL].search([("asset_id", "=", self.pump.id)])
        self.assertRecordValues(claim, [{"claimant_id": self.agent.id, "state": "diagnosis", "decided": "all"}])
        self.assertTrue(claim.line_ids.by_rule)
        self.assertEqual(claim.letter_ids.audience, "customer")
