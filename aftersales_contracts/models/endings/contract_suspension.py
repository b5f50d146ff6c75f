"""Suspending and resuming a contract: dates, what stands still, and the last day that moves by the days suspended."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...engine import suspension as engine

IN_FORCE = ("active", "suspended", "notice")


class Contract(models.Model):
    _inherit = "aftersales.contract"

    suspension_ids = fields.One2many("aftersales.suspension", "contract_id", string="Suspensions", copy=False)
    running_suspension_id = fields.Many2one(
        "aftersales.suspension", compute="_compute_running_suspension_id")
    planned_suspension_id = fields.Many2one(
        "aftersales.suspension", compute="_compute_running_suspension_id")

    @api.depends("suspension_ids.state")
    def _compute_running_suspension_id(self):
        for contract in self:
            found = contract.suspension_ids.sorted("date_start").grouped("state")
            none = contract.suspension_ids.browse()
            contract.running_suspension_id = found.get("running", none)[:1]
            contract.planned_suspension_id = found.get("planned", none)[:1]

    # --- by people ---------------------------------------------------------------------------------------------------

    def suspend(self, date_start, reason, date_end=None, clock=True, billing=True, cover=True, shift_end=True,
                requested_by_id=None):
        """Suspend this contract from ``date_start`` to ``date_end`` (the last day suspended; empty: until resumed).

        For screens and remote calls; dates as ``date`` or ISO text. It begins at once where its day has come, else by
        the nightly work. Returns the id of the suspension.

        :raise UserError: not in force, days outside the contract or in a closed period, nothing to pause
        """
        self.ensure_one()
        self.check_access("write")
        start, end = fields.Date.to_date(date_start), fields.Date.to_date(date_end)
        flags = {"pauses_clock": clock, "pauses_billing": billing, "pauses_cover": cover, "shifts_end": shift_end}
        self._check_suspendable(start, end, reason, flags)
        suspension = self.env["aftersales.suspension"].sudo().create({  # facts: nobody may write them past this method
            "contract_id": self.id, "date_start": start, "date_end": end, "reason": reason.strip(),
            "requested_by_id": requested_by_id, "user_id": self.env.uid, **flags})
        self._suspensions_changed(suspension, self.env._("Suspended: %s", suspension.display_name))
        return suspension.id

    def _check_suspendable(self, start, end, reason, flags):
        """Raise UserError naming why the contract cannot be suspended on these days."""
        _, name = self.env._, self.display_name
        if self.is_template or self.amends_id or self.state not in IN_FORCE:
            raise UserError(_(
                "Contract %s cannot be suspended: only a contract in force is. Sign and activate it first.", name))
        if not start or not (reason or "").strip():
            raise UserError(_("Contract %s: a suspension needs a first day and a reason.", name))
        if end and end < start:
            raise UserError(_(
                "Contract %(name)s: the last day suspended, %(end)s, is before the first, %(start)s.",
                name=name, end=end, start=start))
        if start < self.date_start or (self.date_end and start > self.date_end):
            raise UserError(_(
                "Contract %(name)s is not in force on %(day)s: choose a first day within its term.",
                name=name, day=start))
        closed = self._closed_until()
        if closed and start <= closed:
            raise UserError(_(
                "Contract %(name)s: the period up to %(closed)s is closed. A suspension begins after it.",
                name=name, closed=closed))
        if not any(flags.values()):
            raise UserError(_("Contract %s: a suspension that pauses and moves nothing has no effect.", name))

    def _closed_until(self):
        """The last day of the closed statements of this contract, or False."""
        # A statement may be out of the user's reach, and its period is closed all the same.
        closed = self.env["aftersales.statement"].sudo()._read_group(
            [("contract_id", "=", self.id), ("state", "!=", "draft")], [], ["period_end:max"])
        return closed[0][0]

    def resume(self, on=None):
        """Resume this contract: ``on`` (date or ISO text; today when empty) is the first day in force again.

        A day to come plans the end of the suspension; on its first day or before it, the suspension is cancelled.
        """
        self.ensure_one()
        self.check_access("write")
        today = self._local_today()
        suspensions = self.running_suspension_id or self.planned_suspension_id
        if self.state == "suspended" and not suspensions:  # without a dated fact: nothing but the state is left
            return self._transition("resume")
        if not suspensions:
            raise UserError(self.env._("Contract %s cannot be resumed: it is not suspended.", self.display_name))
        on = fields.Date.to_date(on) or today
        running = self.suspension_ids.filtered(lambda one: one.state == "running")
        for suspension in running or suspensions:
            self._resume(suspension, on)

    def action_resume(self):
        """Resume the contract as of today."""
        for contract in self:
            contract.resume()

    def action_suspend(self):
        """Open the dialog that shows what a suspension does, before it is recorded."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in IN_FORCE:
            self._state_after("suspend")
        return self._dialog("aftersales.suspend", self.env._("Suspend"))

    def _resume(self, suspension, on):
        """End ``suspension`` the day before ``on``; the rights are checked by the callers."""
        _ = self.env._
        if suspension.state in ("ended", "cancelled"):
            raise UserError(_("Suspension %s is over: there is nothing to resume.", suspension.display_name))
        if suspension.date_end and on > suspension.date_end + timedelta(days=1):
            raise UserError(_(
                "Suspension %(name)s ends on %(end)s already. To suspend the contract longer, record another one.",
                name=suspension.display_name, end=suspension.date_end))
        closed = self._closed_until()
        if closed and on <= closed:
            raise UserError(_(
                "Suspension %(name)s cannot end before %(closed)s: the period up to there is closed.",
                name=suspension.display_name, closed=closed))
        was_running = self._suspension_runs()
        values = {"resumed_by_id": self.env.uid, "resumed_at": fields.Datetime.now()}
        if on <= suspension.date_start:
            values["state"] = "cancelled"  # it never takes effect
        else:
            values["date_end"] = on - timedelta(days=1)
        suspension.sudo().write(values)  # facts: see suspend
        self._suspensions_changed(suspension, _("Resumed: %s", suspension.display_name))
        if was_running and self.state == "suspended" and not self._suspension_runs():  # cancelled on its first day
            self._transition("resume")

    # --- what follows ------------------------------------------------------------------------------------------------

    def _suspensions_changed(self, suspension, reason):
        """A suspension was recorded, ended or cancelled: state, last day and clocks follow."""
        self.ensure_one()
        contract = self.sudo()  # the rights on the contract were checked; what follows is not the user's choice
        contract.invalidate_recordset(["suspension_ids"])
        contract._shift_end(suspension, reason)
        contract._follow_suspensions()
        if suspension.pauses_clock:
            self.env["aftersales.request"]._requeue_open([("contract_id", "=", self.id)])
        contract._message_log(body=reason)

    def _shift_end(self, suspension, reason):
        """Move the last day by the days suspended in the current term, each day once (``engine.suspension``)."""
        start = self._current_term_start()
        shifting = self.suspension_ids.filtered(lambda one: one.shifts_end and one.date_start >= start)
        agreed = self._agreed_end()
        if not shifting or not agreed:
            return
        unmoved = agreed - timedelta(days=sum(shifting.mapped("shifted_days")))
        shifts = self._shifts(unmoved, shifting)
        for one in shifting:
            if one.shifted_days != shifts.get(one, 0):
                one.shifted_days = shifts.get(one, 0)
        moved = unmoved + timedelta(days=sum(shifts.values()))
        if moved != agreed:
            self._move_agreed_end(moved)
            self._record_change(max(suspension.date_start, self.date_start), reason)

    @api.model
    def _shifts(self, unmoved, shifting):
        """{suspension: days by which it moves the last day ``unmoved``}; one without an end moves nothing yet."""
        ended = shifting._alive().filtered("date_end")
        ended = ended.sorted(lambda one: (one.date_start, one.date_end, one._origin.id or 0))
        end, found = unmoved + timedelta(days=1), {}
        for index, one in enumerate(ended, 1):
            moved = engine.suspend(unmoved + timedelta(days=1), ended[:index]._as_engine(), unmoved).end
            found[one], end = (moved - end).days, moved
        return found

    def _move_agreed_end(self, moved):
        """Write the last day that was agreed: on the contract, or on what stands in for it meanwhile."""
        planned, notice = self._planned_termination(), self.effective_notice_id
        if planned:
            planned.previous_end = moved
        else:
            self._write_unlocked({"date_end": moved})
        if notice and not notice.sets_end:
            notice._write_unguarded({"ends_on": moved})

    def _follow_suspensions(self, today=None):
        """Begin and end the suspensions whose day has come, and move the states. [(suspension, what was done)].

        ``today``: a date for all; empty: each contract's own day. One move for all contracts that begin, and for all
        that resume.
        """
        done, was_running = [], self.filtered(lambda contract: contract._suspension_runs())
        for contract in self:
            for one in contract.suspension_ids.sorted("date_start"):
                if one.state == "planned" and one.date_start <= (today or contract._local_today()):
                    done += contract._begin(one)
        begun = (self - was_running).filtered(
            lambda contract: contract._suspension_runs() and contract.state in ("active", "notice"))
        begun._transition("suspend")
        for contract in self:
            for one in contract.suspension_ids.sorted("date_start"):
                if one.state == "running" and one.date_end and one.date_end < (today or contract._local_today()):
                    one.state = "ended"
                    done.append((one, self.env._("ended on %s", format_date(self.env, one.date_end))))
        over = (was_running | begun).filtered(
            lambda contract: not contract._suspension_runs() and contract.state in ("suspended", "notice"))
        over._transition("resume")
        return done

    def _suspension_runs(self):
        return any(one.state == "running" for one in self.suspension_ids)

    def _begin(self, suspension):
        """Let a planned suspension begin, or cancel it where the contract ended before. [(suspension, what)]."""
        if self.state not in IN_FORCE:
            suspension.state = "cancelled"
            return [(suspension, self.env._("cancelled: the contract had ended before"))]
        if self.date_end and suspension.date_start > self.date_end:
            return []  # it is to end, or to be renewed, first
        suspension.state = "running"
        self._shift_end(suspension, self.env._("Suspended: %s", suspension.display_name))
        return [(suspension, self.env._("began on %s", format_date(self.env, suspension.date_start)))]

