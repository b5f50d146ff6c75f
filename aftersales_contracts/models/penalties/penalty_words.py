"""What a penalty clause says, in sentences that can stand in a contract: its components, then its own rules."""

from odoo import api, fields, models

from ...engine import penalty_terms as engine
from ..signing.document_words import DocumentWords
from .penalty_clause import RULES
from .penalty_component import SAYS
from .penalty_terms import decimal


class PenaltyClause(models.Model):
    _inherit = "aftersales.penalty.clause"

    words_text = fields.Text(
        string="In Words", compute="_compute_words_text", help="As it stands in the document of a contract.")

    @api.depends(*RULES, *SAYS)
    @api.depends_context("lang")
    def _compute_words_text(self):
        for clause in self:
            clause.words_text = "\n".join(clause._in_words()) if clause.currency_id else False

    def _in_words(self, contract=None, words=None):
        """[sentence] in the language of ``words`` (a `DocumentWords`; else of the context).

        ``contract``: whose service levels and targets are named; without one those that the library names.
        """
        self.ensure_one()
        words = words or DocumentWords(self.env, self.env.lang or "en_US")
        clause = self.with_env(words.env)
        contract = (contract or self.env["aftersales.contract"]).with_env(words.env)
        found = []
        for component in clause.component_ids.sorted(lambda one: (one.sequence, one._origin.id or 0)):
            found += component._in_words(contract, words)
        rules = (
            clause._at_risk_in_words, clause._measuring_in_words, clause._period_cap_in_words, clause._bonus_in_words,
            clause._running_caps_in_words, clause._earn_back_in_words, clause._grace_days_in_words,
            clause._rounding_in_words, clause._remedy_in_words)
        return found + [" ".join(sentences) for rule in rules if (sentences := rule(words))]

    def _cap_in_words(self, record, name, words):
        """An amount, or percent of the fee or of the contract's value: the fields ``<name>_value`` and ``_base``."""
        value = decimal(record, f"{name}_value")
        base = record[f"{name}_base"]
        if base == engine.FIXED:
            return words.amount(float(value), self.currency_id)
        if base == engine.OF_FEE:
            return self.env._("%s of the period's fee", words.percent(value))
        return self.env._("%s of the value of the contract", words.percent(value))

    def _at_risk_in_words(self, words):
        if not self.at_risk_base:
            return []
        return [self.env._("The amount at risk in a period is %s; the weights divide it among the measures above.",
                           self._cap_in_words(self, "at_risk", words))]

    def _measuring_in_words(self, words):
        """What is not measured or is excused, and how several components come together."""
        _ = self.env._
        found = [
            _("Where nothing was measured in a period, no amount is due for it."),
            _("Failures and times that are excused leave the period: they count neither as good nor as missed.")
            if self.excused_rule == engine.REMOVED else
            _("Failures and times that are excused count as good.")]
        if len(self.component_ids) > 1:
            found.append({
                engine.SUM: _("The amounts of a period are added up."),
                engine.HIGHEST: _("Of the amounts of a period only the highest is due."),
                engine.LOWEST: _("Of the amounts of a period only the lowest is due."),
                engine.HIGHEST_PER_EVENT: _("Where one failure causes several amounts, only the highest of them is "
                                             "due."),
            }[self.combine])
        return found

    def _period_cap_in_words(self, words):
        _, found = self.env._, []
        if self.period_cap_base:
            found.append(_("In all, at most %s is due for a period.", self._cap_in_words(self, "period_cap", words)))
            found.append(_("What exceeds that is carried to the next period.") if self.excess_rule == engine.CARRIED
                         else _("What exceeds that lapses."))
        if self.minimum:
            amount = words.amount(self.minimum, self.currency_id)
            found.append(_("An amount below %s is raised to it.", amount) if self.minimum_rule == engine.RAISE
                         else _("An amount below %s is not due.", amount))
        return found

    def _bonus_in_words(self, words):
        _, found = self.env._, []
        if not any(self.component_ids.mapped("is_bonus")):
            return found
        if self.bonus_cap_base:
            found.append(_("Bonuses come to at most %s in a period.", self._cap_in_words(self, "bonus_cap", words)))
        found.append(_("In a period with a penalty no bonus is due.") if self.bonus_excludes
                     else _("Penalties and bonuses of a period are set off against each other."))
        return found

    def _running_caps_in_words(self, words):
        _, found = self.env._, []
        if self.yearly_cap_base:
            cap = self._cap_in_words(self, "yearly_cap", words)
            found.append(_("In a calendar year at most %s is due.", cap) if self.year_rule == "calendar"
                         else _("In a year of the contract at most %s is due.", cap))
        if self.contract_cap_base:
            found.append(_("Over the whole term at most %s is due.", self._cap_in_words(self, "contract_cap", words)))
        return found

    def _earn_back_in_words(self, words):
        if not self.earn_back:
            return []
        _ = self.env._
        values = {
            "percent": words.percent(decimal(self, "earn_back_percent")), "count": self.earn_back_window,
            "name": self.earn_back_component_id.name or "",
            "reached": (_("exceeds %s", words.number(decimal(self, "earn_back_figure"))) if self.earn_back_strict
                        else _("reaches %s", words.number(decimal(self, "earn_back_figure"))))}
        if not self.earn_back_window:
            return [_("%(percent)s of a penalty is returned once, in a later period whose figure of “%(name)s” "
                      "%(reached)s.", **values)]
        if self.earn_back_window == 1:
            return [_("%(percent)s of a penalty is returned, once, where the figure of “%(name)s” %(reached)s in the "
                      "next period.", **values)]
        return [_("%(percent)s of a penalty is returned, once, where the figure of “%(name)s” %(reached)s in one of "
                  "the next %(count)s periods.", **values)]

    def _grace_days_in_words(self, words):
        if not self.grace_days:
            return []
        return [self.env._("Periods that begin within the first %s days of the contract cost nothing.",
                           self.grace_days)]

    def _rounding_in_words(self, words):
        _ = self.env._
        unit = words.number(decimal(self, "payable_unit")) if self.payable_unit else ""
        what = _("Every single amount is") if self.rounding_rule == engine.PER_LINE else _("The total of a period is")
        if unit:
            text = _("%(what)s rounded to a multiple of %(unit)s %(currency)s, half away from zero.", what=what,
                     unit=unit, currency=self.currency_id.name)
        else:
            text = _("%(what)s rounded to the smallest unit of %(currency)s, half away from zero.", what=what,
                     currency=self.currency_id.name)
        settled = (_("It is settled by a credit note.") if self.settle_by == "credit_note"
                   else _("It is deducted from the next invoice."))
        return [text, settled]

    def _remedy_in_words(self, words):
        _ = self.env._
        return [_("These amounts settle the failures that they are due for: no further damages are owed for them.")
                if self.remedy == "sole" else
                _("Further damages may be claimed; amounts that were credited for the same failure are set off.")]
