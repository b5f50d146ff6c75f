"""Approve or refuse goodwill, with the reason where one is needed."""

from odoo import fields, models


class DecideGoodwill(models.TransientModel):
    _name = "aftersales.decide.goodwill"
    _description = "Decide on Goodwill"

    goodwill_ids = fields.Many2many(
        "aftersales.goodwill", required=True, readonly=True,
        default=lambda self: self._default_goodwill())
    decision = fields.Selection([("approved", "Approve"), ("refused", "Refuse")], required=True, default="approved")
    reason = fields.Char()

    def _default_goodwill(self):
        """Those that it was opened from."""
        return self.env["aftersales.goodwill"].browse(self.env.context.get("active_ids", []))

    def action_decide(self):
        """Decide; rights, limits and the budget are checked by the goodwill itself."""
        self.ensure_one()
        if self.decision == "approved":
            return self.goodwill_ids.action_approve(self.reason)
        return self.goodwill_ids.action_refuse(self.reason)
