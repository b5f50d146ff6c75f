"""Import profile: how one source's log is to be read; saved, so that the next file of that source is one click."""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .event_import_rows import REQUIRED

FIELDS = [
    ("reference", "Request"),
    ("occurred_at", "Instant"),
    ("state", "State"),
    ("impact", "Impact"),
    ("priority", "Priority"),
    ("tier_id", "Support Tier"),
    ("type_id", "Request Type"),
    ("team_id", "Team"),
    ("product_id", "Product"),
    ("country_id", "Country"),
    ("partner_id", "Customer"),
    ("title", "Title"),
]
MAPPED = [field for field in FIELDS if field[0] in ("impact", "priority", "tier_id", "type_id", "country_id")]
GUESSES = {  # words of a column's name: what the column holds
    "reference": ("request", "number", "ticket", "incident", "case", "reference"),
    "occurred_at": ("occurred_at", "updated_at", "timestamp", "instant", "changed_at", "time"),
    "state": ("state", "status", "sub_status", "incident_state"),
    "impact": ("impact",),
    "priority": ("priority",),
    "tier_id": ("tier", "support_tier", "level"),
    "type_id": ("type", "request_type"),
    "team_id": ("team", "group", "assignment_group"),
    "product_id": ("product",),
    "country_id": ("country",),
    "partner_id": ("customer", "partner"),
    "title": ("title", "subject", "summary", "short_description"),
}


class ImportProfile(models.Model):
    _name = "aftersales.import.profile"
    _description = "Import Profile"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    source = fields.Char(
        required=True, help="Names the system the log comes from. An event is known by source, request, instant and "
        "state: the same file twice changes nothing.")
    delimiter = fields.Selection(
        [("comma", "Comma"), ("semicolon", "Semicolon"), ("tab", "Tab"), ("pipe", "Vertical Bar")],
        help="Empty: as the header suggests.")
    encoding = fields.Selection(
        [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows Western"), ("iso-8859-1", "ISO 8859-1"),
         ("gb18030", "GB 18030")], help="Empty: detected.")
    tz = fields.Selection(
        "_tz_names", string="Time Zone", required=True, default=lambda self: self.env.user.tz or "UTC",
        help="Zone of instants that name none.")
    instant_format = fields.Char(
        help="Empty: ISO 8601, such as 2026-03-31 08:15:00. Otherwise a pattern such as %d/%m/%Y %H:%M.")
    partner_id = fields.Many2one(
        "res.partner", string="Default Customer", check_company=True, help="Customer of new requests without one.")
    contract_id = fields.Many2one(
        "aftersales.contract", check_company=True,
        help="The contract of every new request. Empty: found by customer, product, type, tier and date.")
    type_id = fields.Many2one("aftersales.request.type", string="Default Type")
    create_requests = fields.Boolean(
        string="Create Missing Requests", default=True, help="Otherwise a row of an unknown request is an error.")
    create_statuses = fields.Boolean(
        help="Makes a status without effect on clocks of each unknown state. Otherwise such a row is an error.")
    column_ids = fields.One2many("aftersales.import.column", "profile_id", string="Columns", copy=True)
    state_ids = fields.One2many("aftersales.import.state", "profile_id", string="States", copy=True)
    value_ids = fields.One2many("aftersales.import.value", "profile_id", string="Values", copy=True)
    run_ids = fields.One2many("aftersales.event.import.run", "profile_id", string="Imports")

    @api.model
    def _tz_names(self):
        return self.env["res.partner"]._fields["tz"]._description_selection(self.env)

    @api.constrains("source")
    def _check_source(self):
        for profile in self:
            if profile.source.strip().lower() in ("manual", "api"):
                raise ValidationError(self.env._(
                    "Source %s is reserved for events entered here. Choose another name.", profile.source))

    def _columns(self, header):
        """{field: [column names]} for a file with ``header``; raises UserError naming what is missing."""
        self.ensure_one()
        columns = {}
        for line in self.column_ids:
            columns.setdefault(line.field, []).append(line.column.strip())
        labels = dict(FIELDS)
        unmapped = [labels[name] for name in REQUIRED if name not in columns]
        if unmapped:
            raise UserError(self.env._(
                "Import profile %(name)s has no column for: %(fields)s.",
                name=self.name, fields=", ".join(unmapped)))
        named = [column for found in columns.values() for column in found]
        missing = [column for column in named if header.count(column) != 1]
        if missing:
            raise UserError(self.env._(
                "The file has no single column %(missing)s. Its columns are: %(header)s.",
                missing=", ".join(missing), header=", ".join(header)[:500]))
        double = [name for name, found in columns.items() if name != "state" and len(found) > 1]
        if double:
            raise UserError(self.env._(
                "Import profile %(name)s takes two columns for: %(fields)s. Only a state may be made of several.",
                name=self.name, fields=", ".join(labels[name] for name in double)))
        return columns

    def _guess_columns(self, header):
        """Commands for ``column_ids`` by the names of the columns; what is named already stays."""
        taken, commands = set(self.column_ids.mapped("column")), []
        fields_taken = set(self.column_ids.mapped("field"))
        for name, words in GUESSES.items():
            found = [column for column in header if column.strip().lower().replace(" ", "_") in words]
            if name in fields_taken:
                continue
            for column in [c for c in found if c not in taken][:None if name == "state" else 1]:
                taken.add(column)
                commands.append((0, 0, {"field": name, "column": column, "sequence": header.index(column)}))
        return commands

    # --- the way in ------------------------------------------------------------------------------------------

    def import_events(self, content_base64, mode="good", filename="events.csv"):
        """Import a log of service events. The way in for remote calls.

        :param content_base64: the CSV file, plain or gzip, in base64
        :param mode: "check" (writes nothing), "all" (all rows or none) or "good" (the good rows)
        :return: figures as plain values: state, message, rows, rows_bad, events_new, events_known, requests_new,
            errors (the first 100, each line, column, value, rule), warnings, run (id of the import)
        :raise UserError: unknown mode, or a mapping that does not fit the file
        """
        self.ensure_one()
        self._check_may_import()
        self._check_mode(mode)
        run = self.env["aftersales.event.import.run"].create(
            {"profile_id": self.id, "mode": mode, "name": filename, "file": content_base64})
        run._work()
        return run._figures()

    def _import_stream(self, binary, filename, mode):
        """Import from a seekable binary file that is not to be kept; returns the run."""
        self.ensure_one()
        self._check_may_import()
        self._check_mode(mode)
        run = self.env["aftersales.event.import.run"].create({"profile_id": self.id, "mode": mode, "name": filename})
        run._work(binary)
        return run

    def _check_mode(self, mode):
        if mode not in dict(self.env["aftersales.event.import.run"]._fields["mode"].selection):
            raise UserError(self.env._("There is no import mode %s: choose check, all or good.", mode))

    def _check_may_import(self):
        """Administrators and account managers import; raises AccessError for anybody else."""
        self.check_access("read")
        self.env["aftersales.event.import.run"].check_access("create")


class ImportColumn(models.Model):
    _name = "aftersales.import.column"
    _description = "Import Column"
    _order = "profile_id, sequence, id"

    profile_id = fields.Many2one("aftersales.import.profile", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    column = fields.Char(required=True, help="As the header of the file names it.")
    field = fields.Selection(FIELDS, required=True, help="Several columns of State are joined by /.")


class ImportState(models.Model):
    _name = "aftersales.import.state"
    _description = "Import State"
    _order = "profile_id, sequence, id"

    profile_id = fields.Many2one("aftersales.import.profile", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    pattern = fields.Char(
        string="State", required=True, help="The state as the source names it; * stands for anything. "
        "A pattern that says more comes first: Completed/Cancelled before Completed/*.")
    status_id = fields.Many2one("aftersales.service.status", required=True, ondelete="restrict")
    resolution_effect = fields.Selection(related="status_id.resolution_effect", string="Resolution Clock")

    _pattern_uniq = models.Constraint("UNIQUE(profile_id, pattern)", "A profile names a state once.")

    def _most_specific(self):
        """[(compiled pattern, status id)]: exact names first, then the patterns that say the most."""
        lines = self.sorted(lambda line: ("*" in line.pattern, -len(line.pattern), line.sequence, line.id))
        return [(_compiled(line.pattern), line.status_id.id) for line in lines]


class ImportValue(models.Model):
    """What the source calls something, and what we call it."""

    _name = "aftersales.import.value"
    _description = "Import Value"
    _order = "profile_id, field, id"

    profile_id = fields.Many2one("aftersales.import.profile", required=True, ondelete="cascade", index=True)
    field = fields.Selection(MAPPED, required=True)
    foreign = fields.Char(string="In the File", required=True)
    value = fields.Char(string="Here", help="Our value: its code or name. Empty: the cell is ignored.")

    _foreign_uniq = models.Constraint("UNIQUE(profile_id, field, \"foreign\")", "A profile translates a value once.")


def _compiled(pattern):
    """A pattern with * as a regular expression, without regard to case; "A/*" fits "A" as well.

    >>> bool(_compiled("Completed/*").fullmatch("completed/In Call")), bool(_compiled("A [b]").fullmatch("A b"))
    (True, False)
    """
    pattern = pattern.strip()
    if pattern.endswith("/*"):
        return re.compile(re.escape(pattern[:-2]) + "(/.*)?", re.IGNORECASE | re.DOTALL)
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.IGNORECASE | re.DOTALL)


