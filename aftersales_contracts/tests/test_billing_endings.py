"""What is billed when a contract is suspended, terminated, renewed or amended: rows 9, 10 and 15."""

from odoo.fields import Command
from odoo.tests import freeze_time

from .billing_case import BillingCase


class EndingsCase(BillingCase):
    def suspend(self, contract, start, end=None, on=None, **values):
        with freeze_time(f"{on or start} 09:00:00"):
            return self.env["aftersales.suspension"].browse(contract.suspend(start, "Rebuilding", end, **values))

    def resume(self, contract, on):
        with freeze_time(f"{on} 09:00:00"):
            contract.resume()

    def terminate(self, contract, last_day, on, **values):
        ground = self.env.ref("aftersales_contracts.ground_mutual")
        with freeze_time(f"{on} 09:00:00"):
            one = self.env["aftersales.termination"].browse(contract.terminate(last_day, ground.id, "Agreed", **values))
        return one

    def carry_out(self, contract, day):
        with freeze_time(f"{day} 01:00:00"):
            due = contract.termination_ids.filtered(lambda one: one.state == "planned")
            due._nightly_terminate(None)
            contract.invalidate_recordset()


class TestSuspended(EndingsCase):
    def test_row15_suspended_days_are_never_billed(self):
        """Across a month end, known beforehand."""
        contract = self.a_term()
        self.night("2026-01-01", contract)
        self.suspend(contract, "2026-02-21", "2026-03-10", on="2026-01-15", shift_end=False)
        self.night("2026-03-11", contract)
        self.assertEqual(self.facts(contract)[1:], [
            ("2026-02-01", "2026-02-20", "71.43"), ("2026-03-11", "2026-03-31", "67.74")])

    def test_row15_billed_in_advance_then_suspended_is_taken_back_once(self):
        contract = self.a_term({"unit": "quarter", "price": 900})
        self.night("2026-01-01", contract)
        self.suspend(contract, "2026-02-10", "2026-02-18", on="2026-02-02", shift_end=False)
        self.assertEqual(str(contract.next_bill_on), "2026-02-19", "certain once its days are over")
        self.assertFalse(self.night("2026-02-18", contract))
        move = self.night("2026-02-19", contract)
        self.assertRecordValues(move, [{"move_type": "out_refund", "amount_untaxed": 90, "amount_total": 103.5}])
        self.assertEqual(self.facts(contract, "days"), [("2026-02-10", "2026-02-18", "-90.00")])
        self.assertEqual(str(contract.next_bill_on), "2026-04-01")
        self.assertEqual(self.night("2026-04-01", contract).amount_untaxed, 900, "once")

    def test_row15_resumed_early_the_days_are_billed_after_all(self):
        contract = self.a_term()
        self.suspend(contract, "2026-03-10", "2026-03-20", on="2026-02-20", shift_end=False)
        self.night("2026-03-01", contract)
        self.resume(contract, "2026-03-15")
        self.night("2026-03-15", contract)
        self.assertEqual(self.facts(contract, "days"), [("2026-03-15", "2026-03-20", "19.36")])

    def test_row15_without_an_end_nothing_is_billed_until_it_is_resumed(self):
        contract = self.a_term({"timing": "postpaid"}, {"name": "Advance", "price": 310})
        self.night("2026-02-28", contract)
        self.suspend(contract, "2026-03-10", shift_end=False)
        for day in ("2026-03-10", "2026-04-01", "2026-05-01"):
            self.night(day, contract)
        rows = self.facts(contract)
        self.assertIn(("2026-03-01", "2026-03-09", "29.03"), rows, "in arrears: the days before it")
        self.assertEqual(max(row[1] for row in rows), "2026-03-09")
        self.assertFalse(contract.next_bill_on, "what comes next, its end will say")
        self.resume(contract, "2026-05-16")
        self.night("2026-06-01", contract)
        late = [row for row in self.facts(contract) if row[0] > "2026-03-09"]
        self.assertEqual(late, [
            ("2026-05-16", "2026-05-31", "51.61"), ("2026-05-16", "2026-05-31", "160.00"),
            ("2026-06-01", "2026-06-30", "310.00")])

    def test_row15_suspended_twice_counts_once_and_cancelled_not_at_all(self):
        contract = self.a_term()
        self.suspend(contract, "2026-02-05", "2026-02-14", on="2026-01-20", shift_end=False)
        self.suspend(contract, "2026-02-10", "2026-02-18", on="2026-01-20", shift_end=False)
        cancelled = self.suspend(contract, "2026-02-25", "2026-02-27", on="2026-01-20", shift_end=False)
        with freeze_time("2026-01-21 09:00:00"):
            cancelled.action_resume()
        self.night("2026-02-01", contract)
        self.assertEqual([row for row in self.facts(contract) if row[0] >= "2026-02-01"], [
            ("2026-02-01", "2026-02-04", "14.29"), ("2026-02-19", "2026-02-28", "35.71")])

    def test_row15_a_moved_last_day_is_billed_to_the_new_one(self):
        contract = self.a_term(date_end="2026-03-31")
        self.suspend(contract, "2026-02-01", "2026-02-28", on="2026-01-15")
        self.assertEqual(str(contract.date_end), "2026-04-28")
        self.night("2026-06-01", contract)
        self.assertEqual(self.facts(contract), [
            ("2026-01-01", "2026-01-31", "100.00"), ("2026-03-01", "2026-03-31", "100.00"),
            ("2026-04-01", "2026-04-28", "93.33")])

    def test_a_suspension_that_does_not_pause_billing_changes_nothing(self):
        contract = self.a_term()
        self.suspend(contract, "2026-02-05", "2026-02-14", on="2026-01-20", shift_end=False, billing=False)
        self.night("2026-02-01", contract)
        self.assertEqual(self.facts(contract)[1], ("2026-02-01", "2026-02-28", "100.00"))


class TestTerminated(EndingsCase):
    def test_row10_the_unused_half_year_is_credited(self):
        """1,200 a year from 1 Dec, half a year billed, ends 1 Mar: unused credit 300."""
        contract = self.oracle()
        one = self.terminate(contract, "2026-02-28", "2026-02-02")
        self.assertFalse(self.night("2026-02-28", contract), "not before it was carried out")
        self.carry_out(contract, "2026-03-01")
        move = self.night("2026-03-01", contract)
        self.assertRecordValues(move, [{"move_type": "out_refund", "amount_untaxed": 300}])
        self.assertEqual((one.credit, str(one.billed_on)), (300, "2026-03-01"))
        self.assertEqual(self.total(contract), "300.00")
        self.assertFalse(contract.next_bill_on)
        self.assertFalse(self.night("2026-06-01", contract), "never after its end")

    def oracle(self):
        contract = self.a_term(
            {"price": 600, "unit": "month", "interval": 6, "proration_rule": "per-month"}, date_start="2025-12-01",
            date_end="2026-11-30")
        self.night("2025-12-01", contract)
        self.assertEqual(self.facts(contract), [("2025-12-01", "2026-05-31", "600.00")])
        return contract

    def test_row10_override_and_suppress(self):
        for rule, amount, refunded in (("override", 200, "400.00"), ("suppress", None, "600.00")):
            with self.subTest(rule):
                contract = self.oracle()
                self.terminate(contract, "2026-02-28", "2026-02-02", credit_rule=rule, credit_amount=amount)
                self.carry_out(contract, "2026-03-01")
                self.night("2026-03-01", contract)
                self.assertEqual(self.total(contract), refunded, "the contract value")
                self.assertFalse(contract.next_bill_on)

    def test_row10_what_was_billed_elsewhere_is_credited_by_the_figures(self):
        contract = self.a_term(
            {"price": 1200, "unit": "year", "proration_rule": "per-month"}, date_start="2025-12-01",
            date_end="2026-11-30")
        contract.line_ids._write_unlocked({"billed_until": "2026-05-31"})
        self.terminate(contract, "2026-02-28", "2026-02-02")
        self.carry_out(contract, "2026-03-01")
        move = self.night("2026-03-01", contract)
        self.assertEqual((move.move_type, move.amount_untaxed), ("out_refund", 300))
        self.assertFalse(contract.next_bill_on)

    def test_row10_moved_earlier(self):
        contract = self.oracle()
        self.terminate(contract, "2026-03-31", "2026-02-02")
        self.terminate(contract, "2026-02-28", "2026-02-03")
        self.carry_out(contract, "2026-03-01")
        self.night("2026-03-01", contract)
        self.assertEqual(self.total(contract), "300.00", "once, by the one that counts")

    def test_row10_a_fee_larger_than_the_credit_is_an_invoice(self):
        contract = self.a_term({"price": 100}, fee_kind="fixed", fee_value=250)
        self.night("2026-01-01", contract)
        ground = self.env["aftersales.termination.ground"].create(
            {"name": "By the contract", "kind": "mutual", "fee_kind": "contract", "credit_rule": "full"})
        with freeze_time("2026-01-16 09:00:00"):
            contract.terminate("2026-01-15", ground.id, "Agreed")
        move = self.night("2026-01-16", contract)
        self.assertRecordValues(move, [{"move_type": "out_invoice", "amount_untaxed": 198.39}])
        self.assertEqual(self.facts(contract), [
            ("2026-01-01", "2026-01-31", "100.00"), ("2026-01-15", "2026-01-15", "250.00"),
            ("2026-01-16", "2026-01-31", "-51.61")])

    def test_row10_undone_whole_before_it_began(self):
        contract = self.a_term()
        self.night("2026-01-01", contract)
        self.terminate(contract, "2025-12-31", "2026-01-02")
        self.assertEqual(contract.state, "terminated")
        move = self.night("2026-01-02", contract)
        self.assertEqual((move.move_type, move.amount_untaxed), ("out_refund", 100))
        self.assertEqual(self.total(contract), "0.00")

    def test_the_last_days_in_arrears_are_billed_once(self):
        contract = self.a_term({"timing": "postpaid"})
        self.night("2026-02-01", contract)
        one = self.terminate(contract, "2026-03-15", "2026-02-10")
        self.assertEqual(one.unbilled, 148.39)
        self.night("2026-03-01", contract)
        self.carry_out(contract, "2026-03-16")
        self.night("2026-03-16", contract)
        self.assertEqual(self.facts(contract)[1:], [
            ("2026-02-01", "2026-02-28", "100.00"), ("2026-03-01", "2026-03-15", "48.39")])
        self.assertFalse(self.night("2026-04-01", contract))

    def test_a_cancelled_termination_credits_nothing(self):
        contract = self.oracle()
        one = self.terminate(contract, "2026-02-28", "2026-02-02")
        with freeze_time("2026-02-03 09:00:00"):
            one.action_cancel()
        self.assertFalse(self.night("2026-03-01", contract))
        self.assertEqual(self.night("2026-06-01", contract).amount_untaxed, 600)


class TestChanged(EndingsCase):
    def amended(self, contract, at, effective, **row):
        with freeze_time(f"{at} 10:00:00"):
            draft = contract.make_amendment(effective, "Agreed", "price")
            draft.line_ids[:1].write(row)
            draft.sudo()._adopt("Test")
            contract.invalidate_recordset()
        return draft

    def test_a_backdated_price_is_corrected_with_the_next_invoice(self):
        contract = self.a_term()
        self.night("2026-03-01", contract)
        self.amended(contract, "2026-03-10", "2026-01-01", price=105)
        self.assertEqual(str(contract.next_bill_on), "2026-04-01", "with the next invoice of the line")
        move = self.night("2026-04-01", contract)
        self.assertEqual(move.amount_untaxed, 105 + 3 * 5)
        self.assertEqual(self.facts(contract, "correction"), [
            ("2026-01-01", "2026-01-31", "5.00"), ("2026-02-01", "2026-02-28", "5.00"),
            ("2026-03-01", "2026-03-31", "5.00")])
        self.assertEqual(set(contract.correction_ids.mapped("state")), {"billed"})
        self.assertFalse(self.night("2026-04-02", contract), "once")

    def test_a_correction_of_the_last_period_is_billed_at_once(self):
        contract = self.a_term(date_end="2026-03-31")
        self.night("2026-03-01", contract)
        self.amended(contract, "2026-03-10", "2026-01-01", price=90)
        move = self.night("2026-04-01", contract)
        self.assertEqual((move.move_type, move.amount_untaxed), ("out_refund", 30))

    def test_row9_a_revised_price_of_days_billed_in_advance(self):
        """Billed for the quarter, the price rises in its second month: the difference, once."""
        contract = self.a_term({"unit": "quarter", "price": 900}, date_end="2026-12-31")
        self.night("2026-01-01", contract)
        self.amended(contract, "2026-01-20", "2026-02-01", price=990)
        move = self.night("2026-04-01", contract)
        self.assertEqual(self.facts(contract, "correction"), [("2026-01-01", "2026-03-31", "59.00")])
        self.assertEqual(move.amount_untaxed, 990 + 59)

    def test_row9_ended_and_cancelled_lines_are_not_billed(self):
        contract = self.a_term({"date_end": "2026-02-28"}, {"cancelled": True, "name": "Cancelled"},
                               {"date_start": "2026-04-01", "name": "Future"})
        self.night("2026-03-31", contract)
        self.assertEqual([row[0] for row in self.facts(contract)], ["2026-01-01", "2026-02-01"])

    def test_a_signed_price_to_come_is_billed_from_its_day(self):
        """In force on the 16th, signed in February: the invoice of March has both prices."""
        contract = self.a_term()
        self.night("2026-02-01", contract)
        self.amended(contract, "2026-02-10", "2026-03-16", price=131)
        self.night("2026-03-01", contract)
        self.assertEqual(self.facts(contract)[2:], [
            ("2026-03-01", "2026-03-15", "48.39"), ("2026-03-16", "2026-03-31", "67.61")])

    def test_a_quantity_counts_from_its_day(self):
        contract = self.a_term({"timing": "postpaid"})
        self.night("2026-03-01", contract)
        self.amended(contract, "2026-03-16", "2026-03-16", quantity=2)
        self.night("2026-04-01", contract)
        self.assertEqual(self.facts(contract)[2:], [
            ("2026-03-01", "2026-03-15", "48.39"), ("2026-03-16", "2026-03-31", "103.23")])
        self.night("2026-05-01", contract)
        self.assertRecordValues(contract.billed_ids.move_line_id.sorted("id")[-1], [{
            "quantity": 2, "price_unit": 100, "price_subtotal": 200}])

    def test_a_line_taken_off_by_its_last_day_is_credited(self):
        contract = self.a_term({"unit": "quarter", "price": 900})
        self.night("2026-01-01", contract)
        self.amended(contract, "2026-02-05", "2026-02-05", date_end="2026-02-14")
        move = self.night("2026-02-15", contract)
        self.assertEqual((move.move_type, move.amount_untaxed), ("out_refund", 450))
        self.assertFalse(contract.next_bill_on)

    def test_renewed_it_goes_on_without_a_gap_or_a_double(self):
        contract = self.a_term({"price": 100, "date_start": False}, date_start="2025-01-17", date_end="2026-01-16",
                               renewal_kind="extension")
        self.night("2026-01-16", contract)
        with freeze_time("2026-01-17 02:00:00"):
            contract._nightly_renew(None)
        self.assertEqual(str(contract.date_end), "2027-01-16")
        self.night("2026-02-17", contract)
        rows = self.facts(contract)
        self.assertEqual(rows[11:], [
            ("2025-12-17", "2026-01-16", "100.00"), ("2026-01-17", "2026-02-16", "100.00"),
            ("2026-02-17", "2026-03-16", "100.00")])

    def test_an_amendment_is_never_billed_itself(self):
        contract = self.a_term()
        draft = self.amended(contract, "2026-03-10", "2026-05-01", price=105)
        self.assertFalse(draft.next_bill_on)
        self.assertFalse(self.night("2026-06-01", draft))

    def test_a_line_added_by_an_amendment_begins_on_its_day(self):
        contract = self.a_term()
        self.night("2026-03-01", contract)
        with freeze_time("2026-03-11 10:00:00"):
            draft = contract.make_amendment("2026-03-16", "One more", "other")
            draft.line_ids = [Command.create({"name": "Added", "price": 31, "counted_from": "2026-01-01",
                                              "date_start": "2026-03-16"})]
            draft._adopt("Test")
        with freeze_time("2026-03-16 02:00:00"):
            draft._nightly_amend(None)
            contract.invalidate_recordset()
        self.night("2026-03-16", contract)
        self.assertEqual(self.facts(contract)[-1], ("2026-03-16", "2026-03-31", "16.00"))

    def test_a_line_removed_by_an_amendment_is_billed_to_its_day(self):
        """In arrears, gone on the 16th: its last days come with their taxes, although the line is gone."""
        contract = self.a_term({"name": "Stays", "price": 1}, {"name": "Goes", "timing": "postpaid", "price": 310})
        self.night("2026-03-01", contract)
        with freeze_time("2026-03-10 10:00:00"):
            draft = contract.make_amendment("2026-03-16", "Not needed any more", "other")
            draft.line_ids.filtered(lambda line: line.name == "Goes").unlink()
            draft._adopt("Test")
        with freeze_time("2026-03-16 02:00:00"):
            draft._nightly_amend(None)
            contract.invalidate_recordset()
        self.assertEqual(contract.line_ids.mapped("name"), ["Stays"])
        self.assertEqual(str(contract.next_bill_on), "2026-03-16")
        move = self.night("2026-03-16", contract)
        self.assertRecordValues(move.invoice_line_ids, [{
            "name": "Goes, corrected\n03/01/2026 to 03/15/2026", "price_subtotal": 150, "tax_ids": self.sale_tax.ids}])
        self.assertEqual(str(contract.next_bill_on), "2026-04-01")

    def test_days_that_were_paused_are_not_corrected(self):
        """The price of March doubles backwards; ten of its days were suspended and never billed."""
        contract = self.a_term({"price": 310})
        self.suspend(contract, "2026-03-11", "2026-03-20", on="2026-02-10", shift_end=False)
        self.night("2026-03-01", contract)
        self.amended(contract, "2026-03-25", "2026-03-01", price=620)
        self.assertEqual(sum(contract.correction_ids.mapped("amount")), 210)
