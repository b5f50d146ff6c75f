"""Who pays follows from the cover of each part, not of the job: quotation, invoice, tick and claim."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .repair_case import RepairCase


class TestRepairCover(RepairCase):

    def test_each_part_has_its_own_payer(self):
        """A peer's single tick makes every part free (odoo/odoo#191228): 0.00 for a seal that wears out. Here pump 0,
        seal 20, labour half of 180."""
        repair = self.a_repair(self.pump, self.seal, user=self.foreman)
        repair._action_repair_confirm()
        repair.action_create_sale_order()
        repair.sale_order_id.order_line = [Command.create({"product_id": self.labour.id, "product_uom_qty": 2})]
        self.assertEqual(self.quoted(repair), {"Pump": (0, 0), "Seal": (20, 20), "Workshop hour": (45, 90)})
        self.assertFalse(repair.under_warranty)
        pump, seal = repair.move_ids.sorted("id")
        self.assertEqual((pump.covered_percent, seal.covered_percent), (100, 0))
        self.assertIn("Manufacturer", pump.covered_by)
        self.assertIn("Seals wear out", seal.covered_reason)
        self.assertEqual(pump.with_user(self.mechanic).covered_percent, 100)
        with self.assertRaises(AccessError):
            repair.cover_ids[0].with_user(self.mechanic).write({"customer_percent": 0})
        with self.assertRaises(AccessError):
            repair.cover_ids[0].with_user(self.other_manager).read(["reason"])

        seal.product_uom_qty = 3  # another quantity keeps the percentages
        repair.sale_order_id.order_line.filtered(lambda line: line.product_id == self.labour).product_uom_qty = 3
        self.assertEqual(self.quoted(repair), {"Pump": (0, 0), "Seal": (20, 60), "Workshop hour": (45, 135)})
        repair.sale_order_id.action_confirm()
        self.finish(repair)
        repair.sale_order_id.order_line.filtered(lambda line: line.product_id == self.labour).qty_delivered = 3
        invoice = repair.sale_order_id._create_invoices(final=True)
        self.assertEqual(invoice.amount_untaxed, 195)

    def test_tick_follows_from_the_lines(self):
        repair = self.a_repair(self.pump, user=self.foreman)
        self.assertTrue(repair.under_warranty)
        with self.assertRaisesRegex(UserError, "follows from the cover"):
            repair.under_warranty = False
        repair.action_create_sale_order()
        self.assertEqual(self.quoted(repair), {"Pump": (0, 0)})
        repair.move_ids = [Command.create({"product_id": self.seal.id, "product_uom_qty": 1,
                                           "repair_line_type": "add"})]
        self.assertFalse(repair.under_warranty)
        self.assertEqual(self.quoted(repair), {"Pump": (0, 0), "Seal": (20, 20)})
        repair.failure_on = "2025-06-01"
        self.assertEqual(self.quoted(repair)["Pump"], (0, 0))

    def test_failure_day_decides_and_not_the_day_of_the_repair(self):
        old = self.an_asset("M-2", delivered="2024-01-31")
        repair = self.a_repair(self.pump, serial="M-2", user=self.foreman, failure_on="2026-01-30")
        self.assertEqual(repair.aftersales_asset_id, old)
        repair.action_create_sale_order()
        self.assertEqual(self.quoted(repair), {"Pump": (0, 0)})
        repair.failure_on = "2026-01-31"  # the day after the last one
        self.assertEqual(self.quoted(repair), {"Pump": (400, 400)})
        self.assertFalse(repair.under_warranty)

    def test_price_changed_by_hand_stays(self):
        repair = self.a_repair(self.pump, self.seal, user=self.foreman)
        repair.action_create_sale_order()
        seal = repair.sale_order_id.order_line.filtered(lambda line: line.product_id == self.seal)
        seal.price_unit = 15
        repair.action_check_coverage()
        self.assertEqual(self.quoted(repair), {"Pump": (0, 0), "Seal": (15, 15)})

    def test_order_without_asset_keeps_the_tick_of_odoo(self):
        repair = self.a_repair(self.pump, product=self.pump, serial="none", user=self.foreman, under_warranty=True)
        repair.action_create_sale_order()
        self.assertEqual(self.quoted(repair), {"Pump": (0, 0)})
        repair.under_warranty = False
        self.assertEqual(self.quoted(repair), {"Pump": (400, 400)})

    def test_covers_of_many_orders_in_one_verdict(self):
        repairs = self.env["repair.order"].union(*(self.a_repair(self.pump, self.seal) for _each in range(8)))

        asked, Asset = [], self.registry["aftersales.asset"]
        original = Asset._verdicts
        self.patch(Asset, "_verdicts", lambda asset, cases: asked.append(len(cases)) or original(asset, cases))
        repairs._refresh_covers()
        self.assertEqual(asked, [8])
        self.assertEqual(repairs.cover_ids.mapped("covered_percent"), [100, 0] * 8)
