"""Carrying out escalation steps: activities, notices, a new team, the next tier. One create for a batch."""

from odoo import fields, models


class SlaEscalationLog(models.Model):
    _inherit = "aftersales.sla.escalation.log"

    def _carry_out(self):
        """Carry out each logged step; a step without anybody to address says so in its outcome."""
        for action in ("activity", "notify", "team", "next_tier"):
            logs = self.filtered(lambda log, action=action: log.escalation_id.action == action)
            if logs:
                getattr(logs, f"_do_{action}")()

    def _addressee(self):
        """The active user whom a step addresses: as the ladder says, else the account manager, else nobody."""
        self.ensure_one()
        request, step = self.request_id, self.escalation_id
        chosen = {
            "assignee": request.user_id,
            "account_manager": request.contract_id.user_id,
            "team_leader": request.team_id.leader_id,
            "user": step.user_id,
        }[step.recipient]
        users = chosen | request.contract_id.user_id
        return users.filtered("active")[:1]

    def _do_activity(self):
        kind = self.env.ref("aftersales_contracts.activity_escalation")
        model = self.env["ir.model"]._get_id("aftersales.request")
        planned = []
        for log in self:
            user = log._addressee()
            log.outcome = user.name or self.env._("nobody to address")
            if user:
                planned.append({
                    "res_model_id": model, "res_id": log.request_id.id, "activity_type_id": kind.id,
                    "user_id": user.id, "summary": log._subject(), "note": log.escalation_id.note,
                    "date_deadline": fields.Date.context_today(log.with_context(tz=user.tz)), "automated": True})
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(planned)

    def _do_notify(self):
        for log in self:
            user = log._addressee()
            log.outcome = user.name or self.env._("nobody to address")
            if user:
                log.request_id.message_notify(
                    partner_ids=user.partner_id.ids, subject=log._subject(),
                    body=log.escalation_id.note or log._subject())

    def _do_team(self):
        for log in self:
            team = log.escalation_id.team_id
            log.outcome = team.name
            log.request_id.write({"team_id": team.id, "user_id": team.leader_id.id or log.request_id.user_id.id})

    def _do_next_tier(self):
        for log in self:
            request = log.request_id
            tier = request.tier_id._next() if request.tier_id else self.env["aftersales.support.tier"]
            log.outcome = tier.display_name or self.env._("no next tier")
            if tier:
                request.write({"tier_id": tier.id})

    def _subject(self):
        return self.env._(
            "%(step)s: %(clock)s", step=self.escalation_id.name, clock=self.clock_id.display_name)
