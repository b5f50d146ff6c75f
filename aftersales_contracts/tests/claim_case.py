"""What the tests of claims start from: a machine under a warranty by a released policy, and claims on it."""

from odoo import fields
from odoo.tests import freeze_time

from .common import AftersalesCase


@freeze_time("2026-03-10 09:00:00")
class ClaimCase(AftersalesCase):
    """`asset` was delivered to `customer` on 2025-06-01 and has a warranty of 12 months for parts, labour and travel,
    in full; today is 2026-03-10. Cause `wear`. `agent` files, `anna` decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create({"name": "Claim Pump"})
        cls.seal = cls.env["product.product"].create({"name": "Shaft Seal", "standard_price": 30})
        cls.wear = cls.env["aftersales.cause"].create({"code": "claim_wear", "name": "Wear of a Seal"})
        cls.misuse = cls.env["aftersales.cause"].create({"code": "claim_misuse", "name": "Dry Running"})
        cls.company.claim_approve_up_to = 0  # the demo company lets the rule decide
        cls.warranty = cls.a_warranty()
        cls.asset = cls.an_asset("CLAIM-1")

    @classmethod
    def a_warranty(cls, **values):
        """A released policy for `product`."""
        kinds = ("parts", "labour", "travel")
        percent = values.pop("percent", 100)
        policy = cls.env["aftersales.warranty.policy"].create({
            "name": "Claim Warranty", "cover_kind": "warranty", "company_id": cls.company.id,
            "currency_id": cls.company.currency_id.id, "product_ids": [fields.Command.set(cls.product.ids)],
            "benefit_ids": [fields.Command.create({
                "kind": kind, "term_count": 12, "term_unit": "month", "percent": percent}) for kind in kinds],
            **values})
        policy.with_user(cls.lena).action_release()
        return policy

    @classmethod
    def an_asset(cls, serial, **values):
        asset = cls.env["aftersales.asset"].create({
            "name": serial, "product_id": cls.product.id, "partner_id": cls.customer.id,
            "company_id": cls.company.id, "delivered_on": "2025-06-01", **values})
        asset._start_covers("registration")
        return asset

    def intake(self, channel="agent", by=None, **values):
        """A claim filed by `agent` unless said otherwise: a seal for 100 and three hours for 50 each."""
        lines = values.pop("lines", [
            {"kind": "parts", "product_id": self.seal.id, "name": "Seal", "unit_price": 100, "causal": True},
            {"kind": "labour", "name": "Work", "quantity": 3, "unit_price": 50}])
        return self.env["aftersales.warranty.claim"].with_user(by or self.agent)._intake({
            "serial": "CLAIM-1", "failure_on": "2026-03-05", "cause": "claim_wear", "symptom": "It leaks",
            "diagnosis": "The seal is worn", "lines": lines, **values}, channel)

    def judged(self, **values):
        """A claim with its verdict."""
        claim = self.intake(**values)
        claim.action_verdict()
        return claim

    def line(self, claim, kind):
        return claim.line_ids.filtered(lambda line: line.kind == kind)

    def shares(self, line):
        return [(share.payer_kind, share.percent, share.amount) for share in line.share_ids]
