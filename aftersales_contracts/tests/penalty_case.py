"""What tests of penalties start from: contracts with a fee, penalty clauses on them, and closed statements."""

from odoo.fields import Command
from odoo.tests import freeze_time

from .statement_common import StatementCase


class PenaltyCase(StatementCase):
    """`contract` costs 1,000 a month and has `clause`: 50 for each resolution that was missed, at most 10 % of the fee
    in a period and 150 in a year. The clock stands at 2026-05-20; statements begin in March.
    """

    @classmethod
    def _make_terms(cls):
        cls.clause = cls.a_clause([cls.a_component()], period_cap_value=10, period_cap_base="fee",
                                  yearly_cap_value=150, yearly_cap_base="amount")
        super()._make_terms()

    @classmethod
    def a_component(cls, **values):
        """Values of a component: 50 for each missed resolution, unless told otherwise."""
        return {"name": "Resolution", "kind": "per_breach", "source": "clock", "metric": "resolution",
                "base": "amount", "rate": 50, **values}

    @classmethod
    def a_clause(cls, components=(), release=True, **values):
        clause = cls.env["aftersales.penalty.clause"].create({
            "name": "Service Credits", "rationale": "What a day of standstill costs.",
            "component_ids": [Command.create(component) for component in components], **values})
        if release:
            clause.with_user(cls.env.ref("base.user_admin")).action_release()
        return clause

    @classmethod
    def a_contract(cls, activate=True, clauses=None, price=1000, **values):
        contract = super().a_contract(activate=False, **values)
        if price is not None:
            cls.env["aftersales.contract.line"].create(
                {"contract_id": contract.id, "name": "Care", "price": price, "quantity": 1})
        for clause in cls.clause if clauses is None else clauses:
            cls.env["aftersales.contract.penalty"].create({"contract_id": contract.id, "clause_id": clause.id})
        if activate:
            contract._adopt("Test")
        return contract

    # --- results -----------------------------------------------------------------------------------------------------

    def assess(self, statements=None):
        """Assess closed statements as the night does; fails when one cannot be. Returns the penalties made."""
        made, problems = self.env["aftersales.penalty"]._assess(statements or self.closed())
        self.assertFalse(problems, problems)
        return made

    def march(self, breaches=2, **values):
        """Close March with so many missed resolutions and assess it: the penalty."""
        for day in range(breaches):
            self.breach(f"2026-03-{2 + day:02} 08:00", f"2026-03-{2 + day:02} 09:00", f"2026-03-{4 + day:02} 12:00")
        self.close_march()
        penalty = self.assess()
        self.assertEqual(len(penalty), 1)
        return penalty

    def night(self, today="2026-05-20", *keys):
        """Run the nightly assessment."""
        Nightly = self.env["aftersales.nightly"]
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        with freeze_time(f"{today} 12:00:00"):
            for step in sorted(Nightly._steps()):
                if step.key in (keys or ("penalties", "provider_penalties")):
                    Nightly._run_step(step)

    def problems(self):
        return self.env["aftersales.nightly.problem"].search([("step", "=", "penalties")])

    def amount(self, record, name="assessed"):
        """A stored amount as text, so that a float can hide nothing."""
        currency = record.currency_id
        return f"{record[name]:.{currency.decimal_places}f}"

    def lines(self, penalty):
        return [(line.component_key or "", line.kind, self.amount(line, "amount"), line.count)
                for line in penalty.line_ids]

    def approved(self, penalty):
        """``penalty``, reviewed by anna and approved by felix."""
        penalty.with_user(self.anna).action_review()
        penalty.with_user(self.felix).action_approve()
        return penalty
