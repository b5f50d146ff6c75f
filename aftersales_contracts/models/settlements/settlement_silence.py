"""By night: settlements whose dealers have not answered in time count as accepted, where their rule says so."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..common.nightly import NightlyStep
from .settlement_answer import ANSWERABLE

_lt = LazyTranslate(__name__)
SILENCE = NightlyStep(
    156, "settlement_silence", _lt("Accept settlements that nobody answered"), "aftersales.settlement", "_silent_due",
    "_work_silent")


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    @api.model
    def _silent_due(self, today):
        """Domain of what may be due; the day is that of each contract."""
        day = (today or fields.Date.context_today(self)) + timedelta(days=1)
        return (Domain("state", "in", ANSWERABLE) & Domain("answer_until", "<", day)
                & Domain("rule_id.silence_accepts", "=", True) & Domain("line_ids.state", "=", "open"))

    def _work_silent(self, today):
        """[(settlement, sentence)] of those that silence accepted."""
        due = self.filtered(lambda one: one._silent_too_long() and one.open_line_count)
        due._accept_by_silence()
        return [(one, one.accept_note) for one in due]


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), SILENCE]
