"""The figures that scorecards are made of, counted for many contracts and periods by a few statements.

A request counts for a provider or dealer that executed it; where the contract says which customers' contracts it stands
behind, those only. It counts in the period in which it was finished, by what was known of it at the end of the period.
Figures are exact: Fractions, with the number of cases they stand on, None where nobody counted them. A value of None:
nothing was measured.
"""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from odoo import api, models
from odoo.tools import SQL, float_repr

from ...engine.share_terms import Measured
from .feedback import DETRACTORS, PROMOTERS, SATISFIED

HOUR = 3600
NOTHING = Measured(None, 0)
CLOCKS = {"first_response": "first_response", "resolution": "resolution", "on_site_time": "on_site"}  # {metric: clock}

# The requests that the provider of unit u executed and that something happened to since its period began.
EXECUTED = """
    SELECT u.unit, u.start_at, u.end_at, r.id AS request_id, r.impact, r.priority, r.tier_id, r.type_id,
           p.policy_id AS own_policy_id
      FROM %(units)s
      JOIN aftersales_contract p ON p.id = u.contract_id
      JOIN res_partner side ON side.id = p.partner_id
      JOIN res_partner executor ON executor.commercial_partner_id = side.commercial_partner_id
      JOIN aftersales_request r ON r.executor_id = executor.id AND r.company_id = p.company_id
     WHERE r.opened_at < u.end_at AND r.last_event_at >= u.start_at
       AND (NOT EXISTS (SELECT 1 FROM aftersales_contract_backing b WHERE b.backing_id = p.id)
            OR EXISTS (SELECT 1 FROM aftersales_contract_backing b
                        WHERE b.backing_id = p.id AND b.contract_id = r.contract_id))"""

# Clocks that stopped in the period. Kept: within the provider's own target for such a case, where the contract has one,
# else within the customer's; what is excused towards the customer is excused for the provider.
STOPPED = """
    SELECT x.unit, c.metric, count(*), sum(c.elapsed),
           count(*) FILTER (WHERE v.kept), count(*) FILTER (WHERE NOT v.kept AND c.excused IS NOT TRUE)
      FROM (%(executed)s) x
      JOIN aftersales_sla_clock c ON c.request_id = x.request_id AND c.state IN ('met', 'breached')
           AND c.stopped_at >= x.start_at AND c.stopped_at < x.end_at AND c.decided_at < x.end_at
      LEFT JOIN LATERAL (
           SELECT t.duration_minutes * 60 AS seconds FROM aftersales_sla_target t
            WHERE t.policy_id = x.own_policy_id AND t.metric = c.metric AND t.active
              AND (t.impact IS NULL OR t.impact = x.impact) AND (t.priority IS NULL OR t.priority = x.priority)
              AND (t.tier_id IS NULL OR t.tier_id = x.tier_id) AND (t.type_id IS NULL OR t.type_id = x.type_id)
            ORDER BY num_nonnulls(t.impact, t.priority, t.tier_id, t.type_id) DESC, t.sequence, t.id
            LIMIT 1) own ON TRUE
     CROSS JOIN LATERAL (SELECT CASE WHEN own.seconds IS NULL THEN c.state = 'met' ELSE c.elapsed <= own.seconds END
                                AS kept) v
     GROUP BY x.unit, c.metric"""

# Jobs finished in the period, and those of them that somebody travelled for, once and never again.
JOBS = """
    SELECT unit, count(*), count(*) FILTER (WHERE visits > 0),
           count(*) FILTER (WHERE visits = 1 AND finishes = 1)
      FROM (SELECT unit, start_at, request_id,
                   count(*) FILTER (WHERE visiting AND before_visiting IS NOT TRUE) AS visits,
                   count(*) FILTER (WHERE kind = 'done' AND before_kind IS DISTINCT FROM 'done') AS finishes,
                   max(occurred_at) FILTER (WHERE kind = 'done' AND before_kind IS DISTINCT FROM 'done') AS finished_at,
                   (array_agg(kind ORDER BY occurred_at DESC, id DESC))[1] AS kind
              FROM (SELECT f.*, lag(f.kind) OVER w AS before_kind, lag(f.visiting) OVER w AS before_visiting
                      FROM (SELECT x.unit, x.start_at, x.request_id, e.id, e.occurred_at, s.kind,
                                   s.kind = 'in_progress' AND s.on_site_effect = 'stop' AS visiting
                              FROM (%(executed)s) x
                              JOIN aftersales_request_event e ON e.request_id = x.request_id
                                   AND e.occurred_at < x.end_at AND e.voids_id IS NULL
                              JOIN aftersales_service_status s ON s.id = e.status_id AND s.kind <> 'note'
                             WHERE NOT EXISTS (SELECT 1 FROM aftersales_request_event v WHERE v.voids_id = e.id)) f
                    WINDOW w AS (PARTITION BY f.unit, f.request_id ORDER BY f.occurred_at, f.id)) ordered
             GROUP BY unit, start_at, request_id) jobs
     WHERE kind = 'done' AND finished_at >= start_at
     GROUP BY unit"""

# What customers said in the period: of each request the last answer to each question.
SAID = """
    SELECT unit, count(csat), count(*) FILTER (WHERE csat = ANY(%(satisfied)s)),
           count(nps), count(*) FILTER (WHERE nps = ANY(%(promoters)s)),
           count(*) FILTER (WHERE nps = ANY(%(detractors)s)), count(*) FILTER (WHERE complaint)
      FROM (SELECT u.unit, f.request_id, bool_or(f.complaint) AS complaint,
                   (array_agg(f.csat ORDER BY f.given_at DESC, f.id DESC) FILTER (WHERE f.csat IS NOT NULL))[1] AS csat,
                   (array_agg(f.nps ORDER BY f.given_at DESC, f.id DESC) FILTER (WHERE f.nps IS NOT NULL))[1] AS nps
              FROM %(units)s
              JOIN aftersales_contract p ON p.id = u.contract_id
              JOIN res_partner side ON side.id = p.partner_id
              JOIN res_partner executor ON executor.commercial_partner_id = side.commercial_partner_id
              JOIN aftersales_feedback f ON f.executor_id = executor.id AND f.company_id = p.company_id
                   AND f.given_at >= u.start_at AND f.given_at < u.end_at AND (f.channel <> 'office' OR NOT u.own_word)
             WHERE NOT EXISTS (SELECT 1 FROM aftersales_contract_backing b WHERE b.backing_id = p.id)
                OR EXISTS (SELECT 1 FROM aftersales_contract_backing b
                            WHERE b.backing_id = p.id AND b.contract_id = f.contract_id)
             GROUP BY u.unit, f.request_id) said
     GROUP BY unit"""

# What they billed us in the period: posted bills less refunds, before taxes, in our currency.
BILLED = """
    SELECT u.unit, sum(l.balance)
      FROM %(units)s
      JOIN account_move m ON m.move_type IN ('in_invoice', 'in_refund') AND m.state = 'posted'
           AND m.invoice_date >= u.first AND m.invoice_date <= u.last
      JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
           AND COALESCE(l.aftersales_contract_id, m.aftersales_contract_id) = u.contract_id
     GROUP BY u.unit"""


class JudgedUnit(NamedTuple):
    """A period of a contract. ``number``: its place in the batch; ``first``, ``last``: its days; ``start_at``,
    ``end_at``: naive UTC, half-open."""

    number: int
    contract: Any
    template: Any
    first: Any
    last: Any
    start_at: Any
    end_at: Any


class ScorecardFacts(models.AbstractModel):
    _name = "aftersales.scorecard.facts"
    _description = "Figures of Providers"

    @api.model
    def _figures(self, units):
        """{unit number: {metric: `Measured`}}, measured figures under ("figure", measure id). A constant number of
        queries for any number of units."""
        found = {unit.number: defaultdict(lambda: NOTHING) for unit in units}
        if units:
            self._flush_facts()
            self._count_clocks(units, found)
            jobs = self._count_jobs(units, found)
            self._count_feedback(units, found, jobs)
            self._count_costs(units, found, jobs)
            self._count_figures(units, found)
        return found

    @api.model
    def _flush_facts(self):
        for name in ("aftersales.sla.clock", "aftersales.request", "aftersales.request.event", "aftersales.feedback",
                     "aftersales.sla.target", "aftersales.contract", "aftersales.service.status"):
            self.env[name].flush_model()
        self.env["account.move"].flush_model(["state", "move_type", "invoice_date", "aftersales_contract_id"])
        self.env["account.move.line"].flush_model(["balance", "display_type", "aftersales_contract_id", "move_id"])

    @api.model
    def _unit_table(self, units):
        """SQL: the units as a table u."""
        return SQL(
            """unnest(%s::int[], %s::int[], %s::timestamp[], %s::timestamp[], %s::date[], %s::date[], %s::bool[])
               AS u(unit, contract_id, start_at, end_at, first, last, own_word)""",
            [unit.number for unit in units], [unit.contract.id for unit in units], [unit.start_at for unit in units],
            [unit.end_at for unit in units], [unit.first for unit in units], [unit.last for unit in units],
            [bool(unit.template.portal_only) for unit in units])

    @api.model
    def _executed(self, units):
        return SQL(EXECUTED, units=self._unit_table(units))

    @api.model
    def _count_clocks(self, units, found):
        """Hours on average, and the promises kept of those decided."""
        decided = defaultdict(lambda: [0, 0])
        metric_of = {clock: metric for metric, clock in CLOCKS.items()}
        for unit, clock, count, elapsed, kept, missed in self.env.execute_query(
                SQL(STOPPED, executed=self._executed(units))):
            decided[unit][0] += kept
            decided[unit][1] += kept + missed
            if clock in metric_of:
                found[unit][metric_of[clock]] = Measured(Fraction(int(elapsed), count * HOUR), count)
        for unit, (kept, due) in decided.items():
            found[unit]["sla_compliance"] = _percent(kept, due)

    @api.model
    def _count_jobs(self, units, found):
        """{unit: jobs finished}."""
        jobs = defaultdict(int)
        for unit, count, visited, fixed in self.env.execute_query(SQL(JOBS, executed=self._executed(units))):
            jobs[unit] = count
            found[unit]["jobs"] = Measured(Fraction(count), count)
            found[unit]["first_time_fix"] = _percent(fixed, visited)
        return jobs

    @api.model
    def _count_feedback(self, units, found, jobs):
        complaints = defaultdict(int)
        for unit, rated, satisfied, asked, promoters, detractors, complained in self.env.execute_query(SQL(
                SAID, units=self._unit_table(units), satisfied=list(SATISFIED), promoters=list(PROMOTERS),
                detractors=list(DETRACTORS))):
            found[unit]["csat"] = _percent(satisfied, rated)
            found[unit]["nps"] = _percent(promoters - detractors, asked)
            complaints[unit] = complained
        for unit, count in jobs.items():
            found[unit]["complaints"] = _percent(complaints[unit], count)

    @api.model
    def _count_costs(self, units, found, jobs):
        for unit, amount in self.env.execute_query(SQL(BILLED, units=self._unit_table(units))):
            if jobs[unit]:
                found[unit]["cost"] = Measured(Fraction(amount) / jobs[unit], jobs[unit])

    @api.model
    def _count_figures(self, units, found):
        """Figures of the measures that the templates name: of the period itself, else of its parts where all of them
        are counts that cover it."""
        wanted = {unit.number: unit.template.criterion_ids.measure_id for unit in units}
        needing = [unit for unit in units if wanted[unit.number]]
        if not needing:
            return
        known = self.env["aftersales.measured.figure"]._of_periods(
            needing[0].contract.browse({unit.contract.id for unit in needing}),
            min(unit.first for unit in needing), max(unit.last for unit in needing))
        by_pair = defaultdict(list)
        for (contract, measure, first, last), figure in known.items():
            by_pair[contract, measure].append((first, last, figure))
        for unit in needing:
            for measure in wanted[unit.number]:
                found[unit.number]["figure", measure.id] = _of_period(unit, by_pair[unit.contract.id, measure.id])


def _percent(part, whole):
    return Measured(Fraction(100 * part, whole), whole) if whole else NOTHING


def _of_period(unit, rows):
    """The `Measured` of one measure; ``rows``: [(first, last, figure)]."""
    for first, last, figure in rows:
        if (first, last) == (unit.first, unit.last):
            return _measured(figure)
    parts = sorted((row for row in rows if unit.first <= row[0] and row[1] <= unit.last), key=lambda row: row[0])
    if not parts or not all(figure.total for _first, _last, figure in parts):
        return NOTHING
    day = unit.first
    for first, last, _figure in parts:
        if first != day:
            return NOTHING
        day = last.fromordinal(last.toordinal() + 1)
    if day.toordinal() != unit.last.toordinal() + 1:
        return NOTHING
    good, total = sum(row[2].good for row in parts), sum(row[2].total for row in parts)
    measure = parts[0][2].measure_id
    return _percent(good if measure.high_is_good else total - good, total)


def _measured(figure):
    """A figure of counts stands on its total; of a value alone nobody knows on how many cases."""
    if figure.total:
        good = figure.good if figure.measure_id.high_is_good else figure.total - figure.good
        return _percent(good, figure.total)
    return Measured(Decimal(float_repr(figure.value, 6)), None)
