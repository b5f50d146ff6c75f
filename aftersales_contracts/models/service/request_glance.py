"""What a request shows at a glance: its SLA state, what falls due next, its clock bars and its timeline.

Nothing here is stored: it follows from the clocks and events. Each batch of requests costs a fixed number of queries,
and the SLA state and the next due instant can be searched, sorted and grouped by, as SQL of the clocks.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SLA_STATES = [
    ("breached", "Breached"),
    ("at_risk", "At Risk"),
    ("on_track", "On Track"),
    ("paused", "Paused"),
    ("met", "Met"),
]
CLOCK_FIELDS = ["state", "excused", "is_current", "due_at", "warn_at", "counted_at", "request_id"]


class Request(models.Model):
    _inherit = "aftersales.request"

    sla_state = fields.Selection(
        SLA_STATES, string="SLA", compute="_compute_sla_glance", search="_search_sla_state",
        help="The worst of its clocks at this moment; an excused breach is not one. Empty: nothing was promised.")
    next_due_at = fields.Datetime(
        string="Next Due", compute="_compute_sla_glance", search="_search_next_due_at",
        help="The earliest due instant of the clocks that are counting, also where it has passed.")
    next_clock_id = fields.Many2one(
        "aftersales.sla.clock", compute="_compute_sla_glance",
        help="The clock that falls due next; where none is counting, the first that is paused.")
    next_reading = fields.Char(string="Time Left", compute="_compute_next_reading")

    @api.depends("clock_ids.state", "clock_ids.due_at", "clock_ids.excused")
    def _compute_sla_glance(self):
        found = {}
        if self.ids:
            self.env["aftersales.sla.clock"].flush_model(CLOCK_FIELDS)
            found = {row[0]: row[1:] for row in self.env.execute_query(SQL(
                """SELECT c.request_id, %s, %s, (array_agg(c.id ORDER BY (c.state = 'paused'), c.due_at, c.id)
                          FILTER (WHERE c.counted_at IS NOT NULL OR c.state = 'paused') )[1]
                     FROM aftersales_sla_clock c WHERE c.request_id = ANY(%s) GROUP BY c.request_id""",
                self._worst_sql(), self._next_due_sql(), self.ids))}
        for request in self:
            state, due, clock = found.get(request._origin.id, (False, False, False))
            request.sla_state, request.next_due_at, request.next_clock_id = state, due, clock

    @api.depends("next_clock_id")
    @api.depends_context("lang")
    def _compute_next_reading(self):
        metrics = dict(self.env["aftersales.sla.clock"]._fields["metric"]._description_selection(self.env))
        for request in self:
            clock = request.next_clock_id.sudo()  # part of the request, which the reader may see
            request.next_reading = f"{metrics[clock.metric]} · {clock.reading_text}" if clock else False

    # --- as SQL: sorting, grouping, the bars of the kanban ---------------------------------------------------

    @api.model
    def _worst_sql(self):
        """The SLA state of the clocks ``c`` of one request; a running clock past its due instant is late at once."""
        return SQL(
            """CASE WHEN bool_or(c.state = 'breached' AND c.excused IS NOT TRUE
                             OR c.is_current AND c.state = 'running' AND c.due_at < %(now)s) THEN 'breached'
                    WHEN bool_or(c.is_current AND c.state = 'running' AND c.warn_at <= %(now)s) THEN 'at_risk'
                    WHEN bool_or(c.is_current AND c.state = 'running') THEN 'on_track'
                    WHEN bool_or(c.is_current AND c.state = 'paused') THEN 'paused'
                    WHEN bool_or(c.state IN ('met', 'breached')) THEN 'met' END""", now=fields.Datetime.now())

    @api.model
    def _next_due_sql(self):
        return SQL("min(c.due_at) FILTER (WHERE c.counted_at IS NOT NULL)")

    def _field_to_sql(self, alias, field_expr, query=None):
        glance = {"sla_state": self._worst_sql, "next_due_at": self._next_due_sql}.get(field_expr)
        if glance is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        self.env["aftersales.sla.clock"].flush_model(CLOCK_FIELDS)
        return SQL("(SELECT %s FROM aftersales_sla_clock c WHERE c.request_id = %s)",
                   glance(), SQL.identifier(alias, "id"))

    # --- search: by the clocks, which is one pass over their table ---------------------------------------------

    @api.model
    def _search_sla_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        running = Domain("is_current", "=", True) & Domain("state", "=", "running")
        tests = {
            "breached": (Domain("state", "=", "breached") & Domain("excused", "=", False))
            | (running & Domain("due_at", "<", now)),
            "at_risk": running & Domain("warn_at", "<=", now),
            "on_track": running,
            "paused": Domain("is_current", "=", True) & Domain("state", "=", "paused"),
            "met": Domain("state", "in", ("met", "breached")),
        }
        found, worse = Domain.FALSE, Domain.FALSE
        for state, test in tests.items():  # from the worst on: a request counts under the first that fits
            fits = Domain("clock_ids", "any", test)
            if state in value:
                found |= fits & ~worse
            worse |= fits
        return found | ~worse if False in value else found

    @api.model
    def _search_next_due_at(self, operator, value):
        counting = Domain("counted_at", "!=", False)
        if operator == "in" and set(value) == {False}:
            return ~Domain("clock_ids", "any", counting)
        if operator in ("<", "<="):
            return Domain("clock_ids", "any", counting & Domain("due_at", operator, value))
        if operator in (">", ">="):
            earlier = "<=" if operator == ">" else "<"
            return (Domain("clock_ids", "any", counting & Domain("due_at", operator, value))
                    & ~Domain("clock_ids", "any", counting & Domain("due_at", earlier, value)))
        return NotImplemented
