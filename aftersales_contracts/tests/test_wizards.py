"""Recording an event and the dry run of scheduled actions, as the people who may."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time

from .common import AftersalesCase

NOW = "2026-03-02 14:30:00"


@freeze_time(NOW)
class TestRecordEvent(AftersalesCase):
    def wizard(self, request, user, code=None):
        action = request.with_user(user).with_context(aftersales_status=code).action_record_event()
        return Form(self.env[action["res_model"]].with_user(user).with_context(**action["context"]))

    def test_an_agent_records_an_event_of_the_past_with_its_note(self):
        request = self.a_request()
        with self.wizard(request, self.agent, "waiting_customer") as form:
            self.assertEqual(form.status_id.code, "waiting_customer")
            form.occurred_at = "2026-03-02 10:00:00"
            form.note = "Purchase order number asked for"
        form.record.action_record()
        self.assert_clock(self.clock(request), "paused", elapsed=7200)
        self.assertEqual(request.event_ids[0].note, "Purchase order number asked for")
        self.assertEqual(request.event_ids[0].create_uid, self.agent)

    def test_changed_terms_travel_with_the_event(self):
        request = self.a_request()
        with self.wizard(request, self.agent, "in_progress") as form:
            form.impact = "major"
            form.priority = "3"
        form.record.action_record()
        self.assertEqual((request.impact, request.priority), ("major", "3"))
        self.assertEqual(request.tier_id, self.env["aftersales.support.tier"])

    def test_one_event_for_several_requests(self):
        requests = self.a_request() | self.a_request()
        with self.wizard(requests, self.agent, "in_progress") as form:
            pass
        form.record.action_record()
        self.assertEqual(requests.mapped("status_id.code"), ["in_progress"])

    def test_the_future_is_refused_in_words(self):
        with self.wizard(self.a_request(), self.agent, "resolved") as form:
            form.occurred_at = "2026-03-02 18:00:00"
        with self.assertRaisesRegex(UserError, "future"):
            form.record.action_record()

    def test_buttons_record_at_once(self):
        request = self.a_request().with_user(self.agent)
        request.action_start_work()
        self.assertEqual(request.kind, "in_progress")
        request.action_assign_to_me()
        self.assertEqual(request.user_id, self.agent)
        request.record_event("resolved")
        request.action_close_request()
        self.assertEqual(request.status_id.code, "closed")

    def test_who_may_not_write_requests_gets_no_wizard(self):
        with self.assertRaises(AccessError):
            self.a_request().with_user(self.clerk).action_record_event()


@freeze_time("2026-03-03 13:30:00")
class TestDryRun(AftersalesCase):
    def run_dry(self, scheduled_action, user=None):
        wizard = self.env["aftersales.dry.run"].with_user(user or self.boss).create(
            {"scheduled_action": scheduled_action})
        wizard.action_run()
        return wizard

    def test_clocks_that_would_breach_are_shown_and_not_touched(self):
        with freeze_time("2026-03-02 08:00:00"):
            request = self.a_request()
        wizard = self.run_dry("clocks")
        line = wizard.line_ids.filtered(lambda row: row.res_id == request.id and row.what == "First Response")
        self.assertIn("Running", line.old)
        self.assertIn("Breached", line.new)
        self.assert_clock(self.clock(request, "first_response"), "running")

    def test_contracts_that_would_expire_are_shown_and_stay(self):
        ended = self.a_contract(title="Ended", date_end="2026-02-28")
        line = self.run_dry("nightly").line_ids.filtered(lambda row: row.res_id == ended.id)
        self.assertEqual((line.subject, line.what), (ended.display_name, "Expire contracts"))
        self.assertEqual(ended.state, "active")

    def test_compliance_that_would_change_is_shown_and_not_counted(self):
        with freeze_time("2026-03-02 11:00:00"):
            self.a_request("2026-03-02 08:00:00").record_event("resolved", "2026-03-02 11:00:00")
        lines = self.run_dry("compliance").line_ids.filtered(lambda row: row.res_id == self.contract.id)
        self.assertTrue(lines)
        self.assertIn("1 due, 1 met, 0 breached", lines[0].new)
        self.assertFalse(self.contract.compliance_ids)

    def test_periods_that_would_close_are_shown_and_stay_open(self):
        self.contract.statement_start = "2026-03-01"
        with freeze_time("2026-04-20 08:00:00"):
            lines = self.run_dry("close").line_ids.filtered(lambda row: row.res_id == self.contract.id)
        self.assertTrue(lines, "March 2026 is over")
        self.assertIn("closed, statement to", lines[0].new)
        self.assertFalse(self.contract.statement_ids.filtered(lambda statement: statement.state != "draft"))

    def test_only_administrators_may_ask(self):
        with self.assertRaises(AccessError):
            self.run_dry("clocks", self.agent)
