"""The buttons of a request: the usual statuses at one click, everything else through the wizard."""

from odoo import models


class Request(models.Model):
    _inherit = "aftersales.request"

    def action_start_work(self):
        self.record_event("in_progress")

    def action_assign_to_me(self):
        self.check_access("write")
        self.write({"user_id": self.env.uid})

    def action_close_request(self):
        self.record_event("closed")

    def action_record_event(self):
        """Ask for the instant, the note and changed terms; ``aftersales_status`` in the context names the status."""
        self.check_access("write")
        code = self.env.context.get("aftersales_status")
        status = self._status(code) if code else self.env["aftersales.service.status"]
        return {
            "type": "ir.actions.act_window",
            "name": status.name or self.env._("Record Event"),
            "res_model": "aftersales.record.event",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_ids": self.ids, "default_status_id": status.id},
        }

    def action_view_events(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_request_event")
        return {**action, "domain": [("request_id", "=", self.id)], "context": {}}

    def action_view_clocks(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_sla_clock")
        return {**action, "domain": [("request_id", "=", self.id)], "context": {}}
