"""Settle a recovery: how much the supplier paid and when, or why it does not pay."""

from odoo import api, fields, models


class SettleRecovery(models.TransientModel):
    _name = "aftersales.settle.recovery"
    _description = "Settle a Recovery"

    recovery_id = fields.Many2one("aftersales.recovery", required=True, readonly=True, ondelete="cascade")
    outcome = fields.Selection(
        [("recovered", "The supplier paid or credited it"), ("refused", "The supplier does not pay")], required=True)
    currency_id = fields.Many2one(related="recovery_id.currency_id")
    claimed = fields.Monetary(related="recovery_id.amount")
    amount = fields.Monetary(
        string="Recovered", compute="_compute_amount", store=True, readonly=False, help="All of it, or a part.")
    day = fields.Date(string="On", default=fields.Date.context_today)
    reason = fields.Text()

    @api.depends("recovery_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.recovery_id.amount

    def action_confirm(self):
        """Take the decision on the recovery, which checks the rights."""
        for wizard in self:
            if wizard.outcome == "recovered":
                wizard.recovery_id.action_recover(wizard.amount, wizard.day)
            else:
                wizard.recovery_id.action_refuse(wizard.reason)
