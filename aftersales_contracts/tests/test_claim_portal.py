"""Claims in the portal: opened with photos, filed with lines by a dealer, followed, and nobody sees another's."""

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .warranty_portal_case import PNG, WarrantyPages, WarrantyPortalCase

MODEL = "aftersales.warranty.claim"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestClaimPortal(WarrantyPortalCase, WarrantyPages):
    def _open(self, user, asset=None, files=(), **form):
        form = {"failure_on": "2026-03-02", "symptom": "It stands still", **form}
        if asset:
            form["asset_id"] = asset.id
        return self.send(user, "/my/claims/new", files=list(files) or None, **form)

    def _decided(self, **values):
        """A claim on carla's pump that diego's company filed: a part approved, labour refused in part."""
        claim = self.a_claim(
            dealer_id=self.dealer.id, diagnosis="Coil burnt",
            cause_id=self.env["aftersales.cause"].search([], limit=1).id,
            lines=[{"kind": "parts", "name": "Brake coil", "product_id": self.coil.id, "quantity": 1, "unit_price": 640,
                    "cost": 111, "causal": True, "return_required": True, "faulty_serial": "BC-9"},
                   {"kind": "labour", "name": "Change it", "quantity": 2, "unit_price": 100}], **values)
        claim.with_user(self.anna).action_enter("diagnosis")
        claim.with_user(self.anna).action_verdict()
        claim.with_user(self.anna).action_decide_lines(reason="As the policy says")
        return claim

    # --- a customer --------------------------------------------------------------------------------------------------

    def test_a_customer_opens_a_claim_with_photos_and_follows_it(self):
        photos = [("photos", (f"{name}.png", PNG, "image/png")) for name in ("plate", "damage")]
        path, text = self._open(self.carla, self.pump, photos, place="Quay 8")
        claim = self.env[MODEL].search([("asset_id", "=", self.pump.id)])
        self.assertEqual(path, claim.access_url)
        self.assertEqual((claim.claimant_id, claim.channel, claim.place), (self.carla, "portal", "Quay 8"))
        self.assertEqual(claim._portal_photos().mapped("name"), ["plate.png", "damage.png"])
        self.assertTrue(claim.request_id)
        for told in (claim.name, "Intake", "It stands still", "We are looking at it", claim.request_id.name):
            self.assertIn(told, text)
        self.assertIn(claim.name, self.page("/my/claims", self.carla)[1])
        self.assertIn("1 Open Claims", self.page("/my", self.carla)[1])
        self.authenticate(self.carla.login, self.carla.login)
        photo = claim._portal_photos()[0]
        shown = self.url_open(f"/web/image/{photo.id}?access_token={photo.access_token}")
        self.assertEqual(shown.headers["Content-Type"], "image/png")
        mail = self.env["mail.mail"].sudo().search([("model", "=", MODEL), ("res_id", "=", claim.id)])
        self.assertIn(claim.name, mail[:1].subject)

    def test_bad_claims_write_nothing(self):
        before = self.env[MODEL].search_count([])
        script = [("photos", ("x.png", b"<script>alert(1)</script>", "image/png"))]
        many = [("photos", (f"{number}.png", PNG, "image/png")) for number in range(9)]
        for asset, files, form, told in (
            (self.pump, script, {}, "is not one of these kinds of files"),
            (self.pump, many, {}, "9 files are too many"),
            (self.pump, (), {"symptom": " "}, "Say what you see"),
            (self.pump, (), {"failure_on": "2026-04-01"}, "lies in the future"),
            (self.pump, (), {"failure_on": "2026-01-31"}, "before it was delivered"),
            (None, (), {"serial": "CX-9"}, "This is none of your machines"),
            (None, (), {"serial": "NO-SUCH"}, "This is none of your machines"),
            (self.crane, (), {}, "This is none of your machines"),
        ):
            path, text = self._open(self.carla, asset, files, **form)
            self.assertEqual(path, "/my/claims/new")
            self.assertIn(told, text)
        self.assertEqual(self.env[MODEL].search_count([]), before)

    def test_a_claim_by_serial_and_a_repeated_one(self):
        self._open(self.carla, serial="px-1")
        _path, text = self._open(self.carla, serial="PX-1")
        self.assertIn("say why this is another failure", text)
        path, _text = self._open(self.carla, serial="PX-1", duplicate_reason="The other brake")
        self.assertRegex(path, r"/my/claims/\d+")

    def test_a_customer_cannot_claim_lines(self):
        self._open(self.carla, self.pump, part_name="Brake coil", part_price="999")
        self.assertFalse(self.env[MODEL].search([("asset_id", "=", self.pump.id)]).line_ids)

    # --- a dealer ----------------------------------------------------------------------------------------------------

    def test_a_dealer_files_lines_for_a_machine_it_sold(self):
        standard = self.env["aftersales.labour.standard"].create({"code": "BRK", "name": "Change brake", "minutes": 90})
        path, _text = self._open(
            self.diego, self.crane, part_code="BC-2", part_quantity="2", part_price="640,5", part_serial="BC-1",
            labour_standard=str(standard.id), labour_hours="2.5", labour_price="80", travel_quantity="35",
            travel_price="0.9")
        claim = self.env[MODEL].search([("asset_id", "=", self.crane.id)])
        self.assertEqual(path, claim.access_url)
        self.assertEqual((claim.channel, claim.dealer_id, claim.partner_id), ("dealer", self.dealer, self.stranger))
        lines = {line.kind: line for line in claim.line_ids}
        self.assertEqual((lines["parts"].product_id, lines["parts"].quantity, lines["parts"].unit_price),
                         (self.coil, 2, 640.5))
        self.assertEqual((lines["labour"].hours, lines["labour"].allowed_hours), (2.5, standard.hours))
        self.assertEqual(lines["travel"].quantity, 35)
        for form, told in (
            ({"part_code": "NO-SUCH"}, "there is no part with the number NO-SUCH"),
            ({"part_name": "Coil", "part_price": "cheap"}, "cheap is not a number"),
            ({"part_name": "Coil", "part_quantity": "-1"}, "is not a number of zero or more"),
        ):
            self.assertIn(told, self._open(self.diego, self.crane, failure_on="2026-03-05", **form)[1])

    def test_the_dealer_marks_the_part_sent_and_nobody_else(self):
        claim = self._decided()
        line = claim.line_ids.filtered("return_required")
        self.assertEqual(line.return_state, "required")
        url = f"{claim.access_url}/sent"
        self.assertEqual(self.send(self.outsider, url, line_id=str(line.id))[0], "/my")
        self.assertEqual(line.return_state, "required")
        self.send(self.diego, url, line_id=str(line.id), note="Parcel 4711")
        self.assertEqual(line.return_state, "sent")
        self.assertIn("Parcel 4711", claim.message_ids[:1].body)
        _path, text = self.send(self.diego, url, line_id=str(line.id))
        self.assertIn("so this is not possible", text)
        other = self.a_claim(failure_on="2026-02-20", symptom="Other")
        self.assertIn("has no such part", self.send(
            self.carla, f"{other.access_url}/sent", line_id=str(line.id))[1])

    # --- who sees what -----------------------------------------------------------------------------------------------

    def test_the_customer_sees_decisions_and_its_part_but_not_what_the_dealer_claims(self):
        claim = self._decided()
        claim.with_user(self.anna).action_letter()
        _path, text = self.page(claim.access_url, self.carla)
        for told in ("Brake coil", "Approved", "As the policy says", "You pay", "$ 40.00", "Decision letter"):
            self.assertIn(told, text)
        for hidden in ("640", "111", "Claimed", "160.00"):
            self.assertNotIn(hidden, text)
        _path, text = self.page(claim.access_url, self.diego)
        for told in ("Claimed", "640.00", "Approved", "160.00"):
            self.assertIn(told, text)
        self.assertNotIn("111", text)
        self.assertEqual(self.page(claim.access_url, self.outsider)[0], "/my")

    def test_letters_go_to_their_addressee_alone(self):
        claim = self._decided()
        claim.with_user(self.anna).action_letter()
        letters = {letter.audience: letter for letter in claim.letter_ids}
        for user, audience in ((self.carla, "customer"), (self.diego, "dealer")):
            self.authenticate(user.login, user.login)
            answer = self.url_open(f"{claim.access_url}?report_type=pdf")
            self.assertEqual(answer.content, letters[audience].attachment_id.raw)
            mine = self.env["aftersales.claim.letter"].with_user(user).search([])
            self.assertEqual(mine, letters[audience])
            other = claim.letter_ids - mine
            with self.assertRaises(AccessError):
                other.with_user(user).read(["snapshot"])
            self.assertNotEqual(self.url_open(
                f"/report/pdf/aftersales_contracts.report_claim_letter/{other.id}").content[:4], b"%PDF")

    def test_a_link_reads_but_does_not_act(self):
        claim = self._decided()
        link = claim.get_portal_url()
        _path, text = self.page(link)
        self.assertIn(claim.name, text)
        for hidden in ("640", "Part is on its way", "Add photos"):
            self.assertNotIn(hidden, text)
        self.assertEqual(self.page(f"{claim.access_url}?access_token=guessed")[0].split("?")[0], "/web/login")
        self.authenticate(None, None)
        answer = self.url_open(f"{claim.access_url}/photos", data={"csrf_token": http.Request.csrf_token(self)})
        self.assertIn("/web/login", answer.url)

    def test_guessing_leads_nowhere(self):
        mine, foreign = self.a_claim(), self.a_claim(self.crane)
        Claim = self.env[MODEL].with_user(self.carla)
        self.assertEqual(Claim.search([]), mine)
        self.assertEqual(Claim._read_group([], aggregates=["__count"])[0][0], 1)
        for call in (lambda: Claim.browse(foreign.id).export_data(["name", "symptom"]),
                     lambda: Claim.browse(foreign.id).read(["name"]), lambda: mine.with_user(self.carla).write(
                         {"symptom": "Other"}), lambda: Claim.create({"asset_id": self.pump.id}),
                     lambda: mine.with_user(self.carla).export_data(["line_ids/amount"]),
                     lambda: Claim._read_group([], ["state"], ["amount_claimed:sum"]),
                     lambda: mine.with_user(self.carla).action_verdict(),
                     lambda: Claim.intake({"asset_id": self.pump.id}, "portal")):
            with self.assertRaises(UserError):  # of which AccessError is one
                call()
        for path in (foreign.access_url, "/my/claims/99999999"):
            self.assertEqual(self.page(path, self.carla)[0], "/my")
        other = self.env["aftersales.asset"].create(
            {"name": "OC-1", "partner_id": self.customer.id, "company_id": self.other_company.id})
        self.assertNotIn(other, self.env["aftersales.asset"].with_user(self.outsider).search([]))

    def test_the_portal_reads_no_field_that_is_the_offices(self):
        Claim = self.env[MODEL]
        office = {name for name in Claim.with_user(self.agent).fields_get() if name.startswith("amount_")}
        office |= {"diagnosis", "warnings", "verdict_steps", "verdict_at", "duplicate_of_id", "intake_problem"}
        self.assertTrue(office <= set(Claim.with_user(self.agent).fields_get()))
        for user in (self.carla, self.diego):
            self.assertFalse(office & set(Claim.with_user(user).fields_get()))

    def test_photos_are_added_while_the_claim_goes_on(self):
        claim = self.a_claim()
        self.send(self.carla, f"{claim.access_url}/photos", files=[("photos", ("more.png", PNG, "image/png"))])
        self.assertEqual(claim.photo_ids.mapped("name"), ["more.png"])
        internal = self.env["ir.attachment"].create({
            "name": "quote.pdf", "raw": b"%PDF- internal", "res_model": MODEL, "res_id": claim.id})
        self.assertNotIn(internal.name, self.page(claim.access_url, self.carla)[1])
        claim.with_user(self.anna).action_cancel("Repaired by the customer")
        _path, text = self.send(
            self.carla, f"{claim.access_url}/photos", files=[("photos", ("late.png", PNG, "image/png"))])
        self.assertIn("takes no more photos", text)

    def test_what_a_customer_writes_reaches_the_office(self):
        claim = self.a_claim()
        claim.with_user(self.carla).message_post(body="When do you come?", message_type="comment",
                                                 subtype_xmlid="mail.mt_comment")
        self.assertIn("When do you come?", claim.message_ids[:1].body)
