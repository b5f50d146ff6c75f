"""How the share rule of a dealer reads on paper: in the contract's document, and word by word in a redline."""

from dataclasses import replace

from odoo import models

from ...report.agreement_values import ClauseText
from ..versions.contract_redline import redlined
from ..versions.version_terms import nested
from .share_versions import PREFIX

NUMBER = "S%s"  # paragraphs are S1.1, S1.2, unlike those of the terms and conditions


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _document_facts(self, words):
        facts = super()._document_facts(words)
        return replace(facts, shares=self.with_env(words.env)._drawn_shares(words))

    def _drawn_shares(self, words):
        """The share rule with what it says; whoever may read the contract may read it."""
        return tuple(
            ClauseText(NUMBER % number, f"{rule.name} ({rule._reference()})", "\n".join(rule._in_words(words)))
            for number, rule in enumerate(self.share_ids.sorted("id").rule_id.sudo(), 1))

    # --- redline -----------------------------------------------------------------------------------------------------

    def _redline_texts(self, before, after, names):
        """Beside the rules' names, which are terms like others: what they say, word by word."""
        old_rows, new_rows = nested(before), nested(after)
        found = super()._redline_texts(before, after, names)
        for key in {**new_rows, **old_rows}:
            if key.startswith(PREFIX):
                old, new = (self._share_of(rows.get(key)) for rows in (old_rows, new_rows))
                found.append(redlined((new or old).display_name or self._rows_label(key), *(
                    "\n".join(rule._in_words()) if rule else "" for rule in (old, new)), bool(old), bool(new)))
        return found

    def _share_of(self, values):
        """The rule that the terms of a row name; whoever may read the contract may read what it says."""
        return self.env["aftersales.share.rule"].sudo().browse((values or {}).get("rule_id") or []).exists()
