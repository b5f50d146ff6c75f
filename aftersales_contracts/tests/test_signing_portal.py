"""The signing page over HTTP: who gets in, what each finds, and what guessing, following and forging gives: nothing."""

import re

from odoo import http
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .signing_common import SigningCase, drawn


@tagged("post_install", "-at_install")
class TestSigningPortal(SigningCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.signing = self.sent()
        self.path = f"/my/signing/{self.signing.id}"

    def token(self, user):
        return f"?access_token={self.signer(self.signing, user).access_token}"

    def open(self, path, user=None):
        """(status, situation of the page, whole text) as the user finds it; ``None``: nobody logged in."""
        self.authenticate(user and user.login, user and user.login)
        answer = self.url_open(path)
        found = re.search(r'data-situation="(\w+)"', answer.text)
        return answer.status_code, found and found.group(1), answer.text

    def rpc(self, path, user=None, **params):
        self.authenticate(user and user.login, user and user.login)
        return self.make_jsonrpc_request(path, params)

    def signed(self, user, **more):
        return self.rpc(f"{self.path}/sign{self.token(user)}", name=user.name, signature=drawn(), **more)

    # --- the way of a signer -----------------------------------------------------------------------------------------

    def test_a_customer_signs_by_the_link_without_logging_in(self):
        link = self.path + self.token(self.carla)
        status, situation, page = self.open(link)
        self.assertEqual((status, situation), (200, "sign"))
        for part in ("Customer Service Contract", self.draft.name, "Harbour Freight", self.signing.sha256,
                     "portal.signature_form"):
            self.assertIn(part, page)
        answer = self.signed(self.carla)
        self.assertTrue(answer["force_refresh"])
        self.assertEqual(answer["redirect_url"], link)
        row = self.signer(self.signing, self.carla)
        self.assertEqual((row.state, row.ip_address, row.signed_sha256), ("signed", "127.0.0.1", self.signing.sha256))
        self.assertTrue(row.user_agent)
        self.assertEqual(self.open(link)[1], "answered")
        self.signed(self.anna)
        self.assertEqual(self.draft.state, "signed")
        self.assertEqual(self.open(link)[1], "complete")

    def test_the_document_is_the_one_that_was_sent(self):
        answer = self.url_open(f"{self.path}/document{self.token(self.carla)}")
        self.assertEqual(answer.content, self.signing.attachment_id.raw)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("no-store", answer.headers["Cache-Control"])
        download = self.url_open(f"{self.path}/document{self.token(self.carla)}&download=1")
        self.assertTrue(download.headers["Content-Disposition"].startswith("attachment"))
        self.assertEqual(self.url_open(f"{self.path}/document{self.token(self.carla)}&signed=1").status_code, 404)
        self.signed(self.carla)
        self.signed(self.anna)
        signed = self.url_open(f"{self.path}/document{self.token(self.carla)}&signed=1")
        self.assertEqual(signed.content, self.signing.signed_attachment_id.raw)

    def test_our_side_signs_on_the_same_page_logged_in(self):
        self.assertEqual(self.open(self.path, self.anna)[1], "wait")
        self.signed(self.carla)
        self.assertEqual(self.open(self.path, self.anna)[1], "sign")
        self.rpc(f"{self.path}/sign", self.anna, name="Anna", signature=drawn())
        self.assertEqual(self.draft.state, "signed")

    def test_home_list_and_contract_lead_to_it(self):
        self.assertIn("Documents to Sign", self.open("/my", self.carla)[2])
        self.assertIn(self.path, self.open("/my/signing", self.carla)[2])
        self.assertIn(self.path, self.open(f"/my/contracts/{self.draft.id}", self.carla)[2])
        self.assertNotIn(self.path, self.open("/my/signing", self.outsider)[2])

    def test_refusing_needs_a_reason_and_is_told(self):
        def refuse(reason):
            self.authenticate(None, None)
            return self.url_open(f"{self.path}/refuse{self.token(self.carla)}", data={
                "csrf_token": http.Request.csrf_token(self), "reason": reason})

        self.assertIn("Please say why", refuse("   ").text)
        self.assertEqual(self.signing.state, "pending")
        self.assertIn('data-situation="refused"', refuse("The cap is too low").text)
        self.assertEqual((self.signing.state, self.signer(self.signing, self.carla).refusal),
                         ("refused", "The cap is too low"))
        self.assertEqual(self.open(self.path + self.token(self.anna))[1], "refused")

    def test_a_forged_refusal_is_refused(self):
        self.authenticate(None, None)
        answer = self.url_open(f"{self.path}/refuse{self.token(self.carla)}", data={"reason": "Forged"})
        self.assertEqual((answer.status_code, self.signing.state), (400, "pending"))

    def test_row31_each_end_has_its_own_page_and_changes_nothing(self):
        link = self.path + self.token(self.carla)
        self.assertEqual(self.open(self.path + self.token(self.anna))[1], "wait")
        with freeze_time("2099-01-01"):
            self.signing._write_round({"expires_on": "2098-12-31"})
            self.assertEqual(self.open(link)[1], "expired")
            self.assertEqual(self.signed(self.carla)["redirect_url"], link)
        self.assertEqual(self.signer(self.signing, self.carla).state, "waiting")

    def test_row31_a_changed_text_shows_its_page_to_everybody(self):
        self.policy.target_ids[0].duration_minutes += 60
        for user in (self.carla, self.anna):
            status, situation, page = self.open(self.path + self.token(user))
            self.assertEqual((status, situation), (200, "void"))
            self.assertNotIn("portal.signature_form", page)
        self.assertEqual(self.signing.state, "void")

    def test_row31_a_second_tab_signs_nothing_more(self):
        self.signed(self.carla)
        answered = ["signed_name", "answered_at", "signature"]
        before = self.signer(self.signing, self.carla).read(answered)
        answer = self.rpc(f"{self.path}/sign{self.token(self.carla)}", name="Second Tab", signature=drawn())
        self.assertEqual(answer["redirect_url"], self.path + self.token(self.carla))
        self.assertEqual(self.signer(self.signing, self.carla).read(answered), before)

    def test_what_cannot_be_read_is_told_in_the_form(self):
        for name, picture in (("Carla", "%%%"), ("", drawn()), ("Carla", None)):
            answer = self.rpc(f"{self.path}/sign{self.token(self.carla)}", name=name, signature=picture)
            self.assertTrue(answer["error"])
        self.assertEqual(self.signer(self.signing, self.carla).state, "waiting")

    # --- row 33: what guessing gives ---------------------------------------------------------------------------------

    def test_row33_guessed_tokens_and_ids_open_nothing(self):
        foreign = self.sent(self.a_signable_contract(partner_id=self.customer.id))
        for what, path, user in (
            ("no token", self.path, None), ("empty", f"{self.path}?access_token=", None),
            ("guessed", f"{self.path}?access_token=guess", None),
            ("of another round", f"{self.path}?access_token={self.signer(foreign, self.carla).access_token}", None),
            ("no round", f"/my/signing/999999999{self.token(self.carla)}", None),
            ("another customer", self.path, self.outsider), ("the dealer", self.path, self.diego),
            ("inside, no signer", self.path, self.agent), ("the administrator", self.path, self.boss),
            ("wrong token of a signer", f"{self.path}?access_token=guess", self.carla),
        ):
            for page in (path, path.replace(str(self.signing.id), f"{self.signing.id}/document", 1)):
                with self.subTest(f"{what} {page}"):
                    status, situation, text = self.open(page, user)
                    self.assertEqual((status, situation), (404, "nothing"))
                    self.assertNotIn(self.draft.name, text)
                    self.assertNotIn(self.signing.sha256, text)

    def test_row33_who_gets_nothing_signs_nothing(self):
        for what, query, user in (
            ("nobody", "", None), ("guessed", "?access_token=guess", None), ("another customer", "", self.outsider),
            ("a colleague for anna", "", self.boss), ("a colleague for carla", "", self.agent),
        ):
            with self.subTest(what):
                answer = self.rpc(f"{self.path}/sign{query}", user, name="Mallory", signature=drawn())
                self.assertIn("does not open", answer["error"])
        self.assertEqual(set(self.signing.signer_ids.mapped("state")), {"waiting"})

    def test_row33_following_the_contract_shows_no_round(self):
        self.draft.message_subscribe([self.outsider.partner_id.id, self.diego.partner_id.id])
        for user in (self.outsider, self.diego, self.carla):
            for record in (self.signing, self.signing.signer_ids, self.signing.attachment_id):
                with self.subTest(f"{user.login} {record._name}"), self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])
        self.signed(self.carla)
        self.signed(self.anna)
        for user in (self.outsider, self.diego):
            self.assertFalse(self.env["mail.message"].with_user(user).search([
                ("model", "=", "aftersales.contract"), ("res_id", "=", self.draft.id)]))
            with self.assertRaises(AccessError):
                self.signing.signed_attachment_id.with_user(user).read(["raw"])

    @mute_logger("odoo.http")
    def test_row33_no_remote_call_reaches_a_round(self):
        row = self.signer(self.signing, self.carla)
        for user, model, method, args in (
            (self.carla, "aftersales.signing.signer", "read", [row.ids]),
            (self.carla, "aftersales.signing", "search_read", [[]]),
            (self.anna, "aftersales.signing.signer", "_sign", [row.ids, "Carla", drawn()]),
            (self.anna, "aftersales.signing", "_complete", [self.signing.ids]),
            (self.anna, "aftersales.contract", "_transition", [self.draft.ids, "sign"]),
            (self.anna, "aftersales.contract", "action_sign", [self.draft.ids]),
        ):
            with self.subTest(f"{user.login} {method}"), self.assertRaises(JsonRpcException):
                self.rpc("/web/dataset/call_kw", user, model=model, method=method, args=args, kwargs={})
        self.assertEqual((self.signing.state, self.draft.state), ("pending", "approved"))

    def test_row33_the_contract_is_downloaded_by_its_own_side_from_approval_on(self):
        served = self.a_signable_contract(dealer_id=self.dealer.id)
        self.draft, self.signing = served, self.sent(served)
        self.path = f"/my/signing/{self.signing.id}"
        path = f"/my/contracts/{self.draft.id}/document"
        self.authenticate(self.carla.login, self.carla.login)
        answer = self.url_open(path)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.content, self.signing.attachment_id.raw)
        for user in (self.diego, self.outsider):
            self.authenticate(user.login, user.login)
            self.assertTrue(self.url_open(path).url.endswith("/my"), user.login)
            self.assertNotIn("Download contract", self.open(f"/my/contracts/{self.draft.id}", user)[2])
        token = self.draft._portal_ensure_token()
        self.assertNotIn("Download contract", self.open(f"/my/contracts/{self.draft.id}?access_token={token}")[2])
        self.signed(self.carla)
        self.signed(self.anna)
        self.authenticate(self.carla.login, self.carla.login)
        self.assertEqual(self.url_open(path).content, self.draft.signed_document_id.raw)

    def test_row33_a_draft_is_not_downloaded(self):
        draft = self.a_signable_contract()
        self.authenticate(self.carla.login, self.carla.login)
        self.assertTrue(self.url_open(f"/my/contracts/{draft.id}/document").url.endswith("/my"))

    def test_row33_a_merged_in_party_of_another_company_signs_nothing(self):
        """Somebody of the customer who is no signer does not get in by belonging to the customer."""
        colleague = self._a_user("colleague", "base.group_portal", partner_id=self.env["res.partner"].create(
            {"name": "Colleague", "parent_id": self.customer.id}).id)
        self.assertEqual(self.open(self.path, colleague)[:2], (404, "nothing"))
        contract = self.a_signable_contract()
        contract.party_ids = [Command.create({"partner_id": colleague.partner_id.id, "role": "payer"})]
        self.assertEqual(self.open(f"/my/signing/{self.sent(contract).id}", colleague)[:2], (404, "nothing"))
