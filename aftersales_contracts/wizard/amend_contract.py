from odoo import fields, models

from ..models.versions.amendment import KINDS


class AmendContract(models.TransientModel):
    """Amend: from which day, what and why. The answer is the draft of an amendment."""

    _name = "aftersales.amend.contract"
    _description = "Amend a Contract"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True)
    effective_on = fields.Date(
        string="Takes Effect on", required=True, default=fields.Date.context_today,
        help="The first day on which the contract reads as amended; it may lie in the past or in the future.")
    kind = fields.Selection(KINDS, string="What It Amends", required=True, default="other")
    reason = fields.Text(required=True)

    def action_amend(self):
        """Draft the amendment and open it."""
        self.ensure_one()
        draft = self.contract_id.make_amendment(self.effective_on, self.reason, self.kind)
        return {"type": "ir.actions.act_window", "res_model": draft._name, "res_id": draft.id,
                "views": [(False, "form")]}


class CancelAmendment(models.TransientModel):
    """Cancel: why a signed amendment shall never take effect."""

    _name = "aftersales.cancel.amendment"
    _description = "Cancel an Amendment"

    amendment_id = fields.Many2one("aftersales.contract", required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_cancel(self):
        """Cancel the signed amendment before its day."""
        self.ensure_one()
        self.amendment_id.cancel_amendment(self.reason)
        return {"type": "ir.actions.act_window_close"}
