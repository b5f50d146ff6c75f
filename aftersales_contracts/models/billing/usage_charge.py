"""What usage is billed at: the lines of a period's invoice, and what came late for periods that were billed.

A period is rated as a whole from its readings and from the days on which its billing was not paused, so both answers
follow from the same facts. What was billed does not move: what is known later is the difference, a line of the next
invoice that names its period.
"""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import float_repr, format_date

from ...engine import billing
from ...engine.money import exact, round_money
from ...engine.period import Period
from ...engine.usage import ALLOWANCE, BASE_FEE, MINIMUM, TIER, rate_usage
from .usage_tariff import QUANTITY

DAY = timedelta(days=1)


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _billable(self, part):
        """A usage line is rated from its readings in ``part.period``; nothing to pay: an empty list."""
        if self.charge != "usage":
            return super()._billable(part)
        tariff = self._tariff_on(part.period.start)
        used, readings = self._used([part.period])[self, part.period]
        rated = rate_usage(tariff._terms(), used, part.share)
        rows = [self._usage_row(line, tariff, part.period, readings)
                for line in rated.lines if line.kind != ALLOWANCE]
        return [row for row in rows if row["amount"]]

    def _used(self, periods):
        """{(line, `Period`): (units used as a Decimal, readings that stand)} of these lines; one query for all."""
        keys = {(line.id, period.start, period.end): (line, period) for line in self for period in periods}
        sums = self.env["aftersales.usage"].sudo()._sums(keys)  # what is billed depends on no reader's rights
        return {keys[key]: value for key, value in sums.items()}

    def _usage_row(self, line, tariff, period, readings):
        """A line of an engine `Rated` as one of the invoice: units and price where they make the very amount."""
        quantity, price = Decimal(1), line.amount
        if line.kind == TIER:
            digits = self.env["decimal.precision"].precision_get("Product Unit")
            units = Decimal(float_repr(float(line.quantity), digits))
            if exact(units) == line.quantity and round_money(units * line.price, self._rounding()) == line.amount:
                quantity, price = units, line.price
        return {"name": self._usage_words(line, tariff, period, readings), "quantity": quantity, "price_unit": price,
                "amount": line.amount}

    def _usage_words(self, line, tariff, period, readings):
        """What an invoice line of usage says; an unread period says so."""
        _ = self.env._
        what = {
            TIER: lambda: _("%(units)s at %(price)s", units=tariff._counted(line.quantity),
                              price=f"{tariff._number(line.price)} {tariff.currency_id.name}"),
            MINIMUM: lambda: _("minimum commitment") if readings else _(
                "minimum commitment, no usage was reported"),
            BASE_FEE: lambda: _("base fee") if readings or tariff._terms().minimum else _(
                "base fee, no usage was reported"),
        }[line.kind]()
        return _("%(line)s, %(period)s: %(what)s", line=(self.name or "").split("\n")[0],
                  period=self._period_words(period), what=what)

    def _period_words(self, period):
        """First and last day of a half-open `Period`."""
        return self.env._("%(start)s to %(end)s", start=format_date(self.env, period.start),
                          end=format_date(self.env, period.end - DAY))

    # --- what came late ----------------------------------------------------------------------------------------------

    def _late_usage(self):
        """[{line, period_start, period_end, name, quantity, price_unit, amount, used}] of these lines: what is left to
        bill (or to credit) of billed periods whose usage is known otherwise now. ``period_end``: the last day; numbers
        are Decimals; ``used``: how many units more or less. The same queries for any number of lines."""
        billed = self._billed_usage()
        sums = self.env["aftersales.usage"].sudo()._sums(  # as in _used
            (line.id, period.start, period.end) for line, period in billed)
        rows = []
        for (line, period), (amount, known) in billed.items():
            units, _readings = sums[line.id, period.start, period.end]
            difference = line._usage_due(period, units) - amount
            if difference:
                rows.append({
                    "line": line, "period_start": period.start, "period_end": period.end - DAY,
                    "name": line._late_words(period, units, known), "quantity": Decimal(1), "price_unit": difference,
                    "amount": difference, "used": units - known})
        return rows

    def _usage_due(self, period, units):
        """What a billed period costs in all, now that ``units`` are known of it: a Decimal."""
        tariff = self._tariff_on(period.start)
        fee = self._recurring()
        parts = billing.parts_of(fee, period, self.contract_id._paused_days()) if fee else ()
        part = sum((one.share for one in parts), Fraction(0))
        return rate_usage(tariff._terms(), units, min(part, Fraction(1))).total if tariff else Decimal(0)

    def _billed_usage(self):
        """{(line, `Period`): (amount, units)}, Decimals: what was billed so far of each closed part of a period."""
        groups = self.env["aftersales.billed"].sudo()._read_group(  # as in _used
            Domain("line_id", "in", self.ids) & Domain("kind", "in", ("usage", "late")),
            ["line_id", "period_start:day", "period_end:day"], ["amount:sum", "quantity:sum"])
        return {(line, Period(start, end + DAY)): (line._money(amount), Decimal(str(round(quantity, QUANTITY[1]))))
                for line, start, end, amount, quantity in groups if not line.cancelled}

    def _late_words(self, period, units, known):
        tariff = self._tariff_on(period.start) or self.tariff_id
        return self.env._(
            "%(line)s, usage of %(period)s reported later: %(now)s in place of %(before)s",
            line=(self.name or "").split("\n")[0], period=self._period_words(period), now=tariff._counted(units),
            before=tariff._number(known))


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _bill_days(self):
        """Late usage waits for the next invoice of its line; where none comes any more, it is billed at once."""
        yield from super()._bill_days()
        over = self.line_ids.filtered(
            lambda line: line.charge == "usage" and line.billed_until and not line.next_bill_on)
        if over and over._late_usage():
            yield self._local_today()


class Usage(models.Model):
    _inherit = "aftersales.usage"

    @api.model_create_multi
    def create(self, vals_list):
        usages = super().create(vals_list)
        over = usages.line_id.filtered(lambda line: line.billed_until and not line.next_bill_on)
        over.contract_id.sudo()._reckon_next_bill()  # a result, whoever reads the meter
        return usages
