"""Closed statements against their facts: the stored snapshot, figures, document, and every clock they counted."""

import hashlib

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..sla.sla_clock import _instant
from ..sla.sla_evaluation import VALUES
from ..statements.statement_snapshot import digest
from .drift import Checked, Finding

FIGURES = ("due", "met", "breached", "excused", "running")
STATED = ("met", "breached", "excused")
TOLD = ("state", "started_at", "due_at", "stopped_at", "elapsed")  # of a clock; the others follow from these
CHUNK = 200


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _drift_domain_statements(self):
        """Contracts with closed statements."""
        return Domain("statement_ids", "any", [("state", "!=", "draft")])

    def _drift_statements(self):
        """`Checked` of every closed statement of these contracts. Reads only."""
        statements = self.env["aftersales.statement"].search(
            [("contract_id", "in", self.ids), ("state", "!=", "draft")], order="id")
        findings = []
        for start in range(0, len(statements), CHUNK):
            chunk = statements[start:start + CHUNK]
            findings += chunk._drift_of_papers()
            chunk.invalidate_recordset(["snapshot"], flush=False)
        clocks, told = self._drift_counts()
        findings += self._drift_of_clocks(statements) + self._drift_of_facts(statements)
        return Checked(
            findings, {"aftersales.statement": statements.ids, "aftersales.contract": self.ids},
            {"statements": len(statements), "clocks": clocks}, told)

    def _drift_counts(self):
        """(clocks counted in closed statements, corrections told of them)"""
        [row] = self.env.execute_query(SQL(
            """SELECT (SELECT count(*) FROM aftersales_statement_clock WHERE contract_id = ANY(%(ids)s)),
                      (SELECT count(*) FROM aftersales_statement_correction
                        WHERE contract_id = ANY(%(ids)s) AND statement_id IS NOT NULL)""", ids=self.ids))
        return row

    def _drift_of_clocks(self, statements):
        """Clocks that closed statements, and the corrections told since, tell otherwise than the clock is today."""
        Correction = self.env["aftersales.statement.correction"]
        rows = self.env.execute_query_dict(Correction._differences(self))
        by_id = {statement.id: statement for statement in statements}
        requests = self.env["aftersales.request"].browse({row["request_id"] for row in rows if row["request_id"]})
        names = {request.id: request.name for request in requests.exists()}
        verdicts = dict(Correction._fields["was_verdict"]._description_selection(self.env))
        return [
            by_id[row["origin_id"]]._drifts(
                f"clock:{row['clock_ref']}",
                self.env._("Clock of request %s", names.get(row["request_id"], row["clock_ref"])),
                self._clock_in_words(verdicts[row["was_verdict"]], *(row[f"was_{name}"] for name in TOLD[1:])),
                self._clock_in_words(verdicts[row["is_verdict"]], *(row[f"is_{name}"] for name in TOLD[1:])),
                self.env._("The next statement tells it."))
            for row in rows]

    @api.model
    def _clock_in_words(self, verdict, started, due, stopped, elapsed):
        """What a statement tells of a clock, to the second, instants in UTC; ``started`` etc.: naive UTC or None."""
        _ = self.env._
        open_, never = _("still open"), _("never")
        return _("%(verdict)s: started %(started)s, due %(due)s, stopped %(stopped)s UTC; %(seconds)s s",
                 verdict=verdict, started=started or never, due=due or never, stopped=stopped or open_,
                 seconds=elapsed if elapsed is not None else "–")

    def _drift_of_facts(self, statements):
        """Stated clocks that are not what the service events give: reckoned again by the engine, and not written.

        Requests whose evaluation waits are left out: what it changes is a late fact on its way.
        """
        rows = self.env.execute_query(SQL(
            """SELECT s.request_id, c.metric, c.revision, c.cycle, s.statement_id, s.clock_ref
                 FROM aftersales_statement_clock s JOIN aftersales_sla_clock c ON c.id = s.clock_id
                WHERE s.contract_id = ANY(%s) AND s.request_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM aftersales_evaluation_queue q WHERE q.request_id = s.request_id)""",
            self.ids))
        stated = {row[:4]: row[4:] for row in rows}
        by_id = {statement.id: statement for statement in statements}
        ids = sorted({row[0] for row in rows})
        Request, findings = self.env["aftersales.request"], []
        for start in range(0, len(ids), CHUNK * 5):
            changes, errors = Request._evaluate_ids(ids[start:start + CHUNK * 5], dry_run=True)
            for key, old, new in changes:
                if key in stated and old:
                    statement_id, ref = stated[key]
                    was, now = _told(old, new), _told(new, new)
                    if was != now:
                        findings.append(by_id[statement_id]._drifts(
                            f"facts:{ref}", self.env._("Clock of request %s", Request.browse(key[0]).name),
                            self._clock_in_words(*was), self._clock_in_words(*now)))
            for request_id, sentence in errors.items():
                of_request = {row[4] for row in rows if row[0] == request_id}
                findings += [by_id[statement_id]._drifts(
                    f"request:{request_id}", self.env._("Clocks of request %s", Request.browse(request_id).name),
                    self.env._("Reckoned"), sentence) for statement_id in of_request]
        return findings


class Statement(models.Model):
    _inherit = "aftersales.statement"

    def _drifts(self, part, label, was, now, pending=""):
        self.ensure_one()
        return Finding(self._name, self.id, part, label, str(was), str(now), self.contract_id.id, self.company_id.id,
                       pending=pending)

    def _drift_of_papers(self):
        """Snapshot and hash, figures and snapshot, figures and counted clocks, document and its checksum."""
        _, findings = self.env._, []
        counted = self._counted()
        for statement in self:
            now = digest(statement.snapshot or {})
            if now != statement.snapshot_hash:
                findings.append(statement._drifts("snapshot", _("Snapshot"), statement.snapshot_hash, now))
            targets = {row["target"]: row for row in (statement.snapshot or {}).get("targets", [])}
            for line in statement.line_ids:
                said = targets.pop(line.target_id.id, {})
                counts = counted.get((statement.id, line.target_id.id), {})
                for name in FIGURES:
                    label = _("%(target)s: %(figure)s", target=line.target_id.display_name, figure=name)
                    if line[name] != said.get(name, 0):
                        findings.append(statement._drifts(
                            f"line:{line.target_id.id}:{name}", label, said.get(name, 0), line[name]))
                    if name in STATED and said.get(name, 0) != counts.get(name, 0):
                        findings.append(statement._drifts(
                            f"counted:{line.target_id.id}:{name}", label, said.get(name, 0), counts.get(name, 0)))
            findings += [statement._drifts(f"line:{target}", _("Figures of a target"), row["name"], _("missing"))
                         for target, row in targets.items()]
            findings += statement._drift_of_document()
        return findings

    def _counted(self):
        """{(statement id, target id): {verdict: clocks}} of the clocks that the statements counted."""
        rows = self.env.execute_query(SQL(
            """SELECT statement_id, target_id, verdict, count(*) FROM aftersales_statement_clock
                WHERE statement_id = ANY(%s) GROUP BY 1, 2, 3""", self.ids))
        found = {}
        for statement_id, target_id, verdict, number in rows:
            found.setdefault((statement_id, target_id), {})[verdict] = number
        return found

    def _drift_of_document(self):
        """The stored PDF against its own checksum. That it is what the snapshot gives is told by Verify."""
        attachment = self.attachment_id
        if not attachment:
            return [self._drifts("document", self.env._("Stored PDF"), self.env._("stored"), self.env._("missing"))]
        found = hashlib.sha1(attachment.raw or b"").hexdigest()
        if found != attachment.checksum:
            return [self._drifts("document", self.env._("Stored PDF"), attachment.checksum, found)]
        return []


def _told(values, now):
    """Of the evaluated values of a clock those that a statement tells. The time that an open clock has counted moves
    by itself (``now`` says whether it is open) and is left out."""
    row = dict(zip(VALUES, values, strict=True))
    counting = dict(zip(VALUES, now, strict=True))["counted_at"] is not None
    instants = (row[name] and _instant(row[name]) for name in TOLD[1:4])
    return (row["state"], *instants, None if counting else row["elapsed"])
