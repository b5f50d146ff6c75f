"""Closing a period: snapshot, hash, figures and PDF in one transaction; once, and for good."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .statement_snapshot import digest

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
            statement.contract_id._duty("settler", statement.display_name)
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
        drafts = self.search([
            ("contract_id", "in", self.contract_id.ids), ("state", "=", "draft"), ("id", "not in", self.ids)])
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
        rates = [(statement.id, row["target"], row.get("rate"))
                 for statement, snapshot in snapshots.items() for row in snapshot.get("targets", [])]
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
                "Request %(name)s cannot be evaluated: %(reason)s",
                name=Request.browse(request_id).name, reason=sentence))
