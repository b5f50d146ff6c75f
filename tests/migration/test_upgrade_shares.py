"""A database from before dealer shares, updated: nothing is attributed or settled until a share rule is in force."""

from unittest.mock import patch

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestUpgradeShares(TransactionCase):
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

    def test_what_was_posted_before_is_neither_attributed_nor_settled(self):
        if self.env["aftersales.share.rule"].search_count([("state", "=", "released")]):
            self.skipTest("the older version had share rules in force")
        posted = self.env["account.move"].search([("state", "=", "posted")])
        self.work_a_night()
        self.assertFalse(self.env["aftersales.revenue"].search([]))
        self.assertFalse(self.env["aftersales.settlement"].search([]))
        self.assertFalse(self.env["aftersales.nightly.problem"].search([]))
        self.assertFalse(posted.filtered("aftersales_revenue_due"))

    def test_what_was_said_to_be_paper_is_the_same_paper(self):
        before = self.env["ir.config_parameter"].get_param("aftersales.test.fingerprint")
        if not before:
            self.skipTest("the older version kept no fingerprint")
        self.assertEqual(self.contract("Review")._paper_fingerprint(), before)
        for title in ("Active", "Served", "Outsourced", "Dealer"):
            with self.subTest(title):
                self.assertEqual(self.contract(title)._version_drift(), {})

    def test_a_closed_month_and_its_penalties_show_no_drift(self):
        if not self.env["aftersales.penalty"].search_count([]):
            self.skipTest("the older version assessed no penalties")
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1):
            self.env["aftersales.drift.run"]._cron_drift()
        run = self.env["aftersales.drift.run"].search([], limit=1)
        self.assertTrue(run.statements and run.penalties and run.billed, "it has looked at what was closed")
        found = self.env["aftersales.drift"].search([])
        self.assertFalse(found, [(drift.name, drift.label, drift.was, drift.now) for drift in found])

    def test_contracts_on_record_need_no_assessment_afterwards(self):
        """Nobody is stopped at night by a check that did not exist: types on record ask for none until told so."""
        contracts = self.env["aftersales.contract"].with_context(active_test=False).search([])
        self.assertFalse(contracts.filtered("needs_assessment"))
