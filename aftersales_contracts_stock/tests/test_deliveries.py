"""A delivered serial number becomes an asset: partly, dropped by a supplier, returned and sold again, as a kit."""

from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time

from .stock_case import StockCase


class TestDeliveries(StockCase):

    def test_row24_delivery_makes_the_asset_and_begins_its_cover(self):
        """OCA's warranty begins on the day on which the serial is typed in; here on the day of the delivery, in the
        zone of the company."""
        lots = self.lots("C-1", ref="B-77")
        vendor = self.env["res.partner"].create({"name": "Compressor Works", "is_company": True})
        self.env["stock.quant"]._update_available_quantity(self.machine, self.stock, -1, lot_id=lots)
        with freeze_time("2026-02-10 12:00:00"):
            self.receive(lots, vendor)
        with freeze_time("2026-03-01 23:30:00"):  # in Madrid it is Monday already
            self.transfer(lots, self.site)
        asset = self.asset(lots)
        self.assertEqual((asset.partner_id, asset.delivered_on), (self.customer, date(2026, 3, 2)))
        self.assertIn("Quay 7", asset.place)
        self.assertEqual((asset.batch, asset.supplier_id, asset.received_on), ("B-77", vendor, date(2026, 2, 10)))
        self.assertEqual((asset.lot_id, asset.source), (lots, "delivery"))
        cover = self.covers(asset)
        self.assertEqual((cover.policy_id, cover.first_day, cover.parts_until),
                         (self.warranty, date(2026, 3, 2), date(2028, 3, 1)))
        with self.assertRaises(AccessError):
            asset.with_user(self.keeper).read(["name"])  # who delivers need not see assets

    def test_row24_partial_delivery_gives_each_serial_its_own_day(self):
        """A peer counts both machines from the first delivery of the order."""
        first, second = self.lots("C-2"), self.lots("C-3")
        self.transfer(first, self.customer, demand=2)
        self.assertTrue(self.asset(first))
        self.assertFalse(self.asset(second))
        with freeze_time("2026-03-20 12:00:00"):
            self.transfer(second, self.customer)
        self.assertEqual(self.asset(second).delivered_on, date(2026, 3, 20))
        self.assertEqual(self.asset(first).delivered_on, date(2026, 3, 2))

    def test_back_from_our_workshop_nothing_was_sold(self):
        lots = self.lots("C-4")
        self.transfer(lots, self.site)
        with freeze_time("2026-06-01 12:00:00"):
            self.give_back(lots, self.site)
            self.assertEqual(self.asset(lots).returned_on, date(2026, 6, 1))
        with freeze_time("2026-06-09 12:00:00"):
            self.transfer(lots, self.customer)
        asset = self.asset(lots)
        self.assertFalse(asset.returned_on)
        self.assertEqual((asset.delivered_on, len(asset.owner_ids)), (date(2026, 3, 2), 1))

    def test_row24_row27_return_and_resale_by_the_rule_of_the_policy(self):
        """A peer keeps the end of the first sale for good, or forgets it; here the policy says which, and both owners
        stay on record."""
        reset = self.a_product("Drill")
        self.a_warranty(reset, resale="reset")
        kept, renewed = self.lots("C-5"), self.lots("D-5", product=reset)
        self.transfer(kept | renewed, self.customer)
        with freeze_time("2026-04-01 12:00:00"):
            self.give_back(kept | renewed, self.customer)
        with freeze_time("2026-09-01 12:00:00"):
            self.transfer(kept | renewed, self.stranger)
        with freeze_time("2028-10-01 12:00:00"):
            for lot, until in ((kept, date(2028, 3, 1)), (renewed, date(2028, 8, 31))):
                asset = self.asset(lot)
                self.assertEqual(asset.partner_id, self.stranger)
                self.assertFalse(asset.returned_on)
                self.assertEqual(asset.owner_ids.mapped("partner_id"), self.stranger | self.customer)
                verdicts = [asset.check_coverage(day, "", [{"key": "valve", "kind": "parts", "amount": "10.00"}])
                            for day in (until.isoformat(), date.fromordinal(until.toordinal() + 1).isoformat())]
                self.assertEqual([told["items"][0]["covered"] for told in verdicts], [True, False])

    def test_row24_dropped_shipment_belongs_to_the_customer(self):
        """The transfer names the supplier; a peer has no such serial at all, for it never was in stock."""
        if "dropship" not in self.env["stock.picking.type"]._fields["code"].get_values(self.env):
            self.skipTest("dropshipping is not installed")
        vendor = self.env["res.partner"].create({"name": "Compressor Works", "is_company": True})
        lots = self.lots("C-6", stocked=False)
        kind = self.env["stock.picking.type"].search(
            [("code", "=", "dropship"), ("company_id", "=", self.company.id)], limit=1)
        picking = self.env["stock.picking"].create({
            "picking_type_id": kind.id, "partner_id": vendor.id, "location_id": self.suppliers.id,
            "location_dest_id": self.customers.id, "move_ids": [Command.create({
                "product_id": self.machine.id, "product_uom_qty": 1, "location_id": self.suppliers.id,
                "location_dest_id": self.customers.id, "partner_id": self.site.id})]})
        self.ship(picking, lots)
        asset = self.asset(lots)
        self.assertEqual((asset.partner_id, asset.supplier_id), (self.customer, vendor))
        self.assertEqual((asset.delivered_on, asset.received_on), (date(2026, 3, 2), date(2026, 3, 2)))

    def test_sold_and_validated_as_people_do(self):
        if "sale.order" not in self.env or "picking_ids" not in self.env["sale.order"]._fields:
            self.skipTest("sales orders with deliveries are not installed")
        lots = self.lots("C-20")
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "partner_shipping_id": self.site.id,
            "order_line": [Command.create({"product_id": self.machine.id, "product_uom_qty": 2})]})
        order.action_confirm()
        order.picking_ids.with_user(self.keeper).with_context(skip_backorder=True).button_validate()
        self.assertEqual(order.picking_ids.mapped("state").count("done"), 1)  # the second machine is on a backorder
        asset = self.asset(lots)
        self.assertEqual((asset.partner_id, asset.delivered_on), (self.customer, date(2026, 3, 2)))

    def test_what_goes_to_a_sister_company_stays_in_the_house(self):
        lots = self.lots("C-21")
        transit = self.env["stock.location"].create({"name": "Between companies", "usage": "transit",
                                                     "company_id": False})
        self.transfer(lots, self.other_company.partner_id, target=transit)
        self.assertFalse(self.asset(lots))

    def test_row24_produced_serial_is_delivered_like_any_other(self):
        """No receipt and no supplier: a peer that counts from the receipt has no start at all."""
        if "mrp.production" not in self.env:
            self.skipTest("manufacturing is not installed")
        lots = self.lots("C-22", stocked=False)
        order = self.env["mrp.production"].create({"product_id": self.machine.id, "product_qty": 1})
        order.action_confirm()
        order.lot_producing_ids = lots
        order.qty_producing = 1
        order.with_context(skip_consumption=True).button_mark_done()
        self.assertFalse(self.asset(lots))
        self.transfer(lots, self.customer)
        asset = self.asset(lots)
        self.assertEqual((asset.delivered_on, asset.received_on, asset.supplier_id.ids), (date(2026, 3, 2), False, []))

    def test_row24_kit_gets_an_asset_over_its_components(self):
        """Components of different ages: a peer dates the set by its first part."""
        if "mrp.bom" not in self.env:
            self.skipTest("manufacturing is not installed")
        kit = self.env["product.product"].create({"name": "Compressor Set", "is_storable": True})
        tank = self.a_product("Tank")
        bom = self.env["mrp.bom"].create({
            "product_tmpl_id": kit.product_tmpl_id.id, "type": "phantom", "bom_line_ids": [
                Command.create({"product_id": self.machine.id, "product_qty": 1}),
                Command.create({"product_id": tank.id, "product_qty": 1})]})
        compressors, tanks = self.lots("C-7", "C-8"), self.lots("T-7", "T-8", product=tank)

        lines = {line.product_id: line for line in bom.bom_line_ids}

        def ship(lots):
            self.ship(self.env["stock.picking"].create({
                "picking_type_id": self.warehouse.out_type_id.id, "partner_id": self.customer.id, "origin": "S00042",
                "location_id": self.stock.id, "location_dest_id": self.customers.id, "move_ids": [Command.create({
                    "product_id": product.id, "product_uom_qty": len(some), "location_id": self.stock.id,
                    "location_dest_id": self.customers.id, "bom_line_id": lines[product].id})
                    for product, some in lots.grouped("product_id").items()]}), lots)

        ship(compressors | tanks[0])
        with freeze_time("2026-03-10 12:00:00"):
            ship(tanks[1])
        kits = self.env["aftersales.asset"].search([("product_id", "=", kit.id)], order="name")
        self.assertEqual(kits.mapped("name"), ["S00042/1", "S00042/2"])
        self.assertEqual(sorted(kits[0].component_ids.mapped("name")), ["C-7", "T-7"])
        self.assertEqual(sorted(kits[1].component_ids.mapped("name")), ["C-8", "T-8"])
        self.assertEqual(self.asset(tanks[1]).delivered_on, date(2026, 3, 10))  # of its own age

    def test_settings_and_products_say_what_becomes_an_asset(self):
        tool = self.a_product("Spanner", asset_on_delivery="none")
        lots = self.lots("S-1", product=tool)
        self.transfer(lots, self.customer)
        self.assertFalse(self.asset(lots))
        self.company.asset_on_delivery = False
        always = self.a_product("Crane", asset_on_delivery="asset")
        crane, compressor = self.lots("K-1", product=always), self.lots("C-9")
        self.transfer(crane | compressor, self.customer)
        self.assertTrue(self.asset(crane))
        self.assertFalse(self.asset(compressor))
        with self.assertRaisesRegex(ValidationError, "Crate.*unique serial number"):
            self.a_product("Crate", tracking="lot", asset_on_delivery="asset")

    def test_trouble_never_holds_a_delivery_back(self):
        """What cannot be kept is told on the transfer; the other serial numbers of it are kept."""
        self.env["aftersales.asset"].create({
            "name": "C-10", "product_id": self.machine.id, "partner_id": self.stranger.id, "delivered_on": "2026-03-02",
            "company_id": self.company.id})
        future, good = self.lots("C-10"), self.lots("C-11")
        with freeze_time("2026-03-01 12:00:00"):
            picking = self.transfer(future | good, self.customer)
        self.assertIn("C-10", picking.message_ids[0].body)
        self.assertEqual(self.asset(future).partner_id, self.stranger)  # nothing of it was kept
        self.assertEqual(self.asset(good).partner_id, self.customer)
        nobody = self.lots("C-12")
        picking = self.transfer(nobody, self.env["res.partner"])
        self.assertIn("names nobody", picking.message_ids[0].body)
        self.assertFalse(self.asset(nobody))

    def test_serials_of_two_companies_are_two_machines(self):
        other = self.env["aftersales.asset"].create({
            "name": "C-13", "product_id": self.machine.id, "partner_id": self.stranger.id,
            "company_id": self.other_company.id})
        lots = self.lots("C-13")
        self.transfer(lots, self.customer)
        self.assertEqual(self.asset(lots).partner_id, self.customer)
        self.assertEqual((other.partner_id, other.delivered_on), (self.stranger, False))
        self.assertFalse(other.lot_id)
