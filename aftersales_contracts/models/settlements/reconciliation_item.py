"""The lines behind the figures of the reconciliation: see ``reconciliation_query`` for what they say."""

from odoo import fields, models

from .reconciliation_query import DEPENDS, items


class ReconciliationItem(models.Model):
    """One line of the ledger. Nothing is stored; nobody enters anything."""

    _name = "aftersales.reconciliation.item"
    _description = "Reconciled Ledger Line"
    _auto = False
    _order = "day desc, id desc"
    _rec_names_search = ["name", "customer_id.name"]
    _depends = DEPENDS

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    month = fields.Date(readonly=True, help="First day of the month of the entry.")
    day = fields.Date(string="Booked", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    move_line_id = fields.Many2one("account.move.line", string="Invoice Line", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    ledger = fields.Monetary(string="In the Ledger", readonly=True, help="Before taxes, credit notes below zero.")
    attributed = fields.Monetary(readonly=True, help="To dealers with an agreement.")
    not_attributed = fields.Monetary(readonly=True, help="Nobody's, or of a dealer without an agreement on that day.")
    no_agreement = fields.Monetary(
        string="Without an Agreement", readonly=True,
        help="Part of what is not attributed: a dealer would have it, but had no share rule in force on that day.")
    waiting = fields.Monetary(
        readonly=True, help="The document changed since it was attributed: the next run takes it.")
    difference = fields.Monetary(readonly=True, help="In the ledger and in no row of revenue, or the other way round.")
    settled = fields.Monetary(readonly=True, help="In settlements that are approved.")
    underway = fields.Monetary(string="Under Way", readonly=True, help="In settlements that are not approved yet.")
    open = fields.Monetary(readonly=True, help="In no settlement yet.")
    held = fields.Monetary(readonly=True, help="Disputed by the dealer.")
    unpaid = fields.Monetary(readonly=True, help="Where what is paid counts: not paid by the customer yet.")
    is_waiting = fields.Boolean(string="Waiting for Attribution", readonly=True)

    @property
    def _table_query(self):
        """Those of a month, where the context names one (`aftersales.reconciliation` opens them so): found by its
        days, which is faster. What is seen is said by the domain and the rules, as everywhere."""
        month, company = (self.env.context.get(key) for key in ("reconciled_month", "reconciled_company"))
        if not (month and company):
            return items()
        first = fields.Date.to_date(month)
        return items(int(company), first, fields.Date.end_of(first, "month"))

    def action_open_document(self):
        """The invoice or credit note; the right to read it is checked there."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "name": self.name, "res_model": "account.move",
                "res_id": self.move_id.id, "views": [(False, "form")]}

    def action_view_revenue(self):
        """The rows of attributed revenue of these lines."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_revenue")
        return {**action, "context": {}, "domain": [("move_line_id", "in", self.mapped("move_line_id").ids)]}
