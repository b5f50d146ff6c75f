"""Promise: what a contract promises, each row with the source that proves it.

Promises come from the contract's service plan when it is chosen in a draft. A term that is changed by hand is an
override: it is kept when the plan is taken again, and shown beside what the plan says.
"""

from odoo import api, fields, models

from .promise_terms import TERMS, minutes_in_words

LEFT_OPEN = ("phone", "team_id")  # a contract fills these in; that is no override of a plan that leaves them open


class Promise(models.Model):
    _name = "aftersales.promise"
    _description = "Promise"
    _inherit = ["aftersales.promise.terms", "aftersales.paper.row"]
    _order = "contract_id, sequence, id"
    _check_company_auto = True
    _paper_group = "promises"
    _paper_fields = ("name", *TERMS, "target_id", "date_start")

    name = fields.Char(string="Promise", required=True)
    contract_id = fields.Many2one("aftersales.contract", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer")
    team_id = fields.Many2one("aftersales.team", string="Dedicated Team", check_company=True)
    target_id = fields.Many2one(
        "aftersales.sla.target", string="SLA Target", compute="_compute_target_id", store=True, readonly=False,
        ondelete="restrict", index="btree_not_null",
        help="The target of the contract's SLA policy whose clocks prove it.")
    date_start = fields.Date(string="From", help="Empty: from the contract's first day.")
    plan_promise_id = fields.Many2one(
        "aftersales.service.plan.promise", string="From the Plan", readonly=True, ondelete="set null",
        index="btree_not_null")
    plan_terms = fields.Json(readonly=True)  # what the plan said when it was taken over
    origin = fields.Selection(
        [("plan", "Plan"), ("override", "Override"), ("own", "Own")],
        compute="_compute_origin", store=True, precompute=True,
        help="Plan: as the plan says. Override: another term than the plan's. Own: the plan does not promise it.")
    plan_text = fields.Char(string="The Plan Says", compute="_compute_plan_text")
    gap_text = fields.Char(string="Still Missing", compute="_compute_gap_text", help="Without it, no activation.")
    entitlement_ids = fields.One2many("aftersales.entitlement", "promise_id", string="Entitlements")

    @api.depends("source", "metric", "impact", "type_id", "contract_id.policy_id")
    def _compute_target_id(self):
        """A target that fits stays; else the policy's own for the same metric, impact and type."""
        for promise in self:
            policy, target = promise.contract_id.policy_id, promise.target_id
            if promise.source != "sla_target":
                promise.target_id = False
            elif not (target and target.policy_id == policy._origin and target.metric == promise.metric):
                promise.target_id = promise._fitting_targets(policy)[:1]

    def _fitting_targets(self, policy):
        fitting = policy.target_ids.filtered(
            lambda target: target.metric == self.metric and target.impact == self.impact
            and target.type_id == self.type_id)
        return fitting.sorted(lambda target: (bool(target.priority), bool(target.tier_id), target.sequence, target.id))

    @api.depends("plan_terms", *TERMS)
    def _compute_origin(self):
        for promise in self:
            if not promise.plan_terms:
                promise.origin = "own"
            else:
                promise.origin = "override" if promise._overridden() else "plan"

    def _overridden(self):
        """The terms in which this promise differs from what the plan said."""
        said, says = self.plan_terms, self._terms()
        return [name for name in TERMS
                if says[name] != said.get(name) and not (name in LEFT_OPEN and said.get(name) is None)]

    @api.depends("origin", "plan_terms")
    @api.depends_context("lang")
    def _compute_plan_text(self):
        for promise in self:
            said = promise.origin == "override" and self.new(
                {**{name: promise.plan_terms.get(name) for name in TERMS}, "contract_id": promise.contract_id.id})
            promise.plan_text = said and said._terms_in_words()

    @api.depends("name", "contract_id")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = promise.name

    def _currency(self):
        return self.contract_id.currency_id or super()._currency()

    @api.model_create_multi
    def create(self, vals_list):
        """A promise added by an amendment holds from the day of that amendment, unless it says otherwise."""
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            contract = self.env["aftersales.contract"].browse(vals.get("contract_id"))
            if contract.amends_id and not vals.get("row_key") and not vals.get("date_start"):
                vals["date_start"] = contract.effective_on
        return super().create(vals_list)

    def write(self, vals):
        if {"plan_promise_id", "plan_terms"} & set(vals):  # what the plan said is part of what was agreed
            self._refuse_locked()
        return super().write(vals)

    @api.depends(*TERMS, "name", "target_id.duration_minutes", "contract_id.policy_id.target_ids.metric")
    @api.depends_context("lang")
    def _compute_gap_text(self):
        for promise in self:
            promise.gap_text = promise._source_gap()

    # --- proof ---------------------------------------------------------------------------------------------------

    def _source_gap(self):
        """What is missing to measure this promise: a phrase, or None."""
        self.ensure_one()
        gap = self._terms_gap()
        if gap or self.source not in ("sla_target", "channel"):
            return gap
        policy = self.contract_id.policy_id
        if self.source == "channel":
            if "first_response" not in policy.target_ids.mapped("metric"):
                return self.env._("a first-response target in the SLA policy, which measures promise %s", self.name)
            return None
        if not self.target_id:
            return self.env._(
                "an SLA target in policy %(policy)s that measures promise %(promise)s (%(terms)s)",
                policy=policy.name or self.env._("(none)"), promise=self.name, terms=self.terms_text)
        if self.within_minutes and self.target_id.duration_minutes > self.within_minutes:
            allowed = minutes_in_words(self.env, self.target_id.duration_minutes)
            return self.env._(
                "an SLA target as tight as promise %(promise)s (%(terms)s; the target allows %(allowed)s)",
                promise=self.name, terms=self.terms_text, allowed=allowed)
        return None

    def action_follow_plan(self):
        """Give up the override: say again what the plan says."""
        self.check_access("write")
        for promise in self.filtered("plan_terms"):
            promise.write(promise._values_of_plan(promise.plan_terms))

    def _values_of_plan(self, terms):
        """Values that make the terms those of the plan, but for what the plan leaves open."""
        return {name: value or False for name, value in terms.items() if not (name in LEFT_OPEN and value is None)}
