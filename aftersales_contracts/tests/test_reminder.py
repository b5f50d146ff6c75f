"""Reminder ladders: told once, caught up with, to people who are there, in a constant number of queries."""

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .obligation_case import ObligationCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestReminder(ObligationCase):
    def told(self, kind="obligation"):
        return self.env["aftersales.reminder"].search([("kind", "=", kind)], order="due_on, days desc, id")

    def rungs(self, kind="obligation"):
        return [(one.days, one.superseded) for one in self.told(kind)]

    def test_row12_due_on_its_day_or_any_time_after(self):
        """A peer's alert fires on the one exact day and never if any activity exists; ours <= today, keyed."""
        self.a_ladder("obligation")
        found = self.an_obligation(due="2026-04-02")  # 31 days ahead
        found.activity_schedule("mail.mail_activity_data_todo", summary="Something else")
        self.night("2026-03-02")
        self.assertEqual(self.rungs(), [(90, True), (60, False)], "the passed rungs are told as one")
        self.night("2026-03-04")  # the 30-day rung was due on the 3rd, a night without the scheduled action
        self.assertEqual(self.rungs(), [(90, True), (60, False), (30, False)])
        self.assertEqual(self.told().mapped("key")[-1], f"obligation:{found.id}:2026-04-02:30")

    def test_run_twice_is_run_once(self):
        self.a_ladder("obligation")
        found = self.an_obligation(due="2026-04-02")
        for _time in range(3):
            self.night("2026-03-05")
        self.assertEqual(len(self.told()), 3)
        self.assertEqual(len(self.activities(found)), 1)

    def test_three_weeks_of_downtime_lose_none_and_tell_one(self):
        self.a_ladder("obligation", "30/14/7/1")
        found = self.an_obligation(due="2026-04-01")
        self.night("2026-03-02")
        self.assertEqual(self.rungs(), [(30, False)])
        self.night("2026-03-26")
        self.assertEqual(self.rungs(), [(30, False), (14, True), (7, False)])
        activity = self.activities(found)
        self.assertEqual(len(activity), 1, "the former activity is replaced")
        self.assertEqual(activity.summary, "Obligation: Report in 6 days")
        self.assertEqual(str(activity.date_deadline), "2026-04-01")

    def test_a_moved_day_gets_a_ladder_of_its_own(self):
        self.a_ladder("obligation", "7")
        found = self.an_obligation(due="2026-03-05")
        self.night()
        found.date_due = "2026-03-20"
        self.night("2026-03-14")
        self.assertEqual([str(one.due_on) for one in self.told()], ["2026-03-05", "2026-03-20"])
        self.assertEqual(self.activities(found).summary, "Obligation: Report in 6 days")

    def test_two_workers_tell_once(self):
        """The second worker finds the key taken: it records nothing and addresses nobody."""
        self.a_ladder("obligation", "7")
        found = self.an_obligation(due="2026-03-05")
        row = self.env["aftersales.due"].search([("kind", "=", "obligation")])
        self.patch(type(row), "_told_keys", lambda self: [])  # both looked before either had written
        today = fields.Date.to_date("2026-03-02")
        self.assertEqual(len(row._nightly_remind(today)), 1)
        self.assertEqual(row._nightly_remind(today), [])
        self.assertEqual(len(self.told()), 1)
        self.assertEqual(len(self.activities(found)), 1)

    def test_what_is_done_is_not_reminded_of(self):
        self.a_ladder("obligation", "7")
        found, other = self.an_obligation(due="2026-03-05"), self.an_obligation(due="2026-03-06")
        self.night()
        found.action_done()
        self.assertFalse(self.activities(found))
        other.contract_id.sudo().active = False  # gone from what falls due in another way
        self.night("2026-03-03")
        self.assertFalse(self.activities(other))

    def test_everybody_the_ladder_names_is_told_once(self):
        self.a_ladder("obligation", "7", to_account_manager=True, to_legal=True)
        found = self.an_obligation(due="2026-03-05")
        self.night()
        self.assertEqual(self.activities(found).user_id, self.anna | self.lena)
        self.assertEqual(self.told().user_ids, self.anna | self.lena)

    def test_the_substitute_hears_of_it_while_somebody_is_away(self):
        self.a_ladder("obligation", "7/1")
        found = self.an_obligation(due="2026-03-09")
        self.env["aftersales.delegation"].create({
            "person_id": self.anna.id, "substitute_id": self.felix.id, "date_from": "2026-03-01",
            "date_to": "2026-03-05"})
        self.night("2026-03-02")
        self.assertEqual(self.activities(found).user_id, self.felix)
        self.night("2026-03-08")
        self.assertEqual(self.activities(found).user_id, self.anna, "back again")

    def test_row34_an_archived_owner_never_breaks_the_run(self):
        self.a_ladder("obligation", "7")
        gone = self.an_obligation(due="2026-03-05", user_id=self.felix.id, name="Gone")
        here = self.an_obligation(due="2026-03-05", user_id=self.lena.id, name="Here")
        self.felix.active = False
        self.customer.active = False
        self.night()
        self.assertEqual(self.activities(gone).user_id, self.anna, "the account manager instead")
        self.assertEqual(self.activities(here).user_id, self.lena)
        covered = self.an_obligation(
            due="2026-03-05", user_id=self.felix.id, substitute_id=self.boss.id, name="Covered")
        self.night()
        self.assertEqual(self.activities(covered).user_id, self.boss, "the substitute that the obligation names")
        self.anna.active = False
        lost = self.an_obligation(due="2026-03-04", user_id=self.felix.id, name="Lost")
        self.night()
        self.assertFalse(self.activities(lost))
        self.assertEqual(len(self.told()), 4, "it is recorded that there was nobody")

    def test_email_is_one_message_a_person(self):
        self.a_ladder("obligation", "7", by_mail=True)
        self.an_obligation(due="2026-03-05", name="First")
        self.an_obligation(due="2026-03-06", name="<b>Second</b>")
        before = self.env["mail.mail"].search([])
        self.night()
        sent = self.env["mail.mail"].search([]) - before
        self.assertEqual(sent.recipient_ids, self.anna.partner_id)
        self.assertEqual(len(sent), 1)
        self.assertIn("First", sent.body_html)
        self.assertIn("&lt;b&gt;Second", sent.body_html)

    def test_a_ladder_of_the_company_goes_before_the_shared_one(self):
        self.a_ladder("obligation", "90")
        self.a_ladder("obligation", "7", company_id=self.company.id)
        self.an_obligation(due="2026-03-31")
        self.night("2026-03-02")
        self.assertFalse(self.told())
        self.night("2026-03-24")
        self.assertEqual(self.rungs(), [(7, False)])

    def test_without_a_ladder_nobody_is_told(self):
        self.an_obligation(due="2026-03-05")
        self.night()
        self.assertFalse(self.told())

    def test_days_are_a_list(self):
        self.assertEqual(self.a_ladder("nda", " 7, 30;90 30").days, "90/30/7")
        for wrong in ("", "soon", "7/-1", "99999", "1.5", "7; DROP TABLE x"):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.a_ladder("audit", wrong)
        with self.assertRaises(ValidationError):
            self.a_ladder("audit", "7", to_owner=False)

    def test_the_log_is_appended_only(self):
        self.a_ladder("obligation", "7")
        self.an_obligation(due="2026-03-05")
        self.night()
        for act in (lambda: self.told().sudo().write({"days": 1}), self.told().sudo().unlink):
            with self.assertRaises(UserError), mute_logger("odoo.sql_db"):
                act()

    def test_a_batch_is_a_constant_number_of_queries(self):
        self.a_ladder("obligation", "90/30/7", by_mail=True, to_legal=True)
        self._queries(5)  # warm up
        few, many = self._queries(5), self._queries(50)
        self.assertLessEqual(many, few + 3, f"{few} queries for 5, {many} for 50")

    def _queries(self, count):
        made = self.env["aftersales.obligation"].create([{
            "name": f"Report {number}", "type_id": self.kind("other").id, "contract_id": self.contract.id,
            "date_due": "2026-03-05", "user_id": self.anna.id} for number in range(count)])
        self.env.flush_all()
        rows = self.env["aftersales.due"].search([("kind", "=", "obligation"), ("res_id", "in", made.ids)])
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(rows._nightly_remind()), count)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
