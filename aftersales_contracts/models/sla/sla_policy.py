"""SLA policy: which promises a contract makes, on which calendar, and what a service event does to their clocks."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..service.service_status import EFFECTS, METRICS


class SlaPolicy(models.Model):
    _name = "aftersales.sla.policy"
    _description = "SLA Policy"
    _inherit = ["aftersales.terms.source", "mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company,
        help="Empty: every company may use this policy, and only an administrator may change it.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Schedule",
        required=True,
        default=lambda self: self.env.company.resource_calendar_id,
        tracking=True,
        help="Clocks count the working time of this schedule unless the country or the contract names another.",
    )
    country_calendar_ids = fields.One2many("aftersales.sla.policy.calendar", "policy_id", copy=True)
    target_ids = fields.One2many("aftersales.sla.target", "policy_id", string="SLA Targets", copy=True)
    status_rule_ids = fields.One2many("aftersales.sla.status.rule", "policy_id", string="Status Rules", copy=True)
    escalation_ids = fields.One2many("aftersales.sla.escalation", "policy_id", string="Escalation Ladder", copy=True)
    contract_ids = fields.One2many("aftersales.contract", "policy_id", string="Contracts")
    contract_count = fields.Integer(compute="_compute_contract_count")
    on_cancel = fields.Selection(
        [("keep_verdict", "Keep a verdict already reached"), ("cancel", "Cancel every clock of the request")],
        string="When a Request is Cancelled",
        required=True,
        default="keep_verdict",
        help="A clock that was met or breached before the cancellation keeps its verdict, or loses it.",
    )
    priority_basis = fields.Selection(
        [("mid_flight", "Supersede open clocks only"), ("last", "Judge every clock by the last values")],
        string="When Priority Changes",
        required=True,
        default="mid_flight",
        help="A changed impact, priority, tier or type gives open clocks a new target from the same start. "
        "Clocks already decided keep theirs, unless every clock is judged by the last values.",
    )
    note = fields.Html(translate=True)

    @api.depends("contract_ids")
    def _compute_contract_count(self):
        counts = dict(self.env["aftersales.contract"]._read_group(
            [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]))
        for policy in self:
            policy.contract_count = counts.get(policy, 0)

    @api.constrains("calendar_id", "country_calendar_ids")
    def _check_calendars(self):
        for policy in self:
            (policy.calendar_id | policy.country_calendar_ids.calendar_id)._check_clockable(policy)

    def _calendar_for(self, country, contract_calendar=None):
        """The schedule of a request: its country's, else the contract's, else the policy's own."""
        self.ensure_one()
        by_country = self.country_calendar_ids.filtered(lambda line: line.country_id == country) if country else None
        return (by_country and by_country[:1].calendar_id) or contract_calendar or self.calendar_id

    def _terms_policies(self):
        return self

    def action_view_contracts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_contract")
        return {**action, "domain": [("policy_id", "=", self.id)], "context": {"default_policy_id": self.id}}


class SlaPolicyCalendar(models.Model):
    """The working schedule that one country's requests are measured on."""

    _name = "aftersales.sla.policy.calendar"
    _description = "SLA Policy Schedule of a Country"
    _order = "country_id, id"

    policy_id = fields.Many2one("aftersales.sla.policy", required=True, ondelete="cascade", index=True)
    country_id = fields.Many2one("res.country", required=True)
    calendar_id = fields.Many2one("resource.calendar", string="Working Schedule", required=True)

    _country_uniq = models.Constraint(
        "UNIQUE(policy_id, country_id)", "A policy names one working schedule for each country.")


class SlaStatusRule(models.Model):
    """Overrides what a status does to the clocks of one metric under one policy."""

    _name = "aftersales.sla.status.rule"
    _inherit = ["aftersales.terms.source"]
    _description = "SLA Status Rule"
    _order = "metric, status_id, id"

    policy_id = fields.Many2one("aftersales.sla.policy", required=True, ondelete="cascade", index=True)
    metric = fields.Selection(METRICS, required=True, default="resolution")
    status_id = fields.Many2one("aftersales.service.status", required=True, ondelete="restrict")
    effect = fields.Selection(EFFECTS, required=True, default="pause")

    _status_uniq = models.Constraint(
        "UNIQUE(policy_id, metric, status_id)", "A policy has one rule for each metric and status.")


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _check_clockable(self, policy):
        """Raise ValidationError naming the policy and the schedule that no clock can run on."""
        for calendar in self:
            try:
                calendar._refuse_unclockable()
            except Exception as error:
                raise ValidationError(self.env._(
                    "SLA policy %(policy)s: %(reason)s", policy=policy.display_name, reason=error)) from error
