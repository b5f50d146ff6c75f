"""Supplier recovery: what a supplier refunds us of a causal part, by its warranty to us. Never above our cost."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

STATES = [
    ("draft", "Draft"), ("sent", "Sent"), ("accepted", "Accepted"), ("partly", "Accepted in Part"),
    ("refused", "Refused"), ("paid", "Paid"), ("written_off", "Written Off"),
]
LOST = ("refused", "written_off")  # nothing more is expected
OPEN = ("draft", "sent", "accepted", "partly")
RETURNS = [("none", "None"), ("required", "Required"), ("sent", "Sent"), ("received", "Received")]
FACTS = frozenset(("claim_id", "line_id", "supplier_id", "cover_id", "company_id", "amount", "cost"))


class SupplierRecovery(models.Model):
    """Made by the decision on a claim line, in the company's currency; its course is in a file of its own."""

    _name = "aftersales.supplier.recovery"
    _inherit = ["aftersales.numbering", "aftersales.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "Warranty Recovery"
    _order = "claimed_on desc, id desc"
    _rec_names_search = ["name", "claim_id.name", "supplier_id.name", "reference"]
    _check_company_auto = True
    _number_code = "aftersales.supplier.recovery"
    _number_day = "claimed_on"
    _guarded = {
        "name": "/", "state": "draft", "sent_on": False, "answer_until": False, "accepted_amount": 0.0,
        "answered_on": False, "reason": False, "decided_by_id": False, "paid_on": False, "move_id": False,
        "letter_id": False, "outdated": False, "wanted": 0.0, "part_sent_on": False, "part_received_on": False,
        "percent": 0.0, "part_return": "none"}

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    claim_id = fields.Many2one(
        "aftersales.warranty.claim", required=True, index=True, check_company=True, ondelete="restrict")
    line_id = fields.Many2one(
        "aftersales.warranty.claim.line", string="Claim Line", required=True, index=True, check_company=True,
        ondelete="restrict", domain="[('claim_id', '=', claim_id)]")
    line_kind = fields.Selection(related="line_id.kind", string="Kind")
    asset_id = fields.Many2one(related="claim_id.asset_id", store=True, index=True)
    product_id = fields.Many2one(related="line_id.product_id", store=True, string="Part")
    cause_id = fields.Many2one(related="claim_id.cause_id")
    failure_on = fields.Date(related="claim_id.failure_on")
    supplier_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", check_company=True, tracking=True)
    cover_id = fields.Many2one(
        "aftersales.warranty.cover", string="Supplier's Warranty", index="btree_not_null", ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    claimed_on = fields.Date(string="Opened", required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user, index=True,
        domain=[("share", "=", False)])
    percent = fields.Float(string="Refunded (%)", readonly=True, digits=(16, 6), aggregator=None)
    cost = fields.Monetary(
        compute="_compute_cost", store=True, precompute=True, help="What we bear of the line: our part of its cost.")
    amount = fields.Monetary(string="Claimed", required=True, tracking=True, help="At most what we bear.")
    reference = fields.Char(help="The supplier's number, such as its claim or credit note.", tracking=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True, tracking=True)
    letter_id = fields.Many2one(
        "aftersales.recovery.letter", string="Sent with", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict")
    sent_on = fields.Date(string="Sent", readonly=True, copy=False)
    answer_until = fields.Date(
        string="Answer Due", readonly=True, copy=False, help="The last day on which the supplier is to answer.")
    answered_on = fields.Date(string="Answered", readonly=True, copy=False)
    accepted_amount = fields.Monetary(string="Accepted", readonly=True, copy=False, tracking=True)
    lost_amount = fields.Monetary(
        string="Not Recovered", compute="_compute_amounts", store=True, help="Of what was claimed: what is lost.")
    open_amount = fields.Monetary(string="Open", compute="_compute_amounts", store=True, help="Still expected.")
    reason = fields.Text(readonly=True, copy=False, help="Why it was refused, accepted in part, or written off.")
    decided_by_id = fields.Many2one("res.users", string="Recorded by", readonly=True, copy=False)
    paid_on = fields.Date(string="Paid", readonly=True, copy=False)
    part_return = fields.Selection(
        RETURNS, string="Part to the Supplier", required=True, default="none", readonly=True, copy=False,
        help="Whether the supplier wants the faulty part, and where it is.")
    part_sent_on = fields.Date(string="Part Sent", readonly=True, copy=False)
    part_received_on = fields.Date(string="Part Received by the Supplier", readonly=True, copy=False)
    outdated = fields.Boolean(
        string="Decision Changed", readonly=True, copy=False, help="The claim was decided anew after it was sent.")
    wanted = fields.Monetary(
        string="By Today's Decision", readonly=True, copy=False, help="What would be claimed by it.")
    supplier_gone = fields.Boolean(
        string="Supplier Archived", compute="_compute_supplier_gone", search="_search_supplier_gone",
        help="Nothing is to be had from it: write it off.")

    _amount_order = models.Constraint(
        "CHECK(amount > 0 AND amount <= cost)", "A supplier refunds more than nothing, and never more than our cost.")

    @api.depends("name", "supplier_id", "claim_id")
    def _compute_display_name(self):
        for one in self:
            parts = (one.name if one.name != "/" else "", one.claim_id.name, one.supplier_id.display_name)
            one.display_name = " · ".join(filter(None, parts))

    @api.depends("state", "amount", "accepted_amount")
    def _compute_amounts(self):
        for one in self:
            if one.state in LOST:
                one.lost_amount = one.amount
            else:
                one.lost_amount = one.amount - one.accepted_amount if one.state in ("partly", "paid") else 0.0
            one.open_amount = {
                "draft": one.amount, "sent": one.amount, "accepted": one.accepted_amount,
                "partly": one.accepted_amount}.get(one.state, 0.0)

    @api.depends("supplier_id.active")
    def _compute_supplier_gone(self):
        for one in self:
            supplier = one.supplier_id.sudo()  # only whether it is archived
            one.supplier_gone = bool(supplier) and not (supplier.active and supplier.commercial_partner_id.active)

    @api.model
    def _search_supplier_gone(self, operator, value):
        if operator != "in" or len(value) != 1:
            return NotImplemented
        gone = ["|", ("supplier_id.active", "=", False), ("supplier_id.commercial_partner_id.active", "=", False)]
        return gone if True in value else ["!", *gone]

    @api.constrains("line_id", "claim_id")
    def _check_line(self):
        for one in self:
            if one.line_id.claim_id != one.claim_id:
                raise ValidationError(self.env._(
                    "Line %(line)s is not of claim %(claim)s.", line=one.line_id.name, claim=one.claim_id.display_name))

    @api.constrains("line_id", "amount", "state")
    def _check_sum(self):
        """All suppliers together never refund more of a line than it costs us."""
        rows = self.sudo().search([("line_id", "in", self.line_id.ids), ("state", "not in", LOST)])  # others' count too
        for line, found in rows.grouped("line_id").items():
            most, total = line.sudo()._our_cost(), sum(found.mapped("amount"))
            if line.currency_id.compare_amounts(total, most) > 0:
                raise ValidationError(self.env._(
                    "Claim %(claim)s, line %(line)s: %(recoveries)s claim %(total)s together, but we bear only "
                    "%(most)s of it. Suppliers never refund more than our cost.", claim=line.claim_id.name,
                    line=line.name, recoveries=", ".join(found.mapped("name")),
                    total=format_amount(self.env, total, line.currency_id),
                    most=format_amount(self.env, most, line.currency_id)))

    @api.depends("line_id")
    def _compute_cost(self):
        """As it was decided when the recovery was made: what was sent stays."""
        for one in self:
            one.cost = one.line_id.sudo()._our_cost() if one.line_id else 0.0

    @api.model_create_multi
    def create(self, vals_list):
        recoveries = super().create([self._with_claim(vals) for vals in vals_list])
        recoveries._give_numbers()
        recoveries.filtered(lambda one: one.line_id.return_required)._write_guarded({"part_return": "required"})
        return recoveries

    @api.model
    def _with_claim(self, vals):
        """``vals`` with claim and company of the line."""
        line = self.env["aftersales.warranty.claim.line"].browse(vals.get("line_id"))
        return {"claim_id": line.claim_id.id, "company_id": line.company_id.id, **vals} if line else vals

    @api.model
    def _refuse_guarded(self, vals):
        if "cost" in vals:
            raise UserError(self.env._("What we bear of a line follows from the decision on it."))
        return super()._refuse_guarded(vals)

    def write(self, vals):
        """What was sent stays as it was claimed."""
        if FACTS & vals.keys():
            for one in self.filtered(lambda one: one.state != "draft"):
                raise UserError(self.env._("%s was sent: what it claims stays.", one.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for one in self.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("%s stays on record. Write it off with a reason.", one.display_name))

    def _today(self):
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self.company_id.resource_calendar_id.tz or "UTC"))

    def _answer_day(self, day):
        return day + timedelta(days=self.company_id.aftersales_recovery_answer_days)
