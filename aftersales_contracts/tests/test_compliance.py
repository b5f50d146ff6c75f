"""Compliance of open periods: the set statement says what the engine says, to the second, and only where it differs."""

from datetime import UTC
from types import SimpleNamespace

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..engine import compliance as engine
from ..engine.period import Period
from .statement_common import AT, StatementCase

MONTHS = ((2026, 3), (2026, 4), (2026, 5))


@tagged("post_install", "-at_install")
class TestCompliance(StatementCase):
    def engine_figures(self, contract, zone="UTC"):
        """What the engine says of all clocks of a contract: {(first day, target): counts and rate}."""
        found = {}
        for target in contract.clock_ids.target_id:
            clocks = [
                SimpleNamespace(state=c.state, excused=c.excused, **{
                    name: c[name] and c[name].replace(tzinfo=UTC) for name in ("started_at", "due_at", "stopped_at")})
                for c in contract.clock_ids if c.target_id == target and c.state != "superseded"]
            for year, month in MONTHS:
                result = engine.compliance(clocks, Period.month(year, month, zone))
                counts = (result.met, result.breached, result.excused, result.running)
                if any(counts):
                    found[f"{year}-{month:02d}-01", target] = (sum(counts[:3]), *counts, result.rate)
        return found

    def test_sql_says_what_the_engine_says(self):
        self.met()
        self.breach()
        late = self.met("2026-03-31 16:00:00", "2026-03-31 16:30:00", "2026-04-20 09:00:00")
        waiting = self.a_request("2026-04-28 08:00:00")
        self.event(waiting, "waiting_customer", "2026-04-28 09:00:00")
        self.event(self.a_request("2026-04-29 08:00:00"), "cancelled", "2026-04-29 09:00:00")
        raised = self.a_request("2026-03-09 08:00:00")  # breached, then superseded: the breach still counts
        self.policy.target_ids = [Command.create({"metric": "resolution", "priority": "3", "duration_minutes": 2400})]
        self.event(raised, "in_progress", "2026-03-11 08:00:00", priority="3")
        self.a_request("2026-05-20 10:00:00")
        for state, decided, excused in (
                ("met", "2026-04-01 00:00:00", False), ("met", "2026-03-31 23:59:59", False),
                ("breached", "2026-04-30 23:59:59", True), ("breached", "2026-05-01 00:00:00", False)):
            self.a_clock(late, state, decided, excused=excused)
        states = set(self.contract.clock_ids.mapped("state"))
        self.assertEqual(states, {"met", "breached", "running", "paused", "cancelled"})
        self.assertTrue(self.contract.clock_ids.filtered(lambda c: c.state == "breached" and not c.is_current))
        expected = self.engine_figures(self.contract)
        self.assertEqual(self.figures(self.refresh()), expected)
        self.assertGreater(len(expected), 6)
        self.assertIn(None, {row[-1] for row in expected.values()})

    def test_edges_are_local_midnights_half_open(self):
        for zone, midnight, before in (
                ("Asia/Taipei", "2026-03-31 16:00:00", "2026-03-31 15:59:59"),
                ("America/Los_Angeles", "2026-04-01 07:00:00", "2026-04-01 06:59:59")):
            with self.subTest(zone=zone):
                office = self.an_office(tz=zone, name=zone)
                contract = self.a_contract(calendar_id=office.id, statement_start="2026-03-01", title=zone)
                request = self.a_request("2026-03-03 08:00:00", contract_id=contract.id)
                self.env.cr.execute("DELETE FROM aftersales_sla_clock WHERE request_id = %s", [request.id])
                self.env.invalidate_all()
                self.a_clock(request, "met", before)
                self.a_clock(request, "breached", midnight)
                figures = self.figures(self.refresh(contract))
                self.assertEqual(figures["2026-03-01", self.resolution_target][:5], (1, 1, 0, 0, 1))
                self.assertEqual(figures["2026-04-01", self.resolution_target][:5], (1, 0, 1, 0, 0))
                self.assertEqual(figures, self.engine_figures(contract, zone))

    def test_no_rate_where_nothing_was_due(self):
        self.a_request("2026-05-20 10:00:00")  # running
        rows = self.refresh()
        self.assertEqual(self.figures(rows)["2026-05-01", self.resolution_target], (0, 0, 0, 0, 1, None))
        self.assertEqual(set(rows.mapped("rate_text")), {"n/a"})
        self.assertEqual(set(rows.mapped("reached")), {"na"})

    def test_never_100_beside_a_breach(self):
        request = self.met()
        self.a_clock(request, "met", "2026-03-10 08:00:00", number=99_995)
        self.a_clock(request, "breached", "2026-03-10 08:00:00", number=4)
        row = self.refresh().filtered(lambda r: r.metric == "resolution")
        self.assertEqual((row.met, row.breached, row.rate_text), (99_996, 4, "99.99 %"))
        self.assertEqual(str(engine.rate(row.met, row.breached)), "99.99")

    def test_the_objective_is_compared_unrounded(self):
        self.resolution_target.objective = 66.67
        request = self.met()
        self.a_clock(request, "met", "2026-03-10 08:00:00")
        self.a_clock(request, "breached", "2026-03-10 08:00:00")
        row = self.refresh().filtered(lambda r: r.metric == "resolution")
        self.assertEqual((row.rate_text, row.reached), ("66.67 %", "no"))

    def test_quarters_and_years(self):
        self.breach()
        self.met("2026-04-07 08:00:00", "2026-04-07 09:00:00", "2026-04-07 10:00:00")
        for kind, first, last in (("quarter", "2026-01-01", "2026-03-31"), ("year", "2026-01-01", "2026-12-31")):
            self.contract.statement_period = kind
            rows = self.refresh().filtered(lambda r: r.breached)
            self.assertEqual([(str(r.period_start), str(r.period_end)) for r in rows], [(first, last)])

    # --- incremental -----------------------------------------------------------------------------------------

    def test_only_what_differs_is_written(self):
        self.breach()
        rows = self.refresh()
        Compliance = self.env["aftersales.compliance"]
        self.assertEqual(Compliance._refresh(self.contract), 0)
        self.met()
        self.assertEqual(Compliance._refresh(self.contract), 2, "March, response and resolution")
        self.assertEqual(self.rows(), rows, "updated in place")

    def test_vanished_rows_go(self):
        request = self.a_request("2026-05-19 08:00:00")
        self.assertEqual(len(self.refresh()), 2)
        self.event(request, "cancelled", "2026-05-19 09:00:00")
        self.assertFalse(self.refresh())

    def test_a_changed_clock_marks_its_contract_only(self):
        other = self.a_contract(title="Other", date_start="2026-02-01")
        self.refresh(self.contract | other)
        Queue = self.env["aftersales.compliance.queue"]
        self.assertFalse(Queue._contracts() & (self.contract | other))
        self.breach(contract_id=self.contract.id)
        self.assertEqual(Queue._contracts() & (self.contract | other), self.contract)

    def test_time_alone_marks_the_contract(self):
        request = self.a_request("2026-05-20 08:00:00")
        self.refresh()
        self.clock(request, "first_response").invalidate_recordset()
        self.env["aftersales.sla.clock"]._advance_due(now=AT("2026-05-21 12:00:00"))
        self.assertEqual(self.clock(request, "first_response").state, "breached")
        self.assertIn(self.contract, self.env["aftersales.compliance.queue"]._contracts())

    def test_the_scheduled_action(self):
        self.breach()
        with self.enter_registry_test_mode():
            cron = self.env.ref("aftersales_contracts.cron_compliance")
            self.assertTrue(cron.method_direct_trigger() is True)
            figures = self.figures(self.rows())
            self.assertEqual(figures["2026-03-01", self.resolution_target][:4], (1, 0, 1, 0))
            self.assertFalse(self.env["aftersales.compliance.queue"].search([]))
            self.assertTrue(cron.method_direct_trigger() is True)
        self.assertEqual(figures, self.figures(self.rows()))

    def test_a_dry_run_tells_and_writes_nothing(self):
        self.breach()
        told = self.env["aftersales.compliance"].with_user(self.anna).dry_run_compliance()
        mine = [row for row in told if row["contract_id"] == self.contract.id]
        self.assertEqual(
            [(row["target_id"], row["old_due"], row["new_met"], row["new_breached"]) for row in mine],
            [(self.response_target.id, None, 1, 0), (self.resolution_target.id, None, 0, 1)])
        self.assertFalse(self.rows())
        self.refresh()
        self.assertFalse(self.env["aftersales.compliance"]._would_change(self.contract))

    def test_queries_do_not_grow_with_contracts(self):
        contracts = self.contract
        for number in range(6):
            contracts |= self.a_contract(title=f"Care {number}", statement_start="2026-03-01")
        for contract in contracts:
            self.breach(contract_id=contract.id)
        Compliance = self.env["aftersales.compliance"]
        counts = []
        for batch in (contracts[:1], contracts[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Compliance._bring_up_to_date(batch)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        with self.assertQueryCount(16):
            self.env.invalidate_all()
            Compliance._bring_up_to_date(contracts)

    # --- who -------------------------------------------------------------------------------------------------

    def test_read_by_all_written_by_nobody(self):
        self.breach()
        row = self.refresh()[:1]
        for user in (self.agent, self.anna, self.felix, self.lena, self.boss):
            own = row.with_user(user)
            self.assertTrue(own.due)
            with self.assertRaises(AccessError):
                own.write({"met": 7})
            with self.assertRaises(AccessError):
                own.unlink()
        with self.assertRaises(AccessError):
            row.with_user(self.clerk).read(["due"])
        others = self.env["aftersales.compliance"].with_user(self.other_manager)
        self.assertFalse(others.search([("id", "in", row.ids)]))

    def test_a_closed_row_does_not_change_for_anybody(self):
        self.breach()
        self.close_march()
        row = self.rows().filtered(lambda r: r.state == "closed")[:1]
        self.assertTrue(row)
        for act in (lambda: row.write({"met": 7}), row.unlink, lambda: row.sudo().write({"state": "open"})):
            with self.assertRaises(UserError):
                act()

    def test_the_rate_of_a_group_is_that_of_its_clocks(self):
        self.breach()
        request = self.met()
        self.a_clock(request, "met", "2026-04-10 08:00:00", number=2)
        self.refresh()
        [(met, breached, rate)] = self.env["aftersales.compliance"]._read_group(
            [("contract_id", "=", self.contract.id), ("metric", "=", "resolution")], [],
            ["met:sum", "breached:sum", "rate:avg"])
        self.assertEqual((met, breached, float(rate)), (3, 1, 75.0))
