"""Reimbursements on settlements of the dealer: which ones a settlement takes, in which currency, and once.

They stand after the withholding: no cap, guarantee, brand fee or withholding counts them. What waits for something
stays open until the settlement after that.
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from odoo import api, models
from odoo.tools import SQL

from ...engine import share_terms as engine
from ...engine.money import round_money
from ..settlements.settlement_rates import Rates


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _share_reimbursements(self, end, currency, own):
        """[(`Item`, reimbursement)] of this dealer contract to be settled now, oldest first: decided before ``end``,
        held by nothing. ``own``: only those in ``currency``; else all, at the rate of their day."""
        self.ensure_one()
        waiting = self.env["aftersales.reimbursement"].sudo().search([
            ("dealer_contract_id", "=", self.id), ("state", "=", "open"), ("day", "<", end),
            *([("currency_id", "=", currency.id)] if own else [])], order="day, id")
        rates, found = Rates(self.company_id, currency), []
        told = waiting.with_context(lang=self.lang)
        for one in told.filtered(lambda row: not row._holds()):
            fx = rates.fx(one.currency_id.id, one.day)
            amount = round_money(Fraction(one._money()) * Fraction(fx), Decimal(1).scaleb(-currency.decimal_places))
            found.append((engine.Item(f"reimbursement:{one.id}", one._settled_name(), amount), one))
        return found

    def _open_currencies(self, period, record):
        currencies = super()._open_currencies(period, record)
        if record.fx == "own":
            open_rows = self.env["aftersales.reimbursement"].sudo().search([
                ("dealer_contract_id", "=", self.id), ("state", "=", "open"), ("day", "<", period.end)])
            currencies |= open_rows.filtered(lambda row: not row._holds()).currency_id
        return currencies

    def _with_open_ends(self):
        """A contract that has ended is settled as long as its dealer's claims are to be reimbursed."""
        found = super()._with_open_ends()
        rows = self.env["aftersales.reimbursement"].sudo().search([
            ("dealer_contract_id", "in", (self - found).ids), ("state", "=", "open")])
        return found | self & rows.filtered(lambda row: not row._holds()).dealer_contract_id


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    @api.model
    def _run(self, company, contracts=None, until=None, today=None):
        """What a claim lacked to be reimbursed may be there by now."""
        self.env["aftersales.warranty.claim"]._reimburse_waiting(company)
        return super()._run(company, contracts, until, today)

    def _facts_now(self, rule, record, in_own_currency):
        facts, sources = super()._facts_now(rule, record, in_own_currency)
        rows = self.contract_id._share_reimbursements(
            self._period_until(), self.currency_id, record.fx == "own")
        sources.update({item.key: one for item, one in rows})
        return replace(facts, reimbursements=tuple(item for item, _one in rows)), sources

    def _compute(self, rule, record):
        """What it took is settled, each by its line."""
        super()._compute(rule, record)
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """SELECT id, reimbursement_id FROM aftersales_settlement_line
                WHERE settlement_id = %s AND reimbursement_id IS NOT NULL""", self.id))
        for line, number in rows:
            self.env["aftersales.reimbursement"].browse(number)._write_guarded(
                {"state": "settled", "settlement_line_id": line})

    def _drop_lines(self):
        """What its lines settled is open again."""
        rows = self.env["aftersales.reimbursement"].search([("settlement_line_id.settlement_id", "in", self.ids)])
        rows._write_guarded({"state": "open", "settlement_line_id": False})
        self.env.flush_all()
        super()._drop_lines()
