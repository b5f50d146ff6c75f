"""What people do to attributed revenue: give what nobody has to a dealer, and have rows attributed anew."""

from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import SQL

GIVERS = ("aftersales_contracts.group_account_manager,aftersales_contracts.group_finance,"
          "aftersales_contracts.group_administrator")


class Revenue(models.Model):
    _inherit = "aftersales.revenue"

    def _free(self):
        """Those of the rows whose whole line nobody has, and that still stand for it."""
        return self.filtered(lambda row: row.kind in ("invoice", "refund") and not row.dealer_contract_id
                             and row.reason in ("none", "no_rule") and row.percent == 100)

    def action_attribute(self):
        """Choose a dealer for the rows that nobody has."""
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "aftersales.attribute.revenue",
                "name": self.env._("Attribute to a Dealer"), "views": [(False, "form")], "target": "new",
                "context": {"active_model": self._name, "active_ids": self.ids}}

    def action_attribute_again(self):
        """Attribute the invoices of these rows anew, by the attributions, addresses and categories of today."""
        if not self.env.user.has_groups(GIVERS):
            raise AccessError(self.env._("Only account managers, finance and administrators attribute revenue."))
        self.check_access("read")
        self._attribute_again()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _attribute_again(self):
        """Mark the invoices of these rows, and attribute those that nobody else holds."""
        worker = self.sudo()  # the ledger is written by nobody's right
        for company, rows in worker.grouped("company_id").items():
            moves = rows.move_id.exists()
            moves._mark_revenue()
            worker.env.flush_all()
            free = [row[0] for row in worker.env.execute_query(SQL(
                "SELECT id FROM account_move WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED", moves.ids))]
            if free:
                worker._attribute_moves(company, free)
