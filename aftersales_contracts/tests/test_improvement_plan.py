"""Improvement plans: proposed by weak scorecards, done in stages, judged by the next scorecards, closed with proof."""

from datetime import date

import psycopg2
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from .common import SCAN
from .performance_case import PerformanceCase


class TestImprovementPlan(PerformanceCase):
    def weak_month(self, day="2026-03-03", csat="1"):
        request = self.executed(f"{day} 08:00", f"{day} 09:00", f"{day} 10:00")
        self.said(request, f"{day} 12:00:00", csat=csat)

    def proposed(self, today="2026-04-10"):
        """The plan that the night proposes for March: resolution 100, nobody happy: 50, a D."""
        self.weak_month()
        self.provider._nightly_scorecards(date.fromisoformat(today))
        return self.plans()

    def plans(self):
        return self.env["aftersales.improvement.plan"].search([("contract_id", "=", self.provider.id)])

    def a_plan(self, **values):
        return self.env["aftersales.improvement.plan"].with_user(self.anna).create({
            "title": "Faster", "contract_id": self.provider.id, "target_total": 80, "date_check": "2026-06-30",
            "task_ids": [Command.create({"name": "Train", "user_id": self.agent.id, "date_due": "2026-05-31"})],
            **values})

    def test_a_weak_scorecard_proposes_a_plan_once(self):
        plan = self.proposed()
        self.assertRecordValues(plan, [{
            "stage": "proposed", "baseline": 50.0, "target_total": 60.0, "user_id": self.anna.id, "cycle": 1,
            "partner_id": self.dealer.id, "weak_text": "Happy: 0.00 %, scored 0"}])
        self.assertRegex(plan.name, r"^IP/2026/\d{4}$")
        self.weak_month("2026-04-02")
        self.provider._nightly_scorecards(date(2026, 5, 10))
        self.assertEqual(self.plans(), plan, "one plan at a time")

    def test_a_good_scorecard_or_none_proposes_nothing(self):
        self.weak_month(csat="5")
        self.provider._nightly_scorecards(date(2026, 5, 10))
        self.assertFalse(self.plans())

    def test_of_several_months_closed_at_once_the_newest_decides(self):
        self.weak_month()
        self.weak_month("2026-04-02", csat="5")
        self.provider._nightly_scorecards(date(2026, 5, 10))
        self.assertEqual(self.cards().filtered("grade").sorted("period_start").mapped("grade"), ["d", "a"])
        self.assertFalse(self.plans())

    def test_the_grade_from_which_on_plans_are_proposed_is_the_templates(self):
        template = self.a_template(plan_grade=False)
        provider = self.a_provider(scorecard_template_id=template.id)
        self.weak_month()
        provider._nightly_scorecards(date(2026, 4, 10))
        self.assertFalse(self.env["aftersales.improvement.plan"].search([("contract_id", "=", provider.id)]))

    def test_the_whole_round(self):
        plan = self.proposed().with_user(self.anna)
        plan.action_adopt()
        with self.assertRaisesRegex(UserError, "no action to be done"):
            plan.action_start()
        plan.task_ids = [Command.create({"name": "Train", "user_id": self.agent.id, "date_due": "2026-05-01"})]
        with self.assertRaisesRegex(UserError, "not under way"):
            plan.task_ids.action_done()
        plan.action_start()
        with self.assertRaisesRegex(UserError, "still to be done"):
            plan.action_check()
        plan.task_ids.with_user(self.agent).action_done("Two people")
        self.assertRecordValues(plan.task_ids, [{"done_by_id": self.agent.id, "outcome": "Two people"}])
        plan.action_check()
        with self.assertRaisesRegex(UserError, "no scorecard of a later period"):
            plan.action_evaluate()
        self.weak_month("2026-04-02", csat="5")
        self.provider._nightly_scorecards(date(2026, 5, 10))
        plan.invalidate_recordset()
        plan.action_evaluate()
        self.assertRecordValues(plan, [{"stage": "act", "reached": True, "result_total": 100.0}])
        with self.assertRaisesRegex(UserError, "add the evidence"):
            plan.action_close("Vans carry the parts now")
        self.env["aftersales.evidence"].with_user(self.anna).create(
            {"improvement_plan_id": plan.id, "file": SCAN, "file_name": "training.pdf"})
        with self.assertRaisesRegex(UserError, "give the reason"):
            plan.action_close("  ")
        plan.action_close("Vans carry the parts now")
        self.assertRecordValues(plan, [{
            "stage": "closed", "conclusion": "Vans carry the parts now", "closed_by_id": self.anna.id}])
        with self.assertRaisesRegex(UserError, "takes no actions|done and stays"):
            plan.task_ids.write({"name": "Other"})
        with self.assertRaisesRegex(UserError, "stays"):
            plan.evidence_ids.unlink()

    def test_what_did_not_help_begins_anew(self):
        plan = self.a_plan()
        plan.action_start()
        plan.task_ids.action_done()
        plan.action_check()
        plan.action_repeat("Parts were not the cause")
        self.assertRecordValues(plan, [{"stage": "plan", "cycle": 2, "conclusion": "Parts were not the cause"}])
        with self.assertRaisesRegex(UserError, "no action to be done"):
            plan.action_start()

    def test_terms_of_a_plan_under_way_stay(self):
        plan = self.a_plan()
        plan.write({"target_total": 85})
        plan.action_start()
        for values in ({"target_total": 10}, {"title": "Easier"}, {"contract_id": self.provider.id}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "is under way"):
                plan.write(values)
        plan.date_check = "2026-07-15"
        with self.assertRaisesRegex(UserError, "has a history"):
            plan.unlink()

    def test_stages_change_by_their_buttons_only(self):
        plan = self.a_plan()
        for values in ({"stage": "closed"}, {"reached": True}, {"result_total": 100}, {"name": "IP/1"}):
            with self.subTest(values), self.assertRaises(UserError):
                plan.write(values)
            with self.subTest(values), self.assertRaises(UserError):
                self.a_plan(**values)
        for method, args in (("action_adopt", ()), ("action_check", ()), ("action_evaluate", ()),
                             ("action_close", ("x",)), ("action_repeat", ("x",))):
            with self.subTest(method), self.assertRaisesRegex(UserError, "at the stage"):
                getattr(plan, method)(*args)
        with self.assertRaises(UserError):
            plan.task_ids.write({"done_on": "2026-05-01"})

    def test_the_owner_of_an_action_reports_and_nobody_else(self):
        plan = self.a_plan()
        plan.action_start()
        for user in (self.felix, self.lena, self.clerk, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                plan.task_ids.with_user(user).action_done()
        with self.assertRaises(AccessError):
            plan.with_user(self.agent).action_drop("no")
        with self.assertRaises(AccessError):
            plan.with_user(self.agent).write({"user_id": self.agent.id})
        plan.task_ids.with_user(self.agent).action_done()
        with self.assertRaisesRegex(UserError, "done already"):
            plan.task_ids.action_done()

    def test_one_plan_at_a_time(self):
        self.a_plan()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation):
            self.a_plan()

    def test_a_dropped_plan_makes_room(self):
        plan = self.a_plan()
        plan.action_drop("Merged with the annual review")
        self.assertEqual(plan.stage, "dropped")
        self.assertTrue(self.a_plan())

    def test_bad_plans_are_named(self):
        other = self.a_provider(partner_id=self.stranger.id)
        march = self.judge(contracts=other)[0]
        late = Command.create({"name": "Late", "user_id": self.agent.id, "date_due": "2026-07-31"})
        for values, words in (
            ({"contract_id": self.contract.id}, "not that of a provider"),
            ({"scorecard_id": march.id}, "belongs to another contract"),
            ({"task_ids": [late]}, "is due on 2026-07-31, after plan"),
        ):
            with self.subTest(words), self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self.a_plan(**values)

    def test_it_falls_due_with_its_actions(self):
        plan = self.a_plan()
        due = self.env["aftersales.due"].search([("kind", "in", ("improvement", "improvement_action")),
                                                 ("contract_id", "=", self.provider.id)])
        self.assertEqual({(row.res_model, row.res_id, str(row.date_due), row.user_id) for row in due}, {
            (plan._name, plan.id, "2026-06-30", self.anna),
            (plan.task_ids._name, plan.task_ids.id, "2026-05-31", self.agent)})
        plan.action_drop("Not now")
        self.assertFalse(due.search([("id", "in", due.ids)]))

    def test_today_shows_proposals_and_unhappy_customers(self):
        self.proposed()
        sections = self.env["aftersales.today"].with_user(self.anna).get_today()["sections"]
        tiles = {tile["key"]: tile["count"] for section in sections for tile in section["tiles"]}
        self.assertEqual(tiles["improvement_proposed"], 1)
        self.assertGreaterEqual(tiles["negative_feedback"], 1)

    def test_a_plan_is_made_of_a_closed_scorecard_by_hand_once(self):
        self.weak_month(csat="5")
        march, *_rest, may = self.judge()
        with self.assertRaisesRegex(UserError, "closed scorecard"):
            may.with_user(self.anna).action_make_plan()
        opened = march.with_user(self.anna).action_make_plan()
        self.assertEqual(march.with_user(self.anna).action_make_plan()["res_id"], opened["res_id"])
        self.assertEqual(self.plans().scorecard_id, march)
        with self.assertRaises(AccessError):
            march.with_user(self.felix).action_make_plan()
