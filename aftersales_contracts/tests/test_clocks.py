"""From service events to clocks, through the models: what a person sees on the request."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import AftersalesCase

HOUR = 3600
MONDAY = "2026-03-02"


class TestClocks(AftersalesCase):
    # (what happens, [(status, instant)], state, due, stopped, elapsed hours) of the resolution clock, opened on
    # Monday at 8 with 8 hours to go; read on Monday, two weeks later
    TABLE = [
        ("solved in the morning", [("resolved", "03-02 12:00:00")], "met", "03-02 17:00", "03-02 12:00", 4),
        ("solved in the due second", [("resolved", "03-02 17:00:00")], "met", "03-02 17:00", "03-02 17:00", 8),
        ("solved a second late", [("resolved", "03-02 17:00:01")], "breached", "03-02 17:00", "03-02 17:00:01", 8),
        ("solved next morning", [("resolved", "03-03 08:30:00")], "breached", "03-02 17:00", "03-03 08:30", 8.5),
        ("never solved", [("in_progress", "03-02 09:00:00")], "breached", "03-02 17:00", None, 80),
        ("waited for the customer", [("waiting_customer", "03-02 10:00:00"), ("in_progress", "03-03 10:00:00"),
         ("resolved", "03-03 16:00:00")], "met", "03-03 17:00", "03-03 16:00", 7),
        ("still waits", [("waiting_vendor", "03-02 11:00:00")], "paused", "03-02 17:00", None, 3),
        ("waiting internally counts", [("waiting_internal", "03-02 10:00:00"), ("resolved", "03-03 09:00:00")],
         "breached", "03-02 17:00", "03-03 09:00", 9),
        ("reopened and solved", [("resolved", "03-02 10:00:00"), ("in_progress", "03-03 08:00:00"),
         ("resolved", "03-03 15:00:00")], "met", "03-03 15:00", "03-03 15:00", 8),
        ("reopened for too long", [("resolved", "03-02 10:00:00"), ("in_progress", "03-03 08:00:00"),
         ("resolved", "03-03 15:00:01")], "breached", "03-03 15:00", "03-03 15:00:01", 8 + 1 / HOUR),
        ("an update changes nothing", [("updated", "03-02 09:00:00"), ("resolved", "03-02 12:00:00")],
         "met", "03-02 17:00", "03-02 12:00", 4),
        ("cancelled in time", [("cancelled", "03-02 12:00:00")], "cancelled", "03-02 17:00", None, 4),
        ("cancelled too late", [("cancelled", "03-03 12:00:00")], "breached", "03-02 17:00", None, 12),
    ]

    def test_resolution_clock_of_each_course_of_events(self):
        for what, events, state, due, stopped, hours in self.TABLE:
            with self.subTest(what), freeze_time("2026-03-16 08:00:00"):
                request = self.a_request()
                for code, at in events:
                    self.event(request, code, f"2026-{at}")
                self.assert_clock(
                    self.clock(request), state, due_at=f"2026-{due}", elapsed=round(hours * HOUR),
                    stopped_at=stopped and f"2026-{stopped}" or False)

    def test_a_pause_across_a_weekend_moves_the_due_instant_by_its_working_time(self):
        with freeze_time("2026-03-16 08:00:00"):
            request = self.a_request(opened="2026-03-06 08:00:00")  # a Friday
            self.event(request, "waiting_customer", "2026-03-06 12:00:00")
            self.event(request, "in_progress", "2026-03-09 13:00:00")
            self.event(request, "resolved", "2026-03-09 17:00:00")
        self.assert_clock(
            self.clock(request), "met", due_at="2026-03-09 17:00", elapsed=8 * HOUR, paused=8 * HOUR)

    def test_first_response_stops_at_the_first_answer_and_stays(self):
        with freeze_time("2026-03-16 08:00:00"):
            request = self.a_request()
            self.event(request, "in_progress", f"{MONDAY} 12:00:00")
            self.event(request, "queued", f"{MONDAY} 14:00:00")
        self.assert_clock(
            self.clock(request, "first_response"), "met", due_at=f"{MONDAY} 12:00", stopped_at=f"{MONDAY} 12:00",
            elapsed=4 * HOUR, decided_at=f"{MONDAY} 12:00")

    def test_events_in_any_order_give_the_same_clocks(self):
        events = [("waiting_customer", f"{MONDAY} 10:00:00"), ("in_progress", f"{MONDAY} 14:00:00"),
                  ("resolved", f"{MONDAY} 16:00:00")]
        found = []
        for order in (events, events[::-1]):
            request = self.a_request()
            for code, at in order:
                self.event(request, code, at)
            clock = self.clock(request)
            found.append((clock.state, clock.due_at, clock.stopped_at, clock.elapsed, clock.paused, request.kind))
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0][3:], (4 * HOUR, 3 * HOUR, "done"))

    def test_a_breach_is_decided_when_it_was_due_and_a_met_clock_when_it_stopped(self):
        late, early = self.a_request(), self.a_request()
        self.event(late, "resolved", "2026-04-07 10:00:00")
        self.event(early, "resolved", f"{MONDAY} 10:00:00")
        self.assert_clock(self.clock(late), "breached", decided_at=f"{MONDAY} 17:00")
        self.assert_clock(self.clock(early), "met", decided_at=f"{MONDAY} 10:00")

    def test_live_reading_of_an_open_clock(self):
        with freeze_time(f"{MONDAY} 08:00:00"):
            request = self.a_request()
        clock = self.clock(request)
        for now, elapsed, left, text, risky in (
            (f"{MONDAY} 10:30:00", 2.5, 5.5, "5 h 30 min left", False),
            (f"{MONDAY} 12:30:00", 4, 4, "4 h 00 min left", False),
            (f"{MONDAY} 15:00:00", 6, 2, "2 h 00 min left", True),
        ):
            with self.subTest(now), freeze_time(now):
                clock.invalidate_recordset()
                self.assertEqual((clock.elapsed_now, clock.remaining), (elapsed * HOUR, left * HOUR))
                self.assertEqual(clock.reading_text, text)
                self.assertEqual(clock.at_risk, risky)
                self.assertEqual(bool(clock.search([("id", "=", clock.id), ("at_risk", "=", True)])), risky)

    def test_a_voided_event_is_left_out_and_kept(self):
        request = self.a_request()
        self.event(request, "resolved", "2026-03-03 10:00:00")
        early = self.event(request, "resolved", f"{MONDAY} 09:00:00")
        self.assert_clock(self.clock(request), "met", stopped_at=f"{MONDAY} 09:00")
        self.env["aftersales.request.event"].browse(early).action_void()
        self.assert_clock(self.clock(request), "breached", stopped_at="2026-03-03 10:00", elapsed=10 * HOUR)
        self.assertTrue(self.env["aftersales.request.event"].browse(early).exists())
        change = self.env["aftersales.sla.clock.change"].search([("request_id", "=", request.id)])
        self.assertIn(("met", "breached"), change.mapped(lambda row: (row.old_state, row.new_state)))

    def test_evaluating_again_writes_nothing(self):
        request = self.a_request()
        self.event(request, "waiting_customer", f"{MONDAY} 10:00:00")
        open_request = self.a_request(opened=fields.Datetime.now())
        both = request | open_request
        both._evaluate()
        before = self._versions(both)
        with self.assertQueryCount(4):  # requests, changed terms, events, clocks: no write
            changes, errors = self.env["aftersales.request"]._evaluate_ids(both.ids)
        self.assertEqual((changes, errors), ([], {}))
        self.assertEqual(self._versions(both), before)

    def _versions(self, requests):
        """PostgreSQL's own row versions of the clocks: they differ after any UPDATE, even of equal values."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, xmin::text, ctid::text FROM aftersales_sla_clock WHERE request_id = ANY(%s) ORDER BY id",
            [requests.ids])
        return self.env.cr.fetchall()


class TestChangedTerms(AftersalesCase):
    """Priority, policy and contract changed while a clock runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.urgent = cls.env["aftersales.sla.target"].create({
            "policy_id": cls.policy.id, "metric": "resolution", "impact": "high", "duration_minutes": 240})

    def test_a_changed_impact_supersedes_the_open_clock_from_the_same_start(self):
        with freeze_time(f"{MONDAY} 08:00:00"):
            request = self.a_request()
        with freeze_time(f"{MONDAY} 10:00:00"):
            request.impact = "high"
        self.assert_clock(
            self.clock(request), "running", target_id=self.urgent, started_at=f"{MONDAY} 08:00",
            due_at=f"{MONDAY} 12:00", revision=1)
        old = request.clock_ids.filtered(lambda c: c.state == "superseded")
        self.assert_clock(old, "superseded", target_id=self.resolution_target, is_current=False, revision=0)

    def test_pauses_move_to_the_new_target(self):
        with freeze_time("2026-03-16 08:00:00"):
            request = self.a_request()
            self.event(request, "waiting_customer", f"{MONDAY} 09:00:00")
            self.event(request, "in_progress", f"{MONDAY} 11:00:00")
            self.event(request, "in_progress", f"{MONDAY} 11:30:00", impact="high")
            self.event(request, "resolved", f"{MONDAY} 14:00:00")
        self.assert_clock(
            self.clock(request), "met", due_at=f"{MONDAY} 15:00", elapsed=3 * HOUR, paused=2 * HOUR,
            target_id=self.urgent)

    def test_a_decided_clock_keeps_its_target(self):
        with freeze_time("2026-03-16 08:00:00"):
            request = self.a_request()
            self.event(request, "resolved", f"{MONDAY} 14:00:00")
            request.impact = "high"
        self.assert_clock(self.clock(request), "met", target_id=self.resolution_target, revision=0)

    def test_a_policy_may_judge_every_clock_by_the_last_values(self):
        self.policy.priority_basis = "last"
        with freeze_time("2026-03-16 08:00:00"):
            request = self.a_request()
            self.event(request, "resolved", f"{MONDAY} 14:00:00")
            request.impact = "high"
        self.assertEqual(request.clock_ids.mapped("revision"), [0, 0])
        self.assert_clock(self.clock(request), "breached", target_id=self.urgent, due_at=f"{MONDAY} 12:00")

    def test_a_contract_that_changes_its_policy_takes_open_requests_along(self):
        quick = self.policy.copy({"name": "Quick"})
        quick.target_ids.filtered(lambda t: t.metric == "resolution" and not t.impact).duration_minutes = 300
        with freeze_time(f"{MONDAY} 08:00:00"):
            request, closed = self.a_request(), self.a_request()
        with freeze_time(f"{MONDAY} 09:00:00"):
            self.event(closed, "resolved", f"{MONDAY} 09:00:00")
            self.amend(self.contract, policy_id=quick.id)
        self.assertEqual(request.policy_id, quick)
        self.assert_clock(self.clock(request), "running", due_at=f"{MONDAY} 14:00")
        self.assertEqual(closed.policy_id, self.policy)

    def test_the_closest_target_wins_and_none_means_no_clock(self):
        self.env["aftersales.sla.target"].create({
            "policy_id": self.policy.id, "metric": "on_site", "impact": "major", "duration_minutes": 120})
        self.assertFalse(self.a_request().clock_ids.filtered(lambda c: c.metric == "on_site"))
        self.assertEqual(self.clock(self.a_request(impact="major"), "on_site").due_at.hour, 10)
        self.assertEqual(self.clock(self.a_request(impact="high")).target_id, self.urgent)

    def test_one_country_has_its_own_schedule(self):
        taiwan = self.env.ref("base.tw")
        night = self.an_office(name="Taipei", tz="Asia/Taipei")
        self.policy.country_calendar_ids = [Command.create({"country_id": taiwan.id, "calendar_id": night.id})]
        request = self.a_request(opened=f"{MONDAY} 00:00:00", country_id=taiwan.id)  # 8:00 in Taipei
        self.assert_clock(self.clock(request), "breached", due_at=f"{MONDAY} 09:00", calendar_id=night)
