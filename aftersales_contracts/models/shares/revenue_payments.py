"""Where what is paid counts: each payment of a document is a row of its lines, with how much was paid before and after.

A document counts as paid as far as its journal items are reconciled, whatever they are reconciled with: a payment, a
credit note, a bank statement. What settlements have taken stays. Where more is paid than they were told, the payments
beyond that are rows, each of its day; where less is, one row below zero, of the day of the last one. So a payment that
only moved to another day changes nothing, and a line never has rows of both kinds waiting. A document of zero is paid
on its day.
"""

from odoo import api, models
from odoo.tools import SQL

from .revenue_rows import DIMENSIONS, MEASURES, names


class Revenue(models.Model):
    _inherit = "aftersales.revenue"

    @api.model
    def _document_total(self, move):
        """`SQL` of what the document ``move`` (`SQL` of its id) comes to with taxes; 1 for one of zero."""
        return SQL("""(SELECT COALESCE(NULLIF(abs(sum(amount_currency)), 0), 1) FROM account_move_line
                        WHERE move_id = %s AND display_type = 'payment_term')""", move)

    @api.model
    def _reconciled(self):
        """`SQL` of what was paid of the documents in ``source``: move_id, day, amount (in its currency, above zero)."""
        halves = [SQL("""
            SELECT t.move_id, p.max_date AS day, p.%(amount)s AS amount
              FROM account_move_line t
              JOIN account_partial_reconcile p ON p.%(mine)s = t.id
              JOIN account_move_line o ON o.id = p.%(other)s
              JOIN account_move d ON d.id = o.move_id AND d.state = 'posted'
             WHERE t.display_type = 'payment_term' AND t.move_id IN (SELECT move_id FROM source WHERE live)
               AND sign(t.amount_currency) = %(sign)s AND o.move_id <> t.move_id""",
            mine=SQL.identifier(mine), other=SQL.identifier(other), amount=SQL.identifier(amount), sign=sign)
            for mine, other, amount, sign in (
                ("debit_move_id", "credit_move_id", "debit_amount_currency", 1),
                ("credit_move_id", "debit_move_id", "credit_amount_currency", -1))]
        nothing = SQL("""
            SELECT DISTINCT move_id, day, 1::numeric AS amount FROM source WHERE live AND NOT EXISTS (
                SELECT FROM account_move_line t WHERE t.move_id = source.move_id AND t.display_type = 'payment_term'
                   AND t.amount_currency <> 0)""")
        return SQL(" UNION ALL ").join([*halves, nothing])

    def _write_payments(self, turn):
        """Say what was paid of the documents of this turn and is not said yet."""
        mine = SQL("""r.move_id IN (SELECT id FROM attributing_move WHERE turn = %s) AND r.pay_basis = 'paid'
                      AND r.kind IN ('invoice', 'refund') AND r.dealer_contract_id IS NOT NULL""", turn)
        if not self.env.execute_query(SQL("SELECT 1 FROM aftersales_revenue r WHERE %s LIMIT 1", mine)):
            return
        self.env.cr.execute(SQL("""
            WITH source AS (SELECT r.id, r.move_id, r.day, (%(live)s) AS live FROM aftersales_revenue r WHERE %(mine)s),
            reconciled AS (%(reconciled)s),
            said AS (SELECT p.source_id AS id, sum(p.paid_after - p.paid_before) AS paid, max(p.day) AS last_day,
                            max(p.document_total) AS total
                       FROM aftersales_revenue p JOIN source ON source.id = p.source_id WHERE p.kind = 'payment'
                      GROUP BY p.source_id),
            paid AS (SELECT source.id, greatest(k.day, source.day) AS day, sum(k.amount) AS amount
                       FROM source JOIN reconciled k ON k.move_id = source.move_id WHERE source.live GROUP BY 1, 2),
            running AS (SELECT id, day, amount, sum(amount) OVER (PARTITION BY id ORDER BY day) AS paid FROM paid),
            told AS (
                SELECT n.id, n.day, greatest(n.paid - n.amount, COALESCE(said.paid, 0)) AS before, n.paid AS after
                  FROM running n LEFT JOIN said USING (id) WHERE n.paid > COALESCE(said.paid, 0)
                 UNION ALL
                SELECT said.id, said.last_day, said.paid, COALESCE(sum(paid.amount), 0)
                  FROM said LEFT JOIN paid USING (id) GROUP BY said.id, said.last_day, said.paid
                HAVING COALESCE(sum(paid.amount), 0) < said.paid)
            INSERT INTO aftersales_revenue (%(copied)s, kind, day, origin_id, source_id, is_due, document_total,
                                            paid_before, paid_after, create_date)
            SELECT %(theirs)s, 'payment', told.day, r.origin_id, r.id, TRUE,
                   CASE WHEN source.live THEN %(total)s ELSE said.total END, told.before, told.after,
                   now() AT TIME ZONE 'UTC'
              FROM told JOIN aftersales_revenue r ON r.id = told.id JOIN source ON source.id = r.id
              LEFT JOIN said ON said.id = r.id
             ORDER BY r.id, told.day""",
            live=self._live("r"), mine=mine, reconciled=self._reconciled(), copied=names((*DIMENSIONS, *MEASURES)),
            theirs=names((*DIMENSIONS, *MEASURES), "r"), total=self._document_total(SQL("source.move_id"))))
