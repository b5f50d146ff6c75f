"""Feedback of customers: a fact of the customer's own, and what happens when it is bad."""

import psycopg2
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .performance_case import PerformanceCase


class TestFeedback(PerformanceCase):
    def test_an_agent_enters_what_the_customer_said(self):
        request = self.executed()
        feedback = self.env["aftersales.feedback"].with_user(self.agent).create(
            {"request_id": request.id, "csat": "4", "nps": "9", "text": "  Quick  "})
        self.assertRecordValues(feedback, [{
            "channel": "office", "given_by_id": self.agent.id, "partner_id": self.customer.id, "text": "Quick",
            "given_at": fields.Datetime.to_datetime(self.now), "executor_id": self.dealer.id, "is_negative": False}])

    def test_nobody_says_that_it_came_through_the_portal(self):
        """Whoever may enter feedback cannot pass it off as the customer's own, nor date it into another period."""
        request = self.executed()
        for values in ({"channel": "portal"}, {"given_at": "2026-03-04 08:00:00"}, {"given_by_id": self.anna.id},
                       {"obligation_id": False}, {"answer_by": False}):
            with self.subTest(values), self.assertRaises(AccessError):
                self.env["aftersales.feedback"].with_user(self.boss).create(
                    {"request_id": request.id, "csat": "5", **values})

    def test_it_never_changes_and_stays(self):
        feedback = self.said(self.executed(), csat="1")
        for user in (self.boss, self.env.user):
            with self.subTest(user.login), self.assertRaises(UserError):
                feedback.with_user(user).sudo().write({"csat": "5"})
            with self.subTest(user.login), self.assertRaises(UserError):
                feedback.with_user(user).sudo().unlink()

    def test_only_the_customers_people_judge_and_only_what_is_done(self):
        request, running = self.executed(), self.a_request("2026-03-02 08:00:00")
        Feedback = self.env["aftersales.feedback"]
        for values, word in (
            ({"request_id": request.id, "partner_id": self.dealer_contact.id}, "Northern Dealer"),
            ({"request_id": running.id}, "not done yet"),
            ({"request_id": request.id, "text": "x" * 4001}, "4001 characters"),
        ):
            with self.subTest(word), self.assertRaisesRegex(ValidationError, word):
                Feedback.create({"csat": "5", **values})

    def test_feedback_that_says_nothing_is_none(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation):
            self.said(self.executed(), text="   ")

    def test_what_is_negative(self):
        request = self.executed()
        for answers, negative in (
            ({"csat": "1"}, True), ({"csat": "2"}, True), ({"csat": "3"}, False), ({"csat": "5", "nps": "0"}, False),
            ({"nps": "6"}, True), ({"nps": "7"}, False), ({"nps": "0"}, True), ({"csat": "5", "complaint": True}, True),
            ({"text": "Nice"}, False),
        ):
            with self.subTest(answers):
                self.assertEqual(self.said(request, **answers).is_negative, negative)

    def test_row79_negative_feedback_falls_due_in_working_hours(self):
        """Given on a Friday at 16:00, within 8 working hours: Monday 16:00 by the office of the contract."""
        request = self.executed()
        feedback = self.said(request, given="2026-03-06 16:00:00", csat="1", text="Wrong part")
        self.assertEqual(str(feedback.answer_by), "2026-03-09 16:00:00")
        duty = feedback.obligation_id
        self.assertRecordValues(duty, [{
            "direction": "ours", "user_id": self.anna.id, "contract_id": self.contract.id, "state": "open",
            "partner_id": self.customer.id, "date_due": fields.Date.to_date("2026-03-09"),
            "description": "Wrong part"}])
        self.assertEqual(duty.activity_ids.user_id, self.anna)
        self.assertFalse(self.said(request, csat="5").obligation_id)

    def test_without_hours_nobody_is_told(self):
        self.company.aftersales_feedback_hours = 0
        self.assertFalse(self.said(self.executed(), csat="1").obligation_id)

    def test_a_complaint_of_an_agent_makes_the_same_duty(self):
        feedback = self.env["aftersales.feedback"].with_user(self.agent).create(
            {"request_id": self.executed().id, "complaint": True})
        self.assertEqual(feedback.obligation_id.user_id, self.anna)

    def test_the_customer_may_judge_once_for_each_time_that_it_was_done(self):
        request = self.executed()
        with freeze_time("2026-03-04 08:00:00"):
            self.assertTrue(request._takes_feedback())
            request._take_feedback("portal", self.contact, {"csat": "2", "nps": "77", "channel": "office"})
            self.assertFalse(request._takes_feedback())
            with self.assertRaisesRegex(UserError, "cannot be judged now"):
                request._take_feedback("portal", self.contact, {"csat": "5"})
        self.assertRecordValues(request.feedback_ids, [{"csat": "2", "nps": False, "channel": "portal"}])
        self.event(request, "in_progress", "2026-03-05 08:00:00")
        self.assertFalse(request._takes_feedback())
        self.event(request, "resolved", "2026-03-06 08:00:00")
        self.event(request, "closed", "2026-03-09 08:00:00")
        self.assertEqual(str(request._done_at()), "2026-03-06 08:00:00")
        self.assertTrue(request._takes_feedback())

    def test_what_the_office_entered_does_not_silence_the_customer(self):
        request = self.executed()
        self.env["aftersales.feedback"].with_user(self.agent).create({"request_id": request.id, "csat": "5"})
        self.assertTrue(request._takes_feedback())

    def test_asking_needs_an_address_and_something_done(self):
        done, running = self.executed(), self.a_request("2026-03-02 08:00:00")
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            done.with_user(self.agent).action_ask_feedback()
        self.customer.email = "office@harbour.example.com"
        with self.assertRaisesRegex(UserError, "cannot be judged now"):
            running.with_user(self.agent).action_ask_feedback()
        done.with_user(self.agent).action_ask_feedback()
        mail = self.env["mail.mail"].sudo().search([("model", "=", done._name), ("res_id", "=", done.id)])
        self.assertIn(f"/my/requests/{done.id}/feedback?token=", mail.body_html)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertTrue(done.feedback_asked_at)

    def test_the_night_asks_each_customer_once(self):
        self.customer.email = "office@harbour.example.com"
        fresh = self.executed("2026-05-18 08:00", "2026-05-18 09:00", "2026-05-18 10:00")
        old, Request = self.executed(), self.env["aftersales.request"]
        due = lambda: Request.search(Request._nightly_feedback_domain(None))  # noqa: E731
        self.assertNotIn(fresh, due())
        self.company.aftersales_ask_feedback = True
        self.assertIn(fresh, due())
        self.assertNotIn(old, due())
        self.assertEqual(fresh._nightly_feedback(None), [(fresh, "asked Harbour Freight for feedback")])
        self.assertNotIn(fresh, due())
