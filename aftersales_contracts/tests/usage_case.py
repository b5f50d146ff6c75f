"""Usage tariffs, lines that are charged by them, and readings: what the tests of usage and forecast start from."""

from odoo.fields import Command, Date

from .billing_case import BillingCase


class UsageCase(BillingCase):
    """``pages``: 500 pages of a month are included, then 0.05, and 0.04 beyond 1,000 more; at least 20.00 and a base
    fee of 10.00 a month. Days are read in 2026; 2026-03-02 is a Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pages = cls.a_tariff(allowance=500, minimum_amount=20, base_fee=10, bands=((0, 0.05), (1000, 0.04)))

    @classmethod
    def a_tariff(cls, bands=((0, 1),), release=True, **values):
        tariff = cls.env["aftersales.usage.tariff"].create({
            "name": "Printed Pages", "unit_name": "page", "band_ids": [
                Command.create({"bound": bound, "price": price}) for bound, price in bands], **values})
        if release:
            tariff.action_release()
        return tariff

    @classmethod
    def a_usage_term(cls, activate=True, tariff=None, lines=(), **values):
        """A contract of 2026 with a line charged by ``tariff`` (``pages``), and ``lines`` more; (contract, line)."""
        tariff = tariff or cls.pages
        contract = cls.a_term(
            {"name": "Pages", "price": tariff.sure_amount, "tariff_id": tariff.id, "tax_ids": False}, *lines,
            activate=activate, currency_id=tariff.currency_id.id, **values)
        return contract, contract.line_ids.filtered("tariff_id")

    @classmethod
    def a_reading(cls, line, day, quantity, **values):
        return cls.env["aftersales.usage"].create(
            {"line_id": line.id, "day": day, "quantity": quantity, **values})

    def used(self, line, start, end):
        """The units of [start, end) as text."""
        span = (line.id, Date.to_date(start), Date.to_date(end))
        return f"{self.env['aftersales.usage']._sums([span])[span][0].normalize():f}"
