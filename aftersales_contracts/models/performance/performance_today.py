"""What falls due of improvement plans, and the tiles of the day: plans proposed, feedback to answer."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..obligations.due import DueSource
from ..obligations.today import TodayTile

# Two kinds: a reminder is known by the kind and the id of its record.
KINDS = [("improvement", "Improvement Plan"), ("improvement_action", "Improvement Action")]
GO = {kind: "cascade" for kind, _label in KINDS}


class Due(models.Model):
    _inherit = "aftersales.due"

    kind = fields.Selection(selection_add=KINDS)

    @api.model
    def _sources(self):
        under_way = Domain("stage", "in", ("plan", "do", "check", "act"))
        to_do = Domain("done_on", "=", False) & Domain("plan_stage", "in", ("plan", "do"))
        return [
            *super()._sources(),
            DueSource(80, "improvement", "account", "aftersales.improvement.plan", under_way, "date_check",
                      ("name", "title"), ("user_id",)),
            DueSource(81, "improvement_action", "account", "aftersales.improvement.action", to_do, "date_due",
                      ("name",), ("user_id",)),
        ]


class Reminder(models.Model):
    _inherit = "aftersales.reminder"

    kind = fields.Selection(selection_add=KINDS, ondelete=GO)


class ReminderLadder(models.Model):
    _inherit = "aftersales.reminder.ladder"

    kind = fields.Selection(selection_add=KINDS, ondelete=GO)


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _today_sections(self, people):
        found, _ = super()._today_sections(people), self.env._
        mine = self._of(people, "user_id", "contract_id.user_id")
        pending = Domain("is_negative", "=", True) & Domain("obligation_id.state", "in", ("open", "overdue"))
        found["account"] += [
            TodayTile("negative_feedback", _("Unhappy customers"), "danger", "aftersales.feedback",
                      pending & self._of(people, "contract_id.user_id", "obligation_id.user_id"), "action_feedback",
                      _("Negative feedback that nobody has answered"), "fa-frown-o"),
            TodayTile("improvement_proposed", _("Improvement plans to take up"), "warning",
                      "aftersales.improvement.plan", Domain("stage", "=", "proposed") & mine,
                      "action_improvement_plan", _("A provider's scorecard is weak"), "fa-line-chart"),
            self._due_tile("improvement_due", _("Improvements due"), "warning", tuple(GO), people,
                           _("An action to be done, or a plan to be checked"), "fa-tasks"),
        ]
        return found
