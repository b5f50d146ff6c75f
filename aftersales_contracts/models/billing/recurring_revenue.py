"""Recurring revenue: what contracts bring in a month, at the end of each month, and how it moved since the one before.

It is read from the lines: their days, the log of their prices, and the quantities and cancellations that amendments
brought, in the currency of the company at the rate of each month end. What a rate moves is a movement of its own, so
the movements of a month sum to the change of the revenue exactly. ``docs/contracts/forecast.md`` has the definitions.
"""

from odoo import fields, models
from odoo.tools import SQL

from ..contract.contract_type import KINDS

MOVEMENTS = [
    ("new", "New"),
    ("expansion", "Expansion"),
    ("reactivation", "Reactivation"),
    ("contraction", "Contraction"),
    ("churn", "Churn"),
    ("rate", "Exchange Rate"),
    ("none", "Unchanged"),
]
SHOWN = 24  # months, this one included
COUNTED = ("active", "suspended", "notice", "expired", "terminated")  # in force now, or once

# Month ends; one more than is shown, for the first one moves against it.
MONTHS = SQL("""
    SELECT (m + interval '1 month' - interval '1 day')::date AS day, m::date AS month
      FROM generate_series(date_trunc('month', CURRENT_DATE) - make_interval(months => %s),
                           date_trunc('month', CURRENT_DATE), interval '1 month') m""", SHOWN)

# A year has 12 months, 4 quarters and 365.2425 days: the engine's one definition (engine.proration).
LINES = SQL("""
    SELECT l.id, l.contract_id, l.row_key, l.first_day, l.last_day, l.quantity, l.price, COALESCE(l.cancelled, FALSE)
           AS cancelled, f.rounding,
           CASE l.unit WHEN 'day' THEN 365.2425 / 12 WHEN 'week' THEN 365.2425 / 84 WHEN 'month' THEN 1
                       WHEN 'quarter' THEN 1 / 3.0 ELSE 1 / 12.0 END / l.interval AS a_month
      FROM aftersales_contract_line l
      JOIN aftersales_contract c ON c.id = l.contract_id
      JOIN res_currency f ON f.id = c.currency_id
     WHERE c.state = ANY(%s) AND c.kind <> 'provider' AND NOT COALESCE(c.is_template, FALSE) AND c.amends_id IS NULL
       AND l.first_day IS NOT NULL AND (l.last_day IS NULL OR l.last_day >= l.first_day)""", list(COUNTED))

# The entry made last for a day counts; the first price holds from the beginning.
PRICES = SQL("""
    SELECT line_id, price, lead(effective_on) OVER w AS high,
           CASE WHEN row_number() OVER w = 1 THEN '-infinity'::date ELSE effective_on END AS low
      FROM (SELECT DISTINCT ON (line_id, effective_on) line_id, effective_on, price
              FROM aftersales_line_price ORDER BY line_id, effective_on, id DESC) p
    WINDOW w AS (PARTITION BY line_id ORDER BY effective_on)""")

# What amendments say of quantity and cancellation, by the day: of contracts that were amended only.
AMENDED = SQL("""
    SELECT line_id, name, value, lead(effective_on) OVER w AS high,
           CASE WHEN row_number() OVER w = 1 THEN '-infinity'::date ELSE effective_on END AS low
      FROM (SELECT DISTINCT ON (l.id, t.name, v.effective_on) l.id AS line_id, t.name, v.effective_on, t.value
              FROM lines l
              JOIN aftersales_contract_version v ON v.contract_id = l.contract_id AND v.cancelled_at IS NULL
             CROSS JOIN LATERAL (VALUES
                   ('quantity', v.changes ->> ('line:' || l.row_key || ':quantity')),
                   ('cancelled', v.changes ->> ('line:' || l.row_key || ':cancelled'))) AS t(name, value)
             WHERE t.value IS NOT NULL AND l.contract_id IN (
                   SELECT contract_id FROM aftersales_contract_version WHERE kind = 'amendment')
             ORDER BY l.id, t.name, v.effective_on, v.recorded_at DESC, v.number DESC) a
    WINDOW w AS (PARTITION BY line_id, name ORDER BY effective_on)""")

# What each contract brings in a month at each month end, in its own currency.
AMOUNTS = SQL("""
    SELECT l.contract_id, m.month,
           sum(CASE WHEN COALESCE(x.value::boolean, l.cancelled) THEN 0 ELSE round(
               round(COALESCE(q.value::numeric, l.quantity) * COALESCE(p.price, l.price) / l.rounding) * l.rounding
               * l.a_month / l.rounding) * l.rounding END) AS amount
      FROM lines l
      JOIN months m ON l.first_day <= m.day AND (l.last_day IS NULL OR l.last_day >= m.day)
      LEFT JOIN prices p ON p.line_id = l.id AND p.low <= m.day AND (p.high IS NULL OR p.high > m.day)
      LEFT JOIN amended q ON q.line_id = l.id AND q.name = 'quantity'
            AND q.low <= m.day AND (q.high IS NULL OR q.high > m.day)
      LEFT JOIN amended x ON x.line_id = l.id AND x.name = 'cancelled'
            AND x.low <= m.day AND (x.high IS NULL OR x.high > m.day)
     GROUP BY l.contract_id, m.month""")

# As Odoo converts: the last rate by then, or the first one after it; the company's own before a shared one.
RATES = SQL("""
    SELECT k.currency_id, k.company_id, m.month, %s / NULLIF(%s, 0) AS rate
      FROM (SELECT DISTINCT c.currency_id, c.company_id, o.currency_id AS home_id,
                   split_part(o.parent_path, '/', 1)::int AS root_id
              FROM aftersales_contract c JOIN res_company o ON o.id = c.company_id) k
     CROSS JOIN months m""", *(SQL("""
    CASE WHEN k.currency_id = k.home_id THEN 1 ELSE COALESCE((
        SELECT r.rate FROM res_currency_rate r
         WHERE r.currency_id = %s AND (r.company_id IS NULL OR r.company_id = k.root_id)
         ORDER BY r.name > m.day, r.company_id, abs(r.name - m.day) LIMIT 1), %s) END""", column, otherwise)
    for column, otherwise in ((SQL("k.home_id"), SQL("1")), (SQL("k.currency_id"), SQL("NULL")))))

# Each contract at each month end since it began, beside the month before.
COURSE = SQL("""
    SELECT g.contract_id, g.began, m.month, m.day, COALESCE(a.amount, 0) AS amount, r.rate, o.home_rounding,
           lag(COALESCE(a.amount, 0)) OVER w AS amount_before, lag(r.rate) OVER w AS rate_before,
           lag(m.day) OVER w AS day_before
      FROM (SELECT contract_id, min(first_day) AS began FROM lines GROUP BY contract_id) g
      JOIN aftersales_contract c ON c.id = g.contract_id
      JOIN (SELECT o.id, h.rounding AS home_rounding
              FROM res_company o JOIN res_currency h ON h.id = o.currency_id) o ON o.id = c.company_id
     CROSS JOIN months m
      LEFT JOIN amounts a ON a.contract_id = g.contract_id AND a.month = m.month
      LEFT JOIN rates r ON r.currency_id = c.currency_id AND r.company_id = c.company_id AND r.month = m.month
    WINDOW w AS (PARTITION BY g.contract_id ORDER BY m.month)""")

# In the currency of the company; the change is the contract's own at the new rate, the rest is the rate's.
HOME = SQL("""
    SELECT *, round(amount * COALESCE(rate, 0) / home_rounding) * home_rounding AS mrr,
           round(amount_before * COALESCE(rate_before, 0) / home_rounding) * home_rounding AS mrr_before,
           round((amount - amount_before) * COALESCE(rate, 0) / home_rounding) * home_rounding AS own_change
      FROM course WHERE day_before IS NOT NULL AND (amount <> 0 OR amount_before <> 0)""")

ROWS = SQL("""
    SELECT contract_id::bigint * 100000 + (extract(year FROM month) * 12 + extract(month FROM month))::int * 2 AS id,
           contract_id, month, mrr, CASE WHEN amount_before = 0 OR amount = 0 THEN mrr - mrr_before ELSE own_change END
           AS change, rate IS NULL AS rate_missing,
           CASE WHEN amount_before = 0 AND amount <> 0 THEN
                     CASE WHEN began > day_before THEN 'new' ELSE 'reactivation' END
                WHEN amount_before <> 0 AND amount = 0 THEN 'churn'
                WHEN amount > amount_before THEN 'expansion'
                WHEN amount < amount_before THEN 'contraction' ELSE 'none' END AS movement
      FROM home
     UNION ALL
    SELECT contract_id::bigint * 100000 + (extract(year FROM month) * 12 + extract(month FROM month))::int * 2 + 1,
           contract_id, month, 0, mrr - mrr_before - own_change, rate IS NULL, 'rate'
      FROM home WHERE amount_before <> 0 AND amount <> 0 AND mrr - mrr_before <> own_change""")


class RecurringRevenue(models.Model):
    _name = "aftersales.recurring.revenue"
    _description = "Recurring Revenue"
    _auto = False
    _order = "month desc, contract_id, id"
    _rec_name = "month"

    contract_id = fields.Many2one("aftersales.contract", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    contract_type_id = fields.Many2one("aftersales.contract.type", readonly=True)
    user_id = fields.Many2one("res.users", string="Account Manager", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    currency_id = fields.Many2one("res.currency", string="Company Currency", readonly=True)
    month = fields.Date(readonly=True)
    mrr = fields.Monetary(
        string="Monthly Revenue", readonly=True,
        help="What the contract brings in a month, at the end of that month. Sum it up within one month only.")
    change = fields.Monetary(readonly=True, help="Against the end of the month before.")
    movement = fields.Selection(MOVEMENTS, readonly=True)
    rate_missing = fields.Boolean(string="Without a Rate", readonly=True, help="Its currency has no rate: it counts 0.")

    @property
    def _table_query(self):
        """One row a contract and month, and another one where an exchange rate moved it."""
        for model in ("aftersales.contract", "aftersales.contract.line", "aftersales.line.price",
                      "aftersales.contract.version", "res.currency.rate"):
            self.env[model].flush_model()
        return SQL("""
            WITH months AS (%s), lines AS (%s), prices AS (%s), amended AS (%s), amounts AS (%s), rates AS (%s),
                 course AS (%s), home AS (%s)
            SELECT s.*, c.company_id, c.partner_id, c.kind, c.contract_type_id, c.user_id, o.currency_id
              FROM (%s) s JOIN aftersales_contract c ON c.id = s.contract_id
              JOIN res_company o ON o.id = c.company_id""",
                   MONTHS, LINES, PRICES, AMENDED, AMOUNTS, RATES, COURSE, HOME, ROWS)
