"""Answer of a provider assessment: a criterion as it was asked, its points, and what they rest on."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_repr

from ...engine.scorecard import HIGHER, Criterion, score
from .assessment_template import DIGITS, GROUPS, HIGHEST, SCORES

SCALE = Decimal(0), Decimal(HIGHEST)


class AssessmentLine(models.Model):
    _name = "aftersales.assessment.line"
    _description = "Assessment Answer"
    _order = "assessment_id, sequence, id"

    assessment_id = fields.Many2one("aftersales.assessment", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="assessment_id.company_id", store=True, index=True)
    state = fields.Selection(related="assessment_id.state")
    sequence = fields.Integer(default=10)
    group = fields.Selection(GROUPS, required=True, default="technical")
    name = fields.Char(string="Criterion", required=True)
    guidance = fields.Text()
    weight = fields.Float(digits=(16, DIGITS), required=True, default=1, aggregator=None)
    knock_out = fields.Boolean(readonly=True)
    lowest = fields.Selection(SCORES, string="Lowest Score", readonly=True)
    score = fields.Selection(SCORES)
    not_applicable = fields.Boolean(string="N/A", help="It does not apply: the note says why.")
    note = fields.Char(help="What the score rests on.")
    is_below = fields.Boolean(compute="_compute_is_below")

    @api.depends("score", "knock_out", "lowest")
    def _compute_is_below(self):
        for line in self:
            line.is_below = bool(line.knock_out and line.score and int(line.score) < int(line.lowest or 0))

    @api.constrains("score", "not_applicable", "note")
    def _check_answer(self):
        for line in self.filtered("not_applicable"):
            if line.score:
                raise ValidationError(self.env._(
                    "\"%s\" has a score and is marked as not applicable: one of them.", line.name))
            if not (line.note or "").strip():
                raise ValidationError(self.env._("\"%s\" does not apply: say why in its note.", line.name))
            if line.knock_out:
                raise ValidationError(self.env._("\"%s\" is a knock-out and must be answered.", line.name))

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        found._refuse_answered()
        return found

    def write(self, vals):
        self._refuse_answered()
        return super().write(vals)

    def unlink(self):
        self._refuse_answered()
        return super().unlink()

    def _refuse_answered(self):
        for line in self:
            if line.assessment_id.state not in ("planned", "running"):
                raise UserError(self.env._(
                    "Assessment %s is answered: its answers do not change.", line.assessment_id.display_name))


class AssessmentCriterion(models.Model):
    _inherit = "aftersales.assessment.criterion"

    def _for_line(self):
        """Values of the line that asks for this criterion; later changes of the questionnaire do not reach it."""
        return {"group": self.group, "name": self.name, "guidance": self.guidance, "weight": self.weight,
                "knock_out": self.knock_out, "lowest": self.lowest if self.knock_out else False}


def points(lines):
    """(points of 100 or None, answered, asked) of assessment lines: the weighted mean of those that apply."""
    scored = lines.filtered("score")
    answered = scored | lines.filtered("not_applicable")
    if not scored:
        return None, len(answered), len(lines)
    criteria = [
        Criterion(str(number), line.name, Decimal(float_repr(line.weight, DIGITS)), HIGHER, *SCALE)
        for number, line in enumerate(scored)]
    total = score(criteria, {str(number): int(line.score) for number, line in enumerate(scored)}).total
    return float(total), len(answered), len(lines)
