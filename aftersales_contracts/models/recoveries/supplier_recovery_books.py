"""Recoveries in the ledger: a draft vendor credit note for each that was accepted; paid follows its payment."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_amount

from .supplier_recovery_course import ANSWERED

BILLING = "account.group_account_invoice"
PAID = ("in_payment", "paid")


class SupplierRecovery(models.Model):
    _inherit = "aftersales.supplier.recovery"

    move_id = fields.Many2one(
        "account.move", string="Credit Note", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        check_company=True)
    move_state = fields.Selection(related="move_id.state", string="State of the Credit Note")
    payment_state = fields.Selection(related="move_id.payment_state", string="Payment")

    def _credited(self):
        """Whether it has a credit note that counts."""
        self.ensure_one()
        move = self.sudo().move_id  # whether there is one
        return bool(move) and move.state != "cancel" and move.payment_state != "reversed"

    def action_credit_note(self):
        """Draft vendor credit notes, one for each: by finance with the right Billing. Returns an action with them."""
        self._check_may_settle()
        if not (self.env.su or self.env.user.has_group(BILLING)):
            raise AccessError(self.env._(
                "Recoveries make vendor credit notes: that takes the access right Billing of Invoicing. Ask an "
                "administrator for it."))
        self.lock_for_update(allow_referencing=True)
        for one in self:
            if one.state not in ANSWERED:
                one._require("accepted")
            if one._credited():
                raise UserError(self.env._("%(recovery)s has the credit note %(move)s already.",
                                           recovery=one.display_name, move=one.move_id.display_name))
        for company, rows in self.grouped("company_id").items():
            moves = self.env["account.move"].with_company(company).create([one._credit_values() for one in rows])
            for one, move in zip(rows, moves, strict=True):
                one._write_guarded({"move_id": move.id})
        return self.action_open_move()

    def action_open_move(self):
        """The credit notes of these recoveries."""
        self.check_access("read")
        action = {"type": "ir.actions.act_window", "res_model": "account.move", "name": self.env._("Credit Notes")}
        if len(self.move_id) == 1:
            return {**action, "res_id": self.move_id.id, "views": [(False, "form")]}
        return {**action, "views": [(False, "list"), (False, "form")], "domain": [("id", "in", self.move_id.ids)]}

    def _credit_values(self):
        """Values of the credit note: one line, before taxes, booked where the company's settings say."""
        self.ensure_one()
        one, company = self.with_company(self.company_id), self.company_id
        supplier = one.supplier_id.commercial_partner_id
        position = one.env["account.fiscal.position"]._get_fiscal_position(supplier)
        Journal = one.env["account.journal"]
        journal = company.aftersales_recovery_journal_id or Journal.search(
            [*Journal._check_company_domain(company), ("type", "=", "purchase")], limit=1)
        account = company.aftersales_recovery_account_id or journal.default_account_id
        if not journal or not account:
            raise UserError(one.env._(
                "%(recovery)s: company %(company)s has no purchase journal with an account for recoveries.",
                recovery=self.display_name, company=company.display_name))
        return {
            "move_type": "in_refund", "partner_id": supplier.id, "company_id": company.id, "journal_id": journal.id,
            "currency_id": company.currency_id.id, "fiscal_position_id": position.id,
            "invoice_date": one._today(), "invoice_origin": self.name, "ref": self.reference or self.name,
            "invoice_line_ids": [Command.create({
                "name": self._told(), "quantity": 1, "price_unit": self.accepted_amount,
                "account_id": position.map_account(account).id,
                "tax_ids": [Command.set(position.map_tax(company.aftersales_recovery_tax_ids).ids)]})]}

    def _told(self):
        """What the credit note is for: "SR/2026/0001 · claim CL/2026/0003 · Seal · SN-7"."""
        self.ensure_one()
        return " · ".join(filter(None, (
            self.name, self.env._("claim %s", self.claim_id.name), self.line_id.name, self.asset_id.name)))

    # --- paid ----------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_paid_domain(self, _today):
        """Those whose state is not what the payment of their credit note says."""
        paid = Domain("move_id.payment_state", "in", PAID)
        return (Domain("state", "in", ANSWERED) & paid) | (Domain("state", "=", "paid") & ~paid)

    def _follow_payment(self, _today=None):
        """Paid follows the payment of the credit note, and goes back with it. Returns [(recovery, sentence)]."""
        told = []
        for one in self:
            paid = one.move_id.payment_state in PAID
            if paid and one.state in ANSWERED:
                one._write_guarded({"state": "paid", "paid_on": one._today()})
                told.append((one, self.env._("paid")))
            elif not paid and one.state == "paid":
                whole = not one.currency_id.compare_amounts(one.accepted_amount, one.amount)
                one._write_guarded({"state": "accepted" if whole else "partly", "paid_on": False})
                told.append((one, self.env._("not paid any more")))
        return told


class AccountMove(models.Model):
    _inherit = "account.move"

    aftersales_recovery_ids = fields.One2many(
        "aftersales.supplier.recovery", "move_id", string="Supplier Recoveries", readonly=True, copy=False,
        groups="aftersales_contracts.group_user")

    def _post(self, soft=True):
        """A credit note of a recovery never says more than the supplier accepted."""
        for move in self.sudo().filtered("aftersales_recovery_ids"):  # who posts need not know recoveries
            accepted = sum(move.aftersales_recovery_ids.mapped("accepted_amount"))
            if move.currency_id.compare_amounts(move.amount_untaxed, accepted) > 0:
                raise UserError(self.env._(
                    "%(move)s credits %(amount)s, but %(recovery)s was accepted with %(accepted)s.",
                    move=move.display_name, recovery=", ".join(move.aftersales_recovery_ids.mapped("name")),
                    amount=format_amount(self.env, move.amount_untaxed, move.currency_id),
                    accepted=format_amount(self.env, accepted, move.currency_id)))
        return super()._post(soft)

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self.sudo().aftersales_recovery_ids._follow_payment()  # whoever registers the payment
        return result
