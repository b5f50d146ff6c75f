"""Promise to proof: each promise of a contract with what was measured of it, period by period.

Nothing is stored: SLA targets read the compliance figures, quotas their ledger, channels the first response on the
requests that came through them, maintenance its visits. Nothing measured is n/a, never 0 and never 100. A batch of
contracts costs a fixed number of queries, however many promises and periods there are.
"""

from collections import defaultdict
from datetime import UTC, timedelta
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.compliance import rate
from .promise_terms import quantity_in_words

PERIODS = 4
OPENING = ("grant", "top_up", "roll_over")


class Contract(models.Model):
    _inherit = "aftersales.contract"

    # {periods: [label], rows: [{id, name, terms, source, cells: [{text, detail, state}]}]}; state: yes, no, na, plain
    promise_proof = fields.Json(string="Promise to Proof", compute="_compute_promise_proof")

    @api.depends_context("lang")
    def _compute_promise_proof(self):
        proofs = self._origin._promise_proof()
        for contract in self:
            contract.promise_proof = proofs.get(contract._origin, {"periods": [], "rows": []})

    def _promise_proof(self, number=PERIODS, today=None):
        """{contract: proof} of the last ``number`` statement periods up to ``today`` (empty: each contract's own)."""
        periods = {contract: contract._proof_periods(number, today or contract._local_today()) for contract in self}
        cells = {}
        for source, promises in self.promise_ids.grouped("source").items():
            measure = {"sla_target": self._proof_sla_target, "entitlement": self._proof_entitlement,
                       "channel": self._proof_channel, "maintenance": self._proof_maintenance}.get(source)
            cells.update(measure(promises, periods) if measure else {})
        nothing = {"text": self.env._("n/a"), "detail": "", "state": "na"}
        sources = dict(self.env["aftersales.promise"]._fields["source"]._description_selection(self.env))
        return {contract: {
            "periods": [period.label for period in periods[contract]],
            "rows": [{
                "id": promise.id, "name": promise.name, "terms": promise.terms_text,
                "source": sources.get(promise.source, ""),
                "cells": [cells.get((promise, period), nothing) for period in periods[contract]],
            } for promise in contract.promise_ids]} for contract in self}

    def _proof_periods(self, number, today):
        """The last ``number`` statement periods (`Period` of dates) of the contract, the oldest first."""
        self.ensure_one()
        last = self._entitled_until()
        period, found = self._period_containing(min(today, last) if last else today), []
        while len(found) < number and period.end > self.date_start:
            found.append(period)
            period = self._period_containing(period.start - timedelta(days=1))
        return found[::-1]

    # --- measures: {(promise, period): cell} ----------------------------------------------------------------------

    def _proof_sla_target(self, promises, periods):
        """The compliance figures of the promises' targets, judged by the objective of the promise."""
        self.env["aftersales.compliance"].flush_model()
        rows = self.env["aftersales.compliance"].sudo().search_fetch(  # shown to those who see the contract
            Domain("contract_id", "in", promises.contract_id.ids) & Domain("target_id", "in", promises.target_id.ids),
            ["contract_id", "target_id", "period_start", "met", "breached", "excused", "running"])
        counts = defaultdict(list)
        for row in rows:
            counts[row.contract_id.id, row.target_id.id].append(row)
        found = {}
        for promise in promises:
            for period in periods[promise.contract_id]:
                own = [row for row in counts[promise.contract_id.id, promise.target_id.id]
                       if period.contains(row.period_start)]
                figures = [sum(row[name] for row in own) for name in ("met", "breached", "excused", "running")]
                if any(figures):
                    found[promise, period] = promise._rate_cell(*figures)
        return found

    def _proof_entitlement(self, promises, periods):
        """Granted, used and left of each quota."""
        entitlements = promises.sudo().entitlement_ids  # shown to those who see the contract
        ledgers, found = entitlements._ledgers(), {}
        for entitlement in entitlements:
            promise, ledger = entitlement.promise_id.sudo(False), ledgers[entitlement]
            today = promise.contract_id._local_today()
            for period in periods[promise.contract_id]:
                lines = [line for line in ledger.lines if period.contains(line.day)]
                left = ledger.balance(min(period.end - timedelta(days=1), today))
                if lines or left:
                    granted = sum((line.quantity for line in lines if line.kind in OPENING), Decimal(0))
                    used = -sum((line.quantity for line in lines if line.kind == "consume"), Decimal(0))
                    found[promise, period] = entitlement._quota_cell(granted, used, left)
        return found

    def _proof_channel(self, promises, periods):
        """First responses on the requests that came through the channel, or to its team."""
        found = {}
        for key, figures in self._channel_figures(promises, periods).items():
            if any(figures):
                promise, number = self.env["aftersales.promise"].browse(key[0]).with_prefetch(promises.ids), key[1]
                found[promise, periods[promise.contract_id][number]] = promise._rate_cell(*figures)
        return found

    def _channel_figures(self, promises, periods):
        """{(promise id, place of the period): (kept, broken, excused, running)}, one query."""
        bounds = [row for promise in promises for row in promise._channel_bounds(periods[promise.contract_id])]
        if not bounds:
            return {}
        self.env["aftersales.sla.clock"].flush_model()
        self.env["aftersales.request"].flush_model(["channel", "team_id"])
        columns = [list(column) for column in zip(*bounds, strict=True)]
        rows = self.env.execute_query(SQL(
            """SELECT promise_id, number,
                      count(*) FILTER (WHERE decided_at < end_at AND kept),
                      count(*) FILTER (WHERE decided_at < end_at AND NOT kept AND excused IS NOT TRUE),
                      count(*) FILTER (WHERE decided_at < end_at AND NOT kept AND excused),
                      count(*) FILTER (WHERE decided_at IS NULL OR decided_at >= end_at)
                 FROM (
                     SELECT b.promise_id, b.number, b.start_at, b.end_at, c.excused,
                            CASE WHEN b.within = 0 THEN c.state = 'met'
                                 WHEN c.stopped_at IS NOT NULL THEN c.elapsed <= b.within
                                 WHEN c.state = 'breached' AND c.duration_seconds >= b.within THEN FALSE END AS kept,
                            CASE WHEN b.within = 0 THEN c.decided_at
                                 WHEN c.state = 'breached' AND c.duration_seconds >= b.within
                                      AND (c.stopped_at IS NULL OR c.elapsed > b.within) THEN c.due_at
                                 ELSE c.stopped_at END AS decided_at
                       FROM unnest(%s::int[], %s::int[], %s::int[], %s::timestamp[], %s::timestamp[], %s::varchar[],
                                   %s::int[], %s::int[])
                            AS b(promise_id, number, contract_id, start_at, end_at, channel, team_id, within)
                       JOIN aftersales_sla_clock c
                         ON c.contract_id = b.contract_id AND c.metric = 'first_response' AND c.started_at < b.end_at
                            AND c.state NOT IN ('cancelled', 'superseded')
                       JOIN aftersales_request r
                         ON r.id = c.request_id AND (b.channel IS NULL OR r.channel = b.channel)
                            AND (b.team_id IS NULL OR r.team_id = b.team_id)) n
                WHERE decided_at IS NULL OR decided_at >= start_at
                GROUP BY promise_id, number""", *columns))
        return {row[:2]: row[2:] for row in rows}

    def _proof_maintenance(self, promises, periods):
        """Visits done and missed: measured by preventive maintenance, which extends this. ``periods``: {contract:
        [`Period` of dates]}."""
        return {}


class Promise(models.Model):
    _inherit = "aftersales.promise"

    def _rate_cell(self, met, breached, excused, running):
        """A rate against the promise's objective; n/a where nothing was due."""
        _, percent = self.env._, rate(met, breached)
        parts = [_("%(met)s of %(due)s kept", met=met, due=met + breached)] if met + breached else []
        parts += [_("%s excused", excused)] if excused else []
        parts += [_("%s running", running)] if running else []
        kept = met * 100 >= Fraction(Decimal(str(self.objective))) * (met + breached)
        return {"text": _("n/a") if percent is None else f"{percent} %", "detail": ", ".join(parts),
                "state": "na" if percent is None else "yes" if kept else "no"}

    def _channel_bounds(self, periods):
        """Rows of the query: naive UTC bounds of each period in the contract's zone."""
        zone = self.contract_id._zone()
        for number, period in enumerate(periods):
            instants = period.in_zone(zone)
            yield (self.id, number, self.contract_id.id,
                   *(bound.astimezone(UTC).replace(tzinfo=None) for bound in (instants.start, instants.end)),
                   self.channel or None, self.team_id.id or None, self.within_minutes * 60)


class Entitlement(models.Model):
    _inherit = "aftersales.entitlement"

    def _quota_cell(self, granted, used, left):
        _, words = self.env._, lambda amount: quantity_in_words(self.env, float(amount), self.unit, self.currency_id)
        parts = [_("%s granted", words(granted))] if granted else []
        parts += [_("%s used", words(used))] if used else []
        return {"text": _("%s left", words(left)) if left >= 0 else _("%s over", words(-left)),
                "detail": ", ".join(parts), "state": "plain" if left >= 0 else "no"}
