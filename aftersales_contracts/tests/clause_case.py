"""What tests of penalty clauses start from."""

from odoo.fields import Command

from .penalty_case import PenaltyCase
from .refusals import Refusals

UPTIME = [Command.create({"bound": bound, "rate": rate}) for bound, rate in ((99, 25), (99.9, 10), (95, 100))]


class ClauseCase(Refusals, PenaltyCase):
    @classmethod
    def _make_terms(cls):
        super()._make_terms()
        cls.measure = cls.env["aftersales.measure"].create({"name": "Uptime", "unit": "%"})

    @classmethod
    def bands(cls, **values):
        return cls.a_component(**{
            "name": "Uptime", "kind": "bands", "source": "figure", "metric": False, "measure_id": cls.measure.id,
            "base": "percent", "rate": 0, "band_ids": UPTIME, **values})

    @classmethod
    def points(cls, **values):
        return cls.a_component(kind="points", severity_ids=[Command.create({"severity": "3", "points": 5})], **values)

    def component_terms(self, contract=None, **values):
        """The engine's `Component` of a clause with one component."""
        return self.a_clause([self.a_component(**values)], release=False)._terms(contract).components[0]


class ContractPenaltyCase(ClauseCase):
    @classmethod
    def _make_terms(cls):
        super()._make_terms()
        cls.unreleased = cls.a_clause([cls.a_component(name="Draft")], release=False)
        # sound in the library, but not for a contract of 1,000 a month: 5 % of the fee is 50, more than the cap of 20
        cls.unsound = cls.a_clause([cls.bands(band_ids=[Command.create({"bound": 95, "rate": 5})])],
                                   period_cap_value=20, period_cap_base="amount")
        cls.unmeasured = cls.a_clause([cls.a_component(metric="on_site")])  # the policy has no such target
        cls.refused_clauses = cls.unreleased | cls.unsound | cls.unmeasured

    @classmethod
    def a_draft(cls, *clauses, **values):
        return cls.a_contract(activate=False, clauses=clauses, date_end="2027-12-31", **values)
