"""What of settlements waits for somebody: in what falls due, and on Today."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..obligations.due import DueSource
from ..obligations.today import TodayTile


class Due(models.Model):
    _inherit = "aftersales.due"

    @api.model
    def _sources(self):
        """The dealer's last day to answer, and ours to answer a dispute."""
        return [
            *super()._sources(),
            DueSource(90, "settlement", "account", "aftersales.settlement", Domain("state", "=", "sent"),
                      "answer_until", ("name", "contract_id.name"), partner="dealer_id"),
            DueSource(91, "settlement_dispute", "finance", "aftersales.dispute.ageing", Domain.TRUE, "answer_on",
                      ("document", "name"), partner="dealer_id"),
        ]


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _today_sections(self, people):
        found = super()._today_sections(people)
        mine = self._of(people, "contract_id.user_id")
        computed, silent, disputes = self._settlement_tiles()
        found["account"] += [self._of_mine(tile, mine) for tile in (computed, silent, disputes)]
        found["finance"] += [computed, *self._finance_settlement_tiles(), silent, disputes]
        found["legal"] += [disputes]
        return found

    @api.model
    def _of_mine(self, tile, mine):
        return tile._replace(domain=tile.domain & mine)

    @api.model
    def _settlement_tiles(self):
        """[to review, not answered in time, disputed] of everybody."""
        _, today, model = self.env._, fields.Date.context_today(self), "aftersales.settlement"
        late = Domain("state", "=", "sent") & Domain("answer_until", "<", today)
        return [
            TodayTile("settlements_review", _("Settlements to review"), "info", model,
                      Domain("state", "=", "computed"), "action_settlement", _("Then they go to the dealers"),
                      "fa-search"),
            TodayTile("settlements_silent", _("Settlements not answered in time"), "warning", model, late,
                      "action_settlement", _("The dealer's last day has passed"), "fa-hourglass-end"),
            TodayTile("settlement_disputes", _("Disputed settlement lines"), "warning", "aftersales.dispute.ageing",
                      Domain.TRUE, "action_dispute_ageing", _("A dealer waits for an answer"), "fa-comments-o"),
        ]

    @api.model
    def _finance_settlement_tiles(self):
        _, model = self.env._, "aftersales.settlement"
        others = Domain("reviewed_by_id", "!=", self.env.uid) & Domain("computed_by_id", "!=", self.env.uid)
        return [
            TodayTile("settlements_approve", _("Settlements to approve"), "warning", model,
                      Domain("state", "=", "accepted") & others, "action_settlement",
                      _("Answered, and reviewed by somebody else"), "fa-check-square-o"),
            TodayTile("settlements_post", _("Settlements to post"), "info", model, Domain("state", "=", "approved"),
                      "action_settlement", _("Bills to the dealers, and charges"), "fa-book"),
        ]
