"""Where what is paid counts: part payments, payments taken back, credit notes, other currencies."""

from odoo.fields import Command, Date

from .revenue_case import RevenueCase


class TestPayments(RevenueCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.east = cls.env["res.partner"].create({"name": "Eastern Dealer", "is_company": True})
        cls.dealing_east = cls.a_dealer_contract(partner_id=cls.east.id, rule=cls.paying)
        cls.served = cls.an_attribution(cls.dealing_east)
        cls.tax = cls.env["account.tax"].create(
            {"name": "Test 20", "amount": 20, "type_tax_use": "sale", "company_id": cls.company.id})

    def taxed(self, *prices, **values):
        taxes = [Command.set(self.tax.ids)]
        return self.an_invoice(*[{"price_unit": price, "tax_ids": taxes} for price in prices], **values)

    def paid(self, move):
        """[(day, document, paid before, paid after)] of the payments of ``move``."""
        return [(str(row.day), row.document_total, row.paid_before, row.paid_after)
                for row in self.rows(move, ("payment",))]

    def due(self, move):
        """What the payments of ``move`` pay of its revenue, in all."""
        return sum(row.amount * (row.paid_after - row.paid_before) / row.document_total
                   for row in self.rows(move, ("payment",)))

    def test_nothing_is_due_before_it_is_paid(self):
        move = self.taxed(100)
        self.attribute()
        self.assertEqual(self.said(move, "is_due", "pay_basis"), [("invoice", "Eastern Dealer", 100, False, "paid")])
        self.assert_whole(move)

    def test_part_payments(self):
        """Each payment is a row of its day, with what was paid of the document before and after, taxes included."""
        move = self.taxed(100)
        self.attribute()
        self.pay(move, 30, "2026-03-20")
        self.assertTrue(move.aftersales_revenue_due)
        self.attribute()
        self.settle(self.rows(move).filtered("is_due"))
        self.pay(move, 90, "2026-04-02")
        self.attribute()
        self.assertEqual(self.paid(move), [("2026-03-20", 120, 0, 30), ("2026-04-02", 120, 30, 120)])
        [source] = self.rows(move, ("invoice",))
        for row in self.rows(move, ("payment",)):
            self.assertEqual((row.amount, row.source_id, row.rate_day, row.is_due), (
                100, source, Date.to_date("2026-03-10"), True))
        self.assertAlmostEqual(self.due(move), 100)
        self.assert_whole(move)

    def test_paid_before_it_is_attributed(self):
        move = self.taxed(100)
        self.pay(move, 120)
        self.attribute()
        self.assertEqual(self.paid(move), [("2026-03-20", 120, 0, 120)])

    def test_payment_taken_back(self):
        """Before a settlement the row goes; after it, a row below zero of the same day takes it back."""
        for settled in (False, True):
            move = self.taxed(100)
            self.pay(move, 60)
            self.attribute()
            if settled:
                self.settle(self.rows(move).filtered("is_due"))
            move.line_ids.remove_move_reconcile()
            self.attribute()
            self.assertEqual(self.paid(move), [
                ("2026-03-20", 120, 0, 60), ("2026-03-20", 120, 60, 0)] if settled else [])
            self.assertAlmostEqual(self.due(move), 0)

    def test_payment_of_an_earlier_day_comes_late(self):
        """What is paid beyond what was settled is said once, of the day on which that much was paid."""
        move = self.taxed(100)
        self.pay(move, 60, "2026-03-20")
        self.attribute()
        self.settle(self.rows(move).filtered("is_due"))
        self.pay(move, 12, "2026-03-15")
        self.attribute()
        self.assertEqual(self.paid(move), [("2026-03-20", 120, 0, 60), ("2026-03-20", 120, 60, 72)])

    def test_payment_moved_to_another_day(self):
        """Settled as it was: the same sum on another day changes nothing, less of it is taken back by one row."""
        move = self.taxed(100)
        self.pay(move, 48, "2026-03-18")
        self.pay(move, 72, "2026-03-20")
        self.attribute()
        self.settle(self.rows(move).filtered("is_due"))
        move.line_ids.remove_move_reconcile()
        self.pay(move, 120, "2026-03-25")
        self.attribute()
        before = [("2026-03-18", 120, 0, 48), ("2026-03-20", 120, 48, 120)]
        self.assertEqual(self.paid(move), before)
        move.line_ids.remove_move_reconcile()
        self.pay(move, 24, "2026-03-25")
        self.attribute()
        self.assertEqual(self.paid(move), [*before, ("2026-03-20", 120, 120, 24)])

    def test_credit_note_pays(self):
        """An invoice of 100 with a credit note of 40 and a payment of the rest: 60 is due in all."""
        move = self.taxed(100)
        note = move._reverse_moves([{"invoice_date": "2026-03-12", "date": "2026-03-12"}])
        note.invoice_line_ids.price_unit = 40
        note.action_post()
        if not note.reconciled_payment_ids and note.amount_residual:
            (move | note).line_ids.filtered(lambda line: line.display_type == "payment_term").reconcile()
        self.pay(move, 72)
        self.attribute()
        self.assertEqual(self.paid(note), [("2026-03-12", 48, 0, 48)])
        self.assertAlmostEqual(self.due(move) + self.due(note), 60)
        self.assertEqual(self.rows(note, ("payment",)).origin_id, self.rows(move, ("invoice",)))
        self.assert_whole(move, note)

    def test_other_dealer_after_payments_were_settled(self):
        """What was paid and settled is paid back by rows down to 0, and paid anew to the other dealer."""
        move = self.taxed(100)
        self.pay(move, 60)
        self.attribute()
        self.settle(self.rows(move).filtered("is_due"))
        self.served.dealer_contract_id = self.dealing
        for _again in range(2):
            self.attribute()
            self.assertEqual(self.said(move, "is_due", "paid_before", "paid_after"), [
                ("invoice", "Eastern Dealer", 100, False, 0, 0), ("payment", "Eastern Dealer", 100, True, 0, 60),
                ("change", "Eastern Dealer", -100, False, 0, 0), ("invoice", "Northern Dealer", 100, True, 0, 0),
                ("payment", "Eastern Dealer", 100, True, 60, 0)])
            move._mark_revenue()
        self.assert_whole(move)
        self.settle(self.rows(move).filtered(lambda row: row.is_due and row.dealer_id == self.east)[1:])
        self.served.dealer_contract_id = self.dealing_east
        self.attribute()
        self.assertAlmostEqual(self.due(move), 50)
        self.assert_whole(move)

    def test_dearer_document_after_payments_were_settled(self):
        """Another total makes another part of what was paid: the old one is paid back, the new one paid anew."""
        move = self.taxed(100)
        self.pay(move, 60)
        self.attribute()
        self.settle(self.rows(move).filtered("is_due"))
        move.button_draft()
        move.invoice_line_ids.price_unit = 200
        move.action_post()
        if not move.line_ids.matched_credit_ids:
            self.pay(move, 60)
        self.attribute()
        old, new = self.rows(move, ("invoice",))
        payments = self.rows(move, ("payment",))
        self.assertEqual(
            [(row.source_id, row.amount, row.document_total, row.paid_before, row.paid_after) for row in payments],
            [(old, 100, 120, 0, 60), (old, 100, 120, 60, 0), (new, 200, 240, 0, 60)])

    def test_other_currency(self):
        """Parts of the document are told in its own currency: differences of exchange pay nothing."""
        move = self.taxed(90, currency_id=self.currency("EUR").id)
        self.a_rate("EUR", 0.8, "2026-03-20")
        self.pay(move, 108)
        self.attribute()
        self.assertEqual(self.paid(move), [("2026-03-20", 108, 0, 108)])
        self.assertEqual(self.rows(move, ("invoice",)).company_amount, 100)

    def test_split_and_paid(self):
        """Where one of two dealers is paid by payments, only its rows wait for them."""
        self.served.percent = 50
        self.an_attribution(percent=50)
        move = self.taxed(100.01)
        self.pay(move, 60)
        self.attribute()
        self.assertEqual(self.said(move, "is_due"), [
            ("invoice", "Eastern Dealer", 50.01, False), ("invoice", "Northern Dealer", 50.0, True),
            ("payment", "Eastern Dealer", 50.01, True)])

    def test_document_of_zero(self):
        """It is paid on its day: what its lines say is due at once."""
        move = self.an_invoice(100, -100)
        self.attribute()
        self.assertEqual(self.paid(move), [("2026-03-10", 1, 0, 1)] * 2)

    def test_draft_payment_pays_nothing(self):
        move = self.taxed(100)
        entry = self.pay(move, 60)
        self.attribute()
        self.assertEqual(len(self.paid(move)), 1)
        (entry.move_id if entry._name == "account.payment" else entry).button_draft()
        self.attribute()
        self.assertEqual(self.paid(move), [])

    def test_payments_of_posted_basis_mark_nothing(self):
        self.served.dealer_contract_id = self.dealing
        move = self.taxed(100)
        self.attribute()
        self.pay(move, 60)
        self.assertFalse(move.aftersales_revenue_due)
