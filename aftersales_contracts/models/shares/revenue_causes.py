"""What marks an invoice: posting, resetting and cancelling it, changing what its lines say, paying it and taking that
back. All of it ends in a write on one of three models, whichever button or call asks."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common.frozen import is_uninstalling
from .revenue_facts import SALES
from .revenue_line import SAID

OF_MOVE = {"state", "invoice_date", "partner_id", "partner_shipping_id", "reversed_entry_id", "aftersales_contract_id"}
OF_LINE = {*SAID, "product_id", "quantity", "price_unit", "discount", "amount_currency", "balance", "debit", "credit",
           "display_type", "aftersales_contract_id"}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _mark_revenue(self):
        """Mark these documents of sale."""
        self.env["aftersales.revenue.mark"]._put(self.filtered(lambda move: move.move_type in SALES))

    def _mark_paid(self):
        """Mark those of these documents for which what is paid counts."""
        if self:
            self.env["aftersales.revenue.mark"]._put_found(SQL(
                "SELECT move_id FROM aftersales_revenue WHERE move_id = ANY(%s) AND pay_basis = 'paid'", self.ids))

    def _mark_reconciled(self):
        """Mark documents that are reconciled with these entries: a draft payment pays nothing."""
        self.env["account.partial.reconcile"].flush_model(["debit_move_id", "credit_move_id"])
        self.env["aftersales.revenue.mark"]._put_found(SQL("""
            SELECT r.move_id FROM account_move_line l
              JOIN account_partial_reconcile p ON l.id IN (p.debit_move_id, p.credit_move_id)
              JOIN account_move_line o ON o.id IN (p.debit_move_id, p.credit_move_id) AND o.id <> l.id
              JOIN aftersales_revenue r ON r.move_id = o.move_id AND r.pay_basis = 'paid'
             WHERE l.move_id = ANY(%s)""", self.ids))

    def write(self, vals):
        changing = OF_MOVE & set(vals)
        before = dict(zip(self, self.mapped("state"), strict=True)) if "state" in vals else {}
        result = super().write(vals)
        if changing:
            moved = self.filtered(lambda move: before.get(move, move.state) != move.state or (
                move.state == "posted" and changing != {"state"}))
            moved._mark_revenue()
            if "state" in vals and moved:
                moved._mark_reconciled()
        return result

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_settled_deletion()
        ids = self.ids
        result = super().unlink()
        for table in ("aftersales_revenue", "aftersales_revenue_mark"):
            self.env.cr.execute(SQL("DELETE FROM %s WHERE move_id = ANY(%s)", SQL.identifier(table), ids))
        self.env["aftersales.revenue"].invalidate_model()
        return result

    def _refuse_settled_deletion(self):
        """What a settlement was made of stays: a draft that was settled is cancelled, not deleted."""
        rows = self.env.execute_query(SQL(
            "SELECT r.move_id FROM aftersales_revenue r WHERE r.move_id = ANY(%s) AND %s LIMIT 1", self.ids,
            self.env["aftersales.revenue"]._taken("r"))) if self.ids else []
        for move in self.browse(row[0] for row in rows):
            raise UserError(self.env._(
                "%s is settled with a dealer and stays on record. Cancel it: the next settlement takes it back.",
                move.display_name))


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.parent_state == "posted").move_id._mark_revenue()
        return lines

    def write(self, vals):
        if not OF_LINE & set(vals):
            return super().write(vals)
        if any(name in vals for name in SAID):
            self._refuse_settled_change(vals)
        result = super().write(vals)
        self.filtered(lambda line: line.parent_state == "posted").move_id._mark_revenue()
        return result

    def _refuse_settled_change(self, vals):
        """Whose a line is, and for which job, is said before it is settled."""
        Move = self.env["account.move"]
        changed = self.filtered(lambda line: line.parent_state == "posted" and any(
            Move._field_will_change(line, vals, name) for name in SAID if name in vals))
        rows = self.env.execute_query(SQL(
            "SELECT r.move_line_id FROM aftersales_revenue r WHERE r.move_line_id = ANY(%s) AND (%s OR EXISTS ("
            "SELECT FROM aftersales_revenue t WHERE t.source_id = r.id AND %s)) LIMIT 1", changed.ids,
            self.env["aftersales.revenue"]._taken("r"), self.env["aftersales.revenue"]._taken("t"))) if changed else []
        for line in self.browse(row[0] for row in rows):
            raise UserError(self.env._(
                "%(line)s of %(move)s is settled with a dealer: what it says of dealer, machine and job stays. Change "
                "the attribution, or make a credit note.", line=line.name or "", move=line.move_id.display_name))


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        (partials.debit_move_id | partials.credit_move_id).move_id._mark_paid()
        return partials

    def unlink(self):
        moves = (self.debit_move_id | self.credit_move_id).move_id
        result = super().unlink()
        moves.exists()._mark_paid()
        return result
