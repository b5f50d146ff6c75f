"""Billing forecast: what falls due month by month, from the terms alone; refreshed where something changed."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import freeze_time

from .refusals import Refusals
from .usage_case import UsageCase


class ForecastCase(UsageCase):
    """It is 2026-04-10: a forecast of 12 months runs from April 2026 to March 2027."""

    def foresee(self, contract, day=None):
        """Run the nightly step on ``contract``; returns the problems that stand."""
        Nightly = self.env["aftersales.nightly"]
        step = next(one for one in Nightly._steps() if one.key == "forecast")
        day = day and Date.to_date(day)
        due = Nightly._due(step, day, contract)
        if due:
            Nightly._run_batch(step, due, day)
        return self.env["aftersales.nightly.problem"].search(
            [("step", "=", "forecast"), ("res_id", "in", contract.ids)])

    def is_due(self, contract, day=None):
        Nightly = self.env["aftersales.nightly"]
        step = next(one for one in Nightly._steps() if one.key == "forecast")
        return contract in Nightly._due(step, day and Date.to_date(day), contract)

    def rows(self, contract, *kinds, **having):
        """[(month, kind, amount)] as text, in order."""
        found = contract.forecast_ids.filtered(
            lambda row: (not kinds or row.kind in kinds) and all(row[name] == value for name, value in having.items()))
        return [(f"{row.month:%Y-%m}", row.kind, self.text(row.amount, row.currency_id))
                for row in found.sorted(lambda row: (row.month, row.kind, row.id))]

    def amounts(self, contract, *kinds, **having):
        return {month: amount for month, _kind, amount in self.rows(contract, *kinds, **having)}


class TestForecast(Refusals, ForecastCase):
    def test_fees_fall_due_in_advance_and_in_arrears(self):
        contract = self.a_term(
            {"price": 100}, {"price": 30, "timing": "postpaid"},
            {"price": 1200, "unit": "year", "date_start": "2026-06-15"},
            date_end=False)
        self.foresee(contract)
        months = [f"2026-{month:02}" for month in range(4, 13)] + ["2027-01", "2027-02", "2027-03"]
        for line, due, amount in zip(contract.line_ids, (months, months, ["2026-06"]), (100, 30, 1200), strict=True):
            rows = contract.forecast_ids.filtered(lambda row, line=line: row.line_id == line).sorted("month")
            self.assertEqual([f"{row.month:%Y-%m}" for row in rows], due)
            self.assertEqual(set(rows.mapped("amount")), {amount})
        self.assertRecordValues(contract.forecast_ids[:1], [{
            "kind": "fee", "direction": "revenue", "assumed": False, "estimated": False, "open_index": False,
            "company_id": self.company.id, "partner_id": self.stranger.id}])

    def test_what_is_billed_or_fell_due_before_this_month_is_left_out(self):
        contract = self.a_term({"price": 100})
        self.foresee(contract)
        self.assertEqual(min(self.amounts(contract)), "2026-04")
        contract.line_ids._write_unlocked({"billed_until": "2026-05-31"})
        self.foresee(contract)
        self.assertEqual(sorted(self.amounts(contract)), [f"2026-{month:02}" for month in range(6, 13)])

    def test_it_ends_with_the_contract_and_its_last_part_is_prorated(self):
        contract = self.a_term({"price": 310}, date_end="2026-07-10")
        self.foresee(contract)
        self.assertEqual(self.amounts(contract), {
            "2026-04": "310.00", "2026-05": "310.00", "2026-06": "310.00", "2026-07": "100.00"})

    def test_an_automatic_renewal_goes_on_and_is_marked_as_assumed(self):
        contract = self.a_term({"price": 100}, {"price": 50, "timing": "postpaid"}, date_end="2026-07-31",
                               renewal_kind="automatic")
        self.foresee(contract)
        fee = contract.line_ids[0]
        rows = contract.forecast_ids.filtered(lambda row: row.line_id == fee).sorted("month")
        self.assertEqual([(f"{row.month:%m}", row.assumed) for row in rows], [
            ("04", False), ("05", False), ("06", False), ("07", False), ("08", True), ("09", True), ("10", True),
            ("11", True), ("12", True), ("01", True), ("02", True), ("03", True)])
        arrears = contract.forecast_ids.filtered(
            lambda row: row.line_id != fee and row.month == Date.to_date("2026-08-01"))
        self.assertEqual(arrears.mapped("assumed"), [False], "July, billed on 1 August, is agreed")
        for values in ({"do_not_renew": True, "do_not_renew_reason": "x"},
                       {"renewal_kind": "manual", "do_not_renew": False}, {"renewal_kind": "none"}):
            self.amend(contract, **values)
            self.foresee(contract)
            self.assertFalse(contract.forecast_ids.filtered("assumed"), values)

    def test_the_number_of_renewals_is_kept(self):
        contract = self.a_term({"price": 100}, date_end="2026-05-31", renewal_kind="automatic", renewal_interval=2,
                               renewal_unit="month", renewal_max=2)
        self.foresee(contract)
        self.assertEqual(max(self.amounts(contract)), "2026-09")

    def test_a_renewal_by_percentage_stands_beside_the_fee(self):
        contract = self.a_term(
            {"price": 100, "price_rule": "percent", "price_percent": 10, "cap_on": True, "cap_percent": 5},
            date_end="2026-12-31", renewal_kind="automatic")
        self.foresee(contract)
        self.assertEqual(self.amounts(contract, "revision"), {f"2027-0{month}": "5.00" for month in (1, 2, 3)})
        self.assertEqual(self.amounts(contract, "fee")["2027-01"], "100.00")
        self.amend(contract, renewal_kind="extension")
        self.foresee(contract)
        self.assertFalse(self.rows(contract, "revision"), "an extension changes no price")

    def test_a_previewed_price_revision_is_planned_and_an_applied_one_is_agreed(self):
        contract = self.a_term({"price": 100})
        revision = self.env["aftersales.price.revision"].with_user(self.felix).create({
            "title": "Summer", "percent": 3, "effective_on": "2026-07-16",
            "contract_filter": repr([("id", "=", contract.id)])})
        self.foresee(contract)
        self.assertFalse(self.is_due(contract))
        revision.action_preview()
        self.assertTrue(self.is_due(contract))
        self.foresee(contract)
        self.assertEqual(self.rows(contract, "revision")[:2], [
            ("2026-07", "revision", "1.55"), ("2026-08", "revision", "3.00")])
        revision.with_user(self.boss).action_apply()
        self.foresee(contract)
        self.assertFalse(self.rows(contract, "revision"))
        self.assertEqual(self.amounts(contract, "fee")["2026-08"], "103.00")

    def test_an_index_that_is_not_known_leaves_the_present_price_and_says_so(self):
        series = self.env["aftersales.index.series"].create({"name": "CPI", "code": "CPI-F"})
        self.env["aftersales.index.value"].create({"series_id": series.id, "period": "2025", "value": 100})
        contract = self.a_term(
            {"price": 100, "price_rule": "index", "index_series_id": series.id, "index_base": "2025"},
            date_end="2026-12-31", renewal_kind="automatic")
        self.foresee(contract)
        self.assertEqual([month for month, _kind, _amount in self.rows(contract, open_index=True)], [
            "2027-01", "2027-02", "2027-03"])

    def test_usage_has_its_minimum_and_what_is_expected_beyond(self):
        contract, line = self.a_usage_term(date_end=False)
        self.foresee(contract)
        self.assertEqual({kind for _month, kind, _amount in self.rows(contract)}, {"usage_minimum"})
        self.assertEqual(self.amounts(contract)["2026-05"], "30.00")
        for day, pages in (("2026-01-15", 99999), ("2026-02-10", 900), ("2026-02-20", 100), ("2026-03-10", 2000)):
            self.a_reading(line, day, pages)
        self.foresee(contract)
        expected = contract.forecast_ids.filtered(lambda row: row.kind == "usage_expected")
        self.assertTrue(all(expected.mapped("estimated")))
        # January, February, March: 34,333 pages a month; 500 free, 1,000 at 0.05, the rest at 0.04
        self.assertEqual(self.amounts(contract, "usage_expected")["2026-05"], "1343.32")
        for usage in line.usage_ids.filtered(lambda one: one.quantity == 99999):
            usage.action_void("Meter error")
        self.foresee(contract)
        # February and March were read: 1,500 a month
        self.assertEqual(self.amounts(contract, "usage_expected")["2026-05"], "30.00")

    def test_a_suspension_without_an_end_goes_on(self):
        contract = self.a_term({"price": 310}, date_end=False)
        with freeze_time("2026-04-10 12:00:00"):
            contract.suspend("2026-05-11", "Moving", billing=True, clock=False, cover=False, shift_end=False)
        self.foresee(contract)
        self.assertEqual(self.amounts(contract), {"2026-04": "310.00", "2026-05": "100.00"})

    def test_contracts_not_in_force_are_not_forecast(self):
        contract = self.a_term({"price": 100}, activate=False)
        self.assertFalse(self.is_due(contract))
        contract._adopt("Test")
        self.foresee(contract)
        self.assertTrue(contract.forecast_ids)
        contract._write_unlocked({"state": "expired"})
        self.foresee(contract)
        self.assertFalse(contract.forecast_ids)
        self.assertFalse(self.is_due(contract))

    def test_only_what_changed_is_reckoned_anew(self):
        contract, line = self.a_usage_term(date_end=False, lines=({"price": 100},))
        fee, june = contract.line_ids - line, Date.to_date("2026-06-01")
        self.foresee(contract)
        self.assertFalse(self.is_due(contract))
        for what, change in (
            ("a reading", lambda: self.a_reading(line, "2026-03-10", 1)),
            ("what was billed", lambda: fee._write_unlocked({"billed_until": "2026-04-30"})),
            ("a price", lambda: (fee._write_unlocked({"price": 120}), fee._log_prices(june, "Agreed"))),
            ("the term", lambda: contract._write_unlocked({"date_end": "2026-09-30"})),
            ("how far ahead", lambda: contract.company_id.write({"aftersales_forecast_months": 6})),
        ):
            change()
            self.assertTrue(self.is_due(contract), what)
            self.foresee(contract)
            self.assertFalse(self.is_due(contract), what)
        self.assertTrue(self.is_due(contract, "2026-05-01"), "a new month")
        self.assertEqual(max(self.amounts(contract)), "2026-09")

    def test_amounts_are_told_in_the_currency_of_the_company_too(self):
        euro = self.currency("EUR")  # 1 USD = 0.9 EUR
        contract = self.a_term({"price": 90}, currency_id=euro.id)
        self.foresee(contract)
        row = contract.forecast_ids[:1]
        self.assertEqual((row.amount, self.text(row.company_amount)), (90, "100.00"))
        self.a_rate(euro, 0.8, "2026-04-01")
        self.assertTrue(self.is_due(contract))
        self.foresee(contract)
        self.assertEqual(self.text(contract.forecast_ids[:1].company_amount), "112.50")

    def test_a_missing_rate_is_reported_by_name_and_the_others_go_on(self):
        pound = self.currency("GBP")
        pound.active = True
        pound.rate_ids.unlink()
        broken, sound = self.a_term({"price": 90}, currency_id=pound.id), self.a_term({"price": 100})
        problems = self.foresee(broken | sound)
        self.assertIn(
            f"Contract {broken.display_name}: there is no exchange rate of GBP on 2026-04-10", problems.message)
        self.assertEqual((bool(broken.forecast_ids), bool(sound.forecast_ids)), (False, True))
        self.a_rate(pound, 0.5)
        self.assertFalse(self.foresee(broken | sound))
        self.assertEqual(self.text(broken.forecast_ids[:1].company_amount), "180.00")

    def test_a_provider_is_a_cost(self):
        contract = self.a_provider_contract(activate=False)
        self.a_line(contract, 100, tax_ids=False)
        contract._adopt("Test")
        self.foresee(contract)
        self.assertEqual(set(contract.forecast_ids.mapped("direction")), {"cost"})

    def test_nobody_enters_a_forecast(self):
        contract = self.a_term({"price": 100})
        self.foresee(contract)
        row = contract.forecast_ids[:1]
        for user in (self.anna, self.felix, self.boss):
            for change in (lambda r: r.write({"amount": 1}), lambda r: r.unlink(), lambda r: r.create({"kind": "fee"})):
                with self.refused(UserError, "nobody enters it"):
                    change(row.with_user(user))
        for user in (self.agent, self.lena, self.carla):
            with self.refused(AccessError, ""):
                row.with_user(user).read(["amount"])
        with self.refused(UserError, "nobody enters it"):
            contract.with_user(self.anna).write({"forecast_key": "x"})

    def test_many_contracts_cost_the_same_queries_as_a_few(self):
        counts = []
        for size in (2, 20):
            contracts = self.env["aftersales.contract"].browse()
            for _number in range(size):
                contracts |= self.a_usage_term(lines=({"price": 100},), date_end=False)[0]
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            contracts._nightly_forecast(Date.to_date("2026-04-10"))
            counts.append(self.cr.sql_log_count - start)
        self.assertEqual(*counts)
