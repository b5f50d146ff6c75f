"""Renewal: five kinds, by hand and by night, after downtime, by two workers, with the right prices."""

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .price_case import PriceCase


class TestRenewalByNight(PriceCase):
    def log(self, contract):
        return [(row.number, str(row.term_start), str(row.term_end)) for row in contract.renewal_ids.sorted("number")]

    def test_a_term_is_followed_by_the_next_on_its_day_and_not_before(self):
        contract = self.a_term(lines=[{"price": 100}])
        self.night("2025-12-31")
        self.assertEqual(contract.renewed_count, 0)
        self.night("2026-01-01")
        self.assertRecordValues(contract, [{
            "renewed_count": 1, "term_start": date(2026, 1, 1), "date_end": date(2026, 12, 31),
            "date_start": date(2025, 1, 1), "next_renewal_on": date(2027, 1, 1), "state": "active"}])
        self.assertRecordValues(contract.renewal_ids, [{
            "number": 1, "kind": "automatic", "old_start": date(2025, 1, 1), "old_end": date(2025, 12, 31),
            "term_start": date(2026, 1, 1), "term_end": date(2026, 12, 31), "by_itself": True,
            "old_annual_value": 1200, "new_annual_value": 1200, "user_id": self.env.uid}])
        self.assertIn("Renewed until 12/31/2026", str(contract.message_ids.mapped("body")))

    def test_run_twice_changes_nothing_more(self):
        contract = self.a_term()
        for _run in range(2):
            self.night("2026-01-01")
        self.assertEqual(len(contract.renewal_ids), 1)

    def test_row13_after_three_weeks_of_downtime_each_missed_term_once_in_order(self):
        contract = self.a_term(date_end="2025-01-31", renewal_unit="week", lines=[
            {"price": 100, "price_rule": "percent", "price_percent": 10}])
        self.night("2025-02-24")
        self.assertEqual(self.log(contract), [
            (1, "2025-02-01", "2025-02-07"), (2, "2025-02-08", "2025-02-14"), (3, "2025-02-15", "2025-02-21"),
            (4, "2025-02-22", "2025-02-28")])
        self.assertEqual(self.price_log(contract.line_ids), [
            ("2025-01-01", "100.00", "agreed"), ("2025-02-01", "110.00", "percent"),
            ("2025-02-08", "121.00", "percent"),
            ("2025-02-15", "133.10", "percent"), ("2025-02-22", "146.41", "percent")])

    def test_row13_each_missed_term_has_the_index_of_its_own_day(self):
        contract = self.a_term(activate=False)
        line = self.an_indexed_line(contract)
        contract._adopt("Test")
        self.night("2027-01-22")
        self.assertEqual([price for _day, price, _kind in self.price_log(line)], ["1000.00", "1045.91", "1081.40"])
        values = [(row.old_annual_value, row.new_annual_value) for row in contract.renewal_ids.sorted("number")]
        self.assertEqual(values, [(1000, 1045.91), (1045.91, 1081.40)])

    def test_row13_evergreen_ten_years_on(self):
        contract = self.a_term(renewal_kind="evergreen")
        self.night("2035-01-01")
        self.assertRecordValues(contract, [{"renewed_count": 10, "date_end": date(2035, 12, 31)}])
        endless = self.a_term(renewal_kind="evergreen", date_end=False)
        self.night("2035-01-01")
        self.assertRecordValues(endless, [{"renewed_count": 0, "date_end": False, "next_renewal_on": False}])
        self.assertIn("until notice is given", endless.renewal_words)

    def test_row13_after_the_maximum_it_lapses(self):
        contract = self.a_term(renewal_max=2)
        self.night("2029-05-01", "renew expire")
        self.assertRecordValues(contract, [{"renewed_count": 2, "date_end": date(2027, 12, 31), "state": "expired"}])

    def test_row13_suspended_and_disputed_contracts_are_held_and_caught_up(self):
        suspended, disputed = self.a_term(), self.a_term()
        suspended._write_unlocked({"state": "suspended"})
        self.env["aftersales.issue"].create({
            "name": "Invoice 7", "kind": "dispute", "contract_id": disputed.id, "description": "Billed twice"})
        self.assertIn("on hold: suspended", suspended.renewal_words)
        self.assertIn("on hold: in dispute", disputed.renewal_words)
        self.night("2026-03-01", "renew expire")
        for contract in suspended | disputed:
            self.assertEqual(contract.renewed_count, 0)
            self.assertNotEqual(contract.state, "expired")
        suspended._write_unlocked({"state": "active"})
        disputed.issue_ids.with_user(self.anna).action_withdraw("Paid")
        self.night("2027-03-01")
        self.assertEqual((suspended | disputed).mapped("renewed_count"), [2, 2])

    def test_row13_two_workers_renew_a_term_once_by_law_of_the_database(self):
        contract = self.a_term()
        self.night("2026-01-01")
        row = contract.renewal_ids.copy_data()[0]
        for values in (row, {**row, "number": 2}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.env["aftersales.renewal"].create(values)

    def test_row13_renewed_early_and_then_the_old_term_is_amended(self):
        contract = self.a_term(lines=[{"price": 100, "price_rule": "percent", "price_percent": 10}])
        with freeze_time("2025-10-01"):
            contract.with_user(self.anna).action_renew()
        line = contract.line_ids
        line._write_unlocked({"price": 120})
        self.env["aftersales.line.price"].create({
            "line_id": line.id, "effective_on": "2025-11-01", "price": 120, "old_price": 100, "kind": "amendment"})
        self.assertEqual([str(line._price_on(date(2025, month, 1))) for month in (10, 11, 12)], [
            "100.00", "120.00", "120.00"])
        self.assertEqual(str(line._price_on(date(2026, 1, 1))), "110.00")
        self.night("2026-01-01")
        self.assertEqual(contract.renewed_count, 1)

    def test_an_extension_keeps_its_prices(self):
        contract = self.a_term(renewal_kind="extension", lines=[
            {"price": 100, "price_rule": "percent", "price_percent": 10}])
        self.night("2026-01-01")
        self.assertRecordValues(contract, [{"renewed_count": 1, "annual_value": 1200}])

    def test_the_anchor_of_the_first_term_is_kept(self):
        contract = self.a_term(date_start="2024-02-29", date_end="2025-02-27")
        for year in (2025, 2026, 2027, 2028):
            self.night(f"{year}-03-01")
        self.assertEqual([start for _number, start, _end in self.log(contract)], [
            "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"])
        monthly = self.a_term(date_start="2025-01-31", date_end="2025-02-27", renewal_unit="month")
        self.night("2025-05-01")
        self.assertEqual([start for _number, start, _end in self.log(monthly)], [
            "2025-02-28", "2025-03-31", "2025-04-30"])

    def test_lines_left_alone_at_a_renewal(self):
        rule = {"price": 100, "price_rule": "percent", "price_percent": 10}
        contract = self.a_term(lines=[
            rule, {**rule, "never_revise": True}, {**rule, "cancelled": True}, {**rule, "date_end": "2025-06-30"},
            {**rule, "price_rule": "fixed"}])
        self.night("2026-01-01")
        self.assertEqual(contract.line_ids.mapped("price"), [110, 100, 100, 100, 100])

    def test_a_price_revised_for_that_very_day_is_not_raised_again(self):
        contract = self.a_term(lines=[{"price": 100, "price_rule": "percent", "price_percent": 10}])
        revision = self.env["aftersales.price.revision"].with_user(self.felix).create({
            "title": "Early", "percent": 5, "effective_on": "2026-01-01"})
        revision.action_preview()
        revision.with_user(self.boss).action_apply()
        self.night("2026-01-01")
        self.assertEqual((contract.renewed_count, contract.line_ids.price), (1, 105))

    def test_a_missing_index_blocks_one_contract_and_the_others_go_on(self):
        self.cpi.value_ids.filtered(lambda value: value.period == "2025").unlink()
        blocked, fine = self.a_term(activate=False), self.a_term()
        self.an_indexed_line(blocked)
        blocked._adopt("Test")
        with mute_logger("odoo.addons.aftersales_contracts.models.common.nightly"):
            problem = self.night("2026-01-01", "renew expire")
        self.assertRecordValues(problem, [{"contract_id": blocked.id, "step": "renew"}])
        self.assertIn("index CPI: '2025' has no value", problem.message)
        self.assertEqual((blocked.renewed_count, blocked.state, fine.renewed_count), (0, "active", 1))

    def test_each_renewal_is_a_version_of_the_contract(self):
        contract = self.a_term(lines=[{"price": 100, "price_rule": "percent", "price_percent": 10}])
        self.night("2027-01-01")
        if "version_ids" in contract._fields:
            versions = contract.version_ids.sorted("number")
            self.assertEqual([str(version.effective_on) for version in versions], [
                "2025-01-01", "2026-01-01", "2027-01-01"])
            self.assertEqual(versions[1].changes["date_end"], "2026-12-31")
            self.assertEqual(contract._version_drift(), {})

    def test_row17_the_day_of_the_contract_decides(self):
        for zone, instant, renewed in (
            ("Asia/Taipei", "2025-12-31 15:59:00", 0), ("Asia/Taipei", "2025-12-31 16:01:00", 1),
            ("America/Los_Angeles", "2026-01-01 07:59:00", 0), ("America/Los_Angeles", "2026-01-01 08:01:00", 1),
        ):
            contract = self.a_term(calendar_id=self.an_office(tz=zone).id)
            with self.subTest(zone, at=instant), freeze_time(instant):
                step = next(one for one in self.env["aftersales.nightly"]._steps() if one.key == "renew")
                due = self.env["aftersales.contract"].search(contract._nightly_renew_domain(None)) & contract
                due._nightly_renew(None)
                self.assertEqual((contract.renewed_count, step.sequence), (renewed, 40))

    def test_row35_the_queries_do_not_grow_with_the_contracts(self):
        def queries(count):
            contracts = self.env["aftersales.contract"].browse()
            for _number in range(count):
                contract = self.a_term(activate=False, lines=[
                    {"price": 100, "price_rule": "percent", "price_percent": 5}])
                self.an_indexed_line(contract)
                contracts |= contract
            contracts._adopt("Test")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            contracts._nightly_renew(date(2026, 1, 1))
            self.env.flush_all()
            found = self.cr.sql_log_count - before
            self.assertEqual(set(contracts.mapped("renewed_count")), {1})
            return found

        queries(2)
        self.assertEqual(queries(5), queries(50))


class TestRenewalByHand(PriceCase):
    def setUp(self):
        super().setUp()
        self.manual = self.a_term(renewal_kind="manual", grace_days=10, renewal_max=2, lines=[
            {"price": 100, "price_rule": "percent", "price_percent": 10}])

    def test_somebody_renews_it_and_the_log_says_who(self):
        with freeze_time("2025-12-01"):
            wizard = self.env["aftersales.renew"].with_user(self.anna).create({"contract_id": self.manual.id})
            self.assertRecordValues(wizard, [{
                "number": 1, "term_start": date(2026, 1, 1), "term_end": date(2026, 12, 31), "problem": False}])
            self.assertEqual(wizard.prices, [
                ["Maintenance", "$\xa0100.00", "$\xa0110.00"], ["A year", "$\xa01,200.00", "$\xa01,320.00"]])
            wizard.action_renew()
        self.assertRecordValues(self.manual.renewal_ids, [{
            "number": 1, "by_itself": False, "user_id": self.anna.id, "new_annual_value": 1320}])
        self.assertRecordValues(self.manual, [{"date_end": date(2026, 12, 31), "annual_value": 1320}])

    def test_it_does_not_renew_by_itself_and_lapses_after_the_days_of_grace(self):
        self.night("2026-01-10", "renew expire")
        self.assertRecordValues(self.manual, [{"renewed_count": 0, "state": "active", "lapses_on": date(2026, 1, 11)}])
        self.assertIn("at the latest on 01/10/2026", self.manual.renewal_words)
        self.night("2026-01-11", "renew expire")
        self.assertEqual(self.manual.state, "expired")

    def test_within_grace_yes_and_after_it_no(self):
        with freeze_time("2026-01-11"), self.assertRaisesRegex(UserError, "after the days of grace"):
            self.manual.with_user(self.anna).action_renew()
        with freeze_time("2026-01-10"):
            self.manual.with_user(self.anna).action_renew()
        self.assertEqual(self.manual.term_start, date(2026, 1, 1))

    def test_an_expired_contract_comes_back_within_its_grace(self):
        self.manual._write_unlocked({"state": "expired"})
        with freeze_time("2026-01-05"):
            self.manual.with_user(self.anna).action_renew()
        self.assertRecordValues(self.manual, [{"state": "active", "date_end": date(2026, 12, 31)}])

    def test_what_the_table_or_the_terms_refuse(self):
        cases = (
            ({"renewal_kind": "none"}, "not to be renewed"),
            ({"do_not_renew": True, "do_not_renew_reason": "Moved"}, "not to be renewed"),
            ({"state": "notice"}, "notice was given, withdraw it first"),
            ({"state": "terminated"}, "ended for good"),
            ({"state": "draft"}, "only a contract in force or just expired"),
            ({"date_end": False, "renewal_kind": "evergreen", "renewal_max": 0}, "no next term"),
        )
        for values, words in cases:
            contract = self.a_term(renewal_kind="manual")
            contract._write_unlocked(values)
            with self.subTest(values), freeze_time("2025-12-01"), self.assertRaises(UserError) as refused:
                contract.with_user(self.anna).action_renew()
            self.assertIn(words, str(refused.exception))
            self.assertFalse(contract.renewal_ids)
        with freeze_time("2025-12-01"):
            for _number in range(2):
                self.manual.with_user(self.anna).action_renew()
            with self.assertRaisesRegex(UserError, "maximum of 2"):
                self.manual.with_user(self.anna).action_renew()

    def test_a_missing_index_refuses_the_whole_renewal(self):
        contract = self.a_term(activate=False, renewal_kind="manual")
        self.an_indexed_line(contract, index_lag=0)
        contract._adopt("Test")
        self.cpi.value_ids.filtered(lambda value: value.period == "2026").unlink()
        with freeze_time("2025-12-01"):
            wizard = self.env["aftersales.renew"].with_user(self.anna).create({"contract_id": contract.id})
            self.assertIn("index CPI: '2026' has no value", wizard.problem)
            with self.assertRaisesRegex(UserError, "index CPI: '2026' has no value"):
                contract.with_user(self.anna).action_renew()
        self.assertRecordValues(contract, [{"renewed_count": 0, "date_end": date(2025, 12, 31)}])

    def test_only_account_managers_renew(self):
        for user in (self.agent, self.felix, self.lena, self.clerk, self.carla):
            with self.assertRaises(AccessError):
                self.manual.with_user(user).action_renew()

    def test_the_terms_are_paper_and_the_decision_is_not(self):
        for values in ({"renewal_kind": "none"}, {"renewal_max": 9}, {"grace_days": 99}, {"renewal_interval": 2}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "Make an amendment"):
                self.manual.with_user(self.anna).write(values)
        with self.assertRaisesRegex(ValidationError, "say why"):
            self.manual.with_user(self.anna).do_not_renew = True
        self.manual.with_user(self.anna).write({"do_not_renew": True, "do_not_renew_reason": "Customer moves"})
        self.assertIn("Customer moves", self.manual.renewal_words)
        self.assertFalse(self.manual.next_renewal_on)

    def test_a_renewal_is_history(self):
        with freeze_time("2025-12-01"):
            self.manual.with_user(self.anna).action_renew()
        renewals = self.manual.renewal_ids.sudo()
        for change in (lambda: renewals.write({"number": 9}), renewals.unlink):
            with self.assertRaisesRegex(UserError, "part of the history"):
                change()
        copied = self.manual.copy()
        self.assertRecordValues(copied, [{"renewal_ids": [], "renewed_count": 0, "do_not_renew": False}])

    def test_what_a_renewal_needs_before_it_is_signed(self):
        draft = self.a_contract(activate=False, renewal_kind="automatic")
        self.assertIn("a last day, from which its renewal counts", draft._activation_gaps())
        draft.renewal_kind = "evergreen"
        self.assertNotIn("a last day, from which its renewal counts", draft._activation_gaps())
        for values in ({"renewal_max": 3}, {"renewal_max": -1}, {"grace_days": -1}, {"renewal_interval": 0}):
            with self.subTest(values), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                draft.write(values)
                self.env.flush_all()
