"""What order lines start: on confirmation, on delivery, a unit each, and what cancelling takes back."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .sale_case import SaleCase


class TestSaleStart(SaleCase):

    def test_an_extension_follows_the_warranty_of_the_asset_on_the_line(self):
        asset = self.an_asset()
        order = self.an_order((self.longer, 1, [asset]))
        self.assertFalse(order.aftersales_start_ids)
        order.action_confirm()
        start = self.starts(order)
        self.assertEqual((start.kind, start.state, start.asset_id), ("extended", "started", asset))
        self.assertEqual(start.cover_id, self.covers(asset, "extended"))
        self.assertEqual(str(start.cover_id.first_day), "2026-03-10")
        self.assertEqual(order.aftersales_cover_count, 1)
        order.with_user(self.sally).read(["aftersales_start_ids"])

    def test_three_units_are_three_assets(self):
        assets = [self.an_asset(f"P-{n}") for n in range(3)]
        order = self.an_order((self.longer, 3, assets))
        order.action_confirm()
        self.assertEqual(self.starts(order).asset_id, self.env["aftersales.asset"].concat(*assets))
        self.assertEqual(len(self.starts(order).cover_id), 3)
        refused = self.an_order((self.longer, 3, assets[:2]))
        with self.assertRaisesRegex(UserError, "name an asset for each of the 3 units: 2 are named"):
            refused.action_confirm()
        with self.assertRaisesRegex(UserError, "3 assets are named for 2 units"):
            self.an_order((self.longer, 2, assets)).action_confirm()
        with self.assertRaisesRegex(UserError, "no whole number"):
            self.an_order((self.care, 1.5)).action_confirm()

    def test_what_was_extended_already_is_refused_and_nothing_is_half_sold(self):
        asset, other = self.an_asset(), self.an_asset("P-2")
        self.an_order((self.longer, 1, [asset])).action_confirm()
        order = self.an_order((self.longer, 2, [other, asset]))
        with self.assertRaisesRegex(UserError, "extended already by"), self.env.cr.savepoint():
            order.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(order.state, "draft")
        self.assertFalse(self.covers(other, "extended"))

    def test_an_asset_of_somebody_else_is_refused(self):
        asset = self.an_asset(partner_id=self.stranger.id)
        with self.assertRaisesRegex(UserError, "belongs to Somebody Else"):
            self.an_order((self.longer, 1, [asset])).action_confirm()

    def test_a_machine_of_the_same_order_starts_it_when_it_is_registered(self):
        old = self.an_asset("OLD")
        order = self.an_order((self.pump, 2), (self.longer, 2))
        order.action_confirm()
        self.assertEqual(self.starts(order).mapped("state"), ["waiting", "waiting"])
        old._registered("manual")  # it was there before
        self.assertFalse(self.starts(order).asset_id)
        self.env["aftersales.asset"].register(
            [{"serial": "NEW-1", "product": self.pump.id, "partner": self.customer.id, "delivered_on": "2026-01-15"}],
            "delivery")
        new = self.env["aftersales.asset"].search([("name", "=", "NEW-1")])
        first, second = self.starts(order)
        self.assertEqual((first.asset_id, first.state, second.state), (new, "started", "waiting"))
        self.assertEqual(str(first.cover_id.first_day), "2027-01-15")

    def test_a_delivery_does_not_fail_because_of_what_was_sold_with_it(self):
        order = self.an_order((self.pump, 1), (self.longer, 1))
        order.action_confirm()
        self.extension.with_user(self.lena).action_withdraw()
        self.env["aftersales.asset"].register(
            [{"serial": "NEW-1", "product": self.pump.id, "partner": self.customer.id, "delivered_on": "2026-01-15"}],
            "delivery")
        start = self.starts(order)
        self.assertEqual(start.state, "waiting")
        self.assertIn("not released", start.problem)

    # --- contracts ---------------------------------------------------------------------------------------------------

    def test_a_contract_is_made_from_the_template_on_confirmation(self):
        asset = self.an_asset()
        order = self.an_order((self.care, 1, [asset]))
        order.action_confirm()
        contract = self.starts(order).contract_id
        self.assertEqual((contract.template_id, contract.partner_id, contract.state),
                         (self.template, self.customer, "draft"))
        self.assertEqual((str(contract.date_start), str(contract.date_end)), ("2026-01-15", "2027-01-14"))
        self.assertEqual(contract.cover_ids.asset_id, asset)
        self.assertEqual(contract.with_user(self.boss).has_access("read"), True)
        three = self.an_order((self.care, 3))
        three.action_confirm()
        self.assertEqual(len(self.starts(three).contract_id), 3)

    def test_in_force_is_the_account_managers_decision_on_the_product(self):
        with self.assertRaises(AccessError):
            self.care.with_user(self.sally).write({"aftersales_contract_state": "active"})
        self.care.aftersales_contract_state = "active"
        order = self.an_order((self.care, 1))
        order.action_confirm()
        self.assertEqual(self.starts(order).contract_id.state, "active")
        self.template._write_unlocked({"policy_id": False})
        lacking = self.an_order((self.care, 1))
        lacking.action_confirm()
        contract = self.starts(lacking).contract_id
        self.assertEqual(contract.state, "draft")
        self.assertIn("SLA policy", str(contract.activity_ids.note))

    def test_a_contract_on_delivery_begins_with_its_machine_or_its_line(self):
        self.care.aftersales_start_on = "delivery"
        order = self.an_order((self.care, 2))
        order.action_confirm()
        self.assertEqual(self.starts(order).mapped("state"), ["waiting", "waiting"])
        with freeze_time("2026-01-20 12:00:00"):
            order.order_line.qty_delivered = 1
        self.assertEqual(self.starts(order).mapped("state"), ["started", "waiting"])
        self.assertEqual(str(self.starts(order).contract_id.date_start), "2026-01-20")
        machine = self.an_order((self.pump, 1), (self.care, 1))
        machine.action_confirm()
        with freeze_time("2026-01-22 12:00:00"):
            self.env["aftersales.asset"].register([{
                "serial": "NEW-1", "product": self.pump.id, "partner": self.customer.id,
                "delivered_on": "2026-01-21"}], "delivery")
        start = self.starts(machine)
        self.assertEqual((start.state, str(start.contract_id.date_start)), ("started", "2026-01-21"))
        self.assertEqual(start.contract_id.cover_ids.asset_id, start.asset_id)

    # --- taking back -------------------------------------------------------------------------------------------------

    def test_cancelling_takes_back_what_has_not_begun(self):
        asset = self.an_asset()
        order = self.an_order((self.longer, 1, [asset]), (self.care, 1))
        order.action_confirm()
        contract, cover = self.starts(order).contract_id, self.starts(order).cover_id
        order._action_cancel()
        self.assertEqual(self.starts(order).mapped("state"), ["cancelled", "cancelled"])
        self.assertEqual((contract.active, cover.state), (False, "ended"))
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.starts(order).mapped("state"), ["started", "started"])
        self.assertEqual(len(self.covers(asset, "extended").filtered(lambda one: one.state != "ended")), 1)

    def test_cancelling_is_refused_for_what_has_begun(self):
        asset = self.an_asset()
        order = self.an_order((self.longer, 1, [asset]))
        order.action_confirm()
        with freeze_time("2026-03-10 12:00:00"), self.assertRaisesRegex(UserError, "has begun on"):
            order._action_cancel()
        self.care.aftersales_contract_state = "active"
        contract = self.an_order((self.care, 1))
        contract.action_confirm()
        with self.assertRaisesRegex(UserError, "is or was in force"):
            contract._action_cancel()

    def test_a_changed_quantity_starts_more_or_takes_back(self):
        order = self.an_order((self.care, 1))
        order.action_confirm()
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.starts(order).mapped("state"), ["started"] * 3)
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.starts(order).mapped("state"), ["started", "cancelled", "cancelled"])

    # --- rights ------------------------------------------------------------------------------------------------------

    def test_nobody_writes_what_was_started(self):
        order = self.an_order((self.care, 1))
        order.action_confirm()
        start = self.starts(order)
        for user in (self.sally, self.anna, self.boss):
            with self.subTest(user.login), self.assertRaises(UserError):
                start.with_user(user).write({"state": "waiting"})
        with self.assertRaisesRegex(UserError, "Only the asset"):
            start.with_user(self.sally).write({"kind": "extended"})
        with self.assertRaises(UserError):
            start.with_user(self.sally).unlink()
        with self.assertRaises(AccessError):
            self.env["aftersales.sale.start"].with_user(self.sally).create(
                {"order_line_id": order.order_line.id, "position": 9, "kind": "contract"})

    def test_companies_are_kept_apart(self):
        order = self.an_order((self.care, 1))
        order.action_confirm()
        self.assertFalse(self.env["aftersales.sale.start"].with_user(self.other_manager).search(
            [("id", "in", self.starts(order).ids)]))
        self.care.aftersales_template_id = self.env["aftersales.contract"].create({
            "is_template": True, "title": "Theirs", "company_id": self.other_company.id, "date_start": "2026-01-01"})
        with self.assertRaisesRegex(UserError, "is not of"):
            self.an_order((self.care, 1)).action_confirm()

    def test_a_waiting_row_starts_when_its_asset_is_named(self):
        order = self.an_order((self.pump, 1), (self.longer, 1))
        order.action_confirm()
        asset = self.an_asset()
        order.write({"aftersales_start_ids": [Command.update(self.starts(order).id, {"asset_id": asset.id})]})
        self.assertEqual(self.starts(order).state, "started")
        with self.assertRaisesRegex(UserError, "its asset stays"):
            self.starts(order).with_user(self.sally).asset_id = self.an_asset("P-2")
