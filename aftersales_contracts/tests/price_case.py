"""Contracts with lines, an index, and the night: what the tests of prices start from."""

from datetime import date

from .common import AftersalesCase


class PriceCase(AftersalesCase):
    """``cpi``: a yearly index with 2024 = 105.65, 2025 = 110.5, 2026 = 114.25. Amounts are read as text, so that a
    float can hide nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cpi = cls.env["aftersales.index.series"].create({"name": "CPI", "code": "CPI-T", "frequency": "year"})
        for period, value in (("2024", 105.65), ("2025", 110.5), ("2026", 114.25)):
            cls.an_index_value(period, value)

    @classmethod
    def an_index_value(cls, period, value, **values):
        return cls.env["aftersales.index.value"].create(
            {"series_id": cls.cpi.id, "period": period, "value": value, **values})

    @classmethod
    def a_line(cls, contract, price=100, **values):
        """A monthly line in advance of a draft contract."""
        return cls.env["aftersales.contract.line"].create(
            {"contract_id": contract.id, "name": "Maintenance", "price": price, **values})

    @classmethod
    def an_indexed_line(cls, contract, price=1000, **values):
        return cls.a_line(contract, price, unit="year", price_rule="index", index_series_id=cls.cpi.id,
                          **{"index_base": "2024", "index_lag": 1, **values})

    @classmethod
    def a_term(cls, activate=True, lines=(), **values):
        """A contract of one year from 2025-01-01 that renews by itself, with ``lines``: values of monthly lines."""
        contract = cls.a_contract(activate=False, **{
            "date_start": "2025-01-01", "date_end": "2025-12-31", "renewal_kind": "automatic", **values})
        for line in lines:
            cls.a_line(contract, **line)
        if activate:
            contract._adopt("Test")
        return contract

    def night(self, today, step=None):
        """One nightly run of the renewals (or of ``step``) on that day; returns the problems that stand after it."""
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        nightly = self.env["aftersales.nightly"]
        for one in sorted(nightly._steps()):
            if one.key in (step or "renew").split():
                nightly._run_step(one, date.fromisoformat(today))
        return self.env["aftersales.nightly.problem"].search([])

    def parts(self, line, **bounds):
        """["first day", "last day", "amount"] of each part of the schedule, and nothing left out."""
        return [(part.period.start.isoformat(), part.period.end.isoformat(), str(part.amount))
                for part in line._scheduled(**bounds)]

    def price_log(self, line):
        return [(str(row.effective_on), str(line._money(row.price)), row.kind) for row in line.price_ids.sorted(
            lambda row: (row.effective_on, row.id))]

    def assert_sum(self, line, total):
        """The parts are contiguous, cover the line, and sum to ``total`` (text) exactly."""
        parts = line._scheduled()
        self.assertEqual(parts[0].period.start, line.first_day)
        for before, after in zip(parts, parts[1:], strict=False):
            self.assertEqual(before.period.end, after.period.start)
        self.assertEqual((parts[-1].period.end - line.last_day).days, 1)
        self.assertEqual(str(sum(part.amount for part in parts)), total)
