"""What an owner, or the dealer, sees of a machine's warranty in the portal, as plain values for its pages.

What suppliers guarantee to us and what recoveries come to is not told: it stands between us and them.
"""

from odoo import models
from odoo.tools import formatLang

from ...engine.warranty_facts import Item
from ...engine.warranty_terms import ITEM_KINDS
from ...engine.warranty_verdict import CUSTOMER
from .warranty_case import WarrantyCase

INNER = ("supplier", "goodwill")  # kinds of covers that stand between us and others


class Asset(models.Model):
    _inherit = "aftersales.asset"

    def _owners_covers(self):
        """The covers that the owner is told of, the first one first; with raised rights."""
        return self.env["aftersales.warranty.cover"].sudo().search([
            ("asset_id", "in", self.ids), ("kind", "not in", INNER)], order="first_day, id")

    def _portal_untils(self):
        """{asset id: the last day of its last cover}; one query for all."""
        rows = self.env["aftersales.warranty.cover"].sudo()._read_group(
            [("asset_id", "in", self.ids), ("kind", "not in", INNER), ("state", "in", ("running", "waiting"))],
            ["asset_id"], ["last_day:max"])
        return {asset.id: last for asset, last in rows}

    def _portal_coverage(self, day=None):
        """What is covered of a failure on ``day`` (None: today) whose cause and parts are not known yet.

        {covered, sentence, rows: [{kind, covered, tone, payer, reason, until}], quotas, warnings}; texts in the
        language of the context, until a date or False.
        """
        self.ensure_one()
        day = day or self._asset_today()
        items = tuple(Item(kind, kind) for kind in ITEM_KINDS)
        verdict = self.env["aftersales.asset"].sudo()._verdicts([WarrantyCase(self.sudo(), day, "", items)])[0]
        rows = [self._portal_coverage_row(item) for item in verdict.items]
        return {
            "covered": verdict.covered, "sentence": self._coverage_sentence(verdict, rows),
            "rows": rows, "quotas": self._portal_quotas(verdict), "warnings": []}

    def _coverage_sentence(self, verdict, rows):
        if not verdict.covered:
            return self.env._("Nothing pays for a failure on this day: the repair would be yours to pay.")
        if all(row["tone"] == "success" for row in rows):
            return self.env._("Covered: parts, labour and travel are paid.")
        return self.env._("Covered in part: see what is paid.")

    def _portal_coverage_row(self, item):
        labels = self._kind_labels()
        payers = [share for share in item.shares if share.payer != CUSTOMER]
        cover = self._cover_record(payers[0].cover) if payers else None
        until = cover and f"{item.kind}_until" in cover._fields and cover.sudo()[f"{item.kind}_until"]
        tone = "success" if item.percent == 100 else "warning" if item.covered else "secondary"
        return {
            "kind": labels[item.kind], "tone": tone, "until": until or False,
            "covered": self._percent_text(item.percent) if item.covered else self.env._("no"),
            "payer": self._payer_text(payers[0]) if payers else self.env._("you"),
            "reason": self._verdict_reason(item)}

    def _kind_labels(self):
        _ = self.env._
        return {"parts": _("Parts"), "labour": _("Labour"), "travel": _("Travel")}

    def _percent_text(self, percent):
        text = formatLang(self.env, float(percent), digits=2 if percent % 1 else 0)
        return self.env._("%s%%", text)

    def _payer_text(self, share):
        _ = self.env._
        kinds = {"warranty": _("Warranty"), "extended": _("Extended warranty"), "contract": _("Your contract"),
                 "recall": _("Recall"), "supplier": _("The maker of the part"), "goodwill": _("Goodwill")}
        return kinds.get(share.kind, share.payer)

    def _verdict_reason(self, item):
        """Why, in the reader's language."""
        return self._phrase(self._machine_names(item.reason))

    def _portal_quotas(self, verdict):
        """What is left of contracts' quotas, a text each."""
        told = []
        for balance in verdict.balances:
            if balance.quota_left is not None:
                left = balance.quota_left + (balance.quota_used or 0)  # nothing was used by looking
                told.append(self.env._("%(left)s of %(cover)s", left=formatLang(self.env, float(left), digits=2),
                                       cover=self._cover_title(balance.cover)))
        return told

    def _cover_title(self, key):
        cover = self._cover_record(key)
        return cover.sudo().display_name if cover else key

    def _portal_covers(self):
        """[{title, number, state, first, last, sentences}] of the covers that the owner is told of."""
        states = dict(self.env["aftersales.warranty.cover"]._fields["state"]._description_selection(self.env))
        return [
            {"title": cover.policy_id.name, "number": cover.name, "state": states[cover.state],
             "first": cover.first_day, "last": cover.last_day, "sentences": cover._benefit_sentences()}
            for cover in self._owners_covers()]

    def _portal_owners(self, company):
        """[{day, name}], newest first: who the other owners were is not told."""
        return [
            {"day": row.day, "name": row.partner_id.display_name
             if row.partner_id.commercial_partner_id == company else self.env._("Another owner")}
            for row in self.sudo().owner_ids.sorted(lambda row: (row.day, row.id), reverse=True)]
