"""Today's tiles of finance about closing: what a month waits for, and drift."""

from odoo import api, models
from odoo.fields import Domain

from ..obligations.today import TodayTile


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _today_sections(self, people):
        _, sections = self.env._, super()._today_sections(people)
        sections["finance"] += [
            TodayTile("month", _("To decide before the month is closed"), "warning", "aftersales.period.item",
                      Domain("undecided", "=", True), "action_period_item", _("Disputes, reviews, missing figures"),
                      "fa-calendar-check-o"),
            TodayTile("drift", _("Drift in closed periods"), "danger", "aftersales.drift", Domain("state", "=", "open"),
                      "action_drift", _("Figures are not what their facts give"), "fa-random"),
        ]
        return sections
