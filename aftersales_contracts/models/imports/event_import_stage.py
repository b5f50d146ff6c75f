"""Staging a log: every row is read and checked; good rows are copied into a narrow table, bad cells into another."""

import io
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.tools import SQL

from ..service.request import CLOCK_TOLERANCE
from .event_import_file import LogFile, count_lines
from .event_import_rows import STAGED, Problem, RowReader
from .import_resolver import Resolver

BATCH = 20_000  # rows staged, then committed by the scheduled action
TOLD = 100  # different warnings kept
RULES = [
    ("missing", "A value is required."),
    ("long", "The value is too long."),
    ("instant", "Not an instant in the format of the import profile."),
    ("gap", "This local time does not exist: the clock was set forward over it."),
    ("future", "The instant lies in the future."),
    ("early", "The instant lies before 1970."),
    ("columns", "The row has another number of columns than the header; the value is that number."),
    ("record", "The record is longer than 131,072 characters: is a quotation mark never closed?"),
    ("null", "The row holds a null character."),
    ("encoding", "The row is not in the encoding of the file: choose it in the import profile."),
    ("unknown", "Unknown value: translate it in the import profile."),
    ("state", "Unknown state: map it to a status in the import profile."),
    ("state_made", "Unknown state; only an administrator's import may make a status of it."),
    ("request", "Unknown request, and the import profile does not create missing ones."),
    ("twice", "This local time comes twice; the first was taken."),
    ("state_new", "Unknown state: the import will make a status of it."),
]


class EventImportRun(models.Model):
    _inherit = "aftersales.event.import.run"

    def _stage(self, binary, commit):
        """Check and stage the rows that are not staged yet; False when the scheduled action's time is up first."""
        profile = self.profile_id
        if self.state == "waiting":
            self.write({"state": "checking", "lines": count_lines(binary)})
        log = LogFile(binary, profile.encoding, profile.delimiter)
        reader = RowReader(
            self.id, log.header, profile._columns(log.header), Resolver(profile, dry_run=self.mode == "check"),
            ZoneInfo(profile.tz), profile.instant_format,
            fields.Datetime.now().replace(tzinfo=UTC) + CLOCK_TOLERANCE)
        reader.warnings.update({tuple(key): count for *key, count in self.warnings or []})
        staged, rows = [], 0
        for line, row, fault in log.records(skip=self.rows):
            rows += 1
            if fault:
                reader.problems.append(Problem(line, "", "", fault))
            elif fact := reader.fact(line, row):
                staged.append(fact)
            if rows == BATCH:
                self._stage_batch(reader, staged, rows)
                if commit and not self.env["ir.cron"]._commit_progress(rows, remaining=max(1, self.lines - self.rows)):
                    return False
                staged, rows = [], 0
        self._stage_batch(reader, staged, rows)
        return True

    def _stage_batch(self, reader, staged, rows):
        if not self.profile_id.create_requests:
            staged = self._without_unknown(reader, staged)
        self._copy("aftersales_event_import_row", STAGED, "".join(fact for _reference, fact in staged))
        errors, bad = io.StringIO(), set()
        for line, column, value, rule in reader.problems:
            bad.add(line)
            errors.write("\t".join((str(self.id), str(line), _plain(column), _plain(value), rule)) + "\n")
        columns = ("run_id", "line", "column_name", "value", "rule")
        self._copy("aftersales_event_import_error", columns, errors.getvalue())
        reader.problems.clear()
        self.write({
            "rows": self.rows + rows, "rows_bad": self.rows_bad + len(bad),
            "warnings": [[*key, count] for key, count in reader.warnings.most_common(TOLD)]})

    def _without_unknown(self, reader, staged):
        """The staged facts whose request is known; the others become problems."""
        known = self._known_references({reference for reference, _fact in staged})
        column = reader.header[reader.reference]
        reader.problems += [
            Problem(int(fact.split("\t", 2)[1]), column, reference, "request")
            for reference, fact in staged if reference not in known]
        return [fact for fact in staged if fact[0] in known]

    def _known_references(self, references):
        self.env["aftersales.request"].flush_model()
        return {row[0] for row in self.env.execute_query(SQL(
            "SELECT external_ref FROM aftersales_request"
            " WHERE company_id = %s AND source = %s AND external_ref = ANY(%s)",
            self.company_id.id, self.profile_id.source, list(references)))}

    def _copy(self, table, columns, text):
        if text:
            self.env.cr.copy_expert(
                f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO(text))  # pylint: disable=sql-injection

    def _discard_staged(self):
        self.env.cr.execute(SQL("DELETE FROM aftersales_event_import_row WHERE run_id = %s", self.id))
        self.env["aftersales.event.import.error"].invalidate_model()

    def _count_staged(self):
        """What storing would give: {"events_new", "events_known", "requests_new"}."""
        self.env["aftersales.request"].flush_model()
        [(new, requests)] = self.env.execute_query(SQL(
            """SELECT count(*) FILTER (WHERE e.id IS NULL), count(DISTINCT f.reference) FILTER (WHERE r.id IS NULL)
                 FROM (SELECT DISTINCT reference, occurred_at, source_state
                         FROM aftersales_event_import_row WHERE run_id = %(run)s) f
                 LEFT JOIN aftersales_request r
                        ON r.company_id = %(company)s AND r.source = %(source)s AND r.external_ref = f.reference
                 LEFT JOIN aftersales_request_event e
                        ON e.request_id = r.id AND e.occurred_at = f.occurred_at AND e.source = %(source)s
                       AND e.source_state = f.source_state""",
            run=self.id, company=self.company_id.id, source=self.profile_id.source))
        return {"events_new": new, "events_known": self.rows - self.rows_bad - new, "requests_new": requests}


class EventImportRow(models.Model):
    """A good row of a file on its way in; gone when the import is over."""

    _name = "aftersales.event.import.row"
    _description = "Staged Event"
    _log_access = False
    _rec_name = "reference"

    run_id = fields.Many2one("aftersales.event.import.run", required=True, ondelete="cascade")
    line = fields.Integer()
    reference = fields.Char(required=True)
    occurred_at = fields.Datetime(required=True)
    source_state = fields.Char(required=True)
    status_id = fields.Integer()
    impact = fields.Char()
    priority = fields.Char()
    tier_id = fields.Integer()
    type_id = fields.Integer()
    team_id = fields.Integer()
    product_id = fields.Integer()
    country_id = fields.Integer()
    partner_id = fields.Integer()
    title = fields.Char()

    _reference = models.Index("(run_id, reference)")


class EventImportError(models.Model):
    """A cell that keeps its row out, and the rule it breaks."""

    _name = "aftersales.event.import.error"
    _description = "Import Error"
    _order = "line, id"
    _log_access = False
    _rec_name = "line"

    run_id = fields.Many2one("aftersales.event.import.run", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="run_id.company_id")
    line = fields.Integer(readonly=True)
    column_name = fields.Char(string="Column", readonly=True)
    value = fields.Char(readonly=True)
    rule = fields.Selection(RULES, readonly=True)


def _plain(text):
    """A piece of a file in COPY text: at most 200 characters, without what a database refuses."""
    text = text[:200].encode("utf-8", "replace").decode().replace("\0", "?").replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
