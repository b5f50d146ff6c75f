"""Feedback through the portal, over HTTP: the customer judges; the dealer, strangers and guessed tokens do not."""

import re

from odoo import http
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import SQL

from .common import AftersalesCase


@tagged("post_install", "-at_install")
class TestFeedbackPortal(AftersalesCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.amend(cls.contract, dealer_id=cls.dealer.id)
        cls.request = cls.a_request(partner_id=cls.contact.id)
        cls.request.record_event("resolved", "2026-03-02 09:00:00")
        cls.request.executor_id = cls.dealer
        cls.running = cls.a_request(partner_id=cls.contact.id)
        cls.url = f"/my/requests/{cls.request.id}/feedback"

    def page(self, path, user=None):
        """(final path, text) as the user sees it; ``None``: nobody logged in."""
        self.authenticate(user and user.login, user and user.login)
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200, path)
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.text)))
        return answer.url.removeprefix(self.base_url()), text

    def send(self, user=None, url=None, **form):
        """Send the form; the final path."""
        self.authenticate(user and user.login, user and user.login)
        answer = self.url_open(url or self.url, data={"csrf_token": http.Request.csrf_token(self), **form})
        return answer.url.removeprefix(self.base_url()), answer.text

    def said(self):
        return self.env["aftersales.feedback"].search([("request_id", "=", self.request.id)])

    def test_the_customer_is_asked_answers_and_is_thanked(self):
        _path, text = self.page(f"/my/requests/{self.request.id}", self.carla)
        self.assertIn("How did we do?", text)
        path, _text = self.send(self.carla, csat="4", nps="0", text="<b>Fast</b>")
        self.assertEqual(path, f"/my/requests/{self.request.id}?feedback=thanks")
        self.assertRecordValues(self.said(), [{
            "csat": "4", "nps": "0", "complaint": False, "channel": "portal", "partner_id": self.contact.id,
            "text": "<b>Fast</b>", "given_by_id": self.carla.id}])
        _path, text = self.page(f"/my/requests/{self.request.id}", self.carla)
        self.assertIn("Thank you for your feedback", text)
        self.assertNotIn("How did we do?", text)

    def test_a_second_answer_and_an_empty_one_are_refused_in_words(self):
        _path, page = self.send(self.carla)
        self.assertIn("Feedback says something", page)
        self.assertFalse(self.said())
        self.send(self.carla, csat="4")
        _path, page = self.send(self.carla, csat="1")
        self.assertIn("nothing to judge here", page)
        self.assertEqual(self.said().mapped("csat"), ["4"])

    def test_who_executed_it_strangers_and_the_public_do_not_judge(self):
        token = self.request._portal_ensure_token()
        for user, url in (
            (self.diego, self.url), (self.outsider, self.url), (None, self.url), (self.agent, self.url),
            (self.diego, f"{self.url}?access_token={token}"), (None, f"{self.url}?access_token={token}"),
            (None, f"{self.url}?token={token}"), (None, f"{self.url}?token={'0' * 64}"), (None, f"{self.url}?token="),
            (self.carla, "/my/requests/0/feedback"), (None, "/my/requests/999999999/feedback?token=x"),
        ):
            with self.subTest(f"{user and user.login} {url}"):
                path, _page = self.send(user, url, csat="5")
                self.assertFalse(path.startswith("/my/requests"), path)
                self.assertFalse(self.said())
        _path, text = self.page(f"/my/requests/{self.request.id}", self.diego)
        self.assertNotIn("How did we do?", text)

    def test_the_link_of_the_mail_needs_no_login_and_is_of_one_request(self):
        link = self.request._feedback_url().removeprefix(self.base_url())
        _path, text = self.page(link)
        self.assertIn("How did we do?", text)
        token = link.split("token=")[1]
        path, _page = self.send(None, f"/my/requests/{self.running.id}/feedback?token={token}", csat="5")
        self.assertFalse(path.startswith("/my/requests"), path)
        _path, page = self.send(None, self.url, token=token, csat="1", complaint="1")
        self.assertIn("Your feedback has arrived", page)
        feedback = self.said()
        self.assertRecordValues(feedback, [{
            "csat": "1", "complaint": True, "channel": "link", "partner_id": self.contact.id}])
        self.assertEqual(feedback.obligation_id.user_id, self.anna)
        self.assertEqual(feedback.obligation_id.state, "open")
        _path, page = self.send(None, self.url, token=token, csat="5")
        self.assertIn("nothing to judge here", page)

    def test_the_dealer_cannot_read_the_token_of_the_link(self):
        """The access token of a request can be read by whoever serves it; that of the link is stored nowhere."""
        token = self.request._portal_ensure_token()
        self.assertEqual(self.request.with_user(self.diego).access_token, token)
        self.env.flush_all()
        [[row]] = self.env.execute_query(SQL(
            "SELECT row_to_json(r)::text FROM aftersales_request r WHERE id = %s", self.request.id))
        self.assertIn(token, row)
        self.assertNotIn(self.request._feedback_token(), row)

    def test_an_open_request_is_not_judged(self):
        path, page = self.send(self.carla, f"/my/requests/{self.running.id}/feedback", csat="5")
        self.assertIn("nothing to judge here", page)
        self.assertFalse(self.running.feedback_ids)

    def test_without_a_csrf_token_nothing_is_taken(self):
        self.authenticate(self.carla.login, self.carla.login)
        self.assertEqual(self.url_open(self.url, data={"csat": "5"}).status_code, 400)
        self.assertFalse(self.said())

    def test_invented_choices_are_dropped(self):
        with freeze_time("2026-03-04 08:00:00"):
            self.send(self.carla, csat="99", nps="-1", text="x", channel="office", given_at="2020-01-01 00:00:00")
        self.assertRecordValues(self.said(), [{"csat": False, "nps": False, "channel": "portal"}])
        self.assertGreater(self.said().given_at.year, 2020)
