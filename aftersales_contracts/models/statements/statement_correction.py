"""Late facts: what closed statements said of clocks, compared with the clocks of today, by one statement.

Nothing in a closed statement changes. Corrections that wait are a result: they are found anew each time, and vanish
when the facts turn back before the next statement has told them.
"""

from odoo import api, fields, models
from odoo.tools import SQL

IS = ("verdict", "started_at", "due_at", "stopped_at", "elapsed")

STATED = """
    SELECT DISTINCT ON (contract_id, clock_ref) *
      FROM (SELECT s.contract_id, s.clock_ref, s.clock_id, s.request_id, s.target_id, s.statement_id AS origin_id,
                   0 AS told, s.verdict, s.started_at, s.due_at, s.stopped_at, s.elapsed
              FROM aftersales_statement_clock s WHERE s.contract_id = ANY(%(ids)s)
             UNION ALL
            SELECT x.contract_id, x.clock_ref, x.clock_id, x.request_id, x.target_id, x.origin_id, x.id,
                   x.is_verdict, x.is_started_at, x.is_due_at, x.is_stopped_at, x.is_elapsed
              FROM aftersales_statement_correction x
             WHERE x.contract_id = ANY(%(ids)s) AND x.statement_id IS NOT NULL) said
     ORDER BY contract_id, clock_ref, told DESC"""

# Today's verdict of clock c for the contract that stated it.
VERDICT = """
    CASE WHEN c.id IS NULL THEN 'none'
         WHEN c.state = 'breached' AND c.excused THEN 'excused'
         WHEN c.state IN ('met', 'breached') THEN c.state ELSE 'none' END"""

DIFFERS = """
    s.verdict <> %(verdict)s
    OR (s.verdict <> 'none' AND (
            s.due_at IS DISTINCT FROM c.due_at OR s.started_at IS DISTINCT FROM c.started_at
            OR (s.stopped_at IS NOT NULL AND (s.stopped_at, s.elapsed) IS DISTINCT FROM (c.stopped_at, c.elapsed))
            OR (s.stopped_at IS NULL AND c.stopped_at < o.end_at)))"""


class StatementCorrection(models.Model):
    _inherit = "aftersales.statement.correction"

    @api.model
    def _differences(self, contracts):
        """SQL: one row for each clock of ``contracts`` that closed statements tell otherwise than it is today.

        Either a clock they stated, or one that a late fact put into a closed period without having been counted.
        """
        verdict = SQL(VERDICT)
        return SQL(
            """WITH stated AS (%(stated)s),
                    closed AS (SELECT contract_id, min(start_at) AS start_at, max(end_at) AS end_at
                                 FROM aftersales_statement
                                WHERE state <> 'draft' AND contract_id = ANY(%(ids)s) GROUP BY contract_id)
               SELECT s.contract_id, s.origin_id, s.clock_ref, c.id AS clock_id, s.request_id, s.target_id,
                      s.verdict AS was_verdict, s.started_at AS was_started_at, s.due_at AS was_due_at,
                      s.stopped_at AS was_stopped_at, s.elapsed AS was_elapsed, %(verdict)s AS is_verdict,
                      c.started_at AS is_started_at, c.due_at AS is_due_at, c.stopped_at AS is_stopped_at,
                      c.elapsed AS is_elapsed
                 FROM stated s
                 JOIN aftersales_statement o ON o.id = s.origin_id
                 LEFT JOIN aftersales_sla_clock c ON c.id = s.clock_id AND c.contract_id = s.contract_id
                WHERE %(differs)s
                UNION ALL
               SELECT c.contract_id, o.id, c.id, c.id, c.request_id, c.target_id,
                      'none', NULL, NULL, NULL, NULL, %(verdict)s,
                      c.started_at, c.due_at, c.stopped_at, c.elapsed
                 FROM closed k
                 JOIN aftersales_sla_clock c ON c.contract_id = k.contract_id
                      AND c.decided_at >= k.start_at AND c.decided_at < k.end_at
                 JOIN aftersales_statement o ON o.contract_id = c.contract_id AND o.state <> 'draft'
                      AND c.decided_at >= o.start_at AND c.decided_at < o.end_at
                WHERE c.state IN ('met', 'breached')
                  AND NOT EXISTS (SELECT 1 FROM stated s WHERE s.contract_id = c.contract_id AND s.clock_ref = c.id)""",
            stated=SQL(STATED, ids=contracts.ids), ids=contracts.ids, verdict=verdict,
            differs=SQL(DIFFERS, verdict=verdict))

    @api.model
    def _find(self, contracts):
        """Bring the waiting corrections of ``contracts`` up to date with today's clocks; the stated ones stay."""
        self.env["aftersales.sla.clock"].flush_model()
        self.env["aftersales.statement"].flush_model()
        self.flush_model()
        names = SQL(", ").join(SQL("%(n)s = EXCLUDED.%(n)s", n=SQL.identifier(f"is_{name}")) for name in IS)
        old = SQL(", ").join(SQL.identifier("x", f"is_{name}") for name in IS)
        new = SQL(", ").join(SQL.identifier("excluded", f"is_{name}") for name in IS)
        self.env.cr.execute(SQL(
            """WITH found AS MATERIALIZED (%(differences)s),
                    written AS (
                        INSERT INTO aftersales_statement_correction AS x
                               (contract_id, origin_id, clock_ref, clock_id, request_id, target_id,
                                was_verdict, was_started_at, was_due_at, was_stopped_at, was_elapsed,
                                is_verdict, is_started_at, is_due_at, is_stopped_at, is_elapsed, found_at)
                        SELECT found.*, %(now)s FROM found
                        ON CONFLICT (contract_id, clock_ref) WHERE statement_id IS NULL DO UPDATE SET %(names)s
                         WHERE (%(old)s) IS DISTINCT FROM (%(new)s))
               DELETE FROM aftersales_statement_correction x
                WHERE x.contract_id = ANY(%(ids)s) AND x.statement_id IS NULL
                  AND NOT EXISTS (SELECT 1 FROM found n
                                   WHERE n.contract_id = x.contract_id AND n.clock_ref = x.clock_ref)""",
            differences=self._differences(contracts), now=fields.Datetime.now(), names=names, old=old, new=new,
            ids=contracts.ids))
        self.invalidate_model()

    @api.model
    def _waiting_for(self, contracts):
        """{contract: corrections that its next statement must tell}, oldest first."""
        waiting = self.search(
            [("contract_id", "in", contracts.ids), ("statement_id", "=", False)], order="found_at, id")
        return waiting.grouped("contract_id")
