"""What penalties are reckoned from, read for a batch of contract periods by a constant number of queries.

Of a customer's contract the clocks that its closed statement stated, with the corrections told since; of a provider's
or dealer's contract those of ``penalty_provider``. The database counts them, alike ones together: neither clocks nor
requests are read one by one. Beside them breaches of the register, and measured figures.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...engine import penalty_terms as engine
from .penalty_terms import decimal

DAY = timedelta(days=1)
POINTLESS = "no points for its severity"

# The clocks as statements say: of each the last that was told. Columns as `CLOCKS` says.
STATED = """
    SELECT f.unit, f.by_late, f.by_request, f.target_id, t.metric, COALESCE(t.tier_id, r.tier_id) AS tier_id,
           COALESCE(t.priority, r.priority) AS priority, f.verdict,
           CASE WHEN f.verdict = 'excused' THEN COALESCE(x.reason, 'excused') END AS excuse,
           CASE WHEN f.verdict = 'met' THEN 0
                WHEN f.stopped_at IS NOT NULL
                THEN GREATEST(0, COALESCE(f.elapsed, 0) - COALESCE(c.duration_seconds, t.duration_minutes * 60))
                WHEN c.stopped_at < f.until
                THEN GREATEST(0, COALESCE(c.elapsed, 0) - c.duration_seconds)
                ELSE COALESCE((SELECT (row ->> 'late_by')::int
                                 FROM aftersales_statement s, jsonb_array_elements(s.snapshot -> 'clocks') row
                                WHERE s.id = f.statement_id AND (row ->> 'clock')::int = f.clock_ref LIMIT 1), 0)
           END AS late,
           f.request_id, f.clock_ref, f.clock_id,
           f.verdict <> 'met' AND f.stopped_at IS NULL AND (c.stopped_at < f.until) IS NOT TRUE AS still_open
      FROM (SELECT DISTINCT ON (unit, clock_ref) *
              FROM (SELECT u.*, 0 AS told, k.clock_ref, k.clock_id, k.request_id, k.target_id, k.verdict,
                           k.stopped_at, k.elapsed
                      FROM %(units)s
                      JOIN aftersales_statement_clock k ON k.statement_id = u.statement_id
                     UNION ALL
                    SELECT u.*, y.id, y.clock_ref, y.clock_id, y.request_id, y.target_id, y.is_verdict,
                           y.is_stopped_at, y.is_elapsed
                      FROM %(units)s
                      JOIN aftersales_statement_correction y
                           ON y.origin_id = u.statement_id AND y.statement_id IS NOT NULL
                      JOIN aftersales_statement told_in ON told_in.id = y.statement_id
                     WHERE told_in.end_at <= u.until) said
             ORDER BY unit, clock_ref, told DESC) f
      JOIN aftersales_sla_target t ON t.id = f.target_id
      LEFT JOIN aftersales_request r ON r.id = f.request_id
      LEFT JOIN aftersales_sla_clock c ON c.id = f.clock_id
      LEFT JOIN aftersales_sla_excuse x ON x.clock_id = f.clock_id AND x.state = 'approved'"""

# Clocks alike in all that the clause looks at, counted together.
CLOCKS = """
    SELECT unit, target_id, metric, tier_id, priority, verdict, excuse,
           CASE WHEN by_late AND verdict <> 'met' THEN late ELSE 0 END,
           CASE WHEN by_request AND verdict <> 'met' THEN request_id END, count(*)
      FROM (%s) f WHERE verdict <> 'none'
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
     ORDER BY 1, 2, 6, 7, 8, 9, 4, 5"""


class Unit(NamedTuple):
    """A period of a contract. ``number``: its place in the batch; ``first``, ``last``: its days; ``start_at``,
    ``end_at``: naive UTC, half-open; ``statement``: of a customer; ``until``: late facts known before that instant
    count, None: none."""

    number: int
    contract: Any
    first: date
    last: date
    start_at: datetime
    end_at: datetime
    statement: Any = None
    until: datetime | None = None

    @property
    def end(self):
        return self.last + DAY


class Counted(NamedTuple):
    """``count`` clocks alike. ``verdict``: met, breached or excused; ``late``: seconds of working time."""

    target_id: int
    metric: str
    tier_id: int | None
    priority: str | None
    verdict: str
    excuse: str | None
    late: int
    request_id: int | None
    count: int


class Facts(NamedTuple):
    """What a batch read once. ``clocks``: {unit number: [Counted]}; ``breaches``: {contract id: [breach]};
    ``figures``: {(contract id, measure id, first, last): figure}; ``objectives``: {(unit number, target id): Decimal};
    ``words``: {excuse: in words}."""

    clocks: dict
    breaches: dict
    figures: dict
    objectives: dict
    words: dict


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    @api.model
    def _facts(self, units, clauses):
        """The `Facts` of these units, all of one kind of contract. ``clauses``: {unit number: clause records}."""
        units = list({unit.number: unit for unit in units}.values())
        sources = {unit.number: set(clauses[unit.number].component_ids.mapped("source")) for unit in units}

        def needing(*wanted):
            return [unit for unit in units if sources[unit.number] & set(wanted)]

        on_clocks, on_register, on_figures = needing("clock", "compliance"), needing("breach"), needing("figure")
        Breach, Figure = self.env["aftersales.breach"], self.env["aftersales.measured.figure"]
        return Facts(
            self._count_clocks(on_clocks, clauses) if on_clocks else {},
            Breach._facts_of(_contracts(on_register), *_span(on_register)) if on_register else {},
            Figure._of_periods(_contracts(on_figures), *_span(on_figures)) if on_figures else {},
            self._stated_objectives(on_clocks), self._excuse_words())

    @api.model
    def _excuse_words(self):
        words = dict(self.env["aftersales.sla.excuse"].with_context(lang="en_US")._fields["reason"]
                     ._description_selection(self.env(context={"lang": "en_US"})))
        return {**words, "excused": "Excused"}

    @api.model
    def _clock_rows(self, units, clauses):
        """SQL: one row a clock of these units, with the columns that `CLOCKS` and the events read."""
        if units[0].statement is None:
            return self._provider_clocks(units, self._unit_rows(units, clauses))
        return SQL(STATED, units=self._unit_rows(units, clauses))

    @api.model
    def _unit_rows(self, units, clauses):
        """SQL: the units as a table u."""
        details = [_details(clauses[unit.number]) for unit in units]
        return SQL(
            """unnest(%s::int[], %s::bool[], %s::bool[], %s::int[], %s::int[], %s::timestamp[], %s::timestamp[],
                      %s::timestamp[]) AS u(unit, by_late, by_request, contract_id, statement_id, start_at, end_at,
                                            until)""",
            [unit.number for unit in units], [late for late, _request in details],
            [request for _late, request in details], [unit.contract.id for unit in units],
            [unit.statement.id if unit.statement is not None else None for unit in units],
            [unit.start_at for unit in units], [unit.end_at for unit in units], [unit.until for unit in units])

    @api.model
    def _count_clocks(self, units, clauses):
        for name in ("aftersales.sla.clock", "aftersales.sla.excuse", "aftersales.request", "aftersales.sla.target",
                     "aftersales.statement", "aftersales.statement.clock", "aftersales.statement.correction"):
            self.env[name].flush_model()
        found = defaultdict(list)
        for unit, *row in self.env.execute_query(SQL(CLOCKS, self._clock_rows(units, clauses))):
            found[unit].append(Counted(*row))
        return found

    @api.model
    def _stated_objectives(self, units):
        """The objectives as the closed statements printed them: what was promised then, whatever targets say now."""
        numbers = {unit.statement.id: unit.number for unit in units if unit.statement is not None}
        lines = self.env["aftersales.statement.line"].search_fetch(
            [("statement_id", "in", list(numbers))], ["statement_id", "target_id", "objective"]) if numbers else []
        return {(numbers[line.statement_id.id], line.target_id.id): decimal(line, "objective") for line in lines}

    # --- measures ------------------------------------------------------------------------------------------------

    @api.model
    def _measures(self, unit, clause, terms, facts, value=None):
        """The engine's `Measures` of one unit by the records of ``clause`` and its ``terms``."""
        figures, events = {}, {}
        for component in clause.component_ids:
            if component.source == "compliance":
                figures[component.key] = _compliance(_matching(component, facts.clocks.get(unit.number, ())), facts)
            elif component.source == "figure":
                figures[component.key] = self._figure(component, unit, facts)
            elif component.source == "breach":
                found = tuple(fact.event for fact in self._breach_facts(unit, facts))
                events[component.key] = _pointed(component, found)
            else:
                rows = _matching(component, facts.clocks.get(unit.number, ()))
                if rows:  # without any the promise was not put to the test
                    events[component.key] = _pointed(component, _events(rows, facts))
        return engine.Measures(unit.first, unit.end, figures, events, value)

    @api.model
    def _breach_facts(self, unit, facts):
        return [breach._penalty_fact(unit.last) for breach in facts.breaches.get(unit.contract.id, ())
                if unit.first <= breach.noticed_on <= unit.last]

    @api.model
    def _figure(self, component, unit, facts):
        """The measured figure of the whole period; else of its parts, where all of them are counts."""
        exact = facts.figures.get((unit.contract.id, component.measure_id.id, unit.first, unit.last))
        if exact:
            return _measured(exact)
        parts = [figure for (contract, measure, first, last), figure in facts.figures.items()
                 if contract == unit.contract.id and measure == component.measure_id.id
                 and unit.first <= first and last <= unit.last]
        parts.sort(key=lambda figure: figure.period_start)
        if parts and _gapless(parts, unit) and all(part.total for part in parts):
            return engine.Figure(good=sum(part.good for part in parts), total=sum(part.total for part in parts))
        return engine.Figure()

    @api.model
    def _with_objectives(self, terms, clause, unit, facts):
        """``terms`` with the targets that the closed statement printed, where the objective is the target."""
        changed = {}
        for component in clause.component_ids:
            if component.source == "compliance" and component.target_from == "objective":
                stated = [facts.objectives[unit.number, target.id]
                          for target in component._targets(unit.contract, archived=True)
                          if (unit.number, target.id) in facts.objectives]
                if stated:
                    changed[component.key] = min(stated)
        return _retargeted(terms, changed)


def _retargeted(terms, targets):
    """``terms`` with other targets: {component key: Decimal}."""
    if all(one.target == targets.get(one.key, one.target) for one in terms.components):
        return terms
    return replace(terms, components=tuple(
        replace(one, target=targets.get(one.key, one.target)) for one in terms.components))


def _contracts(units):
    return units[0].contract.browse({unit.contract.id for unit in units})


def _span(units):
    return min(unit.first for unit in units), max(unit.last for unit in units)


def _details(clauses):
    """(whether lateness matters, whether the request matters) to one of these clauses."""
    events = clauses.component_ids.filtered(lambda one: one.source == "clock")
    return (any(one.kind == engine.PER_UNIT or one.grace for one in events),
            any(clause.combine == engine.HIGHEST_PER_EVENT for clause in clauses))


def _matching(component, rows):
    """The counted clocks that a component is about."""
    targets, tiers = set(component.target_ids.ids), set(component.support_tier_ids.ids)
    return [row for row in rows if (
        row.target_id in targets if targets else row.metric == component.metric
        and (not tiers or row.tier_id in tiers)
        and (not component.priority or row.priority == component.priority))]


def _compliance(rows, facts):
    """Met of all, the excused ones apart; a `Figure` without a value where nothing was due."""
    total = sum(row.count for row in rows)
    if not total:
        return engine.Figure()
    excused = defaultdict(int)
    for row in rows:
        if row.verdict == "excused":
            excused[facts.words.get(row.excuse, row.excuse)] += row.count
    return engine.Figure(
        good=sum(row.count for row in rows if row.verdict == "met"), total=total,
        excused=tuple((number, reason) for reason, number in sorted(excused.items())))


def _events(rows, facts):
    """The failures among counted clocks, alike ones as one `Event` with their number."""
    found = defaultdict(int)
    for row in rows:
        if row.verdict != "met":
            key = f"request:{row.request_id}" if row.request_id else ""
            found[key, row.late, row.priority or "", facts.words.get(row.excuse, row.excuse)] += row.count
    return tuple(engine.Event(key, late, severity, excused, count)
                 for (key, late, severity, excused), count in sorted(found.items(), key=str))


def _pointed(component, events):
    """Where points are counted, a severity for which none are agreed does not count, and is told so."""
    if component.kind != engine.POINTS:
        return events
    known = set(component.severity_ids.mapped("severity"))
    return tuple(event if event.excused or event.severity in known else replace(event, excused=POINTLESS)
                 for event in events)


def _measured(figure):
    if figure.total:
        return engine.Figure(good=figure.good, total=figure.total)
    return engine.Figure(value=decimal(figure, "value"))


def _gapless(parts, unit):
    """Whether these figures, in order, cover the period without gap or overlap."""
    day = unit.first
    for part in parts:
        if part.period_start != day:
            return False
        day = part.period_end + DAY
    return day == unit.end


class StatementClock(models.Model):
    _inherit = "aftersales.statement.clock"

    _of_statement = models.Index("(statement_id)")
