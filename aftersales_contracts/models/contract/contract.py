"""Contract: who promised which service to whom, on which calendar, for how long."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..common.frozen import is_uninstalling
from .contract_type import KINDS

STATES = [
    ("draft", "Draft"),
    ("review", "In Review"),
    ("approved", "Approved"),
    ("signed", "Signed"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("notice", "Under Notice"),
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
SOURCING = [("single", "Single Vendor"), ("multi_vendor", "Multi-vendor")]


class Contract(models.Model):
    _name = "aftersales.contract"
    _description = "Service Contract"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, name desc, id desc"
    _rec_names_search = ["name", "title", "partner_id.name"]
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/", index="trigram")
    title = fields.Char(required=True, tracking=True)
    contract_type_id = fields.Many2one(
        "aftersales.contract.type", string="Type", index=True, tracking=True, check_company=True, ondelete="restrict",
        default=lambda self: self.env.ref("aftersales_contracts.contract_type_customer", raise_if_not_found=False))
    kind = fields.Selection(KINDS, compute="_compute_kind", store=True, precompute=True, index=True)
    is_template = fields.Boolean(
        string="Template", copy=False, readonly=True, help="A model to make contracts from; never in force itself.")
    template_id = fields.Many2one(
        "aftersales.contract", string="Made from", readonly=True, copy=False, index="btree_not_null",
        domain=[("is_template", "=", True)], ondelete="set null")
    amends_id = fields.Many2one(
        "aftersales.contract", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        check_company=True, help="This is the draft of an amendment of that contract.")
    partner_id = fields.Many2one(
        "res.partner", index=True, tracking=True, check_company=True,
        help="The other side: the customer, the provider or the dealer, by type.")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), string="Language", compute="_compute_lang", store=True,
        readonly=False, help="The language of the document.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, tracking=True)
    user_id = fields.Many2one(
        "res.users", string="Account Manager", default=lambda self: self.env.user, index=True, tracking=True)
    finance_user_id = fields.Many2one("res.users", string="Finance Clerk", index="btree_not_null", tracking=True)
    legal_user_id = fields.Many2one("res.users", string="Legal Counsel", index="btree_not_null", tracking=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, tracking=True)
    date_start = fields.Date(string="First Day", required=True, default=fields.Date.context_today, tracking=True)
    date_end = fields.Date(
        string="Last Day", tracking=True, help="The last day of the contract; empty: open-ended.")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, tracking=True, index=True,
        group_expand="_expand_states")
    service_mode = fields.Selection(SERVICE_MODES, required=True, default="in_house", tracking=True)
    sourcing = fields.Selection(SOURCING, required=True, default="single", tracking=True)
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

    _partner_needed = models.Constraint(
        "CHECK(is_template IS TRUE OR partner_id IS NOT NULL)", "A contract needs its other side: fill in the partner.")

    @api.model
    def _expand_states(self, states, _domain):
        """Columns in the order of life, those with a contract."""
        return [key for key, _label in STATES if key in states]

    @api.depends("contract_type_id.kind")
    def _compute_kind(self):
        for contract in self:
            contract.kind = contract.contract_type_id.kind or "customer"

    @api.depends("partner_id")
    def _compute_lang(self):
        for contract in self:
            contract.lang = contract.lang or contract.partner_id.lang or self.env.lang

    @api.model
    def _real(self):
        """Domain of contracts proper: neither templates nor drafts of amendments."""
        return Domain("is_template", "=", False) & Domain("amends_id", "=", False)

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
            if vals.get("state", "draft") != "draft":
                raise UserError(self.env._(
                    "A new contract starts as a draft: create it, then submit it for review."))
            if vals.get("name", "/") == "/" and not vals.get("is_template"):
                company = vals.get("company_id") or self.env.company.id
                sequence = self.env["ir.sequence"].with_company(company)
                vals["name"] = sequence.next_by_code("aftersales.contract", vals.get("date_start")) or "/"
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        if "state" in vals:
            raise UserError(self.env._("The state of a contract changes only through its buttons."))
        self._refuse_locked(vals)
        return self._write_unlocked(vals)

    def _write_unlocked(self, vals):
        """Write past the lock of the paper: for the actions of the lifecycle and for amendments only."""
        result = super().write(vals)  # pylint: disable=super-method-mismatch
        if {"policy_id", "calendar_id"} & set(vals):
            self.request_ids._follow_contract()
        return result

    def unlink(self):
        """Drafts only; not by ``ondelete``, whose exception for uninstalling a remote call can claim as well."""
        if not is_uninstalling(self.env):
            self.filtered(lambda contract: contract.state != "draft")._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        if self:
            raise UserError(self.env._(
                "Contract %s is not a draft any more. Terminate or archive it instead.", self[0].name))

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
