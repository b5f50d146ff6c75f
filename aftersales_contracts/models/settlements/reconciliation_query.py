"""Every line of the ledger with what became of it for the shares of dealers, as one query.

In the company's currency and signed as revenue, for each line of a posted invoice or credit note to customers:

    ledger     = attributed + not attributed + waiting + difference
    attributed = settled + under way + open + held + unpaid

``waiting``: the invoice changed since it was attributed, the next run takes it. ``difference``: the ledger says one
thing and the rows of attributed revenue another, and nothing is going to change that by itself; it has to be zero.
Lines that are not in the ledger any more, and still have revenue, are differences too. ``settled``: in a settlement
that was approved; ``held``: disputed; ``unpaid``: where what is paid counts, and the customer has not paid yet.
"""

from odoo.tools import SQL

from ...engine.contract_lifecycle import ENDED, LIVE

SETTLED = ("approved", "posted", "paid", "closed")
DISPUTED = ("disputed", "held")
AMOUNTS = ("ledger", "attributed", "not_attributed", "no_agreement", "waiting", "difference", "settled", "underway",
           "open", "held", "unpaid")
DEPENDS = {  # what is read from the database must be in it
    "account.move": ["state", "move_type", "date", "invoice_date", "name", "company_id", "commercial_partner_id"],
    "account.move.line": ["move_id", "display_type", "balance", "product_id"],
    "aftersales.contract": ["kind", "state", "date_start", "settlements_from", "company_id"],
    "aftersales.contract.share": ["contract_id"],
    "aftersales.revenue": ["kind", "company_amount", "dealer_contract_id", "is_due", "move_line_id", "reason"],
    "aftersales.settlement": ["state"],
    "aftersales.settlement.line": ["revenue_id", "state", "origin_line_id", "kind", "settlement_id"],
}

# The line of a settlement that stands for a row now: where a dispute released it, the line that settles it.
STATES = SQL("""
    SELECT s.revenue_id, COALESCE(n.state, s.state) AS line_state, COALESCE(u.state, t.state) AS state,
           s.state = 'released' AND n.id IS NULL AS again
      FROM aftersales_settlement_line s
      JOIN aftersales_settlement t ON t.id = s.settlement_id
 LEFT JOIN aftersales_settlement_line n ON s.state = 'released' AND n.origin_line_id = s.id AND n.kind = 'released'
 LEFT JOIN aftersales_settlement u ON u.id = n.settlement_id
     WHERE s.revenue_id IS NOT NULL""")

# What is due of a row: itself, or the difference that a payment makes; the differences sum to the line exactly.
ROWS = """
    SELECT r.id, r.move_line_id, r.move_id, r.company_id, r.day, r.kind, r.dealer_contract_id, r.customer_id,
           r.product_id, r.move_name, r.reason, r.company_amount, r.is_due,
           CASE WHEN r.kind <> 'payment' THEN r.company_amount
                WHEN COALESCE(r.document_total, 0) = 0 THEN 0
                ELSE round(r.company_amount * r.paid_after / r.document_total, f.decimal_places)
                   - round(r.company_amount * r.paid_before / r.document_total, f.decimal_places) END AS due
      FROM aftersales_revenue r
      JOIN res_company c ON c.id = r.company_id
      JOIN res_currency f ON f.id = c.currency_id
     WHERE %(rows)s"""

REVENUE = SQL("""
    SELECT r.move_line_id, min(r.move_id) AS move_id, min(r.company_id) AS company_id, min(r.day) AS day,
           min(r.customer_id) AS customer_id, min(r.product_id) AS product_id, min(r.move_name) AS move_name,
           sum(r.company_amount) FILTER (WHERE r.kind <> 'payment') AS known,
           sum(r.company_amount) FILTER (WHERE r.kind <> 'payment' AND r.dealer_contract_id IS NOT NULL) AS attributed,
           sum(r.company_amount) FILTER (WHERE r.kind <> 'payment' AND r.reason = 'no_rule') AS no_agreement,
           sum(r.due) FILTER (WHERE r.is_due AND s.state = ANY(%(settled)s) AND s.line_state <> ALL(%(disputed)s)
                                    AND NOT s.again) AS settled,
           sum(r.due) FILTER (WHERE r.is_due AND s.line_state = ANY(%(disputed)s)) AS held,
           sum(r.due) FILTER (WHERE r.is_due AND s.state <> ALL(%(settled)s)
                                    AND s.line_state <> ALL(%(disputed)s) AND NOT s.again) AS underway,
           sum(r.due) FILTER (WHERE r.is_due AND (s.state IS NULL OR s.again)) AS open
      FROM rows r
 LEFT JOIN states s ON s.revenue_id = r.id
     WHERE r.dealer_contract_id IS NOT NULL OR r.kind <> 'payment'
  GROUP BY r.move_line_id""", settled=list(SETTLED), disputed=list(DISPUTED))

# Shares of a company begin with the first agreement, or with the first row: what was invoiced before is left out.
SINCE = SQL("""
    SELECT c.id AS company_id, LEAST(
           (SELECT min(COALESCE(k.settlements_from, k.date_start)) FROM aftersales_contract k
             WHERE k.company_id = c.id AND k.kind = 'dealer' AND k.state = ANY(%s) AND k.is_template IS NOT TRUE
               AND k.amends_id IS NULL AND EXISTS (
                   SELECT FROM aftersales_contract_share s WHERE s.contract_id = k.id)),
           (SELECT min(r.day) FROM aftersales_revenue r WHERE r.company_id = c.id)) AS day
      FROM res_company c""", [*LIVE, *ENDED])

LEDGER = """
    SELECT l.id, l.move_id, m.company_id, m.date AS day, m.name AS move_name, m.commercial_partner_id AS customer_id,
           l.product_id, -l.balance AS ledger
      FROM account_move m
      JOIN since b ON b.company_id = m.company_id AND COALESCE(m.invoice_date, m.date) >= b.day
      JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
     WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt') AND %(moves)s"""

ITEMS = """
    WITH rows AS NOT MATERIALIZED (%(rows)s), states AS NOT MATERIALIZED (%(states)s),
         since AS MATERIALIZED (%(since)s), revenue AS (%(revenue)s), ledger AS (%(ledger)s),
         marks AS (SELECT DISTINCT move_id FROM aftersales_revenue_mark),
         lines AS (
    SELECT COALESCE(l.id, v.move_line_id) AS id, COALESCE(l.id, v.move_line_id) AS move_line_id,
           COALESCE(l.move_id, v.move_id) AS move_id, COALESCE(l.company_id, v.company_id) AS company_id,
           COALESCE(l.day, v.day) AS day, COALESCE(l.move_name, v.move_name) AS name,
           COALESCE(l.customer_id, v.customer_id) AS customer_id, COALESCE(l.product_id, v.product_id) AS product_id,
           COALESCE(l.ledger, 0) AS ledger, COALESCE(v.attributed, 0) AS attributed,
           COALESCE(v.known, 0) - COALESCE(v.attributed, 0) AS not_attributed,
           COALESCE(v.no_agreement, 0) AS no_agreement,
           COALESCE(l.ledger, 0) - COALESCE(v.known, 0) AS missing,
           COALESCE(v.settled, 0) AS settled, COALESCE(v.underway, 0) AS underway, COALESCE(v.open, 0) AS open,
           COALESCE(v.held, 0) AS held
      FROM ledger l
 FULL JOIN revenue v ON v.move_line_id = l.id
     WHERE l.id IS NOT NULL OR v.known <> 0)
    SELECT n.*, c.currency_id, date_trunc('month', n.day)::date AS month,
           n.attributed - n.settled - n.underway - n.open - n.held AS unpaid,
           CASE WHEN k.move_id IS NULL THEN 0 ELSE n.missing END AS waiting,
           CASE WHEN k.move_id IS NULL THEN n.missing ELSE 0 END AS difference,
           k.move_id IS NOT NULL AS is_waiting
      FROM lines n
      JOIN res_company c ON c.id = n.company_id
 LEFT JOIN marks k ON k.move_id = n.move_id"""

# The documents of some days, and those that are gone: what still says revenue of them is a difference, too.
OF_DAYS = """
    ARRAY(SELECT m.id FROM account_move m WHERE m.company_id = %(company)s AND m.date BETWEEN %(first)s AND %(last)s
          UNION ALL
          SELECT x.move_id FROM aftersales_revenue x
           WHERE x.company_id = %(company)s AND x.day BETWEEN %(first)s AND %(last)s
             AND NOT EXISTS (SELECT FROM account_move m WHERE m.id = x.move_id))"""


def items(company=None, first=None, last=None):
    """`SQL` of all lines; of those of one ``company`` (id) booked on days from ``first`` to ``last``, where given: the
    same rows, found by their days. The three may be `SQL` of columns."""
    rows = moves = SQL("TRUE")
    if company:
        ids = SQL(OF_DAYS, company=company, first=first, last=last)
        rows, moves = SQL("r.move_id = ANY(%s)", ids), SQL("m.id = ANY(%s)", ids)
    return SQL(ITEMS, rows=SQL(ROWS, rows=rows), states=STATES, since=SINCE, revenue=REVENUE,
               ledger=SQL(LEDGER, moves=moves))
