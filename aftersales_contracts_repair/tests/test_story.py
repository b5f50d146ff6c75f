"""From sale to settlement, on real stock, orders and accounting: what all the rooms and bridges come to together."""

from unittest import SkipTest

from odoo.addons.aftersales_contracts.tests.settlement_case import SettlementCase
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestStory(SettlementCase):
    """A compressor comes from `maker`, is sold to `customer` with an extended warranty, delivered, fails after its
    warranty, is repaired by `dealer` under the extension; the supplier refunds, the dealer is reimbursed with its
    settlement, and the customer pays the rest of what is covered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        installed = cls.env["ir.module.module"].search([
            ("name", "in", ("aftersales_contracts_stock", "aftersales_contracts_sale")), ("state", "=", "installed")])
        if len(installed) < 2 or "purchase.order" not in cls.env:
            raise SkipTest("the story needs the bridges to stock and sales, and purchases")
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.maker = cls.env["res.partner"].create({"name": "Maker of Compressors", "is_company": True})
        plain = {"taxes_id": False, "supplier_taxes_id": False}
        Product = cls.env["product.product"]
        cls.compressor = Product.create({
            "name": "Compressor", "is_storable": True, "tracking": "serial", "list_price": 5000, **plain})
        cls.seal = Product.create({
            "name": "Shaft Seal", "is_storable": True, "list_price": 200, "standard_price": 80, **plain})
        cls.belt = Product.create({
            "name": "Belt", "is_storable": True, "list_price": 30, "standard_price": 10, **plain})
        for product in cls.seal | cls.belt:
            cls.env["stock.quant"]._update_available_quantity(product, cls.warehouse.lot_stock_id, 10)
        cls.wear = cls.env.ref("aftersales_contracts.cause_material")
        own = {"product_ids": [Command.set(cls.compressor.ids)]}
        cls.warranty = cls.a_policy("Compressor", months=12, **own)
        no_belts = {"reason": "Belts wear out", "product_ids": [Command.set(cls.belt.ids)], "parts": True}
        cls.extension = cls.a_policy(
            "Third Year", months=12, percent=80, cover_kind="extended", exclusion_ids=[Command.create(no_belts)])
        cls.a_policy("Maker's Promise", months=36, percent=50, cover_kind="supplier", supplier_id=cls.maker.id,
                     start_trigger="receipt", **own)
        cls.longer = Product.create({
            "name": "One Year More", "type": "service", "list_price": 300,
            "aftersales_extended_policy_id": cls.extension.id, **plain})
        cls.env["aftersales.reimbursement.rate"].search([("company_id", "=", cls.company.id)]).active = False
        cls.env["aftersales.reimbursement.rate"].create([
            {"company_id": cls.company.id, "date_from": "2024-01-01", "kind": kind, "basis": basis, "value": value}
            for kind, basis, value in (("parts", "cost_percent", 110), ("labour", "hour", 60))])
        cls.mechanic = new_test_user(cls.env, "story.mechanic", "stock.group_stock_user")

    @classmethod
    def a_policy(cls, name, months, percent=100, **values):
        policy = cls.env["aftersales.warranty.policy"].with_user(cls.anna).create({
            "name": name, "company_id": cls.company.id, "benefit_ids": [Command.create({
                "kind": kind, "term_count": months, "term_unit": "month", "percent": percent})
                for kind in ("parts", "labour")], **values})
        policy.with_user(cls.lena).action_release()
        return policy.with_env(cls.env)

    # --- the chapters ------------------------------------------------------------------------------------------------

    def receive(self, serial):
        order = self.env["purchase.order"].create({
            "partner_id": self.maker.id, "order_line": [Command.create({
                "product_id": self.compressor.id, "product_qty": 1, "price_unit": 3000})]})
        order.button_confirm()
        picking = order.picking_ids
        picking.move_ids.move_line_ids.write({"lot_name": serial, "quantity": 1})
        picking.move_ids.picked = True
        picking._action_done()
        return self.env["stock.lot"].search([("name", "=", serial), ("product_id", "=", self.compressor.id)])

    def sell(self, lot):
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "order_line": [
                Command.create({"product_id": self.compressor.id, "product_uom_qty": 1}),
                Command.create({"product_id": self.longer.id, "product_uom_qty": 1})]})
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.move_line_ids.write({"lot_id": lot.id, "quantity": 1})
        picking.move_ids.picked = True
        picking._action_done()
        return order

    def repair(self, lot):
        order = self.env["repair.order"].with_user(self.mechanic).create({
            "product_id": self.compressor.id, "lot_id": lot.id, "partner_id": self.customer.id,
            "picking_type_id": self.warehouse.repair_type_id.id, "failure_on": "2026-03-03",
            "cause_id": self.wear.id, "move_ids": [
                Command.create({"product_id": product.id, "product_uom_qty": 1, "repair_line_type": "add"})
                for product in self.seal | self.belt]})
        order.action_validate()
        order.action_repair_start()
        for move in order.move_ids:
            move.quantity = move.product_uom_qty
        order.action_repair_end()
        return order.with_env(self.env)

    def test_from_sale_to_settlement(self):
        with freeze_time("2025-01-10 09:00:00"):
            lot = self.receive("STORY-1")
        with freeze_time("2025-02-01 09:00:00"):
            self.sell(lot)
        asset = self.env["aftersales.asset"]._find_serial("story-1", self.company)
        covers = {cover.kind: cover for cover in asset.warranty_cover_ids}
        self.assertEqual(set(covers), {"warranty", "extended", "supplier"})
        self.assertEqual(f"{covers['warranty'].first_day} {covers['warranty'].last_day}", "2025-02-01 2026-01-31")
        self.assertEqual(f"{covers['extended'].first_day} {covers['extended'].last_day}", "2026-02-01 2027-01-31")
        self.assertEqual(f"{covers['supplier'].first_day}", "2025-01-10")

        with freeze_time("2026-03-05 09:00:00"):
            order = self.repair(lot)
            self.assertTrue(order.aftersales_request_id.clock_ids, "a repair order runs under the contract's SLA")
            order.action_make_claim()
            claim = order.aftersales_claim_id
            claim.write({"dealer_id": self.dealer.id, "diagnosis": "The seal leaks, the belt is worn"})
            seal, belt = (claim.line_ids.filtered(lambda line, part=part: line.product_id == part)
                          for part in (self.seal, self.belt))
            seal.causal = True
            claim.with_user(self.anna).action_verdict()
            self.assertEqual((seal.covered_percent, belt.covered_percent), (80, 0))
            self.assertIn("Belts wear out", belt.verdict_reason)
            open_lines = claim.line_ids.filtered(lambda line: line.decision == "open")
            deciding = claim.with_user(self.anna)
            deciding.action_decide_lines((open_lines & seal).ids, "approved", reason="Covered")
            deciding.action_decide_lines((open_lines & belt).ids, "refused", reason="Belts wear out")
        self.assertEqual(seal.share_ids.mapped("payer_kind"), ["extended", "customer"])
        self.assertEqual(belt.share_ids.mapped("payer_kind"), ["customer"])
        self.assertEqual(seal.share_ids.cover_id, covers["extended"])

        recovery = self.env["aftersales.supplier.recovery"].search([("claim_id", "=", claim.id)])
        self.assertEqual((recovery.supplier_id, recovery.cost, recovery.amount), (self.maker, 64, 40), "of our cost")

        self.finish(claim)
        [row] = claim.reimbursement_ids
        self.assertEqual((row.dealer_id, row.amount), (self.dealer, 88), "cost and 10 %")
        settlement = self.settle()[-1:]
        self.assertIn(("reimbursement", "88.00"), self.amounts(settlement))
        self.assertEqual(claim.reimbursement_ids.mapped("state"), ["settled"])
        self.assert_sound(settlement)

        claim.with_user(self.felix).action_invoice()
        lines = self.env["account.move.line"].search([("aftersales_claim_line_id", "in", claim.line_ids.ids)])
        self.assertEqual(lines.mapped("price_subtotal"), [40], "20 % of the seal; the belt is the dealer's matter")

    def finish(self, claim):
        """Walk the claim to its billing."""
        for _step in range(6):
            if claim.state == "billing":
                return
            gaps = claim._claim_gaps("billing")
            claim.with_user(self.boss).action_next()
            self.assertNotEqual(claim.state, "intake", gaps)
        self.assertEqual(claim.state, "billing")


