"""Deduction: penalties whose clause says so go on the contract's next invoice instead of a credit note of their own.

What billing calls: `_deductions_for` for what waits, `_fitting` for what an invoice has room for, `_deduction_values`
for its lines. A penalty is never split, and an invoice never falls below zero: what does not fit waits for the next
one. Nothing is booked by putting the line on a draft: posting the invoice posts the penalty, deleting the draft frees
it again.
"""

from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    @api.model
    def _deductions_for(self, contracts):
        """The penalties that wait for the next invoices of ``contracts``, oldest first, locked for this transaction.

        Approved, undisputed, on no draft yet, and bookable. Bonuses are among them (their amount is negative). Those
        that another transaction works on are left for the next invoice.
        """
        waiting = self.search(
            Domain("contract_id", "in", contracts.ids) & Domain("state", "=", "approved")
            & Domain("clause_id.settle_by", "=", "next_invoice") & Domain("credit_instead", "=", False)
            & Domain("kind", "!=", "dealer"),
            order="contract_id, period_start, id").try_lock_for_update(allow_referencing=True)
        drafts = waiting._on_drafts()
        return waiting.filtered(lambda penalty: penalty not in drafts and not penalty._deduction_gaps()).sorted(
            lambda penalty: (penalty.contract_id.id, penalty.period_start, penalty.id))

    def _deduction_gaps(self):
        """What keeps it off the next invoice: phrases."""
        self.ensure_one()
        booking = self._booking()
        return [*self._posting_gaps(), *self._account_gaps(booking), *self._analytic_gaps()]

    def _fitting(self, room, currency):
        """Those of ``self``, in their order, that an invoice in ``currency`` has ``room`` for (a Decimal: its total
        before taxes). A bonus makes room; what is left must not be below zero. Of another currency: none."""
        room = Decimal(room)
        fitting = self.browse()
        for penalty in self.filtered(lambda one: one.currency_id == currency).sorted(
                lambda one: (one.amount > 0, one.period_start, one.id)):
            amount = penalty._money(penalty.amount)
            if amount <= room:
                room -= amount
                fitting |= penalty
        return fitting

    def _deduction_values(self, refund=False, booking=None):
        """Values of the line of this penalty for an invoice (or ``refund``) that billing makes: ``name``, ``quantity``,
        ``price_unit`` (negative on an invoice), ``account_id``, ``tax_ids``, ``analytic_distribution`` and
        ``aftersales_penalty_id``, by which posting the document posts the penalty."""
        self.ensure_one()
        return self._line_values(booking or self._booking(), refund)

    def _deducted(self, lines):
        """Check that ``lines`` (account.move.line by penalty, as made from `_deduction_values`) come to what is owed.

        Raises UserError where taxes make another amount of it.
        """
        for penalty, line in lines.items():
            line.move_id._check_penalty_total(penalty)
