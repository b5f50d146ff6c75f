"""The schedule of maintenance visits: every maintenance promise of a contract, for each asset that it covers.

A fixed promise has one visit in each of its periods, at the latest on the period's last day; one from the last visit
or by meter is counted from the day its cover begins. Days off, suspensions and meters: ``engine/maintenance.py``.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.contract_lifecycle import LIVE
from ...engine.days import advance
from ...engine.errors import EngineError
from ...engine.maintenance import MaintenanceRule, schedule
from ...engine.suspension import merged
from ..common.nightly import NightlyStep
from ..obligations.due import DueSource

DECIDED = ("done", "late", "missed")
HORIZON = 400  # days ahead that visits of an open-ended contract are planned
KEPT = ("planned_on", "due_on", "latest_on", "state", "done_on", "estimated")


class Contract(models.Model):
    _inherit = "aftersales.contract"

    visit_ids = fields.One2many("aftersales.maintenance.visit", "contract_id", string="Maintenance Visits", copy=False)
    visit_report_ids = fields.One2many("aftersales.visit.report", "contract_id", string="Visit Reports", copy=False)

    def _maintenance_promises(self):
        return self.promise_ids.filtered(lambda promise: promise.source == "maintenance")

    def _moved(self, action):
        super()._moved(action)
        if action in ("activate", "renew", "resume", "suspend"):
            self.filtered(lambda contract: contract.state in LIVE)._maintenance_promises()._refresh_visits()
        elif action in ("expire", "terminate"):
            self.visit_ids.filtered(lambda visit: visit.state in ("planned", "due")).sudo()._drop()

    def _record_change(self, effective, reason):
        super()._record_change(effective, reason)
        self.filtered(lambda contract: contract.state in LIVE)._maintenance_promises()._refresh_visits()


class Promise(models.Model):
    _inherit = "aftersales.promise"

    visit_ids = fields.One2many("aftersales.maintenance.visit", "promise_id", string="Promised Visits", copy=False)
    visits_next_on = fields.Date(
        string="Visits Change on", readonly=True, copy=False, help="The next day on which a visit changes by itself.")

    _visits_due = models.Index("(visits_next_on) WHERE source = 'maintenance'")

    def _unlink_unlocked(self):
        """Visits that were made or missed stay on record; those still to come go with the promise."""
        self.visit_ids.filtered(lambda visit: visit.state in ("planned", "due", "suspended")).sudo()._drop()
        return super()._unlink_unlocked()

    # --- nightly work ------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_visits_domain(self, today):
        day = (today or fields.Date.today()) + timedelta(days=0 if today else 1)
        live = Domain("contract_id", "any", self.env["aftersales.contract"]._real() & Domain("state", "in", LIVE))
        waits = Domain("visits_next_on", "=", False) | Domain("visits_next_on", "<=", day)
        return Domain("source", "=", "maintenance") & waits & live

    def _nightly_visits(self, today):
        """Plan visits, and tell those that were missed to the breach register. [(promise, what was done)]."""
        days = {contract: today or contract._local_today() for contract in self.contract_id}
        due = self.filtered(
            lambda promise: not promise.visits_next_on or promise.visits_next_on <= days[promise.contract_id])
        return due._refresh_visits(today, tell=True)

    # --- the schedule ------------------------------------------------------------------------------------------------

    def _refresh_visits(self, today=None, tell=False):
        """Bring the stored visits to what the facts say today; [(promise, what was done)].

        ``tell``: missed visits go to the breach register. The night does that: whoever puts a contract in force that
        began before, or is just entering reports, has the day for it.

        A constant number of queries. ``today``: a date; empty: each contract's own local day.
        """
        promises = self.sudo().filtered(  # results are the system's, whoever's fact changed them
            lambda promise: promise.contract_id.state in LIVE and not promise.contract_id.amends_id)
        reports, readings = promises._visit_facts()
        stored = {(v.promise_id.id, v.asset_id.id, v.number): v for v in promises.visit_ids}
        created, gone, changed, looks = [], [], [], {}
        for promise in promises:
            contract = promise.contract_id
            day = today or contract._local_today()
            looks[promise] = [day + timedelta(days=HORIZON // 2)]
            for asset, start, end in promise._visit_spans(day):
                plan = promise._plan(asset, start, end, day, reports, readings)
                looks[promise] += promise._next_looks(plan, day)
                for visit in plan.visits:
                    known = stored.pop((promise.id, asset.id, visit.number), None)
                    values = promise._visit_values(visit)
                    if known is None:
                        created.append({**values, "contract_id": contract.id, "promise_id": promise.id,
                                        "asset_id": asset.id, "number": visit.number, "name": promise.name})
                    elif any(known[name] != values[name] for name in KEPT):
                        known._write_result(values)
                        changed.append(known)
        gone = self.env["aftersales.maintenance.visit"].sudo().browse(
            visit.id for visit in stored.values() if visit.state in ("planned", "due", "suspended"))
        gone._drop()
        made = self.env["aftersales.maintenance.visit"].sudo().create(created)
        told = promises.visit_ids._tell_breaches(today) if tell else made.browse()
        made.browse([visit.id for visit in changed])._tell_done()
        for promise in promises.visit_ids._untold().promise_id:
            looks[promise].append(promise.contract_id.date_start)  # the coming night
        for promise, days in looks.items():
            if promise.visits_next_on != min(days):
                promise._write_unlocked({"visits_next_on": min(days)})
        return [(visit.promise_id, self.env._("%s was missed", visit.display_name)) for visit in told] + [
            (promise, self.env._("%s visits planned", len(visits)))
            for promise, visits in made.filtered(lambda v: v.state in ("planned", "due")).grouped("promise_id").items()]

    def _visit_facts(self):
        """({contract id: [reports]}, {asset id: [(day, value)]}) of these promises, two queries."""
        reports, readings = defaultdict(list), defaultdict(list)
        for report in self.env["aftersales.visit.report"].sudo().search([
                ("contract_id", "in", self.contract_id.ids), ("void_reason", "=", False)], order="done_on, id"):
            reports[report.contract_id.id].append(report)
        if "meter" in self.mapped("maintenance_kind"):
            assets = self.contract_id.cover_ids.asset_id
            Reading = self.env["aftersales.meter.reading"].sudo()  # facts of the system's results
            for row in Reading.search([("asset_id", "in", assets.ids)], order="read_on").filtered(
                    lambda reading: reading._counts_for_maintenance()):
                readings[row.asset_id.id].append((row.read_on, Decimal(str(row.value))))
        return reports, readings

    def _visit_spans(self, day):
        """[(asset, first day, end exclusive)] for which visits are promised; without covered assets one for all."""
        contract = self.contract_id
        start = max(contract.date_start, self.date_start or contract.date_start)
        end = contract.date_end and contract.date_end + timedelta(days=1)
        spans = {}
        for cover in contract.cover_ids.filtered("asset_id.active"):
            first = max(start, cover.date_start or start)
            last = min((d for d in (end, cover.date_end and cover.date_end + timedelta(days=1)) if d), default=None)
            known = spans.get(cover.asset_id)
            if known:
                first, last = min(first, known[0]), last and known[1] and max(last, known[1])
            spans[cover.asset_id] = first, last
        spans = spans or {self.env["aftersales.asset"]: (start, end)}
        horizon = day + timedelta(days=HORIZON)
        return [(asset, first, last or horizon) for asset, (first, last) in spans.items() if first < (last or horizon)]

    def _plan(self, asset, start, end, day, reports, readings):
        """The engine's `MaintenancePlan` of this promise for one asset; raises UserError naming the promise."""
        done = [report.done_on for report in reports[self.contract_id.id]
                if report.asset_id in (asset, asset.browse()) and report.promise_id in (self, self.browse())]
        contract = self.contract_id
        calendar = (contract.calendar_id or contract.policy_id.calendar_id)._business_days()
        paused = merged(contract.suspension_ids._as_engine(), day)
        try:
            return schedule(self._maintenance_rule(start), end, day, done, calendar, paused, readings[asset.id])
        except EngineError as error:
            raise UserError(self.env._(
                "Promise %(promise)s of contract %(contract)s cannot be planned: %(error)s.",
                promise=self.name, contract=contract.display_name, error=error)) from error

    def _maintenance_rule(self, start):
        first, anchor = start, None
        if self.maintenance_kind == "fixed":
            first = advance(start, self.interval, self.unit) - timedelta(days=1)
            anchor = 31 if start.day == 1 else start.day - 1
        return MaintenanceRule(
            self.maintenance_kind, first, self.interval, self.unit, anchor,
            Decimal(str(self.usage)) if self.usage else None, self.early_days, self.tolerance, self.shift or "none")

    def _visit_values(self, visit):
        return {"planned_on": visit.planned, "due_on": visit.due, "latest_on": visit.latest, "state": visit.state,
                "done_on": visit.done_on or False, "estimated": visit.estimated}

    def _next_looks(self, plan, day):
        """The days after ``day`` on which a visit of the plan changes by time alone."""
        looks = []
        for visit in plan.visits:
            if visit.state == "planned":
                looks.append(visit.due - timedelta(days=self.early_days))
            elif visit.state == "due":
                looks.append(visit.latest + timedelta(days=1))
        if self.contract_id._is_suspended(day):
            looks.append(day + timedelta(days=1))
        return [look for look in looks if look > day]


class MaintenanceVisit(models.Model):
    _inherit = "aftersales.maintenance.visit"

    def _untold(self):
        return self.filtered(lambda visit: visit.state in ("missed", "late") and not visit.breach_id)

    def _tell_done(self):
        """A report that came in late shows that a visit was made in time: its breach says so, and a person decides."""
        for visit in self.filtered(lambda visit: visit.state == "done" and visit.breach_id):
            visit.breach_id._message_log(body=self.env._(
                "A report of %(day)s shows that the visit was made in time.", day=visit.done_on))

    def _tell_breaches(self, today):
        """A visit that was missed, or made late, is a breach of ours: told once to the register."""
        late = self._untold()
        breaches = self.env["aftersales.breach"].sudo().create([{
            "contract_id": visit.contract_id.id, "visit_id": visit.id, "party": "ours",
            "title": self.env._("Missed visit: %s", visit.display_name),
            "event": self.env._("The visit was due on %(due)s and in time until %(latest)s.",
                                due=visit.due_on, latest=visit.latest_on),
            "noticed_on": max(today or visit.contract_id._local_today(), visit.latest_on),
            "user_id": visit.contract_id.user_id.id} for visit in late])
        for visit, breach in zip(late, breaches, strict=True):
            visit._write_result({"breach_id": breach.id})
        return late


class Proof(models.Model):
    _inherit = "aftersales.contract"

    def _proof_maintenance(self, promises, periods):
        """Visits done in time out of those that fell due in the period."""
        found = super()._proof_maintenance(promises, periods)
        for promise in promises:
            for period in periods[promise.contract_id]:
                due = promise.visit_ids.filtered(
                    lambda visit, p=period: p.start <= visit.due_on < p.end and visit.state in DECIDED)
                if due:
                    kept = len(due.filtered(lambda visit: visit.state == "done"))
                    found[promise, period] = {
                        "text": self.env._("%(kept)s of %(due)s visits", kept=kept, due=len(due)),
                        "detail": ", ".join(str(visit.done_on or visit.due_on) for visit in due),
                        "state": "yes" if kept == len(due) else "no"}
        return found


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            80, "visits", self.env._("Maintenance visits"), "aftersales.promise", "_nightly_visits_domain",
            "_nightly_visits")]


class Due(models.Model):
    _inherit = "aftersales.due"

    @api.model
    def _sources(self):
        waits = Domain("state", "in", ("planned", "due"))  # a missed one waits as a breach
        return [*super()._sources(), DueSource(
            60, "maintenance", "account", "aftersales.maintenance.visit", waits, "due_on", ("name",))]
