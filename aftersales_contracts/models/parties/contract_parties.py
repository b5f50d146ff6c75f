"""The parties of a contract as a whole: its own partner among them, how many providers, and what they lack."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from .contract_party import EXECUTING


class Contract(models.Model):
    _inherit = "aftersales.contract"

    party_ids = fields.One2many("aftersales.contract.party", "contract_id", string="Contract Parties", copy=True)
    concentration = fields.Float(
        compute="_compute_concentration", aggregator=None,
        help="The largest share of the executed cells of the scope that one outside party holds: 1 means that all of "
        "them depend on one vendor.")
    concentration_text = fields.Char(string="Concentration Risk", compute="_compute_concentration")

    @api.model
    def _paper_rows(self):
        return {**super()._paper_rows(), "party": "party_ids"}

    # --- the contract's own partner is a party -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create([self._with_own_parties(dict(vals)) for vals in vals_list])
        contracts._follow_partner()
        contracts._follow_dealer()
        return contracts

    @api.model
    def _with_own_parties(self, vals):
        """``vals`` with the partner and the dealer among the parties, so that scope lines of one form find them."""
        typed = [command[2] for command in vals.get("party_ids") or () if command[0] == Command.CREATE]
        own = []
        if vals.get("partner_id") and not any(party.get("is_main") for party in typed):
            kind = self._type_of(vals).kind or "customer"
            own.append({"partner_id": vals["partner_id"], "role": kind, "is_main": True})
        if vals.get("dealer_id"):
            own.append({"partner_id": vals["dealer_id"], "role": "dealer"})
        told = {(party.get("partner_id"), party.get("role")) for party in typed}
        missing = [Command.create(party) for party in own if (party["partner_id"], party["role"]) not in told]
        if missing:
            vals["party_ids"] = [*missing, *(vals.get("party_ids") or ())]
        return vals

    @api.model
    def _type_of(self, vals):
        chosen = vals["contract_type_id"] if "contract_type_id" in vals else self.default_get(
            ["contract_type_id"]).get("contract_type_id")
        return self.env["aftersales.contract.type"].browse(chosen)

    def _write_unlocked(self, vals):
        dealers = {contract: contract.dealer_id for contract in self} if "dealer_id" in vals else {}
        result = super()._write_unlocked(vals)
        if {"partner_id", "contract_type_id"} & set(vals):
            self._follow_partner()
        if dealers:
            self._follow_dealer(dealers)
        return result

    def write(self, vals):
        result = super().write(vals)
        if "sourcing" in vals:
            self._check_sourcing()
        return result

    def _follow_partner(self):
        """Give every contract its main party, and the main party the contract's partner and the role of its kind.

        A party typed in with the same partner and role becomes the main one instead of standing there twice.
        """
        missing = []
        for contract in self.filtered("partner_id"):
            wanted = {"partner_id": contract.partner_id.id, "role": contract.kind, "is_main": True}
            main = contract.party_ids.filtered("is_main") or contract.party_ids.filtered(
                lambda party, c=contract: party.partner_id == c.partner_id and party.role == c.kind)[:1]
            if not main:
                missing.append({**wanted, "contract_id": contract.id})
            elif any(main._fields[name].convert_to_write(main[name], main) != wanted[name] for name in wanted):
                # a new partner brings its own zone
                moved = main.partner_id != contract.partner_id
                main._write_unlocked({**wanted, **({"tz": contract.partner_id.tz} if moved else {})})
        self.env["aftersales.contract.party"]._create_unlocked(missing)

    def _follow_dealer(self, before=None):
        """The dealer that serves a contract is one of its parties; a changed dealer changes its party."""
        missing = []
        for contract in self.filtered("dealer_id"):
            dealers = contract.party_ids.filtered(lambda party: party.role == "dealer")
            if contract.dealer_id in dealers.partner_id:
                continue
            old = (before or {}).get(contract)
            former = dealers.filtered(lambda party, o=old: not party.is_main and party.partner_id == o)[:1]
            if former:
                former._write_unlocked({"partner_id": contract.dealer_id.id, "tz": contract.dealer_id.tz})
                contract.scope_ids.filtered(lambda line, o=old: line.executor_id == o)._write_unlocked(
                    {"executor_id": contract.dealer_id.id})
            else:
                missing.append({"contract_id": contract.id, "partner_id": contract.dealer_id.id, "role": "dealer"})
        self.env["aftersales.contract.party"]._create_unlocked(missing)

    # --- sourcing: checked where people write; an amendment was checked as the draft it was ------------------------

    def _check_sourcing(self):
        """Raise ValidationError where a contract with a single vendor has two providers on one day."""
        for contract in self.filtered(lambda contract: contract.sourcing == "single"):
            providers = contract.party_ids.filtered(lambda party: party.role == "provider")
            if len(providers) < 2:
                continue
            first, second = _together(providers)
            if first:
                raise ValidationError(self.env._(
                    "Contract %(contract)s has a single vendor, but %(first)s and %(second)s are its providers at the "
                    "same time. Choose multi-vendor sourcing, or end one role before the other begins.",
                    contract=contract.display_name, first=first.partner_id.display_name,
                    second=second.partner_id.display_name))

    @api.depends("scope_ids.executor_id", "scope_ids.type_id", "scope_ids.tier_id", "scope_ids.region_id", "sourcing",
                 "party_ids.role", "party_ids.partner_id", "type_ids", "tier_ids")
    @api.depends_context("lang")
    def _compute_concentration(self):
        for contract in self:
            shares = contract._executor_shares()
            outside = {party: count for party, count in shares.items() if party}
            largest = max(outside, key=lambda party: (outside[party], -party._origin.id)) if outside else None
            contract.concentration = outside[largest] / sum(shares.values()) if outside else 0.0
            contract.concentration_text = contract.env._(
                "%(party)s executes %(share)s of %(all)s cells of the scope (%(percent)s %%).",
                party=largest.display_name, share=outside[largest], all=sum(shares.values()),
                percent=round(100 * contract.concentration)) if outside else False

    # --- who signs, and what is missing --------------------------------------------------------------------------

    def _signatories(self, day=None):
        """The parties that may sign, in their order; ``day``: those with the authority on that day only."""
        self.ensure_one()
        parties = self.party_ids.filtered("may_sign")
        if day:
            parties = parties._on(day)
        return parties.sorted(lambda party: (party.sign_order, party._origin.id or 0))

    def _activation_gaps(self):
        gaps = super()._activation_gaps()
        if self.contract_type_id.needs_signatory:
            sides = set(self._signatories().mapped("side"))
            if "us" not in sides:
                gaps.append(self.env._("somebody of our side who may sign"))
            if "them" not in sides:
                gaps.append(self.env._("somebody of the other side who may sign"))
        return gaps

    def _draft_warnings(self):
        warnings = super()._draft_warnings()
        for party in self.party_ids.filtered(lambda party: not party.partner_id.active):
            warnings.append(self.env._("Party %s is archived in the contacts.", party.display_name))
        for party, twin in _twins(self.party_ids):
            warnings.append(self.env._(
                "%(party)s stands in the parties twice: %(first)s and %(second)s. Remove one of them.",
                party=party.partner_id.display_name, first=party.display_name, second=twin.display_name))
        experts = defaultdict(list)
        for party in self.party_ids.filtered(lambda party: party.role in EXECUTING and party.specialty):
            experts[party.specialty].append(party.partner_id.display_name)
        words = dict(self.env["aftersales.contract.party"]._fields["specialty"]._description_selection(self.env))
        warnings += [
            self.env._("%(parties)s are all there for %(specialty)s.", parties=", ".join(names),
                       specialty=words[specialty])
            for specialty, names in experts.items() if len(names) > 1]
        if self.sourcing == "multi_vendor" and self.concentration == 1:
            warnings.append(self.env._("Multi-vendor in name only: %s", self.concentration_text))
        return warnings


def _together(parties):
    """The first two parties of different companies whose days meet, or (None, None)."""
    for place, first in enumerate(parties):
        for second in parties[place + 1:]:
            companies = (first | second).partner_id.commercial_partner_id
            if len(companies) > 1 and _meet(first, second):
                return first, second
    return None, None


def _twins(parties):
    """Pairs of parties with the same partner and role on the same days, such as a merge of two contacts leaves."""
    return [
        (first, second) for place, first in enumerate(parties) for second in parties[place + 1:]
        if first.partner_id == second.partner_id and first.role == second.role and _meet(first, second)]


def _meet(first, second):
    return (not first.date_end or not second.date_start or second.date_start <= first.date_end) and (
        not second.date_end or not first.date_start or first.date_start <= second.date_end)
