"""Settlements in the ledger: paid with their documents, taken back as a whole, and changed by no other route."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .settlement_ledger_case import SettlementLedgerCase


class TestSettlementLedger(SettlementLedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = cls._a_user("bookkeeper", "account.group_account_manager")

    def reverse(self, settlement, reason="Wrong day", **options):
        settlement.with_user(self.felix).action_reverse(reason, **options)
        return settlement.move_ids.reversal_move_ids

    # --- paid --------------------------------------------------------------------------------------------------------

    def test_row22_paid_follows_the_bill_both_ways(self):
        settlement = self.a_settlement([self.share(100)])
        move = self.post(settlement)
        self.pay(move, 50)
        self.assertEqual((move.payment_state, settlement.state), ("partial", "posted"))
        self.pay(move, 65)
        self.assertEqual((move.amount_residual, settlement.state), (0, "paid"))
        move.line_ids.remove_move_reconcile()
        self.assertEqual(settlement.state, "posted", "the payment was taken back")

    def test_a_bill_in_another_currency_is_paid_in_parts(self):
        eur = self.currency("EUR")
        settlement = self.a_settlement([self.share(66.67)], contract=self.a_dealing(currency_id=eur.id))
        move = self.post(settlement)
        for amount in (33.33, 43.34):
            self.assertEqual(settlement.state, "posted")
            self.pay(move, amount)
        self.assertEqual((move.amount_residual, settlement.state), (0, "paid"))

    def test_row34_a_dealer_archived_after_posting_is_paid(self):
        settlement = self.a_settlement([self.share(100)])
        move = self.post(settlement)
        self.dealer.active = False
        self.pay(move)
        self.assertEqual(settlement.state, "paid")
        settlement.with_user(self.felix).action_close()
        self.assertEqual(settlement.state, "closed")

    def test_what_is_closed_stays_closed(self):
        settlement = self.a_settlement([self.share(100)])
        move = self.post(settlement)
        self.pay(move)
        settlement.with_user(self.felix).action_close()
        move.line_ids.remove_move_reconcile()
        self.assertEqual(settlement.state, "closed")

    def test_row22_a_credit_note_after_the_settlement_changes_nothing_of_it(self):
        """Row 22 (credit notes after settlement): the settled lines stay; what is taken back is a line of a later one.
        """
        settlement = self.a_settlement([self.share(100)])
        move = self.post(settlement)
        later = self.a_settlement([self.share(-40, base=-400, origin_line_id=self.line(settlement).id), self.share(90)],
                                  contract=self.a_dealing())
        bill = self.post(later)
        self.assertEqual((move.amount_untaxed, bill.amount_untaxed), (100, 50))
        self.assertEqual(settlement.state, "posted")

    # --- taken back --------------------------------------------------------------------------------------------------

    def test_reversed_to_the_cent_and_posted_again(self):
        for name in ("JPY", "KWD", "EUR", "TWD"):
            with self.subTest(name):
                currency = self.currency(name)
                contract = self.a_dealing(currency_id=currency.id)
                penalty = self.a_dealer_penalty(7, contract)
                settlement = self.a_settlement([
                    self.share(1235), self.share(12, "labour"), ("withholding", "adjustments", -3),
                    ("penalty", "adjustments", -7, {"penalty_id": penalty.id})], contract=contract)
                move = self.post(settlement)
                self.env["res.currency.rate"].create({  # the rate has changed since; the counter-entry takes the old
                    "currency_id": currency.id, "name": "2026-04-10", "rate": 1.7, "company_id": self.company.id})
                counter = self.reverse(settlement)
                self.assertEqual((counter.move_type, counter.reversed_entry_id), ("in_refund", move))
                self.assertTrue(all(
                    self.company.currency_id.is_zero(value) for value in self.balances(move | counter).values()))
                self.assertEqual(self.receivable(move | counter), 0)
                self.assertRecordValues(settlement, [{
                    "state": "approved", "posted_on": False, "posted_by_id": False}])
                self.assertEqual((penalty.state, penalty.move_id), ("approved", penalty.move_id.browse()))
                self.assertIn("Wrong day", settlement.message_ids[0].body)
                self.post(settlement, day="2026-04-12")
                again = settlement.move_ids - move
                self.assertEqual((str(again.invoice_date), again.amount_untaxed), ("2026-04-12", 1237))
                self.assertEqual((settlement.state, penalty.move_id), ("posted", again))
                self.pay(again)
                self.assertEqual(settlement.state, "paid", "the one that was taken back does not count")

    def test_what_it_booked_as_well_waits_again(self):
        february = self.a_settlement([self.share(-200, base=-2000)], "february")
        march = self.a_settlement([self.share(500)])
        self.post(february | march)
        self.reverse(march)
        self.assertFalse(february.booked_with_id)
        self.post(march)
        self.assertEqual(march.move_ids.sorted("id")[-1].amount_untaxed, 300)
        self.assertEqual(february.booked_with_id, march)

    def test_a_reversal_in_accounting_is_known(self):
        settlement = self.a_settlement([self.share(100)])
        move = self.post(settlement)
        wizard = self.env["account.move.reversal"].with_user(self.bookkeeper).with_context(
            active_model="account.move", active_ids=move.ids).create({
                "reason": "Wrong dealer", "journal_id": move.journal_id.id, "date": "2026-04-10"})
        counter = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        self.assertEqual(settlement.state, "posted", "it is a draft still")
        counter.with_user(self.bookkeeper).action_post()
        self.assertEqual(settlement.state, "approved")

    def test_only_as_a_whole(self):
        settlement = self.a_settlement([self.share(100), self.share(50, "labour")])
        move = self.post(settlement)
        counter = move.with_user(self.bookkeeper)._reverse_moves([{"date": "2026-04-10", "invoice_date": "2026-04-10"}])
        counter.invoice_line_ids[:1].unlink()
        with self.assertRaisesRegex(UserError, "is taken back as a whole"):
            counter.action_post()
        self.assertEqual(settlement.state, "posted")

    def test_all_documents_of_several_payees(self):
        branch = self.env["res.partner"].create({"name": "Branch"})
        self.a_bank(branch)
        rule = self.a_share_rule(payee_ids=[
            Command.create({"partner_id": partner.id, "percent": 50}) for partner in self.dealer | branch])
        settlement = self.a_settlement([self.share(100.01)], rule=rule)
        moves = self.post(settlement)
        counter = moves[:1].with_user(self.bookkeeper)._reverse_moves(
            [{"date": "2026-04-10", "invoice_date": "2026-04-10"}])
        with self.assertRaisesRegex(UserError, "has several documents"):
            counter.action_post()
        counter.unlink()
        counters = self.reverse(settlement)
        self.assertEqual((len(counters), settlement.state), (2, "approved"))

    def test_what_is_paid_is_not_reversed(self):
        settlement = self.a_settlement([self.share(100)])
        self.pay(self.post(settlement))
        with self.assertRaisesRegex(UserError, "is paid: that is not possible now"):
            self.reverse(settlement)

    def test_who_reverses(self):
        settlement = self.a_settlement([self.share(100)])
        self.post(settlement)
        for user in (self.anna, self.lena, self.boss, self.agent, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                settlement.with_user(user).action_reverse("No")
        with self.assertRaisesRegex(UserError, "give the reason"):
            self.reverse(settlement, "  ")
        self.company.purchase_lock_date = "2026-04-20"
        with self.assertRaisesRegex(UserError, "where the accounts are locked"):
            self.reverse(settlement, day="2026-04-15")

    # --- no other route ----------------------------------------------------------------------------------------------

    def test_row33_a_posted_document_stays(self):
        """Row 33: neither by buttons of Accounting nor by values over RPC."""
        settlement = self.a_settlement([self.share(100)])
        move = self.post(settlement)
        line = move.invoice_line_ids
        self.assertFalse(move.with_user(self.bookkeeper).show_reset_to_draft_button)
        more = [Command.create({"name": "More", "price_unit": 1})]
        calls = [
            (move, "button_draft"), (move, "button_cancel"), (move, "unlink"), (line, "unlink"),
            (move, "write", {"state": "draft"}), (move, "write", {"partner_id": self.stranger.id}),
            (move, "write", {"invoice_date": "2026-04-01"}), (move, "write", {"invoice_line_ids": more}),
            (line, "write", {"price_unit": 1}), (line, "write", {"account_id": self.fee_account.id})]
        for record, method, *args in calls:
            for user in (self.bookkeeper, self.env.ref("base.user_root")):
                with self.subTest(f"{method} {args} by {user.login}"), self.assertRaises(UserError):
                    getattr(record.with_user(user), method)(*args)
        self.assertEqual((move.state, move.amount_untaxed), ("posted", 100))
        move.with_user(self.bookkeeper).write({"payment_reference": "RF18"})  # how it is paid is theirs

    def test_row33_a_link_is_not_made_by_hand(self):
        settlement = self.a_settlement([self.share(100)])
        values = {"move_type": "in_invoice", "partner_id": self.dealer.id, "invoice_date": "2026-04-10",
                  "invoice_line_ids": [Command.create({"name": "Mine", "price_unit": 999})]}
        Move = self.env["account.move"].with_user(self.bookkeeper)
        with self.assertRaisesRegex(UserError, "is set by posting the settlement"):
            Move.create({**values, "aftersales_settlement_id": settlement.id})
        move = Move.create(values)
        with self.assertRaisesRegex(UserError, "is set by posting the settlement"):
            move.write({"aftersales_settlement_id": settlement.id})
        self.post(settlement)
        copy = settlement.move_ids.with_user(self.bookkeeper).copy()
        self.assertFalse(copy.aftersales_settlement_id, "a copy has nothing to do with the settlement")

    def test_the_dealer_sees_no_documents(self):
        settlement = self.a_settlement([self.share(100)])
        self.post(settlement)
        with self.assertRaises(AccessError):
            settlement.with_user(self.diego).read(["move_ids"])
        with self.assertRaises(AccessError):
            settlement.with_user(self.diego).read(["posting_gaps"])

