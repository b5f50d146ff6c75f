"""What changes after revenue was attributed, before and after a settlement took it: nothing lost, nothing doubled."""

from odoo.exceptions import UserError
from odoo.fields import Command

from .revenue_case import RevenueCase


class TestChanges(RevenueCase):
    def test_attributed_anew_before_a_settlement(self):
        """Rows that no settlement took are removed and said anew: one row, of the new dealer."""
        attribution = self.an_attribution()
        move = self.an_invoice(10)
        self.attribute()
        attribution.dealer_contract_id = self.dealing_south
        self.assertTrue(move.aftersales_revenue_due)
        self.attribute()
        self.assertEqual(self.said(move), [("invoice", "Southern Dealer", 10)])

    def test_attributed_anew_after_a_settlement(self):
        """What was settled is taken back from the one and given to the other; done again, nothing more happens."""
        attribution = self.an_attribution()
        move = self.an_invoice(10)
        self.attribute()
        [first] = self.rows(move)
        self.settle(first)
        attribution.dealer_contract_id = self.dealing_south
        for _again in range(2):
            self.attribute()
            move._mark_revenue()
            self.assertEqual(self.said(move, "origin_id", "day", "generation"), [
                ("invoice", "Northern Dealer", 10, self.Revenue, first.day, 0),
                ("change", "Northern Dealer", -10, first, first.day, 0),
                ("invoice", "Southern Dealer", 10, self.Revenue, first.day, 1)])
        self.assert_whole(move)

    def test_back_and_forth(self):
        """To another dealer and back again: before the taking back was settled it is undone, after it is said anew."""
        attribution = self.an_attribution()
        move = self.an_invoice(10)
        self.attribute()
        self.settle(self.rows(move))
        for settled, wanted in ((False, 1), (True, 4)):
            attribution.dealer_contract_id = self.dealing_south
            self.attribute()
            if settled:
                self.settle(self.rows(move, ("change",)))
            attribution.dealer_contract_id = self.dealing
            self.attribute()
            self.assert_whole(move)
            rows = self.rows(move)
            self.assertEqual(sum(rows.filtered(lambda row: row.dealer_id == self.dealer).mapped("amount")), 10)
            self.assertEqual(len(rows), wanted - 1 if settled else wanted)

    def test_other_percentage_after_a_settlement(self):
        """60/40 becomes 50/50: both rows are taken back whole, so that each cancels its share to the cent."""
        north, south = self.an_attribution(percent=60), self.an_attribution(self.dealing_south, percent=40)
        move = self.an_invoice(100.01)
        self.attribute()
        self.settle(self.rows(move))
        north.percent, south.percent = 50, 50
        self.attribute()
        self.assertEqual(self.said(move), [
            ("invoice", "Northern Dealer", 60.01), ("invoice", "Southern Dealer", 40.0),
            ("change", "Northern Dealer", -60.01), ("change", "Southern Dealer", -40.0),
            ("invoice", "Northern Dealer", 50.01), ("invoice", "Southern Dealer", 50.0)])
        self.assert_whole(move)

    def test_reset_to_draft_and_posted_again(self):
        """Unchanged: as if nothing had happened. Settled and dearer: taken back, and said anew."""
        self.an_attribution()
        move = self.an_invoice(10)
        self.attribute()
        self.settle(self.rows(move))
        move.button_draft()
        self.attribute()
        self.assertEqual(self.said(move), [("invoice", "Northern Dealer", 10), ("change", "Northern Dealer", -10)])
        move.action_post()
        self.attribute()
        self.assertEqual(self.said(move), [("invoice", "Northern Dealer", 10)])
        move.button_draft()
        move.invoice_line_ids.price_unit = 15
        move.action_post()
        self.attribute()
        self.assertEqual(self.said(move), [
            ("invoice", "Northern Dealer", 10), ("change", "Northern Dealer", -10), ("invoice", "Northern Dealer", 15)])
        self.assert_whole(move)

    def test_line_replaced_in_the_draft(self):
        """A line that was settled is deleted in the draft and another one entered."""
        self.an_attribution()
        move = self.an_invoice(10, 20)
        self.attribute()
        self.settle(self.rows(move))
        move.button_draft()
        move.write({"invoice_line_ids": [Command.delete(move.invoice_line_ids[0].id), Command.create({
            "name": "Other", "price_unit": 12, "tax_ids": False, "account_id": self.income.id})]})
        move.action_post()
        self.attribute()
        self.assertEqual(sorted(amount for _kind, _dealer, amount in self.said(move)), [-10, 10, 12, 20])
        self.assert_whole(move)

    def test_cancelled(self):
        self.an_attribution()
        kept, gone = self.an_invoice(10), self.an_invoice(20)
        self.attribute()
        self.settle(self.rows(kept))
        (kept | gone).button_cancel()
        self.attribute()
        self.assertEqual(self.said(kept), [("invoice", "Northern Dealer", 10), ("change", "Northern Dealer", -10)])
        self.assertFalse(self.rows(gone))

    def test_settled_draft_is_not_deleted(self):
        self.an_attribution()
        kept, gone = self.an_invoice(10), self.an_invoice(20)
        self.attribute()
        self.settle(self.rows(kept))
        (kept | gone).button_draft()
        (kept | gone).write({"name": "/"})
        with self.assertRaisesRegex(UserError, "settled with a dealer"):
            kept.unlink()
        number = gone.id
        gone.with_context(force_delete=True).unlink()
        self.assertFalse(self.Revenue.search([("move_id", "=", number)]))

    def test_dealer_named_on_a_posted_line(self):
        """It is no accounting data: it may be said until the line is settled, and counts at once."""
        self.an_attribution()
        move = self.an_invoice(10)
        self.attribute()
        move.invoice_line_ids.with_user(self.felix).write({"aftersales_dealer_id": self.south.id})
        self.attribute()
        self.assertEqual(self.said(move, "reason"), [("invoice", "Southern Dealer", 10, "explicit")])
        self.settle(self.rows(move))
        with self.assertRaisesRegex(UserError, "is settled with a dealer"):
            move.invoice_line_ids.with_user(self.felix).write({"aftersales_dealer_id": self.dealer.id})

    def test_agreement_begins_later(self):
        """A dealer contract activated later takes the invoices from its first day; those before stay nobody's."""
        late = self.a_dealer_contract(activate=False, partner_id=self.stranger.id, date_start="2026-03-05")
        self.an_attribution(late)
        before, after = self.an_invoice(10, day="2026-03-04"), self.an_invoice(10, day="2026-03-05")
        self.attribute()
        self.assertEqual(self.said(after, "reason"), [("invoice", False, 10, "no_rule")])
        late._adopt("Test")
        self.assertEqual((before.aftersales_revenue_due, after.aftersales_revenue_due), (False, True))
        self.attribute()
        self.assertEqual(self.said(after, "reason"), [("invoice", "Somebody Else", 10, "customer")])

    def test_agreement_ends(self):
        """What lies after the last day of a dealer contract that was shortened is nobody's any more."""
        self.an_attribution()
        before, after = self.an_invoice(10, day="2026-03-31"), self.an_invoice(10, day="2026-04-01")
        self.attribute()
        self.dealing._write_unlocked({"date_end": "2026-03-31"})
        self.assertEqual((before.aftersales_revenue_due, after.aftersales_revenue_due), (False, True))
        self.attribute()
        self.assertEqual(self.said(after, "reason"), [("invoice", False, 10, "no_rule")])

    def test_next_contract_of_the_same_dealer_takes_over(self):
        """An attribution goes on under the dealer's next contract: nobody need enter it again."""
        self.an_attribution()
        self.dealing._write_unlocked({"date_end": "2026-03-31"})
        following = self.a_dealer_contract(date_start="2026-04-01")
        move = self.an_invoice(10, day="2026-04-01")
        self.attribute()
        self.assertEqual(self.rows(move).dealer_contract_id, following)

    def test_ended_attribution(self):
        attribution = self.an_attribution()
        before, after = self.an_invoice(10, day="2026-03-10"), self.an_invoice(10, day="2026-03-11")
        self.attribute()
        attribution.date_to = "2026-03-10"
        self.attribute()
        self.assertEqual([self.said(move) for move in (before, after)], [
            [("invoice", "Northern Dealer", 10)], [("invoice", False, 10)]])

    def test_deleted_attribution(self):
        """Settled rows stay with their dealer's name and are taken back; the others are nobody's."""
        attribution = self.an_attribution()
        settled, fresh = self.an_invoice(10), self.an_invoice(20)
        self.attribute()
        self.settle(self.rows(settled))
        attribution.unlink()
        self.attribute()
        self.assertEqual(self.said(settled), [
            ("invoice", "Northern Dealer", 10), ("change", "Northern Dealer", -10), ("invoice", False, 10)])
        self.assertEqual(self.said(fresh), [("invoice", False, 20)])


class TestCreditNotes(RevenueCase):
    def credit(self, move, *prices, day="2026-03-25", post=True):
        """A credit note of ``move``: whole, or with these prices on its lines (None: the line is left out)."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids).create({"date": day, "journal_id": move.journal_id.id})
        note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        for line, price in zip(note.invoice_line_ids, prices, strict=False):
            if price is None:
                line.unlink()
            else:
                line.price_unit = price
        if post:
            note.action_post()
        return note

    def test_follows_the_original(self):
        """The dealer and day of the original count, whoever serves the customer when the credit note is made."""
        self.an_attribution(date_to="2026-03-15")
        self.an_attribution(self.dealing_south, "2026-03-16")
        move = self.an_invoice(10, 20)
        self.attribute()
        note = self.credit(move)
        self.attribute()
        first, second = self.rows(move)
        self.assertEqual(self.said(note, "origin_id", "day", "rate_day", "quantity", "reason"), [
            ("refund", "Northern Dealer", -amount, row, note.invoice_date, move.invoice_date, -1, "customer")
            for amount, row in ((10, first), (20, second))])
        self.assert_whole(move, note)

    def test_marked_together(self):
        """An invoice and its credit note that wait together are attributed in that order, whatever their numbers."""
        self.an_attribution()
        move = self.an_invoice(10)
        note = self.credit(move)
        self.assertEqual(self.attribute(), 2)
        self.assertEqual(self.rows(note).origin_id, self.rows(move))

    def test_part_credit_notes_leave_nothing(self):
        """100.01 at 60/40, credited in three parts: each dealer's parts sum to exactly what the invoice gave it."""
        self.an_attribution(percent=60)
        self.an_attribution(self.dealing_south, percent=40)
        move = self.an_invoice(100.01)
        notes = [self.credit(move, price) for price in (33.33, 33.34, 33.34)]
        self.attribute()
        for dealer, total in ((self.dealer, 60.01), (self.south, 40.0)):
            given = [row.amount for note in notes for row in self.rows(note) if row.dealer_id == dealer]
            self.assertAlmostEqual(sum(given), -total, 6)
        self.assert_whole(move, *notes)

    def test_credit_note_follows_a_new_attribution(self):
        """The original goes to another dealer after both were settled: both are taken back and said anew."""
        attribution = self.an_attribution()
        move = self.an_invoice(10)
        note = self.credit(move, 4)
        self.attribute()
        self.settle(self.rows(move) | self.rows(note))
        attribution.dealer_contract_id = self.dealing_south
        self.attribute()
        self.assertEqual(self.said(note), [
            ("refund", "Northern Dealer", -4), ("change", "Northern Dealer", 4), ("refund", "Southern Dealer", -4)])
        self.assertEqual(self.rows(note)[-1].origin_id, self.rows(move)[-1])
        self.assert_whole(move, note)

    def test_line_is_found_by_product_text_price_and_order(self):
        self.an_attribution(partner_id=self.customer.id)
        self.an_attribution(self.dealing_south, product_id=self.filter.id)  # farther than the customer: no effect
        alike = {"name": "Visit", "product_id": self.labour_hour.id}
        move = self.an_invoice(
            {**alike, "price_unit": 100}, {**alike, "price_unit": 200}, {"name": "Trip", "price_unit": 5})
        self.attribute()
        one, two, three = self.rows(move)
        note = self.credit(move, None, 200, 5)
        self.attribute()
        self.assertEqual(self.rows(note).origin_id, two | three)
        note = self.credit(move, 60, None, None)
        self.attribute()
        self.assertEqual(self.rows(note).origin_id, one)

    def test_line_that_fits_none_follows_the_dealer(self):
        """Goodwill on an invoice that one dealer has whole is that dealer's; it takes from no line in particular."""
        self.an_attribution(date_to="2026-03-15")
        move = self.an_invoice(10, 20)
        note = self.credit(move, post=False)
        note.write({"invoice_line_ids": [Command.clear(), Command.create({
            "name": "Goodwill", "price_unit": 3, "tax_ids": False, "account_id": self.income.id})]})
        note.action_post()
        self.attribute()
        self.assertEqual(self.said(note, "origin_id", "rate_day"), [
            ("refund", "Northern Dealer", -3, self.Revenue, move.invoice_date)])
        self.assert_whole(note)

    def test_explicit_dealer_on_a_credit_note_wins(self):
        self.an_attribution()
        move = self.an_invoice(10)
        note = self.credit(move, post=False)
        note.invoice_line_ids.aftersales_dealer_id = self.south
        note.action_post()
        self.attribute()
        self.assertEqual(self.said(note, "reason"), [("refund", "Southern Dealer", -10, "explicit")])

    def test_original_cancelled_later(self):
        """The credit note of an invoice that is no more stands for itself."""
        self.an_attribution()
        move = self.an_invoice(10)
        note = self.credit(move, 4)
        self.attribute()
        note.line_ids.remove_move_reconcile()
        move.button_draft()
        move.button_cancel()
        self.attribute()
        self.assertFalse(self.rows(move))
        self.assertEqual(self.said(note, "origin_id"), [("refund", "Northern Dealer", -4, self.Revenue)])

    def test_without_an_original(self):
        self.an_attribution()
        note = self.an_invoice(10, move_type="out_refund")
        self.attribute()
        self.assertEqual(self.said(note, "quantity", "origin_id"), [
            ("refund", "Northern Dealer", -10, -1, self.Revenue)])
        self.assert_whole(note)

    def test_never_attributed_original(self):
        """An invoice of before the addon is attributed when its credit note comes."""
        self.an_attribution()
        move = self.an_invoice(10)
        self.env.cr.execute("DELETE FROM aftersales_revenue_mark")
        note = self.credit(move)
        self.attribute()
        self.assertEqual(self.rows(note).origin_id, self.rows(move))
