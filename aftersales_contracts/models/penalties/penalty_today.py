"""Today: penalties that wait for somebody."""

from odoo import api, models
from odoo.fields import Domain

from ..obligations.today import TodayTile


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _today_sections(self, people):
        found, _ = super()._today_sections(people), self.env._
        mine, model = self._of(people, "contract_id.user_id"), "aftersales.penalty"
        draft, reviewed = Domain("state", "=", "draft"), Domain("state", "=", "reviewed")
        others = Domain("reviewed_by_id", "!=", self.env.uid)
        asked = Domain("waiver_state", "=", "asked") & Domain("waiver_asked_by_id", "!=", self.env.uid)
        disputed = Domain("state", "=", "disputed")
        review = _("Somebody else approves them then")
        waivers = TodayTile("penalty_waivers", _("Waivers to decide"), "warning", model, asked, "action_penalty",
                            _("Penalties that are to be let go"), "fa-hand-paper-o")
        disputes = TodayTile("penalty_disputes", _("Disputed penalties"), "warning", model, disputed, "action_penalty",
                             _("Not posted until the dispute is settled"), "fa-comments-o")
        found["account"] += [
            TodayTile("penalties_review", _("Penalties to review"), "info", model, draft & mine,
                      "action_penalty", review, "fa-search"),
            disputes._replace(domain=disputed & mine)]
        found["finance"] += [
            TodayTile("penalties_review", _("Penalties to review"), "info", model, draft, "action_penalty", review,
                      "fa-search"),
            TodayTile("penalties_approve", _("Penalties to approve"), "warning", model, reviewed & others,
                      "action_penalty", _("Reviewed by somebody else"), "fa-check-square-o"),
            waivers, disputes]
        found["legal"] += [waivers, disputes]
        return found
