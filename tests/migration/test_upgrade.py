"""A database of the version before, updated: what was recorded stands, and the new rooms know it."""

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

ADDON = "aftersales_contracts"


@tagged("post_install", "-at_install")
class TestUpgrade(TransactionCase):
    def contract(self, title):
        return self.env["aftersales.contract"].search([("title", "=", title)])

    def test_states_stand_and_every_contract_has_a_type(self):
        states = {title: self.contract(title).state for title in ("Active", "Suspended", "Served", "Ended", "Draft")}
        self.assertEqual(states, {
            "Active": "active", "Suspended": "suspended", "Served": "active", "Ended": "expired", "Draft": "draft"})
        self.assertEqual(str(self.contract("Ended").ended_on), "2024-12-31")
        contracts = self.env["aftersales.contract"].with_context(active_test=False).search([])
        customers = contracts.filtered(lambda contract: contract.title not in ("Outsourced", "Dealer"))
        self.assertEqual(set(customers.mapped("kind")), {"customer"})
        self.assertEqual(customers.contract_type_id, self.env.ref(f"{ADDON}.contract_type_customer"))
        self.assertTrue(all(contract.lang for contract in contracts))

    def test_what_was_in_force_has_its_first_version(self):
        for title, numbers in (("Active", [1]), ("Suspended", [1]), ("Served", [1]), ("Ended", [1]), ("Draft", [])):
            with self.subTest(title):
                self.assertEqual(self.contract(title).version_ids.mapped("number"), numbers)
        version = self.contract("Active").version_ids
        self.assertEqual(version.effective_on, self.contract("Active").date_start)
        self.assertFalse(version._broken())

    def test_a_running_suspension_can_be_resumed(self):
        suspended = self.contract("Suspended")
        self.assertEqual(len(suspended.suspension_ids), 1)
        suspension = suspended.suspension_ids
        # The version before let clocks and cover run on while a contract was suspended.
        self.assertFalse(suspension.pauses_clock or suspension.pauses_cover or suspension.shifts_end)
        suspended.action_resume()
        self.assertEqual(suspended.state, "active")

    def test_assets_keep_their_cover(self):
        asset = self.env["aftersales.asset"].search([("name", "=", "OLD-1")])
        self.assertEqual(
            (asset.cover_ids.contract_id, str(asset.cover_ids.date_start), str(asset.cover_ids.date_end)),
            (self.contract("Active"), "2026-01-15", "2026-06-30"))
        self.assertEqual(asset.contract_id, self.contract("Active"))
        self.assertFalse(self.env["aftersales.asset"].search([("name", "=", "OLD-2")]).cover_ids)
        served = self.env["aftersales.asset"].search([("name", "=", "OLD-3")])
        self.assertEqual(served.cover_ids.contract_id, self.contract("Served"))
        self.assertIn(served, self.contract("Served").asset_ids)

    def test_each_contract_has_its_partner_as_a_party(self):
        for title, roles in (("Active", ["customer"]), ("Draft", ["customer"]), ("Served", ["customer", "dealer"])):
            with self.subTest(title):
                self.assertEqual(sorted(self.contract(title).party_ids.mapped("role")), roles)

    def test_the_paper_is_locked_and_the_nightly_work_runs(self):
        with self.assertRaisesRegex(UserError, "amendment"):
            self.contract("Active").title = "Other"
        cron = self.env.ref(f"{ADDON}.cron_contracts")
        self.assertEqual((cron.model_id.model, cron.code), ("aftersales.nightly", "model._cron_nightly()"))
        self.assertFalse(self.env["aftersales.nightly.problem"].search([]))

    def test_closed_statements_are_what_they_were(self):
        closed = self.env["aftersales.statement"].search([("state", "!=", "draft")])
        self.assertGreater(len(closed), 5)
        for statement in closed:
            with self.subTest(statement.name):
                self.assertEqual(statement._verify(), [], statement.name)
