"""The import of a service-event log, step by step: upload, map what the file holds, check, import."""

import base64
import io
from collections import Counter
from itertools import islice

from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import UserError

from ..models.imports.event_import_file import LogFile, UnreadableFile, count_lines
from ..models.imports.import_profile import FIELDS
from ..models.imports.import_resolver import Resolver, WrongCell

PREVIEWED = 5  # rows shown
SCANNED = 200_000  # rows in which states are looked for
AT_ONCE = 20_000  # a file with more lines goes to the scheduled action


class EventImport(models.TransientModel):
    _name = "aftersales.event.import"
    _description = "Import Service Events"

    step = fields.Selection([("file", "File"), ("mapping", "Mapping"), ("checked", "Checked")], default="file")
    file = fields.Binary(string="CSV File", help="Comma-separated values, plain or compressed with gzip.")
    filename = fields.Char()
    profile_id = fields.Many2one(
        "aftersales.import.profile", help="How this source's files are read. Empty: a profile is made of this file.")
    tz = fields.Selection(related="profile_id.tz", readonly=False)
    instant_format = fields.Char(related="profile_id.instant_format", readonly=False)
    partner_id = fields.Many2one(related="profile_id.partner_id", readonly=False)
    contract_id = fields.Many2one(related="profile_id.contract_id", readonly=False)
    company_id = fields.Many2one(related="profile_id.company_id")
    create_requests = fields.Boolean(related="profile_id.create_requests", readonly=False)
    create_statuses = fields.Boolean(related="profile_id.create_statuses", readonly=False)
    mode = fields.Selection(
        [("all", "All or nothing"), ("good", "The good rows")], string="If Rows Are Bad", default="all", required=True)
    preview = fields.Html(readonly=True, sanitize=False)
    column_ids = fields.One2many("aftersales.event.import.column", "import_id", string="Columns")
    state_ids = fields.One2many("aftersales.event.import.state", "import_id", string="States")
    run_id = fields.Many2one("aftersales.event.import.run", readonly=True)
    run_state = fields.Selection(related="run_id.state")
    message = fields.Char(related="run_id.message")
    rows = fields.Integer(related="run_id.rows")
    rows_bad = fields.Integer(related="run_id.rows_bad")
    events_new = fields.Integer(related="run_id.events_new")
    events_known = fields.Integer(related="run_id.events_known")
    requests_new = fields.Integer(related="run_id.requests_new")
    warning_text = fields.Text(related="run_id.warning_text")
    error_ids = fields.One2many(related="run_id.error_ids")
    error_file = fields.Binary(related="run_id.error_file")
    error_filename = fields.Char(related="run_id.error_filename")

    def action_read(self):
        """Read the file's header and states, and offer a mapping."""
        self.ensure_one()
        self.env["aftersales.import.profile"].check_access("create")
        profile = self.profile_id or self._new_profile()
        log = self._log(profile)
        commands = profile._guess_columns(log.header)
        if commands:
            profile.write({"column_ids": commands})
        rows = [row for _line, row, _fault in islice(log.records(), PREVIEWED) if row]
        taken = {line.column: line.field for line in profile.column_ids}
        self.write({
            "step": "mapping",
            "profile_id": profile.id,
            "preview": _table(log.header, rows),
            "column_ids": [fields.Command.clear()] + [
                fields.Command.create({
                    "sequence": index, "column": name, "field": taken.get(name),
                    "sample": next((row[index] for row in rows if index < len(row) and row[index]), "")})
                for index, name in enumerate(log.header)],
        })
        return self.action_find_states()

    def action_find_states(self):
        """List the states that the mapped columns hold, with their counts and the statuses they are mapped to."""
        self.ensure_one()
        self._save_mapping()
        found, resolver = self._states(), Resolver(self.profile_id, dry_run=True)
        lines = []
        for state, count in found.most_common():
            try:
                status_id = resolver("status_id", state)
            except WrongCell:
                status_id = False
            lines.append(fields.Command.create({"state": state, "count": count, "status_id": status_id}))
        self.state_ids = [fields.Command.clear()] + lines
        return self._reopen()

    def action_check(self):
        """Read the whole file and say what an import would do; nothing is written but this finding."""
        self._save_mapping()
        self.run_id = self._run("check")
        self.step = "checked"
        if self.run_id.state == "waiting":
            return self._show_run()
        return self._reopen()

    def action_import(self):
        self._save_mapping()
        self.run_id = self._run(self.mode)
        return self._show_run()

    def action_back(self):
        self.step = "file" if self.step == "mapping" else "mapping"
        return self._reopen()

    # --- parts -----------------------------------------------------------------------------------------------

    def _binary(self):
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        return io.BytesIO(base64.b64decode(self.file))

    def _log(self, profile):
        """The file, opened under a profile; raises UserError in words where it is no table of text."""
        try:
            return LogFile(self._binary(), profile.encoding, profile.delimiter)
        except UnreadableFile as error:
            raise UserError(self.env["aftersales.event.import.run"]._sentence(error)) from error

    def _new_profile(self):
        name = (self.filename or self.env._("New source")).split(".")[0]
        return self.env["aftersales.import.profile"].create({"name": name, "source": name.lower().replace(" ", "_")})

    def _states(self):
        """How often each state occurs in the first rows of the file."""
        log = self._log(self.profile_id)
        lines = self.column_ids.filtered(lambda line: line.field == "state").sorted("sequence")
        columns = [log.header.index(line.column) for line in lines]
        found = Counter()
        try:
            for _line, row, fault in islice(log.records(), SCANNED):
                if not fault and len(row) == len(log.header):
                    found["/".join(filter(None, (row[index].strip() for index in columns)))] += 1
        except UnreadableFile as error:
            raise UserError(self.env["aftersales.event.import.run"]._sentence(error)) from error
        found.pop("", None)
        return found

    def _save_mapping(self):
        """Keep what was mapped here on the profile."""
        profile = self.profile_id
        mapped = [(line.column, line.field, line.sequence) for line in self.column_ids if line.field]
        if mapped and mapped != [(line.column, line.field, line.sequence) for line in profile.column_ids]:
            profile.column_ids = [fields.Command.clear()] + [
                fields.Command.create({"column": column, "field": field, "sequence": sequence})
                for column, field, sequence in mapped]
        resolver = Resolver(profile, dry_run=True)
        for line in self.state_ids:
            try:
                known = resolver("status_id", line.state)
            except WrongCell:
                known = None
            if line.status_id and line.status_id.id != known:
                exact = profile.state_ids.filtered(lambda state, name=line.state: state.pattern == name)
                values = {"pattern": line.state, "status_id": line.status_id.id}
                command = fields.Command.update(exact.id, values) if exact else fields.Command.create(values)
                profile.state_ids = [command]

    def _run(self, mode):
        """A run of this file: worked off at once, or by the scheduled action where the file is long."""
        binary = self._binary()
        self.profile_id._check_may_import()
        run = self.env["aftersales.event.import.run"].create({
            "profile_id": self.profile_id.id, "mode": mode, "name": self.filename or "events.csv", "file": self.file})
        if count_lines(binary) <= AT_ONCE:
            run._work()
        else:
            self.env.ref("aftersales_contracts.cron_import").sudo()._trigger()
        return run

    def _reopen(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "view_mode": "form",
                "target": "new", "name": self.env._("Import Service Events")}

    def _show_run(self):
        return {"type": "ir.actions.act_window", "res_model": "aftersales.event.import.run", "res_id": self.run_id.id,
                "view_mode": "form", "name": self.run_id.name}


class EventImportColumn(models.TransientModel):
    _name = "aftersales.event.import.column"
    _description = "Column of an Import"
    _order = "sequence, id"

    import_id = fields.Many2one("aftersales.event.import", required=True, ondelete="cascade")
    sequence = fields.Integer()
    column = fields.Char(readonly=True)
    sample = fields.Char(string="Example", readonly=True)
    field = fields.Selection(FIELDS, string="Holds")


class EventImportState(models.TransientModel):
    _name = "aftersales.event.import.state"
    _description = "State of an Import"
    _order = "count desc, id"

    import_id = fields.Many2one("aftersales.event.import", required=True, ondelete="cascade")
    state = fields.Char(readonly=True)
    count = fields.Integer(string="Rows", readonly=True)
    status_id = fields.Many2one("aftersales.service.status")
    resolution_effect = fields.Selection(related="status_id.resolution_effect", string="Resolution Clock")


def _table(header, rows):
    """The first rows as an HTML table."""
    nothing = Markup("")
    head = nothing.join(Markup("<th>%s</th>") % name[:60] for name in header)
    body = nothing.join(
        Markup("<tr>%s</tr>") % nothing.join(Markup("<td>%s</td>") % value[:60] for value in row) for row in rows)
    return Markup('<table class="table table-sm"><tr>%s</tr>%s</table>') % (head, body)
