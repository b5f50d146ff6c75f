"""Suspension: days on which a contract stands still, and what of it stands still meanwhile.

Clock, billing and cover are paused or not, and the last day of the contract is moved or not, each by its own flag. A
suspension is recorded by the contract (``contract_suspension``) and never edited: it is resumed early, or cancelled
before its first day. Its state follows the days, by the button on the same day or by the nightly work.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine import suspension as engine
from ..common.frozen import is_uninstalling

OPEN_END = datetime(2999, 12, 31, tzinfo=UTC)  # the calendars end there: a clock that stands still is due never
ASPECTS = ("pauses_clock", "pauses_billing", "pauses_cover")


class Suspension(models.Model):
    _name = "aftersales.suspension"
    _description = "Suspension"
    _order = "date_start desc, id desc"
    _rec_name = "reason"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Partner")
    date_start = fields.Date(string="First Day", required=True, readonly=True)
    date_end = fields.Date(
        string="Last Day", readonly=True, help="The last day suspended; empty: until it is resumed.")
    reason = fields.Char(required=True, readonly=True)
    requested_by_id = fields.Many2one("res.partner", string="Requested by", readonly=True)
    user_id = fields.Many2one("res.users", string="Recorded by", required=True, readonly=True)
    pauses_clock = fields.Boolean(string="Clocks Stand Still", readonly=True)
    pauses_billing = fields.Boolean(string="Billing Paused", readonly=True)
    pauses_cover = fields.Boolean(string="Cover Paused", readonly=True)
    shifts_end = fields.Boolean(string="Moves the Last Day", readonly=True)
    shifted_days = fields.Integer(
        readonly=True, help="Days by which this suspension has moved the last day of the contract so far.")
    state = fields.Selection(
        [("planned", "Planned"), ("running", "Running"), ("ended", "Ended"), ("cancelled", "Cancelled")],
        required=True, readonly=True, default="planned", index=True)
    resumed_by_id = fields.Many2one("res.users", readonly=True, help="Who resumed it early, or cancelled it.")
    resumed_at = fields.Datetime(readonly=True)

    _days = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start OR state = 'cancelled')",
        "A suspension cannot end before it starts.")
    _alive = models.Index("(contract_id) WHERE state <> 'cancelled'")
    _due = models.Index("(state, date_start, date_end) WHERE state IN ('planned', 'running')")

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        raise UserError(self.env._("A suspension is a fact: resume or cancel it instead of deleting it."))

    @api.depends("reason", "date_start", "date_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for suspension in self:
            suspension.display_name = f"{suspension.reason} · {suspension._days_in_words()}"

    def _days_in_words(self):
        start = format_date(self.env, self.date_start) if self.date_start else "?"
        if not self.date_end:
            return self.env._("from %s until it is resumed", start)
        return self.env._("%(start)s to %(end)s", start=start, end=format_date(self.env, self.date_end))

    # --- the days ----------------------------------------------------------------------------------------------------

    def _alive(self):
        return self.filtered(lambda suspension: suspension.state != "cancelled")

    def _covers(self, day):
        """Whether the contract is suspended on ``day`` by this."""
        return self.state != "cancelled" and self.date_start <= day and (not self.date_end or day <= self.date_end)

    def _as_engine(self):
        """The engine's half-open `Suspension`s of those that are not cancelled, in order."""
        return [
            engine.Suspension(
                one.date_start, one.date_end + timedelta(days=1) if one.date_end else None, one.pauses_clock,
                one.pauses_billing, one.pauses_cover, one.shifts_end)
            for one in self._alive().sorted(lambda s: (s.date_start, s.date_end or date.max, s._origin.id or 0))]

    def _instants(self, zone):
        """(start, end) as UTC instants, at local midnights; an open one ends beyond all calendars."""
        zone = ZoneInfo(zone)
        start = datetime.combine(self.date_start, time(), zone).astimezone(UTC)
        if not self.date_end:
            return start, OPEN_END
        return start, datetime.combine(self.date_end + timedelta(days=1), time(), zone).astimezone(UTC)

    # --- buttons -----------------------------------------------------------------------------------------------------

    def action_resume(self):
        """End these suspensions as of today; those that have not begun are cancelled."""
        for suspension in self:
            suspension.contract_id.check_access("write")
            suspension.contract_id._resume(suspension, suspension.contract_id._local_today())

    # --- nightly work ------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_suspend_domain(self, today):
        """Suspensions to begin or to end; a superset by the day that zones may differ."""
        day = today or fields.Date.today()
        ahead = day + timedelta(days=0 if today else 1)
        begins = Domain("state", "=", "planned") & Domain("date_start", "<=", ahead)
        return begins | (Domain("state", "=", "running") & Domain("date_end", "<", ahead))

    def _nightly_suspend(self, today):
        """Let the state of the contracts follow these suspensions. [(record, what was done)]."""
        done = self.contract_id._follow_suspensions(today)
        return [(record, what) for record, what in done if record in self]
