"""The contract as of any day, as known on any other: what the paper said, each value with its version.

One query reads the versions, one the parties' names frozen in them: it costs the same with 2 versions and with 20.
"""

from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from ...engine import versions as engine
from ...engine.contract_lifecycle import GROUPS
from .version_terms import LISTS, nested

ORDER = ("identity", "term", "parties", "scope", "promises", "prices", "clauses", "assets")
HIDDEN = {"is_main", "sequence", "level"}  # on paper by the place of a row, not in words


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _as_of(self, on, known_on=None):
        """(`engine.versions.AsOf` of the day ``on``, versions it was made of).

        ``on``: a date or ISO text; ``known_on``: the moment at which it is asked, a naive UTC datetime or ISO text;
        empty: with all that is known today.
        """
        self.ensure_one()
        on, known_on = fields.Date.to_date(on), fields.Datetime.to_datetime(known_on)
        if not on:
            raise UserError(self.env._("Contract %s: say as of which day.", self.display_name))
        versions = self.version_ids
        return engine.as_of(versions._engine(), on, known_on and known_on.replace(tzinfo=UTC)), versions

    def _terms_as_of(self, on, known_on=None):
        """What the paper said, in the shape of `_paper_terms`; {} before the first version. Arguments as `_as_of`."""
        answer, _versions = self._as_of(on, known_on)
        return self._nested_terms(answer.terms)

    def terms_as_of(self, on, known_on=None):
        """`_terms_as_of` for remote calls: those who may read the contract."""
        self.check_access("read")
        return self._terms_as_of(on, known_on)

    def _as_of_page(self, on, known_on=None):
        """Plain data of the page: {"version", "effective", "recorded", "sections": [{"title", "values", "tables"}]}.

        A value is {"label", "text", "version"}; a table has "title", "columns" and "rows" of {"cells": [value]}.
        """
        answer, versions = self._as_of(on, known_on)
        names = {}
        for version in versions.sorted("number"):
            names.update(version.names or {})
        page = _Page(self, answer, names)
        last = versions.filtered(lambda one: answer.version and one.number == answer.version.number)
        return {
            "contract": self.display_name, "version": last.number or False, "reason": last.reason or "",
            "effective": format_date(self.env, last.effective_on) if last else "",
            "recorded": format_datetime(self.env, last.recorded_at) if last else "",
            "sections": [section for section in map(page.section, ORDER) if section],
            "assets": self._assets_on(on, known_on)}

    def _assets_on(self, on, known_on=None):
        """[{"name", "owner", "place", "days"}] of the assets covered on that day. Covers carry their own dates and need
        no amendment; of one that was entered after ``known_on`` nobody knew."""
        on, known_on = fields.Date.to_date(on), fields.Datetime.to_datetime(known_on)
        covers = self.cover_ids.filtered(
            lambda cover: cover._includes(on) and (not known_on or cover.create_date <= known_on))
        return [{"name": cover.asset_id.display_name, "owner": cover.partner_id.display_name or "",
                 "place": cover.place or "", "days": cover._days_text()} for cover in covers]


class _Page:
    """The terms of a day being set in sections."""

    def __init__(self, contract, answer, names):
        self.contract, self.terms, self.sources, self.names = contract, answer.terms, answer.sources, names
        self.rows = nested(answer.terms)
        currency = answer.terms.get("currency_id")
        self.currency = names.get(f"res.currency,{currency}", "")

    def section(self, group):
        """The values and tables of one group of the paper; None where it is empty."""
        fields_of = [name for name, of in self.contract._paper_groups().items() if of == group and name in self.terms]
        values = [value for value in map(self.value, fields_of) if value["text"]]
        tables = [self.table(prefix, name) for prefix, name in self.contract._paper_rows().items()
                  if self.contract[name]._paper_group == group and group not in LISTS]
        tables = [table for table in tables if table["rows"]]
        if not values and not tables:
            return None
        return {"title": self.contract._group_label(group), "values": values, "tables": tables}

    def value(self, key, value=None):
        field = self.contract._term_field(key)
        text = self.contract._term_text(field, self.terms.get(key), self.names, self.currency)
        return {"label": self.contract._term_label(key), "text": text, "version": self.sources.get(key)}

    def table(self, prefix, name):
        contract, model = self.contract, self.contract[name]
        keys = [key for key in self.rows if key.startswith(f"{prefix}:")]
        keys.sort(key=lambda key: (self.rows[key].get("sequence") or 0, key))
        columns = [column for column in model._paper_fields if column not in HIDDEN
                   and any(self.rows[key].get(column) for key in keys)]
        labels = [model._fields[column]._description_string(contract.env) for column in columns]
        return {"title": contract._rows_label(prefix), "columns": labels,
                "rows": [self.row(key, columns) for key in keys]}

    def row(self, key, columns):
        cells = [self.value(f"{key}:{column}") for column in columns]
        return {"cells": [{**cell, "version": cell["version"] or self.sources.get(key)} for cell in cells],
                "version": self.sources.get(key)}


class ContractGroups(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _group_label(self, group):
        """A group of the lifecycle table in words."""
        _ = self.env._
        labels = {
            "identity": _("Contract"), "parties": _("Parties"), "term": _("Term"), "prices": _("Prices"),
            "scope": _("Scope"), "promises": _("Promises"), "clauses": _("Clauses"), "assets": _("Assets"),
            "desk": _("Desk")}
        return labels[group] if group in GROUPS else group
