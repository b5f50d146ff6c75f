"""A posted penalty is taken back by a counter-entry, to the cent, by its button or in Accounting."""

from odoo.exceptions import UserError
from odoo.fields import Command

from .posting_case import FEBRUARY, IN_CURRENCIES, PostingCase


class TestReversal(PostingCase):
    def reverse(self, penalties, reason="Site was closed", **options):
        penalties.with_user(self.felix).action_reverse(reason, **options)
        return penalties.reversal_move_id

    def test_a_counter_entry_takes_it_back_to_the_cent(self):
        for name, amounts, _untaxed, _tax, total, _company in IN_CURRENCIES:
            with self.subTest(name):
                contract = self.a_contract(title=name, currency_id=self.currency(name).id)
                penalties = self.env["aftersales.penalty"].union(*(self.a_penalty(one, contract) for one in amounts))
                move = self.post(penalties)
                self.env["res.currency.rate"].create({  # the rate has changed since; the counter-entry takes the old
                    "currency_id": move.currency_id.id, "name": "2026-04-10", "rate": 1.7,
                    "company_id": self.company.id})
                counter = self.reverse(penalties)
                self.assertEqual((counter.move_type, counter.amount_total), ("out_invoice", total))
                self.assertEqual(counter.reversed_entry_id, move)
                by_account = {}
                for line in (move | counter).line_ids:
                    by_account[line.account_id] = by_account.get(line.account_id, 0) + line.balance
                self.assertTrue(all(self.company.currency_id.is_zero(sum_) for sum_ in by_account.values()), by_account)
                self.assertEqual(self.receivable(move | counter), 0)
                self.assertEqual((move.payment_state, counter.payment_state), ("paid", "reversed"))

    def test_the_penalty_stays_posted_and_says_why_it_was_reversed(self):
        penalty = self.a_penalty(100)
        move = self.post(penalty)
        counter = self.reverse(penalty, day="2026-04-20")
        self.assertEqual((penalty.state, penalty.move_id, penalty.reversal_reason),
                         ("posted", move, "Site was closed"))
        self.assertEqual((str(penalty.reversed_on), penalty.reversed_by_id), ("2026-04-20", self.felix))
        self.assertIn("Site was closed", counter.ref)
        self.assertIn("Site was closed", penalty.message_ids[0].body)
        for attempt in (lambda: self.reverse(penalty), lambda: self.reverse(self.a_penalty(1, period=FEBRUARY))):
            with self.assertRaisesRegex(UserError, "cannot be reversed"):
                attempt()
        with self.assertRaisesRegex(UserError, "Say why"):
            self.reverse(self.a_penalty(1, period=FEBRUARY), reason="  ")
        for one in (move, counter):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                one.sudo().button_draft()

    def test_of_several_on_a_document_one_alone(self):
        first, second, third = (self.a_penalty(amount) for amount in (33.33, 33.33, 33.35))
        move = self.post(first | second | third)
        self.assertEqual(move.amount_tax, 15)
        one = self.reverse(second)
        self.assertEqual((one.amount_untaxed, one.amount_tax), (33.33, 5))
        self.assertEqual((first.reversed_on, third.reversed_on), (False, False))
        self.assertEqual(self.receivable(move | one), -76.68)
        self.reverse(first)
        last = self.reverse(third)
        self.assertEqual(self.receivable(first.move_id | first.reversal_move_id | one | last), 0,
                         "the last one takes what rounding left of the tax")
        counters = one | first.reversal_move_id | last
        self.assertTrue(move.currency_id.is_zero(sum(counters.mapped("amount_total")) - move.amount_total))

    def test_a_bonus_on_a_credit_note_is_taken_back_by_a_credit_note(self):
        penalty, bonus = self.a_penalty(100), self.a_penalty(-30)
        move = self.post(penalty | bonus)
        counter = self.reverse(bonus)
        self.assertEqual((counter.move_type, counter.amount_untaxed), ("out_refund", 30))
        self.assertEqual(self.receivable(move | counter), -115)

    def test_a_reversal_in_accounting_is_known(self):
        penalty, other = self.a_penalty(100), self.a_penalty(40)
        move = self.post(penalty | other)
        bookkeeper = self._a_user("bookkeeper", "account.group_account_manager")
        wizard = self.env["account.move.reversal"].with_user(bookkeeper).with_context(
            active_model="account.move", active_ids=move.ids).create({
                "reason": "Wrong customer", "journal_id": move.journal_id.id, "date": "2026-04-10"})
        counter = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        self.assertEqual((penalty.reversed_on, counter.state), (False, "draft"))
        counter.with_user(bookkeeper).action_post()
        for one in (penalty, other):
            self.assertEqual((one.reversal_move_id, str(one.reversed_on)), (counter, "2026-04-10"))
            self.assertIn("Wrong customer", one.reversal_reason)

    def test_a_part_of_a_penalty_is_not_reversed_in_accounting(self):
        penalty = self.a_penalty(100)
        counter = self.post(penalty)._reverse_moves([{"invoice_date": "2026-04-10"}])
        counter.invoice_line_ids.price_unit = 60
        with self.assertRaisesRegex(UserError, "reversed as a whole"):
            counter.action_post()
        self.assertFalse(penalty.reversed_on)

    def test_the_second_document_of_reverse_and_create_posts_no_penalty(self):
        penalty = self.a_penalty(100)
        move = self.post(penalty)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids).create({
                "reason": "Again", "journal_id": move.journal_id.id, "date": "2026-04-10"})
        again = self.env["account.move"].browse(wizard.modify_moves()["res_id"])
        self.assertTrue(penalty.reversed_on)
        self.assertFalse(again.invoice_line_ids.aftersales_penalty_id | again.invoice_line_ids.aftersales_reverses_id)

    def test_only_the_entry_was_wrong(self):
        penalty = self.a_penalty(100)
        wrong = self.post(penalty)
        penalty.with_user(self.felix).action_reverse("Wrong account", again=True)
        self.assertEqual((penalty.state, penalty.move_id.id, penalty.reversed_on), ("approved", False, False))
        right = self.post(penalty)
        self.assertNotEqual(right, wrong)
        self.assertEqual(self.receivable(penalty.move_line_ids.move_id | wrong.reversal_move_ids), -115)
        self.reverse(penalty)
        self.assertEqual(penalty.reversal_move_id.reversed_entry_id, right)

    def test_locked_accounts(self):
        penalty = self.a_penalty(100)
        self.post(penalty)
        self.company.sale_lock_date = "2026-04-12"
        with self.assertRaisesRegex(UserError, "where the accounts are locked"):
            self.reverse(penalty, day="2026-04-11")
        self.assertFalse(penalty.reversed_on)
        self.assertEqual(str(self.reverse(penalty).invoice_date), "2026-04-13")

    def test_providers(self):
        contract = self.a_provider_contract()
        clause = self.a_clause("Response", tax_ids=[Command.set(self.purchase_tax.ids)])
        penalty = self.a_penalty(200, contract, clause=clause)
        move = self.post(penalty)
        counter = self.reverse(penalty)
        self.assertEqual((counter.move_type, counter.amount_total), ("in_invoice", 230))
        self.assertEqual(self.receivable(move | counter), 0)
