"""Event import: one file, read under a profile. Three moves: stage the rows, decide, store the facts.

Staging checks every row and copies the good ones into a narrow table, so that the first event of a request is known
whatever the order of the file, and memory stays flat. Only then are requests and events stored: in one transaction
("all"), or batch by batch ("good"). Under the scheduled action each batch is committed with its position: killed at
any instant and run again, nothing is lost and nothing is stored twice.
"""

import base64
import csv
import io
import logging
from contextlib import closing

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from psycopg2 import OperationalError

from .event_import_file import UnreadableFile

SHOWN = 100  # errors given with the figures; all of them are in the error file
OPEN = ("waiting", "checking", "storing")

_logger = logging.getLogger(__name__)


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
            except OperationalError:  # the database asks for another try
                raise
            except Exception as error:  # one broken import must not keep the next ones waiting
                self.env.cr.rollback()
                if not isinstance(error, UserError):
                    _logger.exception("Import %s failed", run.id)
                run.write({"state": "failed", "message": str(error)})
                run._discard_staged()
            if not self.env["ir.cron"]._commit_progress(remaining=self.search_count([("state", "in", OPEN)])):
                return

    @api.ondelete(at_uninstall=False)
    def _unlink_finished(self):
        if self.filtered(lambda run: run.state in ("checking", "storing")):
            raise UserError(self.env._("An import that is running cannot be deleted."))
