"""Orders: what they start on confirmation, what stands against cancelling them, and the way to what they started."""

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    aftersales_start_ids = fields.One2many("aftersales.sale.start", "order_id", string="Contracts and Warranties")
    aftersales_contract_count = fields.Integer(
        string="Contracts", compute="_compute_aftersales_counts", compute_sudo=True)
    aftersales_cover_count = fields.Integer(
        string="Extended Warranties", compute="_compute_aftersales_counts", compute_sudo=True)

    @api.depends("aftersales_start_ids.contract_id", "aftersales_start_ids.cover_id")
    def _compute_aftersales_counts(self):
        for order in self:
            order.aftersales_contract_count = len(order.aftersales_start_ids.contract_id)
            order.aftersales_cover_count = len(order.aftersales_start_ids.cover_id)

    def _aftersales_customers(self):
        """The commercial partners to whom this order sells or delivers."""
        return (self.partner_id | self.partner_shipping_id).commercial_partner_id

    def _aftersales_machine_lines(self, product):
        """The lines of goods that what ``product`` sells could be for."""
        policy = product.sudo().aftersales_extended_policy_id  # what it sells is known to the service only
        return self.order_line.filtered(lambda line: (
            line.product_id.type == "consu" and not line.display_type and not line.is_downpayment
            and (not policy or policy._is_for_product(line.product_id))))

    def _action_confirm(self):
        result = super()._action_confirm()
        self.order_line._aftersales_confirm()
        return result

    def _action_cancel(self):
        """What has begun keeps its order; what has not goes with it."""
        self.aftersales_start_ids.filtered(lambda one: one.state != "cancelled")._cancel()
        return super()._action_cancel()

    def action_view_aftersales_contracts(self):
        """The contracts that this order started."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_contract")
        return {**action, "domain": [("id", "in", self.aftersales_start_ids.contract_id.ids)], "context": {}}

    def action_view_aftersales_covers(self):
        """The extended warranties that this order sold."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Extended Warranties"),
            "res_model": "aftersales.warranty.cover", "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.aftersales_start_ids.cover_id.ids)]}
