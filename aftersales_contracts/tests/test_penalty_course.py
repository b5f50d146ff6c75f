"""The course of a penalty: two people, waivers, disputes, and what holds posting, by button and by remote call."""

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from .penalty_case import PenaltyCase


class TestPenaltyCourse(PenaltyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._a_user("second", "aftersales_contracts.group_finance")

    def test_reviewed_by_one_approved_by_another(self):
        penalty = self.march()
        penalty.with_user(self.anna).action_review()
        self.assertRecordValues(penalty, [{"state": "reviewed", "reviewed_by_id": self.anna.id}])
        self.assertEqual(penalty._posting_gaps(), ["the approval by another person"])
        penalty.with_user(self.felix).action_approve()
        self.assertRecordValues(penalty, [{"state": "approved", "approved_by_id": self.felix.id}])
        self.assertFalse(penalty._posting_gaps())

    def test_the_reviewer_does_not_approve(self):
        penalty = self.march()
        penalty.with_user(self.felix).action_review()
        with self.assertRaisesRegex(AccessError, "You reviewed"):
            penalty.with_user(self.felix).action_approve()
        penalty.with_user(self.second).action_approve()
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            penalty._write_guarded({"approved_by_id": self.felix.id})
            self.env.flush_all()

    def test_who_may(self):
        penalty = self.march()
        for method, state, may in (
            ("action_review", "draft", ("anna", "felix", "boss")), ("action_approve", "reviewed", ("felix", "boss")),
        ):
            for role in ("agent", "anna", "felix", "lena", "boss", "clerk", "carla", "diego", "other_manager"):
                with self.subTest(f"{role} {method}"):
                    penalty._write_guarded({"state": state, "reviewed_by_id": False, "approved_by_id": False})
                    act = getattr(penalty.with_user(getattr(self, role)), method)
                    if role in may:
                        act()
                        self.assertNotEqual(penalty.state, state)
                    else:
                        with self.assertRaises(AccessError):
                            act()
                        self.assertEqual(penalty.state, state)

    def test_no_button_out_of_order(self):
        penalty = self.march()
        for state, methods in (
            ("draft", ("action_approve", "action_send_back", "action_approve_waiver", "action_settle_dispute")),
            ("reviewed", ("action_review",)),
            ("posted", ("action_review", "action_approve", "action_send_back", "action_dispute", "action_waive")),
            ("waived", ("action_review", "action_approve", "action_dispute", "action_waive", "action_settle_dispute")),
            ("none", ("action_review", "action_approve", "action_dispute", "action_waive")),
        ):
            for method in methods:
                with self.subTest(f"{state} {method}"):
                    penalty._write_guarded({"state": state})
                    words = {"action_waive": (None, "Why"), "action_dispute": ("Why",), "action_send_back": ("Why",),
                             "action_settle_dispute": (True, "Why")}
                    with self.assertRaises(UserError):
                        getattr(penalty.with_user(self.felix), method)(*words.get(method, ()))
                    self.assertEqual(penalty.state, state)

    def test_sent_back_it_begins_again(self):
        penalty = self.approved(self.march())
        with self.assertRaisesRegex(UserError, "reason"):
            penalty.with_user(self.felix).action_send_back("  ")
        penalty.with_user(self.felix).action_send_back("One excuse is on its way")
        self.assertRecordValues(penalty, [{"state": "draft", "reviewed_by_id": False, "approved_by_id": False}])

    # --- waivers -----------------------------------------------------------------------------------------------------

    def test_a_part_is_waived_by_two_people(self):
        penalty = self.march()
        penalty.with_user(self.anna).action_waive(30, "Agreed at the review")
        self.assertEqual((self.amount(penalty, "amount"), penalty.waiver_state), ("100.00", "asked"))
        self.assertIn("the decision on the waiver", penalty._posting_gaps())
        with self.assertRaisesRegex(AccessError, "Only legal, finance"):
            penalty.with_user(self.anna).action_approve_waiver()
        penalty.with_user(self.felix).action_approve_waiver()
        self.assertRecordValues(penalty, [{
            "assessed": 100.0, "waived_amount": 30.0, "amount": 70.0, "state": "draft", "waiver_state": "approved",
            "waiver_asked_by_id": self.anna.id, "waiver_decided_by_id": self.felix.id}])
        penalty.with_user(self.anna).action_waive(None, "The rest too")
        penalty.with_user(self.lena).action_approve_waiver()
        self.assertRecordValues(penalty, [{"waived_amount": 100.0, "amount": 0.0, "state": "waived"}])

    def test_who_asked_does_not_decide(self):
        penalty = self.march()
        penalty.with_user(self.felix).action_waive(None, "Goodwill")
        for method, words in (("action_approve_waiver", ()), ("action_refuse_waiver", ("No",))):
            with self.subTest(method), self.assertRaisesRegex(AccessError, "somebody else decides"):
                getattr(penalty.with_user(self.felix), method)(*words)
        self.assertFalse(penalty.with_user(self.felix).may_decide_waiver)
        self.assertTrue(penalty.with_user(self.second).may_decide_waiver)
        penalty.with_user(self.second).action_refuse_waiver("They were late twice")
        self.assertRecordValues(penalty, [{"state": "draft", "amount": 100.0, "waiver_state": "refused"}])
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            penalty._write_guarded({"waiver_decided_by_id": self.felix.id})
            self.env.flush_all()

    def test_a_waiver_that_is_asked_for_holds_the_approval(self):
        penalty = self.march()
        penalty.with_user(self.anna).action_review()
        penalty.with_user(self.anna).action_waive(10, "Goodwill")
        with self.assertRaisesRegex(UserError, "decide first"):
            penalty.with_user(self.felix).action_approve()

    def test_an_impossible_waiver_is_refused_with_the_bounds(self):
        penalty = self.march()
        for amount in (0, -5, 100.01, 1e9, "a lot", float("nan"), float("inf"), 10.005, []):
            with self.subTest(amount), self.assertRaisesRegex(UserError, "Waiver of PEN"):
                penalty.with_user(self.anna).action_waive(amount, "Why")
        for reason in (None, "", "  "):
            with self.subTest(reason), self.assertRaisesRegex(UserError, "reason"):
                penalty.with_user(self.anna).action_waive(10, reason)
        for user in (self.agent, self.clerk, self.carla, self.other_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                penalty.with_user(user).action_waive(10, "Why")

    def test_row20_what_was_posted_is_reversed_not_waived(self):
        """contracts.md 5 row 20: a waiver after the invoice."""
        penalty = self.march()
        penalty._write_guarded({"state": "posted"})
        with self.assertRaisesRegex(UserError, "posted. Reverse it"):
            penalty.with_user(self.anna).action_waive(10, "Late idea")

    def test_a_bonus_is_waived_by_its_size(self):
        bands = [Command.create({"bound": 100, "rate": 5})]
        clause = self.a_clause([self.a_component(
            kind="bands", source="compliance", base="percent", rate=0, is_bonus=True, target_from="own", target=95,
            band_ids=bands)])
        self.contract._write_unlocked({"partner_id": self.stranger.id})
        self.contract = self.a_contract(clauses=clause, statement_start="2026-03-01")
        self.met()
        self.close_march()
        penalty = self.assess()
        self.assertEqual(self.amount(penalty), "-50.00")
        penalty.with_user(self.anna).action_waive(20, "Shared")
        penalty.with_user(self.felix).action_approve_waiver()
        self.assertEqual((self.amount(penalty, "amount"), self.amount(penalty, "waived_amount")), ("-30.00", "-20.00"))

    def test_the_wizard_asks_for_several_and_a_part_of_one(self):
        penalty = self.march()
        Wizard = self.env["aftersales.waive.penalty"].with_user(self.anna)
        wizard = Wizard.with_context(active_model=penalty._name, active_ids=penalty.ids).create(
            {"whole": False, "amount": 25, "reason": "Agreed"})
        wizard.action_ask()
        self.assertEqual((self.amount(penalty, "waiver_amount"), penalty.waiver_asked_by_id), ("25.00", self.anna))
        with self.assertRaisesRegex(UserError, "Choose"):
            Wizard.create({"reason": "None"}).action_ask()

    # --- disputes ----------------------------------------------------------------------------------------------------

    def test_a_dispute_holds_posting_until_it_is_settled(self):
        penalty = self.approved(self.march())
        penalty.with_user(self.anna).action_dispute("The gate was locked")
        self.assertRecordValues(penalty, [{"state": "disputed", "disputed_by_id": self.anna.id}])
        self.assertEqual(penalty._posting_gaps(), ["the end of its dispute"])
        with self.assertRaises(AccessError):
            penalty.with_user(self.anna).action_settle_dispute(True, "No")
        penalty.with_user(self.lena).action_settle_dispute(True, "The log says otherwise")
        self.assertRecordValues(penalty, [{
            "state": "approved", "amount": 100.0, "dispute_settled_by_id": self.lena.id,
            "dispute_answer": "The log says otherwise"}])

    def test_giving_in_waives_all_of_it_and_takes_another_person(self):
        penalty = self.march()
        penalty.with_user(self.lena).action_dispute("The gate was locked")
        with self.assertRaisesRegex(AccessError, "You recorded the dispute"):
            penalty.with_user(self.lena).action_dispute_concede("They are right")
        penalty.with_user(self.felix).action_dispute_concede("They are right")
        self.assertRecordValues(penalty, [{"state": "waived", "amount": 0.0, "waived_amount": 100.0}])

    def test_disputes_of_the_contract_and_of_its_breaches_hold_posting(self):
        clause = self.a_clause([
            {"name": "Duties", "kind": "per_breach", "source": "breach", "base": "amount", "rate": 70}])
        self.contract._write_unlocked({"partner_id": self.stranger.id})
        self.contract = self.a_contract(clauses=clause, statement_start="2026-03-01")
        breach = self.env["aftersales.breach"].create({
            "title": "Inspection", "contract_id": self.contract.id, "party": "ours", "event": "Nobody came.",
            "noticed_on": "2026-03-05", "notified_on": "2026-03-06", "cure_length": 3,
            "evidence_ids": [Command.create({"file": "cHJvb2Y=", "file_name": "p.pdf"})]})
        breach.action_notify()
        breach._nightly_cure()
        self.close_march()
        penalty = self.approved(self.assess())
        self.assertFalse(penalty._posting_gaps())
        breach.with_user(self.anna).action_dispute("It was foggy")
        self.assertEqual(penalty._posting_gaps(), [
            f"the end of the dispute on contract {self.contract.name}",
            f"the end of the dispute of breach {breach.name}"])
        breach.issue_ids.with_user(self.anna).action_resolve("It was not")
        penalty.invalidate_recordset()
        self.assertFalse(penalty._posting_gaps())

    def test_the_reason_wizard_takes_each_decision(self):
        penalty = self.approved(self.march())

        def ask(question, user):
            self.env["aftersales.ask.reason"].with_user(user).create({
                "question": question, "res_id": penalty.id, "reason": "Because"}).action_confirm()

        ask("penalty_dispute", self.anna)
        ask("penalty_dispute_stands", self.felix)
        self.assertEqual(penalty.state, "approved")
        ask("penalty_send_back", self.felix)
        penalty.with_user(self.anna).action_waive(10, "Goodwill")
        ask("penalty_refuse_waiver", self.lena)
        ask("penalty_dispute", self.anna)
        ask("penalty_dispute_concede", self.lena)
        self.assertEqual(penalty.state, "waived")

    # --- who sees what -----------------------------------------------------------------------------------------------

    def test_the_portal_reads_documents_not_what_they_were_reckoned_from(self):
        penalty = self.march()
        penalty._write_guarded({"state": "posted"})
        for user in (self.carla, self.diego, self.clerk):
            with self.subTest(user.login), self.assertRaises(AccessError):
                penalty.with_user(user).read(["amount"])

    def test_another_company_sees_nothing(self):
        penalty = self.march()
        self.assertFalse(self.env["aftersales.penalty"].with_user(self.other_manager).search([("id", "=", penalty.id)]))

    def test_today_tells_each_desk_what_waits(self):
        penalty = self.march()

        def tiles(user):
            return {tile["key"]: tile["count"] for section in self.env["aftersales.today"].with_user(
                user).get_today(True)["sections"] for tile in section["tiles"]}

        before = tiles(self.second).get("penalties_approve", 0)
        self.assertTrue(tiles(self.anna)["penalties_review"])
        penalty.with_user(self.felix).action_review()
        self.assertEqual(tiles(self.second)["penalties_approve"], before + 1)
        penalty.with_user(self.anna).action_waive(10, "Goodwill")
        self.assertTrue(tiles(self.lena)["penalty_waivers"])

    # --- exposure ----------------------------------------------------------------------------------------------------

    def test_exposure_tells_what_is_used_and_the_worst_case(self):
        row = self.contract.penalty_clause_ids
        self.assertRecordValues(row, [{
            "exposure_used": 0.0, "exposure_cap": 150.0, "exposure_percent": 0.0, "exposure_worst": 100.0,
            "exposure_unlimited": False, "exposure_problem": False}])
        self.march(breaches=3)
        row.invalidate_recordset()
        self.assertRecordValues(row, [{
            "exposure_used": 100.0, "exposure_left": 50.0, "exposure_worst": 50.0}])
        self.assertAlmostEqual(row.exposure_percent, 66.67, 2)
        self.assertTrue(row.exposure_steps)

    def test_without_a_cap_the_worst_case_is_unlimited(self):
        contract = self.a_contract(clauses=self.a_clause([self.a_component()]))
        self.assertTrue(contract.penalty_clause_ids.with_user(self.agent).exposure_unlimited)
        draft = self.a_contract(activate=False)
        self.assertFalse(draft.penalty_clause_ids.exposure_worst)

    def test_exposure_of_twenty_contracts_costs_as_many_queries_as_of_two(self):
        rows = self.env["aftersales.contract.penalty"]
        for _number in range(22):
            rows |= self.a_contract().penalty_clause_ids
        counts = []
        for part in (rows[:2], rows[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            part.mapped("exposure_worst")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)
