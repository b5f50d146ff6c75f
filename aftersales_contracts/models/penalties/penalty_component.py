"""Component of a penalty clause: one measure, and what missing it costs.

All of it stays as it is once the clause is released, whoever asks and by whatever way.
"""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine import penalty_terms as engine
from ..service.service_status import METRICS
from ..sla.sla_target import PRIORITIES
from .penalty_clause import CAP_BASES, CAP_HELP, DIGITS
from .penalty_tiers import RATE_DIGITS

KINDS = [
    (engine.BANDS, "Bands of a Figure"),
    (engine.PER_BREACH, "Sum for Each Failure"),
    (engine.PER_UNIT, "Rate for Each Unit of Delay"),
    (engine.PER_POINT, "Rate for Each Point below Target"),
    (engine.BY_COUNT, "Tiers by Number of Failures"),
    (engine.POINTS, "Points by Severity"),
    (engine.PROPORTIONAL, "In Proportion to What Is Missing"),
]
SOURCES = [
    ("compliance", "Compliance of SLA Targets"),
    ("figure", "Measured Figure"),
    ("clock", "Breached Clocks of SLA Targets"),
    ("breach", "Breach Register"),
]
OF_TARGETS = ("compliance", "clock")
ON_FIGURE = ("compliance", "figure")
ON_EVENTS = ("clock", "breach")
UNITS = [("minute", "Minutes"), ("hour", "Hours"), ("day", "Working Days"), ("week", "Working Weeks")]
# What a component says, as paths from its clause: for what is computed of a clause as a whole.
SAYS = tuple(f"component_ids.{name}" for name in (
    "sequence", "name", "kind", "source", "metric", "support_tier_ids", "priority", "target_ids.objective",
    "measure_id", "target_from", "target", "high_is_good", "digits", "base", "rate", "band_ids.bound",
    "band_ids.rate", "unit", "unit_length", "unit_rule", "count_rule", "severity_ids.severity", "severity_ids.points",
    "grace", "grace_unit", "grace_rule", "deductible", "free", "event_cap_value", "event_cap_base",
    "cap_value", "cap_base", "weight", "multipliers", "is_bonus"))


class Component(models.Model):
    _name = "aftersales.penalty.component"
    _description = "Component of a Penalty Clause"
    _inherit = ["aftersales.penalty.part"]
    _order = "clause_id, sequence, id"
    _check_company_auto = True

    clause_id = fields.Many2one("aftersales.penalty.clause", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="clause_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="clause_id.currency_id")
    clause_state = fields.Selection(related="clause_id.state")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, help="As it is printed.")
    key = fields.Char(
        readonly=True, help="Its name in results, the same in every version: repetitions are counted by it.")
    kind = fields.Selection(KINDS, string="Costs by", required=True, default=engine.BANDS)
    # what is measured
    source = fields.Selection(
        SOURCES, string="Measured by", compute="_compute_source", store=True, readonly=False, precompute=True,
        required=True)
    metric = fields.Selection(METRICS, help="Of the SLA targets.")
    support_tier_ids = fields.Many2many(
        "aftersales.support.tier", "aftersales_penalty_component_tier", string="Support Tiers", ondelete="restrict",
        help="Empty: every tier.")
    priority = fields.Selection(PRIORITIES, help="Empty: any priority.")
    target_ids = fields.Many2many(
        "aftersales.sla.target", "aftersales_penalty_component_target", string="SLA Targets", ondelete="restrict",
        check_company=True,
        help="Empty: those of the contract's SLA policy with this metric, these tiers and this priority.")
    measure_id = fields.Many2one(
        "aftersales.measure", ondelete="restrict", index="btree_not_null",
        check_company=True)
    target_from = fields.Selection(
        [("objective", "Objective of the SLA Target"), ("own", "Own Figure")], string="Target from", required=True,
        compute="_compute_target_from", store=True, readonly=False, precompute=True)
    target = fields.Float(digits=DIGITS, help="The figure promised. Equal to it is no breach.")
    high_is_good = fields.Boolean(
        compute="_compute_high_is_good", store=True, readonly=False, precompute=True,
        help="Off for figures such as hours of standstill.")
    digits = fields.Selection(
        [("exact", "As It Is"), ("0", "Whole"), ("1", "1 Decimal"), ("2", "2 Decimals"), ("3", "3 Decimals"),
         ("4", "4 Decimals")], string="Figure Rounded", required=True, default="exact",
        help="Before it is compared: 99.8993 rounded to 1 decimal is 99.9.")
    # what it costs
    base = fields.Selection(
        [(engine.PERCENT, "% of the Fee"), (engine.AMOUNT, "Amount")], string="Rate as", required=True,
        default=engine.PERCENT)
    rate = fields.Float(digits=RATE_DIGITS)
    band_ids = fields.One2many("aftersales.penalty.band", "component_id", string="Tiers", copy=True)
    unit = fields.Selection(
        UNITS, string="Unit of Delay", default="hour", required=True,
        help="Delay is working time. A working day has the hours of a day in the contract's schedule; of a breach of "
        "the register, whose delay is counted in days, 24 hours.")
    unit_length = fields.Integer(string="Length of a Unit", default=1, required=True)
    unit_rule = fields.Selection([
        (engine.STARTED, "Every Unit Started"), (engine.COMPLETED, "Completed Units Only"),
        (engine.EXACT, "To the Second")], string="Parts of a Unit", default=engine.STARTED, required=True)
    count_rule = fields.Selection([
        (engine.SLAB, "All at the Rate of the Tier Reached"), (engine.MARGINAL, "Each at the Rate of Its Own Tier"),
        (engine.LUMP, "One Sum for the Tier Reached")], string="Tiers Apply to", default=engine.SLAB, required=True)
    severity_ids = fields.One2many(
        "aftersales.penalty.severity", "component_id", string="Points by Severity", copy=True)
    # what softens and what sharpens it
    grace = fields.Float(digits=DIGITS, help="So late, or so far from the target, costs nothing.")
    grace_unit = fields.Selection(
        [*UNITS, ("point", "Points")], compute="_compute_grace_unit", store=True, readonly=False, precompute=True,
        required=True)
    grace_rule = fields.Selection([
        (engine.DEDUCT, "Only What Lies beyond Counts"), (engine.THRESHOLD, "Once beyond, All of It Counts")],
        required=True, default=engine.DEDUCT)
    deductible = fields.Float(digits=DIGITS, help="So much of its amount in a period is not paid.")
    free = fields.Integer(
        string="Free Failures or Points", help="In each period: of failures, or of points where points are counted.")
    event_cap_value = fields.Float(string="Cap of One Failure", digits=DIGITS)
    event_cap_base = fields.Selection(CAP_BASES, string="Cap of One Failure, as", help=CAP_HELP)
    cap_value = fields.Float(string="Cap of the Component", digits=DIGITS)
    cap_base = fields.Selection(CAP_BASES, string="Cap of the Component, as", help=CAP_HELP)
    weight = fields.Float(
        string="Weight (%)", digits=DIGITS, help="Its part of the amount at risk; 0: none.")
    multipliers = fields.Char(
        string="Repetition", help="Factors for the first, second, third ... period in a row with this penalty, such as "
        "1; 1.5; 2. The last one stays. Empty: none.")
    is_bonus = fields.Boolean(string="Bonus", help="Beating the target is rewarded: its amounts count the other way.")
    rate_text = fields.Char(string="Costs", compute="_compute_rate_text")

    _key_uniq = models.Constraint("UNIQUE(clause_id, key)", "Two components of a penalty clause have the same key.")
    _not_negative = models.Constraint(
        """CHECK(COALESCE(rate, 0) >= 0 AND COALESCE(grace, 0) >= 0 AND COALESCE(deductible, 0) >= 0
                 AND COALESCE(free, 0) >= 0 AND COALESCE(event_cap_value, 0) >= 0 AND COALESCE(cap_value, 0) >= 0
                 AND COALESCE(weight, 0) >= 0)""",
        "Rates, caps and allowances of a component are not negative.")
    _unit_length = models.Constraint("CHECK(unit_length > 0)", "A unit of delay is 1 or more long.")

    @api.depends("kind")
    def _compute_source(self):
        for component in self:
            fitting = fitting_sources(component.kind)
            if component.source not in fitting:
                component.source = fitting[0]

    @api.depends("source")
    def _compute_target_from(self):
        for component in self:
            if component.source != "compliance":
                component.target_from = "own"
            else:
                component.target_from = component.target_from or "objective"

    @api.depends("measure_id", "source")
    def _compute_high_is_good(self):
        for component in self:
            component.high_is_good = component.source != "figure" or not component.measure_id \
                or component.measure_id.high_is_good

    @api.depends("kind")
    def _compute_grace_unit(self):
        for component in self:
            on_figure = component.kind in engine.ON_FIGURE
            if on_figure or component.grace_unit in (False, "point"):
                component.grace_unit = "point" if on_figure else "hour"

    @api.depends("base", "rate", "kind", "band_ids.rate", "band_ids.bound")
    @api.depends_context("lang")
    def _compute_rate_text(self):
        for component in self:
            component.rate_text = component._rate_in_words()

    @api.constrains("kind", "source")
    def _check_source(self):
        for component in self:
            if component.source not in fitting_sources(component.kind):
                labels = dict(self._fields["kind"]._description_selection(self.env))
                raise ValidationError(self.env._(
                    "Component %(name)s: “%(kind)s” is not measured by “%(measured)s”.", name=component.name,
                    kind=labels[component.kind],
                    measured=dict(self._fields["source"]._description_selection(self.env))[component.source]))

    @api.constrains("multipliers")
    def _check_multipliers(self):
        for component in self:
            component._multipliers()

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        taken = {}
        for vals in vals_list:
            clause = self.env["aftersales.penalty.clause"].browse(vals.get("clause_id"))
            keys = taken.setdefault(clause, set(clause.sudo().component_ids.mapped("key")))
            vals["key"] = vals.get("key") or _key_of(vals.get("name"), keys)
            keys.add(vals["key"])
        return super().create(vals_list)

    def _clauses(self):
        return self.clause_id


class SlaTarget(models.Model):
    _inherit = "aftersales.sla.target"

    @api.ondelete(at_uninstall=False)
    def _unlink_without_penalty(self):
        """The database refuses it anyhow: what a released clause is about stays what it was."""
        naming = self.env["aftersales.penalty.component"].sudo().search([("target_ids", "in", self.ids)], limit=1)
        if naming:
            raise UserError(self.env._(
                "SLA target %(target)s is named by penalty clause %(clause)s. Archive it instead.",
                target=(naming.with_context(active_test=False).target_ids & self)[:1].display_name,
                clause=naming.clause_id.display_name))


def fitting_sources(kind):
    """By which sources a kind of component can be measured, the usual one first."""
    return ON_FIGURE if kind in engine.ON_FIGURE else ON_EVENTS


def _key_of(name, taken):
    """A key made of the name, unlike those that are taken: "first_response", "first_response_2"."""
    stem = re.sub(r"[^a-z0-9]+", "_", (name or "").lower()).strip("_")[:40] or "component"
    found, count = stem, 1
    while found in taken:
        count += 1
        found = f"{stem}_{count}"
    return found
