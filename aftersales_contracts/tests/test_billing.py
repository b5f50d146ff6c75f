"""Recurring fees become invoices: what, when, how much, once."""

from datetime import date, timedelta
from decimal import Decimal

from odoo.fields import Command

from .billing_case import BillingCase

DAY = timedelta(days=1)


class TestBilling(BillingCase):
    def test_a_month_in_advance_becomes_a_draft_invoice(self):
        contract = self.a_term()
        self.assertEqual(str(contract.next_bill_on), "2026-01-01")
        move = self.night("2026-01-01", contract)
        self.assertRecordValues(move, [{
            "move_type": "out_invoice", "state": "draft", "partner_id": self.stranger.id, "amount_untaxed": 100,
            "amount_tax": 15, "amount_total": 115, "invoice_date": self.day("2026-01-01"),
            "invoice_date_due": self.day("2026-01-31"), "invoice_origin": contract.name,
            "aftersales_contract_id": contract.id}])
        self.assertRecordValues(move.invoice_line_ids, [{
            "quantity": 1, "price_unit": 100, "name": "Maintenance\n01/01/2026 to 01/31/2026",
            "aftersales_contract_id": contract.id, "aftersales_billed_id": contract.billed_ids.id}])
        self.assertEqual(contract.billed_ids.move_line_id, move.invoice_line_ids)
        self.assertEqual(self.facts(contract), [("2026-01-01", "2026-01-31", "100.00")])
        self.assertEqual(str(contract.line_ids.billed_until), "2026-01-31")
        self.assertEqual(str(contract.next_bill_on), "2026-02-01")
        self.assert_balanced(move)
        self.assertFalse(self.night("2026-01-01", contract), "run again: nothing")
        self.assertFalse(self.night("2026-01-31", contract), "the day before the next one is due: nothing")

    def test_nothing_is_billed_before_it_is_in_force(self):
        contract = self.a_term(activate=False)
        self.assertFalse(contract.next_bill_on)
        self.assertFalse(self.night("2026-03-01", contract))
        contract._adopt("Test")
        self.assertEqual(len(self.night("2026-03-01", contract).invoice_line_ids), 3)

    def test_quantity_and_price_stand_apart_where_they_make_the_amount(self):
        contract = self.a_term({"quantity": 3, "price": 33.33, "date_start": "2026-01-17", "anchor_day": 1})
        first, second = self.night("2026-02-01", contract).invoice_line_ids.sorted("id")
        # 15 days of 31 of 99.99
        self.assertRecordValues(first, [{"quantity": 1, "price_unit": 48.38, "price_subtotal": 48.38}])
        self.assertEqual(first.name, "Maintenance\n01/17/2026 to 01/31/2026, 15/31 of $\N{NO-BREAK SPACE}99.99")
        self.assertRecordValues(second, [{"quantity": 3, "price_unit": 33.33, "price_subtotal": 99.99}])

    def test_the_period_is_named_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.stranger.lang = "de_DE"
        move = self.night("2026-01-01", self.a_term())
        self.assertIn("01.01.2026", move.invoice_line_ids.name)

    def test_a_price_that_changes_inside_a_period_makes_two_lines(self):
        contract = self.a_term({"timing": "postpaid"})
        self.env["aftersales.line.price"].create({
            "line_id": contract.line_ids.id, "effective_on": "2026-01-21", "price": 131, "old_price": 100,
            "kind": "amendment", "reason": "Test"})
        self.night("2026-02-01", contract)
        # 20/31 of 100 and 11/31 of 131
        self.assertEqual(self.facts(contract), [
            ("2026-01-01", "2026-01-20", "64.52"), ("2026-01-21", "2026-01-31", "46.48")])

    def test_lines_that_cost_nothing_make_no_invoice_and_are_done(self):
        """A zero-value contract: its periods count as billed, and say so."""
        contract = self.a_term({"price": 0})
        self.assertFalse(self.night("2026-01-01", contract))
        self.assertEqual(self.facts(contract), [("2026-01-01", "2026-01-31", "0.00")])
        self.assertEqual(str(contract.next_bill_on), "2026-02-01")
        mixed = self.a_term({"price": 0}, {"price": 10})
        self.assertEqual(len(self.night("2026-01-01", mixed).invoice_line_ids), 1)

    def test_lines_of_different_rhythms(self):
        contract = self.a_term({"price": 10}, {"price": 300, "unit": "quarter", "timing": "postpaid"},
                               {"price": 7, "unit": "week", "interval": 2})
        self.night("2026-12-31", contract)
        self.assertEqual(len(contract.billed_ids.move_id), 1, "all that was missed is on one invoice, line by line")
        self.assertEqual(len(contract.billed_ids), 12 + 3 + 27)
        move = self.night("2027-01-01", contract)
        self.assertEqual(move.amount_untaxed, 300, "the last quarter in arrears")
        self.assertFalse(contract.next_bill_on)

    def test_the_payer_among_the_parties_is_billed(self):
        payer = self.env["res.partner"].create({"name": "Treasury"})
        contract = self.a_term(activate=False)
        contract.party_ids = [Command.create({"partner_id": payer.id, "role": "payer"})]
        contract._adopt("Test")
        self.assertEqual(contract.bill_to_id, payer)
        self.assertEqual(self.night("2026-01-01", contract).partner_id, payer)

    def test_the_invoice_address_is_billed(self):
        address = self.env["res.partner"].create(
            {"name": "Accounts", "type": "invoice", "parent_id": self.stranger.id})
        self.assertEqual(self.night("2026-01-01", self.a_term()).partner_id, address)

    def test_a_provider_contract_makes_a_draft_vendor_bill(self):
        self.company.aftersales_billing_post = "posted"
        kind = self.env["aftersales.contract.type"].search([("kind", "=", "provider")], limit=1)
        contract = self.a_term({"tax_ids": [Command.set(self.purchase_tax.ids)]}, contract_type_id=kind.id,
                               partner_id=self.dealer.id)
        move = self.night("2026-01-01", contract)
        self.assertRecordValues(move, [{
            "move_type": "in_invoice", "state": "draft", "partner_id": self.dealer.id, "amount_untaxed": 100,
            "amount_total": 115, "journal_id": self.purchase_journal.id}])

    def test_posted_at_once_where_the_company_wants_it(self):
        self.company.aftersales_billing_post = "posted"
        move = self.night("2026-01-01", self.a_term())
        self.assertEqual(move.state, "posted")
        self.assertEqual(self.receivable(move), 115)

    def test_accounts_and_journals_by_product_settings_and_journal(self):
        Account = self.env["account.account"]
        mine, theirs = Account.create([
            {"name": code, "code": code, "account_type": "income"} for code in ("X1", "X2")])
        product = self.env["product.product"].create({"name": "Care", "property_account_income_id": theirs.id})
        journal = self.env["account.journal"].create({"name": "Contracts", "code": "CON", "type": "sale"})
        self.company.write({"aftersales_billing_account_id": mine.id, "aftersales_billing_journal_id": journal.id})
        move = self.night("2026-01-01", self.a_term({}, {"product_id": product.id}))
        self.assertEqual(move.journal_id, journal)
        self.assertEqual(move.invoice_line_ids.sorted("id").mapped("account_id"), mine | theirs)

    def test_fiscal_position_and_analytic_distribution(self):
        none = self.env["account.tax"].create({
            "name": "Export", "amount": 0, "type_tax_use": "sale",
            "original_tax_ids": [Command.set(self.sale_tax.ids)]})
        position = self.env["account.fiscal.position"].create({"name": "Abroad", "tax_ids": [Command.set(none.ids)]})
        none.fiscal_position_ids = position
        self.stranger.property_account_position_id = position
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        north = self.env["account.analytic.account"].create({"name": "North", "plan_id": plan.id})
        contract = self.a_term({"analytic_distribution": {str(north.id): 100}})
        move = self.night("2026-01-01", contract)
        self.assertEqual((move.fiscal_position_id, move.invoice_line_ids.tax_ids, move.amount_total),
                         (position, none, 100))
        self.assertEqual(move.invoice_line_ids.analytic_distribution, {str(north.id): 100})

    def test_terms_of_payment_are_those_of_the_paper_else_of_the_customer(self):
        term = self.env["account.payment.term"].create({
            "name": "10 days", "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 10})]})
        self.stranger.property_payment_term_id = term
        own, theirs = self.a_term(payment_days=14), self.a_term(payment_days=0)
        self.assertEqual(str(self.night("2026-01-01", own).invoice_date_due), "2026-01-15")
        self.assertEqual(str(self.night("2026-01-01", theirs).invoice_date_due), "2026-01-11")


class TestRows(BillingCase):
    """contracts.md section 5, with invoices."""

    def test_row1_the_anchor_day_is_kept(self):
        contract = self.a_term({}, date_start="2026-01-31", date_end="2026-05-30")
        for day in ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"):
            with self.subTest(day):
                self.assertFalse(self.night(str(date.fromisoformat(day) - DAY), contract))
                self.assertEqual(str(self.night(day, contract).invoice_date), day)
        self.assertEqual(self.facts(contract), [
            ("2026-01-31", "2026-02-27", "100.00"), ("2026-02-28", "2026-03-30", "100.00"),
            ("2026-03-31", "2026-04-29", "100.00"), ("2026-04-30", "2026-05-30", "100.00")])
        self.assertFalse(contract.next_bill_on)

    def test_row2_29_february_comes_back(self):
        contract = self.a_term({"unit": "year", "price": 1200}, date_start="2024-02-29", date_end="2029-02-27")
        self.night("2029-02-27", contract)
        self.assertEqual([row[0] for row in self.facts(contract)], [
            "2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"])
        self.assertEqual(self.total(contract), "6000.00", "no instalment twice in a leap year")

    def test_row3_the_last_postpaid_period_exactly_once(self):
        contract = self.a_term({"timing": "postpaid"}, date_start="2026-10-01", date_end="2026-12-31")
        for day in ("2026-11-01", "2026-12-01"):
            self.assertEqual(len(self.night(day, contract).invoice_line_ids), 1)
        contract._write_unlocked({"state": "expired", "ended_on": "2026-12-31"})
        self.assertEqual(str(contract.next_bill_on), "2027-01-01", "the day after it has ended")
        move = self.night("2027-01-01", contract)
        self.assertIn("12/01/2026 to 12/31/2026", move.invoice_line_ids.name)
        self.assertFalse(contract.next_bill_on)
        for day in ("2027-01-02", "2027-02-01", "2028-01-01"):
            self.assertFalse(self.night(day, contract), "never after its end")

    def test_row4_periods_are_contiguous_and_sum_to_the_schedule(self):
        """Any start, end and rhythm: no gap, no overlap, and to the cent what the schedule says."""
        cases = [
            (start, end, interval, unit, anchor, rule, timing)
            for start, end in (("2026-01-17", "2026-07-09"), ("2024-02-29", "2025-02-28"), ("2026-12-31", "2027-01-01"))
            for interval, unit, anchor in ((1, "month", 0), (1, "month", 31), (2, "week", 0), (1, "quarter", 15))
            for rule, timing in (("actual/actual", "prepaid"), ("30/360", "postpaid"), ("per-month", "prepaid"))]
        for start, end, interval, unit, anchor, rule, timing in cases:
            with self.subTest(start=start, end=end, unit=unit, anchor=anchor, rule=rule):
                contract = self.a_term({
                    "price": 99.97, "interval": interval, "unit": unit, "anchor_day": anchor, "proration_rule": rule,
                    "timing": timing}, date_start=start, date_end=end)
                for days in range(0, 40, 13):  # night by night, or all at once: the same
                    self.night(str(date.fromisoformat(start) + timedelta(days=days * 7)), contract)
                self.night("2028-01-01", contract)
                self._check_days(contract, start, end)
                scheduled = contract.line_ids._scheduled()
                self.assertEqual(self.total(contract), str(sum(part.amount for part in scheduled)))
                self.assertEqual([row[2] for row in self.facts(contract)], [str(part.amount) for part in scheduled])

    def _check_days(self, contract, start, end):
        rows = self.facts(contract)
        self.assertEqual((rows[0][0], rows[-1][1]), (start, end))
        for before, after in zip(rows, rows[1:], strict=False):
            self.assertEqual(date.fromisoformat(before[1]) + DAY, date.fromisoformat(after[0]))
        invoiced = sum(Decimal(self.text(line.price_subtotal)) for line in contract.billed_ids.move_id.invoice_line_ids)
        self.assertEqual(str(invoiced), self.total(contract))

    def test_row5_a_year_of_twenty_is_240(self):
        """3 Aug 2026 to 3 Aug 2027 (frappe/erpnext#57768): 12 months; with the day itself as last one, a day more."""
        for end, total in (("2027-08-02", "240.00"), ("2027-08-03", "240.65")):
            contract = self.a_term({"price": 20}, date_start="2026-08-03", date_end=end)
            self.night("2027-08-03", contract)
            self.assertEqual(self.total(contract), total)

    def test_row6_denominators_are_those_of_the_very_period(self):
        for start, end, unit, total in (
            ("2027-01-01", "2027-07-01", "year", "598.36"),  # 182 of the 365 days of 2027, 1,200 a year
            ("2028-01-01", "2028-07-01", "year", "600.00"),  # 183 of 366
            ("2026-01-17", "2026-02-10", "month", "1009.22"),  # 15/31 and 10/28 of 1,200
        ):
            with self.subTest(start):
                contract = self.a_term({
                    "price": 1200, "unit": unit, "anchor_day": 1}, date_start=start, date_end=end)
                self.night("2029-01-01", contract)
                self.assertEqual(self.total(contract), total)

    def test_row7_weeks_are_billed_as_weeks(self):
        """What a week is a month is one definition, for figures; an invoice bills weeks of seven days."""
        contract = self.a_term({"price": 7, "unit": "week"}, date_end="2026-02-11")
        self.night("2026-02-11", contract)
        self.assertEqual(len(contract.billed_ids), 6)
        self.assertEqual(self.total(contract), "42.00")
        self.assertEqual(self.text(contract.line_ids.monthly_value), "30.44")

    def test_row16_an_added_line_ends_with_the_contract(self):
        """First day, in between, last day, and with another interval."""
        for first, unit, total in (
            ("2026-01-01", "month", "360.00"), ("2026-06-16", "month", "195.00"), ("2026-12-31", "month", "0.97"),
            ("2026-06-16", "quarter", "64.95"),
        ):
            with self.subTest(first, unit=unit):
                contract = self.a_term({"price": 30, "unit": unit, "date_start": first, "counted_from": "2026-01-01"})
                self.night("2026-12-31", contract)
                self.assertEqual(self.total(contract), total)
                self.assertEqual(self.facts(contract)[-1][1], "2026-12-31")
