"""Recurring revenue: its level at each month end, its movements, and the law that these sum to the change of that.

The view counts from today's real date on, so the months of these tests are counted from it too.
"""

from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tools import SQL, float_repr

from .common import AftersalesCase
from .refusals import Refusals


class TestRecurringRevenue(Refusals, AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = date.fromisoformat(str(cls.env.execute_query(SQL("SELECT CURRENT_DATE"))[0][0]))
        cls.home = cls.company.currency_id

    def month(self, ago, day=1):
        """The ``day``-th of the month that lies ``ago`` months back."""
        return Date.add(self.today.replace(day=1), months=-ago).replace(day=day)

    def a_term(self, start, *lines, **values):
        contract = self.a_contract(activate=False, date_start=start, **values)
        for line in lines or ({},):
            self.env["aftersales.contract.line"].create(
                {"contract_id": contract.id, "name": "Maintenance", "price": 100, "tax_ids": False, **line})
        contract._adopt("Test")
        return contract

    def rows(self, contracts):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["aftersales.recurring.revenue"].search(
            [("contract_id", "in", contracts.ids)], order="month, id")

    def course(self, contract):
        """[(months ago, movement, change, level)] of what moved."""
        return [(self.ago(row.month), row.movement, self.text(row.change), self.text(row.mrr))
                for row in self.rows(contract) if row.movement != "none"]

    def ago(self, month):
        return (self.today.year - month.year) * 12 + self.today.month - month.month

    def text(self, amount):
        return float_repr(amount, self.home.decimal_places)

    def assert_law(self, contracts):
        """The movements of a month sum to the change of the level, for each month and in all."""
        levels, changes = {}, {}
        for row in self.rows(contracts):
            levels[row.month] = levels.get(row.month, Decimal(0)) + Decimal(self.text(row.mrr))
            changes[row.month] = changes.get(row.month, Decimal(0)) + Decimal(self.text(row.change))
        months = [self.month(ago) for ago in range(22, -1, -1)]
        for before, after in zip(months, months[1:], strict=False):
            self.assertEqual(
                levels.get(after, Decimal(0)) - levels.get(before, Decimal(0)), changes.get(after, Decimal(0)), after)

    def test_a_contract_is_new_once_and_lost_when_it_ends(self):
        contract = self.a_term(self.month(10, 15), date_end=self.month(3, 10))
        self.assertEqual(self.course(contract), [
            (10, "new", "100.00", "100.00"), (3, "churn", "-100.00", "0.00")])
        self.assertEqual(len(self.rows(contract)), 8)
        self.assert_law(contract)

    def test_the_last_day_of_a_month_counts_and_the_day_before_does_not(self):
        end = Date.add(self.month(4), days=-1)
        contract = self.a_term(self.month(8), date_end=end)
        self.assertEqual(self.course(contract)[-1][:2], (4, "churn"))
        other = self.a_term(self.month(8), date_end=Date.add(end, days=-1))
        self.assertEqual(self.course(other)[-1][:2], (5, "churn"))

    def test_prices_rise_and_fall(self):
        contract = self.a_term(self.month(10))
        line = contract.line_ids
        for ago, price in ((6, 130), (3, 90)):
            line._write_unlocked({"price": price})
            line._log_prices(self.month(ago, 5), "Agreed")
        self.assertEqual(self.course(contract), [
            (10, "new", "100.00", "100.00"), (6, "expansion", "30.00", "130.00"),
            (3, "contraction", "-40.00", "90.00")])
        self.assert_law(contract)

    def test_a_line_comes_and_goes_within_a_contract(self):
        contract = self.a_term(
            self.month(10), {}, {"price": 50, "date_start": self.month(7), "date_end": self.month(4)})
        self.assertEqual(self.course(contract), [
            (10, "new", "100.00", "100.00"), (7, "expansion", "50.00", "150.00"),
            (4, "contraction", "-50.00", "100.00")])

    def test_what_comes_back_is_a_reactivation(self):
        contract = self.a_term(
            self.month(12), {"date_end": self.month(9)}, {"price": 80, "date_start": self.month(5)})
        self.assertEqual(self.course(contract), [
            (12, "new", "100.00", "100.00"), (9, "churn", "-100.00", "0.00"), (5, "reactivation", "80.00", "80.00")])
        self.assert_law(contract)

    def test_units_have_one_definition_of_a_month(self):
        for unit, interval, price, level in (
            ("year", 1, 1200, "100.00"), ("quarter", 1, 300, "100.00"), ("week", 1, 7, "30.44"), ("day", 1, 1, "30.44"),
            ("month", 3, 100, "33.33"), ("week", 2, 14, "30.44"),
        ):
            contract = self.a_term(self.month(2), {"unit": unit, "interval": interval, "price": price})
            self.assertEqual(self.course(contract), [(2, "new", level, level)], unit)
            self.assertEqual(self.text(contract.line_ids.monthly_value), level)

    def test_an_amendment_of_the_quantity_counts_from_its_day(self):
        contract = self.a_term(self.month(10))
        draft = contract.make_amendment(self.month(4, 10), "More machines", "price")
        draft.line_ids.quantity = 3
        draft._adopt("Test")
        self.assertEqual(contract.line_ids.quantity, 3)
        self.assertEqual(self.course(contract), [
            (10, "new", "100.00", "100.00"), (4, "expansion", "200.00", "300.00")])
        draft = contract.make_amendment(self.month(2, 10), "None", "price")
        draft.line_ids.cancelled = True
        draft._adopt("Test")
        self.assertEqual(self.course(contract)[-1], (2, "churn", "-300.00", "0.00"))
        self.assert_law(contract)

    def test_the_window_begins_with_what_was_there_before(self):
        contract = self.a_term(self.month(60))
        self.assertEqual(self.course(contract), [])
        self.assertEqual(len(self.rows(contract)), 24)
        self.assertEqual({self.text(row.mrr) for row in self.rows(contract)}, {"100.00"})

    def test_an_exchange_rate_is_a_movement_of_its_own(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        for ago, rate in ((11, 0.5), (5, 0.8)):
            self.env["res.currency.rate"].create({
                "currency_id": euro.id, "name": self.month(ago), "rate": rate, "company_id": self.company.id})
        contract = self.a_term(self.month(10), currency_id=euro.id)
        line = contract.line_ids
        line._write_unlocked({"price": 120})
        line._log_prices(self.month(5), "Agreed")
        self.assertEqual(self.course(contract), [
            (10, "new", "200.00", "200.00"), (5, "expansion", "25.00", "150.00"), (5, "rate", "-75.00", "0.00")])
        self.assert_law(contract)
        euro.rate_ids.unlink()
        self.assertTrue(all(self.rows(contract).mapped("rate_missing")))
        self.assertEqual(sum(self.rows(contract).mapped("mrr")), 0)

    def test_drafts_templates_amendments_and_providers_do_not_count(self):
        draft = self.a_contract(activate=False, date_start=self.month(5))
        self.env["aftersales.contract.line"].create(
            {"contract_id": draft.id, "name": "x", "price": 1, "tax_ids": False})
        contract = self.a_term(self.month(5))
        amendment = contract.make_amendment(self.month(0), "x", "price")
        self.assertFalse(self.rows(draft | amendment))
        kind = self.env["aftersales.contract.type"].search([("kind", "=", "provider")], limit=1)
        provider = self.a_term(self.month(5), partner_id=self.dealer.id, contract_type_id=kind.id)
        self.assertFalse(self.rows(provider))

    def test_the_law_holds_for_all_contracts_together(self):
        found = self.a_term(self.month(20, 9), {"price": 33.33, "unit": "week"}, {"price": 1000, "unit": "year"})
        found |= self.a_term(self.month(15), {"date_start": self.month(14, 20)}, date_end=self.month(1, 3))
        for ago in (9, 6, 4):
            line = found[0].line_ids[0]
            line._write_unlocked({"price": line.price * 1.037})
            line._log_prices(self.month(ago, 17), "Agreed")
        self.assert_law(found)
        self.assert_law(self.env["aftersales.contract"].search([("company_id", "=", self.company.id)]))

    def test_it_can_be_grouped_and_who_may_see_it(self):
        contract = self.a_term(self.month(5))
        Revenue = self.env["aftersales.recurring.revenue"]
        groups = Revenue.with_user(self.felix)._read_group(
            [("contract_id", "=", contract.id)], ["month:month", "movement"], ["change:sum", "mrr:sum"])
        self.assertEqual(groups[0][1:], ("new", 100, 100))
        for user in (self.anna, self.boss):
            self.assertTrue(Revenue.with_user(user).search([("contract_id", "=", contract.id)]))
        for user in (self.agent, self.lena, self.clerk, self.carla):
            with self.refused(AccessError, ""):
                Revenue.with_user(user).search([])
        self.assertFalse(Revenue.with_user(self.other_manager).search([("contract_id", "=", contract.id)]))
