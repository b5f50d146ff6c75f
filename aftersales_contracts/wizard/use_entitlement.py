"""Use an entitlement for a request: how much, on which day; and before it happens, which cover pays and why."""

from odoo import api, fields, models

from ..models.plans.promise_terms import QUOTA_UNITS


class UseEntitlement(models.TransientModel):
    _name = "aftersales.entitlement.use"
    _description = "Use Entitlement"

    request_id = fields.Many2one("aftersales.request", required=True)
    unit = fields.Selection(QUOTA_UNITS, string="What Is Used", required=True, default="visit")
    entitlement_id = fields.Many2one(
        "aftersales.entitlement", string="Which Quota",
        domain="[('unit', '=', unit), ('partner_id.commercial_partner_id', 'parent_of', partner_id)]",
        help="Empty: the one that the rule chooses.")
    partner_id = fields.Many2one(related="request_id.partner_id")
    quantity = fields.Float(digits=(16, 2), required=True, default=1)
    day = fields.Date(required=True, default=fields.Date.context_today, help="The day of the service.")
    note = fields.Char()
    payer_text = fields.Char(string="Who Pays", compute="_compute_choice")
    reason = fields.Char(string="Why", compute="_compute_choice")
    steps = fields.Json(compute="_compute_choice")
    left_text = fields.Char(string="Left", compute="_compute_choice")
    outcome = fields.Selection(
        [("ok", "Can Be Used"), ("free", "Free of Charge"), ("short", "Not Enough"), ("used", "Used Already"),
         ("none", "No Cover")], compute="_compute_choice")
    excess_reason = fields.Text(string="Reason of the Excess")

    @api.depends("request_id", "unit", "quantity", "day", "entitlement_id")
    @api.depends_context("lang")
    def _compute_choice(self):
        for wizard in self:
            request, unit, day = wizard.request_id._origin, wizard.unit, wizard.day
            choices = request._choose_covers(
                unit, day, quota=wizard.entitlement_id._origin) if request and unit and day else {}
            choice = choices.get(request)
            quota = choice and choice.entitlement.sudo()  # what the reader of the request may know of its cover
            wizard.payer_text = choice and choice.payer and (quota or choice.payer.sudo()).display_name
            wizard.reason, wizard.steps = choice and choice.reason, choice and choice.steps
            wizard.left_text = quota and quota.left_text
            wizard.outcome = wizard._outcome(request, choice, quota)

    def _outcome(self, request, choice, quota):
        chosen = self.entitlement_id._origin
        if request and self.unit and request._used(self.unit, chosen):
            return "used"
        if not choice or not choice.payer:
            has_quota = choice and request._choose_covers(
                self.unit, self.day, excess=True, quota=chosen)[request].entitlement
            return "short" if has_quota else "none"
        if not quota:
            return "free"
        return "ok" if quota.available >= self.quantity else "short"

    def action_use(self):
        """Use it; what `use_entitlement` refuses is shown as it says."""
        self.ensure_one()
        self.request_id.use_entitlement(self.unit, self.quantity, self.day, self.note, self.entitlement_id.id)
        return {"type": "ir.actions.act_window_close"}

    def action_ask_excess(self):
        """Ask for more than is left, and open what was asked for."""
        self.ensure_one()
        excess_id = self.request_id.ask_excess(
            self.unit, self.quantity, self.excess_reason, self.day, self.entitlement_id.id)
        return {"type": "ir.actions.act_window", "res_model": "aftersales.entitlement.excess", "res_id": excess_id,
                "view_mode": "form"}
