"""What a share rule consists of, row by row: its parts change while it is a draft, and never later."""

from odoo import api, fields, models

from ..common.frozen import is_uninstalling
from .share_rule import DIGITS, PERCENT_DIGITS, RATE_DIGITS

PARENTS = {"rule_id", "component_id", "rate_id", "bonus_id"}
MEASURES = [
    ("compliance", "SLA Compliance"),
    ("scorecard", "Total of the Scorecard"),
    ("csat", "Customer Satisfaction"),
    ("figure", "Measured Figure"),
]


class Part(models.AbstractModel):
    """A part of a share rule: it changes while the rule is a draft, and never later."""

    _name = "aftersales.share.part"
    _description = "Part of a Share Rule"

    def _rules(self):
        """The rules that these records are parts of."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.sudo()._rules()._refuse_frozen()  # a rule that an access rule hides is released nevertheless
        return parts

    def write(self, vals):
        self.sudo()._rules()._refuse_frozen()
        result = super().write(vals)
        if PARENTS & set(vals):
            self.sudo()._rules()._refuse_frozen()
        return result

    def unlink(self):
        if not is_uninstalling(self.env):
            self.sudo()._rules()._refuse_frozen()
        return super().unlink()

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self.sudo()._rules()._refuse_frozen()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)


class Payout(models.AbstractModel):
    """How much of a share or bonus is paid out, by a measured figure: bands on it, a least number of cases."""

    _name = "aftersales.share.payout"
    _description = "Payout by a Measured Figure"

    payout_measure = fields.Selection(
        MEASURES, string="Paid out by", help="Of the period that is settled. Empty: always paid out in full.")
    measure_id = fields.Many2one(
        "aftersales.measure", ondelete="restrict", check_company=True, index="btree_not_null")
    payout_minimum = fields.Integer(
        string="Least Number of Cases", default=1, help="With fewer cases the figure does not decide.")
    payout_otherwise = fields.Float(
        string="Else Paid out (%)", digits=PERCENT_DIGITS, default=100.0,
        help="What is paid out where nothing was measured, or too few cases.")

    def _measure_key(self):
        """The key of its figure in the engine's `Facts.figures`: "compliance", "scorecard", "csat" or "measure:<id>";
        "" without a payout."""
        self.ensure_one()
        if self.payout_measure == "figure":
            return f"measure:{self.measure_id.id}" if self.measure_id else ""
        return self.payout_measure or ""

    def _high_is_good(self):
        self.ensure_one()
        return self.payout_measure != "figure" or not self.measure_id or self.measure_id.high_is_good


class Rate(models.Model):
    _name = "aftersales.share.rate"
    _description = "Rate of a Share"
    _inherit = ["aftersales.share.part"]
    _order = "component_id, start nulls first, id"

    component_id = fields.Many2one("aftersales.share.component", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="component_id.company_id", store=True, index=True)
    start = fields.Date(string="From", help="It counts from this day on, until a later one does. Empty: always.")
    value = fields.Float(string="Rate", digits=RATE_DIGITS, help="In percent, or a sum, as the component says.")
    hit = fields.Float(
        string="Rate if the Standard Was Met", digits=RATE_DIGITS, help="Instead, where the promised times were kept.")
    bracket_ids = fields.One2many("aftersales.share.bracket", "rate_id", string="Brackets", copy=True)
    rate_text = fields.Char(string="Rates", compute="_compute_rate_text")

    _not_negative = models.Constraint(
        "CHECK(COALESCE(value, 0) >= 0 AND COALESCE(hit, 0) >= 0)",
        "Rates of a share are not negative: the direction says who pays.")
    _start_uniq = models.UniqueIndex(
        "(component_id, COALESCE(start, '0001-01-01'::date))", "Two rates of a component begin on the same day.")

    @api.depends("value", "hit", "bracket_ids.bound", "bracket_ids.rate", "component_id.rate_kind")
    @api.depends_context("lang")
    def _compute_rate_text(self):
        for rate in self:
            rate.rate_text = rate._rate_in_words()

    def _rules(self):
        return self.component_id.rule_id


class Bracket(models.Model):
    _name = "aftersales.share.bracket"
    _description = "Bracket of a Share"
    _inherit = ["aftersales.share.part"]
    _order = "rate_id, bound, id"

    rate_id = fields.Many2one("aftersales.share.rate", string="Rate of", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="rate_id.company_id", store=True, index=True)
    bound = fields.Float(
        string="From", digits=DIGITS, required=True,
        help="Volume from which it counts, up to the next one's: the first begins at 0.")
    rate = fields.Float(digits=RATE_DIGITS, required=True, help="In percent, or a sum, as the component says.")

    _bound_uniq = models.Constraint("UNIQUE(rate_id, bound)", "Two brackets of a rate begin at the same volume.")
    _not_negative = models.Constraint("CHECK(bound >= 0 AND rate >= 0)", "Brackets of a share are not negative.")

    def _rules(self):
        return self.rate_id.component_id.rule_id


class Band(models.Model):
    _name = "aftersales.share.band"
    _description = "Payout Band"
    _inherit = ["aftersales.share.part"]
    _order = "component_id, bonus_id, bound, id"

    component_id = fields.Many2one("aftersales.share.component", ondelete="cascade", index="btree_not_null")
    bonus_id = fields.Many2one("aftersales.share.bonus", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, index=True)
    bound = fields.Float(
        string="Figure Reached", digits=DIGITS, required=True, help="The figure itself is in. Short of the first "
        "band nothing is paid out.")
    percent = fields.Float(string="Paid out (%)", digits=PERCENT_DIGITS, required=True)

    _one_parent = models.Constraint(
        "CHECK(num_nonnulls(component_id, bonus_id) = 1)", "A payout band belongs to a component or to a bonus.")
    _bound_uniq = models.UniqueIndex(
        "(COALESCE(component_id, 0), COALESCE(bonus_id, 0), bound)", "Two payout bands begin at the same figure.")
    _not_negative = models.Constraint("CHECK(percent >= 0)", "What is paid out is not negative.")

    @api.depends("component_id.company_id", "bonus_id.company_id")
    def _compute_company_id(self):
        for band in self:
            band.company_id = (band.component_id or band.bonus_id).company_id

    def _rules(self):
        return self.component_id.rule_id | self.bonus_id.rule_id


class Bonus(models.Model):
    _name = "aftersales.share.bonus"
    _description = "Bonus of a Share Rule"
    _inherit = ["aftersales.share.part", "aftersales.share.payout"]
    _order = "rule_id, sequence, id"
    _check_company_auto = True

    rule_id = fields.Many2one("aftersales.share.rule", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, help="As it is printed.")
    value = fields.Float(string="Bonus", digits=DIGITS, required=True)
    percent = fields.Boolean(string="% of the Share", help="Else a sum of a period.")
    band_ids = fields.One2many("aftersales.share.band", "bonus_id", string="Bands", copy=True)

    _not_negative = models.Constraint(
        "CHECK(value >= 0 AND COALESCE(payout_minimum, 0) >= 0 AND COALESCE(payout_otherwise, 0) >= 0)",
        "A bonus is not negative.")

    def _rules(self):
        return self.rule_id


class Payee(models.Model):
    _name = "aftersales.share.payee"
    _description = "Payee of a Share Rule"
    _inherit = ["aftersales.share.part"]
    _order = "rule_id, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    rule_id = fields.Many2one("aftersales.share.rule", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="restrict", check_company=True, index=True)
    percent = fields.Float(string="Part (%)", digits=PERCENT_DIGITS, required=True)

    _partner_uniq = models.Constraint("UNIQUE(rule_id, partner_id)", "A payee of a share rule is named once.")
    _percent = models.Constraint("CHECK(percent > 0 AND percent <= 100)", "The part of a payee is above 0 and at most "
                                 "100 %.")

    def _rules(self):
        return self.rule_id
