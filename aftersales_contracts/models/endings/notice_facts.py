"""What comes after a notice was registered: its receipt, the cure of a breach, its withdrawal.

Each is added once, with evidence, and the notices of the contract are judged again.
"""

from odoo import fields, models
from odoo.exceptions import UserError

from .notice_evidence import given


class Notice(models.Model):
    _inherit = "aftersales.notice"

    def record_receipt(self, received_at, note=None, attachment_ids=()):
        """Add the proof that registered notices were received. ``received_at``: UTC, datetime or text."""
        at, files = fields.Datetime.to_datetime(received_at), given(self.env, attachment_ids)
        for notice in self._open_for_facts():
            if notice.received_at:
                raise UserError(self.env._(
                    "Notice %(notice)s: its receipt is on record (%(at)s UTC).", notice=notice.display_name,
                    at=notice.received_at))
            notice._refuse_future("received_at", at)
            if not at or notice.sent_at and at < notice.sent_at:
                raise UserError(self.env._(
                    "Notice %(notice)s cannot be received at %(at)s, before it was sent.",
                    notice=notice.display_name, at=at))
            notice._need_proof(files, note)
            notice._keep("receipt", files, note)
            notice._write_unguarded({"received_at": at})
        self.contract_id._judge_notices()

    def withdraw(self, agreed_by, note=None, attachment_ids=()):
        """Record that registered notices were withdrawn and the other side agreed. ``agreed_by``: id of a partner."""
        files = given(self.env, attachment_ids)
        partner = self.env["res.partner"].browse(agreed_by).exists()
        for notice in self._open_for_facts():
            if not partner:
                raise UserError(self.env._(
                    "Notice %s: name who of the other side agreed to its withdrawal.", notice.display_name))
            if notice.contract_id.state in ("expired", "terminated"):
                raise UserError(self.env._(
                    "Notice %(notice)s cannot be withdrawn: contract %(contract)s has ended.",
                    notice=notice.display_name, contract=notice.contract_id.display_name))
            notice._need_proof(files, note)
            notice._keep("withdrawal", files, note)
            notice._write_unguarded({
                "state": "withdrawn", "withdrawn_at": fields.Datetime.now(), "withdrawn_by_id": self.env.uid,
                "withdrawal_agreed_by_id": partner.id})
        self.contract_id._judge_notices()

    def record_cure(self, cured_on, note=None, attachment_ids=()):
        """Add the proof that notified breaches were cured on the day ``cured_on`` (a date, or ISO text)."""
        day, files = fields.Date.to_date(cured_on), given(self.env, attachment_ids)
        for notice in self._open_for_facts():
            if notice.kind != "breach" or notice.cured_on or not day:
                raise UserError(self.env._(
                    "Notice %s: only a notified breach is cured, once, on a day.", notice.display_name))
            notice._need_proof(files, note)
            notice._keep("cure", files, note)
            notice._write_unguarded({"cured_on": day})
        self.env["aftersales.termination"].sudo()._breach_cured(self)  # what the cure ends is nobody's choice

    def _open_for_facts(self):
        """``self``, whose rights are checked; raises UserError for a notice that takes no more facts."""
        self.check_access("write")
        for notice in self:
            if notice.state != "registered":
                raise UserError(self.env._(
                    "Notice %s is not registered, or it was withdrawn.", notice.display_name))
        return self

    def _need_proof(self, files, note):
        if not files and not (note or "").strip():
            raise UserError(self.env._("Notice %s: add a file, or a note of what proves it.", self.display_name))

    def action_follow_up(self):
        """Ask for a later fact of this notice: the context says which (receipt, withdrawal, cure)."""
        self.ensure_one()
        self.check_access("write")
        what = self.env.context.get("default_what", "receipt")
        return {
            "type": "ir.actions.act_window", "name": self.env._("Later Fact"), "target": "new",
            "res_model": "aftersales.notice.follow.up", "view_mode": "form",
            "context": {"default_notice_id": self.id, "default_what": what}}
