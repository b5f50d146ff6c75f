"""Reads everything a statement is made of, for a batch of statements by a constant number of queries.

Records in, plain snapshots out (``statement_snapshot.py``); the figures are the engine's. Nothing is written here.
"""

from collections import defaultdict
from datetime import UTC
from typing import NamedTuple

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, html2plaintext

from ...engine import compliance as engine
from ...engine.period import Period
from ..sla.compliance import _bounds_table
from ..sla.sla_clock import _instant
from .statement_period import PeriodRow
from .statement_snapshot import FORMAT, known, stamp

TREND_PERIODS = 6
DECIDED = ("met", "breached", "excused")
SPANS = {"run": "counted", "pause": "paused", "closed": "closed"}


class Counted(NamedTuple):
    """A clock as the engine counts it."""

    state: str
    started_at: object
    due_at: object
    stopped_at: object
    excused: bool


class Inputs(NamedTuple):
    """What a batch reads once: each a dict by statement, clock or contract."""

    verdicts: dict  # {statement: {clock: verdict}}
    readings: dict  # {clock: engine Reading}
    excuses: dict  # {clock: approved excuse}
    corrections: dict  # {contract: waiting corrections}
    trends: dict  # {contract: [(first, last, met, breached, objective)]}


class Statement(models.Model):
    _inherit = "aftersales.statement"

    def _snapshots(self, now):
        """{statement: snapshot} of these drafts with today's clocks. ``now``: naive UTC, only the day of issue."""
        inputs = self._read_inputs()
        return {statement: statement._snapshot_of(inputs, now) for statement in self}

    def _read_inputs(self):
        verdicts = self._verdicts()
        decided = self.env["aftersales.sla.clock"].browse(
            [clock.id for counted in verdicts.values() for clock, verdict in counted.items() if verdict in DECIDED])
        excuses = self.env["aftersales.sla.excuse"].search(
            [("clock_id", "in", decided.ids), ("state", "=", "approved")])
        return Inputs(
            verdicts, decided._readings() if decided else {}, {excuse.clock_id: excuse for excuse in excuses},
            self.env["aftersales.statement.correction"]._waiting_for(self.contract_id), self._trends())

    def _period_rows(self):
        return [PeriodRow(s.contract_id.id, s.company_id.id, s.period_start, s.period_end, s.start_at, s.end_at)
                for s in self]

    def _verdicts(self):
        """{statement: {clock: "met", "breached", "excused" or "running"}}, one query for the batch."""
        self.env["aftersales.sla.clock"].flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT b.contract_id, b.period_start, c.id,
                      CASE WHEN c.decided_at IS NULL OR c.decided_at >= b.end_at THEN 'running'
                           WHEN c.state = 'breached' AND c.excused THEN 'excused' ELSE c.state END
                 FROM (%s) b JOIN aftersales_sla_clock c ON %s
                ORDER BY b.contract_id, b.period_start, c.due_at, c.id""",
            _bounds_table(self._period_rows()), self.env["aftersales.compliance"]._counts_in()))
        clocks = self.env["aftersales.sla.clock"].browse([row[2] for row in rows])
        by_period = defaultdict(dict)
        for clock, (contract_id, first, _id, verdict) in zip(clocks, rows, strict=True):
            by_period[contract_id, first][clock] = verdict
        return {s: by_period.get((s.contract_id.id, s.period_start), {}) for s in self}

    def _trends(self):
        """{contract: [(first, last, met, breached, objective or None)]} of the closed periods, oldest first."""
        groups = self.env["aftersales.compliance"]._read_group(
            [("contract_id", "in", self.contract_id.ids), ("state", "=", "closed")],
            ["contract_id", "period_start:day", "period_end:day"],
            ["met:sum", "breached:sum", "objective:min", "objective:max"], order="period_start:day")
        found = defaultdict(list)
        for contract, first, last, met, breached, least, most in groups:
            found[contract].append((first, last, met, breached, least if least == most else None))
        return found

    # --- one snapshot ----------------------------------------------------------------------------------------

    def _snapshot_of(self, inputs, now):
        self.ensure_one()
        contract = self.contract_id
        lang = contract._statement_lang()
        local = self.with_context(lang=lang)
        verdicts = inputs.verdicts[self]
        targets = local._target_rows(verdicts)
        totals = {name: sum(row[name] for row in targets) for name in ("due", "met", "breached", "excused", "running")}
        return known(
            format=FORMAT,
            statement=known(
                number=self.name if self.name != "/" else "", period_start=self.period_start.isoformat(),
                period_end=self.period_end.isoformat(), start_at=stamp(self.start_at), end_at=stamp(self.end_at),
                zone=self.zone, issued=now.date().isoformat(), note=self.note or ""),
            **local.contract_id._parties(),
            presentation=local.contract_id._presentation(),
            targets=targets,
            totals=known(**totals, rate=_rate(totals["met"], totals["breached"])),
            trend=local._trend_rows(inputs.trends.get(contract, []), targets, totals),
            clocks=[local._clock_row(clock, verdict, inputs) for clock, verdict in verdicts.items()],
            corrections=[
                known(statement=c.origin_id.name, request=c.request_id.name or "", clock=c.clock_ref,
                      was=c.was_verdict, now=c.is_verdict, found=stamp(c.found_at),
                      text=c.with_context(lang=lang)._in_words(self.zone))
                for c in inputs.corrections.get(contract, [])])

    def _target_rows(self, verdicts):
        """One dict an SLA target, in the order of the policy; the engine counts, the database is checked against it."""
        period = Period(self.start_at.replace(tzinfo=UTC), self.end_at.replace(tzinfo=UTC))
        by_target = defaultdict(dict)
        for clock, verdict in verdicts.items():
            by_target[clock.target_id.id][clock] = verdict
        promised = self.contract_id.policy_id.target_ids
        targets = promised | promised.browse([key for key in by_target if key not in promised.ids])
        return [self._target_row(target, by_target.get(target.id, {}), period) for target in targets]

    def _target_row(self, target, verdicts, period):
        found = engine.compliance([_counted(clock) for clock in verdicts], period)
        counts = {name: getattr(found, name) for name in ("met", "breached", "excused", "running")}
        read = {name: sum(verdict == name for verdict in verdicts.values()) for name in counts}
        if read != counts:
            raise ValidationError(self.env._(
                "The figures of %(target)s cannot be closed: the database counts %(read)s, the engine %(found)s.",
                target=target.display_name, read=read, found=counts))
        reached = found.attains(_decimal(target.objective))
        metrics = dict(target._fields["metric"]._description_selection(self.env))
        priorities = dict(target._fields["priority"]._description_selection(self.env))
        return known(
            target=target.id, name=target._name_in_words(), metric=target.metric, metric_words=metrics[target.metric],
            tier=target.tier_id.name or "", priority=priorities.get(target.priority, ""),
            seconds=target.duration_minutes * 60, objective=_decimal(target.objective), **counts,
            due=found.met + found.breached + found.excused, rate=_rate(found.met, found.breached),
            reached="na" if reached is None else "yes" if reached else "no")

    def _clock_row(self, clock, verdict, inputs):
        """One counted clock. A late one that is still open is told as it stood at the end of the period."""
        row = known(
            clock=clock.id, request=clock.request_id.name, title=clock.request_id.title, metric=clock.metric,
            target=clock.target_id.id, revision=clock.revision, cycle=clock.cycle, verdict=verdict,
            seconds=clock.duration_seconds, started=stamp(clock.started_at), due=stamp(clock.due_at))
        reading = inputs.readings.get(clock)
        if verdict == "running" or reading is None:
            return row
        spans = _until(reading.spans, None if clock.stopped_at else self.end_at, clock)
        elapsed = sum(work for kind, _start, _end, work in spans if kind == "run")
        if clock.stopped_at and elapsed != clock.elapsed:  # its terms changed since it was decided: the verdict stays
            spans, elapsed = [], clock.elapsed
        row.update(known(stopped=stamp(clock.stopped_at), elapsed=elapsed, paused=clock.paused,
                         intervals=[
                             {"kind": SPANS[kind], "start": stamp(_instant(start)), "end": stamp(_instant(end)),
                              "seconds": work} for kind, start, end, work in spans]))
        if verdict != "met":
            row["late_by"] = max(0, elapsed - clock.duration_seconds)
        excuse = inputs.excuses.get(clock)
        if verdict == "excused" and excuse:
            row["excuse"] = excuse.with_context(lang=self.env.lang)._told()
        return row

    def _trend_rows(self, closed, targets, totals):
        """The last periods and this one, oldest first."""
        objectives = {row["objective"] for row in targets if row["due"]} or {row["objective"] for row in targets}
        rows = [
            known(period_start=first.isoformat(), period_end=last.isoformat(), rate=_rate(met, breached),
                  objective=_decimal(objective) if objective is not None else "")
            for first, last, met, breached, objective in closed if first < self.period_start]
        rows.append(known(
            period_start=self.period_start.isoformat(), period_end=self.period_end.isoformat(),
            rate=_rate(totals["met"], totals["breached"]),
            objective=objectives.pop() if len(objectives) == 1 else ""))
        return rows[-TREND_PERIODS:]


class SlaExcuse(models.Model):
    _inherit = "aftersales.sla.excuse"

    def _told(self):
        """The excuse as the statement tells it, in the language of the context."""
        reasons, kinds = (dict(self._fields[name]._description_selection(self.env)) for name in ("reason", "kind"))
        return known(
            reason=f"{kinds[self.kind]}: {reasons[self.reason]}", evidence=html2plaintext(self.evidence or "").strip(),
            files=sorted(self.attachment_ids.mapped("name")), approver=self.approved_by_id.name or "",
            approved_at=stamp(self.approved_at))


def _counted(clock):
    return Counted(clock.state, *(_utc(clock[name]) for name in ("started_at", "due_at", "stopped_at")), clock.excused)


def _utc(instant):
    return instant.replace(tzinfo=UTC) if instant else None


def _rate(met, breached):
    percent = engine.rate(met, breached)
    return "" if percent is None else str(percent)


def _decimal(percent):
    """A float percent with two digits -> "95.00"."""
    return f"{percent or 0:.2f}"


def _until(spans, end_at, clock):
    """Spans cut at ``end_at`` (naive UTC; None: as they are), with the working time that is left of each."""
    if end_at is None:
        return list(spans)
    limit = int(end_at.replace(tzinfo=UTC).timestamp())
    table = clock.sudo()._work_calendar()
    return [(kind, start, min(end, limit), work if end <= limit else table.elapsed_seconds(start, limit))
            for kind, start, end, work in spans if start < limit]
