"""SLA target: one promise, as in "resolution of high-impact requests within 8 working hours, 95 % of the time"."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..service.service_status import METRICS

IMPACTS = [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("major", "Major")]
PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Critical")]
NAMED_BY = ("metric", "impact", "priority", "tier_id", "type_id")


class SlaTarget(models.Model):
    _name = "aftersales.sla.target"
    _inherit = ["aftersales.terms.source"]
    _description = "SLA Target"
    _order = "policy_id, metric, sequence, id"

    name = fields.Char(compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    policy_id = fields.Many2one("aftersales.sla.policy", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    metric = fields.Selection(METRICS, required=True, default="resolution")
    impact = fields.Selection(IMPACTS, help="Empty: any impact.")
    priority = fields.Selection(PRIORITIES, help="Empty: any priority.")
    tier_id = fields.Many2one("aftersales.support.tier", string="Support Tier", help="Empty: any tier.")
    type_id = fields.Many2one("aftersales.request.type", string="Request Type", help="Empty: any type.")
    duration_minutes = fields.Integer(
        string="Minutes", required=True, default=480, help="Minutes of working time on the request's schedule.")
    duration = fields.Float(
        string="Within", compute="_compute_duration", inverse="_inverse_duration",
        help="Hours and minutes of working time.")
    objective = fields.Float(
        string="Objective (%)", digits=(5, 2), default=95.0,
        help="The share of clocks due in a period that must be met.")
    warning_percent = fields.Integer(
        string="At Risk (%)", default=75, help="A clock is at risk from this share of its target on.")
    pausable = fields.Boolean(
        compute="_compute_pausable", store=True, readonly=False, precompute=True,
        help="Waiting for the customer or a third party stops this clock.")
    on_reopen = fields.Selection(
        [("resume", "Goes on"), ("new_cycle", "Starts a new cycle"), ("final", "Stays as it was")],
        string="When Reopened", required=True,
        compute="_compute_on_reopen", store=True, readonly=False, precompute=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True)

    _duration_positive = models.Constraint("CHECK(duration_minutes > 0)", "An SLA target needs more than 0 minutes.")
    _objective_percent = models.Constraint(
        "CHECK(objective >= 0 AND objective <= 100)", "The objective of an SLA target lies between 0 and 100 %.")
    _warning_percent = models.Constraint(
        "CHECK(warning_percent > 0 AND warning_percent <= 100)", "The warning threshold lies between 1 and 100 %.")

    @api.depends(*NAMED_BY)
    def _compute_name(self):
        for target in self:
            target.name = target._named("en_US")

    @api.depends("name", *NAMED_BY)
    @api.depends_context("lang")
    def _compute_display_name(self):
        for target in self:
            target.display_name = target._name_in_words()

    def _name_in_words(self):
        """The name in the language of the context: one that nobody wrote by hand is told anew."""
        self.ensure_one()
        lang = self.env.lang or "en_US"
        return self._named(lang) if lang != "en_US" and self.name == self._named("en_US") else self.name

    def _named(self, lang):
        """The name that metric and criteria make in ``lang``."""
        target = self.with_context(lang=lang)
        words = [dict(self._fields[name]._description_selection(target.env))[target[name]]
                 for name in ("metric", "impact", "priority") if target[name]]
        return " · ".join(words + [record.display_name for record in (target.tier_id, target.type_id) if record])

    @api.depends("duration_minutes")
    def _compute_duration(self):
        for target in self:
            target.duration = target.duration_minutes / 60

    def _inverse_duration(self):
        for target in self:
            target.duration_minutes = round(target.duration * 60)

    @api.depends("metric")
    def _compute_pausable(self):
        for target in self:
            target.pausable = target.metric in ("on_site", "resolution")

    @api.depends("metric")
    def _compute_on_reopen(self):
        defaults = {"first_response": "final", "on_site": "final", "periodic_update": "new_cycle"}
        for target in self:
            target.on_reopen = defaults.get(target.metric, "resume")

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        used = self.env["aftersales.sla.clock"].sudo().search([("target_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(self.env._(
                "SLA target %(name)s has clocks that were measured by it. Archive it instead.",
                name=used.target_id.display_name))
