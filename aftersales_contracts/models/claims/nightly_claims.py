"""Nightly: remind of part returns that are overdue and of claims that wait too long in a step."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..common.nightly import NightlyStep
from .claim_returns import OUTSTANDING
from .claim_step import ENDED

_lt = LazyTranslate(__name__)
REMINDERS = NightlyStep(
    119, "claims", _lt("Remind of claims that wait"), "aftersales.warranty.claim", "_nightly_claims_domain",
    "_nightly_claims")


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), REMINDERS]


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    reminded_on = fields.Date(readonly=True, copy=False, help="The step was reminded of on this day.")

    @api.model
    def _nightly_claims_domain(self, today):
        """Claims in a step for longer than it takes, or with an overdue return, not reminded of in this step yet."""
        today, found = today or fields.Date.today(), Domain.FALSE
        for step in self.env["aftersales.claim.step"].search([("days", ">", 0)]):
            late = fields.Datetime.to_datetime(today - timedelta(days=step.days))
            found |= Domain("state", "=", step.code) & Domain("entered_at", "<", late)
        missed = Domain("state", "not in", ("cancelled",)) & Domain("line_ids", "any", (
            Domain("return_state", "in", OUTSTANDING) & Domain("return_until", "<", today)))
        return (found | missed) & Domain("reminded_on", "=", False)

    def _nightly_claims(self, today):
        """Ask the owner of each claim to act; once for each step. Returns [(claim, sentence)]."""
        today, told = today or fields.Date.today(), []
        for claim in self:
            what = claim._waiting_for(today)
            owner = claim.owner_id or claim.contract_id.user_id or claim.company_id.aftersales_fallback_user_id
            if owner:
                claim.activity_schedule(
                    "aftersales_contracts.activity_claim_reminder", user_id=owner.id, summary=what, date_deadline=today)
            claim._write_guarded({"reminded_on": today})
            told.append((claim, what))
        return told

    def _waiting_for(self, today):
        late = self.line_ids.filtered(lambda line: (
            line.return_state in OUTSTANDING and line.return_until and line.return_until < today))
        if late:
            return self.env._("Part return overdue: %s", ", ".join(late.mapped("name")))
        return self.env._(
            "In %(step)s since %(day)s", step=self._state_label(), day=fields.Date.to_date(self.entered_at))

    def _entered(self, state):
        """A new step, a new reminder."""
        super()._entered(state)
        self.filtered("reminded_on")._write_guarded({"reminded_on": False})
        if state in ENDED:
            self.activity_unlink(["aftersales_contracts.activity_claim_reminder"])
