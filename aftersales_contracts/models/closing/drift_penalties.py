"""Penalties against what they were reckoned from: the stored inputs, the engine of today, the facts of today, and the
ledger that they were posted to."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import penalty as engine
from ..penalties.penalty_assess import Row
from ..penalties.penalty_facts import Unit
from ..penalties.penalty_inputs import plain
from ..statements.statement_snapshot import digest
from .drift import Checked, Finding

OF_CONTRACT = {"name", "target", "unit_seconds", "grace", "grace_until"}  # terms that the contract has a say in
LATE = ("breach", "figure")  # sources whose late facts the next assessment tells by itself

LEDGER = """
    SELECT p.id,
           (SELECT sum(CASE WHEN m.move_type LIKE '%%refund' THEN 1 ELSE -1 END * l.quantity * l.price_unit)
              FROM account_move_line l JOIN account_move m ON m.id = l.move_id AND m.state = 'posted'
             WHERE l.aftersales_penalty_id = p.id),
           (SELECT sum(CASE WHEN m.move_type LIKE '%%refund' THEN 1 ELSE -1 END * l.quantity * l.price_unit)
              FROM account_move_line l JOIN account_move m ON m.id = l.move_id AND m.state = 'posted'
             WHERE l.aftersales_reverses_id = p.id)
      FROM aftersales_penalty p WHERE p.id = ANY(%s)"""

# Late facts known before the end of the last assessed period were told; later ones the next assessment tells.
TOLD_UNTIL = """
    SELECT c.id, COALESCE((SELECT max(s.end_at) FROM aftersales_statement s
                            WHERE s.contract_id = c.id AND s.penalties_assessed_at IS NOT NULL),
                          (c.penalties_until + 1)::timestamp)
      FROM aftersales_contract c WHERE c.id = ANY(%s)"""


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    @api.model
    def _drift_domain_penalties(self):
        """All of them."""
        return Domain.TRUE

    def _drift_penalties(self):
        """`Checked` of these penalties. Reads only."""
        posted = {row[0]: row[1:] for row in self.env.execute_query(SQL(LEDGER, self.ids))}
        findings, reckoned = [], {}
        for penalty in self:
            findings += penalty._drift_of_record() + penalty._drift_of_ledger(*posted[penalty.id])
            if not penalty.origin_id:
                reckoned[penalty] = engine.assess(*penalty._stored_inputs())
                findings += penalty._drift_of_engine(reckoned[penalty])
        explained = 0
        for kinds in (lambda kind: kind == "customer", lambda kind: kind != "customer"):
            origins = self.filtered(lambda penalty, kinds=kinds: not penalty.origin_id and kinds(penalty.kind))
            found, told = origins._drift_of_facts(reckoned)
            findings += found
            explained += told
        return Checked(findings, {self._name: self.ids}, {"penalties": len(self)}, explained)

    def _drifts(self, part, label, was, now, amount=None, pending=""):
        self.ensure_one()
        return Finding(self._name, self.id, part, label, str(was), str(now), self.contract_id.id, self.company_id.id,
                       amount, self.currency_id.id, pending=pending)

    # --- what is stored --------------------------------------------------------------------------------------

    def _drift_of_record(self):
        """Inputs and their hash, lines and their sum, what was waived and what is left."""
        _, findings = self.env._, []
        now = digest(self.inputs)
        if now != self.inputs_hash:
            findings.append(self._drifts("inputs", _("Stored inputs"), self.inputs_hash, now))
        assessed, amount = self._money(self.assessed), self._money(self.amount)
        lines = sum((self._money(line.amount) for line in self.line_ids), Decimal(0))
        if lines != assessed:
            findings.append(self._drifts("lines", _("Sum of the amounts"), assessed, lines, lines - assessed))
        left = assessed - self._money(self.waived_amount)
        if left != amount:
            findings.append(self._drifts("amount", _("Amount less what was waived"), amount, left, left - amount))
        return findings

    def _drift_of_engine(self, found):
        """What the engine of today makes of the stored inputs, figure by figure. By value: a hash would tell 0 from
        0.00, and not which figure it is."""
        findings = []
        for name, now in (("assessed", found.amount), ("uncapped", found.uncapped), ("carried", found.carried),
                          ("returned", found.returned), ("bonus", found.bonus)):
            was, now = self._money(self[name]), now or Decimal(0)
            if was != now:
                findings.append(self._drifts(
                    f"engine:{name}", self.env._("%s, from the stored inputs", self._label(name)), was, now, now - was))
        for name, was, now in (
                ("measured", self.measured, found.amount is not None), ("capped", self.capped, found.capped),
                ("misses", self.misses or {}, dict(found.misses)), ("earned", self.earned or [], list(found.earned)),
                ("line_ids", sorted(self._amounts()), sorted(
                    (line.component, line.kind, line.amount) for line in found.lines))):
            if was != now:
                findings.append(self._drifts(
                    f"engine:{name}", self.env._("%s, from the stored inputs", self._label(name)), was, now))
        return findings

    def _amounts(self):
        return [(line.component_key or "", line.kind, self._money(line.amount)) for line in self.line_ids]

    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def _drift_of_ledger(self, credited, reversed_):
        """What posted documents say. A reversed penalty stands there twice, and comes to nothing."""
        _, findings, amount = self.env._, [], self._money(self.amount)
        wanted = amount if self.state == "posted" else Decimal(0)
        now = self._money(credited)
        if now != wanted:
            findings.append(self._drifts("posted", _("Posted in the ledger"), wanted, now, now - wanted))
        taken = -amount if self.reversed_on else Decimal(0)
        back = self._money(reversed_)
        if back != taken:
            findings.append(self._drifts("reversed", _("Reversed in the ledger"), taken, back, back - taken))
        return findings

    # --- today's facts ---------------------------------------------------------------------------------------

    def _drift_of_facts(self, reckoned):
        """([`Finding`], number that later penalties explain) of these first penalties, all of one kind of contract.

        ``reckoned``: {penalty: what the engine makes of its stored inputs}. Three facts are read anew: the clause, the
        fee, and what was measured; each difference is told with what it would cost.
        """
        rows = self._rows_again()
        if not rows:
            return [], 0
        facts = self._facts([row.unit for row in rows], {row.unit.number: row.clause for row in rows})
        amended = self._changed_since(self.contract_id, min(self.mapped("period_end")))
        charges, terms_known, findings, explained = {}, {}, [], 0
        for row, penalty in zip(rows, self, strict=True):
            before = reckoned[penalty].amount or Decimal(0)
            terms = self._terms_of(row.clause, penalty.contract_id, terms_known)
            findings += penalty._drift_of_clause(terms, before)
            if penalty.contract_id.id not in amended:
                findings += penalty._drift_of_fee(charges, before)
            found, told = penalty._drift_of_measures(row, facts, before)
            findings += found
            explained += told
        return findings, explained

    def _rows_again(self):
        """The assessment's `Row`s of these penalties, in their order, with the late facts that were told since."""
        until = dict(self.env.execute_query(SQL(TOLD_UNTIL, self.contract_id.ids)))
        return [
            Row(penalty.id, Unit(
                number, penalty.contract_id, penalty.period_start, penalty.period_end, *penalty._instants(),
                penalty.statement_id or None, until[penalty.contract_id.id]),
                penalty.row_key, penalty.clause_id, penalty.contract_penalty_id)
            for number, penalty in enumerate(self)]

    def _drift_of_clause(self, terms, before):
        """The clause as it is stored today. What the contract has a say in (targets, working days) is left out."""
        was, now = _own_terms(self.inputs["clause"]), _own_terms(plain(terms))
        if was == now:
            return []
        names = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
        _terms, measures, fee, ledger = self._stored_inputs()
        found = engine.assess(terms, measures, fee, ledger).amount or Decimal(0)
        texts = ["; ".join(f"{name} {row[name]}" for name in names if name in row) or "–" for row in (was, now)]
        return [self._drifts("clause", self.env._("Penalty clause"), *texts, found - before)]

    def _drift_of_fee(self, charges, before):
        contract = self.contract_id
        if contract not in charges:
            charges[contract] = contract._fee_charges()
        was = Decimal(self.inputs["fee"])
        now = contract._period_fee(self.period_start, fields.Date.add(self.period_end, days=1), charges[contract])
        if now == was:
            return []
        terms, measures, _fee, ledger = self._stored_inputs()
        found = engine.assess(terms, measures, now, ledger).amount or Decimal(0)
        return [self._drifts("fee", self.env._("Fee of the period"), was, now, found - before)]

    def _drift_of_measures(self, row, facts, before):
        """([`Finding`], whether a later penalty explains it) of what was measured."""
        terms, stored, fee, ledger = self._stored_inputs()
        measures = self._measures(row.unit, row.clause, terms, facts, stored.value)
        now, chain = plain(measures), (self | self.correction_ids).sorted("id")
        if now == chain[-1].inputs["measures"]:
            return [], int(len(chain) > 1 and now != self.inputs["measures"])
        if now == self.inputs["measures"] and len(chain) == 1:
            return [], 0
        found = engine.assess(terms, measures, fee, ledger).amount or Decimal(0)
        told = before + sum((one._money(one.assessed) for one in chain[1:]), Decimal(0))
        if found == told:  # late facts that cost nothing make no penalty of their own
            return [], 1
        pending = self.env._("The next assessment tells it.") if self._is_told_next(row) else ""
        return [self._drifts("measures", self.env._("What was measured"), told, found, found - told, pending)], 0

    def _is_told_next(self, row):
        """Whether the next assessment looks at this penalty again by itself."""
        recent = row.unit.first >= fields.Date.subtract(fields.Date.today(), months=12)
        return recent and (self.kind != "customer" or bool(set(row.clause.component_ids.mapped("source")) & set(LATE)))


def _own_terms(clause):
    """{name: value} of the plain terms of a clause without what the contract has a say in."""
    found = {key: value for key, value in clause.items() if key not in OF_CONTRACT and key != "components"}
    for row in clause["components"]:
        found.update({f"{row['key']}.{key}": value for key, value in row.items() if key not in OF_CONTRACT})
    return found
