"""A workshop with machines to repair: what the tests of repair orders start from."""

from odoo.addons.aftersales_contracts.tests.common import AftersalesCase
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged


@tagged("post_install", "-at_install")
class RepairCase(AftersalesCase):
    """2026-03-02, 12:00 UTC. `machine` M-1 of `customer`, delivered on 2025-06-01, under `contract`. Its warranty pays
    parts in full and labour by half, for two years; seals are excluded. `mechanic` works in the workshop and has no
    right on assets, requests or claims. Prices: `pump` 400, `seal` 20, `labour` 90 an hour, without taxes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time("2026-03-02 12:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.mechanic = new_test_user(cls.env, "mechanic.test", "stock.group_stock_user")
        cls.foreman = new_test_user(
            cls.env, "foreman.test", "stock.group_stock_user,sales_team.group_sale_salesman_all_leads,"
            "aftersales_contracts.group_user,account.group_account_invoice")
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.compressor = cls.a_product("Compressor", tracking="serial")
        cls.pump, cls.seal = cls.a_product("Pump", list_price=400), cls.a_product("Seal", list_price=20)
        cls.labour = cls.env["product.product"].create({
            "name": "Workshop hour", "type": "service", "list_price": 90, "taxes_id": False,
            "uom_id": cls.env.ref("uom.product_uom_hour").id})
        cls.warranty = cls.a_warranty(cls.compressor, cls.seal)
        cls.machine = cls.an_asset("M-1")
        for product in cls.pump | cls.seal:
            cls.env["stock.quant"]._update_available_quantity(product, cls.warehouse.lot_stock_id, 20)

    @classmethod
    def a_product(cls, name, **values):
        return cls.env["product.product"].create({
            "name": name, "is_storable": True, "taxes_id": False, "standard_price": 10, **values})

    @classmethod
    def a_warranty(cls, product, excluded, **values):
        policy = cls.env["aftersales.warranty.policy"].with_user(cls.anna).create({
            "name": "Compressor warranty", "cover_kind": "warranty", "product_ids": [Command.set(product.ids)],
            "company_id": cls.company.id, "start_trigger": "delivery",
            "benefit_ids": [
                Command.create({"kind": "parts", "term_count": 24, "term_unit": "month"}),
                Command.create({"kind": "labour", "term_count": 24, "term_unit": "month", "percent": 50})],
            "exclusion_ids": [Command.create({"reason": "Seals wear out", "product_ids": [Command.set(excluded.ids)]})],
            **values})
        policy.with_user(cls.lena).action_release()
        return policy.with_env(cls.env)

    @classmethod
    def an_asset(cls, serial, delivered="2025-06-01", product=None, stocked=True, **values):
        product = product or cls.compressor
        lot = cls.env["stock.lot"].create(
            {"name": serial, "product_id": product.id, "company_id": cls.company.id})
        if stocked:
            cls.env["stock.quant"]._update_available_quantity(product, cls.warehouse.lot_stock_id, 1, lot_id=lot)
        told = cls.env["aftersales.asset"].register([{
            "serial": serial, "product": product.id, "partner": cls.customer.id, "delivered_on": delivered,
            **values}], "registration")
        return cls.env["aftersales.asset"].browse(told["ids"])

    def a_repair(self, *parts, serial="M-1", product=None, user=None, **values):
        """A draft repair order by the mechanic; parts are products, or (product, quantity, type)."""
        product = product or self.compressor
        lot = self.env["stock.lot"].search([("name", "=", serial), ("product_id", "=", product.id)])
        rows = [part if isinstance(part, tuple) else (part, 1, "add") for part in parts]
        return self.env["repair.order"].with_user(user or self.mechanic).create({
            "product_id": product.id, "lot_id": lot.id, "partner_id": self.customer.id,
            "picking_type_id": self.warehouse.repair_type_id.id, "move_ids": [Command.create({
                "product_id": part.id, "product_uom_qty": quantity, "repair_line_type": kind})
                for part, quantity, kind in rows], **values})

    def quoted(self, repair):
        """{product name: (unit price, subtotal)} of the quotation."""
        return {line.product_id.name: (line.price_unit, line.price_subtotal)
                for line in repair.sudo().sale_order_id.order_line}

    def finish(self, repair):
        repair.action_repair_start()
        for move in repair.move_ids.filtered(lambda move: not move.quantity):
            move.quantity = move.product_uom_qty
        repair.action_repair_end()
        self.assertEqual(repair.state, "done")
