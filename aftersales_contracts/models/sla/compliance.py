"""Compliance: the promises of one contract, SLA target and period, counted.

Figures of open periods are results: one statement counts the clocks anew and writes only what differs. Figures of
closed periods stay. The rule is the engine's (``engine/compliance.py``): a clock counts where it was decided, met at
its stop, breached at its due instant; what began before the end and was not decided by then is running.
"""

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..service.service_status import METRICS

FIGURES = ("objective", "due", "met", "breached", "excused", "running", "rate", "reached", "period_end")


class Compliance(models.Model):
    _name = "aftersales.compliance"
    _inherit = ["aftersales.frozen"]
    _description = "SLA Compliance"
    _order = "period_start desc, contract_id, target_id"
    _rec_name = "target_id"
    _log_access = False

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer")
    target_id = fields.Many2one(
        "aftersales.sla.target", string="SLA Target", required=True, readonly=True, ondelete="restrict")
    metric = fields.Selection(METRICS, required=True, readonly=True)
    period_start = fields.Date(required=True, readonly=True)
    period_end = fields.Date(required=True, readonly=True, help="The last day of the period.")
    objective = fields.Float(string="Objective (%)", digits=(5, 2), readonly=True, aggregator=None)
    due = fields.Integer(readonly=True, help="Promises decided in the period: met, breached or excused.")
    met = fields.Integer(readonly=True)
    breached = fields.Integer(readonly=True, help="Not excused.")
    excused = fields.Integer(readonly=True, help="Breached and excused or waived: not part of the rate.")
    running = fields.Integer(readonly=True, aggregator=None, help="Begun, and not decided at the end of the period.")
    rate = fields.Float(
        string="Attained (%)", digits=(5, 2), readonly=True, aggregator="avg",
        help="Met / (met + breached). Without any, there is no rate: neither 0 nor 100.")
    rate_text = fields.Char(string="Attained", compute="_compute_rate_text")
    reached = fields.Selection(
        [("yes", "Reached"), ("no", "Missed"), ("na", "Nothing Due")], string="Objective Reached", readonly=True)
    state = fields.Selection([("open", "Open"), ("closed", "Closed")], required=True, readonly=True, default="open")
    statement_id = fields.Many2one("aftersales.statement", readonly=True, index="btree_not_null", ondelete="restrict")

    _key = models.UniqueIndex(
        "(contract_id, target_id, period_start)", "The compliance of this period is already recorded.")

    @api.depends("target_id", "period_start", "period_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.target_id.display_name} · {row._period_label()}"

    def _period_label(self):
        return format_date(self.env, self.period_start) + " – " + format_date(self.env, self.period_end)

    @api.depends("met", "breached", "rate")
    def _compute_rate_text(self):
        for row in self:
            row.rate_text = f"{row.rate:.2f} %" if row.met + row.breached else self.env._("n/a")

    def _frozen(self):
        return self.filtered(lambda row: row.state == "closed")

    def _read_group_select(self, aggregate_spec, query):
        """The rate of several rows is that of their clocks together, not the average of percentages."""
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        met, breached = (self._field_to_sql(self._table, name, query) for name in ("met", "breached"))
        return SQL("100.0 * SUM(%(met)s) / NULLIF(SUM(%(met)s) + SUM(%(breached)s), 0)", met=met, breached=breached)

    # --- counting by one statement ---------------------------------------------------------------------------

    @api.model
    def _counted(self, periods):
        """SQL: one row a (contract, target, period) of ``periods`` (PeriodRows) with the columns of the table.

        A clock that a closed statement stated does not count again: it lives on in corrections only.
        """
        return SQL(
            """SELECT n.contract_id, n.company_id, n.target_id, t.metric, n.period_start, n.period_end,
                      COALESCE(t.objective, 0) AS objective, n.met + n.breached + n.excused AS due,
                      n.met, n.breached, n.excused, n.running,
                      CASE WHEN n.met + n.breached = 0 THEN NULL
                           ELSE GREATEST(CASE WHEN n.met > 0 THEN 0.01 ELSE 0 END,
                                LEAST(CASE WHEN n.breached > 0 THEN 99.99 ELSE 100 END,
                                      round(100.0 * n.met / (n.met + n.breached), 2))) END AS rate,
                      CASE WHEN n.met + n.breached = 0 THEN 'na'
                           WHEN 100 * n.met >= COALESCE(t.objective, 0)::numeric * (n.met + n.breached) THEN 'yes'
                           ELSE 'no' END AS reached
                 FROM (
                     SELECT b.contract_id, b.company_id, c.target_id, b.period_start, b.period_end,
                            count(*) FILTER (WHERE c.decided_at < b.end_at AND c.state = 'met')::int AS met,
                            count(*) FILTER (WHERE c.decided_at < b.end_at AND c.state = 'breached'
                                               AND c.excused IS NOT TRUE)::int AS breached,
                            count(*) FILTER (WHERE c.decided_at < b.end_at AND c.state = 'breached'
                                               AND c.excused)::int AS excused,
                            count(*) FILTER (WHERE c.decided_at IS NULL OR c.decided_at >= b.end_at)::int AS running
                       FROM (%(bounds)s) b
                       JOIN aftersales_sla_clock c ON %(counts)s
                      GROUP BY b.contract_id, b.company_id, c.target_id, b.period_start, b.period_end) n
                 JOIN aftersales_sla_target t ON t.id = n.target_id""",
            bounds=_bounds_table(periods), counts=self._counts_in())

    @api.model
    def _counts_in(self):
        """SQL condition: clock ``c`` counts in period ``b``, decided or running."""
        return SQL(
            """c.contract_id = b.contract_id AND c.state NOT IN ('cancelled', 'superseded')
               AND c.started_at < b.end_at AND (c.decided_at IS NULL OR c.decided_at >= b.start_at)
               AND NOT EXISTS (SELECT 1 FROM aftersales_statement_clock s
                                WHERE s.contract_id = c.contract_id AND s.clock_ref = c.id)
               AND NOT EXISTS (SELECT 1 FROM aftersales_statement_correction x
                                WHERE x.contract_id = c.contract_id AND x.clock_ref = c.id
                                  AND x.statement_id IS NOT NULL)""")

    @api.model
    def _refresh(self, contracts, now=None):
        """Count the open periods of ``contracts`` anew, by one statement. Returns the number of rows that changed."""
        periods = contracts._open_periods(now)
        self.env["aftersales.sla.clock"].flush_model()
        self.env["aftersales.sla.target"].flush_model(["metric", "objective"])
        changes = SQL(", ").join(SQL("%(c)s = EXCLUDED.%(c)s", c=SQL.identifier(name)) for name in FIGURES)
        old = SQL(", ").join(SQL.identifier("p", name) for name in FIGURES)
        new = SQL(", ").join(SQL.identifier("excluded", name) for name in FIGURES)
        rows = self.env.execute_query(SQL(
            """WITH counted AS MATERIALIZED (%(counted)s),
                    written AS (
                        INSERT INTO aftersales_compliance AS p
                               (contract_id, company_id, target_id, metric, period_start, period_end, objective,
                                due, met, breached, excused, running, rate, reached, state)
                        SELECT counted.*, 'open' FROM counted
                        ON CONFLICT (contract_id, target_id, period_start) DO UPDATE SET %(changes)s
                         WHERE p.state = 'open' AND (%(old)s) IS DISTINCT FROM (%(new)s)
                        RETURNING 1),
                    vanished AS (
                        DELETE FROM aftersales_compliance p
                         WHERE p.contract_id = ANY(%(ids)s) AND p.state = 'open'
                           AND NOT EXISTS (SELECT 1 FROM counted n
                                            WHERE n.contract_id = p.contract_id AND n.target_id = p.target_id
                                              AND n.period_start = p.period_start)
                        RETURNING 1)
               SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM vanished)""",
            counted=self._counted(periods), changes=changes, old=old, new=new, ids=contracts.ids))
        self.invalidate_model()
        return rows[0][0]

    @api.model
    def _would_change(self, contracts, now=None):
        """What ``_refresh`` would change, as dicts with the old and the new figures; writes nothing."""
        periods = contracts._open_periods(now)
        self.env["aftersales.sla.clock"].flush_model()
        self.flush_model()
        names = FIGURES[1:7]
        pairs = SQL(", ").join(
            SQL("p.%(c)s AS %(old)s, n.%(c)s AS %(new)s", c=SQL.identifier(name), old=SQL.identifier(f"old_{name}"),
                new=SQL.identifier(f"new_{name}")) for name in names)
        old, new = (SQL(", ").join(SQL.identifier(alias, name) for name in FIGURES) for alias in "pn")
        return self.env.execute_query_dict(SQL(
            """SELECT COALESCE(n.contract_id, p.contract_id) AS contract_id,
                      COALESCE(n.target_id, p.target_id) AS target_id,
                      COALESCE(n.period_start, p.period_start) AS period_start,
                      COALESCE(n.period_end, p.period_end) AS period_end, %(pairs)s
                 FROM (%(counted)s) n
                 FULL JOIN (SELECT * FROM aftersales_compliance
                             WHERE contract_id = ANY(%(ids)s) AND state = 'open') p
                   ON p.contract_id = n.contract_id AND p.target_id = n.target_id AND p.period_start = n.period_start
                WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                ORDER BY 1, 3, 2""",
            pairs=pairs, counted=self._counted(periods), ids=contracts.ids, old=old, new=new))


def _bounds_table(periods):
    """SQL of PeriodRows as a table."""
    columns = [list(column) for column in zip(*periods, strict=True)] or [[] for _name in range(6)]
    return SQL(
        """SELECT * FROM unnest(%s::int[], %s::int[], %s::date[], %s::date[], %s::timestamp[], %s::timestamp[])
                    AS bound(contract_id, company_id, period_start, period_end, start_at, end_at)""", *columns)
