"""What of the money of claims waits for somebody: goodwill to be decided, and what finance is to invoice or to mend."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..obligations.due import DueSource
from ..obligations.today import TodayTile
from .claim_invoice import BILLED

DAYS = 7  # so long a proposal may wait


class Goodwill(models.Model):
    _inherit = "aftersales.goodwill"

    contract_id = fields.Many2one(related="claim_id.contract_id", store=True)
    decide_on = fields.Date(string="Decide until", compute="_compute_decide_on", store=True, index="btree_not_null")

    @api.depends("proposed_on")
    def _compute_decide_on(self):
        for goodwill in self:
            goodwill.decide_on = goodwill.proposed_on and fields.Date.add(goodwill.proposed_on, days=DAYS)


class Due(models.Model):
    _inherit = "aftersales.due"

    kind = fields.Selection(selection_add=[("goodwill", "Goodwill")], ondelete={"goodwill": "cascade"})

    @api.model
    def _sources(self):
        return [
            *super()._sources(),
            DueSource(113, "goodwill", "finance", "aftersales.goodwill", Domain("state", "=", "proposed"),
                      "decide_on", ("name",)),
        ]


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _today_sections(self, people):
        found, _ = super()._today_sections(people), self.env._
        own = Domain("approver_ids", "=", self.env.uid)
        goodwill = TodayTile(
            "goodwill_decide", _("Goodwill to decide"), "info", "aftersales.goodwill",
            Domain("state", "=", "proposed") & Domain("proposed_by_id", "!=", self.env.uid)
            & Domain("budget_id", "any", own), "action_goodwill", _("Proposed by others, of your budgets"),
            "fa-heart-o")
        found["finance"] += [goodwill, *self._claim_money_tiles()]
        found["legal"] += [goodwill]
        return found

    @api.model
    def _claim_money_tiles(self):
        _, claim = self.env._, "aftersales.warranty.claim"
        not_invoiced = Domain("state", "in", BILLED) & Domain("customer_left", "!=", 0)
        return [
            TodayTile("claims_invoice", _("Claims to invoice"), "info", claim, not_invoiced, "action_warranty_claim",
                      _("The customer's part, or a refund of it"), "fa-file-text-o"),
            TodayTile("claims_not_reimbursed", _("Dealers not reimbursed"), "warning", claim,
                      Domain("reimbursement_gap", "!=", False), "action_warranty_claim",
                      _("A rate or a cost is missing"), "fa-exclamation-triangle"),
        ]
