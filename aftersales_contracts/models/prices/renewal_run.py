"""Renewals of the night: every term that nobody stopped, once and in its order, also after weeks of downtime."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_date

from ...engine.renewal import due_renewals
from ..common.nightly import NightlyStep
from .contract_renewal import BY_ITSELF

_lt = LazyTranslate(__name__)


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [
            *super()._steps(),
            NightlyStep(40, "renew", _lt("Renew"), "aftersales.contract", "_nightly_renew_domain", "_nightly_renew"),
            NightlyStep(45, "line_end", _lt("End Lines"), "aftersales.contract.line", "_nightly_ended_domain",
                        "_nightly_ended"),
        ]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _nightly_renew_domain(self, today):
        """In force, renewing by itself, with a term that is over; suspended and disputed ones wait.

        Without ``today`` a term is over on the day after its last one somewhere in the world.
        """
        last = today - timedelta(days=1) if today else fields.Date.today()
        return self._real() & Domain([
            ("state", "=", "active"), ("renewal_kind", "in", BY_ITSELF), ("do_not_renew", "=", False),
            ("disputed", "=", False), ("date_end", "<=", last)])

    def _nightly_renew(self, today):
        """Every renewal that is due, round by round: the first missed term of all, then the second."""
        self = self.with_context(tracking_disable=True)
        due = {}
        for contract in self:
            found = due_renewals(contract._renewal_terms(), today or contract._local_today()).renewals
            if found:
                due[contract] = list(found)
        done, bodies = [], {}
        while due:
            renewals = {contract: left.pop(0) for contract, left in due.items()}
            contracts = self.browse([contract.id for contract in renewals])
            contracts._renew(renewals, by_itself=True)
            for contract, renewal in renewals.items():
                said = contract._renewed_in_words(renewal)
                done.append((contract, said))
                bodies[contract.id] = f"{bodies[contract.id]}; {said}" if contract.id in bodies else said
            due = {contract: left for contract, left in due.items() if left}
        self.browse(bodies)._message_log_batch(bodies)
        return done


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    @api.model
    def _nightly_ended_domain(self, today):
        return Domain("ended", "=", False) & Domain("date_end", "<", today or fields.Date.today())

    def _nightly_ended(self, today):
        """Lines whose own last day has passed count no more in the value of a year."""
        self._write_unlocked({"ended": True})
        return [(line, self.env._("Ended on %s", format_date(self.env, line.date_end))) for line in self]
