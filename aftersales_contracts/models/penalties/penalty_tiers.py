"""What a penalty clause consists of, tier by tier: its parts change while it is a draft, and never later."""

from odoo import api, fields, models

from ..common.frozen import is_uninstalling
from ..obligations.finding import SEVERITIES
from ..sla.sla_target import PRIORITIES
from .penalty_clause import DIGITS

RATE_DIGITS = (16, 6)


class Part(models.AbstractModel):
    """A part of a penalty clause: it changes while the clause is a draft, and never later."""

    _name = "aftersales.penalty.part"
    _description = "Part of a Penalty Clause"

    def _clauses(self):
        """The clauses that these records are parts of."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.sudo()._clauses()._refuse_frozen()  # a clause that a rule hides is released nevertheless
        return parts

    def write(self, vals):
        self.sudo()._clauses()._refuse_frozen()
        result = super().write(vals)
        if {"clause_id", "component_id"} & set(vals):
            self.sudo()._clauses()._refuse_frozen()
        return result

    def unlink(self):
        if not is_uninstalling(self.env):
            self.sudo()._clauses()._refuse_frozen()
        return super().unlink()

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self.sudo()._clauses()._refuse_frozen()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)


class Band(models.Model):
    _name = "aftersales.penalty.band"
    _description = "Tier of a Penalty"
    _inherit = ["aftersales.penalty.part"]
    _order = "component_id, bound, id"

    component_id = fields.Many2one("aftersales.penalty.component", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="component_id.company_id", store=True, index=True)
    bound = fields.Float(
        digits=DIGITS, required=True, help="Of a figure where high is good: below it the tier counts; where low is "
        "good: above it. Of a bonus: from the bound on, itself included. Of failures: the number of the first.")
    rate = fields.Float(digits=RATE_DIGITS, required=True, help="In percent, or as an amount, as the component says.")

    _bound_uniq = models.Constraint("UNIQUE(component_id, bound)", "Two tiers of a component have the same bound.")
    _not_negative = models.Constraint("CHECK(rate >= 0)", "The rate of a tier is not negative.")

    def _clauses(self):
        return self.component_id.clause_id


class Severity(models.Model):
    _name = "aftersales.penalty.severity"
    _description = "Points of a Severity"
    _inherit = ["aftersales.penalty.part"]
    _order = "component_id, points desc, id"

    component_id = fields.Many2one("aftersales.penalty.component", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="component_id.company_id", store=True, index=True)
    # the priority of a request ("0" to "3"), or the severity of what an audit found; no code is in both
    severity = fields.Selection("_severities", required=True)
    points = fields.Integer(required=True, default=1)

    _severity_uniq = models.Constraint("UNIQUE(component_id, severity)", "Points of this severity are given already.")
    _not_negative = models.Constraint("CHECK(points >= 0)", "Points are not negative.")

    @api.model
    def _severities(self):
        """The priority of a request, and the severity of a finding behind a breach."""
        _ = self.env._
        Request, Finding = self.env["aftersales.request"], self.env["aftersales.finding"]
        return [
            *((key, _("Priority %s", label)) for key, label in _labels(Request, "priority", PRIORITIES)),
            *((key, _("Finding %s", label)) for key, label in _labels(Finding, "severity", SEVERITIES))]

    @api.depends("severity", "points")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._severities())
        for line in self:
            line.display_name = f"{labels.get(line.severity, '')}: {line.points}"

    def _clauses(self):
        return self.component_id.clause_id


def _labels(model, name, selection):
    return model._fields[name]._description_selection(model.env) if name in model._fields else selection
