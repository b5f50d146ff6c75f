"""What a share rule says in words, what is wrong with it, and that neither is silent about anything."""

import re
from pathlib import Path

from odoo.exceptions import UserError
from odoo.fields import Command

from .. import engine as package
from ..models.shares.share_component import SAYS
from ..models.shares.share_rule import RULES
from ..models.shares.share_words import BONUS_SAYS, PAYEE_SAYS
from .share_case import BRACKETS, ShareCase

MAGIC = {"id", "create_date", "create_uid", "write_date", "write_uid"}
BANDS = [Command.create({"bound": bound, "percent": out}) for bound, out in ((80, 50), (95, 100))]


class TestWords(ShareCase):
    def words(self, *components, **values):
        """The sentences of a rule in dollars, with ordinary spaces."""
        usd = self.env.ref("base.USD")
        rule = self.a_rule(components, release=False, currency_id=usd.id, **values)
        return [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in rule._in_words()]

    def test_an_ordinary_rule(self):
        labour = self.a_share(name="Labour", value=70, line_kind_ids=[Command.set(self.labour.ids)])
        self.assertEqual(self.words(labour, self.a_share(name="All Else")), [
            "Shares are settled for each calendar month, by what was invoiced to customers in it.",
            "Labour: for lines of kind “Labour”, the dealer receives 70% of the revenue before taxes.",
            "All Else: for all other lines, the dealer receives 10% of the revenue before taxes.",
            "A credit note takes back the share that was given for what it refunds, at the rate of then. A line for "
            "which no rate is in force earns nothing. Amounts in another currency are converted at the rate of the "
            "invoice's day.",
            "Penalties that the dealer owes are deducted.",
            "A balance below zero is carried to the next period.",
            "Each line is rounded to $ 0.01, half away from zero."])

    def test_each_basis_and_direction(self):
        for basis, told in {
                "margin": "10% of the margin (revenue before taxes, less the cost as of the line's day).",
                "job": "$ 10.00 for each job, however many lines it has.", "unit": "$ 10.00 for each unit.",
                "usage": "$ 10.00 for each unit used."}.items():
            with self.subTest(basis):
                self.assertEqual(self.words(self.a_share(basis=basis))[1],
                                 f"Share: for all lines, the dealer receives {told}")
        self.assertIn("for all lines, the dealer pays 10%", self.words(self.a_share(direction="pays"))[1])
        self.assertIn("0.0125 USD for each unit used", self.words(self.a_share(basis="usage", value=0.0125))[1])

    def test_brackets(self):
        marginal = self.words(self.a_share(brackets=BRACKETS, accumulate="quarter"))
        self.assertEqual(marginal[1:5], [
            "Share: for all lines, the dealer receives, by the volume of the calendar quarter:",
            "(a) 10% of the revenue before taxes, for the part up to $ 1,000.00;",
            "(b) 12% of the revenue before taxes, for the part from $ 1,000.00 up to $ 5,000.00;",
            "(c) 15% of the revenue before taxes, for the part from $ 5,000.00 on."])
        slab = self.words(self.a_share(brackets=BRACKETS, bracket_rule="slab", retroactive=True, basis="usage"))
        self.assertEqual(slab[1:6], [
            "Share: for all lines, the dealer receives, by the volume of the period settled:",
            "(a) $ 10.00 for each unit used, for all of it, where it is below 1000;",
            "(b) $ 12.00 for each unit used, for all of it, where it is at least 1000 and below 5000;",
            "(c) $ 15.00 for each unit used, for all of it, where it is at least 5000.",
            "A bracket that is reached counts for what was settled earlier in the same span, too; the difference is "
            "settled with the period that reaches it."])

    def test_rates_of_several_days_and_by_the_standard(self):
        rates = [Command.create({"value": 10}), Command.create({"value": 12, "start": "2026-07-01"})]
        self.assertEqual(self.words({"name": "Share", "rate_ids": rates})[1:3], [
            "Share: for all lines, the dealer receives 10% of the revenue before taxes.",
            "Share: the dealer receives, from 07/01/2026 on, 12% of the revenue before taxes."])
        self.assertEqual(
            self.words(self.a_share(hit=12))[1],
            "Share: for all lines, the dealer receives 12% of the revenue before taxes where the promised times were "
            "kept, and 10% where they were not.")

    def test_payouts(self):
        told = self.words(self.a_share(payout_measure="compliance", band_ids=BANDS, payout_minimum=20))
        self.assertEqual(told[2:7], [
            "How much of “Share” is due goes by the share (in percent) of the dealer's cases that kept their service "
            "levels in the period:",
            "(a) 100% where it is at least 95;", "(b) 50% where it is at least 80 and below 95;",
            "(c) nothing where it is below 80.", "With fewer than 20 cases, 100% is due."])
        measure = self.env["aftersales.measure"].create({"name": "Standstill", "unit": "h", "high_is_good": False})
        told = self.words(self.a_share(payout_measure="figure", measure_id=measure.id, payout_otherwise=0, band_ids=[
            Command.create({"bound": bound, "percent": out}) for bound, out in ((2, 100), (8, 50))]))
        self.assertEqual(told[2:7], [
            "How much of “Share” is due goes by “Standstill” (h) in the period:",
            "(a) 100% where it is at most 2;", "(b) 50% where it is at most 8 and above 2;",
            "(c) nothing where it is above 8.", "Where nothing was measured, 0% is due."])

    def test_limits_fees_and_payment(self):
        told = "\n".join(self.words(
            self.a_share(), cap=900, guarantee=100, brand_fee_base="share", brand_fee_value=1.25, withholding=7.5,
            negative="charge", payable_unit=0.05, rounding="total", silence_accepts=True, period="year",
            pay_basis="paid", fx="settlement_date",
            bonus_ids=[Command.create({"name": "Extra", "value": 3, "percent": True})],
            payee_ids=[Command.create({"partner_id": self.dealer.id, "percent": 66.6}),
                       Command.create({"partner_id": self.stranger.id, "percent": 33.4})]))
        for part in (
                "each calendar year, by what the customers paid in it. Of a part payment, the part of the invoice",
                "come to at most $ 900.00. The shares of a period come to at least $ 100.00, even where nothing was",
                "Extra: the dealer receives a bonus of 3% of the share of the period.",
                "the dealer pays 1.25% of the share of the period", "7.5% is withheld", "charged to the dealer at once",
                "The running total of each component is rounded to $ 0.05", "at the rate of the period's last day",
                "What is paid goes to Northern Dealer (66.6%), Somebody Else (33.4%).",
                "neither accepted nor disputed within the time to answer count as accepted"):
            self.assertIn(part, told)

    def test_in_another_language_with_its_names_and_numbers(self):
        self.env["res.lang"]._activate_lang("de_DE")
        rule = self.a_rule([self.a_share(value=12.5)], release=False)
        rule.component_ids.with_context(lang="de_DE").name = "Anteil"
        told = "\n".join(rule.with_context(lang="de_DE")._in_words())
        self.assertIn("Anteil", told)
        self.assertRegex(told, r"12,5\s?%")

    def test_whatever_it_says_changes_its_words(self):
        """No field that the engine reads is left out of what both sides sign."""
        def a_full(**values):
            return self.a_rule(
                [self.a_share(brackets=BRACKETS, payout_measure="compliance", payout_minimum=5, band_ids=BANDS),
                 self.a_share(name="Other", direction="pays", line_kind_ids=[Command.set(self.fee.ids)])],
                release=False, **{
                    "cap": 900, "guarantee": 100, "brand_fee_base": "share", "brand_fee_value": 1, "withholding": 5,
                    "bonus_ids": [Command.create({"name": "Extra", "value": 3})],
                    "payee_ids": [Command.create({"partner_id": self.dealer.id, "percent": 100})], **values})

        rule = a_full()
        euro = self.env.ref("base.EUR")
        euro.active = True
        changes = {
            "currency_id": euro.id if rule.currency_id != euro else self.env.ref("base.USD").id, "period": "year",
            "pay_basis": "paid", "fx": "own", "rounding": "total", "payable_unit": 0.05, "cap": 901, "guarantee": 101,
            "brand_fee_base": "revenue", "brand_fee_value": 2, "withholding": 6, "negative": "charge",
            "silence_accepts": not rule.silence_accepts}
        self.assertEqual(set(changes), set(RULES) - {"name", "bonus_ids", "payee_ids"})
        before = rule._in_words()
        for name, value in changes.items():
            with self.subTest(name):
                self.assertNotEqual(a_full(**{name: value})._in_words(), before)
        parts = {"bonus_ids": {"name": "More", "value": 4, "percent": True, "payout_measure": "csat"},
                 "payee_ids": {"partner_id": self.stranger.id, "percent": 99}}
        for one2many, values in parts.items():
            for name, value in values.items():
                with self.subTest(f"{one2many} {name}"):
                    changed = a_full()
                    changed[one2many][name] = value
                    self.assertNotEqual(changed._in_words(), before)
        components = {
            "name": "Else", "basis": "margin", "direction": "pays", "bracket_rule": "slab", "accumulate": "year",
            "rate_kind": "plain", "line_kind_ids": [Command.set(self.parts.ids)], "payout_measure": "csat",
            "payout_minimum": 6, "payout_otherwise": 60, "retroactive": True}
        for name, value in components.items():
            with self.subTest(f"component {name}"):
                changed = a_full()
                changed.component_ids[0][name] = value
                self.assertNotEqual(changed._in_words(), before)
        for path in ("rate_ids.bracket_ids.bound", "rate_ids.bracket_ids.rate", "band_ids.bound", "band_ids.percent"):
            with self.subTest(path):
                changed, (*steps, name) = a_full(), path.split(".")
                last = changed.component_ids[0]
                for step in steps:
                    last = last[step]
                last[-1:][name] += 1
                self.assertNotEqual(changed._in_words(), before)

    def test_what_is_computed_of_a_rule_depends_on_all_it_says(self):
        share = self.a_share(brackets=BRACKETS, payout_measure="compliance", band_ids=BANDS)
        rule = self.a_rule([share], release=False)
        rule.component_ids.rate_ids.bracket_ids[-1:].rate = 33
        self.assertIn("33%", rule.words_text)
        rule.component_ids.band_ids[:1].percent = 77
        self.assertIn("77%", rule.words_text)
        for model, paths in {"component": SAYS, "bonus": BONUS_SAYS, "payee": PAYEE_SAYS}.items():
            own = {name for name, field in self.env[f"aftersales.share.{model}"]._fields.items()
                   if field.store and name not in MAGIC and field.type != "one2many"}
            self.assertFalse(own - {path.split(".")[1] for path in paths} - {"rule_id", "company_id", "key"},
                             f"a {model} says it, but the words do not depend on it")


class TestFindings(ShareCase):
    """Bad rules are named before anything is settled by them."""

    def refusal(self, *components, **values):
        """What the release of such a rule is refused with."""
        rule = self.a_rule(components, release=False, **values)
        self.assertTrue(rule.lint_blocks)
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            rule.with_user(self.lena).action_release()
        self.assertIn(rule.display_name, str(caught.exception))
        self.assertEqual(rule.state, "draft")
        return str(caught.exception)

    def test_percentages_that_do_not_make_100(self):
        told = self.refusal(self.a_share(), payee_ids=[
            Command.create({"partner_id": self.dealer.id, "percent": 60}),
            Command.create({"partner_id": self.stranger.id, "percent": 30})])
        self.assertIn("The percentages of the payees sum to 90, not to 100", told)

    def test_brackets_with_a_hole(self):
        self.assertIn("Parts: the first bracket begins at 100", self.refusal(
            self.a_share(name="Parts", brackets=((100, 5), (500, 8)))))

    def test_two_components_for_one_line(self):
        told = self.refusal(
            self.a_share(name="One", line_kind_ids=[Command.set(self.parts.ids)]),
            self.a_share(name="Two", line_kind_ids=[Command.set((self.parts | self.fee).ids)]))
        self.assertIn("One and Two fit the same lines equally well", told)
        self.assertNotIn("(", told.split("equally well")[1])

    def test_a_guarantee_above_the_cap_and_no_rates(self):
        told = self.refusal({"name": "Empty"}, guarantee=200, cap=100)
        for part in ("The guarantee of 200 is above the cap of 100", "Empty: it has no rate"):
            self.assertIn(part, told)

    def test_a_figure_that_nobody_measures(self):
        self.assertIn("Share: say by which measure it is paid out", self.refusal(
            self.a_share(payout_measure="figure", band_ids=BANDS)))
        measure = self.env["aftersales.measure"].create({"name": "Standstill", "unit": "h"})
        self.assertIn("“Standstill” has no bands", self.refusal(
            self.a_share(payout_measure="figure", measure_id=measure.id)))

    def test_brackets_that_are_not_read(self):
        rule = self.a_rule([self.a_share(brackets=BRACKETS)], release=False)
        rule.component_ids.rate_kind = "plain"
        self.assertEqual([(one["code"], one["blocks"]) for one in rule.lint_findings], [("brackets_unread", True)])

    def test_sums_in_one_currency_do_not_settle_another(self):
        for name, component, values in (
                ("brackets", self.a_share(brackets=BRACKETS), {}), ("a sum", self.a_share(basis="job"), {}),
                ("a cap", self.a_share(), {"cap": 100}), ("a guarantee", self.a_share(), {"guarantee": 100}),
                ("a fee", self.a_share(), {"brand_fee_base": "amount", "brand_fee_value": 5}),
                ("a bonus", self.a_share(), {"bonus_ids": [Command.create({"name": "Extra", "value": 5})]})):
            with self.subTest(name):
                self.assertIn("use percentages only", self.refusal(component, fx="own", **values))
        self.a_rule([self.a_share()], fx="own", brand_fee_base="revenue", brand_fee_value=3)

    def test_warnings_do_not_keep_it_from_being_released(self):
        rule = self.a_rule([self.a_share(value=120)], release=False)
        self.assertEqual([(one["code"], one["blocks"]) for one in rule.lint_findings], [("above_100", False)])
        self.assertIn("more than the whole", rule.lint_warning_text)
        rule.with_user(self.lena).action_release()
        self.assertFalse(rule.lint_findings, "what is released is told no more")

    def test_in_another_language_by_its_code(self):
        self.env["res.lang"]._activate_lang("de_DE")
        rule = self.a_rule([self.a_share(name="Parts", brackets=((100, 5),))], release=False)
        german = rule.with_context(lang="de_DE")
        meaning = german._finding_meanings()["hole"]
        self.assertNotEqual(meaning, rule._finding_meanings()["hole"])
        self.assertEqual(german._blocking_findings(), [f"Parts: {meaning}"])

    def test_every_code_of_the_engine_has_a_meaning(self):
        """Read from the engine's own files: what it can say has words in every language."""
        codes = set()
        for name in ("share_lint", "share_lint_rates", "share_lint_rule"):
            source = (Path(package.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
            codes |= set(re.findall(r'(?:yield|Finding\(|return) ?"([a-z_0-9]+)"', source))
        self.assertGreater(len(codes), 15)
        self.assertFalse(codes - set(self.rule._finding_meanings()))

    def test_a_draft_in_the_making_does_not_break_the_form(self):
        rule = self.env["aftersales.share.rule"].new({
            "name": "New", "component_ids": [Command.create({"name": "One"}), Command.create({"name": "Two"})]})
        self.assertTrue(rule.lint_blocks)
        self.assertTrue(rule.words_text)
