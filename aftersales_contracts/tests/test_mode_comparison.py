"""Comparison of service modes: weights, directions that must be said, a recommendation and a decision."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .diligence_case import DiligenceCase

# The published example: weights that sum to 0.90, and cost without a direction.
PUBLISHED = (("Cost", 0.25, (3, 2, 1, 2)), ("Control", 0.20, (4, 2, 1, 3)), ("Quality", 0.20, (4, 3, 2, 4)),
             ("Response", 0.15, (3, 4, 3, 3)), ("Innovation", 0.10, (4, 3, 2, 4)))
ORDER = ("in_house", "authorised", "outsourced", "hybrid")


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestModeComparison(DiligenceCase):
    def a_comparison(self, rows=PUBLISHED, cost="higher", **values):
        return self.env["aftersales.mode.comparison"].with_user(self.anna).create({
            "name": "Who serves?", "criterion_ids": [
                Command.create({
                    "name": name, "weight": weight, "direction": cost if name == "Cost" else "higher",
                    **{f"score_{mode}": score for mode, score in zip(ORDER, scores, strict=True)}})
                for name, weight, scores in rows], **values})

    def totals(self, comparison):
        return {mode: (round(total, 2), round(raw, 2)) for mode, total, raw in comparison.results}

    def test_row3_the_published_weights_sum_to_nine_tenths(self):
        one = self.a_comparison()
        self.assertEqual(self.totals(one), {
            "in_house": (3.56, 3.20), "hybrid": (3.06, 2.75), "authorised": (2.67, 2.40), "outsourced": (1.67, 1.50)})
        self.assertEqual(one.recommended, "in_house")
        self.assertIn("The weights sum to 0.90, not to 1", one.warning)

    def test_row3_the_direction_of_cost_turns_the_result(self):
        """Cost read as lower is better: hybrid wins. The text takes 5 less the score, we take 6 less it: the same lead,
        and the best of every criterion is 5."""
        one = self.a_comparison(cost="lower")
        self.assertEqual({mode: raw for mode, (_total, raw) in self.totals(one).items()}, {
            "in_house": 3.20, "authorised": 2.90, "outsourced": 2.50, "hybrid": 3.25})
        self.assertEqual(one.recommended, "hybrid")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            one.criterion_ids[0].direction = False
            self.env.flush_all()

    def test_row21_a_missing_score_is_named_and_recommends_nothing(self):
        one = self.a_comparison()
        one.criterion_ids[1].score_hybrid = 0
        self.assertIn("Control: no score for Hybrid.", one.warning)
        self.assertFalse(one.recommended)
        with self.assertRaisesRegex(UserError, "Control: no score for Hybrid"):
            one.action_decide("hybrid")

    def test_figures_that_are_none_are_refused(self):
        one = self.a_comparison()
        cases = (({"score_hybrid": 6}, "Cost, Hybrid: 6 is no score"), ({"weight": 0}, "counts for nothing"))
        for values, text in cases:
            with self.subTest(text), self.assertRaisesRegex(ValidationError, text), self.cr.savepoint():
                one.criterion_ids[0].write(values)

    def test_alike_is_not_decided_by_order(self):
        one = self.a_comparison(rows=[("Quality", 1, (4, 4, 2, 3))])
        self.assertFalse(one.recommended)
        self.assertIn("In-house, Authorised come out alike", one.recommendation)
        self.assertFalse(one.warning)
        with self.assertRaisesRegex(UserError, "no mode stands out"):
            one.action_decide()

    def test_another_than_the_recommended_needs_its_reason(self):
        one = self.a_comparison()
        with self.assertRaisesRegex(UserError, "give the reason"):
            one.action_decide("hybrid")
        wizard = self.env["aftersales.decide.mode"].with_user(self.anna).create({"comparison_id": one.id})
        self.assertEqual(wizard.mode, "in_house")
        wizard.write({"mode": "hybrid", "reason": "No people in Taichung"})
        wizard.action_confirm()
        self.assertEqual((one.state, one.chosen, one.reason), ("decided", "hybrid", "No people in Taichung"))
        with self.assertRaisesRegex(UserError, "open it again"):
            one.name = "Other"
        with self.assertRaisesRegex(UserError, "decided already"):
            one.action_decide()
        one.action_reopen()
        self.assertEqual((one.state, one.chosen), ("draft", False))

    def test_only_account_managers_and_legal_decide(self):
        one = self.a_comparison()
        for user in (self.felix, self.agent, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                one.with_user(user).action_decide()

    def test_the_profile_hints_with_its_reason(self):
        one = self.a_comparison(standard_product=True, abroad=True)
        self.assertEqual(len(one.hints.splitlines()), 2)
        self.assertIn("Authorised: dealers are near", one.hints)
        self.assertFalse(self.a_comparison().hints)

    def test_a_new_one_begins_with_the_usual_criteria_that_sum_to_one(self):
        one = self.env["aftersales.mode.comparison"].with_user(self.anna).create({"name": "Who?"})
        self.assertEqual(one.criterion_ids.mapped("name"), ["Cost", "Control", "Quality", "Response", "Innovation"])
        self.assertNotIn("weights", one.warning)
