"""The billing run: one bad contract, two workers, missed nights, one invoice a customer, deductions, queries."""

from unittest.mock import patch

import psycopg2
from odoo.fields import Command
from odoo.tests import freeze_time, warmup
from odoo.tools import mute_logger

from .billing_case import BillingCase

QUIET = ("odoo.addons.aftersales_contracts.models.common.nightly", "odoo.sql_db")


class TestCatchUp(BillingCase):
    def test_row13_three_weeks_of_downtime(self):
        contract = self.a_term({"unit": "week", "price": 7})
        self.night("2026-01-01", contract)
        move = self.night("2026-01-23", contract)
        self.assertEqual(len(move.invoice_line_ids), 3)
        self.assertEqual(str(move.invoice_date), "2026-01-23", "the day of the run; each line names its week")
        self.assertEqual(self.total(contract), "28.00")

    def test_five_months_of_downtime_once_each(self):
        contract = self.a_term()
        self.night("2026-01-01", contract)
        move = self.night("2026-06-15", contract)
        self.assertEqual(len(move.invoice_line_ids), 5)
        self.assertFalse(self.night("2026-06-16", contract))
        self.assertEqual([row[0][:7] for row in self.facts(contract)], [f"2026-0{month}" for month in range(1, 7)])

    def test_row13_renewals_missed_for_years_are_billed_at_their_prices(self):
        contract = self.a_term({"unit": "year", "price": 1000, "price_rule": "percent", "price_percent": 10},
                               date_start="2024-01-01", date_end="2024-12-31", renewal_kind="automatic")
        with freeze_time("2026-04-01 02:00:00"):
            contract._nightly_renew(None)
            contract.invalidate_recordset()
        self.night("2026-04-01", contract)
        self.assertEqual([row[2] for row in self.facts(contract)], ["1000.00", "1100.00", "1210.00"])

    def test_the_whole_night_in_order(self):
        """Activated, renewed and billed by one run; then nothing is left to do."""
        contract = self.a_term(date_start="2026-02-01", date_end="2026-02-28", renewal_kind="extension",
                               renewal_interval=1, renewal_unit="month")
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        with freeze_time("2026-05-02 02:00:00"):
            self.env["aftersales.nightly"]._cron_nightly()
        self.assertEqual(len(contract.billed_ids), 4)
        self.assertFalse(contract.next_bill_on, "its term ends with May; the next one is not agreed yet")
        with freeze_time("2026-06-01 02:00:00"):
            self.env["aftersales.nightly"]._cron_nightly()
        self.assertEqual(self.total(contract), "500.00")


class TestBlocked(BillingCase):
    def assert_blocked(self, contract, *phrases, day="2026-01-01"):
        """It is reported by name while a good one goes on."""
        good = self.a_term(title="Good")
        moves = self.night(day, contract | good)
        self.assertEqual(moves.mapped("aftersales_contract_id"), good)
        self.assertFalse(contract.billed_ids)
        problem = self.problems(contract)
        self.assertEqual(len(problem), 1)
        for phrase in (contract.display_name, *phrases):
            self.assertIn(phrase, problem.message)
        return problem

    def assert_mended(self, contract, day="2026-01-02"):
        self.assertTrue(self.night(day, contract))
        self.assertFalse(self.problems(contract), "solved by the next run")

    def test_row34_an_archived_payer(self):
        contract = self.a_term(partner_id=self.env["res.partner"].create({"name": "Gone Ltd"}).id)
        contract.partner_id.active = False
        self.assert_blocked(contract, "Gone Ltd, who is billed, is archived")
        today = self.env["aftersales.today"].with_user(self.felix).get_today()
        tiles = [tile for section in today["sections"] for tile in section["tiles"] if tile["key"] == "billing_blocked"]
        self.assertEqual(self.env["aftersales.nightly.problem"].with_user(self.felix).search_count(
            tiles[0]["domain"]), tiles[0]["count"], "finance is told on its page")
        contract.partner_id.active = True
        self.assert_mended(contract)

    def test_row23_a_missing_rate(self):
        sek = self.currency("SEK")
        sek.active = True
        sek.rate_ids.unlink()
        contract = self.a_term(currency_id=sek.id)
        self.assert_blocked(contract, "currency SEK has no rate on 01/01/2026")
        self.a_rate(sek, 10, "2026-01-02")
        self.assert_mended(contract)

    def test_row34_a_deactivated_currency(self):
        contract = self.a_term(currency_id=self.currency("KWD").id)
        contract.currency_id.active = False
        self.assert_blocked(contract, "currency KWD is not active")

    def test_row34_no_journal_and_an_archived_account(self):
        other = self.env["res.company"].create({"name": "Bare", "country_id": self.env.ref("base.de").id})
        contract = self.a_term({"tax_ids": [Command.clear()]}, company_id=other.id, policy_id=False)
        self.assert_blocked(contract, "a sales journal is missing")
        account = self.env["account.account"].create({"name": "Old", "code": "OLD1", "account_type": "income"})
        self.company.aftersales_billing_account_id = account
        archived = self.a_term(title="Archived account")
        account.active = False
        self.night("2026-01-01", archived)
        self.assertIn("Old of line Maintenance is archived", self.problems(archived).message)
        self.company.aftersales_billing_account_id = False
        self.assert_mended(archived)

    def test_an_archived_tax(self):
        tax = self.env["account.tax"].create({"name": "Old 7", "amount": 7, "type_tax_use": "sale"})
        contract = self.a_term({"tax_ids": [Command.set(tax.ids)]})
        tax.active = False
        self.assert_blocked(contract, "tax Old 7 of line Maintenance is archived")

    def test_a_locked_period_moves_the_day_and_a_long_lock_blocks(self):
        contract = self.a_term()
        self.company.sale_lock_date = "2026-01-15"
        self.assertEqual(str(self.night("2026-01-01", contract).invoice_date), "2026-01-16", "the first open day")
        self.company.sale_lock_date = "2026-12-31"
        late = self.a_term()
        self.assertFalse(self.night("2026-01-01", late))
        self.assertIn("the accounts are locked until 12/31/2026", self.problems(late).message)
        self.company.sale_lock_date = False
        self.assert_mended(late)

    def test_impossible_terms_are_refused_where_they_are_entered(self):
        for values, words in (
            ({"quantity": -1}, "quantity"), ({"interval": 0}, "periods"),
            ({"date_start": "2026-06-01", "date_end": "2026-05-01"}, "cannot end before it starts"),
        ):
            with (self.subTest(values), mute_logger("odoo.sql_db"),
                  self.assertRaises(psycopg2.errors.CheckViolation) as refused, self.env.cr.savepoint()):
                self.a_term(values, activate=False)
            self.assertIn(words, self.env["aftersales.contract.line"]._sql_error_to_message(refused.exception))

    def test_what_breaks_unforeseen_is_reported_and_the_others_go_on(self):
        bad, good = self.a_term(title="Bad"), self.a_term(title="Good")
        Line = type(self.env["aftersales.contract.line"])
        original = Line._billable

        def broken(self, part):
            if self.contract_id == bad:
                raise ZeroDivisionError("never seen before")
            return original(self, part)

        with patch.object(Line, "_billable", broken), mute_logger(*QUIET):
            moves = self.night("2026-01-01", bad | good)
        self.assertEqual(moves.aftersales_contract_id, good)
        self.assertIn("never seen before", self.problems(bad).message)
        self.assertFalse(bad.billed_ids)
        self.night("2026-01-02", bad)
        self.assertEqual(len(bad.billed_ids), 1)
        self.assertFalse(self.problems(bad))


class TestTogether(BillingCase):
    def test_one_invoice_for_all_contracts_of_a_customer(self):
        self.stranger.aftersales_invoice_group = "customer"
        contracts = self.a_term(title="A") | self.a_term({"price": 50}, title="B")
        alone = self.a_term(title="C", partner_id=self.customer.id)
        moves = self.night("2026-01-01", contracts | alone)
        self.assertEqual(len(moves), 2)
        move = contracts.billed_ids.move_id
        self.assertEqual((move.amount_untaxed, move.aftersales_contract_id.ids), (150, []))
        self.assertEqual(
            [line.name.split("\n")[0] for line in move.invoice_line_ids.sorted("id")],
            [contracts[0].display_name, "Maintenance", contracts[1].display_name, "Maintenance"])
        self.assertEqual(contracts.mapped("invoice_count"), [1, 1])

    def test_as_the_company_bills_unless_the_customer_says_otherwise(self):
        self.company.aftersales_invoice_group = "customer"
        contracts = self.a_term() | self.a_term()
        self.assertEqual(set(contracts.mapped("invoice_group")), {"customer"})
        self.stranger.aftersales_invoice_group = "contract"
        self.assertEqual(len(self.night("2026-01-01", contracts)), 2)

    def test_currencies_and_terms_of_payment_stay_apart(self):
        self.stranger.aftersales_invoice_group = "customer"
        contracts = self.a_term() | self.a_term(currency_id=self.currency("EUR").id) | self.a_term(payment_days=14)
        self.assertEqual(len(self.night("2026-01-01", contracts)), 3)

    def test_the_first_of_them_takes_those_of_other_batches(self):
        self.stranger.aftersales_invoice_group = "customer"
        first, second, later = self.a_term(), self.a_term(), self.a_term({"date_start": "2026-02-01"})
        self.assertFalse(self.night("2026-01-01", second), "left to the batch of the first one")
        self.night("2026-01-01", first)
        self.assertEqual(first.billed_ids.move_id, second.billed_ids.move_id)
        self.assertFalse(later.billed_ids)

    def test_one_that_is_blocked_does_not_hold_the_others(self):
        self.stranger.aftersales_invoice_group = "customer"
        sek = self.currency("SEK")
        sek.active = True
        sek.rate_ids.unlink()
        bad, good = self.a_term(currency_id=sek.id), self.a_term()
        self.night("2026-01-01", bad)
        self.assertTrue(good.billed_ids)
        self.assertFalse(bad.billed_ids)


class TestTwice(BillingCase):
    def test_a_period_cannot_be_billed_twice_even_past_all_code(self):
        contract = self.a_term()
        self.night("2026-01-01", contract)
        fact = contract.billed_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.env.cr.execute("""
                INSERT INTO aftersales_billed (contract_id, company_id, partner_id, row_key, kind, name, period_start,
                                               period_end, currency_id, billed_on)
                SELECT contract_id, company_id, partner_id, row_key, kind, name, period_start, period_end, currency_id,
                       billed_on FROM aftersales_billed WHERE id = %s""", [fact.id])

    def test_an_error_leaves_nothing_half_done(self):
        contract = self.a_term()
        AccountMove = type(self.env["account.move"])
        with patch.object(AccountMove, "_post_billed", side_effect=ZeroDivisionError("killed")), mute_logger(*QUIET):
            self.night("2026-01-01", contract)
        self.assertFalse(contract.billed_ids)
        self.assertFalse(self.env["account.move"].search([("aftersales_contract_id", "=", contract.id)]))
        self.assertEqual(str(contract.next_bill_on), "2026-01-01")
        self.assertEqual(len(self.night("2026-01-02", contract)), 1)

    @warmup
    def test_as_many_queries_of_ours_for_twenty_as_for_two(self):
        """What grows is Odoo's own: the lines of each journal entry. Everything around one `create` is constant."""
        counts = {2: [], 20: []}
        for number in (2, 20, 2, 20):
            contracts = self.env["aftersales.contract"].union(*(
                self.a_term({}, {"timing": "postpaid"}, partner_id=self.env["res.partner"].create(
                    {"name": f"P{place}"}).id) for place in range(number)))
            counts[number].append(self._own_queries(contracts))
        self.assertLessEqual(min(counts[20]), max(counts[2]), counts)

    def _own_queries(self, contracts):
        Move, original, inside = type(self.env["account.move"]), type(self.env["account.move"]).create, []

        def counted(records, vals_list):
            before = self.env.cr.sql_log_count
            made = original(records, vals_list)
            self.env.flush_all()
            inside.append(self.env.cr.sql_log_count - before)
            return made

        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with patch.object(Move, "create", counted):
            contracts._bill(self.day("2026-02-01"))
            self.env.flush_all()
        return self.env.cr.sql_log_count - before - inside[0]


class TestDeductions(BillingCase):
    def a_deduction(self, contract, amount, **values):
        clause = self.a_clause(f"Deducted {amount}", settle_by="next_invoice",
                               tax_ids=[Command.set(self.sale_tax.ids)])
        return self.a_penalty(amount, contract, clause=clause, period=("2025-12-01", "2025-12-31"), **values)

    def test_a_penalty_goes_on_the_next_invoice(self):
        contract = self.a_term()
        penalty = self.a_deduction(contract, 30)
        move = self.night("2026-01-01", contract)
        self.assertEqual((move.amount_untaxed, move.amount_total), (70, 80.5))
        self.assertEqual(self.facts(contract, "deduction"), [("2025-12-01", "2025-12-31", "-30.00")])
        self.assertEqual(contract.billed_ids.penalty_id, penalty)
        self.assertEqual(penalty.state, "approved", "posted with the invoice")
        move.action_post()
        self.assertEqual(penalty.state, "posted")

    def test_what_does_not_fit_waits(self):
        contract = self.a_term()
        small, large = self.a_deduction(contract, 60), self.a_deduction(contract, 90)
        self.night("2026-01-01", contract)
        self.assertEqual(contract.billed_ids.penalty_id, small)
        self.night("2026-02-01", contract)
        self.assertEqual(contract.billed_ids.penalty_id, small | large)

    def test_a_deleted_draft_frees_the_penalty(self):
        contract = self.a_term()
        penalty = self.a_deduction(contract, 30)
        self.night("2026-01-01", contract).unlink()
        self.assertFalse(contract.billed_ids)
        self.assertEqual(penalty.state, "approved")
        self.assertEqual(self.night("2026-01-02", contract).amount_untaxed, 70)
