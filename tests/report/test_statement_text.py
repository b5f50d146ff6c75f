"""Breaking lines, figures and labels."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report import statement_pdf
from report.agreement_labels import AGREEMENT_LABELS
from report.claim_statement_labels import STATEMENT_LABELS as CLAIM_STATEMENT_LABELS
from report.figures import count_text, objective_text, rate_text
from report.fonts import load_fonts
from report.labels import LABELS
from report.penalty_labels import PENALTY_LABELS
from report.recovery_labels import RECOVERY_LABELS
from report.redline_labels import REDLINE_LABELS
from report.settlement_labels import SETTLEMENT_LABELS
from report.text import Style, joined, units, wrap
from report.trend import LEGEND_TEXTS
from report.values import NumberFormat
from report.warranty_labels import CERTIFICATE_LABELS, LETTER_LABELS

FONTS = load_fonts()
WARRANTY_LABELS = (*CERTIFICATE_LABELS, *LETTER_LABELS, *CLAIM_STATEMENT_LABELS, *RECOVERY_LABELS)
EVERY_LABEL = (
    *LABELS, *AGREEMENT_LABELS, *REDLINE_LABELS, *PENALTY_LABELS, *SETTLEMENT_LABELS, *WARRANTY_LABELS)
STYLE = Style(10)
ENGLISH, DANISH = NumberFormat(), NumberFormat(",", ".", "{} %")


def lines(text, width):
    return [line.text for line in wrap(text, STYLE, width, FONTS)]


@given(st.text(max_size=200) | st.text("ab -/（）中文，。\n", max_size=300), st.integers(12, 300))
def test_wrapping_loses_nothing_and_overruns_nothing(text, width):
    wrapped = wrap(text, STYLE, width, FONTS)
    wide = max((FONTS.width(char, STYLE.size) for char in FONTS.clean(text)), default=0)
    assert all(FONTS.width(line.text, STYLE.size) <= max(width, wide) + 0.02 for line in wrapped)
    assert "".join("".join(line.text.split()) for line in wrapped) == "".join(FONTS.clean(text).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two", ["one", " ", "two"]),
        ("after-sales and/or", ["after-", "sales", " ", "and/", "or"]),
        ("2026-03-01 SLA/2026/7", ["2026-03-01", " ", "SLA/2026/7"]),
        ("现场（港口）关闭，次日恢复。", ["现", "场", "（港", "口）", "关", "闭，", "次", "日", "恢", "复。"]),
        ("SLA，第2次", ["SLA，", "第", "2", "次"]),
        ("한국어 문장", ["한국어", " ", "문장"]),
    ],
)
def test_where_a_line_may_break(text, expected):
    assert units(text) == expected


def test_lines_of_the_author_are_kept():
    assert lines("first\nsecond", 400) == ["first", "second"]
    assert lines("", 100) == [] == lines(" \n ", 100)


def test_a_word_too_long_is_cut():
    cut = lines("x" * 100, 50)
    assert len(cut) > 5 and "".join(cut) == "x" * 100


def test_sentences_in_one_paragraph():
    assert joined(["One.", "Two."]) == "One. Two."
    assert joined(["超时：3 次。", "免责：1 次。"]) == "超时：3 次。免责：1 次。"


@pytest.mark.parametrize(
    ("rate", "objective", "english", "danish"),
    [
        ("97.25", "95", "97.3%", "97,3 %"),
        ("94.96", "95", "94.9%", "94,9 %"),
        ("95", "95", "95.0%", "95,0 %"),
        ("99.98", "95", "99.9%", "99,9 %"),
        ("100", None, "100.0%", "100,0 %"),
        ("0", "95", "0.0%", "0,0 %"),
        ("99.9946", "99.995", "99.994%", "99,994 %"),
        ("66.66666666", None, "66.7%", "66,7 %"),
    ],
)
def test_rate(rate, objective, english, danish):
    objective = Decimal(objective) if objective else None
    assert rate_text(Decimal(rate), objective, ENGLISH) == english
    assert rate_text(Decimal(rate), objective, DANISH) == danish


PERCENT = st.decimals(0, 100, places=6, allow_nan=False)


@given(PERCENT, st.decimals(0, 100, allow_nan=False, places=2))
def test_the_printed_rate_never_contradicts_the_verdict(rate, objective):
    shown = Decimal(rate_text(rate, objective, ENGLISH).removesuffix("%"))
    assert (shown >= objective) == (rate >= objective)
    assert (shown == 100) == (rate == 100)
    assert abs(shown - rate) < Decimal("0.1")


def test_objective_as_agreed():
    assert [objective_text(Decimal(text), ENGLISH) for text in ("97.50", "95", "100", "0.5")] == [
        "97.5%", "95%", "100%", "0.5%",
    ]
    assert count_text(1234567, DANISH) == "1.234.567"


def drawing_code():
    """Every node of the syntax trees of the drawing code, the labels themselves left out."""
    for path in sorted(Path(statement_pdf.__file__).parent.glob("*.py")):
        if not path.name.endswith("labels.py"):
            yield from ast.walk(ast.parse(path.read_text()))


def test_labels_hold_every_text_that_is_used():
    calls = [node for node in drawing_code() if isinstance(node, ast.Call) and node.args]
    named = [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in ("label", "phrase")]
    used = {call.args[0].value for call in named if isinstance(call.args[0], ast.Constant)}
    assert len(used) > 20 and used - set(EVERY_LABEL) == set()
    assert set(LEGEND_TEXTS) <= set(LABELS)
    for labels in (LABELS, AGREEMENT_LABELS, REDLINE_LABELS, PENALTY_LABELS, SETTLEMENT_LABELS):
        assert len(set(labels)) == len(labels)
    assert not set(LABELS) & set(AGREEMENT_LABELS)
    assert not set(LABELS) & set(PENALTY_LABELS)
    assert not set(LABELS) & set(SETTLEMENT_LABELS)


def named_by_models():
    """Constants of the models that name rows of certificates, letters and claim statements by their labels."""
    models = Path(statement_pdf.__file__).parent.parent / "models"
    for name in ("warranty/certificate", "claims/claim_letter", "reimbursements/claim_statement",
                 "recoveries/recovery_letter"):
        yield from ast.walk(ast.parse((models / f"{name}.py").read_text()))


def test_no_label_is_left_over():
    texts = {node.value for node in (*drawing_code(), *named_by_models()) if isinstance(node, ast.Constant)}
    assert [source for source in EVERY_LABEL if source not in texts] == []
