"""Lines of a claim: a part, labour against its standard time, or travel, and what was decided on each."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_repr

from .claim_step import ENDED

KINDS = [("parts", "Part"), ("labour", "Labour"), ("travel", "Travel")]
DECISIONS = [("open", "Open"), ("approved", "Approved"), ("partly", "Approved in Part"), ("refused", "Refused")]
RETURNS = [
    ("none", "None"), ("required", "Required"), ("sent", "Sent"), ("received", "Received"), ("missing", "Missing"),
    ("waived", "Waived"),
]
INTERNAL = "aftersales_contracts.group_user"
# What may still be written on a line that is decided: it decides nothing.
FREE = frozenset({"name", "sequence", "faulty_serial", "replacement_serial"})


class WarrantyClaimLine(models.Model):
    """``quantity``: pieces, trips or kilometres; of labour the hours claimed. Amounts are in the company's currency."""

    _name = "aftersales.warranty.claim.line"
    _inherit = ["aftersales.guarded"]
    _description = "Claim Line"
    _order = "claim_id, sequence, id"
    _check_company_auto = True
    _guarded = {
        "decision": "open", "approved_amount": 0.0, "decision_reason": False, "decided_by_id": False,
        "decided_at": False, "by_rule": False, "covered_percent": 0.0, "covered_amount": 0.0, "verdict_rule": False,
        "verdict_reason": False, "verdict_steps": False, "reported_late": False, "over_approved_by_id": False,
        "return_state": "none",
        "return_until": False, "return_sent_on": False, "return_received_on": False, "return_reason": False,
        "reused": False}

    claim_id = fields.Many2one(
        "aftersales.warranty.claim", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default="parts")
    product_id = fields.Many2one("product.product", index=True, help="The part, or what labour and travel are for.")
    name = fields.Char(string="Description", compute="_compute_name", store=True, readonly=False, required=True)
    quantity = fields.Float(default=1.0, required=True, digits=(16, 4), help="Of labour: the hours claimed.")
    unit_price = fields.Monetary(help="Of one piece, hour, trip or kilometre.")
    amount = fields.Monetary(string="Claimed", compute="_compute_amount", store=True)
    allowed_amount = fields.Monetary(
        string="Allowed", compute="_compute_amount", store=True,
        help="Before cover: labour at most for its standard time.")
    cost = fields.Monetary(
        compute="_compute_cost", store=True, readonly=False, groups=INTERNAL,
        help="What it costs us; a supplier never refunds more.")
    causal = fields.Boolean(string="Causal Part", help="The part that failed first and made the others fail.")
    labour_standard_id = fields.Many2one("aftersales.labour.standard", ondelete="restrict")
    standard_hours = fields.Float(related="labour_standard_id.hours")
    hours = fields.Float(string="Hours Claimed", compute="_compute_hours", inverse="_inverse_hours", digits=(16, 4))
    allowed_hours = fields.Float(compute="_compute_amount", store=True, digits=(16, 4))
    over_reason = fields.Char(string="Why It Took Longer")
    over_approved_by_id = fields.Many2one("res.users", string="Longer Time Approved by", readonly=True)
    supplier_id = fields.Many2one("res.partner", help="Of the part, to recover it from.", groups=INTERNAL)
    cause_id = fields.Many2one("aftersales.cause", help="Where it differs from the claim's.", ondelete="restrict")
    component_id = fields.Many2one("aftersales.asset", check_company=True, help="Of a kit: the part of it that failed.")
    faulty_serial = fields.Char()
    replacement_serial = fields.Char()

    decision = fields.Selection(DECISIONS, required=True, readonly=True, default="open", index=True)
    approved_amount = fields.Monetary(readonly=True, help="What payers other than the customer pay.")
    decision_reason = fields.Char(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided", readonly=True)
    by_rule = fields.Boolean(readonly=True, help="Decided by the company's rule, not by a person.")
    covered_percent = fields.Float(readonly=True, digits=(16, 6), aggregator=None)
    covered_amount = fields.Monetary(readonly=True, help="What the covers pay by the verdict.")
    verdict_rule = fields.Char(readonly=True)
    verdict_reason = fields.Char(readonly=True)
    verdict_steps = fields.Json(readonly=True, help="What stands against the covers that do not pay: [sentence].")
    reported_late = fields.Boolean(readonly=True, help="A cover does not pay because the claim came too late.")

    return_required = fields.Boolean(string="Part Return", help="The faulty part is to be sent back.")
    return_state = fields.Selection(RETURNS, required=True, readonly=True, default="none", index=True)
    return_until = fields.Date(readonly=True, help="The last day on which it may arrive.")
    return_sent_on = fields.Date(readonly=True)
    return_received_on = fields.Date(readonly=True)
    return_reason = fields.Char(readonly=True, help="Why it is not asked for any more, or never came.")
    reused = fields.Boolean(readonly=True, help="The returned part, or a part of it, is used again.")
    share_ids = fields.One2many("aftersales.claim.share", "line_id", string="Who Pays")

    _quantity_positive = models.Constraint("CHECK(quantity > 0)", "A line claims a quantity above zero.")
    _price_positive = models.Constraint("CHECK(unit_price >= 0)", "A unit price is not negative.")
    _cost_positive = models.Constraint("CHECK(COALESCE(cost, 0) >= 0)", "A cost is not negative.")

    @api.depends("product_id", "labour_standard_id", "kind")
    def _compute_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            named = line.labour_standard_id.name or line.product_id.display_name
            line.name = line.name or named or labels.get(line.kind)

    @api.depends("quantity", "kind")
    def _compute_hours(self):
        for line in self:
            line.hours = line.quantity if line.kind == "labour" else 0.0

    def _inverse_hours(self):
        for line in self.filtered(lambda line: line.kind == "labour" and line.hours):
            line.quantity = line.hours

    @api.depends("kind", "quantity", "unit_price", "labour_standard_id.hours", "over_approved_by_id")
    def _compute_amount(self):
        for line in self:
            allowed = line._allowed_quantity()
            line.amount = line.currency_id.round(line.quantity * line.unit_price)
            line.allowed_amount = line.currency_id.round(allowed * line.unit_price)
            line.allowed_hours = allowed if line.kind == "labour" else 0.0

    def _allowed_quantity(self):
        """Hours of labour: those claimed, but at most the standard's unless more was approved (row 56)."""
        self.ensure_one()
        if self.kind != "labour" or not self.labour_standard_id or self.over_approved_by_id:
            return self.quantity
        return min(self.quantity, self.labour_standard_id.hours)

    @api.depends("product_id", "quantity", "kind")
    def _compute_cost(self):
        for line in self:
            standard = line.product_id.with_company(line.company_id).sudo().standard_price  # staff see it
            line.cost = line.currency_id.round(standard * line.quantity) if line.kind == "parts" else line.cost

    def _money(self, amount):
        """A stored amount as a Decimal of the currency."""
        return Decimal(float_repr(amount, self.currency_id.decimal_places))

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_hours(vals) for vals in vals_list]
        lines = super().create(vals_list)
        lines._refuse_ended()
        lines.claim_id._outdate_verdict()
        return lines

    @api.model
    def _with_hours(self, vals):
        """Hours of labour are its quantity."""
        if vals.get("kind") == "labour" and vals.get("hours") and "quantity" not in vals:
            return {**vals, "quantity": vals["hours"]}
        return vals

    def write(self, vals):
        if set(vals) - FREE:
            self._refuse_ended()
            self._refuse_decided()
            self.claim_id._outdate_verdict()
        return super().write(vals)

    def _refuse_ended(self):
        for claim in self.claim_id:
            if claim.state in ENDED:
                raise UserError(self.env._("Claim %s has ended: its lines stay as they are.", claim.display_name))

    def _refuse_decided(self):
        for line in self:
            if line.decision != "open":
                raise UserError(self.env._(
                    "Line %(line)s of claim %(claim)s is decided. Reopen it first.", line=line.name,
                    claim=line.claim_id.display_name))

    def _refuse_deletion(self):
        self._refuse_ended()
        self._refuse_decided()

    @api.constrains("labour_standard_id", "kind", "claim_id")
    def _check_standard(self):
        for line in self.filtered("labour_standard_id"):
            standard, product = line.labour_standard_id, line.claim_id.product_id
            if line.kind != "labour":
                raise ValidationError(self.env._(
                    "Line %(line)s: labour standard %(standard)s is for labour only.", line=line.name,
                    standard=standard.display_name))
            if product and not standard._fits(product):
                raise ValidationError(self.env._(
                    "Line %(line)s: labour standard %(standard)s is not for %(product)s.", line=line.name,
                    standard=standard.display_name, product=product.display_name))
