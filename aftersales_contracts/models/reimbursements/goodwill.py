"""Goodwill: what a company pays of a claim though no cover does, by whom it is borne, and who allowed it.

Proposed by one person and approved by another, within a budget. Approved, it is a cover of its claim, and the verdict
says what it pays: last of all covers.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_repr, format_amount

from ...engine.money import allocate
from ..claims.claim_step import ENDED

STATES = [("proposed", "Proposed"), ("approved", "Approved"), ("refused", "Refused")]
ADMINISTRATOR = "aftersales_contracts.group_administrator"
PROPOSERS = (
    "aftersales_contracts.group_account_manager,aftersales_contracts.group_finance,aftersales_contracts.group_legal,"
    f"{ADMINISTRATOR}")
BEARERS = ("company", "dealer", "supplier")
DECIDED = ("state", "decided_by_id", "decided_on", "decision_reason", "proposed_by_id", "name")


class Goodwill(models.Model):
    _name = "aftersales.goodwill"
    _description = "Goodwill"
    _inherit = ["aftersales.guarded", "aftersales.numbering", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _number_code = "aftersales.goodwill"
    _number_day = "proposed_on"
    _guarded = {
        "name": "/", "state": "proposed", "decided_by_id": False, "decided_on": False, "decision_reason": False}

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/", index="trigram")
    claim_id = fields.Many2one(
        "aftersales.warranty.claim", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="claim_id.partner_id", string="Customer", store=True)
    product_id = fields.Many2one(related="claim_id.product_id", store=True)
    budget_id = fields.Many2one(
        "aftersales.goodwill.budget", required=True, index=True, ondelete="restrict", check_company=True,
        compute="_compute_budget_id", store=True, readonly=False, precompute=True)
    parts = fields.Boolean(default=True)
    labour = fields.Boolean(default=True)
    travel = fields.Boolean()
    percent = fields.Float(
        required=True, default=100.0, digits=(16, 6), aggregator=None, tracking=True,
        help="Of each line, as far as no other cover pays it.")
    amount = fields.Monetary(string="At Most", required=True, tracking=True, help="Of the whole claim.")
    used_amount = fields.Monetary(
        string="Used", compute="_compute_used_amount", store=True, help="What it pays of decided lines.")
    company_percent = fields.Float(
        string="We Bear", default=100.0, digits=(16, 6), aggregator=None, help="Percent of what goodwill pays.")
    dealer_percent = fields.Float(string="Dealer Bears", digits=(16, 6), aggregator=None)
    supplier_percent = fields.Float(string="Supplier Bears", digits=(16, 6), aggregator=None)
    reason = fields.Text(required=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="proposed", index=True, tracking=True)
    proposed_by_id = fields.Many2one(
        "res.users", string="Proposed by", required=True, readonly=True, default=lambda self: self.env.user)
    proposed_on = fields.Date(string="Proposed", required=True, readonly=True, default=fields.Date.context_today)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    decided_on = fields.Date(string="Decided", readonly=True, copy=False)
    decision_reason = fields.Char(readonly=True, copy=False)

    _percent_range = models.Constraint("CHECK(percent > 0 AND percent <= 100)", "Goodwill pays more than 0 to 100 %.")
    _amount_sign = models.Constraint("CHECK(amount > 0)", "Goodwill is an amount above zero.")
    _bearers_range = models.Constraint(
        "CHECK(COALESCE(company_percent, 0) >= 0 AND COALESCE(dealer_percent, 0) >= 0"
        " AND COALESCE(supplier_percent, 0) >= 0)", "What each side bears of goodwill is not negative.")
    _two_people = models.Constraint(
        "CHECK(decided_by_id IS NULL OR state <> 'approved' OR decided_by_id <> proposed_by_id)",
        "Who proposed goodwill does not approve it.")

    @api.depends("claim_id")
    def _compute_budget_id(self):
        for goodwill in self:
            goodwill.budget_id = goodwill.budget_id or (
                goodwill.claim_id and goodwill.budget_id._for_claim(goodwill.claim_id)[:1])

    @api.depends("name", "claim_id.share_ids.amount", "claim_id.share_ids.cover_key", "claim_id.line_ids.decision")
    def _compute_used_amount(self):
        for goodwill in self:
            shares = goodwill.claim_id.share_ids.filtered(
                lambda one, key=goodwill.name: one.cover_key == key and one.line_id.decision in ("approved", "partly"))
            goodwill.used_amount = sum(shares.mapped("amount"))

    @api.constrains("company_percent", "dealer_percent", "supplier_percent", "parts", "labour", "travel")
    def _check_split(self):
        for goodwill in self:
            total = sum(goodwill._bearing().values())
            if total != 100:
                raise ValidationError(self.env._(
                    "Goodwill %(name)s: what company, dealer and supplier bear comes to %(total)s %%, not to 100 %%.",
                    name=goodwill.display_name, total=f"{total.normalize():f}"))
            if not (goodwill.parts or goodwill.labour or goodwill.travel):
                raise ValidationError(self.env._("Goodwill %s pays nothing: choose parts, labour or travel.",
                                                 goodwill.display_name))
            if goodwill.dealer_percent and not goodwill.claim_id.dealer_id:
                raise ValidationError(self.env._(
                    "Goodwill %(name)s: claim %(claim)s has no dealer who could bear a part.",
                    name=goodwill.display_name, claim=goodwill.claim_id.display_name))

    def _bearing(self):
        """{bearer: Decimal percent}."""
        return {name: Decimal(float_repr(self[f"{name}_percent"], 6)) for name in BEARERS}

    def _split(self, amount):
        """{bearer: its part of ``amount``}, Decimals that sum to it."""
        self.ensure_one()
        parts = self._bearing()
        unit = Decimal(1).scaleb(-self.currency_id.decimal_places)
        return dict(zip(parts, allocate(amount, list(parts.values()), unit), strict=True))

    def _money(self, value):
        return Decimal(float_repr(value or 0.0, self.currency_id.decimal_places))

    def _committed(self):
        """What the budget must keep for it: what it may still pay, and once its claim has ended what it did pay."""
        self.ensure_one()
        return self._money(self.used_amount if self.claim_id.state in ENDED else self.amount)

    # --- guard -------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and not self.env.user.has_groups(PROPOSERS):
            raise AccessError(self.env._("Account managers, finance, legal and administrators propose goodwill."))
        found = super().create([{**vals, "proposed_by_id": self.env.uid} for vals in vals_list])
        for claim in found.claim_id:
            if claim.state in ENDED:
                raise UserError(self.env._("Claim %s has ended: reopen it before goodwill.", claim.display_name))
        found._give_numbers()
        return found

    @api.model
    def _refuse_guarded(self, vals):
        return super()._refuse_guarded({name: value for name, value in vals.items() if name != "proposed_by_id"})

    def write(self, vals):
        if "proposed_by_id" in vals or "claim_id" in vals:
            raise UserError(self.env._("Who proposed goodwill, and for which claim, does not change."))
        self._refuse_decided(vals)
        return super().write(vals)

    def _refuse_decided(self, vals):
        free = {"message_main_attachment_id", "message_follower_ids", "message_ids"}
        for goodwill in self if set(vals) - free else ():
            if goodwill.state != "proposed":
                raise UserError(self.env._("Goodwill %s is decided and does not change.", goodwill.display_name))

    def _refuse_deletion(self):
        self._refuse_decided({"name": 1})

    # --- the buttons -------------------------------------------------------------------------------------------------

    def action_approve(self, reason=None):
        """Approve goodwill: by an approver of its budget who did not propose it. Above the limit of a case or what is
        left of the budget only an administrator, with a reason. The claim's verdict is to be asked for anew."""
        self.check_access("read")
        for goodwill in self:
            goodwill._check_decides()
            goodwill.budget_id.sudo().lock_for_update(allow_referencing=True)  # two at once do not spend it twice
            goodwill._check_within(reason)
            goodwill._decide("approved", reason)
            claim = goodwill.claim_id.sudo()  # the approver of a budget need not work on claims
            claim._outdate_verdict()
            claim._message_log(body=self.env._(
                "Goodwill %(name)s approved: up to %(amount)s.", name=goodwill.name,
                amount=format_amount(self.env, goodwill.amount, goodwill.currency_id)))
        return True

    def action_refuse(self, reason=None):
        """Refuse proposed goodwill, with a reason: by an approver of its budget."""
        self.check_access("read")
        for goodwill in self:
            goodwill._check_decides()
            if not (reason or "").strip():
                raise UserError(self.env._("Goodwill %s: give the reason.", goodwill.display_name))
            goodwill._decide("refused", reason)
        return True

    def _decide(self, state, reason):
        self._write_guarded({
            "state": state, "decided_by_id": self.env.uid, "decided_on": fields.Date.context_today(self),
            "decision_reason": (reason or "").strip() or False})

    def _check_decides(self):
        user, administrator = self.env.user, self.env.user.has_group(ADMINISTRATOR)
        if self.state != "proposed":
            raise UserError(self.env._("Goodwill %s is decided already.", self.display_name))
        if self.claim_id.sudo().state in ENDED:
            raise UserError(self.env._("Claim %s has ended.", self.claim_id.sudo().display_name))
        if self.proposed_by_id == user:
            raise AccessError(self.env._("You proposed goodwill %s: somebody else decides on it.", self.display_name))
        if not administrator and user not in self.budget_id.sudo().approver_ids:
            raise AccessError(self.env._(
                "You are no approver of budget %s.", self.budget_id.sudo().display_name))

    def _check_within(self, reason):
        budget, amount = self.budget_id.sudo(), self._money(self.amount)  # whoever approves, all of it counts
        day = self.claim_id.sudo().reported_on
        if not budget.date_from <= day <= budget.date_to:
            raise UserError(self.env._(
                "Budget %(budget)s is for other days than %(day)s.", budget=budget.name, day=day))
        over = []
        if budget.case_limit and amount > budget._money(budget.case_limit):
            over.append(self.env._("the limit for each case is %s", format_amount(
                self.env, budget.case_limit, budget.currency_id)))
        if amount > budget._money(budget.left):
            over.append(self.env._("%s is left of the budget", format_amount(
                self.env, budget.left, budget.currency_id)))
        if over and not self.env.user.has_group(ADMINISTRATOR):
            raise UserError(self.env._(
                "Goodwill %(name)s of %(amount)s needs an administrator: %(why)s.", name=self.name,
                amount=format_amount(self.env, self.amount, self.currency_id), why=", ".join(over)))
        if over and not (reason or "").strip():
            raise UserError(self.env._(
                "Goodwill %(name)s: give the reason, for %(why)s.", name=self.name, why=", ".join(over)))
