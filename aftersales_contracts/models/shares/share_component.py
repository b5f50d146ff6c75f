"""Component of a share rule: one share, with the lines that earn it, of what, at which rates.

All of it stays as it is once the rule is released, whoever asks and by whatever way.
"""

import re

from odoo import api, fields, models

from ...engine import share_terms as engine

BASES = [
    (engine.REVENUE, "% of the Revenue"),
    (engine.MARGIN, "% of the Margin"),
    (engine.PER_JOB, "Sum for Each Job"),
    (engine.PER_UNIT, "Sum for Each Unit"),
    (engine.USAGE, "Sum for Each Unit Used"),
]
RATE_KINDS = [
    ("plain", "One Rate"),
    ("standard", "By the Standard: Met or Missed"),
    ("brackets", "By Brackets of the Volume"),
]
# What a component says, as paths from its rule: for what is computed of a rule as a whole.
SAYS = tuple(f"component_ids.{name}" for name in (
    "sequence", "name", "basis", "direction", "line_kind_ids", "product_ids", "categ_ids", "rate_kind",
    "rate_ids.start", "rate_ids.value", "rate_ids.hit", "rate_ids.bracket_ids.bound", "rate_ids.bracket_ids.rate",
    "bracket_rule", "accumulate", "retroactive", "payout_measure", "measure_id", "band_ids.bound", "band_ids.percent",
    "payout_minimum", "payout_otherwise"))


class Component(models.Model):
    _name = "aftersales.share.component"
    _description = "Component of a Share Rule"
    _inherit = ["aftersales.share.part", "aftersales.share.payout"]
    _order = "rule_id, sequence, id"
    _check_company_auto = True

    rule_id = fields.Many2one("aftersales.share.rule", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="rule_id.currency_id")
    rule_state = fields.Selection(related="rule_id.state")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, help="As it is printed.")
    key = fields.Char(readonly=True, help="Its name in results, the same in every version: volumes add up by it.")
    basis = fields.Selection(BASES, string="Share", required=True, default=engine.REVENUE)
    direction = fields.Selection([
        (engine.RECEIVES, "Dealer Receives"), (engine.PAYS, "Dealer Pays")], required=True, default=engine.RECEIVES)
    # which lines
    line_kind_ids = fields.Many2many(
        "aftersales.line.kind", "aftersales_share_component_kind", string="Line Kinds", ondelete="restrict",
        help="Empty: every kind.")
    product_ids = fields.Many2many(
        "product.product", "aftersales_share_component_product", string="Products", ondelete="restrict",
        check_company=True, help="Empty: every product. A line earns the component that fits it closest: by product, "
        "then by category, then by kind.")
    categ_ids = fields.Many2many(
        "product.category", "aftersales_share_component_category", string="Product Categories", ondelete="restrict",
        help="With the categories below them. Empty: every category.")
    # at which rates
    rate_kind = fields.Selection(
        RATE_KINDS, string="Rate", compute="_compute_rate_kind", store=True, readonly=False)
    rate_ids = fields.One2many("aftersales.share.rate", "component_id", string="Rates", copy=True)
    bracket_rule = fields.Selection([
        (engine.MARGINAL, "Each Part at the Rate of Its Own Bracket"),
        (engine.SLAB, "All at the Rate of the Bracket Reached")], string="Brackets Apply to", required=True,
        default=engine.MARGINAL)
    accumulate = fields.Selection([
        (engine.PERIOD, "The Period Settled"), (engine.MONTH, "A Month"), (engine.QUARTER, "A Quarter"),
        (engine.YEAR, "A Year")], string="Volume Adds up over", required=True, default=engine.PERIOD)
    retroactive = fields.Boolean(
        help="Reaching a bracket reprices what was settled before in the same span, too; the difference is a line of "
        "its own.")
    band_ids = fields.One2many("aftersales.share.band", "component_id", string="Bands", copy=True)
    lines_text = fields.Char(string="Lines", compute="_compute_lines_text")
    rate_text = fields.Char(string="Rates in Short", compute="_compute_rate_text")

    _key_uniq = models.Constraint("UNIQUE(rule_id, key)", "Two components of a share rule have the same key.")
    _not_negative = models.Constraint(
        "CHECK(COALESCE(payout_minimum, 0) >= 0 AND COALESCE(payout_otherwise, 0) >= 0)",
        "Samples and percentages of a payout are not negative.")

    @api.depends("rate_ids.bracket_ids", "rate_ids.hit")
    def _compute_rate_kind(self):
        """What is filled in says which kind it is; who chose otherwise is told by the findings."""
        for component in self:
            if component.rate_ids.bracket_ids:
                component.rate_kind = "brackets"
            elif any(component.rate_ids.mapped("hit")):
                component.rate_kind = "standard"
            else:
                component.rate_kind = component.rate_kind or "plain"

    @api.depends("line_kind_ids", "product_ids", "categ_ids")
    @api.depends_context("lang")
    def _compute_lines_text(self):
        for component in self:
            component.lines_text = component._lines_in_words()

    @api.depends("basis", "rate_kind", "rate_ids.rate_text")
    @api.depends_context("lang")
    def _compute_rate_text(self):
        for component in self:
            component.rate_text = " · ".join(component.rate_ids.mapped("rate_text"))

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        taken = {}
        for vals in vals_list:
            rule = self.env["aftersales.share.rule"].browse(vals.get("rule_id"))
            keys = taken.setdefault(rule, set(rule.sudo().component_ids.mapped("key")))
            vals["key"] = vals.get("key") or _key_of(vals.get("name"), keys)
            keys.add(vals["key"])
        return super().create(vals_list)

    def _rules(self):
        return self.rule_id

    def _is_percent(self):
        """Whether its rates are percentages of money; else sums for a job or unit."""
        self.ensure_one()
        return self.basis in engine.OF_MONEY


def _key_of(name, taken):
    """A key made of the name, unlike those that are taken: "labour", "labour_2"."""
    stem = re.sub(r"[^a-z0-9]+", "_", (name or "").lower()).strip("_")[:40] or "component"
    found, count = stem, 1
    while found in taken:
        count += 1
        found = f"{stem}_{count}"
    return found
