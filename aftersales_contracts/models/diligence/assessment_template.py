"""Questionnaire of a provider assessment: weighted criteria in groups, what is a knock-out, and the pass mark."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [("due_diligence", "Due Diligence"), ("periodic", "Periodic Assessment")]
GROUPS = [
    ("technical", "Technical and Service Ability"),
    ("reputation", "Reputation and References"),
    ("cost", "Cost and Benefit"),
    ("compliance", "Compliance"),
    ("finances", "Financial Standing"),
    ("security", "Information Security"),
    ("sustainability", "Sustainability"),
]
HIGHEST = 5
DIGITS = 4  # of a weight
SCORES = [(str(score), str(score)) for score in range(HIGHEST + 1)]


class AssessmentTemplate(models.Model):
    _name = "aftersales.assessment.template"
    _description = "Assessment Questionnaire"
    _order = "kind, name, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="due_diligence")
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company,
        help="Empty: every company may use it, and only an administrator may change it.")
    pass_mark = fields.Float(
        digits=(5, 2), required=True, default=60, aggregator=None, help="Points of 100 from which on it is passed.")
    valid_months = fields.Integer(
        string="Valid for (months)", required=True, default=12, aggregator=None,
        help="How long a pass counts before the next assessment.")
    criterion_ids = fields.One2many("aftersales.assessment.criterion", "template_id", string="Criteria", copy=True)
    active = fields.Boolean(default=True)

    _pass_mark = models.Constraint(
        "CHECK(pass_mark > 0 AND pass_mark <= 100)", "A pass mark lies above 0 and is at most 100 points.")
    _valid_months = models.Constraint("CHECK(valid_months > 0)", "A pass counts for at least one month.")


class AssessmentCriterion(models.Model):
    _name = "aftersales.assessment.criterion"
    _description = "Assessment Criterion"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one("aftersales.assessment.template", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    group = fields.Selection(GROUPS, required=True, default="technical")
    name = fields.Char(string="Criterion", required=True, translate=True)
    guidance = fields.Text(translate=True, help="What earns which score.")
    weight = fields.Float(digits=(16, DIGITS), required=True, default=1, aggregator=None)
    knock_out = fields.Boolean(help="Below the lowest score the assessment is failed, whatever the total.")
    lowest = fields.Selection(SCORES, string="Lowest Score", default="3")

    @api.constrains("weight")
    def _check_weight(self):
        for criterion in self:
            if criterion.weight <= 0:
                raise ValidationError(self.env._(
                    "Criterion %(name)s: a weight of %(weight)s counts for nothing. Give one above zero.",
                    name=criterion.name, weight=criterion.weight))
