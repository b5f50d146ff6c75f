"""docs/money-rules.md: each rule's example is reckoned, and the amounts are those that the document prints."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from clauses import HOUR, below, breaches, clause, counted, hours, late, march, paid, pointed, steps, uptime

from engine.errors import BadOption
from engine.money import allocate, round_money
from engine.penalty import assess
from engine.penalty_terms import Cap, Clause, EarnBack, Event, Figure, Ledger, Penalised

DOCUMENT = (Path(__file__).parents[2] / "docs" / "money-rules.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\d)\. .*?\n(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL))
THOUSAND = Decimal(1000)
CENT = Decimal("0.01")


def printed(rule, *amounts):
    """Assert that the section prints these amounts, thousands with commas or without."""
    text = SECTIONS[str(rule)].replace(",", "")
    for amount in amounts:
        assert re.search(rf"(?<![\d.]){re.escape(str(amount))}(?![\d]|\.\d)", text), (
            f"rule {rule} does not print {amount}"
        )


def test_there_are_nine_rules_with_an_example_each():
    assert list(SECTIONS) == [str(rule) for rule in range(1, 10)]
    assert all("*Example.*" in text for text in SECTIONS.values())


def test_rule_1_edges():
    figures = {"99.9": "0.00", "99.8999": "100.00", "99.0": "100.00", "98.99": "250.00"}
    assert {figure: paid(clause(uptime()), march(uptime=figure)) for figure in figures} == figures
    printed(1, *figures, *figures.values())
    bonus = clause(uptime("99.95: 2", bonus=True))
    assert [paid(bonus, march(uptime=figure)) for figure in ("99.95", "99.94")] == ["-20.00", "0.00"]
    printed(1, "20.00")
    rounded = [paid(clause(uptime(digits=digits)), march(uptime="99.8993")) for digits in (None, 1)]
    assert rounded == ["100.00", "0.00"]
    assert paid(clause(late()), march(fix=hours(0))) == "0.00"


def test_rule_2_rounding():
    three = [below("0.1", "100", key=key) for key in "abc"]
    facts = march(**{key: "96.6666" for key in "abc"})
    total, lines = (assess(clause(*three, rounding=rule), facts, Decimal(100)) for rule in ("total", "line"))
    assert [str(line.amount) for line in total.lines] == ["0.34", "0.33", "0.33"]
    assert [str(penalty.amount) for penalty in (total, lines)] == ["1.00", "0.99"]
    amounts = [
        paid(clause(uptime(), currency_rounding=unit), march(uptime="99.5"), fee)
        for unit, fee in (("0.01", "333.35"), ("0.001", "33.335"), ("1", "335"))
    ]
    assert amounts == ["33.34", "3.334", "34"]
    third = Cap(Decimal("33.333333333"), "fee")
    assert paid(replace(clause(uptime("99: 50")), period_cap=third), march(uptime="98")) == "333.33"
    printed(2, "0.33334", "0.34", "1.00", "0.99", "333.35", *amounts, "333.33")
    swiss = assess(clause(uptime(), late("7.33"), payable="0.05"), march(uptime="99", fix=hours(1)), Decimal("1000.10"))
    assert [(line.kind, str(line.amount)) for line in swiss.lines][-1] == ("rounding", "0.01")
    whole = paid(clause(uptime(), payable="1"), march(uptime="99.5"), "12345")
    printed(2, swiss.amount, sum(line.amount for line in swiss.lines[:2]), "1234.50", whole.removesuffix(".00"))


def test_rule_3_nothing_measured():
    assert paid(clause(uptime()), march()) == "None"
    gone = Figure(good=0, total=40, excused=((40, "maintenance"),))
    assert [paid(clause(uptime(), excused=rule), march(uptime=gone)) for rule in ("removed", "good")] == [
        "None",
        "0.00",
    ]
    assert paid(clause(uptime(), late()), march(fix=hours(2))) == "100.00"
    part = Figure(good=90, total=100, excused=((5, "maintenance"),))
    figures = [
        str(
            next(
                step.value
                for step in assess(clause(uptime(), excused=rule), march(uptime=part), THOUSAND).steps
                if step.label == "figure"
            )
        )
        for rule in ("removed", "good")
    ]
    printed(3, "0.00", "100.00", *figures)
    assert Clause("", ()).excused == "removed"


def test_rule_4_the_order():
    fix = late(grace=Decimal(HOUR), deductible="10", event_cap="150", cap="200", multipliers="1 1.5")
    penalty = assess(clause(fix), march(fix=hours(3, 9)), THOUSAND, Ledger(misses={"fix": 1}))
    after = [str(step.value) for step in penalty.steps if step.label not in ("clause", "events", "grace")]
    assert after == ["500.00", "490.00", "248.00", "200.00", "300.00", "300.00"]
    printed(4, *after, "98.00", "392.00")
    words = SECTIONS["4"].split(". ")[0].replace("\n", " ")
    assert [word.split(" (")[0] for word in words.split(", ")] == [
        "excused", "grace", "deductible", "event cap", "component cap", "multiplier", "combined", "carried excess",
        "period cap", "rounding", "minimum", "earn-back", "yearly and contract cap", "bonus"]  # fmt: skip


def test_rule_4_the_defaults():
    terms, one = Clause("", ()), late()
    assert (terms.combine, terms.carry, terms.minimum_rule, terms.bonus_excludes) == ("sum", "lost", "drop", True)
    assert (one.grace_rule, one.multipliers, one.cap, one.event_cap, terms.at_risk) == ("deduct", (), None, None, None)
    assert (
        terms.earn_back is None and EarnBack("a", THOUSAND, 1).percent == 100 and not EarnBack("a", THOUSAND, 1).strict
    )
    assert terms.rounding == "total" and terms.payable is None and one.digits is None


def test_rule_5_running_caps():
    capped = clause(uptime(), yearly_cap="500")
    assert paid(capped, march(uptime="99.5"), ledger=Ledger(Decimal(450))) == "50.00"
    earning = clause(uptime("99.9: 10"), yearly_cap="500", earn_back=EarnBack("uptime", Decimal(99), 3))
    ledger = Ledger(Decimal(480), penalised=(Penalised("PEN/1", Decimal(60), 1),))
    penalty = assess(earning, march(uptime="99.5"), THOUSAND, ledger)
    due = penalty.amount + penalty.returned
    assert (str(due), str(penalty.returned), str(penalty.amount)) == ("80.00", "60.00", "20.00")
    printed(5, "450.00", "50.00", "480.00", due, penalty.returned, penalty.amount, ledger.year + penalty.amount)


def test_rule_6_lines_sum_to_the_total():
    terms = clause(breaches("400"), period_cap="300", carry="carried")
    penalty = assess(terms, march(breach=hours(0)), THOUSAND, Ledger(carried=Decimal("12.34")))
    amounts = [str(line.amount) for line in penalty.lines]
    assert amounts == ["400.00", "12.34", "-112.34"] and str(penalty.carried) == "112.34"
    printed(6, "412.34", "300.00", *amounts[:2], "112.34", *allocate(Decimal(100), [1, 1, 1], CENT))


def test_rule_7_reversals_and_parts():
    assert round_money(-Decimal("33.335"), CENT) == -round_money(Decimal("33.335"), CENT) == Decimal("-33.34")
    shares = [round_money(Fraction(100 * part, 3), CENT) for part in range(4)]
    parts = [after - before for before, after in zip(shares, shares[1:], strict=False)]
    assert [str(part) for part in parts] == ["33.33", "33.34", "33.33"] and sum(parts) == 100
    printed(7, "-33.34", *parts)


def test_rule_8_no_rate():
    terms = clause(counted("4: 25"))
    three = assess(terms, march(count=hours(0, 0, 0)), THOUSAND)
    assert str(three.amount) == "0.00" and steps(three)["cost"].endswith("below the first tier")
    printed(8, "25.00", three.amount, paid(terms, march(count=hours(0, 0, 0, 0))))
    with pytest.raises(BadOption):
        assess(clause(pointed()), march(points=(Event("R1", severity="unheard of"),)), THOUSAND)


def test_rule_9_late_facts():
    """March as it was closed, as it would be now, and the line that the open period takes."""
    terms, ledger = clause(uptime()), Ledger(Decimal(40))
    facts = Figure(good=985, total=1000)
    then = assess(terms, march(uptime=facts), THOUSAND, ledger).amount
    now = assess(terms, march(uptime=replace(facts, excused=((8, "customer cause"),))), THOUSAND, ledger).amount
    printed(9, then, now, now - then)
