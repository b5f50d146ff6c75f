"""Contracts made from order lines, and the way back where the order is cancelled."""

from odoo import fields, models
from odoo.addons.aftersales_contracts.engine.contract_lifecycle import ENDED, LIVE
from odoo.exceptions import UserError, ValidationError


class SaleStart(models.Model):
    _inherit = "aftersales.sale.start"

    def _make_contract(self, day):
        """The contract of this unit from ``day`` on: from the product's template, its plan, or both."""
        self.ensure_one()
        order, product = self.order_id, self.product_id
        template, plan = product.aftersales_template_id, product.aftersales_plan_id
        if template.company_id and template.company_id != order.company_id:
            raise UserError(self.env._(
                "Order %(order)s: template %(template)s of product %(product)s is not of %(company)s.",
                order=order.name, template=template.display_name, product=product.display_name,
                company=order.company_id.name))
        customer = order.partner_id.commercial_partner_id
        values = {
            "title": f"{product.name} {self.asset_id.name}" if self.asset_id else product.name,
            "partner_id": customer.id, "company_id": order.company_id.id, "date_start": day,
            "currency_id": order.currency_id.id, "user_id": (template.user_id or order.user_id or self.env.user).id,
            **({"plan_id": plan.id} if plan else {})}
        if template:
            contract = template._make_contract({**values, "lang": customer.lang or template.lang})
        else:
            contract = self.env["aftersales.contract"].create(values)
        if self.asset_id and self.asset_id not in contract.cover_ids.asset_id:
            self.env["aftersales.cover"].create({"contract_id": contract.id, "asset_id": self.asset_id.id})
        # The order invoices what it sold: the contract does not a second time.
        contract.line_ids.filtered(lambda line: line.product_id == product).write({"cancelled": True})
        contract._message_log(body=self.env._("Sold by order %s", order.name))
        if product.aftersales_contract_state == "active":
            contract._put_in_force_sold(order)
        return contract


class Contract(models.Model):
    _inherit = "aftersales.contract"

    sale_start_ids = fields.One2many(
        "aftersales.sale.start", "contract_id", string="Sold by", groups="sales_team.group_sale_salesman")
    sale_order_count = fields.Integer(
        string="Orders", compute="_compute_sale_order_count", groups="sales_team.group_sale_salesman")

    def _compute_sale_order_count(self):
        for contract in self:
            contract.sale_order_count = len(contract._sale_orders())

    def _sale_orders(self):
        """The orders that sold this contract or are to renew it, as the reader may see them."""
        self.ensure_one()
        lines = self.env["sale.order.line"].search([("aftersales_renews_id", "=", self.id)])
        return self.env["sale.order"].search(
            ["|", ("id", "in", lines.order_id.ids), ("order_line.aftersales_start_ids.contract_id", "=", self.id)])

    def action_view_sale_orders(self):
        """The orders of this contract."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        return {**action, "domain": [("id", "in", self._sale_orders().ids)], "context": {"create": False}}

    def _put_in_force_sold(self, order):
        """The confirmed ``order`` is the agreement. What lacks something stays a draft, and its manager is told."""
        self.ensure_one()
        try:
            self._check_complete(entry=True)
        except ValidationError as error:
            self.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.user_id.id, note=str(error),
                summary=self.env._("Sold by order %s, but not complete", order.name))
            return
        self._adopt(self.env._("Agreed by order %s", order.name))

    def _cancel_sold(self, order):
        """Take back the contracts that ``order`` started and that nothing binds yet."""
        for contract in self:
            if contract.state in (*LIVE, *ENDED):
                raise UserError(self.env._(
                    "Order %(order)s: contract %(contract)s is or was in force. Terminate it first, and credit the "
                    "order.", order=order.name, contract=contract.name))
            if contract.state != "draft":
                raise UserError(self.env._(
                    "Order %(order)s: contract %(contract)s is being approved or signed. Take it back to draft first.",
                    order=order.name, contract=contract.name))
            contract.write({"active": False})
            contract._message_log(body=self.env._("Order %s was cancelled", order.name))
