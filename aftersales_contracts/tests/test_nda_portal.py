"""Documents in the portal over HTTP: the gate is asked each time, every answer is kept, there is no other way in."""

import base64
import json
import re

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .legal_case import PDF, LegalCase

EVIL = '<script>alert("x")</script>'


@tagged("post_install", "-at_install")
class TestDocumentPortal(LegalCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.a_contract(title="Served", dealer_id=cls.dealer.id)
        cls.document = cls.a_document(name="Airend drawing", shared_with_ids=[Command.set(cls.dealer.ids)])
        cls.manual = cls.a_document(
            name="Manual", confidential=False, shared_with_ids=[Command.set((cls.dealer | cls.customer).ids)])
        cls.internal = cls.a_document(name="Calculation", confidential=False)
        cls.nda = cls.an_nda(cls.dealer, term_kind="perpetual", purpose_ids=[Command.set(cls.service.ids)])

    def url(self, document=None):
        return f"/my/contracts/{self.contract.id}/documents" + (f"/{document.id}" if document else "")

    def page(self, user, path=None):
        self.authenticate(user.login, user.login)
        answer = self.url_open(path or self.url())
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.text)))
        return answer, text

    def download(self, user, document, purpose=None, contract=None):
        self.authenticate(user.login, user.login)
        path = f"/my/contracts/{(contract or self.contract).id}/documents/{document.id}"
        data = {"csrf_token": http.Request.csrf_token(self)}
        if purpose is not None:
            data["purpose_id"] = getattr(purpose, "id", purpose)
        return self.url_open(path, data=data)

    def log(self, document=None):
        return (document or self.document).access_ids.sorted("id")

    def test_each_party_finds_what_is_shared_with_it(self):
        for user, shown, hidden in (
            (self.diego, ("Airend drawing", "Manual", "For Service and Repair"), ("Calculation", "For Sales")),
            (self.carla, ("Manual",), ("Airend drawing", "Calculation", "Confidential document")),
        ):
            _answer, text = self.page(user)
            for part in shown:
                self.assertIn(part, text, user.login)
            for part in hidden:
                self.assertNotIn(part, text, user.login)
        answer, _text = self.page(self.outsider)
        self.assertEqual(answer.url, f"{self.base_url()}/my")
        self.assertIn(self.url(), self.page(self.diego, f"/my/contracts/{self.contract.id}")[0].text)

    def test_a_download_asks_the_gate_and_is_written_down(self):
        answer = self.download(self.diego, self.document, self.service)
        self.assertEqual((answer.status_code, answer.content), (200, PDF))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        line = self.log()
        self.assertRecordValues(line, [{
            "kind": "portal", "party_id": self.dealer.id, "person_id": self.dealer_contact.id,
            "user_id": self.diego.id, "purpose_id": self.service.id, "allowed": True, "disclosed": True,
            "document_name": "Airend drawing", "checksum": self.document.checksum}])
        self.assertTrue(line.ip)
        self.assertEqual(len(self.document.checksum), 64)

    def test_a_refused_download_is_written_down_as_well(self):
        for purpose, words in ((self.sales, "does not allow the purpose"), ("", "does not allow"), ("abc", "allow"),
                               ("999999", "allow"), ("１", "allow")):
            with self.subTest(purpose), mute_logger("odoo.http"):
                answer = self.download(self.diego, self.document, purpose)
                self.assertEqual(answer.status_code, 403)
                self.assertIn(words, answer.text)
                self.assertNotIn(PDF, answer.content)
        lines = self.log()
        self.assertEqual(len(lines), 5)
        self.assertFalse(any(lines.mapped("allowed")) or any(lines.mapped("disclosed")))

    def test_section_4_item_7_at_the_end_the_portal_closes_and_the_log_says_so(self):
        """Field study 4.7: access falls away on expiry: expiry at midnight in the party's zone blocks the portal."""
        self.nda._write_guarded({"terminated_on": "2999-01-01"})
        self.assertEqual(self.download(self.diego, self.document, self.service).status_code, 200)
        self.nda._write_guarded({"terminated_on": "2026-03-01"})
        with mute_logger("odoo.http"):
            answer = self.download(self.diego, self.document, self.service)
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.log().mapped("allowed"), [True, False])
        _answer, text = self.page(self.diego)
        self.assertIn("Confidential document", text)
        self.assertNotIn("Airend drawing", text)
        self.assertIn("Manual", text)
        with freeze_time("2026-03-02 12:00:00"):
            self.nda._nightly_nda(None)
        lapse = self.env["aftersales.nda.access"].search([("nda_id", "=", self.nda.id), ("kind", "=", "lapse")])
        self.assertEqual((lapse.party_id, self.nda.state), (self.dealer, "terminated"))

    def test_row_33_guessed_ids_and_other_doors(self):
        """Field study 5 row 33: guessed ids and tokens; no door but the one that asks the gate."""
        attachment = self.env["ir.attachment"].sudo().search(
            [("res_model", "=", "aftersales.document"), ("res_field", "=", "file"), ("res_id", "=", self.document.id)])
        self.assertEqual(attachment.raw, PDF)
        for user in (self.diego, self.carla, self.outsider, None):
            self.authenticate(user and user.login, user and user.login)
            for path in (
                f"/web/content/{attachment.id}", f"/web/content/{attachment.id}?access_token=guess",
                f"/web/content/{attachment.id}?download=1", f"/web/image/{attachment.id}",
                f"/web/content/aftersales.document/{self.document.id}/file",
                f"/web/content?model=aftersales.document&id={self.document.id}&field=file",
                f"/web/content/aftersales.document/{self.document.id}/file?access_token=guess",
                f"/web/content/ir.attachment/{attachment.id}/raw", f"/web/content/ir.attachment/{attachment.id}/datas",
                self.url(self.document), f"{self.url(self.document)}?purpose_id={self.service.id}",
                f"{self.url(self.document)}?access_token={self.contract._portal_ensure_token()}",
            ):
                with self.subTest(f"{user and user.login} {path}"), mute_logger("odoo.http"):
                    answer = self.url_open(path)
                    self.assertNotIn(PDF, answer.content)
        self.assertFalse(self.log(), "a link alone asks for nothing")

    def test_what_is_not_shared_with_them_is_not_theirs(self):
        other = self.a_contract(title="Other", partner_id=self.stranger.id)
        for user, document, contract in (
            (self.diego, self.internal, self.contract), (self.carla, self.document, self.contract),
            (self.outsider, self.document, self.contract), (self.outsider, self.document, other),
            (self.diego, self.document, other),
        ):
            answer = self.download(user, document, self.service, contract)
            self.assertNotIn(PDF, answer.content)
        self.assertFalse(self.log() | self.log(self.internal))
        self.document.active = False
        self.assertNotIn(PDF, self.download(self.diego, self.document, self.service).content)

    def test_a_form_of_another_site_downloads_nothing(self):
        self.authenticate(self.diego.login, self.diego.login)
        with mute_logger("odoo.http"):
            answer = self.url_open(self.url(self.document), data={"purpose_id": self.service.id})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.log())

    def test_open_documents_need_no_purpose_and_are_written_down(self):
        self.assertEqual(self.download(self.carla, self.manual).content, PDF)
        self.assertEqual(self.log(self.manual).party_id, self.customer)

    def test_row_30_a_person_who_left_sees_nothing(self):
        self.dealer_contact.aftersales_left_on = "2026-01-01"
        with mute_logger("odoo.http"):
            self.assertEqual(self.download(self.diego, self.document, self.service).status_code, 403)

    def test_row_32_names_are_text_in_the_portal(self):
        """Field study 5 row 32: script through partner and document names."""
        self.document.name = self.manual.name = self.dealer.name = self.drawings.name = EVIL
        self.nda._write_guarded({"title": EVIL})
        for path in (self.url(), f"/my/contracts/{self.contract.id}"):
            answer, _text = self.page(self.diego, path)
            self.assertNotIn(EVIL, answer.text)
        with mute_logger("odoo.http"):
            answer = self.download(self.diego, self.document, self.sales)
        self.assertNotIn(EVIL, answer.text)
        self.assertIn("&lt;script&gt;", answer.text)
        self.document.file_name = 'x"\r\nSet-Cookie: a=b\r\n.pdf'
        answer = self.download(self.diego, self.document, self.service)
        self.assertNotIn("a", answer.cookies)

    def test_remote_calls_of_the_portal_read_nothing(self):
        self.download(self.diego, self.document, self.service)
        for user in (self.diego, self.carla, self.outsider, self.clerk):
            for model, record in (("aftersales.document", self.document), ("aftersales.nda.access", self.log()),
                                  ("aftersales.nda.party", self.nda.party_ids), ("aftersales.clause.version", None),
                                  ("aftersales.contract.clause", None)):
                for method, arguments in (("search_read", [[]]), ("formatted_read_group", [[], ["id:count"]]),
                                          ("read", [record.ids if record else [1]]), ("export_data", [[1], ["id"]])):
                    with self.subTest(f"{user.login} {model} {method}"), self.assertRaises(UserError):
                        call_kw(self.env[model].with_user(user), method, arguments, {})

    def test_the_portal_shows_agreements_to_their_parties_only(self):
        draft = self.an_nda(self.dealer, signed=False)
        Nda = self.env["aftersales.nda"]
        self.assertEqual(Nda.with_user(self.diego).search([("id", "in", (self.nda | draft).ids)]), self.nda)
        for user in (self.carla, self.outsider):
            self.assertFalse(Nda.with_user(user).search([("id", "in", (self.nda | draft).ids)]))
        for method, arguments in (("revoke", ["2999-01-01", "x"]), ("sign_on_paper", ["2026-01-01", "x", "eA=="]),
                                  ("write", [{"title": "x"}]), ("action_renew", [])):
            with self.subTest(method), self.assertRaises(UserError):
                call_kw(self.nda.with_user(self.diego), method, [self.nda.ids, *arguments], {})

    def test_agreements_in_the_portal(self):
        draft, other = self.an_nda(self.dealer, signed=False), self.an_nda(self.stranger, title="Theirs")
        _answer, text = self.page(self.diego, "/my/ndas")
        self.assertIn(self.nda.name, text)
        for hidden in (draft, other):
            self.assertNotIn(hidden.name, text)
            for path in (f"/my/ndas/{hidden.id}", f"/my/ndas/{hidden.id}/document"):
                self.assertEqual(self.page(self.diego, path)[0].url, f"{self.base_url()}/my")
        draft._portal_ensure_token()
        answer, _text = self.page(self.diego, f"/my/ndas/{draft.id}?access_token={draft.access_token}")
        self.assertEqual(answer.url, f"{self.base_url()}/my", "a draft is shown to nobody")
        _answer, text = self.page(self.diego, f"/my/ndas/{self.nda.id}")
        for part in ("Secrets", "Northern Dealer", "Service and Repair", "without end", "Keep it secret."):
            self.assertIn(part, text)
        self.assertEqual(self.page(self.diego, f"/my/ndas/{self.nda.id}/document")[0].content, PDF)
        self.assertIn("There is no agreement", self.page(self.carla, "/my/ndas")[1])
        self.dealer.name = EVIL
        self.assertNotIn(EVIL, self.page(self.diego, f"/my/ndas/{self.nda.id}")[0].text)

    def test_json_rpc_cannot_reach_the_private_gate(self):
        self.authenticate(self.diego.login, self.diego.login)
        for method in ("_append", "_ask", "_may_see"):
            answer = self.url_open("/web/dataset/call_kw", data=json.dumps({"params": {
                "model": "aftersales.nda.access", "method": method, "args": [[]], "kwargs": {}}}),
                headers={"Content-Type": "application/json"})
            self.assertIn("error", answer.json())


@tagged("post_install", "-at_install")
class TestDocuments(LegalCase):
    def test_the_log_is_append_only_for_everybody(self):
        document = self.a_document()
        line = self.env["aftersales.nda.access"]._ask(document, self.dealer, self.service)[1]
        for act in (lambda: line.write({"allowed": True}), line.unlink, line.copy):
            with self.assertRaises(UserError):
                act()
        for user in (self.anna, self.lena, self.boss):
            own = line.with_user(user).sudo(False)
            for act in (lambda own=own: own.write({"allowed": True}), own.unlink,
                        lambda own=own: own.with_context(_force_unlink=True).unlink(),
                        lambda own=own: own.create({"kind": "portal", "at": "2026-01-01", "company_id": 1}),
                        lambda own=own: own.copy()):
                with self.subTest(user.login), self.assertRaises(UserError):
                    act()

    def test_what_stands_in_the_log_stays(self):
        document, fresh = self.a_document(), self.a_document(name="Fresh")
        self.env["aftersales.nda.access"]._ask(document, self.dealer, self.service)
        for act in (document.unlink, lambda: document.write({"owner_id": self.dealer.id}),
                    lambda: document.write({"contract_id": self.a_contract(activate=False).id})):
            with self.refused(UserError, "access log"):
                act()
        document.active = False
        fresh.unlink()

    def test_a_new_file_is_another_file_in_the_log(self):
        document = self.a_document()
        before = self.env["aftersales.nda.access"]._ask(document, self.dealer, self.service)[1].checksum
        document.file = base64.b64encode(b"Revision B")
        after = self.env["aftersales.nda.access"]._ask(document, self.dealer, self.service)[1].checksum
        self.assertNotEqual(before, after)
        document.with_user(self.lena).write({"checksum": before})
        self.assertEqual(document.checksum, after, "computed, not told")

    def test_it_is_shared_with_parties_of_its_contract_only(self):
        document = self.a_document()
        with self.refused(UserError, "is no party of contract"):
            document.shared_with_ids = self.stranger
        document.shared_with_ids = self.customer
        self.assertEqual(document.sharable_ids, self.customer)

    def test_agents_read_what_is_not_confidential(self):
        secret, manual = self.a_document(), self.a_document(name="Manual", confidential=False)
        self.assertEqual(manual.with_user(self.agent).name, "Manual")
        with self.assertRaises(AccessError):
            secret.with_user(self.agent).read(["name"])
        for user in (self.anna, self.felix, self.lena, self.boss):
            self.assertEqual(secret.with_user(user).file, base64.b64encode(PDF))
        attachment = self.env["ir.attachment"].sudo().search(
            [("res_model", "=", "aftersales.document"), ("res_field", "=", "file"), ("res_id", "=", secret.id)])
        with self.assertRaises(AccessError):
            attachment.with_user(self.agent).read(["raw"])

    def test_disclosures_by_hand_are_recorded_by_those_who_may(self):
        document = self.a_document()
        Access = self.env["aftersales.nda.access"]
        arguments = (document.id, self.dealer.id, self.service.id, "2026-02-01 09:00:00", "By e-mail")
        for user in (self.agent, self.felix, self.clerk, self.carla, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                Access.with_user(user).record_disclosure(*arguments)
        with freeze_time("2026-02-02 12:00:00"):
            for at, note in (("2026-02-03 12:00:00", "x"), ("2026-02-01 12:00:00", " "), (False, "x")):
                with self.subTest(at), self.assertRaises(UserError):
                    Access.with_user(self.anna).record_disclosure(*arguments[:3], at, note)
            wizard = self.env["aftersales.nda.disclosure"].with_user(self.anna).create({
                "document_id": document.id, "party_id": self.dealer.id, "purpose_id": self.service.id,
                "at": "2026-02-01 09:00:00", "note": "By e-mail"})
            wizard.action_record()
        self.assertRecordValues(document.access_ids, [
            {"kind": "by_hand", "allowed": False, "disclosed": True, "user_id": self.anna.id}])
