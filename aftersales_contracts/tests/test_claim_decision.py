"""Decisions on claim lines: the verdict, who pays, the rule, and the person who is not the claimant."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time

from .claim_case import ClaimCase


@freeze_time("2026-03-10 09:00:00")
class TestClaimDecision(ClaimCase):

    def test_the_verdict_says_line_by_line_who_pays(self):
        claim = self.judged()
        seal = self.line(claim, "parts")
        self.assertEqual(self.shares(seal), [("manufacturer", 100, 100)])
        self.assertTrue(seal.share_ids.cover_id)
        self.assertRecordValues(claim.line_ids, [
            {"covered_percent": 100, "covered_amount": 100, "decision": "open"},
            {"covered_percent": 100, "covered_amount": 150, "decision": "open"}])
        self.assertTrue(seal.verdict_reason)
        self.assertTrue(claim.verdict_steps)

    def test_row25_the_day_of_the_failure_decides_and_not_that_of_the_claim(self):
        """A peer looks up the warranty on the day on which the claim is entered: reported in July, a failure of
        31 May, the last day of the warranty, is refused there."""
        with freeze_time("2026-07-10 09:00:00"):
            claim = self.judged(failure_on="2026-05-31")
            late = self.judged(failure_on="2026-06-01", duplicate_reason="Another day")
        self.assertEqual(claim.line_ids.mapped("covered_percent"), [100, 100])
        self.assertEqual(late.line_ids.mapped("covered_percent"), [0, 0])

    def test_who_filed_a_claim_never_decides_on_it(self):
        claim = self.judged(by=self.anna)
        self.assertFalse(claim.with_user(self.anna).may_decide)
        for user in (self.anna, self.agent, self.felix, self.lena):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                claim.with_user(user).action_decide_lines()
        claim.with_user(self.boss).action_decide_lines()
        self.assertEqual(set(claim.line_ids.mapped("decision")), {"approved"})
        self.assertEqual(claim.line_ids.decided_by_id, self.boss)

    def test_approved_in_part_the_customer_pays_the_rest_and_the_sum_stays(self):
        claim = self.judged().with_user(self.anna)
        seal, work = self.line(claim, "parts"), self.line(claim, "labour")
        claim.action_decide_lines(seal.ids, "partly", 60, "Half of it is wear")
        claim.action_decide_lines(work.ids, "refused", reason="No work was needed")
        self.assertEqual(self.shares(seal), [("manufacturer", 60, 60), ("customer", 40, 40)])
        self.assertEqual(self.shares(work), [("customer", 100, 150)])
        self.assertRecordValues(claim, [{
            "amount_allowed": 250, "amount_approved": 60, "amount_customer": 190, "decided": "all"}])

    def test_what_cannot_be_decided_is_refused_and_says_why(self):
        claim = self.judged().with_user(self.anna)
        seal, other = self.line(claim, "parts"), self.judged(failure_on="2026-01-05").line_ids[0]
        refusals = [
            ((seal.ids, "maybe"), "maybe"),
            ((seal.ids, "refused"), "give the reason"),
            ((seal.ids, "partly", 100, "x"), "below what the covers pay"),
            ((seal.ids, "partly", 140, "x"), "goodwill"),
            ((seal.ids, "partly", -1, "x"), "not possible"),
            ((seal.ids, "partly", 33.333, "x"), "not possible"),
            ((seal.ids, "partly", "much", "x"), "is not an amount"),
            ((seal.ids, "partly", float("nan"), "x"), "not"),
            ((claim.line_ids.ids, "partly", 10, "x"), "line by line"),
            ((other.ids,), "no open line"),
        ]
        for arguments, words in refusals:
            with self.subTest(arguments=arguments), self.assertRaisesRegex(UserError, words):
                claim.action_decide_lines(*arguments)
        self.assertEqual(set(claim.line_ids.mapped("decision")), {"open"})
        claim.action_decide_lines()
        with self.assertRaisesRegex(UserError, "no open line"):
            claim.action_decide_lines(seal.ids)

    def test_a_fact_that_changes_asks_for_the_verdict_anew_and_none_changes_below_a_decision(self):
        claim = self.judged()
        claim.cause_id = self.misuse
        with self.assertRaisesRegex(UserError, "ask for the verdict first"):
            claim.with_user(self.anna).action_decide_lines()
        claim.action_verdict()
        claim.with_user(self.anna).action_decide_lines()
        with self.assertRaisesRegex(UserError, "lines are decided"):
            claim.failure_on = "2026-03-01"
        for change in ({"unit_price": 900}, {"kind": "travel"}):
            with self.subTest(change=change), self.assertRaisesRegex(UserError, "is decided"):
                claim.line_ids[0].write(change)
        with self.assertRaisesRegex(UserError, "is decided"):
            claim.line_ids[0].unlink()
        for forged in ({"decision": "approved"}, {"approved_amount": 5}, {"return_state": "received"}):
            with self.subTest(forged=forged), self.assertRaises(UserError):
                claim.line_ids[0].with_user(self.agent).write(forged)

    def test_by_rule_only_what_is_covered_in_full_and_small(self):
        self.company.claim_approve_up_to = 250
        claim = self.intake()
        claim.action_verdict()
        self.assertEqual(set(claim.line_ids.mapped("decision")), {"open"}, "nobody has looked at it yet")
        claim.action_next()
        claim.action_verdict()
        self.assertEqual(set(claim.line_ids.mapped("decision")), {"approved"})
        self.assertTrue(all(claim.line_ids.mapped("by_rule")))
        large = self.intake(failure_on="2026-01-05", lines=[{"kind": "parts", "name": "Motor", "unit_price": 251}])
        large.action_next()
        large.action_verdict()
        self.assertEqual(large.line_ids.decision, "open")

    def test_by_rule_what_nothing_covers_where_the_company_says_so(self):
        self.an_asset("CLAIM-OLD", delivered_on="2024-01-01")
        self.company.claim_refuse_uncovered = True
        claim = self.intake(serial="CLAIM-OLD")
        claim.action_next()
        claim.action_verdict()
        self.assertEqual(set(claim.line_ids.mapped("decision")), {"refused"})
        self.assertTrue(all(claim.line_ids.mapped("by_rule")))

    def test_a_claim_reported_too_late_is_refused_by_rule(self):
        self.product = self.product.copy()
        self.a_warranty(product_ids=[(6, 0, self.product.ids)], report_days=30)
        self.an_asset("CLAIM-2", product_id=self.product.id)
        late = self.intake(serial="CLAIM-2", failure_on="2026-02-07")
        late.action_next()
        late.action_verdict()
        self.assertEqual(set(late.line_ids.mapped("decision")), {"refused"})
        self.assertIn("31 days after the failure", late.line_ids[0].decision_reason)
        in_time = self.judged(serial="CLAIM-2", failure_on="2026-02-08", cause="claim_misuse")
        self.assertEqual(in_time.line_ids.mapped("covered_percent"), [100, 100])

    def test_the_deductible_is_the_customers_once_for_the_claim(self):
        product = self.product.copy()
        self.a_warranty(product_ids=[(6, 0, product.ids)], deductible=130)
        self.an_asset("CLAIM-3", product_id=product.id)
        claim = self.judged(serial="CLAIM-3")
        self.assertEqual(self.shares(self.line(claim, "parts")), [("customer", 100, 100)])
        self.assertEqual(self.shares(self.line(claim, "labour")), [("manufacturer", 80, 120), ("customer", 20, 30)])
        claim.with_user(self.anna).action_decide_lines(self.line(claim, "labour").ids)
        self.assertEqual(self.line(claim, "labour").approved_amount, 120)

    def test_labour_is_paid_for_its_standard_time_unless_more_is_approved(self):
        standard = self.env["aftersales.labour.standard"].create({
            "code": "SEAL", "name": "Change the seal", "minutes": 60, "allowance_minutes": 30})
        claim = self.intake(lines=[{
            "kind": "labour", "name": "Work", "hours": 3, "unit_price": 50, "labour_standard": "SEAL"}])
        work = claim.line_ids
        self.assertRecordValues(work, [{"quantity": 3, "allowed_hours": 1.5, "amount": 150, "allowed_amount": 75}])
        with self.assertRaises(AccessError):
            work.with_user(self.agent).action_approve_longer("Rust")
        work.with_user(self.anna).action_approve_longer("All screws were rusty")
        self.assertRecordValues(work, [{"allowed_hours": 3, "allowed_amount": 150}])
        with self.assertRaisesRegex(ValidationError, "is for labour only"):
            claim.line_ids.create({"claim_id": claim.id, "kind": "parts", "name": "Part", "unit_price": 1,
                                   "labour_standard_id": standard.id})
        standard.product_ids = self.seal
        with self.assertRaisesRegex(ValidationError, "is not for"):
            claim.line_ids.create({"claim_id": claim.id, "kind": "labour", "name": "Work", "unit_price": 1,
                                   "labour_standard_id": standard.id})

    def test_what_a_cover_paid_is_in_its_ledger_and_comes_back_with_a_decision_taken_back(self):
        claim = self.judged().with_user(self.anna)
        claim.action_decide_lines()
        cover = claim.share_ids.cover_id
        uses = self.env["aftersales.warranty.use"].search([("cover_id", "=", cover.id)])
        self.assertEqual(sorted((use.kind, use.amount) for use in uses), [("labour", 150), ("parts", 100)])
        with self.assertRaises(AccessError):
            claim.with_user(self.agent).action_reopen("I want it otherwise")
        claim.action_reopen("The seal was ours")
        self.assertEqual(sum(self.env["aftersales.warranty.use"].search([
            ("cover_id", "=", cover.id)]).mapped("amount")), 0)
        self.assertEqual(set(claim.line_ids.mapped("decision")), {"open"})
        self.assertFalse(claim.verdict_at)

    def test_other_rooms_hear_of_decisions_and_may_forbid_to_take_them_back(self):
        Claim, heard = type(self.env["aftersales.warranty.claim"]), []
        claim = self.judged().with_user(self.anna)
        with patch.object(Claim, "_decided", lambda claims: heard.append(claims.mapped("decided"))):
            claim.action_decide_lines()
        self.assertEqual(heard, [["all"]])

        def billed(claims, lines):
            raise UserError(claims.env._("It is billed."))

        with patch.object(Claim, "_reopening", billed), self.assertRaisesRegex(UserError, "billed"):
            claim.action_reopen("Too late")
        self.assertEqual(claim.decided, "all")

    def test_many_verdicts_take_no_more_queries_than_a_few(self):
        claims = [self.intake(failure_on=f"2026-01-{day:02}", duplicate_reason="x") for day in range(1, 13)]
        few, many = self._verdict_queries(claims[:2]), self._verdict_queries(claims[2:])
        self.assertLessEqual(many - few, 8 * 3, "writing each line, but nothing read for each")

    def _verdict_queries(self, claims):
        claims = self.env["aftersales.warranty.claim"].union(*claims)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        claims._ask_verdicts()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
