"""Negative feedback is answered: it makes an obligation of ours, due after so many working hours, and somebody is told.

The hours are the company's; they count on the working schedule of the contract, else of the company.
"""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_feedback_hours = fields.Float(
        string="Answer Negative Feedback within (Hours)", default=8.0,
        help="Working hours; 0: nobody is told, and no obligation is made.")
    aftersales_ask_feedback = fields.Boolean(
        string="Ask Customers for Feedback", help="Each customer is asked by e-mail, once, when a request is done.")

    _aftersales_feedback_hours = models.Constraint(
        "CHECK(COALESCE(aftersales_feedback_hours, 0) >= 0)", "Hours to answer feedback are not negative.")


class Feedback(models.Model):
    _inherit = "aftersales.feedback"

    @api.model
    def _with_reactions(self, vals_list):
        """Who gives feedback, a customer among them, has no right to give us duties: they are the system's to make."""
        found = [dict(vals) for vals in super()._with_reactions(vals_list)]
        due = []
        for vals in found:
            feedback = self.sudo().new(vals)
            if feedback.is_negative and feedback.company_id.aftersales_feedback_hours > 0:
                vals["answer_by"], day = feedback._answer_due()
                due.append((vals, feedback._duty(day)))
        made = self.env["aftersales.obligation"].sudo().create([duty for _vals, duty in due])
        for (vals, _duty), obligation in zip(due, made, strict=True):
            vals["obligation_id"] = obligation.id
        self.env["aftersales.responsible"].sudo()._activities("aftersales_contracts.activity_feedback", [
            (obligation, obligation.user_id, obligation.date_due, obligation.name) for obligation in made])
        return found

    def _answer_due(self):
        """(naive UTC instant, day in the zone of the contract) by which somebody must have reacted."""
        self.ensure_one()
        contract, company = self.contract_id, self.company_id
        calendar = self.request_id.calendar_id or contract.calendar_id or company.resource_calendar_id
        hours = timedelta(hours=company.aftersales_feedback_hours)
        given = self.given_at.replace(tzinfo=UTC)
        due = calendar and not calendar.flexible_hours and calendar._work_calendar().due(given, hours)
        due = due or given + hours
        zone = contract._zone() if contract else calendar.tz or "UTC"
        return due.astimezone(UTC).replace(tzinfo=None), due.astimezone(ZoneInfo(zone)).date()

    def _duty(self, day):
        """Values of the obligation."""
        request, contract = self.request_id, self.contract_id
        responsible = contract.user_id or request.user_id or request.company_id.aftersales_fallback_user_id
        return {
            "name": self.env._("Answer the feedback on %s", request.display_name),
            "type_id": self.env.ref("aftersales_contracts.obligation_type_feedback").id, "direction": "ours",
            "contract_id": contract.id, "partner_id": request.partner_id.commercial_partner_id.id,
            "company_id": request.company_id.id, "user_id": responsible.id, "date_due": day, "description": self.text}
