"""Writing the lines and events of penalties: each by one statement for a whole batch.

Stored are the failures that cost something, and all that were excused. A penalty that tells late facts has those events
only that were not told before, or were told otherwise.
"""

from itertools import product

from odoo import api, models
from odoo.tools import SQL

LINES = """
    INSERT INTO aftersales_penalty_line
           (penalty_id, company_id, sequence, component_key, name, kind, detail, count, figure, amount)
    SELECT * FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[],
                         %s::text[], %s::numeric[])"""

CLOCK_EVENTS = """
    INSERT INTO aftersales_penalty_event
           (penalty_id, company_id, component_key, name, amount, request_id, clock_ref, clock_id, target_id, late,
            severity, still_open, excused)
    SELECT g.penalty_id, g.company_id, g.component_key, g.name, CASE WHEN f.verdict = 'breached' THEN g.amount END,
           f.request_id, f.clock_ref, f.clock_id, f.target_id,
           CASE WHEN f.verdict IN ('breached', 'excused') THEN f.late END,
           f.priority, f.still_open, CASE WHEN f.verdict = 'breached' THEN NULL WHEN f.verdict = 'excused'
                                          THEN COALESCE(w.words, f.excuse) ELSE %(gone)s END
      FROM (%(clocks)s) f
      JOIN unnest(%(units)s::int[], %(penalties)s::int[], %(companies)s::int[], %(keys)s::text[], %(names)s::text[],
                  %(metrics)s::text[], %(targets)s::int[], %(tiers)s::int[], %(priorities)s::text[], %(costs)s::bool[],
                  %(amounts)s::numeric[], %(origins)s::int[])
           AS g(unit, penalty_id, company_id, component_key, name, metric, target_id, tier_id, priority, costs, amount,
                origin_id)
           ON g.unit = f.unit AND (g.target_id = f.target_id OR (g.target_id IS NULL AND g.metric = f.metric
              AND (g.tier_id IS NULL OR g.tier_id = f.tier_id) AND (g.priority IS NULL OR g.priority = f.priority)))
      LEFT JOIN unnest(%(excuses)s::text[], %(words)s::text[]) AS w(excuse, words) ON w.excuse = f.excuse
      LEFT JOIN LATERAL (
           SELECT e.excused, e.late, e.still_open
             FROM aftersales_penalty_event e JOIN aftersales_penalty p ON p.id = e.penalty_id
            WHERE (p.id = g.origin_id OR p.origin_id = g.origin_id) AND e.component_key = g.component_key
              AND e.clock_ref = f.clock_ref AND p.id <> g.penalty_id
            ORDER BY p.id DESC LIMIT 1) told ON TRUE
     WHERE CASE
           WHEN g.origin_id IS NULL THEN f.verdict = 'excused' OR (f.verdict = 'breached' AND g.costs)
           WHEN f.verdict IN ('met', 'none') THEN told.late IS NOT NULL
           ELSE (told.excused, told.late, told.still_open) IS DISTINCT FROM
                (CASE WHEN f.verdict = 'excused' THEN COALESCE(w.words, f.excuse) END, f.late, f.still_open) END
     ORDER BY g.penalty_id, f.clock_ref"""

BREACH_EVENTS = """
    INSERT INTO aftersales_penalty_event
           (penalty_id, company_id, component_key, name, breach_id, clock_ref, clock_id, request_id, late, severity,
            still_open, excused)
    SELECT * FROM unnest(%s::int[], %s::int[], %s::text[], %s::text[], %s::int[], %s::int[], %s::int[], %s::int[],
                         %s::int[], %s::text[], %s::bool[], %s::text[])"""


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    @api.model
    def _store_details(self, penalties, reckoned, facts, clauses):
        """Lines and events of ``penalties``, each of the `Reckoned` at its place."""
        pairs = list(zip(penalties, reckoned, strict=True))
        self._store_lines(pairs)
        criteria = [row for penalty, one in pairs for row in _criteria(penalty, one)]
        if criteria:
            self._store_clock_events(criteria, [one.row.unit for one in reckoned], facts, clauses)
        breaches = [row for penalty, one in pairs for row in self._breach_rows(penalty, one, facts)]
        if breaches:
            self.env.cr.execute(SQL(BREACH_EVENTS, *_columns(breaches)))
        self.invalidate_model(["line_ids", "event_ids"])
        self.env["aftersales.penalty.line"].invalidate_model()
        self.env["aftersales.penalty.event"].invalidate_model()

    @api.model
    def _store_lines(self, pairs):
        rows = []
        for penalty, one in pairs:
            names = {component.key: component.name for component in one.terms.components}
            rows += [
                (penalty.id, penalty.company_id.id, place, line.component or None, names.get(line.component), line.kind,
                 line.detail, line.count, None if line.figure is None else str(line.figure), str(line.amount))
                for place, line in enumerate(one.found.lines)]
        if rows:
            self.env.cr.execute(SQL(LINES, *_columns(rows)))

    @api.model
    def _store_clock_events(self, criteria, units, facts, clauses):
        (numbers, penalties, companies, keys, names, metrics, targets, tiers, priorities, costs, amounts,
         origins) = _columns(criteria)
        units = [unit for unit in {unit.number: unit for unit in units}.values() if unit.number in set(numbers)]
        self.env.cr.execute(SQL(
            CLOCK_EVENTS, clocks=self._clock_rows(units, clauses), units=numbers, penalties=penalties,
            companies=companies, keys=keys, names=names, metrics=metrics, targets=targets, tiers=tiers,
            priorities=priorities, costs=costs, amounts=amounts, origins=origins, excuses=list(facts.words),
            words=list(facts.words.values()), gone="Kept, as is known since"))

    @api.model
    def _breach_rows(self, penalty, one, facts):
        """Every breach that a component on the register looked at; of late facts those told otherwise before."""
        rows, told = [], {}
        components = one.row.clause.component_ids.filtered(lambda component: component.source == "breach")
        if components and one.origin:
            before = one.origin._chain().event_ids.filtered(
                lambda event: event.breach_id and event.penalty_id != penalty)
            for event in before.sorted(lambda event: (event.penalty_id.id, event.id)):
                told[event.component_key, event.breach_id.id] = (event.late, event.still_open, event.excused or None)
        for component in components:
            for fact in self._breach_facts(one.row.unit, facts):
                known = fact.event.late, fact.still_open, fact.event.excused
                if told.get((component.key, fact.breach.id)) != known:
                    clock = fact.breach.clock_id
                    rows.append((
                        penalty.id, penalty.company_id.id, component.key, component.name, fact.breach.id,
                        clock.id or None, clock.id or None, clock.request_id.id or None, fact.event.late,
                        fact.event.severity, fact.still_open, fact.event.excused))
        return rows


def _criteria(penalty, one):
    """Rows that say which clocks of its unit are events of a penalty, by component."""
    rows = []
    lines = {line.component: line for line in one.found.lines if line.kind == "penalty" and line.amount}
    for component in one.row.clause.component_ids:
        if component.source not in ("clock", "compliance"):
            continue
        line = lines.get(component.key)
        head = (one.row.unit.number, penalty.id, penalty.company_id.id, component.key, component.name)
        tail = (bool(line), _amount_of_one(line, one.measures.events.get(component.key, ())),
                one.origin.id if one.origin else None)
        if component.target_ids:
            rows += [(*head, None, target, None, None, *tail) for target in component.target_ids.ids]
            continue
        for tier, priority in product(component.support_tier_ids.ids or [None], [component.priority or None]):
            rows.append((*head, component.metric, None, tier, priority, *tail))
    return rows


def _amount_of_one(line, events):
    """What the only failure cost, where there is only one; the clause prices several of them together."""
    counted = sum(event.count for event in events if not event.excused)
    return str(line.amount) if line and counted == line.count == 1 else None


def _columns(rows):
    return [list(column) for column in zip(*rows, strict=True)]
