"""Party: somebody with a role in a contract, for how long, from where, in which zone, and whether they may sign."""

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import UserError

from ..common.frozen import is_uninstalling

ROLES = [
    ("customer", "Customer"),
    ("provider", "Provider"),
    ("dealer", "Dealer"),
    ("payer", "Payer"),
    ("signatory", "Signatory"),
    ("subprocessor", "Sub-processor"),
]
EXECUTING = ("provider", "dealer")  # the roles that can serve a cell of the scope
LOCATIONS = [("on_shore", "On-shore"), ("near_shore", "Near-shore"), ("off_shore", "Off-shore")]
SPECIALTIES = [
    ("support", "Technical Support"),
    ("service", "Field Service"),
    ("repair", "Repair"),
    ("parts", "Spare Parts"),
    ("returns", "Returns"),
    ("care", "Customer Care"),
]
HELD = ("is_main", "partner_id", "role")  # of the contract's own partner: they follow the contract


class ContractParty(models.Model):
    """The contract's own partner is its main party: made with the contract, it follows it and is never typed twice."""

    _name = "aftersales.contract.party"
    _inherit = "aftersales.paper.row"
    _description = "Contract Party"
    _order = "contract_id, is_main desc, sign_order, id"
    _rec_names_search = ["partner_id.name"]
    _check_company_auto = True
    _paper_group = "parties"
    _paper_fields = (
        "partner_id", "role", "is_main", "specialty", "location", "tz", "may_sign", "sign_order", "date_start",
        "date_end")

    partner_id = fields.Many2one(
        "res.partner", string="Party", required=True, index=True, check_company=True, ondelete="restrict")
    role = fields.Selection(ROLES, required=True, default="provider")
    is_main = fields.Boolean(
        string="The Other Side", readonly=True, help="The contract's own partner; it changes with the contract.")
    specialty = fields.Selection(SPECIALTIES, help="What a provider is there for; empty: everything in its scope.")
    location = fields.Selection(LOCATIONS, required=True, default="on_shore", help="From where it serves.")
    tz = fields.Selection(
        _tz_get, string="Time Zone", compute="_compute_tz", store=True, readonly=False, precompute=True,
        help="The zone in which this party's days begin and end; empty: the contract's.")
    may_sign = fields.Boolean(
        compute="_compute_may_sign", store=True, readonly=False, precompute=True,
        help="Has the authority to sign this contract.")
    sign_order = fields.Integer(default=10, aggregator=None, help="Who signs first: the lower number.")
    side = fields.Selection(
        [("us", "Our Side"), ("them", "Other Side")], compute="_compute_side",
        help="Our side: our company and its people.")
    date_start = fields.Date(string="From", help="The first day in this role; empty: as the contract.")
    date_end = fields.Date(string="Until", help="The last day in this role; empty: as the contract.")
    state = fields.Selection(related="contract_id.state", string="Contract State")

    _one_main = models.UniqueIndex("(contract_id) WHERE is_main", "A contract has one main party.")
    _dates_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A party's role cannot end before it starts.")

    @api.depends("partner_id", "role")
    @api.depends_context("lang")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for party in self:
            party.display_name = f"{party.partner_id.display_name} ({roles.get(party.role, '')})"

    @api.depends("partner_id")
    def _compute_tz(self):
        for party in self:
            party.tz = party.tz or party.partner_id.tz or party.partner_id.commercial_partner_id.tz

    @api.depends("role")
    def _compute_may_sign(self):
        for party in self:
            party.may_sign = party.may_sign or party.role == "signatory"

    @api.depends("partner_id.commercial_partner_id", "contract_id.company_id.partner_id")
    def _compute_side(self):
        for party in self:
            ours = party.contract_id.company_id.partner_id.commercial_partner_id
            party.side = "us" if ours and party.partner_id.commercial_partner_id == ours else "them"

    def _on(self, day):
        """The parties that have their role on ``day`` (a date): their own dates; empty ones follow the contract."""
        return self.filtered(
            lambda party: (not party.date_start or party.date_start <= day)
            and (not party.date_end or day <= party.date_end))

    # --- what stays as it is -------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        parties = super().create(vals_list)
        parties.contract_id._check_sourcing()
        return parties

    def write(self, vals):
        held = [name for name in HELD if name in vals]
        for party in self if held else ():
            if party.is_main or "is_main" in vals:
                party._refuse_held(vals, held)
        result = super().write(vals)
        self.contract_id._check_sourcing()
        return result

    def _refuse_held(self, vals, names):
        for name in names:
            field = self._fields[name]
            if field.convert_to_cache(vals[name], self) != field.convert_to_cache(self[name], self):
                raise UserError(self.env._(
                    "%(party)s is the contract's own partner: change the partner or the type of contract %(contract)s "
                    "and its main party follows.", party=self.display_name, contract=self.contract_id.display_name))

    def unlink(self):
        if not is_uninstalling(self.env):
            for party in self:
                party._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        if self.is_main and self.contract_id.partner_id:
            raise UserError(self.env._(
                "%(party)s is the other side of contract %(contract)s and stays in it.",
                party=self.display_name, contract=self.contract_id.display_name))
        lines = self.contract_id.scope_ids.filtered(lambda line: line.party_id == self)
        if lines:
            raise UserError(self.env._(
                "%(party)s executes the scope line %(line)s of contract %(contract)s. Give the line to somebody else "
                "first.", party=self.display_name, line=lines[0].display_name,
                contract=self.contract_id.display_name))
