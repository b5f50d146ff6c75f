"""Invoices of contracts in the ledger: a draft may go, and its periods are billed again; what is posted stays.

Facts and invoice lines point at each other. Whoever deletes or cancels a draft, or takes a line off it, frees the facts
behind it; a posted invoice is neither reset nor changed, whichever button or call asks: it is corrected by a credit
note, and the periods stay billed.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.frozen import is_uninstalling

FIXED = (
    "aftersales_billed_id", "account_id", "quantity", "price_unit", "discount", "tax_ids", "balance", "debit", "credit",
    "amount_currency", "currency_id", "partner_id")


class AccountMove(models.Model):
    _inherit = "account.move"

    aftersales_contract_id = fields.Many2one(
        "aftersales.contract", string="Service Contract", readonly=True, index="btree_not_null", ondelete="set null",
        help="Empty where it is of several contracts: its lines say which.")
    aftersales_billed_ids = fields.One2many(
        "aftersales.billed", "move_id", string="Billed Periods", readonly=True, copy=False)
    aftersales_released = fields.Boolean(
        readonly=True, copy=False, help="It was cancelled, and its periods are billed again.")

    def _with_posted_facts(self):
        """The facts on those of the moves that are posted; the guard does not depend on who looks."""
        posted = self.filtered(lambda move: move.state == "posted")
        if not posted:
            return self.env["aftersales.billed"]
        return self.env["aftersales.billed"].sudo().search([("move_id", "in", posted.ids)])

    def _refuse_billed_change(self):
        for fact in self._with_posted_facts()[:1]:
            raise UserError(self.env._(
                "%(move)s is a posted invoice of contract %(contract)s and stays as it is. Make a credit note to "
                "correct it.", move=fact.move_id.display_name, contract=fact.contract_id.display_name))

    def _post(self, soft=True):
        self._check_billed_amounts()
        return super()._post(soft)

    def write(self, vals):
        if "state" in vals and vals["state"] != "posted":
            self._refuse_billed_change()
            if vals["state"] == "cancel":
                self._release_billed()
            else:
                self._refuse_released()
        return super().write(vals)

    def _refuse_released(self):
        for move in self.filtered("aftersales_released"):
            raise UserError(self.env._(
                "%s was cancelled, and its periods are billed again on another invoice. Delete it, or leave it "
                "cancelled.", move.display_name))

    def _release_billed(self):
        """Free what these drafts billed."""
        facts = self.line_ids.sudo().aftersales_billed_id  # who may cancel a draft need not know the contract
        if facts:
            facts.move_id.aftersales_released = True
            facts._release()

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_billed_change()
        return super().unlink()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    aftersales_contract_id = fields.Many2one(
        "aftersales.contract", string="Service Contract", readonly=True, index="btree_not_null", ondelete="set null")
    aftersales_billed_id = fields.Many2one(
        "aftersales.billed", string="Billed Period", readonly=True, copy=False, index="btree_not_null",
        ondelete="set null", help="What of a contract it bills.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("aftersales_billed_id") for vals in vals_list):
            raise UserError(self.env._("What an invoice line bills of a contract is set by the billing run."))
        return super().create(vals_list)

    def write(self, vals):
        if any(name in vals for name in FIXED):
            billed = self.filtered(lambda line: line.aftersales_billed_id)
            if billed:
                billed._refuse_fixed(vals)
        return super().write(vals)

    def _refuse_fixed(self, vals):
        if "aftersales_billed_id" in vals and not self.env.su:
            raise UserError(self.env._("What an invoice line bills of a contract is set by the billing run."))
        Move = self.env["account.move"]
        changed = self.filtered(lambda line: line.parent_state == "posted" and any(
            Move._field_will_change(line, vals, name) for name in FIXED if name in vals))
        changed.move_id._refuse_billed_change()

    def unlink(self):
        facts = self.sudo().aftersales_billed_id  # who may delete a line of a draft need not know the contract
        if facts and not is_uninstalling(self.env):
            self.move_id._refuse_billed_change()
            left = self.sudo().search([("aftersales_billed_id", "in", facts.ids), ("id", "not in", self.ids)])
            (facts - left.aftersales_billed_id)._release()
        return super().unlink()


class Contract(models.Model):
    _inherit = "aftersales.contract"

    invoice_count = fields.Integer(string="Invoices", compute="_compute_invoice_count")

    def _compute_invoice_count(self):
        counts = {}
        if self.env["account.move"].has_access("read"):
            counts = dict(self.env["account.move.line"].sudo()._read_group(  # may read invoices: counted below
                [("aftersales_contract_id", "in", self.ids), ("display_type", "=", "product")],
                ["aftersales_contract_id"], ["move_id:count_distinct"]))
        for contract in self:
            contract.invoice_count = counts.get(contract, 0)

    def action_view_invoices(self):
        """The invoices, credit notes and bills of these contracts."""
        self.check_access("read")
        lines = self.env["account.move.line"].search([("aftersales_contract_id", "in", self.ids)])
        return self._open_invoices(lines.move_id)

    def _open_invoices(self, moves):
        """A list of ``moves``; who may not read invoices is told how many there are."""
        if not self.env["account.move"].has_access("read"):
            message = self.env._("%s documents were made.", len(moves))
            return {"type": "ir.actions.client", "tag": "display_notification", "params": {
                "type": "success", "message": message, "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}
        action = {
            "type": "ir.actions.act_window", "res_model": "account.move", "name": self.env._("Invoices of Contracts"),
            "views": [(False, "list"), (False, "form")], "domain": [("id", "in", moves.ids)],
            "context": {"create": False}}
        return {**action, "views": [(False, "form")], "res_id": moves.id} if len(moves) == 1 else action
