"""Reimbursement: what we owe a dealer for one line of a warranty claim, or take back of it. A fact that is appended.

Where a decision changes, the difference becomes a row of its own: no row is edited, so what was settled stays what it
was. Rows that were taken back before any settlement took them are marked reversed and settled never.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

STATES = [("open", "Open"), ("settled", "Settled"), ("reversed", "Reversed")]
KINDS = [("parts", "Parts"), ("labour", "Labour"), ("travel", "Travel")]


class Reimbursement(models.Model):
    _name = "aftersales.reimbursement"
    _description = "Reimbursement"
    _inherit = ["aftersales.guarded"]
    _order = "day desc, id desc"
    _guarded = {"state": "open", "settlement_line_id": False}

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    dealer_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    dealer_contract_id = fields.Many2one(
        "aftersales.contract", readonly=True, index="btree_not_null", ondelete="restrict",
        help="By whose settlement it is paid.")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, index=True, help="Of the decision, in the dealer contract's zone.")
    amount = fields.Monetary(required=True, readonly=True, help="Below zero: taken back.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    rate_id = fields.Many2one(
        "aftersales.reimbursement.rate", readonly=True, index="btree_not_null", ondelete="restrict")
    steps = fields.Json(string="How It Came About", readonly=True)
    steps_text = fields.Text(string="In Words", compute="_compute_steps_text")
    reason = fields.Char(readonly=True, help="Why an earlier decision was changed.")
    state = fields.Selection(STATES, required=True, readonly=True, default="open", index=True)
    settlement_line_id = fields.Many2one(
        "aftersales.settlement.line", readonly=True, copy=False, index="btree_not_null", ondelete="set null")
    settlement_id = fields.Many2one(related="settlement_line_id.settlement_id")

    _to_settle = models.Index("(dealer_contract_id) WHERE state = 'open'")

    @api.depends("dealer_id", "day")
    def _compute_display_name(self):
        for one in self:
            one.display_name = self.env._("Reimbursement %(id)s of %(day)s", id=one.id, day=one.day)

    @api.depends("steps")
    @api.depends_context("lang")
    def _compute_steps_text(self):
        for one in self:
            one.steps_text = "\n".join(one._steps_in_words())

    def _steps_in_words(self):
        """The steps as sentences of the reader's language."""
        self.ensure_one()
        return [f"{label}: {detail} = {value}" for label, detail, value in self.steps or []]

    def _money(self):
        """The amount as a Decimal."""
        self.ensure_one()
        return Decimal(float_repr(self.amount, self.currency_id.decimal_places))

    # --- guard -------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Reimbursements follow from decided claims, nobody enters them."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        for one in self:
            raise UserError(self.env._(
                "%s is on record and does not change: a new decision makes a new row.", one.display_name))
        return True

    def _refuse_deletion(self):
        for one in self:
            raise UserError(self.env._("%s is on record and stays.", one.display_name))
