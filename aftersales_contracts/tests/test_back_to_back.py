"""Back to back: what is promised to a customer against the provider contract behind it."""

from odoo.exceptions import ValidationError
from odoo.fields import Command

from .common import ADDON, AftersalesCase


class TestBackToBack(AftersalesCase):
    def provider(self, hours=8, calendar=None, **values):
        policy = self.env["aftersales.sla.policy"].create({
            "name": "Provider", "calendar_id": (calendar or self.office).id,
            "target_ids": [Command.create({"metric": "first_response", "duration_minutes": hours * 60}),
                           Command.create({"metric": "resolution", "duration_minutes": hours * 60})]})
        return self.a_contract(
            activate=False, partner_id=self.dealer.id, policy_id=policy.id, date_start="2026-01-01",
            contract_type_id=self.env.ref(f"{ADDON}.contract_type_provider").id, **values)

    def draft(self, behind, **values):
        return self.a_contract(activate=False, backing_ids=[Command.set(behind.ids)], date_end="2026-12-31", **values)

    def kinds(self, contract):
        return [(finding["what"], finding["kind"]) for finding in contract.backing_findings]

    def test_a_promise_tighter_than_the_providers_is_flagged(self):
        """Customer 4 h, provider 8 h (section 4, item 11)."""
        contract = self.draft(self.provider(8))
        self.assertEqual(self.kinds(contract), [(self.response_target.display_name, "tighter")])
        self.assertIn("4 h", contract.draft_warning_text)
        self.assertIn("8 h", contract.draft_warning_text)
        self.assertFalse(self.draft(self.provider(4)).backing_findings)

    def test_cover_that_outlasts_the_providers_is_flagged(self):
        contract = self.draft(self.provider(1, date_end="2026-06-30"))
        self.assertEqual(self.kinds(contract), [("the contract", "outlasts")])
        self.assertIn("12/31/2026", contract.backing_text)
        self.assertIn("06/30/2026", contract.backing_text)

    def test_each_asset_is_compared_where_the_provider_names_assets(self):
        first, second = self.env["aftersales.asset"].create([
            {"name": name, "partner_id": self.customer.id} for name in ("B-1", "B-2")])
        behind = self.provider(1, cover_ids=[Command.create({"asset_id": first.id, "date_end": "2026-09-30"})])
        contract = self.draft(behind, cover_ids=[Command.create({"asset_id": asset.id}) for asset in (first, second)])
        self.assertEqual(self.kinds(contract), [(first.display_name, "outlasts"), (second.display_name, "unbacked")])

    def test_hours_of_the_week_count(self):
        nights = self.env["resource.calendar"].create({
            "name": "Mornings", "tz": "UTC", "company_id": self.company.id, "attendance_ids": [Command.clear()] + [
                Command.create({"name": "m", "dayofweek": str(day), "hour_from": 8, "hour_to": 12,
                                "day_period": "morning"}) for day in range(5)]})
        contract = self.draft(self.provider(1, nights))
        self.assertEqual({kind for _what, kind in self.kinds(contract)}, {"longer_hours"})

    def test_the_loosest_target_of_the_provider_decides_for_any_impact(self):
        behind = self.provider(1)
        behind.policy_id.target_ids = [Command.create(
            {"metric": "first_response", "impact": "low", "duration_minutes": 600})]
        self.assertEqual(self.kinds(self.draft(behind)), [(self.response_target.display_name, "tighter")])

    def test_a_metric_nobody_backs(self):
        behind = self.provider(1)
        behind.policy_id.target_ids.filtered(lambda target: target.metric == "resolution").unlink()
        self.assertEqual(self.kinds(self.draft(behind)), [(self.resolution_target.display_name, "unbacked")])

    def test_only_provider_and_dealer_contracts_stand_behind(self):
        with self.assertRaisesRegex(ValidationError, "only provider and dealer contracts"):
            self.draft(self.contract)
