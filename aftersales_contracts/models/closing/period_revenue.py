"""The revenue of a month to close: what waits to be attributed, what no dealer could get, and where the ledger and the
rows of revenue say different things. Read by the days of the month, so that a page is not kept by years of history."""

from odoo import fields, models
from odoo.tools import SQL

from ..settlements.reconciliation_query import DEPENDS, items


class PeriodRevenue(models.Model):
    """One row a close. Nothing is stored."""

    _name = "aftersales.period.revenue"
    _description = "Revenue of a Month to Close"
    _auto = False
    _order = "month desc, id"
    _depends = {**DEPENDS, "aftersales.period.close": ["company_id", "date_start", "date_end"]}

    close_id = fields.Many2one("aftersales.period.close", string="Month to Close", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    month = fields.Date(readonly=True, help="First day of the month.")
    name = fields.Char(string="Month in Digits", readonly=True)
    waiting = fields.Monetary(readonly=True, help="Not attributed yet.")
    waiting_count = fields.Integer(string="Lines Waiting", readonly=True)
    difference = fields.Monetary(readonly=True, help="In the ledger and in no row of revenue, or the other way round.")
    difference_count = fields.Integer(string="Lines with a Difference", readonly=True)
    no_agreement = fields.Monetary(string="Without an Agreement", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT p.id, p.id AS close_id, p.company_id, h.currency_id, p.date_start AS month,
                      to_char(p.date_start, 'YYYY-MM') AS name, figures.*
                 FROM aftersales_period_close p
                 JOIN res_company h ON h.id = p.company_id
           CROSS JOIN LATERAL (
                      SELECT COALESCE(sum(i.waiting), 0) AS waiting,
                             count(*) FILTER (WHERE i.is_waiting) AS waiting_count,
                             COALESCE(sum(i.difference), 0) AS difference,
                             count(*) FILTER (WHERE i.difference <> 0) AS difference_count,
                             COALESCE(sum(i.no_agreement), 0) AS no_agreement
                        FROM (%s) i WHERE i.company_id = p.company_id
                         AND i.day BETWEEN p.date_start AND p.date_end) figures""",
            items(SQL("p.company_id"), SQL("p.date_start"), SQL("p.date_end")))

    def action_open_month(self):
        """The month on the page Revenue Reconciliation."""
        self.check_access("read")
        found = self.env["aftersales.reconciliation"].search(
            [("company_id", "in", self.company_id.ids), ("month", "in", self.mapped("month"))])
        return {"type": "ir.actions.act_window", "name": self.env._("Revenue Reconciliation"),
                "res_model": "aftersales.reconciliation", "res_id": found[:1].id, "views": [(False, "form")]}
