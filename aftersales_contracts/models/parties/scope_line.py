"""Scope line: a kind of service on a support tier in a region, and who executes it."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.scope import ScopeLine as Line
from .contract_party import EXECUTING


class ScopeLine(models.Model):
    """What is left open (service type, tier, region) means all of it; without an executing party we do it ourselves."""

    _name = "aftersales.scope.line"
    _inherit = "aftersales.paper.row"
    _description = "Scope of Service"
    _order = "contract_id, sequence, id"
    _check_company_auto = True
    _paper_group = "scope"
    _paper_fields = ("type_id", "tier_id", "region_id", "executor_id")

    sequence = fields.Integer(default=10)
    type_id = fields.Many2one(
        "aftersales.request.type", string="Service Type", ondelete="restrict", index="btree_not_null",
        help="Empty: every type.")
    tier_id = fields.Many2one(
        "aftersales.support.tier", string="Support Tier", ondelete="restrict", index="btree_not_null",
        help="Empty: every tier.")
    region_id = fields.Many2one(
        "aftersales.region", ondelete="restrict", index="btree_not_null", check_company=True,
        help="Empty: everywhere.")
    executor_id = fields.Many2one(
        "res.partner", string="Executed by", ondelete="restrict", index="btree_not_null", check_company=True,
        help="A provider or dealer among the parties; empty: our own company.")
    party_id = fields.Many2one("aftersales.contract.party", string="Executing Party", compute="_compute_party_id")
    team_id = fields.Many2one(
        "aftersales.team", check_company=True, index="btree_not_null",
        help="Takes the requests of these cells; empty: the team of the contract.")
    choice_ids = fields.Many2many("res.partner", compute="_compute_choice_ids", string="Possible Executors")
    state = fields.Selection(related="contract_id.state", string="Contract State")

    @api.depends("type_id", "tier_id", "region_id", "executor_id", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(cell)s: %(executor)s", cell=line._cell_text(), executor=line._executor_name())

    def _cell_text(self):
        """"Repair · L1 · everywhere": the cells of the line in words."""
        return " · ".join((
            self.type_id.name or self.env._("every service"), self.tier_id.code or self.env._("every tier"),
            self.region_id.name or self.env._("everywhere")))

    def _executor_name(self):
        executor = self.executor_id or self.contract_id.company_id.partner_id
        return executor.display_name or self.env._("our own company")

    @api.depends("executor_id", "contract_id.party_ids.partner_id", "contract_id.party_ids.role")
    def _compute_party_id(self):
        for line in self:
            line.party_id = line.contract_id.party_ids.filtered(
                lambda party, line=line: party.role in EXECUTING and party.partner_id == line.executor_id)[:1]

    @api.depends("contract_id.party_ids.partner_id", "contract_id.party_ids.role")
    def _compute_choice_ids(self):
        for line in self:
            line.choice_ids = line.contract_id.party_ids.filtered(lambda party: party.role in EXECUTING).partner_id

    def _engine_line(self):
        """The line as the engine reads it; its words are ids, those of `Contract._scope_words`."""
        return Line(
            key=self, service=_word(self.type_id), tier=_word(self.tier_id), region=_word(self.region_id),
            executor=self.executor_id)

    # --- what a scope cannot say: checked where people write; an amendment was checked as the draft it was ---------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if set(self._paper_fields) & set(vals):
            self._check()
        return result

    def _check(self):
        for line in self:
            if line.executor_id and not line.party_id:
                raise ValidationError(self.env._(
                    "Contract %(contract)s: %(executor)s executes %(cell)s, but is neither a provider nor a dealer "
                    "among its parties. Add it to the parties first.", contract=line.contract_id.display_name,
                    executor=line.executor_id.display_name, cell=line._cell_text()))
        self.contract_id._check_scope()
        self._check_places()

    def _check_places(self):
        """Two regions of one contract must not share a country or a state: nobody could say which of them counts."""
        for contract in self.contract_id:
            seen = {}
            for line in contract.scope_ids.filtered("region_id"):
                for place in (*line.region_id.country_ids, *line.region_id.state_ids):
                    other = seen.setdefault(place, line)
                    if other.region_id != line.region_id:
                        raise ValidationError(self.env._(
                            "Contract %(contract)s: the scope lines %(first)s and %(second)s both serve %(place)s, "
                            "which lies in region %(one)s and in region %(two)s.",
                            contract=contract.display_name, first=other.display_name, second=line.display_name,
                            place=place.display_name, one=other.region_id.name, two=line.region_id.name))


def _word(record):
    """The word of a dimension for the engine; None: all of it."""
    return str(record._origin.id or record.id) if record else None
