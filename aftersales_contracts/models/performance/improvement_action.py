"""Action of an improvement plan: what somebody does by a day."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .improvement_plan import OPEN_TERMS


class ImprovementAction(models.Model):
    _name = "aftersales.improvement.action"
    _description = "Improvement Action"
    _inherit = ["aftersales.guarded", "aftersales.handled"]
    _order = "plan_id, sequence, date_due, id"
    _guarded = {"done_on": False, "done_by_id": False, "outcome": False}

    plan_id = fields.Many2one("aftersales.improvement.plan", required=True, index=True, ondelete="cascade")
    contract_id = fields.Many2one(related="plan_id.contract_id", store=True, index=True)
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    plan_stage = fields.Selection(related="plan_id.stage", string="Stage", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="What Is Done", required=True)
    side = fields.Selection(
        [("theirs", "The Provider or Dealer"), ("ours", "Us")], string="Done by", required=True, default="theirs")
    user_id = fields.Many2one(
        "res.users", string="Owner", required=True, default=lambda self: self.env.user, index=True,
        domain=[("share", "=", False)], help="Does it, or sees to it that they do.")
    date_due = fields.Date(string="Due", required=True, index=True)
    done_on = fields.Date(string="Done", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", string="Reported by", readonly=True, copy=False)
    outcome = fields.Char(readonly=True, copy=False, help="What came of it.")

    @api.constrains("date_due", "plan_id")
    def _check_due(self):
        for action in self:
            if action.date_due > action.plan_id.date_check:
                raise ValidationError(self.env._(
                    "Action \"%(action)s\" is due on %(due)s, after plan %(plan)s is checked on %(check)s.",
                    action=action.name, due=action.date_due, plan=action.plan_id.display_name,
                    check=action.plan_id.date_check))

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._check_plan()
        return actions

    def write(self, vals):
        if set(vals) - {"sequence"}:
            self._check_plan()
            for action in self.filtered("done_on"):
                raise UserError(self.env._("Action \"%s\" is done and stays as it was.", action.name))
        if "plan_id" in vals:
            self.env["aftersales.improvement.plan"].browse(vals["plan_id"])._check_takes_actions()
        return super().write(vals)

    def _check_plan(self):
        self.plan_id._check_takes_actions()

    def _refuse_deletion(self):
        for action in self:
            if action.done_on or action.plan_id.stage not in OPEN_TERMS:
                raise UserError(self.env._("Action \"%s\" belongs to a plan that is under way.", action.name))

    def action_done(self, outcome=None):
        """Report it done. Its owner, or who may change the plan."""
        self._check_may_handle()
        for action in self:
            if action.plan_id.stage != "do":
                raise UserError(self.env._(
                    "Action \"%(action)s\": plan %(plan)s is not under way.", action=action.name,
                    plan=action.plan_id.display_name))
            if action.done_on:
                raise UserError(self.env._("Action \"%s\" is done already.", action.name))
            # The owner may report without the right to change the plan; that was checked above.
            action.sudo()._write_guarded({
                "done_on": action._today(), "done_by_id": self.env.uid, "outcome": (outcome or "").strip() or False})
        self.env["aftersales.reminder"]._settled("improvement_action", self)


class ImprovementPlan(models.Model):
    _inherit = "aftersales.improvement.plan"

    def _check_takes_actions(self):
        for plan in self:
            if plan.stage not in (*OPEN_TERMS, "do"):
                raise UserError(self.env._(
                    "Improvement plan %s takes no actions any more: begin it anew.", plan.display_name))

    @api.constrains("date_check")
    def _check_actions_due(self):
        self.task_ids.filtered(lambda action: not action.done_on)._check_due()
