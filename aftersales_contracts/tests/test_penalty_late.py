"""Late facts: a closed period keeps its penalty; what differs becomes a penalty of the next one, once."""

from decimal import Decimal

from odoo.fields import Command
from odoo.tests import freeze_time

from .penalty_case import PenaltyCase


class LateCase(PenaltyCase):
    def put(self, components, **values):
        """A contract in force with a clause of these components in place of `contract`."""
        self.contract._write_unlocked({"partner_id": self.stranger.id})
        with freeze_time("2026-01-05 08:00:00"):
            self.contract = self.a_contract(
                clauses=self.a_clause(components, **values), statement_start="2026-03-01")
        return self.contract

    def excused_later(self, request):
        self.excuse(request).with_user(self.felix).action_approve()


class TestLateFacts(LateCase):
    def test_an_excuse_after_the_close_gives_back_in_the_next_period(self):
        late = self.breach()
        march = self.march(breaches=1)
        before = march.read(["assessed", "inputs", "inputs_hash", "result_hash", "steps", "state"])
        self.excused_later(late)
        april = self.close("2026-05-04")
        made = self.assess()
        correction = made.filtered("origin_id")
        self.assertRecordValues(correction, [{
            "origin_id": march.id, "statement_id": april.id, "assessed": -50.0, "amount": -50.0, "state": "draft",
            "period_start": april.period_start, "clause_id": march.clause_id.id}])
        march.invalidate_recordset()
        self.assertEqual(march.read(["assessed", "inputs", "inputs_hash", "result_hash", "steps", "state"]), before)
        self.assertEqual(self.lines(correction), [("resolution", "penalty", "-50.00", 0)])
        self.assertRecordValues(correction.event_ids, [{"request_id": late.id, "excused": "Customer Cause"}])
        self.assertEqual(correction.steps[-1][0], "difference")
        self.assertIn(march.name, " ".join(step[1] for step in correction.steps))

    def test_it_is_told_once(self):
        late = self.breach()
        march = self.march(breaches=1)
        self.excused_later(late)
        self.close("2026-05-04")
        self.assess()
        with freeze_time("2026-06-10 08:00:00"):
            self.close("2026-06-05")
            may = self.assess()
            self.night("2026-06-10")
        self.assertFalse(may.filtered("origin_id"))
        self.assertEqual(len(march.correction_ids), 1)

    def test_a_second_late_fact_is_the_difference_to_all_that_was_told(self):
        first, second = self.breach(), self.breach()
        self.close_march()
        march = self.assess()
        self.excused_later(first)
        self.close("2026-05-04")
        self.assess()
        with freeze_time("2026-06-10 08:00:00"):
            self.excused_later(second)
            self.close("2026-06-05")
            self.assess()
        self.assertEqual(march.correction_ids.sorted("id").mapped("assessed"), [-50.0, -50.0])
        self.assertEqual(sum((march | march.correction_ids).mapped("amount")), 0)

    def test_a_failure_that_turns_up_later_is_charged_later(self):
        march = self.march(breaches=1)
        self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00")
        self.close("2026-05-04")
        correction = self.assess().filtered("origin_id")
        self.assertEqual((self.amount(correction), correction.origin_id), ("50.00", march))
        self.assertEqual(len(correction.event_ids), 1)

    def test_nothing_that_was_waived_is_given_back_again(self):
        late = self.breach()
        march = self.march(breaches=1)
        march.with_user(self.anna).action_waive(80, "Agreed")
        march.with_user(self.felix).action_approve_waiver()
        self.excused_later(late)
        self.close("2026-05-04")
        correction = self.assess().filtered("origin_id")
        self.assertEqual(self.amount(correction), "-20.00")
        self.assertEqual(sum(Decimal(line[2]) for line in self.lines(correction)), Decimal("-20.00"))

    def test_what_was_reversed_is_not_given_back_again(self):
        late = self.breach()
        march = self.march(breaches=1)
        march._write_guarded({"state": "posted", "reversed_on": "2026-04-20"})
        self.excused_later(late)
        self.close("2026-05-04")
        self.assertFalse(self.assess().filtered("origin_id"))

    def test_late_facts_do_not_break_the_running_cap(self):
        """150 a year: 50 in March, 100 in April; one more failure of March has no room left."""
        march = self.march(breaches=1)
        for _number in range(3):
            self.breach("2026-04-06 08:00", "2026-04-06 09:00", "2026-04-08 12:00")
        self.close("2026-05-04")
        self.assess()
        with freeze_time("2026-06-10 08:00:00"):
            self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00")
            self.close("2026-06-05")
            self.assess()
        self.assertFalse(march.correction_ids)
        self.assertEqual(sum(self.contract.penalty_ids.mapped("assessed")), 150)

    def test_a_late_fact_takes_its_room_before_the_period_that_tells_it(self):
        self.march(breaches=1)
        self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00")
        for _number in range(2):
            self.breach("2026-04-06 08:00", "2026-04-06 09:00", "2026-04-08 12:00")
        self.close("2026-05-04")
        made = self.assess()
        self.assertEqual(self.amount(made.filtered("origin_id")), "50.00")
        self.assertEqual(self.amount(made.filtered(lambda one: not one.origin_id)), "50.00")

    def test_terms_and_fee_of_the_closed_period_stay(self):
        self.put([self.a_component(base="percent", rate=10)])
        march = self.march(breaches=1)
        self.contract.line_ids._write_unlocked({"price": 5000})
        self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00")
        self.close("2026-05-04")
        correction = self.assess().filtered("origin_id")
        self.assertEqual((self.amount(correction), self.amount(correction, "fee")), ("100.00", "1000.00"))
        self.assertEqual(self.amount(march, "fee"), "1000.00")


    def test_twenty_late_facts_cost_as_many_queries_as_two(self):
        contracts, late = self.env["aftersales.contract"], []
        for number in range(23):
            partner = self.env["res.partner"].create({"name": f"Customer {number}"})
            contracts |= self.a_contract(partner_id=partner.id, statement_start="2026-03-01")
            late.append(self.breach(partner_id=partner.id))
        self.close("2026-04-04", contracts)
        self.assess(self.env["aftersales.statement"].search([("contract_id", "in", contracts.ids)]))
        for request in late:
            self.excused_later(request)
        self.close("2026-05-04", contracts)
        april = self.env["aftersales.statement"].search(
            [("contract_id", "in", contracts.ids), ("period_start", "=", "2026-04-01")])
        self.assess(april[:1])
        counts = []
        for part in (april[1:3], april[3:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            made = self.assess(part)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(made.filtered("origin_id")), len(part))
        self.assertEqual(*counts)


class TestStillOpen(LateCase):
    def test_a_clock_that_runs_on_is_counted_to_the_end_of_the_period_and_the_rest_when_it_stops(self):
        self.put([self.a_component(kind="per_unit", rate=10, unit="hour")])
        request = self.a_request("2026-03-30 08:00:00")  # due at the end of Monday
        self.event(request, "in_progress", "2026-03-30 09:00:00")
        self.close_march()
        march = self.assess()
        self.assertEqual(self.amount(march), "80.00")  # Tuesday, the last day of March
        self.assertTrue(march.event_ids.still_open)
        self.event(request, "resolved", "2026-04-01 12:00:00")
        self.close("2026-05-04")
        correction = self.assess().filtered("origin_id")
        self.assertEqual((self.amount(correction), correction.origin_id), ("40.00", march))
        self.assertRecordValues(correction.event_ids, [{"late": 12 * 3600, "still_open": False}])
        with freeze_time("2026-06-10 08:00:00"):
            self.close("2026-06-05")
            self.assertFalse(self.assess().filtered("origin_id"))


class TestLateRegister(LateCase):
    def test_a_breach_whose_chain_closes_later_is_charged_then(self):
        self.put([{"name": "Duties", "kind": "per_breach", "source": "breach", "base": "amount", "rate": 70}])
        breach = self.env["aftersales.breach"].create({
            "title": "Inspection", "contract_id": self.contract.id, "party": "ours", "event": "Nobody came.",
            "noticed_on": "2026-03-05", "notified_on": "2026-03-06", "cure_length": 3})
        breach.action_notify()
        breach._nightly_cure()
        self.close_march()
        march = self.assess()
        self.assertEqual(march.state, "none")
        self.assertIn("evidence", march.event_ids.excused)
        self.env["aftersales.evidence"].create({"breach_id": breach.id, "file": "cHJvb2Y=", "file_name": "p.pdf"})
        self.close("2026-05-04")
        correction = self.assess().filtered("origin_id")
        self.assertEqual((self.amount(correction), correction.origin_id), ("70.00", march))
        self.assertRecordValues(correction.event_ids, [{"breach_id": breach.id, "excused": False}])

    def test_a_breach_that_was_waived_later_is_given_back(self):
        self.put([{"name": "Duties", "kind": "per_breach", "source": "breach", "base": "amount", "rate": 70}])
        breach = self.env["aftersales.breach"].create({
            "title": "Inspection", "contract_id": self.contract.id, "party": "ours", "event": "Nobody came.",
            "noticed_on": "2026-03-05", "notified_on": "2026-03-06", "cure_length": 3,
            "evidence_ids": [Command.create({"file": "cHJvb2Y=", "file_name": "p.pdf"})]})
        breach.action_notify()
        breach._nightly_cure()
        self.close_march()
        self.assertEqual(self.amount(self.assess()), "70.00")
        breach.with_user(self.lena).action_waive("Let it pass")
        self.close("2026-05-04")
        self.assertEqual(self.amount(self.assess().filtered("origin_id")), "-70.00")

    def test_a_corrected_figure_is_a_late_fact(self):
        measure = self.env["aftersales.measure"].create({"name": "Uptime"})
        self.put([{"name": "Uptime", "kind": "bands", "source": "figure", "measure_id": measure.id, "base": "percent",
                   "band_ids": [Command.create({"bound": 99.5, "rate": 10})]}])
        Figure = self.env["aftersales.measured.figure"]
        values = {"contract_id": self.contract.id, "measure_id": measure.id, "period_start": "2026-03-01",
                  "period_end": "2026-03-31"}
        Figure.create({**values, "value": 99.4})
        self.close_march()
        self.assertEqual(self.amount(self.assess()), "100.00")
        Figure.create({**values, "value": 99.9, "evidence": "The monitor was down"})
        self.close("2026-05-04")
        self.assertEqual(self.amount(self.assess().filtered("origin_id")), "-100.00")
