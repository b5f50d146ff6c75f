"""Event import: one file, read under a profile. Three moves: stage the rows, decide, store the facts.

Staging checks every row and copies the good ones into a narrow table, so that the first event of a request is known
whatever the order of the file, and memory stays flat. Only then are requests and events stored: in one transaction
("all"), or batch by batch ("good"). Under the scheduled action each batch is committed with its position: killed at
any instant and run again, nothing is lost and nothing is stored twice.
"""

import base64
import csv
import io
from contextlib import closing
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .event_import_file import LogFile, UnreadableFile, count_lines
from .event_import_rows import STAGED, Problem, RowReader
from .import_resolver import Resolver
from .request import CLOCK_TOLERANCE

BATCH = 20_000  # rows staged, then committed by the scheduled action
SHOWN = 100  # errors given with the figures; all of them are in the error file
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
OPEN = ("waiting", "checking", "storing")


class EventImportRun(models.Model):
    _name = "aftersales.event.import.run"
    _description = "Event Import"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="File Name", required=True, readonly=True)
    profile_id = fields.Many2one(
        "aftersales.import.profile", required=True, readonly=True, check_company=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="profile_id.company_id", store=True, index=True)
    mode = fields.Selection(
        [("check", "Check Only"), ("all", "All or Nothing"), ("good", "Good Rows")],
        required=True, readonly=True, default="check")
    state = fields.Selection(
        [("waiting", "Waiting"), ("checking", "Reading"), ("storing", "Storing"), ("done", "Done"),
         ("refused", "Refused"), ("failed", "Failed")], required=True, readonly=True, default="waiting")
    file = fields.Binary(readonly=True, attachment=True)
    error_file = fields.Binary(string="Errors", readonly=True, attachment=True)
    error_filename = fields.Char(compute="_compute_error_filename")
    error_ids = fields.One2many("aftersales.event.import.error", "run_id", string="Bad Cells", readonly=True)
    message = fields.Char(readonly=True)
    warnings = fields.Json(readonly=True)
    warning_text = fields.Text(string="Warnings in Words", compute="_compute_warning_text")
    lines = fields.Integer(readonly=True, help="Lines of the file, the header included.")
    rows = fields.Integer(readonly=True, help="Rows read so far.")
    rows_bad = fields.Integer(string="Bad Rows", readonly=True)
    events_new = fields.Integer(string="New Events", readonly=True)
    events_known = fields.Integer(
        string="Known Events", readonly=True, help="Recorded already, or more than once in the file.")
    requests_new = fields.Integer(string="New Requests", readonly=True)
    requests_without_contract = fields.Integer(readonly=True, help="New requests that no contract covers.")
    stored_until = fields.Char(readonly=True, help="The request up to which events are stored.")
    progress = fields.Float(compute="_compute_progress", help="Percent.")

    @api.depends("name")
    def _compute_error_filename(self):
        for run in self:
            run.error_filename = f"{(run.name or 'events').split('.')[0]}-errors.csv"

    @api.depends("state", "rows", "lines", "events_new")
    def _compute_progress(self):
        for run in self:
            read = min(1.0, run.rows / max(1, run.lines - 1))
            done = {"waiting": 0, "checking": 60 * read, "storing": 60}.get(run.state, 100)
            if run.state == "storing":
                done += 40 * min(1.0, run.events_new / max(1, run.rows - run.rows_bad))
            run.progress = done

    @api.depends("warnings")
    @api.depends_context("lang")
    def _compute_warning_text(self):
        rules = dict(self.env["aftersales.event.import.error"]._fields["rule"]._description_selection(self.env))
        for run in self:
            run.warning_text = "\n".join(
                self.env._("%(column)s %(value)s, %(count)s rows: %(rule)s",
                           column=column, value=value, count=count, rule=rules[rule])
                for column, value, rule, count in run.warnings or [])

    # --- the course of an import -----------------------------------------------------------------------------

    def _work(self, stream=None, commit=False):
        """Go on with this import until it is over, or until the scheduled action's time is up.

        :param stream: seekable binary file; the attached file when empty
        :param commit: whether this is the scheduled action, which commits each batch
        """
        self.ensure_one()
        self.profile_id._check_may_import()
        try:
            self._read_and_store(stream, commit)
        except UnreadableFile as error:
            self._discard_staged()
            self.write({"state": "failed", "message": self._sentence(error)})

    def _read_and_store(self, stream, commit):
        if self.state != "storing":
            with closing(stream or self._open()) as binary:
                if not self._stage(binary, commit):
                    return
            if self.mode == "check":
                self.write({**self._count_staged(), "state": "done"})
            elif self.mode == "all" and self.rows_bad:
                self.write({"state": "refused", "message": self.env._(
                    "Nothing was imported: %s rows are bad.", self.rows_bad)})
            else:
                self.state = "storing"
        if self.state == "storing" and not self._store(commit and self.mode == "good"):
            return
        self._conclude()

    def _conclude(self):
        if self.state == "storing":
            good = self.rows - self.rows_bad
            self.write({"state": "done", "events_known": good - self.events_new})
            self.env.ref("aftersales_contracts.cron_clocks").sudo()._trigger()
        self._discard_staged()
        if self.rows_bad:
            self.error_file = base64.b64encode(self._error_csv())

    def _open(self):
        """The attached file, opened where it lies rather than read into memory."""
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", "file")])
        if not attachment:
            raise UnreadableFile("empty")
        if attachment.store_fname:
            return open(attachment._full_path(attachment.store_fname), "rb")
        return io.BytesIO(attachment.raw)

    # --- staging ---------------------------------------------------------------------------------------------

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
            elif fact := reader.read(line, row):
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
        self._copy("aftersales_event_import_error", ("run_id", "line", "column_name", "value", "rule"), errors.getvalue())
        reader.problems.clear()
        self.write({
            "rows": self.rows + rows, "rows_bad": self.rows_bad + len(bad),
            "warnings": [[*key, count] for key, count in reader.warnings.most_common(SHOWN)]})

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

    # --- what people and programs read -----------------------------------------------------------------------

    def _sentence(self, error):
        """An `UnreadableFile` in words."""
        words = {
            "empty": self.env._("The file is empty."),
            "binary": self.env._("The file is not a text file. Save it as CSV first."),
            "spreadsheet": self.env._("The file is a spreadsheet or an archive. Save it as CSV first."),
            "gzip": self.env._("The compressed file is damaged: %s.", error.value),
            "encoding": self.env._("The file cannot be read as %s. Choose another encoding.", error.value),
            "header": self.env._("The first line is no header: %s", error.value),
        }
        return words[error.rule]

    def _error_csv(self):
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["line", "column", "value", "rule"])
        rules = dict(self.env["aftersales.event.import.error"]._fields["rule"]._description_selection(self.env))
        for line, column, value, rule in self.env.execute_query(SQL(
                "SELECT line, column_name, value, rule FROM aftersales_event_import_error"
                " WHERE run_id = %s ORDER BY line, id", self.id)):
            writer.writerow([line, column or "", value or "", rules[rule]])
        return text.getvalue().encode("utf-8-sig")  # with its mark: spreadsheets then read it as UTF-8

    def _figures(self):
        """This import in plain values, for programs."""
        self.ensure_one()
        names = ("state", "rows", "rows_bad", "events_new", "events_known", "requests_new", "requests_without_contract")
        errors = self.env["aftersales.event.import.error"].search([("run_id", "=", self.id)], limit=SHOWN)
        rules = dict(errors._fields["rule"]._description_selection(self.env))
        return {
            "run": self.id,
            **{name: self[name] for name in names},
            "message": self.message or "",
            "warnings": (self.warning_text or "").splitlines(),
            "errors": [{"line": error.line, "column": error.column_name or "", "value": error.value or "",
                        "rule": rules[error.rule]} for error in errors],
        }

    @api.model
    def _cron_import(self):
        """Go on with the imports that wait, one after another, each with the rights of the user who began it."""
        for run in self.search([("state", "in", OPEN), ("file", "!=", False)], order="id"):
            owner = run.create_uid
            own = run.with_user(owner).with_company(run.company_id).with_context(lang=owner.lang, tz=owner.tz)
            try:
                own._work(commit=True)
            except UserError as error:
                self.env.cr.rollback()
                run.write({"state": "failed", "message": str(error)})
                run._discard_staged()
            if not self.env["ir.cron"]._commit_progress(remaining=self.search_count([("state", "in", OPEN)])):
                return

    def action_refresh(self):
        """Show the progress made since; the client reads the record again after any button."""
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_finished(self):
        if self.filtered(lambda run: run.state in ("checking", "storing")):
            raise UserError(self.env._("An import that is running cannot be deleted."))


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
