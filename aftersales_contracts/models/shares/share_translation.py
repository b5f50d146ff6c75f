"""From the records of a share rule to the engine's `Rule`: the one translator.

Keys that lines must use, too: a line kind by its code, a product (``product.product``) and a category by ``str(id)``,
a payee by ``str(partner id)``, a figure by `_measure_key`.
"""

from datetime import date
from decimal import Decimal

from odoo import models
from odoo.tools import float_repr

from ...engine import share_terms as engine


class ShareRule(models.Model):
    _inherit = "aftersales.share.rule"

    def _terms(self, currency=None, lang=None):
        """The engine's `Rule`. ``currency``: of the settlement, where it is settled in another than the rule's;
        ``lang``: of the names; else that of the context."""
        self.ensure_one()
        currency = currency or self.currency_id
        named = self.with_context(lang=lang) if lang else self
        own = currency == self.currency_id  # a sum in one currency is nothing in another: the findings refuse both
        return engine.Rule(
            reference=self._reference() or self.name or "",
            components=tuple(one._terms() for one in named.component_ids.sorted(_place)),
            rounding=self.rounding, currency_rounding=_unit_of(currency),
            payable=own and decimal(self, "payable_unit") or None,
            cap=own and _amount(self, "cap") or None, guarantee=own and _amount(self, "guarantee") or None,
            brand_fee=self._brand_fee_terms(), bonuses=tuple(one._terms() for one in named.bonus_ids.sorted(_place)),
            withholding=decimal(self, "withholding"), negative=self.negative,
            split=tuple((str(payee.partner_id.id), decimal(payee, "percent"))
                        for payee in self.payee_ids.sorted(_place)))

    def _brand_fee_terms(self):
        if not self.brand_fee_base:
            return None
        return engine.BrandFee(decimal(self, "brand_fee_value"), self.brand_fee_base)


class Component(models.Model):
    _inherit = "aftersales.share.component"

    def _terms(self):
        """The engine's `Component`, without the days that a contract holds it."""
        self.ensure_one()
        return engine.Component(
            key=self.key or str(self.id), name=self.name or "", basis=self.basis, direction=self.direction,
            rates=tuple(rate._terms(self.rate_kind) for rate in self.rate_ids.sorted(
                lambda one: one.start or date.min)),
            kinds=frozenset(self.with_context(active_test=False).line_kind_ids.mapped("code")),
            products=_keys(self.with_context(active_test=False).product_ids), categories=_keys(self.categ_ids),
            bracket_rule=self.bracket_rule, accumulate=self.accumulate,
            retroactive=self.rate_kind == "brackets" and self.retroactive, payout=self._payout_terms())


class Rate(models.Model):
    _inherit = "aftersales.share.rate"

    def _terms(self, kind):
        """The engine's `Rate` as its component is of ``kind``: what another kind would read is left out."""
        self.ensure_one()
        if kind == "brackets":
            brackets = tuple(engine.Bracket(decimal(one, "bound"), decimal(one, "rate"))
                             for one in self.bracket_ids.sorted("bound"))
            return engine.Rate(self.start or None, brackets=brackets)
        hit = decimal(self, "hit") if kind == "standard" else None
        return engine.Rate(self.start or None, decimal(self, "value"), hit)


class Payout(models.AbstractModel):
    _inherit = "aftersales.share.payout"

    def _payout_terms(self):
        """The engine's `Payout`; None where all is paid out. Bands are read from bad to good."""
        self.ensure_one()
        if not self.payout_measure:
            return None
        high = self._high_is_good()
        bands = tuple(engine.Bracket(decimal(band, "bound"), decimal(band, "percent"))
                      for band in self.band_ids.sorted("bound", reverse=not high))
        return engine.Payout(
            self._measure_key(), bands, high, self.payout_minimum, decimal(self, "payout_otherwise"))


class Bonus(models.Model):
    _inherit = "aftersales.share.bonus"

    def _terms(self):
        """The engine's `Bonus`."""
        self.ensure_one()
        return engine.Bonus(self.name or "", decimal(self, "value"), self.percent, self._payout_terms())


def decimal(record, name):
    """A stored figure as a Decimal, with the digits that its field keeps."""
    digits = record._fields[name].get_digits(record.env)[1]
    return Decimal(float_repr(record[name], digits)).normalize() + 0


def _amount(record, name):
    """A stored amount as a Decimal of the record's currency."""
    return Decimal(float_repr(record[name], record.currency_id.decimal_places))


def _unit_of(currency):
    return Decimal(float_repr(currency.rounding, 6)).normalize()


def _keys(records):
    return frozenset(str(key) for key in records.ids)


def _place(record):
    return record.sequence, record._origin.id or 0
