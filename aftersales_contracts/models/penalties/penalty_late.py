"""Late facts: what became known of a period whose penalties were assessed already.

The penalty of the closed period stays as it is. It is reckoned again by its own terms, fee and contract value with the
facts as they are known now, and what differs from all that was told before becomes a penalty of its own, naming the
first one, in the period that is assessed next: at most one a penalty and period, none where nothing differs. What tells
that there is something: a correction in a customer's statement, a clock that was counted while it ran and has stopped,
a breach of the register or a measured figure that changed, and whatever a provider did in the last twelve months.
"""

from dataclasses import replace
from datetime import UTC
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import penalty as engine_penalty
from ...engine.errors import EngineError
from ...engine.explanation import Step
from ...engine.penalty_terms import PenaltyLine
from ...engine.period import Period
from .penalty_assess import Reckoned, Row
from .penalty_facts import Unit
from .penalty_inputs import plain
from .penalty_ledger import Entry

LOOK_BACK = 12  # months in which facts without a correction of their own are compared

CHANGED = """
    SELECT p.id, u.unit
      FROM unnest(%(units)s::int[], %(contracts)s::int[], %(statements)s::int[], %(firsts)s::date[],
                  %(untils)s::timestamp[], %(since)s::date[])
           AS u(unit, contract_id, statement_id, first, until, since)
      JOIN aftersales_penalty p ON p.contract_id = u.contract_id AND p.origin_id IS NULL AND p.period_start < u.first
     WHERE NOT EXISTS (SELECT 1 FROM aftersales_penalty d WHERE d.origin_id = p.id AND d.period_start = u.first)
       AND (EXISTS (SELECT 1 FROM aftersales_statement_correction x
                     WHERE x.statement_id = u.statement_id AND x.origin_id = p.statement_id)
            OR EXISTS (SELECT 1 FROM aftersales_penalty_event e
                         JOIN aftersales_sla_clock c ON c.id = e.clock_id AND c.stopped_at < u.until
                        WHERE e.penalty_id = p.id AND e.still_open)
            OR (p.period_start >= u.since AND (p.statement_id IS NULL OR EXISTS (
                    SELECT 1 FROM aftersales_penalty_component m
                     WHERE m.clause_id = p.clause_id AND m.source IN ('breach', 'figure')))))
     ORDER BY p.period_start, p.id"""


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    @api.model
    def _assess_late(self, units):
        """(penalties of late facts, {contract: why not}), told in the periods of ``units``."""
        rows, told_in = self._late_rows(units)
        if not rows:
            return self.browse(), {}
        clauses = {row.unit.number: row.clause for row in rows}
        facts = self._facts([row.unit for row in rows], clauses)
        origins = self.browse([row.number for row in rows])
        others = self._ledgers([
            Entry(row.number, row.unit.contract, row.row_key, row.clause, row.unit.first, row.number) for row in rows])
        found, problems = [], {}
        for row, origin in zip(rows, origins, strict=True):
            try:
                one = self._reckon_again(row, origin, facts, others[row.number])
            except (EngineError, UserError) as error:
                problems[row.unit.contract] = self.env._(
                    "Late facts of %(penalty)s: %(reason)s.", penalty=origin.name, reason=str(error).rstrip("."))
                continue
            if one:
                found.append(one._replace(told_in=told_in[row.unit.number]))
        found = [one for one in found if one.row.unit.contract not in problems]
        return self._store(found, facts, clauses), problems

    @api.model
    def _late_rows(self, units):
        """([`Row`] of penalties to be reckoned again, numbered by their ids; {unit number: unit that tells it})."""
        if not units:
            return [], {}
        self.flush_model()
        for name in ("aftersales.statement.correction", "aftersales.sla.clock", "aftersales.penalty.component"):
            self.env[name].flush_model()
        found = self.env.execute_query(SQL(
            CHANGED, units=[unit.number for unit in units], contracts=[unit.contract.id for unit in units],
            statements=[unit.statement.id if unit.statement else None for unit in units],
            firsts=[unit.first for unit in units], untils=[unit.end_at for unit in units],
            since=[unit.first - relativedelta(months=LOOK_BACK) for unit in units]))
        by_number = {unit.number: unit for unit in units}
        origins = self.browse([row[0] for row in found])
        rows, told_in = [], {}
        for number, (origin, (_id, unit)) in enumerate(zip(origins, found, strict=True)):
            new = by_number[unit]
            told_in[number] = new
            past = Unit(number, origin.contract_id, origin.period_start, origin.period_end,
                        *origin._instants(), origin.statement_id or None, new.end_at)
            rows.append(Row(origin.id, past, origin.row_key, origin.clause_id, origin.contract_penalty_id))
        return rows, told_in

    def _instants(self):
        """(start, end) of the period, naive UTC: those of the statement, else local midnights."""
        if self.statement_id:
            return self.statement_id.start_at, self.statement_id.end_at
        period = Period(self.period_start, self.period_end + relativedelta(days=1)).in_zone(self.contract_id._zone())
        return tuple(bound.astimezone(UTC).replace(tzinfo=None) for bound in (period.start, period.end))

    @api.model
    def _reckon_again(self, row, origin, facts, others):
        """The `Reckoned` of what differs from all that was told, or None.

        The running caps leave what all other penalties of the year and the contract leave of them, later ones too.
        """
        terms, before, fee, ledger = origin._stored_inputs()
        measures = self._measures(row.unit, row.clause, terms, facts, before.value)
        chain = origin._chain()
        if plain(measures) == chain[-1].inputs["measures"]:
            return None
        ledger = replace(
            ledger, year=max(ledger.year, others.year), contract=max(ledger.contract, others.contract))
        found = engine_penalty.assess(terms, measures, fee, ledger)
        told = chain._difference(found)
        return Reckoned(row, terms, measures, fee, ledger, told, origin) if told.amount or told.carried else None

    def _chain(self):
        """This penalty and what corrected it, oldest first; read together with the chains of its batch."""
        together = self.browse(self._prefetch_ids)
        return (self | self.correction_ids).sorted("id").with_prefetch((together | together.correction_ids)._ids)

    def _difference(self, found):
        """``found`` less what these penalties (the first one and its corrections) have told, as an engine `Penalty`.

        Never more is taken back than is left: what was waived or reversed was not paid.
        """
        told, lines = self._told(), {}
        for line in found.lines:
            lines[line.component, line.kind] = lines.get((line.component, line.kind), 0) + line.amount
        for line in self.line_ids:
            key = (line.component_key or "", line.kind)
            lines[key] = lines.get(key, 0) - self[:1]._money(line.amount)
        amount = (found.amount or Decimal(0)) - told["assessed"]
        due = sum((one._money(one.amount) for one in self if not one.reversed_on), Decimal(0))
        least = -max(due, Decimal(0))
        kept = [PenaltyLine(component, kind, "late facts", value)
                for (component, kind), value in sorted(lines.items()) if value]
        steps = [*found.steps, Step("told before", ", ".join(self.mapped("name")), told["assessed"])]
        if due >= 0 and amount < least:
            kept.append(PenaltyLine("", "waived", "waived or reversed before", least - amount))
            steps.append(Step("waived before", "no more is taken back than is left", least))
            amount = least
        steps.append(Step("difference", "to what was told before", amount))
        return replace(
            found, amount=amount, uncapped=(found.uncapped or Decimal(0)) - told["uncapped"], steps=tuple(steps),
            lines=tuple(kept), carried=found.carried - told["carried"], returned=found.returned - told["returned"],
            bonus=found.bonus - told["bonus"], misses={}, earned=())

    def _told(self):
        """{field: what these penalties told together}, Decimals."""
        return {name: sum((one._money(one[name]) for one in self), Decimal(0))
                for name in ("assessed", "uncapped", "carried", "returned", "bonus")}
