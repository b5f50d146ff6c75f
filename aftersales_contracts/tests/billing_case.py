"""Contracts to bill, in a company with a chart of accounts: what the tests of billing start from."""

from datetime import date
from decimal import Decimal

from odoo.fields import Command, Date
from odoo.tests import freeze_time
from odoo.tools import float_repr

from .posting_case import PostingCase

STEP = "billing"


class BillingCase(PostingCase):
    """Amounts are read as text, so that a float can hide nothing. ``billed`` contracts have no demo data among them."""

    @classmethod
    def a_line(cls, contract, price=100, **values):
        """A monthly line in advance of a draft contract, taxed with 15 %."""
        return cls.env["aftersales.contract.line"].create({
            "contract_id": contract.id, "name": "Maintenance", "price": price,
            "tax_ids": [Command.set(cls.sale_tax.ids)], **values})

    @classmethod
    def a_term(cls, *lines, activate=True, **values):
        """A contract of 2026 with ``lines``: values of monthly lines in advance; without any: 100.00."""
        with freeze_time("2023-01-02 09:00:00"):  # long agreed
            contract = cls.a_contract(activate=False, **{
                "date_start": "2026-01-01", "date_end": "2026-12-31", "partner_id": cls.stranger.id, **values})
            for line in lines or ({},):
                cls.a_line(contract, **line)
            if activate:
                contract._adopt("Test")
        return contract

    def night(self, day, contracts):
        """The nightly billing of ``contracts`` on ``day`` (ISO text) as the runner does it; returns their new moves."""
        before = contracts.billed_ids.move_id
        Nightly = self.env["aftersales.nightly"]
        step = next(one for one in Nightly._steps() if one.key == STEP)
        with freeze_time(f"{day} 12:00:00"):
            due = Nightly._due(step, None, contracts)
            if due:
                Nightly._run_batch(step, due, None)
        contracts.invalidate_recordset()
        return contracts.billed_ids.move_id - before

    def facts(self, contract, *kinds):
        """[(first day, last day, amount)] of what was billed, in the order of days; ``kinds``: only those."""
        rows = contract.billed_ids.filtered(lambda one: not kinds or one.kind in kinds).sorted(
            lambda one: (one.period_start, one.id))
        return [(str(row.period_start), str(row.period_end), self.text(row.amount, row.currency_id)) for row in rows]

    def text(self, amount, currency=None):
        return float_repr(amount, (currency or self.company.currency_id).decimal_places)

    def total(self, contract, *kinds):
        return str(sum((Decimal(row[2]) for row in self.facts(contract, *kinds)), Decimal(0)))

    def problems(self, contracts):
        return self.env["aftersales.nightly.problem"].search(
            [("res_model", "=", contracts._name), ("res_id", "in", contracts.ids)])

    def day(self, text):
        return Date.to_date(text) if isinstance(text, str) else date(*text)
