"""SLA clock: one target running on one request. A result: it can always be computed again from the events."""

from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..service.service_status import METRICS

STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Met"),
    ("breached", "Breached"),
    ("cancelled", "Cancelled"),
    ("superseded", "Superseded"),
]


class SlaClock(models.Model):
    """A narrow table without chatter: the scheduled actions write it by the thousand."""

    _name = "aftersales.sla.clock"
    _description = "SLA Clock"
    _order = "due_at, id"

    request_id = fields.Many2one("aftersales.request", required=True, readonly=True, ondelete="cascade")
    contract_id = fields.Many2one("aftersales.contract", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    target_id = fields.Many2one("aftersales.sla.target", string="SLA Target", required=True, readonly=True,
                                ondelete="restrict")
    calendar_id = fields.Many2one("resource.calendar", string="Working Schedule", readonly=True)
    metric = fields.Selection(METRICS, required=True, readonly=True)
    revision = fields.Integer(
        readonly=True, aggregator=None, help="Counts the targets that a changed priority or policy superseded.")
    cycle = fields.Integer(
        readonly=True, aggregator=None, help="Counts the cycles that a reopened request or an update began.")
    is_current = fields.Boolean(string="Current", readonly=True, help="Not superseded by a later target.")
    state = fields.Selection(STATES, required=True, readonly=True)
    excused = fields.Boolean(readonly=True, help="An approved excuse takes this breach out of the compliance rate.")
    started_at = fields.Datetime(readonly=True)
    due_at = fields.Datetime(string="Due", readonly=True, help="Empty: never, no working time is left.")
    stopped_at = fields.Datetime(string="Stopped", readonly=True)
    decided_at = fields.Datetime(
        readonly=True, help="Met: when it stopped. Breached: when it was due. Decides the period it counts in.")
    warn_at = fields.Datetime(string="At Risk from", readonly=True)
    next_at = fields.Datetime(readonly=True, help="When the scheduled action must look at this clock again.")
    counted_at = fields.Datetime(
        readonly=True, help="The instant up to which elapsed is counted, while it counts on; empty: it stands still.")
    duration_seconds = fields.Integer(string="Target (s)", readonly=True, aggregator=None)
    elapsed = fields.Integer(string="Elapsed (s)", readonly=True, aggregator="avg", help="Working seconds counted.")
    paused = fields.Integer(string="Paused (s)", readonly=True, aggregator="avg", help="Working seconds not counted.")
    step_seconds = fields.Integer(
        readonly=True, default=-1, aggregator=None, help="Escalation steps up to here have fired.")

    partner_id = fields.Many2one(related="request_id.partner_id", string="Customer")
    user_id = fields.Many2one(related="request_id.user_id", string="Assignee")
    at_risk = fields.Boolean(compute="_compute_at_risk", search="_search_at_risk")
    elapsed_now = fields.Integer(compute="_compute_reading", help="Working seconds counted up to now.")
    remaining = fields.Integer(compute="_compute_reading", help="Working seconds left; negative when late.")
    late_by = fields.Integer(compute="_compute_reading", help="Working seconds beyond the target.")
    progress = fields.Float(compute="_compute_reading", help="Percent of the target used up, live.")
    reading_text = fields.Char(string="Reading", compute="_compute_reading_text")
    steps = fields.Json(compute="_compute_steps", help="Why this figure: each counted interval in words.")

    _key = models.UniqueIndex("(request_id, metric, revision, cycle)", "This clock is already recorded.")
    _attention = models.Index("(next_at) WHERE next_at IS NOT NULL")
    _decided = models.Index("(contract_id, decided_at) WHERE decided_at IS NOT NULL")
    _open = models.Index("(contract_id, due_at) WHERE is_current AND state IN ('running', 'paused')")

    @api.depends("target_id", "request_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for clock in self:
            clock.display_name = f"{clock.request_id.name} · {clock.target_id.display_name}"

    @api.depends("state", "warn_at")
    def _compute_at_risk(self):
        now = fields.Datetime.now()
        for clock in self:
            clock.at_risk = clock.state == "running" and bool(clock.warn_at) and clock.warn_at <= now

    def _search_at_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        risky = Domain("state", "=", "running") & Domain("warn_at", "<=", fields.Datetime.now())
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        return risky if True in wanted else ~risky

    # --- live reading ----------------------------------------------------------------------------------------

    def _work_calendar(self):
        """The engine's calendar that this clock counts on: its schedule, less the suspensions of its contract."""
        return self.calendar_id._work_calendar(self.contract_id._clock_closures())

    def _stands_still(self):
        """Whether a suspension of the contract holds this clock at present."""
        now = datetime.now(UTC)
        return any(start <= now < end for start, end in self.contract_id._clock_closures())

    def _elapsed_at(self, now):
        """Working seconds counted at ``now`` (naive UTC), without reading the events again."""
        self.ensure_one()
        if not self.counted_at:  # it stands still: paused, stopped or cancelled
            return self.elapsed
        calendar = self._work_calendar()
        since = _epoch(self.counted_at)
        return self.elapsed + calendar.elapsed_seconds(since, max(_epoch(now), since))

    @api.depends("state", "elapsed", "counted_at", "duration_seconds")
    def _compute_reading(self):
        now = fields.Datetime.now()
        for clock in self:
            elapsed = clock._elapsed_at(now)
            clock.elapsed_now = elapsed
            clock.remaining = clock.duration_seconds - elapsed
            late = clock.state in ("running", "breached")  # a clock is late before the scheduled action says so
            clock.late_by = max(0, elapsed - clock.duration_seconds) if late else 0
            clock.progress = 100.0 * elapsed / clock.duration_seconds if clock.duration_seconds else 0.0

    @api.depends("state", "elapsed", "counted_at", "duration_seconds")
    @api.depends_context("lang")
    def _compute_reading_text(self):
        for clock in self:
            clock.reading_text = clock._reading_in_words()

    def _reading_in_words(self):
        text = self.calendar_id._format_working_time
        if self.state == "met":
            return self.env._("met after %s", text(self.elapsed))
        if self.late_by or self.state == "breached":
            return self.env._("%s late", text(self.late_by))
        if self.state == "running":
            left = text(max(0, self.remaining))
            return self.env._("suspended with %s left", left) if self._stands_still() else self.env._("%s left", left)
        if self.state == "paused":
            return self.env._("paused with %s left", text(max(0, self.remaining)))
        return self.env._("cancelled") if self.state == "cancelled" else self.env._("superseded")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A clock is the result of its events and cannot be deleted by itself."))


def _epoch(instant):
    """Naive UTC datetime -> whole seconds since 1970."""
    return int(instant.replace(tzinfo=UTC).timestamp())


def _instant(epoch):
    """Whole seconds since 1970 -> naive UTC datetime, as Odoo stores it."""
    return datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)
