"""Settlements in the ledger: their documents say what was approved, and stay as they are posted.

Whoever asks, by whichever button: a posted document of a settlement is neither reset, changed nor deleted, for its
amounts are those of the statement that the dealer has. The remedy is a counter-entry of the whole, after which the
settlement is approved again and can be posted anew.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.frozen import is_uninstalling
from ..penalties.account_move import FIXED_OF_LINE, FIXED_OF_MOVE

LINKS = ("aftersales_settlement_id", "aftersales_settlement_reversed")


class AccountMove(models.Model):
    _inherit = "account.move"

    aftersales_settlement_id = fields.Many2one(
        "aftersales.settlement", string="Settlement", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", help="The settlement with a dealer that this document posts.")
    aftersales_settlement_reversed = fields.Boolean(
        string="Settlement Reversed", readonly=True, copy=False, help="A counter-entry took it back.")

    @api.depends("aftersales_settlement_id")
    def _compute_show_reset_to_draft_button(self):
        """A button that would be refused is not shown."""
        super()._compute_show_reset_to_draft_button()
        self.filtered(lambda move: move.state == "posted" and move.aftersales_settlement_id).update(
            {"show_reset_to_draft_button": False})

    def action_view_aftersales_settlement(self):
        """The settlement that this document posts."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "aftersales.settlement", "view_mode": "form",
                "views": [(False, "form")], "res_id": self.aftersales_settlement_id.id}

    # --- posting -------------------------------------------------------------------------------------------------

    def _post(self, soft=True):
        for move in self.sudo().filtered("aftersales_settlement_id"):  # who posts need not know settlements
            if move.aftersales_settlement_id.state != "approved":
                raise UserError(self.env._(
                    "%(move)s belongs to settlement %(settlement)s, which is not approved, or posted already.",
                    move=move.display_name, settlement=move.aftersales_settlement_id.name))
        taken_back = self._check_taken_back()
        posted = super()._post(soft)
        for settlement in taken_back:
            settlement._accept_reversal(posted.filtered(
                lambda move, one=settlement: move.reversed_entry_id.sudo().aftersales_settlement_id == one))
        return posted

    def _check_taken_back(self):
        """The settlements whose documents these moves take back. UserError unless they do so as a whole."""
        counters = self.sudo().filtered(  # whoever makes the counter-entry
            lambda move: move.reversed_entry_id.aftersales_settlement_id
            and not move.reversed_entry_id.aftersales_settlement_reversed)
        settlements = counters.reversed_entry_id.aftersales_settlement_id
        for settlement in settlements:
            originals = settlement._documents()
            mine = counters.filtered(lambda move, one=originals: move.reversed_entry_id in one)
            settlement._check_reversible(originals, mine)
        return settlements

    # --- what is posted stays ------------------------------------------------------------------------------------

    def _refuse_settlement_change(self):
        for move in self.sudo().filtered(  # the guard does not depend on who looks
                lambda one: one.state == "posted" and one.aftersales_settlement_id):
            raise UserError(self.env._(
                "%(move)s posts settlement %(settlement)s and stays as it is. To take it back, use Reverse on the "
                "settlement: it makes a counter-entry with the reason.", move=move.display_name,
                settlement=move.aftersales_settlement_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in LINKS):
            raise UserError(self.env._("Which settlement a document posts is set by posting the settlement."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and any(name in vals for name in LINKS):
            raise UserError(self.env._("Which settlement a document posts is set by posting the settlement."))
        leaves = "state" in vals and vals["state"] != "posted"
        if leaves or any(
                self._field_will_change(move, vals, name)
                for name in (*FIXED_OF_MOVE, "aftersales_settlement_id") if name in vals
                for move in self if move.state == "posted"):
            self._refuse_settlement_change()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_settlement_change()
        return super().unlink()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["account.move"].browse({vals["move_id"] for vals in vals_list if vals.get("move_id")})
        moves._refuse_settlement_change()
        return super().create(vals_list)

    def write(self, vals):
        named = [name for name in FIXED_OF_LINE if name in vals]
        if named:
            Move = self.env["account.move"]
            self.filtered(lambda line: line.parent_state == "posted" and any(
                Move._field_will_change(line, vals, name) for name in named)).move_id._refuse_settlement_change()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self.move_id._refuse_settlement_change()
        return super().unlink()
