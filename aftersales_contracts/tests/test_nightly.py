"""The runner of the nightly work: batches, one broken record, two runs, a dry run."""

from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..models.common.nightly import NightlyStep
from .common import AftersalesCase

STEP = NightlyStep(1, "rename", "Rename", "aftersales.contract", "_due_for_test", "_work_for_test")


class TestNightly(AftersalesCase):
    def setUp(self):
        super().setUp()
        Contract = type(self.env["aftersales.contract"])
        self.batches = []

        def due(records, today):
            return Domain("note", "=", False) & Domain("title", "=like", "Night%")

        def work(records, today):
            self.batches.append(len(records))
            if any(record.title == "Night broken" for record in records):
                raise ValueError("no value for 2026")
            records.write({"note": "done"})
            return [(record, "renamed") for record in records]

        Contract._due_for_test = due
        Contract._work_for_test = work
        self.addCleanup(delattr, Contract, "_work_for_test")
        self.addCleanup(delattr, Contract, "_due_for_test")
        self.patch(type(self.env["aftersales.nightly"]), "_steps", lambda self: [STEP])
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        self.nights = self.env["aftersales.contract"].browse()
        for number in range(5):
            self.nights |= self.a_contract(activate=False, title=f"Night {number}")

    def test_a_batch_is_one_call_and_nothing_is_done_twice(self):
        self.env["aftersales.nightly"]._cron_nightly(batch=3)
        self.assertEqual(self.batches, [3, 2])
        self.env["aftersales.nightly"]._cron_nightly(batch=3)
        self.assertEqual(self.batches, [3, 2])

    def test_one_broken_record_is_reported_and_the_others_go_on(self):
        broken = self.a_contract(activate=False, title="Night broken")
        self.env["aftersales.nightly"]._cron_nightly()
        self.assertEqual(set(self.nights.mapped("note")), {"<p>done</p>"})
        problem = self.env["aftersales.nightly.problem"].search([])
        self.assertRecordValues(problem, [
            {"contract_id": broken.id, "step": "rename", "message": "no value for 2026",
             "company_id": self.company.id}])
        self.env["aftersales.nightly"]._cron_nightly()
        self.assertEqual(len(self.env["aftersales.nightly.problem"].search([])), 1)
        broken.title = "Night mended"
        self.env["aftersales.nightly"]._cron_nightly()
        self.assertFalse(self.env["aftersales.nightly.problem"].search([]))

    def test_a_dry_run_says_what_and_writes_nothing(self):
        rows = self.env["aftersales.nightly"].with_user(self.boss).dry_run()
        self.assertEqual({row["res_id"] for row in rows}, set(self.nights.ids))
        self.assertEqual({row["what"] for row in rows}, {"renamed"})
        self.assertFalse(any(self.nights.mapped("note")))
        with self.assertRaises(AccessError):
            self.env["aftersales.nightly"].with_user(self.anna).dry_run()

    def test_the_dialog_counts_what_would_change(self):
        def summary():
            wizard = self.env["aftersales.dry.run"].with_user(self.boss).create({"scheduled_action": "nightly"})
            wizard.action_run()
            return wizard.summary

        self.assertEqual(summary(), "5 changes.")
        self.nights[1:].note = "done"
        self.assertEqual(summary(), "1 change.")
        self.nights.note = "done"
        self.assertEqual(summary(), "Nothing would change.")
