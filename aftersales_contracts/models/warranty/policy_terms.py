"""The engine's values of a warranty policy, what is wrong with a draft, and the policy in words."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import float_repr, format_date, ormcache

from ...engine.errors import EngineError
from ...engine.warranty_serials import Scope, SerialRange
from ...engine.warranty_terms import Benefit, Exclusion, Limit, Policy, StartRule, Term
from ..assets.asset_keys import category_key, product_key

KINDS = ("parts", "labour", "travel")


class WarrantyPolicy(models.Model):
    _inherit = "aftersales.warranty.policy"

    def _terms(self):
        """The engine's `Policy`. Raises `EngineError` for terms that cannot be worked with."""
        self.ensure_one()
        if self.state == "draft":
            return self._make_terms()
        return self._stored_terms(self.id)

    @api.model
    @ormcache("policy_id", "self.env.lang")
    def _stored_terms(self, policy_id):
        """Of a released version, which does not change."""
        return self.sudo().browse(policy_id)._make_terms()  # the verdict reads what counts, whoever asks

    def _make_terms(self):
        shared = tuple(limit._terms() for limit in self.limit_ids if not limit.kind)
        return Policy(
            self._reference(), tuple(benefit._terms() for benefit in self.benefit_ids), self._start_rule(), shared,
            tuple(one._terms() for one in self.exclusion_ids), self._money(self.cap) or None,
            self._money(self.claim_cap) or None, self.transfer, self.replacement,
            Term(self.replacement_count, self.replacement_unit) if self.replacement_count else None, self.resale,
            self.kit, self.repair_extends)

    def _start_rule(self):
        at_most = Term(self.start_at_most, self.start_at_most_unit) if self.start_at_most else None
        return StartRule(self.start_trigger, at_most, self.start_after,
                         (self.start_otherwise,) if self.start_otherwise else (), self.day_after)

    def _money(self, value):
        return Decimal(float_repr(value, self.currency_id.decimal_places))

    def _scope(self):
        """The engine's `Scope`: which machines it is for. Raises `EngineError` for a range that is none."""
        self.ensure_one()
        serials = (SerialRange(self.serial_first, self.serial_last or ""),) if self.serial_first else ()
        return Scope(
            products=frozenset(map(product_key, self.product_ids)),
            categories=frozenset(map(category_key, self.categ_ids)), serials=serials,
            batches=frozenset({self.batch.strip()} if self.batch and self.batch.strip() else ()))

    def _lint(self):
        """Sentences on what stops the release."""
        self.ensure_one()
        found, _ = [], self.env._
        if not self.benefit_ids:
            found.append(_("it pays nothing: a benefit for parts, labour or travel is missing"))
        if self.serial_last and not self.serial_first:
            found.append(_("serial numbers end with %s, and begin with none", self.serial_last))
        double = [limit for limit in self.limit_ids if limit.kind and limit.kind not in self.benefit_ids.mapped("kind")]
        found += [_("the limit of %s is for items that it does not pay", limit.meter_id.name) for limit in double]
        try:
            self._make_terms()
            self._scope()
        except EngineError as error:
            found.append(str(error))
        return found

    @api.depends("benefit_ids", "limit_ids", "exclusion_ids", "start_trigger", "transfer", "replacement")
    @api.depends_context("lang")
    def _compute_in_words(self):
        for policy in self:
            policy.in_words = "\n".join(policy._in_words())

    def _in_words(self):
        """Sentences that say what it pays and when, in the reader's language."""
        _, words = self.env._, []
        label = lambda record, name: dict(record._fields[name]._description_selection(self.env)).get(record[name])  # noqa: E731
        for one in self.benefit_ids:
            term = _("for %(count)s %(unit)s", count=one.term_count, unit=label(one, "term_unit").lower()
                     ) if one.term_count else _("as long as it is in force")
            words.append(_("%(kind)s: %(percent)s %% %(term)s.", kind=label(one, "kind"),
                           percent=float_repr(one.percent, 2).rstrip("0").rstrip("."), term=term))
        words.append(_("It begins with: %s.", label(self, "start_trigger")))
        words += [_("%(meter)s: at most %(amount)s.", meter=one.meter_id.name, amount=f"{one.amount:g}")
                  for one in self.limit_ids]
        words += [_("Not paid: %s.", one.reason) for one in self.exclusion_ids]
        words.append(_("New owner: %s.", label(self, "transfer")))
        words.append(_("A replacement gets: %s.", label(self, "replacement")))
        if self.valid_from or self.valid_until:
            words.append(_("For machines sold from %(first)s to %(last)s.",
                           first=self.valid_from and format_date(self.env, self.valid_from) or "…",
                           last=self.valid_until and format_date(self.env, self.valid_until) or "…"))
        return words


class WarrantyBenefit(models.Model):
    _inherit = "aftersales.warranty.benefit"

    def _terms(self):
        self.ensure_one()
        policy = self.policy_id
        limits = tuple(limit._terms() for limit in policy.limit_ids if limit.kind == self.kind)
        return Benefit(
            self.kind, Term(self.term_count, self.term_unit) if self.term_count else None,
            Decimal(float_repr(self.percent, 6)).normalize() + 0, policy._money(self.cap) or None,
            policy._money(self.claim_cap) or None, limits)


class WarrantyLimit(models.Model):
    _inherit = "aftersales.warranty.limit"

    def _terms(self):
        self.ensure_one()
        return Limit(self.meter_id.code, Decimal(float_repr(self.amount, 2)), self.since)


class WarrantyExclusion(models.Model):
    _inherit = "aftersales.warranty.exclusion"

    def _terms(self):
        self.ensure_one()
        return Exclusion(
            self.reason, frozenset(map(product_key, self.product_ids)), frozenset(map(category_key, self.categ_ids)),
            frozenset(self.cause_ids.mapped("code")), frozenset(kind for kind in KINDS if self[kind]))
