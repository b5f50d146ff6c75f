"""Redline: what changed from one state of the paper to another, terms as old and new, long texts word by word.

A state of the paper is flat terms (``version_terms``): of a version as it was recorded, of the draft of an amendment,
or of the clause library. The result is plain data, drawn alike by the page and by the PDF.
"""

from odoo import models

from ...engine import versions as engine
from ...engine.redline import DELETE, INSERT, KEEP, joined, redline
from ..legal.contract_clause import numbered
from .contract_as_of import HIDDEN, ORDER
from .version_terms import LONG, difference, nested, split

PARAGRAPH = "¶"  # stands for a line feed while words are compared


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _redline(self, before, after, names):
        """{"changes": [{"label", "old", "new"}], "texts": [{"title", "status", "runs"}]} from flat terms to others.

        ``names``: as `_names_of` both. ``status``: changed, added, removed or same; ``runs``: (op, text) pairs with op
        keep, delete or insert; a line feed begins a paragraph. Texts that are the same have no runs.
        """
        changed = difference(before, after)
        return {"changes": self._redline_changes(before, after, changed, names),
                "texts": self._redline_texts(before, after, names)}

    def _redline_changes(self, before, after, changed, names):
        old_rows, new_rows = nested(before), nested(after)
        found = []
        for key in sorted(changed, key=self._reading_order):
            row, name = split(key)
            field = self._term_field(key)
            if ":" not in key:
                if field is None or field.type not in LONG:
                    found.append(self._change(key, "", field, before.get(key), after.get(key), names))
            elif not name:
                title, model = self._rows_label(key), self._row_model(key)
                if not self._text_field(model):
                    found.append({"label": title, "old": self._row_summary(key, old_rows.get(key), names),
                                  "new": self._row_summary(key, new_rows.get(key), names)})
            elif before.get(row) and field is not None and name not in self._told_in_texts(row):
                title = self._row_title(row, new_rows.get(row) or old_rows.get(row) or {}, names)
                found.append(self._change(key, title, field, before.get(key), after.get(key), names))
        return found

    def _change(self, key, title, field, old, new, names):
        return {"label": self._term_label(key, title), "old": self._term_text(field, old, names),
                "new": self._term_text(field, new, names)}

    def _row_summary(self, key, values, names):
        """A whole row in one line: its values in the order of the paper; "" where there is no such row."""
        if not values:
            return ""
        model = self._row_model(key)
        texts = (self._term_text(model._fields.get(name), values.get(name), names)
                 for name in model._paper_fields if name not in HIDDEN and values.get(name))
        return " · ".join(filter(None, texts))

    def _reading_order(self, key):
        """Scalars first, by section of the paper; then the rows of one kind together."""
        if ":" in key:
            return (1, key.split(":")[0], key)
        group = self._paper_groups().get(key, "desk")
        return (0, ORDER.index(group) if group in ORDER else len(ORDER), key)

    def _told_in_texts(self, row):
        """The fields of a row that its text shows, or its place."""
        text = self._text_field(self._row_model(row))
        return {*HIDDEN, "title", text} if text else HIDDEN

    # --- long texts ----------------------------------------------------------------------------------------------

    def _text_field(self, model):
        """The paper field that holds the text of a clause; None for other rows: their texts are terms like others."""
        if getattr(model, "_paper_group", None) != "clauses":
            return None
        return next((name for name in model._paper_fields if model._fields[name].type in LONG), None)

    def _redline_texts(self, before, after, names):
        found = []
        for key, of in self._paper_groups().items():
            field = self._fields[key]
            if field.type in LONG and of in ORDER and (before.get(key) or after.get(key)):
                texts = [self._term_text(field, terms.get(key), names) for terms in (before, after)]
                found.append(redlined(self._term_label(key), *texts))
        old_rows, new_rows = nested(before), nested(after)
        for prefix, name in self._paper_rows().items():
            text_field = self._text_field(self[name])
            if text_field:
                found += self._redline_rows(prefix, text_field, old_rows, new_rows)
        return found

    def _redline_rows(self, prefix, text_field, old_rows, new_rows):
        """Every text in the order of the new paper; what was removed stands where it stood."""
        keys = [key for key in {**new_rows, **old_rows} if key.startswith(f"{prefix}:")]

        def place(key):
            return ((new_rows.get(key) or old_rows[key]).get("sequence") or 0, key)

        keys.sort(key=place)
        old_titles, new_titles = (_titles({key: rows[key] for key in keys if key in rows}, text_field)
                                  for rows in (old_rows, new_rows))
        found = []
        for key in keys:
            old, new = old_rows.get(key), new_rows.get(key)
            old_text, new_text = ((row or {}).get(text_field) or "" for row in (old, new))
            title = new_titles.get(key) or old_titles.get(key) or self._rows_label(key)
            row = redlined(title, old_text, new_text, bool(old), bool(new))
            if old and new and (old.get("title") or "") != (new.get("title") or ""):
                row["title_runs"] = runs(old_titles[key], new_titles[key])
                row["status"] = "changed"
            found.append(row)
        return found

    # --- states of the paper -------------------------------------------------------------------------------------

    def _terms_of_version(self, version):
        """(flat terms, names) of the paper as ``version`` made it, when it was recorded."""
        known = self.version_ids.filtered(
            lambda one: one.number <= version.number
            and (one == version or not one.cancelled_at or one.cancelled_at > version.recorded_at))
        plain = [engine.Version(one.number, one.effective, one.recorded, one.changes) for one in known._engine()]
        names = {}
        for one in known.sorted("number"):
            names.update(one.names or {})
        return dict(engine.as_of(plain, version.effective_on).terms), names

    def _terms_amended(self):
        """(flat terms before, after, names) of this amendment on its day: what it changes, on today's paper."""
        contract = self.amends_id
        versions = contract.version_ids.filtered(lambda one: one.amendment_id != self)
        before = dict(engine.as_of(versions._engine(), self.effective_on).terms)
        changes = self._amendment_changes()
        names = {}
        for version in versions.sorted("number"):
            names.update(version.names or {})
        names.update(self._names_of(changes))
        return before, {**before, **changes}, names

    def _terms_of_library(self):
        """(flat terms with the library's text in each clause, flat terms, names): where the clauses deviate."""
        after = self._version_terms()
        before = dict(after)
        for prefix, name in self._paper_rows().items():
            for row in self[name] if "version_id" in self[name]._fields else ():
                text_field, library = self._text_field(row), row.version_id
                key = f"{prefix}:{row.row_key}"
                if library and text_field:
                    before.update({f"{key}:{text_field}": library.text, f"{key}:title": library.title})
                else:
                    before[key] = None
        return before, after, self._names_of(after)


class _Clause:
    """A clause as ``contract_clause.numbered`` reads it."""

    def __init__(self, values, text_field):
        self.level, self.text = values.get("level"), values.get(text_field)
        self.title = values.get("title") or values.get("name") or ""


def _titles(rows, text_field):
    """{key: "3.1 Liability"} of the rows of one paper, in their order."""
    clauses = {key: _Clause(values, text_field) for key, values in rows.items()}
    numbers = numbered(clauses.values())
    return {key: f"{numbers[clause]} {clause.title}".strip() for key, clause in clauses.items()}


def redlined(title, old, new, was=True, stays=True):
    """One text: {"title", "status", "runs"}; ``was``, ``stays``: whether it stood and stands on the paper at all."""
    if was and stays:
        status = "same" if old == new else "changed"
    else:
        status = "added" if stays else "removed"
    return {"title": title, "status": status, "runs": [] if status == "same" else runs(old, new)}


def runs(old, new):
    """[(op, text)] of the word-level redline. Texts follow one another as they are; a line feed ends a paragraph."""
    marked = (f" {PARAGRAPH} ".join((text or "").splitlines()) for text in (old, new))
    found, last = [], {DELETE: "", INSERT: ""}  # the word before, in the old and in the new text
    for op, words in redline(*marked):
        text, side = "", DELETE if op == DELETE else INSERT
        for word in words:
            before = last[side]
            text += "\n" if word == PARAGRAPH else joined((before, word))[len(before):] if before else word
            for one in (DELETE, INSERT) if op == KEEP else (side,):
                last[one] = "" if word == PARAGRAPH else word
        found.append((op, text))
    return found
