"""Scorecards of a contract: the template agreed on, its periods, and the figures that payouts go by."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...engine.contract_lifecycle import ENDED, LIVE

PROVIDERS = ("provider", "dealer")
MANAGERS = "aftersales_contracts.group_account_manager"
AFTER_THE_END = 366  # days for which a contract that ended is still looked at


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_scorecard_template_id = fields.Many2one(
        "aftersales.scorecard.template", string="Scorecard Template", ondelete="restrict",
        help="For contracts that have agreed on none. Empty: the one that comes with the addon.")

    def _scorecard_template(self):
        self.ensure_one()
        return self.aftersales_scorecard_template_id or self.env.ref(
            "aftersales_contracts.scorecard_template_default", raise_if_not_found=False) or self.env[
            "aftersales.scorecard.template"]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    scorecard_template_id = fields.Many2one(
        "aftersales.scorecard.template", string="Agreed Scorecard", check_company=True, index="btree_not_null",
        ondelete="restrict", tracking=True,
        help="By which criteria this provider or dealer is judged. What is agreed may decide what is paid out; empty: "
        "the company's own template, for our eyes only.")
    scorecard_ids = fields.One2many(
        "aftersales.scorecard", "contract_id", string="Scorecards", copy=False,
        groups="aftersales_contracts.group_user")
    scorecard_count = fields.Integer(compute="_compute_scorecard_count")
    improvement_plan_count = fields.Integer(string="Improvement Plans", compute="_compute_improvement_plan_count")

    def _compute_scorecard_count(self):
        self._count_into("scorecard_count", "aftersales.scorecard", [])

    def _compute_improvement_plan_count(self):
        self._count_into("improvement_plan_count", "aftersales.improvement.plan", [])

    # --- the paper ---------------------------------------------------------------------------------------------------

    @api.model
    def _paper_groups(self):
        return {**super()._paper_groups(), "scorecard_template_id": "promises"}

    def _paper_terms(self):
        """Left out while empty, so that the hashes of papers from before it still fit."""
        terms = super()._paper_terms()
        if not terms.get("scorecard_template_id"):
            terms.pop("scorecard_template_id", None)
        return terms

    def _activation_gaps(self):
        gaps, template = super()._activation_gaps(), self.scorecard_template_id
        if template and not template.sudo().criterion_ids:
            gaps.append(self.env._("criteria of scorecard template %s", template.display_name))
        return gaps

    def _draft_warnings(self):
        warning = self.scorecard_template_id.sudo().weight_warning
        return super()._draft_warnings() + (
            [f"{self.scorecard_template_id.display_name}: {warning}"] if warning else [])

    def _judged_by(self):
        """The template that this contract's scorecards follow; empty: none."""
        self.ensure_one()
        template = self.scorecard_template_id or self.company_id._scorecard_template()
        return template.sudo()  # of a company that the reader may not see as well: what was agreed holds

    # --- periods -----------------------------------------------------------------------------------------------------

    @api.model
    def _scorecard_domain(self, today=None):
        """Domain of provider and dealer contracts that may have a period to judge; a superset."""
        day = today or fields.Date.today() + timedelta(days=1)
        alive = Domain("state", "in", LIVE) | (
            Domain("state", "in", ENDED) & Domain("ended_on", ">=", day - timedelta(days=AFTER_THE_END)))
        return self._real() & alive & Domain("kind", "in", PROVIDERS) & Domain("date_start", "<=", day)

    def _scorecard_periods(self, closed, today=None):
        """[(PeriodRow, whether it is to be closed)] of this contract, oldest first, up to the one that runs.

        ``closed``: (last day, end) of its last closed scorecard, (None, None) without one. A period is closed once the
        days are over after which the company closes.
        """
        self.ensure_one()
        day = today or self._local_today()
        facts = (*closed, None, self.create_date, None, False)
        noon = fields.Datetime.to_datetime(day) + timedelta(hours=12)  # of a day on which nothing ends
        until = day - timedelta(days=self.company_id.statement_close_days)
        over = self.state in ENDED and (self.ended_on or self.date_end)
        return [(row, row.last < until) for row in self._periods_since(facts, noon) if not over or row.first <= over]

    def action_refresh_scorecards(self):
        """Judge the open periods of these contracts anew, and close those that are over; as the night does."""
        if not (self.env.su or self.env.user.has_groups(MANAGERS)):
            raise AccessError(self.env._("Only an account manager or an administrator judges providers."))
        self.check_access("write")
        wrong = self.filtered(lambda contract: contract.kind not in PROVIDERS or contract.is_template)
        if wrong:
            raise UserError(self.env._("Contract %s is not that of a provider or dealer.", wrong[0].display_name))
        judged = self.sudo().filtered_domain(self._scorecard_domain())  # results are nobody's to write; checked above
        self.env["aftersales.scorecard"].sudo()._bring_up_to_date(judged)
        return self.action_view_scorecards() if len(self) == 1 else True

    def action_view_scorecards(self):
        """Its scorecards, the newest first."""
        return self._action("action_scorecard", [])

    def action_view_improvement_plans(self):
        return self._action("action_improvement_plan", [], default_contract_id=self.id)
