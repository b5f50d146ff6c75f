"""Extend the warranty of assets by hand, where no order line does it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ExtendedSale(models.TransientModel):
    _name = "aftersales.extended.sale"
    _description = "Sale of an Extended Warranty"

    asset_ids = fields.Many2many("aftersales.asset", string="Assets", required=True)
    product_id = fields.Many2one(
        "product.product", string="Extended Warranty", required=True,
        domain=[("product_tmpl_id.aftersales_extended_policy_id", "!=", False)])
    day = fields.Date(string="Sold on", required=True, default=fields.Date.context_today)
    terms = fields.Text(compute="_compute_terms")

    @api.depends("product_id")
    def _compute_terms(self):
        for sale in self:
            sale.terms = sale.product_id.aftersales_extended_policy_id.in_words

    def action_sell(self):
        """Give the assets the extended warranty; account managers do. Opens what was made."""
        self.ensure_one()
        if not self.env.user.has_group("aftersales_contracts.group_account_manager"):
            raise AccessError(self.env._("Extended warranties are sold by account managers."))
        self.asset_ids.check_access("read")
        if self.day > fields.Date.context_today(self):
            raise UserError(self.env._("The day of the sale, %s, is still to come.", self.day))
        covers = self.asset_ids._sell_extended(self.product_id, self.day)
        return {
            "type": "ir.actions.act_window", "name": self.env._("Extended Warranties"),
            "res_model": "aftersales.warranty.cover", "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", covers.ids)]}
