"""Excuse: why a proven breach does not count. The breach stays; a second person decides on evidence."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import is_html_empty

REASONS = [
    ("customer", "Customer Cause"),
    ("force_majeure", "Force Majeure"),
    ("maintenance", "Planned Maintenance"),
    ("third_party", "Third Party"),
    ("schedule", "Working Schedule Corrected"),
]
DECIDES = {"state", "requested_by_id", "approved_by_id", "approved_at"}  # only the buttons set these
APPROVERS = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"


class SlaExcuse(models.Model):
    _name = "aftersales.sla.excuse"
    _inherit = ["aftersales.frozen", "mail.thread", "mail.activity.mixin"]
    _description = "SLA Excuse"
    _order = "create_date desc, id desc"
    _rec_name = "clock_id"

    clock_id = fields.Many2one(
        "aftersales.sla.clock", string="Breached Clock", required=True, index=True, ondelete="restrict",
        domain=[("state", "=", "breached"), ("excused", "=", False)])
    contract_id = fields.Many2one(related="clock_id.contract_id", store=True, index=True)
    request_id = fields.Many2one(related="clock_id.request_id", store=True, index=True)
    company_id = fields.Many2one(related="clock_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="clock_id.partner_id", string="Customer")
    due_at = fields.Datetime(related="clock_id.due_at", string="Due")
    reading_text = fields.Char(related="clock_id.reading_text", string="Late by")
    reason = fields.Selection(REASONS, required=True, default="customer", tracking=True)
    kind = fields.Selection(
        [("excused", "Excused"), ("waived", "Waived")], required=True, default="excused", tracking=True,
        help="Excused: the cause was not ours. Waived: the customer lets it pass. Both leave the compliance rate.")
    evidence = fields.Html(help="What proves it. The statement prints it.")
    attachment_ids = fields.Many2many("ir.attachment", string="Files", help="Documents that prove it.")
    requested_by_id = fields.Many2one(
        "res.users", string="Requested by", required=True, readonly=True, default=lambda self: self.env.user)
    approved_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    approved_at = fields.Datetime(string="Decided", readonly=True, copy=False)
    state = fields.Selection(
        [("proposed", "Proposed"), ("approved", "Approved"), ("refused", "Refused")], required=True, readonly=True,
        default="proposed", copy=False, tracking=True, index=True, group_expand=True)
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _two_people = models.Constraint(
        "CHECK(approved_by_id IS NULL OR approved_by_id <> requested_by_id)",
        "Who requests an excuse cannot decide on it.")
    _decided = models.Constraint(
        "CHECK(state = 'proposed' OR approved_by_id IS NOT NULL)", "A decided excuse names who decided.")
    _one_alive = models.UniqueIndex(
        "(clock_id) WHERE state <> 'refused'", "This breach has an excuse already.")

    @api.depends("clock_id", "reason")
    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for excuse in self:
            excuse.display_name = f"{excuse.clock_id.display_name} · {reasons.get(excuse.reason, '')}"

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        allowed = self.env.user.has_groups(APPROVERS)
        for excuse in self:
            excuse.may_decide = allowed and excuse.state == "proposed" and excuse.requested_by_id != self.env.user

    def _frozen(self):
        return self.filtered(lambda excuse: excuse.state != "proposed")

    def _refuse_frozen(self):
        if self._frozen():
            raise UserError(self.env._(
                "Excuse %s is decided and does not change: it is part of the proof.", self._frozen()[:1].display_name))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(DECIDES & set(vals) for vals in vals_list):
            raise UserError(self.env._("An excuse is proposed in your own name, and decided by somebody else."))
        excuses = super().create(vals_list)
        excuses._check_breached()
        excuses._show_files()
        return excuses

    def write(self, vals):
        if DECIDES & set(vals):
            raise UserError(self.env._("An excuse is decided only through its buttons."))
        result = super().write(vals)
        if "clock_id" in vals:
            self._check_breached()
        if "attachment_ids" in vals:
            self._show_files()
        return result

    def _show_files(self):
        """Who may read the excuse may read its files; an upload is its uploader's until it belongs to a record."""
        for excuse in self:
            own = excuse.attachment_ids.sudo().filtered(lambda f: not f.res_id and f.create_uid == self.env.user)
            own.write({"res_model": self._name, "res_id": excuse.id})

    def _check_breached(self):
        for excuse in self:
            if excuse.clock_id.state != "breached":
                raise ValidationError(self.env._(
                    "%s is not breached: there is nothing to excuse.", excuse.clock_id.display_name))
            if not excuse.contract_id:
                raise ValidationError(self.env._("%s belongs to no contract.", excuse.clock_id.display_name))

    # --- decision --------------------------------------------------------------------------------------------

    def action_approve(self):
        """Take these breaches out of the rate. The breach itself stays, and so does what closed statements say."""
        self._check_may_decide()
        self._check_breached()
        for excuse in self:
            if is_html_empty(excuse.evidence) and not excuse.attachment_ids:
                raise UserError(self.env._("%s has no evidence yet: add a text or a file.", excuse.display_name))
        self._decide("approved")
        self.clock_id.sudo().write({"excused": True})  # a clock is a result: nobody has the right to write it
        contracts = self.contract_id.sudo()
        self.env["aftersales.compliance"].sudo()._bring_up_to_date(contracts)

    def action_refuse(self):
        self._check_may_decide()
        self._decide("refused")

    def _decide(self, state):
        self.sudo()._write_unguarded(
            {"state": state, "approved_by_id": self.env.uid, "approved_at": fields.Datetime.now()})
        self.flush_recordset()

    def _check_may_decide(self):
        if not self.env.user.has_groups(APPROVERS):
            raise AccessError(self.env._("Only finance or an administrator decides on an excuse."))
        self.check_access("read")
        self.check_access("write")
        for excuse in self:
            if excuse.state != "proposed":
                raise UserError(self.env._("Excuse %s is decided already.", excuse.display_name))
            if excuse.requested_by_id == self.env.user:
                raise AccessError(self.env._("You requested this excuse: somebody else must decide on it."))
