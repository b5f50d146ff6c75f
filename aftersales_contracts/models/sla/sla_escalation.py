"""Escalation ladder: what happens when a clock nears, reaches or passes its due instant, and the log of what did."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..service.service_status import METRICS


class SlaEscalation(models.Model):
    _name = "aftersales.sla.escalation"
    _inherit = ["aftersales.terms.source"]
    _description = "SLA Escalation Step"
    _order = "policy_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    policy_id = fields.Many2one("aftersales.sla.policy", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    metric = fields.Selection(METRICS, help="Empty: the clocks of every metric.")
    trigger = fields.Selection(
        [("percent", "Percent of the Target"), ("before", "Minutes before Due"), ("after", "Minutes after Due")],
        required=True, default="percent")
    value = fields.Integer(
        required=True, default=75, aggregator=None,
        help="Percent, or minutes of working time on the clock's own schedule.")
    action = fields.Selection(
        [("activity", "Schedule an Activity"), ("notify", "Notify"),
         ("team", "Reassign to a Team"), ("next_tier", "Escalate to the Next Tier")],
        required=True, default="activity")
    recipient = fields.Selection(
        [("assignee", "Assignee"), ("account_manager", "Account Manager"),
         ("team_leader", "Team Leader"), ("user", "A Named User")],
        default="assignee", required=True)
    user_id = fields.Many2one("res.users", string="Named User")
    team_id = fields.Many2one("aftersales.team")
    note = fields.Text(translate=True)

    _value_not_negative = models.Constraint("CHECK(value >= 0)", "An escalation step's value cannot be negative.")

    @api.constrains("action", "recipient", "team_id", "user_id")
    def _check_addressee(self):
        for step in self:
            if step.action == "team" and not step.team_id:
                raise ValidationError(self.env._("Escalation step %s reassigns to a team: choose the team.", step.name))
            if step.action in ("activity", "notify") and step.recipient == "user" and not step.user_id:
                raise ValidationError(self.env._(
                    "Escalation step %s addresses a named user: choose the user.", step.name))


class SlaEscalationLog(models.Model):
    """A step that fired on a clock: at most once, whatever happens to the scheduled action."""

    _name = "aftersales.sla.escalation.log"
    _description = "SLA Escalation Log"
    _order = "fired_at desc, id desc"
    _rec_name = "escalation_id"
    _log_access = False  # fired_at says when; who is always the scheduled action

    clock_id = fields.Many2one("aftersales.sla.clock", required=True, ondelete="cascade", index=True)
    request_id = fields.Many2one(related="clock_id.request_id")
    company_id = fields.Many2one(related="clock_id.company_id")
    escalation_id = fields.Many2one("aftersales.sla.escalation", required=True, ondelete="restrict")
    due_at = fields.Datetime(string="Step Due", required=True)
    fired_at = fields.Datetime(required=True)
    outcome = fields.Char()

    _once = models.Constraint("UNIQUE(clock_id, escalation_id)", "An escalation step fires once for each clock.")
