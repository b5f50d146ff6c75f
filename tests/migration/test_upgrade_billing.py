"""A database from before recurring fees were billed here, updated: nothing is billed by surprise."""

from odoo import fields
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestUpgradeBilling(TransactionCase):
    def setUp(self):
        super().setUp()
        if self.env["ir.config_parameter"].get_param("aftersales.test.version"):
            self.skipTest("the older version billed and assessed penalties itself")

    def contract(self, title):
        found = self.env["aftersales.contract"].search([("title", "=", title)])
        if not found:
            self.skipTest(f"the older version knew no contract {title}")
        return found

    def work_a_night(self):
        """All steps, without the commits that no test may make."""
        nightly = self.env["aftersales.nightly"]
        for step in sorted(nightly._steps()):
            nightly._run_batch(step, nightly._due(step, None), None)

    def test_contracts_that_somebody_bills_elsewhere_are_billed_by_hand(self):
        contracts = self.env["aftersales.contract"].with_context(active_test=False).search([])
        self.assertEqual(set(contracts.mapped("billing")), {"manual"})
        self.assertEqual(self.env["aftersales.contract"].new({}).billing, "automatic")
        self.work_a_night()
        self.assertFalse(self.env["account.move"].search([]))
        self.assertFalse(self.env["aftersales.nightly.problem"].search([]))

    def test_billing_begins_on_the_day_that_finance_says(self):
        contract = self.contract("Active")
        if not contract.line_ids:
            self.skipTest("the older version knew no contract lines")
        first = fields.Date.today().replace(day=1)
        contract.start_billing(first)
        line = contract.line_ids
        self.assertEqual((contract.billing, line.next_bill_on), ("automatic", first))

    def test_what_was_said_to_be_paper_is_the_same_paper(self):
        review = self.contract("Review")
        before = self.env["ir.config_parameter"].get_param("aftersales.test.fingerprint")
        self.assertEqual(review._paper_fingerprint(), before)
        for title in ("Active", "Served", "Outsourced"):
            with self.subTest(title):
                self.assertEqual(self.contract(title)._version_drift(), {})

    def test_no_penalty_is_assessed_for_what_was_closed_before(self):
        self.assertFalse(self.env["aftersales.penalty"].search([]))
