"""Part returns: the faulty part is asked back, sent, received or missing, and perhaps used again (row 21)."""

from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

OUTSTANDING = ("required", "sent")


class WarrantyClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    def _ask_return(self):
        """Approved parts whose return is required are waited for from now on."""
        for line in self:
            asked = line.kind == "parts" and line.return_required and line.decision in ("approved", "partly")
            if asked and line.return_state == "none":
                until = line.claim_id._today() + timedelta(days=line.company_id.claim_return_days)
                line._write_guarded({"return_state": "required", "return_until": until})

    def action_part_sent(self, day=None):
        """The part is on its way back. ``day``: empty for today."""
        self.check_access("write")
        self._part_sent(day)

    def _part_sent(self, day=None):
        """As ``action_part_sent``, for doors that have checked who may say so, such as the dealer's portal."""
        self._check_return(("required", "missing"))
        for line in self:
            line._write_guarded({"return_state": "sent", "return_sent_on": line._return_day(day)})

    def action_part_received(self, reused=False, day=None):
        """The part has arrived. ``reused``: it, or a part of it, is used again."""
        self.check_access("write")
        self._check_return((*OUTSTANDING, "missing"))
        for line in self:
            line._write_guarded({
                "return_state": "received", "return_received_on": line._return_day(day), "reused": bool(reused)})
        self.claim_id._decided()  # what waited for the part need not wait any more

    def action_part_reused(self):
        """A part that was received is used again after all."""
        self.check_access("write")
        self._check_return(("received",))
        self._write_guarded({"reused": True})

    def action_part_missing(self, reason=None):
        """The part never came."""
        self.check_access("write")
        self._check_return(OUTSTANDING)
        reason = self.claim_id[:1]._check_reason(reason)
        self._write_guarded({"return_state": "missing", "return_reason": reason})

    def action_waive_return(self, reason=None):
        """The part need not come back, such as where freight costs more. By who decides on claims."""
        self.claim_id._check_decides()
        self._check_return((*OUTSTANDING, "missing"))
        reason = self.claim_id[:1]._check_reason(reason)
        self._write_guarded({"return_state": "waived", "return_reason": reason})
        self.claim_id._decided()

    def _return_day(self, day):
        today = self.claim_id._today()
        day = self._fields["return_until"].to_date(day) if day else today
        if day > today:
            raise UserError(self.env._(
                "Part %(part)s of claim %(claim)s: %(day)s lies in the future.", part=self.name, day=day,
                claim=self.claim_id.display_name))
        return day

    def _check_return(self, states):
        labels = dict(self._fields["return_state"]._description_selection(self.env))
        for line in self:
            if line.return_state not in states:
                raise UserError(self.env._(
                    "Part %(part)s of claim %(claim)s: its return is “%(state)s”, so this is not possible.",
                    part=line.name, claim=line.claim_id.display_name, state=labels[line.return_state]))
