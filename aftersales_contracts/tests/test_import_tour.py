"""The wizard in a browser: a new source's file from the upload to its events."""

from odoo.tests import HttpCase, tagged

from .import_case import ImportCase


@tagged("post_install", "-at_install")
class TestImportTour(ImportCase, HttpCase):
    def test_an_account_manager_imports_a_new_sources_log(self):
        self.start_tour(
            "/odoo/action-aftersales_contracts.action_event_import", "aftersales_import_path", login=self.anna.login)
        self.assertEqual([fact[2:] for fact in self.facts("yard_log")], [
            ("Open", "new"), ("Working", "in_progress"), ("Shut", "resolved")])
        self.assertEqual(self.events("yard_log").create_uid, self.anna)

    def test_the_progress_of_a_long_import_is_seen_without_a_click(self):
        run = self.env(user=self.anna)["aftersales.event.import.run"].create(
            {"profile_id": self.profile.id, "mode": "good", "name": "long.csv", "lines": 101})
        self.start_tour(
            f"/odoo/action-aftersales_contracts.action_event_import_run/{run.id}", "aftersales_import_progress",
            login=self.anna.login)
