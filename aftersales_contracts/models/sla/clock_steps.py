"""Why a clock shows its figure: the counted intervals, pauses and closed times, read again from the events."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ...engine.errors import EngineError
from ...engine.request_clocks import request_clocks
from .sla_clock import _epoch


class SlaClock(models.Model):
    _inherit = "aftersales.sla.clock"

    def _readings(self, now=None):
        """{clock: engine Reading} at ``now`` (naive UTC; the present when empty), by one batch of reads.

        A clock whose terms or schedule are gone has no reading. Decided clocks are read with the target that they
        were measured by.
        """
        at = _epoch(now or fields.Datetime.now())
        Request = self.env["aftersales.request"].sudo()  # who may see the clock may see the facts that prove it
        facts = Request._read_facts(self.request_id.ids, lock=False)
        wanted = {(c.request_id.id, c.metric, c.revision, c.cycle): c for c in self}
        kept = {}
        for clock in self:
            kept.setdefault(clock.request_id.id, {})[
                clock.metric, clock.revision, clock.target_id.id] = clock.duration_seconds
        found = {}
        for request_id, (header, entries, situations) in facts.items():
            try:
                terms = {s[0]: Request.env["aftersales.sla.policy"].browse(s[0])._terms() for _at, s in situations}
                closures = Request.env["aftersales.contract"].browse(header[0])._clock_closures() if header[3] else ()
                calendar = Request.env["resource.calendar"].browse(header[2])._work_calendar(closures)
                clocks = request_clocks(entries, situations, terms, calendar, at, kept[request_id])
            except (EngineError, UserError):
                continue
            for clock in clocks:
                record = wanted.get((request_id, *clock[:3]))
                if record:
                    found[record] = clock.reading
        return found

    def _compute_steps(self):
        readings = self._readings()
        for clock in self:
            reading = readings.get(clock)
            clock.steps = clock._steps_in_words(reading) if reading else []

    def _steps_in_words(self, reading):
        """[[label, detail, working time], ...] in the user's language and the schedule's zone, the total last."""
        self.ensure_one()
        labels = {"run": self.env._("Counted"), "pause": self.env._("Paused"), "closed": self.env._("Closed")}
        text = self.calendar_id._format_working_time
        rows = [[labels[kind], self._span_in_words(start, end), text(work)] for kind, start, end, work in reading.spans]
        rows += self._suspensions_in_words(reading)
        rows.append([
            self.env._("Total counted"),
            self.env._("of a target of %s", text(self.duration_seconds)), text(reading.elapsed)])
        return rows

    def _suspensions_in_words(self, reading):
        """A row for each suspension of the contract during the clock: nothing counts in it."""
        contract = self.contract_id.sudo()  # why a clock stands still is told to whoever may see the clock
        rows, until = [], _epoch(fields.Datetime.now()) if reading.stopped is None else reading.stopped
        for one in contract.suspension_ids._alive().filtered("pauses_clock").sorted("date_start"):
            start, end = (int(at.timestamp()) for at in one._instants(contract._zone()))
            if start < until and end > reading.started:
                rows.append([self.env._("Suspended"), one.display_name, self.env._("stands still")])
        return rows

    def _span_in_words(self, start, end):
        zone = self.calendar_id.tz or "UTC"
        begins, ends = (datetime.fromtimestamp(at, UTC) for at in (start, end))
        same_day = begins.astimezone(ZoneInfo(zone)).date() == ends.astimezone(ZoneInfo(zone)).date()
        say = [format_datetime(self.env, begins.replace(tzinfo=None), tz=zone, dt_format="medium"),
               format_datetime(self.env, ends.replace(tzinfo=None), tz=zone,
                               dt_format="HH:mm:ss" if same_day else "medium")]
        return self.env._("%(start)s to %(end)s (%(zone)s)", start=say[0], end=say[1], zone=zone)
