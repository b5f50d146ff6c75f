"""The page of recalls: the owner answers, somebody else's machine cannot be answered for."""

from odoo import http
from odoo.tests import HttpCase, tagged

from .test_recalls import RecallCase


@tagged("post_install", "-at_install")
class TestRecallPage(RecallCase, HttpCase):
    def test_the_owner_asks_for_an_appointment(self):
        self.a_machine("SN-0150")
        self.a_machine("SN-0151", partner_id=self.stranger.id)
        self.released()
        self.authenticate(self.carla.login, self.carla.login)
        page = self.url_open("/my/recalls")
        self.assertIn("Hose may burst", page.text)
        self.assertIn("SN-0150", page.text)
        self.assertNotIn("SN-0151", page.text)
        self.assertIn("Recalls", self.url_open("/my").text)
        token = {"csrf_token": http.Request.csrf_token(self), "note": "Monday"}
        answer = self.url_open(f"/my/recalls/{self.row('SN-0150').id}/answer", {**token, "response": "booked"})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual((self.row("SN-0150").response, self.row("SN-0150").response_note), ("booked", "Monday"))
        self.url_open(f"/my/recalls/{self.row('SN-0151').id}/answer", {**token, "response": "declined"})
        self.assertEqual(self.row("SN-0151").response, "none")
        again = self.url_open(f"/my/recalls/{self.row('SN-0150').id}/answer", {**token, "response": "done"})
        self.assertIn("appointment, or declined", again.text)
