"""What a penalty clause says: to the engine in figures, to people in sentences, and both the same."""

from datetime import date
from decimal import Decimal

from odoo.fields import Command

from ..engine import penalty_terms as engine
from ..engine.penalty import assess
from ..engine.tiers import band
from .clause_case import ClauseCase


class TestTerms(ClauseCase):
    def test_figures_are_exact(self):
        terms = self.a_clause([self.bands()], release=False)._terms().components[0]
        self.assertEqual([(tier.bound, tier.rate) for tier in terms.tiers], [
            (Decimal("99.9"), Decimal(10)), (Decimal(99), Decimal(25)), (Decimal(95), Decimal(100))])
        self.assertEqual(str(terms.tiers[0].bound), "99.9")

    def test_bands_run_from_good_to_bad_and_those_of_a_bonus_back(self):
        low = self.env["aftersales.measure"].create({"name": "Standstill", "high_is_good": False})
        for measure, bonus, expected in (
            (self.measure, False, ["99.9", "99", "95"]), (self.measure, True, ["95", "99", "99.9"]),
            (low, False, ["95", "99", "99.9"]), (low, True, ["99.9", "99", "95"]),
        ):
            with self.subTest(f"{measure.name} {bonus}"):
                clause = self.a_clause([self.bands(measure_id=measure.id, is_bonus=bonus)], release=False)
                terms = clause._terms().components[0]
                self.assertEqual([str(tier.bound) for tier in terms.tiers], expected)
                self.assertEqual(terms.high_is_good, measure.high_is_good)

    def test_working_days_are_those_of_the_schedule(self):
        night = self.env["resource.calendar"].create({
            "name": "Mornings", "tz": "UTC", "attendance_ids": [Command.clear()] + [
                Command.create({"name": "m", "dayofweek": str(day), "hour_from": 8, "hour_to": 12,
                                "day_period": "morning"}) for day in range(5)]})
        mornings = self.a_contract(activate=False, clauses=[], calendar_id=night.id)
        for unit, length, office, half in (
            ("minute", 15, 900, 900), ("hour", 1, 3600, 3600), ("day", 1, 8 * 3600, 4 * 3600),
            ("day", 2, 16 * 3600, 8 * 3600), ("week", 1, 40 * 3600, 20 * 3600),
        ):
            with self.subTest(f"{length} {unit}"):
                values = {"kind": "per_unit", "unit": unit, "unit_length": length}
                self.assertEqual(self.component_terms(self.contract, **values).unit_seconds, office)
                self.assertEqual(self.component_terms(mornings, **values).unit_seconds, half)
        register = self.component_terms(self.contract, kind="per_unit", source="breach", metric=False, unit="day")
        self.assertEqual(register.unit_seconds, 86400, "the delay of a breach is counted in days of the calendar")

    def test_grace_is_seconds_of_delay_or_points_of_a_figure(self):
        late = self.component_terms(self.contract, kind="per_unit", grace=1.5, grace_unit="hour")
        self.assertEqual(late.grace, Decimal(5400))
        figure = self.a_clause([self.bands(grace=0.25)], release=False)._terms().components[0]
        self.assertEqual(figure.grace, Decimal("0.25"))

    def test_the_targets_are_those_of_the_contract(self):
        tier = self.env["aftersales.support.tier"].search([], limit=1)
        high, tiered = self.env["aftersales.sla.target"].create([
            {"policy_id": self.policy.id, "metric": "resolution", "duration_minutes": minutes, **values}
            for minutes, values in ((60, {"priority": "3", "objective": 99}), (90, {"tier_id": tier.id}))])
        other = self.env["aftersales.sla.target"].create({
            "policy_id": self.policy.copy().id, "metric": "resolution", "duration_minutes": 60})
        for values, expected in (
            ({}, self.resolution_target | high | tiered),
            ({"priority": "3"}, self.resolution_target | high | tiered),
            ({"priority": "1"}, self.resolution_target | tiered),
            ({"metric": "first_response"}, self.response_target),
            ({"metric": "on_site"}, other.browse()),
            ({"target_ids": [Command.set((high | other).ids)]}, high),
        ):
            with self.subTest(values):
                clause = self.a_clause([self.a_component(**values)], release=False)
                self.assertEqual(clause.component_ids._targets(self.contract), expected)
        archived = self.a_clause([self.a_component(priority="3")], release=False).component_ids
        high.active = False
        self.assertNotIn(high, archived._targets(self.contract))
        self.assertIn(high, archived._targets(self.contract, archived=True))

    def test_the_target_is_the_objective_or_an_own_figure(self):
        values = {"kind": "per_point", "source": "compliance", "rate": 2, "base": "percent"}
        self.assertEqual(self.component_terms(self.contract, **values).target, Decimal(95))
        own = self.component_terms(self.contract, **values, target_from="own", target=97.5)
        self.assertEqual(own.target, Decimal("97.5"))
        self.assertIsNone(self.a_clause([self.bands(target=99.99)])._terms().components[0].target, "bands say it")

    def test_currency_first_days_and_caps(self):
        for code, rounding in (("JPY", "1"), ("KWD", "0.001"), ("EUR", "0.01")):
            currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
            clause = self.a_clause([self.a_component()], release=False, currency_id=currency.id)
            with self.subTest(code):
                self.assertEqual(clause._terms().currency_rounding, Decimal(rounding))
        clause = self.a_clause([self.a_component(multipliers=" 1; 1.5 ;2;")], release=False, grace_days=30,
                               period_cap_value=12.5, period_cap_base="value", payable_unit=0.05)
        terms = clause._terms(self.contract)
        self.assertEqual(terms.grace_until, date(2026, 1, 31))
        self.assertEqual(terms.period_cap, engine.Cap(Decimal("12.5"), "value"))
        self.assertEqual((terms.yearly_cap, terms.payable), (None, Decimal("0.05")))
        self.assertEqual(terms.components[0].multipliers, (Decimal(1), Decimal("1.5"), Decimal(2)))
        self.assertIsNone(clause._terms().grace_until)

    def test_a_severity_without_points_brings_none(self):
        clause = self.a_clause([self.a_component(
            kind="points", rate=10, severity_ids=[Command.create({"severity": "3", "points": 5})])])
        measures = engine.Measures(date(2026, 3, 1), date(2026, 4, 1), events={"resolution": (
            engine.Event("a", severity="3"), engine.Event("b", severity="1"), engine.Event("c"))})
        self.assertEqual(assess(clause._terms(self.contract), measures, Decimal(1000)).amount, Decimal("50.00"))

    def test_names_are_in_the_language_of_the_contract(self):
        self.env["res.lang"]._activate_lang("de_DE")
        clause = self.a_clause([self.a_component()], release=False)
        clause.component_ids.with_context(lang="de_DE").name = "Behebung"
        self.contract._write_unlocked({"lang": "de_DE"})
        for reader in ("en_US", "de_DE"):
            self.assertEqual(clause.with_context(lang=reader)._terms(self.contract).components[0].name, "Behebung")
        self.assertEqual(clause._terms().components[0].name, "Resolution")


class TestWords(ClauseCase):
    def words(self, *components, contract=None, **values):
        return "\n".join(self.a_clause(components, release=False, **values)._in_words(contract))

    def test_the_edges_of_bands_are_told_as_they_are_counted(self):
        """Each sentence against the engine's own reading of the figures at its edges."""
        low = self.env["aftersales.measure"].create({"name": "Standstill", "unit": "h", "high_is_good": False})
        for measure, bonus, sentences in (
            (self.measure, False, ["at least 99 and below 99.9", "at least 95 and below 99", "it is below 95"]),
            (self.measure, True, ["at least 95 and below 99", "at least 99 and below 99.9", "it is at least 99.9"]),
            (low, False, ["above 95 and at most 99", "above 99 and at most 99.9", "it is above 99.9"]),
            (low, True, ["at most 99.9 and above 99", "at most 99 and above 95", "it is at most 95"]),
        ):
            clause = self.a_clause([self.bands(measure_id=measure.id, is_bonus=bonus)], release=False)
            text = "\n".join(clause._in_words())
            terms = clause._terms().components[0]
            for figure in ("94.99", "95", "95.01", "98.99", "99", "99.01", "99.9", "99.91"):
                with self.subTest(f"{measure.name} {bonus} {figure}"):
                    tier = band(terms.tiers, Decimal(figure), terms.high_is_good, terms.bonus)
                    told = [number for number, sentence in enumerate(sentences) if self._holds(sentence, float(figure))]
                    self.assertEqual(told, [terms.tiers.index(tier)] if tier else [])
            for sentence in sentences:
                self.assertIn(sentence, text)

    def _holds(self, sentence, figure):
        """Whether "at least 95 and below 99" holds for a figure."""
        tests = {"at least": figure.__ge__, "below": figure.__lt__, "above": figure.__gt__, "at most": figure.__le__}
        parts = sentence.removeprefix("it is ").split(" and ")
        return all(tests[part.rpartition(" ")[0]](float(part.rpartition(" ")[2])) for part in parts)

    def test_every_kind_says_what_it_costs(self):
        on_target = {"source": "compliance", "rate": 2, "base": "percent"}
        for expected, component in (
            ("For each failure, the provider credits $\xa050.00.", self.a_component()),
            ("For each hour, begun or complete, of the delay of each failure, the provider credits",
             self.a_component(kind="per_unit")),
            ("For each complete 2 working days of the delay",
             self.a_component(kind="per_unit", unit="day", unit_length=2, unit_rule="completed")),
            ("For each minute, parts of it in proportion, of the delay",
             self.a_component(kind="per_unit", unit="minute", unit_rule="exact")),
            ("For each point by which it is below its target in a period, parts of a point in proportion, the provider "
             "credits 2% of the period's fee.", self.a_component(kind="per_point", **on_target)),
            ("the provider credits a part of 2% of the period's fee: the difference from the target, divided by the "
             "target.", self.a_component(kind="proportional", **on_target)),
            ("a part of 100% of the period's fee", self.a_component(kind="proportional", **{**on_target, "rate": 0})),
            ("(a) from 3 failures on: $\xa020.00 for each of the period's failures.", self.a_component(
                kind="by_count", band_ids=[Command.create({"bound": 3, "rate": 20})])),
            ("(b) for each failure from number 5 on: $\xa030.00.", self.a_component(
                kind="by_count", count_rule="marginal", band_ids=[
                    Command.create({"bound": 1, "rate": 20}), Command.create({"bound": 5, "rate": 30})])),
            ("(a) from 3 failures on: $\xa020.00 in all.", self.a_component(
                kind="by_count", count_rule="lump", band_ids=[Command.create({"bound": 3, "rate": 20})])),
            ("(a) Priority Critical: 5 points;\n(b) Priority Low: 1 point;\n(c) any other failure: none.",
             self.a_component(kind="points", severity_ids=[
                 Command.create({"severity": "0", "points": 1}), Command.create({"severity": "3", "points": 5})])),
            ("the customer pays 2% of the period's fee.",
             self.a_component(kind="per_point", is_bonus=True, **on_target)),
            ("each breach of the contract by the provider that has been proven",
             self.a_component(source="breach", metric=False)),
        ):
            with self.subTest(expected):
                self.assertIn(expected, self.words(component))

    def test_every_rule_is_told(self):
        component = self.a_component(
            kind="per_unit", grace=30, grace_unit="minute", deductible=25, event_cap_value=100, event_cap_base="amount",
            cap_value=20, cap_base="fee", multipliers="1; 1.5; 2", weight=100)
        text = self.words(
            component, self.bands(digits="1", weight=0), combine="highest_per_event", excused_rule="good",
            at_risk_value=10, at_risk_base="fee", period_cap_value=10, period_cap_base="fee", excess_rule="carried",
            minimum=5, minimum_rule="raise", yearly_cap_value=1000, yearly_cap_base="amount", year_rule="calendar",
            contract_cap_value=30, contract_cap_base="value", earn_back=True, earn_back_figure=99.95, grace_days=30,
            payable_unit=0.05, settle_by="next_invoice", remedy="without_prejudice")
        for expected in (
            "A delay of up to 30 minutes costs nothing; of more, only what lies beyond counts.",
            "the first $\xa025.00 are not due", "One failure costs at most $\xa0100.00.",
            "In a period this comes to at most 20% of the period's fee.", "Its part of the amount at risk is 100%.",
            "one period after the other, by 1; 1.5; 2", "rounded to one decimal",
            "only the highest of them is due", "count as good", "The amount at risk in a period is 10%",
            "at most 10% of the period's fee is due", "carried to the next period", "below $\xa05.00 is raised to it",
            "In a calendar year at most $\xa01,000.00 is due.", "Over the whole term at most 30% of the value",
            "100% of a penalty is returned, once", "reaches 99.95 in one of the next 3 periods",
            "within the first 30 days of the contract", "a multiple of 0.05", "deducted from the next invoice",
            "Further damages may be claimed",
        ):
            with self.subTest(expected):
                self.assertIn(expected, text)
        for absent in ("bonus", "lapses", "The amounts of a period are added up"):
            self.assertNotIn(absent, text)

    def test_the_service_levels_of_the_contract_are_named(self):
        self.resolution_target.name = "Back in operation"
        component = self.a_component(kind="per_point", source="compliance", rate=2, base="percent")
        self.assertIn("kept the service level “Back in operation”", self.words(component, contract=self.contract))
        self.assertIn("The target is 95; equal to it is no failure.", self.words(component, contract=self.contract))
        self.assertIn("kept the service level “Resolution”", self.words(component))

    def test_an_unfinished_draft_has_words_too(self):
        clause = self.a_clause([self.a_component(), self.bands(band_ids=[], measure_id=False)], release=False,
                               earn_back=True)
        self.assertTrue(clause.words_text)
        new = self.env["aftersales.penalty.clause"].new({"component_ids": [Command.create({"name": "x"})]})
        self.assertTrue(new.words_text)
        self.assertTrue(new.lint_findings)

    def test_reading_many_costs_as_much_as_reading_few(self):
        clauses = self.env["aftersales.penalty.clause"].union(*(
            self.a_clause([self.bands(), self.a_component()], release=False) for _number in range(20)))

        def read(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for clause in records:
                clause.read(["contract_count", "words_text", "lint_findings"])
            return self.cr.sql_log_count - before

        read(clauses)  # what is cached beside records
        self.assertLessEqual(read(clauses), read(clauses[:2]) + 2)
