"""Revenue reconciliation: month by month, what the ledger says and what became of it for the shares of dealers.

A month is that of the entry in the ledger, also for what was attributed, settled or paid later: so the equations of
``reconciliation_query`` hold in every month, and a difference is never one of dates.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..statements.statement_snapshot import period_label
from .reconciliation_query import AMOUNTS, DEPENDS, items
from .settlement import FINANCE

OF_ITEMS = {  # figure: domain of the lines that it consists of
    "ledger": Domain("ledger", "!=", 0),
    "attributed": Domain("attributed", "!=", 0),
    "not_attributed": Domain("not_attributed", "!=", 0),
    "no_agreement": Domain("no_agreement", "!=", 0),
    "waiting": Domain("is_waiting", "=", True),
    "difference": Domain("difference", "!=", 0),
    "settled": Domain("settled", "!=", 0),
    "underway": Domain("underway", "!=", 0),
    "open": Domain("open", "!=", 0),
    "held": Domain("held", "!=", 0),
    "unpaid": Domain("unpaid", "!=", 0),
}


class Reconciliation(models.Model):
    """A month of a company, in its currency. The rows follow from the ledger: nobody enters them."""

    _name = "aftersales.reconciliation"
    _description = "Revenue Reconciliation"
    _auto = False
    _order = "month desc, company_id"
    _depends = DEPENDS

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    name = fields.Char(string="Month in Digits", readonly=True)
    month = fields.Date(readonly=True, help="First day of the month.")
    date_end = fields.Date(string="Last Day", readonly=True)
    ledger = fields.Monetary(
        string="In the Ledger", readonly=True,
        help="Lines of posted invoices and credit notes to customers, before taxes.")
    attributed = fields.Monetary(readonly=True, help="To dealers with an agreement.")
    not_attributed = fields.Monetary(readonly=True, help="Nobody's, or of a dealer without an agreement on that day.")
    no_agreement = fields.Monetary(
        string="Without an Agreement", readonly=True,
        help="Part of what is not attributed: a dealer would have it, but had no share rule in force on that day.")
    waiting = fields.Monetary(
        readonly=True, help="Of documents that changed since they were attributed: the next run takes them.")
    difference = fields.Monetary(
        readonly=True, help="In the ledger less attributed, not attributed and waiting. Anything but zero is an error.")
    settled = fields.Monetary(readonly=True, help="In settlements that are approved.")
    underway = fields.Monetary(string="Under Way", readonly=True, help="In settlements that are not approved yet.")
    open = fields.Monetary(readonly=True, help="In no settlement yet.")
    held = fields.Monetary(readonly=True, help="Disputed by the dealer.")
    unpaid = fields.Monetary(readonly=True, help="Where what is paid counts: not paid by the customer yet.")
    line_count = fields.Integer(string="Lines", readonly=True)
    waiting_count = fields.Integer(string="Lines Waiting", readonly=True)
    difference_count = fields.Integer(string="Lines with a Difference", readonly=True)
    state = fields.Selection(
        [("wrong", "Difference"), ("waiting", "Waiting"), ("right", "Reconciled")], readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT i.company_id::bigint * 100000
                      + (extract(year FROM i.month) * 12 + extract(month FROM i.month))::int AS id,
                      i.company_id, min(i.currency_id) AS currency_id, i.month, to_char(i.month, 'YYYY-MM') AS name,
                      (i.month + interval '1 month - 1 day')::date AS date_end, %s,
                      count(*) AS line_count, count(*) FILTER (WHERE i.is_waiting) AS waiting_count,
                      count(*) FILTER (WHERE i.difference <> 0) AS difference_count,
                      CASE WHEN bool_or(i.difference <> 0) THEN 'wrong' WHEN bool_or(i.is_waiting) THEN 'waiting'
                           ELSE 'right' END AS state
                 FROM (%s) i GROUP BY i.company_id, i.month""",
            SQL(", ").join(SQL("sum(i.%s) AS %s", SQL.identifier(name), SQL.identifier(name)) for name in AMOUNTS),
            items())

    @api.depends("month")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_display_name(self):
        several, lang = len(self.env.companies) > 1, self.env.lang or "en_US"
        for row in self:
            name = row.month and period_label(row.month, row.date_end, lang) or ""
            row.display_name = f"{name} · {row.company_id.name}" if several else name

    def action_view_items(self, figure="ledger"):
        """The lines behind a figure of this month; ``figure``: the name of its field."""
        self.ensure_one()
        self.check_access("read")
        if figure not in OF_ITEMS:
            raise UserError(self.env._("There is no figure %s.", figure))
        label = self._fields[figure]._description_string(self.env)
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_reconciliation_item")
        return {**action, "name": f"{self.display_name} · {label}", "domain": list(self._items() & OF_ITEMS[figure]),
                "context": self._month_context(self.company_id, self.month)}

    def _items(self):
        return Domain.OR(
            Domain("company_id", "=", row.company_id.id) & Domain("month", "=", row.month) for row in self)

    def action_view_ledger(self):
        """The lines of the ledger of this month."""
        return self.action_view_items("ledger")

    def action_view_attributed(self):
        """The lines that dealers have."""
        return self.action_view_items("attributed")

    def action_view_not_attributed(self):
        """The lines that nobody has."""
        return self.action_view_items("not_attributed")

    def action_view_no_agreement(self):
        """The lines of dealers that had no agreement on their day."""
        return self.action_view_items("no_agreement")

    def action_view_waiting(self):
        """The lines that wait to be attributed."""
        return self.action_view_items("waiting")

    def action_view_difference(self):
        """The lines of which the ledger and the revenue say different things."""
        return self.action_view_items("difference")

    def action_view_open(self):
        """The lines that no settlement has taken yet."""
        return self.action_view_items("open")

    def action_view_held(self):
        """The lines that dealers dispute."""
        return self.action_view_items("held")

    def action_view_settled(self):
        """The lines that settlements have paid, or are about to."""
        return self.action_view_items("settled")

    def action_view_underway(self):
        """The lines in settlements that are not approved yet."""
        return self.action_view_items("underway")

    def action_view_unpaid(self):
        """The lines that customers have not paid yet."""
        return self.action_view_items("unpaid")

    def action_attribute(self):
        """Attribute what waits in these months, and what has a difference, now."""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_groups(FINANCE)):
            raise AccessError(self.env._("Only finance or an administrator attributes revenue."))
        for row in self:
            self._attribute_month(row.company_id, row.month)
        return True

    @api.model
    def _attribute_month(self, company, month):
        """Attribute anew what waits in a company, and what of ``month`` (its first day) has a difference."""
        # marking and attributing are the system's; who may ask for it was checked
        found = self.env["aftersales.reconciliation.item"].sudo().with_context(
            **self._month_context(company, month)).search(
            Domain("company_id", "=", company.id) & Domain("month", "=", month) & OF_ITEMS["difference"])
        self.env["aftersales.revenue.mark"].sudo()._put(found.move_id)
        self.env["aftersales.revenue"].sudo()._attribute(company)
        self.env.invalidate_all()

    @api.model
    def _month_context(self, company, month):
        """What lets the lines of a month be found by its days."""
        return {"reconciled_month": fields.Date.to_string(month), "reconciled_company": company.id}
