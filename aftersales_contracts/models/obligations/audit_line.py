"""The answered questions of an audit, and the maturity that they give: none while an answer is missing."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.frozen import is_uninstalling

ANSWERS = [
    ("0", "0 · Absent"),
    ("1", "1 · Ad hoc"),
    ("2", "2 · Repeatable"),
    ("3", "3 · Defined"),
    ("4", "4 · Managed"),
    ("5", "5 · Improving"),
    ("na", "Does Not Apply"),
]


class AuditLine(models.Model):
    _name = "aftersales.audit.line"
    _description = "Audit Answer"
    _order = "audit_id, sequence, id"
    _rec_name = "question"

    audit_id = fields.Many2one("aftersales.audit", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="audit_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    dimension = fields.Char(required=True)
    question = fields.Char(required=True)
    guidance = fields.Text()
    weight = fields.Integer(default=1, aggregator=None)
    answer = fields.Selection(ANSWERS, help="Empty: not answered yet.")
    note = fields.Char(help="What was seen; why a question does not apply.")

    _weight_positive = models.Constraint("CHECK(weight >= 1)", "The weight of a question is one or more.")

    @api.constrains("answer", "note")
    def _check_not_applicable(self):
        for line in self:
            if line.answer == "na" and not (line.note or "").strip():
                raise ValidationError(self.env._(
                    "\"%s\" does not apply: say why in its note.", line.question))

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._refuse_reported()
        return lines

    def write(self, vals):
        self._refuse_reported()
        result = super().write(vals)
        if "audit_id" in vals:
            self._refuse_reported()
        return result

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_reported()
        return super().unlink()

    def _refuse_reported(self):
        for line in self:
            if line.audit_id.state not in ("planned", "running"):
                raise UserError(self.env._(
                    "Audit %s is reported: its answers do not change.", line.audit_id.display_name))


def maturity(lines):
    """(weighted mean of the answers or None, questions answered, questions asked) of checklist lines.

    None while a question that applies has no answer, and where none applies.
    """
    answered = lines.filtered("answer")
    scored = answered.filtered(lambda line: line.answer != "na")
    if len(answered) < len(lines) or not scored:
        return None, len(answered), len(lines)
    total = sum(int(line.answer) * line.weight for line in scored)
    return total / sum(scored.mapped("weight")), len(answered), len(lines)
