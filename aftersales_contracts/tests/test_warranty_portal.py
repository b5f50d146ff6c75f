"""Machines in the portal: what a customer and a dealer learn of a serial, and that nobody learns of another's."""

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .warranty_portal_case import PDF, PNG, WarrantyPages, WarrantyPortalCase

UNKNOWN = "is not registered to you"


@tagged("post_install", "-at_install")
class TestWarrantyPortal(WarrantyPortalCase, WarrantyPages):
    @freeze_time("2026-03-10")
    def test_the_owner_reads_what_is_covered_until_when(self):
        _path, text = self.page("/my/warranty?serial=px-1", self.carla)
        for told in ("PX-1", "Covered in part", "Parts 100%", "Labour 80%", "Travel no", "Warranty", "01/31/2028"):
            self.assertIn(told, text)
        self.assertNotIn(UNKNOWN, text)

    def test_the_day_of_the_failure_decides(self):
        _path, text = self.page("/my/warranty?serial=PX-1&day=2027-06-01", self.carla)
        self.assertIn("Labour no", text)
        _path, text = self.page("/my/warranty?serial=PX-1&day=2029-06-01", self.carla)
        self.assertIn("Nothing pays for a failure on this day", text)
        self.assertIn("is not a day", self.page("/my/warranty?serial=PX-1&day=soon", self.carla)[1])

    def test_a_machine_of_somebody_else_and_an_unknown_one_give_the_same_answer(self):
        foreign = self.env["aftersales.asset"].create({
            "name": "FOREIGN-1", "partner_id": self.stranger.id, "company_id": self.other_company.id})
        self.pump.copy({"name": "GONE-1"}).active = False
        answers = set()
        for serial in ("CX-9", "NO-SUCH", foreign.name, "GONE-1", "P%", "P_-1", "%"):
            _path, text = self.page(f"/my/warranty?serial={serial.replace('%', '%25')}", self.carla)
            start = text.index(serial)
            answers.add(text[start:text.index("Register this machine")].replace(serial, "…"))
        self.assertEqual(len(answers), 1, answers)
        self.assertIn(UNKNOWN, answers.pop())

    def test_lists_hold_what_is_theirs(self):
        for user, seen, hidden in ((self.carla, "PX-1", "CX-9"), (self.diego, "CX-9", "PX-1"),
                                   (self.outsider, "CX-9", "PX-1")):
            _path, text = self.page("/my/assets", user)
            self.assertIn(seen, text)
            self.assertNotIn(hidden, text)
        self.assertIn("1 Machines", self.page("/my", self.carla)[1])
        self.assertNotIn("CX-9", self.page("/my/assets?filterby=own", self.diego)[1])

    def test_guessed_machines_lead_nowhere(self):
        for path in (f"/my/assets/{self.crane.id}", "/my/assets/99999999"):
            self.assertEqual(self.page(path, self.carla)[0], "/my/assets")
        Asset = self.env["aftersales.asset"].with_user(self.carla)
        self.assertFalse(Asset.search([("id", "=", self.crane.id)]))
        for call in (lambda: Asset.browse(self.crane.id).export_data(["name"]),
                     lambda: Asset.browse(self.crane.id).read(["name"])):
            with self.assertRaises(UserError):  # of which AccessError is one
                call()
        self.assertEqual(Asset._read_group([], aggregates=["__count"])[0][0], 1)
        for model in ("aftersales.asset.registration", "aftersales.warranty.claim.line", "aftersales.claim.share"):
            self.assertFalse(self.env[model].with_user(self.carla).has_access("read"), model)

    def test_the_page_of_a_machine(self):
        _path, text = self.page(f"/my/assets/{self.pump.id}", self.carla)
        for told in ("Pump P-40", "Maker's Warranty", "Parts: 100% until", "Quay 7", "Warranty certificate"):
            self.assertIn(told, text)
        _path, text = self.page(f"/my/assets/{self.crane.id}", self.diego)
        self.assertIn("Open a claim", text)
        self.assertNotIn("Warranty certificate", text)  # it is its owner's

    def test_only_the_owner_gets_the_certificate(self):
        for user in (self.carla, self.diego, self.outsider):
            self.authenticate(user.login, user.login)
            token = http.Request.csrf_token(self)
            for asset, owner in ((self.pump, self.carla), (self.crane, self.outsider)):
                answer = self.url_open(f"/my/assets/{asset.id}/certificate", data={"csrf_token": token})
                self.assertEqual(answer.content.startswith(b"%PDF"), user == owner, user.login)
        certificate = self.pump.certificate_ids
        self.assertEqual(len(certificate), 1)
        self.authenticate(self.carla.login, self.carla.login)
        self.assertEqual(self.url_open(certificate.access_url).content, certificate.attachment_id.raw)
        self.assertEqual(self.page(certificate.access_url, self.diego)[0], "/my")
        guessed, _text = self.page(f"{certificate.access_url}?access_token=guessed", None)
        self.assertEqual(guessed.split("?")[0], "/web/login")

    # --- registration ------------------------------------------------------------------------------------------------

    def _register(self, user, files=None, **form):
        files = [("proof", ("invoice.pdf", PDF, "application/pdf"))] if files is None else files
        form = {"serial": "NEW-7", "product": "Pump P-40", "delivered_on": "2026-03-01", **form}
        return self.send(user, "/my/assets/register", files=files, **form)

    @freeze_time("2026-03-10")
    def test_a_machine_is_registered_when_staff_confirms(self):
        path, text = self._register(self.carla)
        self.assertEqual(path, "/my/assets?registered=1")
        self.assertIn("NEW-7", text)
        asked = self.env["aftersales.asset.registration"].search([("serial", "=", "NEW-7")])
        self.assertEqual((asked.partner_id, asked.state), (self.customer, "waiting"))
        self.assertEqual(asked.proof_ids.mapped("mimetype"), ["application/pdf"])
        self.assertIn(UNKNOWN, self.page("/my/warranty?serial=NEW-7", self.carla)[1])
        with self.assertRaises(AccessError):
            asked.with_user(self.agent).action_confirm()
        with self.assertRaisesRegex(UserError, "choose the product"):
            asked.with_user(self.anna).action_confirm()
        asked.with_user(self.anna).product_id = self.product
        asked.with_user(self.anna).action_confirm()
        self.assertEqual((asked.asset_id.name, asked.asset_id.partner_id), ("NEW-7", self.customer))
        self.assertEqual(asked.asset_id.delivered_on.isoformat(), "2026-03-01")
        self.assertNotIn(UNKNOWN, self.page("/my/warranty?serial=NEW-7", self.carla)[1])
        with self.assertRaisesRegex(UserError, "decided already"):
            asked.with_user(self.boss).action_refuse("Twice")

    def test_registering_tells_nothing_of_others_machines(self):
        """A serial of somebody else is taken in as any other; staff is told whose it is, and refuses."""
        path, _text = self._register(self.carla, serial="CX-9")
        self.assertEqual(path, "/my/assets?registered=1")
        asked = self.env["aftersales.asset.registration"].search([("serial", "=", "CX-9")])
        asked.product_id = self.product
        with self.assertRaisesRegex(UserError, "Somebody Else"):
            asked.with_user(self.anna).action_confirm()
        asked.with_user(self.anna).action_refuse("The invoice names another machine")
        self.assertIn("The invoice names another machine", self.page("/my/assets", self.carla)[1])
        self.assertEqual(self.crane.partner_id, self.stranger)

    def test_bad_registrations_write_nothing(self):
        before = self.env["aftersales.asset.registration"].search_count([])
        script = [("proof", ("invoice.pdf", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/png"))]
        for files, form, told in (
            ([], {}, "Add the invoice or delivery note"),
            (script, {}, "is not one of these kinds of files"),
            (None, {"serial": " "}, "Give the serial number"),
            (None, {"delivered_on": "2099-01-01"}, "lies in the future"),
            (None, {"delivered_on": "1.2.26"}, "is not a day"),
        ):
            path, text = self._register(self.carla, files=files, **form)
            self.assertEqual(path, "/my/assets/register")
            self.assertIn(told, text)
        self.assertEqual(self.env["aftersales.asset.registration"].search_count([]), before)
        self._register(self.carla)
        self.assertIn("have asked us to register NEW-7 already", self._register(self.carla)[1])

    def test_a_dealer_registers_what_it_sold(self):
        self._register(self.diego, owner="Quay Ltd, quay@example.com", files=[("proof", ("p.png", PNG, "image/png"))],
                       **{"for": "customer"})
        asked = self.env["aftersales.asset.registration"].search([("serial", "=", "NEW-7")])
        self.assertEqual((asked.dealer_id, asked.owner_text), (self.dealer, "Quay Ltd, quay@example.com"))
