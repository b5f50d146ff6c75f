"""What somebody should look at before a contract with penalty clauses is agreed: odd clauses, later versions, and
contracts behind it that credit us less for a failure than it costs us."""

from decimal import Decimal

from odoo import fields, models
from odoo.tools import float_repr, format_amount

from ...engine.errors import EngineError
from ...engine.penalty_exposure import exposure
from ...engine.penalty_terms import Ledger
from .penalty_component import OF_TARGETS


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _draft_warnings(self):
        return [*super()._draft_warnings(), *self._penalty_warnings(), *self._penalty_backing_warnings()]

    def _penalty_warnings(self):
        """Findings that do not block, by the fee and value of this contract; and versions that are not the latest."""
        _, found = self.env._, []
        for clause in self.penalty_clause_ids.clause_id.sudo():  # of the library that the contract may hold
            odd = {one.code: one for one in reversed(clause._lint(self)) if not one.blocks}  # one of a kind is enough
            odd.pop("no_rationale", None)
            found += [_("Penalty clause %(clause)s: %(finding)s.", clause=clause.display_name,
                        finding=clause._finding_in_words(finding)) for finding in reversed(odd.values())]
            later = clause.search([
                ("number", "=", clause.number), ("company_id", "=", clause.company_id.id), ("state", "=", "released"),
                ("version", ">", clause.version)], order="version desc", limit=1)
            if later:
                found.append(_("Of penalty clause %(clause)s there is a later version: %(later)s.",
                               clause=clause.display_name, later=later.display_name))
        return found

    def _penalty_backing_warnings(self):
        """Where what a customer may claim of us is more than what the contracts behind it credit us."""
        if self.kind != "customer" or not self.penalty_clause_ids or not self.backing_ids:
            return []
        _, behind = self.env._, self.backing_ids.sudo()  # whoever drafts the contract is told, whatever he may read
        found = [
            _("Contract %s behind this one owes no penalty for a failure that costs us one.", one.display_name)
            for one in behind if not one.penalty_clause_ids]
        ours = self.penalty_clause_ids.clause_id.sudo().component_ids
        theirs = behind.penalty_clause_ids.clause_id.component_ids
        if theirs:
            backed = {one._measured_metric() for one in theirs}
            found += [_("A missed promise of “%s” costs us a penalty; no contract behind this one pays one for it.",
                        one.name) for one in ours if one._measured_metric() and one._measured_metric() not in backed]
        return found + self._worst_case_warnings(behind)

    def _worst_case_warnings(self, behind):
        promised, backed = self._worst_penalty(self), Decimal(0)
        for contract in behind.filtered("penalty_clause_ids"):
            amount = contract._worst_penalty(self)
            backed = None if amount is None or backed is None else backed + amount
        if not backed or (promised is not None and backed >= promised):  # theirs has no limit, or was told above
            return []
        theirs = format_amount(self.env, float(backed), self.currency_id)
        if promised is None:
            return [self.env._(
                "For a period this contract may cost us penalties without a limit; those behind it credit us at most "
                "%s.", theirs)]
        return [self.env._(
            "For a period this contract may cost us penalties of %(ours)s; those behind it credit us at most "
            "%(theirs)s.", ours=format_amount(self.env, float(promised), self.currency_id), theirs=theirs)]

    def _worst_penalty(self, other):
        """The most that a full period can cost (Decimal, in the currency of contract ``other``, of today's rate); None:
        unlimited. Clauses that cannot be reckoned cost nothing here: they block the contract by themselves."""
        self.ensure_one()
        total, fee, value = Decimal(0), self._penalty_fee(), self._term_value()
        for clause in self.penalty_clause_ids.clause_id:
            try:
                worst = exposure(clause._terms(self), Ledger(), fee, value).worst
            except EngineError:
                continue
            if worst is None:
                return None
            total += worst
        if self.currency_id == other.currency_id:
            return total
        amount = self.currency_id._convert(
            float(total), other.currency_id, other.company_id or self.env.company, fields.Date.context_today(self))
        return Decimal(float_repr(amount, other.currency_id.decimal_places))


class Component(models.Model):
    _inherit = "aftersales.penalty.component"

    def _measured_metric(self):
        """The metric of the SLA targets it is about; None where it is not about targets."""
        if self.source not in OF_TARGETS:
            return None
        return self.metric or self.target_ids[:1].metric or None
