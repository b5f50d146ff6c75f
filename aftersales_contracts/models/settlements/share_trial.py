"""A share rule tried on past periods: what it would have come to, beside what was settled. Nothing is written.

The revenue of those days is reckoned anew, whatever settlement took it, a late line with the month of its own day.
Figures are those of the periods; penalties, reimbursements and what disputes released stay as they were netted, so that
only the rule makes a difference. What a refund takes from is what the tried rule gave, where that lies in the tried
days, else what was settled.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import share_terms as engine
from ...engine.errors import EngineError
from ...engine.money import round_money
from ...engine.period import Period
from ...engine.revenue_share import Reckoning
from ...engine.share_spans import span_start
from ...engine.share_terms import Origin
from .settlement_facts import DAY
from .settlement_rates import MissingRate, Rates
from .settlement_stream import Stream

TRIED = """
      FROM aftersales_revenue r
      LEFT JOIN aftersales_revenue s ON s.id = r.source_id
     WHERE r.dealer_contract_id = %(contract)s AND r.is_due AND r.day >= %(start)s AND r.day < %(end)s
       AND (%(currency)s IS NULL OR r.currency_id = %(currency)s)"""
ORIGINS = """
    SELECT DISTINCT origin_id::text FROM aftersales_revenue
     WHERE dealer_contract_id = %s AND is_due AND day >= %s AND day < %s AND origin_id IS NOT NULL"""
REVENUE_IN = """
    SELECT DISTINCT currency_id FROM aftersales_revenue
     WHERE dealer_contract_id = %s AND is_due AND day >= %s AND day < %s"""


class Trial(NamedTuple):
    """One period of a contract in one currency. ``first``, ``last``: days; ``settled``, ``would_be``: Decimals, what
    the period came to before anything is carried in or forward; ``shares`` of them: what its lines came to;
    ``settlements``: number of those that ended in it; ``warnings``: of the tried rule."""

    contract: Any
    currency: Any
    first: date
    last: date
    lines: int = 0
    revenue: Decimal = Decimal(0)
    settlements: int = 0
    settled: Decimal = Decimal(0)
    settled_shares: Decimal = Decimal(0)
    would_be: Decimal = Decimal(0)
    shares: Decimal = Decimal(0)
    warnings: int = 0


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _try_share_rule(self, rule, first, last):
        """([`Trial`], {contract: why it could not be reckoned}) of a share rule, drafts too, on the periods of the rule
        that the days from ``first`` to ``last`` touch. Who asks is checked where the button is; the records are read
        whole."""
        found, problems = [], {}
        for contract in self:
            try:
                found += contract._try_rule(rule, first, last)
            except (EngineError, MissingRate, UserError) as error:
                problems[contract] = contract._settling_failed(error)
        return found, problems

    def _try_rule(self, rule, first, last):
        start = self._calendar_period(rule.period, max(first, self.date_start))[0]
        end = self._calendar_period(rule.period, last)[1]
        begin = self._trial_begin(rule, start)
        currencies = rule.currency_id
        if rule.fx == "own":
            rows = self.env.execute_query(SQL(REVENUE_IN, self.id, start, end))
            currencies |= currencies.browse(sorted(key for [key] in rows))
        found = []
        for currency in currencies:
            trials = Tries(self, rule, currency, begin, end)
            found += [trial for period in self._share_trial_periods(rule, begin, end)
                      for trial in [trials.reckon(period)] if period.start >= start]
        settled = self._settled_in(start, end)
        missing = currencies.browse(sorted({row[0] for row in settled} - set(currencies.ids)))
        found += [Trial(self, currency, period.start, period.end - DAY) for currency in missing
                  for period in self._share_trial_periods(rule, start, end)]  # settled in another currency
        found = [trial._replace(**_settled_of(settled, trial)) for trial in found]
        return [trial for trial in found if trial.lines or trial.would_be or trial.settlements]

    def _trial_begin(self, rule, start):
        """The first day to reckon from: where volumes that brackets go by begin to add up."""
        spans = [span_start(one.accumulate, start) for one in rule.component_ids
                 if one.rate_kind == "brackets" and one.accumulate != engine.PERIOD]
        begin = min([start, *spans])
        return min(start, max(begin, self._calendar_period(rule.period, self.date_start)[0]))

    def _share_trial_periods(self, rule, begin, end):
        while begin < end:
            following = self._calendar_period(rule.period, begin)[1]
            yield Period(begin, following)
            begin = following

    def _settled_in(self, start, end):
        """[(currency id, last day, what it came to, shares)] of the settlements that ended in [start, end)."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """SELECT currency_id, period_end, (total + carried_forward - opening)::text, lines_total::text
                 FROM aftersales_settlement
                WHERE contract_id = %s AND state <> 'draft' AND period_end >= %s AND period_end < %s""",
            self.id, start, end))
        return [(currency, day, Decimal(net or 0), Decimal(shares or 0)) for currency, day, net, shares in rows]

    def _netted_in(self, currency, start, end):
        """{"penalty": [`Item`], "released": [`Item`], "reimbursement": [`Item`]} that settlements netted which end in
        [start, end)."""
        rows = self.env.execute_query(SQL(
            """SELECT l.kind, l.key, l.name, l.amount::text FROM aftersales_settlement_line l
                 JOIN aftersales_settlement s ON s.id = l.settlement_id
                WHERE s.contract_id = %s AND s.currency_id = %s AND s.period_end >= %s AND s.period_end < %s
                  AND l.kind IN ('penalty', 'released', 'reimbursement') ORDER BY l.id""",
            self.id, currency.id, start, end))
        found = {"penalty": [], "released": [], "reimbursement": []}
        for kind, key, name, amount in rows:
            found[kind].append(engine.Item(key or kind, name or "", Decimal(amount)))
        return found


class Tries:
    """The periods of one contract in one currency, one after another, each beginning with what the one before left."""

    def __init__(self, contract, rule, currency, begin, end):
        self.contract, self.currency, self.env = contract, currency, contract.env
        self.rule = rule._terms(currency, contract.lang)
        self.own_currency_only = rule.fx == "own"
        self.at_the_end = rule.fx == "settlement_date"
        self.rates = Rates(contract.company_id, currency)
        self.paths = self.env["aftersales.settlement"]._category_paths(self.rule)
        rows = self.env.execute_query(SQL(ORIGINS, contract.id, begin, end))
        self.earned = {key: None for [key] in rows}  # key of a line that others take from: `Earned`
        self.carried, self.paid, self.jobs = engine.Carried(), {}, set()

    def reckon(self, period):
        """The `Trial` of the next period."""
        stream = TriedStream(self, period)
        reckoning = Reckoning(self.rule, period, self.carried, self._facts(period), stream.kept)
        turns = stream.turns()
        if reckoning.needs_totals:
            for turn in turns:
                for rows in stream.chunks(turn):
                    reckoning.measure(stream.lines(rows, fingerprint=False))
        shares = Decimal(0)
        for turn in turns:
            for rows in stream.chunks(turn):
                for row, line in zip(rows, reckoning.settle(stream.lines(rows)), strict=True):
                    shares += line.amount
                    stream.reckoned(row, line)
        stream.close()
        found = reckoning.close()
        shares += sum(line.amount for line in found.lines if line.kind == engine.RETROACTIVE)
        net = found.total + found.carried_forward - self.carried.amount
        self.jobs.update(reckoning.jobs)
        self.carried = engine.Carried(found.carried_forward, found.volumes, frozenset(self.jobs), period.end)
        return Trial(
            self.contract, self.currency, period.start, period.end - DAY, stream.count,
            round_money(reckoning.revenue, self.rule.currency_rounding), would_be=net, shares=shares,
            warnings=len(found.warnings))

    def _facts(self, period):
        contract = self.contract
        wanted = {one.payout.measure for one in (*self.rule.components, *self.rule.bonuses) if one.payout}
        figures = contract._share_figures(period.start, period.end) if wanted else {}
        netted = contract._netted_in(self.currency, period.start, period.end)
        return engine.Facts(
            {key: figure for key, figure in figures.items() if key in wanted}, tuple(netted["penalty"]),
            tuple(netted["released"]), contract._share_part(period.start, period.end, period.start, period.end),
            reimbursements=tuple(netted["reimbursement"]))


class Earned:
    """What a line earned by the tried rule, all its payments together, and what was taken of it until now."""

    def __init__(self, component, day):
        self.component, self.day = component, day
        self.share, self.taken_base, self.taken_share = Decimal(0), Fraction(0), Decimal(0)


class TriedStream(Stream):
    """The revenue of a period, whatever settlement has it."""

    def __init__(self, tries, period):
        settlement = tries.env["aftersales.settlement"].new({
            "contract_id": tries.contract.id, "company_id": tries.contract.company_id.id,
            "currency_id": tries.currency.id, "period_start": period.start, "period_end": period.end - DAY})
        super().__init__(
            settlement, period.start, tries.rates, tries.paths, tries.rule,
            tries.currency if tries.own_currency_only else None, period.end - DAY if tries.at_the_end else None)
        self._params["settlement"] = None
        self.earned, self.period, self._paid = tries.earned, period, tries.paid
        self._gone = []  # (what it takes from, base, share), for the periods that follow
        self.kept = self.remembered() if self.earned else frozenset()

    def _source(self):
        return TRIED

    def remembered(self):
        rows = self.env.execute_query(SQL(
            f"""WITH tried AS (SELECT r.id, r.source_id, r.origin_id {TRIED})
                SELECT DISTINCT t.origin_id::text FROM tried t
                 WHERE EXISTS (SELECT FROM tried f WHERE COALESCE(f.source_id, f.id) = t.origin_id
                                  AND f.origin_id IS NULL)""", **self._params))
        return frozenset(key for [key] in rows if not self.earned.get(key))

    def _origin(self, row):
        earned = self.earned.get(str(row[18]))
        if earned is None or str(row[18]) in self.kept:
            return super()._origin(row)
        return Origin(str(row[18]), earned.component, Decimal(row[19]), earned.share, earned.taken_base,
                      earned.taken_share, earned.day)

    def _shared(self, row, paid, job):
        return self._paid_for_job(row) if self.by_job and job and paid[0] else None

    def _paid_for_job(self, row):
        return self._paid.get(row[1], Decimal(0))

    def reckoned(self, row, line):
        """A line was reckoned: what later ones take from is kept."""
        self.settled(row, line.amount)
        if len(row) > 18 and row[18] is not None and row[18] != row[1]:
            part = 1 if row[15] is None else Fraction(Decimal(row[15]) - Decimal(row[14] or 0)) / Fraction(
                Decimal(row[16]) or 1)
            self._gone.append((str(row[18]), Fraction(row[4]) * part, line.amount))
        elif str(row[1]) in self.earned:
            earned = self.earned[str(row[1])] or Earned(line.component, self.period.start)
            earned.share += line.amount
            self.earned[str(row[1])] = earned

    def close(self):
        """The period is reckoned: what was taken in it counts for the next ones."""
        for key, base, share in self._gone:
            if self.earned.get(key):
                self.earned[key].taken_base += base
                self.earned[key].taken_share += share


def _settled_of(rows, trial):
    """What of ``rows`` ended in a period, as fields of its `Trial`."""
    mine = [row for row in rows if row[0] == trial.currency.id and trial.first <= row[1] <= trial.last]
    return {"settlements": len(mine), "settled": sum((row[2] for row in mine), Decimal(0)),
            "settled_shares": sum((row[3] for row in mine), Decimal(0))}
