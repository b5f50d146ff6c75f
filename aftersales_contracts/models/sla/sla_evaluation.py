"""Evaluation of clocks, database to database: read a batch, let the engine decide, write only what differs.

Three reads (requests, events, clocks) and at most three writes (changed, new, change log) for a batch of any size.
What the engine says is compared with what is stored; equal rows are not touched, so that running again is cheap and
harmless. Locks: the requests of the batch, so that two workers never evaluate one request at once.
"""

from collections import defaultdict
from itertools import groupby
from operator import itemgetter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...engine.errors import EngineError
from ...engine.request_clocks import at_risk_from, is_counting, next_look, request_clocks
from .sla_clock import _epoch

KEY = ("request_id", "metric", "revision", "cycle")
VALUES = {  # column of aftersales_sla_clock: SQL type; instants travel as epoch seconds
    "contract_id": "int", "company_id": "int", "target_id": "int", "calendar_id": "int", "state": "text",
    "is_current": "bool", "started_at": "epoch", "due_at": "epoch", "stopped_at": "epoch", "decided_at": "epoch",
    "warn_at": "epoch", "duration_seconds": "int", "paused": "int", "elapsed": "int", "counted_at": "epoch",
    "next_at": "epoch",
}
COMPARED = len(VALUES) - 3  # elapsed, counted_at and next_at of a counting clock move by themselves
DECIDED = ("met", "breached", "cancelled", "superseded")
TYPES = {"request_id": "int", "metric": "text", "revision": "int", "cycle": "int", **VALUES}


def _read_epoch(name):
    return SQL("EXTRACT(EPOCH FROM %s)::bigint", SQL.identifier(name))


class Request(models.Model):
    _inherit = "aftersales.request"

    def _evaluate(self, now=None):
        """Evaluate the clocks of these requests at ``now`` (naive UTC); the way of buttons. See ``_evaluate_ids``."""
        if self.ids:
            _changes, errors = self._evaluate_ids(self.ids, now)
            self.env["aftersales.evaluation.queue"]._settle(self.ids, errors)

    @api.model
    def _evaluate_ids(self, request_ids, now=None, terms_only=(), dry_run=False):
        """Evaluate the clocks of requests by id, at ``now`` (naive UTC, the present when empty).

        :param terms_only: ids whose terms changed but whose facts did not: their decided clocks are left alone
        :param dry_run: compare, and write nothing
        :return: (changes, errors): changes as (key, old values or None, new values or None), errors {id: sentence}
        """
        self.env.flush_all()
        now = _epoch(now or fields.Datetime.now())
        facts = self._read_facts(request_ids, lock=not dry_run)
        stored = self._read_clocks(list(request_ids))
        batch = _Batch(self.env, now, set(terms_only))
        batch.read_closures(header for header, _entries, _situations in facts.values())
        for request_id in stored.keys() - facts.keys():  # no policy any more: nothing is promised
            for key, row in stored[request_id].items():
                batch.withdraw(request_id, key, row)
        for request_id, (header, entries, situations) in facts.items():
            batch.evaluate(request_id, header, entries, situations, stored.get(request_id, {}))
        if not dry_run:
            self._write_clocks(batch, now)
        return batch.changes, batch.errors

    def _read_facts(self, request_ids, lock):
        """{request id: (header, entries, situations)} in the order of the ids, without requests that have no events.

        Header: (contract, company, calendar, whether the contract's clocks were ever suspended).
        """
        headers = self.env.execute_query(SQL(
            """SELECT id, contract_id, company_id, calendar_id,
                      contract_id IN (SELECT contract_id FROM aftersales_suspension
                                       WHERE pauses_clock AND state <> 'cancelled') AS suspended,
                      policy_id, impact, priority, tier_id, type_id
                 FROM aftersales_request WHERE id = ANY(%s) AND policy_id IS NOT NULL ORDER BY id %s""",
            list(request_ids), SQL("FOR NO KEY UPDATE") if lock else SQL()))
        ids = [row[0] for row in headers]
        events = self.env.execute_query(SQL(
            """SELECT e.request_id, EXTRACT(EPOCH FROM e.occurred_at)::bigint, e.status_id
                 FROM aftersales_request_event e
                WHERE e.request_id = ANY(%s) AND e.status_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM aftersales_request_event v WHERE v.voids_id = e.id)
                ORDER BY e.request_id, e.occurred_at, e.id""", ids))
        entries = {key: [row[1:] for row in rows] for key, rows in groupby(events, itemgetter(0))}
        changed = self._read_situations({row[0]: row[5:] for row in headers})
        return {
            row[0]: (row[1:5], entries[row[0]], changed.get(row[0]) or [(0, row[5:])])
            for row in headers if row[0] in entries
        }

    def _read_situations(self, last):
        """{request id: [(since, situation), ...]} of the requests whose policy, impact, priority, tier or type changed.

        ``last``: {request id: situation as it is now}.
        """
        rows = self.env.execute_query(SQL(
            """WITH changing AS (
                   SELECT request_id FROM aftersales_request_event
                    WHERE request_id = ANY(%s)
                    GROUP BY request_id
                   HAVING min(impact) <> max(impact) OR min(priority) <> max(priority) OR min(tier_id) <> max(tier_id)
                       OR min(type_id) <> max(type_id) OR min(policy_id) <> max(policy_id))
               SELECT e.request_id, EXTRACT(EPOCH FROM e.occurred_at)::bigint,
                      e.policy_id, e.impact, e.priority, e.tier_id, e.type_id
                 FROM aftersales_request_event e JOIN changing USING (request_id)
                WHERE e.voids_id IS NULL
                  AND NOT EXISTS (SELECT 1 FROM aftersales_request_event v WHERE v.voids_id = e.id)
                ORDER BY e.request_id, e.occurred_at, e.id""", list(last)))
        found = {}
        for request_id, group in groupby(rows, itemgetter(0)):
            found[request_id] = _situations([row[1:] for row in group], last[request_id])
        return found

    def _read_clocks(self, ids):
        """{request id: {(metric, revision, cycle): (clock id, step_seconds, values)}}."""
        columns = SQL(", ").join(
            _read_epoch(name) if kind == "epoch" else SQL.identifier(name) for name, kind in VALUES.items())
        rows = self.env.execute_query(SQL(
            "SELECT request_id, metric, revision, cycle, id, step_seconds, %s FROM aftersales_sla_clock"
            " WHERE request_id = ANY(%s)", columns, ids))
        stored = defaultdict(dict)
        for row in rows:
            stored[row[0]][row[1:4]] = row[4], row[5], row[6:]
        return stored

    def _write_clocks(self, batch, now):
        """Write what the batch found to differ: one UPDATE and one INSERT over arrays, whatever the number of rows."""
        if not batch.changed and not batch.new:
            return
        stamp = SQL("%s, now() AT TIME ZONE 'UTC'", self.env.uid)
        if batch.changed:
            sets = SQL(", ").join(SQL("%(c)s = fresh.%(c)s", c=SQL.identifier(name)) for name in VALUES)
            self.env.cr.execute(SQL(
                "UPDATE aftersales_sla_clock c SET %s, write_uid = %s, write_date = now() AT TIME ZONE 'UTC'"
                " FROM (%s) AS fresh WHERE c.id = fresh.id",
                sets, self.env.uid, _table({"id": "int", **VALUES}, batch.changed)))
        if batch.new:
            names = SQL(", ").join(SQL.identifier(name) for name in TYPES)
            self.env.cr.execute(SQL(
                "INSERT INTO aftersales_sla_clock"
                " (%s, step_seconds, excused, create_uid, create_date, write_uid, write_date)"
                " SELECT %s, -1, FALSE, %s, %s FROM (%s) AS fresh ORDER BY request_id, metric, revision, cycle"
                # Only somebody else's clock, newer than what this transaction sees, can be in the way: a conflict
                # that Odoo resolves by trying again, not an error.
                " ON CONFLICT (request_id, metric, revision, cycle) DO UPDATE SET cycle = EXCLUDED.cycle",
                names, names, stamp, stamp, _table(TYPES, batch.new)))
        self.env["aftersales.sla.clock"].invalidate_model()
        self.env["aftersales.sla.clock.change"]._log(batch.logged, now)


def _situations(rows, last):
    """Carry the known values forward over ``rows`` of (instant, *values); what was not known at first is what was
    known later, at the latest now (``last``)."""
    known = [next((row[i] for row in rows if row[i] is not None), last[i - 1]) for i in range(1, 6)]
    situations = []
    for at, *values in rows:
        known = [new if new is not None else old for new, old in zip(values, known, strict=True)]
        if not situations or situations[-1][1] != tuple(known):
            situations.append((at, tuple(known)))
    return situations


class _Batch:
    """One evaluation: what the engine says of each request, sorted into unchanged, changed and new clocks."""

    def __init__(self, env, now, terms_only):
        self.env, self.now, self.terms_only = env, now, terms_only
        self.terms, self.calendars, self.closures = {}, {}, {}
        self.new, self.changed, self.changes, self.logged, self.turned, self.errors = [], [], [], [], [], {}

    def evaluate(self, request_id, header, entries, situations, stored):
        """Evaluate one request; an error is kept for it, and the others go on."""
        try:
            for _since, situation in situations:
                if situation[0] not in self.terms:
                    self.terms[situation[0]] = self.env["aftersales.sla.policy"].browse(situation[0])._terms()
            calendar = self._calendar(header[2], header[0])
            kept = {(*key[:2], values[2]): values[11]
                    for key, (_id, _fired, values) in stored.items() if values[4] in DECIDED and values[5]}
            clocks = request_clocks(entries, situations, self.terms, calendar, self.now, kept)
        except (EngineError, UserError, ValidationError) as error:
            self.errors[request_id] = str(error)
            return
        seen = set()
        for clock in clocks:
            seen.add(clock[:3])
            self._compare(request_id, header, clock, stored.get(clock[:3]), calendar)
        for key in stored.keys() - seen:
            self.withdraw(request_id, key, stored[key])

    def read_closures(self, headers):
        """The instants in which clocks stand still, of contracts that were ever suspended: no query for others."""
        ids = sorted({header[0] for header in headers if header[3]})
        contracts = self.env["aftersales.contract"].sudo().browse(ids)  # terms do not depend on who reads them
        self.closures = {contract.id: contract._clock_closures() for contract in contracts}

    def _calendar(self, calendar_id, contract_id):
        closures = self.closures.get(contract_id, ())
        if (calendar_id, closures) not in self.calendars:
            if not calendar_id:
                raise UserError(self.env._("The request has no working schedule: name one on its contract or policy."))
            calendar = self.env["resource.calendar"].browse(calendar_id)
            self.calendars[calendar_id, closures] = calendar._work_calendar(closures)
        return self.calendars[calendar_id, closures]

    def _compare(self, request_id, header, clock, row, calendar):
        clock_id, fired, old = row or (None, -1, None)
        if old and request_id in self.terms_only and old[4] in DECIDED:
            if old[4] == "breached" and clock.state == "met":
                self.turned.append(clock_id)  # proven: the terms of today may only propose, see schedule_proposal
            return
        values = self._values(header, clock, fired, calendar)
        if old is None:
            self.new.append((request_id, *clock[:3], *values))
        elif self._differs(old, values):
            self.changed.append((clock_id, *values))
            if request_id in self.terms_only or (old[4] in ("met", "breached") and old[4] != values[4]):
                self.logged.append((clock_id, request_id in self.terms_only, old, values))
        else:
            return
        self.changes.append(((request_id, *clock[:3]), old, values))

    def _differs(self, old, new):
        """Whether a row must be written: what moves by itself while a clock counts is no difference."""
        if old[:COMPARED] != new[:COMPARED] or (old[14] is None) != (new[14] is None):
            return True
        if new[14] is None:
            return old[COMPARED:] != new[COMPARED:]
        return old[15] != new[15] and (new[15] is None or new[15] > self.now)

    def _values(self, header, clock, fired, calendar):
        """One row of VALUES for a clock, instants as epoch seconds."""
        reading, state = clock.reading, clock.state
        decided = {"met": reading.stopped, "breached": reading.due}.get(state)
        counting = is_counting(clock)
        steps = self.terms_steps(clock)
        look = None
        if counting:
            look = next_look(state, reading.due, reading.elapsed, fired, steps, clock.seconds, calendar, self.now)
        return (
            header[0], header[1], clock.promise.key, header[2], state, clock.is_current, reading.started, reading.due,
            reading.stopped, decided, at_risk_from(clock, calendar), clock.seconds, reading.paused, reading.elapsed,
            self.now if counting else None, look,
        )

    def terms_steps(self, clock):
        for terms in self.terms.values():
            if clock.promise in terms.promises.get(clock.metric, ()):
                return terms.steps.get(clock.metric, ())
        return ()

    def withdraw(self, request_id, key, row):
        """The terms no longer promise this: an open clock is cancelled, a decided one stays as it is."""
        clock_id, _fired, old = row
        if old[4] in ("running", "paused"):
            values = (*old[:4], "cancelled", False, *old[6:10], None, *old[11:14], None, None)
            self.changed.append((clock_id, *values))
            self.changes.append(((request_id, *key), old, values))


def _table(columns, rows):
    """SQL of a table of ``rows``: one array a column, instants turned from epoch seconds into UTC timestamps."""
    arrays = [SQL("%s::%s[]", list(column), SQL("bigint" if kind == "epoch" else kind))
              for kind, column in zip(columns.values(), zip(*rows, strict=True), strict=True)]
    selected = [SQL("to_timestamp(%(c)s) AT TIME ZONE 'UTC' AS %(c)s", c=SQL.identifier(name)) if kind == "epoch"
                else SQL.identifier(name) for name, kind in columns.items()]
    names = [SQL.identifier(name) for name in columns]
    return SQL("SELECT %s FROM unnest(%s) AS given(%s)",
               SQL(", ").join(selected), SQL(", ").join(arrays), SQL(", ").join(names))
