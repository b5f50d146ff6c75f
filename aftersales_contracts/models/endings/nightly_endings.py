"""Nightly moves of contracts: into force on the first day, suspensions, notices and terminations, and the end."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_date

from ..common.nightly import NightlyStep

_lt = LazyTranslate(__name__)
LIVE = ("active", "suspended", "notice")


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        contract, suspension = "aftersales.contract", "aftersales.suspension"
        return [
            *super()._steps(),
            NightlyStep(20, "activate", _lt("Activate signed contracts"), contract,
                        "_nightly_activate_domain", "_nightly_activate"),
            NightlyStep(30, "suspend", _lt("Begin and end suspensions"), suspension,
                        "_nightly_suspend_domain", "_nightly_suspend"),
            NightlyStep(48, "notice", _lt("Put contracts under notice"), contract,
                        "_nightly_notice_domain", "_nightly_notice"),
            NightlyStep(50, "terminate", _lt("Carry out terminations"), "aftersales.termination",
                        "_nightly_terminate_domain", "_nightly_terminate"),
            NightlyStep(60, "expire", _lt("Expire contracts"), contract,
                        "_nightly_expire_domain", "_nightly_expire"),
            # Again, for those that were to begin after a renewal or an end that this very run has caught up with.
            NightlyStep(65, "suspend_late", _lt("Begin and end suspensions"), suspension,
                        "_nightly_suspend_domain", "_nightly_suspend"),
        ]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    # --- into force --------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_activate_domain(self, today):
        """Signed contracts whose first day has come; a superset by the day that zones may differ."""
        day = today or fields.Date.today() + timedelta(days=1)
        return self._real() & Domain("state", "=", "signed") & Domain("date_start", "<=", day)

    def _nightly_activate(self, today):
        due = self.filtered(lambda contract: contract.date_start <= (today or contract._local_today()))
        due._check_complete(entry=True)
        due._transition("activate")
        return [(contract, self.env._("active since %s", format_date(self.env, contract.date_start)))
                for contract in due]

    # --- notice ------------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_notice_domain(self, today):
        """Contracts in force with a notice in effect or a termination to come that do not show it yet."""
        notice = Domain("notice_ids", "any", [("effective", "=", True), ("state", "=", "registered")])
        planned = Domain("termination_ids", "any", [("state", "=", "planned")])
        return Domain("state", "in", ("active", "suspended")) & (notice | planned)

    def _nightly_notice(self, today):
        done = []
        for contract in self:
            contract._follow_notices(contract._agreed_end())
            if contract.state == "notice":
                done.append((contract, contract._ending_note()))
        return done

    # --- the end -----------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_expire_domain(self, today):
        """Contracts that are over; not those that a suspension without end moves on, nor those to be terminated.

        ``lapses_on`` knows grace and renewal. A superset by the day that zones may differ.
        """
        day = today or fields.Date.today() + timedelta(days=1)
        moving = [("state", "=", "running"), ("shifts_end", "=", True), ("date_end", "=", False)]
        return (
            Domain("state", "in", LIVE) & Domain("lapses_on", "<=", day)
            & Domain("suspension_ids", "not any", moving)
            & Domain("termination_ids", "not any", [("state", "=", "planned")]))

    def _nightly_expire(self, today):
        due = self.filtered(lambda contract: contract.lapses_on <= (today or contract._local_today()))
        due._transition("expire")
        return [(contract, self.env._("expired with its last day, %s", format_date(self.env, contract.date_end)))
                for contract in due]
