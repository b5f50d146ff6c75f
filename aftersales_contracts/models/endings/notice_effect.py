"""What the notices of a contract do to it: judged by ``engine.notice_log``, and followed by the contract's state.

Of the notices that end a contract, those given in its current term are judged together whenever a fact is added, each
in the zone and on the business days of who received it. One of them at most is effective. A contract whose notice is
effective, or whose termination is planned, is under notice; without either it goes on as before.
"""

from datetime import UTC, date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...engine.notice import LastSafeDay
from ...engine.notice_log import Notice, judge
from .contract_notice import _time
from .notice import ENDING

IN_FORCE = ("active", "suspended", "notice")


class Contract(models.Model):
    _inherit = "aftersales.contract"

    notice_ids = fields.One2many("aftersales.notice", "contract_id", string="Notices", copy=False)
    notice_count = fields.Integer(compute="_compute_notice_count")
    effective_notice_id = fields.Many2one(
        "aftersales.notice", string="Notice in Effect", compute="_compute_effective_notice_id")

    def _compute_notice_count(self):
        self._count_into("notice_count", "aftersales.notice", [])

    @api.depends("notice_ids.effective", "notice_ids.state")
    def _compute_effective_notice_id(self):
        for contract in self:
            start = contract._current_term_start()
            contract.effective_notice_id = contract.notice_ids.filtered(
                lambda notice, start=start: notice.effective and notice.term_start == start)[:1]

    def _current_term_start(self):
        """The first day of the term that runs: notices belong to the term they were given in."""
        self.ensure_one()
        return self.term_start or self.date_start

    def _agreed_end(self):
        """The last day that was agreed, before a notice or a planned termination moved it; False: open-ended."""
        self.ensure_one()
        planned = self._planned_termination()
        if planned:
            return planned.previous_end
        return False if self.effective_notice_id.sets_end else self.date_end

    def _planned_termination(self):
        """The termination on record whose day has not come."""
        return self.env["aftersales.termination"]

    # --- the verdict -------------------------------------------------------------------------------------------------

    def _judge_notices(self):
        """Judge the notices of the current term again, and let state and last day follow."""
        # Whoever registers a notice may have no right to write the contract, a lawyer for one: the rights on the
        # notice were checked, and what the contract does is its consequence.
        for contract in self.sudo():
            start = contract._current_term_start()
            agreed = contract._agreed_end()
            notices = contract.notice_ids.filtered(lambda n, start=start: n.state != "draft" and n.term_start == start)
            contract._judge(notices, agreed)
            contract._follow_notices(agreed)

    def _judge(self, notices, agreed):
        """Write the verdict on each of ``notices``; ``agreed``: the last day agreed on, or False."""
        judged = {}
        for direction, own in notices.grouped("direction").items():
            safe = self._safe_day(direction, agreed) or self._no_deadline()
            own = own.sorted("id")
            verdict = judge(
                [notice._as_logged() for notice in own], safe, self._notice_zone(direction),
                self._notice_calendar(direction)._business_days())
            for notice, step in zip(own, verdict.steps, strict=False):  # a last step tells which one decides
                judged[notice] = step.value or False, safe.latest
        valid = [notice for notice, (day, latest) in judged.items() if not notice._objection(day, latest)]
        first = min(valid, key=lambda n: (judged[n][0], n.received_at or n.sent_at, n.id), default=None)
        for notice in sorted(judged, key=lambda n: n == first):  # the old effective one steps down before
            day, latest = judged[notice]
            notice._judged(day, latest, notice == first, agreed)
        notices.flush_recordset()

    def _would_count(self, notice, safe):
        """(day, objection) of one notice that is not on record; ``safe``: the `LastSafeDay`, None: no last day."""
        safe = safe or self._no_deadline()
        verdict = judge([notice._as_logged()], safe, self._notice_zone(notice.direction),
                        self._notice_calendar(notice.direction)._business_days())
        day = verdict.steps[0].value or False
        return day, notice._objection(day, safe.latest)

    def _no_deadline(self):
        """The `LastSafeDay` of a contract without a last day: any notice is in time."""
        return LastSafeDay(date.max, date.max, date.max, self.notice_receipt, _time(self.notice_cut_off), ())

    # --- what follows ------------------------------------------------------------------------------------------------

    def _follow_notices(self, agreed):
        """Put the contract under notice or take it out, and move its last day where the notice sets it."""
        self.ensure_one()
        self.invalidate_recordset(["effective_notice_id"])
        notice, planned = self.effective_notice_id, self._planned_termination()
        ends = [day for day in (agreed, notice.ends_on, planned.last_day) if day]
        end = min(ends, default=False)
        values = {"date_end": end} if end != self.date_end else {}
        if (notice or planned) and self.state in ("active", "suspended"):
            self._transition("give_notice", **values)
        elif not notice and not planned and self.state == "notice":
            self._transition("withdraw_notice", **values)
        elif values and self.state in IN_FORCE:
            self._write_unlocked(values)
        else:
            return
        if values:
            self._record_change(
                self._local_today(), self.env._("The last day is now %s.", format_date(self.env, end) if end else "-"))

    # --- moves by people ---------------------------------------------------------------------------------------------

    def give_notice(self, direction="sent", kind="non_renewal", sent_at=None, received_at=None, method=None,
                    authorised=True, note=None, attachment_ids=(), **more):
        """Log one notice on this contract and register it. For screens and remote calls; returns its id.

        :param direction: "sent" (by us) or "received"; ``kind``: termination, non_renewal, breach or other
        :param sent_at: UTC, ``datetime`` or "YYYY-MM-DD HH:MM:SS"; ``received_at`` likewise, empty: not proven yet
        :param more: sender_id, signed_by, authority
        :raise UserError: not signed, ended, no evidence, an instant in the future
        """
        self.ensure_one()
        unknown = set(more) - {"sender_id", "signed_by", "authority"}
        if unknown:
            raise UserError(self.env._("A notice has no %s.", ", ".join(sorted(unknown))))
        notice = self.env["aftersales.notice"].create({
            "contract_id": self.id, "direction": direction, "kind": kind, "sent_at": sent_at or False,
            "received_at": received_at or False, "method": method or self.notice_method, "authorised": authorised,
            "note": note, "attachment_ids": [fields.Command.set(attachment_ids)], **more})
        notice.action_register()
        return notice.id

    def action_give_notice(self):
        """Open the dialog that shows the last safe day, and what a notice does, before it is given."""
        self.ensure_one()
        self.env["aftersales.notice"].check_access("create")
        self.check_access("read")
        return self._dialog("aftersales.give.notice", self.env._("Give Notice"))

    def action_withdraw_notice(self):
        """Open the dialog that records the withdrawal of the notice in effect."""
        self.ensure_one()
        self.env["aftersales.notice"].check_access("write")
        self._state_after("withdraw_notice")
        if not self.effective_notice_id:
            raise UserError(self.env._(
                "Contract %s is under notice because its termination is planned: cancel the termination.",
                self.display_name))
        return self.effective_notice_id.with_context(default_what="withdrawal").action_follow_up()

    def action_view_notices(self):
        return self._action("action_notice", [], default_contract_id=self.id)

    def _dialog(self, model, name):
        return {"type": "ir.actions.act_window", "name": name, "res_model": model, "view_mode": "form",
                "target": "new", "context": {"default_contract_id": self.id}}


class NoticeVerdict(models.Model):
    _inherit = "aftersales.notice"

    def _as_logged(self):
        """The engine's `Notice` of this record; instants are UTC."""
        self.ensure_one()
        sent, received, withdrawn = (
            at.replace(tzinfo=UTC) if at else None for at in (self.sent_at, self.received_at, self.withdrawn_at))
        return Notice(str(self.id), sent, received, self.authorised, withdrawn)

    def _objection(self, day, latest):
        """Why this notice does not end the contract: a value of ``reason``, or False."""
        if self.state == "withdrawn":
            return "withdrawn"
        if self.kind not in ENDING:
            return "other"
        if not self.authorised:
            return "authority"
        if not day:
            return "unproven"
        return "late" if day > latest else False

    def _judged(self, day, latest, is_first, agreed):
        """Write what was judged, where it differs."""
        contract = self.contract_id
        objection = self._objection(day, latest)
        ends_on = (agreed or contract._earliest_end(day)) if is_first else False
        values = {
            "counts_on": day, "deadline": latest if latest != date.max and self.kind in ENDING else False,
            "effective": is_first, "reason": False if is_first or objection == "other" else objection or "second",
            "ends_on": ends_on, "sets_end": is_first and not agreed}
        values = {name: value for name, value in values.items() if self[name] != value}
        if values:
            self._write_unguarded(values)
            self.flush_recordset()
