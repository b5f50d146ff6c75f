"""The periods of a contract: calendar months, quarters or years, from local midnight to local midnight.

A closed period keeps the instants it was closed with. The next one begins where it ended, whatever became of the
contract's zone or period length since: no instant lies in two periods, none in no period.
"""

from datetime import UTC, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.contract_lifecycle import ENDED, LIVE
from ...engine.period import Period

MONTHS = {"month": 1, "quarter": 3, "year": 12}


class PeriodRow(NamedTuple):
    """One period of one contract. ``first``, ``last``: its days; ``start_at``, ``end_at``: naive UTC, half-open."""

    contract_id: int
    company_id: int
    first: object
    last: object
    start_at: object
    end_at: object


class Contract(models.Model):
    _inherit = "aftersales.contract"

    statement_start = fields.Date(
        string="Statements from", copy=False,
        help="The first statement covers the period of this day. Empty: the period of the first decided clock, or of "
        "the day the contract was recorded here if that comes first.")
    ended_on = fields.Date(string="Ended", readonly=True, copy=False, help="The day it expired or was terminated.")

    def _moved(self, action):
        super()._moved(action)
        if action in ("expire", "terminate"):
            for contract in self:
                contract.ended_on = contract.date_end if action == "expire" else (
                    contract.ended_on or contract._local_today())  # a termination says which day was the last
        elif action == "renew":
            self.ended_on = False

    def _period_containing(self, day):
        """The calendar period of dates that ``day`` lies in, as the contract's statements are cut."""
        self.ensure_one()
        months = MONTHS[self.statement_period]
        first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
        return Period(first, fields.Date.add(first, months=months))

    def _period_facts(self):
        """{contract id: (closed until, closed end, first decided, recorded, active until, corrections?)}, one query."""
        self.env["aftersales.statement"].flush_model(["contract_id", "state", "period_end", "end_at"])
        self.env["aftersales.sla.clock"].flush_model(["contract_id", "decided_at"])
        self.env["aftersales.compliance"].flush_model()
        self.env["aftersales.statement.correction"].flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT c.id, closed.last, closed.end_at,
                      (SELECT min(decided_at) FROM aftersales_sla_clock k
                        WHERE k.contract_id = c.id AND k.decided_at IS NOT NULL),
                      c.create_date,
                      (SELECT max(p.period_end) FROM aftersales_compliance p
                        WHERE p.contract_id = c.id AND p.state = 'open' AND p.due > 0),
                      EXISTS (SELECT 1 FROM aftersales_statement_correction x
                               WHERE x.contract_id = c.id AND x.statement_id IS NULL)
                 FROM aftersales_contract c
                 LEFT JOIN LATERAL (SELECT max(s.period_end) AS last, max(s.end_at) AS end_at
                                      FROM aftersales_statement s
                                     WHERE s.contract_id = c.id AND s.state <> 'draft') closed ON TRUE
                WHERE c.id = ANY(%s)""", self.ids))
        return {row[0]: row[1:] for row in rows}

    def _open_periods(self, until=None):
        """[PeriodRow] of every period that is not closed, oldest first, up to the one that ``until`` lies in.

        ``until``: naive UTC, the present when empty.
        """
        until = until or fields.Datetime.now()
        facts = self._period_facts()
        return [row for contract in self for row in contract._periods_since(facts[contract.id], until)]

    def _periods_since(self, facts, until):
        closed_until, closed_end, decided, recorded, _active, _corrections = facts
        zone = self._zone()
        last_day = _local_day(until, zone)
        first_day = closed_until + timedelta(days=1) if closed_until else self._first_day(decided, recorded, zone)
        period = self._period_containing(first_day)
        rows, begins = [], closed_end
        while period.start <= last_day:
            instants = period.in_zone(zone)
            start_at, end_at = (bound.astimezone(UTC).replace(tzinfo=None) for bound in (instants.start, instants.end))
            first = max(period.start, first_day) if closed_until else period.start
            if begins:  # the first open period begins where the closed one ended
                start_at, begins = begins, None
            rows.append(PeriodRow(self.id, self.company_id.id, first, period.end - timedelta(days=1), start_at, end_at))
            period = period.next()
        return rows

    def _first_day(self, decided, recorded, zone):
        if self.statement_start:
            return self.statement_start
        day = max(self.date_start, _local_day(recorded, zone))
        return min(day, _local_day(decided, zone)) if decided else day

    @api.model
    def _due_periods(self, today=None):
        """{contract: [PeriodRow]}: the periods whose statement is due, oldest first.

        Due: ended more than the company's ``statement_close_days`` before ``today`` (the contract's own day when
        empty). An ended contract is closed up to the period of its end, and further while clocks are still decided
        or corrections wait.
        """
        return self.search([
            ("state", "in", (*LIVE, *ENDED)), ("policy_id", "!=", False),
            ("kind", "=", "customer")], order="id")._due_periods_of(today)

    def _due_periods_of(self, today):
        facts, now = self._period_facts(), fields.Datetime.now()
        found = {}
        for contract in self:
            day = today or _local_day(now, contract._zone())
            until = day - timedelta(days=contract.company_id.statement_close_days)
            noon = fields.Datetime.to_datetime(until) + timedelta(hours=12)  # of a day on which nothing ends
            rows = [row for row in contract._periods_since(facts[contract.id], noon) if row.last < until]
            rows = contract._until_end(rows, facts[contract.id])
            if rows:
                found[contract] = rows
        return found

    def _until_end(self, rows, facts):
        _closed, _end, _decided, _recorded, active_until, corrections = facts
        if self.state in LIVE or corrections:
            return rows
        ended = self.ended_on or self.date_end or fields.Date.to_date(self.write_date)
        limit = max(ended, active_until) if active_until else ended
        return [row for row in rows if row.first <= limit]


def _local_day(instant, zone):
    """The calendar day of a naive UTC instant in ``zone``."""
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
