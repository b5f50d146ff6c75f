"""Backdated changes settle by corrections in the open period: contracts.md section 4 item 5."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time

from .test_versions import ROLES, VersionsCase


class TestContractCorrection(VersionsCase):
    def billed(self, until, contract=None):
        """The first line is billed up to and with that day."""
        line = (contract or self.contract).line_ids[:1]
        line._write_unlocked({"billed_until": until})
        return line

    def corrections(self, contract=None):
        rows = self.env["aftersales.contract.correction"].search(
            [("contract_id", "=", (contract or self.contract).id)], order="id")
        return [(str(row.period_start), str(row.period_end), row.amount) for row in rows]

    def test_item5_three_closed_months_five_percent(self):
        """One correction for each closed month, summing exactly, booked in the open one; once."""
        self.billed("2026-03-31")
        draft = self.amended("2026-04-10 10:00:00", "2026-01-01", row={"price": 105.0})
        months = [("2026-01-01", "2026-01-31", 5.0), ("2026-02-01", "2026-02-28", 5.0),
                  ("2026-03-01", "2026-03-31", 5.0)]
        self.assertEqual(self.corrections(), months)
        rows = self.contract.correction_ids
        self.assertEqual({(str(row.booked_on), row.state) for row in rows}, {("2026-04-01", "open")})
        self.assertEqual(sum(rows.mapped("amount")), 15.0)
        self.assertTrue(all(row.steps for row in rows))
        version = self.contract.version_ids.filtered(lambda one: one.amendment_id == draft)
        version._correct_closed()
        self.assertEqual(self.corrections(), months, "run again, nothing more is booked")
        self.assertEqual(str(self.contract.line_ids.billed_until), "2026-03-31", "what was billed does not move")

    def test_from_the_middle_of_a_closed_month(self):
        self.billed("2026-03-31")
        self.amended("2026-04-10 10:00:00", "2026-02-15", row={"price": 128.0})
        self.assertEqual(self.corrections(), [("2026-02-01", "2026-02-28", 14.0), ("2026-03-01", "2026-03-31", 28.0)])

    def test_a_lower_price_is_a_credit(self):
        self.billed("2026-03-31")
        self.amended("2026-04-10 10:00:00", "2026-03-01", row={"price": 90.0})
        self.assertEqual(self.corrections(), [("2026-03-01", "2026-03-31", -10.0)])

    def test_a_second_backdated_amendment_corrects_what_is_left(self):
        self.billed("2026-03-31")
        self.amended("2026-04-10 10:00:00", "2026-02-01", row={"price": 105.0})
        self.amended("2026-04-11 10:00:00", "2026-01-01", row={"price": 103.0})
        # January at 103; February and March stay at 105, which begins later and so lies on top.
        self.assertEqual(self.corrections(), [
            ("2026-02-01", "2026-02-28", 5.0), ("2026-03-01", "2026-03-31", 5.0), ("2026-01-01", "2026-01-31", 3.0)])

    def test_other_order_same_sum(self):
        other = self._in_force("2026-01-05 09:00:00")
        for contract in (self.contract, other):
            self.billed("2026-03-31", contract)
        first, second = ("2026-02-01", {"price": 105.0}), ("2026-01-01", {"price": 103.0})
        for contract, order in ((self.contract, (first, second)), (other, (second, first))):
            for day, (effective, row) in enumerate(order, 10):
                self.amended(f"2026-04-{day} 10:00:00", effective, row=row, contract=contract)
        self.assertEqual(sum(self.contract.correction_ids.mapped("amount")), sum(other.correction_ids.mapped("amount")))

    def test_nothing_billed_nothing_corrected(self):
        self.amended("2026-04-10 10:00:00", "2026-01-01", row={"price": 105.0})
        self.assertFalse(self.corrections())

    def test_terms_that_cost_nothing_make_no_correction(self):
        self.billed("2026-03-31")
        self.amended("2026-04-10 10:00:00", "2026-01-01", values={"title": "Other"}, row={"name": "Other words"})
        self.assertFalse(self.corrections())

    def test_quantity_and_removal(self):
        self.billed("2026-02-28")
        self.amended("2026-03-10 10:00:00", "2026-02-01", row={"quantity": 3.0})
        self.assertEqual(self.corrections(), [("2026-02-01", "2026-02-28", 200.0)])
        with freeze_time("2026-03-11 10:00:00"):
            draft = self.contract.make_amendment("2026-02-01", "Never ordered")
            draft.write({"line_ids": [Command.create({"name": "Else", "price": 1.0, "tax_ids": [Command.clear()]})]})
            draft.line_ids.filtered(lambda line: line.name == "Care").unlink()
            self.signed(draft)
        self.assertEqual(self.corrections()[-1], ("2026-02-01", "2026-02-28", -300.0))
        self.assertFalse(self.contract.line_ids.filtered(lambda line: line.name == "Care"))
        self.assertEqual(set(self.contract.correction_ids.mapped("name")), {"Care"})

    def test_billed_in_advance_then_cancelled(self):
        """A price for July, when the year is billed already; cancelled in June, it is taken back."""
        self.billed("2026-12-31")
        draft = self.amended("2026-02-02 08:00:00", "2026-12-01", row={"price": 110.0})
        self.assertEqual(self.corrections(), [("2026-12-01", "2026-12-31", 10.0)])
        with freeze_time("2026-06-01 08:00:00"):
            draft.with_user(self.anna).cancel_amendment("Withdrawn")
        self.assertEqual(self.corrections(), [("2026-12-01", "2026-12-31", 10.0), ("2026-12-01", "2026-12-31", -10.0)])

    def test_a_backdated_revision_is_corrected_too(self):
        self.billed("2026-03-31")
        with freeze_time("2026-04-10 10:00:00"):
            self.contract.line_ids._write_unlocked({"price": 102.0})
            self.contract._record_change("2026-03-01", "Index came late")
        self.assertEqual(self.corrections(), [("2026-03-01", "2026-03-31", 2.0)])

    def test_the_rhythm_of_billed_periods_does_not_change(self):
        line = self.billed("2026-03-31")
        with freeze_time("2026-04-10 10:00:00"):
            draft = self.contract.make_amendment("2026-02-01", "Quarterly")
            draft.line_ids.write({"unit": "quarter"})
            with self.assertRaisesRegex(UserError, "billed until 2026-03-31"):
                draft.action_submit()
            self.assertIn(line.name, draft.line_ids.name)

    def test_nobody_changes_a_correction(self):
        self.billed("2026-03-31")
        self.amended("2026-04-10 10:00:00", "2026-03-01", row={"price": 90.0})
        correction = self.contract.correction_ids
        for user in (self.env.user, *(getattr(self, role) for role in ROLES)):
            with self.subTest(user.login), self.assertRaises(UserError):
                correction.with_user(user).write({"amount": 1.0})
            with self.subTest(user.login), self.assertRaises(UserError):
                correction.with_user(user).unlink()
        with self.assertRaises(AccessError):
            correction.with_user(self.other_manager).read(["amount"])
        correction._write_billed()
        self.assertEqual(correction.state, "billed")
