from odoo import fields, models
from odoo.exceptions import UserError

from ..models.sla.sla_target import IMPACTS, PRIORITIES


class RecordEvent(models.TransientModel):
    """Ask for one service event (what happened, when, and what it changed) and record it on the chosen requests."""

    _name = "aftersales.record.event"
    _description = "Record Service Event"

    request_ids = fields.Many2many(
        "aftersales.request", string="Service Requests", required=True,
        default=lambda self: self._default_requests())
    status_id = fields.Many2one(
        "aftersales.service.status", string="What Happened", required=True,
        help="The status that the request enters; a note leaves it in the status it has.")
    occurred_at = fields.Datetime(
        string="When", required=True, default=lambda self: fields.Datetime.now(),
        help="The clocks count up to this instant, also when you record it later.")
    note = fields.Char(help="Why, or what was agreed: shown in the timeline.")
    impact = fields.Selection(IMPACTS, string="New Impact", help="Empty: unchanged.")
    priority = fields.Selection(PRIORITIES, string="New Priority", help="Empty: unchanged.")
    tier_id = fields.Many2one("aftersales.support.tier", string="New Support Tier", help="Empty: unchanged.")

    def _default_requests(self):
        context = self.env.context
        return context.get("active_ids") if context.get("active_model") == "aftersales.request" else False

    def action_record(self):
        """Record the event on every request; what `record_event` refuses is shown as it says."""
        self.ensure_one()
        if not self.request_ids:
            raise UserError(self.env._("Choose at least one service request."))
        terms = {
            "impact": self.impact, "priority": self.priority, "tier_id": self.tier_id.id}
        self.request_ids.record_event(
            self.status_id.id, self.occurred_at, self.note, **{name: new for name, new in terms.items() if new})
        return {"type": "ir.actions.act_window_close"}
