"""How penalty clauses read on paper: in the contract's document, and word by word in a redline."""

from dataclasses import replace

from odoo import models

from ...report.agreement_values import ClauseText
from ..versions.contract_redline import redlined
from ..versions.version_terms import nested

PREFIX = "penalty"
NUMBER = "P%s"  # paragraphs are P1.1, P1.2, unlike those of the terms and conditions


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _document_facts(self, words):
        facts = super()._document_facts(words)
        return replace(facts, penalties=self.with_env(words.env)._drawn_penalties(words))

    def _drawn_penalties(self, words):
        """The penalty clauses with what they say, numbered in their order."""
        rows = self.penalty_clause_ids.sorted(lambda row: (row.sequence, row.id))
        return tuple(
            ClauseText(NUMBER % number, f"{row.clause_id.name} ({row.clause_id._reference()})",
                       "\n".join(row.clause_id._in_words(self, words)))
            for number, row in enumerate(rows, 1))

    # --- redline -----------------------------------------------------------------------------------------------------

    def _redline_texts(self, before, after, names):
        """Beside the clauses' names, which are terms like others: what they say, word by word."""
        old_rows, new_rows = nested(before), nested(after)
        found = super()._redline_texts(before, after, names)
        for key in {**new_rows, **old_rows}:
            if key.startswith(f"{PREFIX}:"):
                old, new = (self._penalty_of(rows.get(key)) for rows in (old_rows, new_rows))
                found.append(redlined((new or old).display_name or self._rows_label(key), *(
                    "\n".join(clause._in_words()) if clause else "" for clause in (old, new)), bool(old), bool(new)))
        return found

    def _penalty_of(self, values):
        """The clause that the terms of a row name; whoever may read the contract may read what it says."""
        return self.env["aftersales.penalty.clause"].sudo().browse((values or {}).get("clause_id") or []).exists()
