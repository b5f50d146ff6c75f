"""A repair order is a service request with clocks, and its machine is away while it lasts."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .repair_case import RepairCase


class TestRepairRequest(RepairCase):

    def test_request_with_clocks_follows_the_order(self):
        self.machine.contract_id = self.contract
        repair = self.a_repair(self.pump)
        self.assertEqual(repair.sudo().aftersales_asset_id, self.machine)
        self.assertFalse(repair.aftersales_request_id)
        repair._action_repair_confirm()
        request = repair.sudo().aftersales_request_id
        self.assertEqual((request.asset_id, request.contract_id, request.status_id.code),
                         (self.machine, self.contract, "new"))
        self.assertEqual(sorted(request.clock_ids.mapped("metric")), ["first_response", "resolution"])
        with self.assertRaises(AccessError):
            repair.aftersales_request_id.read(["name"])  # the mechanic needs no right on requests
        with freeze_time("2026-03-02 14:00:00"):
            repair.action_repair_start()
        self.assert_clock(self.clock(request, "first_response"), "met")
        with freeze_time("2026-03-05 09:00:00"):
            repair.action_repair_end()
            self.assertEqual(request.status_id.code, "resolved")
        away = self.machine.repair_ids
        self.assertEqual((away.start_on, away.end_on, away.request_id, away.reference),
                         (date(2026, 3, 2), date(2026, 3, 5), request, repair.name))

    def test_cancelled_order_cancels_its_request_and_begins_anew(self):
        repair = self.a_repair(self.pump)
        repair._action_repair_confirm()
        first = repair.sudo().aftersales_request_id
        repair.action_repair_start()
        repair.action_repair_cancel()
        self.assertEqual(first.kind, "cancelled")
        self.assertTrue(self.machine.repair_ids.end_on)
        repair.action_repair_cancel_draft()
        repair._action_repair_confirm()
        self.assertNotEqual(repair.sudo().aftersales_request_id, first)

    def test_joins_the_request_that_is_named(self):
        request = self.a_request(asset_id=self.machine.id)
        with self.assertRaises(AccessError):
            self.a_repair(self.pump, aftersales_request_id=request.id)  # the mechanic has no right on requests
        repair = self.a_repair(self.pump, aftersales_request_id=request.id, user=self.foreman)
        repair._action_repair_confirm()
        self.assertEqual(repair.sudo().aftersales_request_id, request)
        self.company.repair_requests = False
        other = self.a_repair(self.pump)
        other._action_repair_confirm()
        self.assertFalse(other.sudo().aftersales_request_id)

    def test_bad_input_is_named(self):
        lot = self.env["stock.lot"].create({"name": "X-1", "product_id": self.compressor.id})
        unknown = self.a_repair(self.pump, serial="X-1", user=self.foreman)
        self.assertFalse(unknown.aftersales_asset_id)
        unknown._action_repair_confirm()  # a plain repair order
        self.assertFalse(unknown.aftersales_request_id)
        self.assertFalse(unknown.cover_ids)
        for button in (unknown.action_check_coverage, unknown.action_make_claim):
            with self.assertRaisesRegex(UserError, lot.name), self.env.cr.savepoint():
                button()
        with self.assertRaisesRegex(UserError, "future"), self.env.cr.savepoint():
            self.a_repair(self.pump, failure_on="2026-03-03")
        with self.assertRaisesRegex(UserError, "before it was delivered"), self.env.cr.savepoint():
            self.a_repair(self.pump, failure_on="2025-05-31")

    def test_serial_of_another_company_is_unknown(self):
        self.env["stock.lot"].create({"name": "M-9", "product_id": self.compressor.id, "company_id": self.company.id})
        self.env["aftersales.asset"].create({
            "name": "M-9", "product_id": self.compressor.id, "partner_id": self.stranger.id,
            "company_id": self.other_company.id})
        repair = self.a_repair(self.pump, serial="M-9", user=self.foreman)
        self.assertFalse(repair.aftersales_asset_id)
        with self.assertRaises(UserError) as refused:
            repair.action_check_coverage()
        self.assertNotIn(self.stranger.name, str(refused.exception))
