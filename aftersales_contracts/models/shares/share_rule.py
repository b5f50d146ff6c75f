"""Share rule: what a dealer receives, or pays, of the revenue with the customers it serves. A library of versions.

Once released, what a version says never changes: dealer contracts hold it. What is to be said differently becomes a new
version, which contracts take by an amendment.
"""

from odoo import api, fields, models

from ...engine import share_terms as engine

STATES = [("draft", "Draft"), ("released", "Released"), ("withdrawn", "Withdrawn")]
PERIODS = [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")]
DIGITS = (16, 4)
RATE_DIGITS = (16, 6)
PERCENT_DIGITS = (16, 4)
RULES = (  # what a rule says beside its components
    "name", "currency_id", "period", "pay_basis", "fx", "rounding", "payable_unit", "cap", "guarantee",
    "brand_fee_base", "brand_fee_value", "withholding", "negative", "silence_accepts", "bonus_ids", "payee_ids")


class ShareRule(models.Model):
    _name = "aftersales.share.rule"
    _description = "Share Rule"
    _inherit = ["aftersales.released", "mail.thread"]
    _order = "number desc, version desc, id desc"
    _rec_names_search = ["name", "number"]
    _check_company_auto = True
    _free_fields = frozenset({"message_main_attachment_id", "message_follower_ids", "message_ids"})
    _guarded = {"state": "draft", "number": "/", "version": 1, **dict.fromkeys(
        ("previous_id", "released_by_id", "released_on", "withdrawn_by_id", "withdrawn_on"), False)}

    name = fields.Char(required=True, translate=True, tracking=True, help="As it is printed.")
    number = fields.Char(required=True, readonly=True, copy=False, default="/", index=True)
    version = fields.Integer(required=True, readonly=True, copy=False, default=1, aggregator=None)
    state = fields.Selection(
        STATES, required=True, readonly=True, copy=False, default="draft", index=True, tracking=True,
        group_expand=True)
    previous_id = fields.Many2one(
        "aftersales.share.rule", string="Previous Version", readonly=True, copy=False, ondelete="set null",
        index="btree_not_null")
    next_ids = fields.One2many("aftersales.share.rule", "previous_id", string="Later Versions")
    released_by_id = fields.Many2one("res.users", string="Released by", readonly=True, copy=False)
    released_on = fields.Date(readonly=True, copy=False)
    withdrawn_by_id = fields.Many2one("res.users", string="Withdrawn by", readonly=True, copy=False)
    withdrawn_on = fields.Date(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, tracking=True,
        help="Empty: contracts of every company may hold it, and only an administrator changes it.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, tracking=True,
        help="Its sums are in this currency; contracts in this currency may hold it.")
    # what is settled, and when
    period = fields.Selection(
        PERIODS, string="Settled Every", required=True, default="month", tracking=True,
        help="Months, quarters and years of the calendar.")
    pay_basis = fields.Selection([
        ("posted", "When Invoiced"), ("paid", "When Paid by the Customer")], string="Revenue Counts", required=True,
        default="posted", tracking=True,
        help="When paid: of a part payment the part that was paid counts, as the payment comes in.")
    fx = fields.Selection([
        ("invoice_date", "At the Rate of the Invoice's Day"),
        ("settlement_date", "At the Rate of the Period's Last Day"),
        ("own", "Settled in Their Own Currency")], string="Other Currencies", required=True, default="invoice_date",
        tracking=True,
        help="What becomes of invoices in another currency than the rule's: converted, or a settlement of their own.")
    component_ids = fields.One2many("aftersales.share.component", "rule_id", string="Components", copy=True)
    # limits of a period
    cap = fields.Monetary(string="At Most", tracking=True, help="The shares of a period come to no more; 0: no cap.")
    guarantee = fields.Monetary(
        string="At Least", tracking=True,
        help="The shares of a period come to no less, even where nothing was sold; 0: no guarantee.")
    # what the dealer pays, and bonuses
    brand_fee_base = fields.Selection([
        ("revenue", "% of the Revenue"), ("share", "% of the Share"), ("amount", "Amount of a Period")],
        string="Brand Fee, as", tracking=True, help="What the dealer pays for using the brand. Empty: nothing.")
    brand_fee_value = fields.Float(string="Brand Fee", digits=DIGITS, tracking=True)
    bonus_ids = fields.One2many("aftersales.share.bonus", "rule_id", string="Bonuses", copy=True)
    withholding = fields.Float(
        string="Withholding (%)", digits=PERCENT_DIGITS, tracking=True,
        help="Tax or retention that we keep back of what the dealer receives, after penalties; 0: none.")
    # payment
    rounding = fields.Selection([
        (engine.PER_LINE, "Each Line"), (engine.TOTAL, "The Running Total")], string="Rounded", required=True,
        default=engine.PER_LINE, tracking=True,
        help="Each line by itself; or the running total, so that cutting a line in two changes nothing.")
    payable_unit = fields.Float(
        digits=DIGITS, tracking=True,
        help="What is paid is a multiple of it, such as 1 for whole dollars; 0: the currency's own unit.")
    negative = fields.Selection([
        (engine.CARRY, "Carried to the Next Period"), (engine.CHARGE, "Charged to the Dealer at Once")],
        string="A Balance below Zero Is", required=True, default=engine.CARRY, tracking=True)
    payee_ids = fields.One2many(
        "aftersales.share.payee", "rule_id", string="Payees", copy=True,
        help="Who is paid, in percent that make 100 together. Empty: the dealer alone.")
    silence_accepts = fields.Boolean(
        string="Silence Is Acceptance", tracking=True,
        default=lambda self: self.env.company.aftersales_settlement_silence_accepts,
        help="Lines that the dealer has not answered when the days to answer are over count as accepted.")
    rationale = fields.Text(help="Why the rates are what they are. Internal: it is not printed.")
    row_ids = fields.One2many("aftersales.contract.share", "rule_id", string="Contracts Holding It")
    contract_count = fields.Integer(string="Contracts", compute="_compute_contract_count")

    _number_version = models.UniqueIndex(
        "(number, version, COALESCE(company_id, 0)) WHERE number <> '/'",
        "This version of the share rule exists already.")
    _not_negative = models.Constraint(
        """CHECK(COALESCE(cap, 0) >= 0 AND COALESCE(guarantee, 0) >= 0 AND COALESCE(brand_fee_value, 0) >= 0
                 AND COALESCE(payable_unit, 0) >= 0)""",
        "Cap, guarantee, brand fee and payable unit of a share rule are not negative.")
    _withholding_percent = models.Constraint(
        "CHECK(COALESCE(withholding, 0) >= 0 AND COALESCE(withholding, 0) <= 100)",
        "What a share rule withholds is 0 to 100 %.")

    @api.depends("number", "version", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule._reference()} {rule.name or ''}".strip()

    def _reference(self):
        """Rule and version, such as "SR-0007 v2"."""
        self.ensure_one()
        return f"{self.number} v{self.version}" if self.number not in (False, "/") else ""

    def _compute_contract_count(self):
        counts = dict(self.env["aftersales.contract.share"]._read_group(
            [("rule_id", "in", self.ids), ("contract_id.amends_id", "=", False)], ["rule_id"],
            ["contract_id:count_distinct"]))
        for rule in self:
            rule.contract_count = counts.get(rule._origin, 0)
