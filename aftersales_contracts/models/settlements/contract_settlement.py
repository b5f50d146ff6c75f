"""Which periods of a dealer contract are to be settled: months, quarters or years of the calendar, oldest first."""

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.contract_lifecycle import ENDED, LIVE
from ...engine.period import Period

MONTHS = {"month": 1, "quarter": 3, "year": 12}
SETTLED_STATES = (*LIVE, *ENDED)
DAY = timedelta(days=1)


def whole_span(periods):
    """The `Period` from the first to the last of ``periods``, which are in order and not empty."""
    return Period(periods[0].start, periods[-1].end)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    settlements_from = fields.Date(
        copy=False, help="The first day whose revenue is settled here, such as after a move from other books. Empty: "
        "the first day of the contract.")

    def write(self, vals):
        if "settlements_from" in vals and self.sudo().settlement_ids:
            raise UserError(self.env._(
                "Contract %s has settlements already: the day from which it is settled stays.",
                self.filtered(lambda one: one.sudo().settlement_ids)[:1].display_name))
        return super().write(vals)

    def _settled_since(self):
        """The first day whose revenue is settled by this contract."""
        self.ensure_one()
        return self.settlements_from or self.date_start

    def _calendar_period(self, kind, day):
        """(first day, first day after) of the month, quarter or year of the calendar that ``day`` lies in."""
        months = MONTHS[kind]
        first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
        return first, fields.Date.add(first, months=months)

    def _settlement_periods(self, today=None):
        """{contract: [`Period`, ...]} that are over, so many days as the company waits, and not settled; oldest first.

        A contract that has ended goes on as long as something of it is open: a late credit note, a penalty, a dispute
        that is over, what the dealer still owes. ``today``: a date; empty: each contract's own day.
        """
        held = self._shares_held(date.min, date.max)
        found, ended = {}, self.browse()
        for contract in self.filtered(lambda one: one in held):
            day = today or contract._local_today()
            periods = contract._periods_over(held[contract], day)
            last = contract._last_agreed_day()
            if last and any(period.start > last for period in periods):
                ended |= contract
            found[contract] = periods
        loose = ended._with_open_ends()
        for contract in ended:
            last = contract._last_agreed_day()
            after = [period for period in found[contract] if period.start > last]
            kept = after[-1:] if contract in loose else []  # one settlement takes all that came up since
            found[contract] = [period for period in found[contract] if period.start <= last]
            found[contract] += [Period(after[0].start, kept[0].end)] if kept else []
        return {contract: periods for contract, periods in found.items() if periods}

    def _periods_over(self, spans, today):
        """The periods since the last settlement that are over on ``today``; ``spans``: the rules held, by day."""
        rules = {one.rule: self.env["aftersales.share.rule"].browse(one.rule).sudo() for one in spans}
        start = self.settled_until + DAY if self.settled_until else max(self._settled_since(), spans[0].start)
        wait = timedelta(days=self.company_id.aftersales_settlement_days)
        if not self.settled_until:  # the first one is the calendar's whole period
            start = self._calendar_period(rules[_held_on(spans, start).rule].period, start)[0]
        periods = []
        while True:
            rule = rules[_held_on(spans, start).rule]
            end = self._calendar_period(rule.period, start)[1]
            if end + wait > today:
                return periods
            periods.append(Period(start, end))
            start = end

    def _last_agreed_day(self):
        """The last day of a contract that has ended; None while it is in force."""
        return (self.ended_on or self.date_end or None) if self.state in ENDED else None

    def _with_open_ends(self):
        """Those of these contracts for which anything is open that a settlement would take."""
        if not self:
            return self
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """SELECT c.id FROM aftersales_contract c WHERE c.id = ANY(%(ids)s) AND (
                    EXISTS (SELECT FROM aftersales_revenue r WHERE r.dealer_contract_id = c.id AND r.is_due
                               AND r.day >= COALESCE(c.settlements_from, c.date_start) AND NOT EXISTS (
                                   SELECT FROM aftersales_settlement_line l WHERE l.revenue_id = r.id))
                    OR EXISTS (SELECT FROM aftersales_penalty p WHERE p.contract_id = c.id AND p.kind = 'dealer'
                                  AND p.state = 'approved' AND NOT EXISTS (
                                   SELECT FROM aftersales_settlement_line l WHERE l.penalty_id = p.id))
                    OR EXISTS (SELECT FROM aftersales_settlement_line l
                                 JOIN aftersales_settlement s ON s.id = l.settlement_id
                                WHERE s.contract_id = c.id AND l.state = 'released' AND NOT EXISTS (
                                   SELECT FROM aftersales_settlement_line n
                                    WHERE n.origin_line_id = l.id AND n.kind = 'released')))""", ids=self.ids))
        return self.browse([row[0] for row in rows])

    @api.model
    def _settled_domain(self):
        """Contracts of dealers that settlements are made of."""
        return (self._real() & Domain("kind", "=", "dealer") & Domain("state", "in", SETTLED_STATES)
                & Domain("share_ids", "!=", False))


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    def _period_until(self):
        """The first day after the period."""
        return self.period_end + DAY


def _held_on(spans, day):
    """The `Held` in force on ``day``; before the first one the first, after one the one before."""
    found = spans[0]
    for one in spans:
        if one.start <= day:
            found = one
    return found
