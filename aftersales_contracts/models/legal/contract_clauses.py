"""What clauses mean for their contract: which are missing, which lack a value, and what stands in the document."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...report.agreement_values import ClauseText
from .clause_placeholders import as_written


class Contract(models.Model):
    _inherit = "aftersales.contract"

    clause_ids = fields.One2many("aftersales.contract.clause", "contract_id", string="Clauses", copy=True)
    missing_clause_text = fields.Char(string="Missing Clauses", compute="_compute_missing_clause_text")
    placeholder_help = fields.Json(compute="_compute_placeholder_help")

    @api.model
    def _paper_rows(self):
        return {**super()._paper_rows(), "clause": "clause_ids"}

    @api.depends("clause_ids.clause_id", "contract_type_id", "company_id")
    def _compute_missing_clause_text(self):
        for contract in self:
            contract.missing_clause_text = ", ".join(contract._missing_clauses().mapped("name"))

    @api.depends("clause_ids")
    def _compute_placeholder_help(self):
        """[[name as written, what it stands for, its value here], ...], for the form."""
        labels = self._placeholder_labels()
        for contract in self:
            values = contract._filling() if contract.id else {}
            contract.placeholder_help = [
                [as_written(name), label, values.get(name) or ""] for name, label in labels.items()]

    def _library_day(self):
        """The day whose library a draft is compared with."""
        return self._local_today() if self else fields.Date.context_today(self)

    def _missing_clauses(self):
        """Library clauses that contracts of this type must hold and this one does not."""
        self.ensure_one()
        if not self.contract_type_id:
            return self.env["aftersales.clause"]
        needed = self.env["aftersales.clause"].search(
            self.env["aftersales.clause"]._available(self.company_id)
            & Domain("mandatory_type_ids", "in", self.contract_type_id.ids))
        return needed - self.clause_ids.clause_id

    # --- what is missing -----------------------------------------------------------------------------------------

    def _activation_gaps(self):
        gaps = super()._activation_gaps()
        if self.contract_type_id.needs_clauses:
            gaps += [self.env._("the mandatory clause %s", clause.name) for clause in self._missing_clauses()]
            if not self.clause_ids:
                gaps.append(self.env._("its clauses"))
        self.clause_ids.invalidate_recordset(["missing_values"])  # a value may have changed since the form showed it
        gaps += [
            self.env._("a value for %(names)s in clause %(clause)s", names=row.missing_values, clause=row.display_name)
            for row in self.clause_ids if row.missing_values]
        return gaps

    def _draft_warnings(self):
        warnings = super()._draft_warnings()
        missing = self._missing_clauses()
        if missing:
            warnings.append(self.env._("Mandatory clauses are missing: %s.", ", ".join(missing.mapped("name"))))
        for row, notes in self.clause_ids._library_notes().items():
            warnings += [
                self.env._("Clause %(clause)s: %(note)s.", clause=row.display_name, note=note) for note in notes]
        return warnings

    # --- inserting -----------------------------------------------------------------------------------------------

    def action_insert_mandatory_clauses(self):
        """Add the clauses that the type demands, in the document's language or the nearest one, which is told."""
        added = self.env["aftersales.contract.clause"]
        added.check_access("create")
        for contract in self:
            contract.check_access("read")
            added |= contract._insert_clauses(contract._missing_clauses())
        if not added:
            raise UserError(self.env._("No mandatory clause is missing."))
        return self._tell_inserted(added)

    def _insert_clauses(self, clauses, rung="preferred"):
        """Rows made from library clauses, with the rights of the current user. Clauses without a text are refused."""
        self.ensure_one()
        lang, day = self._document_lang(), self._library_day()
        last = max(self.clause_ids.mapped("sequence"), default=0)
        rows = []
        for position, clause in enumerate(clauses.sorted(lambda one: (one.sequence, one.code)), 1):
            version = clause._pick_version(lang, day, rung)
            if not version:
                raise UserError(self.env._(
                    "Clause %s has no approved text in the library. Approve one first.", clause.display_name))
            rows.append({"contract_id": self.id, "version_id": version.id, "sequence": last + 10 * position})
        return self.env["aftersales.contract.clause"].create(rows)

    def _tell_inserted(self, rows):
        foreign = rows.filtered(lambda row: row.version_id.lang != row.contract_id._document_lang())
        told = self.env._("Inserted: %s.", ", ".join(rows.mapped("title")))
        if foreign:
            told += " " + self.env._(
                "The library has no text in the language of the document for %(clauses)s: inserted in %(langs)s.",
                clauses=", ".join(foreign.mapped("title")),
                langs=", ".join(sorted(set(foreign.version_id.mapped("lang")))))
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {"message": told, "type": "warning" if foreign else "success", "sticky": bool(foreign),
                       "next": {"type": "ir.actions.act_window_close"}}}

    # --- the document --------------------------------------------------------------------------------------------

    def _clause_texts(self):
        """The clauses as the document prints them: [ClauseText(number, heading, text)], filled, in their order.

        Raises UserError naming clause and placeholder where a value is missing.
        """
        self.ensure_one()
        rows = self.clause_ids.sorted(lambda row: (row.sequence, row.id))
        return [ClauseText(row.number, row.title, row._filled_text()) for row in rows]

    def _check_move(self, action):
        super()._check_move(action)
        if action == "submit":
            # A value that was typed into a text in full may have changed since: what goes to review is compared anew.
            self.clause_ids.sudo()._refresh_deviation()
