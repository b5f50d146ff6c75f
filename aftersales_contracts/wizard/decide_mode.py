"""Decide on a service mode: the recommended one, or another with its reason."""

from odoo import api, fields, models

from ..models.contract.contract import SERVICE_MODES


class DecideMode(models.TransientModel):
    _name = "aftersales.decide.mode"
    _description = "Decision on a Service Mode"

    comparison_id = fields.Many2one("aftersales.mode.comparison", required=True, readonly=True, ondelete="cascade")
    recommended = fields.Selection(related="comparison_id.recommended")
    recommendation = fields.Text(related="comparison_id.recommendation")
    mode = fields.Selection(
        SERVICE_MODES, compute="_compute_mode", store=True, readonly=False, precompute=True, required=True)
    reason = fields.Text()

    @api.depends("comparison_id")
    def _compute_mode(self):
        for wizard in self:
            wizard.mode = wizard.mode or wizard.comparison_id.recommended

    def action_confirm(self):
        """Take the decision; the comparison checks the rights."""
        for wizard in self:
            wizard.comparison_id.action_decide(wizard.mode, wizard.reason)
