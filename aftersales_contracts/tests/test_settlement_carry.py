"""From one settlement to the next: nothing is lost between them, and nothing taken twice, whatever is disputed when."""

from decimal import Decimal
from random import Random

from odoo.exceptions import AccessError, UserError

from .settlement_ledger_case import PERIODS, SettlementLedgerCase


class TestSettlementCarry(SettlementLedgerCase):
    def test_defect7_a_balance_below_zero_is_carried(self):
        """A peer turns a negative settlement into a vendor refund at once: 200.00 to be paid back in January, 500.00
        paid in February. Ours takes the 200.00 off the 500.00."""
        january = self.a_settlement([self.share(-200, base=-2000)], "january")
        february = self.a_settlement([self.share(500)], "february")
        self.assertEqual((january.payable, january.carry_taken, january.carried_left), (0, -200, 0))
        self.assertEqual((february.opening, february.payable, february.carried_left), (-200, 300, 0))
        moves = self.post(january | february)
        self.assertEqual([(move.move_type, move.amount_untaxed) for move in moves], [("in_invoice", 300)])

    def test_over_several_periods(self):
        january = self.a_settlement([self.share(-200, base=-2000)], "january")
        february = self.a_settlement([self.share(50)], "february")
        march = self.a_settlement([self.share(400)])
        self.assertEqual([one.payable for one in (january, february, march)], [0, 0, 250])
        moves = self.post(january | february | march)
        self.assertEqual((moves.amount_untaxed, moves.amount_tax), (250, 37.5))
        self.assertEqual([row[2] for row in self.booked(moves)], [-200, 50, 400], "each period by itself")
        self.assertEqual(march.booked_ids, january | february)

    def test_what_is_not_sent_is_taken_as_it_is_computed(self):
        """A run that catches up computes several periods before the first is sent: the middle one counts once."""
        self.a_settlement([self.share(-200, base=-2000)], "january", state="computed")
        february = self.a_settlement([self.share(-50, base=-500)], "february", state="computed")
        march = self.a_settlement([self.share(400)], state="computed")
        self.assertEqual((february.opening, march.opening, march.payable), (-200, -250, 150))

    def test_a_dispute_after_the_next_one_was_sent(self):
        """The example of the module: 50.00 are paid now, and come back as a line once the fee stands."""
        january = self.a_settlement(
            [self.share(-150, base=-1500), ("brand_fee", "adjustments", -50)], "january", state="sent")
        february = self.a_settlement([self.share(500)], "february", state="sent")
        self.dispute(self.line(january, 1))
        self.assertEqual((january.held, january.payable, january.carried_left), (-50, 50, 0))
        self.assertEqual(february.payable, 300, "what was sent stays")
        january.with_user(self.diego).action_accept()
        february.with_user(self.diego).action_accept()
        (january | february).with_user(self.felix).action_approve()
        moves = self.post(january | february)
        self.assertEqual(moves.sorted("id").mapped("amount_untaxed"), [50, 300])
        self.line(january, 1).with_user(self.felix).action_settle_line(True, None, "It is agreed")
        march = self.a_settlement([
            self.share(10), ("released", "adjustments", -50, {"origin_line_id": self.line(january, 1).id})])
        self.assertEqual((march.payable, march.carried_left), (0, -40))

    def test_a_disputed_share_leaves_more_to_the_next_one(self):
        january = self.a_settlement([self.share(-100, base=-1000), self.share(30)], "january", state="sent")
        self.a_settlement([self.share(500)], "february", state="sent")
        self.assertEqual(january.carry_taken, -70)
        self.dispute(self.line(january, 1))
        self.assertEqual((january.payable, january.carried_left), (0, -30), "beside what February took")
        march = self.a_settlement([self.share(500)])
        self.assertEqual((march.opening, march.payable), (-30, 470))

    def test_less_than_can_be_paid_waits(self):
        """Paid in whole dollars: what is less than one is left, and not lost."""
        twd = self.currency("EUR")
        contract = self.a_dealing(currency_id=twd.id)
        rule = self.a_share_rule(currency_id=twd.id, payable_unit=1)
        settlement = self.a_settlement(
            [self.share(500)], contract=contract, rule=rule, inputs={"rule": {"payable": "1"}})
        settlement._write_guarded({"carried_forward": -0.3})
        self.assertEqual((settlement.payable, settlement.carried_left), (500, -0.3))

    def test_charged_at_once_nothing_is_left(self):
        charging = self.a_share_rule(negative="charge")
        settlement = self.a_settlement([self.share(-200, base=-2000)], "january", rule=charging)
        self.assertEqual((settlement.total, settlement.payable, settlement.carried_left), (-200, -200, 0))
        self.assertEqual(self.a_settlement([self.share(5)], "february", rule=charging).opening, 0)

    def test_what_an_ended_contract_leaves_is_claimed(self):
        """Nobody takes the balance any more: it does not stay for ever what the dealer owes on paper."""
        penalty = self.a_dealer_penalty(150, period=("2026-02-01", "2026-02-28"))
        january = self.a_settlement([self.share(-80, base=-800)], "january")
        february = self.a_settlement(
            [self.share(30), ("penalty", "adjustments", -150, {"penalty_id": penalty.id})], "february")
        self.post(january | february)
        self.assertEqual((february.state, february.carried_left), ("closed", -200))
        with self.assertRaisesRegex(UserError, "has not ended: the next settlement takes the balance"):
            february.with_user(self.felix).action_claim("Over")
        self.dealing._write_unlocked({"state": "terminated"})
        with self.assertRaisesRegex(UserError, "it leaves no balance"):
            january.with_user(self.felix).action_claim("Over")
        with self.assertRaises(AccessError):
            february.with_user(self.anna).action_claim("Over")
        february.with_user(self.felix).action_claim("The partnership is over")
        self.assertEqual((february.state, february.payable, february.carried_left), ("approved", -200, 0))
        move = self.post(february)
        self.assertEqual((move.move_type, move.amount_untaxed, move.amount_tax), ("in_refund", 200, 7.5))
        self.assertEqual((february.state, january.booked_with_id, penalty.state), ("posted", february, "posted"))

    def test_other_contracts_and_currencies_stay_apart(self):
        self.a_settlement([self.share(-200, base=-2000)], "january")
        other = self.a_settlement([self.share(-7, base=-70)], "january", contract=self.a_dealing())
        euro = self.a_settlement([self.share(-9, base=-90)], "january", currency=self.currency("EUR"))
        Settlement = self.env["aftersales.settlement"]
        for contract, currency, wanted in ((self.dealing, self.dealing.currency_id, "-200.00"),
                                           (other.contract_id, other.currency_id, "-7.00"),
                                           (self.dealing, euro.currency_id, "-9.00")):
            self.assertEqual(Settlement._carried_in(contract, currency, PERIODS["march"][0]), Decimal(wanted))

    def test_nothing_is_created_or_lost(self):
        """Random courses: shares, fees, disputes at any time, settled as they stand or at another amount. What was
        paid in the end, and what is still owed, is what the lines come to after all disputes."""
        for seed in range(12):
            with self.subTest(seed), self.cr.savepoint():
                self._random_course(Random(seed))

    def _random_course(self, random):
        contract, done = self.a_dealing(), []
        decided = Decimal(0)
        for period in PERIODS:
            waiting = [line for one in done for line in one.line_ids if line.state == "released"
                       and not line.released_line_ids]
            lines = [self.share(random.randint(-300, 300)) for _number in range(4)]
            lines += [("released", "adjustments", line.decided_amount, {"origin_line_id": line.id}) for line in waiting]
            settlement = self.a_settlement(lines, period, state="sent", contract=contract)
            done.append(settlement)
            for one in random.sample(done, random.randint(1, len(done))):
                if one.state in ("sent", "disputed"):
                    self._dispute_some(one, random)
            for one in done:
                if random.random() < 0.5 and one.state in ("sent", "disputed"):
                    one.with_user(self.diego).action_accept()
                    one.with_user(self.felix).action_approve()
        for one in done:
            if one.state in ("sent", "disputed"):
                one.with_user(self.diego).action_accept()
            if one.state in ("disputed", "accepted"):
                one.with_user(self.felix).action_approve()
        self.post(self.env["aftersales.settlement"].union(*done))
        paid = sum(self.settled(one) for one in done)
        left = sum(one._money(one.carried_left) for one in done)
        for one in done:
            for line in one.line_ids.filtered(
                    lambda line: line.kind in ("share", "released") and line.state == "accepted"):
                decided += one._money(line.amount)
        self.assertEqual(paid + left, decided)

    def settled(self, settlement):
        """What its documents paid, before taxes: a Decimal."""
        moves = settlement.move_ids
        paid = sum((settlement._money(move.amount_untaxed) for move in moves), Decimal(0))
        self.assertEqual(paid, settlement._money(settlement.payable))
        return paid

    def _dispute_some(self, settlement, random):
        lines = settlement.line_ids.filtered(
            lambda line: line.kind in ("share", "released") and line.state in ("open", "accepted"))
        for line in lines:
            if random.random() < 0.4:
                self.dispute(line)
                if random.random() < 0.5:
                    stands = random.random() < 0.5
                    line.with_user(self.felix).action_settle_line(
                        stands, None if stands else str(random.randint(-300, 300)), "Looked at")
