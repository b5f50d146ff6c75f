"""Terms of a contract as versions keep them: one flat dict of plain values, and how they read.

A row of the paper is a key of its own ("line:<row key>": True) beside a key for each of its fields
("line:<row key>:price_unit": 12.5). So two amendments of the same row that touch different fields both hold, whichever
is older; and a row that is gone stays gone, whatever an earlier one says of its fields.
"""

from odoo import api, models
from odoo.tools import format_date, format_datetime, html2plaintext
from odoo.tools.misc import formatLang

AMENDMENT_FIELDS = ("effective_on", "amendment_kind", "amendment_reason")  # said by an amendment of itself
LISTS = ("assets", "desk")  # groups of rows that come and go by the day, without an amendment
LONG = ("text", "html")


def flat(terms):
    """`_paper_terms` with every field of a row under a key of its own."""
    found = {}
    for key, value in terms.items():
        if ":" in key:
            found[key] = True
            found.update({f"{key}:{name}": part for name, part in value.items()})
        else:
            found[key] = value
    return found


def nested(terms):
    """The inverse of `flat`; rows that are gone are left out."""
    found = {key: ({} if ":" in key else value) for key, value in terms.items()
             if ":" not in key or (key.count(":") == 1 and value)}
    for key, value in terms.items():
        row, name = split(key)
        if name and row in found and ":" in row:
            found[row][name] = value
    return found


def split(key):
    """("line:<row key>", "price_unit") of a key in a row, (key, None) of the row itself or of a scalar."""
    row, _colon, name = key.rpartition(":")
    return (row, name) if ":" in row else (key, None)


def difference(before, after):
    """{key: value after, None where it is gone} of the keys whose values differ; both dicts are flat.

    Of a row that is gone the row is named alone, of a new one every field that has a value.
    """
    found = {}
    for key in {**before, **after}:
        row, name = split(key)
        if name and not after.get(row):
            continue
        fresh = name and not before.get(row)
        old, new = (None if fresh else before.get(key)), after.get(key)
        if old != new and (old or new):  # no value, an empty list and zero of a field unknown so far are the same
            found[key] = new
    return found


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _version_terms(self):
        """What versions compare and keep: the flat paper without what an amendment says of itself, and without the
        rows that change by the day while the contract is in force (each carries its own dates)."""
        self.ensure_one()
        skipped = {prefix for prefix, name in self._paper_rows().items() if self[name]._paper_group in LISTS}
        return flat({
            key: value for key, value in self._paper_terms().items()
            if key not in AMENDMENT_FIELDS and key.split(":")[0] not in skipped})

    @api.model
    def _term_field(self, key):
        """The field that a key of the terms belongs to; None for a row itself."""
        row, name = split(key)
        if name:
            return self._row_model(row)._fields.get(name)
        return None if ":" in key else self._fields.get(key)

    @api.model
    def _row_model(self, key):
        """The (empty) model of the rows that ``key`` is one of; unknown prefixes of old versions: the contract."""
        name = self._paper_rows().get(key.split(":")[0])
        return self.env[self._fields[name].comodel_name] if name else self.browse()

    @api.model
    def _names_of(self, terms):
        """{"model,id": display name} of the records that flat ``terms`` name: frozen with a version, so that the paper
        reads the same when a partner is renamed or a product archived."""
        return self._names_of_all([terms])[0]

    @api.model
    def _names_of_all(self, terms_list):
        """`_names_of` each of ``terms_list``, in the language of the context; the same queries for any number."""
        named = [self._records_named(terms) for terms in terms_list]
        wanted, names = {}, {}
        for model, key in set().union(*named):
            wanted.setdefault(model, set()).add(key)
        for model, ids in wanted.items():
            for record in self.env[model].browse(sorted(ids)).exists():
                names[model, record.id] = record.display_name
        return [{f"{model},{key}": names[model, key] for model, key in sorted(found) if (model, key) in names}
                for found in named]

    @api.model
    def _records_named(self, terms):
        """{(model, id)} of the records that flat ``terms`` name."""
        found = set()
        for key, value in terms.items():
            field = self._term_field(key) if value else None
            if field is not None and field.relational:
                found.update((field.comodel_name, one) for one in (value if isinstance(value, list) else [value]))
        return found

    # --- words -------------------------------------------------------------------------------------------------------

    @api.model
    def _term_label(self, key, row_title=""):
        """How a key is called, in the reader's language: "Last Day", "Price Lines · Care · Unit Price"."""
        field = self._term_field(key)
        label = field._description_string(self.env) if field is not None else ""
        if ":" not in key:
            return label or key
        return " · ".join(part for part in (self._rows_label(key), row_title, label) if part)

    @api.model
    def _rows_label(self, key):
        prefix = key.split(":")[0]
        name = self._paper_rows().get(prefix)
        return self._fields[name]._description_string(self.env) if name else prefix

    @api.model
    def _row_title(self, row, values, names):
        """What a row is called: the first of its fields that reads as a name."""
        fields = self._row_model(row)._fields
        preferred = [name for name in ("title", "name", "display_name") if values.get(name)]
        relations = [name for name in values if name in fields and fields[name].type == "many2one" and values[name]]
        chars = [name for name in values if name in fields and fields[name].type == "char" and values[name]]
        for name in (*preferred, *relations, *chars):
            return self._term_text(fields[name], values[name], names)
        return next((self._term_text(fields[name], value, names) for name, value in values.items()
                     if value and name in fields), "")

    @api.model
    def _term_text(self, field, value, names, currency=""):
        """A plain value in the reader's words; ``names``: as `_names_of`; "" for nothing."""
        env = self.env
        if field is None:
            return "" if value in (None, False) else str(value)
        if field.type == "boolean":
            return env._("Yes") if value else env._("No")
        if value in (None, False, "") or value == []:
            return ""
        if field.relational:
            ids = value if isinstance(value, list) else [value]
            return ", ".join(names.get(f"{field.comodel_name},{one}", f"#{one}") for one in ids)
        if field.type == "selection":
            return str(dict(field._description_selection(env)).get(value, value))
        if field.type == "date":
            return format_date(env, value)
        if field.type == "datetime":
            return format_datetime(env, value.replace("T", " "))
        if field.type == "html":
            return html2plaintext(value)
        if field.type == "monetary":
            return f"{formatLang(env, value, digits=2)} {currency}".strip()
        if field.type == "float":
            return formatLang(env, value, digits=(field.get_digits(env) or (16, 2))[1])
        return str(value)
