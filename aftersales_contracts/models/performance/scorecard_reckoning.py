"""Reckoning scorecards: figures of a batch of periods, scored by the engine, written where they differ.

Everything that a score follows from is kept with it as plain data, so that a closed one can be reckoned again.
"""

import json
from datetime import UTC, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from odoo import api, models
from odoo.fields import Datetime
from odoo.tools import SQL, float_repr

from ...engine.money import allocate, round_money
from ...engine.period import Period
from ...engine.scorecard import Criterion, score
from ...engine.share_terms import Measured
from ..statements.statement_snapshot import digest
from .scorecard_criterion import is_experience
from .scorecard_facts import JudgedUnit

CENT = Decimal("0.01")
STEADY = Decimal(1)  # points: what changes less is no trend
GOOD = 60  # from here on efficiency and experience are good
BOUNDS = (40, 60, 80)  # of the bands
MONEY_METRICS = ("csat", "nps", "first_time_fix", "sla_compliance", "complaints", "first_response", "resolution",
                 "on_site_time")


class Judged(NamedTuple):
    """What one unit came to. ``inputs``: plain data; ``total``, ``efficiency``, ``experience``: the engine's."""

    unit: Any
    inputs: dict
    total: Any
    efficiency: Any
    experience: Any
    jobs: int


class Scorecard(models.Model):
    _inherit = "aftersales.scorecard"

    @api.model
    def _judge(self, units):
        """[`Judged`] of these `JudgedUnit`s, in their order; a constant number of queries."""
        figures = self.env["aftersales.scorecard.facts"]._figures(units)
        terms = {}
        for unit in units:
            if unit.template not in terms:
                terms[unit.template] = [one._terms() for one in unit.template.with_context(lang=None).criterion_ids]
        return [self._judged(unit, terms[unit.template], figures[unit.number]) for unit in units]

    @api.model
    def _judged(self, unit, terms, found):
        figures = {}
        for row in terms:
            measured = found["figure", row["measure"]] if row["metric"] == "figure" else found[row["metric"]]
            if measured.value is not None:
                # Of a figure that somebody else measured nobody counted the cases: it has no sample, and counts.
                sample = [] if measured.sample is None else [measured.sample]
                figures[row["key"]] = [_exact_text(measured.value), *sample]
        inputs = {"template": unit.template.id, "criteria": terms, "figures": figures, "jobs": found["jobs"].sample,
                  "first": unit.first.isoformat(), "last": unit.last.isoformat()}
        return Judged(unit, inputs, *_scores(inputs), found["jobs"].sample)

    # --- storing -----------------------------------------------------------------------------------------------------

    @api.model
    def _bring_up_to_date(self, contracts, today=None):
        """Judge every open period of these contracts anew; close those that are over. What did not change is not
        written. Returns ([scorecards that were closed], [those that changed])."""
        contracts = contracts._lock_for_period() if contracts else contracts
        closed = self._closed_until(contracts)
        units, closing = [], set()
        for contract in contracts:
            template = contract._judged_by()
            if not template.criterion_ids:
                continue
            for row, over in contract._scorecard_periods(closed.get(contract.id, (None, None)), today):
                if over:
                    closing.add(len(units))
                units.append(JudgedUnit(
                    len(units), contract, template, row.first, row.last, row.start_at, row.end_at))
        return self._store(self._judge(units), closing)

    @api.model
    def _store(self, judged, closing):
        """Write what differs, oldest first. ``closing``: numbers of the units that are closed for good."""
        known = self._known([one.unit.contract.id for one in judged])
        before = {}  # {contract id: total of the period before, None where it has none}
        written, rows = [], []
        for one in sorted(judged, key=lambda item: (item.unit.contract.id, item.unit.first)):
            contract, close = one.unit.contract.id, one.unit.number in closing
            last = before[contract] if contract in before else known["before"].get(contract)
            values = self._values(one, last, close)
            before[contract] = _rounded(one.total)
            stored = known["open"].get((contract, one.unit.first))
            if close or stored != (values["inputs_hash"], values["change"]):
                rows.append(values)
                written.append(one)
        ids = self._upsert(rows)
        self._write_lines(dict(zip(ids, written, strict=True)))
        self.invalidate_model()
        self.env["aftersales.scorecard.line"].invalidate_model()
        shut = [number for number, row in zip(ids, rows, strict=True) if row["state"] == "closed"]
        return self.browse(shut), self.browse(ids)

    @api.model
    def _known(self, contract_ids):
        """What is stored: {"open": {(contract, first day): (hash, change)}, "before": {contract: last closed
        total}}."""
        self.flush_model()
        is_open = self.env.execute_query(SQL(
            """SELECT contract_id, period_start, inputs_hash, change FROM aftersales_scorecard
                WHERE state = 'open' AND contract_id = ANY(%s)""", contract_ids))
        last = self.env.execute_query(SQL(
            """SELECT DISTINCT ON (contract_id) contract_id, total FROM aftersales_scorecard
                WHERE state = 'closed' AND contract_id = ANY(%s) ORDER BY contract_id, period_start DESC""",
            contract_ids))
        return {"open": {(contract, first): (text, _stored(change)) for contract, first, text, change in is_open},
                "before": {contract: _stored(total) for contract, total in last}}

    @api.model
    def _values(self, one, last, close):
        """The columns of one scorecard; None is NULL. ``last``: the total of the period before."""
        unit, total = one.unit, _rounded(one.total)
        efficiency, experience = _rounded(one.efficiency), _rounded(one.experience)
        change = None if total is None or last is None else total - last
        trend = "first" if change is None else (
            "same" if abs(change) < STEADY else "up" if change > 0 else "down")
        return {
            "contract_id": unit.contract.id, "partner_id": unit.contract.partner_id.id,
            "company_id": unit.contract.company_id.id, "kind": unit.contract.kind, "template_id": unit.template.id,
            "period_start": unit.first, "period_end": unit.last, "start_at": unit.start_at, "end_at": unit.end_at,
            "state": "closed" if close else "open", "closed_at": Datetime.now() if close else None, "jobs": one.jobs,
            "measured": total is not None, "total": total, "grade": unit.template._grade_of(total) or None,
            "change": change, "trend": trend, "efficiency": efficiency, "experience": experience,
            "efficiency_band": _band(efficiency), "experience_band": _band(experience),
            "quadrant": _quadrant(efficiency, experience), "weight_sum": one.total.measured_sum,
            "inputs": json.dumps(one.inputs), "inputs_hash": digest(one.inputs),
            "steps": json.dumps([[step.label, step.detail, _told(step.value)] for step in one.total.steps])}

    @api.model
    def _upsert(self, rows):
        """Write these rows, in their order: open ones are replaced, closed ones are nobody's to touch. Their ids."""
        if not rows:
            return []
        names = list(rows[0])
        values = SQL(", ").join([SQL("%s", tuple(row[name] for name in names)) for row in rows])
        changes = SQL(", ").join(
            SQL("%(name)s = EXCLUDED.%(name)s", name=SQL.identifier(name)) for name in names if name != "contract_id")
        found = self.env.execute_query(SQL(
            """INSERT INTO aftersales_scorecard AS s (%(names)s)
               SELECT %(casts)s FROM (VALUES %(values)s) AS v (%(names)s)
               ON CONFLICT (contract_id, period_start) DO UPDATE SET %(changes)s WHERE s.state = 'open'
               RETURNING id, contract_id, period_start""",
            names=SQL(", ").join(map(SQL.identifier, names)), values=values, changes=changes,
            casts=SQL(", ").join(SQL("%s::%s", SQL.identifier("v", name), SQL(self._fields[name].column_type[1]))
                                 for name in names)))
        ids = {(contract, first): number for number, contract, first in found}
        return [ids[row["contract_id"], row["period_start"]] for row in rows]

    @api.model
    def _write_lines(self, judged):
        """Replace the lines of these scorecards. ``judged``: {scorecard id: `Judged`}."""
        if not judged:
            return
        Line = self.env["aftersales.scorecard.line"]
        self.env.execute_query(SQL(
            "DELETE FROM aftersales_scorecard_line WHERE scorecard_id = ANY(%s) RETURNING id", list(judged)))
        rows = [row for number, one in judged.items() for row in _line_rows(number, one)]
        names = list(rows[0])
        arrays = SQL(", ").join(
            SQL("%s::%s[]", [row[name] for row in rows], SQL(Line._fields[name].column_type[1])) for name in names)
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.env.execute_query(SQL(
            "INSERT INTO aftersales_scorecard_line (%s) SELECT * FROM unnest(%s) RETURNING id", columns, arrays))

    def _reckoned_again(self):
        """The engine's `Score` of what this scorecard keeps: the same total, whatever facts and templates say now."""
        self.ensure_one()
        return _scores(self.inputs)[0]

    # --- what payouts go by ------------------------------------------------------------------------------------------

    @api.model
    def _measured_for(self, contract, first, last):
        """{"scorecard", "csat", "nps", ...: `Measured`} of a contract in the period of these days (both included).

        The total of a closed scorecard of that very period is the one that stands; other periods are reckoned from
        facts. Only a template that the contract has agreed on gives a total: what decides about money is agreed.
        """
        unit = contract._judged_unit(first, last)
        found = self.env["aftersales.scorecard.facts"]._figures([unit])[0]
        measured = {name: found[name] for name in MONEY_METRICS}
        if not contract.scorecard_template_id:
            return measured
        stands = self.search([("contract_id", "=", contract.id), ("period_start", "=", first),
                              ("period_end", "=", last), ("state", "=", "closed")])
        terms = [one._terms() for one in unit.template.with_context(lang=None).criterion_ids]
        one = self._judged(unit, terms, found)
        total, jobs = (stands._reckoned_again(), stands.jobs) if stands else (one.total, one.jobs)
        return {**measured, "scorecard": Measured(_rounded(total), jobs)}

class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _judged_unit(self, first, last):
        """The `JudgedUnit` of any days (both included), from local midnight to local midnight."""
        self.ensure_one()
        instants = Period(first, last + timedelta(days=1)).in_zone(self._zone())
        start_at, end_at = (bound.astimezone(UTC).replace(tzinfo=None) for bound in (instants.start, instants.end))
        return JudgedUnit(0, self, self._judged_by(), first, last, start_at, end_at)

    def _share_figures(self, start, end):
        """Besides those of the settlement: the scorecard's total and the figures of customers, for payout bands."""
        judged = self.env["aftersales.scorecard"].sudo()._measured_for(self, start, end - timedelta(days=1))
        return {**super()._share_figures(start, end), **judged}


def _scores(inputs):
    """The engine's `Score`s of all criteria, of those of efficiency and of those of experience (None without any)."""
    criteria = [_criterion(terms) for terms in inputs["criteria"]]
    values = {key: Measured(Fraction(text), *(sample or [None])) for key, (text, *sample) in inputs["figures"].items()}
    happy = {terms["key"] for terms in inputs["criteria"] if is_experience(terms)}
    parts = [[one for one in criteria if (one.key in happy) == wanted] for wanted in (False, True)]
    return (score(criteria, values), *(score(part, values) if part else None for part in parts))


def _criterion(terms):
    """The engine's `Criterion` of the plain terms of `aftersales.scorecard.criterion`."""
    figures = {name: Decimal(terms[name]) for name in ("worst", "best", "benchmark") if terms[name]}
    return Criterion(key=terms["key"], name=terms["name"], weight=Decimal(terms["weight"]),
                     direction=terms["direction"], minimum=terms["minimum_sample"], **figures)


def _exact_text(value):
    """A Fraction or Decimal as text that reads back exactly."""
    return str(Fraction(value))


def _rounded(found):
    """The total of an engine's `Score`, to two places; None where nothing was measured."""
    return None if found is None or found.total is None else round_money(found.total, CENT)


def _stored(value):
    """A stored score as a Decimal; None stays."""
    return None if value is None else Decimal(float_repr(value, 2))


def _told(value):
    if value is None:
        return ""
    return f"{round_money(value, CENT)}" if isinstance(value, Decimal | Fraction) else str(value)


def _band(total):
    return None if total is None else str(1 + sum(total >= bound for bound in BOUNDS))


def _quadrant(efficiency, experience):
    if efficiency is None or experience is None:
        return None
    return {(True, True): "star", (False, True): "slow", (True, False): "cold"}.get(
        (efficiency >= GOOD, experience >= GOOD), "weak")


def _line_rows(number, one):
    """The columns of the lines of scorecard ``number``; None is NULL."""
    unit, found = one.unit, {result.key: result for result in one.total.per_criterion}
    points, rows = _split(one.total), []
    for position, terms in enumerate(one.inputs["criteria"]):
        text, sample = (*one.inputs["figures"].get(terms["key"], [None, 0]), None)[:2]
        result = found[terms["key"]]
        rows.append({
            "scorecard_id": number, "partner_id": unit.contract.partner_id.id,
            "company_id": unit.contract.company_id.id, "period_start": unit.first, "sequence": position,
            "key": terms["key"], "name": terms["name"], "metric": terms["metric"], "dimension": terms["dimension"],
            "direction": terms["direction"], "weight": Decimal(terms["weight"]),
            "value": None if text is None else round_money(Fraction(text), CENT), "worst": terms["worst"] or None,
            "best": terms["best"] or None, "benchmark": terms["benchmark"] or None, "sample": sample,
            "minimum_sample": terms["minimum_sample"],
            "verdict": "missing" if text is None else "few" if result.excluded else "counted",
            "score": None if result.score is None else round_money(result.score, CENT),
            "points": points.get(terms["key"])})
    return rows


def _split(total):
    """{criterion key: its points} of an engine's `Score`: they sum to the rounded total exactly."""
    counted = [row for row in total.per_criterion if row.points is not None]
    if not counted:
        return {}
    if not any(row.points for row in counted):
        return {row.key: Decimal(0) for row in counted}
    shares = allocate(_rounded(total), [row.points for row in counted], CENT)
    return {row.key: share for row, share in zip(counted, shares, strict=True)}
