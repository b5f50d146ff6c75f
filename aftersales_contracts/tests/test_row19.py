"""Edge cases of service levels that peers get wrong (row 19 of the requirements), each on real records.

The schedule is Monday to Friday, 8 to 12 and 13 to 17 UTC; 2026-03-02 is a Monday. Resolution is promised within 8 h.
"""

from odoo.fields import Command
from odoo.tests import freeze_time

from .statement_common import StatementCase


class TestRow19(StatementCase):
    def resolved_after(self, *events):
        """The resolution clock of a request of Monday 08:00 with these (status, instant) events."""
        request = self.a_request("2026-03-02 08:00:00")
        for code, at in events:
            self.event(request, code, at)
        return self.clock(request)

    def test_row19_paused_twice_counts_each_pause_once(self):
        clock = self.resolved_after(
            ("waiting_customer", "2026-03-02 09:00:00"), ("in_progress", "2026-03-02 10:00:00"),
            ("waiting_customer", "2026-03-02 11:00:00"), ("in_progress", "2026-03-02 14:00:00"),
            ("resolved", "2026-03-02 16:00:00"))
        # 8-9, 10-11, 14-16 are worked; the pauses hold 1 h and, the lunch break apart, 2 h of working time.
        self.assert_clock(clock, "met", elapsed=4 * 3600, paused=3 * 3600)

    def test_row19_reopened_goes_on_where_it_stopped(self):
        clock = self.resolved_after(
            ("resolved", "2026-03-02 10:00:00"), ("in_progress", "2026-03-03 08:00:00"),
            ("resolved", "2026-03-03 09:00:00"))
        self.assert_clock(clock, "met", elapsed=3 * 3600)

    def test_row19_the_deadline_second_is_in_time_the_next_is_not(self):
        self.assert_clock(self.resolved_after(("resolved", "2026-03-02 17:00:00")), "met")
        self.assert_clock(self.resolved_after(("resolved", "2026-03-03 08:00:01")), "breached",
                          due_at="2026-03-02 17:00:00")

    def test_row19_nothing_due_is_not_applicable(self):
        self.a_request("2026-03-31 16:00:00")  # runs on into April
        rows = self.refresh().filtered(lambda row: str(row.period_start) == "2026-03-01")
        self.assertTrue(rows)
        self.assertEqual(set(rows.mapped("rate_text")), {"n/a"})

    def test_row19_an_excused_breach_is_left_out(self):
        self.met()
        clock = self.breach()
        clock = clock if clock._name == "aftersales.sla.clock" else self.clock(clock)
        before = self.rate(clock.target_id)
        excuse = self.env["aftersales.sla.excuse"].with_user(self.anna).create(
            {"clock_id": clock.id, "reason": "customer", "evidence": "<p>The gate was locked</p>"})
        excuse.with_user(self.felix).action_approve()
        self.assertLess(before, 100)
        self.assertEqual(self.rate(clock.target_id), 100)

    def rate(self, target):
        self.env["aftersales.compliance"]._bring_up_to_date(self.contract)
        row = self.contract.compliance_ids.filtered(
            lambda one: one.target_id == target and str(one.period_start) == "2026-03-01")
        return row.rate

    def test_row19_a_changed_tier_leaves_a_decided_clock_alone(self):
        first, expert = (self.env.ref(f"aftersales_contracts.tier_{code}") for code in ("l1", "l3"))
        self.policy.target_ids = [Command.create(
            {"metric": "resolution", "tier_id": expert.id, "duration_minutes": 60, "pausable": True})]
        with freeze_time("2026-03-16 08:00:00"):
            request = self.a_request("2026-03-02 08:00:00", tier_id=first.id)
            self.event(request, "resolved", "2026-03-02 12:00:00")
            request.tier_id = expert
        self.assert_clock(self.clock(request), "met", target_id=self.resolution_target)

    def test_row19_never_100_beside_a_breach(self):
        """19,999 met and 1 breached are 99.995 %: half up would say 100.00."""
        request = self.met()
        self.a_clock(request, "met", "2026-03-10 08:00:00", number=19_998)
        self.a_clock(request, "breached", "2026-03-10 08:00:00")
        row = self.refresh().filtered(lambda one: one.metric == "resolution")
        self.assertEqual((row.met, row.breached, row.rate_text), (19_999, 1, "99.99 %"))
