"""Improvement plan: what is done so that a weak provider gets better, and whether it did. Plan, do, check, act.

It comes from a scorecard and is judged by the next closed ones. Closing it takes evidence.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

STAGES = [
    ("proposed", "Proposed"),
    ("plan", "Plan"),
    ("do", "Do"),
    ("check", "Check"),
    ("act", "Act"),
    ("closed", "Closed"),
    ("dropped", "Dropped"),
]
LIVE_STAGES = ("proposed", "plan", "do", "check", "act")
OPEN_TERMS = ("proposed", "plan")  # in these the plan itself may change
TERMS = frozenset({"title", "cause", "target_total", "contract_id", "scorecard_id"})


class ImprovementPlan(models.Model):
    _name = "aftersales.improvement.plan"
    _description = "Improvement Plan"
    _inherit = [
        "aftersales.numbering", "aftersales.guarded", "aftersales.handled", "mail.thread", "mail.activity.mixin"]
    _order = "date_check, id desc"
    _rec_names_search = ["name", "title", "contract_id.name", "partner_id.name"]
    _check_company_auto = True
    _number_code = "aftersales.improvement.plan"
    _number_day = "opened_on"
    _guarded = {
        "name": "/", "stage": "plan", "cycle": 1, "opened_on": False, "result_id": False, "result_total": False,
        "reached": False, "conclusion": False, "closed_on": False, "closed_by_id": False}

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/", index=True)
    title = fields.Char(required=True, tracking=True)
    contract_id = fields.Many2one(
        "aftersales.contract", required=True, index=True, ondelete="restrict", check_company=True,
        domain=[("kind", "in", ("provider", "dealer")), ("is_template", "=", False), ("amends_id", "=", False)])
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Provider or Dealer", store=True, index=True)
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    scorecard_id = fields.Many2one(
        "aftersales.scorecard", string="From Scorecard", index="btree_not_null", ondelete="restrict",
        domain="[('contract_id', '=', contract_id)]")
    baseline = fields.Float(string="Score at the Beginning", compute="_compute_baseline", digits=(5, 2))
    weak_text = fields.Text(string="Weak Criteria", compute="_compute_baseline")
    cause = fields.Text(help="Why it is weak, as far as it is known.")
    user_id = fields.Many2one(
        "res.users", string="Owner", default=lambda self: self.env.user, index=True, tracking=True,
        domain=[("share", "=", False)])
    target_total = fields.Float(
        string="Score to Reach", digits=(5, 2), required=True, tracking=True, help="Of the next closed scorecards.")
    date_check = fields.Date(
        string="Check on", required=True, index=True, tracking=True, help="When it is looked at whether it worked.")
    stage = fields.Selection(
        STAGES, required=True, readonly=True, default="plan", copy=False, index=True, tracking=True, group_expand=True)
    cycle = fields.Integer(readonly=True, copy=False, default=1, aggregator=None, help="How often it began anew.")
    opened_on = fields.Date(string="Opened", readonly=True, copy=False)
    task_ids = fields.One2many("aftersales.improvement.action", "plan_id", string="Actions", copy=True)
    open_action_count = fields.Integer(string="Actions to Do", compute="_compute_open_action_count")
    evidence_ids = fields.One2many("aftersales.evidence", "improvement_plan_id", copy=False)
    next_ids = fields.Many2many(
        "aftersales.scorecard", string="Scorecards Since", compute="_compute_next_ids",
        help="Closed ones of later periods, the newest first.")
    result_id = fields.Many2one("aftersales.scorecard", string="Judged by", readonly=True, copy=False,
                                index="btree_not_null", ondelete="restrict")
    result_total = fields.Float(string="Score Reached", digits=(5, 2), readonly=True, copy=False, aggregator="avg")
    reached = fields.Boolean(string="Target Reached", readonly=True, copy=False)
    conclusion = fields.Text(readonly=True, copy=False, help="What was learned, or why it was closed or dropped.")
    closed_on = fields.Date(string="Closed", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True, copy=False)

    _one_alive = models.UniqueIndex(
        "(contract_id) WHERE stage NOT IN ('closed', 'dropped')", "This contract has an improvement plan already.")
    _once = models.UniqueIndex(
        "(scorecard_id) WHERE scorecard_id IS NOT NULL AND stage <> 'dropped'",
        "This scorecard has an improvement plan already.")
    _target = models.Constraint(
        "CHECK(target_total > 0 AND target_total <= 100)", "The score to reach lies between 0 and 100.")

    @api.depends("name", "title")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = f"{plan.name} {plan.title or ''}" if plan.name and plan.name != "/" else plan.title

    @api.depends("scorecard_id")
    @api.depends_context("lang")
    def _compute_baseline(self):
        for plan in self:
            scorecard = plan.scorecard_id
            plan.baseline = scorecard.total if scorecard.measured else 0.0
            weak = scorecard.line_ids.filtered(lambda line, p=plan: line.verdict == "counted"
                                               and line.score < p.target_total)
            plan.weak_text = "\n".join(self.env._(
                "%(criterion)s: %(value)s, scored %(score).0f", criterion=line.name, value=line.value_text,
                score=line.score) for line in weak.sorted("score")) or False

    @api.depends("task_ids.done_on")
    def _compute_open_action_count(self):
        for plan in self:
            plan.open_action_count = len(plan.task_ids.filtered(lambda action: not action.done_on))

    @api.depends("scorecard_id", "contract_id", "opened_on")
    def _compute_next_ids(self):
        """One query for any number of plans."""
        found = self.env["aftersales.scorecard"].search([
            ("contract_id", "in", self.contract_id.ids), ("state", "=", "closed"), ("measured", "=", True)])
        for plan in self:
            since = plan.scorecard_id.period_end or plan.opened_on
            plan.next_ids = found.filtered(
                lambda card, p=plan, since=since: card.contract_id == p.contract_id and since
                and card.period_start > since)

    @api.constrains("scorecard_id", "contract_id")
    def _check_scorecard(self):
        for plan in self:
            if plan.contract_id.kind == "customer" or plan.contract_id.is_template or plan.contract_id.amends_id:
                raise ValidationError(self.env._(
                    "Improvement plan %(plan)s: contract %(contract)s is not that of a provider or dealer.",
                    plan=plan.title, contract=plan.contract_id.display_name))
            if plan.scorecard_id and plan.scorecard_id.contract_id != plan.contract_id:
                raise ValidationError(self.env._(
                    "Improvement plan %(plan)s: scorecard %(scorecard)s belongs to another contract.",
                    plan=plan.title, scorecard=plan.scorecard_id.display_name))

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        for plan in plans.filtered(lambda one: not one.opened_on):
            plan._write_guarded({"opened_on": plan._today()})
        plans.filtered(lambda plan: plan.name == "/")._give_numbers()
        return plans

    def write(self, vals):
        """What is under way keeps its terms: whoever judges the result judges what was planned."""
        if TERMS & set(vals):
            for plan in self.filtered(lambda one: one.stage not in OPEN_TERMS):
                raise UserError(self.env._(
                    "Improvement plan %s is under way: begin it anew to change what it is about.", plan.display_name))
        if "date_check" in vals:
            for plan in self.filtered(lambda one: one.stage in ("closed", "dropped")):
                raise UserError(self.env._("Improvement plan %s is over.", plan.display_name))
        return super().write(vals)

    def _takes_evidence(self):
        return self.stage in LIVE_STAGES

    def _refuse_deletion(self):
        for plan in self.filtered(lambda one: one.stage not in OPEN_TERMS or one.cycle > 1 or one.evidence_ids):
            raise UserError(self.env._("Improvement plan %s has a history. Drop it instead.", plan.display_name))
