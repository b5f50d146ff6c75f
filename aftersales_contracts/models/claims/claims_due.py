"""Claims in what falls due and on Today: whose turn it is, what is to be decided, which parts are not back."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..obligations.due import DueSource
from ..obligations.today import TodayTile
from .claim_returns import OUTSTANDING
from .claim_step import ENDED

# Two kinds: a reminder is known by the kind and the id of its record.
KINDS = [("claim", "Warranty Claim"), ("part_return", "Part Return")]
GO = {kind: "cascade" for kind, _label in KINDS}
CLAIM, LINE = "aftersales.warranty.claim", "aftersales.warranty.claim.line"


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    due_on = fields.Date(
        string="Step Due", compute="_compute_due_on", store=True, index="btree_not_null",
        help="So long the step may take.")

    @api.depends("state", "entered_at")
    def _compute_due_on(self):
        days = {step.code: step.days for step in self.env["aftersales.claim.step"].sudo().search([])}
        for claim in self:
            claim.due_on = days.get(claim.state) and claim.entered_at and fields.Date.add(
                fields.Date.to_date(claim.entered_at), days=days[claim.state])


class WarrantyClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    owner_id = fields.Many2one(related="claim_id.owner_id", store=True)
    contract_id = fields.Many2one(related="claim_id.contract_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", string="Part Comes from", compute="_compute_partner_id", store=True,
        help="Who is to send the part back: the dealer, else the customer.")

    @api.depends("claim_id.dealer_id", "claim_id.partner_id")
    def _compute_partner_id(self):
        for line in self:
            line.partner_id = line.claim_id.dealer_id or line.claim_id.partner_id


class Due(models.Model):
    _inherit = "aftersales.due"

    kind = fields.Selection(selection_add=KINDS)

    @api.model
    def _sources(self):
        running = Domain("state", "not in", ENDED) & Domain("active", "=", True)
        return [
            *super()._sources(),
            DueSource(100, "claim", "account", CLAIM, running, "due_on", ("name", "serial"), ("owner_id",)),
            DueSource(101, "part_return", "account", LINE, Domain("return_state", "in", OUTSTANDING), "return_until",
                      ("name",), ("owner_id",)),
        ]


class Reminder(models.Model):
    _inherit = "aftersales.reminder"

    kind = fields.Selection(selection_add=KINDS, ondelete=GO)


class ReminderLadder(models.Model):
    _inherit = "aftersales.reminder.ladder"

    kind = fields.Selection(selection_add=KINDS, ondelete=GO)


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _today_sections(self, people):
        found, _ = super()._today_sections(people), self.env._
        running = Domain("state", "not in", ENDED)
        undecided = running & Domain("decided", "!=", "all") & Domain("verdict_at", "!=", False) & Domain(
            "claimant_id", "!=", self.env.uid)
        found["account"] += [
            TodayTile("claims_mine", _("My claims"), "info", CLAIM, running & self._of(people, "owner_id"),
                      "action_warranty_claim", _("Their step is yours"), "fa-wrench"),
            TodayTile("claims_decide", _("Claims to decide"), "warning", CLAIM, undecided, "action_warranty_claim",
                      _("The verdict is there"), "fa-gavel"),
            TodayTile("claims_returns", _("Parts not back in time"), "danger", LINE,
                      Domain("return_state", "in", OUTSTANDING) & Domain("return_until", "<", fields.Date.today()),
                      "action_claim_return", _("Claimed, paid, and asked back"), "fa-reply")]
        return found
