"""The course of a claim: steps, gaps, the request's clocks, part returns, replacement, knowledge, reminders, Today."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .claim_case import ClaimCase


@freeze_time("2026-03-10 09:00:00")
class TestClaimCourse(ClaimCase):

    def to(self, claim, state):
        while claim.state != state:
            claim.action_next()
        return claim

    def decided(self, **values):
        claim = self.judged(**values)
        claim.with_user(self.anna).action_decide_lines()
        return claim

    def test_six_steps_are_kept_with_who_moved_them_and_told_to_the_request(self):
        claim = self.decided()
        told = []
        for _step in range(6):
            claim.action_next()
            told.append((claim.state, claim.request_id.status_id.code))
        self.assertEqual(told, [
            ("diagnosis", "in_progress"), ("parts", "waiting_vendor"), ("repair", "in_progress"),
            ("billing", "resolved"), ("knowledge", "resolved"), ("closed", "closed")])
        self.assertEqual(claim.move_ids.mapped("to_state"), [
            "intake", "diagnosis", "parts", "repair", "billing", "knowledge", "closed"])
        with self.assertRaisesRegex(UserError, "on record"):
            claim.move_ids[0].sudo().write({"reason": "x"})
        with self.assertRaisesRegex(UserError, "has ended"):
            claim.action_next()

    def test_row28_the_resolution_clock_pauses_for_parts_and_stops_with_the_repair(self):
        """A peer has claims beside its tickets, each with a state of its own: waiting for parts breaches the SLA."""
        contract = self.contract
        self.asset.contract_id = contract
        claim = self.decided()
        claim.request_id.action_find_contract()
        self.assertEqual(claim.contract_id, contract)
        self.to(claim, "parts")
        self.assertEqual(self.clock(claim.request_id).state, "paused")
        self.to(claim, "billing")
        self.assertIn(self.clock(claim.request_id).state, ("met", "breached"))

    def test_a_step_is_not_entered_while_something_is_missing(self):
        claim = self.intake(diagnosis="", lines=[])
        claim.cause_id = False
        claim.action_next()
        with self.assertRaisesRegex(UserError, "cause.*diagnosis.*line"):
            claim.action_next()
        claim = self.judged(failure_on="2026-01-02")
        self.to(claim, "repair")
        with self.assertRaisesRegex(UserError, "not decided: Seal, Work"):
            claim.action_next()
        with self.assertRaisesRegex(UserError, "closed after billing"):
            claim.action_close()

    def test_work_without_parts_passes_over_logistics_and_back_needs_a_reason(self):
        claim = self.judged(lines=[{"kind": "labour", "name": "Adjust", "unit_price": 50}])
        self.to(claim, "diagnosis")
        claim.action_next()
        self.assertEqual(claim.state, "repair")
        with self.assertRaisesRegex(UserError, "reason"):
            claim.action_enter("diagnosis")
        claim.action_enter("diagnosis", "Another sound")
        self.assertEqual(claim.move_ids[-1].reason, "Another sound")
        with self.assertRaisesRegex(UserError, "not a step"):
            claim.action_enter("closed")

    def test_each_step_has_an_owner_by_its_role(self):
        step = self.env["aftersales.claim.step"]._of("diagnosis")
        self.assertTrue(step.role and step.group_id)
        step.user_id = self.lena
        claim = self.intake()
        claim.action_next()
        self.assertEqual(claim.owner_id, self.lena)
        self.assertEqual(claim.activity_ids.user_id, self.lena)
        claim = self.decided(failure_on="2026-01-02")
        self.env["aftersales.claim.step"]._of("billing").user_id = self.anna
        self.to(claim, "billing")
        self.assertEqual(claim.owner_id, self.anna)
        with self.assertRaises(UserError):
            step.unlink()

    def test_a_refused_claim_has_refused_lines_and_a_cancelled_one_none_that_are_approved(self):
        claim = self.judged()
        with self.assertRaises(AccessError):
            claim.with_user(self.agent).action_refuse("Misuse")
        with self.assertRaisesRegex(UserError, "reason"):
            claim.with_user(self.anna).action_refuse()
        claim.with_user(self.anna).action_refuse("It ran dry")
        self.assertRecordValues(claim, [{"state": "refused", "ended_reason": "It ran dry", "amount_customer": 250}])
        self.assertEqual(claim.request_id.status_id.code, "closed")
        claim.with_user(self.anna).action_reopen("It did not")
        self.assertEqual((claim.state, claim.decided), ("diagnosis", "open"))
        claim.action_verdict()
        claim.with_user(self.anna).action_decide_lines()
        with self.assertRaisesRegex(UserError, "approved lines"):
            claim.action_cancel("Twice")
        other = self.intake(failure_on="2026-01-05")
        other.action_cancel("Twice")
        self.assertEqual(other.state, "cancelled")
        with self.assertRaisesRegex(UserError, "cancelled"):
            other.with_user(self.anna).action_reopen("No")

    def test_row29_a_part_is_asked_back_followed_and_counted_when_used_again(self):
        """A peer ticks "return requested" and forgets it: claims are closed while the parts never come."""
        claim = self.intake()
        seal = self.line(claim, "parts")
        seal.return_required = True
        claim.action_verdict()
        claim.with_user(self.anna).action_decide_lines()
        self.assertRecordValues(seal, [{"return_state": "required", "return_until": fields.Date.to_date("2026-03-24")}])
        self.to(claim, "knowledge")
        with self.assertRaisesRegex(UserError, "part returns are outstanding: Seal"):
            claim.action_next()
        with self.assertRaises(AccessError):
            seal.with_user(self.agent).action_waive_return("Freight")
        seal.action_part_sent()
        with self.assertRaisesRegex(UserError, "“Sent”"):
            seal.action_part_sent()
        with self.assertRaisesRegex(UserError, "future"):
            seal.action_part_received(day="2026-04-01")
        seal.action_part_received(reused=True)
        self.assertRecordValues(seal, [{"return_state": "received", "reused": True}])
        claim.action_next()
        self.assertEqual(claim.state, "closed")

    def test_the_machine_is_in_repair_during_that_step_and_may_be_replaced(self):
        claim = self.decided()
        with freeze_time("2026-03-11 09:00:00"):
            self.to(claim, "repair")
        with freeze_time("2026-03-19 09:00:00"):
            claim.action_next()
        repair = self.asset.repair_ids
        self.assertEqual((str(repair.start_on), str(repair.end_on)), ("2026-03-11", "2026-03-19"))
        new = self.an_asset("CLAIM-NEW", delivered_on=False)
        with self.assertRaises(AccessError):
            claim.with_user(self.agent).action_replace(new.id, reason="Not worth it")
        claim.with_user(self.anna).action_replace(serial="CLAIM-NEW", reason="Not worth it")
        self.assertEqual(claim.replacement_id, new)
        self.assertEqual(self.asset.replaced_by_id, new)
        with self.assertRaisesRegex(UserError, "already"):
            claim.with_user(self.anna).action_replace(new.id, reason="Again")

    def test_what_was_learnt_is_found_at_the_next_diagnosis(self):
        claim = self.decided()
        with self.assertRaisesRegex(UserError, "after the repair"):
            claim.action_make_knowledge()
        self.to(claim, "knowledge")
        claim.action_make_knowledge("Use the hard seal")
        other = self.intake(failure_on="2026-01-05", diagnosis="")
        self.assertEqual(other.known_ids, claim.knowledge_id)
        other.known_ids.with_context(claim_id=other.id).action_solves()
        self.assertEqual(other.diagnosis, "Use the hard seal")
        self.assertEqual(claim.knowledge_id.used, 2)
        self.assertFalse(self.intake(failure_on="2026-01-02", cause="claim_misuse").known_ids)

    def test_claims_that_wait_and_overdue_returns_are_reminded_of_once(self):
        claim = self.intake()
        Claim, Nightly = self.env["aftersales.warranty.claim"], self.env["aftersales.nightly"]
        step = next(step for step in Nightly._steps() if step.key == "claims")
        day = fields.Date.to_date("2026-03-30")
        found = Claim.search(getattr(Claim, step.domain)(day)) & claim
        self.assertEqual(found, claim)
        self.assertIn("Intake since 2026-03-10", getattr(found, step.work)(day)[0][1])
        self.assertEqual(claim.activity_ids.mapped("user_id"), self.agent)
        self.assertFalse(Claim.search(getattr(Claim, step.domain)(day)) & claim)
        self.assertEqual(
            self.env["aftersales.due"].search([("kind", "=", "claim"), ("res_id", "=", claim.id)]).user_id, self.agent)

    def test_today_shows_what_is_to_be_decided_to_who_may(self):
        self.judged()
        keys = {tile["key"] for section in self.env["aftersales.today"].with_user(self.anna).get_today()["sections"]
                for tile in section["tiles"]}
        self.assertIn("claims_decide", keys)

    def test_claims_of_another_company_are_not_seen(self):
        claim = self.intake()
        manager = self.other_manager
        self.assertFalse(self.env["aftersales.warranty.claim"].with_user(manager).search([("id", "=", claim.id)]))
        for record in (claim, claim.line_ids, claim.move_ids):
            with self.assertRaises(AccessError):
                record.with_user(manager).read(["display_name"])
