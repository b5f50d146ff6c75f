"""A holiday that was forgotten: a proven breach is not turned silently; an excuse is proposed, and somebody decides."""

from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .common import AftersalesCase


@freeze_time("2026-03-20 12:00:00")
class TestScheduleProposal(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.a_request(opened="2026-03-02 08:00:00")
        cls.request.record_event("in_progress", "2026-03-03 09:00:00")  # the response was due on Monday at 12:00
        cls.late = cls.request.clock_ids.filtered(lambda clock: clock.metric == "first_response")
        cls.Excuse = cls.env["aftersales.sla.excuse"]

    def close(self, day):
        return self.env["resource.calendar.leaves"].create({
            "name": "Forgotten", "calendar_id": self.office.id, "date_from": f"2026-03-{day:02d} 00:00:00",
            "date_to": f"2026-03-{day:02d} 23:59:59"})

    def evaluate(self):
        while self.env["aftersales.sla.clock"]._evaluate_queued():
            pass

    def proposals(self):
        return self.Excuse.search([("clock_id", "=", self.late.id)])

    def test_the_breach_stays_and_an_excuse_is_proposed_once(self):
        self.assertEqual(self.late.state, "breached")
        self.close(2)
        self.evaluate()
        self.assert_clock(self.late, "breached", excused=False)
        self.assertRecordValues(self.proposals(), [{
            "state": "proposed", "reason": "schedule", "requested_by_id": self.env.ref("base.user_root").id}])
        self.assertIn("Office", self.proposals().evidence)
        self.close(4)
        self.evaluate()
        self.assertEqual(len(self.proposals()), 1)

    def test_finance_decides_on_it(self):
        self.close(2)
        self.evaluate()
        with self.assertRaises(UserError):
            self.proposals().with_user(self.anna).action_approve()
        self.proposals().with_user(self.felix).action_approve()
        self.assert_clock(self.late, "breached", excused=True)

    def test_a_refusal_is_final(self):
        self.close(2)
        self.evaluate()
        self.proposals().with_user(self.felix).action_refuse()
        self.close(4)
        self.evaluate()
        self.assertEqual(self.proposals().mapped("state"), ["refused"])

    def test_a_holiday_that_changes_no_verdict_proposes_nothing(self):
        self.close(10)
        self.evaluate()
        self.assertFalse(self.proposals())
