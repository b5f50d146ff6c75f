"""A signed amendment enters its contract on its day: fields and rows become what the versions say.

What is written is the difference between the terms of the versions entered before and after, so amendments may be
signed in any order, overlap, be backdated or share a day: the contract ends up the same.
"""

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..common.nightly import NightlyStep
from .version_terms import difference, nested, split


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            10, "amend", self.env._("Amendments take effect"), "aftersales.contract", "_nightly_amend_domain",
            "_nightly_amend")]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _nightly_amend_domain(self, today):
        # The day of a zone may be one ahead of UTC's.
        day = today or fields.Date.add(fields.Date.today(), days=1)
        return (Domain("amends_id", "!=", False) & Domain("state", "=", "signed") & Domain("applied_on", "=", False)
                & Domain("effective_on", "<=", day) & Domain("active", "in", (True, False)))

    def _nightly_amend(self, today):
        """Enter the signed amendments whose day has come; [(contract, sentence)]."""
        due = self.filtered(lambda one: one.effective_on <= (today or one.amends_id._local_today()))
        due._enter_amendments()
        return [(one.amends_id, self.env._("Amendment %s took effect", one.name)) for one in due if one.applied_on]

    def _enter_amendments(self):
        """Take these amendments over into their contracts, each once; one that another worker holds is left to it."""
        versions = self.env["aftersales.contract.version"].search([
            ("amendment_id", "in", self.ids), ("applied_at", "=", False), ("cancelled_at", "=", False)])
        contracts = versions.contract_id.try_lock_for_update(allow_referencing=True)
        versions = versions.filtered(lambda version: version.contract_id in contracts)
        before = {contract: contract._entered_terms() for contract in contracts}
        versions._mark({"applied_at": fields.Datetime.now()})
        sources = versions.amendment_id.grouped("amends_id")
        for contract in contracts:
            changes = difference(before[contract], contract._entered_terms())
            contract._bring_to(changes, sources[contract])
        for version in versions.sorted("number"):
            version._log_amended_prices()
        for amendment in versions.amendment_id:
            amendment._write_unlocked({"applied_on": amendment.amends_id._local_today(), "active": False})
        for day, entered in versions.grouped("effective_on").items():
            # The versions are there: this tells the other rooms, whose prices and quotas count by the day.
            entered.contract_id._record_change(day, self.env._("Amended by %s", ", ".join(
                entered.amendment_id.mapped("name"))))
        for contract in contracts:
            contract._tell_of_measured(versions.filtered(lambda one, c=contract: one.contract_id == c))
        contracts._message_log_batch(bodies={
            contract.id: self.env._("Amended by %s.", ", ".join(sources[contract].mapped("name")))
            for contract in contracts})

    def _bring_to(self, changes, sources):
        """Write flat ``changes`` into the fields and rows of this contract, past the lock.

        New rows are copied from those of the amendments ``sources``, which hold more than the paper says.
        """
        self.ensure_one()
        scalars = {key: self._field_value(self._fields[key], value) for key, value in changes.items()
                   if ":" not in key and key in self._fields}
        if scalars:
            known = self._row_keys()
            self._write_unlocked(scalars)
            # Rows that follow a field by themselves, such as the party of a new dealer, are on paper already.
            for name, keys in self._row_keys().items():
                self[name].filtered(lambda row, fresh=keys - known[name]: row.row_key in fresh)._unlink_unlocked()
        rows = {}
        for key, value in changes.items():
            if ":" in key:
                row, name = split(key)
                rows.setdefault(row, {})[name] = value
        work = [(name, key, rows[key]) for prefix, name in self._paper_rows().items()
                for key in rows if key.split(":")[0] == prefix]
        # Removed before added: a new row may stand where an old one stood.
        self._remove_rows(work)
        self._change_rows(work)
        self._add_rows(work, sources)

    def _row_keys(self):
        return {name: set(self[name].mapped("row_key")) for name in self._paper_rows().values()}

    def _remove_rows(self, work):
        for name, key, values in reversed(work):
            if values.get(None, True) is None:
                self._row_of(name, key)._unlink_unlocked()

    def _change_rows(self, work):
        for name, key, values in work:
            row = self._row_of(name, key) if None not in values else None
            if row:
                row._write_unlocked(self._row_values(row, values))

    def _add_rows(self, work, sources):
        for name in dict.fromkeys(name for name, _key, _values in work):
            model, vals_list = self.env[self._fields[name].comodel_name], []
            for _name, key, values in (one for one in work if one[0] == name):
                if not values.get(None):
                    continue
                row_key = key.split(":")[1]
                source = sources[name].filtered(lambda row, row_key=row_key: row.row_key == row_key)[-1:]
                copied = source.copy_data()[0] if source else {}
                vals_list.append({**copied, **self._row_values(model, values), "contract_id": self.id,
                                  "row_key": row_key})
            if vals_list:
                model._create_unlocked(vals_list)

    def _row_of(self, name, key):
        row_key = key.split(":")[1]
        return self[name].filtered(lambda row: row.row_key == row_key)

    @api.model
    def _row_values(self, model, values):
        return {name: self._field_value(model._fields[name], value)
                for name, value in values.items() if name in model._fields}

    @api.model
    def _field_value(self, field, value):
        """A plain value of the terms as ``write`` takes it."""
        if field.type in ("many2many", "one2many"):
            return [Command.set(value or [])]
        return False if value is None else value

    # --- the terms of a day ------------------------------------------------------------------------------------------

    def _nested_terms(self, terms):
        """Flat ``terms`` in the shape of `_paper_terms`; a field without a value is None."""
        rows = nested(terms)
        for key, values in rows.items():
            if ":" in key:
                rows[key] = {**dict.fromkeys(self._row_model(key)._paper_fields), **values}
        return rows
