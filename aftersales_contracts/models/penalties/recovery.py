"""Recovery: what a supplier, who is no party of the contract, owes or paid for a failure."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

FINANCE = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"
STATES = [("claimed", "Claimed"), ("recovered", "Recovered"), ("refused", "Refused")]
FACTS = {"partner_id", "request_id", "breach_id", "currency_id", "amount", "claimed_on", "company_id"}


class Recovery(models.Model):
    """Claimed, then recovered (wholly or in part) or refused. Only what was recovered closes a gap."""

    _name = "aftersales.recovery"
    _inherit = ["aftersales.numbering", "aftersales.guarded", "aftersales.handled", "mail.thread"]
    _description = "Recovery from a Supplier"
    _order = "claimed_on desc, id desc"
    _check_company_auto = True
    _number_code = "aftersales.recovery"
    _number_day = "claimed_on"
    _guarded = {
        "name": "/", "state": "claimed", "recovered": 0.0, "company_recovered": 0.0, "recovered_on": False,
        "decided_by_id": False, "reason": False}

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    partner_id = fields.Many2one(
        "res.partner", string="Supplier", required=True, index=True, ondelete="restrict", check_company=True,
        tracking=True)
    request_id = fields.Many2one(
        "aftersales.request", string="Service Request", index="btree_not_null", ondelete="restrict",
        help="The request that the failure is about.")
    breach_id = fields.Many2one(
        "aftersales.breach", index="btree_not_null", ondelete="restrict", help="The breach that the failure led to.")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    amount = fields.Monetary(string="Claimed", required=True, tracking=True)
    claimed_on = fields.Date(string="Claimed on", required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", string="Owner", default=lambda self: self.env.user, index=True, domain=[("share", "=", False)])
    reference = fields.Char(help="The supplier's number, such as its claim or credit note.", tracking=True)
    move_id = fields.Many2one(
        "account.move", string="Vendor Refund", check_company=True, index="btree_not_null", ondelete="restrict",
        domain="[('move_type', '=', 'in_refund'), ('commercial_partner_id', '=', supplier_id)]")
    supplier_id = fields.Many2one(related="partner_id.commercial_partner_id", string="Company of the Supplier")
    evidence_ids = fields.One2many("aftersales.evidence", "recovery_id", copy=False)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="claimed", copy=False, index=True, tracking=True)
    recovered = fields.Monetary(readonly=True, copy=False, tracking=True, help="What the supplier paid or credited.")
    company_amount = fields.Monetary(
        string="Claimed (Company Currency)", compute="_compute_company_amount", store=True,
        currency_field="company_currency_id", help="At the rate of the day of the claim.")
    company_recovered = fields.Monetary(
        string="Recovered (Company Currency)", readonly=True, copy=False, currency_field="company_currency_id")
    recovered_on = fields.Date(string="Recovered on", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", string="Settled by", readonly=True, copy=False)
    reason = fields.Text(readonly=True, copy=False, help="Why it was refused, or taken back.")

    _amount_positive = models.Constraint("CHECK(amount > 0)", "A recovery claims an amount above zero.")
    _of_a_failure = models.Constraint(
        "CHECK(num_nonnulls(request_id, breach_id) >= 1)", "Name the service request or the breach of the failure.")

    @api.depends("amount", "currency_id", "company_id", "claimed_on")
    def _compute_company_amount(self):
        for recovery in self.filtered(lambda one: one.currency_id and one.company_id):
            recovery.company_amount = recovery.currency_id._convert(
                recovery.amount, recovery.company_id.currency_id, recovery.company_id,
                recovery.claimed_on or fields.Date.context_today(recovery))

    @api.constrains("request_id", "breach_id", "company_id")
    def _check_failure(self):
        for recovery in self:
            for failure in (recovery.request_id, recovery.breach_id):
                if failure and failure.company_id != recovery.company_id:
                    raise ValidationError(self.env._(
                        "%(failure)s belongs to another company than the recovery of %(amount)s from %(supplier)s.",
                        failure=failure.display_name, amount=recovery.amount,
                        supplier=recovery.partner_id.display_name))

    @api.model_create_multi
    def create(self, vals_list):
        recoveries = super().create(vals_list)
        recoveries._give_numbers()
        return recoveries

    def write(self, vals):
        """What was settled stays as it was claimed."""
        if FACTS & set(vals):
            for recovery in self.filtered(lambda one: one.state != "claimed"):
                raise UserError(self.env._("%s is settled: what it claims stays.", recovery.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for recovery in self:
            raise UserError(self.env._("%s stays on record. Refuse it with a reason.", recovery.display_name))

    def _takes_evidence(self):
        return self.state == "claimed"

    # --- course --------------------------------------------------------------------------------------------------

    def action_recover(self, amount=None, day=None):
        """The supplier paid or credited ``amount`` (by default all that was claimed) on ``day`` (today).

        Needs the vendor refund, a reference or a file that proves it.
        """
        self._check_may_settle()
        for recovery in self:
            recovery._recover(recovery.amount if amount is None else amount,
                              fields.Date.to_date(day) or recovery._today())

    def _recover(self, amount, day):
        self._require_state("claimed")
        amount = self.currency_id.round(amount)
        if not 0 < amount <= self.amount:
            raise UserError(self.env._(
                "%(recovery)s: %(amount)s was recovered, but %(claimed)s was claimed. It is more than 0, and at most "
                "what was claimed.", recovery=self.display_name, amount=amount, claimed=self.amount))
        if not (self.move_id or (self.reference or "").strip() or self.evidence_ids):
            raise UserError(self.env._(
                "%s: name the vendor refund or the supplier's reference, or add a file that proves it.",
                self.display_name))
        self._write_guarded({
            "state": "recovered", "recovered": amount, "recovered_on": day, "decided_by_id": self.env.uid,
            "company_recovered": self.currency_id._convert(amount, self.company_currency_id, self.company_id, day)})

    def action_refuse(self, reason=None):
        """The supplier does not pay, or what was recovered had to be returned: for a reason."""
        self._check_may_settle()
        reason = self._check_reason(reason)
        for recovery in self:
            if recovery.state == "refused":
                recovery._require_state("claimed")
            recovery._write_guarded({
                "state": "refused", "recovered": 0.0, "company_recovered": 0.0, "reason": reason,
                "decided_by_id": self.env.uid})

    def _check_may_settle(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_groups(FINANCE)):
            raise AccessError(self.env._("Only finance or an administrator settles what suppliers owe."))

    def _require_state(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        if self.state != state:
            raise UserError(self.env._(
                "%(recovery)s is %(state)s already.", recovery=self.display_name, state=labels[self.state].lower()))

    def _today(self):
        self.ensure_one()
        return fields.Date.context_today(self)
