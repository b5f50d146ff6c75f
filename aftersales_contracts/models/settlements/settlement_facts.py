"""What a settlement goes by beside the lines: measured figures, penalties, what disputes released, parts of periods."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, float_repr

from ...engine import share_terms as engine

PENALTY_STATES = ("approved",)  # decided, and on no document yet
DAY = timedelta(days=1)
MANY = 2**31 - 1  # cases of a figure whose number nobody told


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _share_figures(self, start, end):
        """{measure: `engine.share_terms.Measured`} of this dealer contract in [start, end), for payouts by bands.

        ``start``, ``end``: dates. Keys: those of `aftersales.share.payout._measure_key`: "compliance" (percent of the
        clocks of the requests that the dealer executed), "measure:<id>" (what was entered for the contract); rooms add
        theirs ("scorecard", "csat").
        """
        self.ensure_one()
        return {**self._measured_for_shares(start, end), "compliance": self._executed_compliance(start, end)}

    def _executed_compliance(self, start, end):
        """`Measured` percent of clocks met, of requests that the dealer executed, decided on days of [start, end)."""
        self.env["aftersales.sla.clock"].flush_model(["state", "excused", "decided_at", "request_id"])
        self.env["aftersales.request"].flush_model(["executor_id", "company_id"])
        [(met, all_)] = self.env.execute_query(SQL(
            """SELECT count(*) FILTER (WHERE k.state = 'met'), count(*)
                 FROM aftersales_sla_clock k
                 JOIN aftersales_request r ON r.id = k.request_id
                 JOIN res_partner p ON p.id = r.executor_id
                WHERE p.commercial_partner_id = %(dealer)s AND r.company_id = %(company)s
                  AND k.state IN ('met', 'breached') AND k.excused IS NOT TRUE
                  AND k.decided_at >= (%(start)s::timestamp AT TIME ZONE %(zone)s) AT TIME ZONE 'UTC'
                  AND k.decided_at < (%(end)s::timestamp AT TIME ZONE %(zone)s) AT TIME ZONE 'UTC'""",
            dealer=self.partner_id.commercial_partner_id.id, company=self.company_id.id, start=start, end=end,
            zone=self._zone()))
        return engine.Measured(Fraction(100 * met, all_) if all_ else None, all_)

    def _measured_for_shares(self, start, end):
        """{"measure:<id>": `Measured`} of the figures entered for this contract: that of the whole period, else its
        parts where all of them are counts and cover it without gap."""
        last = end - DAY
        rows = self.env["aftersales.measured.figure"].sudo()._of_periods(self, start, last)  # facts, whoever runs it
        by_measure = {}
        for figure in rows.values():
            by_measure.setdefault(figure.measure_id, []).append(figure)
        found = {}
        for measure, figures in by_measure.items():
            whole = [one for one in figures if one.period_start == start and one.period_end == last]
            found[f"measure:{measure.id}"] = _combined(whole or figures, measure, start, end)
        return found

    # --- sums that are settled together with the shares ----------------------------------------------------------

    def _share_penalties(self, end, currency):
        """Penalties of this dealer contract, of periods that ended before ``end``, to be netted now: approved, in
        this currency, on no other settlement, oldest first."""
        self.ensure_one()
        Penalty, Line = self.env["aftersales.penalty"].sudo(), self.env["aftersales.settlement.line"].sudo()
        waiting = Penalty.search(
            Domain("contract_id", "=", self.id) & Domain("kind", "=", "dealer")
            & Domain("state", "in", PENALTY_STATES) & Domain("currency_id", "=", currency.id)
            & Domain("period_end", "<", end), order="period_start, id")
        taken = Line.search([("penalty_id", "in", waiting.ids)]).penalty_id
        return waiting.filtered(lambda penalty: penalty not in taken and penalty._nettable())

    def _share_released(self, end, currency):
        """[(`Item`, settled line)] of lines of earlier settlements whose dispute is over, not settled since."""
        self.ensure_one()
        Line = self.env["aftersales.settlement.line"].sudo()
        lines = Line.search([
            ("settlement_id.contract_id", "=", self.id), ("settlement_id.currency_id", "=", currency.id),
            ("settlement_id.period_end", "<", end), ("state", "=", "released")], order="id")
        done = Line.search([("origin_line_id", "in", lines.ids), ("kind", "=", "released")]).origin_line_id
        return [(line._released_item(), line) for line in lines - done]

    def _share_part(self, start, end, first, last):
        """The part of a full period that [start, end) is, as far as the agreement ran in it: a Fraction of days.

        ``first``, ``last``: the full period that it is cut from; days before the contract's first and after its last
        day count as not agreed.
        """
        self.ensure_one()
        begins = max(start, self.date_start)
        ended = self.ended_on or self.date_end if self.state in ("expired", "terminated") else None
        ends = end if not ended else min(end, ended + DAY)
        days = max(0, (ends - begins).days)
        return Fraction(days, (last - first).days)


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _nettable(self):
        """Whether nothing holds it back: no dispute, no waiver to be decided."""
        self.ensure_one()
        return bool(self.amount) and not self._posting_gaps()

    def _share_item(self):
        """It as an `Item` of a settlement: what the dealer owes is below zero, a bonus above."""
        self.ensure_one()
        return engine.Item(f"penalty:{self.id}", f"{self.name} · {self.clause_id.name}", -self._money(self.amount))


class SettlementLine(models.Model):
    _inherit = "aftersales.settlement.line"

    def _released_item(self):
        """A line whose dispute is over as an `Item` of the next settlement: what is settled of it now."""
        self.ensure_one()
        return engine.Item(f"line:{self.id}", self.name or "", self._released_amount())

    def _released_amount(self):
        """What is settled of a line that was held, as a Decimal; who settles disputes may say another amount."""
        self.ensure_one()
        return Decimal(float_repr(self.amount, self.currency_id.decimal_places))


def _combined(figures, measure, start, end):
    """`Measured` of the figures of one measure in [start, end); without a value where they do not make a whole."""
    figures = sorted(figures, key=lambda one: one.period_start)
    day = start
    for one in figures:
        if one.period_start != day:
            return engine.Measured(None)
        day = one.period_end + DAY
    total = sum(one.total for one in figures)
    if day == end and all(one.total for one in figures):
        good = sum(one.good for one in figures)
        return engine.Measured(Fraction(100 * (good if measure.high_is_good else total - good), total), total)
    if day == end and len(figures) == 1:  # a figure that somebody else measured stands for enough cases
        return engine.Measured(Decimal(float_repr(figures[0].value, 6)), figures[0].total or MANY)
    return engine.Measured(None)
