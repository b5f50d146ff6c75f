"""The scheduled action on clocks: its queue, changed terms and schedules, and clocks that time alone moves."""

from datetime import datetime

from odoo.tests import freeze_time

from .common import AftersalesCase

HOUR = 3600
MONDAY = "2026-03-02"
NINE, LATE = datetime(2026, 3, 2, 9), datetime(2026, 3, 3, 9)


class ActionCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Clock = cls.env["aftersales.sla.clock"]
        cls.Queue = cls.env["aftersales.evaluation.queue"]
        cls.Queue.search([]).unlink()  # another story's requests are not this test's

    def an_open_request(self, **values):
        """Opened on Monday at 8, answered at once: only its resolution clock runs, due at 17."""
        with freeze_time(f"{MONDAY} 08:00:00"):
            request = self.a_request(**values)
            self.event(request, "in_progress", f"{MONDAY} 08:00:00")
        return request

    def queued(self, cause=None):
        return self.Queue.search([("cause", "=", cause)] if cause else []).request_id

    def changes(self, request):
        return self.env["aftersales.sla.clock.change"].search([("request_id", "=", request.id)])


class TestChangedTermsInTheQueue(ActionCase):
    def test_an_edited_target_moves_open_clocks_only_and_says_so(self):
        running, decided = self.an_open_request(), self.an_open_request()
        self.event(decided, "resolved", f"{MONDAY} 10:00:00")
        self.resolution_target.duration_minutes = 60
        self.assertEqual(self.queued("terms"), running)
        self.assertEqual(self.Clock._evaluate_queued(now=NINE), 1)
        self.assert_clock(self.clock(running), "running", due_at=f"{MONDAY} 09:00", duration_seconds=HOUR)
        self.assert_clock(self.clock(decided), "met", due_at=f"{MONDAY} 17:00", duration_seconds=8 * HOUR)
        self.assertRecordValues(self.changes(running), [{
            "cause": "terms", "old_due_at": datetime(2026, 3, 2, 17), "new_due_at": NINE, "new_state": "running"}])
        self.assertFalse(self.changes(decided))
        self.assertFalse(self.queued())

    def test_a_decided_clock_keeps_its_target_when_a_later_fact_comes(self):
        request = self.an_open_request()
        self.event(request, "resolved", f"{MONDAY} 10:00:00")
        self.resolution_target.duration_minutes = 60
        self.event(request, "closed", f"{MONDAY} 11:00:00")
        self.assert_clock(self.clock(request), "met", duration_seconds=8 * HOUR, due_at=f"{MONDAY} 17:00")

    def test_an_edited_window_and_a_new_holiday_move_open_clocks(self):
        request = self.an_open_request()
        monday = self.office.attendance_ids.filtered(lambda line: line.dayofweek == "0" and line.hour_from == 13)
        monday.hour_to = 15
        self.assertEqual(self.queued("terms"), request)
        self.Clock._evaluate_queued(now=NINE)
        self.assert_clock(self.clock(request), "running", due_at="2026-03-03 10:00")
        self.env["resource.calendar.leaves"].create({
            "name": "Tuesday off", "calendar_id": self.office.id, "company_id": self.company.id,
            "date_from": "2026-03-03 00:00:00", "date_to": "2026-03-03 23:59:59"})
        self.Clock._evaluate_queued(now=NINE)
        self.assert_clock(self.clock(request), "running", due_at="2026-03-04 10:00")

    def test_a_holiday_of_the_whole_company_counts_and_its_removal_too(self):
        request = self.an_open_request()
        leave = self.env["resource.calendar.leaves"].create({
            "name": "Founding day", "calendar_id": False, "company_id": self.company.id,
            "date_from": f"{MONDAY} 12:00:00", "date_to": f"{MONDAY} 23:59:59"})
        self.Clock._evaluate_queued(now=NINE)
        self.assert_clock(self.clock(request), "running", due_at="2026-03-03 12:00")
        leave.unlink()
        self.Clock._evaluate_queued(now=NINE)
        self.assert_clock(self.clock(request), "running", due_at=f"{MONDAY} 17:00")

    def test_leave_of_a_person_concerns_no_clock(self):
        self.an_open_request()
        resource = self.env["resource.resource"].create({"name": "Technician", "calendar_id": self.office.id})
        self.env["resource.calendar.leaves"].create({
            "resource_id": resource.id, "calendar_id": self.office.id,
            "date_from": f"{MONDAY} 08:00:00", "date_to": f"{MONDAY} 12:00:00"})
        self.assertFalse(self.queued())

    def test_a_removed_target_withdraws_open_clocks_and_keeps_verdicts(self):
        running, decided = self.an_open_request(), self.an_open_request()
        self.event(decided, "resolved", f"{MONDAY} 10:00:00")
        self.resolution_target.active = False
        self.Clock._evaluate_queued(now=NINE)
        withdrawn = running.clock_ids.filtered(lambda c: c.metric == "resolution")
        self.assertEqual((withdrawn.state, withdrawn.is_current), ("cancelled", False))
        self.assert_clock(self.clock(decided), "met")

    def test_one_unclockable_schedule_is_reported_and_the_others_go_on(self):
        quiet = self.an_office(name="Night watch")
        self.a_contract(title="Night", calendar_id=quiet.id, partner_id=self.stranger.id)
        bad, good = self.an_open_request(partner_id=self.stranger.id), self.an_open_request()
        self.assertEqual(bad.calendar_id, quiet)
        quiet.schedule_type = "flexible"
        self.resolution_target.duration_minutes = 60
        self.assertEqual(self.queued("terms"), bad | good)
        self.Clock._evaluate_queued(now=NINE)
        self.assert_clock(self.clock(good), "running", due_at=f"{MONDAY} 09:00")
        self.assertEqual(self.queued(), bad)
        row = self.Queue.search([])
        self.assertIn("Night watch", row.error)
        self.assertEqual(self.Clock._evaluate_queued(now=NINE), 0, "a failed request is not tried again by itself")
        quiet.schedule_type = "fully_fixed"
        row.with_user(self.boss).action_retry()
        self.Clock._evaluate_queued(now=NINE)
        self.assert_clock(self.clock(bad), "running", due_at=f"{MONDAY} 09:00")

    def test_a_click_on_an_unclockable_request_is_recorded_and_its_error_waits(self):
        quiet = self.an_office(name="Night watch")
        self.a_contract(title="Night", calendar_id=quiet.id, partner_id=self.stranger.id)
        bad = self.an_open_request(partner_id=self.stranger.id)
        quiet.schedule_type = "flexible"
        self.event(bad, "in_progress", NINE)
        self.assertEqual(bad.status_id.code, "in_progress", "the fact is kept")
        self.assertEqual(self.queued(), bad)
        self.assertIn("Night watch", self.Queue.search([("request_id", "=", bad.id)]).error)
        quiet.schedule_type = "fully_fixed"
        bad._evaluate()
        self.assertFalse(self.queued())


class TestFallingDue(ActionCase):
    def test_time_alone_turns_a_running_clock_into_a_breach_once(self):
        request = self.an_open_request()
        clock = self.clock(request)
        for now, state in ((datetime(2026, 3, 2, 17), "running"), (datetime(2026, 3, 2, 17, 0, 1), "breached")):
            self.Clock._advance_due(now=now)
            self.assert_clock(clock, state)
        self.assert_clock(clock, "breached", decided_at=f"{MONDAY} 17:00", next_at=False, warn_at=False)
        self.assertNotIn(clock.id, [row[0] for row in self.Clock._due_rows(LATE, 100, lock=False)])

    def test_a_paused_clock_never_falls_due_by_itself(self):
        request = self.an_open_request()
        with freeze_time(f"{MONDAY} 10:00:00"):
            self.event(request, "waiting_customer", f"{MONDAY} 10:00:00")
        self.Clock._advance_due(now=datetime(2026, 4, 1))
        self.assert_clock(self.clock(request), "paused", next_at=False)

    def test_falling_due_and_evaluating_agree(self):
        request = self.an_open_request()
        self.Clock._advance_due(now=LATE)
        changes, errors = self.env["aftersales.request"]._evaluate_ids(request.ids, LATE)
        self.assertEqual((changes, errors), ([], {}))

    def test_the_dry_run_tells_what_the_run_does_and_writes_nothing(self):
        request = self.an_open_request()
        clock = self.clock(request)
        with freeze_time(LATE):
            found = self.Clock.with_user(self.agent).dry_run_clocks()
            self.assert_clock(clock, "running")
            told = [(row["old_state"], row["new_state"]) for row in found if row["request_id"] == request.id]
            self.assertEqual(told, [("running", "breached")])
            self.Clock._advance_due()
        self.assert_clock(clock, "breached")

    def test_the_scheduled_action_works_off_queue_and_due_clocks(self):
        due, queued = self.an_open_request(), self.an_open_request()
        self.env["aftersales.request.event"]._append([{
            "request_id": queued.id, "occurred_at": f"{MONDAY} 10:00:00", "source": "import",
            "source_state": "done", "status_id": self.env.ref("aftersales_contracts.status_resolved").id}])
        self.assertEqual(self.queued(), queued)
        with self.enter_registry_test_mode():
            outcome = self.env.ref("aftersales_contracts.cron_clocks").method_direct_trigger()
        self.assertIs(outcome, True)
        self.assert_clock(self.clock(due), "breached", decided_at=f"{MONDAY} 17:00")
        self.assert_clock(self.clock(queued), "met", stopped_at=f"{MONDAY} 10:00")
        self.assertFalse(self.queued())


class TestEscalation(ActionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.experts = cls.env["aftersales.team"].create({"name": "Experts", "leader_id": cls.boss.id})
        step = {"policy_id": cls.policy.id, "metric": "resolution"}
        cls.warn, cls.tell, cls.hand_over, cls.next_tier = cls.env["aftersales.sla.escalation"].create([
            {**step, "name": "Half gone", "trigger": "percent", "value": 50, "recipient": "account_manager"},
            {**step, "name": "Tell", "trigger": "before", "value": 60, "action": "notify",
             "recipient": "account_manager"},
            {**step, "name": "Hand over", "trigger": "percent", "value": 100, "action": "team",
             "team_id": cls.experts.id},
            {**step, "name": "Experts", "trigger": "after", "value": 30, "action": "next_tier"}])

    def fired(self, request):
        logs = self.env["aftersales.sla.escalation.log"].search([("request_id", "=", request.id)], order="due_at, id")
        return [(log.escalation_id, log.due_at.strftime("%d %H:%M")) for log in logs]

    def test_each_step_fires_at_its_instant(self):
        request = self.an_open_request(tier_id=self.env.ref("aftersales_contracts.tier_l1").id)
        for now, expected in (
            (datetime(2026, 3, 2, 11, 59), []),
            (datetime(2026, 3, 2, 12, 0), [(self.warn, "02 12:00")]),
            (datetime(2026, 3, 2, 16, 0), [(self.warn, "02 12:00"), (self.tell, "02 16:00")]),
        ):
            self.Clock._advance_due(now=now)
            self.assertEqual(self.fired(request), expected)
        self.assertEqual(
            request.activity_ids.mapped(lambda a: (a.summary.split(":")[0], a.user_id)), [("Half gone", self.anna)])
        self.Clock._advance_due(now=datetime(2026, 3, 2, 17, 0, 1))
        self.assertEqual((request.team_id, request.user_id), (self.experts, self.boss))

    def test_after_downtime_every_step_fires_once_with_its_own_instant(self):
        request = self.an_open_request(tier_id=self.env.ref("aftersales_contracts.tier_l1").id)
        for _run in range(2):
            self.Clock._advance_due(now=datetime(2026, 3, 5, 9))
            self.Clock._evaluate_queued(now=datetime(2026, 3, 5, 9))
        self.assertEqual(self.fired(request), [
            (self.warn, "02 12:00"), (self.tell, "02 16:00"), (self.hand_over, "02 17:00"),
            (self.next_tier, "03 08:30")])
        self.assertEqual(request.tier_id.code, "L2")
        self.assertEqual(len(request.activity_ids), 1)
        self.assert_clock(self.clock(request), "breached", next_at=False)

    def test_a_step_does_not_fire_again_on_new_facts(self):
        request = self.an_open_request()
        self.Clock._advance_due(now=datetime(2026, 3, 2, 12))
        with freeze_time(f"{MONDAY} 13:00:00"):
            self.event(request, "updated", f"{MONDAY} 13:00:00")
        self.Clock._advance_due(now=datetime(2026, 3, 2, 14))
        self.assertEqual(self.fired(request), [(self.warn, "02 12:00")])

    def test_a_closed_request_escalates_no_more(self):
        request = self.an_open_request()
        with freeze_time(f"{MONDAY} 11:00:00"):
            self.event(request, "resolved", f"{MONDAY} 11:00:00")
        self.Clock._advance_due(now=LATE)
        self.assertEqual(self.fired(request), [])

    def test_a_step_without_addressee_says_so(self):
        self.contract.user_id = False
        request = self.an_open_request()
        self.Clock._advance_due(now=datetime(2026, 3, 2, 12))
        log = self.env["aftersales.sla.escalation.log"].search([("request_id", "=", request.id)])
        self.assertEqual(log.outcome, "nobody to address")
        self.assertFalse(request.activity_ids)

    def test_the_last_tier_stays(self):
        last = self.env.ref("aftersales_contracts.tier_l3")
        request = self.an_open_request(tier_id=last.id)
        self.Clock._advance_due(now=datetime(2026, 3, 4, 9))
        log = self.env["aftersales.sla.escalation.log"].search(
            [("request_id", "=", request.id), ("escalation_id", "=", self.next_tier.id)])
        self.assertEqual((log.outcome, request.tier_id), ("no next tier", last))
