"""Every sentence by which the engine explains a penalty can be told in another language."""

from datetime import date
from decimal import Decimal
from itertools import product

from odoo.tests import tagged

from ..engine.penalty import assess
from ..engine.penalty_terms import (
    BANDS,
    BY_COUNT,
    COMBINATIONS,
    COUNT_RULES,
    PER_BREACH,
    PER_POINT,
    PER_UNIT,
    POINTS,
    PROPORTIONAL,
    UNIT_RULES,
    Cap,
    Clause,
    Component,
    EarnBack,
    Event,
    Figure,
    Ledger,
    Measures,
    Penalised,
    Tier,
)
from ..models.penalties.penalty_steps import StepWords
from ..models.penalties.step_phrases import FORMS, LABELS, LINE_KINDS
from ..models.signing.document_words import DocumentWords
from .common import AftersalesCase

D = Decimal
MARCH = date(2026, 3, 1), date(2026, 4, 1)
BANDS_99 = (Tier(D("99.9"), D(10)), Tier(D("99.0"), D(25)))
COUNTS = (Tier(D(2), D(1)), Tier(D(4), D(2)))
EVENTS = (Event("request:1", 5400), Event("request:2", 90000, "3", count=2), Event("request:3", 60, "1"),
          Event("request:4", 7200, excused="Force Majeure"))


def components():
    """One of every kind, in the variants that its sentences have."""
    yield Component("a", "Uptime", BANDS, tiers=BANDS_99, target=D("99.9"), digits=1)
    yield Component("a", "Uptime", BANDS, tiers=BANDS_99, grace=D("0.5"), grace_rule="threshold")
    yield Component("a", "Uptime: of the line", BANDS, tiers=BANDS_99, grace=D("0.01"))
    yield Component("a", "Uptime", BANDS, tiers=(Tier(D("99.0"), D(5)),), bonus=True)
    yield Component("a", "Down", BANDS, base="amount", tiers=(Tier(D(4), D(5)), Tier(D(9), D(8))), high_is_good=False)
    for bonus in (False, True):
        yield Component("a", "Points", PER_POINT, base="amount", rate=D("12.5"), target=D(99), bonus=bonus)
        yield Component("a", "Part", PROPORTIONAL, target=D(99), bonus=bonus)
    yield Component("a", "Part", PROPORTIONAL, rate=D(50), target=D(99), grace=D(1))
    limits = {"event_cap": Cap(D(20)), "cap": Cap(D(3), "fee"), "deductible": D(5), "multipliers": (D(1), D("1.5"))}
    for unit, rule in product((60, 3600, 86400, 604800, 900), UNIT_RULES):
        yield Component("a", "Late", PER_UNIT, rate=D("0.5"), unit_seconds=unit, unit_rule=rule, **limits)
    yield Component("a", "Late", PER_UNIT, rate=D("0.5"), grace=D(3600), weight=D(50))
    yield Component("a", "Each", PER_BREACH, base="amount", rate=D(50), free=1, weight=D(50))
    for rule in COUNT_RULES:
        yield Component("a", "Number", BY_COUNT, tiers=COUNTS, count_rule=rule)
    yield Component("a", "Number", BY_COUNT, tiers=(Tier(D(9), D(1)),))
    yield Component("a", "Points", POINTS, base="amount", rate=D(5), free=1,
                    severities=(("", 0), ("1", 1), ("3", 5)))


def clauses():
    """Clauses with every rule that tells something, for every component."""
    for one in components():
        yield Clause("PC-1 v1", (one,))
        yield Clause("PC-1 v1", (one,), at_risk=Cap(D(10), "fee"), period_cap=Cap(D(1), "fee"), carry="carried",
                     minimum=D(30), payable=D("0.05"), bonus_cap=Cap(D(2)), bonus_excludes=False)
        yield Clause("PC-1 v1", (one,), minimum=D(500), minimum_rule="raise", yearly_cap=Cap(D(110)),
                     contract_cap=Cap(D(130)), rounding="line", payable=D(5))
        yield Clause("PC-1 v1", (one,), minimum=D(500), grace_until=date(2026, 3, 2))
        for combine in COMBINATIONS:
            other = Component("b", "Second", PER_BREACH, base="amount", rate=D("33.333"))
            yield Clause("PC-1 v1", (one, other), combine=combine, excused="good", earn_back=EarnBack(
                "a", D("98.5"), 3, strict=combine == "sum") if one.kind in (BANDS, PER_POINT, PROPORTIONAL) else None)


def measures():
    """Facts: a poor figure, a good one, a counted one, none at all."""
    events = {"a": EVENTS, "b": EVENTS[:2]}
    for figure in (Figure(D("98.75")), Figure(D(100)), Figure(good=95, total=100, excused=((2, "Customer"),)), None):
        yield Measures(*MARCH, {"a": figure} if figure else {}, events, D(50000))
    yield Measures(*MARCH, {}, {"b": ()}, D(50000))


@tagged("post_install", "-at_install")
class TestPenaltySteps(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.words = DocumentWords(cls.env, "en_US")
        ledger = Ledger(D(100), D(120), D("3.333"), {"a": 1}, (Penalised("12", D(40), 2), Penalised("13", D(5), 1)))
        cls.penalties = [
            (clause, assess(clause, facts, D("1200.00"), ledger)) for clause in clauses() for facts in measures()]

    def told(self, clause):
        return StepWords(self.words, [one.name for one in clause.components], {"12": "PEN/2026/00012"})

    def test_every_step_is_known(self):
        unknown, labels = set(), set()
        for clause, found in self.penalties:
            told = self.told(clause)
            for label, detail, _value in found.steps:
                labels.add(label)
                _name, rest = told.parted(detail)
                if label not in ("clause", "excused") and not any(form.fullmatch(rest) for form, _text in FORMS):
                    unknown.add((label, rest))
        self.assertEqual(unknown, set())
        self.assertEqual(labels - set(LABELS) - {"clause"}, set())
        self.assertGreater(len(labels), 20, "the clauses above bring nearly every step")

    def test_every_line_is_known(self):
        unknown, kinds = set(), set()
        for _clause, found in self.penalties:
            for line in found.lines:
                kinds.add(line.kind)
                if not any(form.fullmatch(line.detail) for form, _text in FORMS):
                    unknown.add((line.kind, line.detail))
        self.assertEqual(unknown, set())
        self.assertEqual(kinds - {"penalty", "bonus"} - set(LINE_KINDS), set())

    def test_numbers_are_written_as_the_language_writes_them(self):
        self.env["res.lang"]._activate_lang("de_DE")
        told = StepWords(DocumentWords(self.env, "de_DE"), ["Resolution"], {"12": "PEN/2026/00012"})
        for sentence, expected in (
            ("340.50 above 1200.00 is cut", "340,50 über 1.200,00 wird gekürzt"),
            ("3 events x 2.5 %", "3 × 2,5 % (Störfälle)"),
            ("12, 2 periods ago", "PEN/2026/00012, Zeiträume zurück: 2"),
            ("no penalty for periods that begin before 2026-03-31",
             "Zeiträume, die vor dem 31.03.2026 beginnen, kosten nichts."),
            ("PEN/2026/00031, PEN/2026/00032", "PEN/2026/00031, PEN/2026/00032"),
        ):
            self.assertEqual(told.sentence(sentence).replace("\xa0", " "), expected)

    def test_translations_take_the_place_of_the_english(self):
        told = self.told(self.penalties[0][0])
        told.translate = lambda source, **values: f"<{source}>"
        self.assertEqual(told.label("period cap"), "<Cap of the period>")
        self.assertEqual(told.sentence("7 started hours x 2 %"), "<7 × 2% (<hours> late, <each one started>)>")
        self.assertEqual(told.sentence("yearly cap of 150.00"), "<<Cap of the year>: 150.00>")

    def test_sentences_that_nobody_knows_are_told_as_they_are(self):
        told = self.told(self.penalties[0][0])
        self.assertEqual(told.sentence("Of 12 things 3.5 are odd"), "Of 12 things 3.5 are odd")
