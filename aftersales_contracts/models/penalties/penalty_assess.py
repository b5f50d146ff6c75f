"""Assessing penalties: facts of closed periods in, the engine, one penalty a clause and period out. Each exactly once.

A batch costs the same number of queries whether it has 2 periods or 500; several periods of one contract are taken in
their order, each knowing the totals of the one before. A contract that cannot be assessed is told by name, and the
others go on. The clause that counts is the one that stands on the contract on the last day of the period.
"""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import penalty as engine_penalty
from ...engine import penalty_terms as engine
from ...engine.errors import EngineError
from ...engine.explanation import Step
from ..statements.statement_snapshot import digest
from .penalty_facts import Unit
from .penalty_inputs import inputs_of, result_of
from .penalty_ledger import Entry

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True, "lang": "en_US"}


NO_FEE = "the contract cost nothing in this period: percent of nothing is nothing"


class Row(NamedTuple):
    """A penalty clause on a contract in a period. ``live``: its row there today, maybe none."""

    number: int
    unit: Unit
    row_key: str
    clause: Any
    live: Any


class Reckoned(NamedTuple):
    """What the engine made of a row, and from what."""

    row: Row
    terms: Any
    measures: Any
    fee: Decimal
    ledger: Any
    found: Any
    origin: Any = None  # the penalty that late facts change
    told_in: Any = None  # the `Unit` whose period tells them


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    @api.model
    def _assess(self, statements):
        """Assess the closed statements that are not assessed yet, oldest first, with those before them.

        Returns (penalties made, {contract: why it could not be assessed}). Statements of such a contract, and those
        that another worker is at, stay as they are. For the scheduled action and for closing a month; who asks needs
        no right to what it reads: that is checked where the button is.
        """
        statements = statements.sudo()  # facts and fees are read whole, whoever closes the month
        contracts = statements.contract_id._lock_for_period()
        due = statements.search([
            ("contract_id", "in", contracts.ids), ("state", "!=", "draft"), ("penalties_assessed_at", "=", False),
            ("period_start", "<=", max(statements.mapped("period_start"), default=fields.Date.today()))],
            order="period_start, id")
        due = due.try_lock_for_update(allow_referencing=True).sorted(lambda one: (one.period_start, one.id))
        made, problems = self.sudo().browse(), {}
        for turn in _turns(due):
            turn = turn.filtered(lambda one: one.contract_id not in problems)
            units = [Unit(number, one.contract_id, one.period_start, one.period_end, one.start_at, one.end_at, one,
                          one.end_at) for number, one in enumerate(turn)]
            found, stuck = self.sudo()._assess_units(units)
            made += found
            problems.update(stuck)
            turn.filtered(lambda one: one.contract_id not in problems)._write_unguarded(
                {"penalties_assessed_at": fields.Datetime.now()})
        return made, problems

    @api.model
    def _assess_units(self, units):
        """(penalties, {contract: why not}) of units of different contracts, late facts of earlier periods included."""
        made = self.browse()
        late, problems = self._assess_late(units)
        made += late
        rows = self._rows_in_force([unit for unit in units if unit.contract not in problems])
        clauses = _clauses_of(rows)
        facts = self._facts([row.unit for row in rows], clauses)
        reckoned, stuck = self._reckon(rows, facts)
        problems.update(stuck)
        reckoned = [one for one in reckoned if one.row.unit.contract not in problems]
        return made + self._store(reckoned, facts, clauses), problems

    # --- which clauses -------------------------------------------------------------------------------------------

    @api.model
    def _rows_in_force(self, units):
        """[`Row`] of the clauses that stood on the paper on the last day of each unit's period."""
        contracts = self.env["aftersales.contract"].browse([unit.contract.id for unit in units])
        changing = self._changed_since(contracts, min((unit.last for unit in units), default=None))
        rows, Clause = [], self.env["aftersales.penalty.clause"]
        for contract, unit in zip(contracts, units, strict=True):
            unit = unit._replace(contract=contract)
            live = {row.row_key: row for row in contract.penalty_clause_ids}
            if contract.id in changing:
                terms = contract._terms_as_of(unit.last)
                found = [(key.partition(":")[2], Clause.browse(row["clause_id"]), row.get("sequence") or 0)
                         for key, row in terms.items() if key.startswith("penalty:") and row.get("clause_id")]
            else:
                found = [(row.row_key, row.clause_id, row.sequence) for row in live.values()]
            for row_key, clause, _sequence in sorted(found, key=lambda one: (one[2], one[1].id)):
                rows.append(Row(len(rows), unit, row_key, clause, live.get(row_key, contract.penalty_clause_ids[:0])))
        return rows

    @api.model
    def _changed_since(self, contracts, day):
        """Ids of the contracts with a version that takes effect after ``day``, or has not entered them: what they say
        today may not be what they said then."""
        if not contracts:
            return set()
        self.env["aftersales.contract.version"].flush_model()
        return {row[0] for row in self.env.execute_query(SQL(
            """SELECT DISTINCT contract_id FROM aftersales_contract_version
                WHERE contract_id = ANY(%s) AND number > 1
                  AND (effective_on > %s OR (applied_at IS NULL AND cancelled_at IS NULL))""", contracts.ids, day))}

    # --- reckoning -----------------------------------------------------------------------------------------------

    @api.model
    def _reckon(self, rows, facts):
        """([`Reckoned`], {contract: why not}): every row through the engine. Nothing is written."""
        ledgers = self._ledgers([Entry(row.number, row.unit.contract, row.row_key, row.clause, row.unit.first)
                                 for row in rows])
        bases, known, found, problems = {}, {}, [], {}
        for row in rows:
            contract = row.unit.contract
            if contract in problems:
                continue
            try:
                found.append(self._reckon_row(row, facts, ledgers[row.number], bases, known))
            except (EngineError, UserError) as error:
                problems[contract] = self.env._(
                    "Penalty clause %(clause)s, period from %(day)s: %(reason)s.", clause=row.clause._reference(),
                    day=row.unit.first, reason=str(error).rstrip("."))
        return found, problems

    @api.model
    def _reckon_row(self, row, facts, ledger, bases, known):
        unit, contract = row.unit, row.unit.contract
        terms = self._terms_of(row.clause, contract, known)
        terms = self._with_objectives(terms, row.clause, unit, facts)
        if contract.currency_id != row.clause.currency_id:
            raise UserError(self.env._(
                "the clause is in %(theirs)s, contract %(contract)s in %(ours)s", theirs=row.clause.currency_id.name,
                contract=contract.display_name, ours=contract.currency_id.name))
        charges = bases.get(contract.id)
        if charges is None:
            charges = bases[contract.id] = contract._fee_charges()
        fee = contract._period_fee(unit.first, unit.end, charges)
        value = contract._term_value(charges) if _needs_value(terms) else None
        measures = self._measures(unit, row.clause, terms, facts, value)
        found = engine_penalty.assess(terms, measures, fee, ledger)
        if not fee and found.amount is not None and any(one.base == engine.PERCENT for one in terms.components):
            found = replace(found, steps=(*found.steps, Step("fee", NO_FEE, fee)))
        return Reckoned(row, terms, measures, fee, ledger, found)

    @api.model
    def _terms_of(self, clause, contract, known):
        """``clause._terms(contract)``, once for all contracts to which it says the same; ``known``: those so far."""
        key = (clause.id, contract.policy_id.id, contract.calendar_id.id, contract.lang,
               contract.date_start if clause.grace_days else None)
        if key not in known:
            known[key] = clause._terms(contract)
        return known[key]

    # --- storing -------------------------------------------------------------------------------------------------

    @api.model
    def _store(self, reckoned, facts, clauses):
        """The penalties of what was reckoned, with their lines and events."""
        if not reckoned:
            return self.browse()
        penalties = self._create_numbered([self._values_of(one) for one in reckoned])
        self.env.flush_all()
        self._store_details(penalties, reckoned, facts, clauses)
        return penalties

    @api.model
    def _values_of(self, one):
        row, found, contract, told_in = one.row, one.found, one.row.unit.contract, one.told_in or one.row.unit
        inputs = inputs_of(one.terms, one.measures, one.fee, one.ledger)
        amount = found.amount or Decimal(0)
        return {
            "contract_id": contract.id, "partner_id": contract.partner_id.id, "kind": contract.kind,
            "currency_id": contract.currency_id.id, "contract_penalty_id": row.live.id, "row_key": row.row_key,
            "clause_id": row.clause.id, "statement_id": told_in.statement.id if told_in.statement else False,
            "origin_id": one.origin.id if one.origin else False, "period_start": told_in.first,
            "period_end": told_in.last, "fee": float(one.fee),
            "contract_value": float(one.measures.value or 0), "assessed": float(amount),
            "uncapped": float(found.uncapped or 0), "capped": found.capped, "carried": float(found.carried),
            "returned": float(found.returned), "bonus": float(found.bonus), "measured": found.amount is not None,
            "inputs": inputs, "inputs_hash": digest(inputs), "result_hash": digest(result_of(found)),
            "steps": [[step.label, step.detail, str(step.value)] for step in found.steps],
            "misses": dict(found.misses), "earned": list(found.earned) or False,
            "state": self._first_state(amount, contract, told_in.last)}

    @api.model
    def _first_state(self, amount, contract, day):
        """Small amounts count as reviewed by the system; nothing due needs nobody."""
        if not amount:
            return "none"
        limit = contract.company_id.penalty_review_below
        if limit and contract.company_id._in_own_currency(amount, contract.currency_id, day) <= limit:
            return "reviewed"
        return "draft"

    @api.model
    def _create_numbered(self, values):
        """Create penalties with their numbers, drawn at once for each company and year."""
        groups = defaultdict(list)
        contracts = self.env["aftersales.contract"].browse([vals["contract_id"] for vals in values])
        for contract, vals in zip(contracts, values, strict=True):
            groups[contract.company_id, vals["period_end"].year].append(vals)
        for (company, _year), rows in groups.items():
            numbers = self._draw_numbers(company, rows[0]["period_end"], len(rows))
            for vals, number in zip(rows, numbers, strict=True):
                vals["name"] = number
        return self.with_context(**QUIET).create(values).with_env(self.env)


class Statement(models.Model):
    _inherit = "aftersales.statement"

    def write(self, vals):
        if "penalties_assessed_at" in vals:
            raise UserError(self.env._("Penalties of a statement are assessed by the system."))
        return super().write(vals)


def _turns(statements):
    """Statements -> sets of them with a contract at most once in each, in the order of its periods."""
    turns, seen = [], defaultdict(int)
    for statement in statements:
        turn = seen[statement.contract_id.id]
        seen[statement.contract_id.id] += 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(statement.id)
    return [statements.browse(ids) for ids in turns]


def _clauses_of(rows):
    """{unit number: clause records}."""
    clauses = {}
    for row in rows:
        clauses[row.unit.number] = clauses.get(row.unit.number, row.clause) | row.clause
    return clauses


def _needs_value(terms):
    """Whether a cap of these terms is percent of the contract's value."""
    caps = [terms.at_risk, terms.period_cap, terms.yearly_cap, terms.contract_cap, terms.bonus_cap]
    caps += [cap for one in terms.components for cap in (one.event_cap, one.cap)]
    return any(cap and cap.base == engine.OF_VALUE for cap in caps)
