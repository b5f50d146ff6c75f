"""Deviation: how far a clause lies from the library, by normalised text and word diff, and what legal has to look at.

A clause is compared with every text in use of its library clause in the document's language, and with the one it began
with: a newer version in the library makes no deviation. A text that legal has withdrawn counts no more in a draft; a
contract that is agreed keeps it.
"""

from odoo import api, fields, models

from ...engine import clause_text
from ...engine.approval import DEVIATIONS
from ...engine.redline import DELETE, INSERT, KEEP
from .clause_placeholders import filled

LEVELS = [
    ("none", "None"), ("acceptable", "Acceptable"), ("last_resort", "Last Resort"), ("deviating", "Deviating")]
RUNG_LEVELS = {"preferred": "none", "acceptable": "acceptable", "last_resort": "last_resort"}
OPEN_STATES = ("draft", "review")


class ContractClause(models.Model):
    _inherit = "aftersales.contract.clause"

    deviation = fields.Selection(
        LEVELS, compute="_compute_deviation", store=True, index=True,
        help="None: a preferred text of the library. Acceptable, last resort: another of its texts. Deviating: none of "
        "them; legal looks at it.")
    nearest_id = fields.Many2one(
        "aftersales.clause.version", string="Nearest Library Text", compute="_compute_redline")
    redline = fields.Json(
        string="Changes", compute="_compute_redline", help="From the nearest library text: [[operation, words], ...]")
    library_note = fields.Char(string="Library", compute="_compute_library_note")

    @api.depends("text", "clause_id", "version_id", "contract_id.lang")
    def _compute_deviation(self):
        for row, (found, _variants, _text) in self._compare().items():
            row.deviation = "deviating" if found.deviates else RUNG_LEVELS[found.variant.rung]

    @api.depends("text", "clause_id", "version_id", "contract_id.lang")
    def _compute_redline(self):
        for row, (found, variants, text) in self._compare().items():
            row.nearest_id = variants[found.variant.key] if found.variant else False
            row.redline = segments(found.redline, found.variant.text, text) if found.redline else []

    @api.depends("version_id", "version_id.state", "clause_id", "contract_id.lang")
    def _compute_library_note(self):
        notes = self._library_notes()
        for row in self:
            row.library_note = "; ".join(notes.get(row, ())) or False

    def _compare(self):
        """{row: (engine Deviation, {key of a Variant: version}, text)}, texts filled by the values of the contract."""
        compared, current = {}, {}
        for contract, rows in self.grouped("contract_id").items():
            day = contract._library_day()
            if day not in current:
                current[day] = self.clause_id.sudo()._current_versions(day)
            values = contract._filling() if contract else {}
            for row in rows:
                versions = {version.display_name: version for version in row._variants(current[day])}
                texts = [clause_text.Variant(key, version.rung, filled(version.text, values)[0])
                         for key, version in versions.items()]
                text = filled(row.text or "", values)[0]
                compared[row] = clause_text.deviates(text, texts), versions, text
        return compared

    def _variants(self, current):
        """The library texts that this clause may equal, among ``current`` and the one it began with."""
        used = self.version_id.sudo()
        langs = {self.contract_id._document_lang(), used.lang}
        found = current.filtered(lambda version: version.clause_id == self.clause_id.sudo() and version.lang in langs)
        if used and not (used.state == "withdrawn" and self.contract_id.state in OPEN_STATES):
            found |= used
        return found.filtered(lambda version: version.state != "draft")

    def _library_notes(self):
        """{clause of a draft: what somebody should know about its library text, a list of sentences}."""
        found, current = {}, {}
        for row in self.filtered(lambda one: one.version_id and one.contract_id.state in OPEN_STATES):
            day = row.contract_id._library_day()
            if day not in current:
                current[day] = self.clause_id.sudo()._current_versions(day)
            found[row] = row._notes_on(current[day])
        return found

    def _notes_on(self, current):
        notes, used, lang = [], self.version_id.sudo(), self.contract_id._document_lang()
        if used.state == "withdrawn":
            notes.append(self.env._("the library text was withdrawn on %s: choose another", used.withdrawn_on))
        else:
            newer = current.filtered(lambda version: (version.clause_id, version.lang, version.rung) == (
                used.clause_id, used.lang, used.rung)) - used
            if newer:
                notes.append(self.env._("the library has a newer text: %s", newer[0].display_name))
        if used.lang != lang:
            notes.append(self.env._(
                "the library has no text in %(wanted)s: this one is in %(found)s", wanted=lang, found=used.lang))
        return notes

    def _refresh_deviation(self):
        """Compare with the library of now: it, or a value of the contract, has changed."""
        self.env.add_to_compute(self._fields["deviation"], self)
        self.env.add_to_compute(self.contract_id._fields["clause_deviation"], self.contract_id)
        self.invalidate_recordset(["redline", "nearest_id", "library_note"])
        self._recompute_recordset(["deviation"])


class Clause(models.Model):
    _inherit = "aftersales.clause"

    def _refresh_drafts(self):
        """The library has changed: compare the clauses of drafts with it anew. What is agreed stays as it is."""
        rows = self.env["aftersales.contract.clause"].sudo().search([  # drafts of every company follow a shared library
            ("clause_id", "in", self.ids), ("contract_id.state", "in", OPEN_STATES)])
        rows._refresh_deviation()


class Contract(models.Model):
    _inherit = "aftersales.contract"

    clause_deviation = fields.Selection(
        LEVELS, string="Deviation of Clauses", compute="_compute_clause_deviation", store=True, index=True,
        help="The farthest of its clauses.")

    @api.depends("clause_ids.deviation")
    def _compute_clause_deviation(self):
        for contract in self:
            levels = [row.deviation or "none" for row in contract.clause_ids]
            contract.clause_deviation = max(levels, key=DEVIATIONS.index, default="none")

    def _clause_deviation(self):
        self.ensure_one()
        return max((row.deviation for row in self.clause_ids), key=DEVIATIONS.index, default="none")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_without_verdict(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_without_verdict(vals))


def _without_verdict(vals):
    """``vals`` without the deviation, which is found out and never told by a remote call."""
    return {name: value for name, value in vals.items() if name != "clause_deviation"}


def segments(changes, old, new):
    """[[operation, text], ...] of the engine's Changes from ``old`` to ``new``, spaced as those texts are."""
    texts = {DELETE: _Reader(old), INSERT: _Reader(new)}
    found = []
    for change in changes:
        if change.op == KEEP:
            texts[DELETE].take(change.words)
        found.append([change.op, texts[DELETE if change.op == DELETE else INSERT].take(change.words)])
    return found


class _Reader:
    """Takes words off the front of a text, with the spaces before them."""

    def __init__(self, text):
        self.text, self.position = clause_text.normalise(text), 0

    def take(self, words):
        start = self.position
        for word in words:
            self.position = self.text.index(word, self.position) + len(word)
        return self.text[start:self.position]
