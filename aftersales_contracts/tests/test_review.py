"""Reviews: logged with an outcome; the next one moves by the interval on its anchor."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .obligation_case import ObligationCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestReview(ObligationCase):
    def review(self, by=None, **values):
        return self.env["aftersales.review"].with_user(by or self.anna).create(
            {"contract_id": self.contract.id, "outcome": "keep", **values})

    def test_row33_the_next_day_moves_by_the_interval_on_its_anchor(self):
        self.contract.write({"review_interval": 1, "review_unit": "month", "next_review_date": "2026-01-31"})
        held = self.review(held_on="2026-01-30", note="Prices are fine")
        self.assertEqual((str(held.planned_on), str(held.next_on)), ("2026-01-31", "2026-02-28"))
        self.assertEqual(str(self.contract.next_review_date), "2026-02-28")
        self.review(held_on="2026-02-28")
        self.assertEqual(str(self.contract.next_review_date), "2026-03-31", "the 31st comes back")

    def test_a_late_review_does_not_fall_due_in_the_past(self):
        self.contract.write({"review_interval": 1, "review_unit": "month", "next_review_date": "2025-11-15"})
        self.review()
        self.assertEqual(str(self.contract.next_review_date), "2026-03-15")

    def test_the_first_review_is_an_interval_after_the_start(self):
        self.contract.write({"review_interval": 1, "review_unit": "year"})
        self.assertEqual(str(self.contract.next_review_date), "2027-01-01")
        self.contract.review_interval = 0
        self.assertFalse(self.contract.next_review_date)

    def test_legal_reviews_without_writing_the_contract(self):
        self.contract.write({"review_interval": 1, "next_review_date": "2026-03-01"})
        with self.assertRaises(AccessError):
            self.contract.with_user(self.lena).write({"next_review_date": "2027-01-01"})
        self.review(by=self.lena, outcome="amend", note="Clause 7")
        self.assertEqual(str(self.contract.next_review_date), "2027-03-01")
        for user in (self.agent, self.felix):
            with self.assertRaises(AccessError):
                self.review(by=user)

    def test_the_log_is_appended_only(self):
        self.contract.write({"review_interval": 1, "next_review_date": "2026-03-01"})
        held = self.review(next_on="2040-01-01", user_id=self.lena.id)
        self.assertEqual((str(held.next_on), held.user_id), ("2027-03-01", self.anna))
        for act in (lambda: held.sudo().write({"outcome": "end"}), held.sudo().unlink):
            with self.assertRaises(UserError):
                act()
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self.review(held_on="2026-03-03")
