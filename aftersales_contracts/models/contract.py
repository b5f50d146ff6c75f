"""Contract: who promised which service to whom, on which calendar, for how long."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import lifecycle
from .frozen import is_uninstalling

STATES = [
    ("draft", "Draft"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("expired", "Expired"),
    ("terminated", "Terminated"),
]
SERVICE_MODES = [
    ("in_house", "In-house"),
    ("outsourced", "Outsourced"),
    ("hybrid", "Hybrid"),
    ("authorised", "Authorised"),
    ("self_service", "Self-service"),
]
LOCKED = {"partner_id", "company_id", "currency_id", "date_start"}  # what both sides signed: fixed from activation on


class Contract(models.Model):
    _name = "aftersales.contract"
    _description = "Service Contract"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, name desc, id desc"
    _rec_names_search = ["name", "title", "partner_id.name"]
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/", index="trigram")
    title = fields.Char(required=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, tracking=True, check_company=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, tracking=True)
    user_id = fields.Many2one(
        "res.users", string="Account Manager", default=lambda self: self.env.user, index=True, tracking=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, tracking=True)
    date_start = fields.Date(string="First Day", required=True, default=fields.Date.context_today, tracking=True)
    date_end = fields.Date(
        string="Last Day", tracking=True, help="The last day of the contract; empty: open-ended.")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, tracking=True, index=True)
    service_mode = fields.Selection(SERVICE_MODES, required=True, default="in_house", tracking=True)
    tier_ids = fields.Many2many("aftersales.support.tier", string="Support Tiers", help="Empty: every tier.")
    type_ids = fields.Many2many("aftersales.request.type", string="Request Types", help="Empty: every type.")
    product_ids = fields.Many2many("product.product", string="Covered Products", help="Empty: every product.")
    calendar_id = fields.Many2one(
        "resource.calendar", string="Working Schedule", help="Empty: the schedule of the SLA policy.")
    policy_id = fields.Many2one(
        "aftersales.sla.policy", string="SLA Policy", tracking=True, check_company=True, index=True)
    dealer_id = fields.Many2one("res.partner", check_company=True, tracking=True,
                                help="The authorised provider that serves this contract.")
    team_id = fields.Many2one("aftersales.team", string="Service Team", check_company=True)
    asset_ids = fields.One2many("aftersales.asset", "contract_id", string="Covered Assets")
    request_ids = fields.One2many("aftersales.request", "contract_id", string="Service Requests")
    clock_ids = fields.One2many("aftersales.sla.clock", "contract_id", string="Clocks")
    statement_period = fields.Selection(
        [("month", "Monthly"), ("quarter", "Quarterly"), ("year", "Yearly")], required=True, default="month")
    statement_contact_ids = fields.Many2many(
        "res.partner", "aftersales_contract_statement_contact", string="Statement Contacts",
        help="Who receives the statements by e-mail; empty: the customer.")
    note = fields.Html(string="Notes", groups="base.group_user", help="Internal: not shown in the portal.")
    active = fields.Boolean(default=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two contracts of a company cannot have the same number.")
    _dates_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)", "A contract cannot end before it starts.")

    @api.depends("name", "title")
    def _compute_display_name(self):
        for contract in self:
            named = contract.name and contract.name != "/"
            contract.display_name = f"{contract.name} {contract.title}" if named else contract.title

    def _compute_access_url(self):
        super()._compute_access_url()
        for contract in self:
            contract.access_url = f"/my/contracts/{contract.id}"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("state", "draft") != "draft" and not self.env.su:
                raise UserError(self.env._("A new contract starts as a draft: create it, then activate it."))
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                sequence = self.env["ir.sequence"].with_company(company)
                vals["name"] = sequence.next_by_code("aftersales.contract", vals.get("date_start")) or "/"
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals:
            raise UserError(self.env._("The state of a contract changes only through its buttons."))
        locked = LOCKED & set(vals)
        if locked:
            self._refuse_locked(vals, locked)
        result = super().write(vals)
        if {"policy_id", "calendar_id"} & set(vals):
            self.request_ids._follow_contract()
        return result

    def _refuse_locked(self, vals, names):
        for contract in self.filtered(lambda c: c.state != "draft"):
            for name in sorted(names):
                field = self._fields[name]
                if field.convert_to_cache(vals[name], contract) != field.convert_to_cache(contract[name], contract):
                    raise UserError(self.env._(
                        "%(field)s of contract %(name)s is fixed since its activation. "
                        "Terminate the contract and sign a new one instead.",
                        field=field._description_string(self.env), name=contract.name))

    def unlink(self):
        """Drafts only; not by ``ondelete``, whose exception for uninstalling a remote call can claim as well."""
        if not is_uninstalling(self.env):
            self.filtered(lambda contract: contract.state != "draft")._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        if self:
            raise UserError(self.env._(
                "Contract %s is not a draft any more. Terminate or archive it instead.", self[0].name))

    # --- lifecycle -------------------------------------------------------------------------------------------

    def _transition(self, action):
        """Move every contract by ``action``; raises UserError naming the contract, its state and what is possible."""
        for contract in self:
            try:
                state = lifecycle.move(contract.state, action)
            except lifecycle.ForbiddenTransition as error:
                raise UserError(self.env._(
                    "Contract %(name)s: %(reason)s.", name=contract.display_name, reason=error)) from error
            # Past the guard of write, which refuses a state from anywhere else.
            values = {"state": state, **contract._ending(action)}
            super(Contract, contract).write(values)  # pylint: disable=super-method-mismatch

    def _ending(self, action):
        """Values that an action brings along: a terminated contract ends today, unless it ended before."""
        today = self._local_today()
        if action == "terminate" and (not self.date_end or self.date_end > today):
            return {"date_end": max(today, self.date_start)}
        return {}

    def action_activate(self):
        self.check_access("write")
        self._check_complete()
        self._transition("activate")

    def action_suspend(self):
        self.check_access("write")
        self._transition("suspend")

    def action_resume(self):
        self.check_access("write")
        self._transition("resume")

    def action_terminate(self):
        self.check_access("write")
        self._transition("terminate")

    def _check_complete(self):
        """Raise ValidationError listing everything that a contract lacks before it can be activated."""
        for contract in self:
            missing = []
            if not contract.policy_id:
                missing.append(self.env._("an SLA policy"))
            elif not contract.policy_id.target_ids:
                missing.append(self.env._("SLA targets in policy %s", contract.policy_id.name))
            if contract.service_mode == "authorised" and not contract.dealer_id:
                missing.append(self.env._("the dealer that serves it"))
            if missing:
                raise ValidationError(self.env._(
                    "Contract %(name)s cannot be activated. It lacks: %(missing)s.",
                    name=contract.display_name, missing=", ".join(missing)))
            calendar = contract.calendar_id or contract.policy_id.calendar_id
            calendar._check_clockable(contract.policy_id)

    @api.model
    def _cron_expire(self, today=None, dry_run=False):
        """Expire the contracts whose last day has passed in their own zone. Returns the contracts concerned.

        :param today: the day to judge all of them by; empty: each by the day it is in its zone
        """
        ended = self.search([("state", "in", lifecycle.LIVE), ("date_end", "<=", today or fields.Date.today())])
        ended = ended.filtered(lambda contract: contract.date_end < (today or contract._local_today()))
        if not dry_run:
            ended._transition("expire")
        return ended

    def _zone(self):
        """IANA zone of the contract: of its schedule, which both sides agreed on."""
        self.ensure_one()
        return (self.calendar_id or self.policy_id.calendar_id or self.company_id.resource_calendar_id).tz or "UTC"

    def _local_today(self):
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self._zone()))

    def _terms_calendar(self, country=None):
        """The schedule that a request from ``country`` under this contract is measured on; empty without a policy."""
        self.ensure_one()
        if not self.policy_id:
            return self.calendar_id
        return self.policy_id._calendar_for(country, self.calendar_id)
