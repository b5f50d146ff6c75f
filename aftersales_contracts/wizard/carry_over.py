"""Asks why something is left for a later month; and why a drift can be lived with."""

from odoo import fields, models


class CarryOver(models.TransientModel):
    _name = "aftersales.carry.over"
    _description = "Carry Over into a Later Month"

    close_id = fields.Many2one("aftersales.period.close", string="Month", required=True, readonly=True)
    item_keys = fields.Json(required=True, readonly=True, help="Ids of the rows that need a decision.")
    count = fields.Integer(string="Rows", compute="_compute_count")
    reason = fields.Char(required=True)

    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.item_keys or [])

    def action_confirm(self):
        """Carry the rows over; the rights are checked there."""
        for wizard in self:
            items = wizard.env["aftersales.period.item"].search([
                ("id", "in", [int(key) for key in wizard.item_keys or []]), ("close_id", "=", wizard.close_id.id)])
            items.action_carry_over(wizard.reason)


class AcceptDrift(models.TransientModel):
    _name = "aftersales.accept.drift"
    _description = "Accept Drift"

    drift_ids = fields.Many2many("aftersales.drift", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Accept the differences; the rights are checked there."""
        for wizard in self:
            wizard.drift_ids.action_accept(wizard.reason)
