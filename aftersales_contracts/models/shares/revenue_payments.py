"""Where what is paid counts: each payment of a document is a row of its lines, with how much was paid before and after.

A document counts as paid as far as its journal items are reconciled, whatever they are reconciled with: a payment, a
credit note, a bank statement. What is to be said follows from the ledger day by day. What settlements have taken stays;
the difference of each day is said, what goes down before what goes up: a payment that was taken back by a row below
zero, one that was entered late by a row of its day. A document of zero is paid on its day.
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
            said AS (SELECT p.source_id, p.day, p.paid_after - p.paid_before AS amount, p.document_total
                       FROM aftersales_revenue p JOIN source ON source.id = p.source_id WHERE p.kind = 'payment'),
            total AS (SELECT id, CASE WHEN live THEN %(total)s ELSE (
                          SELECT max(document_total) FROM said WHERE said.source_id = source.id) END AS amount
                        FROM source),
            difference AS (
                SELECT id, day, sum(amount) AS amount FROM (
                    SELECT source.id, greatest(reconciled.day, source.day) AS day, reconciled.amount
                      FROM source JOIN reconciled ON reconciled.move_id = source.move_id WHERE source.live
                     UNION ALL SELECT source_id, day, -amount FROM said) every
                 GROUP BY id, day HAVING sum(amount) <> 0),
            running AS (
                SELECT id, day, amount, sum(amount) OVER (PARTITION BY id ORDER BY amount > 0, day)
                       + COALESCE((SELECT sum(amount) FROM said WHERE said.source_id = difference.id), 0) AS paid
                  FROM difference)
            INSERT INTO aftersales_revenue (%(copied)s, kind, day, origin_id, source_id, is_due, document_total,
                                            paid_before, paid_after, create_date)
            SELECT %(theirs)s, 'payment', running.day, r.origin_id, r.id, TRUE, total.amount,
                   running.paid - running.amount, running.paid, now() AT TIME ZONE 'UTC'
              FROM running JOIN aftersales_revenue r ON r.id = running.id JOIN total ON total.id = r.id
             ORDER BY r.id, running.amount > 0, running.day""",
            live=self._live("r"), mine=mine, reconciled=self._reconciled(), copied=names((*DIMENSIONS, *MEASURES)),
            theirs=names((*DIMENSIONS, *MEASURES), "r"), total=self._document_total(SQL("source.move_id"))))
