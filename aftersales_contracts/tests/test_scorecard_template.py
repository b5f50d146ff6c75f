"""Scorecard templates: a direction is never guessed, weights are checked, and what is agreed stays."""

import psycopg2
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from .common import ADDON
from .performance_case import PerformanceCase


class TestScorecardTemplate(PerformanceCase):
    def test_row21_weights_that_do_not_sum_to_one_are_warned_of(self):
        """The text's own table sums to 0.90 and nobody is told; ours says so, and divides by the sum."""
        template = self.a_template([
            self.a_criterion(name=name, weight=weight) for name, weight in (
                ("cost", .25), ("control", .2), ("quality", .2), ("response", .15), ("innovation", .1))])
        self.assertAlmostEqual(template.weight_sum, 0.9)
        self.assertEqual(template.weight_warning,
                         "The weights sum to 0.9 instead of 1: the total is divided by their sum.")
        self.assertFalse(self.template.weight_warning)

    def test_a_criterion_without_direction_does_not_exist(self):
        values = self.a_criterion()
        del values["direction"]
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.NotNullViolation):
            self.a_template([values])

    def test_best_lies_where_the_direction_says(self):
        for values, word in (
            ({"direction": "lower"}, "says otherwise"), ({"worst": 50, "best": 50}, "two different figures"),
            ({"scale": "benchmark", "benchmark": 0}, "above 0"), ({"scale": "benchmark", "benchmark": -4}, "above 0"),
        ):
            with self.subTest(word), self.assertRaisesRegex(ValidationError, f"Happy of Quality.*{word}"):
                self.a_template([self.a_criterion(**values)])

    def test_bad_figures_are_refused_by_the_database(self):
        for values in ({"weight": 0}, {"weight": -1}, {"minimum_sample": 0}, {"metric": "figure"}):
            with (self.subTest(values), mute_logger("odoo.sql_db"), self.env.cr.savepoint(),
                  self.assertRaises(psycopg2.errors.CheckViolation)):
                self.a_template([self.a_criterion(**values)])

    def test_keys_are_unique_and_kept_by_a_copy(self):
        template = self.a_template([self.a_criterion(weight=0.5), self.a_criterion(weight=0.5)])
        self.assertEqual(template.criterion_ids.mapped("key"), ["happy", "happy_2"])
        copied = template.copy()
        self.assertEqual(copied.criterion_ids.mapped("key"), ["happy", "happy_2"])
        self.assertEqual(copied.name, "Quality (copy)")

    def test_what_a_contract_has_agreed_on_does_not_change(self):
        criterion = self.template.criterion_ids[0]
        for change in (
            lambda: self.template.write({"grade_a": 95}),
            lambda: self.template.with_user(self.boss).write({"portal_only": True}),
            lambda: criterion.write({"weight": 0.9}),
            lambda: criterion.unlink(),
            lambda: self.template.unlink(),
            lambda: self.template.write({"criterion_ids": [Command.create(self.a_criterion())]}),
            lambda: self.env["aftersales.scorecard.criterion"].create(
                {"template_id": self.template.id, **self.a_criterion()}),
            lambda: criterion.update_field_translations("name", {"en_US": "Other"}),
        ):
            with self.assertRaisesRegex(UserError, "agreed on in a contract"):
                change()
        self.assertTrue(self.template.is_agreed)
        self.template.active = False
        self.assertFalse(self.a_template().is_agreed)

    def test_a_template_of_drafts_may_change(self):
        template = self.a_template()
        self.a_provider(scorecard_template_id=template.id, activate=False)
        template.criterion_ids[0].weight = 0.4
        self.assertTrue(template.weight_warning)

    def test_the_contract_keeps_its_template_unless_amended(self):
        other = self.a_template()
        with self.assertRaisesRegex(UserError, "in force"):
            self.provider.with_user(self.anna).write({"scorecard_template_id": other.id})
        self.assertEqual(self.provider._paper_terms()["scorecard_template_id"], self.template.id)
        self.assertNotIn("scorecard_template_id", self.contract._paper_terms())

    def test_a_template_without_criteria_is_no_agreement(self):
        empty = self.env["aftersales.scorecard.template"].create({"name": "Empty"})
        draft = self.a_provider(scorecard_template_id=empty.id, activate=False)
        self.assertIn("criteria of scorecard template Empty", draft._activation_gaps())

    def test_draft_contracts_are_warned_of_wrong_weights(self):
        light = self.a_template([self.a_criterion(weight=0.9)])
        draft = self.a_provider(scorecard_template_id=light.id, activate=False)
        self.assertTrue(any("sum to 0.9" in warning for warning in draft._draft_warnings()))

    def test_shared_templates_are_the_administrators(self):
        shared = self.env.ref(f"{ADDON}.scorecard_template_default")
        with self.assertRaises(AccessError):
            shared.with_user(self.anna).write({"sequence": 3})
        shared.with_user(self.boss).write({"sequence": 3})

    def test_row48_the_default_weighs_35_40_25(self):
        """Time efficiency .35, problem solving .40, satisfaction .25: exactly 1, and every direction is stated."""
        criteria = self.env.ref(f"{ADDON}.scorecard_template_default").criterion_ids
        weights = {dimension: round(sum(rows.mapped("weight")), 4)
                   for dimension, rows in criteria.grouped("dimension").items()}
        self.assertEqual(weights, {"time": 0.35, "solving": 0.4, "satisfaction": 0.25})
        self.assertTrue(all(criteria.mapped("direction")))

    def test_a_contract_without_a_template_is_judged_by_the_companys(self):
        self.company.aftersales_scorecard_template_id = False
        provider = self.a_provider(scorecard_template_id=False)
        self.assertEqual(provider._judged_by(), self.env.ref(f"{ADDON}.scorecard_template_default"))
        self.company.aftersales_scorecard_template_id = self.template
        self.assertEqual(provider._judged_by(), self.template)
