"""A warehouse with machines to deliver: what the tests of deliveries start from."""

from odoo.addons.aftersales_contracts.tests.common import AftersalesCase
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged


@tagged("post_install", "-at_install")
class StockCase(AftersalesCase):
    """2026-03-02, 12:00 UTC. `machine` is tracked by serial number, with a warranty of 24 months on parts and 12 on
    labour from delivery. `keeper` works in the warehouse and has no right on assets. `site` is an address of
    `customer`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.freeze("2026-03-02 12:00:00")
        cls.env = cls.env(context={**cls.env.context, "tz": "UTC"})
        cls.company.resource_calendar_id.tz = "Europe/Madrid"
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.stock = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.keeper = new_test_user(cls.env, "keeper.test", "stock.group_stock_user")
        cls.machine = cls.a_product("Compressor")
        cls.site = cls.env["res.partner"].create({
            "name": "Plant 2", "parent_id": cls.customer.id, "type": "delivery", "street": "Quay 7", "city": "Bilbao"})
        cls.warranty = cls.a_warranty(cls.machine)

    @classmethod
    def freeze(cls, moment):
        frozen = freeze_time(moment)
        frozen.start()
        cls.addClassCleanup(frozen.stop)

    @classmethod
    def a_product(cls, name, **values):
        return cls.env["product.product"].create({
            "name": name, "is_storable": True, "tracking": "serial", **values})

    @classmethod
    def a_warranty(cls, product, months=24, **values):
        policy = cls.env["aftersales.warranty.policy"].with_user(cls.anna).create({
            "name": f"{product.name} warranty", "cover_kind": "warranty", "product_ids": [Command.set(product.ids)],
            "company_id": cls.company.id, "start_trigger": "delivery",
            "benefit_ids": [Command.create({"kind": kind, "term_count": count, "term_unit": "month"})
                            for kind, count in (("parts", months), ("labour", 12))], **values})
        policy.with_user(cls.lena).action_release()
        return policy.with_env(cls.env)

    @classmethod
    def lots(cls, *names, product=None, stocked=True, **values):
        """Serial numbers, in stock unless told otherwise."""
        product = product or cls.machine
        lots = cls.env["stock.lot"].create([
            {"name": name, "product_id": product.id, "company_id": cls.company.id, **values} for name in names])
        for lot in lots if stocked else ():
            cls.env["stock.quant"]._update_available_quantity(product, cls.stock, 1, lot_id=lot)
        return lots

    def transfer(self, lots, partner, kind="out_type_id", source=None, target=None, demand=None):
        """A transfer of ``lots``, done; its demand may be higher. By the warehouse keeper."""
        source, target = source or self.stock, target or self.customers
        picking = self.env["stock.picking"].with_user(self.keeper).create({
            "picking_type_id": self.warehouse[kind].id, "partner_id": partner.id,
            "location_id": source.id, "location_dest_id": target.id,
            "move_ids": [Command.create({
                "product_id": product.id, "product_uom_qty": demand or len(some), "location_id": source.id,
                "location_dest_id": target.id}) for product, some in lots.grouped("product_id").items()]})
        return self.ship(picking, lots)

    def ship(self, picking, lots):
        """Move these ``lots`` by ``picking``, and nothing else of what it asks for: the rest is a backorder."""
        picking.action_confirm()
        picking.move_line_ids.unlink()
        picking.move_line_ids = [Command.create({
            "product_id": lot.product_id.id, "lot_id": lot.id, "quantity": 1, "picked": True,
            "move_id": picking.move_ids.filtered(lambda move, lot=lot: move.product_id == lot.product_id)[:1].id,
            "location_id": picking.location_id.id, "location_dest_id": picking.location_dest_id.id}) for lot in lots]
        picking._action_done()
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.move_line_ids.lot_id, lots)
        return picking

    def receive(self, lots, supplier):
        return self.transfer(lots, supplier, "in_type_id", self.suppliers, self.stock)

    def give_back(self, lots, partner):
        return self.transfer(lots, partner, "in_type_id", self.customers, self.stock)

    def asset(self, lot, company=None):
        return self.env["aftersales.asset"].search([
            ("name", "=", lot.name), ("product_id", "=", lot.product_id.id),
            ("company_id", "=", (company or self.company).id)])

    def covers(self, asset):
        return self.env["aftersales.warranty.cover"].search([("asset_id", "=", asset.id)])
