"""Transfers: consent, day, fee, what the owner before and the new one see. Edge row 27 of the field study."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time

from .test_asset_facts import AssetCase
from .warranty_covers import a_cover


@freeze_time("2026-06-15 12:00:00")
class TestAssetTransfer(AssetCase):
    def asked(self, day="2026-06-01", user=None, **values):
        return self.env["aftersales.asset.transfer"].with_user(user or self.anna).create({
            "asset_ids": [Command.set(self.asset.ids)], "partner_id": self.stranger.id, "day": day, **values})

    def under(self, rule, fee=0):
        """A warranty of the machine that goes over by ``rule``."""
        cover = a_cover(self.asset, "warranty", {"parts": 100}, 24)
        cover.policy_id._write_guarded({"transfer": rule, "transfer_fee": fee})
        return cover

    def test_the_new_owner_is_on_record_with_its_components(self):
        part = self.an_asset("M-1", parent_id=self.asset.id)
        transfer = self.asked(place="New hall")
        transfer.action_transfer()
        for asset in (self.asset, part):
            self.assertRecordValues(asset, [{"partner_id": self.stranger.id, "place": "New hall"}])
            self.assertRecordValues(self.owner_row(asset), [{
                "partner_id": self.stranger.id, "day": date(2026, 6, 1), "consent": False,
                "transfer_id": transfer.id}])
        self.assertRecordValues(transfer, [{"state": "done", "old_partner_id": self.customer.id}])
        with self.refused(UserError, "is decided and does not change"):
            transfer.place = "Elsewhere"
        with self.refused(UserError, "is decided already"):
            transfer.action_transfer()
        with self.refused(UserError, "changes only through its buttons"):
            self.asked(partner_id=self.customer.id, day="2026-06-10").write({"state": "done"})

    def test_days_that_cannot_be(self):
        self.asked().action_transfer()
        for day, sentence in (
                ("2026-05-31", "since 2026-06-01: a transfer on 2026-05-31 comes too late"),
                ("2026-06-16", "is for 2026-06-16: it can be done from that day on")):
            with self.subTest(day), self.refused(UserError, sentence):
                self.asked(day, partner_id=self.dealer.id).action_transfer()
        with self.refused(UserError, "belongs to Somebody Else already"):
            self.asked()

    def test_consent_is_recorded_where_a_warranty_demands_it(self):
        cover = self.under("consent")
        transfer = self.asked()
        self.assertTrue(transfer.consent_needed)
        self.assertEqual(transfer.remaining, f"{cover.display_name}, until 2028-01-30: goes to the new owner with "
                         "recorded consent")
        with self.refused(UserError, "needs a recorded consent"):
            transfer.action_transfer()
        with self.refused(UserError, "name who gave the consent, or add the paper"):
            transfer.action_consent()
        transfer.consent_by = "Ann, by letter"
        transfer.action_consent()
        transfer.action_transfer()
        self.assertTrue(self.owner_row().consent)
        self.assertTrue(self.asset._engine_assets()[self.asset.id].owners[-1].consent)

    def test_a_refused_transfer_changes_nothing(self):
        transfer = self.asked()
        with self.refused(UserError, "Say why the transfer"):
            transfer.action_refuse()
        transfer.reason = "No consent"
        transfer.action_refuse()
        self.assertEqual(self.asset.partner_id, self.customer)
        with self.refused(UserError, "is decided already"):
            transfer.action_transfer()

    def test_the_fee_is_invoiced_once_by_finance(self):
        self.under("free", 250)
        transfer = self.asked(fee_payer="old")
        self.assertEqual(transfer.fee, 250)
        transfer.action_transfer()
        with self.assertRaises(AccessError):
            transfer.with_user(self.anna).action_invoice_fee()
        self.felix.write({"group_ids": [Command.link(self.env.ref("account.group_account_invoice").id)]})
        if not self.env.company.chart_template:
            self.skipTest("No chart of accounts")
        finance = transfer.with_user(self.felix)
        finance.action_invoice_fee()
        self.assertRecordValues(transfer.move_id, [{
            "state": "draft", "partner_id": self.customer.id, "amount_untaxed": 250}])
        with self.refused(UserError, "is on .* already"):
            finance.action_invoice_fee()

    def test_row27_each_owner_sees_its_own_time_only(self):
        """The peer lets the new owner read the old one's requests, and the old one those of the new."""
        before = self.a_request("2026-05-04 10:00:00", asset_id=self.asset.id)
        self.asked().action_transfer()
        after = self.a_request("2026-06-02 10:00:00", asset_id=self.asset.id, partner_id=self.stranger.id)
        for user, request, owns in ((self.carla, before, False), (self.outsider, after, True)):
            with self.subTest(user.login):
                seen = self.env["aftersales.request"].with_user(user).search([("asset_id", "=", self.asset.id)])
                self.assertEqual(seen, request)
                self.assertEqual(bool(self.env["aftersales.asset"].with_user(user).search(
                    [("id", "=", self.asset.id)])), owns)
                for model in ("owner", "transfer", "repair", "replacement"):
                    with self.assertRaises(AccessError):
                        self.env[f"aftersales.asset.{model}"].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.asset.with_user(self.outsider).read(["supplier_id"])

    def test_waiting_transfers_fall_due(self):
        transfer = self.asked("2026-06-20")
        self.env.flush_all()
        due = self.env["aftersales.due"].with_user(self.anna).search([("kind", "=", "transfer")])
        self.assertIn(str(transfer.day), due.mapped(lambda one: str(one.date_due)))
