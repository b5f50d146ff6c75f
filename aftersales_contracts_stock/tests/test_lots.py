"""Cover on serial numbers, and deliveries from before that are taken over."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .stock_case import StockCase


class TestLots(StockCase):

    def test_cover_is_seen_by_the_warehouse(self):
        lots = self.lots("L-1", "L-2", "L-3")
        with freeze_time("2023-01-10 12:00:00"):
            self.transfer(lots[0], self.customer)
        self.transfer(lots[1], self.customer)
        self.env["aftersales.asset"].search([("name", "=", "L-1")])._facts_changed()
        seen = lots.with_user(self.keeper)
        self.assertEqual(seen.mapped("coverage"), ["over", "running", False])
        self.assertIn("03/01/2028", seen[1].coverage_note)
        with self.assertRaises(AccessError):
            seen.mapped("asset_id")
        self.assertEqual(lots[1].action_view_asset()["res_id"], self.asset(lots[1]).id)
        self.assertEqual(self.env["stock.lot"].search([("asset_id", "=", self.asset(lots[1]).id)]), lots[1])

    def test_cover_of_many_serials_in_constant_queries(self):
        lots = self.lots(*(f"Q-{number}" for number in range(20)))
        self.transfer(lots, self.customer)

        def count(some):
            self.env.invalidate_all()
            some.mapped("product_id.tracking")
            before = self.env.cr.sql_log_count
            some.mapped("coverage_note")
            return self.env.cr.sql_log_count - before

        count(lots[:2])
        few, many = count(lots[:2]), count(lots)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 6)

    def test_take_over_goes_on_where_it_stopped(self):
        self.company.asset_on_delivery = False  # as before the addon was installed
        lots = self.lots("O-1", "O-2", "O-3", "O-4")
        with freeze_time("2025-05-05 12:00:00"):
            self.transfer(lots[:3], self.site)
        with freeze_time("2025-06-05 12:00:00"):
            self.give_back(lots[1], self.site)
        self.transfer(lots[3], self.env["res.partner"])
        self.company.asset_on_delivery = True
        anna = self.env["aftersales.take.over.deliveries"].with_user(self.anna)
        wizard = anna.create({"product_ids": self.machine.ids})
        self.assertEqual(wizard.remaining, 3)  # what came back is with us
        wizard._take_over(wizard._pending()[:1])
        self.assertEqual((wizard.done, wizard.remaining), (1, 2))
        wizard.action_take_over()
        self.assertEqual((wizard.done, wizard.passed, wizard.remaining), (2, 1, 0))
        self.assertIn("O-4", wizard.problem_ids.name)
        self.assertEqual([str(self.asset(lot).delivered_on) for lot in lots[0] | lots[2]], ["2025-05-05"] * 2)
        self.assertFalse(self.asset(lots[1]))
        with self.assertRaises(UserError):
            wizard.action_take_over()
        with self.assertRaises(AccessError):
            self.env["aftersales.take.over.deliveries"].with_user(self.agent).create({})
        elsewhere = anna.create({"company_id": self.other_company.id})
        with self.assertRaises(AccessError):
            elsewhere.action_take_over()
