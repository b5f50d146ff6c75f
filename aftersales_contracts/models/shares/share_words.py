"""What a share rule says, in sentences that can stand in a contract: its components, then its own rules."""

from odoo import api, fields, models

from ...engine import share_terms as engine
from ..signing.document_words import DocumentWords
from .share_component import SAYS
from .share_rule import RULES
from .share_translation import decimal

BONUS_SAYS = tuple(f"bonus_ids.{name}" for name in (
    "sequence", "name", "value", "percent", "payout_measure", "measure_id", "band_ids.bound", "band_ids.percent",
    "payout_minimum", "payout_otherwise"))
PAYEE_SAYS = ("payee_ids.sequence", "payee_ids.partner_id", "payee_ids.percent")


class ShareRule(models.Model):
    _inherit = "aftersales.share.rule"

    words_text = fields.Text(
        string="In Words", compute="_compute_words_text", help="As it stands in the document of a contract.")

    @api.depends(*RULES, *SAYS, *BONUS_SAYS, *PAYEE_SAYS)
    @api.depends_context("lang")
    def _compute_words_text(self):
        for rule in self:
            rule.words_text = "\n".join(rule._in_words()) if rule.currency_id else False

    def _in_words(self, words=None):
        """[sentence] in the language of ``words`` (a `DocumentWords`; else of the context)."""
        self.ensure_one()
        words = words or DocumentWords(self.env, self.env.lang or "en_US")
        rule = self.with_env(words.env)
        found = rule._settling_in_words(words)
        for component in rule.component_ids.sorted(lambda one: (one.sequence, one._origin.id or 0)):
            found += component._in_words(words)
        found += rule._paragraphs(words, rule._lines_in_words, rule._limits_in_words)
        for bonus in rule.bonus_ids.sorted(lambda one: (one.sequence, one._origin.id or 0)):
            found += bonus._in_words(words)
        return found + rule._paragraphs(
            words, rule._brand_fee_in_words, rule._withholding_in_words, rule._balance_in_words,
            rule._rounding_in_words, rule._payees_in_words, rule._answer_in_words)

    @staticmethod
    def _paragraphs(words, *told):
        """The sentences of each of ``told`` in one; those that say nothing are left out."""
        return [" ".join(sentences) for one in told if (sentences := one(words))]

    def _amount_in_words(self, words, name):
        return words.amount(self[name], self.currency_id)

    def _settling_in_words(self, words):
        """Over which periods, and which revenue of them counts."""
        _ = self.env._
        period = {"month": _("each calendar month"), "quarter": _("each calendar quarter"),
                  "year": _("each calendar year")}[self.period]
        if self.pay_basis == "paid":
            return [_("Shares are settled for %s, by what the customers paid in it. Of a part payment, the part of the "
                      "invoice that was paid counts.", period)]
        return [_("Shares are settled for %s, by what was invoiced to customers in it.", period)]

    def _lines_in_words(self, words):
        """What counts for lines of any component."""
        _ = self.env._
        return [
            _("A credit note takes back the share that was given for what it refunds, at the rate of then."),
            _("A line for which no rate is in force earns nothing."),
            {"invoice_date": _("Amounts in another currency are converted at the rate of the invoice's day."),
             "settlement_date": _("Amounts in another currency are converted at the rate of the period's last day."),
             "own": _("Amounts in another currency are settled in that currency."),
             }[self.fx]]

    def _limits_in_words(self, words):
        _, found = self.env._, []
        if self.cap:
            found.append(_("The shares of a period come to at most %s.", self._amount_in_words(words, "cap")))
        if self.guarantee:
            found.append(_("The shares of a period come to at least %s, even where nothing was sold; in a part of a "
                           "period, to the same part of it.", self._amount_in_words(words, "guarantee")))
        return found

    def _brand_fee_in_words(self, words):
        _ = self.env._
        if not self.brand_fee_base or not self.brand_fee_value:
            return []
        percent = words.percent(decimal(self, "brand_fee_value"))
        return [{
            "revenue": _("For the use of the brand, the dealer pays %s of the revenue of the period.", percent),
            "share": _("For the use of the brand, the dealer pays %s of the share of the period.", percent),
            "amount": _("For the use of the brand, the dealer pays %s for each period.",
                        self._amount_in_words(words, "brand_fee_value")),
        }[self.brand_fee_base]]

    def _withholding_in_words(self, words):
        _, found = self.env._, [self.env._("Penalties that the dealer owes are deducted.")]
        if self.withholding:
            found.append(_("Of what the dealer then receives, %s is withheld.",
                           words.percent(decimal(self, "withholding"))))
        return found

    def _balance_in_words(self, words):
        _ = self.env._
        return [_("A balance below zero is carried to the next period.") if self.negative == engine.CARRY
                else _("A balance below zero is charged to the dealer at once.")]

    def _rounding_in_words(self, words):
        _ = self.env._
        unit = words.amount(self.payable_unit or self.currency_id.rounding, self.currency_id)
        if self.rounding == engine.PER_LINE:
            return [_("Each line is rounded to %s, half away from zero.", unit)]
        return [_("The running total of each component is rounded to %s, half away from zero.", unit)]

    def _payees_in_words(self, words):
        payees = [f"{payee.partner_id.display_name} ({words.percent(decimal(payee, 'percent'))})"
                  for payee in self.payee_ids.sorted(lambda one: (one.sequence, one._origin.id or 0))]
        return [self.env._("What is paid goes to %s.", ", ".join(payees))] if payees else []

    def _answer_in_words(self, words):
        if not self.silence_accepts:
            return []
        return [self.env._("Lines of a settlement that the dealer has neither accepted nor disputed within the time to "
                           "answer count as accepted.")]


class Bonus(models.Model):
    _inherit = "aftersales.share.bonus"

    def _in_words(self, words):
        """[sentence]: the bonus, and by which figure it is paid out."""
        self.ensure_one()
        _, values = self.env._, {"name": self.name}
        first = (
            _("%(name)s: the dealer receives a bonus of %(value)s of the share of the period.",
              value=words.percent(decimal(self, "value")), **values) if self.percent else
            _("%(name)s: the dealer receives a bonus of %(value)s for each period.",
              value=words.amount(self.value, self.rule_id.currency_id), **values))
        return [first, *self._payout_in_words(words)]
