"""Marks: invoices whose revenue must be attributed anew.

Whatever changes an invoice, its payments or who serves it leaves a mark in the same transaction. Marks are added and
taken off, never changed, so that people and workers do not wait for one another. A worker locks the invoices, takes
their marks off and attributes them in one transaction: killed at any instant it leaves the marks; and whoever finds a
mark taken off by somebody else begins anew. Without marks a run is one look at an empty table.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from .ledger_field import LedgerMany2one


class RevenueMark(models.Model):
    _name = "aftersales.revenue.mark"
    _description = "Revenue to Attribute"
    _order = "id"
    _rec_name = "move_id"
    _log_access = False

    move_id = LedgerMany2one("account.move", required=True, readonly=True, index=True)

    @api.model
    def _put(self, moves):
        """Mark ``moves`` (a recordset)."""
        if moves:
            self._put_found(SQL("SELECT unnest(%s::int[])", sorted(moves.ids)))

    @api.model
    def _put_found(self, query):
        """Mark the invoices whose ids ``query`` (an `SQL`) finds, each once; those that wait already stay marked."""
        self.env.cr.execute(SQL(
            "INSERT INTO aftersales_revenue_mark (move_id) SELECT DISTINCT found.id FROM (%s) AS found (id)", query))
        self.env["account.move"].invalidate_model(["aftersales_revenue_due"], flush=False)


class AccountMove(models.Model):
    _inherit = "account.move"

    aftersales_revenue_due = fields.Boolean(
        string="Waiting for Attribution", compute="_compute_aftersales_revenue_due",
        search="_search_aftersales_revenue_due", compute_sudo=True,
        help="It changed since its revenue was attributed.")

    def _compute_aftersales_revenue_due(self):
        rows = self.env.execute_query(SQL(
            "SELECT DISTINCT move_id FROM aftersales_revenue_mark WHERE move_id = ANY(%s)", self.ids))
        waiting = {row[0] for row in rows}
        for move in self:
            move.aftersales_revenue_due = move.id in waiting

    def _search_aftersales_revenue_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        if set(value) >= {True, False}:
            return fields.Domain.TRUE
        domain = fields.Domain("id", "in", SQL("(SELECT move_id FROM aftersales_revenue_mark)"))
        return domain if True in value else ~domain
