"""Claims of repair orders: made from their lines, deciding the quotation, and never invoicing anything twice."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .repair_case import RepairCase


class TestRepairClaim(RepairCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cause = cls.env["aftersales.cause"].create({"code": "bearing", "name": "Bearing Broken"})

    def claimed(self, *parts, **values):
        repair = self.a_repair(*parts, user=self.foreman, cause_id=self.cause.id, **values)
        repair._action_repair_confirm()
        repair.action_create_sale_order()
        repair.action_make_claim()
        return repair, repair.aftersales_claim_id

    def test_claim_has_the_lines_before_anybody_pays(self):
        repair, claim = self.claimed(self.pump, (self.seal, 2, "add"))
        self.assertEqual((claim.asset_id, claim.channel, claim.claimant_id), (self.machine, "repair", self.foreman))
        self.assertEqual(claim.request_id, repair.aftersales_request_id)  # one story, the same clocks
        self.assertEqual([(line.product_id, line.quantity, line.amount, line.covered_percent)
                          for line in claim.line_ids],
                         [(self.pump, 1, 400, 100), (self.seal, 2, 40, 0)])
        with self.assertRaisesRegex(UserError, "already"):
            repair.action_make_claim()
        repair.sale_order_id.order_line = [Command.create({"product_id": self.labour.id, "product_uom_qty": 2})]
        self.assertEqual(claim.line_ids.filtered(lambda line: line.kind == "labour").amount, 180)
        repair.move_ids.filtered(lambda move: move.product_id == self.seal).product_uom_qty = 1
        self.assertEqual(claim.line_ids.filtered(lambda line: line.product_id == self.seal).amount, 20)
        repair.move_ids.filtered(lambda move: move.product_id == self.seal)._action_cancel()
        self.assertFalse(claim.line_ids.filtered(lambda line: line.product_id == self.seal))

    def test_decision_says_what_the_customer_pays(self):
        repair, claim = self.claimed(self.pump, self.seal)
        pump, seal = claim.line_ids
        claim.with_user(self.anna).action_decide_lines(pump.ids, "partly", 100, "Run without oil")
        self.assertEqual(self.quoted(repair), {"Pump": (300, 300), "Seal": (20, 20)})
        claim.with_user(self.anna).action_decide_lines(seal.ids, "refused", None, "Worn")
        with self.assertRaises(AccessError):
            claim.with_user(self.foreman).action_reopen("mine")
        claim.with_user(self.anna).action_reopen("Oil was there", pump.ids)
        claim.action_verdict()
        claim.with_user(self.anna).action_decide_lines(pump.ids, "approved")
        self.assertEqual(self.quoted(repair), {"Pump": (0, 0), "Seal": (20, 20)})

    def test_what_the_quotation_asks_is_not_invoiced_with_the_claim(self):
        repair, claim = self.claimed(self.pump, self.seal)
        claim.diagnosis = "Bearing broken"
        claim.with_user(self.anna).action_decide_lines(claim.line_ids[0].ids, "approved")
        claim.with_user(self.anna).action_decide_lines(claim.line_ids[1].ids, "refused", None, "Worn")
        claim.with_user(self.anna).action_enter("billing")
        self.assertEqual(claim.line_ids[1]._customer_owes(), Decimal(0))
        repair.sale_order_id._action_cancel()
        self.assertEqual(claim.line_ids[1]._customer_owes(), Decimal(20))

    def test_claims_by_themselves_where_anything_is_covered(self):
        self.company.repair_claims = "automatic"
        covered, worn = self.a_repair(self.pump), self.a_repair(self.seal)
        worn._action_repair_confirm()
        self.assertFalse(worn.sudo().aftersales_claim_id)
        covered._action_repair_confirm()  # by the mechanic, who has no right on claims
        claim = covered.sudo().aftersales_claim_id
        self.assertEqual((claim.claimant_id, claim.line_ids.product_id), (self.mechanic, self.pump))
        again = self.a_repair(self.pump, failure_on="2026-03-01")
        self.env["aftersales.asset"].browse(self.machine.id).active = False
        again._action_repair_confirm()
        self.assertEqual(again.state, "confirmed")
        self.assertFalse(again.sudo().aftersales_claim_id)

    def test_mechanic_makes_no_claims_by_button(self):
        repair = self.a_repair(self.pump)
        with self.assertRaises(AccessError):
            repair.action_make_claim()
        _other, claim = self.claimed(self.pump)
        with self.assertRaisesRegex(UserError, "only through its buttons"):
            repair.aftersales_claim_id = claim.id
        forged = self.env["repair.order"].with_user(self.mechanic).with_context(default_aftersales_claim_id=claim.id)
        self.assertFalse(forged.create({
            "product_id": self.pump.id, "picking_type_id": self.warehouse.repair_type_id.id}).aftersales_claim_id)

    def test_removed_parts_come_back_and_components_are_replaced(self):
        motor = self.a_product("Motor", tracking="serial", list_price=900)
        old = self.an_asset("E-1", product=motor, stocked=False)
        old.parent_id = self.machine
        fresh = self.env["stock.lot"].create({"name": "E-2", "product_id": motor.id, "company_id": self.company.id})
        self.env["stock.quant"]._update_available_quantity(motor, self.warehouse.lot_stock_id, 1, lot_id=fresh)
        repair, claim = self.claimed((motor, 1, "add"), (motor, 1, "recycle"))
        line = claim.line_ids
        self.assertTrue(line.return_required)
        claim.with_user(self.anna).action_decide_lines(line.ids, "approved")
        self.assertEqual(line.return_state, "required")
        repair.action_repair_start()
        into, out = repair.move_ids.sorted(lambda move: move.repair_line_type)
        gone = self.env["stock.lot"].search([("name", "=", "E-1"), ("product_id", "=", motor.id)])
        for move, lot in ((into, fresh), (out, gone)):
            move.move_line_ids.unlink()
            move.move_line_ids = [Command.create({
                "product_id": motor.id, "lot_id": lot.id, "quantity": 1, "location_id": move.location_id.id,
                "location_dest_id": move.location_dest_id.id, "picked": True})]
        repair.action_repair_end()
        self.assertEqual((line.return_state, line.reused), ("received", True))
        new = self.env["aftersales.asset"].search([("name", "=", "E-2"), ("product_id", "=", motor.id)])
        self.assertEqual((new.parent_id, new.replaces_id, old.replaced_by_id), (self.machine, old, new))
        self.assertEqual(new.partner_id, self.customer)
