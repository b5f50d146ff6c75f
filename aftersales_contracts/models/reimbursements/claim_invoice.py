"""The customer's part of claims as draft invoices: once, line by line; a refund where a later decision takes it back.

What a draft says may still be edited by accounting, but a claim line is never posted for more than its customer pays,
whoever posts it.
"""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import float_repr, format_date

from ..billing.billing_gaps import Books
from ..settlements.settlement import FINANCE
from ..settlements.settlement_post import BILLING
from ..settlements.settlement_post import READERS as BOOKKEEPERS

BILLED = ("billing", "knowledge", "closed")  # steps of a claim in which its work is done
TYPES = {1: "out_invoice", -1: "out_refund"}


class Claim(models.Model):
    _inherit = "aftersales.warranty.claim"

    customer_move_ids = fields.Many2many(
        "account.move", string="Customer Invoices", compute="_compute_customer_move_ids", groups=BOOKKEEPERS)
    customer_amount = fields.Monetary(
        string="To Invoice", compute="_compute_customer_amount", groups="aftersales_contracts.group_user",
        help="What we invoice the customer of the decided lines, before taxes.")
    customer_invoiced = fields.Monetary(
        string="Invoiced to Customer", compute="_compute_customer_amount", groups="aftersales_contracts.group_user",
        help="To the customer, drafts as well; less what was refunded.")

    customer_left = fields.Monetary(
        string="Left to Invoice", compute="_compute_customer_left", store=True,
        groups="aftersales_contracts.group_user", help="Below zero: to be refunded.")

    def _compute_customer_move_ids(self):
        lines = self.env["account.move.line"].sudo().search([("aftersales_claim_line_id.claim_id", "in", self.ids)])
        for claim in self:
            claim.customer_move_ids = lines.filtered(
                lambda one, claim=claim: one.aftersales_claim_line_id.claim_id == claim).move_id

    @api.depends("share_ids.amount", "share_ids.decision", "state")
    def _compute_customer_amount(self):
        invoiced = self.line_ids._customer_invoiced()
        for claim in self:
            claim.customer_amount = float(sum(line._customer_owes() for line in claim.line_ids))
            claim.customer_invoiced = float(sum(invoiced.get(line, 0) for line in claim.line_ids))

    @api.depends(
        "state", "dealer_id", "line_ids.decision", "line_ids.share_ids.amount",
        "line_ids.customer_item_ids.parent_state", "line_ids.customer_item_ids.price_subtotal",
        "company_id.aftersales_claim_collects")
    def _compute_customer_left(self):
        invoiced = self.line_ids._customer_invoiced()
        for claim in self:
            claim.customer_left = float(sum(
                line._customer_owes() - invoiced.get(line, 0) for line in claim.line_ids))

    def action_invoice(self, day=None):
        """Draft invoices and refunds to the customers of these claims, for what is not invoiced yet: one of each claim.

        ``day``: of the documents (date or "YYYY-MM-DD"), else today or the first open day. Finance with the right to
        invoice; all or none: UserError names what is missing, of every claim. A second press makes nothing.
        """
        self._check_may_invoice()
        self.lock_for_update(allow_referencing=True)  # two at once invoice nothing twice
        self._drop_customer_drafts()
        invoiced = self.line_ids._customer_invoiced()
        values, refused = [], {}
        books = {company: Books(company) for company in self.company_id}
        for claim in self:
            wanted = [(line, line._customer_owes() - invoiced.get(line, 0)) for line in claim.line_ids]
            wanted = [(line, amount) for line, amount in wanted if amount]
            gaps = claim._invoice_gaps(wanted, books[claim.company_id], fields.Date.to_date(day)) if wanted else []
            if gaps:
                refused[claim] = gaps
            for sign in (1, -1):
                rows = [(line, sign * amount) for line, amount in wanted if sign * amount > 0]
                if rows and not gaps:
                    values.append(claim._invoice_values(sign, rows, books[claim.company_id], fields.Date.to_date(day)))
        if refused:
            rows = [f"{claim.display_name}: {'; '.join(gaps)}" for claim, gaps in refused.items()]
            raise UserError("\n".join([self.env._("Nothing was invoiced."), *rows]))
        for company_values in values:
            self.env["account.move"].with_company(company_values["company_id"]).create(company_values)
        return self.action_view_customer_invoices()

    def action_view_customer_invoices(self):
        """The invoices and refunds of these claims."""
        self.check_access("read")
        lines = self.env["account.move.line"].sudo().search(  # Accounting checks who may open them
            [("aftersales_claim_line_id.claim_id", "in", self.ids)])
        return {"type": "ir.actions.act_window", "res_model": "account.move", "name": self.env._("Customer Invoices"),
                "view_mode": "list,form", "views": [(False, "list"), (False, "form")],
                "domain": [("id", "in", lines.move_id.ids)], "context": {"create": False}}

    def _check_may_invoice(self):
        self.check_access("read")
        if self.env.su:
            return
        if not self.env.user.has_groups(FINANCE):
            raise AccessError(self.env._("Only finance or an administrator invoices what customers pay of claims."))
        if not self.env.user.has_group(BILLING):
            raise AccessError(self.env._(
                "Invoicing claims takes the access right Billing of Invoicing. Ask an administrator for it."))

    def _drop_customer_drafts(self):
        """Cancel drafts that say something else than what is due now: new ones take their place."""
        moves = self.env["account.move"].search([
            ("state", "=", "draft"), ("invoice_line_ids.aftersales_claim_line_id.claim_id", "in", self.ids)])
        for move in moves:
            claims = move.invoice_line_ids.aftersales_claim_line_id.claim_id
            due = {line: line._customer_owes() for line in claims.line_ids}
            had = claims.line_ids._customer_invoiced()
            if any(due[line] != had.get(line, 0) for line in claims.line_ids):
                move.button_cancel()

    def _invoice_gaps(self, rows, books, day):
        """What keeps this claim from being invoiced: phrases."""
        _, gaps, partner = self.env._, [], self.partner_id.with_company(self.company_id)
        if not partner:
            return [_("the customer is not named")]
        if not (partner.active and partner.commercial_partner_id.active):
            gaps.append(_("%s is archived in the contacts", partner.display_name))
        if partner.company_id and partner.company_id != self.company_id:
            gaps.append(_("%s belongs to another company", partner.display_name))
        if not partner.property_account_receivable_id:
            gaps.append(_("%s has no receivable account", partner.display_name))
        journal = self._customer_journal(books)
        if not journal:
            return [*gaps, _("a sales journal is missing")]
        locks = day and books.company._get_violated_lock_dates(day, True, journal)
        if locks:
            gaps.append(_("the accounts are locked on %(day)s: %(locks)s", day=format_date(self.env, day),
                          locks=books.company._format_lock_dates(locks)))
        for line, _amount in rows:
            if not self._customer_account(line, books, journal):
                gaps.append(_("line %s has no income account", line.name))
            for tax in self._customer_taxes(line, books):
                if tax.price_include:
                    gaps.append(_("tax %(tax)s of line %(line)s is included in prices: claims are before taxes",
                                  tax=tax.name, line=line.name))
        return gaps

    # --- what an invoice says ----------------------------------------------------------------------------------------

    def _customer_journal(self, books):
        return self.company_id.aftersales_claim_journal_id or books.journal(True, self.currency_id)

    def _customer_account(self, line, books, journal):
        """The product's income account, the setting's, or that of the journal, as the fiscal position maps it."""
        position = books.position(self.partner_id)
        product = line.product_id.with_company(self.company_id)
        found = product.product_tmpl_id.get_product_accounts()["income"] if product else None
        return position.map_account(
            found or self.company_id.aftersales_claim_account_id or journal.default_account_id)

    def _customer_taxes(self, line, books):
        own = line.product_id.taxes_id.filtered(lambda tax: tax.company_id in self.company_id.parent_ids)
        taxes = own or self.company_id.aftersales_claim_tax_ids
        return books.taxes(taxes, books.position(self.partner_id))

    def _invoice_values(self, sign, rows, books, day):
        journal = self._customer_journal(books)
        told = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return {
            "move_type": TYPES[sign], "company_id": self.company_id.id, "journal_id": journal.id,
            "currency_id": self.currency_id.id, "partner_id": self.partner_id.id,
            "fiscal_position_id": books.position(self.partner_id).id,
            "invoice_date": day or books.open_day(self._today(), journal), "invoice_origin": self.name,
            "ref": self.name, "invoice_line_ids": [
                Command.create(told._invoice_line(line, amount, books, journal)) for line, amount in rows]}

    def _invoice_line(self, line, amount, books, journal):
        failed = format_date(self.env, self.failure_on)
        return {
            "name": self.env._(
                "%(what)s\nClaim %(claim)s, %(machine)s, failed on %(day)s: your part", what=line.name,
                claim=self.name, machine=self.asset_id.display_name or self.serial or "", day=failed),
            "product_id": line.product_id.id, "quantity": 1.0, "price_unit": float(amount),
            "account_id": self._customer_account(line, books, journal).id,
            "tax_ids": [Command.set(self._customer_taxes(line, books).ids)], "aftersales_claim_line_id": line.id}


class ClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    customer_item_ids = fields.One2many(
        "account.move.line", "aftersales_claim_line_id", string="Customer Items", readonly=True, groups=BOOKKEEPERS)

    def _customer_owes(self):
        """What we invoice the customer for this line, before taxes: a Decimal. Nothing before the work is done, nor
        where the dealer collects it: what it is not reimbursed for is its own to invoice."""
        self.ensure_one()
        claim = self.claim_id
        if self.decision == "open" or claim.state not in BILLED:
            return Decimal(0)
        if claim.dealer_id and (self.decision == "refused" or claim.company_id.aftersales_claim_collects == "dealer"):
            return Decimal(0)
        return sum((self._money(share.amount) for share in self.share_ids if share.payer_kind == "customer"),
                   Decimal(0))

    def _customer_invoiced(self):
        """{line: Decimal} of invoices less refunds, drafts as well, before taxes."""
        return self._customer_billed(("draft", "posted"))

    def _customer_billed(self, states):
        """As `_customer_invoiced`, of documents in these states."""
        found = defaultdict(Decimal)
        moves = self.env["account.move.line"].sudo()._read_group(  # what is invoiced is invoiced, whoever looks
            [("aftersales_claim_line_id", "in", self.ids), ("parent_state", "in", states)],
            ["aftersales_claim_line_id", "move_type"], ["price_subtotal:sum"])
        for line, move_type, amount in moves:
            sign = -1 if move_type == "out_refund" else 1
            line = self.browse(line.id)
            found[line] += sign * Decimal(float_repr(amount, line.currency_id.decimal_places))
        return found


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._check_claim_lines()
        return posted

    def _check_claim_lines(self):
        """Raise UserError where a claim's customer would pay more than its part."""
        lines = self.sudo().invoice_line_ids.aftersales_claim_line_id  # who posts need not know claims
        invoiced = lines._customer_billed(("posted",))
        for line in lines:
            owed = line._customer_owes()
            if invoiced.get(line, 0) > owed:
                raise UserError(self.env._(
                    "Line %(line)s of claim %(claim)s: its customer pays %(owed)s, and with this invoice it would be "
                    "%(invoiced)s. Cancel it, and invoice the claim anew.", line=line.name,
                    claim=line.claim_id.display_name, owed=owed, invoiced=invoiced[line]))


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    aftersales_claim_line_id = fields.Many2one(
        "aftersales.warranty.claim.line", string="Claim Line", readonly=True, copy=True, index="btree_not_null",
        ondelete="restrict", help="The line of a warranty claim of which the customer pays this part.")
