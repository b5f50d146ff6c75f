"""Who executes a request: our own team, or the party that the scope of its contract names, and why."""

from collections import defaultdict

from odoo import fields, models

from ..contract.contract_match import opened_on

EXECUTOR_TERMS = {"contract_id", "type_id", "tier_id", "country_id", "partner_id"}  # a change of these chooses anew


class Request(models.Model):
    _inherit = "aftersales.request"

    executor_id = fields.Many2one(
        "res.partner", string="Executed by", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        tracking=True, help="Our own company, or the provider or dealer that the contract's scope names.")
    executor_reason = fields.Char(string="Why This Executor", readonly=True, copy=False)
    scope_line_id = fields.Many2one(
        "aftersales.scope.line", readonly=True, copy=False, index="btree_not_null", ondelete="set null")

    def _assign_contracts(self):
        without_team = self.filtered(lambda request: not request.team_id)
        result = super()._assign_contracts()
        self._choose_executors(without_team)
        return result

    def write(self, vals):
        changed = self.browse()
        if EXECUTOR_TERMS & set(vals):
            names = sorted(EXECUTOR_TERMS & set(vals))
            changed = self.filtered(lambda request: any(request._differs(name, vals[name]) for name in names))
        result = super().write(vals)
        if changed:
            changed._choose_executors()
        return result

    def _choose_executors(self, without_team=None):
        """Write executor, reason and scope line of each request, and its team where the scope may name it: a request
        of ``without_team`` (which had none of its own), or one whose team the scope had named before."""
        alike = defaultdict(list)
        for request in self.sudo():  # the scope of a contract is read for everybody who may open a request under it
            alike[request._executor_key()].append(request.id)
        for (contract, service, tier, place, day), ids in alike.items():
            executor = contract._executor(service, tier, place, day) if contract else None
            self.browse(ids)._take_executor(executor, without_team)

    def _executor_key(self):
        state = self.partner_id.state_id
        place = state if state and state.country_id == self.country_id else self.country_id
        day = opened_on(self.contract_id, self) if self.contract_id else self.opened_at.date()
        return self.contract_id, self.type_id, self.tier_id, place, day

    def _take_executor(self, executor, without_team):
        """Write ``executor`` (None: no contract) where it differs; alike requests in one write."""
        line = executor and executor.line
        values = {
            "executor_id": executor.partner.id if executor else False, "scope_line_id": line.id if line else False,
            "executor_reason": executor.reason if executor and executor.reason else False}
        alike = defaultdict(list)
        for request in self:
            taken = dict(values)
            named_before = request.scope_line_id.sudo().team_id
            free = request in without_team if without_team is not None else (
                not request.team_id or request.team_id == named_before)
            if line and line.team_id and free:
                taken["team_id"] = line.team_id.id
            if any(request._differs(name, value) for name, value in taken.items()):
                alike[tuple(taken.items())].append(request.id)
        for items, ids in alike.items():
            super(Request, self.browse(ids)).write(dict(items))  # pylint: disable=super-method-mismatch
