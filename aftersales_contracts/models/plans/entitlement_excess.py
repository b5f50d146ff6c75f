"""Excess: more of an entitlement than is left. One person asks for it, another approves it; only then is it used."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .entitlement import exact_quantity

APPROVERS = "aftersales_contracts.group_account_manager,aftersales_contracts.group_finance"
TERMS = {"request_id", "entitlement_id", "quantity", "day", "reason"}
DECIDES = {"state", "requested_by_id", "decided_by_id", "decided_at"}  # only the buttons set these


class EntitlementExcess(models.Model):
    _name = "aftersales.entitlement.excess"
    _description = "Excess of an Entitlement"
    _inherit = ["aftersales.frozen", "mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"
    _rec_name = "request_id"

    request_id = fields.Many2one("aftersales.request", required=True, index=True, ondelete="restrict")
    entitlement_id = fields.Many2one("aftersales.entitlement", required=True, index=True, ondelete="restrict")
    contract_id = fields.Many2one(related="entitlement_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="entitlement_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer")
    unit = fields.Selection(related="entitlement_id.unit")
    quantity = fields.Float(digits=(16, 2), required=True, help="All that the request uses, what is left included.")
    available = fields.Float(related="entitlement_id.available")
    day = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Text(required=True)
    requested_by_id = fields.Many2one(
        "res.users", string="Asked by", required=True, readonly=True, default=lambda self: self.env.user)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided", readonly=True, copy=False)
    state = fields.Selection(
        [("proposed", "Asked For"), ("approved", "Approved"), ("refused", "Refused")], required=True, readonly=True,
        default="proposed", copy=False, tracking=True, index=True)
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _quantity_positive = models.Constraint("CHECK(quantity > 0)", "The quantity used is above zero.")
    _two_people = models.Constraint(
        "CHECK(state <> 'approved' OR (decided_by_id IS NOT NULL AND decided_by_id <> requested_by_id))",
        "Who asks for an excess cannot approve it.")
    _one_alive = models.UniqueIndex(
        "(request_id, entitlement_id) WHERE state <> 'refused'", "This request has asked for this excess already.")

    @api.depends("request_id", "entitlement_id")
    def _compute_display_name(self):
        for excess in self:
            excess.display_name = f"{excess.request_id.name} · {excess.entitlement_id.name}"

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        allowed = self.env.user.has_groups(APPROVERS)
        for excess in self:
            excess.may_decide = allowed and excess.state == "proposed" and excess.requested_by_id != self.env.user

    def _frozen(self):
        return self.filtered(lambda excess: excess.state != "proposed")

    def _refuse_frozen(self):
        if self._frozen():
            raise UserError(self.env._("Excess %s is decided and does not change.", self._frozen()[:1].display_name))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(DECIDES & set(vals) for vals in vals_list):
            raise UserError(self.env._("An excess is asked for in your own name, and decided by somebody else."))
        asked = super().create(vals_list)
        asked._check_terms()
        for excess in asked.filtered(lambda excess: excess.contract_id.user_id):
            excess.activity_schedule(
                "mail.mail_activity_data_todo", user_id=excess.contract_id.user_id.id,
                summary=self.env._("Approve or refuse this excess"))
        return asked

    def write(self, vals):
        if DECIDES & set(vals):
            raise UserError(self.env._("An excess is decided only through its buttons."))
        if TERMS & set(vals) and self.requested_by_id - self.env.user:
            raise AccessError(self.env._("Only who asked for an excess changes what is asked for."))
        result = super().write(vals)
        self._check_terms()
        return result

    def _check_terms(self):
        for excess in self:
            if excess.request_id.company_id != excess.company_id or (
                    excess.request_id.partner_id.commercial_partner_id
                    != excess.contract_id.partner_id.commercial_partner_id):
                raise ValidationError(self.env._(
                    "Request %(request)s is not one of the customer of contract %(contract)s.",
                    request=excess.request_id.display_name, contract=excess.contract_id.display_name))

    # --- decision ----------------------------------------------------------------------------------------------------

    def action_approve(self):
        """Let the request use more than is left; your name stands on the line of the ledger."""
        self._check_may_decide()
        for excess in self:
            # Nobody has the right to write the ledger: it follows from this decision.
            excess.sudo().entitlement_id._consume(
                excess.request_id, exact_quantity(excess.quantity), excess.day, excess.requested_by_id,
                approver=self.env.user, note=excess.reason)
        self._decide("approved")

    def action_refuse(self):
        """Refuse it, or take back your own."""
        self.check_access("write")
        if self.env.user != self.requested_by_id:
            self._check_may_decide()
        self._check_open()
        self._decide("refused")

    def _decide(self, state):
        self.sudo()._write_unguarded(
            {"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})
        self.activity_ids.sudo().action_feedback()
        self.flush_recordset()

    def _check_open(self):
        for excess in self:
            if excess.state != "proposed":
                raise UserError(self.env._("Excess %s is decided already.", excess.display_name))

    def _check_may_decide(self):
        if not self.env.user.has_groups(APPROVERS):
            raise AccessError(self.env._("Only an account manager or finance decides on an excess."))
        self.check_access("write")
        self._check_open()
        for excess in self:
            if excess.requested_by_id == self.env.user:
                raise AccessError(self.env._("You asked for this excess: somebody else must decide on it."))
