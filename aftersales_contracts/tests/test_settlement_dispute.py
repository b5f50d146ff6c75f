"""Disputes of single lines: what is accepted is paid, what is disputed is held, and comes back once it is settled."""

from datetime import date
from decimal import Decimal

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .settlement_ledger_case import SettlementLedgerCase


class TestSettlementDispute(SettlementLedgerCase):
    def settle(self, line, *args, by=None, **values):
        line.with_user(by or self.felix).action_settle_line(*args, **{"answer": "We looked at it", **values})

    def released(self, contract=None):
        """{name of the line: amount} that the next settlement takes."""
        contract = contract or self.dealing
        return {line.name: item.amount for item, line in contract._share_released(
            date(2026, 12, 31), contract.currency_id)}

    def approved_without(self, *amounts, disputed=(0,), **values):
        """An approved settlement of lines with ``amounts``; those of ``disputed`` are held."""
        settlement = self.a_settlement([self.share(amount) for amount in amounts], state="sent", **values)
        for number in disputed:
            self.dispute(self.line(settlement, number))
        settlement.with_user(self.diego).action_accept()
        settlement.with_user(self.felix).action_approve()
        return settlement

    def test_eight_accepted_and_two_disputed(self):
        settlement = self.a_settlement([self.share(10 * number) for number in range(1, 11)], state="sent")
        self.dispute(self.line(settlement, 3) | self.line(settlement, 7), "Not our parts")
        self.assertEqual((settlement.state, settlement.disputed_line_count, settlement.open_line_count),
                         ("disputed", 2, 8))
        self.assertEqual((settlement.held, settlement.payable), (120, 430))
        settlement.with_user(self.diego).action_accept()
        self.assertEqual((settlement.state, settlement.open_line_count), ("disputed", 0))
        line = self.line(settlement, 3)
        self.assertRecordValues(line, [{
            "state": "disputed", "dispute_reason": "Not our parts", "disputed_by_id": self.diego.id}])
        self.assertEqual(str(line.disputed_on), "2026-04-10")
        settlement.with_user(self.felix).action_approve()
        self.assertEqual(line.state, "held")
        move = self.post(settlement)
        self.assertEqual(move.amount_untaxed, 430, "what is accepted is paid")
        self.assertFalse(self.released(), "what is held waits for an answer")

    def test_what_stands_before_the_approval_is_paid_at_once(self):
        settlement = self.a_settlement([self.share(60), self.share(40)], state="sent")
        self.dispute(self.line(settlement))
        settlement.with_user(self.diego).action_accept()
        self.settle(self.line(settlement))
        self.assertEqual((settlement.state, settlement.held, settlement.payable), ("accepted", 0, 100))
        self.assertRecordValues(self.line(settlement), [{
            "state": "accepted", "outcome": "stands", "decided_amount": 60, "dispute_answer": "We looked at it",
            "decided_by_id": self.felix.id}])

    def test_what_stands_after_the_approval_comes_with_the_next_one(self):
        settlement = self.approved_without(60, 40)
        self.post(settlement)
        self.settle(self.line(settlement))
        self.assertEqual(self.line(settlement).state, "released")
        self.assertEqual(self.released(), {"share 0": Decimal("60.00")})
        self.assertEqual((settlement.held, settlement.payable), (60, 40), "the settlement stays as it was posted")
        april = self.a_settlement([
            self.share(1), ("released", "adjustments", 60, {"origin_line_id": self.line(settlement).id})],
            period="march", contract=self.a_dealing())
        self.assertEqual(self.post(april).amount_untaxed, 61)
        self.assertEqual(self.booked(april.move_ids)[0][1], "Revenue share: Parts")
        self.assertFalse(self.released(), "once")
        self.assertEqual(self.line(settlement).released_line_ids.settlement_id, april)

    def test_another_amount_is_settled_with_the_next_one(self):
        """Before or after the approval: what the dealer was sent stays as it is."""
        before = self.a_settlement([self.share(60), self.share(40)], state="sent")
        self.dispute(self.line(before))
        before.with_user(self.diego).action_accept()
        self.settle(self.line(before), False, "75.50")
        self.assertEqual((before.state, before.held, before.payable), ("accepted", 60, 40))
        self.assertEqual((self.line(before).state, self.line(before).amount), ("released", 60))
        self.assertEqual(self.released(), {"share 0": Decimal("75.50")})

    def test_a_line_of_nothing_may_be_disputed(self):
        """A line for which no rate was in force says 0.00: that is what dealers dispute."""
        settlement = self.approved_without(0, 40)
        self.assertEqual((settlement.held, settlement.payable), (0, 40))
        self.settle(self.line(settlement), False, 25)
        self.assertEqual(self.released(), {"share 0": Decimal("25.00")})

    def test_the_dealer_may_think_better_of_it(self):
        settlement = self.a_settlement([self.share(60), self.share(40)], state="sent")
        line = self.line(settlement)
        self.dispute(line)
        settlement.with_user(self.diego).action_accept_lines(line.ids)
        self.assertEqual((settlement.state, settlement.held), ("sent", 0))
        self.assertEqual((line.state, line.dispute_reason, line.disputed_on), ("accepted", False, False))
        self.dispute(line, "No, it is wrong")
        self.assertEqual((settlement.state, line.dispute_reason), ("disputed", "No, it is wrong"))

    def test_what_follows_from_other_lines_is_not_disputed(self):
        settlement = self.a_settlement([
            self.share(1000), ("cap", "adjustments", -200), ("withholding", "adjustments", -80)], state="sent")
        for number in (1, 2):
            with self.assertRaisesRegex(UserError, "follows from the other lines"):
                self.dispute(self.line(settlement, number))

    def test_a_disputed_fee_is_not_deducted_until_it_is_settled(self):
        settlement = self.a_settlement([self.share(1000), ("brand_fee", "adjustments", -50)], state="sent")
        self.dispute(self.line(settlement, 1))
        self.assertEqual((settlement.total, settlement.held, settlement.payable), (950, -50, 1000))

    def test_a_disputed_penalty_is_disputed_itself(self):
        penalty = self.a_dealer_penalty(120)
        settlement = self.a_settlement([
            self.share(1000), ("penalty", "adjustments", -120, {"penalty_id": penalty.id})], state="sent")
        line = self.line(settlement, 1)
        self.dispute(line, "It rained")
        self.assertEqual((penalty.state, penalty.dispute_reason, penalty.disputed_by_id),
                         ("disputed", "It rained", self.diego))
        settlement.with_user(self.diego).action_accept()
        settlement.with_user(self.felix).action_approve()
        self.assertEqual(self.post(settlement).amount_untaxed, 1000)
        self.assertEqual(penalty.state, "disputed")
        with self.assertRaisesRegex(UserError, "it is not raised to -130"):
            self.settle(line, False, -130)
        with self.assertRaisesRegex(UserError, "it is not raised to 10"):
            self.settle(line, False, 10)
        self.settle(line, False, -50, answer="It rained half of the day")
        self.assertEqual((penalty.state, penalty.amount, penalty.waived_amount), ("approved", 50, 70))
        later = self.a_settlement([
            self.share(500), ("released", "adjustments", -50, {"origin_line_id": line.id})], contract=self.a_dealing())
        move = self.post(later)
        self.assertEqual((move.amount_untaxed, move.invoice_line_ids.aftersales_penalty_id), (450, penalty))
        self.assertEqual(penalty.state, "posted")

    def test_a_penalty_that_is_let_go_is_waived(self):
        penalty = self.a_dealer_penalty(120)
        settlement = self.a_settlement([
            self.share(1000), ("penalty", "adjustments", -120, {"penalty_id": penalty.id})], state="sent")
        self.dispute(self.line(settlement, 1))
        self.settle(self.line(settlement, 1), False, 0)
        self.assertEqual((penalty.state, penalty.amount), ("waived", 0))
        self.assertEqual(settlement.payable, 1000)

    # --- who, and what may be said ---------------------------------------------------------------------------------

    def test_who_settles_a_dispute(self):
        settlement = self.approved_without(60, 40)
        line = self.line(settlement)
        for user in (self.agent, self.anna, self.diego, self.carla, self.outsider, self.clerk):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.settle(line, by=user)
        self.assertEqual(line.state, "held")
        self.settle(line, by=self.lena)
        self.assertEqual(line.state, "released")

    def test_who_recorded_it_does_not_give_in(self):
        settlement = self.a_settlement([self.share(60), self.share(40)], state="sent")
        line = self.line(settlement)
        settlement.with_user(self.felix).action_dispute_lines(line.ids, "They phoned: 75", "Phone, 9 April")
        with self.assertRaisesRegex(AccessError, "somebody else gives in to it"):
            self.settle(line, False, 75)
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            line._write_guarded({"outcome": "changed", "decided_by_id": self.felix.id})
            self.env.flush_all()
        self.env.invalidate_all()
        self.settle(line, False, 75, by=self.lena)
        self.assertEqual(line.decided_by_id, self.lena)

    def test_bad_input_is_named(self):
        settlement = self.approved_without(60, 40)
        line = self.line(settlement)
        for amount in (None, "", "many", "12.345", float("nan"), "inf", 0.001):
            with self.subTest(amount), self.assertRaisesRegex(UserError, "is not an amount that can be paid"):
                self.settle(line, False, amount)
        for answer in (None, "  "):
            with self.assertRaisesRegex(UserError, "give the reason"):
                self.settle(line, answer=answer)
        with self.assertRaisesRegex(UserError, "is not disputed"):
            self.settle(self.line(settlement, 1))
        self.assertEqual(line.state, "held")
        with self.assertRaisesRegex(UserError, "give the reason"):
            self.dispute(self.line(self.a_settlement(
                [self.share(1)], state="sent", contract=self.a_dealing())), " ")

    def test_whole_units_only(self):
        twd = self.currency("TWD")
        contract = self.a_dealing(currency_id=twd.id)
        settlement = self.a_settlement(
            [self.share(1001)], state="sent", contract=contract, inputs={"rule": {"payable": "1"}},
            rule=self.a_share_rule(currency_id=twd.id, payable_unit=1))
        self.dispute(self.line(settlement))
        with self.assertRaisesRegex(UserError, "It is a multiple of 1"):
            self.settle(self.line(settlement), False, "12.50")
        self.settle(self.line(settlement), False, "12")

    def test_decided_lines_are_not_answered_again(self):
        settlement = self.a_settlement([self.share(60), self.share(40)], state="sent")
        self.dispute(self.line(settlement))
        self.settle(self.line(settlement), False, 10)
        for call in (lambda one: one.action_accept_lines(self.line(settlement).ids),
                     lambda one: one.action_dispute_lines(self.line(settlement).ids, "Still")):
            with self.assertRaisesRegex(UserError, "is decided already"):
                call(settlement.with_user(self.diego))

    def test_after_the_acceptance_only_the_office_disputes(self):
        settlement = self.a_settlement([self.share(60), self.share(40)], state="accepted")
        with self.assertRaisesRegex(UserError, "is accepted: that is not possible now"):
            self.dispute(self.line(settlement))
        self.dispute(self.line(settlement), "They wrote that it is wrong", by=self.anna)
        self.assertEqual((settlement.state, settlement.held), ("disputed", 60))

    def test_taking_an_approval_back_opens_the_disputes(self):
        settlement = self.approved_without(60, 40)
        settlement.with_user(self.felix).action_take_back("Wait for the expert")
        self.assertEqual((settlement.state, self.line(settlement).state), ("disputed", "disputed"))
        self.assertFalse(settlement.approved_by_id)
        self.settle(self.line(settlement))
        self.assertEqual((settlement.state, settlement.payable), ("accepted", 100))

    def test_a_dispute_ages(self):
        settlement = self.approved_without(60, 40)
        with freeze_time("2026-06-15 12:00:00"):
            row = self.env["aftersales.dispute.ageing"].with_user(self.felix).search(
                [("line_id", "=", self.line(settlement).id)])
            self.assertEqual((row.days, row.amount_90), (66, 60))

    def test_many_lines_in_few_statements(self):
        """Accepting costs the same for 5 lines and for 300."""
        def accepted(count):
            settlement = self.a_settlement(
                [self.share(1) for _number in range(count)], state="sent", contract=self.a_dealing())
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            settlement.with_user(self.diego).action_accept()
            self.env.flush_all()
            return self.cr.sql_log_count - before
        accepted(3)
        self.assertEqual(accepted(300), accepted(5))

    def test_the_wizards_of_the_office(self):
        settlement = self.a_settlement([self.share(60), self.share(40)], state="sent")
        line = self.line(settlement)
        self.env["aftersales.record.answer"].with_user(self.anna).create({
            "settlement_id": settlement.id, "answer": "dispute", "line_ids": line.ids, "reason": "Wrong machine",
            "note": "E-mail of Diego"}).action_confirm()
        self.env["aftersales.record.answer"].with_user(self.anna).create({
            "settlement_id": settlement.id, "answer": "accept", "note": "E-mail of Diego"}).action_confirm()
        self.assertEqual(settlement.line_ids.sorted("sequence").mapped("state"), ["disputed", "accepted"])
        wizard = self.env["aftersales.settle.dispute"].with_user(self.lena).create({
            "line_ids": line.ids, "outcome": "changed", "amount": 33.33, "answer": "Two of three parts"})
        self.assertEqual((wizard.single, wizard.disputed), (True, 60))
        wizard.action_confirm()
        self.assertEqual((line.state, line.decided_amount), ("released", 33.33))
