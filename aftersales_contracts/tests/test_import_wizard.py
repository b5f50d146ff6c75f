"""The wizard: upload, map, check, import; as an account manager does it."""

import base64

from odoo.exceptions import UserError
from odoo.tests import Form

from .import_case import ROWS, ImportCase, a_log, zipped


class TestImportWizard(ImportCase):
    def a_wizard(self, content, user=None, **values):
        return self.env(user=user or self.anna)["aftersales.event.import"].create(
            {"file": base64.b64encode(content), "filename": "portal log.csv", **values})

    def test_a_new_source_is_mapped_from_its_file(self):
        content = a_log("A1,2024-03-04 08:00,Open,Low", "A1,2024-03-05 08:00,Shut,Low",
                        header="Ticket,Changed At,Status,Impact")
        wizard = self.a_wizard(content)
        wizard.action_read()
        self.assertEqual(wizard.step, "mapping")
        self.assertRecordValues(wizard.column_ids, [
            {"column": "Ticket", "sample": "A1", "field": "reference"},
            {"column": "Changed At", "sample": "2024-03-04 08:00", "field": "occurred_at"},
            {"column": "Status", "sample": "Open", "field": "state"},
            {"column": "Impact", "sample": "Low", "field": "impact"}])
        self.assertRecordValues(wizard.state_ids, [
            {"state": "Open", "count": 1, "status_id": False}, {"state": "Shut", "count": 1, "status_id": False}])
        self.assertIn("<td>2024-03-04 08:00</td>", wizard.preview)
        for line, code in zip(wizard.state_ids, ("new", "resolved"), strict=True):
            line.status_id = self.env.ref(f"aftersales_contracts.status_{code}")
        wizard.write({"tz": "UTC", "partner_id": self.customer.id})
        wizard.action_check()
        self.assertRecordValues(wizard, [{
            "step": "checked", "rows": 2, "rows_bad": 0, "events_new": 2, "requests_new": 1, "run_state": "done"}])
        self.assertFalse(self.events("portal_log"))
        action = wizard.action_import()
        self.assertEqual(action["res_model"], "aftersales.event.import.run")
        self.assertEqual(self.facts("portal_log"), [
            ("A1", "2024-03-04 08:00:00", "Open", "new"), ("A1", "2024-03-05 08:00:00", "Shut", "resolved")])

    def test_a_known_source_is_one_click(self):
        wizard = self.a_wizard(zipped(a_log()), profile_id=self.profile.id)
        wizard.action_read()
        self.assertEqual({line.state: line.status_id.code for line in wizard.state_ids}, {
            "New": "new", "Work/In Progress": "in_progress", "Wait/User": "waiting_customer",
            "Done/Closed": "resolved", "Done/Cancelled": "cancelled"})
        before = [(line.pattern, line.status_id.id) for line in self.profile.state_ids]
        wizard.action_check()
        wizard.action_import()
        self.assertEqual(len(self.facts()), 6)
        self.assertEqual([(line.pattern, line.status_id.id) for line in self.profile.state_ids], before)

    def test_a_remapped_state_is_kept_with_its_full_name(self):
        wizard = self.a_wizard(a_log(), profile_id=self.profile.id)
        wizard.action_read()
        wizard.state_ids.filtered(lambda line: line.state == "Done/Closed").status_id = self.env.ref(
            "aftersales_contracts.status_closed")
        wizard.action_import()
        self.assertIn(("A1", "2024-03-05 10:00:00", "Done/Closed", "closed"), self.facts())
        self.assertIn("Done/Closed", self.profile.state_ids.mapped("pattern"))

    def test_errors_are_shown_and_can_be_downloaded(self):
        wizard = self.a_wizard(a_log(*ROWS, "A1,never,New,,Low,se"), profile_id=self.profile.id)
        wizard.action_read()
        wizard.action_check()
        self.assertEqual((wizard.rows_bad, wizard.error_filename), (1, "portal log-errors.csv"))
        self.assertRecordValues(wizard.error_ids, [
            {"line": 8, "column_name": "at", "value": "never", "rule": "instant"}])
        self.assertIn(b"8,at,never", base64.b64decode(wizard.error_file))
        wizard.mode = "all"
        wizard.action_import()
        self.assertEqual((wizard.run_id.state, self.facts()), ("refused", []))
        wizard.mode = "good"
        wizard.action_import()
        self.assertEqual(len(self.facts()), 6)

    def test_wrong_files_are_said_so(self):
        for content, word in (
                (b"", "Choose a file"), (b"PK\x03\x04", "spreadsheet"), (b"\x89PNG\r\n\x1a\n\0\0", "text file")):
            with self.assertRaisesRegex(UserError, word):
                self.a_wizard(content).action_read()

    def test_a_long_file_waits_for_the_scheduled_action(self):
        rows = [f"A{number},2024-03-04 08:00:00,New,,Low,se" for number in range(20_001)]
        wizard = self.a_wizard(zipped(a_log(*rows)), profile_id=self.profile.id)
        wizard.action_read()
        cron = self.env.ref("aftersales_contracts.cron_import")
        waiting = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        wizard.action_import()
        self.assertEqual((wizard.run_id.state, self.facts()), ("waiting", []))
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), waiting + 1)

    def test_the_form_opens_and_its_markup_is_escaped(self):
        with Form(self.env(user=self.anna)["aftersales.event.import"]) as form:
            form.file = base64.b64encode(a_log("A1,x,<b>New</b>,,Low,se"))
        wizard = form.record
        wizard.action_read()
        self.assertIn("&lt;b&gt;New&lt;/b&gt;", wizard.preview)
        with Form(wizard) as form:
            self.assertEqual(form.step, "mapping")
