"""Rows of a registration, read in sets: names become records, texts become days, and what cannot be is told by row."""

import datetime

from odoo import fields
from odoo.fields import Domain

from .asset_days import DAYS

TEXTS = ("place", "batch", "note")
LINKS = {"product": "product_id", "partner": "partner_id", "dealer": "dealer_id", "supplier": "supplier_id",
         "parent": "parent_id", "company": "company_id"}
KEYS = ("serial", *LINKS, *DAYS.values(), *TEXTS)
SEARCHED = {  # fields that a name is looked up in, the first that knows it decides
    "product.product": ("default_code", "barcode", "name"), "res.partner": ("ref", "name", "email"),
    "res.company": ("name",), "aftersales.asset": ("name",)}
MODELS = {"product": "product.product", "partner": "res.partner", "dealer": "res.partner", "supplier": "res.partner",
          "parent": "aftersales.asset", "company": "res.company"}


class RowReader:
    """Reads rows with the rights of ``env``: what somebody may not see does not exist for them."""

    def __init__(self, env):
        self.env, self._ = env, env._
        self._found = {}

    def understand(self, rows):
        """([values of `aftersales.asset`, or None for a wrong row], [{row, field, value, message}])."""
        self._errors = []
        if not isinstance(rows, list | tuple) or not all(isinstance(row, dict) for row in rows):
            self._refuse(1, "", "", self._("A list of rows is needed, each with names and values."))
            return [], self._errors
        self._look_up(rows)
        read = [self._values(number, row) for number, row in enumerate(rows, 1)]
        self._refuse_doubles(read)
        wrong = {error["row"] for error in self._errors}
        return [None if place + 1 in wrong else values for place, values in enumerate(read)], self._errors

    def _refuse(self, row, name, value, message):
        self._errors.append({"row": row, "field": name, "value": str(value or ""), "message": message})

    # --- names -------------------------------------------------------------------------------------------------------

    def _look_up(self, rows):
        """Find all that the rows name: a few queries for each model, however many rows."""
        for model in set(MODELS.values()):
            keys = [key for key, one in MODELS.items() if one == model]
            asked = {row[key] for row in rows for key in keys if row.get(key) and isinstance(row[key], str | int)}
            ids = {value for value in asked if isinstance(value, int) and not isinstance(value, bool)}
            names = {value.strip() for value in asked if isinstance(value, str)}
            records = self.env[model].search(self._scope(model) & Domain("id", "in", list(ids))) if ids else ()
            known = {record.id: record for record in records}
            for field in SEARCHED[model] if names else ():
                matches = {}
                for record in self.env[model].search(self._scope(model) & Domain(field, "in", list(names))):
                    matches.setdefault(record[field], []).append(record)
                known.update({name: some[0] if len(some) == 1 else len(some)
                              for name, some in matches.items() if name not in known})
            self._found[model] = known

    def _scope(self, model):
        if model == "res.company":
            return Domain("id", "in", self.env.companies.ids)
        return Domain("company_id", "in", [*self.env.companies.ids, False])

    def _link(self, number, row, key):
        """The id that a row means, or False; an error where it means none or several."""
        value = row.get(key)
        if not value or value is True:
            return False
        found = self._found[MODELS[key]].get(value.strip() if isinstance(value, str) else value)
        if found is None:
            self._refuse(number, key, value, self._("Nothing of that name is known."))
        elif isinstance(found, int):
            self._refuse(number, key, value, self._("%s of that name are known. Give the reference or the id.", found))
        else:
            return found.id
        return False

    # --- values ------------------------------------------------------------------------------------------------------

    def _values(self, number, row):
        for name in sorted(row.keys() - set(KEYS), key=str):
            self._refuse(number, str(name), row[name], self._("There is no such column."))
        serial = str(row.get("serial") or "").strip()
        values = {"name": serial}
        values.update({LINKS[key]: self._link(number, row, key) for key in LINKS if row.get(key)})
        values.update({name: str(row[name]).strip() for name in TEXTS if row.get(name)})
        values.update({name: self._day(number, name, row[name]) for name in DAYS.values() if row.get(name)})
        if not serial:
            self._refuse(number, "serial", "", self._("The serial number is missing."))
        if not row.get("partner"):
            self._refuse(number, "partner", "", self._("The owner is missing."))
        values.setdefault("company_id", self.env.company.id)
        return values

    def _day(self, number, name, value):
        try:
            if isinstance(value, datetime.date | str):
                day = fields.Date.to_date(value.strip() if isinstance(value, str) else value)
            else:
                raise ValueError(value)
        except ValueError:
            self._refuse(number, name, value, self._("This is no day: YYYY-MM-DD is needed."))
            return False
        if day and day > self.env["aftersales.asset"]._asset_today():
            self._refuse(number, name, value, self._("The day lies in the future."))
        return day

    def _refuse_doubles(self, read):
        """A machine is registered once: neither twice in the rows, nor again."""
        names = {values["name"] for values in read}
        assets = self.env["aftersales.asset"].search(
            [("company_id", "in", self.env.companies.ids), ("name", "in", list(names - {""}))])
        known = {(asset.company_id.id, asset.product_id.id, asset.name) for asset in assets}
        seen = {}
        for number, values in enumerate(read, 1):
            key = values["company_id"], values.get("product_id", False), values["name"]
            if not values["name"]:
                continue
            if key in seen:
                self._refuse(number, "serial", values["name"], self._("It stands in row %s already.", seen[key]))
            elif key in known:
                self._refuse(number, "serial", values["name"], self._("This machine is registered already."))
            seen.setdefault(key, number)
