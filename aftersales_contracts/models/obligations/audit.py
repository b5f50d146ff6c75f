"""Audit: a checklist answered on a day, what was found, and a maturity that is never guessed."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .audit_line import maturity
from .audit_template import AUDIT_KINDS

STATES = [
    ("planned", "Planned"),
    ("running", "Running"),
    ("reported", "Reported"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
OPEN = ("planned", "running", "reported")
HIGHEST = 5
FIXED_IN_THE_END = {
    "title", "kind", "contract_id", "partner_id", "template_id", "line_ids", "date_planned", "summary"}


class Audit(models.Model):
    _name = "aftersales.audit"
    _inherit = [
        "aftersales.numbering", "aftersales.guarded", "aftersales.handled", "mail.thread", "mail.activity.mixin"]
    _description = "Audit"
    _order = "date_planned desc, id desc"
    _check_company_auto = True
    _number_code = "aftersales.audit"
    _number_day = "date_planned"
    _guarded = {"state": "planned", "name": "/", "date_done": False, "closed_by_id": False, "cancel_reason": False}

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    title = fields.Char(string="Audit", required=True, tracking=True)
    kind = fields.Selection(
        AUDIT_KINDS, required=True, compute="_compute_kind", store=True, readonly=False, precompute=True, tracking=True)
    contract_id = fields.Many2one(
        "aftersales.contract", index=True, check_company=True, ondelete="restrict",
        domain=[("is_template", "=", False), ("amends_id", "=", False)], help="Whose right to audit it uses, if any.")
    partner_id = fields.Many2one(
        "res.partner", string="Audited Party", index=True, compute="_compute_from_contract", store=True, readonly=False,
        precompute=True, check_company=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, compute="_compute_from_contract", store=True, readonly=False,
        precompute=True)
    template_id = fields.Many2one("aftersales.audit.template", string="Checklist", ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="Auditor", default=lambda self: self.env.user, index=True, tracking=True,
        domain=[("share", "=", False)])
    external_auditor = fields.Char(help="Who audits in our name, if it is nobody of us.")
    clause_ref = fields.Char(string="Clause", help="The right to audit, such as 12.1.")
    date_planned = fields.Date(string="Planned", required=True, index=True, tracking=True)
    date_done = fields.Date(string="Reported", readonly=True, copy=False, tracking=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="planned", copy=False, index=True, tracking=True)
    line_ids = fields.One2many("aftersales.audit.line", "audit_id", string="Checklist Answers", copy=False)
    finding_ids = fields.One2many("aftersales.finding", "audit_id", string="Findings", copy=False)
    open_finding_count = fields.Integer(string="Open Findings", compute="_compute_open_finding_count")
    summary = fields.Html(help="What the auditor concludes.")
    score = fields.Float(
        string="Maturity", digits=(3, 1), compute="_compute_score", store=True, aggregator="avg",
        help="From 0 to 5, weighted; only once every question has its answer.")
    is_scored = fields.Boolean(compute="_compute_score", store=True)
    score_text = fields.Char(string="Maturity in Words", compute="_compute_score_text")
    board = fields.Json(string="Maturity by Dimension", compute="_compute_score_text")
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True, copy=False)
    cancel_reason = fields.Text(readonly=True, copy=False)

    @api.depends("name", "title")
    def _compute_display_name(self):
        for audit in self:
            audit.display_name = f"{audit.name} {audit.title}" if audit.name != "/" else audit.title

    @api.depends("template_id")
    def _compute_kind(self):
        for audit in self:
            audit.kind = audit.template_id.kind or audit.kind or "quality"

    @api.depends("contract_id")
    def _compute_from_contract(self):
        for audit in self:
            contract = audit.contract_id
            audit.company_id = contract.company_id or audit.company_id or self.env.company
            audit.partner_id = audit.partner_id or contract.partner_id

    def _compute_open_finding_count(self):
        counts = dict(self.env["aftersales.finding"]._read_group(
            [("audit_id", "in", self.ids), ("state", "in", ("open", "corrected"))], ["audit_id"], ["__count"]))
        for audit in self:
            audit.open_finding_count = counts.get(audit._origin, 0)

    @api.depends("line_ids.answer", "line_ids.weight")
    def _compute_score(self):
        for audit in self:
            score, answered, asked = maturity(audit.line_ids)
            audit.is_scored = score is not None
            audit.score = score or 0

    @api.depends("line_ids.answer", "line_ids.weight", "line_ids.dimension")
    @api.depends_context("lang")
    def _compute_score_text(self):
        for audit in self:
            audit.score_text = audit._words(*maturity(audit.line_ids))
            audit.board = [
                {"dimension": dimension, "score": maturity(lines)[0], "text": audit._words(*maturity(lines))}
                for dimension, lines in audit.line_ids.grouped("dimension").items()]

    def _words(self, score, answered, asked):
        """"3.4 of 5", or why there is no figure: nothing is made up for questions that nobody answered."""
        if score is not None:
            return self.env._("%(score).1f of %(highest)s", score=score, highest=HIGHEST)
        if answered == asked:
            return self.env._("n/a")
        return self.env._("n/a (%(answered)s of %(asked)s answered)", answered=answered, asked=asked)

    @api.model_create_multi
    def create(self, vals_list):
        audits = super().create(vals_list)
        audits._give_numbers()
        return audits

    def write(self, vals):
        if FIXED_IN_THE_END & set(vals):
            for audit in self.filtered(lambda a: a.state in ("closed", "cancelled")):
                raise UserError(self.env._("Audit %s is over and stays as it was reported.", audit.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for audit in self.filtered(lambda a: a.state not in ("planned", "cancelled") or a.finding_ids):
            raise UserError(self.env._("Audit %s has begun. Cancel it instead.", audit.display_name))

    # --- course --------------------------------------------------------------------------------------------------

    def action_start(self):
        """Begin: the checklist's questions become the lines to answer."""
        self.check_access("write")
        for audit in self:
            audit._check_state("planned")
            if not audit.template_id.line_ids and not audit.line_ids:
                raise UserError(self.env._("Audit %s has no checklist: choose one.", audit.display_name))
            if not audit.line_ids:
                self.env["aftersales.audit.line"].create([
                    {"audit_id": audit.id, "sequence": number, "dimension": line.dimension, "question": line.question,
                     "guidance": line.guidance, "weight": line.weight}
                    for number, line in enumerate(audit.template_id.line_ids, start=1)])
            audit._write_guarded({"state": "running"})

    def action_report(self):
        """Every question is answered: the answers stand, what was found is to be corrected."""
        self.check_access("write")
        for audit in self:
            audit._check_state("running")
            missing = audit.line_ids.filtered(lambda line: not line.answer)
            if missing:
                raise UserError(self.env._(
                    "Audit %(name)s: %(count)s questions are not answered, such as \"%(question)s\".",
                    name=audit.display_name, count=len(missing), question=missing[0].question))
            audit._write_guarded({"state": "reported", "date_done": audit._today()})
        self.env["aftersales.reminder"]._settled("audit", self)

    def action_close(self):
        """Close: every finding is closed, or accepted with its reason."""
        self.check_access("write")
        for audit in self:
            audit._check_state("reported")
            left = audit.finding_ids.filtered(lambda f: f.state in ("open", "corrected"))
            if left:
                raise UserError(self.env._(
                    "Audit %(name)s cannot be closed: %(findings)s still open. Have them verified, or accept the risk "
                    "with a reason.", name=audit.display_name, findings=", ".join(left.mapped("name"))))
            audit._write_guarded({"state": "closed", "closed_by_id": self.env.uid})

    def action_cancel(self, reason=None):
        """The audit does not take place, for a reason."""
        self.check_access("write")
        reason = self._check_reason(reason)
        for audit in self:
            if audit.state not in ("planned", "running"):
                raise UserError(self.env._("Audit %s is reported: close it instead.", audit.display_name))
        self._write_guarded({"state": "cancelled", "cancel_reason": reason})
        self.env["aftersales.reminder"]._settled("audit", self)

    def _check_state(self, state):
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(self.env._(
                "Audit %(name)s is %(is)s; that takes one that is %(needed)s.",
                **{"name": self.display_name, "is": labels[self.state].lower(), "needed": labels[state].lower()}))
