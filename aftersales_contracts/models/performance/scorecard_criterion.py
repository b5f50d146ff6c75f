"""Criterion of a scorecard: one figure, whether high or low is good, what counts as best, and its weight.

What each metric means, with an example: docs/contracts/performance.md.
"""

import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_repr

from .scorecard_template import WEIGHT_DIGITS

METRICS = [
    ("first_response", "First Response (Hours)"),
    ("resolution", "Time to Resolve (Hours)"),
    ("on_site_time", "On-site Time (Hours)"),
    ("first_time_fix", "First-time Fix (%)"),
    ("sla_compliance", "SLA Compliance (%)"),
    ("csat", "Satisfied Customers (%)"),
    ("nps", "Net Promoter Score"),
    ("complaints", "Complaints per 100 Jobs"),
    ("cost", "Cost per Job"),
    ("figure", "Measured Figure"),
]
DIMENSIONS = [
    ("time", "Time Efficiency"),
    ("solving", "Problem Solving"),
    ("satisfaction", "Satisfaction"),
    ("cost", "Cost"),
    ("other", "Other"),
]
FELT = ("csat", "nps", "complaints")  # with the dimension of satisfaction: experience; all the rest is efficiency
DIRECTIONS = [("higher", "High Is Good"), ("lower", "Low Is Good")]
OF_MONEY = ("cost",)
FIGURE_DIGITS = (16, 4)
# What is usual for a metric: proposed when it is chosen, and free to be changed.
USUAL = {
    "first_response": ("lower", "time"), "resolution": ("lower", "time"), "on_site_time": ("lower", "time"),
    "first_time_fix": ("higher", "solving"), "sla_compliance": ("higher", "solving"),
    "csat": ("higher", "satisfaction"), "nps": ("higher", "satisfaction"), "complaints": ("lower", "satisfaction"),
    "cost": ("lower", "cost"),
}


class ScorecardCriterion(models.Model):
    _name = "aftersales.scorecard.criterion"
    _description = "Scorecard Criterion"
    _inherit = ["aftersales.frozen"]
    _order = "template_id, sequence, id"
    _check_company_auto = True

    template_id = fields.Many2one("aftersales.scorecard.template", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    key = fields.Char(readonly=True, help="Its name in results; a copy of the template keeps it.")
    metric = fields.Selection(METRICS, required=True)
    measure_id = fields.Many2one(
        "aftersales.measure", ondelete="restrict", index="btree_not_null", check_company=True,
        help="The measure whose figures of the contract are taken.")
    dimension = fields.Selection(DIMENSIONS, required=True, default="other")
    weight = fields.Float(required=True, digits=WEIGHT_DIGITS, help="All of a template should sum to 1.")
    direction = fields.Selection(
        DIRECTIONS, required=True, help="Without it nobody knows whether a high figure is good or bad.")
    scale = fields.Selection(
        [("range", "From Worst to Best"), ("benchmark", "Against a Benchmark")], string="Scored", required=True,
        default="range",
        help="From worst (0) to best (100), in proportion; or 100 at the benchmark and in proportion beyond it: half "
        "the score for twice the hours.")
    worst = fields.Float(digits=FIGURE_DIGITS, help="The figure that scores 0.")
    best = fields.Float(digits=FIGURE_DIGITS, help="The figure that scores 100.")
    benchmark = fields.Float(digits=FIGURE_DIGITS, help="The figure that scores 100.")
    minimum_sample = fields.Integer(
        default=5, required=True, help="Fewer cases than that are no measurement: the criterion does not count.")

    _key_uniq = models.Constraint("UNIQUE(template_id, key)", "Two criteria of a scorecard template have the same key.")
    _weight_positive = models.Constraint("CHECK(weight > 0)", "The weight of a criterion is above 0.")
    _sample_positive = models.Constraint(
        "CHECK(minimum_sample >= 1)", "The minimum sample of a criterion is at least 1.")
    _measure_named = models.Constraint(
        "CHECK((metric = 'figure') = (measure_id IS NOT NULL))",
        "A criterion by measured figures names its measure, and no other does.")

    @api.onchange("metric")
    def _onchange_metric(self):
        if self.metric:
            self.name = self.name or dict(self._fields["metric"]._description_selection(self.env))[self.metric]
        if self.metric in USUAL:
            self.direction, self.dimension = USUAL[self.metric]
        if self.metric != "figure":
            self.measure_id = False

    @api.constrains("direction", "scale", "worst", "best", "benchmark")
    def _check_scale(self):
        """Best lies on the side that is good; a benchmark is a figure above zero."""
        for criterion in self:
            named = {"criterion": criterion.name, "template": criterion.template_id.name}
            if criterion.scale == "benchmark":
                if criterion.benchmark <= 0:
                    raise ValidationError(self.env._(
                        "Criterion %(criterion)s of %(template)s: the benchmark is a figure above 0.", **named))
            elif criterion.best == criterion.worst:
                raise ValidationError(self.env._(
                    "Criterion %(criterion)s of %(template)s: best and worst are two different figures.", **named))
            elif (criterion.best > criterion.worst) != (criterion.direction == "higher"):
                raise ValidationError(self.env._(
                    "Criterion %(criterion)s of %(template)s: %(best)g is to be best and %(worst)g worst, but "
                    "\"%(direction)s\" says otherwise.", best=criterion.best, worst=criterion.worst,
                    direction=dict(self._fields["direction"]._description_selection(self.env))[criterion.direction],
                    **named))

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        Template = self.env["aftersales.scorecard.template"]
        taken = {}
        for vals in vals_list:
            template = Template.browse(vals.get("template_id"))
            keys = taken.setdefault(template, set(template.sudo().criterion_ids.mapped("key")))
            vals["key"] = vals.get("key") or _key_of(vals.get("name"), keys)
            keys.add(vals["key"])
        Template.union(*taken)._refuse_frozen()
        return super().create(vals_list)

    def _frozen(self):
        frozen = self.template_id._frozen()
        return self.filtered(lambda criterion: criterion.template_id in frozen)

    def _refuse_frozen(self):
        self.template_id._refuse_frozen()

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Another language says the same: it does not change either."""
        self._refuse_frozen()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def _terms(self):
        """What the criterion says as plain values: those that a closed scorecard keeps, figures as exact text."""
        self.ensure_one()
        by_range = self.scale == "range"
        return {
            "key": self.key, "name": self.name, "metric": self.metric, "measure": self.measure_id.id or 0,
            "dimension": self.dimension, "weight": _text(self.weight, WEIGHT_DIGITS[1]), "direction": self.direction,
            "worst": _text(self.worst) if by_range else "", "best": _text(self.best) if by_range else "",
            "benchmark": "" if by_range else _text(self.benchmark), "minimum_sample": self.minimum_sample}


def is_experience(terms):
    """Whether a criterion (its plain terms) is about what customers feel; all others are about efficiency."""
    return terms["metric"] in FELT or terms["dimension"] == "satisfaction"


def _text(value, digits=FIGURE_DIGITS[1]):
    """A stored figure as the shortest exact text: "0.35", "4"."""
    text = f"{Decimal(float_repr(value, digits)).normalize():f}"
    return "0" if text == "-0" else text


def _key_of(name, taken):
    """A key that is not ``taken``: the words of the name, numbered where needed."""
    key = re.sub(r"[^a-z0-9]+", "_", (name or "").lower()).strip("_") or "criterion"
    number, found = 1, key
    while found in taken:
        number += 1
        found = f"{key}_{number}"
    return found
