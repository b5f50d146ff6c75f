"""The life of a recall: drafted, released by another person, closed; and what keeps a draft from its release."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

RELEASERS = "aftersales_contracts.group_legal,aftersales_contracts.group_administrator"


class Recall(models.Model):
    _inherit = "aftersales.recall"

    def action_release(self):
        """Put drafts in force: legal or an administrator, who neither opened nor last changed them."""
        self._check_releaser()
        for recall in self:
            if recall.state != "draft":
                raise UserError(self.env._("%s is not a draft.", recall.display_name))
            gaps = recall._release_gaps()
            if gaps:
                raise UserError(self.env._(
                    "%(recall)s is not released: %(gaps)s.", recall=recall.display_name, gaps="; ".join(gaps)))
            if not self.env.su and self.env.user in recall.create_uid | recall.edited_by_id:
                raise AccessError(self.env._(
                    "%s: whoever wrote a recall does not release it. Ask somebody else.", recall.display_name))
        self._write_guarded({
            "state": "released", "released_by_id": self.env.uid, "released_on": fields.Date.context_today(self)})
        self._find_machines()

    def action_close(self):
        """End them: failures after today are not theirs any more, unless they ended before. Claims go on."""
        self._check_releaser()
        for recall in self:
            if recall.state != "released":
                raise UserError(self.env._("%s is not released.", recall.display_name))
        self._write_guarded({"state": "closed", "closed_on": fields.Date.context_today(self)})

    def _check_releaser(self):
        if not (self.env.su or self.env.user.has_groups(RELEASERS)):
            raise AccessError(self.env._("Only legal or an administrator releases and closes recalls."))
        self.check_access("write")

    def _release_gaps(self):
        """Phrases on what is missing in this draft."""
        self.ensure_one()
        _, gaps = self.env._, []
        if not (self.product_ids or self.categ_ids or self.range_ids or self._batch_names()):
            gaps.append(_("it is for every machine: name products, categories, serial numbers or batches"))
        if not (self.reason or "").strip():
            gaps.append(_("the defect is not described"))
        if not (self.remedy or "").strip():
            gaps.append(_("the remedy is not described"))
        if self.kind == "recall" and not (self.authority_ref or "").strip():
            gaps.append(_("the authority's reference is missing"))
        return gaps
