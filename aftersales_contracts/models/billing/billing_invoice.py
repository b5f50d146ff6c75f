"""The documents: what an invoice, credit note or vendor bill says of a `Bill`, made by one call for many."""

from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _make_invoices(self, plan, facts):
        """The draft moves of the `Plan`'s bills; ``facts``: {id of an `Item`: its fact}, which learn their lines."""
        Move = self.env["account.move"].sudo()  # the run was asked for by the night, or by finance
        moves = Move.browse()
        for company, book in plan.books.items():
            bills = [bill for bill in plan.bills if bill.company == company]
            vals_list = [self._invoice_values(bill, book, facts) for bill in bills]
            made = Move.with_company(company).create(vals_list)
            moves |= made.with_env(Move.env)
        self.env["aftersales.billed"].sudo().browse([fact.id for fact in facts.values()])._on_invoices()
        moves._check_billed_amounts()
        return moves

    def _invoice_values(self, bill, book, facts):
        """The values of the move of a `Bill`; a negative sum makes a credit note."""
        refund = bill.amount < 0
        contract, several = bill.contracts[0], len(bill.contracts) > 1
        values = {
            "move_type": f"{'out' if bill.sale else 'in'}_{'refund' if refund else 'invoice'}",
            "company_id": bill.company.id, "partner_id": bill.payer.id, "currency_id": bill.currency.id,
            "journal_id": bill.journal.id, "invoice_date": bill.day, "fiscal_position_id": bill.position.id,
            "invoice_origin": ", ".join(one.name for one in bill.contracts),
            "aftersales_contract_id": False if several else contract.id, "invoice_line_ids": [],
        }
        if bill.sale:
            values["invoice_user_id"] = contract.user_id.id
        if contract.payment_days:
            values.update(invoice_payment_term_id=False,
                          invoice_date_due=bill.day + timedelta(days=contract.payment_days))
        for one in bill.contracts:
            rows = [row for item in bill.items if item.contract == one
                    for row in self._invoice_rows(bill, item, book, facts[id(item)], refund)]
            if several and rows:
                title = {"display_type": "line_section", "name": one.display_name}
                values["invoice_line_ids"].append(Command.create(title))
            values["invoice_line_ids"] += [Command.create(row) for row in rows]
        return values

    def _invoice_rows(self, bill, item, book, fact, refund):
        """The values of the invoice lines of an `Item`."""
        links = {"aftersales_contract_id": item.contract.id, "aftersales_billed_id": fact.id}
        if item.kind == "deduction":
            return [{**item.source._deduction_values(refund), **links}]
        sign, booking = -1 if refund else 1, item.booking()
        product = self.env["product.product"].browse(booking["product_id"])
        taxes = book.taxes(self.env["account.tax"].browse(booking["tax_ids"]), bill.position)
        account = book.account(product, bill.sale, bill.position, bill.journal)
        return [{
            "name": row["name"], "product_id": product.id, "quantity": float(row["quantity"]),
            "price_unit": sign * float(row["price_unit"]), "account_id": account.id,
            "tax_ids": [Command.set(taxes.ids)], "analytic_distribution": booking["analytic_distribution"], **links,
        } for row in item.rows if row["amount"] or item.kind != "fee"]


class AccountMove(models.Model):
    _inherit = "account.move"

    def _check_billed_amounts(self):
        """Raise UserError where a document says another amount than what was billed, to the unit of the currency.

        Amounts are before taxes; lines with a tax that prices include are taken with it.
        """
        totals = defaultdict(float)
        for line in self.invoice_line_ids.filtered("aftersales_billed_id"):
            included = any(line.tax_ids.flatten_taxes_hierarchy().mapped("price_include"))
            sign = -1 if line.move_id.move_type.endswith("refund") else 1
            totals[line.aftersales_billed_id] += sign * (line.price_total if included else line.price_subtotal)
        for fact, total in totals.items():
            if fact.currency_id.compare_amounts(total, fact.amount):
                raise UserError(self.env._(
                    "%(fact)s comes to %(wanted)s, but the invoice says %(total)s. Restore it, or delete the draft: "
                    "its periods are then billed again.", fact=fact.display_name, wanted=fact.amount, total=total))

    def _post_billed(self):
        """Post the invoices of companies that post at once; vendor bills wait for the provider's own paper."""
        ready = self.filtered(
            lambda move: move.is_sale_document() and move.company_id.aftersales_billing_post == "posted")
        if ready:
            ready._post(soft=False)
