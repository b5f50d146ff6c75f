"""What percentages are of: the fee of a period, and the value of a contract.

The fee is what the contract's lines cost for the days of the period, each price from its own day on, before taxes and
after the discounts that are in the agreed price; days whose billing a suspension paused cost nothing. The value is what
they cost over the whole agreed term; without a last day, what they cost in a year.
"""

from datetime import timedelta
from decimal import Decimal

from odoo import models

DAY = timedelta(days=1)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _fee_charges(self):
        """[`LineCharge`] of the lines that make the fee. One reading serves every period of the contract."""
        self.ensure_one()
        last = max(filter(None, (self.ended_on, self.date_end)), default=False) if self.ended_on else self.date_end
        return [charge for line, charge in self._line_charges(last, self.date_start) if line._counts_in_fee()]

    def _period_fee(self, start, end, charges=None):
        """What the days of ``[start, end)`` cost, a Decimal of the currency."""
        self.ensure_one()
        charges = self._fee_charges() if charges is None else charges
        return sum((charge.value(start, end) for charge in charges), self._zero_amount())

    def _term_value(self, charges=None):
        """What the whole agreed term costs, or a year of a contract without a last day."""
        self.ensure_one()
        charges = self._fee_charges() if charges is None else charges
        if not self.date_end:
            return sum((line._annual(line._amount_at(line._price())) for line in self.line_ids
                        if not line.cancelled and not line.ended and line._counts_in_fee()), self._zero_amount())
        return sum((charge.value(None, self.date_end + DAY) for charge in charges), self._zero_amount())

    def _zero_amount(self):
        return Decimal(0).quantize(self._rounding()) if self._rounding() < 1 else Decimal(0)


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _counts_in_fee(self):
        """Whether this line is part of the recurring fee of its contract."""
        self.ensure_one()
        return True
