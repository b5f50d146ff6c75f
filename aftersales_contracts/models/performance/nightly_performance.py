"""Nightly: judge providers and dealers, close the periods that are over, and propose plans for the weak."""

from odoo import api, models
from odoo.tools import LazyTranslate

from ..common.nightly import NightlyStep

_lt = LazyTranslate(__name__)
SCORECARDS = NightlyStep(
    145, "scorecards", _lt("Scorecards of providers"), "aftersales.contract", "_scorecard_domain",
    "_nightly_scorecards")


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), SCORECARDS]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _nightly_scorecards(self, today):
        """[(contract, sentence)] of what was closed and proposed; open periods are counted silently."""
        closed, _changed = self.env["aftersales.scorecard"]._bring_up_to_date(self, today)
        plans = self.env["aftersales.improvement.plan"]._propose(closed)
        grades = dict(self.env["aftersales.scorecard"]._fields["grade"]._description_selection(self.env))
        told = [(card.contract_id, self.env._(
            "scorecard of %(period)s: %(total)s", period=card.period_text,
            total=f"{card.total_text} {grades.get(card.grade, '')}".strip())) for card in closed]
        return told + [(plan.contract_id, self.env._("improvement plan %s proposed", plan.name)) for plan in plans]
