"""Measured figures: facts that are added, of which the last one of a period counts."""

from datetime import date

import psycopg2
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .clause_case import ClauseCase

INSIDE = ("agent", "anna", "felix", "lena", "boss", "clerk")


class TestMeasuredFigure(ClauseCase):
    def figure(self, user=None, **values):
        return self.env["aftersales.measured.figure"].with_user(user or self.felix).create({
            "contract_id": self.contract.id, "measure_id": self.measure.id, "period_start": "2026-03-01",
            "period_end": "2026-03-31", **values})

    def test_a_later_figure_of_the_same_period_counts(self):
        first = self.figure(value=99.1)
        self.assertTrue(first.is_current)
        second = self.figure(value=99.2)
        april = self.figure(value=98, period_start="2026-04-01", period_end="2026-04-30")
        self.env.invalidate_all()
        figures = first | second | april
        self.assertEqual(figures.mapped("is_current"), [False, True, True])
        mine = [("contract_id", "=", self.contract.id)]
        self.assertEqual(figures.search([*mine, ("is_current", "=", True)]), second | april)
        self.assertEqual(figures.search([*mine, ("is_current", "=", False)]), first)
        found = figures._of_periods(self.contract, date(2026, 3, 1), date(2026, 3, 31))
        self.assertEqual(found, {
            (self.contract.id, self.measure.id, date(2026, 3, 1), date(2026, 3, 31)): second})

    def test_of_good_and_total_the_value_follows(self):
        low = self.env["aftersales.measure"].create({"name": "Rework", "high_is_good": False})
        self.assertEqual(self.figure(good=79, total=80, value=1).value, 98.75)
        self.assertEqual(self.figure(good=79, total=80, measure_id=low.id).value, 1.25)

    def test_it_is_on_record(self):
        figure = self.figure(value=99.1)
        for user in (self.env.user, *(getattr(self, role) for role in INSIDE)):
            for change in (lambda one: one.write({"value": 100}), lambda one: one.unlink()):
                with self.subTest(user.login), self.refused(UserError, "."):
                    change(figure.with_user(user))
        self.assertEqual(figure.value, 99.1)

    def test_who_enters_figures(self):
        for role in ("anna", "felix", "boss"):
            self.figure(getattr(self, role), value=99)
        for role in ("agent", "lena", "clerk", "carla", "diego", "other_manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.figure(getattr(self, role), value=99)

    def test_nonsense_is_refused(self):
        with self.refused(ValidationError, "has a value, or a number"):
            self.figure()
        foreign = self.env["aftersales.measure"].create({"name": "Theirs", "company_id": self.other_company.id})
        with self.refused(UserError, "Theirs"):
            self.figure(self.env.user, value=1, measure_id=foreign.id)
        for values in ({"value": 1, "period_end": "2026-02-01"}, {"good": 81, "total": 80}, {"good": -1, "total": 80}):
            with self.subTest(values), self.assertRaises(psycopg2.errors.CheckViolation), \
                    mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.figure(**values).flush_recordset()

    def test_twenty_contracts_are_read_by_one_query(self):
        contracts = self.contract.union(*(self.a_contract(clauses=[], activate=False) for _number in range(19)))
        for contract in contracts:
            self.figure(contract_id=contract.id, value=99)
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time("2026-05-20"), self.assertQueryCount(1):
            found = self.env["aftersales.measured.figure"]._of_periods(contracts, date(2026, 3, 1), date(2026, 3, 31))
        self.assertEqual(len(found), 20)
