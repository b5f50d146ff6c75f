"""Nightly settlements: what is over is settled, missed periods included, one dealer contract a transaction."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_amount

from ..common.nightly import BATCH, NightlyStep

_lt = LazyTranslate(__name__)
STEP = NightlyStep(
    155, "settlements", _lt("Settle dealer shares"), "aftersales.contract", "_nightly_settle_domain", "_nightly_settle")
HELD_UP = "settlements_held_up"


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), STEP]

    def _run_step(self, step, today=None, batch=BATCH):
        """Each dealer contract is committed by itself: its settlement may have a million lines."""
        return super()._run_step(step, today, 1 if step.key == STEP.key else batch)

    def _due(self, step, today, within=None):
        """Of the contracts that may be due those whose period is over."""
        found = super()._due(step, today, within)
        if step.key != STEP.key:
            return found
        periods = found._settlement_periods(today)
        return found.filtered(lambda contract: contract in periods)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _nightly_settle_domain(self, _today):
        return self._settled_domain() & Domain("active", "in", (True, False))

    def _nightly_settle(self, today):
        """Settle what is over. A contract with a gap is reported by name, and the others go on."""
        Problem, told = self.env["aftersales.nightly.problem"], []
        step = STEP._replace(key=HELD_UP, label=self.env._("Settle dealer shares"))
        for contract in self:
            self.env["aftersales.revenue"]._attribute(contract.company_id)
            found = contract._settle(today)
            held_up = {**found.told, **found.blocked}
            for sentence in held_up.values():
                Problem._report(step, contract, sentence)
            if not held_up:
                Problem._solved(HELD_UP, contract)
            told += [(contract, one._settled_in_words()) for one in found.made]
            told += [(contract, sentence) for sentence in found.blocked.values()]
        return told


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    def _settled_in_words(self):
        self.ensure_one()
        return self.env._("%(number)s, %(period)s: %(amount)s", number=self.name, period=self.period_text,
                          amount=format_amount(self.env, self.total, self.currency_id))
