"""What posted penalties say in the ledger: balances, taxes and residuals in currencies of 0, 2 and 3 decimals; and that
what is posted stays."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .posting_case import FEBRUARY, IN_CURRENCIES, PostingCase


class TestLedger(PostingCase):
    def test_row23_each_currency_to_its_unit(self):
        for name, amounts, untaxed, tax, total, company in IN_CURRENCIES:
            with self.subTest(name):
                contract = self.a_contract(title=name, currency_id=self.currency(name).id)
                penalties = self.env["aftersales.penalty"]
                for amount in amounts:
                    penalties |= self.a_penalty(amount, contract)
                move = self.post(penalties)
                self.assertRecordValues(move, [{
                    "currency_id": self.currency(name).id, "amount_untaxed": untaxed, "amount_tax": tax,
                    "amount_total": total, "amount_residual": total}])
                self.assert_balanced(move)
                self.assertAlmostEqual(-self.receivable(move), total, 3)
                receivable = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
                self.assertEqual(round(receivable.credit, 2), company, "at the rate of the day")
                for penalty in penalties:
                    line = penalty.move_line_ids
                    self.assertEqual(line.price_subtotal, penalty.amount)
                    self.assertTrue(move.currency_id.is_zero(line.amount_currency - penalty.amount))

    def test_row23_a_company_in_twd_credits_euros(self):
        company = self.env["res.company"].create({"name": "Taipei Maker", "currency_id": self.currency("TWD").id})
        self.env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        company.currency_id = self.currency("TWD")
        rate = self.env["res.currency.rate"].create({
            "currency_id": self.currency("EUR").id, "name": "2026-01-01", "rate": 1 / 33.0, "company_id": company.id})
        self.assertTrue(rate)
        self.env.user.company_ids = [Command.link(company.id)]
        felix = self._a_user("felix_tw", "aftersales_contracts.group_finance,account.group_account_invoice",
                             company_id=company.id, company_ids=[Command.set(company.ids)])
        office = self.an_office(company_id=company.id)
        contract = self.a_contract(
            company_id=company.id, currency_id=self.currency("EUR").id, policy_id=False, calendar_id=office.id,
            user_id=felix.id, title="Euros")
        clause = self.a_clause("Euros", company_id=False)
        penalty = self.a_penalty(33.33, contract, clause=clause)
        move = self.post(penalty, by=felix)
        self.assertEqual((move.company_id, move.amount_total), (company, 33.33))
        self.assertEqual(move.invoice_line_ids.balance, 1100, "1,099.89 in whole TWD")
        self.assert_balanced(move)

    def test_the_rate_is_that_of_the_document(self):
        euro = self.currency("EUR")
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2026-04-10", "rate": 0.5, "company_id": self.company.id})
        contract = self.a_contract(currency_id=euro.id)
        self.assertEqual(self.post(self.a_penalty(10, contract)).invoice_line_ids.balance, 20)

    def test_a_currency_without_a_rate_of_the_day_holds_it(self):
        euro = self.currency("EUR")
        self.a_rate(euro, 0.9, "2026-04-11")  # Odoo would take it for the day before
        penalty = self.a_penalty(10, self.a_contract(currency_id=euro.id))
        with self.assertRaisesRegex(UserError, "EUR has no rate on 04/10/2026"):
            self.post(penalty)

    def test_a_tax_that_prices_include_comes_out_of_the_amount(self):
        tax = self.env["account.tax"].create({
            "name": "Included 7", "amount": 7, "type_tax_use": "sale", "price_include_override": "tax_included"})
        for amount in (0.01, 33.33, 99.99):
            contract = self.a_contract()
            move = self.post(self.a_penalty(
                amount, contract, clause=self.a_clause(f"Gross {amount}", tax_ids=[Command.set(tax.ids)])))
            self.assertEqual(move.amount_total, amount)
            self.assert_balanced(move)

    def test_included_taxes_of_several_lines_keep_the_sum(self):
        tax = self.env["account.tax"].create({
            "name": "Included 7", "amount": 7, "type_tax_use": "sale", "price_include_override": "tax_included"})
        clause = self.a_clause("Gross", tax_ids=[Command.set(tax.ids)])
        for method in ("round_globally", "round_per_line"):
            with self.subTest(method):
                self.company.tax_calculation_rounding_method = method
                contract = self.a_contract()
                penalties = self.env["aftersales.penalty"].union(*(
                    self.a_penalty(amount, contract, clause=clause) for amount in (0.33, 0.33, 0.34, 11.11, 7.77)))
                move = self.post(penalties)
                self.assertEqual(move.amount_total, 19.88)
                self.assertEqual([line.price_total for line in move.invoice_line_ids], [0.33, 0.33, 0.34, 11.11, 7.77])

    def test_many_small_lines_keep_the_sum(self):
        """Odoo may round taxes on the whole document; the amounts stay what was approved."""
        for method in ("round_globally", "round_per_line"):
            with self.subTest(method):
                self.company.tax_calculation_rounding_method = method
                contract = self.a_contract()
                penalties = self.env["aftersales.penalty"].union(*(self.a_penalty(0.33, contract) for _n in range(9)))
                move = self.post(penalties)
                self.assertEqual(move.amount_untaxed, 2.97)
                self.assertEqual([line.price_subtotal for line in move.invoice_line_ids], [0.33] * 9)
                self.assert_balanced(move)

    def test_row20_a_zero_value_contract_posts_nothing(self):
        penalty = self.a_penalty(0, self.a_contract(title="Free"), state="none")
        with self.assertRaisesRegex(UserError, "it is nothing due"):
            self.post(penalty)
        self.assertFalse(self.env["account.move"].search([("invoice_origin", "=", penalty.contract_id.name)]))

    def test_row20_a_waiver_after_posting_is_a_counter_entry(self):
        penalty = self.a_penalty(100)
        move = self.post(penalty)
        with self.assertRaises(UserError):
            penalty.with_user(self.felix).action_waive(50, "Goodwill")
        self.assertEqual((penalty.amount, move.amount_untaxed), (100, 100))


class TestPostedStays(PostingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.penalty = cls.a_penalty(100)
        cls.move = cls.penalty.browse(cls.penalty.id).with_user(cls.felix).action_post() and cls.penalty.move_id
        cls.bookkeeper = cls._a_user("bookkeeper", "account.group_account_manager")

    def test_it_is_neither_reset_nor_cancelled_nor_deleted(self):
        move = self.move.with_user(self.bookkeeper)
        for attempt in (
                move.button_draft, move.button_cancel, move.unlink, lambda: move.write({"state": "draft"}),
                lambda: move.write({"state": "cancel"}), move.with_context(force_delete=True).unlink,
                lambda: move.line_ids.with_context(force_delete=True, dynamic_unlink=True).unlink(),
                self.move.sudo().button_draft, self.move.sudo().unlink):
            with self.subTest(attempt), self.assertRaisesRegex(UserError, "use Reverse on the penalty"), \
                    self.env.cr.savepoint():
                attempt()
            self.env.invalidate_all()
            self.assertEqual(self.move.state, "posted")

    def test_the_button_that_would_be_refused_is_not_shown(self):
        self.assertFalse(self.move.with_user(self.bookkeeper).show_reset_to_draft_button)
        plain = self.move.copy({"invoice_date": "2026-04-10"})
        plain.action_post()
        self.assertTrue(plain.show_reset_to_draft_button)

    def test_its_amounts_do_not_change(self):
        line = self.move.invoice_line_ids.with_user(self.bookkeeper).with_context(skip_readonly_check=True)
        move = self.move.with_user(self.bookkeeper).with_context(skip_readonly_check=True)
        tax = self.sale_tax.copy({"name": "Other", "amount": 7})
        for attempt in (
                lambda: line.write({"price_unit": 1}), lambda: line.write({"quantity": 2}),
                lambda: line.write({"discount": 10}), lambda: line.write({"tax_ids": [Command.set(tax.ids)]}),
                lambda: line.write({"account_id": self.move.journal_id.default_account_id.copy().id}),
                lambda: move.write({"invoice_line_ids": [Command.update(line.id, {"price_unit": 1})]}),
                lambda: move.write({"invoice_line_ids": [Command.delete(line.id)]}),
                lambda: move.write({"invoice_line_ids": [Command.create({"name": "More", "price_unit": 5})]}),
                lambda: move.write({"invoice_date": "2026-01-01"}), lambda: move.write({"partner_id": self.dealer.id}),
                lambda: self.env["account.move.line"].with_user(self.bookkeeper).create({
                    "move_id": move.id, "name": "More", "price_unit": 5, "account_id": line.account_id.id})):
            with self.subTest(attempt), self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
            self.env.invalidate_all()
            self.assertEqual((self.move.amount_untaxed, self.move.amount_total), (100, 115))

    def test_what_books_nothing_else_may_change(self):
        self.move.with_user(self.bookkeeper).write({"narration": "Sent by post", "payment_reference": "RF1"})
        self.assertEqual(self.move.payment_reference, "RF1")

    def test_it_is_paid_and_matched_as_any_other(self):
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.customer.id, "invoice_date": "2026-04-10",
            "invoice_line_ids": [Command.create({"name": "Fee", "price_unit": 1000, "tax_ids": [Command.clear()]})]})
        invoice.action_post()
        (invoice | self.move).line_ids.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual((invoice.amount_residual, self.move.amount_residual), (885, 0))
        self.assertEqual(self.penalty.payment_state, "paid")

    def test_a_copy_of_the_document_posts_no_penalty(self):
        copy = self.move.copy()
        self.assertFalse(copy.invoice_line_ids.aftersales_penalty_id | copy.invoice_line_ids.aftersales_reverses_id)

    def test_nobody_links_a_line_to_a_penalty_by_hand(self):
        waiting = self.a_penalty(5, period=FEBRUARY)
        draft = self.move.copy()
        for user in (self.bookkeeper, self.felix):
            with self.subTest(user.login), self.assertRaises(AccessError), self.env.cr.savepoint():
                draft.invoice_line_ids.with_user(user).write({"aftersales_penalty_id": waiting.id})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            draft.with_user(self.bookkeeper).write({"invoice_line_ids": [Command.create({
                "name": "Mine", "price_unit": 5, "aftersales_penalty_id": waiting.id})]})
