"""The scope of a contract: the matrix of service type x tier x region, its gaps, and who executes a request."""

from collections import Counter
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.scope import overlaps, scope_matrix

ASKS_FOR_SCOPE = ("outsourced", "hybrid", "authorised")
ELSEWHERE = "*"  # the word for places that no region of the contract names


class Executor(NamedTuple):
    """Who serves: ``partner`` (empty where nobody does), ``team``, the scope ``line`` that says so, and the reason."""

    partner: Any
    team: Any
    line: Any
    reason: str


class Contract(models.Model):
    _inherit = "aftersales.contract"

    scope_ids = fields.One2many("aftersales.scope.line", "contract_id", string="Scope of Service", copy=True)
    # Rows, columns and cells for the widget of the form: see ``_scope_board``.
    scope_matrix = fields.Json(compute="_compute_scope_matrix")
    scope_gap_count = fields.Integer(string="Scope Gaps", compute="_compute_scope_matrix")

    @api.model
    def _paper_rows(self):
        return {**super()._paper_rows(), "scope": "scope_ids"}

    @api.depends("scope_ids.type_id", "scope_ids.tier_id", "scope_ids.region_id", "scope_ids.executor_id",
                 "scope_ids.team_id", "party_ids.partner_id", "party_ids.role", "party_ids.date_start",
                 "party_ids.date_end", "type_ids", "tier_ids", "company_id")
    @api.depends_context("lang")
    def _compute_scope_matrix(self):
        for contract in self:
            contract.scope_matrix = board = contract._scope_board() if contract.scope_ids else False
            contract.scope_gap_count = board["gaps"] if board else 0

    # --- the engine's view -----------------------------------------------------------------------------------------

    def _scope_words(self):
        """({word: service type}, {word: tier}, {word: region}) of the matrix, in the order of reading.

        Types and tiers: those of the contract, else all, and always those that a line names (one may be archived by
        now). Regions: those of the lines; the rest of the world (an empty region) counts where a line leaves it open.
        """
        self.ensure_one()
        lines = self.scope_ids
        Type, Tier = self.env["aftersales.request.type"], self.env["aftersales.support.tier"]
        # a handful of each  # pylint: disable=no-search-all
        types = (self.type_ids or Type.search([])) | lines.type_id
        tiers = (self.tier_ids or Tier.search([])) | lines.tier_id
        regions = {str(region._origin.id): region for region in lines.region_id.sorted()}
        if not regions or any(not line.region_id for line in lines):
            regions[ELSEWHERE] = self.env["aftersales.region"]
        return (
            {str(one._origin.id): one for one in types.sorted()}, {str(one._origin.id): one for one in tiers.sorted()},
            regions)

    def _conflicts(self, words):
        """{cell: its lines} of the cells with several lines."""
        return overlaps([line._engine_line() for line in self.scope_ids], *words)

    def _check_scope(self):
        """Raise ValidationError naming the two lines and the cell that both serve."""
        for contract in self:
            words = contract._scope_words()
            for cell, (first, second, *_more) in contract._conflicts(words).items():
                raise ValidationError(self.env._(
                    "Scope of contract %(contract)s: the lines %(first)s and %(second)s both serve %(cell)s. A cell "
                    "has one executor: narrow or remove one of them.", contract=contract.display_name,
                    first=first.display_name, second=second.display_name, cell=contract._cell_text(cell, words)))

    def _cell_text(self, cell, words):
        type_, tier, region = (one[word] for one, word in zip(words, cell, strict=True))
        return " · ".join((type_.name, tier.code, region.name or self._elsewhere_text(words)))

    def _elsewhere_text(self, words):
        return self.env._("elsewhere") if len(words[2]) > 1 else self.env._("everywhere")

    def _scope(self, words):
        """The engine's matrix of the lines that stand in no conflict (a stored scope has none)."""
        torn = {line for found in self._conflicts(words).values() for line in found}
        return scope_matrix([line._engine_line() for line in self.scope_ids if line not in torn], *words)

    def _executor_shares(self):
        """Counter {executing partner (empty: we): cells}, over the cells that somebody executes."""
        self.ensure_one()
        if not self.scope_ids:
            return Counter()
        return Counter(line.executor for line in self._scope(self._scope_words()).cells.values())

    # --- for the form ------------------------------------------------------------------------------------------------

    def _scope_board(self):
        """{tiers: [{name}], regions: [names], rows: [{name, cells}], legend, gaps, conflicts, covered, cells}.

        The cells of a row (a service type) go through the regions within each tier; a cell is {kind: us, party, gap or
        conflict, name, team, colour: place in the legend, title}.
        """
        words = types, tiers, regions = self._scope_words()
        conflicts, matrix = self._conflicts(words), self._scope(words)
        shares = self._executor_shares()
        order = [party for party, _count in sorted(
            shares.items(), key=lambda item: (bool(item[0]), -item[1], item[0].display_name or ""))]
        rows = [
            {"name": types[service].name, "cells": [
                self._board_cell((service, tier, region), matrix, conflicts, order, words)
                for tier in tiers for region in regions]}
            for service in types]
        ours = self.company_id.partner_id
        return {
            "tiers": [{"name": tier.display_name} for tier in tiers.values()],
            "regions": [region.name or self._elsewhere_text(words) for region in regions.values()],
            "rows": rows,
            "legend": [
                {"name": (party or ours).display_name, "us": not party, "colour": place, "cells": shares[party]}
                for place, party in enumerate(order)],
            "gaps": len(matrix.gaps) - len(set(matrix.gaps) & set(conflicts)),
            "conflicts": len(conflicts), "covered": len(matrix.cells), "cells": len(matrix.cells) + len(matrix.gaps),
        }

    def _board_cell(self, cell, matrix, conflicts, order, words):
        text = self._cell_text(cell, words)
        if cell in conflicts:
            names = " / ".join(line._executor_name() for line in conflicts[cell])
            return {"kind": "conflict", "name": self.env._("Two lines"), "title": f"{text}: {names}"}
        line = matrix.cells[cell].key if cell in matrix.cells else None
        if not line:
            return {"kind": "gap", "name": self.env._("Gap"), "title": self.env._("%s: nobody executes this", text)}
        name, team = line._executor_name(), (line.team_id or self.team_id).display_name
        return {
            "kind": "party" if line.executor_id else "us", "name": name, "team": team or "",
            "colour": order.index(line.executor_id), "title": f"{text}: {name}"}

    def _activation_gaps(self):
        gaps = super()._activation_gaps()
        asked = self.contract_type_id.needs_scope or (self.kind == "customer" and self.service_mode in ASKS_FOR_SCOPE)
        if asked and not self.scope_ids:
            gaps.append(self.env._("its scope of service (who executes what)"))
        for line in self.scope_ids.filtered(lambda line: line.executor_id and not line.party_id):
            gaps.append(self.env._("%(executor)s, who executes %(cell)s, among its providers and dealers",
                                   executor=line.executor_id.display_name, cell=line._cell_text()))
        return gaps

    def _draft_warnings(self):
        warnings = super()._draft_warnings()
        for line in self.scope_ids:
            if (self.type_ids and line.type_id - self.type_ids) or (self.tier_ids and line.tier_id - self.tier_ids):
                warnings.append(self.env._(
                    "Scope line %s names a service type or tier that the contract does not cover.", line.display_name))
        if self.scope_gap_count:
            warnings.append(self.env._(
                "Nobody executes %(gaps)s of %(cells)s cells of the scope: see the matrix.",
                gaps=self.scope_gap_count, cells=self.scope_matrix["cells"]))
        return warnings

    # --- who executes a request --------------------------------------------------------------------------------------

    def _executor(self, service, tier, place=None, day=None):
        """Who executes a service of this contract: `Executor`, with the reason in words.

        :param service: record of aftersales.request.type; empty: all types must agree
        :param tier: record of aftersales.support.tier; empty: the first tier, where every request begins
        :param place: record of aftersales.region, res.country or res.country.state; empty: all regions must agree
        :param day: date on which the executing party must have its role; empty: today where the contract is
        """
        self.ensure_one()
        if not self.scope_ids:
            return self._nobody("")
        words = types, tiers, regions = self._scope_words()
        tier = tier or next(iter(tiers.values()))
        if (service and service not in types.values()) or tier not in tiers.values():
            return self._nobody(self.env._(
                "Contract %(contract)s does not cover %(service)s on tier %(tier)s.", contract=self.name,
                service=service.name or self.env._("this service"), tier=tier.code))
        places = self._region_words(place, regions)
        if not places:
            return self._nobody(self.env._(
                "No region in the scope of contract %(contract)s includes %(place)s.", contract=self.name,
                place=place.display_name))
        cells = [(one, str(tier.id), other) for one in ([str(service.id)] if service else types) for other in places]
        filled = self._scope(words).cells
        found = {cell: filled[cell].key if cell in filled else None for cell in cells}
        if len({line and line.executor_id for line in found.values()}) > 1:
            names = dict.fromkeys(line._executor_name() if line else self.env._("nobody") for line in found.values())
            return self._nobody(self.env._(
                "The scope of contract %(contract)s names several executors (%(names)s): fill in the type and the "
                "country of the request.", contract=self.name, names=", ".join(names)))
        line = found[cells[0]]
        if not line:
            return self._nobody(self.env._(
                "A gap in the scope of contract %(contract)s: nobody executes %(cell)s.", contract=self.name,
                cell=self._cell_text(cells[0], words)))
        return self._executor_of(line, day or self._local_today())

    def _region_words(self, place, regions):
        """The words of the regions that ``place`` may lie in: all where it is unknown, none where the scope ends."""
        if not place:
            return list(regions)
        named = self.scope_ids.region_id._names(place)[:1]
        word = str(named.id) if named else ELSEWHERE
        return [word] if word in regions else []

    def _executor_of(self, line, day):
        party = line.party_id
        if line.executor_id and not party._on(day):
            return self._nobody(self.env._(
                "Contract %(contract)s gives %(line)s, but %(executor)s has no role in it on %(day)s.",
                contract=self.name, line=line.display_name, executor=line.executor_id.display_name, day=day))
        return Executor(
            line.executor_id or self.company_id.partner_id, line.team_id or self.team_id, line,
            self.env._("Scope of contract %(contract)s: %(line)s.", contract=self.name, line=line.display_name))

    def _nobody(self, reason):
        return Executor(self.env["res.partner"], self.env["aftersales.team"], self.env["aftersales.scope.line"], reason)
