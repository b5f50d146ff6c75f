"""Contract line: what recurs at which price, how its periods lie, and how a part of one is reckoned.

The price is for one unit and one full period. Days are last days: a line without a last day runs with its contract,
renewals included. ``first_day`` and ``last_day`` say what came of it.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_repr

from ...engine.days import MONTHS
from ...engine.errors import EngineError
from ...engine.money import exact, round_money
from ...engine.proration import monthly_equivalent

UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("quarter", "Quarters"), ("year", "Years")]
TIMINGS = [("prepaid", "In Advance"), ("postpaid", "In Arrears")]
PRORATIONS = [
    ("actual/actual", "Days of the Period (actual/actual)"),
    ("30/360", "Months of 30 Days (30/360)"),
    ("per-month", "Calendar Months (per-month)"),
]
QUANTITY = "Product Unit"
TERMS = (  # what stands on paper, in the order of reading
    "product_id", "name", "quantity", "price", "interval", "unit", "timing", "anchor_day", "counted_from", "date_start",
    "date_end", "proration_rule", "tax_ids", "never_revise", "cancelled",
)
DERIVED = frozenset({  # results and billing: nobody writes them, nobody brings them along
    "amount", "monthly_value", "annual_value", "first_day", "last_day", "ended", "revised_on", "billed_until"})


class ContractLine(models.Model):
    _name = "aftersales.contract.line"
    _description = "Contract Line"
    _inherit = ["aftersales.paper.row"]
    _order = "contract_id, sequence, id"
    _check_company_auto = True
    _paper_group = "prices"
    _paper_fields = TERMS

    contract_id = fields.Many2one("aftersales.contract", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, index=True)
    contract_state = fields.Selection(related="contract_id.state", string="Contract State")
    kind = fields.Selection(related="contract_id.kind", store=True)
    currency_id = fields.Many2one(
        related="contract_id.currency_id", depends=["contract_id.currency_id"], store=True, precompute=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one("product.product", check_company=True, ondelete="restrict", index="btree_not_null")
    name = fields.Text(
        string="Description", compute="_compute_name", store=True, readonly=False, precompute=True, required=True)
    quantity = fields.Float(digits=QUANTITY, default=1.0, required=True)
    price = fields.Monetary(
        compute="_compute_price", store=True, readonly=False, precompute=True, required=True, aggregator=None,
        help="For one unit and one full period, in the currency of the contract.")
    interval = fields.Integer(string="Every", default=1, required=True, aggregator=None)
    unit = fields.Selection(UNITS, string="Period", default="month", required=True)
    timing = fields.Selection(TIMINGS, string="Billing", default="prepaid", required=True)
    anchor_day = fields.Integer(
        aggregator=None, help="Day of the month on which periods begin, 1 to 31; in shorter months their last day. "
        "0: as counted from the first day.")
    counted_from = fields.Date(
        string="Periods Counted from", help="Empty: the first day of the line. A line added later is counted from the "
        "first day of the contract, so that its periods are those of the other lines.")
    date_start = fields.Date(string="First Day", help="Empty: with the contract.")
    date_end = fields.Date(string="Last Day", help="Empty: with the contract, renewals included.")
    proration_rule = fields.Selection(
        PRORATIONS, string="Parts of a Period", default="actual/actual", required=True,
        help="How a part of a period is reckoned: by the days of that very period, by months of 30 days, or by "
        "calendar months, a part of one by its own days.")
    tax_ids = fields.Many2many(
        "account.tax", string="Taxes", compute="_compute_tax_ids", store=True, readonly=False, check_company=True)
    never_revise = fields.Boolean(help="No price revision touches this line.")
    cancelled = fields.Boolean(help="Kept on the paper, not billed.")
    first_day = fields.Date(string="Runs from", compute="_compute_days", store=True)
    last_day = fields.Date(string="Runs until", compute="_compute_days", store=True, index="btree_not_null")
    ended = fields.Boolean(compute="_compute_ended", store=True, help="Its own last day has passed.")
    billed_until = fields.Date(readonly=True, copy=False, help="The last day that an invoice covers.")
    amount = fields.Monetary(string="Per Period", compute="_compute_amounts", store=True, aggregator=None)
    monthly_value = fields.Monetary(string="Per Month", compute="_compute_amounts", store=True, aggregator="sum")
    annual_value = fields.Monetary(string="Per Year", compute="_compute_amounts", store=True, aggregator="sum")

    _quantity_positive = models.Constraint("CHECK(quantity > 0)", "The quantity of a contract line must be above zero.")
    _interval_positive = models.Constraint(
        'CHECK("interval" >= 1)', "The periods of a contract line are 1 or more units long.")
    _anchor_day_range = models.Constraint(
        "CHECK(anchor_day BETWEEN 0 AND 31)", "The anchor day of a contract line is a day of the month, 1 to 31.")
    _dates_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A contract line cannot end before it starts.")

    # --- what follows from the product -------------------------------------------------------------------------------

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            line.name = line.name or line.product_id.with_context(lang=line.contract_id.lang).display_name

    @api.depends("product_id")
    def _compute_price(self):
        for line in self:
            if line.product_id and not line.price and line.kind != "provider":
                product, currency = line.product_id, line.contract_id.currency_id
                line.price = product.currency_id._convert(
                    product.lst_price, currency or product.currency_id, line.contract_id.company_id or self.env.company,
                    line.contract_id.date_start or fields.Date.context_today(line))
            line.price = line.price or 0.0

    @api.depends("product_id")
    def _compute_tax_ids(self):
        for line in self:
            company = line.contract_id.company_id or self.env.company
            product = line.product_id.with_company(company)
            taxes = product.supplier_taxes_id if line.kind == "provider" else product.taxes_id
            line.tax_ids = taxes._filter_taxes_by_company(company) or line.tax_ids

    # --- days and amounts --------------------------------------------------------------------------------------------

    @api.depends("date_start", "date_end", "contract_id.date_start", "contract_id.date_end")
    def _compute_days(self):
        for line in self:
            contract = line.contract_id
            starts = filter(None, (line.date_start, contract.date_start))
            ends = filter(None, (line.date_end, contract.date_end))
            line.first_day = max(starts, default=False)
            line.last_day = min(ends, default=False)

    @api.depends("date_end")
    def _compute_ended(self):
        today = fields.Date.context_today(self)
        for line in self:
            line.ended = bool(line.date_end and line.date_end < today)

    @api.depends("quantity", "price", "interval", "unit", "currency_id", "cancelled")
    def _compute_amounts(self):
        for line in self:
            amount = line._amount_at(line._price()) if line.currency_id else Decimal(0)
            line.amount = float(amount)
            if line.cancelled or line.interval < 1 or not line.currency_id:
                line.monthly_value = line.annual_value = 0.0
            else:
                line.monthly_value = float(line._monthly(amount))
                line.annual_value = float(line._annual(amount))

    def _rounding(self):
        """The rounding of the currency, as a Decimal such as 0.01, 1 or 0.001."""
        return Decimal(float_repr(self.currency_id.rounding, 6)).normalize()

    def _money(self, value):
        """A stored amount as a Decimal with the digits of the currency."""
        return Decimal(float_repr(value, self.currency_id.decimal_places))

    def _price(self):
        return self._money(self.price)

    def _amount_at(self, price):
        """What a full period costs at ``price`` (Decimal) a unit: rounded once."""
        quantity = Decimal(float_repr(self.quantity, self.env["decimal.precision"].precision_get(QUANTITY)))
        return round_money(exact(price) * exact(quantity), self._rounding())

    def _monthly(self, amount):
        return monthly_equivalent(amount, self.interval, self.unit, self._rounding())

    def _annual(self, amount):
        """A year has 12 months, 4 quarters and 365.2425 days, as for the month; rounded once."""
        return monthly_equivalent(amount * 12, self.interval, self.unit, self._rounding())

    # --- guards ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_derived(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_derived(vals)
        return super().write(vals)

    @api.model
    def _refuse_derived(self, vals):
        for name in sorted(DERIVED & vals.keys()):
            raise UserError(self.env._(
                "%(field)s of a contract line is counted, nobody enters it.",
                field=self._fields[name]._description_string(self.env)))

    @api.constrains("anchor_day", "unit")
    def _check_anchor_day(self):
        for line in self:
            if line.anchor_day and line.unit not in MONTHS:
                raise ValidationError(self.env._(
                    "%(line)s: anchor day %(day)s is possible for periods of months, quarters or years only.",
                    line=line.display_name, day=line.anchor_day))

    @api.constrains("date_start", "date_end", "counted_from", "contract_id")
    def _check_days(self):
        """Within the contract; the contract's own dates may move later, and the line is cut with them."""
        for line in self:
            contract = line.contract_id
            for name in ("date_start", "date_end"):
                day = line[name]
                if day and (day < contract.date_start or (contract.date_end and day > contract.date_end)):
                    raise ValidationError(self.env._(
                        "%(line)s: %(field)s %(day)s lies outside the contract, which runs from %(start)s to %(end)s.",
                        line=line.display_name, field=line._fields[name]._description_string(self.env), day=day,
                        start=contract.date_start, end=contract.date_end or self.env._("an open end")))
            if line.counted_from and line.counted_from > line.first_day:
                raise ValidationError(self.env._(
                    "%(line)s: periods cannot be counted from %(day)s, which is after its first day.",
                    line=line.display_name, day=line.counted_from))

    @api.constrains("interval", "unit", "anchor_day", "date_start", "date_end", "counted_from", "proration_rule")
    def _check_schedule(self):
        for line in self:
            try:
                line._scheduled(limit=1)
            except EngineError as error:
                raise ValidationError(self.env._(
                    "%(line)s: %(reason)s", line=line.display_name, reason=error)) from error

    @api.depends("name", "contract_id.name")
    def _compute_display_name(self):
        for line in self:
            first = (line.name or "").split("\n")[0]
            line.display_name = f"{line.contract_id.name} · {first}" if line.contract_id.name else first
