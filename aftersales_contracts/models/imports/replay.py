"""Replay: load a log of service events under reference terms, and write what each clock came to.

It goes the way of every log: the import, the models, the scheduled action; only ``now`` is given by the terms. The
same log and terms give the same file, in a fresh database or in one that has seen them before.
"""

import csv
import hashlib
import json
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..sla.sla_clock import _epoch
from .event_import_file import LogFile, UnreadableFile

HEADER = ("request", "target", "state", "due", "stopped", "elapsed_seconds")
TARGETS = {"first_response": "response", "resolution": "resolution"}


class Replay(models.AbstractModel):
    _name = "aftersales.replay"
    _description = "Replay of a Log under Reference Terms"

    @api.model
    def _replay(self, log, policy, out):
        """Replay the log at path ``log`` under the terms at path ``policy`` and write CSV to path ``out``.

        Columns: request, target (response, resolution), state, due, stopped (ISO 8601, UTC), elapsed_seconds (of
        working time, at the terms' now); sorted by request and target. Returns sentences to report: figures, bad
        rows, and what had no place. Raises UserError where nothing can be replayed.
        """
        with open(policy, encoding="utf-8-sig") as file:
            terms = json.load(file)
        now = fields.Datetime.to_datetime(datetime.fromisoformat(terms["now"]).astimezone(UTC).replace(tzinfo=None))
        self.env["aftersales.sla.clock"]._cron_clocks()  # whatever else waits is judged as of today, not of the terms
        profile = self._profile(log, policy, terms)
        run = self._import(log, profile)
        self._clock(profile, now)
        written = self._write(profile, now, out)
        return self._report(run, profile, written)

    def _profile(self, log, policy, terms):
        """The profile of this log under these terms; its source is the hash of both."""
        digest = hashlib.sha256()
        for path in (log, policy):
            with open(path, "rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        source = f"replay {digest.hexdigest()[:12]}"
        profile = self.env["aftersales.import.profile"].search([("source", "=", source)])
        return profile or self._make_profile(source, terms, self._states(log))

    def _states(self, log):
        """The states that occur in the log."""
        states = set()
        try:
            with open(log, "rb") as binary:
                file = LogFile(binary)
                columns = [file.header.index(name) for name in ("status", "sub_status")]
                for _line, row, fault in file.records():
                    if not fault and len(row) == len(file.header):
                        states.add("/".join(filter(None, (row[index].strip() for index in columns))))
        except UnreadableFile as error:
            raise UserError(self.env["aftersales.event.import.run"]._sentence(error)) from error
        except ValueError as error:
            raise UserError(self.env._("The log has no column status or sub_status.")) from error
        return states - {""}

    def _import(self, log, profile):
        with open(log, "rb") as binary:
            run = profile._import_stream(binary, profile.source, "good")
        if run.state != "done":
            raise UserError(run.message)
        return run

    def _clock(self, profile, now):
        """The scheduled action at the terms' ``now``, on all requests of the replay: they may have been seen later."""
        self.env["aftersales.evaluation.queue"]._put(self._requests(profile).ids)
        self.env["aftersales.sla.clock"]._cron_clocks(now=now)

    def _requests(self, profile):
        return self.env["aftersales.request"].with_context(active_test=False).search(
            [("source", "=", profile.source), ("company_id", "=", profile.company_id.id)])

    # --- what it came to -------------------------------------------------------------------------------------

    def _write(self, profile, now, out):
        """Write the current clocks of the replay to ``out``; returns their number."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """SELECT r.external_ref, c.metric, c.state, c.due_at, c.stopped_at, c.elapsed, c.counted_at, c.calendar_id
                 FROM aftersales_sla_clock c JOIN aftersales_request r ON r.id = c.request_id
                WHERE r.source = %s AND r.company_id = %s AND c.is_current AND r.opened_at <= %s""",
            profile.source, profile.company_id.id, now))
        lines = sorted(
            (reference, TARGETS[metric], state, _iso(due), _iso(stopped), self._elapsed(*counting, now))
            for reference, metric, state, due, stopped, *counting in rows)
        with open(out, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(lines)
        return len(lines)

    def _elapsed(self, elapsed, counted_at, calendar_id, now):
        """Working seconds at ``now``; a clock that counts on may have been read at another instant."""
        if not counted_at or counted_at == now:
            return elapsed
        calendar = self.env["resource.calendar"].browse(calendar_id)._work_calendar()
        if counted_at > now:
            return elapsed - calendar.elapsed_seconds(_epoch(now), _epoch(counted_at))
        return elapsed + calendar.elapsed_seconds(_epoch(counted_at), _epoch(now))

    def _report(self, run, profile, written):
        figures = run._figures()
        lines = [self.env._(
            "%(rows)s rows, %(bad)s bad, %(new)s new events, %(requests)s new requests, %(clocks)s clocks",
            rows=run.rows, bad=run.rows_bad, new=run.events_new, requests=run.requests_new, clocks=written)]
        lines += figures["warnings"]
        lines += [self.env._("line %(line)s, %(column)s %(value)s: %(rule)s", **error) for error in figures["errors"]]
        return lines + self._unplaced(profile)

    def _unplaced(self, profile):
        """Sentences on requests without a schedule of their country, and on those that could not be judged."""
        countries = profile.contract_id.policy_id.country_calendar_ids.country_id
        requests = self._requests(profile)
        lines = [
            self.env._("%(count)s requests of country %(code)s take the default calendar",
                       count=count, code=country.code or "?")
            for country, count in self.env["aftersales.request"].with_context(active_test=False)._read_group(
                [("id", "in", requests.ids), ("country_id", "not in", countries.ids)], ["country_id"], ["__count"])]
        failed = self.env["aftersales.evaluation.queue"].sudo().search(
            [("request_id", "in", requests.ids), ("error", "!=", False)])
        lines += [f"{row.request_id.external_ref}: {row.error}" for row in failed[:100]]
        everywhere = self.env["resource.calendar.leaves"].sudo().search_count(
            [("calendar_id", "=", False), ("resource_id", "=", False)])
        if everywhere:
            lines.append(self.env._("%s holidays of the whole company count on these calendars as well", everywhere))
        return lines


def _iso(instant):
    """Naive UTC -> ISO 8601 with its offset; empty for None."""
    return instant.replace(tzinfo=UTC).isoformat() if instant else ""
