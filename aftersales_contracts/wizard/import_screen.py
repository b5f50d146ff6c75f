"""Odoo's import screen, for models of ``aftersales.importable``: errors with line, column, value and rule."""

import csv
import io
from datetime import date
from typing import NamedTuple

import openpyxl
from odoo import models
from odoo.addons.base_import.models.base_import import ImportValidationError

ZIP = b"PK"  # how a spreadsheet begins


class Sheet(NamedTuple):
    """What was imported of a file."""

    paths: list  # of each column: the path of its field, or False
    headings: list  # of each column: what stands above it, or ""
    rows: list  # (number of the line in the file, cells), in the order in which Odoo counts them


class Import(models.TransientModel):
    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        if not self._explains():
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        model = self.env[self.res_model]
        if not model.has_access("write"):
            model.check_access("create")
        # Without a limit: Odoo would import a long file in parts and keep those before the wrong one.
        result = super().execute_import(fields, columns, {**options, "limit": None}, dryrun=dryrun)
        if result["messages"]:
            sheet = self._sheet(fields, columns, options)
            result["messages"] = [self._explained(message, sheet) for message in result["messages"]]
            result["name"] = []  # counted by records, while our messages count lines
        return result

    def _explains(self):
        return isinstance(self.env[self.res_model], self.pool["aftersales.importable"])

    # --- cells that cannot be read ---------------------------------------------------------------------------------

    def _parse_import_data(self, data, import_fields, options):
        for index, path in enumerate(import_fields if self._explains() else ()):
            if self._field_at(path).type not in ("date", "datetime"):
                for row in data:  # a spreadsheet's date where none is expected
                    row[index] = str(row[index]) if isinstance(row[index], date) else row[index]
        return super()._parse_import_data(data, import_fields, options)

    def _parse_date_from_data(self, data, index, name, field_type, options):
        if not self._explains():
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for number, row in enumerate(data):
            try:
                super()._parse_date_from_data([row], index, name, field_type, options)
            except ImportValidationError as error:
                form = options.get("date_format") or "%Y-%m-%d"
                raise _unreadable(error, number, self.env._(
                    "This is not a date written as %s.", _in_letters(form))) from error
        return None

    def _parse_float_from_data(self, data, index, name, options):
        if not self._explains():
            return super()._parse_float_from_data(data, index, name, options)
        for number, row in enumerate(data):
            try:
                super()._parse_float_from_data([row], index, name, options)
            except ImportValidationError as error:
                raise _unreadable(error, number, self.env._("This is not a number.")) from error
        return None

    # --- where it went wrong ---------------------------------------------------------------------------------------

    def _sheet(self, fields, columns, options):
        reading = dict(options)
        _length, rows = self._read_file(reading)
        numbers = self._line_numbers(reading)
        numbered = list(zip(numbers if len(numbers) == len(rows) else range(1, len(rows) + 1), rows, strict=True))
        headings = columns
        if options.get("has_headers"):
            headings, numbered = rows[0], numbered[1:]
        wanted = [index for index, path in enumerate(fields) if path]
        imported = [(number, row) for number, row in numbered if any(row[index] for index in wanted)]
        return Sheet(fields, headings, imported[options.get("skip") or 0:])

    def _line_numbers(self, reading):
        """The numbers of the lines that are not empty, as a spreadsheet counts them: the first one is 1."""
        content = self.file or b""
        if content.startswith(ZIP):
            if not (self.file_name or "").endswith(".xlsx"):
                return []  # other spreadsheets: counted without their empty lines
            rows = openpyxl.load_workbook(io.BytesIO(content), data_only=True)[reading["sheet"]].values
        else:
            rows = csv.reader(io.StringIO(content.decode(reading["encoding"])), quotechar=reading["quoting"],
                              delimiter=reading["separator"] or ",")
        return [number for number, row in enumerate(rows, 1)
                if any(cell is not None and str(cell).strip() for cell in row)]

    def _explained(self, message, sheet):
        """The message with line, columns and values before the rule; messages about no record stay as they are."""
        rows = message.pop("rows", None)
        if not rows:
            return message
        rule_fields, missing = message.pop("rule_fields", None), message.pop("missing", False)
        path = "/".join(message.get("field_path") or [message["field"]]) if rule_fields is None else ""
        paths = [path] if path else rule_fields
        lines = sheet.rows[rows["from"]:rows["to"] + 1]
        found = [index for index, mapped in enumerate(sheet.paths)
                 if mapped and any(mapped == path or mapped.startswith(f"{path}/") for path in paths)]
        lines = self._lines_meant(message, sheet, lines, found, missing)
        cells = [self._cell_text(sheet, index, lines) for index in found] or [
            self.env._('column "%s" (not in the file)', self._field_at(path)._description_string(self.env))
            for path in paths]
        text = self._line_text(lines, cells, message["message"])
        if rule_fields is not None:
            message.pop("field", None)  # the screen then shows each sentence in full, above the columns
        elif found and len(lines) == 1:
            message.setdefault("value", str(lines[0][1][found[0]]))
        first = lines[0][0]
        return {**message, "message": text, "record": first, "rows": {"from": first - 1, "to": first - 1}}

    def _lines_meant(self, message, sheet, lines, found, missing):
        """The line of a record that a message is about: its first one, or the one with the wrong row of its parts.

        All of them if a part is wrong and no cell tells which one.
        """
        parts = {name for name in (sheet.paths[index].split("/")[0] for index in found)
                 if self._field_at(name).type == "one2many"}
        if len(lines) == 1 or not parts:
            return lines[:1]
        if missing:  # an empty cell in a line that fills in others of the part
            beside = [index for index, path in enumerate(sheet.paths) if path and path.split("/")[0] in parts]
            meant = [line for line in lines if not line[1][found[0]] and any(line[1][index] for index in beside)]
        else:
            meant = [line for line in lines if any(_is_named(line[1][index], message) for index in found)]
        return meant[:1] or lines

    def _line_text(self, lines, cells, rule):
        terms = {"first": lines[0][0], "last": lines[-1][0], "cells": ", ".join(cells), "rule": rule}
        if len(lines) > 1:
            return self.env._("Lines %(first)s to %(last)s, %(cells)s: %(rule)s", **terms)
        if cells:
            return self.env._("Line %(first)s, %(cells)s: %(rule)s", **terms)
        return self.env._("Line %(first)s: %(rule)s", **terms)

    def _cell_text(self, sheet, index, lines):
        heading = sheet.headings[index] or self._field_at(sheet.paths[index])._description_string(self.env)
        if len(lines) > 1:
            return self.env._('column "%s"', heading)
        value = lines[0][1][index]
        if value in ("", None):
            return self.env._('column "%s" (empty)', heading)
        return self.env._('column "%(heading)s" ("%(value)s")', heading=heading, value=value)

    def _field_at(self, path):
        """The last field on a path such as "party_ids/partner_id/id"."""
        model = self.env[self.res_model]
        field = model._fields["id"]
        for name in path.split("/"):
            if name in ("id", ".id") or name.split(".")[0] not in model._fields:
                break
            field = model._fields[name.split(".")[0]]
            model = self.env[field.comodel_name] if field.relational else model
        return field


def _unreadable(error, number, rule):
    """``error`` with the row that it is about, counted from 0, and the rule in words."""
    error.message, error.rows = rule, {"from": number, "to": number}
    error.field = error.field_path[0]
    return error


def _is_named(cell, message):
    """Whether the message quotes this cell, or for lists of names one of them; Odoo quotes 50 letters."""
    return bool(cell) and (str(cell)[:50] in message["message"] or str(message.get("value") or "\n") in str(cell))


def _in_letters(form):
    """"%d.%m.%Y" as "DD.MM.YYYY"."""
    for code, letters in (("%Y", "YYYY"), ("%y", "YY"), ("%m", "MM"), ("%d", "DD")):
        form = form.replace(code, letters)
    return form
