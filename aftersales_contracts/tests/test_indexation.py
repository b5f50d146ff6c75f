"""Prices that follow an index: steps, bounds, missing and revised values, and the import of values."""

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .price_case import PriceCase


class TestIndexation(PriceCase):
    def renewed(self, years=1, **clause):
        """The line of a contract from 2025 on, base 2024, renewed for ``years`` years."""
        contract = self.a_term(activate=False)
        line = self.an_indexed_line(contract, **clause)
        contract._adopt("Test")
        self.night(f"{2025 + years}-01-01")
        return line

    def test_row08_base_and_chained_agree_and_nothing_is_counted_twice(self):
        """MicrosoftDocs/dynamics-365-unified-operations-public#4405: adding the base change on top gives 1,127.31."""
        for method in ("base", "chained"):
            line = self.renewed(2, index_method=method)
            self.assertEqual(self.price_log(line), [
                ("2025-01-01", "1000.00", "agreed"), ("2026-01-01", "1045.91", "index"),
                ("2027-01-01", "1081.40", "index")], method)

    def test_row08_the_steps_name_series_period_and_value(self):
        line = self.renewed()
        steps = line.price_ids[-1].steps
        self.assertEqual(steps[0], ["Agreed", "CPI 2024 = 105.65", "$\xa01,000.00"])
        self.assertEqual(steps[1], ["By index", "CPI 2025 = 110.5, chained method", "$\xa01,045.91"])
        self.assertEqual(steps[-1][2], "$\xa01,045.91")

    def test_row08_cap_a_year_floor_and_cap_over_the_term(self):
        for clause, prices in (
            ({"cap_on": True, "cap_percent": 2}, ["1020.00", "1040.40"]),
            ({"cap_on": True, "cap_percent": 4, "index_method": "base"}, ["1040.00", "1081.40"]),  # catches up
            ({"cap_on": True, "cap_percent": 4, "index_method": "chained"}, ["1040.00", "1075.29"]),
            ({"term_cap_on": True, "term_cap_percent": 5}, ["1045.91", "1050.00"]),
        ):
            with self.subTest(clause):
                line = self.renewed(2, **clause)
                self.assertEqual([price for _day, price, _kind in self.price_log(line)][1:], prices)
        self.cpi.value_ids.filtered(lambda value: value.period == "2025").value = 100
        for clause, price, bound in (
            ({}, "946.52", False), ({"floor_on": True, "floor_percent": 0}, "1000.00", "floor"),
            ({"floor_on": True, "floor_percent": -2}, "980.00", "floor"),
        ):
            with self.subTest(clause):
                line = self.renewed(**clause)
                self.assertEqual(self.price_log(line)[-1][1], price)
                self.assertEqual(line.price_ids.sorted("effective_on")[-1].bound, bound)

    def test_row08_rounding_at_each_step_or_at_the_end(self):
        for at, prices in (("step", ["1046.00", "1081.00"]), ("end", ["1046.00", "1081.00"])):
            line = self.renewed(2, rounding_step=1, round_at=at)
            self.assertEqual([price for _day, price, _kind in self.price_log(line)][1:], prices, at)
        step, end = (self.renewed(2, rounding_step=10, round_at=at) for at in ("step", "end"))
        self.assertEqual(self.price_log(step)[-1][1], "1090.00")  # 1050 carried on
        self.assertEqual(self.price_log(end)[-1][1], "1080.00")  # 1045.91 carried on

    def test_row08_a_missing_value_blocks_and_names_series_and_period(self):
        contract = self.a_term(activate=False)
        line = self.an_indexed_line(contract)
        contract._adopt("Test")
        self.cpi.value_ids.filtered(lambda value: value.period == "2025").unlink()
        problem = self.night("2026-01-01")
        self.assertIn("index CPI: '2025' has no value", problem.message)
        self.assertIn(contract.name, problem.message)
        self.assertRecordValues(contract, [{"renewed_count": 0, "state": "active"}])
        self.assertEqual(line.price, 1000)
        self.an_index_value("2025", 110.5)
        self.assertFalse(self.night("2026-01-02"))
        self.assertEqual(str(line._price()), "1045.91")

    def test_row08_a_provisional_value_blocks_unless_the_clause_takes_it(self):
        self.cpi.value_ids.filtered(lambda value: value.period == "2025").provisional = True
        contract = self.a_term(activate=False)
        line = self.an_indexed_line(contract)
        contract._adopt("Test")
        self.assertIn("'2025' is provisional", self.night("2026-01-01").message)
        self.assertEqual(line.price, 1000)
        self.assertEqual(str(self.renewed(accept_provisional=True)._price()), "1045.91")

    def test_row08_a_value_revised_later_is_listed_and_never_applied(self):
        line = self.renewed(cap_on=True, cap_percent=4)
        value = self.cpi.value_ids.filtered(lambda value: value.period == "2025")
        value.with_user(self.felix).value = 110.7
        use = self.env["aftersales.index.use"].search([("differs", "=", True), ("line_id", "=", line.id)])
        self.assertRecordValues(use, [{
            "period": "2025", "note": "used 110.5, now 110.7", "contract_id": line.contract_id.id}])
        self.assertEqual(str(line._price()), "1040.00")
        self.night("2027-01-01")  # goes on from 110.5, which was used; from 110.7 it would be 1,073.35
        self.assertEqual(str(line._price()), "1075.29")
        value.unlink()
        self.assertTrue(use.differs)
        self.assertEqual(use.note, "used 110.5, now gone")
        self.an_index_value("2025", 110.5)
        self.assertFalse(use.differs)

    def test_a_price_agreed_otherwise_becomes_the_new_base(self):
        line = self.renewed()
        line._write_unlocked({"price": 2000})
        line.contract_id._record_change(line.contract_id.date_start.replace(year=2026, month=6), "Amended")
        self.night("2027-01-01")
        self.assertEqual([row[1:] for row in self.price_log(line)][-2:], [
            ("2000.00", "amendment"), ("2067.87", "index")])

    def test_no_newer_period_no_new_price(self):
        line = self.renewed(index_lag=2)  # 2024 is the base itself
        self.assertEqual(self.price_log(line), [("2025-01-01", "1000.00", "agreed")])

    def test_what_was_used_and_agreed_does_not_change(self):
        line = self.renewed()
        for record, values in ((line.price_ids[:1], {"price": 1}), (line.price_ids.use_ids[:1], {"used": 1})):
            with self.assertRaises(UserError):
                record.sudo().write(values)
            with self.assertRaises(UserError):
                record.sudo().unlink()

    def test_a_clause_is_complete(self):
        draft = self.a_contract(activate=False)
        for values, words in (
            ({"index_base": False}, "names its series and its base period"),
            ({"index_base": "2024-01"}, "is not a period of it"),
            ({"cap_on": True, "cap_percent": 1, "floor_on": True, "floor_percent": 2}, "above the cap"),
            ({"floor_on": True, "floor_percent": -100}, "fall to nothing"),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, words):
                self.an_indexed_line(draft, **values)


class TestIndexSeries(PriceCase):
    def test_periods_are_named_by_frequency(self):
        for frequency, lag, name in (
            ("year", 0, "2026"), ("year", 1, "2025"), ("quarter", 0, "2026-Q1"), ("quarter", 1, "2025-Q4"),
            ("month", 0, "2026-02"), ("month", 3, "2025-11"), ("month", 14, "2024-12"),
        ):
            series = self.env["aftersales.index.series"].new({"frequency": frequency})
            self.assertEqual(series._period_of(date(2026, 2, 28), lag), name)

    def test_a_value_is_above_zero_for_a_period_of_its_series_once(self):
        for period in ("2026-01", "26", "20266"):
            with self.subTest(period), self.assertRaises(ValidationError):
                self.an_index_value(period, 1)
        for period, value in (("2026", 1), ("2027", 0), ("2027", -1)):
            with self.subTest(period), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.an_index_value(period, value)

    def test_finance_keeps_the_values_and_others_read(self):
        value = self.cpi.value_ids[:1]
        value.with_user(self.felix).value = 120
        self.cpi.with_user(self.felix).copy({"code": "CPI-2"})
        for user in (self.agent, self.anna, self.lena):
            self.assertEqual(value.with_user(user).value, 120)
            with self.assertRaises(AccessError):
                value.with_user(user).write({"value": 1})
        self.assertIn("→ 120", str(self.cpi.message_ids.mapped("body")))

    def test_values_are_imported_from_a_file_and_a_wrong_row_leaves_nothing(self):
        Value = self.env["aftersales.index.value"].with_user(self.felix)
        columns = ["series_id", "period", "value", "provisional", "source"]
        good = Value.load(columns, [
            ["CPI-T", "2027", "117.5", "0", "Release 1"], ["CPI-T", "2028", "119.25", "1", "Release 2"]])
        self.assertFalse(good["messages"])
        self.assertEqual(self.cpi.last_period, "2028")
        with mute_logger("odoo.sql_db", "odoo.models"):
            bad = Value.load(columns, [["CPI-T", "2029", "120", "0", ""], ["CPI-T", "29", "121", "0", ""]])
        self.assertFalse(bad["ids"])
        self.assertIn("“29” is not a period of it", bad["messages"][0]["message"])
        self.assertEqual(self.cpi.last_period, "2028")
