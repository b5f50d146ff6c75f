"""The settlement run: what becomes a line, once, and what it comes to."""

from decimal import Decimal
from unittest.mock import patch

import psycopg2
from odoo import fields
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .settlement_case import SettlementCase


class TestSettlementRun(SettlementCase):
    def test_a_month_is_settled(self):
        self.an_invoice((self.work, 1000), (self.pump, 234.50))
        [march] = self.settle()
        self.assertEqual(march.state, "computed")
        self.assertEqual(self.amounts(march), [("share", "700.00"), ("share", "23.45")])
        self.assertEqual((march.total, march.revenue, march.lines_total), (723.45, 1234.50, 723.45))
        self.assertEqual((str(march.period_start), str(march.period_end)), ("2026-03-01", "2026-03-31"))
        self.assertEqual(march.line_ids.mapped("group"), ["labour", "parts"])
        self.assertTrue(march.name.startswith("DS/2026/"))
        self.assert_sound(march)

    def test_a_credit_note_after_the_settlement_takes_exactly_what_was_given(self):
        """Row 22; peers let a reversed invoice through twice, or at the rate of today."""
        move = self.an_invoice((self.work, 333.33))
        [march] = self.settle()
        self.assertEqual(march.total, 233.33)
        credit = self.refund(move, day="2026-04-05")
        [april] = self.settle("2026-05-10")
        self.assertEqual(self.amounts(april, "share"), [("share", "-233.33")])
        [line] = april.line_ids.filtered(lambda one: one.kind == "share")
        self.assertEqual(line.origin_line_id, march.line_ids)
        self.assertIn(credit.name, line.name)
        self.assertEqual((april.total, april.carried_forward), (0, -233.33))
        self.assert_sound(april)

    def test_parts_of_a_credit_note_never_take_more_than_all(self):
        move = self.an_invoice((self.work, 100.01))
        [march] = self.settle()
        for day in ("2026-04-01", "2026-04-02", "2026-04-03"):
            self.refund(move, amount=33.34 if day < "2026-04-03" else 33.33, day=day)
        [april] = self.settle("2026-05-10")
        self.assertEqual((april.lines_total, march.total), (-70.01, 70.01))
        self.assert_sound(april)

    def test_a_credit_note_of_the_same_month(self):
        move = self.an_invoice((self.work, 500))
        self.refund(move, amount=200)
        [march] = self.settle()
        self.assertEqual(self.amounts(march), [("share", "350.00"), ("share", "-140.00")])
        self.assertEqual(march.line_ids[1:].origin_line_id, march.line_ids[:1])
        self.assert_sound(march)

    def test_computing_again_changes_nothing(self):
        self.an_invoice((self.work, 1000), (self.pump, 234.50))
        [march] = self.settle()
        before = march.result_hash, march.inputs_hash, march.total
        march.with_user(self.felix).action_compute()
        self.assertEqual((march.result_hash, march.inputs_hash, march.total), before)
        self.assertEqual(march.line_count, 2)
        self.assertFalse(self.settle())

    def test_a_late_invoice_is_a_line_of_the_next_period(self):
        self.an_invoice((self.work, 1000))
        [march] = self.settle()
        late = self.an_invoice((self.work, 100), day="2026-03-31")
        [april] = self.settle("2026-05-10")
        [line] = april.line_ids
        self.assertTrue(line.late)
        self.assertEqual((line.amount, line.day, line.move_id), (70, late.invoice_date, late))
        self.assertEqual(march.total, 700)

    # --- currencies --------------------------------------------------------------------------------------------------

    def in_yen(self, amount, **values):
        return self.an_invoice((self.work, amount), currency_id=self.currency("JPY").id, **values)

    def test_row23_converted_at_the_rate_of_the_invoice(self):
        """150 JPY a dollar, 160 from the 20th: each line is converted at its own day's rate and rounded once."""
        self.env["res.currency.rate"].create({
            "currency_id": self.currency("JPY").id, "name": "2026-03-20", "rate": 160, "company_id": self.company.id})
        self.in_yen(10000, day="2026-03-10")
        self.in_yen(10000, day="2026-03-25")
        [march] = self.settle()
        self.assertEqual(self.amounts(march), [("share", "46.67"), ("share", "43.75")])
        self.assertEqual(march.currency_id, self.company.currency_id)
        self.assert_sound(march)

    def test_row23_a_rate_that_changes_later_does_not_change_what_was_settled(self):
        self.in_yen(10000)
        [march] = self.settle()
        self.a_rate(self.currency("JPY"), 100)
        self.assert_sound(march)
        self.assertNotEqual(march._reckon_from_today().result_hash, march.result_hash)

    def test_row23_a_missing_rate_is_named_and_the_others_go_on(self):
        self.env["res.currency.rate"].search([("currency_id", "=", self.currency("JPY").id)]).name = "2026-03-15"
        self.in_yen(10000)
        other = self.other_dealer()
        found = self.run_settlements(self.dealing | other)
        [sentence] = found.blocked.values()
        for word in ("JPY", "no rate", self.dealing.name, self.dealer.name):
            self.assertIn(word, sentence)
        self.assertEqual(found.made.contract_id, other)
        self.assertFalse(self.dealing.settlement_ids)

    def test_row23_at_the_rate_of_the_last_day(self):
        self.env["res.currency.rate"].create({
            "currency_id": self.currency("JPY").id, "name": "2026-03-31", "rate": 125, "company_id": self.company.id})
        contract, customer = self.other_dealer(
            rule=self.a_rule([self.a_share(value=10)], fx="settlement_date"), both=True)
        self.in_yen(10000, partner=customer)
        [march] = self.settle(contracts=contract)
        self.assertEqual(march.total, 8)
        self.assert_sound(march)

    def test_row23_each_currency_by_itself(self):
        contract, customer = self.other_dealer(rule=self.a_rule([self.a_share(value=10)], fx="own"), both=True)
        self.in_yen(12345, partner=customer)
        self.an_invoice((self.work, 12.3456), partner=customer, currency_id=self.currency("KWD").id)
        made = self.settle(contracts=contract)
        totals = {one.currency_id.name: one.total for one in made}
        self.assertEqual(totals, {"USD": 0, "JPY": 1235, "KWD": 1.235})
        for one in made:
            self.assert_sound(one)

    # --- who is settled, and when ------------------------------------------------------------------------------------

    def test_missed_periods_are_made_up_oldest_first(self):
        for day in ("2026-03-05", "2026-04-05", "2026-05-05"):
            self.an_invoice((self.work, 100), day=day)
        made = self.settle("2026-06-10")
        self.assertEqual([str(one.period_start) for one in made], ["2026-03-01", "2026-04-01", "2026-05-01"])
        self.assertEqual(made.mapped("total"), [70, 70, 70])
        self.assertEqual(self.dealing.settled_until, made[-1].period_end)

    def test_nothing_is_settled_before_its_days_are_over(self):
        self.assertFalse(self.settle("2026-04-05"))  # 5 days wait: the 6th is the first
        self.assertTrue(self.settle("2026-04-06"))

    def test_row22_a_late_credit_note_after_the_contract_ended(self):
        move = self.an_invoice((self.work, 100))
        self.settle()
        self.dealing._write_unlocked({"state": "terminated", "ended_on": "2026-03-31"})
        self.assertFalse(self.settle("2026-05-10"), "nothing is open")
        with freeze_time("2026-05-12 12:00:00"):
            self.refund(move, day="2026-05-12")
        [after] = self.settle("2026-07-10")
        self.assertEqual((after.lines_total, after.carried_forward), (-70, -70))
        self.assertEqual((str(after.period_start), str(after.period_end)), ("2026-04-01", "2026-06-30"))

    def test_row34_an_archived_dealer_is_named_and_settled(self):
        self.an_invoice((self.work, 100))
        self.diego.active = False
        self.dealer_contact.active = False
        self.dealer.active = False
        found = self.run_settlements(self.dealing)
        self.assertEqual(found.made.total, 70)
        self.assertIn("archived", found.told[self.dealing])

    def test_a_dealer_without_a_bank_account_is_named(self):
        self.dealer.bank_ids.active = False
        self.company.aftersales_share_fiscal_position = True
        found = self.run_settlements(self.dealing)
        self.assertIn("no bank account", found.told[self.dealing])
        self.assertIn("no fiscal position", found.told[self.dealing])

    # --- course ------------------------------------------------------------------------------------------------------

    def test_what_was_sent_is_not_computed_anew(self):
        self.an_invoice((self.work, 100))
        [march] = self.settle()
        march._write_guarded({"state": "sent"})
        with self.assertRaisesRegex(UserError, "stays as it is"):
            march.with_user(self.felix).action_compute()

    def test_computing_an_earlier_one_anew_computes_those_after_it(self):
        self.an_invoice((self.work, 100))
        [march] = self.settle()
        self.refund(self.an_invoice((self.work, 50), day="2026-04-01"), day="2026-04-02")
        [april] = self.settle("2026-05-10")
        self.an_invoice((self.work, 10), day="2026-03-30")
        march.with_user(self.felix).action_compute()
        self.assertEqual((march.total, april.total), (77, 0))
        for one in march | april:
            self.assert_sound(one)

    def test_only_finance_computes(self):
        [march] = self.settle()
        for user in (self.anna, self.lena, self.agent, self.diego):
            with self.assertRaises(AccessError):
                march.with_user(user).action_compute()

    def test_nobody_writes_enters_or_deletes(self):
        self.an_invoice((self.work, 100))
        [march] = self.settle()
        for user in (self.boss, self.felix):
            mine, line = march.with_user(user), march.line_ids.with_user(user)
            for call in (lambda mine=mine: mine.write({"total": 1}), lambda mine=mine: mine.write({"state": "paid"}),
                         lambda line=line: line.write({"amount": 1}), lambda line=line: line.write({"state": "held"}),
                         lambda mine=mine: mine.unlink(), lambda line=line: line.unlink(),
                         lambda mine=mine: mine.copy()):
                with self.assertRaises(UserError):  # or AccessError, which is one
                    call()

    def test_another_runs_lock_is_told_and_nothing_is_doubled(self):
        """Two at once: whoever comes second finds the contract locked, and a row of revenue has one line at most."""
        self.an_invoice((self.work, 100))
        [march] = self.settle()
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env.cr.execute(
                """INSERT INTO aftersales_settlement_line (settlement_id, company_id, kind, revenue_id, state)
                   SELECT settlement_id, company_id, kind, revenue_id, state FROM aftersales_settlement_line
                    WHERE settlement_id = %s""", (march.id,))
        with patch.object(type(self.dealing), "lock_for_update", side_effect=LockError("locked")):
            found = self.run_settlements(self.dealing, "2026-05-10")
        self.assertIn("somebody else", found.blocked[self.dealing])

    def test_the_same_queries_for_two_lines_and_for_forty(self):
        counts = []
        for month, lines in (("03", 2), ("04", 40)):
            self.an_invoice(*[(self.work, 100)] * lines, day=f"2026-{month}-10")
            self.env["aftersales.revenue"]._attribute(self.company)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.settle(f"2026-{int(month) + 1:02d}-10")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # --- wizard, night and preview -----------------------------------------------------------------------------------

    def test_the_wizard_names_gaps_first_and_settles(self):
        self.an_invoice((self.work, 100))
        self.dealer.bank_ids.active = False
        wizard = self.env["aftersales.settle"].with_user(self.felix).create({"contract_ids": self.dealing.ids})
        self.assertEqual(wizard.line_ids.mapped("contract_id"), self.dealing)
        self.assertIn("no bank account", wizard.line_ids.gap_text)
        self.assertFalse(wizard.line_ids.blocked)
        action = wizard.action_settle()
        march = self.env["aftersales.settlement"].search(action["domain"])
        self.assertEqual((march.total, march.computed_by_id), (70, self.felix))
        with self.assertRaises(UserError):
            wizard.action_settle()
        with self.assertRaises(AccessError):
            self.env["aftersales.settle"].with_user(self.anna).create({})

    def test_the_preview_says_what_the_settlement_will_say(self):
        self.an_invoice((self.work, 1000), (self.pump, 234.50), day="2026-04-02")
        self.settle()
        before = self.env["aftersales.settlement"].search_count([])
        self.env["aftersales.revenue"]._attribute(self.company)
        [found] = self.env["aftersales.settlement"]._preview(
            self.company, fields.Date.to_date("2026-04-30"), self.dealing)
        self.assertEqual((found.lines, found.total), (2, Decimal("723.45")))
        self.assertEqual(self.env["aftersales.settlement"].search_count([]), before)
        [april] = self.settle("2026-05-10")
        self.assertEqual(april.total, float(found.total))

    def test_the_night_settles_and_reports_what_is_in_the_way(self):
        self.an_invoice((self.work, 100))
        self.dealer.bank_ids.active = False
        told = self.dealing._nightly_settle(fields.Date.to_date("2026-04-10"))
        self.assertEqual(len(told), 1)
        self.assertEqual(self.dealing.settlement_ids.total, 70)
        problem = self.env["aftersales.nightly.problem"].search([("contract_id", "=", self.dealing.id)])
        self.assertIn("no bank account", problem.message)

    # --- helpers -----------------------------------------------------------------------------------------------------

    def other_dealer(self, rule=None, both=False):
        """Another dealer contract with a customer of its own."""
        dealer = self.env["res.partner"].create({"name": "Southern Dealer", "is_company": True})
        customer = self.env["res.partner"].create({"name": "Quarry", "is_company": True})
        contract = self.a_dealer_contract(rule=rule or self.rule, partner_id=dealer.id)
        contract.settlements_from = "2026-03-01"
        self.attribute(dealer_contract_id=contract.id, partner_id=customer.id)
        return (contract, customer) if both else contract

    def run_settlements(self, contracts, today="2026-04-10"):
        return self.env["aftersales.settlement"]._run(self.company, contracts, today=fields.Date.to_date(today))
