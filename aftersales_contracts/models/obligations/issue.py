"""Issue: the channel for what goes wrong with a contract itself. A dispute holds renewals and penalties."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

KINDS = [
    ("issue", "Issue"),
    ("dispute", "Dispute"),
    ("improvement", "Improvement"),
]
STATES = [
    ("open", "Open"),
    ("resolved", "Resolved"),
    ("withdrawn", "Withdrawn"),
]
DECIDERS = "aftersales_contracts.group_account_manager,aftersales_contracts.group_legal"


class Issue(models.Model):
    _name = "aftersales.issue"
    _inherit = ["aftersales.guarded", "aftersales.handled", "mail.thread", "mail.activity.mixin"]
    _description = "Contract Issue"
    _order = "opened_on desc, id desc"
    _guarded = {"state": "open", "settled_on": False, "settled_by_id": False, "resolution": False}

    name = fields.Char(string="Issue", required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="issue", tracking=True)
    contract_id = fields.Many2one(
        "aftersales.contract", required=True, index=True, ondelete="cascade",
        domain=[("is_template", "=", False), ("amends_id", "=", False)])
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Partner", store=True, index=True)
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    contact_id = fields.Many2one(
        "res.partner", domain="[('commercial_partner_id', '=', partner_id)]",
        help="Who of the other side raised it and is to be answered.")
    breach_id = fields.Many2one(
        "aftersales.breach", index="btree_not_null", ondelete="restrict",
        domain="[('contract_id', '=', contract_id)]")
    user_id = fields.Many2one(
        "res.users", string="Owner", default=lambda self: self.env.user, index=True, tracking=True,
        domain=[("share", "=", False)])
    description = fields.Text(required=True, help="What is claimed, and on which clause it rests.")
    opened_on = fields.Date(string="Opened", required=True, default=fields.Date.context_today)
    date_due = fields.Date(string="Answer by", index="btree_not_null", tracking=True)
    holds = fields.Boolean(
        string="Holds Renewals and Penalties", compute="_compute_holds", store=True, readonly=False, precompute=True,
        tracking=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", copy=False, index=True, tracking=True)
    resolution = fields.Text(readonly=True, copy=False)
    settled_on = fields.Date(string="Settled", readonly=True, copy=False)
    settled_by_id = fields.Many2one("res.users", string="Settled by", readonly=True, copy=False)

    @api.depends("kind")
    def _compute_holds(self):
        for issue in self:
            issue.holds = issue.kind == "dispute"

    @api.constrains("contract_id", "breach_id")
    def _check_breach(self):
        for issue in self:
            if issue.breach_id and issue.breach_id.contract_id != issue.contract_id:
                raise ValidationError(self.env._(
                    "Issue %(name)s: breach %(breach)s belongs to another contract.",
                    name=issue.name, breach=issue.breach_id.display_name))

    def write(self, vals):
        if set(vals) & {"name", "kind", "contract_id", "breach_id", "description", "opened_on", "holds"}:
            for issue in self.filtered(lambda i: i.state != "open"):
                raise UserError(self.env._("Issue %s is settled and stays as it was.", issue.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for issue in self.filtered(lambda i: i.state != "open" or i.kind == "dispute" or i.breach_id):
            raise UserError(self.env._("Issue %s stays. Settle or withdraw it.", issue.display_name))

    def action_resolve(self, resolution=None):
        """Settle it, saying how; a disputed breach stands where it stood."""
        self._settle("resolved", resolution)
        self.breach_id.sudo()._dispute_settled(stands=True)  # who may settle the dispute was checked

    def action_concede(self, resolution=None):
        """Settle a dispute in favour of who raised it: the disputed breach is waived."""
        self._settle("resolved", resolution)
        self.breach_id.sudo()._dispute_settled(stands=False)  # who may settle the dispute was checked

    def action_withdraw(self, resolution=None):
        """Whoever raised it took it back: a disputed breach stands where it stood."""
        self._settle("withdrawn", resolution)
        self.breach_id.sudo()._dispute_settled(stands=True)  # who may settle the dispute was checked

    def _settle(self, state, resolution):
        if not self.env.user.has_groups(DECIDERS):
            raise AccessError(self.env._("Only an account manager or legal settles an issue."))
        self.check_access("write")
        resolution = self._check_reason(resolution)
        for issue in self:
            if issue.state != "open":
                raise UserError(self.env._("Issue %s is settled already.", issue.display_name))
            issue._write_guarded({"state": state, "resolution": resolution, "settled_on": issue._today(),
                                  "settled_by_id": self.env.uid})
        self.env["aftersales.reminder"]._settled("issue", self)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    issue_ids = fields.One2many("aftersales.issue", "contract_id", string="Issues", copy=False)
    disputed = fields.Boolean(
        compute="_compute_disputed", store=True, copy=False, help="An open dispute holds renewals and penalties.")

    @api.depends("issue_ids.state", "issue_ids.holds")
    def _compute_disputed(self):
        for contract in self:
            contract.disputed = any(issue.state == "open" and issue.holds for issue in contract.issue_ids)

    def _disputed(self):
        """Those of the contracts whose renewal and penalties wait for the end of a dispute."""
        return self.filtered("disputed")
