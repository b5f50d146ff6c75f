"""Top up: more capacity on demand, with its price and how long it can be used."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.plans.promise_terms import QUOTA_UNITS


class TopUpEntitlement(models.TransientModel):
    _name = "aftersales.entitlement.top.up"
    _description = "Top Up Entitlement"

    contract_id = fields.Many2one("aftersales.contract", required=True)
    entitlement_id = fields.Many2one(
        "aftersales.entitlement", domain="[('contract_id', '=', contract_id)]",
        help="Empty: a quota that the contract's promises do not have.")
    unit = fields.Selection(
        QUOTA_UNITS, string="What Is Bought", required=True, compute="_compute_unit", store=True, readonly=False,
        precompute=True)
    quantity = fields.Float(digits=(16, 2), required=True, default=1)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    price = fields.Monetary(help="What the customer pays for all of it.")
    last_day = fields.Date(string="Valid until", help="The last day on which it can be used; empty: without end.")
    note = fields.Char(help="Such as the number of the customer's order.")

    @api.depends("entitlement_id")
    def _compute_unit(self):
        for wizard in self:
            wizard.unit = wizard.entitlement_id.unit or wizard.unit or "visit"

    def action_top_up(self):
        """Add the capacity, once for each time this dialog is opened."""
        self.ensure_one()
        if self.entitlement_id and self.entitlement_id.contract_id != self.contract_id:
            raise UserError(self.env._("%(entitlement)s is not one of contract %(contract)s.",
                                       entitlement=self.entitlement_id.display_name,
                                       contract=self.contract_id.display_name))
        self.contract_id.top_up_entitlement(
            self.unit, self.quantity, self.last_day, self.price, self.note, f"wizard {self.id}",
            entitlement_id=self.entitlement_id.id)
        return {"type": "ir.actions.act_window_close"}
