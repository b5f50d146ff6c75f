"""What the contract's document says of a line that is charged by usage."""

from dataclasses import fields as drawn_fields

from odoo import models

from ...report.agreement_values import UsageRow


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _drawn_row(self, words):
        row = super()._drawn_row(words)
        if not self.tariff_id:
            return row
        tariff = self.tariff_id.with_env(words.env)
        values = {field.name: getattr(row, field.name) for field in drawn_fields(row)}
        values.update(quantity="", price="usage" if words.neutral else words.env._("by usage"), fixed=False)
        return UsageRow(**values, tariff=(tariff._neutral_words(),) if words.neutral else tuple(tariff._in_words()))


class UsageTariff(models.Model):
    _inherit = "aftersales.usage.tariff"

    def _neutral_words(self):
        """The terms in one text that is the same in every language: for the fingerprint of documents."""
        terms = self._terms()
        tiers = "; ".join(f"{tier.bound:f}: {tier.rate:f}" for tier in terms.tiers)
        return (f"{terms.rule} {tiers} {self.currency_id.name}/{self.unit_name}, allowance {terms.allowance:f}, "
                f"minimum {terms.minimum:f} {terms.minimum_in}, base fee {terms.base_fee:f}, "
                f"{'' if terms.prorated_bounds else 'un'}prorated bounds")
