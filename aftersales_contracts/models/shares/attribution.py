"""Attribution: which dealer has the revenue of a contract, asset, customer, product, category or territory, from when
until when, and what percent of it."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import float_repr, format_date

TARGETS = {  # field of the target: the reason that it gives; the closest first
    "contract_id": "contract",
    "asset_id": "asset",
    "partner_id": "customer",
    "product_id": "product",
    "categ_id": "category",
    "region_id": "territory",
}
PERCENT_DIGITS = 6


class Attribution(models.Model):
    """``date_to`` is the last day; empty: until further notice. Percentages of one target on one day come to 100 at
    most; what they leave is nobody's."""

    _name = "aftersales.attribution"
    _description = "Attribution"
    _order = "company_id, date_from desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict")
    dealer_contract_id = fields.Many2one(
        "aftersales.contract", required=True, index=True, check_company=True,
        ondelete="restrict", domain=[("kind", "=", "dealer"), ("is_template", "=", False), ("amends_id", "=", False)])
    dealer_id = fields.Many2one(
        related="dealer_contract_id.partner_id", string="Dealer", store=True, index=True, precompute=True)
    date_from = fields.Date(
        string="First Day", required=True, default=lambda self: fields.Date.context_today(self),
        help="The first day whose revenue is attributed so: invoice days count.")
    date_to = fields.Date(string="Last Day", help="Empty: until further notice.")
    contract_id = fields.Many2one(
        "aftersales.contract", string="Customer's Contract", index="btree_not_null", check_company=True,
        ondelete="restrict", domain=[("kind", "=", "customer"), ("is_template", "=", False), ("amends_id", "=", False)])
    asset_id = fields.Many2one(
        "aftersales.asset", string="Covered Asset", index="btree_not_null", check_company=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", check_company=True, ondelete="restrict",
        help="With the companies and addresses below it.")
    product_id = fields.Many2one(
        "product.product", index="btree_not_null", check_company=True, ondelete="restrict")
    categ_id = fields.Many2one(
        "product.category", string="Product Category", index="btree_not_null", ondelete="restrict",
        help="With the categories below it.")
    region_id = fields.Many2one(
        "aftersales.region", string="Territory", index="btree_not_null", check_company=True, ondelete="restrict",
        help="Of the delivery address, else of the customer's.")
    target_name = fields.Char(string="For", compute="_compute_target_name")
    percent = fields.Float(digits=(16, PERCENT_DIGITS), required=True, default=100.0, aggregator=None)
    note = fields.Char(help="Why the dealer has it.")

    _one_target = models.Constraint(
        "CHECK(num_nonnulls(contract_id, asset_id, partner_id, product_id, categ_id, region_id) = 1)",
        "An attribution is for one thing: a contract, an asset, a customer, a product, a category or a territory.")
    _percent_range = models.Constraint(
        "CHECK(percent > 0 AND percent <= 100)", "The percentage of an attribution is above 0 and at most 100.")
    _days_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "An attribution cannot end before it begins.")

    @api.depends(*TARGETS)
    def _compute_target_name(self):
        for row in self:
            target = row._target()
            row.target_name = row[target].display_name if target else False

    @api.depends("target_name", "dealer_id", "percent")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            known = row.target_name and row.dealer_id
            row.display_name = known and self.env._(
                "%(target)s: %(dealer)s %(percent)s %%", target=row.target_name,
                dealer=row.dealer_id.sudo().display_name, percent=f"{row.percent:g}")

    def _target(self):
        """The field that names what it is for; None where there is none yet."""
        return next((name for name in TARGETS if self[name]), None)

    def _days_text(self):
        start, end = (day and format_date(self.env, day) for day in (self.date_from, self.date_to))
        return self.env._("%(start)s to %(end)s", start=start, end=end) if end else self.env._("from %s on", start)

    # --- what is refused ---------------------------------------------------------------------------------------------

    @api.constrains("dealer_contract_id", "company_id", *TARGETS)
    def _check_dealer(self):
        for row in self:
            contract = row.dealer_contract_id.sudo()
            if contract.kind != "dealer" or contract.is_template or contract.amends_id:
                raise ValidationError(self.env._(
                    "Attribution %(row)s: %(contract)s is no contract with a dealer.", row=row.display_name,
                    contract=contract.display_name))
            if row.contract_id and (row.contract_id.is_template or row.contract_id.amends_id):
                raise ValidationError(self.env._(
                    "Attribution %(row)s: %(contract)s is a template or an amendment.", row=row.display_name,
                    contract=row.contract_id.display_name))

    @api.constrains("company_id", "date_from", "date_to", "percent", *TARGETS)
    def _check_percentages(self):
        """On no day do the percentages of one target come to more than 100. One search for each kind of target."""
        for company, rows in self.grouped("company_id").items():
            for name in TARGETS:
                wanted = rows[name]
                if wanted:
                    found = self.sudo().search(  # rows of others count as well
                        Domain("company_id", "=", company.id) & Domain(name, "in", wanted.ids), order="date_from, id")
                    for same in found.grouped(name).values():
                        same._refuse_excess()

    def _refuse_excess(self):
        """``self``: all rows of one target, by their first day. Raise ValidationError for the first day above 100."""
        running = self.browse()
        for row in self:
            running = running.filtered(lambda one, day=row.date_from: not one.date_to or one.date_to >= day) + row
            if sum(map(_percent, running)) > 100:
                other = running[:-1][-1:]
                raise ValidationError(self.env._(
                    "%(target)s: on %(day)s the dealers would have %(sum)s %% together. %(first)s has %(one)s %% "
                    "(%(days_of_first)s) and %(second)s %(two)s %% (%(days_of_second)s): change a percentage, or end "
                    "one the day before the other begins.", target=row.target_name,
                    day=format_date(self.env, row.date_from), sum=f"{sum(map(_percent, running)):f}".rstrip("0")
                    .rstrip("."), first=other.dealer_id.display_name, one=f"{other.percent:g}",
                    days_of_first=other._days_text(), second=row.dealer_id.display_name, two=f"{row.percent:g}",
                    days_of_second=row._days_text()))

    def _day_after(self):
        """The first day that it does not count for any more; None: open."""
        self.ensure_one()
        return self.date_to and self.date_to + timedelta(days=1) or None


def _percent(row):
    return Decimal(float_repr(row.percent, PERCENT_DIGITS))
