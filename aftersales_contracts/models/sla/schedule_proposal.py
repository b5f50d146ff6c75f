"""A working schedule corrected afterwards, such as a holiday that was forgotten: what it means for proven breaches.

A breach once proven is never turned silently. Where today's schedule would have let the clock be met, an excuse is
proposed, and a person decides on it like on any other.
"""

from odoo import api, fields, models
from odoo.tools import SQL

LOOK_BACK = 400  # days: what fell due before is history, and mostly closed


class Request(models.Model):
    _inherit = "aftersales.request"

    @api.model
    def _requeue_breached(self, calendars):
        """Queue the requests with an unexcused breach of the last months on these schedules (all when empty)."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=LOOK_BACK)
        there = SQL("calendar_id = ANY(%s)", calendars.ids) if calendars else SQL("TRUE")
        self.env["aftersales.sla.clock"].flush_model(["state", "excused", "decided_at", "calendar_id"])
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_evaluation_queue (request_id, queued_at, cause)
               SELECT DISTINCT request_id, now() AT TIME ZONE 'UTC', 'terms' FROM aftersales_sla_clock
                WHERE state = 'breached' AND excused IS NOT TRUE AND decided_at >= %s AND %s
               ON CONFLICT (request_id) DO UPDATE SET queued_at = EXCLUDED.queued_at, error = NULL""", since, there))

    def _write_clocks(self, batch, now):
        super()._write_clocks(batch, now)
        if batch.turned:
            clocks = self.env["aftersales.sla.clock"].browse(batch.turned)
            self.env["aftersales.sla.excuse"].sudo()._propose_for_schedule(clocks)  # nobody asked: the system proposes


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _drop_work_calendars(self):
        super()._drop_work_calendars()
        self.env["aftersales.request"]._requeue_breached(self)


class SlaExcuse(models.Model):
    _inherit = "aftersales.sla.excuse"

    @api.model
    def _propose_for_schedule(self, clocks):
        """Propose an excuse for each breached clock that today's schedule would have let be met, once."""
        known = self.search([("clock_id", "in", clocks.ids)]).clock_id
        new = clocks.filtered(lambda clock: clock.state == "breached" and not clock.excused) - known
        return self.create([{
            "clock_id": clock.id, "reason": "schedule", "requested_by_id": self.env.ref("base.user_root").id,
            "evidence": self.env._(
                "The working schedule %s was corrected. By the hours and holidays it has now, this clock was met.",
                clock.calendar_id.name)} for clock in new])
