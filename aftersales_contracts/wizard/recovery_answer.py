"""What a supplier answered, or why nothing more is expected of it."""

from odoo import api, fields, models


class RecoveryAnswer(models.TransientModel):
    _name = "aftersales.recovery.answer"
    _description = "Supplier's Answer"

    recovery_ids = fields.Many2many("aftersales.supplier.recovery", string="Recoveries", required=True)
    single = fields.Boolean(compute="_compute_single")
    answer = fields.Selection(
        [("accepted", "Accepted"), ("partly", "Accepted in Part"), ("refused", "Refused"),
         ("written_off", "Write Off")], required=True, default="accepted")
    currency_id = fields.Many2one("res.currency", compute="_compute_single")
    amount = fields.Monetary(string="Accepted Amount")
    reason = fields.Text()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "aftersales.supplier.recovery":
            values.setdefault("recovery_ids", [(6, 0, self.env.context.get("active_ids", []))])
        return values

    @api.depends("recovery_ids")
    def _compute_single(self):
        for wizard in self:
            wizard.single = len(wizard.recovery_ids) == 1
            wizard.currency_id = wizard.recovery_ids[:1].currency_id

    def action_confirm(self):
        """Record the answer; the recoveries check who may and what is possible."""
        self.ensure_one()
        recoveries = self.recovery_ids
        if self.answer == "accepted":
            recoveries.action_accept()
        elif self.answer == "partly":
            recoveries.action_accept_part(self.amount, self.reason)
        elif self.answer == "refused":
            recoveries.action_refuse(self.reason)
        else:
            recoveries.action_write_off(self.reason)
        return {"type": "ir.actions.act_window_close"}
