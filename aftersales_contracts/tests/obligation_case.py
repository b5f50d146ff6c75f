"""What tests of obligations, breaches, audits and reminders start from."""

import base64

from odoo.tests import freeze_time

from .common import AftersalesCase

TODAY = "2026-03-02"  # a Monday


class ObligationCase(AftersalesCase):
    """2026-03-02, 09:00 UTC. `contract` is in force, its account manager anna, its legal counsel lena."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.legal_user_id = cls.lena
        cls.env["aftersales.reminder.ladder"].search([]).write({"active": False})  # each test sets up its own

    @classmethod
    def kind(cls, name):
        return cls.env.ref(f"aftersales_contracts.obligation_type_{name}")

    @classmethod
    def an_obligation(cls, kind="other", due="2026-03-31", **values):
        """An obligation of `contract`, owned by anna; a type that asks for no proof unless told otherwise."""
        return cls.env["aftersales.obligation"].create({
            "name": "Report", "type_id": cls.kind(kind).id, "contract_id": cls.contract.id, "date_due": due,
            "user_id": cls.anna.id, **values})

    @classmethod
    def a_file(cls, by=None, content=b"proof", **subject):
        """Evidence on the record that ``subject`` names, such as obligation_id=7."""
        Evidence = cls.env["aftersales.evidence"]
        return (Evidence.with_user(by) if by else Evidence).create({
            "file": base64.b64encode(content), "file_name": "proof.pdf", **subject})

    @classmethod
    def a_breach(cls, by=None, **values):
        Breach = cls.env["aftersales.breach"].with_user(by or cls.anna)
        return Breach.create({
            "title": "Inspection missed", "contract_id": cls.contract.id, "event": "Nobody came on 20 February.",
            "noticed_on": "2026-02-20", **values})

    @classmethod
    def an_audit(cls, by=None, **values):
        return cls.env["aftersales.audit"].with_user(by or cls.lena).create({
            "title": "Yearly audit", "contract_id": cls.contract.id, "date_planned": "2026-03-02",
            "template_id": cls.env.ref("aftersales_contracts.audit_template_maturity").id, **values})

    @classmethod
    def a_ladder(cls, kind, days="90/60/30/7", **values):
        return cls.env["aftersales.reminder.ladder"].create({"kind": kind, "days": days, **values})

    def night(self, today=TODAY, step=None):
        """Run the nightly steps of this room, or one of them, as if it were ``today``."""
        Nightly = self.env["aftersales.nightly"]
        keys = (step,) if step else ("obligations", "breaches", "reminders", "stale_reminders")
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        with freeze_time(f"{today} 09:00:00"):
            for one in sorted(Nightly._steps()):
                if one.key in keys:
                    Nightly._run_step(one)
        problems = self.env["aftersales.nightly.problem"].search([("step", "in", keys)])
        self.assertFalse(problems, problems.mapped("message"))

    def activities(self, record):
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id")
