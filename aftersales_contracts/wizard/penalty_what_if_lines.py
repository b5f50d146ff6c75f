"""The answer to a what if: a row for each period of a contract, and the bars of its chart."""

from odoo import fields, models
from odoo.tools import SQL

from ..models.contract.contract_type import KINDS


class PenaltyWhatIfLine(models.TransientModel):
    _name = "aftersales.penalty.what.if.line"
    _description = "Period of a What If"
    _order = "contract_id, period_start"
    _rec_name = "contract_id"

    what_if_id = fields.Many2one("aftersales.penalty.what.if", required=True, ondelete="cascade", index=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Other Side", readonly=True)
    dealer_id = fields.Many2one("res.partner", readonly=True)
    kind = fields.Selection(KINDS, string="Contract Kind", readonly=True)
    contract_type_id = fields.Many2one("aftersales.contract.type", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    period_start = fields.Date(string="From", readonly=True)
    period_end = fields.Date(string="To", readonly=True)
    measured = fields.Boolean(readonly=True, help="Something was measured that the tried terms look at.")
    capped = fields.Boolean(readonly=True, help="A cap of the tried terms would have cut.")
    paid = fields.Monetary(readonly=True, aggregator=None, help="What the period's penalties came to, posted or still "
                           "to be posted; less waivers, with late facts, without what was reversed.")
    would_be = fields.Monetary(readonly=True, aggregator=None, help="What the tried terms come to.")
    difference = fields.Monetary(readonly=True, aggregator=None)
    uncapped = fields.Monetary(string="Would Be without Caps", readonly=True, aggregator=None)
    company_paid = fields.Monetary(
        string="Paid (Company Currency)", readonly=True, currency_field="company_currency_id")
    company_would_be = fields.Monetary(
        string="Would Be (Company Currency)", readonly=True, currency_field="company_currency_id")
    company_difference = fields.Monetary(
        string="Difference (Company Currency)", readonly=True, currency_field="company_currency_id")


class PenaltyWhatIfBar(models.Model):
    """Both amounts of a period as rows of their own: a chart shows one measure, in bars side by side."""

    _name = "aftersales.penalty.what.if.bar"
    _description = "Bar of a What If"
    _auto = False
    _order = "period_start, side"
    _rec_name = "contract_id"

    what_if_id = fields.Many2one("aftersales.penalty.what.if", readonly=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Other Side", readonly=True)
    dealer_id = fields.Many2one("res.partner", readonly=True)
    contract_type_id = fields.Many2one("aftersales.contract.type", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    period_start = fields.Date(string="Period", readonly=True)
    side = fields.Selection([("1_paid", "Paid"), ("2_would_be", "Would Be")], string="Amount of", readonly=True)
    amount = fields.Monetary(string="Amount (Company Currency)", readonly=True, currency_field="company_currency_id")

    @property
    def _table_query(self):
        return SQL(
            """SELECT 2 * id + part AS id, what_if_id, create_uid, contract_id, partner_id, dealer_id, contract_type_id,
                      company_currency_id, period_start,
                      CASE part WHEN 0 THEN '1_paid' ELSE '2_would_be' END AS side,
                      CASE part WHEN 0 THEN company_paid ELSE company_would_be END AS amount
                 FROM aftersales_penalty_what_if_line, generate_series(0, 1) AS part""")
