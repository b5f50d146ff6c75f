"""What a penalty has to know of those before it: running totals, excess carried, repetitions, what may be earned back.

Running totals count what was assessed, bonuses apart, less what was waived and what was earned back since; a penalty
that was reversed counts nothing, a disputed one counts until the dispute ends. A period belongs to the contract year,
or calendar year, in which it begins.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.tools import SQL

from ...engine import penalty_terms as engine

ENDLESS = 120  # periods in which a penalty may still be earned back, where the clause names no window

NET = "p.assessed + p.bonus - GREATEST(p.waived_amount, 0)"

TOTALS = """
    SELECT k.number, t.year::text, t.contract::text, last.carried::text, told.carried::text, last.misses
      FROM unnest(%(numbers)s::int[], %(contracts)s::int[], %(rows)s::text[], %(starts)s::date[], %(years)s::date[],
                  %(besides)s::int[]) AS k(number, contract_id, row_key, period_start, year_start, beside)
      LEFT JOIN LATERAL (
           SELECT sum(%(net)s) FILTER (WHERE p.period_start >= k.year_start
                                         AND p.period_start < k.year_start + interval '1 year') AS year,
                  sum(%(net)s) AS contract
             FROM aftersales_penalty p
            WHERE p.contract_id = k.contract_id AND p.row_key = k.row_key AND p.reversed_on IS NULL
              AND (k.beside IS NULL OR (p.id <> k.beside AND p.origin_id IS DISTINCT FROM k.beside))
              AND (p.period_start < k.period_start OR (p.period_start = k.period_start AND p.origin_id IS NOT NULL)
                   OR k.beside IS NOT NULL)) t ON TRUE
      LEFT JOIN LATERAL (
           SELECT p.carried, p.misses FROM aftersales_penalty p
            WHERE p.contract_id = k.contract_id AND p.row_key = k.row_key AND p.origin_id IS NULL
              AND p.period_start < k.period_start
            ORDER BY p.period_start DESC LIMIT 1) last ON TRUE
      LEFT JOIN LATERAL (
           SELECT sum(p.carried) AS carried FROM aftersales_penalty p
            WHERE p.contract_id = k.contract_id AND p.row_key = k.row_key AND p.origin_id IS NOT NULL
              AND p.period_start = k.period_start) told ON TRUE"""

PENALISED = """
    SELECT k.number, p.id, p.period_start, (%(net)s + COALESCE(c.late, 0))::text, p.earned
      FROM unnest(%(numbers)s::int[], %(contracts)s::int[], %(rows)s::text[], %(starts)s::date[], %(windows)s::int[])
           AS k(number, contract_id, row_key, period_start, periods)
      CROSS JOIN LATERAL (
           SELECT * FROM aftersales_penalty p
            WHERE p.contract_id = k.contract_id AND p.row_key = k.row_key AND p.origin_id IS NULL
              AND p.period_start < k.period_start
            ORDER BY p.period_start DESC LIMIT k.periods) p
      LEFT JOIN LATERAL (
           SELECT sum(c.assessed + c.bonus - GREATEST(c.waived_amount, 0)) AS late FROM aftersales_penalty c
            WHERE c.origin_id = p.id AND c.reversed_on IS NULL) c ON TRUE
     WHERE p.reversed_on IS NULL OR p.earned IS NOT NULL
     ORDER BY k.number, p.period_start DESC"""


class Entry(NamedTuple):
    """One clause of one contract whose totals are asked. ``beside``: id of a penalty that is reckoned again: the totals
    are those of all the others, later ones included; None: those before the period."""

    number: int
    contract: object
    row_key: str
    clause: object
    start: date
    beside: int | None = None


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    @api.model
    def _ledgers(self, entries):
        """{entry number: engine `Ledger`} of `Entry`s; two queries at most, for any number of them."""
        if not entries:
            return {}
        self.flush_model()
        numbers = [entry.number for entry in entries]
        contracts, rows = [entry.contract.id for entry in entries], [entry.row_key for entry in entries]
        starts = [entry.start for entry in entries]
        totals = self.env.execute_query(SQL(
            TOTALS, numbers=numbers, contracts=contracts, rows=rows, starts=starts, net=SQL(NET),
            years=[year_start(entry.clause, entry.contract, entry.start) for entry in entries],
            besides=[entry.beside for entry in entries]))
        penalised = self._penalised([entry for entry in entries if entry.clause.earn_back])
        return {
            number: engine.Ledger(
                _decimal(year), _decimal(contract), _decimal(carried) + _decimal(told), misses or {},
                penalised.get(number, ()))
            for number, year, contract, carried, told, misses in totals}

    @api.model
    def _penalised(self, entries):
        """{entry number: the engine's `Penalised`, oldest first} of what may still be earned back."""
        if not entries:
            return {}
        rows = self.env.execute_query(SQL(
            PENALISED, numbers=[entry.number for entry in entries], contracts=[entry.contract.id for entry in entries],
            rows=[entry.row_key for entry in entries], starts=[entry.start for entry in entries], net=SQL(NET),
            windows=[entry.clause.earn_back_window or ENDLESS for entry in entries]))
        by_number = defaultdict(list)
        for number, *row in rows:
            by_number[number].append(row)
        return {number: _earnable(found) for number, found in by_number.items()}


def _earnable(rows):
    """Rows from the newest to the oldest -> what nobody has earned back, oldest first."""
    earned = {key for _id, _start, _net, keys in rows for key in keys or ()}
    found = [engine.Penalised(str(key), Decimal(net), periods_ago)
             for periods_ago, (key, _start, net, _keys) in enumerate(rows, 1)
             if str(key) not in earned and Decimal(net) > 0]
    return tuple(reversed(found))


def year_start(clause, contract, day):
    """The first day of the year of the running cap that ``day`` lies in."""
    if clause.year_rule == "calendar" or not contract.date_start or day < contract.date_start:
        return day.replace(month=1, day=1) if clause.year_rule == "calendar" else contract.date_start or date.min
    years = relativedelta(day, contract.date_start).years
    begun = contract.date_start + relativedelta(years=years)
    return begun if begun <= day else contract.date_start + relativedelta(years=years - 1)


def _decimal(text):
    return Decimal(text or 0)
