"""What tests of settlements start from: a dealer contract with a share rule, and invoices to a customer it serves."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time

from .posting_case import PostingCase
from .share_case import ShareCase


class SettlementCase(ShareCase, PostingCase):
    """2026-04-10, 12:00 UTC; March is over. `dealing` is settled from March on: 70 % of labour, 10 % of all else, its
    dealer has a bank account. `work` and `pump` are products of labour and parts. `customer` belongs to the dealer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Product = cls.env["product.product"]
        cls.work = Product.create({
            "name": "Hours of a Technician", "type": "service", "aftersales_line_kind_id": cls.labour.id,
            "taxes_id": False, "standard_price": 0})
        cls.pump = Product.create({
            "name": "Oil Pump", "type": "consu", "aftersales_line_kind_id": cls.parts.id, "taxes_id": False,
            "standard_price": 0})
        cls.env["res.partner.bank"].create({"acc_number": "DE1234567890", "partner_id": cls.dealer.id})
        cls.attributed = cls.attribute(partner_id=cls.customer.id)
        cls.dealing.settlements_from = "2026-03-01"

    @classmethod
    def attribute(cls, **values):
        return cls.env["aftersales.attribution"].create({
            "company_id": cls.company.id, "dealer_contract_id": cls.dealing.id, "date_from": "2026-01-01", **values})

    @classmethod
    def an_invoice(cls, *lines, day="2026-03-10", move_type="out_invoice", partner=None, post=True, **values):
        """A posted invoice; ``lines``: (product, amount) or dicts of values of a line."""
        rows = [line if isinstance(line, dict) else {"product_id": line[0].id, "price_unit": line[1]} for line in lines]
        move = cls.env["account.move"].create({
            "move_type": move_type, "partner_id": (partner or cls.customer).id, "invoice_date": day, "date": day,
            "invoice_line_ids": [Command.create({"tax_ids": False, "quantity": 1, **row}) for row in rows], **values})
        if post:
            move.action_post()
        return move

    def refund(self, move, amount=None, day="2026-03-20"):
        """A credit note of ``move``; ``amount``: of its first line only."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids).create({"date": day, "journal_id": move.journal_id.id})
        credit = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        credit.invoice_date = day
        if amount is not None:
            credit.invoice_line_ids[1:].unlink()
            credit.invoice_line_ids.write({"quantity": 1, "price_unit": amount})
        credit.action_post()
        return credit

    def settle(self, today="2026-04-10", contracts=None):
        """Settle what is over on ``today``; returns the settlements made, oldest first."""
        with freeze_time(f"{today} 12:00:00"):
            found = self.env["aftersales.settlement"]._run(
                self.company, contracts or self.dealing, today=fields.Date.to_date(today))
        self.assertFalse(found.blocked)
        return found.made

    def amounts(self, settlement, *kinds):
        """[(kind or description, amount as text)] of the lines."""
        digits = settlement.currency_id.decimal_places
        lines = settlement.line_ids.sorted("sequence")
        return [(line.kind, f"{line.amount:.{digits}f}") for line in lines if not kinds or line.kind in kinds]

    def assert_sound(self, settlement):
        """The lines sum to the total, and a second reckoning of what is stored gives the same."""
        lines = sum(settlement._money(line.amount) for line in settlement.line_ids)
        self.assertEqual(lines, settlement._money(settlement.total))
        again = settlement._reckon_again()
        self.assertEqual(again.result_hash, settlement.result_hash)
        self.assertEqual(again.inputs, settlement.inputs)
