"""What a component of a penalty clause says, in sentences that can stand in a contract.

A sentence that begins with "(a)" is an entry of the list that the sentence before it opens.
"""

from string import ascii_lowercase

from odoo import models

from ...engine import penalty_terms as engine
from ..obligations.finding import SEVERITIES
from ..sla.sla_target import PRIORITIES
from .penalty_terms import decimal


class Component(models.Model):
    _inherit = "aftersales.penalty.component"

    def _in_words(self, contract, words):
        """[sentence]: what is measured, what it costs, and what softens or sharpens it.

        ``contract``: whose service levels are named, or none; ``words``: a `DocumentWords`.
        """
        self.ensure_one()
        what = self._figure_in_words if self.kind in engine.ON_FIGURE else self._events_in_words
        first, *entries = what(contract, words)
        softened = [*self._target_in_words(contract, words), *self._allowances_in_words(words),
                    *self._own_caps_in_words(words), *self._repetition_in_words(words)]
        return [first, *_listed(entries), *([" ".join(softened)] if softened else [])]

    def _rate_in_words(self):
        """What it costs in a few words, for lists: "10 – 30 %", "€ 50.00"."""
        self.ensure_one()
        tiers = self.kind in (engine.BANDS, engine.BY_COUNT)
        rates = [decimal(band, "rate") for band in self.band_ids] if tiers else [decimal(self, "rate")]
        figures = " – ".join(f"{rate:f}" for rate in sorted({min(rates), max(rates)})) if rates else "…"
        if self.base == engine.PERCENT:
            return self.env._("%s %% of the fee", figures)
        return f"{figures} {self.currency_id.name or ''}".strip()

    # --- what is measured --------------------------------------------------------------------------------------------

    def _levels_in_words(self, contract, words):
        """The service levels that it is about: "Resolution · High", or metric, tiers and priority of the library."""
        targets = self._targets(contract) if contract else self.target_ids
        if targets:
            return ", ".join(f"“{target.display_name}”" for target in targets)
        parts = [words.selection(self, "metric"), *self.support_tier_ids.mapped("display_name")]
        if self.priority:
            parts.append(self.env._("Priority %s", words.selection(self, "priority")))
        return f"“{' · '.join(filter(None, parts))}”"

    def _figure_in_words(self, contract, words):
        """The sentence that says which figure costs how much, and the entries of its list."""
        _ = self.env._
        if self.source == "compliance":
            figure = _("the share (in percent) of the cases of a period that kept the service level %s",
                       self._levels_in_words(contract, words))
        else:
            unit = self.measure_id.unit
            figure = f"“{self.measure_id.name or ''}”" + (f" ({unit})" if unit else "")
        payer = self._payer()
        if self.kind == engine.BANDS:
            opening = _("%(name)s: measured is %(figure)s. For a period, %(payer)s", name=self.name, figure=figure,
                        payer=payer)
            return [f"{opening}:", *self._bands_in_words(words)]
        if self.kind == engine.PER_POINT:
            away = self._away_in_words()
            return [_("%(name)s: measured is %(figure)s. For each point by which it is %(away)s its target in a "
                      "period, parts of a point in proportion, %(payer)s %(rate)s.", name=self.name, figure=figure,
                      away=away, payer=payer, rate=self._rate(words, self.rate))]
        return [_("%(name)s: measured is %(figure)s. Where it is %(away)s its target in a period, %(payer)s a part of "
                  "%(whole)s: the difference from the target, divided by the target.", name=self.name, figure=figure,
                  away=self._away_in_words(), payer=payer, whole=self._rate(words, self.rate or 100))]

    def _away_in_words(self):
        """On which side of the target a figure costs something."""
        below = self.high_is_good != self.is_bonus
        return self.env._("below") if below else self.env._("above")

    def _bands_in_words(self, words):
        """One entry a band; an edge belongs to the better of its two sides, as in ``engine.tiers.band``."""
        found, bands = [], self._bands_in_order()
        for index, band in enumerate(bands):
            after = bands[index + 1:index + 2]
            found.append(self._band_in_words(
                self._rate(words, band.rate), words.number(decimal(band, "bound")),
                words.number(decimal(after, "bound")) if after else ""))
        return found

    def _band_in_words(self, rate, bound, after):
        """``bound``: where the band begins, on its side; ``after``: where the next one does, or ""."""
        _, values = self.env._, {"rate": rate, "bound": bound, "after": after}
        if self.is_bonus and self.high_is_good:
            return (_("%(rate)s where it is at least %(bound)s and below %(after)s", **values) if after
                    else _("%(rate)s where it is at least %(bound)s", **values))
        if self.is_bonus:
            return (_("%(rate)s where it is at most %(bound)s and above %(after)s", **values) if after
                    else _("%(rate)s where it is at most %(bound)s", **values))
        if self.high_is_good:
            return (_("%(rate)s where it is at least %(after)s and below %(bound)s", **values) if after
                    else _("%(rate)s where it is below %(bound)s", **values))
        return (_("%(rate)s where it is above %(bound)s and at most %(after)s", **values) if after
                else _("%(rate)s where it is above %(bound)s", **values))

    def _events_in_words(self, contract, words):
        _, payer, rate = self.env._, self._payer(), self._rate(words, self.rate)
        if self.source == "clock":
            failure = _("a failure is each case that misses the service level %s", self._levels_in_words(
                contract, words))
        else:
            failure = _("a failure is each breach of the contract by the provider that has been proven")
        values = {"name": self.name, "failure": failure, "payer": payer, "rate": rate}
        if self.kind == engine.PER_BREACH:
            return [_("%(name)s: %(failure)s. For each failure, %(payer)s %(rate)s.", **values)]
        if self.kind == engine.PER_UNIT:
            return [_("%(name)s: %(failure)s. For %(unit)s of the delay of each failure, %(payer)s %(rate)s.",
                      unit=self._unit_in_words(words), **values)]
        if self.kind == engine.POINTS:
            opening = _("%(name)s: %(failure)s and brings points by its severity. For each point of a period, "
                        "%(payer)s %(rate)s. A failure brings", **values)
            return [f"{opening}:", *self._severities_in_words(words)]
        opening = _("%(name)s: %(failure)s. By the number of failures in a period, %(payer)s", **values)
        return [f"{opening}:", *self._counts_in_words(words)]

    def _severities_in_words(self, words):
        _, found = self.env._, []
        for line in self.severity_ids.sorted(lambda one: (-one.points, one.severity or "")):
            points = _("1 point") if line.points == 1 else _("%s points", line.points)
            found.append(f"{words.selection(line, 'severity')}: {points}")
        wanted = {code for code, _label in (PRIORITIES if self.source == "clock" else SEVERITIES)}
        if wanted - set(self.severity_ids.mapped("severity")):
            found.append(_("any other failure: none"))
        return found

    def _counts_in_words(self, words):
        _, found = self.env._, []
        for band in self.band_ids.sorted("bound"):
            values = {"count": words.number(decimal(band, "bound")), "rate": self._rate(words, band.rate)}
            if self.count_rule == engine.LUMP:
                found.append(_("from %(count)s failures on: %(rate)s in all", **values))
            elif self.count_rule == engine.MARGINAL:
                found.append(_("for each failure from number %(count)s on: %(rate)s", **values))
            else:
                found.append(_("from %(count)s failures on: %(rate)s for each of the period's failures", **values))
        return found

    # --- what it costs -----------------------------------------------------------------------------------------------

    def _payer(self):
        """Who gives what: penalties are credited by the provider, a bonus is paid by the customer."""
        return self.env._("the customer pays") if self.is_bonus else self.env._("the provider credits")

    def _rate(self, words, rate):
        if self.base == engine.AMOUNT:
            return words.amount(rate, self.clause_id.currency_id)
        if self.weight and self.clause_id.at_risk_base:
            return self.env._("%s of its part of the amount at risk", words.percent(rate))
        return self.env._("%s of the period's fee", words.percent(rate))

    def _unit_in_words(self, words):
        """The unit of delay, and what becomes of its parts: "each working day begun", "each 30 completed minutes"."""
        _, count = self.env._, self.unit_length
        many = {"minute": _("minutes"), "hour": _("hours"), "day": _("working days"), "week": _("working weeks")}
        one = {"minute": _("minute"), "hour": _("hour"), "day": _("working day"), "week": _("working week")}
        unit = one[self.unit] if count == 1 else f"{count} {many[self.unit]}"
        if self.unit_rule == engine.STARTED:
            return _("each %s, begun or complete,", unit)
        if self.unit_rule == engine.COMPLETED:
            return _("each complete %s", unit)
        return _("each %s, parts of it in proportion,", unit)

    # --- what softens and what sharpens it ---------------------------------------------------------------------------

    def _target_in_words(self, contract, words):
        _, found = self.env._, []
        if self.kind in (engine.PER_POINT, engine.PROPORTIONAL):
            target = self._target_figure(contract)
            if target is not None:
                found.append(_("The target is %s; equal to it is no failure.", words.number(target)))
            else:
                found.append(_("The target is the objective of the service level; equal to it is no failure."))
        if self.kind in engine.ON_FIGURE and self.digits != "exact":
            places = {"0": _("to a whole number"), "1": _("to one decimal")}
            found.append(_("Before it is compared, the figure is rounded %s, half away from zero.", places.get(
                self.digits) or _("to %s decimals", self.digits)))
        return found

    def _allowances_in_words(self, words):
        _, found = self.env._, []
        if self.grace:
            beyond = (_("of more, only what lies beyond counts") if self.grace_rule == engine.DEDUCT
                      else _("more than that counts in full"))
            values = {"grace": self._grace_in_words(words), "beyond": beyond}
            if self.kind in engine.ON_FIGURE:
                found.append(_("Up to %(grace)s away from the target cost nothing; %(beyond)s.", **values))
            elif self.kind == engine.PER_UNIT:
                found.append(_("A delay of up to %(grace)s costs nothing; %(beyond)s.", **values))
            else:
                found.append(_("A failure late by no more than %(grace)s costs nothing.", **values))
        if self.free:
            found.append((_("Of the points of a period, the first %s are free.", self.free))
                         if self.kind == engine.POINTS else
                         _("Of the failures of a period, the first %s are free.", self.free))
        if self.deductible:
            found.append(_("Of its amount in a period, the first %s are not due.",
                           words.amount(self.deductible, self.clause_id.currency_id)))
        return found

    def _grace_in_words(self, words):
        number = words.number(decimal(self, "grace"))
        _ = self.env._
        return {"minute": _("%s minutes", number), "hour": _("%s hours", number), "day": _("%s working days", number),
                "week": _("%s working weeks", number), "point": _("%s points", number)}[self.grace_unit]

    def _own_caps_in_words(self, words):
        _, found, clause = self.env._, [], self.clause_id
        if self.event_cap_base:
            found.append(_("One failure costs at most %s.", clause._cap_in_words(self, "event_cap", words)))
        if self.cap_base:
            found.append(_("In a period this comes to at most %s.", clause._cap_in_words(self, "cap", words)))
        if self.weight and clause.at_risk_base:
            found.append(_("Its part of the amount at risk is %s.", words.percent(decimal(self, "weight"))))
        return found

    def _repetition_in_words(self, words):
        factors = [words.number(factor) for factor in self._multipliers()]
        if not factors:
            return []
        return [self.env._(
            "In periods that follow one another with such a penalty, its amount is multiplied, one period after the "
            "other, by %(factors)s; in every further one by the last of these.", factors="; ".join(factors))]


def _listed(entries):
    """Entries of a list with their letters: "(a) ...;", the last one with a full stop."""
    last = len(entries) - 1
    return [f"({_letter(index)}) {text}{'.' if index == last else ';'}" for index, text in enumerate(entries)]


def _letter(index):
    return ascii_lowercase[index] if index < len(ascii_lowercase) else str(index + 1)
