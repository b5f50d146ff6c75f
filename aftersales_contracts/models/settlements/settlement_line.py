"""Line of a settlement: one item of attributed revenue and its share, or one of the sums that come after the shares.

Written by the run in one stream, by COPY. The lines of a settlement sum to its total exactly.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shares.ledger_field import LedgerMany2one

LINE_KINDS = [  # in the order in which a settlement takes them; the engine's
    ("share", "Share"),
    ("retroactive", "Retroactive Bracket"),
    ("bonus", "Bonus"),
    ("cap", "Cut by the Cap"),
    ("guarantee", "Minimum Guarantee"),
    ("brand_fee", "Brand Fee"),
    ("penalty", "Penalty"),
    ("withholding", "Withholding"),
    ("released", "Released from a Dispute"),
    ("reimbursement", "Reimbursement of Claims"),
    ("carried_in", "Carried In"),
    ("carried_forward", "Carried Forward"),
]
GROUPS = [  # as a dealer thinks
    ("jobs", "Jobs"),
    ("parts", "Parts"),
    ("labour", "Labour"),
    ("travel", "Travel"),
    ("fees", "Fees"),
    ("usage", "Usage"),
    ("other", "Other"),
    ("adjustments", "Adjustments"),
]
WARNINGS = [
    ("no_component", "The share rule has nothing for this line"),
    ("no_rate", "No rate was in force on this day"),
    ("no_cost", "The cost is not known"),
    ("no_standard", "Nobody knows whether the standard was met"),
    ("no_figure", "The figure was not measured"),
    ("few_cases", "The figure stands on too few cases"),
]
LINE_STATES = [
    ("open", "Open"),
    ("accepted", "Accepted"),
    ("disputed", "Disputed"),
    ("held", "Held"),
    ("released", "Released"),
]


class SettlementLine(models.Model):
    _name = "aftersales.settlement.line"
    _description = "Settlement Line"
    _inherit = ["aftersales.guarded"]
    _order = "settlement_id desc, sequence, id"
    _log_access = False
    _guarded = {"state": "open"}

    settlement_id = fields.Many2one(
        "aftersales.settlement", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = LedgerMany2one("res.company", required=True, readonly=True)
    dealer_id = LedgerMany2one("res.partner", readonly=True, index=True)
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    contract_id = fields.Many2one(related="settlement_id.contract_id", string="Dealer Contract")
    sequence = fields.Integer(readonly=True, aggregator=None)
    kind = fields.Selection(LINE_KINDS, required=True, readonly=True)
    key = fields.Char(readonly=True, help="Of the line or item that it is for, as the steps name it.")
    revenue_id = fields.Many2one(
        "aftersales.revenue", string="Attributed Revenue", readonly=True, ondelete="restrict", index=False,
        help="What it is a share of: each row once.")
    move_id = fields.Many2one(related="revenue_id.move_id")
    customer_id = fields.Many2one(related="revenue_id.customer_id")
    product_id = fields.Many2one(related="revenue_id.product_id")
    component = fields.Char(string="Key of the Component", readonly=True)
    component_name = fields.Char(string="Component", readonly=True)
    name = fields.Char(string="Description", readonly=True, help="Invoice and product, or what the sum is for.")
    group = fields.Selection(GROUPS, readonly=True)
    day = fields.Date(readonly=True)
    base = fields.Float(digits=(16, 6), readonly=True, help="In the currency of the settlement, or units.")
    rate = fields.Float(digits=(16, 6), readonly=True, aggregator=None, help="Empty where several were applied.")
    amount = fields.Monetary(readonly=True)
    late = fields.Boolean(readonly=True, help="The fact is of an earlier period.")
    warning = fields.Selection(WARNINGS, readonly=True)
    origin_line_id = LedgerMany2one(
        "aftersales.settlement.line", string="Original Line", readonly=True, index="btree_not_null",
        help="The settled line that it takes from, or that was held and is settled now.")
    penalty_id = fields.Many2one("aftersales.penalty", readonly=True, ondelete="restrict", index=False)
    reimbursement_id = fields.Many2one("aftersales.reimbursement", readonly=True, ondelete="restrict", index=False)
    state = fields.Selection(LINE_STATES, required=True, readonly=True, default="open")

    _paid_once = models.UniqueIndex(
        "(revenue_id) WHERE revenue_id IS NOT NULL", "This revenue is settled already.")
    _penalty_once = models.UniqueIndex(
        "(penalty_id) WHERE penalty_id IS NOT NULL", "This penalty is settled already.")
    _reimbursed_once = models.UniqueIndex(
        "(reimbursement_id) WHERE reimbursement_id IS NOT NULL", "This reimbursement is settled already.")
    _released_once = models.UniqueIndex(
        "(origin_line_id) WHERE kind = 'released'", "This line was released already.")
    _waiting = models.Index("(state) WHERE state IN ('disputed', 'held', 'released')")

    @api.depends("name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            line.display_name = line.name or kinds.get(line.kind)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Settlements are computed from the ledger, nobody enters them."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        """Only by `_write_guarded`: lines are reckoned, disputed and settled by methods."""
        for line in self:
            raise UserError(self.env._(
                "%s was computed and changes by computing the settlement anew only.", line.display_name))
        return True

    def _refuse_deletion(self):
        for line in self:
            raise UserError(self.env._("%s belongs to a settlement and stays with it.", line.display_name))
