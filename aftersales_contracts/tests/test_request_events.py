"""Facts: every way in is the same way, and none of them leads out again."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time

from .common import AftersalesCase

MONDAY = "2026-03-02"


class TestRequestEvents(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.a_request()
        cls.Event = cls.env["aftersales.request.event"]
        cls.resolved = cls.env.ref("aftersales_contracts.status_resolved")

    def internal_users(self):
        return (self.agent, self.anna, self.felix, self.lena, self.boss, self.env.user)  # the last one: superuser

    def test_opening_is_the_first_event(self):
        event = self.request.event_ids
        self.assertRecordValues(event, [{
            "status_id": self.env.ref("aftersales_contracts.status_new").id, "source": "manual", "impact": "medium",
            "occurred_at": fields.Datetime.to_datetime(f"{MONDAY} 08:00:00")}])
        self.assertRegex(self.request.name, r"^SR\d{6}$")

    def test_no_context_of_a_remote_call_opens_a_request_without_its_first_event(self):
        forged = {"aftersales_import": True, "aftersales_origin": True}
        request = self.env["aftersales.request"].with_user(self.agent).with_context(**forged).create({
            "title": "Quiet", "partner_id": self.customer.id})
        self.assertEqual(len(request.event_ids), 1)
        request.impact = "high"
        self.assertEqual(len(request.event_ids), 2, "a changed term is a fact")

    def test_nobody_changes_or_deletes_an_event(self):
        event = self.request.event_ids
        for user in self.internal_users():
            with self.subTest(user.login):
                with self.assertRaises(UserError):
                    event.with_user(user).write({"note": "rewritten"})
                with self.assertRaises(UserError):
                    event.with_user(user).unlink()
                with self.assertRaises(UserError):
                    self.request.with_user(user).unlink()
        self.assertEqual((event.note, len(self.request.event_ids)), (False, 1))

    def test_a_remote_context_does_not_delete_proof(self):
        with self.assertRaises(UserError):
            self.request.with_user(self.boss).with_context(aftersales_purge=True).unlink()
        with self.assertRaises(UserError):
            self.request.clock_ids.with_user(self.boss).with_context(aftersales_purge=True).unlink()

    def test_an_agent_records_events_and_the_request_follows(self):
        request = self.request.with_user(self.agent)
        self.event(request, "in_progress", f"{MONDAY} 09:00:00", impact="high", tier_id=self.env.ref(
            "aftersales_contracts.tier_l2").id)
        self.event(request, "updated", f"{MONDAY} 10:00:00")
        self.assertEqual((request.status_id.code, request.kind, request.impact, request.tier_id.code),
                         ("in_progress", "in_progress", "high", "L2"))
        self.event(request, "new", f"{MONDAY} 07:30:00")
        self.assertEqual(request.opened_at, fields.Datetime.to_datetime(f"{MONDAY} 07:30:00"))
        self.assertEqual((request.status_id.code, request.last_event_at.hour), ("in_progress", 10))

    def test_the_same_event_twice_is_recorded_once(self):
        first = self.event(self.request, "resolved", f"{MONDAY} 09:00:00")
        again = self.event(self.request, "resolved", f"{MONDAY} 09:00:00")
        self.assertEqual((len(first), again), (1, []))
        self.assertEqual(len(self.request.event_ids), 2)

    def test_the_future_and_the_unknown_are_refused(self):
        now = fields.Datetime.now()
        for values, sentence in (
            (("resolved", now + timedelta(minutes=6)), "future"),
            (("nonsense", now), "no service status nonsense"),
            ((999999999, now), "no service status 999999999"),
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, sentence):
                self.request.record_event(*values)
        with self.assertRaisesRegex(UserError, "cannot change partner_id"):
            self.request.record_event("resolved", now, partner_id=self.stranger.id)
        self.event(self.request, "resolved", now + timedelta(minutes=4))  # two servers' clocks may differ

    def test_a_request_is_not_opened_in_the_future(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self.a_request(opened=fields.Datetime.now() + timedelta(hours=1))

    def test_remote_create_goes_the_same_way(self):
        values = {"request_id": self.request.id, "occurred_at": f"{MONDAY} 12:00:00", "status_id": self.resolved.id}
        Event = self.Event.with_user(self.agent)
        event = Event.create([values])
        self.assertRecordValues(event, [{"source": "api", "source_state": "resolved", "status_id": self.resolved.id}])
        self.assert_clock(self.clock(self.request), "met", stopped_at=f"{MONDAY} 12:00")
        self.assertFalse(Event.create([values]), "the same fact again is no new event")
        for wrong in ({"request_id": self.request.id, "status_id": self.resolved.id},
                      {"occurred_at": f"{MONDAY} 12:00:00", "status_id": self.resolved.id},
                      {**values, "create_date": "2020-01-01"},
                      {"request_id": self.request.id, "occurred_at": f"{MONDAY} 12:00:00"}):
            with self.subTest(wrong), self.assertRaises(UserError):
                Event.create([wrong])

    def test_remote_create_needs_the_right_to_the_request(self):
        foreign = self.a_request(company_id=self.other_company.id, partner_id=self.stranger.id)
        values = {"request_id": foreign.id, "occurred_at": f"{MONDAY} 12:00:00", "status_id": self.resolved.id}
        for user in (self.agent, self.anna, self.clerk, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.Event.with_user(user).create([values])

    def test_a_void_points_to_its_event_and_happens_once(self):
        event = self.Event.browse(self.event(self.request, "resolved", f"{MONDAY} 09:00:00"))
        with self.assertRaises(AccessError):
            event.with_user(self.carla).action_void()
        event.with_user(self.agent).action_void()
        self.assertEqual((self.request.status_id.code, self.request.kind), ("new", "new"))
        correction = self.Event.search([("voids_id", "=", event.id)])
        self.assertEqual((correction.source_state, correction.status_id), (f"void:{event.id}", self.resolved.browse()))
        for void in (event, correction):
            with self.assertRaisesRegex(UserError, "void already"):
                void.with_user(self.agent).action_void()

    def test_a_cancelled_request_takes_no_more_events(self):
        self.event(self.request, "cancelled", f"{MONDAY} 09:00:00")
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self.event(self.request, "in_progress", f"{MONDAY} 10:00:00")

    def test_a_changed_term_is_a_fact(self):
        with freeze_time(f"{MONDAY} 09:00:00"):
            self.request.with_user(self.agent).write({"impact": "high", "title": "Renamed"})
            self.request.with_user(self.agent).write({"impact": "high"})  # no change, no fact
        event = self.request.event_ids.filtered(lambda e: not e.status_id)
        self.assertEqual((event.impact, event.source_state), ("high", "terms:impact=high"))

    def test_facts_of_a_request_cannot_be_written_past_the_events(self):
        other = self.policy.copy({"name": "More lenient"})
        for name, value in (("status_id", self.resolved.id), ("opened_at", "2026-03-01 08:00:00"),
                            ("last_event_at", "2026-03-01 08:00:00"), ("policy_id", other.id), ("policy_id", False)):
            with self.subTest(name), self.assertRaises(UserError):
                self.request.with_user(self.agent).write({name: value})
            with self.subTest(f"{name} by context"), self.assertRaises(UserError):
                self.request.with_user(self.agent).with_context(aftersales_origin=True).write({name: value})

    def test_an_agent_gives_a_request_no_other_policy_and_voids_no_foreign_event(self):
        other = self.policy.copy({"name": "More lenient"})
        at = f"{MONDAY} 09:00:00"
        with self.assertRaisesRegex(UserError, "cannot change policy_id"):
            self.request.with_user(self.agent).record_event("in_progress", at, policy_id=other.id)
        values = {"request_id": self.request.id, "occurred_at": at, "status_id": self.resolved.id}
        for extra in ({"policy_id": other.id}, {"voids_id": self.a_request().event_ids.id}):
            with self.subTest(extra), self.assertRaisesRegex(UserError, "takes only"):
                self.Event.with_user(self.agent).create([{**values, **extra}])

    def test_a_contract_chosen_by_hand_brings_its_terms(self):
        request = self.a_request(partner_id=self.stranger.id).with_user(self.agent)
        self.assertFalse(request.clock_ids)
        request.contract_id = self.a_contract(partner_id=self.stranger.id)
        self.assertEqual((request.policy_id, len(request.clock_ids)), (self.policy, 2))
        self.assertFalse(request.contract_reason)
