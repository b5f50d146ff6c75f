"""Settlement: what a dealer and we owe one another for one period, in one currency, and how it came about.

Seen from the dealer: above zero is what the dealer receives. A result of the engine and of the ledger of attributed
revenue: the rule, what was carried in, the facts and a fingerprint of the lines are stored with it, so that the same
amounts can be reckoned again from what is stored. It may be reckoned anew until it is sent; from then on it stays.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_repr

from ..statements.statement_snapshot import period_label

STATES = [
    ("draft", "Draft"),
    ("computed", "Computed"),
    ("review", "Under Review"),
    ("sent", "Sent"),
    ("disputed", "Disputed"),
    ("accepted", "Accepted"),
    ("approved", "Approved"),
    ("posted", "Posted"),
    ("paid", "Paid"),
    ("closed", "Closed"),
]
UNSENT = ("draft", "computed", "review")  # may be reckoned anew
FINANCE = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"
READERS = f"aftersales_contracts.group_account_manager,aftersales_contracts.group_legal,{FINANCE}"
RESULTS = (  # of the run: they change with a new one only
    "contract_id", "dealer_id", "company_id", "currency_id", "rule_id", "period_start", "period_end", "opening",
    "lines_total", "total", "carried_forward", "revenue", "line_count", "warning_count", "steps", "warnings",
    "volumes", "groups", "inputs", "inputs_hash", "result_hash", "computed_by_id", "computed_at", "line_ids",
)


class Settlement(models.Model):
    _name = "aftersales.settlement"
    _description = "Settlement"
    _inherit = [
        "aftersales.numbering", "aftersales.guarded", "portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "period_start desc, id desc"
    _rec_names_search = ["name", "contract_id.name", "dealer_id.name"]
    _number_code = "aftersales.settlement"
    _number_day = "period_end"
    _guarded = {"name": "/", "state": "draft", "held": 0.0}

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/", index="trigram")
    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict")
    dealer_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(related="contract_id.user_id", string="Account Manager")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    rule_id = fields.Many2one(
        "aftersales.share.rule", string="Share Rule", readonly=True, index=True, ondelete="restrict",
        help="In force on the last day of the period.")
    period_start = fields.Date(string="First Day", required=True, readonly=True, index=True)
    period_end = fields.Date(string="Last Day", required=True, readonly=True)
    period_text = fields.Char(string="Period", compute="_compute_period_text")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True, tracking=True,
        group_expand="_expand_states")
    # what it came to
    revenue = fields.Monetary(readonly=True, help="Of the lines, before taxes, in the currency of the settlement.")
    opening = fields.Monetary(
        string="Carried In", readonly=True, aggregator=None, help="What the dealer owed from the settlement before.")
    lines_total = fields.Monetary(string="Shares", readonly=True, help="Of all lines, before caps, fees and penalties.")
    total = fields.Monetary(readonly=True, help="What is due now; below zero the dealer owes it.")
    carried_forward = fields.Monetary(
        readonly=True, aggregator=None, help="Zero or below: what the dealer owes to the next settlement.")
    held = fields.Monetary(readonly=True, copy=False, help="Of disputed lines: it waits for the end of the dispute.")
    payable = fields.Monetary(compute="_compute_payable", store=True, help="The total less what is held.")
    line_count = fields.Integer(string="Number of Lines", readonly=True)
    warning_count = fields.Integer(string="Number of Warnings", readonly=True)
    # how it came about
    line_ids = fields.One2many("aftersales.settlement.line", "settlement_id", string="Lines", readonly=True)
    steps = fields.Json(string="How It Came About", readonly=True, copy=False)
    warnings = fields.Json(readonly=True, copy=False, help="{word: number of lines}.")
    volumes = fields.Json(readonly=True, copy=False, help="What components with brackets came to, for the next period.")
    groups = fields.Json(readonly=True, copy=False, help="Lines, base and amount by group, as the dealer thinks.")
    inputs = fields.Json(readonly=True, copy=False, help="Rule, carried, facts, and the hash of the lines.")
    inputs_hash = fields.Char(string="Hash of the Inputs", readonly=True, copy=False, help="SHA-256.")
    result_hash = fields.Char(string="Hash of the Result", readonly=True, copy=False, help="SHA-256.")
    computed_by_id = fields.Many2one("res.users", string="Computed by", readonly=True, copy=False)
    computed_at = fields.Datetime(string="Computed", readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(contract_id, currency_id, period_start)",
        "This dealer has a settlement of this period in this currency already.")
    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two settlements of a company cannot have the same number.")
    _days_order = models.Constraint("CHECK(period_end >= period_start)", "A settlement cannot end before it starts.")
    _carried_below = models.Constraint(
        "CHECK(COALESCE(carried_forward, 0) <= 0 AND COALESCE(opening, 0) <= 0)",
        "What is carried from one settlement to the next is what the dealer owes: zero or below.")
    _undecided = models.Index("(state) WHERE state <> 'closed'")

    @api.model
    def _expand_states(self, states, _domain):
        """Columns in the order of the course, those with a settlement."""
        return [key for key, _label in STATES if key in states]

    @api.depends("name", "dealer_id", "period_start", "period_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for settlement in self:
            settlement.display_name = " · ".join(filter(None, (
                settlement.name, settlement.dealer_id.sudo().name, settlement.period_text)))

    @api.depends("period_start", "period_end")
    @api.depends_context("lang")
    def _compute_period_text(self):
        lang = self.env.lang or "en_US"
        for one in self:
            one.period_text = one.period_start and period_label(one.period_start, one.period_end, lang)

    @api.depends("total", "held")
    def _compute_payable(self):
        for settlement in self:
            settlement.payable = float(settlement._money(settlement.total) - settlement._money(settlement.held))

    def _compute_access_url(self):
        super()._compute_access_url()
        for settlement in self:
            settlement.access_url = f"/my/settlements/{settlement.id}"

    def _money(self, value):
        """A stored amount as a Decimal with the digits of the currency."""
        return Decimal(float_repr(value or 0.0, self.currency_id.decimal_places))

    # --- guard -----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Settlements are computed from the ledger, nobody enters them."))
        return super().create(vals_list)

    @api.model
    def _refuse_guarded(self, vals):
        for name in sorted({*RESULTS, "payable"} & vals.keys()):
            raise UserError(self.env._(
                "%(field)s of a settlement was computed and changes by computing it anew only.",
                field=self._fields[name]._description_string(self.env)))
        super()._refuse_guarded(vals)

    def _refuse_deletion(self):
        for settlement in self:
            raise UserError(self.env._(
                "%s is on record. Until it is sent it can be computed anew.", settlement.display_name))

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.name} {self.dealer_id.name} {self.period_start:%Y-%m-%d}".replace("/", "-")


class Contract(models.Model):
    _inherit = "aftersales.contract"

    settlement_ids = fields.One2many(
        "aftersales.settlement", "contract_id", string="Settlements", groups=READERS)
    settlement_count = fields.Integer(compute="_compute_settlement_count", groups=READERS)
    settled_until = fields.Date(
        readonly=True, copy=False, help="The last day of the dealer's last settlement.")

    def _compute_settlement_count(self):
        found = self.env["aftersales.settlement"]._read_group(
            Domain("contract_id", "in", self.ids), ["contract_id"], ["__count"])
        counts = {contract.id: count for contract, count in found}
        for contract in self:
            contract.settlement_count = counts.get(contract.id, 0)

    def action_view_settlements(self):
        """The settlements of this dealer contract."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_settlement")
        return {**action, "context": {}, "domain": [("contract_id", "=", self.id)]}
