"""Scorecard: how a provider or dealer did in a period of its contract, by the criteria of a template.

A result: while its period is open it is reckoned anew from facts; once closed it keeps what it was made of, and stays.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..contract.contract_type import KINDS
from ..statements.statement_snapshot import period_label
from .scorecard_criterion import DIMENSIONS, DIRECTIONS, METRICS
from .scorecard_template import GRADES, WEIGHT_DIGITS

TRENDS = [("up", "Better"), ("same", "Steady"), ("down", "Worse"), ("first", "No Comparison")]
BANDS = [("1", "Below 40"), ("2", "40 to 60"), ("3", "60 to 80"), ("4", "80 and above")]
QUADRANTS = [
    ("star", "Efficient, Customers Happy"),
    ("slow", "Customers Happy, Not Efficient"),
    ("cold", "Efficient, Customers Unhappy"),
    ("weak", "Neither"),
]
SCORE_DIGITS = (5, 2)
UNITS = {  # of the metrics' figures; measured figures have units of their own, which their names say
    **dict.fromkeys(("first_response", "resolution", "on_site_time"), " h"),
    **dict.fromkeys(("first_time_fix", "sla_compliance", "csat"), " %")}


class Scorecard(models.Model):
    """Written below the ORM, so that a score that does not exist is NULL and no average counts it as 0."""

    _name = "aftersales.scorecard"
    _description = "Scorecard"
    _inherit = ["aftersales.frozen"]
    _order = "period_start desc, total desc, id desc"
    _log_access = False

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", string="Provider or Dealer", required=True, readonly=True, index=True,
                                 ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection(KINDS, string="Contract Kind", required=True, readonly=True)
    user_id = fields.Many2one(related="contract_id.user_id", string="Account Manager")
    template_id = fields.Many2one(
        "aftersales.scorecard.template", required=True, readonly=True, index=True, ondelete="restrict")
    period_start = fields.Date(string="First Day", required=True, readonly=True)
    period_end = fields.Date(string="Last Day", required=True, readonly=True)
    period_text = fields.Char(string="Period", compute="_compute_period_text")
    start_at = fields.Datetime(required=True, readonly=True)
    end_at = fields.Datetime(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], required=True, readonly=True, default="open", index=True)
    jobs = fields.Integer(readonly=True, help="Requests that they finished in the period.")
    measured = fields.Boolean(readonly=True, help="At least one criterion had enough cases.")
    total = fields.Float(
        string="Score", digits=SCORE_DIGITS, readonly=True, aggregator="avg",
        help="0 to 100: the scores of the criteria with enough cases, by their weights.")
    total_text = fields.Char(string="Score in Words", compute="_compute_total_text")
    grade = fields.Selection(GRADES, readonly=True, help="Empty: nothing was measured.")
    change = fields.Float(
        digits=SCORE_DIGITS, readonly=True, aggregator=None, help="Against the scorecard of the period before.")
    trend = fields.Selection(TRENDS, readonly=True)
    efficiency = fields.Float(
        digits=SCORE_DIGITS, readonly=True, aggregator="avg",
        help="The score of the criteria that are not about what customers feel.")
    experience = fields.Float(
        digits=SCORE_DIGITS, readonly=True, aggregator="avg",
        help="The score of satisfaction, recommendation and complaints.")
    efficiency_band = fields.Selection(BANDS, string="Efficiency, by Band", readonly=True)
    experience_band = fields.Selection(BANDS, string="Experience, by Band", readonly=True)
    quadrant = fields.Selection(
        QUADRANTS, readonly=True, help="Where it stands between efficiency and experience, each from 60 on being good.")
    warning_text = fields.Text(string="What to Know", compute="_compute_told")
    line_ids = fields.One2many("aftersales.scorecard.line", "scorecard_id", string="Criteria")
    weight_sum = fields.Float(
        string="Weights Counted", digits=WEIGHT_DIGITS, readonly=True, aggregator=None,
        help="Of the criteria that had enough cases; the total is divided by it.")
    # {"template", "criteria": [terms], "figures": {key: [exact text, sample]}}: all that the score follows from
    inputs = fields.Json(readonly=True)
    inputs_hash = fields.Char(string="Hash of the Inputs", readonly=True)
    steps = fields.Json(readonly=True)
    steps_told = fields.Json(string="Step by Step", compute="_compute_told")
    closed_at = fields.Datetime(string="Closed", readonly=True)
    plan_ids = fields.One2many("aftersales.improvement.plan", "scorecard_id", string="Improvement Plans")

    _period = models.UniqueIndex("(contract_id, period_start)", "This period of the contract is judged already.")

    @api.depends("contract_id", "period_start", "period_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for scorecard in self:
            scorecard.display_name = f"{scorecard.partner_id.name or ''} · {scorecard.period_text or ''}"

    @api.depends("period_start", "period_end")
    @api.depends_context("lang")
    def _compute_period_text(self):
        lang = self.env.lang or "en_US"
        for scorecard in self:
            days = scorecard.period_start, scorecard.period_end
            scorecard.period_text = period_label(*days, lang) if all(days) else False

    @api.depends("total", "measured")
    def _compute_total_text(self):
        for scorecard in self:
            scorecard.total_text = f"{scorecard.total:.2f}" if scorecard.measured else self.env._("Not measured")

    @api.depends("steps", "inputs")
    @api.depends_context("lang")
    def _compute_told(self):
        for scorecard in self:
            scorecard.steps_told = scorecard._told_steps()
            scorecard.warning_text = "\n".join(scorecard._told_warnings()) or False

    def _frozen(self):
        return self.filtered(lambda scorecard: scorecard.state == "closed")

    def _refuse_frozen(self):
        if self._frozen():
            raise UserError(self.env._(
                "Scorecard %s is closed and does not change.", self._frozen()[:1].display_name))

    @api.model
    def _closed_until(self, contracts):
        """{contract id: (last day, end) of its last closed scorecard}."""
        self.flush_model(["contract_id", "state", "period_end", "end_at"])
        rows = self.env.execute_query(SQL(
            """SELECT contract_id, max(period_end), max(end_at) FROM aftersales_scorecard
                WHERE state = 'closed' AND contract_id = ANY(%s) GROUP BY contract_id""", contracts.ids))
        return {contract: (last, end) for contract, last, end in rows}

    def action_refresh(self):
        """Judge the open periods of these contracts anew."""
        self.check_access("read")
        self.contract_id.action_refresh_scorecards()
        self.env["aftersales.scorecard"].invalidate_model()

    def action_view_plans(self):
        """The improvement plans that came of it."""
        self.ensure_one()
        return self.contract_id.action_view_improvement_plans()


class ScorecardLine(models.Model):
    """Written with its scorecard, below the ORM: what was not measured is NULL."""

    _name = "aftersales.scorecard.line"
    _description = "Scorecard Line"
    _inherit = ["aftersales.frozen"]
    _order = "scorecard_id, sequence, id"
    _log_access = False

    scorecard_id = fields.Many2one("aftersales.scorecard", required=True, readonly=True, index=True, ondelete="cascade")
    contract_id = fields.Many2one(related="scorecard_id.contract_id")
    partner_id = fields.Many2one("res.partner", string="Provider or Dealer", readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    period_start = fields.Date(readonly=True)
    state = fields.Selection(related="scorecard_id.state")
    sequence = fields.Integer(readonly=True)
    key = fields.Char(required=True, readonly=True)
    name = fields.Char(string="Criterion", required=True, readonly=True)
    metric = fields.Selection(METRICS, readonly=True)
    dimension = fields.Selection(DIMENSIONS, readonly=True)
    direction = fields.Selection(DIRECTIONS, readonly=True)
    weight = fields.Float(digits=WEIGHT_DIGITS, readonly=True, aggregator=None)
    value = fields.Float(string="Figure", digits=(16, 2), readonly=True, aggregator="avg")
    value_text = fields.Char(string="Measured", compute="_compute_texts")
    scale_text = fields.Char(string="Scale", compute="_compute_texts", help="From worst to best, or the benchmark.")
    worst = fields.Char(readonly=True)
    best = fields.Char(readonly=True)
    benchmark = fields.Char(readonly=True)
    sample = fields.Integer(string="Cases", readonly=True)
    minimum_sample = fields.Integer(string="Cases Needed", readonly=True, aggregator=None)
    verdict = fields.Selection(
        [("counted", "Counted"), ("few", "Too Few Cases"), ("missing", "Not Measured")], readonly=True)
    score = fields.Float(digits=SCORE_DIGITS, readonly=True, aggregator="avg")
    points = fields.Float(
        digits=SCORE_DIGITS, readonly=True, aggregator="sum", help="What it brings to the total of the scorecard.")

    @api.depends("value", "verdict", "metric", "worst", "best", "benchmark")
    @api.depends_context("lang")
    def _compute_texts(self):
        for line in self:
            unit = UNITS.get(line.metric, "")
            line.value_text = self.env._("n/a") if line.verdict == "missing" else f"{line.value:.2f}{unit}"
            line.scale_text = (
                self.env._("benchmark %s", line.benchmark + unit) if line.benchmark
                else self.env._("%(worst)s to %(best)s", worst=line.worst or "", best=(line.best or "") + unit))

    def _frozen(self):
        return self.filtered(lambda line: line.scorecard_id.state == "closed")

    def _refuse_frozen(self):
        self.scorecard_id._refuse_frozen()
