"""Suspend: shows what stands still and how the last day moves, before the suspension is recorded."""

from odoo import api, fields, models


class Suspend(models.TransientModel):
    _name = "aftersales.suspend"
    _description = "Suspend a Contract"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="contract_id.partner_id")
    date_start = fields.Date(string="First Day", required=True, default=fields.Date.context_today)
    date_end = fields.Date(string="Last Day", help="The last day suspended; empty: until it is resumed.")
    reason = fields.Char(required=True)
    requested_by_id = fields.Many2one("res.partner", string="Requested by")
    pauses_clock = fields.Boolean(string="Clocks Stand Still", default=True)
    pauses_billing = fields.Boolean(string="Billing Paused", default=True)
    pauses_cover = fields.Boolean(string="Cover Paused", default=True)
    shifts_end = fields.Boolean(string="Moves the Last Day", default=True)
    preview = fields.Json(string="What It Does", compute="_compute_preview")

    @api.depends(
        "contract_id", "date_start", "date_end", "pauses_clock", "pauses_billing", "pauses_cover", "shifts_end")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard.contract_id and wizard.contract_id._suspension_preview(
                wizard.date_start, wizard.date_end, wizard.pauses_clock, wizard.pauses_billing, wizard.pauses_cover,
                wizard.shifts_end)

    def action_confirm(self):
        """Record the suspension; rights and state are checked by the contract."""
        self.ensure_one()
        self.contract_id.suspend(
            self.date_start, self.reason, self.date_end, self.pauses_clock, self.pauses_billing, self.pauses_cover,
            self.shifts_end, self.requested_by_id.id)
        return {"type": "ir.actions.act_window_close"}
