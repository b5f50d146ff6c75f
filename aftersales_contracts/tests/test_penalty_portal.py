"""Credit statements and penalty notices in the portal: who sees which, and that guessing leads nowhere."""

import re

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import HttpCase, tagged

from .penalty_document_case import PenaltyDocumentCase


@tagged("post_install", "-at_install")
class TestPenaltyPortal(PenaltyDocumentCase, HttpCase):
    def setUp(self):
        super().setUp()
        provider = self.a_provider_contract(statement_start="2026-03-01")
        request = self.breach("2026-03-02 08:00", "2026-03-02 09:00", "2026-03-04 12:00")
        request.executor_id = self.dealer
        made, _problems = self.env["aftersales.penalty"]._assess_providers(provider, Date.to_date("2026-05-20"))
        self.notice = self.posted(made.filtered("amount"))
        self.provider = provider
        self.open_penalty = self.march(breaches=2)

    def issue(self):
        self.credit = self.posted(self.open_penalty)
        return self.credit

    def page(self, path, user=None):
        """(final path, text of the page without markup) as the user sees it; ``None``: nobody logged in."""
        self.authenticate(user and user.login, user and user.login)
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200, path)
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.text)))
        return answer.url.removeprefix(self.base_url()), text

    def test_each_sees_his_own_and_only_what_is_posted(self):
        self.assertIn("Nothing was credited or charged yet", self.page("/my/credits", self.carla)[1])
        credit = self.issue()
        for user, shown, hidden in (
            (self.carla, credit, self.notice), (self.diego, self.notice, credit),
            (self.outsider, None, credit | self.notice),
        ):
            with self.subTest(user.login):
                _path, text = self.page("/my/credits", user)
                for document in shown or ():
                    self.assertIn(document.name, text)
                    self.assertIn(document.kind_text, text)
                for document in hidden:
                    self.assertNotIn(document.name, text)
        self.assertIn("Nothing was credited or charged yet", self.page("/my/credits", self.outsider)[1])
        self.assertIn("1 Credits and Penalties", self.page("/my", self.carla)[1])
        self.assertIn("1 Credits and Penalties", self.page("/my", self.diego)[1])

    def test_the_page_shows_the_steps_and_the_stored_pdf(self):
        credit = self.issue()
        path = f"/my/credits/{credit.id}"
        url, text = self.page(path, self.carla)
        self.assertEqual(url, path)
        for part in ("Credit Statement of March 2026", credit.name, "We credit you", "Failures counted: 3.",
                     "Cost", "3 × 50 (failures)", "Cap of the period", "50.00 above 100.00 is cut", "Amount due",
                     credit.penalty_ids.move_id.name, credit.snapshot_hash):
            self.assertIn(part, text)
        token = credit._portal_ensure_token()
        for user, query in (
            (self.carla, "?report_type=pdf&download=1"), (None, f"?report_type=pdf&access_token={token}"),
        ):
            self.authenticate(user and user.login, user and user.login)
            answer = self.url_open(path + query)
            self.assertEqual(
                (answer.content, answer.headers["Content-Type"]), (credit.attachment_id.raw, "application/pdf"))
            kind = "attachment" if user else "inline"
            self.assertTrue(answer.headers["Content-Disposition"].startswith(f"{kind}; filename"), kind)
        _url, text = self.page(f"/my/credits/{self.notice.id}", self.diego)
        for part in ("Penalty Notice of March 2026", "If you object, tell us in writing"):
            self.assertIn(part, text)

    def test_ids_and_tokens_that_are_guessed_lead_nowhere(self):
        credit = self.issue()
        path, token = f"/my/credits/{credit.id}", credit._portal_ensure_token()
        for user in (self.diego, self.outsider):
            for query in ("", "?report_type=pdf", "?access_token=guess",
                          f"?access_token={self.notice._portal_ensure_token()}"):
                with self.subTest(f"{user.login} {query}"):
                    self.assertEqual(self.page(path + query, user)[0], "/my")
        for query in ("", "?access_token=", "?access_token=guess", "?report_type=pdf&access_token=guess"):
            self.assertIn("/web/login", self.page(path + query)[0])
        for unknown in (credit.id + 1000, 0):
            self.assertEqual(self.page(f"/my/credits/{unknown}", self.carla)[0], "/my")
        self.assertEqual(self.page(f"/my/credits/{self.notice.id}", self.carla)[0], "/my")
        self.assertIn(credit.name, self.page(f"{path}?access_token={token}")[1], "who holds the link sees this one")

    def test_a_link_opens_one_page_and_not_what_lies_beside_it(self):
        credit = self.issue()
        for user, shown in ((self.carla, True), (None, False)):
            token = self.contract._portal_ensure_token()
            _url, text = self.page(f"/my/contracts/{self.contract.id}?access_token={token}", user)
            self.assertEqual(credit.name in text, shown, user)
        self.assertIn(self.notice.name, self.page(f"/my/contracts/{self.provider.id}", self.diego)[1])
        self.amend(self.contract, dealer_id=self.dealer.id)
        _url, text = self.page(f"/my/contracts/{self.contract.id}", self.diego)
        self.assertIn("Compressor Care", text)
        self.assertNotIn(credit.name, text, "the dealer serves the contract, the credit is the customer's")

    def test_penalties_themselves_stay_in_the_office(self):
        credit = self.issue()
        for user in (self.carla, self.diego, self.outsider):
            for record in (credit.penalty_ids, credit.penalty_ids.line_ids, credit.penalty_ids.event_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["id"])
        self.assertEqual(credit.with_user(self.carla).amount, 100)
        for user in (self.diego, self.outsider):
            with self.assertRaises(AccessError):
                credit.with_user(user).read(["amount"])
        with self.assertRaises(UserError):
            credit.with_user(self.carla).write({"sent_at": False})
        with self.assertRaises(AccessError):
            credit.with_user(self.carla).action_send()

    def test_a_reversed_credit_says_so(self):
        credit = self.issue()
        credit.penalty_ids.with_user(self.felix).action_reverse("Wrong customer")
        self.assertIn("Taken back", self.page("/my/credits", self.carla)[1])
        self.assertIn("what it says is no longer owed", self.page(f"/my/credits/{credit.id}", self.carla)[1])
