from odoo import fields, models

from .sla_clock import STATES, _instant


class ClockChange(models.Model):
    """A change that somebody may ask about: a verdict that new facts turned, a due instant that changed terms moved."""

    _name = "aftersales.sla.clock.change"
    _description = "SLA Clock Change"
    _order = "changed_at desc, id desc"
    _rec_name = "clock_id"
    _log_access = False

    clock_id = fields.Many2one("aftersales.sla.clock", required=True, ondelete="cascade", index=True)
    request_id = fields.Many2one(related="clock_id.request_id", store=True)
    company_id = fields.Many2one(related="clock_id.company_id", store=True)
    changed_at = fields.Datetime(required=True)
    cause = fields.Selection([("facts", "New Facts"), ("terms", "Changed Terms")], required=True)
    old_state = fields.Selection(STATES)
    new_state = fields.Selection(STATES)
    old_due_at = fields.Datetime(string="Due before")
    new_due_at = fields.Datetime(string="Due after")

    def _log(self, logged, now):
        """``logged``: (clock id, by terms?, old values, new values) as the evaluation compares them."""
        if logged:
            self.sudo().create([  # a log that the user did not ask for
                {"clock_id": clock_id, "changed_at": _instant(now), "cause": "terms" if by_terms else "facts",
                 "old_state": old[4], "new_state": new[4],
                 "old_due_at": old[7] and _instant(old[7]), "new_due_at": new[7] and _instant(new[7])}
                for clock_id, by_terms, old, new in logged])
