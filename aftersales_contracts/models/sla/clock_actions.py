"""The scheduled action on clocks: first the requests whose facts or terms changed, then the clocks that time moves.

Each batch is one transaction: killed at any instant and run again, nothing is lost and nothing counted twice. Two
workers skip what the other holds. With nothing to do it costs two index look-ups.
"""

import random
import time

from odoo import api, fields, models
from odoo.tools import SQL
from psycopg2.errors import DeadlockDetected, SerializationFailure

from ...engine.request_clocks import next_look, thresholds
from .sla_clock import _epoch, _instant

BATCH = 2000
TRIES = 5


class SlaClock(models.Model):
    _inherit = "aftersales.sla.clock"

    @api.model
    def _cron_clocks(self, batch=BATCH, now=None):
        """Work off the queue, then the clocks that fell due; commits after each batch and stops when time is up."""
        Cron = self.env["ir.cron"]
        remaining = self._queued_count()
        if remaining:
            Cron._commit_progress(remaining=remaining)
        for work in (self._evaluate_queued, self._advance_due):
            while True:
                done = self._patiently(work, batch, now)
                if not done:
                    break
                if not Cron._commit_progress(done, remaining=self._queued_count()):
                    return

    def _patiently(self, work, batch, now):
        """One batch; a conflict with somebody's click or another worker is no failure: roll back, and try again."""
        for tries_left in reversed(range(TRIES)):
            try:
                return work(batch, now)
            except (SerializationFailure, DeadlockDetected):
                self.env.cr.rollback()
                self.env.invalidate_all()
                if not tries_left:
                    raise
                time.sleep(random.uniform(0.1, 0.5))

    @api.model
    def _queued_count(self):
        return self.env["aftersales.evaluation.queue"].sudo().search_count([("error", "=", False)])

    @api.model
    def _evaluate_queued(self, batch=BATCH, now=None):
        """Evaluate up to ``batch`` queued requests and take them off; returns their number.

        A request that cannot be evaluated stays on the queue with its error and is not tried again by itself.
        """
        self.env["aftersales.evaluation.queue"].flush_model(["error"])
        rows = self.env.execute_query(SQL(
            """SELECT request_id, cause FROM aftersales_evaluation_queue WHERE error IS NULL
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""", batch))
        if not rows:
            return 0
        ids = [row[0] for row in rows]
        terms_only = [request_id for request_id, cause in rows if cause == "terms"]
        _changes, errors = self.env["aftersales.request"]._evaluate_ids(ids, now, terms_only)
        self.env["aftersales.evaluation.queue"]._settle(ids, errors)
        return len(ids)

    @api.model
    def _due_rows(self, now, batch, lock=True):
        return self.env.execute_query(SQL(
            """SELECT id, target_id, calendar_id, state, EXTRACT(EPOCH FROM due_at)::bigint, elapsed,
                      EXTRACT(EPOCH FROM counted_at)::bigint, duration_seconds, step_seconds,
                      CASE WHEN contract_id IN (SELECT contract_id FROM aftersales_suspension
                                                 WHERE pauses_clock AND state <> 'cancelled') THEN contract_id END
                 FROM aftersales_sla_clock WHERE next_at <= %s ORDER BY next_at LIMIT %s %s""",
            now, batch, SQL("FOR UPDATE SKIP LOCKED") if lock else SQL()))

    @api.model
    def _advance_due(self, batch=BATCH, now=None, dry_run=False):
        """Move the clocks that time alone moves: past due to breached, and fire the escalation steps reached.

        Returns the number of clocks moved, or with ``dry_run`` a list of (clock id, new state, step ids) and writes
        nothing. A step is logged once for each clock, however late this runs; the log's key forbids a second time.
        """
        now = now or fields.Datetime.now()
        rows = self._due_rows(now, batch, lock=not dry_run)
        moved, fired = self._advance(rows, _epoch(now))
        if dry_run:
            return [(row[0], row[1], [key for clock, key, _due in fired if clock == row[0]]) for row in moved]
        if moved:
            self._write_advanced(moved)
            self._fire(fired, now)
        return len(moved)

    def _advance(self, rows, now):
        """(moved, fired): rows to write, and (clock id, step id, instant it was due) of the steps reached."""
        calendars = self._row_calendars(rows)
        ladders = self._ladders(rows)
        moved, fired = [], []
        for clock_id, target_id, calendar_id, state, due, elapsed, counted, seconds, last, contract_id in rows:
            calendar = calendars[calendar_id, contract_id]
            reached = elapsed + calendar.elapsed_seconds(counted, now)
            if state == "running" and due is not None and due < now:
                state = "breached"
            steps, ladder = ladders[target_id, seconds]
            for at, key in ladder:
                if last < at <= reached:
                    due_at = counted if at <= elapsed else calendar.due_seconds(counted, at - elapsed)
                    fired.append((clock_id, key, due_at))
            last = max((at for at, _key in ladder if at <= reached), default=last)
            look = next_look(state, due, reached, last, steps, seconds, calendar, now)
            moved.append((clock_id, state, due if state == "breached" else None, look, last))
        return moved, fired

    def _row_calendars(self, rows):
        """{(calendar id, contract id where it was ever suspended): engine calendar} of the clocks in ``rows``."""
        Calendar, Contract = self.env["resource.calendar"], self.env["aftersales.contract"].sudo()
        closures = {one.id: one._clock_closures() for one in Contract.browse({row[9] for row in rows if row[9]})}
        return {key: Calendar.browse(key[0])._work_calendar(closures.get(key[1], ()))
                for key in {(row[2], row[9]) for row in rows}}

    def _ladders(self, rows):
        """{(target id, target seconds): (steps, thresholds)} of the clocks in ``rows``."""
        targets = self.env["aftersales.sla.target"].sudo().browse({row[1] for row in rows})
        steps = {target.id: target.policy_id._terms().steps.get(target.metric, ()) for target in targets}
        return {key: (steps[key[0]], thresholds(steps[key[0]], key[1])) for key in {(row[1], row[7]) for row in rows}}

    def _write_advanced(self, moved):
        ids, states, decided, looks, last = (list(column) for column in zip(*moved, strict=True))
        self.env.cr.execute(SQL(
            """UPDATE aftersales_sla_clock c
                  SET state = m.state, decided_at = to_timestamp(m.decided) AT TIME ZONE 'UTC',
                      warn_at = CASE WHEN m.state = 'breached' THEN NULL ELSE c.warn_at END,
                      next_at = to_timestamp(m.look) AT TIME ZONE 'UTC', step_seconds = m.last,
                      write_date = now() AT TIME ZONE 'UTC', write_uid = %s
                 FROM unnest(%s::int[], %s::text[], %s::bigint[], %s::bigint[], %s::int[])
                   AS m(id, state, decided, look, last)
                WHERE c.id = m.id""", self.env.uid, ids, states, decided, looks, last))
        self.invalidate_model()

    def _fire(self, fired, now):
        """Log the steps and carry them out; what the log already holds is not done again."""
        if not fired:
            return
        clocks, keys, due = (list(column) for column in zip(*fired, strict=True))
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_sla_escalation_log (clock_id, escalation_id, due_at, fired_at)
               SELECT clock, step, to_timestamp(due) AT TIME ZONE 'UTC', %s
                 FROM unnest(%s::int[], %s::int[], %s::bigint[]) AS f(clock, step, due)
               ON CONFLICT (clock_id, escalation_id) DO NOTHING RETURNING id""", now, clocks, keys, due))
        logs = self.env["aftersales.sla.escalation.log"].browse([row[0] for row in self.env.cr.fetchall()])
        logs._carry_out()

    @api.model
    def dry_run_clocks(self, limit=1000):
        """What the next run would change in the user's companies, and write nothing: a list of dicts (request_id,
        metric, old_state, new_state, old_due_at, new_due_at, steps of the escalation ladder)."""
        self.env["aftersales.evaluation.queue"].check_access("read")  # customers read clocks, but not this
        companies = self.env.companies
        queued = self.env["aftersales.evaluation.queue"].sudo().search(
            [("error", "=", False), ("request_id.company_id", "in", companies.ids)], limit=limit)
        terms_only = queued.filtered(lambda row: row.cause == "terms").request_id.ids
        changes, errors = self.env["aftersales.request"]._evaluate_ids(
            queued.request_id.ids, None, terms_only, dry_run=True)
        found = [
            {"request_id": key[0], "metric": key[1], "old_state": old and old[4], "new_state": new[4],
             "old_due_at": old and old[7] and _instant(old[7]), "new_due_at": new[7] and _instant(new[7])}
            for key, old, new in changes]
        found += [{"request_id": request_id, "error": sentence} for request_id, sentence in errors.items()]
        for clock_id, state, steps in self._advance_due(limit, dry_run=True):
            clock = self.sudo().browse(clock_id)
            if clock.company_id not in companies:
                continue
            found.append({"request_id": clock.request_id.id, "metric": clock.metric, "old_state": clock.state,
                          "new_state": state, "old_due_at": clock.due_at, "new_due_at": clock.due_at, "steps": steps})
        return found
