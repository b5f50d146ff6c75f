"""Penalties of provider and dealer contracts: what they did late in the cases of our customers, by their own promise.

Such a contract has no statements. Its periods are calendar months, quarters or years like those of others; one is
assessed once it ended and the days are over after which the company closes. A clock of a customer's request counts that
the provider executed, under a contract that the provider's stands behind, in the period in which it was finished: it is
late by what it took beyond the provider's own target for such a case. What is excused towards the customer is excused
for the provider. Clocks that still run count when they are done.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.contract_lifecycle import ENDED, LIVE
from .penalty_facts import Unit

PROVIDERS = ("provider", "dealer")
MONTH, YEAR = 28, 366  # days: the shortest period, and how long after its end a contract is looked at

PROVIDED = """
    SELECT u.unit, u.by_late, u.by_request, own.id AS target_id, c.metric,
           COALESCE(own.tier_id, r.tier_id) AS tier_id, COALESCE(own.priority, r.priority) AS priority,
           CASE WHEN c.elapsed <= own.duration_minutes * 60 THEN 'met' WHEN c.excused THEN 'excused' ELSE 'breached'
           END AS verdict,
           CASE WHEN c.excused THEN COALESCE(x.reason, 'excused') END AS excuse,
           GREATEST(0, c.elapsed - own.duration_minutes * 60) AS late,
           c.request_id, c.id AS clock_ref, c.id AS clock_id, FALSE AS still_open
      FROM %(units)s
      JOIN aftersales_contract p ON p.id = u.contract_id
      JOIN res_partner side ON side.id = p.partner_id
      JOIN aftersales_contract_backing b ON b.backing_id = p.id
      JOIN aftersales_sla_clock c ON c.contract_id = b.contract_id AND c.state IN ('met', 'breached')
           AND c.stopped_at >= u.start_at AND c.stopped_at < u.end_at AND c.decided_at < u.end_at
      JOIN aftersales_request r ON r.id = c.request_id
      JOIN res_partner executor ON executor.id = r.executor_id
           AND executor.commercial_partner_id = side.commercial_partner_id
      JOIN LATERAL (
           SELECT t.* FROM aftersales_sla_target t
            WHERE t.policy_id = p.policy_id AND t.metric = c.metric AND t.active
              AND (t.impact IS NULL OR t.impact = r.impact) AND (t.priority IS NULL OR t.priority = r.priority)
              AND (t.tier_id IS NULL OR t.tier_id = r.tier_id) AND (t.type_id IS NULL OR t.type_id = r.type_id)
            ORDER BY num_nonnulls(t.impact, t.priority, t.tier_id, t.type_id) DESC, t.sequence, t.id
            LIMIT 1) own ON TRUE
      LEFT JOIN aftersales_sla_excuse x ON x.clock_id = c.id AND x.state = 'approved'"""


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    @api.model
    def _provider_clocks(self, _units, table):
        """SQL: the customers' clocks that the providers of these units finished, by the providers' own targets."""
        return SQL(PROVIDED, units=table)

    @api.model
    def _assess_providers(self, contracts, today=None):
        """Assess the ended periods of these provider and dealer contracts. Returns as `_assess`."""
        contracts = contracts.sudo()._lock_for_period()  # facts and fees are read whole, whoever closes the month
        contracts.invalidate_recordset(["penalties_until"])
        periods = {contract: contract._penalty_periods(today) for contract in contracts}
        made, problems = self.sudo().browse(), {}
        while any(periods.values()):
            turn = [contract for contract, rows in periods.items() if rows]
            units = []
            for number, contract in enumerate(turn):
                row = periods[contract].pop(0)
                units.append(Unit(number, contract, row.first, row.last, row.start_at, row.end_at, None, row.end_at))
            found, stuck = self.sudo()._assess_units(units)
            made += found
            problems.update(stuck)
            for unit in units:
                if unit.contract in problems:
                    periods[unit.contract] = []
                else:
                    unit.contract._write_unlocked({"penalties_until": unit.last})
        return made, problems


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _penalty_providers(self, today=None):
        """Domain of provider and dealer contracts that may have a period to assess; a superset. Those that ended are
        looked at for another year."""
        day = today or fields.Date.today() + timedelta(days=1)
        alive = Domain("state", "in", LIVE) | (
            Domain("state", "in", ENDED) & Domain("ended_on", ">=", day - timedelta(days=YEAR)))
        return (
            self._real() & alive & Domain("kind", "in", PROVIDERS) & Domain("date_start", "<=", day)
            & (Domain("penalty_clause_ids", "!=", False) | Domain("penalty_ids", "!=", False))
            & (Domain("penalties_until", "=", False) | Domain("penalties_until", "<", day - timedelta(days=MONTH))))

    def _penalty_periods(self, today=None):
        """[`PeriodRow`] of this provider's or dealer's contract to be assessed, oldest first."""
        self.ensure_one()
        day = today or self._local_today()
        until = day - timedelta(days=self.company_id.statement_close_days)
        noon = fields.Datetime.to_datetime(until) + timedelta(hours=12)  # of a day on which nothing ends
        facts = (self.penalties_until, None, None, self.create_date, None, False)
        rows = [row for row in self._periods_since(facts, noon) if row.last < until]
        over = self.state in ENDED and (self.ended_on or self.date_end)
        return [row for row in rows if not over or row.first <= over]
