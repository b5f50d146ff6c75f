"""Breaches of the register as events of a penalty: in which period each counts, how late it was, and why it does not.

A breach counts in the period in which it was noticed. Its delay is counted in days of the calendar: from the day the
missed obligation was due, or the clock ran out, else from the notice, to the day it was done or cured; while it lasts,
to the last day of the period. A breach whose chain of evidence is not complete does not count yet, one that was waived
does not count: both are told with the reason.
"""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.penalty_terms import Event
from ..obligations.finding import SEVERITIES

DAY = 86400
PARTY = {"customer": "ours"}  # who must have broken the contract; theirs under any other kind


class BreachFact(NamedTuple):
    """A breach as an event: ``event``: the engine's; ``still_open``: it goes on after the period."""

    breach: object
    event: Event
    still_open: bool


class Breach(models.Model):
    _inherit = "aftersales.breach"

    severity = fields.Selection(
        SEVERITIES, tracking=True, help="How grave it is: penalty clauses that count points by severity count it. Of a "
        "broken service level the priority of the request counts.")

    def write(self, vals):
        if "severity" in vals:
            for breach in self.filtered(lambda one: one.state not in ("proposed", "open")):
                raise UserError(self.env._(
                    "Breach %s was notified: what it says stays. Waive it and record another if it is wrong.",
                    breach.display_name))
        return super().write(vals)

    @api.model
    def _facts_of(self, contracts, start, end):
        """{contract id: [breach]} of what penalties may rest on, noticed from ``start`` to ``end`` (both days
        included); a proposed breach is none yet. One query for any number of contracts."""
        found = self.search([
            ("contract_id", "in", contracts.ids), ("noticed_on", ">=", start), ("noticed_on", "<=", end),
            ("state", "!=", "proposed")], order="noticed_on, id")
        by_contract = {}
        for breach in found:
            if breach.party == PARTY.get(breach.contract_id.kind, "theirs"):
                by_contract.setdefault(breach.contract_id.id, []).append(breach)
        return by_contract

    def _penalty_fact(self, last):
        """This breach as a `BreachFact` of a period with the last day ``last``."""
        self.ensure_one()
        began, over = self._delay()
        gaps = self.with_context(lang="en_US")._chain_gaps()
        request = self.clock_id.request_id
        event = Event(
            key=f"request:{request.id}" if request else f"breach:{self.id}",
            late=max(0, ((over or last) - began).days) * DAY,
            severity=request.priority if request else self.severity or "",
            excused=None if not gaps else f"{'' if self.state == 'waived' else 'lacks '}{'; '.join(gaps)}")
        return BreachFact(self, event, not over)

    def _delay(self):
        """(day from which it was late, day on which it was over or None)."""
        obligation, clock = self.obligation_id, self.clock_id
        zone = self.contract_id._zone()
        if clock:
            began = _local(clock, "due_at", zone) or self.noticed_on
            over = _local(clock, "stopped_at", zone) or self.cured_on
        else:
            began = obligation.date_due or self.notified_on or self.noticed_on
            over = obligation.done_on or self.cured_on
        return began, over or None


def _local(clock, name, zone):
    instant = clock[name]
    return fields.Datetime.context_timestamp(clock.with_context(tz=zone), instant).date() if instant else None
