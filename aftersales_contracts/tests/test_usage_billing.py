"""Usage on invoices: rated once a period, in arrears, late usage by difference, and what nobody has read."""

from datetime import date
from decimal import Decimal

from odoo.tests import freeze_time

from .usage_case import UsageCase


class TestUsageBilling(UsageCase):
    def words(self, move):
        return [(line.name, f"{line.quantity:g} x {line.price_unit:g}", self.text(line.price_subtotal))
                for line in move.invoice_line_ids.sorted("id")]

    def test_a_period_is_rated_and_billed_in_arrears(self):
        contract, line = self.a_usage_term(date_start="2026-03-01")
        for day, pages in (("2026-03-01", 1000), ("2026-03-31", 1000)):
            self.a_reading(line, day, pages)
        self.assertFalse(self.night("2026-03-31", contract))
        move = self.night("2026-04-01", contract)
        self.assertEqual(self.words(move), [
            ("Pages, 03/01/2026 to 03/31/2026: 1,000 page at 0.05 USD", "1000 x 0.05", "50.00"),
            ("Pages, 03/01/2026 to 03/31/2026: 500 page at 0.04 USD", "500 x 0.04", "20.00"),
            ("Pages, 03/01/2026 to 03/31/2026: base fee", "1 x 10", "10.00")])
        self.assertEqual(self.facts(contract), [("2026-03-01", "2026-03-31", "80.00")])
        self.assertRecordValues(contract.billed_ids, [{"kind": "usage", "quantity": 2000}])
        self.assertFalse(self.night("2026-04-01", contract), "once")

    def test_a_period_without_a_reading_bills_the_minimum_and_says_so(self):
        contract, line = self.a_usage_term(date_start="2026-03-01")
        move = self.night("2026-04-01", contract)
        self.assertEqual([row[0] for row in self.words(move)], [
            "Pages, 03/01/2026 to 03/31/2026: minimum commitment, no usage was reported",
            "Pages, 03/01/2026 to 03/31/2026: base fee"])
        self.assertEqual(self.total(contract), "30.00")
        self.a_reading(line, "2026-04-05", 0)
        with freeze_time("2026-05-01 12:00:00"):
            move = self.night("2026-05-01", contract)
        self.assertIn("minimum commitment", self.words(move)[0][0])
        self.assertNotIn("no usage", self.words(move)[0][0])

    def test_nothing_sure_and_nothing_used_is_billed_at_nothing_once(self):
        contract, line = self.a_usage_term(tariff=self.a_tariff(), date_start="2026-03-01")
        self.assertFalse(self.night("2026-04-01", contract))
        self.assertEqual(self.facts(contract), [("2026-03-01", "2026-03-31", "0.00")])
        self.assertEqual(line.billed_until, date(2026, 3, 31))
        self.a_reading(line, "2026-03-10", 5)
        self.night("2026-05-01", contract)
        self.assertEqual(self.facts(contract, "late"), [("2026-03-01", "2026-03-31", "5.00")])

    def test_late_usage_goes_to_the_next_invoice_by_difference(self):
        contract, line = self.a_usage_term(date_start="2026-03-01")
        self.a_reading(line, "2026-03-10", 1400)
        self.night("2026-04-01", contract)
        self.assertEqual(self.total(contract), "55.00")  # 900 at 0.05, base fee
        self.a_reading(line, "2026-03-31", 300)
        self.a_reading(line, "2026-04-02", 600)
        move = self.night("2026-05-01", contract)
        self.assertEqual(self.words(move), [
            ("Pages, 04/01/2026 to 04/30/2026: 100 page at 0.05 USD", "100 x 0.05", "5.00"),
            ("Pages, 04/01/2026 to 04/30/2026: minimum commitment", "1 x 15", "15.00"),
            ("Pages, 04/01/2026 to 04/30/2026: base fee", "1 x 10", "10.00"),
            ("Pages, usage of 03/01/2026 to 03/31/2026 reported later: 1,700 page in place of 1,400", "1 x 13",
             "13.00")])  # the last 200 lie in the second tier: 58.00 + 8.00 - 55.00 would be, were it by reading
        self.assertEqual(self.facts(contract, "late"), [("2026-03-01", "2026-03-31", "13.00")])
        self.a_reading(line, "2026-03-30", 100)
        self.night("2026-06-01", contract)
        self.assertEqual(self.facts(contract, "late"), [
            ("2026-03-01", "2026-03-31", "13.00"), ("2026-03-01", "2026-03-31", "4.00")])
        march = sum(Decimal(amount) for start, _end, amount in self.facts(contract) if start == "2026-03-01")
        self.assertEqual(march, Decimal("72.00"), "1,800 pages: 500 free, 1,000 at 0.05, 300 at 0.04, base fee")

    def test_a_voided_reading_is_credited_with_the_next_invoice(self):
        contract, line = self.a_usage_term(date_start="2026-03-01")
        usage = self.a_reading(line, "2026-03-10", 2500)
        self.night("2026-04-01", contract)
        self.assertEqual(self.total(contract), "100.00")
        usage.action_void("Counted twice")
        self.night("2026-05-01", contract)
        self.assertEqual(self.facts(contract, "late"), [("2026-03-01", "2026-03-31", "-70.00")])
        self.assertEqual(self.facts(contract, "usage")[1:], [("2026-04-01", "2026-04-30", "30.00")])

    def test_first_and_last_period_are_prorated(self):
        contract, line = self.a_usage_term(date_start="2026-01-17", date_end="2026-03-10")
        for day, pages in (("2026-01-20", 300), ("2026-02-10", 700), ("2026-03-10", 800)):
            self.a_reading(line, day, pages)
        self.night("2026-04-01", contract)
        # 22 of 28 days: 392.86 pages are free, 407.14 cost 20.36, more than the minimum of 15.71; base fee 7.86
        self.assertEqual(self.facts(contract), [
            ("2026-01-17", "2026-02-16", "35.00"), ("2026-02-17", "2026-03-10", "28.21")])

    def test_the_last_period_is_billed_exactly_once_after_the_end(self):
        contract, line = self.a_usage_term(date_start="2026-01-01", date_end="2026-03-31")
        self.a_reading(line, "2026-03-31", 700)
        for day in ("2026-04-01", "2026-04-02", "2026-05-01"):
            self.night(day, contract)
        self.assertEqual(self.facts(contract)[-1], ("2026-03-01", "2026-03-31", "30.00"))
        self.assertEqual(len(self.facts(contract)), 3)

    def test_late_usage_of_a_contract_that_is_over_is_billed_at_once(self):
        contract, line = self.a_usage_term(date_start="2026-01-01", date_end="2026-03-31")
        self.night("2026-04-01", contract)
        self.assertFalse(contract.next_bill_on)
        usage = self.a_reading(line, "2026-03-31", 1500)
        self.assertEqual(contract.next_bill_on, date(2026, 4, 10))
        self.night("2026-04-11", contract)
        self.assertEqual(self.facts(contract, "late"), [("2026-03-01", "2026-03-31", "30.00")])
        self.assertFalse(contract.next_bill_on)
        usage.with_user(self.felix).action_void("Another machine")
        self.night("2026-04-12", contract)
        self.assertEqual(self.facts(contract, "late")[1:], [("2026-03-01", "2026-03-31", "-30.00")])
        self.assertFalse(contract.next_bill_on)

    def test_paused_days_lessen_minimum_allowance_and_base_fee(self):
        contract, line = self.a_usage_term(date_start="2026-03-01")
        with freeze_time("2026-03-01 12:00:00"):
            contract.suspend(
                "2026-03-11", "Moving", "2026-03-20", billing=True, clock=False, cover=False, shift_end=False)
        self.a_reading(line, "2026-03-15", 400)
        self.night("2026-04-01", contract)
        # 21 of 31 days: 338.71 free, 61.29 at 0.05 = 3.06 raised to 13.55; base fee 6.77
        self.assertEqual(self.facts(contract), [("2026-03-01", "2026-03-31", "20.32")])

    def test_a_tariff_changes_within_a_period(self):
        contract, line = self.a_usage_term(date_start="2026-03-01")
        new = self.a_tariff(bands=((0, 1),))
        draft = contract.make_amendment("2026-03-16", "Other tariff", "price")
        draft.line_ids.tariff_id = new
        draft._adopt("Test")
        self.a_reading(line, "2026-03-15", 10)
        self.a_reading(line, "2026-03-16", 7)
        self.night("2026-04-01", contract)
        self.assertEqual(self.facts(contract), [
            ("2026-03-01", "2026-03-15", "14.52"), ("2026-03-16", "2026-03-31", "7.00")])

    def test_currencies_of_no_and_of_three_decimals(self):
        for name, price, total in (("JPY", 0.333, "666"), ("KWD", 0.0005, "1.000")):
            tariff = self.a_tariff(bands=((0, price),), currency_id=self.currency(name).id)
            contract, line = self.a_usage_term(tariff=tariff, date_start="2026-03-01")
            self.a_reading(line, "2026-03-10", 2000)
            move = self.night("2026-04-01", contract)
            self.assertEqual(self.facts(contract), [("2026-03-01", "2026-03-31", total)])
            self.assertEqual(self.text(move.amount_untaxed, move.currency_id), total)

    def test_a_price_that_does_not_make_the_amount_stands_as_the_amount(self):
        tariff = self.a_tariff(bands=((0, 0.333), (1, 0.333), (2, 0.333)))
        contract, line = self.a_usage_term(tariff=tariff, date_start="2026-03-01")
        self.a_reading(line, "2026-03-10", 3)
        move = self.night("2026-04-01", contract)
        self.assertEqual([row[1:] for row in self.words(move)], [
            ("1 x 0.34", "0.34"), ("1 x 0.333", "0.33"), ("1 x 0.333", "0.33")])
        self.assertEqual(self.total(contract), "1.00")


class TestUsageMissing(UsageCase):
    def missing(self, day):
        with freeze_time(f"{day} 12:00:00"):
            self.env.invalidate_all()
            found = self.env["aftersales.contract.line"].search(
                [("usage_missing", "=", True), ("contract_id.partner_id", "=", self.stranger.id)])
            return [(line, line.usage_missing_text) for line in found]

    def test_an_unread_period_is_told_a_week_before_it_is_billed(self):
        contract, line = self.a_usage_term(date_start="2026-03-01")
        self.assertEqual(self.missing("2026-03-24"), [])
        self.assertEqual(self.missing("2026-03-25"), [(line, "03/01/2026 to 03/31/2026")])
        usage = self.a_reading(line, "2026-03-31", 0)
        self.assertEqual(self.missing("2026-04-01"), [])
        usage.action_void("Wrong line")
        self.assertEqual(self.missing("2026-04-01"), [(line, "03/01/2026 to 03/31/2026")])
        self.assertEqual(self.missing("2026-04-26")[0][1], "03/01/2026 to 03/31/2026; 04/01/2026 to 04/30/2026")
        self.assertEqual(
            self.missing("2026-05-30")[0][1], "03/01/2026 to 03/31/2026; 04/01/2026 to 04/30/2026; and 1 more")
        self.night("2026-04-02", contract)
        self.assertEqual(self.missing("2026-04-02"), [])

    def test_the_other_lines_are_found_too(self):
        _contract, line = self.a_usage_term(date_start="2026-03-01")
        self.a_reading(line, "2026-03-31", 1)
        with freeze_time("2026-04-01 12:00:00"):
            found = self.env["aftersales.contract.line"].search(
                [("usage_missing", "=", False), ("contract_id.partner_id", "=", self.stranger.id)])
        self.assertIn(line, found)

    def test_finance_is_told_today(self):
        self.a_usage_term(date_start="2026-03-01")
        page = self.env["aftersales.today"].with_user(self.felix).get_today()
        tiles = {tile["key"]: tile for section in page["sections"] for tile in section["tiles"]}
        self.assertGreaterEqual(tiles["usage_missing"]["count"], 1)
        line = self.env["aftersales.contract.line"].search([("usage_missing", "=", True)], limit=1)
        action = line.action_record_reading()
        self.assertEqual(action["res_model"], "aftersales.usage")
