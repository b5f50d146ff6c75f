"""The drift check: closed figures against their facts; every unit is told, and nothing else is changed."""

from dataclasses import replace

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import freeze_time
from odoo.tools import SQL, mute_logger

from ..engine import penalty as engine
from ..models.closing.drift_run import COUNTS, DriftRun
from .closing_case import ClosingCase

OURS = ("aftersales_drift", "aftersales_drift_run")  # what a run may write, besides telling people


class DriftCase(ClosingCase):
    """April was closed with a penalty of 100 that was credited, and five bills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(type(cls.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        cls._leave_out_the_future()
        cls.Drift, cls.Run = cls.env["aftersales.drift"], cls.env["aftersales.drift.run"]
        cls.env.cr.execute("DELETE FROM aftersales_drift; DELETE FROM aftersales_drift_run")

    @classmethod
    def _leave_out_the_future(cls):
        """The clock stands in May 2026; settlements of the demo data are of the months before the real today."""
        Settlement = type(cls.env["aftersales.settlement"])
        everything = Settlement._drift_domain_settlements
        cls.classPatch(Settlement, "_drift_domain_settlements", lambda records: everything(records) & Domain(
            "period_end", "<", fields.Date.today()))

    def check(self):
        """Run the scheduled check; returns what it found in the records of the tests."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.Run._cron_drift()
        self.env.flush_all()
        return self.standing()

    def standing(self):
        return self.Drift.search([("company_id", "=", self.company.id), ("state", "!=", "gone")], order="id")

    def sql(self, query, *args):
        """Change a closed record as nobody can by a button."""
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *args))
        self.env.invalidate_all()

    def credited(self):
        return self.env["aftersales.penalty"].search([
            ("contract_id", "=", self.contract.id), ("state", "=", "posted")])


class TestNothingFound(DriftCase):
    def test_an_untouched_month_has_no_drift(self):
        self.whole_month()
        found = self.check()
        self.assertFalse(found, [(drift.name, drift.label, drift.was, drift.now) for drift in found])
        run = self.Run.search([], limit=1)
        self.assertEqual(run.state, "done")
        self.assertGreaterEqual(run.statements, 2)
        self.assertGreaterEqual(run.penalties, 2)
        self.assertGreaterEqual(run.clocks, 4)
        self.assertGreaterEqual(run.billed, 5)
        self.assertGreaterEqual(run.months, 1)
        self.assertFalse(run.activity_ids, "nobody is told of nothing")

    def test_a_run_changes_nothing_but_its_own_tables(self):
        self.whole_month()
        self.sql("UPDATE aftersales_penalty SET assessed = assessed + 1 WHERE id = %s", self.credited().id)
        self.late_event()
        before = self.tables()
        self.assertTrue(self.check())
        after = self.tables()
        changed = {name for name in before if before[name] != after[name]}
        changed = {name for name in changed if not name.startswith("mail_")}  # somebody is told
        self.assertEqual(changed, set(OURS))

    def tables(self):
        """{table: hash of its rows and of where they lie}; an update moves a row even if it changes nothing."""
        self.env.flush_all()
        names = [row[0] for row in self.env.execute_query(SQL(
            """SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND (
                      table_name LIKE 'aftersales%%' OR table_name LIKE 'account_move%%' OR table_name LIKE 'mail_%%'
                      OR table_name IN ('ir_attachment', 'ir_sequence', 'res_partner'))"""))]
        return {name: self.env.execute_query(SQL(
            "SELECT count(*), md5(string_agg(t.ctid::text || t.xmin::text, ',' ORDER BY t.ctid)) FROM %s t",
            SQL.identifier(name)))[0] for name in names}

    def test_a_check_that_writes_is_stopped_by_the_database(self):
        self.whole_month()

        def write(records):
            records.env.cr.execute("UPDATE aftersales_contract SET title = 'x'")

        self.patch(type(self.env["aftersales.contract"]), "_drift_statements", write)
        with mute_logger("odoo.addons.aftersales_contracts.models.closing.drift_run", "odoo.sql_db"):
            found = self.check()
        self.assertIn("read-only transaction", found[0].now)
        self.assertEqual(self.contract.title, "Compressor Care")

    def late_event(self):
        """Somebody remembers that the first request of April was resolved in time."""
        request = self.env["aftersales.request"].search([("contract_id", "=", self.contract.id)], limit=1, order="id")
        self.event(request, "resolved", "2026-04-01 09:30:00")


class TestStatements(DriftCase):
    def test_a_tampered_snapshot(self):
        self.whole_month()
        statement = self.closed()[0]
        self.sql("UPDATE aftersales_statement SET snapshot = jsonb_set(snapshot, %s, %s::jsonb) WHERE id = %s",
                 ["totals", "met"], "99", statement.id)
        found = self.check()
        self.assertEqual(found.mapped("part"), ["snapshot"])
        self.assertRecordValues(found, [{
            "res_model": "aftersales.statement", "res_id": statement.id, "was": statement.snapshot_hash,
            "state": "open", "contract_id": self.contract.id, "company_id": self.company.id}])

    def test_a_tampered_figure(self):
        self.whole_month()
        line = self.closed()[1].line_ids.filtered("breached")
        self.sql("UPDATE aftersales_statement_line SET breached = breached - 1 WHERE id = %s", line.id)
        found = self.check()
        self.assertRecordValues(found, [{"part": f"line:{line.target_id.id}:breached", "was": "2", "now": "1"}])

    def test_a_tampered_document(self):
        self.whole_month()
        statement = self.closed()[0]
        self.sql("UPDATE ir_attachment SET checksum = 'x' WHERE id = %s", statement.attachment_id.id)
        self.assertRecordValues(self.check(), [{"part": "document", "was": "x"}])

    def test_a_clock_that_is_not_what_the_events_give(self):
        self.whole_month()
        clock = self.env["aftersales.statement.clock"].search([
            ("contract_id", "=", self.contract.id), ("verdict", "=", "breached")], limit=1, order="id")
        self.sql("UPDATE aftersales_sla_clock SET elapsed = elapsed + 60 WHERE id = %s", clock.clock_id.id)
        found = self.check()
        self.assertEqual(found.mapped("part"), [f"clock:{clock.clock_ref}", f"facts:{clock.clock_ref}"])
        self.assertEqual(found.mapped("state"), ["pending", "open"])
        self.assertIn(f"{clock.elapsed + 60} s", found[1].was)
        self.assertIn(f"{clock.elapsed} s", found[1].now)

    def test_a_late_fact_is_told_next_and_gone_once_told(self):
        self.whole_month()
        request = self.env["aftersales.request"].search(
            [("contract_id", "=", self.contract.id)], limit=1, order="opened_at")
        self.event(request, "resolved", "2026-04-01 15:30:00")
        found = self.check()
        self.assertEqual(set(found.mapped("state")), {"pending"})
        self.assertIn("next statement tells it", found[0].explanation)
        run = self.Run.search([], limit=1)
        self.assertFalse(run.activity_ids, "a late fact on its way is no alarm")
        with freeze_time("2026-06-05 12:00:00"):
            self.run_month()
            self.assertTrue(self.closed()[-1].correction_ids, "May tells it")
            self.assertFalse(self.check())
        self.assertEqual(set(found.mapped("state")), {"gone"})
        self.assertGreaterEqual(self.Run.search([], limit=1).explained, 1)


class TestPenalties(DriftCase):
    def test_every_unit_of_an_assessed_amount(self):
        self.whole_month()
        penalty = self.credited()
        self.sql("UPDATE aftersales_penalty SET assessed = assessed + 0.01 WHERE id = %s", penalty.id)
        found = {drift.part: drift for drift in self.check()}
        self.assertEqual(set(found), {"lines", "amount", "engine:assessed"})
        self.assertRecordValues(found["engine:assessed"], [{
            "was": "100.01", "now": "100.00", "amount": -0.01, "currency_id": penalty.currency_id.id,
            "name": penalty.display_name}])

    def test_tampered_inputs(self):
        self.whole_month()
        penalty = self.credited()
        self.sql("UPDATE aftersales_penalty SET inputs = jsonb_set(inputs, '{fee}', '\"2000.00\"') WHERE id = %s",
                 penalty.id)
        self.assertLessEqual({"inputs", "fee"}, set(self.check().mapped("part")))

    def test_another_engine(self):
        """A new version of the code that reckons otherwise is told for every penalty that it would have changed."""
        self.whole_month()
        assess = engine.assess

        def dearer(*args):
            found = assess(*args)
            return replace(found, amount=found.amount and found.amount + 1)

        self.patch(engine, "assess", dearer)
        found = self.check().filtered(lambda drift: drift.part.startswith("engine"))
        self.assertRecordValues(found, [{
            "part": "engine:assessed", "was": "100.00", "now": "101.00", "amount": 1, "res_id": self.credited().id}])

    def test_a_result_that_was_exchanged(self):
        close = self.whole_month()
        self.sql("UPDATE aftersales_penalty SET result_hash = 'old' WHERE id = %s", self.credited().id)
        self.assertRecordValues(self.check(), [{
            "res_id": close.id, "part": f"penalty:{self.credited().id}:fingerprint", "now": "old"}])

    def test_an_edited_rate_of_a_released_clause(self):
        self.whole_month()
        self.sql("UPDATE aftersales_penalty_component SET rate = 60 WHERE clause_id = %s", self.clause.id)
        found = self.check()
        self.assertEqual(set(found.mapped("part")), {"clause"})
        self.assertEqual(len(found), 2, "in March nothing was due, but by the same clause")
        self.assertRecordValues(found.filtered(lambda drift: drift.res_id == self.credited().id), [{
            "was": "resolution.rate 50", "now": "resolution.rate 60", "amount": 0}])

    def test_an_edited_price(self):
        self.whole_month()
        line = self.contract.line_ids
        self.sql("UPDATE aftersales_contract_line SET price = 500 WHERE id = %s", line.id)
        self.sql("UPDATE aftersales_line_price SET price = 500 WHERE line_id = %s", line.id)
        found = self.check()
        fee = found.filtered(lambda drift: drift.part == "fee" and drift.res_id == self.credited().id)
        self.assertRecordValues(fee, [{"was": "1000.00", "now": "500.00", "amount": -50}])
        schedule = found.filtered(lambda drift: drift.part == "schedule")
        self.assertEqual(schedule.mapped("amount"), [-500] * 5)

    def test_the_ledger(self):
        self.whole_month()
        penalty = self.credited()
        self.sql("UPDATE account_move_line SET price_unit = price_unit - 1 WHERE aftersales_penalty_id = %s",
                 penalty.id)
        self.assertRecordValues(self.check(), [{"part": "posted", "was": "100.00", "now": "99.00", "amount": -1}])

    def test_a_penalty_that_is_reversed_is_no_drift_but_lands_in_the_next_month(self):
        close = self.whole_month()
        penalty = self.credited()
        penalty.with_user(self.felix).action_reverse("Credited to the wrong customer")
        self.assertFalse(self.check())
        with freeze_time("2026-06-05 12:00:00"):
            may = self.run_month()
            may.action_close()
        self.assertNotEqual(may, close)
        self.assertEqual([(row["name"], row["amount"]) for row in may.snapshot["facts"]["reversal"]], [
            (penalty.name, "-100.00")])

    def test_a_late_figure_is_told_next_and_explained_by_the_difference(self):
        measure = self.env["aftersales.measure"].create({"name": "Uptime"})
        clause = self.a_clause([self.a_component(
            name="Uptime", kind="bands", source="figure", metric=False, measure_id=measure.id, rate=0, base="percent",
            band_ids=[(0, 0, {"bound": 99, "rate": 10})], target=99, target_from="own")], name="Uptime")
        contract = self.a_contract(title="Line 4", clauses=clause, statement_start="2026-04-01")
        close = self.run_month()
        self.items(close, "unmeasured").action_carry_over("The monitor was down")
        close.action_close()
        self.env["aftersales.measured.figure"].create({
            "contract_id": contract.id, "measure_id": measure.id, "period_start": "2026-04-01",
            "period_end": "2026-04-30", "value": 98})
        self.assertRecordValues(self.check(), [{
            "part": "measures", "was": "0", "now": "100.00", "amount": 100, "state": "pending"}])
        with freeze_time("2026-06-05 12:00:00"):
            self.run_month()
            self.assertEqual(contract.penalty_ids.filtered("origin_id").assessed, 100)
            first = contract.penalty_ids.sorted("id")[0]
            self.assertFalse(self.check().filtered(lambda drift: drift.part == "measures" and drift.res_id == first.id))
        self.assertGreaterEqual(self.Run.search([], limit=1).explained, 1)


class TestBills(DriftCase):
    def test_an_invoice_that_says_another_amount(self):
        self.whole_month()
        fact = self.contract.billed_ids.sorted("period_start")[0]
        self.sql("UPDATE account_move_line SET price_subtotal = 999 WHERE aftersales_billed_id = %s", fact.id)
        self.assertRecordValues(self.check(), [{
            "res_id": fact.id, "part": "invoice", "was": "1000.00", "now": "999.00", "amount": -1}])

    def test_a_told_correction_explains_a_changed_price(self):
        """An amendment into billed months is signed: its corrections are the difference, billed or still to bill."""
        self.whole_month()
        version = self.env["aftersales.contract.version"].search([("contract_id", "=", self.contract.id)], limit=1)
        line = self.contract.line_ids
        for fact in self.contract.billed_ids.filtered(lambda fact: fact.kind == "fee"):
            self.env["aftersales.contract.correction"].create({
                "contract_id": self.contract.id, "version_id": version.id, "line_id": line.id,
                "row_key": line.row_key, "name": "Care", "period_start": fact.period_start,
                "period_end": fact.period_end, "booked_on": "2026-06-01", "amount": -500,
                "currency_id": line.currency_id.id})
        self.sql("UPDATE aftersales_contract_line SET price = 500 WHERE id = %s", line.id)
        self.sql("UPDATE aftersales_line_price SET price = 500 WHERE line_id = %s", line.id)
        self.assertFalse(self.check().filtered(lambda drift: drift.part == "schedule"))
        self.assertGreaterEqual(self.Run.search([], limit=1).explained, 5)

    def test_a_fact_of_a_closed_month_that_is_gone_or_changed(self):
        with freeze_time("2026-04-10 12:00:00"):
            self.contract.with_user(self.felix).action_bill_now()
        close = self.whole_month()
        fact = self.contract.billed_ids.filtered(lambda fact: fact.billed_on == self.day("2026-04-10"))[0]
        self.sql("UPDATE aftersales_billed SET amount = 999 WHERE id = %s", fact.id)
        found = self.check().filtered(lambda drift: drift.res_model == close._name)
        self.assertRecordValues(found, [{"part": f"billed:{fact.id}:amount", "amount": -1, "res_id": close.id}])

    def test_a_tampered_month(self):
        close = self.whole_month()
        self.sql("UPDATE aftersales_period_close SET snapshot_hash = 'x' WHERE id = %s", close.id)
        self.assertRecordValues(self.check(), [{"res_model": close._name, "part": "snapshot:0", "was": "x"}])


class TestRun(DriftCase):
    def tamper(self):
        self.whole_month()
        self.sql("UPDATE aftersales_statement SET snapshot_hash = 'x' WHERE id = %s", self.closed()[0].id)

    def test_found_once_and_gone_when_it_is_gone(self):
        self.tamper()
        statement = self.closed()[0]
        found = self.check()
        self.assertEqual(len(found), 2, "the statement, and the month that closed over it")
        self.assertEqual(self.check(), found)
        runs = self.Run.search([], limit=2)
        self.assertEqual(runs[0].found, 0)
        self.assertLessEqual(found, runs[1].drift_ids, "other books of the database may have drift of their own")
        right = found.filtered(lambda drift: drift.part == "snapshot").now
        self.sql("UPDATE aftersales_statement SET snapshot_hash = %s WHERE id = %s", right, statement.id)
        self.assertFalse(self.check())
        self.assertEqual(set(found.mapped("state")), {"gone"})
        self.assertGreaterEqual(self.Run.search([], limit=1).gone, 2)

    def test_people_are_told_once(self):
        self.tamper()
        self.check()
        run = self.Run.search([], limit=1)
        self.assertLessEqual(self.felix | self.boss, run.activity_ids.user_id)
        self.assertFalse((self.anna | self.lena | self.agent) & run.activity_ids.user_id)
        self.assertIn("2 closed figures", run.activity_ids.filtered(
            lambda one: one.user_id == self.felix).summary)
        self.check()
        self.assertFalse(self.Run.search([], limit=1).activity_ids)

    def test_killed_it_goes_on_where_it_was(self):
        self.tamper()
        seen = []
        reckon = DriftRun._reckon

        def spy(run, check, ids):
            seen.append((check.key, tuple(ids)))
            return reckon(run, check, ids)

        self.patch(type(self.Run), "_reckon", spy)
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0)  # no time left
        whole = [("statements",), ("penalties",), ("billed",), ("months",)]
        for _round in range(50):
            self.Run._cron_drift()
            if self.Run.search([], limit=1).state == "done":
                break
        self.assertEqual(len(self.Run.search([("state", "=", "done")])), 1, "one run in several rounds")
        self.assertEqual([key for key, in dict.fromkeys((key,) for key, _ids in seen)], [key for key, in whole])
        self.assertEqual(len(seen), len(set(seen)), "nothing is checked twice")
        self.assertEqual(len(self.standing()), 2)

    def test_one_record_that_cannot_be_reckoned_does_not_stop_the_others(self):
        self.tamper()
        self.sql("UPDATE aftersales_penalty SET inputs = '{}' WHERE id = %s", self.credited().id)
        with mute_logger("odoo.addons.aftersales_contracts.models.closing.drift_run"):
            found = self.check()
        broken = found.filtered(lambda drift: drift.part == "penalties")
        self.assertEqual(broken.res_id, self.credited().id)
        self.assertTrue(found.filtered(lambda drift: drift.part == "snapshot"))
        run = self.Run.search([], limit=1)
        self.assertTrue(all(run[name] for name in COUNTS if name not in ("clocks", "settlements")))

    def test_accepted_with_a_reason_until_it_changes(self):
        self.tamper()
        drift = self.check().filtered(lambda drift: drift.part == "snapshot")
        for user in (self.anna, self.lena):
            with self.assertRaises(AccessError):
                drift.with_user(user).action_accept("Known")
        mine = drift.with_user(self.felix)
        with self.assertRaisesRegex(UserError, "reason"):
            mine.action_accept(" ")
        action = mine.action_ask_to_accept()
        self.env[action["res_model"]].with_user(self.felix).with_context(**action["context"]).create(
            {"reason": "Restored from a backup"}).action_confirm()
        self.assertRecordValues(drift, [{
            "state": "accepted", "accepted_by_id": self.felix.id, "explanation": "Restored from a backup"}])
        with self.assertRaisesRegex(UserError, "not open any more"):
            mine.action_accept("Again")
        self.check()
        self.assertEqual(drift.state, "accepted")
        self.sql("UPDATE aftersales_statement SET snapshot_hash = 'y' WHERE id = %s", drift.res_id)
        self.check()
        self.assertRecordValues(drift, [{"state": "open", "was": "y", "accepted_by_id": False}])

    def test_nobody_enters_or_deletes_drift(self):
        self.tamper()
        drift = self.check()[0]
        with self.assertRaises(UserError):
            self.Drift.with_user(self.boss).create({"name": "x"})
        for act in (lambda: drift.write({"state": "gone"}), drift.unlink):
            with self.assertRaises(UserError):
                act()

    def test_check_now_only_wakes_the_scheduled_action(self):
        with self.capture_triggers() as triggers:
            self.Run.with_user(self.felix).action_check_now()
        self.assertEqual(len(triggers), 1)
        with self.assertRaises(AccessError):
            self.Run.with_user(self.anna).action_check_now()

    def capture_triggers(self):
        return _Triggers(self.env)

    def test_queries_do_not_grow_with_statements(self):
        def queries(contracts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._drift_statements()
            return self.env.cr.sql_log_count - before

        few = self.contract
        for number in range(2):
            few |= self.a_contract(title=f"Few {number}", statement_start="2026-04-01", clauses=[])
        many = self.contract.browse()
        for number in range(20):
            many |= self.a_contract(title=f"Many {number}", statement_start="2026-04-01", clauses=[])
        self.run_month()
        queries(few)
        self.assertEqual(queries(few), queries(many))


class _Triggers:
    """Counts the triggers of the drift check."""

    def __init__(self, env):
        self.domain = [("cron_id", "=", env.ref("aftersales_contracts.cron_drift").id)]
        self.Trigger = env["ir.cron.trigger"]

    def __enter__(self):
        self.before, self.found = self.Trigger.search(self.domain), []
        return self.found

    def __exit__(self, *_args):
        self.found += list(self.Trigger.search(self.domain) - self.before)
