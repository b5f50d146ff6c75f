"""Settlements in the portal of the dealer: what it sees, how it answers line by line; that guessing leads nowhere."""

import re

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .settlement_document_case import SettlementDocumentCase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@tagged("post_install", "-at_install")
class TestSettlementPortal(SettlementDocumentCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.march = self.sent(self.computed((self.work, 100), (self.pump, 1000), (self.pump, 50)))
        self.labour_line = self.line_of(self.march, self.work)
        self.parts_lines = self.line_of(self.march, self.pump).sorted("amount", reverse=True)
        self.path = f"/my/settlements/{self.march.id}"

    def page(self, path, user=None):
        """(final path, text of the page without markup) as the user sees it; ``None``: nobody logged in."""
        self.authenticate(user and user.login, user and user.login)
        return self.shown(self.url_open(path))

    def shown(self, answer):
        self.assertEqual(answer.status_code, 200)
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.text)))
        text = text.replace("\ufeff", "")  # Odoo puts it behind a minus
        return answer.url.removeprefix(self.base_url()), text

    def answer(self, user, **form):
        """What the form of the page sends: the page that comes back."""
        self.authenticate(user.login, user.login)
        form.setdefault("csrf_token", http.Request.csrf_token(self))
        found = self.url_open(f"{self.path}/answer", data=form)
        self.env.invalidate_all()
        return self.shown(found)

    def states(self):
        return self.march.line_ids.sorted("sequence").mapped("state")

    # --- what is seen --------------------------------------------------------------------------------------------

    def test_the_dealer_sees_its_own_and_what_was_sent(self):
        self.an_invoice((self.work, 10), day="2026-04-02")
        april = self.settle("2026-05-10")
        _path, text = self.page("/my/settlements", self.diego)
        self.assertIn(self.march.name, text)
        self.assertIn("To be answered", text)
        self.assertNotIn(april.name, text)
        for path in ("/my/settlements?filterby=answer", "/my/settlements?filterby=nonsense&sortby=nonsense"):
            self.assertIn(self.march.name, self.page(path, self.diego)[1])
        self.assertIn("1 Settlements", self.page("/my", self.diego)[1])
        for user in (self.carla, self.outsider):
            with self.subTest(user.login):
                self.assertIn("There is no settlement to show here", self.page("/my/settlements", user)[1])
        self.assertEqual(self.page(f"/my/settlements/{april.id}", self.diego)[0], "/my", "not sent yet")

    def test_the_page_shows_every_line_and_what_it_comes_to(self):
        url, text = self.page(self.path, self.diego)
        self.assertEqual(url, self.path)
        for part in ("Settlement of March 2026", self.march.name, "3 lines wait for your answer", "Accept all",
                     self.invoice.name, "Harbour Freight", "Labour (1) $ 70.00", "Parts (2) $ 105.00",
                     "Total $ 175.00", "70 %", "10 %", "How it is reckoned", self.march.document_id.snapshot_hash):
            self.assertIn(part, text)
        for show, shown, hidden in (("labour", "Hours of", "Oil Pump"), ("parts", "Oil Pump", "Hours of"),
                                    ("disputed", "No lines here", "Hours of"), ("nonsense", "Hours of", "No lines")):
            text = self.page(f"{self.path}?show={show}", self.diego)[1]
            self.assertIn(shown, text)
            self.assertNotIn(hidden, text)

    def test_many_lines_come_in_pages(self):
        self.an_invoice(*[(self.pump, 10)] * 45, day="2026-04-02")
        april = self.sent(self.settle("2026-05-10"))
        self.authenticate(self.diego.login, self.diego.login)
        first, second = (self.url_open(f"/my/settlements/{april.id}/page/{page}").text for page in (1, 2))
        self.assertEqual((first.count('name="line_ids"'), second.count('name="line_ids"')), (40, 5))
        self.assertIn(f"/my/settlements/{april.id}/page/2", first)

    def test_pdf_and_spreadsheet_are_the_stored_ones(self):
        document, token = self.march.document_id, self.march._portal_ensure_token()
        for user, kind, content, mimetype in (
            (self.diego, "pdf", document.attachment_id.raw, "application/pdf"),
            (self.diego, "xlsx", document.sheet_attachment_id.raw, XLSX),
            (None, "pdf", document.attachment_id.raw, "application/pdf"),
            (None, "xlsx", document.sheet_attachment_id.raw, XLSX),
        ):
            self.authenticate(user and user.login, user and user.login)
            query = f"?report_type={kind}&download=1" + ("" if user else f"&access_token={token}")
            found = self.url_open(self.path + query)
            self.assertEqual((found.content, found.headers["Content-Type"]), (content, mimetype))
            self.assertIn(f".{kind}", found.headers["Content-Disposition"])

    # --- answering -----------------------------------------------------------------------------------------------

    def test_single_lines_are_disputed_and_accepted(self):
        url, text = self.answer(self.diego, decision="dispute", line_ids=[self.parts_lines[0].id],
                                reason="Twelve percent were agreed", show="parts", page="1")
        self.assertEqual(url.split("#")[0], f"{self.path}/page/1?show=parts")
        self.assertIn("Twelve percent were agreed", text)
        self.assertEqual((self.march.state, self.march.held), ("disputed", 100))
        self.answer(self.diego, decision="accept", line_ids=[self.labour_line.id, self.parts_lines[1].id])
        self.assertEqual((self.labour_line | self.parts_lines).mapped("state"), ["accepted", "disputed", "accepted"])
        self.assertEqual(self.parts_lines[0].disputed_by_id, self.diego)
        _url, text = self.page(self.path, self.diego)
        for part in ("Held until the dispute is settled $ -100.00", "To be paid $ 75.00", "All lines are answered"):
            self.assertIn(part, text)
        self.answer(self.diego, decision="accept", line_ids=self.parts_lines[0].ids)
        self.assertEqual((self.march.state, self.march.held), ("accepted", 0))

    def test_all_are_accepted_at_once(self):
        _url, text = self.answer(self.diego, decision="accept_all")
        self.assertEqual((self.march.state, set(self.states())), ("accepted", {"accepted"}))
        self.assertIn("You have accepted all lines", text)
        self.assertNotIn("csrf_token", text)

    def test_what_is_wrong_is_said_and_nothing_is_half_done(self):
        other = self.own_line_of_another_settlement()
        for form, sentence in (
            ({"decision": "dispute", "line_ids": self.parts_lines.ids, "reason": "  "}, "give the reason"),
            ({"decision": "dispute", "reason": "Why"}, "Choose lines of settlement"),
            ({"decision": "dispute", "line_ids": [other.id], "reason": "Why"}, "Choose lines of settlement"),
            ({"decision": "accept", "line_ids": [self.labour_line.id, other.id]}, "Choose lines of settlement"),
            ({"decision": "accept", "line_ids": ["1 OR 1=1"]}, "Choose lines of settlement"),
            ({"decision": "anything", "line_ids": self.labour_line.ids}, "Choose what to do"),
        ):
            with self.subTest(form):
                _url, text = self.answer(self.diego, **form)
                self.assertIn(sentence, text)
                self.assertEqual(set(self.states()), {"open"})
        self.assertEqual(self.march.state, "sent")

    def own_line_of_another_settlement(self):
        self.an_invoice((self.work, 10), day="2026-04-02")
        return self.settle("2026-05-10").line_ids[:1]

    def test_after_the_approval_nothing_is_answered_any_more(self):
        self.approved(self.march)
        text = self.page(self.path, self.diego)[1]
        self.assertNotIn("Dispute chosen lines", text)
        _url, text = self.answer(self.diego, decision="dispute", line_ids=self.labour_line.ids, reason="Too late")
        self.assertIn("is approved: that is not possible now", text)
        self.assertEqual(set(self.states()), {"accepted"})

    def test_a_request_without_its_token_changes_nothing(self):
        self.authenticate(self.diego.login, self.diego.login)
        found = self.url_open(f"{self.path}/answer", data={"decision": "accept_all", "csrf_token": "guess"})
        self.assertEqual(found.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(self.march.state, "sent")

    # --- nobody else ---------------------------------------------------------------------------------------------

    def test_ids_and_tokens_that_are_guessed_lead_nowhere(self):
        token = self.march._portal_ensure_token()
        other = self.contract._portal_ensure_token()
        for user in (self.carla, self.outsider):
            for query in ("", "?report_type=pdf", "?report_type=xlsx", "?access_token=guess", f"?access_token={other}"):
                with self.subTest(f"{user.login} {query}"):
                    self.assertEqual(self.page(self.path + query, user)[0], "/my")
            url, _text = self.answer(user, decision="accept_all")
            self.assertEqual((url, self.march.state), ("/my", "sent"))
        for query in ("", "?access_token=", "?access_token=guess", "?report_type=xlsx&access_token=guess"):
            self.assertIn("/web/login", self.page(self.path + query)[0])
        for unknown in (self.march.id + 1000, 0):
            self.assertEqual(self.page(f"/my/settlements/{unknown}", self.diego)[0], "/my")
        _url, text = self.page(f"{self.path}?access_token={token}")
        self.assertIn(self.march.name, text, "who holds the link reads this one")
        self.assertNotIn("Dispute chosen lines", text, "but does not answer")
        self.assertNotIn("Accept all", text)
        _url, text = self.page(f"{self.path}?access_token={token}", self.outsider)
        self.assertNotIn("Dispute chosen lines", text)
        self.assertEqual(self.answer(self.outsider, decision="accept_all", access_token=token)[0], "/my")
        self.assertEqual(self.march.state, "sent")

    def test_taken_back_it_is_gone_and_its_link_with_it(self):
        token = self.march._portal_ensure_token()
        self.march.with_user(self.felix).action_withdraw("Wrong month")
        self.assertEqual(self.page(self.path, self.diego)[0], "/my")
        for query in ("", "&report_type=pdf"):
            self.assertIn("/my", self.page(f"{self.path}?access_token={token}{query}", self.diego)[0])
        with self.assertRaises(AccessError):
            self.march.with_user(self.diego).read(["total"])
        with self.assertRaises(AccessError):
            self.march.line_ids.with_user(self.diego).read(["amount"])

    def test_rpc_shows_a_dealer_its_own_and_nothing_else(self):
        second = self.env["res.partner"].create({"name": "Southern Dealer", "is_company": True})
        contact = self.env["res.partner"].create({"name": "Sue", "parent_id": second.id, "email": "s@example.com"})
        sue = self._a_user("sue", "base.group_portal", partner_id=contact.id)
        export = self.env.ref("base.group_allow_export")
        (self.diego | sue | self.carla | self.outsider).group_ids = [Command.link(export.id)]
        Settlement, Line = self.env["aftersales.settlement"], self.env["aftersales.settlement.line"]
        Document = self.env["aftersales.settlement.document"]
        for user, found in ((self.diego, 1), (sue, 0), (self.carla, 0), (self.outsider, 0)):
            with self.subTest(user.login):
                self.assertEqual(Settlement.with_user(user).search_count([]), found)
                self.assertEqual(Line.with_user(user).search_count([]), 3 * found)
                self.assertEqual(Document.with_user(user).search_count([]), found)
                groups = Line.with_user(user)._read_group([], ["group"], ["amount:sum", "__count"])
                self.assertEqual(len(groups), 2 * found)
                self.assertEqual(sum(total for _group, total, _count in groups), 175 * found)
                exported = Line.with_user(user).search([]).export_data(["name", "amount"])["datas"]
                self.assertEqual(len(exported), 3 * found)
                self.assertEqual(
                    Settlement.with_user(user).search_count([("line_ids.amount", ">", 0)]), found,
                    "not through a search either")
        for user in (sue, self.carla, self.outsider):
            for record in (self.march, self.labour_line, self.march.document_id):
                for attempt in (lambda record: record.read(["display_name"]),
                                lambda record: record.export_data(["display_name"])):
                    with self.assertRaises(AccessError):
                        attempt(record.with_user(user))
            for attempt in (
                lambda user: self.march.with_user(user).action_accept(),
                lambda user: self.march.with_user(user).action_accept_lines(self.labour_line.ids),
                lambda user: self.march.with_user(user).action_dispute_lines(self.labour_line.ids, "Why"),
                lambda user: self.march.document_id.with_user(user).action_preview(),
                lambda user: self.march.document_id.with_user(user).action_spreadsheet(),
            ):
                with self.assertRaises(AccessError):
                    attempt(user)
        self.assertEqual(self.march.state, "sent")

    def test_a_dealer_changes_nothing_past_its_answer(self):
        for record, values in ((self.march, {"state": "paid"}), (self.march, {"total": 1}),
                               (self.labour_line, {"amount": 1}), (self.march.document_id, {"amount": 1})):
            with self.subTest(f"{record} {values}"), self.assertRaises(UserError):
                record.with_user(self.diego).write(values)
        for action in ("action_review", "action_send", "action_approve", "action_post", "action_compute",
                       "action_send_statement", "action_issue_again"):
            with self.subTest(action), self.assertRaises(UserError):
                getattr(self.march.with_user(self.diego), action)()
        with self.assertRaises(AccessError):
            self.march.document_id.with_user(self.diego).action_verify()
