"""Penalty clause: what missing a promise costs. A library of versions: once released, what one says never changes.

Contracts hold a version. What is to be said differently becomes a new version, which contracts take by an amendment.
Where amounts are booked (journal, account, taxes, analytic) is not agreed with anybody: finance changes it later, too.
"""

from odoo import api, fields, models

from ...engine import penalty_terms as engine

POSTING = frozenset({"journal_id", "account_id", "tax_ids", "analytic_distribution"})  # ours, not agreed
STATES = [("draft", "Draft"), ("released", "Released"), ("withdrawn", "Withdrawn")]
CAP_BASES = [
    (engine.FIXED, "Amount"), (engine.OF_FEE, "% of the Fee"), (engine.OF_VALUE, "% of the Value")]
CAP_HELP = "Empty: none. Of the fee of the period that is assessed, before taxes, or of the value of the contract."
DIGITS = (16, 4)
RULES = (  # what a clause says beside its components
    "name", "currency_id", "combine", "excused_rule", "at_risk_value", "at_risk_base", "period_cap_value",
    "period_cap_base", "excess_rule", "minimum", "minimum_rule", "yearly_cap_value", "yearly_cap_base", "year_rule",
    "contract_cap_value", "contract_cap_base", "earn_back", "earn_back_component_id", "earn_back_figure",
    "earn_back_strict", "earn_back_window", "earn_back_percent", "bonus_cap_value", "bonus_cap_base", "bonus_excludes",
    "grace_days", "payable_unit", "rounding_rule", "remedy", "settle_by")


class PenaltyClause(models.Model):
    _name = "aftersales.penalty.clause"
    _description = "Penalty Clause"
    _inherit = ["aftersales.released", "analytic.mixin", "mail.thread"]
    _order = "number desc, version desc, id desc"
    _rec_names_search = ["name", "number"]
    _check_company_auto = True
    _free_fields = POSTING | {"message_main_attachment_id", "message_follower_ids", "message_ids"}
    _guarded = {"state": "draft", "number": "/", "version": 1, **dict.fromkeys(
        ("previous_id", "released_by_id", "released_on", "withdrawn_by_id", "withdrawn_on"), False)}

    name = fields.Char(required=True, translate=True, tracking=True, help="As it is printed.")
    number = fields.Char(required=True, readonly=True, copy=False, default="/", index=True)
    version = fields.Integer(required=True, readonly=True, copy=False, default=1)
    state = fields.Selection(
        STATES, required=True, readonly=True, copy=False, default="draft", index=True, tracking=True,
        group_expand=True)
    previous_id = fields.Many2one(
        "aftersales.penalty.clause", string="Previous Version", readonly=True, copy=False, ondelete="set null",
        index="btree_not_null")
    next_ids = fields.One2many("aftersales.penalty.clause", "previous_id", string="Later Versions")
    released_by_id = fields.Many2one("res.users", string="Released by", readonly=True, copy=False)
    released_on = fields.Date(readonly=True, copy=False)
    withdrawn_by_id = fields.Many2one("res.users", string="Withdrawn by", readonly=True, copy=False)
    withdrawn_on = fields.Date(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, tracking=True,
        help="Empty: contracts of every company may hold it, and only an administrator changes it.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, tracking=True,
        help="Contracts in this currency may hold it.")
    component_ids = fields.One2many(
        "aftersales.penalty.component", "clause_id", string="Components", copy=True)
    # how components come together
    combine = fields.Selection([
        (engine.SUM, "All Added Up"), (engine.HIGHEST, "The Highest Only"), (engine.LOWEST, "The Lowest Only"),
        (engine.HIGHEST_PER_EVENT, "The Highest for Each Failure")], string="Several Components", required=True,
        default=engine.SUM, tracking=True)
    excused_rule = fields.Selection([
        (engine.REMOVED, "Leaves the Period"), (engine.GOOD, "Counts as Good")], string="What Is Excused",
        required=True, default=engine.REMOVED, tracking=True,
        help="Failures and time that are excused are taken out of what is counted, or counted as kept. Of 100 cases "
        "with 5 missed, of which 4 are excused: 95 of 96 (98.96 %), or 99 of 100 (99 %).")
    at_risk_value = fields.Float(string="Amount at Risk", digits=DIGITS, tracking=True)
    at_risk_base = fields.Selection(
        CAP_BASES, string="At Risk, as", tracking=True, help="What the weights of the components divide. Empty: rates "
        "stand for themselves.")
    # caps of a period
    period_cap_value = fields.Float(string="Cap of a Period", digits=DIGITS, tracking=True)
    period_cap_base = fields.Selection(CAP_BASES, string="Cap of a Period, as", tracking=True, help=CAP_HELP)
    excess_rule = fields.Selection([
        (engine.LOST, "Is Lost"), (engine.CARRIED, "Is Carried to the Next Period")], string="What the Cap Cuts",
        required=True, default=engine.LOST, tracking=True)
    minimum = fields.Float(digits=DIGITS, tracking=True, help="In the currency; 0: none.")
    minimum_rule = fields.Selection([
        (engine.DROP, "Is Dropped"), (engine.RAISE, "Is Raised to It")], string="What Is Smaller", required=True,
        default=engine.DROP, tracking=True)
    # running caps
    yearly_cap_value = fields.Float(string="Cap of a Year", digits=DIGITS, tracking=True)
    yearly_cap_base = fields.Selection(CAP_BASES, string="Cap of a Year, as", tracking=True, help=CAP_HELP)
    year_rule = fields.Selection([
        ("contract", "Contract Year"), ("calendar", "Calendar Year")], string="Year", required=True,
        default="contract", tracking=True, help="A contract year begins on the contract's first day and its returns.")
    contract_cap_value = fields.Float(string="Cap over the Term", digits=DIGITS, tracking=True)
    contract_cap_base = fields.Selection(CAP_BASES, string="Cap over the Term, as", tracking=True, help=CAP_HELP)
    # earn-back and bonus
    earn_back = fields.Boolean(tracking=True, help="A good period later returns penalties.")
    earn_back_component_id = fields.Many2one(
        "aftersales.penalty.component", string="Decided by", copy=False, ondelete="set null",
        domain="[('clause_id', '=', id)]", help="The component whose figure decides.")
    earn_back_figure = fields.Float(string="Figure to Reach", digits=DIGITS)
    earn_back_strict = fields.Boolean(string="Exceed It", help="The figure itself is not enough.")
    earn_back_window = fields.Integer(
        string="Within (Periods)", default=3, help="So many periods after the one that was penalised; 0: without end.")
    earn_back_percent = fields.Float(string="Returned (%)", digits=DIGITS, default=100.0)
    bonus_cap_value = fields.Float(string="Cap of Bonuses", digits=DIGITS, tracking=True)
    bonus_cap_base = fields.Selection(CAP_BASES, string="Cap of Bonuses, as", tracking=True, help=CAP_HELP)
    bonus_excludes = fields.Boolean(
        string="No Bonus beside a Penalty", default=True, tracking=True,
        help="A period with a penalty brings no bonus.")
    # from when, and rounding
    grace_days = fields.Integer(
        string="Free at the Beginning (Days)", tracking=True,
        help="A period that begins in the first days of the contract costs nothing.")
    payable_unit = fields.Float(
        digits=DIGITS, tracking=True,
        help="What is paid is a multiple of it, such as 0.05; 0: the currency's own unit.")
    rounding_rule = fields.Selection([
        (engine.TOTAL, "The Total, Once"), (engine.PER_LINE, "Every Line")], string="Rounded", required=True,
        default=engine.TOTAL, tracking=True)
    # law and booking
    remedy = fields.Selection([
        ("sole", "Sole Remedy"), ("without_prejudice", "Without Prejudice")], required=True, default="sole",
        tracking=True, help="Whether the penalty settles the failure, or damages beyond it may still be claimed, the "
        "penalty being set off.")
    rationale = fields.Text(
        help="Why the rates are what they are: which interest they protect, how they were estimated. A court that "
        "judges them asks for it.")
    contract_clause_id = fields.Many2one(
        "aftersales.clause", string="Library Clause", ondelete="restrict", index="btree_not_null", check_company=True,
        domain=[("use", "=", "contract")], help="The legal text that goes with it.")
    settle_by = fields.Selection([
        ("credit_note", "A Credit Note of Its Own"), ("next_invoice", "A Deduction on the Next Invoice")],
        string="Settled by", required=True, default="credit_note", tracking=True)
    journal_id = fields.Many2one(
        "account.journal", check_company=True, domain=[("type", "in", ("sale", "purchase"))], ondelete="restrict",
        help="Empty: the one of the company's settings.")
    account_id = fields.Many2one(
        "account.account", check_company=True, ondelete="restrict", help="Empty: the one of the company's settings.")
    tax_ids = fields.Many2many("account.tax", "aftersales_penalty_clause_tax", string="Taxes", check_company=True)
    row_ids = fields.One2many("aftersales.contract.penalty", "clause_id", string="Contracts Holding It")
    contract_count = fields.Integer(string="Contracts", compute="_compute_contract_count")

    _number_version = models.UniqueIndex(
        "(number, version, COALESCE(company_id, 0)) WHERE number <> '/'",
        "This version of the penalty clause exists already.")
    _not_negative = models.Constraint(
        """CHECK(COALESCE(at_risk_value, 0) >= 0 AND COALESCE(period_cap_value, 0) >= 0
                 AND COALESCE(yearly_cap_value, 0) >= 0 AND COALESCE(contract_cap_value, 0) >= 0
                 AND COALESCE(bonus_cap_value, 0) >= 0 AND COALESCE(minimum, 0) >= 0 AND COALESCE(payable_unit, 0) >= 0
                 AND COALESCE(grace_days, 0) >= 0 AND COALESCE(earn_back_window, 0) >= 0)""",
        "Amounts, caps and periods of a penalty clause are not negative.")
    _earn_back_percent = models.Constraint(
        "CHECK(earn_back IS NOT TRUE OR (earn_back_percent > 0 AND earn_back_percent <= 100))",
        "Earned back is more than 0 and at most 100 %.")

    @api.depends("number", "version", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for clause in self:
            clause.display_name = f"{clause._reference()} {clause.name or ''}".strip()

    def _reference(self):
        """Clause and version, such as "PC-0007 v2"."""
        self.ensure_one()
        return f"{self.number} v{self.version}" if self.number not in (False, "/") else ""

    def _compute_contract_count(self):
        counts = dict(self.env["aftersales.contract.penalty"]._read_group(
            [("clause_id", "in", self.ids), ("contract_id.amends_id", "=", False)], ["clause_id"],
            ["contract_id:count_distinct"]))
        for clause in self:
            clause.contract_count = counts.get(clause._origin, 0)
