"""The entitlement ledger: what time does to it, and what nobody can do to it."""

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from .plan_case import VISITS, PlanCase, day


class TestLedger(PlanCase):
    # --- what time does --------------------------------------------------------------------------------------------

    def test_the_first_period_is_granted_on_activation(self):
        visits = self.a_quota()
        self.assertEqual(self.ledger(visits), [("grant", "2026-01-01", 4, "2026-01-01")])
        self.assertEqual((visits.available, visits.granted, visits.used), (4, 4, 0))
        self.assertEqual((str(visits.period_end), str(visits.next_on)), ("2026-12-31", "2027-01-01"))
        self.assertEqual(str(visits.line_ids.expires_on), "2026-12-31", "the last day on which it can be used")
        self.assert_laws(visits)

    def test_a_draft_has_no_ledger(self):
        self.assertFalse(self.a_quota(activate=False))

    def test_new_periods_are_granted_and_old_ones_expire(self):
        visits = self.a_quota(unit="month", quantity=2)
        self.assertEqual([line[:3] for line in self.ledger(visits)], [
            ("grant", "2026-01-01", 2), ("expire", "2026-02-01", -2), ("grant", "2026-02-01", 2),
            ("expire", "2026-03-01", -2), ("grant", "2026-03-01", 2), ("expire", "2026-04-01", -2),
            ("grant", "2026-04-01", 2), ("expire", "2026-05-01", -2), ("grant", "2026-05-01", 2)])
        self.assertEqual(visits.available, 2)
        self.assert_laws(visits)

    def test_a_second_night_adds_nothing(self):
        visits = self.a_quota(unit="month")
        before = self.ledger(visits)
        for _night in range(3):
            self.assertEqual(self.night(visits, "2026-05-20"), [])
            visits.contract_id._bring_entitlements_up_to_date(day("2026-05-20"))
        self.assertEqual(self.ledger(visits), before)

    def test_weeks_of_downtime_end_as_if_every_night_had_run(self):
        terms = {"unit": "week", "quantity": 3, "roll_over": True, "roll_over_limit": 1, "valid_periods": 2}
        slow, daily = self.a_quota(start="2026-05-04", **terms), self.a_quota(start="2026-05-04", **terms)
        for number in range(20, 32):
            self.night(daily, f"2026-05-{number}")
        for number in range(1, 15):
            self.night(daily, f"2026-06-{number:02}")
        self.assertTrue(self.night(slow, "2026-06-14"))
        self.assertEqual(sorted(self.ledger(slow), key=str), sorted(self.ledger(daily), key=str))
        self.assertEqual(slow.balance, daily.balance)
        self.assert_laws(slow, "2026-06-14")

    def test_what_is_left_rolls_over_up_to_its_limit_and_once(self):
        visits = self.a_quota(start="2026-01-01", unit="quarter", roll_over=True, roll_over_limit=3)
        self.assertEqual([line[:3] for line in self.ledger(visits)], [
            ("grant", "2026-01-01", 4), ("expire", "2026-04-01", -4), ("roll_over", "2026-04-01", 3),
            ("grant", "2026-04-01", 4)])
        self.assertEqual(visits.available, 7)
        self.night(visits, "2026-07-01")
        self.assertEqual([line[:3] for line in self.ledger(visits)[4:]], [
            ("expire", "2026-07-01", -4), ("roll_over", "2026-07-01", 3), ("expire", "2026-07-01", -3),
            ("grant", "2026-07-01", 4)], "what was rolled over does not roll on")
        self.assert_laws(visits, "2026-07-01")

    def test_a_grant_that_never_expires(self):
        visits = self.a_quota(unit="month", quantity=1, valid_periods=0)
        self.assertEqual(visits.available, 5)
        self.assertFalse(visits.line_ids.filtered("expires_on"))

    def test_nothing_is_granted_after_the_last_day(self):
        contract = self.a_contract(activate=False, date_end="2026-03-15", date_start="2026-01-01", promise_ids=[
            Command.create({**VISITS, "unit": "month"})])
        visits = self.a_quota(contract=contract)
        self.assertEqual([on for kind, on, *_rest in self.ledger(visits) if kind == "grant"],
                         ["2026-01-01", "2026-02-01", "2026-03-01"])
        contract._transition("expire")
        self.night(visits, "2026-06-01")
        self.assertEqual(visits.balance, 0)
        self.assertFalse(visits.next_on, "nothing is to come any more")

    def test_the_31st_is_kept(self):
        visits = self.a_quota(start="2026-01-31", unit="month", valid_periods=0)
        self.assertEqual([on for _kind, on, *_rest in self.ledger(visits)],
                         ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"])

    def test_a_changed_rhythm_begins_when_the_granted_period_ends(self):
        visits = self.a_quota(unit="quarter")
        visits.promise_id._write_unlocked({"unit": "month", "quantity": 1})
        self.night(visits, "2026-07-20")
        self.assertEqual([(on, quantity) for kind, on, quantity, _lot in self.ledger(visits) if kind == "grant"],
                         [("2026-01-01", 4), ("2026-04-01", 4), ("2026-07-01", 1)])

    # --- a ledger is appended, by nobody's hand ----------------------------------------------------------------------

    def test_lines_are_never_changed_nor_deleted_by_anybody(self):
        line = self.a_quota().line_ids
        for user in (self.agent, self.anna, self.felix, self.boss, self.env.ref("base.user_root")):
            for act in (lambda rec: rec.write({"quantity": 40}), lambda rec: rec.write({"note": "x"}),
                        lambda rec: rec.unlink(), lambda rec: rec.copy(),
                        lambda rec: rec.create({"entitlement_id": rec.entitlement_id.id, "kind": "grant",
                                                "day": "2026-01-01", "quantity": 1, "lot": "x"})):
                with self.assertRaises(UserError):
                    act(line.with_user(user))
                if not user._is_superuser():
                    with self.assertRaises(UserError):
                        act(line.with_user(user).with_context(_force_unlink=True))
        self.assertEqual(line.quantity, 4)

    def test_an_entitlement_is_nobodys_to_write(self):
        visits = self.a_quota()
        for user in (self.agent, self.anna, self.felix, self.boss):
            with self.assertRaises(AccessError):
                visits.with_user(user).write({"balance": 40})
            with self.assertRaises(AccessError):
                visits.with_user(user).unlink()

    def test_the_database_refuses_what_the_law_forbids(self):
        visits = self.a_quota()
        request = self.a_request(opened="2026-05-19 08:00:00")
        row = {"entitlement_id": visits.id, "day": "2026-05-20", "user_id": self.agent.id}
        for values in (
            {"kind": "grant", "quantity": 4, "lot": "2026-01-01"},
            {"kind": "grant", "quantity": -4, "lot": "x"},
            {"kind": "consume", "quantity": -1, "lot": "2026-01-01"},
            {"kind": "consume", "quantity": -1, "request_id": request.id},
            {"kind": "consume", "quantity": -1, "request_id": request.id, "approver_id": self.agent.id},
            {"kind": "consume", "quantity": 1, "lot": "2026-01-01", "request_id": request.id},
        ):
            with self.subTest(values), self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), \
                    self.env.cr.savepoint():
                visits.line_ids._book([{**row, **values}])
                self.env.flush_all()

    def test_a_live_contract_without_a_ledger_gets_one_at_night(self):
        visits = self.a_quota()
        contract = visits.contract_id
        self.env["aftersales.promise"]._create_unlocked(
            [{**VISITS, "name": "Hours", "quota_unit": "hour", "contract_id": contract.id, "date_start": "2026-05-01"}])
        self.night(visits, "2026-05-20")
        new = contract.entitlement_ids - visits
        self.assertEqual([line[:3] for line in self.ledger(new)], [("grant", "2026-05-01", 4)])

    # --- batches -----------------------------------------------------------------------------------------------------

    def test_a_night_costs_the_same_queries_for_many_contracts(self):
        contracts = self.env["aftersales.contract"]
        for _number in range(6):
            contracts |= self.a_quota(unit="month").contract_id
        contracts[0]._nightly_ledger(day("2026-06-02"))
        self.env.flush_all()

        def cost(batch, today):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(batch._nightly_ledger(day(today))), 2 * len(batch))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        one = cost(contracts[1], "2026-06-02")
        self.assertLessEqual(cost(contracts[2:], "2026-06-02"), one + 1)

    def test_the_runner_reports_a_broken_contract_and_the_others_go_on(self):
        good, bad = self.a_quota(unit="month"), self.a_quota(unit="month")
        bad.promise_id._write_unlocked({"quantity": 0})
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        with mute_logger("odoo.addons.aftersales_contracts.models.common.nightly"):
            self.env["aftersales.nightly"]._cron_nightly(day("2026-06-02"))
        self.assertEqual(str(good.period_start), "2026-06-01")
        problem = self.env["aftersales.nightly.problem"].search([("contract_id", "=", bad.contract_id.id)])
        self.assertEqual((problem.step, str(bad.period_start)), ("entitlements", "2026-05-01"))
        self.assertIn("quantity", problem.message)

    def test_a_dry_run_says_what_would_be_granted(self):
        visits = self.a_quota(unit="month")
        rows = [row for row in self.env["aftersales.nightly"].with_user(self.boss).dry_run("entitlements", "2026-06-02")
                if row["res_id"] == visits.contract_id.id]
        self.assertEqual([row["what"] for row in rows],
                         ["Inspections: Expired, 4 visits, 06/01/2026", "Inspections: Granted, 4 visits, 06/01/2026"])
        self.assertEqual(str(visits.period_start), "2026-05-01")
