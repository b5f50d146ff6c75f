"""What a component of a share rule says, in sentences that can stand in a contract.

A sentence that begins with "(a)" is an entry of the list that the sentence before it opens.
"""

from datetime import date

from odoo import models

from ...engine import share_terms as engine
from ..penalties.component_words import _listed
from .share_translation import decimal


class Component(models.Model):
    _inherit = "aftersales.share.component"

    def _in_words(self, words):
        """[sentence]: for which lines it is, what the dealer receives or pays, and what decides how much of it."""
        self.ensure_one()
        return [*self._share_in_words(words), *self._payout_in_words(words)]

    def _lines_in_words(self):
        """Which lines it is for, in a few words, for lists: "Labour, Parts"."""
        self.ensure_one()
        named = [", ".join(records.mapped("display_name"))
                 for records in (self.product_ids, self.categ_ids, self.line_kind_ids) if records]
        return " · ".join(named) or self.env._("All")

    # --- which lines, of what ----------------------------------------------------------------------------------------

    def _scope_in_words(self):
        """The lines that earn it, as they stand in a sentence."""
        _, parts = self.env._, []
        if self.line_kind_ids:
            parts.append(_("of kind %s", self._quoted(self.line_kind_ids)))
        if self.categ_ids:
            parts.append(_("of product category %s", self._quoted(self.categ_ids)))
        if self.product_ids:
            parts.append(_("with product %s", self._quoted(self.product_ids)))
        if parts:
            return _("lines %s", " ".join(parts))
        return _("all other lines") if len(self.rule_id.component_ids) > 1 else _("all lines")

    @staticmethod
    def _quoted(records):
        return ", ".join(f"“{record.display_name}”" for record in records)

    def _share_in_words(self, words):
        """The sentence of its share; rates of several days, or brackets, are entries of a list."""
        _ = self.env._
        opening = _("%(name)s: for %(lines)s, %(payer)s", name=self.name, lines=self._scope_in_words(),
                    payer=self._payer())
        rates = self.rate_ids.sorted(lambda one: one.start or date.min)
        if not rates:
            return [_("%s nothing, for it has no rate.", opening)]
        found = []
        for rate in rates:
            begun = (_("%(opening)s, from %(day)s on,", opening=opening, day=words.day(rate.start)) if rate.start
                     else opening)
            found += self._rate_in_sentences(begun, rate, words)
            opening = _("%(name)s: %(payer)s", name=self.name, payer=self._payer())
        return found

    def _rate_in_sentences(self, opening, rate, words):
        _, values = self.env._, {"opening": opening, "base": self._base_in_words()}
        if self.rate_kind == "standard":
            return [_("%(opening)s %(hit)s %(base)s where the promised times were kept, and %(value)s where they were "
                      "not.", hit=self._figure(words, rate.hit), value=self._figure(words, rate.value), **values)]
        if self.rate_kind != "brackets":
            return [_("%(opening)s %(value)s %(base)s.", value=self._figure(words, rate.value), **values)]
        begun = _("%(opening)s, by the volume of %(span)s", opening=opening, span=self._span_in_words())
        found = [f"{begun}:", *_listed(rate._brackets_in_words(words))]
        if self.retroactive:
            found.append(_("A bracket that is reached counts for what was settled earlier in the same span, too; the "
                           "difference is settled with the period that reaches it."))
        return found

    def _payer(self):
        return self.env._("the dealer pays") if self.direction == engine.PAYS else self.env._("the dealer receives")

    def _base_in_words(self):
        """What the rate is of: "of the revenue before taxes", "for each job"."""
        _ = self.env._
        return {
            engine.REVENUE: _("of the revenue before taxes"),
            engine.MARGIN: _("of the margin (revenue before taxes, less the cost as of the line's day)"),
            engine.PER_JOB: _("for each job, however many lines it has"),
            engine.PER_UNIT: _("for each unit"),
            engine.USAGE: _("for each unit used"),
        }[self.basis]

    def _span_in_words(self):
        _ = self.env._
        return {
            engine.PERIOD: _("the period settled"), engine.MONTH: _("the calendar month"),
            engine.QUARTER: _("the calendar quarter"), engine.YEAR: _("the calendar year"),
        }[self.accumulate]

    def _volume(self, words, bracket):
        """The bound of a bracket: money, or units."""
        if self._is_percent():
            return words.amount(bracket.bound, self.currency_id)
        return words.number(decimal(bracket, "bound"))

    def _figure(self, words, rate):
        """A rate as percent or sum. A sum may be finer than the currency: 0.0125 for each page."""
        if self._is_percent():
            return words.percent(rate)
        currency = self.currency_id
        if round(rate, 6) == round(rate, currency.decimal_places):
            return words.amount(rate, currency)
        return f"{words.number(rate)} {currency.name}"


class Rate(models.Model):
    _inherit = "aftersales.share.rate"

    def _rate_in_words(self):
        """In a few words, for lists: "10 %", "8 – 12 %", "50 EUR"."""
        self.ensure_one()
        component = self.component_id
        if component.rate_kind == "brackets":
            rates = [decimal(one, "rate") for one in self.bracket_ids]
        else:
            rates = [decimal(self, "value")] + [decimal(self, "hit")] * (component.rate_kind == "standard")
        figures = " – ".join(f"{rate:f}" for rate in sorted({min(rates), max(rates)})) if rates else "…"
        return f"{figures} %" if component._is_percent() else f"{figures} {component.currency_id.name or ''}".strip()

    def _brackets_in_words(self, words):
        """One entry a bracket; an edge belongs to the bracket that begins there."""
        _, component, found = self.env._, self.component_id, []
        brackets = self.bracket_ids.sorted("bound")
        for index, bracket in enumerate(brackets):
            after = brackets[index + 1:index + 2]
            bound = component._volume(words, bracket) if bracket.bound else ""
            part = self._part_in_words(bound, component._volume(words, after) if after else "")
            found.append(_("%(rate)s %(base)s, %(part)s", rate=component._figure(words, bracket.rate),
                           base=component._base_in_words(), part=part))
        return found

    def _part_in_words(self, bound, after):
        """What a bracket from ``bound`` up to ``after`` ("": from 0, or without end) counts for."""
        _, values = self.env._, {"bound": bound, "after": after}
        if self.component_id.bracket_rule == engine.MARGINAL:
            if bound and after:
                return _("for the part from %(bound)s up to %(after)s", **values)
            return _("for the part from %(bound)s on", **values) if bound else (
                _("for the part up to %(after)s", **values) if after else _("for all of it"))
        if bound and after:
            return _("for all of it, where it is at least %(bound)s and below %(after)s", **values)
        return _("for all of it, where it is at least %(bound)s", **values) if bound else (
            _("for all of it, where it is below %(after)s", **values) if after else _("for all of it"))


class Payout(models.AbstractModel):
    _inherit = "aftersales.share.payout"

    def _payout_in_words(self, words):
        """The sentences that say by which figure how much is paid out; none where all is."""
        self.ensure_one()
        _ = self.env._
        if not self.payout_measure:
            return []
        opening = _("How much of “%(name)s” is due goes by %(measure)s in the period", name=self.name,
                    measure=self._measure_in_words())
        found = [f"{opening}:", *_listed(self._bands_in_words(words))]
        otherwise = words.percent(decimal(self, "payout_otherwise"))
        if self.payout_minimum > 1:
            return [*found, _("With fewer than %(count)s cases, %(percent)s is due.", count=self.payout_minimum,
                              percent=otherwise)]
        return [*found, _("Where nothing was measured, %s is due.", otherwise)]

    def _measure_in_words(self):
        _ = self.env._
        if self.payout_measure == "figure":
            unit = self.measure_id.unit
            return f"“{self.measure_id.name or ''}”" + (f" ({unit})" if unit else "")
        return {
            "compliance": _("the share (in percent) of the dealer's cases that kept their service levels"),
            "scorecard": _("the total of the dealer's scorecard"),
            "csat": _("the customers' satisfaction"),
        }[self.payout_measure]

    def _bands_in_words(self, words):
        """One entry a band, from the best to the worst; the figure of the band itself is in."""
        _, high, found, better = self.env._, self._high_is_good(), [], ""
        for band in self.band_ids.sorted("bound", reverse=high):
            values = {"percent": words.percent(decimal(band, "percent")), "bound": words.number(decimal(band, "bound")),
                      "better": better}
            if high:
                found.append(_("%(percent)s where it is at least %(bound)s and below %(better)s", **values) if better
                             else _("%(percent)s where it is at least %(bound)s", **values))
            else:
                found.append(_("%(percent)s where it is at most %(bound)s and above %(better)s", **values) if better
                             else _("%(percent)s where it is at most %(bound)s", **values))
            better = values["bound"]
        if better and not (high and better == words.number(0)):
            found.append(_("nothing where it is below %s", better) if high
                         else _("nothing where it is above %s", better))
        return found
