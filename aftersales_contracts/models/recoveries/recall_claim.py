"""Campaign claims: one for each machine of a recall, with its work, paid in full even after all warranties ended."""

from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .recall_notice import KEEPERS

AT_ONCE = 500


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    recall_id = fields.Many2one(
        "aftersales.recall", index="btree_not_null", check_company=True, ondelete="restrict", tracking=True,
        help="The recall or campaign that it is made under.")

    def action_view_recall(self):
        """The recall that the claim is made under."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "aftersales.recall", "res_id": self.recall_id.id,
                "name": self.recall_id.display_name, "views": [(False, "form")]}

    def _entered(self, state):
        """A claim that is closed has mended the machine; one that is refused or cancelled leaves it to be mended."""
        result = super()._entered(state)
        if state in ("closed", "refused", "cancelled"):
            rows = self.env["aftersales.recall.asset"].sudo().search([  # whoever ends the claim
                ("claim_id", "in", self.filtered("recall_id").ids), ("response", "!=", "done")])
            if state == "closed":
                rows._answer("done")
            else:
                rows._write_guarded({"claim_id": False})
        return result


class Recall(models.Model):
    _inherit = "aftersales.recall"

    def action_make_claims(self):
        """Claims for the machines that have none, at most 500 at once; returns the action that shows them."""
        self.env["aftersales.recall.asset"]._check_may_claim()
        self.check_access("read")
        rows = self.env["aftersales.recall.asset"].search([
            ("recall_id", "in", self.ids), ("claim_id", "=", False), ("excluded", "=", False),
            ("response", "not in", ("done", "declined"))], limit=AT_ONCE)
        if not rows:
            raise UserError(self.env._("No machine of these recalls waits for a claim."))
        return rows.action_make_claims()

    def action_view_claims(self):
        """The claims under these recalls."""
        self.check_access("read")
        return _claims_action(self.env["aftersales.warranty.claim"].search([("recall_id", "in", self.ids)]))


class RecallAsset(models.Model):
    _inherit = "aftersales.recall.asset"

    def action_make_claims(self):
        """A claim for each of these machines, with the recall's work; the failure day is today, or its last day."""
        self._check_may_claim()
        self.check_access("read")
        claims, problems = self.env["aftersales.warranty.claim"], []
        for row in self:
            try:
                with self.env.cr.savepoint():
                    claims += row._make_claim()
            except UserError as error:  # ValidationError too: the other machines get their claims
                problems.append((row, f"{row.display_name}: {error}"))
        if problems and not claims:
            raise UserError("\n".join(sentence for _row, sentence in problems))
        for recall, rows in _by_recall(problems).items():
            recall.message_post(body=self.env._("No claim was made for:\n%s", "\n".join(rows)))
        return _claims_action(claims)

    def _check_may_claim(self):
        if not (self.env.su or self.env.user.has_groups(KEEPERS)):
            raise AccessError(self.env._("Only an account manager, legal or an administrator makes campaign claims."))

    def action_open_claim(self):
        """The claim of this machine."""
        self.check_access("read")
        return _claims_action(self.claim_id)

    def _make_claim(self):
        self.ensure_one()
        recall, today = self.recall_id, fields.Date.context_today(self)
        if recall.state == "draft":
            raise UserError(self.env._("%s: the recall is not released.", self.display_name))
        if self.excluded or self.claim_id or self.response == "done":
            raise UserError(self.env._("%s does not wait for a claim.", self.display_name))
        if today < recall.start_on:
            raise UserError(self.env._(
                "%(recall)s begins on %(day)s.", recall=recall.display_name, day=recall.start_on))
        claim = self.env["aftersales.warranty.claim"]._intake({
            "asset_id": self.asset_id.id, "failure_on": min(filter(None, (today, recall._last_day()))),
            "reported_on": today, "symptom": recall.reason, "diagnosis": recall.remedy,
            "cause_id": recall.cause_ids[:1].id, "dealer_id": self.dealer_id.id,
            "lines": [line._claim_values() for line in recall.line_ids]}, "recall")
        claim.recall_id = recall
        row = self.sudo()  # rows of recalls are the system's to write
        row._write_guarded({"claim_id": claim.id})
        if row.response in ("none", "unreachable"):
            row._answer("booked", self.env._("Claim %s", claim.name))
        return claim


def _by_recall(problems):
    found = defaultdict(list)
    for row, sentence in problems:
        found[row.recall_id].append(sentence)
    return found


def _claims_action(claims):
    action = {"type": "ir.actions.act_window", "res_model": "aftersales.warranty.claim",
              "name": claims.env._("Campaign Claims")}
    if len(claims) == 1:
        return {**action, "res_id": claims.id, "views": [(False, "form")]}
    return {**action, "views": [(False, "list"), (False, "form")], "domain": [("id", "in", claims.ids)]}
