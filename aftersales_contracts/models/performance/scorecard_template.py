"""Scorecard template: by which criteria providers and dealers are judged, and what each weighs.

A template that a contract has agreed on decides what is paid out, so it does not change any more: copy it instead.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

GRADES = [("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")]
FREE = frozenset({"active"})
WEIGHT_DIGITS = (8, 4)


class ScorecardTemplate(models.Model):
    _name = "aftersales.scorecard.template"
    _description = "Scorecard Template"
    _inherit = ["aftersales.frozen"]
    _order = "sequence, name, id"
    _check_company_auto = True
    _free_fields = FREE | {"sequence"}

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company,
        help="Empty: every company may use it, and only an administrator changes it.")
    description = fields.Text(translate=True)
    criterion_ids = fields.One2many(
        "aftersales.scorecard.criterion", "template_id", string="Criteria", copy=True)
    weight_sum = fields.Float(
        string="Weights", compute="_compute_weights", digits=WEIGHT_DIGITS,
        help="The total is divided by it, so that it lies between 0 and 100 whatever it is.")
    weight_warning = fields.Char(compute="_compute_weights")
    grade_a = fields.Float(string="A from", default=90.0, digits=(5, 2), required=True)
    grade_b = fields.Float(string="B from", default=75.0, digits=(5, 2), required=True)
    grade_c = fields.Float(string="C from", default=60.0, digits=(5, 2), required=True, help="Below it: D.")
    plan_grade = fields.Selection(
        GRADES[1:], string="Propose a Plan from Grade", default="c",
        help="A closed scorecard of this grade, or a worse one, proposes an improvement plan. Empty: none does.")
    portal_only = fields.Boolean(
        string="Customers' Own Feedback Only", help="Feedback that the office entered does not count.")
    contract_ids = fields.One2many("aftersales.contract", "scorecard_template_id", string="Contracts")
    is_agreed = fields.Boolean(
        string="Agreed", compute="_compute_is_agreed", help="A contract that is no draft holds it: it does not change.")

    _grades = models.Constraint(
        "CHECK(grade_a <= 100 AND grade_a > grade_b AND grade_b > grade_c AND grade_c > 0)",
        "Grades begin at falling scores between 0 and 100: A above B above C.")

    @api.depends("criterion_ids.weight")
    def _compute_weights(self):
        for template in self:
            template.weight_sum = sum(template.criterion_ids.mapped("weight"))
            differs = float_compare(template.weight_sum, 1, precision_digits=WEIGHT_DIGITS[1])
            template.weight_warning = self.env._(
                "The weights sum to %(sum)g instead of 1: the total is divided by their sum.",
                sum=round(template.weight_sum, WEIGHT_DIGITS[1])) if differs and template.criterion_ids else False

    @api.depends("contract_ids.state")
    def _compute_is_agreed(self):
        agreed = self._agreed()
        for template in self:
            template.is_agreed = template._origin in agreed

    def _agreed(self):
        """Those of the templates that a contract beyond its draft holds, of whatever company."""
        rows = self.env["aftersales.contract"].sudo().with_context(active_test=False)._read_group(
            [("scorecard_template_id", "in", self.ids), ("state", "!=", "draft")], ["scorecard_template_id"])
        return self.browse(template.id for [template] in rows)

    def _frozen(self):
        return self._agreed() if self.ids else self

    def _refuse_frozen(self):
        frozen = self._frozen()
        if frozen:
            raise UserError(self.env._(
                "Scorecard template %s is agreed on in a contract and does not change. Copy it instead.",
                frozen[:1].display_name))

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Another language says the same: it does not change either."""
        self._refuse_frozen()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    @api.constrains("company_id", "contract_ids")
    def _check_company_of_contracts(self):
        for template in self.filtered("company_id"):
            foreign = template.sudo().contract_ids.filtered(lambda c, t=template: c.company_id != t.company_id)
            if foreign:
                raise ValidationError(self.env._(
                    "Scorecard template %(template)s: contract %(contract)s of another company holds it.",
                    template=template.name, contract=foreign[0].display_name))

    def copy_data(self, default=None):
        copied = super().copy_data(default)
        for template, vals in zip(self, copied, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", template.name)
        return copied

    def _grade_of(self, total):
        """The grade of a total (float or Decimal); False without one."""
        self.ensure_one()
        if total is None or total is False:
            return False
        bounds = (("a", self.grade_a), ("b", self.grade_b), ("c", self.grade_c))
        return next((grade for grade, bound in bounds if float(total) >= bound), "d")
