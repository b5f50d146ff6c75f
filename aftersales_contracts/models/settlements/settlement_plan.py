"""Which documents a settlement becomes, before anything is made: what holds it, for whom they are, what they say.

What the dealer receives is a vendor bill that we write for it (self-billing), one for each payee. What it owes is a
vendor refund where earlier shares are taken back or penalties are claimed, else a customer invoice. Nothing here
writes.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from odoo import models
from odoo.fields import Command

from .settlement_books import ShareBooks
from .settlement_content import PENALTY, split_rows


class Document(NamedTuple):
    """A bill, refund or invoice to be made. ``rows``: [(`settlement_content.Row`, the payee's amount of it)]; records
    may be empty: `Settlement._document_gaps` names them."""

    settlement: Any
    move_type: str
    payee: Any
    rows: list
    journal: Any
    position: Any
    bank: Any
    day: Any

    @property
    def sale(self):
        return self.move_type.startswith("out_")


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    def _plan(self, day=None):
        """({settlement: [`Document`]}, {settlement: phrases of what holds it}), oldest first. ``day``: of the
        documents; else today in the contract's zone, or the first open day. No documents: nothing is due."""
        planned, refused, books = {}, {}, {}
        for settlement in self.sorted(lambda one: (one.period_start, one.id)):
            company = settlement.company_id
            if company not in books:
                books[company] = ShareBooks(company)
            gaps = [self.env._("it waits for %s", gap) for gap in settlement._posting_gaps(planned)]
            gaps += settlement._duty_gaps()
            documents = [] if gaps else settlement._documents_to_make(books[company], day)
            for document in documents:
                gaps += settlement._document_gaps(document, books[company])
            if gaps:
                refused[settlement] = list(dict.fromkeys(gaps))
            else:
                planned[settlement] = documents
        return planned, refused

    def _documents_to_make(self, books, day):
        total = self._money(self.payable)
        if not total:
            return []
        rows = self._booked_rows()
        move_type = self._document_type(rows)
        payees = self._split_payable()
        parts = [part for _payee, _percent, part in payees]
        documents = []
        for (payee, _percent, part), amounts in zip(payees, split_rows(rows, parts), strict=True):
            own = [(row, amount) for row, amount in zip(rows, amounts, strict=True) if amount]
            if part or own:
                documents.append(self._document(move_type, payee, own, books, day))
        return documents

    def _document(self, move_type, payee, rows, books, day):
        sale = move_type.startswith("out_")
        journal = books.journal(sale, self.currency_id)
        bank = payee.commercial_partner_id.bank_ids.filtered(
            lambda one: one.active and one.company_id.id in (False, self.company_id.id))
        own_currency = bank.filtered(lambda one: one.currency_id == self.currency_id)
        day = day or books.open_day(self.contract_id._local_today(), journal)
        return Document(self, move_type, payee, rows, journal, books.position(payee), (own_currency or bank)[:1], day)

    def _document_type(self, rows):
        """A bill of what the dealer receives; of what it owes a refund or an invoice, by what most of it is."""
        if self.payable > 0:
            return "in_invoice"
        if any(row.part == PENALTY for row in rows):
            return "in_refund"  # penalties are claimed by vendor refunds
        owed = sum((row.amount for row in rows if row.amount < 0), Decimal(0))
        back = sum((row.takes_back for row in rows), Decimal(0))
        return "in_refund" if 2 * back <= owed else "out_invoice"

    # --- what a document says ------------------------------------------------------------------------------------

    def _document_values(self, document, books):
        """Values of the account.move of ``document``."""
        lang = document.payee.lang or self.env.lang
        told = self.with_context(lang=lang)
        sign = 1 if document.move_type == "in_invoice" else -1
        return {
            "move_type": document.move_type, "company_id": self.company_id.id, "journal_id": document.journal.id,
            "currency_id": self.currency_id.id, "partner_id": document.payee.id,
            "fiscal_position_id": document.position.id, "invoice_date": document.day,
            "invoice_origin": self.contract_id.name, "ref": self.name,
            **({"partner_bank_id": document.bank.id} if document.move_type == "in_invoice" else {}),
            "invoice_line_ids": [
                Command.create(told._document_line(row, amount * sign, document, books))
                for row, amount in document.rows]}

    def _document_line(self, row, price, document, books):
        if row.part == PENALTY:
            penalty = row.penalty.sudo().with_context(lang=self.env.lang)  # it stands on the settlement that is posted
            booking = penalty._booking(document.day, books.penalties)
            return penalty._deduction_values(document.move_type != "in_invoice", booking)
        return {
            "name": self._row_name(row), "quantity": 1.0, "price_unit": float(price), "product_id": False,
            "account_id": books.part_account(row.part, document.position, document.journal).id,
            "tax_ids": [Command.set(books.part_taxes(row.part, document.position, document.sale).ids)]}

    def _document_label(self, move_type):
        """What is made of it, in a word or two."""
        return {"in_invoice": self.env._("Vendor Bill"), "in_refund": self.env._("Vendor Refund"),
                "out_invoice": self.env._("Customer Invoice")}[move_type]
