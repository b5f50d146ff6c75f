"""Penalty clauses of a service plan: contracts take them over with its promises, those in their own currency."""

from odoo import fields, models


class ServicePlan(models.Model):
    _inherit = "aftersales.service.plan"
    _check_company_auto = True

    penalty_clause_ids = fields.Many2many(
        "aftersales.penalty.clause", "aftersales_service_plan_penalty", string="Penalty Clauses", ondelete="restrict",
        check_company=True, domain=[("state", "=", "released")],
        help="What missing its promises costs. A contract takes over those in its own currency.")

    def _plan_gaps(self):
        """A clause that no contract may take is no part of a plan that is complete."""
        unfit = self.penalty_clause_ids.filtered(lambda clause: clause.state != "released")
        return super()._plan_gaps() + [
            self.env._("a released version of penalty clause %s", clause.display_name) for clause in unfit]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _plan_penalties(self):
        """The penalty clauses that this contract takes over from its plan."""
        self.ensure_one()
        return self.plan_id.penalty_clause_ids.filtered(
            lambda clause: clause.state == "released" and clause.currency_id == self.currency_id)

    def _take_plan(self):
        """The penalty clauses of another plan go; one whose clause the contract has in any version is not doubled."""
        super()._take_plan()
        for contract in self.filtered(lambda contract: contract.state == "draft"):
            wanted, rows = contract._plan_penalties(), contract.penalty_clause_ids
            rows.filtered(lambda row, wanted=wanted: row.from_plan and row.clause_id not in wanted).unlink()
            held = set(contract.penalty_clause_ids.clause_id.mapped("number"))
            self.env["aftersales.contract.penalty"].create([
                {"contract_id": contract.id, "clause_id": clause.id, "from_plan": True}
                for clause in wanted.sorted("number") if clause.number not in held])

    def _draft_warnings(self):
        warnings = super()._draft_warnings()
        missing = self._plan_penalties() - self.penalty_clause_ids.clause_id
        if missing:
            warnings.append(self.env._(
                "Plan %(plan)s has penalty clauses that the contract does not hold: %(clauses)s.",
                plan=self.plan_id.name, clauses=", ".join(missing.mapped("display_name"))))
        return warnings
