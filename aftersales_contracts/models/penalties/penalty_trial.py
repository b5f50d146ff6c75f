"""What if: what other terms would have come to in past periods. Everything is read and reckoned, nothing is written.

Facts are those that the penalties of the period were reckoned from, late ones included; where there is no such penalty
they are read again from the closed statements, or from what the provider did. Periods of a contract are taken in their
order, so that caps of a year or of the term, what is carried and what is earned back run through them as they would
have.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine import penalty as engine_penalty
from ...engine import penalty_terms as engine
from ...engine.errors import EngineError
from .penalty_assess import _needs_value
from .penalty_facts import Unit, _retargeted
from .penalty_inputs import revive
from .penalty_ledger import year_start
from .penalty_trial_terms import Chain, Change

BATCH = 200  # contracts; bounds the memory
STORED = ("contract_id", "row_key", "clause_id", "period_start", "inputs", "amount", "reversed_on", "currency_id")
SAME = ("source", "kind", "metric", "measure_id", "target_ids", "support_tier_ids", "priority", "grace")


class Trial(NamedTuple):
    """A period of a contract. ``paid``: what its penalties came to, waivers and late facts taken in, reversed ones not;
    ``would_be``: what the tried terms come to, None where nothing was measured; ``capped``: a cap would have cut."""

    contract: Any
    first: Any
    last: Any
    paid: Decimal
    would_be: Decimal | None
    uncapped: Decimal
    capped: bool


class Case(NamedTuple):
    """A clause to be tried on one period. ``stored``: the penalty whose facts are taken, or an empty record."""

    unit: Unit
    row_key: str
    clause: Any
    stored: Any


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    @api.model
    def _try_out(self, contracts, first, last, clause=None, change=None, number=None):
        """([`Trial`], {contract: why it cannot be reckoned}) of the ended periods from ``first`` to ``last``.

        ``clause``: tried in place of all penalties of the period, or of those of the clause ``number``; without it
        the clauses that the period was assessed by (only those of ``number``). ``change``: what is changed in them:
        {"points", "scale": Decimal; "period_cap", "yearly_cap", "contract_cap": (value, base), or None for none}.
        """
        found, problems, change = [], {}, Change.of(**(change or {}))
        for start in range(0, len(contracts), BATCH):
            batch = contracts[start:start + BATCH]
            units, stored = self._trial_units(batch, first, last), self._trial_stored(batch, first, last, number)
            cases = [case for unit in units for case in self._trial_cases(unit, stored, clause, number)]
            reckoned, stuck = self._trial_reckon(cases, change, bool(clause))
            tried = {case.unit.contract for case in cases}
            problems.update({one: self.env._("no closed period, or no penalty clause in it")
                             for one in batch if one not in tried})
            problems.update(stuck)
            found += [
                self._trial(unit, stored[unit.contract, unit.first], reckoned[unit.number])
                for unit in units if unit.number in reckoned and unit.contract not in problems]
            self.invalidate_model(["inputs"], flush=False)  # large, and read once
        return found, problems

    @api.model
    def _trial(self, unit, penalties, results):
        """The `Trial` of a period from its stored penalties and what was reckoned anew."""
        paid = sum((one._money(one.amount) for one in penalties | penalties.correction_ids if not one.reversed_on),
                   Decimal(0))
        amounts = [result.amount for result in results if result.amount is not None]
        return Trial(
            unit.contract, unit.first, unit.last, paid, sum(amounts, Decimal(0)) if amounts else None,
            sum((result.uncapped or Decimal(0) for result in results), Decimal(0)),
            any(result.capped for result in results))

    # --- which periods -------------------------------------------------------------------------------------------

    @api.model
    def _trial_units(self, contracts, first, last):
        """The ended periods as `Unit`s, contract by contract in their order: closed statements of customers, calendar
        periods of providers and dealers."""
        customers, now = contracts.filtered(lambda contract: contract.kind == "customer"), fields.Datetime.now()
        statements = self.env["aftersales.statement"].search_fetch([  # their snapshots are large, and not needed here
            ("contract_id", "in", customers.ids), ("state", "!=", "draft"), ("period_start", ">=", first),
            ("period_end", "<=", last)], ["contract_id", "period_start", "period_end", "start_at", "end_at"])
        rows = [(one.contract_id, one.period_start, one.period_end, one.start_at, one.end_at, one, now)
                for one in statements]
        for contract in contracts - customers:
            rows += contract._trial_periods(first, last, now)
        place = {contract.id: index for index, contract in enumerate(contracts)}
        rows.sort(key=lambda row: (place[row[0].id], row[1]))
        return [Unit(number, *row) for number, row in enumerate(rows)]

    @api.model
    def _trial_stored(self, contracts, first, last, number):
        """{(contract, first day): penalties}, without the late facts that correct them. ``number``: of one clause."""
        penalties = self.search_fetch(
            Domain("contract_id", "in", contracts.ids) & Domain("origin_id", "=", False)
            & Domain("period_start", ">=", first) & Domain("period_end", "<=", last), STORED, order="period_start, id")
        if number:
            penalties = penalties.filtered(lambda one: one.clause_id.number == number)
        found = defaultdict(self.browse)
        found.update(penalties.grouped(lambda one: (one.contract_id, one.period_start)))
        return found

    @api.model
    def _trial_cases(self, unit, stored, clause, number):
        """The `Case`s of one period: the clause to try, or the clauses that were assessed, else that stand there."""
        penalties = stored[unit.contract, unit.first]
        if clause:
            return [Case(unit, "", clause, penalties.filtered(lambda one: _same_facts(clause, one.clause_id))[:1])]
        if penalties:
            return [Case(unit, one.row_key, one.clause_id, one) for one in penalties]
        rows = unit.contract.penalty_clause_ids.filtered(lambda row: not number or row.clause_id.number == number)
        return [Case(unit, row.row_key, row.clause_id, self.browse()) for row in rows]

    # --- reckoning -----------------------------------------------------------------------------------------------

    @api.model
    def _trial_reckon(self, cases, change, fresh):
        """({unit number: [engine `Penalty`]}, {contract: why not}). ``fresh``: running totals begin with the first
        period; else they go on from what they were before it."""
        facts, known, bases = self._trial_facts(cases), {}, {}
        found, problems, chains = defaultdict(list), {}, {}
        for case in cases:
            contract = case.unit.contract
            if contract in problems:
                continue
            try:
                terms, measures, fee, ledger = self._trial_inputs(case, facts, known, bases, fresh)
                terms, measures = self._with_value(change.on(terms), measures, contract, bases)
                chain = chains.get((contract, case.row_key))
                if chain is None:
                    chain = chains[contract, case.row_key] = Chain(ledger)
                begins = year_start(case.clause, contract, case.unit.first)
                result = engine_penalty.assess(terms, measures, fee, chain.before(begins))
            except (EngineError, UserError) as error:
                problems[contract] = str(error).rstrip(".")
                continue
            chain.add(result)
            found[case.unit.number].append(result)
        return found, problems

    @api.model
    def _trial_facts(self, cases):
        """{unit number: `Facts`} of the cases whose facts are not stored."""
        found = {}
        for provided in (False, True):
            wanted = [case for case in cases if not case.stored and (case.unit.statement is None) == provided]
            if not wanted:
                continue
            clauses = defaultdict(self.env["aftersales.penalty.clause"].browse)
            for case in wanted:
                clauses[case.unit.number] |= case.clause
            units = list({case.unit.number: case.unit for case in wanted}.values())
            facts = self._facts(units, clauses)
            found.update({unit.number: facts for unit in units})
        return found

    @api.model
    def _trial_inputs(self, case, facts, known, bases, fresh):
        """(terms, measures, fee, ledger) of a case, as the engine takes them; the ledger is None where it is fresh."""
        unit, contract, clause = case.unit, case.unit.contract, case.clause
        if contract.currency_id != clause.currency_id:
            raise UserError(self.env._(
                "the clause is in %(theirs)s, the contract in %(ours)s", theirs=clause.currency_id.name,
                ours=contract.currency_id.name))
        if case.stored:
            terms, measures, fee, ledger = case.stored._latest_inputs()
            if not fresh:
                return terms, measures, fee, ledger
            promised = {one.key: one.target for one in terms.components}
            own = self._terms_of(clause, contract, known)
            return _retargeted(own, {
                one.key: promised[one.key] for one in clause.component_ids
                if one.source == "compliance" and one.target_from == "objective"}), measures, fee, None
        terms = self._with_objectives(self._terms_of(clause, contract, known), clause, unit, facts[unit.number])
        measures = self._measures(unit, clause, terms, facts[unit.number])
        return terms, measures, contract._period_fee(unit.first, unit.end, self._charges_of(contract, bases)), None

    def _latest_inputs(self):
        """The stored inputs of this penalty, with the facts as its corrections knew them last."""
        self.ensure_one()
        terms, measures, fee, ledger = self._stored_inputs()
        last = self.correction_ids.sorted("id")[-1:]
        if last:
            measures = revive(engine.Measures, last.inputs["measures"])
        return terms, measures, fee, ledger

    @api.model
    def _with_value(self, terms, measures, contract, bases):
        """``measures`` with the value of the contract, where caps of the tried terms need it."""
        if measures.value is None and _needs_value(terms):
            measures = replace(measures, value=contract._term_value(self._charges_of(contract, bases)))
        return terms, measures

    @api.model
    def _charges_of(self, contract, bases):
        if contract.id not in bases:
            bases[contract.id] = contract._fee_charges()
        return bases[contract.id]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _trial_periods(self, first, last, now):
        """Rows of `Unit`s without their number: the ended periods of this provider's or dealer's contract."""
        self.ensure_one()
        zone, found = self._zone(), []
        begins, ends = max(first, self.date_start), min(
            filter(None, (last, self.ended_on or None, self.date_end or None)))
        period = self._period_containing(begins)
        while period.start <= ends:
            instants = period.in_zone(zone)
            start_at, end_at = (bound.astimezone(UTC).replace(tzinfo=None) for bound in (instants.start, instants.end))
            final = fields.Date.subtract(period.end, days=1)
            if end_at <= now and period.start >= first and final <= last:
                found.append((self, period.start, final, start_at, end_at, None, now))
            period = period.next()
        return found


def _same_facts(clause, assessed):
    """Whether what ``assessed`` was measured by says all that ``clause`` asks: the same measures, looked at alike."""
    if clause.combine != assessed.combine or clause.excused_rule != assessed.excused_rule:
        return False
    known = {one.key: one for one in assessed.component_ids}
    return all(one.key in known and all(one[name] == known[one.key][name] for name in SAME)
               for one in clause.component_ids)
