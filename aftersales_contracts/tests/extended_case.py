"""Machines with a warranty and extensions to sell: what the tests of extensions and of their ends start from."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import AftersalesCase

TODAY = "2026-01-15"


@tagged("post_install", "-at_install")
class ExtendedCase(AftersalesCase):
    """2026-01-15, 12:00 UTC. `pump` is a product with a released warranty of 12 months from delivery, `longer` one that
    extends it by 12 months. `an_asset` makes a pump of `customer`, delivered on 2025-03-10: its last day is
    2026-03-09."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time(f"{TODAY} 12:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.pump = cls.env["product.product"].create({"name": "Pump", "type": "consu"})
        cls.warranty = cls.a_policy("Pump warranty")
        cls.extension = cls.a_policy("Pump extension", cover_kind="extended")
        cls.longer = cls.an_extension_product(cls.extension)

    @classmethod
    def a_policy(cls, name, months=12, **values):
        """A released policy for `pump`; parts and labour for so many months."""
        policy = cls.env["aftersales.warranty.policy"].with_user(cls.anna).create({
            "name": name, "cover_kind": "warranty", "product_ids": [Command.set(cls.pump.ids)],
            "company_id": cls.company.id, "start_trigger": "delivery",
            "benefit_ids": [Command.create({"kind": kind, "term_count": months, "term_unit": "month"})
                            for kind in ("parts", "labour")], **values})
        policy.with_user(cls.lena).action_release()
        return policy.sudo(False).with_env(cls.env)

    @classmethod
    def an_extension_product(cls, policy, **values):
        return cls.env["product.product"].create({
            "name": "One more year", "type": "service", "list_price": 80,
            "aftersales_extended_policy_id": policy.id, **values})

    @classmethod
    def an_asset(cls, serial="P-1", delivered="2025-03-10", **values):
        """A pump, registered, with its warranty."""
        asset = cls.env["aftersales.asset"].create({
            "name": serial, "product_id": cls.pump.id, "partner_id": cls.customer.id, "delivered_on": delivered,
            **values})
        asset._start_covers("registration")
        return asset

    def covers(self, asset, kind="warranty"):
        return self.env["aftersales.warranty.cover"].search([("asset_id", "=", asset.id), ("kind", "=", kind)])

    def last_day(self, asset, kind="warranty"):
        return fields.Date.to_string(self.covers(asset, kind).last_day)

    def assert_payer(self, asset, day, payer, kind="parts"):
        """Who pays a failure of ``asset`` on ``day``; "customer" where nobody does."""
        found = asset.check_coverage(day, "", [{"key": "seal", "kind": kind, "amount": "100.00"}])
        self.assertEqual(found["items"][0]["payers"][0]["kind"], payer, found)
