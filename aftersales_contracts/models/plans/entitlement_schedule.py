"""What time does to entitlements: grants of begun periods, expiry, roll-over; nightly, and before every use.

Everything is keyed by its lot (the day of its grant), so that the same work again finds nothing to do, and what was
missed in weeks of downtime is caught up day by day in its order. Rules: a period is granted on its first day, counted
from the contract's first day; one that a promise enters late is granted in full; a changed rhythm begins when what
was granted ends; what is left of a grant moves on once, and is then valid for one period.
"""

from datetime import timedelta
from itertools import count

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine.contract_lifecycle import ENDED, LIVE
from ...engine.days import advance
from ..common.nightly import NightlyStep
from .entitlement import exact_quantity

ROLLED = " rolled over"


class Contract(models.Model):
    _inherit = "aftersales.contract"

    entitlement_ids = fields.One2many("aftersales.entitlement", "contract_id", string="Entitlements", readonly=True)

    def _moved(self, action):
        super()._moved(action)
        if action in ("activate", "renew"):
            self._bring_entitlements_up_to_date()

    def _record_change(self, effective, reason):
        result = super()._record_change(effective, reason)
        self.filtered(lambda contract: contract.state in LIVE)._bring_entitlements_up_to_date()
        return result

    @api.model
    def _nightly_ledger_domain(self, today):
        """Contracts with a movement due by ``today``, or with a quota that has no ledger yet."""
        day = today or fields.Date.add(fields.Date.today(), days=1)  # somewhere it is tomorrow already
        due = Domain("entitlement_ids", "any", Domain("next_on", "<=", day))
        quota = Domain("source", "=", "entitlement") & Domain("entitlement_ids", "=", False)
        return self._real() & (due | (Domain("state", "in", LIVE) & Domain("promise_ids", "any", quota)))

    def _nightly_ledger(self, today):
        return self._bring_entitlements_up_to_date(today)

    def _bring_entitlements_up_to_date(self, today=None):
        """Write down what is due by ``today`` (empty: by each contract's own day): [(contract, sentence)] of what was
        added. A constant number of queries for the batch."""
        contracts = self.filtered(lambda contract: not contract.is_template and not contract.amends_id).sudo()
        contracts._open_entitlements()  # raised rights: nobody writes a ledger, it follows from what was agreed
        entitlements = contracts.entitlement_ids
        if not entitlements:
            return []
        entitlements._take_ledger()
        ledgers, movements, done = entitlements._ledgers(), [], []
        for entitlement in entitlements:
            before, contract = ledgers[entitlement], entitlement.contract_id
            after = entitlement._brought_up_to_date(before, today or contract._local_today())
            if len(after.lines) > len(before.lines):
                movements.append((entitlement, before, after, {}))
                done += [(contract, entitlement._movement_in_words(line)) for line in after.lines[len(before.lines):]]
        if movements:
            entitlements._append(movements)
        return done

    def _open_entitlements(self):
        """Open a ledger for every quota that has none: after activation, and for promises that an amendment added."""
        known = {(one.contract_id.id, one.row_key): one for one in self.entitlement_ids}
        missing = []
        for promise in self.filtered(lambda contract: contract.state in LIVE).promise_ids:
            if promise.source == "entitlement":
                one = known.get((promise.contract_id.id, promise.row_key))
                if not one:
                    missing.append({
                        "name": promise.name, "contract_id": promise.contract_id.id, "promise_id": promise.id,
                        "row_key": promise.row_key, "unit": promise.quota_unit})
                elif one.promise_id != promise:
                    one.promise_id = promise
        self.env["aftersales.entitlement"].create(missing)

    def _entitled_until(self):
        """The last day of entitlement, None: open-ended."""
        self.ensure_one()
        days = [self.date_end] + ([self.ended_on] if self.state in ENDED else [])
        return min((day for day in days if day), default=None)


class Entitlement(models.Model):
    _inherit = "aftersales.entitlement"

    def _brought_up_to_date(self, ledger, today):
        """``ledger`` with what is due by ``today``, in the order of the days; notes period and next movement."""
        last = self.contract_id._entitled_until()
        bounds = self._bounds()
        while True:
            start, end, expires = self._next_grant(bounds)
            if start is None or start > today or (last and start > last):
                break
            ledger = self._ended(ledger, start)
            key = start.isoformat()
            if not any(line.lot == key for line in ledger.lines):
                ledger = ledger.grant(key, exact_quantity(self.promise_id.quantity), start, expires)
            self.period_start, self.period_end = start, end - timedelta(days=1)
        ledger = self._ended(ledger, today)
        ends = [lot.expires for lot in ledger.lots(today) if lot.expires and lot.remaining > 0]
        grants = [start] if start and self.contract_id.state in LIVE else []
        next_on = min(ends + grants, default=False)
        if self.next_on != next_on:
            self.next_on = next_on
        return ledger

    def _bounds(self):
        """(first day, first day of the next) of the promise's periods from the contract's first day on, endless."""
        promise, first = self.promise_id, self.contract_id.date_start
        if not promise or promise.source != "entitlement":
            return iter(())
        day = lambda number: advance(first, number * promise.interval, promise.unit)  # noqa: E731
        return ((number, day(number), day(number + 1)) for number in count())

    def _next_grant(self, bounds):
        """(day, end, expires) of the first period that is not granted yet; all None without a promise.

        ``end``: the first day after it; ``expires``: the day on which its grant is void, None: never.
        """
        promise, first = self.promise_id, self.contract_id.date_start
        begin = promise.date_start or first
        if self.period_end:
            begin = max(begin, self.period_end + timedelta(days=1))
        for number, start, end in bounds:
            if end > begin:
                valid = (number + promise.valid_periods) * promise.interval
                return max(start, begin), end, advance(first, valid, promise.unit) if promise.valid_periods else None
        return None, None, None

    def _ended(self, ledger, day):
        """``ledger`` after the lots that end by ``day``: rolled over where the promise says so, else void."""
        left = {}
        for line in ledger.lines:
            left[line.lot] = left.get(line.lot, 0) + line.quantity
        ends = sorted((line.expires, line.lot) for line in ledger.lines
                      if line.kind == "grant" and line.expires and line.expires <= day and left[line.lot] > 0)
        for expires, lot in ends:
            if self._rolls_over(expires):
                ledger = ledger.expire(expires - timedelta(days=1)).roll_over(
                    lot, lot + ROLLED, self._period_end_after(expires), self._roll_over_limit())
        return ledger.expire(day)

    def _rolls_over(self, day):
        last = self.contract_id._entitled_until()
        return self.promise_id.roll_over and not (last and last < day)

    def _roll_over_limit(self):
        limit = self.promise_id.roll_over_limit
        return exact_quantity(limit) if limit else None

    def _period_end_after(self, day):
        return next(end for _number, _start, end in self._bounds() if end > day)

    def _movement_in_words(self, line):
        kinds = dict(self.env["aftersales.entitlement.line"]._fields["kind"]._description_selection(self.env))
        return self.env._("%(entitlement)s: %(what)s, %(quantity)s, %(day)s", entitlement=self.name,
                          what=kinds[line.kind], quantity=self._in_words(abs(float(line.quantity))),
                          day=format_date(self.env, line.day))


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            70, "entitlements", self.env._("Grant and expire entitlements"), "aftersales.contract",
            "_nightly_ledger_domain", "_nightly_ledger")]
