"""Imports by Odoo's own import screens: a template a model, and errors that name line, column, value and rule.

A file is imported as a whole or not at all, however long it is. An empty cell of a required column keeps the default
of a new record and the value of an old one. Errors come out of ``base_import.import`` (see ``import_screen``); here
each record that is refused learns which of its fields the broken rule looks at.
"""

import re
import traceback

import psycopg2
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from psycopg2.errorcodes import NOT_NULL_VIOLATION

REFUSALS = (UserError, psycopg2.Error)


class OneByOne(Exception):
    """A batch was refused: Odoo then loads its records one by one and learns which of them are wrong."""


class Importable(models.AbstractModel):
    _name = "aftersales.importable"
    _description = "Imported from Files"
    _import_template = None  # name of its file in static/import
    _import_parent = None  # field of the record that refuses rows of its own when it is locked

    @api.model
    def get_import_templates(self):
        return [self._import_template_of(self._name, self._import_template)]

    @api.model
    def _import_template_of(self, model, template):
        label = self.env["ir.model"]._get(model).name
        return {"label": self.env._("Import Template for %s", label),
                "template": f"/aftersales_contracts/static/import/{template}.xlsx"}

    # --- reading ---------------------------------------------------------------------------------------------------

    @api.model
    def _convert_records(self, records, *, log, savepoint):
        convert = super()._convert_records
        if not self.env.context.get("import_file"):
            return convert(records, log=log, savepoint=savepoint)
        return self._readable_records(convert, records, log, savepoint)

    @api.model
    def _readable_records(self, convert, records, log, savepoint):
        """The records without those that cannot be read, so that a record is refused for one reason, not two.

        A warning of Odoo's, such as a name that two partners have, is an error here: nothing is guessed.
        """
        unreadable, known = set(), set()

        def refuse(message):
            unreadable.add(message["record"])
            log({**message, "type": "error"})

        for number, xid, values, info in convert(records, log=refuse, savepoint=savepoint):
            if xid and xid in known:
                refuse({**info, "field": "id", "value": xid, "message": self.env._(
                    "This external ID stands in the file more than once.")})
            known.add(xid)
            if info["record"] not in unreadable:
                yield number, xid, {
                    name: value for name, value in values.items()
                    if value is not False or not self._keeps_default(name)}, info

    def _keeps_default(self, name):
        field = self._fields.get(name)
        return bool(field) and (field.required or field.type == "one2many")

    # --- writing ---------------------------------------------------------------------------------------------------

    def _load_records(self, data_list, update=False):
        if not self.env.context.get("import_file"):
            return super()._load_records(data_list, update)
        try:
            with self.env.cr.savepoint():
                return super()._load_records(data_list, update)
        except REFUSALS as error:
            infos = [data["info"] for data in data_list]  # Odoo copies them into its messages
            if "rule_fields" not in infos[0]:
                for info in infos:
                    info["rule_fields"] = []
                raise OneByOne from error
            infos[0]["rule_fields"] = self._rule_fields(error, data_list[0])
            infos[0]["missing"] = getattr(error, "pgcode", None) == NOT_NULL_VIOLATION
            raise

    @api.model
    def _sql_error_to_message(self, exc):
        """What the rule says, of the rows of a record as well; Odoo's own text about empty cells is a page."""
        if not self.env.context.get("import_file"):
            return super()._sql_error_to_message(exc)
        if exc.pgcode == NOT_NULL_VIOLATION:
            return self.env._("A value is required.")
        owner = next((model for _prefix, model in self._imported_models() if model._table == exc.diag.table_name), self)
        return super()._sql_error_to_message(exc) if owner == self else owner._sql_error_to_message(exc)

    def _rule_fields(self, error, data):
        """Paths of the fields that the rule broken by a record looks at, such as ["date_end", "party_ids/role"]."""
        if isinstance(error, psycopg2.Error):
            return self._constraint_fields(error.diag)
        model, names = _python_rule(error)
        if names:
            return [prefix + name for prefix, one in self._imported_models() if one._name == model for name in names]
        return [] if isinstance(error, AccessError) else self._refused_fields(data)

    def _imported_models(self):
        """(prefix of the path, model) of what one file of this model can write."""
        yield "", self
        for name, field in self._fields.items():
            if field.type == "one2many":
                yield f"{name}/", self.env[field.comodel_name]

    def _constraint_fields(self, diag):
        for prefix, model in self._imported_models():
            if model._table != diag.table_name:
                continue
            if diag.column_name:
                return [prefix + diag.column_name]
            rule = model._table_objects.get(diag.constraint_name)
            definition = rule.get_definition(self.pool) if rule else ""
            return [prefix + name for name, field in model._fields.items()
                    if not field.readonly and re.search(rf"\b{name}\b", definition)]
        return []

    def _refused_fields(self, data):
        """A refusal that names no field, such as a lock: of an old record, each field that is refused on its own; of a
        new one its key, if that alone is wrong, or each field without which it is accepted, else its parent."""
        values, record = data["values"], data.get("record")
        if record:
            return [name for name in values if not self._passes(record.write, {name: values[name]})]
        if self._passes(self.create, dict(values)):
            return ["id"]
        needless = [name for name in values if self._passes(
            self.create, {other: value for other, value in values.items() if other != name})]
        return needless or [self._import_parent] * bool(self._import_parent)

    def _passes(self, action, values):
        """Whether ``action`` accepts ``values``; what it did is undone."""
        savepoint = self.env.cr.savepoint()
        try:
            action(values)
            self.env.flush_all()
        except REFUSALS:
            return False
        finally:
            savepoint.close(rollback=True)
        return True


def _python_rule(error):
    """(model, fields) of the ``api.constrains`` method that raised ``error``; (None, ()) if none did."""
    for frame, _line in reversed(list(traceback.walk_tb(error.__traceback__))):
        model = frame.f_locals.get("self")
        if isinstance(model, models.BaseModel):
            names = getattr(getattr(type(model), frame.f_code.co_name, None), "_constrains", None)
            if isinstance(names, tuple):
                return model._name, names
    return None, ()


class Partner(models.Model):
    _inherit = "res.partner"

    @api.model
    def get_import_templates(self):
        ours = self.env["aftersales.importable"]._import_template_of(self._name, "1_partners")
        return [*super().get_import_templates(), ours]


class Contract(models.Model):
    _name = "aftersales.contract"
    _inherit = ["aftersales.contract", "aftersales.importable"]
    _import_template = "2_contracts"


class ContractLine(models.Model):
    _name = "aftersales.contract.line"
    _inherit = ["aftersales.contract.line", "aftersales.importable"]
    _import_template = "3_contract_lines"
    _import_parent = "contract_id"


class ContractParty(models.Model):
    _name = "aftersales.contract.party"
    _inherit = ["aftersales.contract.party", "aftersales.importable"]
    _import_template = "4_contract_parties"
    _import_parent = "contract_id"


class Asset(models.Model):
    _name = "aftersales.asset"
    _inherit = ["aftersales.asset", "aftersales.importable"]
    _import_template = "5_assets"


class Cover(models.Model):
    _name = "aftersales.cover"
    _inherit = ["aftersales.cover", "aftersales.importable"]
    _import_template = "6_covers"
    _import_parent = "contract_id"


class Nda(models.Model):
    _name = "aftersales.nda"
    _inherit = ["aftersales.nda", "aftersales.importable"]
    _import_template = "7_ndas"


class Obligation(models.Model):
    _name = "aftersales.obligation"
    _inherit = ["aftersales.obligation", "aftersales.importable"]
    _import_template = "8_obligations"
