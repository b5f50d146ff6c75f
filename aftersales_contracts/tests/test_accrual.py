"""Accruals: what a month comes to that is in no posted document, booked once and taken back on the next day."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time

from .settlement_case import SettlementCase

MARCH = date(2026, 3, 31)


class AccrualCase(SettlementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Account = cls.env["account.account"]
        cls.share_account, cls.accrued_account = Account.create([
            {"name": "Dealer Shares", "code": "A6100", "account_type": "expense"},
            {"name": "Accrued Shares", "code": "A2400", "account_type": "liability_current"}])
        cls.company.write({"aftersales_share_account_id": cls.share_account.id,
                           "aftersales_accrual_account_id": cls.accrued_account.id})
        cls.Accrual = cls.env["aftersales.accrual"]
        cls.Revenue = cls.env["aftersales.revenue"]

    def reckon(self, day=MARCH, user=None):
        """The accruals of the test's dealers for the month of ``day``."""
        self.Revenue._attribute(self.company)
        rows = self.Accrual.with_user(user or self.felix)._compute_month(self.company, day)
        return rows.filtered(lambda row: row.dealer_id in self.dealer | self.stranger)

    def book(self, day=MARCH, user=None):
        return self.Accrual.with_user(user or self.felix)._book_month(self.company, day)

    def only_ours(self):
        """Rows of other dealers of the database are no part of the entry of a test."""
        others = self.Accrual.search([("dealer_id", "not in", (self.dealer | self.stranger).ids)])
        others.sudo().unlink()

    def entries(self, move):
        return sorted((line.account_id.code, line.partner_id.name, line.balance) for line in move.line_ids)


class TestReckoning(AccrualCase):
    def test_an_open_period_is_accrued_as_far_as_it_went(self):
        self.an_invoice((self.work, 1000), (self.pump, 234.50))
        self.an_invoice((self.work, 500), day="2026-04-02")
        [row] = self.reckon()
        self.assertEqual(
            (row.kind, row.amount, row.company_amount, row.state, str(row.period_start), str(row.period_end)),
            ("open", 723.45, 723.45, "estimated", "2026-03-01", "2026-03-31"))
        rows = self.reckon(date(2026, 4, 30))
        self.assertEqual([(row.amount, str(row.period_start), str(row.period_end)) for row in rows], [
            (723.45, "2026-03-01", "2026-03-31"), (350, "2026-04-01", "2026-04-30")])

    def test_a_settlement_that_is_not_posted_is_accrued_at_what_it_pays(self):
        self.an_invoice((self.work, 1000))
        [march] = self.settle()
        [row] = self.reckon()
        self.assertEqual((row.kind, row.settlement_id, row.amount), ("unposted", march, 700))

    def test_what_is_withheld_and_what_is_held_are_owed_all_the_same(self):
        rule = self.a_rule([self.a_share(value=10)], name="Withholding", withholding=5)
        self.attributed.dealer_contract_id = self.a_dealer_contract(
            partner_id=self.stranger.id, rule=rule, settlements_from="2026-03-01")
        self.an_invoice((self.work, 1000), (self.pump, 200))
        [row] = self.reckon()
        self.assertEqual(row.amount, 120, "the preview: 10 % before 5 % of withholding")
        [march] = self.settle(contracts=self.attributed.dealer_contract_id)
        self.assertEqual(march.total, 114)
        march.with_user(self.felix).action_review()
        march.with_user(self.felix).action_send()
        march.with_user(self.felix).action_dispute_lines(march.line_ids[:1].ids, "Wrong machine")
        self.assertEqual(march.held, 100)
        [row] = self.reckon()
        self.assertEqual((row.kind, row.amount), ("unposted", 120))

    def test_a_posted_settlement_is_no_accrual_but_was_one_before(self):
        self.an_invoice((self.work, 1000))
        [march] = self.settle()
        march.with_user(self.felix).action_review()
        march.with_user(self.felix).action_send()
        march.with_user(self.diego).action_accept()
        march.with_user(self.boss).action_approve()
        march.with_user(self.felix).action_post()
        self.assertEqual(str(march.posted_on), "2026-04-10")
        self.assertFalse(self.reckon(date(2026, 4, 30)), "April: the bill of March is in the books")
        [row] = self.reckon()
        self.assertEqual((row.kind, row.amount), ("unposted", 700), "March: its bill is of April")

    def test_a_missing_rate_of_exchange_is_named_and_the_rest_goes_on(self):
        euro = self.currency("EUR")
        rule = self.a_rule([self.a_share(value=10)], name="Euro", currency_id=euro.id)
        self.attribute(dealer_contract_id=self.a_dealer_contract(
            partner_id=self.stranger.id, rule=rule, currency_id=euro.id, settlements_from="2026-03-01").id,
            product_id=self.pump.id, partner_id=False)
        self.an_invoice((self.work, 1000))
        self.an_invoice((self.pump, 90), currency_id=euro.id, partner=self.stranger)
        rows = self.reckon()
        self.assertEqual(sorted((row.amount, row.company_amount) for row in rows), [(9, 10), (700, 700)])
        euro.rate_ids.name = "2026-04-02"
        rows = self.reckon()
        problem = rows.filtered("problem")
        self.assertEqual((problem.dealer_id, problem.company_amount), (self.stranger, 0))
        self.assertIn("EUR has no rate on", problem.problem)
        self.assertEqual((rows - problem).amount, 700)
        self.only_ours()
        self.assertEqual(self.book().line_ids.partner_id, self.dealer)

    def test_a_settlement_that_goes_beyond_the_month_is_named(self):
        rule = self.a_rule([self.a_share(value=10)], name="Quarterly", period="quarter")
        self.attributed.dealer_contract_id = self.a_dealer_contract(
            partner_id=self.stranger.id, rule=rule, settlements_from="2026-01-01")
        self.an_invoice((self.work, 1000), day="2026-02-10")
        [row] = self.reckon(date(2026, 2, 28))
        self.assertEqual((row.kind, row.amount, str(row.period_start)), ("open", 100, "2026-01-01"))
        self.settle(contracts=self.attributed.dealer_contract_id)
        [row] = self.reckon(date(2026, 2, 28))
        self.assertIn("beyond this month", row.problem)
        self.assertEqual(row.amount, 0)

    def test_reckoning_anew_replaces_the_rows(self):
        self.an_invoice((self.work, 1000))
        first = self.reckon()
        self.an_invoice((self.work, 100))
        again = self.reckon()
        self.assertFalse(first.exists())
        self.assertEqual(again.amount, 770)

    def test_nobody_enters_changes_or_deletes_one(self):
        self.an_invoice((self.work, 1000))
        row = self.reckon()
        for user in (self.felix, self.boss, self.anna):
            with self.subTest(user.login), self.assertRaises(UserError):
                row.with_user(user).write({"company_amount": 1})
            with self.subTest(user.login), self.assertRaises(UserError):
                row.with_user(user).unlink()
            with self.subTest(user.login), self.assertRaises(UserError):
                row.with_user(user).copy()


class TestBooking(AccrualCase):
    def a_month(self):
        self.an_invoice((self.work, 1000))
        self.reckon()
        self.only_ours()

    def test_a_draft_entry_of_the_last_day(self):
        self.a_month()
        move = self.book()
        self.assertRecordValues(move, [{
            "move_type": "entry", "state": "draft", "date": MARCH, "company_id": self.company.id,
            "create_uid": self.felix.id}])
        self.assertEqual(self.entries(move), [
            ("A2400", "Northern Dealer", -700), ("A6100", "Northern Dealer", 700)])
        self.assertEqual(self.Accrual._of_month(self.company, MARCH).state, "entry")

    def test_posting_takes_it_back_on_the_next_day(self):
        self.a_month()
        move = self.book()
        move.with_user(self.felix).action_post()
        back = move.reversal_move_ids
        self.assertRecordValues(back, [{"state": "posted", "date": date(2026, 4, 1), "move_type": "entry"}])
        self.assertEqual(self.entries(back), [
            ("A2400", "Northern Dealer", 700), ("A6100", "Northern Dealer", -700)])
        self.assertEqual(self.Accrual._of_month(self.company, MARCH).state, "reversed")
        self.assertEqual(sum((move | back).line_ids.mapped("balance")), 0)

    def test_a_next_day_that_lies_ahead_is_posted_by_its_own(self):
        self.a_month()
        move = self.book()
        with freeze_time("2026-03-31 12:00:00"):
            move.action_post()
        self.assertRecordValues(move.reversal_move_ids, [{"state": "draft", "auto_post": "at_date"}])
        self.assertEqual(self.Accrual._of_month(self.company, MARCH).state, "booked")
        move.reversal_move_ids.action_post()
        self.assertEqual(self.Accrual._of_month(self.company, MARCH).state, "reversed")

    def test_once_a_month(self):
        self.a_month()
        move = self.book()
        for posted in (False, True):
            if posted:
                move.action_post()
            with self.subTest(posted=posted), self.assertRaisesRegex(UserError, "March 2026 has its accrual"):
                self.book()
            with self.subTest(posted=posted), self.assertRaisesRegex(UserError, "voucher of"):
                self.reckon()
        self.assertEqual(len(self.Accrual._of_month(self.company, MARCH).move_id), 1)

    def test_a_deleted_draft_frees_the_month(self):
        self.a_month()
        self.book().unlink()
        self.env.invalidate_all()
        self.assertEqual(self.Accrual._of_month(self.company, MARCH).state, "estimated")
        self.assertTrue(self.book())

    def test_an_entry_that_says_something_else_is_not_posted(self):
        self.a_month()
        move = self.book()
        move.write({"line_ids": [
            Command.update(line.id, {"balance": line.balance * 2, "amount_currency": line.amount_currency * 2})
            for line in move.line_ids]})
        with self.assertRaisesRegex(UserError, "does not say what its accruals say"):
            move.action_post()

    def test_what_the_dealer_owes_is_booked_the_other_way_round(self):
        self.rule = self.a_rule([self.a_share(value=10, direction="pays")], name="Fee", negative="charge")
        self.attributed.dealer_contract_id = self.a_dealer_contract(
            partner_id=self.stranger.id, rule=self.rule, settlements_from="2026-03-01")
        self.a_month()
        self.assertEqual(self.entries(self.book()), [
            ("A2400", "Somebody Else", 100), ("A6100", "Somebody Else", -100)])

    def test_foreign_currency(self):
        euro = self.currency("EUR")
        rule = self.a_rule([self.a_share(value=10)], name="Euro", currency_id=euro.id)
        self.attributed.dealer_contract_id = self.a_dealer_contract(
            partner_id=self.stranger.id, rule=rule, currency_id=euro.id, settlements_from="2026-03-01")
        self.a_month()
        move = self.book()
        line = move.line_ids.filtered(lambda one: one.account_id == self.share_account)
        self.assertEqual((line.currency_id, line.amount_currency, line.balance), (euro, 90, 100))
        self.assert_balanced(move)

    def test_what_is_missing_is_named_all_at_once(self):
        self.a_month()
        self.company.write({"aftersales_accrual_account_id": False, "fiscalyear_lock_date": "2026-03-31"})
        with self.assertRaises(UserError) as refused:
            self.book()
        for words in ("no account of accrued shares", "locked on"):
            self.assertIn(words, str(refused.exception))
        self.assertFalse(self.Accrual._of_month(self.company, MARCH).move_id)

    def test_nothing_to_accrue(self):
        with self.assertRaisesRegex(UserError, "nothing to accrue"):
            self.book(date(2025, 1, 31))

    def test_who_may(self):
        """Finance reckons; to book takes the right to make entries as well."""
        self.a_month()
        for user in (self.anna, self.lena, self.agent, self.clerk, self.carla, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.reckon(user=user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.book(user=user)
        with self.assertRaisesRegex(AccessError, "Billing"):
            self.book(user=self.boss)

    def test_the_wizard(self):
        self.an_invoice((self.work, 1000))
        self.Revenue._attribute(self.company)
        Wizard = self.env["aftersales.accrue.shares"].with_user(self.felix)
        wizard = Wizard.create({})
        self.assertEqual((wizard.day, wizard.date_end, wizard.accrual_ids.ids), (MARCH, MARCH, []))
        wizard.action_compute()
        self.only_ours()
        wizard.invalidate_recordset()
        self.assertEqual((wizard.total, wizard.booked, wizard.gap_text), (700, False, False or ""))
        action = wizard.action_book()
        self.assertEqual(self.env["account.move"].browse(action["res_id"]).date, MARCH)
        wizard.invalidate_recordset()
        self.assertTrue(wizard.booked)
        elsewhere = Wizard.create({"day": "2026-03-31"})
        elsewhere.sudo().company_id = self.other_company
        with self.assertRaises(UserError):
            elsewhere.action_compute()
