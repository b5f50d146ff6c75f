"""Steps of settlements in words: every sentence that the engine can make has a form that is translated."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from unittest.mock import Mock

from odoo.tests import tagged

from ..engine import share_steps
from ..engine import share_terms as engine
from ..engine.period import Period
from ..engine.revenue_share import share
from ..models.settlements.settlement_phrases import FORMS, LABELS
from ..models.settlements.settlement_steps import ShareWords
from ..models.signing.document_words import DocumentWords
from .settlement_document_case import SettlementDocumentCase

MARCH = Period.month(2026, 3)
D = Decimal
BANDS = (engine.Bracket(D(90), D(50)), engine.Bracket(D(95), D(100)))


def component(key, **values):
    values.setdefault("rates", (engine.Rate(value=D(10)),))
    return engine.Component(key, key.title(), kinds=frozenset({key}), **values)


def a_line(key, kind, base="100", day=date(2026, 3, 5), **values):
    return engine.Line(key, day, D(base), kind=kind, **values)


BRACKETS = (engine.Rate(brackets=(engine.Bracket(D(0), D(10)), engine.Bracket(D(100), D(20)))),)
RULE = engine.Rule(
    "SR-3 v2",
    (component("labour", payout=engine.Payout("compliance", BANDS, minimum=5)),
     component("parts", rates=BRACKETS, accumulate=engine.QUARTER),
     component("slab", rates=BRACKETS, bracket_rule=engine.SLAB, accumulate=engine.QUARTER, retroactive=True),
     component("jobs", basis=engine.PER_JOB, rates=(engine.Rate(value=D(50)),)),
     component("units", basis=engine.PER_UNIT, rates=(engine.Rate(value=D(3)),)),
     component("fee", rates=(engine.Rate(value=D(20), hit=D(30)),)),
     component("margin", basis=engine.MARGIN),
     component("later", rates=(engine.Rate(date(2026, 4, 1), D(5)),))),
    cap=D(100), brand_fee=engine.BrandFee(D(2)), withholding=D(10), split=(("7", D(60)), ("8", D(40))),
    bonuses=(engine.Bonus("Faithful", D(50)), engine.Bonus("Fast", D(5), True, engine.Payout("scorecard", BANDS)),
             engine.Bonus("Half", D(5), True, engine.Payout("compliance", BANDS)),
             engine.Bonus("Whole", D(9), payout=engine.Payout("scorecard", BANDS[:1]))))
LINES = (
    a_line("1", "labour"), a_line("2", "parts", "150"), a_line("3", "slab", "150"), a_line("4", "jobs", job="J1"),
    a_line("5", "units", quantity=D("2.5")), a_line("6", "fee", standard_met=True),
    a_line("7", "fee", standard_met=False), a_line("8", "margin"), a_line("9", "later"), a_line("10", "unknown"),
    a_line("11", "labour", "-40", origin=engine.Origin("0", "labour", D(100), D(10))),
    a_line("12", "labour", "-40", origin=engine.Origin("00", "before", D(100), D(10))),
)
FACTS = engine.Facts(
    {"compliance": engine.Measured(D("92.5"), 40), "scorecard": engine.Measured(D(96), 1)},
    (engine.Item("penalty:5", "PEN/2026/1 · Delay", D(-20)),), (engine.Item("line:9", "INV/3 · Pump", D(12)),),
    Fraction(1, 2), reimbursements=(engine.Item("reimbursement:3", "CL/2026/1 · Pump", D(40)),))
CARRIED = engine.Carried(D(-30), {"parts": engine.Volume(D(20), D(2)), "slab": engine.Volume(D(50), D(5))})
CASES = (
    (RULE, LINES, FACTS, CARRIED),
    (engine.Rule("SR-4 v1", (component("labour", payout=engine.Payout("csat", BANDS, minimum=50)),), guarantee=D(400),
                 brand_fee=engine.BrandFee(D(80), "amount"), bonuses=(engine.Bonus("Fast", D(9), False, engine.Payout(
                     "measure:3", BANDS, otherwise=D(50))),)),
     LINES[:1], engine.Facts({"csat": engine.Measured(D(4), 3)}, part=Fraction(1, 3)), engine.Carried()),
    (engine.Rule("SR-5 v1", (component("labour", direction=engine.PAYS),), brand_fee=engine.BrandFee(D(5), "share"),
                 guarantee=D(0)), LINES[:1], None, D(-5)),
    (engine.Rule("SR-6 v1", (component("labour"),), guarantee=D(90), negative=engine.CHARGE, bonuses=(
        engine.Bonus("Fast", D(9), payout=engine.Payout("csat", BANDS, otherwise=D(50))),)), LINES[:1],
     engine.Facts(penalties=(engine.Item("penalty:1", "PEN/1", D(-200)),)), D(0)),
)


@tagged("post_install", "-at_install")
class TestSettlementSteps(SettlementDocumentCase):
    def words(self, lang="en_US", **values):
        names = [one.name for rule, *_rest in CASES for one in (*rule.components, *rule.bonuses)]
        return ShareWords(DocumentWords(self.env, lang), names, {"7": "Northern", "8": "Second"},
                          {"measure:3": "Uptime"}, **values)

    def steps(self):
        return [step for rule, lines, facts, carried in CASES
                for step in share(rule, lines, MARCH, carried, facts).steps]

    def test_every_label_has_a_name(self):
        self.assertEqual(set(LABELS), set(share_steps.LABELS))
        self.assertEqual({step.label for step in self.steps()}, set(share_steps.LABELS), "the cases here make all")

    def test_every_sentence_has_a_form(self):
        words = self.words()
        loose = [step.detail for step in self.steps()
                 if not any(form.fullmatch(words.parted(step.detail)[1]) for form, _source in FORMS)
                 and not words.parted(step.detail)[1].replace(".", "").isdigit()]
        self.assertEqual(loose, [])

    def test_every_form_is_used(self):
        words = self.words()
        said = [words.parted(step.detail)[1] for step in self.steps()]
        unused = [form.pattern for form, _source in FORMS if not any(form.fullmatch(text) for text in said)]
        self.assertEqual(unused, [])

    def test_sentences_read_as_people_write_them(self):
        words = self.words()
        for told, expected in (
            ("Labour: 1 line, 1234.50 at 10 %", ("Labour", "one line, 1,234.50 at 10%")),
            ("Jobs: 12 lines, 3 jobs at 50", ("Jobs", "12 lines, 3 jobs at 50")),
            ("Parts: 1500.00 from 2000.00 on at 12.5 %", ("Parts", "1,500.00 from 2,000.00 on at 12.5%")),
            ("Labour: compliance 92.5 of 40 cases: 50 % is paid out",
             ("Labour", "compliance 92.5 of 40 cases: 50% is paid out")),
            ("Fast: measure:3 was not measured, so 50 % is paid out",
             ("Fast", "Uptime was not measured, so 50% is paid out")),
            ("penalty:5: PEN/2026/1 · Delay", ("", "PEN/2026/1 · Delay")),
            ("7: 60 %", ("", "Northern: 60%")),
            ("SR-3 v2, 2026-03-01 to 2026-03-31", ("", "SR-3 v2, 03/01/2026 to 03/31/2026")),
            ("something quite new", ("", "something quite new")),
        ):
            part, rest = words.parted(told)
            self.assertEqual((part, words.sentence(rest)), expected)

    def test_another_language_writes_its_own_numbers_and_words(self):
        self.env["res.lang"]._activate_lang("de_DE")
        words = self.words("de_DE")
        words.translate = Mock(side_effect=lambda source: {
            "%(lines)s, %(base)s at %(rate)s": "%(lines)s, %(base)s zu %(rate)s", "%(count)s lines": "%(count)s Zeilen",
        }.get(source, source))
        self.assertEqual(words.sentence("1200 lines, 1234567.50 at 12.5 %"),
                         "1.200 Zeilen, 1.234.567,50 zu 12,5\u00a0%")

    def test_brackets_add_up_to_what_the_steps_say(self):
        settlement = self.sent(self.computed((self.work, 100)))
        found = share(RULE, LINES, MARCH, CARRIED, FACTS)
        stored = {"rule": {"components": [
            {"key": key, "name": key.title(), "bracket_rule": rule, "accumulate": "quarter", "rates": [
                {"brackets": [{"bound": "0", "rate": "10"}, {"bound": "100", "rate": "20"}]}]}
            for key, rule in (("parts", "marginal"), ("slab", "slab"))]}}
        settlement._write_guarded({
            "inputs": stored, "steps": [[step.label, step.detail, str(step.value)] for step in found.steps]})
        parts, slab = settlement._brackets_told(settlement._step_words())
        self.assertEqual([(row["span"], row["volume"], row["percent"], row["share"]) for row in parts["rows"]], [
            ("0.00 to less than 100.00", "80", "10", "8.00"), ("from 100.00 on", "70", "20", "14.00")])
        self.assertEqual((parts["volume"], parts["share"]), ("150", "22.00"))
        self.assertIn("Volume before this period: 20.00; with it: 170.00.", parts["notes"])
        self.assertEqual([(row["span"], row["share"]) for row in slab["rows"]], [("from 100.00 on", "30.00")])
        self.assertIn("All of it counts at the rate of the bracket reached.", slab["rule"])
        self.assertIn("Retroactive: 50.00 at 20% instead of 5.00 = 5.00", slab["notes"])
