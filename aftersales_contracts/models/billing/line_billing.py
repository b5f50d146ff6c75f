"""What of a contract line is still to bill, and when: reckoned by ``engine.billing`` from its terms and its facts."""

from datetime import date, timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import billing as engine
from ...engine.period import Period
from .contract_billing import ENDED

DAY = timedelta(days=1)
PERIODIC = ("fee", "usage")


class ContractLine(models.Model):
    _name = "aftersales.contract.line"
    _inherit = ["aftersales.contract.line", "analytic.mixin"]

    next_bill_on = fields.Date(
        string="Next Invoice", compute="_compute_next_bill_on", store=True, index="btree_not_null", copy=False,
        help="The day on which its next period is billed.")
    billed_ids = fields.One2many("aftersales.billed", "line_id", string="Billed Periods", readonly=True, copy=False)
    reopened = fields.Boolean(
        readonly=True, copy=False, help="A draft invoice was deleted: its periods are billed again, and no later ones.")

    @api.model
    def _refuse_derived(self, vals):
        for name in sorted({"next_bill_on", "reopened", "billed_ids"} & vals.keys()):
            raise UserError(self.env._(
                "%(field)s of a contract line is counted, nobody enters it.",
                field=self._fields[name]._description_string(self.env)))
        return super()._refuse_derived(vals)

    # --- when --------------------------------------------------------------------------------------------------------

    @api.depends(
        "billed_until", "first_day", "last_day", "date_end", "timing", "interval", "unit", "anchor_day", "counted_from",
        "proration_rule", "cancelled", "contract_id.billing", "contract_id.billing_start", "contract_id.state",
        "contract_id.ended_on", "contract_id.suspension_ids.state", "contract_id.suspension_ids.date_end")
    def _compute_next_bill_on(self):
        for line in self:
            line.next_bill_on = min(line._bill_days(), default=False) if line.contract_id._is_billed() else False

    def _bill_days(self):
        """The days on which something of this line falls due: its next period, and days to take back or to add."""
        paused = self.contract_id._paused_days()
        due = next((due for due in self._unbilled(paused) if due.parts), None)
        days = [due.bill_on] if due else []
        return days + [day for day, _period, _count in self._day_differences(paused)]

    def _dues(self, day, paused):
        """The engine's `Due`s of this line that are billed by ``day`` (a date); ``paused``: see ``_paused_days``."""
        found = []
        for due in self._unbilled(paused):
            if due.bill_on > day:
                break
            if due.parts:
                found.append(due)
        return found

    def _unbilled(self, paused):
        """Iterate over the unbilled `Due`s in order; up to a suspension without an end, which may bring any of them."""
        fee = self._recurring()
        if not fee:
            return
        if self.reopened:  # later periods stand on other invoices
            paused = engine.merge([(one.start, one.end) for one in (*paused, *self._fact_periods(PERIODIC))])
        waits = paused[-1].start if paused and paused[-1].end == date.max else date.max
        for due in engine.unbilled(fee, self._cursor(), paused):
            if due.period.start >= waits or (fee.whole and due.period.end > waits):
                return
            yield due

    def _cursor(self):
        """The first day that is still to be billed."""
        days = [self.first_day, self.contract_id.billing_start, self.billed_until and self.billed_until + DAY]
        return max(filter(None, days))

    def _last_billed(self, dues, paused):
        """The last day that is billed with ``dues``: a period that a suspension without end cuts is not over yet."""
        end = dues[-1].period.end
        if paused and paused[-1].end == date.max and paused[-1].start < end:
            end = max(paused[-1].start, dues[-1].period.start)
        return end - DAY

    def _close_gap(self, day):
        """A gap left by a deleted draft was billed up to ``day``: the days billed go on to the next gap, or the end."""
        spans = engine.merge([(one.start, one.end) for one in self._fact_periods(PERIODIC)])
        last = next((span.end - DAY for span in spans if span.start <= day < span.end), day)
        self._write_unlocked({"billed_until": last, "reopened": bool(spans) and spans[-1].end - DAY > last})

    # --- what --------------------------------------------------------------------------------------------------------

    def _billing_kind(self):
        """The kind of the facts of its periods: usage, or a fee."""
        return "usage" if self.charge == "usage" else "fee"

    def _recurring(self):
        """This line as an engine `Recurring`; None where nothing recurs."""
        self.ensure_one()
        ends = [self.last_day and self.last_day + DAY]
        if self.contract_id.state in ENDED:
            ends.append(self.contract_id.ended_on and self.contract_id.ended_on + DAY)
        start, end = self.first_day, min(filter(None, ends), default=None)
        rates, amended = self._billing_rates()
        if amended:  # it begins when an amendment brought it, and ends when one took it off the paper
            priced = [rate for rate in rates if rate[2]]
            start = max(start, priced[0][0]) if priced else start
            if priced and priced[-1][1] != date.max:
                end = min(end or date.max, priced[-1][1])
        elif self.cancelled:
            return None
        if not start or (end and end <= start) or not rates:
            return None
        return self._as_recurring(rates, start, end, self._billing_kind() == "usage")

    def _billing_rates(self):
        """([(first day, first day after, price of a full period)], whether amendments say them).

        By the log of prices; where an amendment changed more than a price, or is signed for a day to come, by the
        versions, which know quantities by the day too.
        """
        standing = self._amending_versions()
        if not standing:
            return [(begins, ends, self._amount_at(price)) for begins, ends, price in self._price_slices()], False
        rates = []
        for day, price in self._prices_by_day(standing._engine()):
            if rates and rates[-1][2] == price:
                continue
            if rates:
                rates[-1] = (rates[-1][0], day, rates[-1][2])
            rates.append((day, date.max, price))
        return [rate for rate in rates if rate[0] < rate[1]], True

    def _amending_versions(self):
        """The versions that stand, if one of them changed more of this line than its price; else none."""
        versions = self.env["aftersales.contract.version"].sudo()  # what holds, whoever looks
        if self._billing_kind() == "usage" or self.contract_id.version_count < 2:
            return versions
        standing = self.contract_id.sudo().version_ids.filtered(lambda one: not one.cancelled_at)
        row = f"line:{self.row_key}"
        more = {row, f"{row}:quantity", f"{row}:cancelled"}
        for version in standing.sorted("number")[1:]:
            if more & version.changes.keys() or (not version.applied_at and f"{row}:price" in version.changes):
                return standing
        return versions

    def _billable(self, part):
        """What an invoice says of the engine's `Part` ``part``: [{name, quantity, price_unit, amount}].

        Numbers are Decimals, ``amount`` the rounded product. Usage overrides it; a row may then bring
        ``period`` (an engine `Period`), where it is late usage of another period than the part's.
        """
        quantity, price = self._exact_quantity(), None
        if part.share == 1:
            price = next(price for begins, ends, price in self._price_slices() if begins <= part.period.start < ends)
            if self._amount_at(price) != part.amount:
                price = None
        if price is None:
            quantity, price = Decimal(1), part.amount
        return [{"name": self.name, "quantity": quantity, "price_unit": price, "amount": part.amount}]

    def _late_usage(self):
        """Rows of usage that was reported after its period was billed; the room of usage knows them."""
        return []

    def _exact_quantity(self):
        return Decimal(str(round(self.quantity, self.env["decimal.precision"].precision_get("Product Unit"))))

    # --- days to take back or to add -------------------------------------------------------------------------------

    def _day_differences(self, paused):
        """[(day on which it falls due, `Period`, count)] of days billed that should not be (count below 0), or that
        should be and are not: a suspension came or went, or the line ended, after they were billed in advance."""
        if not self.billed_until or self._billing_kind() != "fee" or not self.first_day:
            return []
        facts = self.billed_ids.filtered(lambda one: one.kind in ("fee", "days"))
        cursor = self.billed_until + DAY
        owed_to = min(self._owed_to() or cursor, cursor)
        if (not paused and owed_to == cursor) or not facts:
            return []
        # Days before were billed elsewhere.
        start = max(filter(None, (self.first_day, self.contract_id.billing_start, min(facts.mapped("period_start")))))
        owed = [(one.start, one.end, 1) for one in engine.without([Period(start, owed_to)], paused)] if (
            start < owed_to) else []
        billed = [
            (max(one.period_start, start), min(one.period_end + DAY, cursor), -1 if one.kind == "fee" else
             -int(one.quantity)) for one in facts]
        found = []
        for period, count in _balance(owed + billed, owed_to):
            # What a suspension takes back is certain once its days are over.
            over = count < 0 and period.start < owed_to
            found.append((period.end if over else period.start, period, count))
        return found

    def _owed_to(self):
        """The first day that is owed no more; None where nothing says so. What a termination credits, it settles."""
        contract, ends = self.contract_id, [self.date_end]
        if contract.state in ENDED:
            settled = contract.termination_ids.filtered(lambda one: one.state == "done")
            if not settled or settled[-1].credit_rule == "full":
                ends += [contract.date_end, contract.ended_on]
        last = min(filter(None, ends), default=None)
        return last and last + DAY

    def _days_amount(self, period):
        """What the days of ``period`` cost, whether or not the line still runs; a Decimal."""
        fee = self._as_recurring(self._billing_rates()[0])
        return sum((part.amount for part in engine.parts_of(fee, period)), Decimal(0))

    def _fact_periods(self, kinds):
        return [Period(fact.period_start, fact.period_end + DAY) for fact in self.billed_ids if fact.kind in kinds]


def _balance(spans, cut):
    """[(`Period`, sum of counts)] where the counts of ``spans``, (start, end, count), do not cancel out; also cut at
    the day ``cut``."""
    changes = {cut: 0}
    for start, end, count in spans:
        if start < end:
            changes[start] = changes.get(start, 0) + count
            changes[end] = changes.get(end, 0) - count
    found, level, since = [], 0, None
    for day in sorted(changes):
        if level:
            found.append((Period(since, day), level))
        level, since = level + changes[day], day
    return found


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _paused_days(self):
        """The days whose billing is paused, as disjoint `Period`s in order; the last ends with `date.max` while a
        suspension has no end."""
        self.ensure_one()
        alive = self.suspension_ids._alive().filtered("pauses_billing")
        return engine.merge([
            (one.date_start, one.date_end + DAY if one.date_end else date.max) for one in alive])
