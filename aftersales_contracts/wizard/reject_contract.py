from odoo import fields, models


class RejectContract(models.TransientModel):
    """Reject: why a contract in review goes back to its author."""

    _name = "aftersales.reject.contract"
    _description = "Reject a Contract"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_reject(self):
        """Send the contract back to draft."""
        self.ensure_one()
        self.contract_id.action_reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
