"""Orders on extended warranties and contracts: what the tests of this addon start from."""

from odoo import Command
from odoo.addons.aftersales_contracts.tests.extended_case import ExtendedCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class SaleCase(ExtendedCase):
    """sally sells, without any right of the service. `care` starts a contract of `template`, a year from its first day
    on; `longer` extends the warranty of pumps by a year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sally = cls._a_user("sally", "sales_team.group_sale_salesman")
        cls.template = cls.a_contract(
            activate=False, is_template=True, partner_id=False, title="Care for pumps", date_start="2026-01-01",
            date_end="2026-12-31", renewal_kind="manual")
        cls.care = cls.env["product.product"].create({
            "name": "Care", "type": "service", "list_price": 300, "aftersales_template_id": cls.template.id})

    def an_order(self, *lines, **values):
        """An order of sally; ``lines``: (product, quantity) or (product, quantity, assets)."""
        return self.env["sale.order"].with_user(self.sally).create({
            "partner_id": self.customer.id, "order_line": [Command.create({
                "product_id": product.id, "product_uom_qty": quantity,
                "aftersales_asset_ids": [Command.set([asset.id for asset in assets])],
            }) for product, quantity, *named in lines for assets in [named[0] if named else ()]], **values})

    def starts(self, order):
        return order.sudo().aftersales_start_ids.sorted(lambda one: (one.order_line_id.id, one.position))
