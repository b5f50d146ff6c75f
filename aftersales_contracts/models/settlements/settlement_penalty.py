"""Penalties of dealers are netted with their shares: one that stands on a settlement is posted with it, and only so."""

from odoo import models

from ..penalties.penalty_plan import ENDED


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _settlement_lines(self):
        """The lines of settlements that these penalties stand on."""
        return self.env["aftersales.settlement.line"].sudo().search([("penalty_id", "in", self.ids)])  # whose ever

    def _waits_for_settlement(self):
        """Whether the next settlement of the dealer nets it: its clause deducts, and the contract shares revenue."""
        self.ensure_one()
        return (self.kind == "dealer" and self.settle_by == "next_invoice" and not self.credit_instead
                and bool(self.contract_id.share_ids) and self.contract_id.state not in ENDED)

    def _waits_for_invoice(self):
        return super()._waits_for_invoice() or self._waits_for_settlement()

    def _not_ready(self):
        """What a settlement says is posted by it, and what the next one nets waits for it."""
        found = super()._not_ready()
        for penalty in self.filtered(lambda one: one.state == "approved" and one._waits_for_settlement()):
            found[penalty] = [self.env._("the dealer's next settlement nets it")]
        for line in self._settlement_lines():
            gap = self.env._("it stands on settlement %s, which posts it", line.settlement_id.name)
            found[self.browse(line.penalty_id.id)] = [gap]
        return found

    def _payer(self, day):
        """Of what stands on a settlement: who gets the document that it is deducted on."""
        self.ensure_one()
        if self.kind == "dealer":
            settlement = self._settlement_lines().settlement_id[:1]
            if settlement:
                return (settlement.booked_with_id or settlement)._payees()[0][0]
        return super()._payer(day)
