"""Risk register: what could go wrong with a provider or contract, how likely, how bad, and whether the plan was tested.

Likelihood and impact are 1 to 5 each; their product is the score. From 5 on a risk is medium, from 10 high, from 15
critical. With the chance to notice in time (detection, 1 to 5) the product is the risk priority number of an FMEA.
"""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KEEPERS = "aftersales_contracts.group_account_manager,aftersales_contracts.group_legal"
LEGAL = "aftersales_contracts.group_legal,aftersales_contracts.group_administrator"
KINDS = [
    ("quality", "Service Quality"),
    ("security", "Information Security"),
    ("privacy", "Data and Privacy"),
    ("ip", "Intellectual Property"),
    ("compliance", "Compliance"),
    ("supply", "Supply Chain"),
    ("continuity", "Continuity"),
    ("reputation", "Reputation"),
    ("termination", "Termination and Exit"),
    ("finance", "Finance"),
]
LIKELIHOODS = [("1", "1 Rare"), ("2", "2 Unlikely"), ("3", "3 Possible"), ("4", "4 Likely"), ("5", "5 Almost Certain")]
IMPACTS = [("1", "1 Negligible"), ("2", "2 Minor"), ("3", "3 Moderate"), ("4", "4 Major"), ("5", "5 Severe")]
DETECTIONS = [
    ("1", "1 Seen at Once"), ("2", "2 Seen Soon"), ("3", "3 Seen in Time"), ("4", "4 Seen Late"), ("5", "5 Not Seen")]
LEVELS = [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical")]
BOUNDS = ((15, "critical"), (10, "high"), (5, "medium"), (1, "low"))
STATES = [("open", "Open"), ("mitigated", "Mitigated"), ("accepted", "Accepted"), ("closed", "Closed")]
GRAVE = ("high", "critical")
SETTLED = {"likelihood", "impact", "detection", "title", "kind", "partner_id", "contract_id"}


def level_of(score):
    """The level of a score of likelihood times impact, 1 to 25; None for 0."""
    return next((level for bound, level in BOUNDS if score >= bound), None)


class Risk(models.Model):
    _name = "aftersales.risk"
    _inherit = [
        "aftersales.numbering", "aftersales.guarded", "aftersales.handled", "mail.thread", "mail.activity.mixin"]
    _description = "Risk"
    _order = "score desc, id desc"
    _rec_names_search = ["name", "title", "partner_id.name"]
    _check_company_auto = True
    _number_code = "aftersales.risk"
    _number_day = "noted_on"
    _guarded = {
        "name": "/", "state": "open", "decided_by_id": False, "decided_on": False, "reason": False}

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    title = fields.Char(string="Risk", required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="quality", tracking=True)
    contract_id = fields.Many2one(
        "aftersales.contract", index="btree_not_null", check_company=True, ondelete="restrict",
        domain=[("is_template", "=", False), ("amends_id", "=", False)])
    partner_id = fields.Many2one(
        "res.partner", string="Provider", index=True, check_company=True, compute="_compute_partner_id", store=True,
        readonly=False, precompute=True, help="Whose service it is about; empty: no single party's.")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    user_id = fields.Many2one(
        "res.users", string="Owner", default=lambda self: self.env.user, index=True, tracking=True,
        domain=[("share", "=", False)])
    description = fields.Text(help="Cause, event, consequence.")
    noted_on = fields.Date(string="Noted", required=True, default=fields.Date.context_today)
    likelihood = fields.Selection(LIKELIHOODS, required=True, default="3", tracking=True)
    impact = fields.Selection(IMPACTS, required=True, default="3", tracking=True)
    detection = fields.Selection(DETECTIONS, required=True, default="3", help="Would it be noticed in time?")
    score = fields.Integer(
        compute="_compute_score", store=True, aggregator="max", help="Likelihood times impact: 1 to 25.")
    level = fields.Selection(LEVELS, compute="_compute_score", store=True, index=True)
    priority_number = fields.Integer(
        string="Risk Priority Number", compute="_compute_score", store=True, aggregator="max",
        help="Likelihood times impact times detection, as in an FMEA: 1 to 125.")
    mitigation = fields.Text(string="Mitigation Plan", help="What makes it less likely or less bad; who does it.")
    document_id = fields.Many2one(
        "aftersales.document", string="Plan Document", check_company=True, ondelete="restrict",
        help="Such as the emergency or recovery plan.")
    residual_likelihood = fields.Selection(LIKELIHOODS, string="Likelihood with the Plan", tracking=True)
    residual_impact = fields.Selection(IMPACTS, string="Impact with the Plan", tracking=True)
    residual_score = fields.Integer(
        string="Score with the Plan", compute="_compute_score", store=True, aggregator="max")
    residual_level = fields.Selection(LEVELS, string="Level with the Plan", compute="_compute_score", store=True)
    test_ids = fields.One2many("aftersales.risk.test", "risk_id", string="Tests of the Plan")
    test_months = fields.Integer(string="Test Every (months)", default=12, aggregator=None)
    tested_on = fields.Date(string="Last Tested", compute="_compute_tested", store=True)
    test_passed = fields.Boolean(string="Plan Works", compute="_compute_tested", store=True)
    next_test_on = fields.Date(
        string="Next Test", compute="_compute_tested", store=True, index="btree_not_null",
        help="Of a plan: so many months after the last test; of one never tested, after it was noted.")
    next_review_on = fields.Date(string="Next Review", index="btree_not_null", tracking=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", copy=False, index=True, tracking=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    decided_on = fields.Date(string="Decided", readonly=True, copy=False)
    reason = fields.Text(readonly=True, copy=False)

    _test_months = models.Constraint("CHECK(test_months >= 0)", "A plan is not tested before it is there.")

    @api.depends("name", "title")
    def _compute_display_name(self):
        for risk in self:
            risk.display_name = f"{risk.name} {risk.title}" if risk.name and risk.name != "/" else risk.title

    @api.depends("contract_id")
    def _compute_partner_id(self):
        for risk in self:
            risk.partner_id = risk.partner_id or risk.contract_id.partner_id

    @api.depends("likelihood", "impact", "detection", "residual_likelihood", "residual_impact")
    def _compute_score(self):
        for risk in self:
            likelihood, impact = int(risk.likelihood or 0), int(risk.impact or 0)
            risk.score = likelihood * impact
            risk.level = level_of(risk.score)
            risk.priority_number = risk.score * int(risk.detection or 0)
            left = risk.residual_likelihood or risk.residual_impact
            risk.residual_score = int(risk.residual_likelihood or likelihood) * int(
                risk.residual_impact or impact) if left else 0
            risk.residual_level = level_of(risk.residual_score)

    @api.depends("test_ids.day", "test_ids.passed", "test_months", "mitigation", "noted_on")
    def _compute_tested(self):
        for risk in self:
            last = risk.test_ids.sorted(lambda test: (test.day, test._origin.id or 0))[-1:]
            risk.tested_on, risk.test_passed = last.day, last.passed
            since = last.day if last.passed else risk.noted_on
            planned = risk.mitigation and risk.test_months and since
            risk.next_test_on = planned and (
                since + relativedelta(months=risk.test_months) if not last or last.passed else last.day)

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        found._give_numbers()
        return found

    def write(self, vals):
        if SETTLED & vals.keys():
            for risk in self.filtered(lambda r: r.state == "closed"):
                raise UserError(self.env._("Risk %s is closed. Open it again, or note another one.", risk.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for risk in self.filtered(lambda r: r.state != "open" or r.test_ids):
            raise UserError(self.env._("Risk %s has a history. Close it instead.", risk.display_name))

    # --- course ------------------------------------------------------------------------------------------------------

    def action_mitigate(self):
        """The plan is in place: it says what is left of the risk, and a test has shown that it works."""
        self._check_may_keep()
        for risk in self:
            risk._check_in("open")
            if not (risk.mitigation or "").strip() or not risk.residual_score:
                raise UserError(self.env._(
                    "Risk %s: write down the plan, and likelihood and impact with it.", risk.display_name))
            if not risk.test_passed:
                raise UserError(self.env._(
                    "Risk %s: its plan was not tested, or the last test failed. Record a test.", risk.display_name))
        self._decide("mitigated", False)

    def action_accept(self, reason=None):
        """Live with it, for a reason: legal or an administrator who does not own it."""
        self._check_may_keep()
        if not self.env.su and not self.env.user.has_groups(LEGAL):
            raise AccessError(self.env._("Only legal or an administrator accepts a risk."))
        reason = self._check_reason(reason)
        for risk in self:
            if risk.state not in ("open", "mitigated"):
                raise UserError(self.env._("Risk %s is settled already.", risk.display_name))
            if risk.user_id == self.env.user:
                raise AccessError(self.env._("Risk %s is yours: somebody else accepts it.", risk.display_name))
        self._decide("accepted", reason)

    def action_close(self, reason=None):
        """It cannot happen any more, for a reason."""
        self._check_may_keep()
        reason = self._check_reason(reason)
        for risk in self:
            if risk.state == "closed":
                raise UserError(self.env._("Risk %s is closed already.", risk.display_name))
        self._decide("closed", reason)

    def action_reopen(self, reason=None):
        """It is there again, for a reason."""
        self._check_may_keep()
        reason = self._check_reason(reason)
        for risk in self:
            if risk.state == "open":
                raise UserError(self.env._("Risk %s is open.", risk.display_name))
        self._write_guarded({"state": "open", "decided_by_id": False, "decided_on": False, "reason": reason})

    def _decide(self, state, reason):
        for risk in self:
            risk._write_guarded({
                "state": state, "decided_by_id": self.env.uid, "decided_on": risk._today(), "reason": reason})
        if state != "mitigated":  # its plan is tested on
            self.env["aftersales.reminder"]._settled("risk", self)

    def _check_may_keep(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_groups(KEEPERS):
            raise AccessError(self.env._("Only an account manager or legal decides on a risk."))

    def _check_in(self, state):
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(self.env._(
                "Risk %(name)s is %(is)s; that takes one that is %(needed)s.",
                **{"name": self.display_name, "is": labels[self.state].lower(), "needed": labels[state].lower()}))
