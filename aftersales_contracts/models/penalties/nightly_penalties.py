"""Nightly: assess the penalties of closed statements, and of the ended periods of providers and dealers."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_amount

from ..common.nightly import NightlyStep

_lt = LazyTranslate(__name__)
CUSTOMERS = NightlyStep(
    115, "penalties", _lt("Assess penalties"), "aftersales.statement", "_nightly_penalties_domain",
    "_nightly_penalties")
PROVIDERS = NightlyStep(
    116, "provider_penalties", _lt("Assess penalties of providers"), "aftersales.contract",
    "_nightly_provider_penalties_domain", "_nightly_provider_penalties")


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), CUSTOMERS, PROVIDERS]


class Statement(models.Model):
    _inherit = "aftersales.statement"

    @api.model
    def _nightly_penalties_domain(self, _today):
        return Domain("state", "!=", "draft") & Domain("penalties_assessed_at", "=", False)

    def _nightly_penalties(self, _today):
        """Assess these statements. A contract that cannot be assessed is a problem of its own; the others go on."""
        made, problems = self.env["aftersales.penalty"]._assess(self)
        self.contract_id._tell_penalty_problems(problems)
        return made._told_by_night("statement_id")


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _nightly_provider_penalties_domain(self, today):
        return self._penalty_providers(today)

    def _nightly_provider_penalties(self, today):
        made, problems = self.env["aftersales.penalty"]._assess_providers(self, today)
        self._tell_penalty_problems(problems)
        return made._told_by_night("contract_id")

    def _tell_penalty_problems(self, problems):
        """Keep ``problems``, {contract: sentence}, and drop those of the contracts that are well again."""
        Problem = self.env["aftersales.nightly.problem"].sudo()  # problems are the system's to note down
        Problem._solved(CUSTOMERS.key, self.filtered(lambda contract: contract not in problems))
        for contract, sentence in problems.items():
            Problem._report(CUSTOMERS, contract, sentence)


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _told_by_night(self, name):
        """[(record, sentence)] of what the night assessed; ``name``: the field with the record that it worked on."""
        return [(penalty[name], self.env._(
            "%(number)s: %(amount)s", number=penalty.name,
            amount=format_amount(self.env, penalty.assessed, penalty.currency_id)))
            for penalty in self if penalty.state != "none"]


class ResCompany(models.Model):
    _inherit = "res.company"

    penalty_review_below = fields.Monetary(
        string="Penalties Reviewed by the System up to", currency_field="currency_id",
        help="Penalties and bonuses up to this amount need no review by a person, only the approval. 0: all do.")

    _penalty_review_below = models.Constraint(
        "CHECK(COALESCE(penalty_review_below, 0) >= 0)", "An amount up to which nothing is reviewed is not negative.")

    def _in_own_currency(self, amount, currency, day):
        """``amount`` (Decimal, of ``currency``) without its sign in the company's currency at the rate of ``day``, a
        float; infinite where that rate is not known, so that a person looks at it."""
        self.ensure_one()
        if currency == self.currency_id:
            return float(abs(amount))
        if not currency.rate_ids.filtered(lambda rate: rate.name <= day and rate.company_id in (
                self.root_id, self.env["res.company"])):
            return float("inf")
        return currency._convert(float(abs(amount)), self.currency_id, self, day)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    penalty_review_below = fields.Monetary(
        related="company_id.penalty_review_below", readonly=False, currency_field="currency_id")
