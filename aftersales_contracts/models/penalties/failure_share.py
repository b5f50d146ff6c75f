"""What each failure caused of a penalty: its amount shared out over the events that it rests on.

When a penalty is approved, and again when it is posted: by the amount of its component, evenly
among the component's events; the shares sum to the
amount exactly. In the company's currency they sum to what was booked.
"""

from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_repr

from ...engine.money import allocate


class PenaltyEvent(models.Model):
    _inherit = "aftersales.penalty.event"

    share = fields.Monetary(readonly=True, help="The part of the penalty that this failure caused.")
    company_share = fields.Monetary(
        string="Share (Company Currency)", readonly=True, currency_field="company_currency_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    failed_request_id = fields.Many2one(
        "aftersales.request", readonly=True, index="btree_not_null", ondelete="set null")
    failed_breach_id = fields.Many2one(
        "aftersales.breach", string="Failure of Breach", readonly=True, index="btree_not_null", ondelete="set null")

    @api.model
    def _key_failures(self, domain):
        """Say of events which failure they belong to: by their request, their clock's, or their breach."""
        events = self.sudo().search(domain)  # a result of the system's own facts
        if not events:
            return
        self.flush_model()
        self.env["aftersales.breach"].flush_model(["same_failure_id", "clock_id"])
        self.env.cr.execute(SQL(
            """UPDATE aftersales_penalty_event event
                  SET failed_request_id = key.request_id,
                      failed_breach_id = CASE WHEN key.request_id IS NULL THEN key.breach_id END
                 FROM (SELECT e.id, COALESCE(b.same_failure_id, b.id) AS breach_id,
                              COALESCE(e.request_id, c.request_id, bc.request_id, fc.request_id) AS request_id
                         FROM aftersales_penalty_event e
                         LEFT JOIN aftersales_sla_clock c ON c.id = e.clock_id
                         LEFT JOIN aftersales_breach b ON b.id = e.breach_id
                         LEFT JOIN aftersales_sla_clock bc ON bc.id = b.clock_id
                         LEFT JOIN aftersales_breach first ON first.id = b.same_failure_id
                         LEFT JOIN aftersales_sla_clock fc ON fc.id = first.clock_id
                        WHERE e.id = ANY(%s)) key
                WHERE key.id = event.id""", events.ids))
        events.invalidate_recordset(["failed_request_id", "failed_breach_id"])


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    failure_count = fields.Integer(string="Failures", compute="_compute_failure_count")

    def _compute_failure_count(self):
        rows = self.env["aftersales.penalty.event"]._read_group(
            Domain("penalty_id", "in", self.ids) & Domain("share", "!=", 0), ["penalty_id"],
            ["failed_request_id:count_distinct", "failed_breach_id:count_distinct"])
        counts = {penalty.id: requests + breaches for penalty, requests, breaches in rows}
        for penalty in self:
            penalty.failure_count = counts.get(penalty.id, 0)

    def action_view_failures(self):
        """The failures that these penalties rest on, with what each cost and what came back."""
        self.check_access("read")
        events = self.event_ids.filtered("share")
        Failure = self.env["aftersales.failure"]
        return Failure._action(Failure.search(
            Domain("request_id", "in", events.failed_request_id.ids)
            | Domain("breach_id", "in", events.failed_breach_id.ids)))

    def _write_guarded(self, vals):
        result = super()._write_guarded(vals)
        if vals.get("state") in ("approved", "posted") or "waived_amount" in vals:
            self.filtered(lambda penalty: penalty.state in ("approved", "posted")).sudo()._share_out()
        return result

    def _share_out(self):
        """Divide each amount over the events that it rests on; what was shared before is divided anew."""
        events = self.env["aftersales.penalty.event"].search_fetch(
            [("penalty_id", "in", self.ids)], ["penalty_id", "component_key", "excused"], order="penalty_id, id")
        rows = []
        for penalty, own in events.grouped("penalty_id").items():
            shares = dict.fromkeys(own.ids, (Decimal(0), Decimal(0)))
            # late facts that took failures back name those as events that do not count
            counted = own.filtered(lambda event: not event.excused) or own
            weights = penalty._event_weights(counted)
            currency, company = penalty.currency_id, penalty.company_id.currency_id
            parts = zip(
                allocate(penalty._money(penalty.amount), weights, _unit(currency)),
                allocate(_money(penalty._company_amount(), company), weights, _unit(company)), strict=True)
            shares.update(zip(counted.ids, parts, strict=True))
            rows += [(key, *share) for key, share in shares.items()]
        if not rows:
            return
        events.flush_model()
        for start in range(0, len(rows), 1000):
            part = rows[start:start + 1000]
            self.env.cr.execute(SQL(
                "UPDATE aftersales_penalty_event e SET share = v.share, company_share = v.company_share "
                "FROM (VALUES %s) AS v(id, share, company_share) WHERE v.id = e.id",
                SQL(", ").join(SQL("(%s, %s::numeric, %s::numeric)", *row) for row in part)))
        events.invalidate_recordset(["share", "company_share"])
        events._key_failures(Domain("id", "in", events.ids))

    def _event_weights(self, events):
        """How much each of ``events`` counts: its component's amount, evenly among the component's events; all alike
        where no component has an amount."""
        amounts = defaultdict(Fraction)
        for line in self.line_ids.filtered(lambda line: line.kind == "penalty" and line.amount > 0):
            amounts[line.component_key] += Fraction(self._money(line.amount))
        numbers = Counter(events.mapped("component_key"))
        weights = [amounts[event.component_key] / numbers[event.component_key] for event in events]
        return weights if any(weights) else [1] * len(events)

    def _company_amount(self):
        """The amount in the company's currency: as it was booked, else at the rate of the period's last day."""
        self.ensure_one()
        lines = self.move_line_ids.filtered(lambda line: line.move_id == self.move_id) if self.move_id else None
        if lines:
            balance = sum(lines.mapped("balance"))
            return balance if self._is_sale() else -balance
        return self.currency_id._convert(self.amount, self.company_id.currency_id, self.company_id, self.period_end)


def _unit(currency):
    """The smallest unit of a currency as a Decimal."""
    return Decimal(1).scaleb(-currency.decimal_places)


def _money(value, currency):
    return Decimal(float_repr(value or 0.0, currency.decimal_places))
