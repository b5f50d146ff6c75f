"""Penalties that the next invoice deducts: on drafts, once, and never below zero."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .posting_case import FEBRUARY, PostingCase


class TestDeduction(PostingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.later = cls.a_clause("Later", settle_by="next_invoice", tax_ids=[Command.set(cls.sale_tax.ids)])

    def an_invoice(self, penalties, fee=1000, refund=False):
        return self.env["account.move"].create({
            "move_type": "out_refund" if refund else "out_invoice", "partner_id": self.customer.id,
            "invoice_date": "2026-04-10", "invoice_line_ids": [
                Command.create({"name": "Fee", "price_unit": fee, "tax_ids": [Command.set(self.sale_tax.ids)]}),
                *(Command.create(penalty._deduction_values(refund)) for penalty in penalties)]})

    def waiting(self):
        return self.env["aftersales.penalty"]._deductions_for(self.contract)

    def test_it_waits_for_the_next_invoice(self):
        penalty = self.a_penalty(100, clause=self.later)
        with self.assertRaisesRegex(UserError, "deducted from the next invoice"):
            self.post(penalty)
        self.assertEqual(self.waiting(), penalty)
        invoice = self.an_invoice(penalty)
        self.env["aftersales.penalty"]._deducted({penalty: invoice.invoice_line_ids.filtered("aftersales_penalty_id")})
        self.assertEqual((invoice.amount_untaxed, penalty.state), (900, "approved"), "a draft posts nothing")
        self.assertFalse(self.waiting(), "but it is on it")
        with self.assertRaisesRegex(UserError, "on the draft"):
            self.post(penalty)
        invoice.action_post()
        self.assertEqual((penalty.state, penalty.move_id), ("posted", invoice))

    def test_whoever_posts_the_invoice_posts_the_penalty(self):
        penalty = self.a_penalty(100, clause=self.later)
        invoice = self.an_invoice(penalty)
        bookkeeper = self._a_user("bookkeeper", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            penalty.with_user(bookkeeper).read(["state"])
        invoice.with_user(bookkeeper).action_post()
        self.assertEqual((penalty.state, penalty.posted_by_id), ("posted", bookkeeper))

    def test_a_deleted_draft_frees_it(self):
        penalty = self.a_penalty(100, clause=self.later)
        invoice = self.an_invoice(penalty)
        invoice.button_cancel()
        self.assertEqual(self.waiting(), penalty, "cancelled")
        invoice.button_draft()
        self.assertFalse(self.waiting())
        invoice.unlink()
        self.assertEqual(self.waiting(), penalty, "deleted")

    def test_a_line_that_says_another_amount_is_not_posted(self):
        penalty = self.a_penalty(100, clause=self.later)
        for change in ({"price_unit": -90}, {"discount": 10}, {"quantity": 2}):
            invoice = self.an_invoice(penalty)
            invoice.invoice_line_ids.filtered("aftersales_penalty_id").write(change)
            with self.subTest(change), self.assertRaisesRegex(UserError, "it must come to 100"):
                invoice.action_post()
            self.assertEqual((invoice.state, penalty.state), ("draft", "approved"))
            invoice.unlink()

    def test_two_drafts_deduct_it_once(self):
        penalty = self.a_penalty(100, clause=self.later)
        first, second = self.an_invoice(penalty), self.an_invoice(penalty)
        first.action_post()
        with self.assertRaisesRegex(UserError, "posted already"):
            second.action_post()
        second.invoice_line_ids.filtered("aftersales_penalty_id").unlink()
        second.action_post()
        self.assertEqual((second.amount_untaxed, penalty.move_id), (1000, first))

    def test_a_dispute_that_came_up_since_holds_the_invoice(self):
        penalty = self.a_penalty(100, clause=self.later)
        invoice = self.an_invoice(penalty)
        penalty._write_guarded({"state": "disputed", "state_before": "approved"})
        with self.assertRaisesRegex(UserError, "the end of its dispute"):
            invoice.action_post()

    def test_an_invoice_never_falls_below_zero(self):
        """Oldest first, none in two parts; what does not fit waits, a bonus makes room."""
        january = self.a_penalty(60, clause=self.later, period=("2026-01-01", "2026-01-31"))
        february = self.a_penalty(70, clause=self.later, period=FEBRUARY)
        march = self.a_penalty(30, clause=self.later)
        waiting, usd = self.waiting(), self.company.currency_id
        self.assertEqual(waiting, january | february | march)
        for room, expected in ((100, january | march), (130, january | february), (59, march), (29, march - march),
                               (160, waiting)):
            with self.subTest(room):
                self.assertEqual(waiting._fitting(room, usd), expected)
        self.assertFalse(waiting._fitting(1000, self.currency("EUR")), "of another currency")
        bonus = self.a_penalty(-50, clause=self.later)
        self.assertEqual(self.waiting()._fitting(10, usd), january | bonus)

    def test_a_credit_note_instead(self):
        penalty = self.a_penalty(100, clause=self.later)
        penalty.with_user(self.felix).action_credit_instead()
        self.assertEqual((penalty.state, penalty.move_id.move_type), ("posted", "out_refund"))
        with self.assertRaisesRegex(UserError, "does not wait"):
            penalty.with_user(self.felix).action_credit_instead()
        with self.assertRaises(AccessError):
            self.a_penalty(1, clause=self.later).with_user(self.anna).action_credit_instead()

    def test_a_contract_that_has_ended_has_no_next_invoice(self):
        penalty = self.a_penalty(100, clause=self.later)
        self.contract._write_unlocked({"state": "terminated"})
        self.assertEqual(self.post(penalty).move_type, "out_refund")

    def test_a_deduction_is_taken_back_by_an_invoice(self):
        penalty = self.a_penalty(100, clause=self.later)
        invoice = self.an_invoice(penalty)
        invoice.action_post()
        penalty.with_user(self.felix).action_reverse("Wrong")
        counter = penalty.reversal_move_id
        self.assertEqual((counter.move_type, counter.amount_untaxed, counter.amount_total), ("out_invoice", 100, 115))
        self.assertEqual(self.receivable(invoice | counter), 1150)

    def test_an_invoice_that_is_credited_whole_gives_the_deduction_back(self):
        penalty = self.a_penalty(100, clause=self.later)
        invoice = self.an_invoice(penalty)
        invoice.action_post()
        invoice._reverse_moves([{"invoice_date": "2026-04-10"}]).action_post()
        self.assertTrue(penalty.reversed_on)

    def test_other_lines_of_the_invoice_are_credited_without_it(self):
        penalty = self.a_penalty(100, clause=self.later)
        invoice = self.an_invoice(penalty)
        invoice.action_post()
        counter = invoice._reverse_moves([{"invoice_date": "2026-04-10"}])
        counter.invoice_line_ids.filtered("aftersales_reverses_id").unlink()
        counter.action_post()
        self.assertFalse(penalty.reversed_on)
