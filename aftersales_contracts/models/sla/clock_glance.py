"""What a clock shows at a glance: its mood, its bar on the request's form, and the logs of what happened to it."""

from odoo import fields, models


class SlaClock(models.Model):
    _inherit = "aftersales.sla.clock"

    change_ids = fields.One2many("aftersales.sla.clock.change", "clock_id", string="Changes")
    escalation_log_ids = fields.One2many("aftersales.sla.escalation.log", "clock_id", string="Escalations")

    def _mood(self):
        """How a clock looks: late, risk, run, paused, met, excused or off. A late clock is late before the next run."""
        self.ensure_one()
        if self.state == "running":
            late = self.due_at and self.due_at < fields.Datetime.now()
            return "late" if late else "risk" if self.at_risk else "run"
        if self.state == "breached":
            return "excused" if self.excused else "late"
        return {"paused": "paused", "met": "met"}.get(self.state, "off")

    def _bar(self):
        """One bar: what the clock shows now, in words and figures; instants are UTC strings or False."""
        self.ensure_one()
        mood, labels = self._mood(), dict(self._fields["metric"]._description_selection(self.env))
        text = self.calendar_id._format_working_time
        return {
            "id": self.id,
            "metric": self.metric,
            "label": labels[self.metric],
            "target": self.target_id.display_name,
            "objective": text(self.duration_seconds),
            "mood": mood,
            "verdict": self._verdict_in_words(mood),
            "reading": self._figure_in_words(mood, text),
            "counted": text(self.elapsed_now),
            "percent": round(min(self.progress, 999), 1),
            "warning": self.target_id.warning_percent,
            "current": self.is_current,
            "counting": bool(self.counted_at),
            "due_at": fields.Datetime.to_string(self.due_at),
            "stopped_at": fields.Datetime.to_string(self.stopped_at),
            "schedule": self.calendar_id.name,
        }

    def _verdict_in_words(self, mood):
        return {
            "late": self.env._("Breached"), "risk": self.env._("At risk"), "run": self.env._("On track"),
            "paused": self.env._("Paused"), "met": self.env._("Met"), "excused": self.env._("Excused"),
            "off": dict(self._fields["state"]._description_selection(self.env))[self.state]}[mood]

    def _figure_in_words(self, mood, text):
        """The figure beside the verdict; ``text`` turns seconds of working time into words."""
        if mood == "off":
            return ""
        if mood == "met":
            return self.env._("after %s", text(self.elapsed))
        late = self.elapsed_now - self.duration_seconds
        return self.env._("%s late", text(late)) if late > 0 else self.env._("%s left", text(-late))

    def action_propose_excuse(self):
        """Open a new excuse of this breach; whoever may decide on it is somebody else."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose Excuse"),
            "res_model": "aftersales.sla.excuse",
            "view_mode": "form",
            "context": {"default_clock_id": self.id},
        }
