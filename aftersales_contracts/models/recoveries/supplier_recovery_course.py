"""The course of a recovery: the supplier's answer, the part on its way, and what is written off. Finance's work."""

from decimal import Decimal

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_repr, format_amount

FINANCE = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"
ANSWERED = ("accepted", "partly")


class SupplierRecovery(models.Model):
    _inherit = "aftersales.supplier.recovery"

    def action_accept(self):
        """The supplier refunds all that was claimed."""
        self._check_may_settle()
        for one in self:
            one._require("sent")
            one._take_answer("accepted", one.amount)

    def action_accept_part(self, amount=None, reason=None):
        """The supplier refunds ``amount``, more than nothing and less than was claimed: for a reason."""
        self._check_may_settle()
        self.ensure_one()
        self._require("sent")
        reason = self._check_reason(reason)
        accepted = self._amount_of(amount)
        if not 0 < accepted < self.amount:
            raise UserError(self.env._(
                "%(recovery)s: %(amount)s is not possible. What is accepted in part lies above 0 and below what was "
                "claimed, %(claimed)s.", recovery=self.display_name, amount=amount,
                claimed=format_amount(self.env, self.amount, self.currency_id)))
        self._take_answer("partly", accepted, reason)

    def action_refuse(self, reason=None):
        """The supplier refunds nothing: for a reason."""
        self._check_may_settle()
        reason = self._check_reason(reason)
        for one in self:
            one._require("sent")
            one._take_answer("refused", 0.0, reason)

    def action_write_off(self, reason=None):
        """Nothing more is expected, as from a supplier that is insolvent: for a reason. A credit note must be gone."""
        self._check_may_settle()
        reason = self._check_reason(reason)
        for one in self:
            if one.state not in ("draft", "sent", *ANSWERED):
                one._require("sent")
            if one._credited():
                raise UserError(self.env._(
                    "%(recovery)s has the credit note %(move)s. Cancel or reverse it first.",
                    recovery=one.display_name, move=one.sudo().move_id.display_name))
            one._write_guarded({
                "state": "written_off", "accepted_amount": 0.0, "reason": reason, "decided_by_id": self.env.uid})

    def action_part_sent(self):
        """The faulty part is on its way to the supplier."""
        self._check_may_move_part()
        for one in self:
            if one.part_return != "required":
                raise UserError(self.env._("%s: no part waits to be sent to the supplier.", one.display_name))
            if one.line_id.return_state in ("required", "sent", "missing"):
                raise UserError(self.env._(
                    "%(recovery)s: the part is not here yet, it is to come back with claim %(claim)s first.",
                    recovery=one.display_name, claim=one.claim_id.name))
        self.sudo()._write_guarded({  # agents handle parts, not money
            "part_return": "sent", "part_sent_on": self[:1]._today() if self else False})

    def action_part_received(self):
        """The supplier has the faulty part."""
        self._check_may_move_part()
        for one in self:
            if one.part_return != "sent":
                raise UserError(self.env._("%s: no part is on its way to the supplier.", one.display_name))
        self.sudo()._write_guarded({  # agents handle parts, not money
            "part_return": "received", "part_received_on": self[:1]._today() if self else False})

    # --- checks --------------------------------------------------------------------------------------------------

    def _check_may_settle(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_groups(FINANCE)):
            raise AccessError(self.env._("Only finance or an administrator settles what suppliers refund."))

    def _check_may_move_part(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("aftersales_contracts.group_user")):
            raise AccessError(self.env._("Only people of the service send parts to suppliers."))

    def _check_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("%s: give the reason.", self[:1].display_name))
        return reason

    def _require(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        if self.state != state:
            raise UserError(self.env._(
                "%(recovery)s is %(state)s, not %(wanted)s.", recovery=self.display_name,
                state=labels[self.state].lower(), wanted=labels[state].lower()))

    def _amount_of(self, amount):
        try:
            value = Decimal(float_repr(float(amount), self.currency_id.decimal_places))
        except (TypeError, ValueError, ArithmeticError):
            value = Decimal("NaN")
        if not value.is_finite():
            raise UserError(self.env._(
                "%(recovery)s: “%(amount)s” is not an amount.", recovery=self.display_name, amount=amount))
        return float(value)

    def _take_answer(self, state, accepted, reason=None):
        self._write_guarded({
            "state": state, "accepted_amount": accepted, "reason": reason or False, "answered_on": self._today(),
            "decided_by_id": self.env.uid})
