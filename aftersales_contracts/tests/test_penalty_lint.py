"""What the lint finds in a penalty clause, and that nothing it refuses is released."""

import psycopg2
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from .clause_case import ClauseCase
from .common import ADDON


class TestLint(ClauseCase):
    def test_what_blocks_is_refused_by_name_and_figure(self):
        for words, components, values in (
            ("no component", [], {}),
            ("there are no tiers", [self.bands(band_ids=[])], {}),
            ("cap of 5 % of the fee is below the first tier", [self.bands(cap_value=5, cap_base="fee")], {}),
            ("weights sum to 60, not to 100", [self.a_component(weight=60)],
             {"at_risk_value": 10, "at_risk_base": "fee"}),
            ("the rate is zero", [self.a_component(rate=0)], {}),
            ("can never be reached", [self.bands(cap_value=500, cap_base="fee")], {}),
            ("Earn-back has no window", [self.bands()], {"earn_back": True, "earn_back_window": 0}),
            ("say by its metric", [self.a_component(metric=False)], {}),
            ("say which measure", [self.bands(measure_id=False)], {}),
            ("say which component", [self.bands()], {"earn_back": True, "earn_back_component_id": False}),
            ("target .* is not above zero", [self.a_component(
                name="Part", kind="proportional", source="figure", measure_id=self.measure.id)], {}),
        ):
            clause = self.a_clause(components, release=False, **values)
            if values.get("earn_back") and "earn_back_component_id" not in values:
                clause.earn_back_component_id = clause.component_ids[:1]
            with self.subTest(words):
                self.assertTrue(clause.lint_blocks)
                self.assertRegex(clause.lint_blocking_text, words)
                with self.refused(UserError, f"(?s){clause.number}.*{words}"):
                    clause.with_user(self.lena).action_release()
                self.assertEqual(clause.state, "draft")

    def test_what_only_looks_odd_does_not_block(self):
        clause = self.a_clause([self.bands(band_ids=[
            Command.create({"bound": 99, "rate": 20}), Command.create({"bound": 95, "rate": 10})])],
            release=False, rationale=False)
        self.assertFalse(clause.lint_blocks)
        self.assertFalse(clause.lint_blocking_text)
        self.assertRegex(clause.lint_warning_text, "rate falls at 95")
        self.assertRegex(clause.lint_warning_text, "rationale is empty")
        clause.with_user(self.lena).action_release()
        self.assertFalse(clause.lint_findings, "what is released is not nagged about")

    def test_several_released_at_once_are_refused_together(self):
        sound, bad = (self.a_clause([self.a_component(rate=rate)], release=False) for rate in (50, 0))
        with self.refused(UserError, bad.number):
            (sound | bad).with_user(self.lena).action_release()
        self.assertEqual(sound.state, "draft")

    def test_the_findings_follow_the_draft(self):
        clause = self.a_clause([self.a_component(rate=0)], release=False)
        self.assertTrue(clause.lint_blocks)
        clause.component_ids.rate = 10
        self.assertFalse(clause.lint_blocks)

    def test_another_language_is_told_what_it_means(self):
        self.env["res.lang"]._activate_lang("de_DE")
        clause = self.a_clause([self.a_component(rate=0)], release=False).with_context(lang="de_DE")
        [finding] = [one for one in clause._lint() if one.blocks]
        self.assertEqual(clause._finding_in_words(finding), f"Resolution: {clause._finding_meanings()['zero_rate']}")

    def test_every_code_of_the_engine_has_a_meaning(self):
        meanings = self.clause._finding_meanings()
        for code in (
            "malformed", "no_tiers", "overlap", "unsorted", "hole", "falling_rates", "zero_rate",
            "multiplier_below_one", "multiplier_falling", "unread", "unknown_severity", "no_components",
            "weights_unused", "weights",
            "earn_back_endless", "earn_back_easy", "bonus_without_cap", "lowest_rewards", "percent_of_nothing",
            "cap_above_at_risk", "cap_below_first_tier", "cap_unreachable", "minimum_above_cap",
        ):
            self.assertIn(code, meanings)

    def test_entered_nonsense_is_a_sentence(self):
        for words, values in (
            ("“1; x” is no factor|“x” is no factor", {"multipliers": "1; x"}),
            ("“-1” is no factor", {"multipliers": "-1"}),
            ("“NaN” is no factor", {"multipliers": "NaN"}),
            ("is not measured by", {"kind": "bands", "source": "clock"}),
            ("is not measured by", {"kind": "per_unit", "source": "figure"}),
        ):
            with self.subTest(values), self.refused(ValidationError, words):
                self.a_clause([self.a_component(**values)], release=False)
        for values in ({"rate": -1}, {"free": -1}, {"unit_length": 0}, {"cap_value": -1}):
            with self.subTest(values), self.assertRaises(psycopg2.errors.CheckViolation), \
                    mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.a_clause([self.a_component(**values)], release=False).flush_recordset()

    def test_the_shipped_examples_are_drafts_that_can_be_released(self):
        for name in ("compliance", "uptime", "delay", "points"):
            clause = self.env.ref(f"{ADDON}.penalty_clause_{name}").copy()
            with self.subTest(clause.name):
                self.assertEqual([finding.sentence for finding in clause._lint()], [])
                clause.with_user(self.lena).action_release()
