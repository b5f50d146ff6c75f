"""Waivers: a penalty is let go, wholly or in part, for a reason. One person asks, another one decides.

What was posted is not waived any more: it is reversed by a counter-entry.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_repr, format_amount

from .penalty_course import PARTIES, SETTLERS

WAIVABLE = ("draft", "reviewed", "approved")


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    may_decide_waiver = fields.Boolean(compute="_compute_may_decide_waiver")

    @api.depends("waiver_state", "waiver_asked_by_id")
    @api.depends_context("uid")
    def _compute_may_decide_waiver(self):
        allowed = self.env.user.has_groups(SETTLERS)
        for penalty in self:
            penalty.may_decide_waiver = (
                allowed and penalty.waiver_state == "asked" and penalty.waiver_asked_by_id != self.env.user)

    def action_waive(self, amount=None, reason=None):
        """Ask that ``amount`` of each penalty (above zero, of a bonus too; empty: all that is left) be let go."""
        self._check_may(PARTIES, self.env._(
            "Only an account manager, legal, finance or an administrator asks for a waiver."))
        reason = self._check_words(reason)
        for penalty in self:
            penalty._check_waivable()
            left = abs(penalty._money(penalty.amount))
            asked = left if amount is None or amount is False else penalty._waived(amount, left)
            penalty._write_guarded({
                "waiver_state": "asked", "waiver_amount": float(asked), "waiver_reason": reason,
                "waiver_asked_by_id": self.env.uid, "waiver_decided_by_id": False, "waiver_answer": False})
            penalty._message_log(body=self.env._(
                "Waiver of %(amount)s asked for: %(reason)s", reason=reason,
                amount=format_amount(self.env, float(asked), penalty.currency_id)))

    def _check_waivable(self):
        if self.state == "posted":
            raise UserError(self.env._(
                "Penalty %s is posted. Reverse it: the counter-entry takes it back.", self.display_name))
        if self.state not in WAIVABLE:
            self._refuse_move()
        if self.waiver_state == "asked":
            raise UserError(self.env._("A waiver of penalty %s has been asked for already.", self.display_name))

    def _waived(self, amount, left):
        """``amount`` as a Decimal of the currency; raises UserError unless it lies above 0 and at most at ``left``."""
        currency = self.currency_id
        try:
            value = float(amount)
            asked = Decimal(float_repr(value, currency.decimal_places))
        except (TypeError, ValueError, ArithmeticError):
            raise UserError(self.env._("Waiver of %(name)s: “%(amount)s” is not an amount.",
                                       name=self.display_name, amount=amount)) from None
        if not asked.is_finite() or not 0 < asked <= left or currency.compare_amounts(value, float(asked)) or (
                abs(value - float(asked)) > 1e-9):
            raise UserError(self.env._(
                "Waiver of %(name)s: %(amount)s is not possible. It lies above 0 and is at most %(left)s, in whole "
                "%(unit)s.", name=self.display_name, amount=amount,
                left=format_amount(self.env, float(left), currency), unit=currency.rounding))
        return asked

    def action_approve_waiver(self):
        """Let it go. Legal, finance or an administrator, and not who asked."""
        self._check_decides_waiver()
        for penalty in self:
            sign = -1 if penalty.assessed < 0 else 1
            waived = penalty._money(penalty.waived_amount) + sign * penalty._money(penalty.waiver_amount)
            values = {
                "waived_amount": float(waived), "waiver_state": "approved", "waiver_decided_by_id": self.env.uid}
            if waived == penalty._money(penalty.assessed):
                penalty._move("waive", **values)
            else:
                penalty._write_guarded(values)

    def action_refuse_waiver(self, reason=None):
        """The penalty stands as it is, for a reason."""
        self._check_decides_waiver()
        reason = self._check_words(reason)
        self._write_guarded({
            "waiver_state": "refused", "waiver_decided_by_id": self.env.uid, "waiver_answer": reason})

    def _check_decides_waiver(self):
        self._check_may(SETTLERS, self.env._("Only legal, finance or an administrator decides on a waiver."))
        for penalty in self:
            if penalty.waiver_state != "asked" or penalty.state not in WAIVABLE:
                raise UserError(self.env._("No waiver of penalty %s waits for a decision.", penalty.display_name))
            if penalty.waiver_asked_by_id == self.env.user:
                raise AccessError(self.env._(
                    "You asked for the waiver of penalty %s: somebody else decides on it.", penalty.display_name))

    def _waiver_dropped(self):
        """Values of a waiver that needs no decision any more."""
        return {"waiver_state": False, "waiver_amount": 0.0} if self.waiver_state == "asked" else {}
