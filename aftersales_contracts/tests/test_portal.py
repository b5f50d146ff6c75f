"""The portal over HTTP: what customers, dealers and holders of a link see, may send, and may not."""

import re

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from .common import AftersalesCase

PDF = b"%PDF-1.4 stored when the period was closed"


@tagged("post_install", "-at_install")
class TestPortal(AftersalesCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.amend(cls.contract, dealer_id=cls.dealer.id)
        cls.machine, cls.foreign_machine = cls.env["aftersales.asset"].create([
            {"name": "NW-1", "partner_id": cls.customer.id, "contract_id": cls.contract.id, "place": "Pier 3"},
            {"name": "XX-9", "partner_id": cls.stranger.id}])
        cls.request = cls.a_request(asset_id=cls.machine.id, partner_id=cls.contact.id)
        cls.request.record_event("in_progress", "2026-03-02 09:00:00", note="Only for the office")
        cls.request.record_event("updated", "2026-03-02 10:00:00", note="The part is on its way")
        cls.wrong_event = cls.env["aftersales.request.event"].browse(
            cls.request.record_event("waiting_vendor", "2026-03-02 11:00:00"))
        cls.wrong_event.action_void()
        cls.statement = cls._a_statement("2026-03-01", "2026-03-31", "2026-04-01")
        cls.statement._write_unguarded({
            "state": "closed", "name": "ST/TEST/1", "closed_at": "2026-04-01 00:00:00", "snapshot_hash": "abc123",
            "attachment_id": cls.env["ir.attachment"].create({"name": "x.pdf", "raw": PDF}).id})
        cls.draft = cls._a_statement("2026-04-01", "2026-04-30", "2026-05-01")

    @classmethod
    def _a_statement(cls, first, last, end):
        statement = cls.env["aftersales.statement"].create({
            "contract_id": cls.contract.id, "period_start": first, "period_end": last, "zone": "UTC",
            "start_at": f"{first} 00:00:00", "end_at": f"{end} 00:00:00"})
        cls.env["aftersales.statement.line"].create({
            "statement_id": statement.id, "target_id": cls.resolution_target.id, "metric": "resolution",
            "objective": 95, "due": 8, "met": 6, "breached": 2, "reached": "no"})
        return statement

    def page(self, path, user=None):
        """(final path, text of the page without markup) as the user sees it; ``None``: nobody logged in."""
        self.authenticate(user and user.login, user and user.login)
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200, path)
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.text)))
        return answer.url.removeprefix(self.base_url()), text

    def test_home_counts_what_is_theirs(self):
        for user, cards in ((self.carla, ("1 Service Contracts", "1 Open Service Requests", "1 Statements")),
                            (self.diego, ("1 Service Contracts", "1 Open Service Requests"))):
            _path, text = self.page("/my", user)
            for card in cards:
                self.assertIn(card, text)
        self.assertIn("d-none", self._card("/my/statements", self.diego))
        self.assertIn("d-none", self._card("/my/requests", self.outsider))

    def _card(self, url, user):
        self.authenticate(user.login, user.login)
        home = self.url_open("/my").text
        return re.search(rf'<div class="o_portal_index_card([^"]*)">\s*<a href="{url}"', home).group(1)

    def test_lists_show_own_records_and_teach_when_empty(self):
        for user, path, shown, hidden in (
            (self.carla, "/my/contracts", self.contract.name, None),
            (self.diego, "/my/contracts", self.contract.name, None),
            (self.outsider, "/my/contracts", "There is no service contract to show here", self.contract.name),
            (self.carla, "/my/requests", self.request.name, None),
            (self.diego, "/my/requests", self.request.name, "New request"),
            (self.outsider, "/my/requests", "There is no service request to show here", self.request.name),
            (self.carla, "/my/statements", "ST/TEST/1", "April 2026"),
            (self.diego, "/my/statements", "There is no statement yet", "ST/TEST/1"),
        ):
            with self.subTest(f"{user.login} {path}"):
                _path, text = self.page(path, user)
                self.assertIn(shown, text)
                if hidden:
                    self.assertNotIn(hidden, text)

    def test_long_lists_have_pages_filters_and_an_order(self):
        for number in range(85):
            self.a_request(title=f"Number {number:02d}", opened=f"2026-04-01 {number // 10:02d}:{number % 10:02d}:00")
        _path, first = self.page("/my/requests", self.carla)
        _path, second = self.page("/my/requests/page/2", self.carla)
        self.assertIn("Number 84", first)
        self.assertNotIn("Number 01", first)
        self.assertIn("Number 01", second)
        _path, done = self.page("/my/requests?filterby=done", self.carla)
        self.assertNotIn("Number 84", done)
        for wrong in ("?sortby=nonsense", "?filterby=nonsense", "?sortby=name"):
            self.assertIn("Number", self.page(f"/my/requests{wrong}", self.carla)[1])

    def test_a_contract_with_its_terms_levels_requests_and_statements(self):
        self.contract.note = "Margin is thin"
        path = f"/my/contracts/{self.contract.id}"
        url, text = self.page(path, self.carla)
        self.assertEqual(url, path)
        for part in ("Compressor Care", "Northern Dealer", "Office ( UTC )", "NW-1", "8 h 00 min", "95 %",
                     self.request.name, "ST/TEST/1", "New request"):
            self.assertIn(part, text)
        self.assertNotIn("Margin is thin", text)
        _url, dealers = self.page(path, self.diego)
        self.assertIn(self.request.name, dealers)
        self.assertNotIn("ST/TEST/1", dealers)
        self.assertEqual(self.page(path, self.outsider)[0], "/my")

    def test_a_link_opens_one_page_and_not_what_lies_beside_it(self):
        token = self.contract._portal_ensure_token()
        url, text = self.page(f"/my/contracts/{self.contract.id}?access_token={token}")
        self.assertTrue(url.startswith(f"/my/contracts/{self.contract.id}"))
        self.assertIn("Compressor Care", text)
        for hidden in (self.request.name, "ST/TEST/1", "New request"):
            self.assertNotIn(hidden, text)
        for wrong in ("", "?access_token=", "?access_token=guess"):
            self.assertIn("/web/login", self.page(f"/my/contracts/{self.contract.id}{wrong}")[0])

    def test_a_request_shows_its_clocks_and_what_concerns_the_customer(self):
        path = f"/my/requests/{self.request.id}"
        with freeze_time("2026-03-02 11:30:00"):
            self.request._evaluate()
            _url, text = self.page(path, self.carla)
        for part in ("Resolution", "4 h 30 min left", "Promised within 8 h 00 min", "First Response", "Met",
                     "The part is on its way", "In Progress", "Pier 3"):
            self.assertIn(part, text)
        for hidden in ("Only for the office", "Waiting for Third Party"):
            self.assertNotIn(hidden, text)
        self.assertIn(self.request.name, self.page(path, self.diego)[1])
        self.assertEqual(self.page(path, self.outsider)[0], "/my")
        token = self.request._portal_ensure_token()
        self.assertIn("The part is on its way", self.page(f"{path}?access_token={token}")[1])

    def send(self, user, **form):
        self.authenticate(user.login, user.login)
        before = self.env["aftersales.request"].search([])
        answer = self.url_open("/my/requests/new", data={"csrf_token": http.Request.csrf_token(self), **form})
        return answer, self.env["aftersales.request"].search([("id", "not in", before.ids)])

    def test_a_customer_sends_a_request_and_its_clocks_start(self):
        answer, request = self.send(
            self.carla, title=" Pump leaks ", asset_id=self.machine.id, impact="high", description="<b>Since</b> May")
        self.assertEqual(answer.url, f"{self.base_url()}/my/requests/{request.id}")
        self.assertRecordValues(request, [{
            "title": "Pump leaks", "partner_id": self.contact.id, "asset_id": self.machine.id, "impact": "high",
            "contract_id": self.contract.id, "kind": "new", "company_id": self.company.id}])
        self.assertIn("&lt;b&gt;Since", request.description)
        self.assertEqual(request.clock_ids.mapped("state"), ["running", "running"])

    def test_a_form_is_not_trusted(self):
        other = self.policy.copy({"name": "Other"})
        _answer, request = self.send(
            self.carla, title="Extra", impact="enormous", policy_id=other.id, partner_id=self.stranger.id,
            contract_id=0, opened_at="2020-01-01 00:00:00", user_id=self.carla.id)
        self.assertRecordValues(request, [{
            "impact": "medium", "policy_id": self.policy.id, "partner_id": self.contact.id, "user_id": False}])
        self.assertEqual(request.opened_at.year, request.create_date.year)
        foreign = {"title": "x", "asset_id": self.foreign_machine.id}
        for what, form in (("no title", {"title": "  "}), ("a foreign machine", foreign)):
            with self.subTest(what):
                answer, created = self.send(self.carla, **form)
                self.assertFalse(created)
                self.assertIn("is-invalid", answer.text)
        self.assertNotIn("XX-9", self.page("/my/requests/new", self.carla)[1])

    def test_who_has_no_contract_sends_nothing(self):
        for user in (self.outsider, self.diego):
            with self.subTest(user.login):
                answer, created = self.send(user, title="Not mine", asset_id="", impact="low")
                self.assertFalse(created)
                self.assertEqual(answer.url, f"{self.base_url()}/my/requests")
        self.authenticate(self.carla.login, self.carla.login)
        self.assertEqual(self.url_open("/my/requests/new", data={"title": "Forged"}).status_code, 400)

    def test_a_customer_writes_a_message(self):
        self.authenticate(self.carla.login, self.carla.login)
        self.make_jsonrpc_request("/mail/message/post", {
            "thread_model": "aftersales.request", "thread_id": self.request.id,
            "post_data": {"body": "Gate 4 is open now", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}})
        self.assertIn("Gate 4 is open now", self.request.message_ids[0].body)
        self.assertEqual(self.request.message_ids[0].author_id, self.contact)

    def test_a_statement_and_its_stored_pdf(self):
        path = f"/my/statements/{self.statement.id}"
        _url, text = self.page(path, self.carla)
        for part in ("March 2026", "ST/TEST/1", "75.00 %", "abc123", "Download PDF"):
            self.assertIn(part, text)
        token = self.statement._portal_ensure_token()
        for user, query in (
            (self.carla, "?report_type=pdf&download=1"), (None, f"?report_type=pdf&access_token={token}"),
        ):
            self.authenticate(user and user.login, user and user.login)
            answer = self.url_open(path + query)
            self.assertEqual((answer.content, answer.headers["Content-Type"]), (PDF, "application/pdf"))
            kind = "attachment" if user else "inline"
            self.assertTrue(answer.headers["Content-Disposition"].startswith(f"{kind}; filename"), kind)
        self.assertEqual(self.page(path, self.diego)[0], "/my")
        self.assertEqual(self.page(path, self.outsider)[0], "/my")

    def test_a_draft_is_not_shown_even_by_link(self):
        token = self.draft._portal_ensure_token()
        for query in ("", f"?access_token={token}", f"?report_type=pdf&access_token={token}"):
            with self.subTest(query):
                self.assertEqual(self.page(f"/my/statements/{self.draft.id}{query}", self.carla)[0], "/my")

    def test_what_does_not_exist_leads_home(self):
        for path in ("/my/contracts/999999999", "/my/requests/999999999", "/my/statements/999999999"):
            self.assertEqual(self.page(path, self.carla)[0], "/my")

    def test_the_office_may_open_the_pages_too(self):
        """An account manager follows a customer's link into the portal page; lists of their own stay empty."""
        self.anna.company_ids = [Command.link(self.company.id)]
        self.assertIn("Compressor Care", self.page(f"/my/contracts/{self.contract.id}", self.anna)[1])
        self.assertNotIn(self.contract.name, self.page("/my/contracts", self.anna)[1])
