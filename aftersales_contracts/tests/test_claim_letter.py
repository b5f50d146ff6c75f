"""Certificates and decision letters: sealed when issued, the same while nothing changes, in the reader's language."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .warranty_portal_case import WarrantyPortalCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestClaimLetter(WarrantyPortalCase):
    def _claim(self, **values):
        return self.a_claim(
            cause_id=self.env["aftersales.cause"].search([], limit=1).id, diagnosis="Coil burnt",
            lines=[{"kind": "parts", "name": "Brake coil", "product_id": self.coil.id, "quantity": 1, "unit_price": 640,
                    "causal": True, "return_required": True, "faulty_serial": "BC-9"},
                   {"kind": "labour", "name": "Change it", "quantity": 2, "unit_price": 100},
                   {"kind": "travel", "name": "Way", "quantity": 1, "unit_price": 60}], **values)

    def _decide(self, claim):
        claim.with_user(self.anna).action_enter("diagnosis")
        claim.with_user(self.anna).action_verdict()
        travel = claim.line_ids.filtered(lambda line: line.kind == "travel" and line.decision == "open")
        if travel:
            claim.with_user(self.anna).action_decide_lines(travel.ids, "refused", reason="Travel is not covered")
        claim.with_user(self.anna).action_decide_lines(reason="As the policy says")
        return claim

    def _values(self, letter):
        return letter.snapshot["letter"]

    def test_a_letter_says_for_each_item_what_why_and_who_pays(self):
        claim = self._decide(self._claim(dealer_id=self.dealer.id))
        claim.with_user(self.agent).action_letter()
        letters = {letter.audience: letter for letter in claim.letter_ids}
        told = self._values(letters["customer"])
        self.assertEqual(told["result"], "Your claim is approved in part.")
        rows = {row["name"]: row for row in told["lines"]}
        self.assertEqual(rows["Brake coil"]["figures"], ["640.00", "0.00"])
        self.assertEqual(rows["Change it"]["payers"], "Manufacturer's Warranty 80%, you 20%")
        self.assertEqual(rows["Change it"]["figures"], ["200.00", "40.00"])
        self.assertEqual((rows["Way"]["refused"], rows["Way"]["reason"]), (1, "Travel is not covered"))
        self.assertEqual(told["totals"], ["900.00", "100.00"])
        self.assertIn("04/09/2026", told["objection"][0])
        dealers = self._values(letters["dealer"])
        self.assertEqual(dealers["columns"], ["Claimed", "Approved"])
        self.assertEqual(dealers["totals"], ["900.00", "800.00"])
        self.assertTrue(letters["dealer"].attachment_id.raw.startswith(b"%PDF"))

    def test_a_letter_waits_for_every_decision(self):
        claim = self._claim()
        with self.assertRaisesRegex(UserError, "is not decided"):
            claim.with_user(self.anna).action_letter()

    def test_the_same_letter_is_issued_once(self):
        claim = self._decide(self._claim())
        claim.with_user(self.anna).action_letter()
        first = claim.letter_ids
        with freeze_time("2026-03-15"):
            claim.with_user(self.anna).action_letter()
        self.assertEqual(claim.letter_ids, first)
        claim.with_user(self.anna).action_reopen("Forgot the standard")
        self._decide(claim)
        claim.line_ids.filtered(lambda line: line.kind == "labour").with_user(self.anna)
        self.assertEqual(claim._issue_letters(), first)

    def test_it_is_sent_once_when_the_claim_goes_on_to_billing(self):
        self.customer.email = "post@example.com"
        claim = self._decide(self._claim())
        Mail = self.env["mail.mail"].sudo()
        back = Mail.search([("model", "=", claim._name), ("res_id", "=", claim.id), ("subject", "ilike", "send back")])
        self.assertEqual(len(back), 1)
        self.assertIn("BC-9", back.body_html)
        for state in ("parts", "repair", "billing"):
            claim.with_user(self.anna).action_enter(state)
        letter = claim.letter_ids
        sent = Mail.search([("model", "=", letter._name), ("res_id", "in", letter.ids)])
        self.assertEqual(len(sent), 1)
        self.assertEqual(sent.attachment_ids.mapped("mimetype"), ["application/pdf"])
        self.assertTrue(letter.sent_at)
        claim._send_letters()
        self.assertEqual(len(claim.letter_ids), 1)
        self.assertEqual(Mail.search_count([("model", "=", letter._name), ("res_id", "in", letter.ids)]), 1)

    def test_who_has_no_address_gets_a_printed_letter(self):
        claim = self._decide(self._claim())
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            claim.with_user(self.anna).action_send_letter()

    def test_an_issued_letter_does_not_change(self):
        claim = self._decide(self._claim())
        claim.with_user(self.anna).action_letter()
        letter = claim.letter_ids
        letter.with_user(self.anna).action_verify()
        self.assertEqual(letter.verification.replace("-", ""), letter.snapshot_hash[:16].upper())
        for change in (lambda: letter.write({"snapshot": {}}), letter.unlink,
                       lambda: letter.attachment_id.write({"raw": b"other"}), letter.attachment_id.unlink):
            with self.assertRaisesRegex(UserError, "does not change"):
                change()
        for user in (self.agent, self.boss):
            with self.assertRaises(UserError):
                letter.with_user(user).create({"claim_id": claim.id, "audience": "customer"})
        letter._write_guarded({"snapshot": {**letter.snapshot, "format": 9}})
        with self.assertRaisesRegex(UserError, "are not those"):
            letter.with_user(self.boss).action_verify()

    def test_only_the_office_issues(self):
        claim = self._decide(self._claim())
        for call in (claim.with_user(self.carla).action_letter, claim.with_user(self.carla).action_send_letter,
                     self.pump.with_user(self.carla).action_certificate, claim.with_user(self.clerk).action_letter):
            with self.assertRaises(AccessError):
                call()

    def test_a_certificate_tells_the_terms_in_the_owners_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        self.product.with_context(lang="zh_CN").name = "泵 P-40"
        self.pump.with_user(self.agent).action_certificate()
        certificate = self.pump.certificate_ids
        told = certificate.snapshot["letter"]
        self.assertEqual(certificate.snapshot["presentation"]["language"], "zh_CN")
        self.assertIn(["Product", "泵 P-40"], told["facts"])
        cover, = told["covers"]
        self.assertEqual([row["share"] for row in cover["benefits"]], ["100%", "80%"])
        self.assertEqual(cover["exclusions"], ["Wear parts are not covered."])
        self.assertEqual(len(certificate.attachment_id.raw[:4]), 4)
        certificate.action_verify()
        self.pump.with_user(self.anna).action_certificate()
        self.assertEqual(self.pump.certificate_ids, certificate)

    def test_a_supplier_cover_is_not_on_the_certificate(self):
        supplier = self.env["res.partner"].create({"name": "Coil Works"})
        self.a_policy(name="Guarantee of the Supplier", cover_kind="supplier", supplier_id=supplier.id,
                      start_trigger="delivery")
        self.pump._start_covers("registration")
        self.pump._issue_certificate()
        self.assertNotIn("Guarantee", str(self.pump.certificate_ids.snapshot))
        self.assertNotIn("Guarantee", str(self.pump._portal_covers()))
