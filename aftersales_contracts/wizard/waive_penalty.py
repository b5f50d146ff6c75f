"""Asks how much of penalties is to be let go, and why; somebody else decides on it."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class WaivePenalty(models.TransientModel):
    _name = "aftersales.waive.penalty"
    _description = "Ask for a Waiver"

    penalty_ids = fields.Many2many(
        "aftersales.penalty", string="Penalties", required=True, default=lambda self: self._chosen())
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    whole = fields.Boolean(string="All of It", default=True)
    amount = fields.Monetary(help="Above zero; at most what is left.")
    reason = fields.Text(required=True)
    single = fields.Boolean(compute="_compute_currency_id")

    @api.model
    def _chosen(self):
        if self.env.context.get("active_model") != "aftersales.penalty":
            return False
        return self.env["aftersales.penalty"].browse(self.env.context.get("active_ids") or ())

    @api.depends("penalty_ids")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.single = len(wizard.penalty_ids) == 1
            wizard.currency_id = wizard.penalty_ids[:1].currency_id

    def action_ask(self):
        """Ask for the waiver of each penalty; a part only of a single one."""
        self.ensure_one()
        if not self.penalty_ids:
            raise UserError(self.env._("Choose the penalties that are to be waived."))
        if not self.whole and not self.single:
            raise UserError(self.env._("A part is waived of one penalty at a time."))
        self.penalty_ids.action_waive(None if self.whole else self.amount, self.reason)
        return {"type": "ir.actions.act_window_close"}
