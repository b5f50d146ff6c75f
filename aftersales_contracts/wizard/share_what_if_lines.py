"""The answer to a what if of a share rule: a row for each dealer contract, period and currency, and the bars of its
chart."""

from odoo import fields, models
from odoo.tools import SQL


class ShareWhatIfLine(models.TransientModel):
    _name = "aftersales.share.what.if.line"
    _description = "Period of a What If of Shares"
    _order = "contract_id, period_start, currency_id"
    _rec_name = "contract_id"

    what_if_id = fields.Many2one("aftersales.share.what.if", required=True, ondelete="cascade", index=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", readonly=True)
    dealer_id = fields.Many2one("res.partner", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    period_start = fields.Date(string="From", readonly=True)
    period_end = fields.Date(string="To", readonly=True)
    line_count = fields.Integer(string="Lines of Revenue", readonly=True)
    settlement_count = fields.Integer(string="Settlements", readonly=True, help="That ended in this period.")
    revenue = fields.Monetary(readonly=True, aggregator=None, help="Before taxes, the dealer's part.")
    settled = fields.Monetary(
        readonly=True, aggregator=None, help="What the settlements of the period came to, before anything was carried "
        "in or forward.")
    would_be = fields.Monetary(readonly=True, aggregator=None, help="What the tried rule comes to.")
    difference = fields.Monetary(readonly=True, aggregator=None, help="Above zero the dealer would receive more.")
    settled_shares = fields.Monetary(
        readonly=True, aggregator=None, help="Shares alone, before caps, fees and penalties.")
    would_be_shares = fields.Monetary(readonly=True, aggregator=None)
    warning_count = fields.Integer(string="Warnings", readonly=True, help="Of the tried rule.")
    company_settled = fields.Monetary(
        string="Settled (Company Currency)", readonly=True, currency_field="company_currency_id")
    company_would_be = fields.Monetary(
        string="Would Be (Company Currency)", readonly=True, currency_field="company_currency_id")
    company_difference = fields.Monetary(
        string="Difference (Company Currency)", readonly=True, currency_field="company_currency_id")


class ShareWhatIfBar(models.Model):
    """Both amounts of a period as rows of their own: a chart shows one measure, in bars side by side."""

    _name = "aftersales.share.what.if.bar"
    _description = "Bar of a What If of Shares"
    _auto = False
    _order = "period_start, side"
    _rec_name = "contract_id"

    what_if_id = fields.Many2one("aftersales.share.what.if", readonly=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True)
    dealer_id = fields.Many2one("res.partner", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    period_start = fields.Date(string="Period", readonly=True)
    side = fields.Selection([("1_settled", "Settled"), ("2_would_be", "Would Be")], string="Amount of", readonly=True)
    amount = fields.Monetary(string="Amount (Company Currency)", readonly=True, currency_field="company_currency_id")

    @property
    def _table_query(self):
        return SQL(
            """SELECT 2 * id + part AS id, what_if_id, create_uid, contract_id, dealer_id, company_currency_id,
                      period_start, CASE part WHEN 0 THEN '1_settled' ELSE '2_would_be' END AS side,
                      CASE part WHEN 0 THEN company_settled ELSE company_would_be END AS amount
                 FROM aftersales_share_what_if_line, generate_series(0, 1) AS part""")
