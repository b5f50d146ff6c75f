"""Provider assessment: due diligence before the contract, and again later; scored by one person, decided by another.

Each criterion gets 0 to 5 points. The total is the weighted mean of the answered criteria, out of 100; one that does
not apply is left out. A knock-out below its lowest score fails the whole, whatever the total.
"""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .assessment_line import points
from .assessment_template import GROUPS, HIGHEST

ASSESSORS = "aftersales_contracts.group_account_manager,aftersales_contracts.group_legal"
LEGAL = "aftersales_contracts.group_legal,aftersales_contracts.group_administrator"
STATES = [
    ("planned", "Planned"), ("running", "Running"), ("submitted", "To Decide"), ("passed", "Passed"),
    ("failed", "Failed"), ("cancelled", "Cancelled"),
]
DECIDED = ("passed", "failed", "cancelled")
FIXED = {"partner_id", "contract_id", "template_id", "company_id", "line_ids", "date_planned", "summary"}


class Assessment(models.Model):
    _name = "aftersales.assessment"
    _inherit = [
        "aftersales.numbering", "aftersales.guarded", "aftersales.handled", "mail.thread", "mail.activity.mixin"]
    _description = "Provider Assessment"
    _order = "date_planned desc, id desc"
    _rec_names_search = ["name", "partner_id.name"]
    _check_company_auto = True
    _number_code = "aftersales.assessment"
    _number_day = "date_planned"
    _guarded = {
        "name": "/", "state": "planned", "submitted_by_id": False, "date_done": False, "decided_by_id": False,
        "date_decided": False, "valid_until": False, "conditions": False, "reason": False,
        "superseded": False,
    }

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    partner_id = fields.Many2one(
        "res.partner", string="Provider", required=True, index=True, check_company=True, ondelete="restrict",
        tracking=True)
    company_partner_id = fields.Many2one(related="partner_id.commercial_partner_id", store=True, index=True)
    contract_id = fields.Many2one(
        "aftersales.contract", index="btree_not_null", check_company=True, ondelete="set null",
        domain=[("kind", "in", ("provider", "dealer")), ("is_template", "=", False), ("amends_id", "=", False)])
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    template_id = fields.Many2one(
        "aftersales.assessment.template", string="Questionnaire", required=True, check_company=True,
        ondelete="restrict")
    kind = fields.Selection(related="template_id.kind", store=True)
    user_id = fields.Many2one(
        "res.users", string="Assessor", default=lambda self: self.env.user, index=True, tracking=True,
        domain=[("share", "=", False)])
    date_planned = fields.Date(string="Planned", required=True, default=fields.Date.context_today, index=True)
    date_done = fields.Date(string="Answered", readonly=True, copy=False)
    line_ids = fields.One2many("aftersales.assessment.line", "assessment_id", string="Answers", copy=False)
    evidence_ids = fields.One2many("aftersales.evidence", "assessment_id", copy=False)
    summary = fields.Html(help="What the assessor concludes.")
    pass_mark = fields.Float(related="template_id.pass_mark")
    total = fields.Float(
        digits=(5, 2), compute="_compute_total", store=True, aggregator="avg", help="Points of 100.")
    is_scored = fields.Boolean(compute="_compute_total", store=True)
    total_text = fields.Char(string="Total in Words", compute="_compute_total_text")
    board = fields.Json(string="Points by Group", compute="_compute_total_text")
    knocked_out = fields.Char(string="Knocked out by", compute="_compute_knocked_out")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="planned", copy=False, index=True, tracking=True)
    submitted_by_id = fields.Many2one("res.users", string="Answered by", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    date_decided = fields.Date(string="Decided", readonly=True, copy=False)
    valid_until = fields.Date(readonly=True, copy=False, index="btree_not_null", help="The last day of the pass.")
    conditions = fields.Text(readonly=True, copy=False, help="Under which a pass was given although it was failed.")
    reason = fields.Text(readonly=True, copy=False, help="Why it was failed or does not take place.")
    superseded = fields.Boolean(readonly=True, copy=False, help="A later assessment of the provider was decided.")

    _two_people = models.Constraint(
        "CHECK(decided_by_id IS NULL OR submitted_by_id IS NULL OR decided_by_id <> submitted_by_id)",
        "Who answered an assessment does not decide it.")

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.name} {one.partner_id.display_name or ''}"

    @api.depends("line_ids.score", "line_ids.weight")
    def _compute_total(self):
        for one in self:
            total, answered, asked = points(one.line_ids)
            one.is_scored = bool(asked) and answered == asked and total is not None
            one.total = total if one.is_scored else 0

    @api.depends("line_ids.score", "line_ids.weight", "line_ids.group")
    @api.depends_context("lang")
    def _compute_total_text(self):
        labels = dict(self.env["aftersales.assessment.line"]._fields["group"]._description_selection(self.env))
        for one in self:
            one.total_text = one._words(*points(one.line_ids))
            one.board = [
                {"dimension": labels.get(group, ""), "score": total and total * HIGHEST / 100,
                 "text": one._words(total, answered, asked)}
                for group, _label in GROUPS
                for lines in [one.line_ids.filtered(lambda line, group=group: line.group == group)] if lines
                for total, answered, asked in [points(lines)]]

    def _words(self, total, answered, asked):
        if not asked:
            return self.env._("n/a")
        if answered < asked:
            return self.env._("n/a (%(answered)s of %(asked)s answered)", answered=answered, asked=asked)
        return self.env._("n/a") if total is None else self.env._("%.1f of 100", total)

    @api.depends("line_ids.score")
    def _compute_knocked_out(self):
        for one in self:
            one.knocked_out = ", ".join(one.line_ids.filtered("is_below").mapped("name")) or False

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        found._give_numbers()
        return found

    def write(self, vals):
        if FIXED & vals.keys():
            for one in self.filtered(lambda a: a.state in DECIDED):
                raise UserError(self.env._("Assessment %s is decided and stays as it was.", one.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for one in self.filtered(lambda a: a.state not in ("planned", "cancelled") or a.evidence_ids):
            raise UserError(self.env._("Assessment %s has begun. Cancel it instead.", one.display_name))

    def _takes_evidence(self):
        return self.state in ("planned", "running")

    # --- course ------------------------------------------------------------------------------------------------------

    def action_start(self):
        """Begin: the criteria of the questionnaire become the lines to answer."""
        self._check_may_assess()
        for one in self:
            one._check_in("planned")
            if not one.template_id.criterion_ids:
                raise UserError(self.env._(
                    "Questionnaire %s asks for nothing: give it criteria.", one.template_id.display_name))
            self.env["aftersales.assessment.line"].create([
                {"assessment_id": one.id, "sequence": number, **criterion._for_line()}
                for number, criterion in enumerate(one.template_id.criterion_ids, start=1)])
            one._write_guarded({"state": "running"})

    def action_submit(self):
        """Every criterion is answered: somebody else decides."""
        self._check_may_assess()
        for one in self:
            one._check_in("running")
            missing = one.line_ids.filtered(lambda line: not line.score and not line.not_applicable)
            if missing:
                raise UserError(self.env._(
                    "Assessment %(name)s: %(count)s criteria are not answered, such as \"%(criterion)s\".",
                    name=one.display_name, count=len(missing), criterion=missing[0].name))
            if not one.is_scored:
                raise UserError(self.env._("Assessment %s: no criterion applies, so nothing is judged.",
                                           one.display_name))
            one._write_guarded({
                "state": "submitted", "submitted_by_id": self.env.uid, "date_done": one._today()})

    def action_decide(self, conditions=None):
        """Somebody else decides by the answers: passed or failed. With ``conditions``, legal or an administrator may
        pass one that is failed."""
        self._check_may_decide()
        conditions = (conditions or "").strip()
        for one in self:
            one._check_in("submitted")
            sound = one.total >= one.pass_mark and not one.knocked_out
            if conditions and not sound and not self.env.user.has_groups(LEGAL):
                raise AccessError(self.env._(
                    "%s is failed: only legal or an administrator passes it under conditions.", one.display_name))
            passed, day = sound or bool(conditions), one._today()
            one._write_guarded({
                "state": "passed" if passed else "failed", "decided_by_id": self.env.uid, "date_decided": day,
                "conditions": conditions if passed and not sound else False,
                "valid_until": passed and day + relativedelta(months=one.template_id.valid_months, days=-1),
                "reason": False if passed else one._failed_because()})
            one._earlier()._write_guarded({"superseded": True})
        self.env["aftersales.reminder"]._settled("assessment", self)

    def action_pass_conditionally(self, conditions=None):
        """`action_decide` under conditions, which must be given."""
        self._check_may_decide()
        return self.action_decide(self._check_reason(conditions))

    def _earlier(self):
        """The other decided assessments of the same provider: the last decision is the one that counts."""
        return self.search([
            ("company_partner_id", "=", self.company_partner_id.id), ("company_id", "=", self.company_id.id),
            ("state", "in", ("passed", "failed")), ("id", "!=", self.id)])

    def action_again(self):
        """Plan the next assessment of this provider, for the last day on which this pass counts."""
        self.ensure_one()
        self._check_may_assess()
        if self.state not in ("passed", "failed"):
            raise UserError(self.env._("Assessment %s is not decided yet.", self.display_name))
        again = self.create({
            "partner_id": self.partner_id.id, "contract_id": self.contract_id.id, "company_id": self.company_id.id,
            "template_id": self.template_id.id, "user_id": self.env.uid,
            "date_planned": self.valid_until or fields.Date.context_today(self)})
        return {"type": "ir.actions.act_window", "name": again.display_name, "res_model": self._name,
                "res_id": again.id, "views": [(False, "form")]}

    def _failed_because(self):
        if self.knocked_out:
            return self.env._("Knocked out by %s.", self.knocked_out)
        return self.env._("%(total).1f points; %(mark).1f are needed.", total=self.total, mark=self.pass_mark)

    def action_reopen(self, reason=None):
        """Back to the assessor, before it is decided: an answer does not hold."""
        self._check_may_decide()
        reason = self._check_reason(reason)
        for one in self:
            one._check_in("submitted")
            one._write_guarded({"state": "running", "submitted_by_id": False, "date_done": False, "reason": reason})

    def action_cancel(self, reason=None):
        """It does not take place, for a reason."""
        self._check_may_assess()
        reason = self._check_reason(reason)
        for one in self:
            if one.state in DECIDED:
                raise UserError(self.env._("Assessment %s is decided already.", one.display_name))
        self._write_guarded({"state": "cancelled", "reason": reason})
        self.env["aftersales.reminder"]._settled("assessment", self)

    def _check_may_assess(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_groups(ASSESSORS):
            raise AccessError(self.env._("Only an account manager or legal assesses a provider."))

    def _check_may_decide(self):
        self._check_may_assess()
        for one in self:
            if self.env.user in one.submitted_by_id | one.user_id:
                raise AccessError(self.env._(
                    "You assessed %s: somebody else decides.", one.partner_id.display_name))

    def _check_in(self, state):
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(self.env._(
                "Assessment %(name)s is %(is)s; that takes one that is %(needed)s.",
                **{"name": self.display_name, "is": labels[self.state].lower(), "needed": labels[state].lower()}))
