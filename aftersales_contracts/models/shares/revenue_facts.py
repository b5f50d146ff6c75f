"""What is known of invoice lines when their revenue is attributed: one query, for posted ones and for a preview alike.

Amounts are signed as revenue is: a credit note is below zero. The customer is looked for at the place of delivery
first, where that is one of its own addresses; the territory is that of the delivery, else of the customer.
"""

from odoo import api, models
from odoo.tools import SQL

SALES = ("out_invoice", "out_refund", "out_receipt")
KEYS = {  # level: column of the facts; the closest first
    "explicit": "explicit_id",
    "contract": "contract_id",
    "asset": "asset_id",
    "site": "site_id",
    "customer": "partner_id",
    "product": "product_id",
    "category": "categ_id",
    "state": "state_id",
    "country": "country_id",
}


class Revenue(models.Model):
    _inherit = "aftersales.revenue"

    @api.model
    def _facts(self, moves, condition=None):
        """`SQL` that selects the facts of the lines of ``moves`` (`SQL` of ids) for which ``condition`` holds (l: the
        line, m: its move). The invoices come first: the planner takes no more than eight tables in an order of its
        own."""
        return SQL("""
            SELECT l.id AS line_id, l.move_id, m.name AS move_name, m.company_id,
                   COALESCE(m.invoice_date, m.date, CURRENT_DATE) AS day, l.aftersales_dealer_id AS explicit_id,
                   COALESCE(l.aftersales_contract_id, q.contract_id, m.aftersales_contract_id) AS contract_id,
                   l.aftersales_asset_id AS asset_id, l.aftersales_job AS job, l.aftersales_standard AS standard_met,
                   m.partner_id, COALESCE(m.commercial_partner_id, m.partner_id) AS customer_id,
                   CASE WHEN s.commercial_partner_id = m.commercial_partner_id THEN s.id END AS site_id,
                   CASE WHEN COALESCE(s.country_id, s.state_id) IS NULL THEN c.state_id ELSE s.state_id END AS state_id,
                   COALESCE(s.country_id, cs.country_id, c.country_id) AS country_id,
                   l.product_id, t.categ_id, %(kind)s AS line_kind, m.move_type = 'out_refund' AS is_refund,
                   %(sign)s * COALESCE(l.quantity, 1) AS quantity, l.currency_id, u.decimal_places AS digits,
                   o.decimal_places AS company_digits, 0::numeric AS amount_before, 0::numeric AS company_before,
                   0::numeric AS cost_before, -l.amount_currency AS amount, -l.balance AS company_amount,
                   %(sign)s * l.aftersales_cost AS cost,
                   %(excluded)s AS is_settlement, NULL::bigint AS parts_key, NULL::integer AS origin_line_id
              FROM (%(moves)s) wanted (id)
              JOIN account_move m ON m.id = wanted.id
              JOIN account_move_line l ON l.move_id = m.id
              JOIN res_company y ON y.id = m.company_id
              JOIN res_currency o ON o.id = y.currency_id
              JOIN res_currency u ON u.id = l.currency_id
         LEFT JOIN res_partner c ON c.id = m.partner_id
         LEFT JOIN res_partner s ON s.id = COALESCE(m.partner_shipping_id, m.partner_id)
         LEFT JOIN res_country_state cs ON cs.id = s.state_id
         LEFT JOIN product_product p ON p.id = l.product_id
         LEFT JOIN product_template t ON t.id = p.product_tmpl_id
         LEFT JOIN aftersales_line_kind k ON k.id = t.aftersales_line_kind_id
         LEFT JOIN aftersales_request q ON q.id = l.aftersales_request_id
         LEFT JOIN aftersales_billed b ON b.id = l.aftersales_billed_id
             WHERE l.display_type = 'product' AND m.move_type IN %(sales)s AND %(condition)s""",
            sign=SQL("(CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END)"), kind=self._kind_of_line(),
            excluded=self._settlement_document(), sales=SALES, moves=moves, condition=condition or SQL("TRUE"))

    @api.model
    def _kind_of_line(self):
        """`SQL` of the code of a line's kind: of its product (k), else what billing made of it (b)."""
        return SQL("""COALESCE(k.code, CASE WHEN b.kind IN ('usage', 'late') THEN 'usage'
                                            WHEN b.kind IN ('fee', 'days', 'correction') THEN 'fee' END, 'other')""")

    @api.model
    def _settlement_document(self):
        """`SQL` that holds for the documents of settlements (m), and for what takes them back: what dealers pay is no
        revenue with customers."""
        return SQL("""(m.aftersales_settlement_id IS NOT NULL OR EXISTS (
            SELECT FROM account_move o WHERE o.id = m.reversed_entry_id AND o.aftersales_settlement_id IS NOT NULL))""")
