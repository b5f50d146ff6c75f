"""Segment formula: how a company reckons what a customer is worth, and which segment, plan and priority follow."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..sla.sla_target import PRIORITIES
from .service_plan import SEGMENTS


class SegmentFormula(models.Model):
    """One a company; without it nobody has a segment."""

    _name = "aftersales.segment.formula"
    _description = "Segment Formula"
    _order = "company_id, id"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    years = fields.Integer(default=5, required=True, help="For how many years ahead profits are counted.")
    margin = fields.Float(
        string="Margin (%)", default=25, digits=(5, 2),
        help="Profit of a year: this share of the customer's contracts' value of a year, unless the customer has a "
        "yearly profit of its own.")
    retention = fields.Float(
        string="Retention (%)", default=85, digits=(5, 2), help="The share that stays from one year to the next.")
    rate = fields.Float(string="Discount Rate (%)", default=8, digits=(5, 2))
    first = fields.Integer(
        string="First Year Counts as", default=1, help="1: the first year is discounted; 0: it is not.")
    segment_ids = fields.One2many("aftersales.segment", "formula_id", string="Segments", copy=True)

    _company_uniq = models.UniqueIndex("(company_id)", "The company has a segment formula already.")
    _sane = models.Constraint(
        """CHECK(years >= 1 AND years <= 50 AND retention >= 0 AND retention <= 100
                 AND rate > -100 AND first IN (0, 1))""",
        "Years are 1 to 50, retention is 0 to 100 %, the rate is above -100 %, and the first year counts as 0 or 1.")

    @api.constrains("segment_ids")
    def _check_segments(self):
        for formula in self:
            if not formula.segment_ids:
                raise ValidationError(self.env._("The formula of %s needs its segments.", formula.company_id.name))

    def _flows(self, profit):
        """[(profit, retention to the power of the year)], Decimals, for the years ahead."""
        share = Decimal(str(self.retention)) / 100
        return [(profit, (share ** year).quantize(Decimal("0.000001"))) for year in range(self.years)]


class Segment(models.Model):
    _name = "aftersales.segment"
    _description = "Customer Segment"
    _order = "threshold desc, id"

    formula_id = fields.Many2one("aftersales.segment.formula", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="formula_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    segment = fields.Selection(SEGMENTS, required=True)
    threshold = fields.Monetary(string="From", help="Customers of at least this lifetime value.")
    plan_id = fields.Many2one(
        "aftersales.service.plan", string="Default Plan", check_company=True, ondelete="restrict",
        help="Proposed for new contracts with these customers.")
    priority = fields.Selection(PRIORITIES, string="Default Priority", help="Of their new requests.")
    _check_company_auto = True

    _segment_uniq = models.UniqueIndex("(formula_id, segment)", "This segment stands in the formula already.")
    _threshold_uniq = models.UniqueIndex("(formula_id, threshold)", "Two segments begin at the same value.")

    @api.depends("segment")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["segment"]._description_selection(self.env))
        for row in self:
            row.display_name = labels.get(row.segment, "")
