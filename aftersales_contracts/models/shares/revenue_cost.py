"""What a line cost, kept when it is posted: shares of the margin go by the cost of that day, not of today."""

from odoo import models
from odoo.tools import SQL

from .revenue_facts import SALES


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted.filtered(lambda move: move.move_type in SALES).invoice_line_ids._keep_cost()
        return posted


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        if {"product_id", "quantity", "product_uom_id"} & set(vals):
            self.filtered(lambda line: line.parent_state == "draft")._forget_cost()
        return super().write(vals)

    def _forget_cost(self):
        """Another product or quantity costs something else."""
        if self:
            self._write_cost([(line.id, None) for line in self])

    def _keep_cost(self):
        """Keep the cost of the lines that have none yet. Goods whose product has no cost: nobody knows it."""
        found = []
        known = {row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM account_move_line WHERE id = ANY(%s) AND aftersales_cost IS NOT NULL", self.ids))}
        for line in self.filtered(lambda one: one.product_id and one.id not in known):
            product = line.product_id.with_company(line.company_id).sudo()  # who posts need not see costs
            if product.standard_price or product.type == "service":
                quantity = line.product_uom_id._compute_quantity(
                    line.quantity, product.uom_id, round=False) if line.product_uom_id else line.quantity
                found.append((line.id, line.company_currency_id.round(quantity * product.standard_price)))
        if found:
            self._write_cost(found)

    def _write_cost(self, rows):
        """Below the ORM, which knows no empty amounts. ``rows``: (id, cost or None)."""
        self.env.cr.execute_values(
            "UPDATE account_move_line l SET aftersales_cost = v.cost::numeric FROM (VALUES %s) AS v (id, cost) "
            "WHERE l.id = v.id", rows, page_size=1000)
        self.invalidate_recordset(["aftersales_cost"])
