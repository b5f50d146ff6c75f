"""Invoices of contracts in the ledger: balances, taxes and residuals, in currencies of 0, 2 and 3 decimals."""

from odoo.exceptions import UserError
from odoo.fields import Command

from .billing_case import BillingCase


class TestCurrencies(BillingCase):
    def test_row23_jpy_kwd_eur_twd(self):
        """15/31 of the price, then a full month; booked at the rate of the day of the invoice."""
        for name, price, parts, balance in (
            ("JPY", 10001, ("4839", "10001"), "98.93"), ("KWD", 10.005, ("4.841", "10.005"), "49.49"),
            ("EUR", 100.01, ("48.39", "100.01"), "164.89"), ("TWD", 3001, ("1452", "3001"), "148.43"),
        ):
            with self.subTest(name):
                currency = self.currency(name)
                if name == "TWD":
                    currency.rounding = 1.0
                contract = self.a_term({"price": price, "date_start": "2026-01-17", "anchor_day": 1},
                                       currency_id=currency.id)
                move = self.night("2026-02-01", contract)
                self.assertEqual([row[2] for row in self.facts(contract)], list(parts))
                income = move.invoice_line_ids.sorted("id")
                self.assertEqual([self.text(line.price_subtotal, currency) for line in income], list(parts))
                move.action_post()
                self.assert_balanced(move)
                self.assertEqual(self.text(-sum(income.mapped("balance"))), balance)
                tax = currency.round(sum(income.mapped("price_subtotal")) * 0.15)
                self.assertEqual(self.text(move.amount_tax, currency), self.text(tax, currency))
                self.assertEqual(self.text(self.receivable(move), currency),
                                 self.text(move.amount_untaxed + tax, currency))

    def test_credit_notes_reconcile_to_nothing(self):
        contract = self.a_term({"unit": "quarter", "price": 900}, currency_id=self.currency("EUR").id)
        invoice = self.night("2026-01-01", contract)
        invoice.action_post()
        contract._write_unlocked({"state": "terminated", "date_end": "2026-01-31", "ended_on": "2026-01-31"})
        credit = self.night("2026-02-01", contract)
        credit.action_post()
        self.assertEqual((credit.move_type, credit.amount_untaxed), ("out_refund", 590))
        self.assert_balanced(credit)
        self.assertEqual(self.receivable(invoice | credit), 356.5, "310.00 of January with 15 %")

    def test_a_tax_that_prices_include(self):
        included = self.env["account.tax"].create({
            "name": "Included 15", "amount": 15, "type_tax_use": "sale", "price_include_override": "tax_included"})
        contract = self.a_term({"price": 115, "tax_ids": [Command.set(included.ids)]})
        move = self.night("2026-01-01", contract)
        self.assertEqual((move.amount_total, move.amount_untaxed), (115, 100))
        self.assertEqual(self.facts(contract), [("2026-01-01", "2026-01-31", "115.00")])


class TestGuards(BillingCase):
    def test_a_deleted_draft_is_billed_again(self):
        contract = self.a_term()
        self.night("2026-01-01", contract).unlink()
        self.assertFalse(contract.billed_ids)
        self.assertEqual(str(contract.next_bill_on), "2026-01-01")
        self.assertEqual(len(self.night("2026-01-02", contract)), 1)

    def test_a_deleted_draft_in_between_is_billed_again_alone(self):
        contract = self.a_term()
        self.night("2026-01-01", contract)
        second = self.night("2026-02-01", contract)
        self.night("2026-03-01", contract)
        second.unlink()
        self.assertEqual(str(contract.next_bill_on), "2026-02-01")
        move = self.night("2026-03-02", contract)
        self.assertIn("02/01/2026 to 02/28/2026", move.invoice_line_ids.name)
        self.assertEqual(self.total(contract), "300.00")
        self.assertEqual(str(contract.next_bill_on), "2026-04-01")
        self.assertFalse(contract.line_ids.reopened)

    def test_a_cancelled_draft_is_billed_again_and_does_not_come_back(self):
        contract = self.a_term()
        move = self.night("2026-01-01", contract)
        move.button_cancel()
        self.assertFalse(contract.billed_ids)
        self.assertEqual(len(self.night("2026-01-02", contract)), 1)
        with self.assertRaisesRegex(UserError, "billed again on another invoice"):
            move.button_draft()
        move.unlink()

    def test_a_line_taken_off_a_draft_is_billed_again(self):
        contract = self.a_term({}, {"price": 50})
        move = self.night("2026-01-01", contract)
        move.invoice_line_ids.sorted("id")[1:].unlink()
        self.assertEqual(self.total(contract), "100.00")
        self.assertEqual(self.night("2026-01-02", contract).amount_untaxed, 50)

    def test_a_draft_that_says_another_amount_is_not_posted(self):
        contract = self.a_term()
        move = self.night("2026-01-01", contract)
        move.invoice_line_ids.price_unit = 90
        with self.assertRaisesRegex(UserError, "comes to 100.0, but the invoice says 90.0"):
            move.action_post()
        move.invoice_line_ids.price_unit = 100
        move.invoice_line_ids = [Command.create({"name": "Besides", "price_unit": 5})]
        move.action_post()
        self.assertEqual(move.amount_untaxed, 105, "what somebody adds is theirs")

    def test_a_posted_invoice_is_corrected_by_a_credit_note_only(self):
        contract = self.a_term()
        move = self.night("2026-01-01", contract)
        move.action_post()
        for change in (
            move.button_draft, move.button_cancel, lambda: move.with_context(force_delete=True).unlink(),
            lambda: move.write({"state": "draft"}), lambda: move.invoice_line_ids.write({"price_unit": 1}),
            lambda: move.invoice_line_ids.with_context(dynamic_unlink=True, force_delete=True).unlink(),
        ):
            with self.subTest(change), self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        credit = move._reverse_moves([{"invoice_date": "2026-01-10", "date": "2026-01-10"}], cancel=True)
        self.assertEqual(move.payment_state, "reversed")
        self.assertFalse(credit.invoice_line_ids.aftersales_billed_id, "the periods stay billed")
        self.assertFalse(self.night("2026-01-20", contract))

    def test_facts_are_nobodys_to_write(self):
        contract = self.a_term()
        self.night("2026-01-01", contract)
        fact = contract.billed_ids
        for role in (self.env.user, self.anna, self.felix, self.boss):
            with self.subTest(role.login), self.assertRaises(UserError):  # or AccessError, which is one
                fact.with_user(role).write({"amount": 1})
        with self.assertRaises(UserError):
            fact.unlink()
        with self.assertRaisesRegex(UserError, "set by the billing run"):
            self.env["account.move.line"].with_user(self._accountant()).create(
                {"move_id": fact.move_id.id, "name": "x", "aftersales_billed_id": fact.id})
        with self.assertRaisesRegex(UserError, "is counted"):
            contract.line_ids.write({"next_bill_on": "2027-01-01"})

    def _accountant(self):
        return self._a_user("clara", "account.group_account_manager")
