"""Nightly billing: everything that is due, missed periods included, each once."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_amount

from ..common.nightly import NightlyStep
from ..obligations.today import TodayTile

_lt = LazyTranslate(__name__)
BLOCKED = "billing_blocked"


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            130, "billing", _lt("Bill contracts"), "aftersales.contract", "_nightly_bill_domain", "_nightly_bill")]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _nightly_bill_domain(self, today):
        """What may be due; a superset by the day that zones may differ."""
        return self._billing_domain(today or fields.Date.today() + timedelta(days=1))

    def _nightly_bill(self, today):
        """Bill what is due. Contracts with a gap are reported by name, and the others go on."""
        due = self.filtered(lambda one: one.next_bill_on and one.next_bill_on <= (today or one._local_today()))
        moves, plan = due._with_companions(today)._bill(today)
        self._report_blocked(plan)
        return [(contract, plan.blocked.get(contract) or contract._billed_in_words(plan.items[contract]))
                for contract in plan.days]

    def _report_blocked(self, plan):
        """Keep what blocks a contract as a problem, until it is billed."""
        Problem = self.env["aftersales.nightly.problem"]
        step = NightlyStep(130, BLOCKED, self.env._("Bill contracts"), "aftersales.contract", "", "")
        for contract, sentence in plan.blocked.items():
            Problem._report(step, contract, sentence)
        Problem._solved(BLOCKED, self.browse([contract.id for contract in plan.items]))

    def _billed_in_words(self, items):
        amount = sum(float(item.amount) for item in items)
        return self.env._("billed: %(count)s items, %(amount)s", count=len(items),
                          amount=format_amount(self.env, amount, self.currency_id))


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _today_sections(self, people):
        found, _ = super()._today_sections(people), self.env._
        found["finance"].append(TodayTile(
            "billing_blocked", _("Contracts not billed"), "danger", "aftersales.nightly.problem",
            Domain("step", "in", ("billing", BLOCKED)), "action_nightly_problem", _("Something is in the way"),
            "fa-exclamation-triangle"))
        return found
