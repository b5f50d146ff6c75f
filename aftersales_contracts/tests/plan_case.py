"""What the tests of plans, promises and entitlements start from."""

from odoo import fields
from odoo.fields import Command, Domain
from odoo.tests import freeze_time

from .common import AftersalesCase

VISITS = {"name": "Inspections", "kind": "quota", "quota_unit": "visit", "quantity": 4, "unit": "year"}


def day(text):
    return fields.Date.to_date(text)


class PlanCase(AftersalesCase):
    """The clock stands at 2026-05-20 12:00 UTC."""

    now = "2026-05-20 12:00:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time(cls.now)
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.plan = cls.a_plan()

    @classmethod
    def a_plan(cls, **values):
        """A complete plan of the company: answers within 4 h, 4 inspections a year; training as an add-on."""
        return cls.env["aftersales.service.plan"].create({
            "name": "House Plan", "segment": "ordinary", "process": "<p>We come.</p>",
            "kpi_ids": [Command.create({"name": "Answered in time", "goal": 90})],
            "module_ids": [
                Command.create({"name": "Support", "kind": "technical_support", "promise_ids": [Command.create({
                    "name": "Answered", "kind": "sla", "metric": "first_response", "within_minutes": 240})]}),
                Command.create({"name": "Visits", "kind": "repair", "promise_ids": [Command.create(VISITS)]}),
                Command.create({"name": "Training", "kind": "customer_care", "is_add_on": True, "promise_ids": [
                    Command.create({**VISITS, "name": "Training days", "quantity": 2})]})], **values})

    @classmethod
    def a_quota(cls, activate=True, contract=None, start="2026-01-01", **terms):
        """The entitlement of a contract of `customer` with one quota: 4 visits a year, or as ``terms`` say."""
        contract = contract or cls.a_contract(
            activate=False, date_start=start, promise_ids=[Command.create({**VISITS, **terms})])
        if activate:
            contract._adopt("Test")
        return contract.entitlement_ids

    def ledger(self, entitlement):
        """[(kind, day, quantity, lot or None)] of the ledger, in the order of the record."""
        self.env.invalidate_all()
        lines = entitlement.line_ids.sorted("id")
        return [(line.kind, str(line.day), line.quantity, line.lot or None) for line in lines]

    def night(self, entitlement, today):
        """One night on the contract of ``entitlement``."""
        contract = entitlement.contract_id
        due = contract.search(contract._nightly_ledger_domain(day(today)) & Domain("id", "=", contract.id))
        return due._nightly_ledger(day(today)) if due else []

    def used_by(self, entitlement, quantity=1.0, on="2026-05-20", request=None, by=None):
        """Use some of it for a request of the customer, as an agent does."""
        request = request or self.a_request(opened="2026-05-19 08:00:00")
        return request.with_user(by or self.agent).use_entitlement(
            entitlement.unit, quantity, on, entitlement_id=entitlement.id)

    def assert_laws(self, entitlement, today="2026-05-20"):
        """The balance is the sum of the lines, and below zero only by an approved excess."""
        self.env.invalidate_all()
        total = round(sum(entitlement.line_ids.mapped("quantity")), 2)
        self.assertEqual(entitlement.balance, total)
        ledger = entitlement._ledgers()[entitlement]
        self.assertEqual(float(ledger.balance(day(today))), total)
        if total < 0:
            self.assertTrue(entitlement.line_ids.approver_id)
