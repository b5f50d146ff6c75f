"""Contract lines: amounts, schedules, what is locked, and lines that end with their contract."""

from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .price_case import PriceCase


class TestSchedule(PriceCase):
    def a_line_of(self, start, end=False, price=100, **values):
        return self.a_line(self.a_contract(activate=False, date_start=start, date_end=end), price, **values)

    def test_row01_the_anchor_day_is_kept_over_short_months(self):
        """OCA contract 19.0 runs 31 Jan, 28 Feb, 28 Mar, 28 Apr."""
        for day, starts in (
            (31, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
            (30, ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"]),
            (29, ["2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29"]),
        ):
            line = self.a_line_of(f"2026-01-{day}")
            self.assertEqual([start for start, _end, _amount in self.parts(line, limit=4)], starts)

    def test_row02_a_leap_day_comes_back_and_no_year_is_billed_twice(self):
        """OCA contract 19.0 stays on 28 Feb for ever."""
        line = self.a_line_of("2024-02-29", "2029-02-27", price=1200, unit="year")
        self.assertEqual([start for start, _end, _amount in self.parts(line)], [
            "2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"])
        self.assert_sum(line, "6000.00")

    def test_row03_the_last_period_in_arrears_is_billed_once_on_the_day_after(self):
        """OCA contract 19.0 never bills December: its day is after the end date."""
        line = self.a_line_of("2026-10-01", "2026-12-31", timing="postpaid")
        self.assertEqual([part.bill_on.isoformat() for part in line._scheduled()], [
            "2026-11-01", "2026-12-01", "2027-01-01"])
        line.timing = "prepaid"
        self.assertEqual([part.bill_on.isoformat() for part in line._scheduled()], [
            "2026-10-01", "2026-11-01", "2026-12-01"])

    def test_row04_periods_are_contiguous_and_sum_to_the_cent(self):
        for rule, total in (("actual/actual", "232.26"), ("30/360", "233.33"), ("per-month", "232.26")):
            line = self.a_line_of("2026-01-17", "2026-03-26", price=100, anchor_day=1, proration_rule=rule)
            shares = sum(part.share for part in line._scheduled())
            self.assertEqual(str(Decimal(round(shares * 10000)) / 100), total, rule)
            self.assert_sum(line, str(sum(part.amount for part in line._scheduled())))
        for currency, price, expected in (("JPY", 1000, "484 1000 484"), ("KWD", 10.125, "4.899 10.125 4.899")):
            self.env.ref(f"base.{currency}").active = True
            contract = self.a_contract(
                activate=False, date_start="2026-01-17", date_end="2026-03-15",
                currency_id=self.env.ref(f"base.{currency}").id)
            line = self.a_line(contract, price, anchor_day=1)
            self.assertEqual(" ".join(str(part.amount) for part in line._scheduled()), expected)
            self.assertEqual(line._money(line.price), Decimal(str(price)))

    def test_row05_a_year_of_months_is_twelve_of_them_and_one_day(self):
        """frappe/erpnext#57768 bills 220."""
        self.assert_sum(self.a_line_of("2026-08-03", "2027-08-02", price=20), "240.00")
        line = self.a_line_of("2026-08-03", "2027-08-03", price=20)
        self.assert_sum(line, "240.65")
        self.assertEqual(self.parts(line)[-1], ("2027-08-03", "2027-08-04", "0.65"))

    def test_row06_a_part_of_a_period_is_divided_by_that_very_period(self):
        """microsoft/BCApps#6242: 365 against 366; silverapp/silver#200: one month's days for two."""
        for end, part in (("2027-01-01", "1.00"), ("2028-01-01", "1.00")):
            line = self.a_line_of("2026-01-01", end, price=366 if end.startswith("2028") else 365, unit="year")
            self.assertEqual(self.parts(line)[-1][2], part)
        line = self.a_line_of("2026-01-17", "2026-02-14", price=100, anchor_day=1)
        self.assertEqual([amount for _start, _end, amount in self.parts(line)], ["48.39", "50.00"])

    def test_row07_a_week_is_365_2425_days_over_twelve_months(self):
        """OCA contract 19.0 takes 7/30 of a month, 1.4 % too little."""
        for unit, price, month, year in (
            ("week", 7, 30.44, 365.24), ("day", 1, 30.44, 365.24), ("year", 1200, 100, 1200),
            ("quarter", 300, 100, 1200),
        ):
            line = self.a_line_of("2026-01-01", price=price, unit=unit)
            self.assertRecordValues(line, [{"monthly_value": month, "annual_value": year}])

    def test_quantity_and_price_are_rounded_once_by_the_currency(self):
        line = self.a_line_of("2026-01-01", price=3.33, quantity=2.5, interval=3)
        self.assertRecordValues(line, [{"amount": 8.33, "monthly_value": 2.78, "annual_value": 33.32}])
        line.quantity = 2
        self.assertEqual(line.amount, 6.66)

    def test_the_schedule_is_shown_before_anything_is_billed(self):
        line = self.a_line_of("2026-01-17", "2026-03-31", price=310, anchor_day=1, timing="postpaid")
        self.assertEqual(line.schedule, [
            ["01/17/2026 to 01/31/2026", "billed on 02/01/2026 · 15/31 of $\xa0310.00", "$\xa0150.00"],
            ["02/01/2026 to 02/28/2026", "billed on 03/01/2026", "$\xa0310.00"],
            ["03/01/2026 to 03/31/2026", "billed on 04/01/2026", "$\xa0310.00"],
            ["Total", "3 periods until 03/31/2026", "$\xa0770.00"]])
        self.assertIn("billed in arrears", line.terms_text)
        self.assertIn("actual/actual", line.terms_text)
        endless = self.a_line_of("2026-01-01")
        self.assertEqual(len(endless.schedule), 13)
        self.assertIn("without end", endless.schedule[-1][1])
        long = self.a_line_of("2026-01-01", "2029-12-31")
        self.assertEqual(long.schedule[36], ["…", "12 more periods", "$\xa01,200.00"])

    def test_a_line_runs_within_its_contract_and_is_cut_with_it(self):
        contract = self.a_contract(activate=False, date_end="2026-12-31")
        line = self.a_line(contract, date_start="2026-02-01", date_end="2026-11-30")
        whole = self.a_line(contract)
        self.assertRecordValues(line, [{"first_day": date(2026, 2, 1), "last_day": date(2026, 11, 30)}])
        contract._write_unlocked({"date_end": "2026-06-30"})
        self.assertRecordValues(line | whole, [
            {"first_day": date(2026, 2, 1), "last_day": date(2026, 6, 30)},
            {"first_day": date(2026, 1, 1), "last_day": date(2026, 6, 30)}])

    def test_a_cancelled_line_costs_nothing(self):
        contract = self.a_contract(activate=False, date_end="2026-12-31")
        line = self.a_line(contract)
        self.assertEqual(contract.annual_value, 1200)
        line.cancelled = True
        self.assertEqual((contract.annual_value, line._scheduled(), contract._approval_amount()), (0, [], 0))


class TestLineGuards(PriceCase):
    def setUp(self):
        super().setUp()
        self.draft = self.a_contract(activate=False, date_end="2026-12-31")
        self.line = self.a_line(self.draft)

    def test_impossible_terms_are_refused_in_a_sentence(self):
        for values, words in (
            ({"date_start": "2025-12-31"}, "First Day 2025-12-31 lies outside the contract"),
            ({"date_end": "2027-01-01"}, "Last Day 2027-01-01 lies outside the contract"),
            ({"counted_from": "2026-02-01"}, "after its first day"),
            ({"unit": "week", "anchor_day": 1}, "anchor day 1"),
            ({"price_rule": "percent", "price_percent": -100}, "leaves no price"),
            ({"interval": 0}, "is not a whole number of 1 or more"),
            ({"anchor_day": 32}, "is not a day of the month"),
        ):
            with self.subTest(values), self.assertRaises(ValidationError) as refused:
                self.line.write(values)
            self.assertIn(words, str(refused.exception))
        for values in ({"quantity": 0}, {"quantity": -1}, {"date_start": "2026-03-01", "date_end": "2026-02-01"}):
            with self.subTest(values), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.line.write(values)
                self.env.flush_all()

    def test_results_are_nobodys_to_enter(self):
        for name in ("amount", "annual_value", "billed_until", "revised_on", "first_day", "ended"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "nobody enters it"):
                self.line.with_user(self.anna).write({name: False})
        with self.assertRaisesRegex(UserError, "nobody enters it"):
            self.a_line(self.draft, amount=1)
        for name in ("annual_value", "renewed_count", "term_start", "lapses_on"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "nobody enters it"):
                self.draft.with_user(self.anna).write({name: False})

    def test_approval_counts_the_lines_themselves(self):
        self.env.cr.execute("UPDATE aftersales_contract SET annual_value = 1 WHERE id = %s", [self.draft.id])
        self.draft.invalidate_recordset()
        self.assertEqual(self.draft._approval_amount(), Decimal("1200.00"))

    def test_lines_change_in_a_draft_and_not_in_force(self):
        line = self.line.with_user(self.anna)
        line.price = 110
        self.draft._adopt("Test")
        for change in (lambda: line.write({"price": 1}), line.unlink, lambda: self.a_line(line.contract_id)):
            with self.assertRaisesRegex(UserError, "Make an amendment"):
                change()
        line.sequence = 5
        for user in (self.agent, self.felix, self.lena):
            with self.assertRaises(AccessError):
                self.line.with_user(user).write({"sequence": 1})

    def test_a_contract_that_needs_prices_is_not_submitted_without(self):
        self.draft.contract_type_id.needs_lines = True
        self.line.unlink()
        with self.assertRaisesRegex(ValidationError, "a contract line with a price"):
            self.draft.with_user(self.anna).action_submit()

    def test_a_copy_takes_the_lines_and_not_their_history(self):
        self.draft._adopt("Test")
        self.line._write_unlocked({"billed_until": "2026-03-31"})
        copied = self.draft.copy().line_ids
        self.assertRecordValues(copied, [{
            "name": "Maintenance", "price": 100, "billed_until": False, "price_ids": []}])
        self.assertNotEqual(copied.row_key, self.line.row_key)
        self.assertEqual(self.price_log(self.line), [("2026-01-01", "100.00", "agreed")])

    def test_the_product_brings_words_price_and_taxes(self):
        tax = self.env["account.tax"].create({"name": "VAT", "amount": 10, "company_id": self.company.id})
        product = self.env["product.product"].create(
            {"name": "Gold Care", "lst_price": 250, "taxes_id": [Command.set(tax.ids)]})
        line = self.env["aftersales.contract.line"].create({"contract_id": self.draft.id, "product_id": product.id})
        self.assertRecordValues(line, [{"name": "Gold Care", "price": 250, "tax_ids": tax.ids}])

    @freeze_time("2026-06-30 12:00:00")
    def test_a_line_that_ended_leaves_the_value_of_a_year(self):
        self.a_line(self.draft, 50, date_end="2026-06-30")
        self.draft._adopt("Test")
        self.assertEqual(self.draft.annual_value, 1800)
        self.night("2026-06-30", "line_end")
        self.assertEqual(self.draft.annual_value, 1800)
        self.night("2026-07-01", "line_end")
        self.assertEqual(self.draft.annual_value, 1200)


class TestCoTermination(PriceCase):
    def setUp(self):
        super().setUp()
        self.draft = self.a_contract(activate=False, date_end="2026-12-31")
        self.a_line(self.draft)

    def a_wizard(self, day, contract=None, **values):
        return self.env["aftersales.coterminate"].with_user(self.anna).create({
            "contract_id": (contract or self.draft).id, "name": "Second compressor", "price": 30, "date_start": day,
            **values})

    def test_row16_an_added_line_ends_with_its_contract(self):
        for day, values, total, parts in (
            ("2026-01-01", {}, "360.00", 12),
            ("2026-06-16", {}, "195.00", 7),
            ("2026-12-31", {}, "0.97", 1),  # the last day: 1 of 31
            ("2026-02-16", {"unit": "quarter", "price": 90}, "314.00", 4),  # its periods are those of the contract
            ("2026-11-16", {"unit": "year", "price": 365}, "46.00", 1),
        ):
            with self.subTest(day, **values):
                wizard = self.a_wizard(day, **values)
                self.assertFalse(wizard.problem)
                self.assertEqual(str(wizard._line()._coterminated().total), total)
                self.assertEqual(wizard.total, float(total))
                wizard.action_add()
                line = self.draft.line_ids[-1]
                self.assertRecordValues(line, [{"last_day": date(2026, 12, 31), "date_end": False}])
                self.assert_sum(line, total)
                self.assertEqual(len(line._scheduled()), parts)

    def test_row16_a_line_outside_the_contract_is_refused(self):
        for day in ("2025-12-31", "2027-01-01"):
            wizard = self.a_wizard(day)
            self.assertIn("outside the contract", wizard.problem)
            with self.assertRaisesRegex(UserError, "outside the contract"):
                wizard.action_add()
        self.draft.date_end = False
        with self.assertRaisesRegex(UserError, "no last day to end with"):
            self.a_wizard("2026-06-16").action_add()
        self.assertEqual(len(self.draft.line_ids), 1)

    def test_in_force_it_shows_the_price_refuses_and_offers_the_amendment(self):
        self.draft._adopt("Test")
        wizard = self.a_wizard("2026-06-16")
        self.assertRecordValues(wizard, [{"total": 195, "locked": True}])
        with self.assertRaisesRegex(UserError, "make an amendment"):
            wizard.action_add()
        offered = wizard.action_open_amendment()
        self.assertEqual(offered["res_model"], "aftersales.amend.contract")
        amend = self.env[offered["res_model"]].with_user(self.anna).with_context(**offered["context"]).create({})
        shadow = self.env["aftersales.contract"].browse(amend.action_amend()["res_id"])
        again = wizard.action_open_amendment()
        self.assertEqual(again["context"]["default_contract_id"], shadow.id)
        self.env[again["res_model"]].with_user(self.anna).with_context(**again["context"]).create({}).action_add()
        self.assertEqual(len(self.draft.line_ids), 1)
        self.assertRecordValues(shadow.line_ids[-1], [{"name": "Second compressor", "price": 30}])
        self.assert_sum(shadow.line_ids[-1], "195.00")

    def test_only_account_managers_add_lines(self):
        for user in (self.agent, self.felix, self.clerk):
            with self.assertRaises(AccessError):
                self.env["aftersales.coterminate"].with_user(user).create({
                    "contract_id": self.draft.id, "name": "x", "price": 1, "date_start": "2026-06-16"})
