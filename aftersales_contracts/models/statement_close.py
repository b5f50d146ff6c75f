"""Closing a period: snapshot, hash, figures, PDF, in one transaction of a batch; once, and for good.

The scheduled action closes what is due, oldest period first, in batches with a commit after each: killed at any
instant and run again, nothing is lost and nothing closed twice. A contract is locked while it is closed, and one
statement a contract and period is a law of the database, so that two workers do no harm.
"""

import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .statement_snapshot import digest

_logger = logging.getLogger(__name__)

BATCH = 50
STATED = ("met", "breached", "excused")


class Statement(models.Model):
    _inherit = "aftersales.statement"

    def action_close(self):
        """Close these periods now. They must have ended, and the ones before them must be closed."""
        self._check_may_close()
        closing = self.sudo()
        for statement in closing.sorted("period_start"):
            statement._check_closable()
            statement.contract_id._lock_for_period() or statement._refuse_locked()
            statement._close(self.env.user)
        return True

    def _refuse_locked(self):
        raise UserError(self.env._("%s is being closed by somebody else right now.", self.display_name))

    def _check_closable(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("%s is closed already.", self.display_name))
        if self.end_at > fields.Datetime.now():
            raise UserError(self.env._(
                "%(name)s can be closed after its last day, %(day)s.", name=self.display_name, day=self.period_end))
        first = self.contract_id._open_periods(self.end_at)[:1]
        if first and first[0].first < self.period_start:
            raise UserError(self.env._(
                "Close the earlier period first: the one from %(day)s of contract %(contract)s is still open.",
                day=first[0].first, contract=self.contract_id.name))

    def _close(self, user, now=None):
        """Close these drafts (a contract at most once), all or none. ``user``: who closes; ``now``: naive UTC."""
        now = now or fields.Datetime.now()
        contracts = self.contract_id
        contracts._settle_clocks()
        self.env["aftersales.compliance"]._bring_up_to_date(contracts)
        self._drop_stale_drafts()
        for statement in self:
            statement._write_unguarded({"name": statement._next_number()})
        snapshots = self._snapshots(now)
        self._store_figures(snapshots)
        self._store_documents(snapshots)
        for statement in self:
            statement._write_unguarded({
                "state": "closed", "snapshot": snapshots[statement], "snapshot_hash": digest(snapshots[statement]),
                "closed_at": now, "closed_by_id": user.id, "problem": False})
        self._message_log_batch(bodies={
            s.id: self.env._("Closed. SHA-256 of the inputs: %s", digest(snapshots[s])) for s in self})

    def _next_number(self):
        """A draft that failed to close before keeps the number it had drawn only if the transaction lived."""
        sequence = self.env["ir.sequence"].with_company(self.company_id)
        number = sequence.next_by_code("aftersales.statement", self.period_end)
        if not number:
            raise UserError(self.env._("There is no sequence for statements (code aftersales.statement)."))
        return number

    def _drop_stale_drafts(self):
        """Drafts cut before the contract's period length changed, that lie within the period closed now."""
        drafts = self.search([("contract_id", "in", self.contract_id.ids), ("state", "=", "draft"), ("id", "not in", self.ids)])
        ends = {s.contract_id: s.period_end for s in self}
        drafts.filtered(lambda d: d.period_start <= ends[d.contract_id]).unlink()

    def _store_figures(self, snapshots):
        """Lines, closed compliance rows, counted clocks and stated corrections, each by one statement."""
        lines, clocks = [], []
        for statement, snapshot in snapshots.items():
            for position, row in enumerate(snapshot.get("targets", [])):
                lines.append({
                    "statement_id": statement.id, "sequence": position, "target_id": row["target"],
                    "metric": row["metric"], "objective": float(row["objective"]), "reached": row["reached"],
                    **{name: row[name] for name in ("due", "met", "breached", "excused", "running")}})
            clocks += [(statement.id, row["clock"], row["verdict"]) for row in snapshot.get("clocks", [])
                       if row["verdict"] in STATED]
        self.env["aftersales.statement.line"].create(lines)
        self.env.flush_all()
        self._close_compliance(snapshots)
        self._state_clocks(clocks)
        told = [(s.id, row["clock"]) for s, snapshot in snapshots.items() for row in snapshot.get("corrections", [])]
        self._state_corrections(told)
        self.env.invalidate_all()

    def _close_compliance(self, snapshots):
        rates = [(s.id, row["target"], row.get("rate")) for s, snap in snapshots.items() for row in snap.get("targets", [])]
        ids, targets, percents = ([row[i] for row in rates] for i in range(3))
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_compliance
                      (contract_id, company_id, target_id, metric, period_start, period_end, objective, due, met,
                       breached, excused, running, rate, reached, state, statement_id)
               SELECT s.contract_id, s.company_id, l.target_id, l.metric, s.period_start, s.period_end, l.objective,
                      l.due, l.met, l.breached, l.excused, l.running, r.rate, l.reached, 'closed', s.id
                 FROM aftersales_statement_line l JOIN aftersales_statement s ON s.id = l.statement_id
                 JOIN unnest(%s::int[], %s::int[], %s::numeric[]) AS r(statement_id, target_id, rate)
                   ON r.statement_id = l.statement_id AND r.target_id = l.target_id
               ON CONFLICT (contract_id, target_id, period_start) DO UPDATE
                  SET period_end = EXCLUDED.period_end, objective = EXCLUDED.objective, due = EXCLUDED.due,
                      met = EXCLUDED.met, breached = EXCLUDED.breached, excused = EXCLUDED.excused,
                      running = EXCLUDED.running, rate = EXCLUDED.rate, reached = EXCLUDED.reached,
                      state = 'closed', statement_id = EXCLUDED.statement_id""", ids, targets, percents))

    def _state_clocks(self, rows):
        ids, clocks, verdicts = ([row[i] for row in rows] for i in range(3))
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_statement_clock
                      (statement_id, contract_id, clock_ref, clock_id, request_id, target_id, verdict, started_at,
                       due_at, stopped_at, elapsed)
               SELECT g.statement_id, c.contract_id, c.id, c.id, c.request_id, c.target_id, g.verdict, c.started_at,
                      c.due_at, c.stopped_at, c.elapsed
                 FROM unnest(%s::int[], %s::int[], %s::text[]) AS g(statement_id, clock_id, verdict)
                 JOIN aftersales_sla_clock c ON c.id = g.clock_id""", ids, clocks, verdicts))

    def _state_corrections(self, rows):
        ids, clocks = ([row[i] for row in rows] for i in range(2))
        self.env.cr.execute(SQL(
            """UPDATE aftersales_statement_correction x SET statement_id = s.id
                 FROM unnest(%s::int[], %s::int[]) AS g(statement_id, clock_ref)
                 JOIN aftersales_statement s ON s.id = g.statement_id
                WHERE x.contract_id = s.contract_id AND x.clock_ref = g.clock_ref AND x.statement_id IS NULL""",
            ids, clocks))

    # --- scheduled action ------------------------------------------------------------------------------------

    @api.model
    def _cron_close_periods(self, today=None, batch=BATCH):
        """Close every period that is due, then e-mail what was closed; ``today``: a date, each contract's own if empty.

        Several missed periods of a contract are closed in their order, one a round. A contract that cannot be closed
        keeps the reason on its draft, is left out for the rest of this run, and the others go on.
        """
        Cron = self.env["ir.cron"]
        self._mark_new_periods()
        self.env["aftersales.compliance"]._cron_compliance()
        waiting = {contract.id: len(rows) for contract, rows in self.env["aftersales.contract"]._due_periods(today).items()}
        Cron._commit_progress(remaining=sum(waiting.values()))
        while waiting:
            ids = sorted(waiting, key=lambda key: (-waiting[key], key))[:batch]
            closed, stuck = self._close_next(self.env["aftersales.contract"].browse(ids), today)
            for contract_id in ids:
                waiting[contract_id] -= 1
                if waiting[contract_id] <= 0 or contract_id in stuck or contract_id not in closed:
                    del waiting[contract_id]
            if not Cron._commit_progress(len(closed), remaining=sum(waiting.values())):
                return
        self._send_pending()
        self._open_drafts()

    @api.model
    def _close_next(self, contracts, today):
        """Close the oldest due period of each contract that no other worker holds.

        Returns (closed, stuck): ids of contracts. A batch goes through as a whole; when it does not, one by one.
        """
        locked = contracts._lock_for_period()
        due = locked._due_periods_of(today)
        drafts = self._drafts([rows[0] for rows in due.values()])
        try:
            with self.env.cr.savepoint():
                drafts._close_and_mark()
            return set(drafts.contract_id.ids), set()
        except OperationalError:  # another worker was faster: this transaction is tried again by the scheduler
            raise
        except Exception:  # whatever it is, one contract must not keep the others from their statements
            _logger.info("Closing %s statements together failed; closing them one by one", len(drafts))
        closed, stuck = set(), set()
        for draft in drafts:
            (closed if draft._close_alone() else stuck).add(draft.contract_id.id)
        return closed, stuck

    def _close_alone(self):
        try:
            with self.env.cr.savepoint():
                self._close_and_mark()
            return True
        except OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all()
            _logger.warning("Statement %s of contract %s cannot be closed: %s", self.id, self.contract_id.name, error,
                            exc_info=not isinstance(error, UserError))
            self._report_problem(self.env._("Cannot be closed: %s", error))
            return False

    def _close_and_mark(self):
        if self:
            self._close(self.env.user)
            for statement in self:
                statement._write_unguarded({"send_pending": statement._goes_out_by_itself()})
            self.env.flush_all()

    def _report_problem(self, sentence):
        """Keep why it failed on the statement, and give its account manager something to do about it, once."""
        self._write_unguarded({"problem": sentence})
        user = self.contract_id.user_id
        if user and not self.activity_ids.filtered(lambda activity: activity.automated):
            self.activity_schedule("mail.mail_activity_data_warning", user_id=user.id, summary=sentence[:200])

    @api.model
    def _open_drafts(self):
        """A draft for the open period of every contract that counts something in it, for people to look at."""
        rows = self.env.execute_query(SQL(
            """SELECT DISTINCT p.contract_id FROM aftersales_compliance p
                WHERE p.state = 'open' AND p.period_end >= %s
                  AND NOT EXISTS (SELECT 1 FROM aftersales_statement s
                                   WHERE s.contract_id = p.contract_id AND s.period_start = p.period_start)""",
            fields.Date.today()))
        contracts = self.env["aftersales.contract"].browse([row[0] for row in rows])
        last = {row.contract_id: row for row in contracts._open_periods()}
        self._drafts(list(last.values()))

    @api.model
    def _mark_new_periods(self):
        """Open clocks run on into the period that began since: count them there although they did not change."""
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_compliance_queue (contract_id)
               SELECT DISTINCT c.contract_id FROM aftersales_sla_clock c
                WHERE c.is_current AND c.state IN ('running', 'paused') AND c.contract_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM aftersales_compliance p
                                   WHERE p.contract_id = c.contract_id AND p.target_id = c.target_id
                                     AND p.period_end >= %s)""", fields.Date.today()))

    # --- dry run ---------------------------------------------------------------------------------------------

    @api.model
    def dry_run_close(self, today=None):
        """What the next run would close, and write nothing: a list of dicts, oldest period first: contract_id,
        period_start, period_end, due, met, breached, excused (of the figures as last counted), corrections,
        recipient_ids."""
        self.check_access("read")
        day = fields.Date.to_date(today) if today else None
        contracts = self.env["aftersales.contract"].sudo()._due_periods(day)
        allowed = self.env["aftersales.contract"].browse([c.id for c in contracts])._filtered_access("read")
        rows = self.env["aftersales.compliance"].sudo()._read_group(
            [("contract_id", "in", allowed.ids), ("state", "=", "open")], ["contract_id", "period_start:day"],
            ["due:sum", "met:sum", "breached:sum", "excused:sum"])
        figures = {(contract.id, first): counts for contract, first, *counts in rows}
        waiting = self.env["aftersales.statement.correction"].sudo()._waiting_for(allowed)
        found = []
        for contract, periods in contracts.items():
            if contract not in allowed.sudo():
                continue
            for position, row in enumerate(periods):
                due, met, breached, excused = figures.get((contract.id, row.first), (0, 0, 0, 0))
                found.append({
                    "contract_id": contract.id, "period_start": row.first, "period_end": row.last, "due": due,
                    "met": met, "breached": breached, "excused": excused,
                    "corrections": 0 if position else len(waiting.get(contract.sudo(False), ())),
                    "recipient_ids": contract._statement_recipients().ids})
        return sorted(found, key=lambda row: (row["period_start"], row["contract_id"]))


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _settle_clocks(self):
        """Evaluate what of these contracts still waits to be: changed requests, and clocks that time alone moved.

        Raises UserError naming the request that cannot be evaluated: a period is not closed over it.
        """
        rows = self.env.execute_query(SQL(
            """SELECT r.id, q.error FROM aftersales_evaluation_queue q JOIN aftersales_request r ON r.id = q.request_id
                WHERE r.contract_id = ANY(%(ids)s)
                UNION
               SELECT request_id, NULL FROM aftersales_sla_clock
                WHERE contract_id = ANY(%(ids)s) AND next_at <= %(now)s""",
            ids=self.ids, now=fields.Datetime.now()))
        if not rows:
            return
        Request = self.env["aftersales.request"]
        ids = sorted({row[0] for row in rows})
        _changes, errors = Request._evaluate_ids(ids)
        self.env["aftersales.evaluation.queue"]._take_off([key for key in ids if key not in errors])
        if errors:
            request_id, sentence = next(iter(errors.items()))
            raise UserError(self.env._(
                "Request %(name)s cannot be evaluated: %(reason)s", name=Request.browse(request_id).name, reason=sentence))
