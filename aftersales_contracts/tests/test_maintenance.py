"""Preventive maintenance: visits that a contract promises, per asset; what is missed is a breach, once."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import AftersalesCase


@freeze_time("2026-03-02 09:00:00")
class TestMaintenance(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls.env["aftersales.asset"].create({"name": "NW-1", "partner_id": cls.customer.id})

    def promised(self, assets=True, **terms):
        """A contract for 2026 with one maintenance promise, in force; returns (contract, promise)."""
        contract = self.a_contract(
            activate=False, date_start="2026-01-01", date_end="2026-12-31",
            promise_ids=[Command.create({
                "name": "Inspection", "kind": "maintenance", "maintenance_kind": "fixed", "interval": 1,
                "unit": "quarter", "early_days": 30, "tolerance": 5, "shift": "none", **terms})],
            cover_ids=[Command.create({"asset_id": self.asset.id})] if assets else [])
        contract._adopt("Test")
        return contract, contract.promise_ids

    def nightly(self, day):
        with freeze_time(f"{day} 09:00:00"):
            step = next(s for s in self.env["aftersales.nightly"]._steps() if s.key == "visits")
            self.env["aftersales.nightly"]._run_batch(
                step, self.env["aftersales.nightly"]._due(step, None), None)

    def report(self, contract, day, user=None, **values):
        return self.env["aftersales.visit.report"].with_user(user or self.agent).create({
            "contract_id": contract.id, "asset_id": contract.cover_ids.asset_id[:1].id, "done_on": day, **values})

    def states(self, contract):
        return [(str(visit.due_on), visit.state) for visit in contract.visit_ids.sorted("number")]

    def test_one_visit_in_each_period_at_the_latest_on_its_last_day(self):
        contract, _promise = self.promised()
        self.assertEqual(self.states(contract), [
            ("2026-03-31", "due"), ("2026-06-30", "planned"), ("2026-09-30", "planned"), ("2026-12-31", "planned")])
        self.assertEqual(contract.visit_ids.asset_id, self.asset)

    def test_a_report_settles_the_visit(self):
        contract, _promise = self.promised()
        with freeze_time("2026-03-20 09:00:00"):
            report = self.report(contract, "2026-03-20")
        self.assertEqual(self.states(contract)[0], ("2026-03-31", "done"))
        self.assertEqual(report.user_id, self.agent)

    def test_a_missed_visit_is_a_breach_once(self):
        contract, _promise = self.promised()
        self.nightly("2026-04-05")
        self.assertFalse(contract.breach_ids)
        for _night in range(2):
            self.nightly("2026-04-06")
        self.nightly("2026-04-27")  # three weeks later
        self.assertEqual(self.states(contract)[0], ("2026-03-31", "missed"))
        self.assertRecordValues(contract.breach_ids, [
            {"party": "ours", "visit_id": contract.visit_ids.sorted("number")[0].id, "event_kind": "visit"}])
        with freeze_time("2026-04-28 09:00:00"):
            self.report(contract, "2026-04-28")
        self.assertEqual(self.states(contract)[0], ("2026-03-31", "late"))
        self.assertEqual(len(contract.breach_ids), 1)

    def test_a_contract_that_began_before_has_the_day_for_its_reports(self):
        with freeze_time("2026-05-04 09:00:00"):
            contract, promise = self.promised()
            self.assertEqual(self.states(contract)[0], ("2026-03-31", "missed"))
            self.report(contract, "2026-03-25")
            self.assertEqual(self.states(contract)[0], ("2026-03-31", "done"))
            late, _promise = self.promised()
            self.assertFalse((contract | late).breach_ids)
        self.nightly("2026-05-04")
        self.assertFalse(contract.breach_ids)
        self.assertEqual(len(late.breach_ids), 1)
        self.assertGreater(str(promise.visits_next_on), "2026-05-04")
        with freeze_time("2026-05-05 09:00:00"):
            self.report(late, "2026-03-25")
        self.assertEqual(late.visit_ids.sorted("number")[0].state, "done")
        self.assertIn("made in time", late.breach_ids.message_ids[0].body)

    def test_an_asset_that_comes_in_force_gets_its_visits_at_once(self):
        contract, _promise = self.promised()
        asset = self.env["aftersales.asset"].create({"name": "NW-9", "partner_id": self.customer.id})
        cover = self.env["aftersales.cover"].with_user(self.anna).create(
            {"contract_id": contract.id, "asset_id": asset.id, "date_start": "2026-03-01"})
        mine = lambda: contract.visit_ids.filtered(lambda visit: visit.asset_id == asset)  # noqa: E731
        self.assertEqual([str(visit.due_on) for visit in mine().sorted("number")],
                         ["2026-05-31", "2026-08-31", "2026-11-30"])
        cover.with_user(self.anna).date_end = "2026-06-30"
        self.assertEqual([str(visit.due_on) for visit in mine()], ["2026-05-31"])
        asset.active = False
        self.assertFalse(mine())
        self.assertEqual(contract.visit_ids.asset_id, self.asset)

    def test_a_holiday_that_is_added_moves_the_visit_in_the_coming_night(self):
        contract, _promise = self.promised(shift="before")
        self.env["resource.calendar.leaves"].create({
            "name": "Holiday", "calendar_id": self.office.id, "date_from": "2026-03-31 00:00:00",
            "date_to": "2026-03-31 23:59:59"})
        self.nightly("2026-03-02")
        self.assertEqual(self.states(contract)[0][0], "2026-03-30")

    def test_after_downtime_each_missed_visit_is_told(self):
        contract, _promise = self.promised()
        self.nightly("2026-10-10")
        self.assertEqual([state for _day, state in self.states(contract)], ["missed", "missed", "missed", "planned"])
        self.assertEqual(len(contract.breach_ids), 3)

    def test_a_holiday_moves_the_visit(self):
        self.env["resource.calendar.leaves"].create({
            "name": "Holiday", "calendar_id": self.office.id, "date_from": "2026-03-31 00:00:00",
            "date_to": "2026-03-31 23:59:59"})
        for shift, day in (("before", "2026-03-30"), ("after", "2026-04-01"), ("none", "2026-03-31")):
            with self.subTest(shift):
                self.assertEqual(self.states(self.promised(shift=shift)[0])[0][0], day)

    def test_from_the_last_visit_an_early_one_counts(self):
        """A peer's next date ignores a visit that was made early (row 13 of the complaints)."""
        contract, _promise = self.promised(maintenance_kind="from_last", unit="month", interval=3)
        self.assertEqual(self.states(contract)[0][0], "2026-04-01")
        with freeze_time("2026-03-10 09:00:00"):
            self.report(contract, "2026-03-10")
        self.assertEqual(self.states(contract)[:2], [("2026-04-01", "done"), ("2026-06-10", "planned")])

    def test_by_meter(self):
        contract, _promise = self.promised(maintenance_kind="meter", usage=1000)
        self.assertFalse(contract.visit_ids)  # nothing read, nothing guessed
        Reading = self.env["aftersales.meter.reading"].with_user(self.agent)
        Reading.create({"asset_id": self.asset.id, "read_on": "2026-01-01", "value": 500})
        Reading.create({"asset_id": self.asset.id, "read_on": "2026-03-02", "value": 1100})
        first = contract.visit_ids.sorted("number")[0]
        self.assertTrue(first.estimated)
        self.assertEqual(str(first.due_on), "2026-04-11")  # 600 in 60 days, 1,000 after 100
        with self.assertRaises(UserError):
            Reading.search([("asset_id", "=", self.asset.id)], limit=1).write({"value": 1})

    def test_a_visit_within_a_suspension_is_not_missed(self):
        contract, _promise = self.promised()
        self.env["aftersales.suspension"].create({
            "contract_id": contract.id, "date_start": "2026-03-15", "date_end": "2026-05-15", "reason": "Shutdown",
            "user_id": self.anna.id, "state": "running"})
        self.nightly("2026-03-15")
        self.nightly("2026-06-01")
        self.assertEqual(self.states(contract)[:2], [("2026-03-31", "suspended"), ("2026-06-30", "due")])
        self.assertFalse(contract.breach_ids)

    def test_a_void_report_counts_no_more(self):
        contract, _promise = self.promised()
        with freeze_time("2026-03-20 09:00:00"):
            report = self.report(contract, "2026-03-20")
            with self.assertRaises(AccessError):
                report.with_user(self.agent).action_void("Wrong machine")
            with self.assertRaisesRegex(UserError, "Say why"):
                report.with_user(self.anna).action_void()
            report.with_user(self.anna).action_void("Wrong machine")
        self.assertEqual(self.states(contract)[0][1], "due")
        with self.assertRaisesRegex(UserError, "does not change"):
            report.sudo().write({"done_on": "2026-03-01"})

    def test_bad_reports_are_refused(self):
        contract, _promise = self.promised()
        other = self.env["aftersales.asset"].create({"name": "NW-2", "partner_id": self.customer.id})
        for values, sentence in (
            ({"done_on": "2026-03-03"}, "before it was made"), ({"asset_id": other.id}, "NW-2 is not covered"),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(ValidationError, sentence):
                self.report(contract, **{"day": "2026-03-02", **values} if "done_on" not in values else {
                    "day": values["done_on"]})
        with self.assertRaises(UserError):
            contract.visit_ids[0].sudo().write({"state": "done"})

    def test_termination_drops_what_was_still_planned(self):
        contract, _promise = self.promised()
        contract._transition("terminate")
        self.assertFalse(contract.visit_ids.filtered(lambda visit: visit.state in ("planned", "due")))

    def test_the_proof_counts_visits(self):
        contract, promise = self.promised()
        with freeze_time("2026-03-20 09:00:00"):
            self.report(contract, "2026-03-20")
        with freeze_time("2026-04-10 09:00:00"):
            row = contract.promise_proof["rows"][0]
            texts = dict(zip(contract.promise_proof["periods"], [cell["text"] for cell in row["cells"]], strict=True))
        self.assertEqual(texts["2026-03"], "1 of 1 visits")
        self.assertEqual(texts["2026-02"], "n/a")

    def test_queries_do_not_grow_with_the_contracts(self):
        promises = self.env["aftersales.promise"]
        for _number in range(12):
            promises |= self.promised(assets=False)[1]
        promises[:2]._refresh_visits()
        counts = []
        for batch in (promises[:3], promises[3:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            batch._refresh_visits()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
