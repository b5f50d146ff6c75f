"""The course of an improvement plan: plan, do, check, act, and round again where it did not help."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Date

from .improvement_plan import LIVE_STAGES


class ImprovementPlan(models.Model):
    _inherit = "aftersales.improvement.plan"

    def action_adopt(self):
        """Somebody takes the proposal up: it is planned from now on."""
        self._check_may_decide()
        for plan in self:
            plan._check_stage("proposed")
            plan._write_guarded({"stage": "plan"})
            if not plan.user_id:
                plan.user_id = self.env.user

    def action_start(self):
        """Begin: there are actions, each with an owner and a day."""
        self._check_may_decide()
        for plan in self:
            plan._check_stage("plan")
            waiting = plan.task_ids.filtered(lambda action: not action.done_on)
            if not waiting:
                raise UserError(self.env._("Improvement plan %s has no action to be done.", plan.display_name))
            if not plan.user_id:
                raise UserError(self.env._("Improvement plan %s has no owner.", plan.display_name))
            plan._write_guarded({"stage": "do"})

    def action_check(self):
        """All actions are done: now the scorecards have to show it."""
        self._check_may_handle()
        for plan in self:
            plan._check_stage("do")
            waiting = plan.task_ids.filtered(lambda action: not action.done_on)
            if waiting:
                raise UserError(self.env._(
                    "Improvement plan %(plan)s: \"%(action)s\" is still to be done.", plan=plan.display_name,
                    action=waiting[0].name))
            # The owner may report without the right to change the plan; that was checked above.
            plan.sudo()._write_guarded({"stage": "check"})

    def action_evaluate(self):
        """Judge it by the newest closed scorecard of a later period."""
        self._check_may_decide()
        for plan in self:
            plan._check_stage("check")
            result = plan.next_ids[:1]
            if not result:
                raise UserError(self.env._(
                    "Improvement plan %s: no scorecard of a later period is closed yet.", plan.display_name))
            plan._write_guarded({
                "stage": "act", "result_id": result.id, "result_total": result.total,
                "reached": result.total >= plan.target_total})

    def action_repeat(self, reason=None):
        """It did not help enough: plan again, for another round, with what was learned."""
        self._check_may_decide()
        reason = self._check_reason(reason)
        for plan in self:
            plan._check_stage("act", "check")
            plan._write_guarded({"stage": "plan", "cycle": plan.cycle + 1, "conclusion": reason, "result_id": False,
                                 "result_total": 0.0, "reached": False})
            plan._log_reason(self.env._("Begun anew"), reason)

    def action_close(self, conclusion=None):
        """Close it with what was learned. It takes evidence; where the score was not reached, so does the reader."""
        self._check_may_decide()
        conclusion = self._check_reason(conclusion)
        for plan in self:
            plan._check_stage("act")
            if not plan.evidence_ids:
                raise UserError(self.env._(
                    "Improvement plan %s: add the evidence of what was done first.", plan.display_name))
            plan._end("closed", conclusion)

    def action_drop(self, reason=None):
        """Not followed up, for a reason."""
        self._check_may_decide()
        reason = self._check_reason(reason)
        for plan in self:
            plan._check_stage(*LIVE_STAGES)
            plan._end("dropped", reason)

    def _end(self, stage, conclusion):
        self._write_guarded({
            "stage": stage, "conclusion": conclusion, "closed_on": self._today(), "closed_by_id": self.env.uid})
        self.flush_recordset()  # before the next plan of the contract, which the index would refuse beside this one
        self.env["aftersales.reminder"]._settled("improvement", self)

    def _log_reason(self, what, reason):
        self._message_log(body=f"{what}: {reason}")

    def _check_may_decide(self):
        """Who may change plans decides on them; their owner only reports."""
        self.check_access("read")
        self.check_access("write")

    def _check_stage(self, *stages):
        if self.stage not in stages:
            labels = dict(self._fields["stage"]._description_selection(self.env))
            raise UserError(self.env._(
                "Improvement plan %(name)s is at the stage \"%(is)s\"; that takes \"%(needed)s\".",
                **{"name": self.display_name, "is": labels[self.stage], "needed": labels[stages[0]]}))

    # --- proposals ---------------------------------------------------------------------------------------------------

    @api.model
    def _propose(self, scorecards):
        """Propose plans for those closed ``scorecards`` whose template asks for one and whose contract has none alive.
        The newest of a contract decides: who has become good meanwhile needs none. Returns the plans made."""
        newest = {card.contract_id: card for card in scorecards.filtered("grade").sorted("period_start")}
        weak = [card for card in newest.values() if card._is_weak()]
        if not weak:
            return self.browse()
        alive = self.sudo()._read_group(
            [("contract_id", "in", [card.contract_id.id for card in weak]), ("stage", "in", LIVE_STAGES)],
            ["contract_id"])
        busy = {contract for [contract] in alive}
        rows = [card._plan_values() for card in weak if card.contract_id not in busy]
        plans = self.create(rows)
        plans._write_guarded({"stage": "proposed"})
        return plans


class Scorecard(models.Model):
    _inherit = "aftersales.scorecard"

    def _is_weak(self):
        """Whether its template asks for an improvement plan."""
        self.ensure_one()
        worst = self.template_id.sudo().plan_grade
        return bool(worst and self.grade and self.grade >= worst)

    def _plan_values(self):
        """Values of the plan proposed for this scorecard: one grade better, to be checked after two more periods."""
        self.ensure_one()
        template, contract = self.template_id.sudo(), self.contract_id
        better = {"d": template.grade_c, "c": template.grade_b, "b": template.grade_a}.get(self.grade, 100.0)
        length = (self.period_end - self.period_start).days + 1
        day = self.period_end + timedelta(days=2 * length + self.company_id.statement_close_days + 1)
        return {
            "title": self.env._("Better than %(grade)s: %(partner)s", grade=self.grade.upper(),
                                partner=self.partner_id.name),
            "contract_id": contract.id, "scorecard_id": self.id, "user_id": contract.user_id.id,
            "target_total": better, "date_check": max(day, Date.context_today(self))}

    def action_make_plan(self):
        """Open the improvement plan of this closed scorecard; make it where there is none."""
        self.ensure_one()
        Plan = self.env["aftersales.improvement.plan"]
        Plan.check_access("create")
        plan = Plan.search([("contract_id", "=", self.contract_id.id), ("stage", "in", LIVE_STAGES)], limit=1)
        if not plan:
            if self.state != "closed" or not self.grade:
                raise UserError(self.env._("A plan comes of a closed scorecard with a score; %s is none.",
                                           self.display_name))
            plan = Plan.create(self._plan_values())
        return {"type": "ir.actions.act_window", "res_model": Plan._name, "res_id": plan.id, "views": [(False, "form")]}
