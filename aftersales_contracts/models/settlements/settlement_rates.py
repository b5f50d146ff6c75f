"""Rates of exchange as exact numbers, read once for a settlement, and remembered as they were used.

As Odoo finds them: the company's own rates before shared ones, the last one of the day or before. Unlike Odoo, a day
before the first rate has none: it takes neither a later one nor 1.
"""

from bisect import bisect_right
from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo.tools import SQL

from ...engine.share_exact import as_decimal
from .settlement_inputs import number, plain

ONE = Decimal(1)


class MissingRate(Exception):
    """``currency`` (a record) has no rate on ``day``."""

    def __init__(self, currency, day):
        super().__init__(currency.name, day)
        self.currency, self.day = currency, day


class Rates:
    """Rates to ``target`` (a currency) in the books of ``company``. ``known``: {currency name: {day: text}} of an
    earlier reckoning, which is then used and nothing else."""

    def __init__(self, company, target, known=None):
        self.company, self.target = company, target
        self._tables, self._found = {}, {}
        self._known = known and {
            (name, date.fromisoformat(day)): number(text) for name, days in known.items() for day, text in days.items()}

    def fx(self, currency_id, day):
        """Units of the target for one of the currency with that id on ``day``: a Decimal or Fraction."""
        if currency_id == self.target.id:
            return ONE
        found = self._found.get((currency_id, day))
        if found is None:
            found = self._found[currency_id, day] = self._reckon(self.target.browse(currency_id), day)
        return found

    def used(self):
        """{currency name: {day: text}} of what was asked for."""
        rows = {}
        for (currency_id, day), rate in sorted(self._found.items()):
            rows.setdefault(self.target.browse(currency_id).name, {})[day.isoformat()] = plain(rate)
        return rows

    def _reckon(self, currency, day):
        if self._known is not None:
            return self._known[currency.name, day]
        rate = self._rate(self.target, day) / self._rate(currency, day)
        return as_decimal(rate)  # reckoned with faster than a Fraction, where it has an end

    def _rate(self, currency, day):
        """Units of ``currency`` for one of the company's."""
        if currency.id not in self._tables:
            self._tables[currency.id] = self._table(currency)
        for days, values in self._tables[currency.id]:
            place = bisect_right(days, day)
            if place:
                return values[place - 1]
        if currency == self.company.currency_id:
            return Fraction(1)
        raise MissingRate(currency, day)

    def _table(self, currency):
        """[(days, rates)] of the company's own rates, then of the shared ones."""
        own, shared = ([], []), ([], [])
        currency.env["res.currency.rate"].flush_model()
        rows = currency.env.execute_query(SQL(
            """SELECT company_id, name, rate::text FROM res_currency_rate
                WHERE currency_id = %s AND (company_id IS NULL OR company_id = %s) ORDER BY name""",
            currency.id, self.company.root_id.id))
        for company_id, day, rate in rows:
            days, values = own if company_id else shared
            days.append(day)
            values.append(Fraction(rate))
        return [own, shared]
