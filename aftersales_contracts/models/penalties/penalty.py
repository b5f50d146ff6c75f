"""Penalty: what one clause of one contract came to in one period, how, and what became of it.

A result of the engine and of frozen facts: clause terms, measures, fee and running totals are stored with it, so that
the same amount can be reckoned again from what is stored. What is owed is ``amount``: what was assessed less what was
waived. A penalty in favour of the other side of a customer contract, of ourselves under a provider or dealer contract;
negative is a bonus the other way.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_repr

from ..contract.contract_type import KINDS
from ..statements.statement_snapshot import period_label

STATES = [
    ("draft", "Draft"),
    ("reviewed", "Reviewed"),
    ("approved", "Approved"),
    ("disputed", "Disputed"),
    ("posted", "Posted"),
    ("waived", "Waived"),
    ("none", "Nothing Due"),
]
OPEN = ("draft", "reviewed", "approved", "disputed")  # still to be decided or posted
FINANCE = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"
WAIVERS = [("asked", "To Be Approved"), ("approved", "Approved"), ("refused", "Refused")]
RESULTS = (  # of the assessment: they never change
    "contract_id", "partner_id", "kind", "currency_id", "contract_penalty_id", "row_key", "clause_id", "statement_id",
    "period_start", "period_end", "origin_id", "fee", "contract_value", "assessed", "uncapped", "capped", "carried",
    "returned", "bonus", "measured", "inputs", "inputs_hash", "result_hash", "steps", "misses", "earned",
    "line_ids", "event_ids",
)
GUARDED = {  # what only its own methods write
    "name": "/", "state": "draft", "state_before": False, "waived_amount": 0.0, "reviewed_by_id": False,
    "approved_by_id": False, "reviewed_on": False, "approved_on": False, "waiver_state": False, "waiver_amount": 0.0,
    "waiver_reason": False, "waiver_asked_by_id": False, "waiver_decided_by_id": False, "waiver_answer": False,
    "dispute_reason": False, "disputed_by_id": False, "dispute_answer": False, "dispute_settled_by_id": False,
    "reversed_on": False,
}


class Penalty(models.Model):
    _name = "aftersales.penalty"
    _inherit = [
        "aftersales.numbering", "aftersales.guarded", "portal.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Penalty"
    _order = "period_start desc, id desc"
    _rec_names_search = ["name", "contract_id.name", "partner_id.name"]
    _number_code = "aftersales.penalty"
    _number_day = "period_end"
    _guarded = {**GUARDED}

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/", index="trigram")
    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one("res.partner", string="Other Side", readonly=True, index=True, ondelete="restrict")
    kind = fields.Selection(KINDS, string="Contract Kind", required=True, readonly=True, index=True)
    user_id = fields.Many2one(related="contract_id.user_id", string="Account Manager")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    # of which clause, for which period
    contract_penalty_id = fields.Many2one(
        "aftersales.contract.penalty", string="Clause of the Contract", readonly=True, index="btree_not_null",
        ondelete="set null")
    row_key = fields.Char(required=True, readonly=True, help="Of the clause on the contract's paper.")
    clause_id = fields.Many2one(
        "aftersales.penalty.clause", string="Penalty Clause", required=True, readonly=True, index=True,
        ondelete="restrict", help="The version that held on the last day of the period.")
    statement_id = fields.Many2one(
        "aftersales.statement", readonly=True, index="btree_not_null", ondelete="restrict")
    period_start = fields.Date(required=True, readonly=True, index=True)
    period_end = fields.Date(required=True, readonly=True, help="The last day of the period.")
    period_text = fields.Char(string="Period", compute="_compute_period_text")
    origin_id = fields.Many2one(
        "aftersales.penalty", string="Corrects", readonly=True, index="btree_not_null", ondelete="restrict",
        help="A late fact changed that penalty of a closed period: this one carries the difference.")
    correction_ids = fields.One2many("aftersales.penalty", "origin_id", string="Corrected by", readonly=True)
    # what it was reckoned from
    fee = fields.Monetary(string="Fee of the Period", readonly=True, aggregator=None)
    contract_value = fields.Monetary(readonly=True, aggregator=None)
    inputs = fields.Json(readonly=True, copy=False, help="Terms, measures, fee and running totals.")
    inputs_hash = fields.Char(string="Hash of the Inputs", readonly=True, copy=False, help="SHA-256.")
    result_hash = fields.Char(string="Hash of the Result", readonly=True, copy=False, help="SHA-256.")
    # what it came to
    assessed = fields.Monetary(readonly=True, help="What the clause comes to; negative for a bonus.")
    uncapped = fields.Monetary(string="Without Caps", readonly=True)
    capped = fields.Boolean(readonly=True, help="A cap cut something.")
    carried = fields.Monetary(
        string="Carried Forward", readonly=True, aggregator=None, help="What the cap left for the next period.")
    returned = fields.Monetary(string="Earned Back", readonly=True)
    bonus = fields.Monetary(readonly=True)
    measured = fields.Boolean(readonly=True, help="Something was measured in the period.")
    waived_amount = fields.Monetary(string="Waived", readonly=True, copy=False)
    amount = fields.Monetary(
        compute="_compute_amount", store=True, precompute=True, help="To be posted: assessed less what was waived.")
    steps = fields.Json(string="How It Came About", readonly=True)
    steps_told = fields.Json(
        string="Step by Step", compute="_compute_steps_told", help="How it came about, in the reader's language.")
    misses = fields.Json(readonly=True, help="Periods in a row with a penalty, by component.")
    earned = fields.Json(readonly=True, help="Keys of the earlier penalties that this one returns.")
    line_ids = fields.One2many("aftersales.penalty.line", "penalty_id", string="Amounts", readonly=True)
    event_ids = fields.One2many("aftersales.penalty.event", "penalty_id", string="Events", readonly=True)
    # what became of it
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True, tracking=True,
        group_expand="_expand_states")
    state_before = fields.Char(readonly=True, copy=False, help="To which a settled dispute returns.")
    reviewed_by_id = fields.Many2one("res.users", string="Reviewed by", readonly=True, copy=False)
    reviewed_on = fields.Datetime(string="Reviewed", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", string="Approved by", readonly=True, copy=False)
    approved_on = fields.Datetime(string="Approved", readonly=True, copy=False)
    waiver_state = fields.Selection(WAIVERS, string="Waiver", readonly=True, copy=False, index="btree_not_null")
    waiver_amount = fields.Monetary(string="Waiver Asked for", readonly=True, copy=False, aggregator=None)
    waiver_reason = fields.Text(readonly=True, copy=False)
    waiver_asked_by_id = fields.Many2one("res.users", string="Waiver Asked by", readonly=True, copy=False)
    waiver_decided_by_id = fields.Many2one("res.users", string="Waiver Decided by", readonly=True, copy=False)
    waiver_answer = fields.Text(string="Answer to the Waiver", readonly=True, copy=False)
    dispute_reason = fields.Text(readonly=True, copy=False)
    disputed_by_id = fields.Many2one("res.users", string="Dispute Recorded by", readonly=True, copy=False)
    dispute_answer = fields.Text(string="Outcome of the Dispute", readonly=True, copy=False)
    dispute_settled_by_id = fields.Many2one("res.users", string="Dispute Settled by", readonly=True, copy=False)
    reversed_on = fields.Date(string="Reversed", readonly=True, copy=False, help="Posted, and taken back since.")
    posting_gaps = fields.Json(
        string="Holds Posting", compute="_compute_posting_gaps", help="What must be decided before it can be posted.")

    _once = models.UniqueIndex(
        "(contract_id, row_key, period_start) WHERE origin_id IS NULL",
        "This clause has been assessed for this period already.")
    _corrected_once = models.UniqueIndex(
        "(origin_id, period_start) WHERE origin_id IS NOT NULL",
        "The late facts of this period have been told already.")
    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two penalties of a company cannot have the same number.")
    _two_people = models.Constraint(
        "CHECK(reviewed_by_id IS NULL OR approved_by_id IS NULL OR reviewed_by_id <> approved_by_id)",
        "Who reviewed a penalty does not approve it.")
    _two_for_waiver = models.Constraint(
        "CHECK(waiver_asked_by_id IS NULL OR waiver_decided_by_id IS NULL "
        "OR waiver_asked_by_id <> waiver_decided_by_id)",
        "Who asked for a waiver does not decide it.")
    _to_decide = models.Index("(state) WHERE state IN ('draft', 'reviewed', 'approved', 'disputed')")

    @api.model
    def _expand_states(self, states, _domain):
        """Columns in the order of the course, those with a penalty."""
        return [key for key, _label in STATES if key in states]

    @api.depends("name", "contract_id", "period_start", "period_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for penalty in self:
            penalty.display_name = f"{penalty.name} · {penalty.contract_id.name} · {penalty.period_text}"

    @api.depends("period_start", "period_end")
    @api.depends_context("lang")
    def _compute_period_text(self):
        lang = self.env.lang or "en_US"
        for penalty in self:
            penalty.period_text = penalty.period_start and period_label(penalty.period_start, penalty.period_end, lang)

    @api.depends("assessed", "waived_amount")
    def _compute_amount(self):
        for penalty in self:
            penalty.amount = penalty.assessed - penalty.waived_amount

    @api.depends("steps")
    @api.depends_context("lang")
    def _compute_steps_told(self):
        for penalty in self:
            words = penalty._step_words()
            penalty.steps_told = [
                [row["name"], " · ".join(filter(None, (row["measure"], row["detail"]))),
                 words.number(row["value"]) if row["value"] else ""] for row in penalty._steps_in_words(words)]

    def _compute_access_url(self):
        super()._compute_access_url()
        for penalty in self:
            penalty.access_url = f"/my/credits/{penalty.id}"

    @api.depends("state", "waiver_state", "event_ids", "contract_id")
    @api.depends_context("lang")
    def _compute_posting_gaps(self):
        for penalty in self:
            penalty.posting_gaps = penalty._posting_gaps()

    def _money(self, value):
        """A stored amount as a Decimal with the digits of the currency."""
        return Decimal(float_repr(value or 0.0, self.currency_id.decimal_places))

    @api.model
    def _nothing_due(self, amount):
        """The state of a new penalty: nothing to decide where nothing is due."""
        return "draft" if amount else "none"

    # --- guard -----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Penalties are assessed by the system from closed periods, nobody enters them."))
        return super().create(vals_list)

    @api.model
    def _refuse_guarded(self, vals):
        for name in sorted({*RESULTS, "amount"} & vals.keys()):
            raise UserError(self.env._(
                "%(field)s of a penalty was assessed and does not change. A late fact becomes a penalty of its own in "
                "the next period.", field=self._fields[name]._description_string(self.env)))
        super()._refuse_guarded(vals)

    def _refuse_deletion(self):
        for penalty in self:
            raise UserError(self.env._("%s is on record. Waive it with a reason.", penalty.display_name))

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.name} {self.contract_id.name} {self.period_start:%Y-%m-%d}".replace("/", "-")


class Contract(models.Model):
    _inherit = "aftersales.contract"

    penalty_ids = fields.One2many("aftersales.penalty", "contract_id", string="Penalties")
    penalty_count = fields.Integer(compute="_compute_penalty_count")
    penalties_until = fields.Date(
        string="Penalties Assessed until", readonly=True, copy=False,
        help="The last day whose penalties were assessed, of a contract without statements.")

    def _compute_penalty_count(self):
        found = self.env["aftersales.penalty"]._read_group(
            Domain("contract_id", "in", self.ids) & Domain("state", "!=", "none"), ["contract_id"], ["__count"])
        counts = {contract.id: count for contract, count in found}
        for contract in self:
            contract.penalty_count = counts.get(contract.id, 0)

    def action_view_penalties(self):
        """The penalties of this contract, also of the periods in which nothing was due."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_penalty")
        return {**action, "context": {}, "domain": [("contract_id", "=", self.id)]}


class Statement(models.Model):
    _inherit = "aftersales.statement"

    penalties_assessed_at = fields.Datetime(readonly=True, copy=False)
    penalty_ids = fields.One2many("aftersales.penalty", "statement_id", string="Penalties", readonly=True)

    _penalties_due = models.Index("(id) WHERE penalties_assessed_at IS NULL AND state <> 'draft'")
