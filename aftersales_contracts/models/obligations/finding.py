"""Finding: what an audit found, who corrects it by when, and who else verified that it was corrected."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .obligation import LEGAL

STATES = [
    ("open", "Open"),
    ("corrected", "Corrected"),
    ("closed", "Closed"),
    ("accepted", "Risk Accepted"),
]
SEVERITIES = [
    ("observation", "Observation"),
    ("minor", "Minor"),
    ("major", "Major"),
    ("critical", "Critical"),
]


class Finding(models.Model):
    _name = "aftersales.finding"
    _inherit = ["aftersales.guarded", "aftersales.handled", "mail.thread", "mail.activity.mixin"]
    _description = "Finding"
    _order = "date_due, id"
    _guarded = {
        "state": "open", "corrected_by_id": False, "corrected_on": False, "decided_by_id": False, "decided_on": False,
        "reason": False,
    }

    name = fields.Char(string="Finding", required=True, tracking=True)
    audit_id = fields.Many2one("aftersales.audit", required=True, index=True, ondelete="restrict")
    line_id = fields.Many2one(
        "aftersales.audit.line", string="Question", index="btree_not_null", ondelete="set null",
        domain="[('audit_id', '=', audit_id)]")
    contract_id = fields.Many2one(related="audit_id.contract_id", store=True, index=True)
    partner_id = fields.Many2one(related="audit_id.partner_id", string="Audited Party", store=True, index=True)
    company_id = fields.Many2one(related="audit_id.company_id", store=True, index=True)
    severity = fields.Selection(SEVERITIES, required=True, default="minor", tracking=True)
    description = fields.Text()
    user_id = fields.Many2one(
        "res.users", string="Owner", default=lambda self: self.env.user, index=True, tracking=True,
        domain=[("share", "=", False)])
    date_due = fields.Date(string="Due", required=True, index=True, tracking=True)
    corrective_action = fields.Text(help="What is done so that it does not come back.")
    evidence_ids = fields.One2many("aftersales.evidence", "finding_id", copy=False)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", copy=False, index=True, tracking=True)
    corrected_by_id = fields.Many2one("res.users", string="Corrected by", readonly=True, copy=False)
    corrected_on = fields.Date(string="Corrected", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", string="Verified or Accepted by", readonly=True, copy=False)
    decided_on = fields.Date(string="Verified or Accepted", readonly=True, copy=False)
    reason = fields.Text(readonly=True, copy=False, help="Why the risk is accepted, or the correction was sent back.")
    may_verify = fields.Boolean(compute="_compute_may_verify")

    _two_people = models.Constraint(
        "CHECK(state <> 'closed' OR (decided_by_id IS NOT NULL AND decided_by_id <> corrected_by_id))",
        "Who corrected a finding does not verify it.")

    @api.depends("state", "user_id", "corrected_by_id")
    @api.depends_context("uid")
    def _compute_may_verify(self):
        for finding in self:
            finding.may_verify = (
                finding.state == "corrected" and self.env.user not in finding.corrected_by_id | finding.user_id
                and finding.has_access("write"))

    @api.constrains("audit_id", "line_id")
    def _check_audit(self):
        for finding in self:
            if finding.audit_id.state in ("closed", "cancelled"):
                raise ValidationError(self.env._(
                    "Finding %(name)s: audit %(audit)s is over.",
                    name=finding.name, audit=finding.audit_id.display_name))
            if finding.line_id and finding.line_id.audit_id != finding.audit_id:
                raise ValidationError(self.env._(
                    "Finding %(name)s: \"%(question)s\" is a question of another audit.",
                    name=finding.name, question=finding.line_id.question))

    def _takes_evidence(self):
        return self.state == "open"

    def write(self, vals):
        if set(vals) & {"name", "audit_id", "severity", "description", "date_due", "corrective_action"}:
            for finding in self.filtered(lambda f: f.state in ("closed", "accepted")):
                raise UserError(self.env._("Finding %s is settled and stays as it was.", finding.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for finding in self.filtered(lambda f: f.state != "open" or f.evidence_ids or f.audit_id.state == "closed"):
            raise UserError(self.env._(
                "Finding %s has a history. Accept the risk with a reason instead.", finding.display_name))

    # --- course --------------------------------------------------------------------------------------------------

    def action_correct(self, corrective_action=None):
        """The owner reports the correction: it says what was done, and its evidence is there."""
        self._check_may_handle()
        for finding in self:
            finding._check_state("open")
            taken = (corrective_action or finding.corrective_action or "").strip()
            if not taken:
                raise UserError(self.env._("Finding %s: say which corrective action was taken.", finding.display_name))
            if not finding.evidence_ids:
                raise UserError(self.env._("Finding %s: add the evidence of the correction.", finding.display_name))
            # The owner may report without the right to change the finding; that was checked above.
            finding.sudo()._write_guarded({
                "state": "corrected", "corrective_action": taken, "corrected_by_id": self.env.uid,
                "corrected_on": finding._today()})

    def action_verify(self):
        """Somebody else than the owner and than who corrected it has looked: the finding is closed."""
        self._check_other_person()
        self._decide("closed", False)

    def action_send_back(self, reason=None):
        """The correction does not hold: open again, for a reason."""
        self._check_other_person()
        reason = self._check_reason(reason)
        self._write_guarded({"state": "open", "corrected_by_id": False, "corrected_on": False, "reason": reason})

    def action_accept(self, reason=None):
        """Live with it, for a reason. Legal or an administrator, who does not own the finding."""
        if not self.env.user.has_groups(LEGAL):
            raise AccessError(self.env._("Only legal or an administrator accepts a risk."))
        self.check_access("write")
        reason = self._check_reason(reason)
        for finding in self:
            if finding.state not in ("open", "corrected"):
                raise UserError(self.env._("Finding %s is settled already.", finding.display_name))
            if finding.user_id == self.env.user:
                raise AccessError(self.env._(
                    "Finding %s is yours: somebody else accepts its risk.", finding.display_name))
        self._decide("accepted", reason)

    def _decide(self, state, reason):
        for finding in self:
            finding._write_guarded({
                "state": state, "decided_by_id": self.env.uid, "decided_on": finding._today(), "reason": reason})
        self.env["aftersales.reminder"]._settled("finding", self)

    def _check_other_person(self):
        self.check_access("write")
        for finding in self:
            finding._check_state("corrected")
            if self.env.user in finding.corrected_by_id | finding.user_id:
                raise AccessError(self.env._(
                    "You own or corrected finding %s: somebody else verifies it.", finding.display_name))

    def _check_state(self, state):
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(self.env._(
                "Finding %(name)s is %(is)s; that takes one that is %(needed)s.",
                **{"name": self.display_name, "is": labels[self.state].lower(), "needed": labels[state].lower()}))
