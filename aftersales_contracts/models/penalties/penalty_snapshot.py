"""What a credit statement or penalty notice is made of, as plain data in the other side's words: see
``statement_snapshot`` for its form. Drawing it needs no record, no translation and no clock."""

from decimal import Decimal

from odoo import models
from odoo.tools.misc import babel_locale_parse

from ...report.penalty_labels import PENALTY_LABELS
from ..statements.statement_snapshot import known

FORMAT = 1


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _issue_snapshot(self, document=None):
        """The snapshot of these penalties of one contract and period. ``document``: empty for a preview."""
        contract = self.contract_id
        contract.ensure_one()
        local = self.sudo().with_context(lang=contract._statement_lang())  # it tells all that the penalty is made of
        result = local._result()
        return {
            "format": FORMAT, **local.contract_id._parties(), "presentation": local._presentation(),
            "document": local._head(result, document),
            "penalties": [penalty._reckoning() for penalty in local],
            "settlement": local._settlement_in_words(result, document)}

    def _total(self, name):
        """The sum of an amount over these penalties, as decimal text."""
        return sum((penalty._money(penalty[name]) for penalty in self), Decimal(0))

    def _result(self):
        """One of ``report.penalty_values.RESULTS``: who owes whom, by the sum of what is due.

        What is less than nothing is a bonus, or else what late facts or a good period take back of earlier penalties.
        """
        due, sale = self._total("amount"), self[0].kind == "customer"
        if due > 0:
            return "credited" if sale else "claimed"
        if not due:
            return "nothing"
        if self._total("bonus") > 0:
            return "bonus_charged" if sale else "bonus_earned"
        return "charged_back" if sale else "returned"

    def _head(self, result, document):
        first, capped = self[0], self.filtered("capped")
        zone = first.contract_id._zone()
        moves = self.move_id.sorted("name")
        return known(
            number=document.name if document else "", kind="credit" if first.kind == "customer" else "notice",
            result=result, period_start=first.period_start.isoformat(), period_end=first.period_end.isoformat(),
            zone=zone, issued=document.issued_on.isoformat() if document else "",
            statement=", ".join(self.statement_id.mapped("name")),
            moves=[known(name=move.name, day=(move.invoice_date or move.date).isoformat()) for move in moves],
            total=str(self._total("assessed")), waived=str(self._total("waived_amount")),
            amount=str(self._total("amount")), uncapped=str(self._total("uncapped")) if capped else "",
            objection_until=document.objection_until.isoformat() if document and document.objection_until else "")

    def _presentation(self):
        """How the language writes dates, figures, amounts and the fixed texts."""
        contract, currency = self.contract_id, self.currency_id
        base = contract._presentation()
        translate = self.env._
        labels = {source: translate(source) for source in PENALTY_LABELS}
        base["labels"].update({source: text for source, text in labels.items() if text != source})
        base["title"] = translate("Credit Statement") if self[0].kind == "customer" else translate("Penalty Notice")
        base["currency"] = {
            "name": currency.name, "digits": currency.decimal_places,
            "pattern": _amount_pattern(base["language"], currency.name)}
        return base


def _amount_pattern(code, currency):
    """"EUR {}" or "{} EUR", as the language writes amounts; always with the currency's code, which is not ambiguous."""
    pattern = babel_locale_parse(code).currency_formats["standard"].pattern
    leading = pattern.split(";")[0].lstrip("\u200e\u200f").startswith("¤")
    return f"{currency}\u00a0{{}}" if leading else f"{{}}\u00a0{currency}"
