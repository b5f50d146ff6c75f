"""A database from before warranties, updated: assets keep their owner, meters their readings, and nothing starts."""

from unittest.mock import patch

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestUpgradeWarranty(TransactionCase):
    def assets(self):
        assets = self.env["aftersales.asset"].with_context(active_test=False).search([])
        if not assets:
            self.skipTest("the older version had no assets")
        return assets

    def work_a_night(self):
        """All steps, without the commits that no test may make."""
        nightly = self.env["aftersales.nightly"]
        for step in sorted(nightly._steps()):
            nightly._run_batch(step, nightly._due(step, None), None)

    def test_every_asset_has_its_owner_on_record(self):
        for asset in self.assets():
            with self.subTest(asset.name):
                owners = self.env["aftersales.asset.owner"].search([("asset_id", "=", asset.id)])
                self.assertEqual(owners.partner_id, asset.partner_id)
                self.assertEqual(len(owners), 1)

    def test_readings_belong_to_a_meter(self):
        readings = self.env["aftersales.meter.reading"].search([], order="read_on")
        if not readings:
            self.skipTest("the older version had no readings")
        self.assertEqual(readings.meter_id, self.env.ref("aftersales_contracts.meter_hours"))
        self.assertEqual(sorted(readings.mapped("value")), readings.mapped("value"))

    def test_no_cover_and_no_message_comes_up_overnight(self):
        self.assets()
        before = self.env["mail.mail"].search_count([])
        self.work_a_night()
        self.assertFalse(self.env["aftersales.warranty.cover"].search([]))
        self.assertFalse(self.env["aftersales.warranty.claim"].search([]))
        self.assertFalse(self.env["aftersales.expiry.notice"].search([]))
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertFalse(self.env["aftersales.nightly.problem"].search([]).mapped("message"))

    def test_settlements_on_record_are_reckoned_as_before(self):
        settled = self.env["aftersales.settlement"].search([])
        if not settled:
            self.skipTest("the older version had no settlements")
        self.assertTrue(any(settled.mapped("total")), "there is something to be reckoned")
        for settlement in settled:
            with self.subTest(settlement.name):
                self.assertEqual(settlement._reckon_again().result_hash, settlement.result_hash)

    def test_a_check_for_drift_finds_none(self):
        if not self.env["aftersales.settlement"].search_count([]):
            self.skipTest("the older version had no settlements")
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1):
            self.env["aftersales.drift.run"]._cron_drift()
        found = self.env["aftersales.drift"].search([])
        self.assertFalse(found, [(drift.name, drift.label, drift.was, drift.now) for drift in found])
