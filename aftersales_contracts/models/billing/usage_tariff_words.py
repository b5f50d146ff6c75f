"""Usage tariff in words: its terms in sentences, what it costs by example, and what may surprise its reader."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr, formatLang

from ...engine.errors import EngineError
from ...engine.usage import cliffs
from .usage_tariff import PRICE, QUANTITY, exact_number


class UsageTariff(models.Model):
    _inherit = "aftersales.usage.tariff"

    words = fields.Text(string="In Words", compute="_compute_words")
    examples = fields.Json(compute="_compute_examples")
    warning = fields.Char(compute="_compute_warning")

    @api.depends("band_ids.bound", "band_ids.price", "allowance", "base_fee", "minimum_amount", "minimum_quantity")
    @api.depends_context("lang")
    def _compute_examples(self):
        """[[quantity, price of a unit on average, amount]] at nothing, at each bound and beyond the last one."""
        for tariff in self:
            free = exact_number(tariff.allowance, QUANTITY[1])
            bounds = sorted({exact_number(band.bound, QUANTITY[1]) for band in tariff.band_ids})
            beyond = [free + bound for bound in bounds]
            last = max([*beyond, tariff.minimum_quantity and exact_number(tariff.minimum_quantity, QUANTITY[1]) or 0])
            shown = sorted({Decimal(0), *beyond, (last or Decimal(50)) * 2}) if bounds else ()
            tariff.examples = [tariff._example(units) for units in shown]

    def _example(self, units):
        total = self._rated_or_zero(units)
        if not units or not self.currency_id:
            return [self._counted(units), "", self._say(total)]
        each = f"{self._number(round(total / units, 4))} {self.currency_id.name}"
        return [self._counted(units), self.env._("%s each", each), self._say(total)]

    @api.depends("band_ids.bound", "band_ids.price", "rule")
    def _compute_warning(self):
        for tariff in self:
            try:
                found = cliffs(tariff._terms()) if tariff.currency_id else ()
            except EngineError as error:
                tariff.warning = tariff.env._("Not ready to release: %s.", error)
                continue
            tariff.warning = tariff.env._(
                "From %(bounds)s on all units become cheaper: a little more usage costs less in all.",
                bounds=", ".join(tariff._counted(bound) for bound in found)) if found else False

    def _number(self, value):
        """A number in the reader's way, without trailing zeros."""
        text = float_repr(float(value), PRICE[1]).rstrip("0").rstrip(".")
        return formatLang(self.env, float(value), digits=len(text.partition(".")[2]))

    def _counted(self, units):
        return f"{self._number(units)} {self.unit_name or ''}".strip()

    def _say(self, amount):
        return self.currency_id.format(float(amount)) if self.currency_id else ""

    @api.depends(
        "band_ids.bound", "band_ids.price", "rule", "allowance", "minimum_in", "minimum_amount", "minimum_quantity",
        "base_fee", "unit_name", "prorated_bounds", "currency_id")
    @api.depends_context("lang")
    def _compute_words(self):
        for tariff in self:
            tariff.words = "\n".join(tariff._in_words()) if tariff.band_ids and tariff.currency_id else False

    def _in_words(self):
        """The tariff in sentences, in the language of the environment."""
        self.ensure_one()
        _, say = self.env._, self._say
        found = [self._price_words()]
        if len(self.band_ids) > 1:
            found.append(
                _("Each unit costs the price of the tier in which it lies.") if self.rule == "marginal" else
                _("All units of a period cost the price of the tier in which the last one lies."))
        if self.allowance:
            found.append(_("Included in each period: %s.", self._counted(self.allowance)))
        if self.minimum_in == "amount" and self.minimum_amount:
            found.append(_("The usage of a period costs at least %s.", say(self.minimum_amount)))
        if self.minimum_in == "quantity" and self.minimum_quantity:
            found.append(_(
                "Charged in each period at least: %s, beyond what is included.",
                self._counted(self.minimum_quantity)))
        if self.base_fee:
            found.append(_("The base fee of a period is %s.", say(self.base_fee)))
        if self.allowance or self.base_fee or self.minimum_amount or self.minimum_quantity:
            found.append(_("In a part of a period these count by its days."))
        return found

    def _price_words(self):
        _ = self.env._
        bands = self.band_ids.sorted("bound")
        price = lambda band: f"{self._number(band.price)} {self.currency_id.name}"  # noqa: E731
        if len(bands) == 1:
            return _("%(price)s for each %(unit)s.", price=price(bands), unit=self.unit_name)
        parts = []
        for band, later in zip(bands, [*bands[1:], None], strict=True):
            names = {"low": self._number(band.bound), "high": later and self._number(later.bound), "price": price(band)}
            parts.append(_("up to %(high)s: %(price)s", **names) if not band.bound and later else
                         _("from %(low)s to %(high)s: %(price)s", **names) if later else
                         _("beyond %(low)s: %(price)s", **names))
        return _("For each %(unit)s %(tiers)s.", unit=self.unit_name, tiers="; ".join(parts))
