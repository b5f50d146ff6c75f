"""Long imports: worked off by the scheduled action batch by batch, killed and taken up again."""

import base64
import contextlib
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..models.imports import event_import, event_import_stage, event_import_store
from .import_case import ImportCase, a_log

CRON = "odoo.addons.base.models.ir_cron.IrCron._commit_progress"
STATES = ("New,", "Work,a", "Wait,User", "Done,b")
BATCH = 40


class Killed(BaseException):
    """What no handler of ours catches: the process is gone."""


def a_long_log(requests=60, *more):
    rows = [f"R{number % 7}{number:03d},2024-03-0{4 + step} 0{number % 10}:00:00,{state},Low,se"
            for step, state in enumerate(STATES) for number in range(requests)]
    return a_log(*rows, *more)


class TestLongImport(ImportCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(event_import_stage, "BATCH", BATCH))
        self.startPatcher(patch.object(event_import_store, "REQUESTS", BATCH))
        self.env["aftersales.event.import.run"].search([("state", "in", event_import.OPEN)]).write({"state": "failed"})

    def a_run(self, content, mode="good"):
        return self.env(user=self.anna)["aftersales.event.import.run"].create({
            "profile_id": self.profile.id, "mode": mode, "name": "long.csv", "file": base64.b64encode(content)})

    def cron(self, kill_at=None):
        """Run the scheduled action on a cursor of its own; it dies at the given commit, before or after it."""
        commits = []
        real = self.registry["ir.cron"]._commit_progress

        def counted(cron, processed=0, **options):
            commits.append(processed)
            if kill_at == (len(commits), "before"):
                raise Killed
            left = real(cron, processed, **options)
            if kill_at == (len(commits), "after"):
                raise Killed
            return left

        with self.enter_registry_test_mode(), patch(CRON, counted):
            with contextlib.suppress(Killed), self.registry.cursor() as cursor:
                self.env(cr=cursor)["aftersales.event.import.run"]._cron_import()
        return len(commits)

    def outcome(self):
        """Everything an import leaves behind, ids aside."""
        requests = self.Request.search([("source", "=", "dealer")])
        return self.facts(), sorted(
            (r.external_ref, r.status_id.code, str(r.opened_at), r.contract_id.id) for r in requests)

    def test_the_scheduled_action_brings_a_long_file_in(self):
        run = self.a_run(a_long_log())
        self.assertEqual(run.progress, 0)
        result = self.env.ref("aftersales_contracts.cron_import")
        with self.enter_registry_test_mode():
            self.assertIs(result.method_direct_trigger(), True)
        self.assertRecordValues(run, [{
            "state": "done", "rows": 240, "rows_bad": 0, "events_new": 240, "events_known": 0, "requests_new": 60,
            "lines": 241, "progress": 100}])
        self.assertEqual(len(self.facts()), 240)
        self.assertFalse(self.env["aftersales.event.import.row"].search_count([("run_id", "=", run.id)]))
        self.assertEqual(self.events().create_uid, self.anna)

    def test_killed_at_any_commit_and_taken_up_again_it_comes_to_the_same(self):
        content = a_long_log(60, "R1,never,New,,Low,se", "R2,2024-03-04 08:00:00,Odd,,Low,se")
        for mode in ("good", "check"):
            with self.savepoint_of(mode):
                self.a_run(content, mode)
                commits = self.cron()
                expected, figures = self.outcome(), self.figures()
            self.assertGreater(commits, 6)
            for number in range(1, commits + 1):
                for side in ("before", "after"):
                    with self.savepoint_of(mode):
                        self.a_run(content, mode)
                        self.cron((number, side))
                        self.cron()
                        self.assertEqual(self.outcome(), expected, (mode, number, side))
                        self.assertEqual(self.figures(), figures, (mode, number, side))

    def savepoint_of(self, _mode):
        """A piece of this test whose writes are taken back."""
        case = self

        class Piece:
            def __enter__(self):
                case.env.flush_all()
                case.env.cr.execute("SAVEPOINT piece")

            def __exit__(self, *_exception):
                case.env.cr.execute("ROLLBACK TO SAVEPOINT piece")
                case.env.invalidate_all()

        return Piece()

    def figures(self):
        figures = self.env["aftersales.event.import.run"].search([], limit=1)._figures()
        return {name: value for name, value in figures.items() if name != "run"}

    def test_all_or_nothing_holds_across_batches(self):
        content = a_long_log(60, "R1,never,New,,Low,se")
        before = self.written()
        run = self.a_run(content, "all")
        self.cron()
        self.assertEqual((run.state, run.rows_bad), ("refused", 1))
        self.assertEqual(self.written(), before)

    def test_all_or_nothing_killed_while_it_stores_leaves_nothing_and_goes_on(self):
        run = self.a_run(a_long_log(), "all")
        store = type(run)._store_batch
        done = []

        def dying(self, *bounds):
            if done:
                raise Killed
            done.append(bounds)
            return store(self, *bounds)

        with patch.object(self.registry["aftersales.event.import.run"], "_store_batch", dying):
            self.cron()
        self.assertTrue(done)
        self.assertEqual(self.facts(), [])
        self.assertFalse(self.Request.search_count([("source", "=", "dealer")]))
        self.cron()
        self.assertRecordValues(run, [{"state": "done", "events_new": 240, "requests_new": 60, "events_known": 0}])

    def test_a_file_that_cannot_be_read_fails_and_the_next_goes_on(self):
        broken, wrong, good = self.a_run(b"PK\x03\x04"), self.a_run(b"a,b\n1,2\n"), self.a_run(a_log())
        with mute_logger("odoo.addons.base.models.ir_cron"):
            self.cron()
        self.assertEqual([run.state for run in (broken, wrong, good)], ["failed", "failed", "done"])
        self.assertIn("spreadsheet", broken.message)
        self.assertIn("no single column", wrong.message)

    def test_an_unforeseen_failure_does_not_keep_the_next_waiting(self):
        first, second = self.a_run(a_long_log()), self.a_run(a_log())
        stage = type(first)._stage

        def failing(run, *arguments):
            if run.id == first.id:
                raise ZeroDivisionError("unforeseen")
            return stage(run, *arguments)

        logger = "odoo.addons.aftersales_contracts.models.imports.event_import"
        with patch.object(self.registry["aftersales.event.import.run"], "_stage", failing), mute_logger(logger):
            self.cron()
        self.assertEqual((first.state, first.message, second.state), ("failed", "unforeseen", "done"))

    def test_a_user_who_lost_the_right_does_not_import_any_more(self):
        run = self.a_run(a_log())
        self.anna.group_ids = self.env.ref("base.group_user")
        self.cron()
        self.assertEqual(run.sudo().state, "failed")
        self.assertEqual(self.facts(), [])

    def test_an_import_that_runs_is_not_deleted(self):
        run = self.a_run(a_log())
        run.state = "checking"
        with self.assertRaises(UserError):
            run.with_user(self.boss).unlink()


class TestImportQueries(ImportCase):
    def queries(self, requests):
        content = a_long_log(requests)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.bring(content)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_the_number_of_queries_does_not_grow_with_the_rows(self):
        self.queries(5)
        few = self.queries(50)
        self.events().request_id.write({"source": "used"})
        many = self.queries(500)
        self.assertLessEqual(many, few + 4)
