"""Start billing contracts: from which day on, and what was billed elsewhere before."""

from odoo import fields, models


class StartBilling(models.TransientModel):
    _name = "aftersales.start.billing"
    _description = "Start Billing"

    contract_ids = fields.Many2many("aftersales.contract", required=True, string="Contracts", readonly=True)
    day = fields.Date(
        string="Billed from", required=True, default=fields.Date.context_today,
        help="Days before it are not billed here: they were billed elsewhere, or are free.")

    def action_start(self):
        """Bill these contracts automatically from the day on."""
        self.ensure_one()
        self.contract_ids.start_billing(self.day)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
