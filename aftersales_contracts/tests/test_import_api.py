"""The external API: one call brings a log in, with the rights of the key's user."""

import base64
import json
from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged

from .import_case import ImportCase, a_log


@tagged("post_install", "-at_install")
class TestImportByJson(ImportCase, HttpCase):
    def call(self, user, content, mode="good"):
        """(HTTP status, answer) of JSON-2's import_events with a key of ``user``."""
        key = self.env(user=user)["res.users.apikeys"]._generate("rpc", "test", datetime.now() + timedelta(days=1))
        answer = self.url_open(
            "/json/2/aftersales.import.profile/import_events", method="POST",
            headers={"Authorization": f"bearer {key}", "Content-Type": "application/json"},
            data=json.dumps({
                "ids": self.profile.ids, "content_base64": base64.b64encode(content).decode(), "mode": mode}))
        return answer.status_code, answer.json()

    def test_an_account_managers_key_imports(self):
        status, figures = self.call(self.anna, a_log())
        self.assertEqual((status, figures["state"], figures["events_new"], figures["errors"]), (200, "done", 6, []))
        self.assertEqual(len(self.facts()), 6)
        status, figures = self.call(self.anna, a_log("A1,never,New,,Low,se"), "all")
        self.assertEqual((status, figures["state"]), (200, "refused"))
        self.assertEqual(figures["errors"], [{
            "line": 2, "column": "at", "value": "never",
            "rule": "Not an instant in the format of the import profile."}])

    def test_other_keys_are_refused(self):
        for user in (self.agent, self.felix):
            self.assertEqual(self.call(user, a_log())[0], 403)
        self.assertEqual(self.call(self.anna, a_log(), "some")[0], 422)
        self.assertEqual(self.facts(), [])
