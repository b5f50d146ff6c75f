"""Reckoning one settlement: terms, what is carried in and the facts on one side, the stream of revenue on the other.

Each chunk of lines goes through the engine and into the store before the next one is read. The same code reckons a
settlement of a new period, one anew, and one again from what is stored with it.
"""

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import models
from odoo.tools import SQL

from ...engine import share_terms as engine
from ...engine.money import round_money
from ...engine.period import Period
from ...engine.revenue_share import Reckoning
from ..statements.statement_snapshot import digest
from .settlement_inputs import FORMAT, line_text, plain, result_head, revive, volumes_of
from .settlement_rates import Rates
from .settlement_stream import PLAIN, Stream

NEVER = date.min


class Given(NamedTuple):
    """What a settlement is reckoned from. ``rule``: the engine's; ``record``: of the last day; ``since``: the first day
    whose revenue counts; ``currency``: only lines in it (None: all, converted); ``rate_on``: a day for all rates;
    ``sources``: {key of an `Item`: record that it is for}."""

    rule: Any
    record: Any
    carried: engine.Carried
    facts: engine.Facts
    rates: Rates
    paths: dict
    since: date
    currency: Any = None
    rate_on: date | None = None
    sources: dict = {}


class Reckoned(NamedTuple):
    """``found``: the engine's `Settlement` without the shares; ``revenue``: a Decimal; ``inputs``: the document;
    ``result_hash``: of all lines and of what they come to."""

    found: Any
    revenue: Decimal
    inputs: dict
    result_hash: str


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    def _reckon(self, given, store=None, stored=False):
        """`Reckoned` of this settlement. ``store``: called with [(row, `SettledLine`)] of each chunk; ``stored``: of
        the revenue that its lines name, instead of what is open."""
        self.ensure_one()
        period = Period(self.period_start, self._period_until())
        stream = Stream(self, given.since, given.rates, given.paths, given.rule, given.currency, given.rate_on, stored)
        turns = stream.turns()
        stream.kept = stream.remembered() if turns not in ([], [PLAIN]) else frozenset()
        reckoning = Reckoning(given.rule, period, given.carried, given.facts, stream.kept)
        if reckoning.needs_totals:
            reckoning.measure(line for turn in turns for rows in stream.chunks(turn)
                              for line in stream.lines(rows, fingerprint=False))
        result = hashlib.sha256()
        for turn in turns:
            for rows in stream.chunks(turn):
                self._settle_chunk(rows, stream, reckoning, result, store)
        found = reckoning.close()
        for line in found.lines:
            result.update(line_text(line).encode())
        inputs = self._inputs_of(given, stream)
        head = digest({**result_head(found), "lines": result.hexdigest()})
        return Reckoned(found, round_money(reckoning.revenue, self._currency_unit()), inputs, head)

    def _settle_chunk(self, rows, stream, reckoning, result, store):
        settled, hashed = [], []
        for row, line in zip(rows, reckoning.settle(stream.lines(rows)), strict=True):
            stream.settled(row, line.amount)
            hashed.append(line_text(line))
            settled.append((row, line))
        result.update("".join(hashed).encode())
        if store:
            store(settled)

    def _inputs_of(self, given, stream):
        """The document of `settlement_inputs`."""
        used = frozenset().union(*(component.categories for component in given.rule.components))
        paths = {str(key): list(path) for key, path in given.paths.items() if used & set(path)}
        return {"format": FORMAT, "rule": plain(given.rule), "carried": plain(given.carried),
                "facts": plain(given.facts), "rates": given.rates.used(), "paths": paths,
                "since": given.since.isoformat(), "currency": given.currency.name if given.currency else "",
                "rate_on": given.rate_on.isoformat() if given.rate_on else "",
                "period": [self.period_start.isoformat(), self.period_end.isoformat()],
                "lines": {"count": stream.count, "sha256": stream.fingerprint}}

    # --- what it is reckoned from ------------------------------------------------------------------------------------

    def _given_now(self, rule, record):
        """`Given` of the terms and facts as they are now. ``rule``: the engine's, as `_share_rules` has it."""
        self.ensure_one()
        contract, currency = self.contract_id, self.currency_id
        own = record.fx == "own"
        facts, sources = self._facts_now(rule, record, currency == record.currency_id)
        return Given(
            rule, record, self._carried_now(rule), facts, Rates(self.company_id, currency),
            self._category_paths(rule), contract._settled_since(), currency if own else None,
            self.period_end if record.fx == "settlement_date" else None, sources)

    def _facts_now(self, rule, record, in_own_currency):
        contract, start, end = self.contract_id, self.period_start, self._period_until()
        wanted = {one.payout.measure for one in (*rule.components, *rule.bonuses) if one.payout}
        figures = contract._share_figures(start, end) if wanted else {}
        penalties = contract._share_penalties(end, self.currency_id)
        released = contract._share_released(end, self.currency_id)
        first, last = contract._calendar_period(record.period, start)
        facts = engine.Facts(
            {key: figure for key, figure in figures.items() if key in wanted},
            tuple(penalty._share_item() for penalty in penalties), tuple(item for item, _line in released),
            contract._share_part(start, end, first, last))
        sources = {penalty._share_item().key: penalty for penalty in penalties}
        sources.update({item.key: line for item, line in released})
        return facts, sources

    def _carried_now(self, rule):
        """`Carried` from the settlements before it."""
        contract, currency, start = self.contract_id, self.currency_id, self.period_start
        before = self.sudo().search([  # one course, whoever of it one may see
            ("contract_id", "=", contract.id), ("currency_id", "=", currency.id), ("period_start", "<", start)],
            order="period_start desc", limit=1)
        return engine.Carried(
            self._carried_in(contract, currency, start), volumes_of(before.volumes), self._jobs_before(rule),
            before._period_until() if before else None)

    def _jobs_before(self, rule):
        """Jobs that were paid for by earlier settlements, of those that come again."""
        keys = [component.key for component in rule.components if component.basis == engine.PER_JOB]
        if not keys:
            return frozenset()
        rows = self.env.execute_query(SQL(
            """SELECT DISTINCT r.job FROM aftersales_settlement_line l
                 JOIN aftersales_settlement s ON s.id = l.settlement_id
                 JOIN aftersales_revenue r ON r.id = l.revenue_id
                WHERE s.contract_id = %s AND s.period_start < %s AND l.component = ANY(%s) AND l.amount <> 0
                  AND r.job IN (SELECT n.job FROM aftersales_revenue n
                                 WHERE n.dealer_contract_id = %s AND n.is_due AND n.job IS NOT NULL)""",
            self.contract_id.id, self.period_start, keys, self.contract_id.id))
        return frozenset(job for [job] in rows)

    def _category_paths(self, rule):
        """{category id: keys from it up to the root}, where the rule names categories."""
        if not any(component.categories for component in rule.components):
            return {}
        rows = self.env.execute_query(SQL("SELECT id, parent_path FROM product_category"))
        return {key: tuple(reversed(path.strip("/").split("/"))) for key, path in rows}

    # --- again ---------------------------------------------------------------------------------------------------

    def _given_stored(self):
        """`Given` as it was when this settlement was computed."""
        self.ensure_one()
        data = self.inputs
        paths = {int(key): tuple(path) for key, path in data["paths"].items()}
        return Given(
            revive(engine.Rule, data["rule"]), self.rule_id, revive(engine.Carried, data["carried"]),
            revive(engine.Facts, data["facts"]), Rates(self.company_id, self.currency_id, data["rates"]), paths,
            date.fromisoformat(data["since"]), self.currency_id if data["currency"] else None,
            date.fromisoformat(data["rate_on"]) if data["rate_on"] else None)

    def _reckon_again(self):
        """`Reckoned` of what is stored: the same hashes as then, or something is not as it was."""
        return self._reckon(self._given_stored(), stored=True)

    def _reckon_from_today(self):
        """`Reckoned` of the revenue settled here, by the rule, the rates and the figures as they are known today; the
        sums that were netted stay as they are."""
        self.ensure_one()
        stored = self._given_stored()
        first = self._earliest_rate_day()
        rule, record = self.contract_id._share_rules(
            min(first, self.period_start), self._period_until(), self.currency_id).get(
            self.contract_id, (stored.rule, self.rule_id))
        now = self._given_now(rule, record)
        facts = replace(
            now.facts, penalties=stored.facts.penalties, released=stored.facts.released,
            reimbursements=stored.facts.reimbursements)
        return self._reckon(now._replace(facts=facts, carried=stored.carried), stored=True)

    def _earliest_rate_day(self):
        [[day]] = self.env.execute_query(SQL(
            """SELECT min(COALESCE(r.rate_day, r.day)) FROM aftersales_settlement_line l
                 JOIN aftersales_revenue r ON r.id = l.revenue_id WHERE l.settlement_id = %s""", self.id))
        return day or self.period_start
