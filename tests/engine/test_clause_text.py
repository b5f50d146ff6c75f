"""Clauses: what counts as a deviation, what a redline shows, and how placeholders are filled."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.clause_text import Variant, deviates, fill, fingerprint, normalise, placeholders
from engine.errors import BadOption, BadPlaceholder, MissingValue
from engine.redline import Change, joined, redline, similarity, words_of

CLAUSE = 'The "Provider" shall respond within 4 hours.'


@pytest.mark.parametrize(
    "other",
    [
        'The  "Provider" shall\n respond within\t4 hours. ',
        "The “Provider” shall respond within 4 hours.",
        "The „Provider“ shall\u00a0respond within 4 hours.",  # no-break space
        'The "Provider" shall re\u00adspond within 4 hours.\u200b',  # soft hyphen, zero-width space
        "Ｔｈｅ ＂Provider＂ shall respond within ４ hours．",  # full width
    ],
)
def test_section_4_row_14_white_space_and_quotes_are_no_deviation(other):
    """contracts.md 4 row 14: a change of white space only is no deviation."""
    assert fingerprint(other) == fingerprint(CLAUSE)
    assert not deviates(other, [Variant("response", "preferred", CLAUSE)]).deviates


@pytest.mark.parametrize(
    "other",
    [
        CLAUSE.replace("4", "8"),
        CLAUSE.replace("shall", "shall not"),
        CLAUSE.replace("Provider", "provider"),  # a defined term is another word in lower case
        CLAUSE.replace("within 4", "within4"),
        "",
    ],
)
def test_every_other_change_is_a_deviation(other):
    assert fingerprint(other) != fingerprint(CLAUSE)
    assert deviates(other, [Variant("response", "preferred", CLAUSE)]).deviates


def test_line_breaks_inside_chinese_are_no_deviation():
    assert fingerprint("供應商應於\n四小時內 回應。") == fingerprint("供應商應於四小時內回應。")
    assert normalise("回應 within 4 小時") == "回應 within 4 小時"  # between two scripts a space stays


LIBRARY = [
    Variant("pay-30", "preferred", "Payment is due within 30 days of the invoice."),
    Variant("pay-45", "acceptable", "Payment is due within 45 days of the invoice."),
    Variant("pay-90", "last_resort", "Payment may be withheld until all disputes are settled."),
]


@pytest.mark.parametrize(
    "text, deviation, variant, deleted, inserted",
    [
        ("Payment is due within 30 days  of the invoice.", False, "pay-30", (), ()),
        ("Payment is due within 45 days of the invoice.", False, "pay-45", (), ()),
        ("Payment is due within 60 days of the invoice.", True, "pay-30", ("30",), ("60",)),
        ("Payment may be withheld until most disputes are settled.", True, "pay-90", ("all",), ("most",)),
    ],
)
def test_a_clause_is_compared_with_the_nearest_variant(text, deviation, variant, deleted, inserted):
    found = deviates(text, reversed(LIBRARY))
    assert (found.deviates, found.variant.key) == (deviation, variant)
    changed = {change.op: change.words for change in found.redline}
    assert (changed.get("delete", ()), changed.get("insert", ())) == (deleted, inserted)


def test_a_clause_the_library_does_not_know():
    found = deviates(CLAUSE, [])
    assert (found.deviates, found.variant, found.redline) == (True, None, ())


def test_filled_placeholders_are_no_deviation():
    library = [Variant("fee", "preferred", "{{customer}} pays {{ fee }}.")]
    values = {"customer": "Acme", "fee": Decimal("20.00")}
    assert not deviates("Acme pays 20.00.", library, values).deviates
    assert deviates("Acme pays 19.00.", library, values).deviates


def test_an_unknown_rung():
    with pytest.raises(BadOption):
        Variant("a", "best", "text")


# --- placeholders -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, values, expected",
    [
        ("no placeholder", {}, "no placeholder"),
        ("{{a}}{{ a }}", {"a": "x"}, "xx"),
        (
            "{{contract.fee}} from {{start}}",
            {"contract.fee": Decimal("1.50"), "start": date(2026, 1, 2)},
            "1.50 from 2026-01-02",
        ),
        ("{{count}}", {"count": 0}, "0"),  # zero is a value
        ("{{客戶}}", {"客戶": "台灣公司"}, "台灣公司"),
        ("{ not one }", {}, "{ not one }"),
        # what a value contains is neither filled nor run
        ("{{a}} {{b}}", {"a": "{{b}}", "b": "{{a}}"}, "{{b}} {{a}}"),
        ("{{a}}", {"a": "<script>\\1 %s {0} ${b}</script>"}, "<script>\\1 %s {0} ${b}</script>"),
    ],
)
def test_row_32_filling(text, values, expected):
    """contracts.md 5 row 32: no template injection through placeholders or partner names."""
    assert fill(text, values) == expected


@pytest.mark.parametrize("value", [None, "", "  \n", True, 1.5, object(), ["x"]])
def test_row_32_a_missing_value_blocks(value):
    """contracts.md 5 row 32: block, not blank."""
    with pytest.raises(MissingValue, match="placeholder: 'fee' has no value"):
        fill("{{customer}} pays {{fee}}", {"customer": "Acme", "fee": value})


def test_row_32_every_missing_name_is_told_at_once():
    with pytest.raises(MissingValue, match="'a, c'"):
        fill("{{a}} {{b}} {{c}} {{a}}", {"b": "x"})


@pytest.mark.parametrize(
    "text",
    [
        "{{}}",
        "{{ 1 + 1 }}",
        "{{ a b }}",
        "{{a.__class__}}",
        "{{__init__}}",
        "{{a()}}",
        "{{a|safe}}",
        "{{ a['b'] }}",
        "{{a.}}",
        "{{1a}}",
    ],
)
def test_row_32_what_is_no_name_is_refused_and_never_run(text):
    """contracts.md 5 row 32: template injection through user-edited placeholders."""
    for run in (placeholders, lambda text: fill(text, {"a": "x"})):
        with pytest.raises(BadPlaceholder, match="not a placeholder"):
            run(text)


def test_the_names_of_a_text():
    assert placeholders("{{b}} {{ a.c }} {{b}}") == ("b", "a.c")


# --- redline ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("", "", []),
        ("a b", "a b", [("keep", "a b")]),
        ("", "a", [("insert", "a")]),
        ("a", "", [("delete", "a")]),
        (
            "pay in 30 days",
            "pay in 45 days",
            [("keep", "pay in"), ("delete", "30"), ("insert", "45"), ("keep", "days")],
        ),
        ("First. Second.", "First. New. Second.", [("keep", "First ."), ("insert", "New ."), ("keep", "Second .")]),
        ("供應商應回應", "供應商不應回應", [("keep", "供 應 商"), ("insert", "不"), ("keep", "應 回 應")]),
        (
            "甲方pays乙方",
            "甲方owes乙方",
            [("keep", "甲 方"), ("delete", "pays"), ("insert", "owes"), ("keep", "乙 方")],
        ),
    ],
)
def test_redlines(old, new, expected):
    assert redline(old, new) == tuple(Change(op, tuple(words.split())) for op, words in expected)


def test_words_are_joined_for_reading():
    text = "In 30 days (at most), 甲方應付款。 It's due."
    assert joined(words_of(text)).replace("It'", "It '") == "In 30 days (at most),甲方應付款。It 's due."


def test_a_long_contract_that_hardly_changes():
    old = " ".join(f"Clause {number}: the parties agree on matter {number}." for number in range(2000))
    changes = redline(old, old.replace("on matter 777.", "on subject 778."))
    assert [change for change in changes if change.op != "keep"] == [
        ("delete", ("matter", "777")),
        ("insert", ("subject", "778")),
    ]


texts = st.text(st.sampled_from("ab1 .,;\n甲乙應。“”"), max_size=60)


@given(texts, texts)
@example("a. b", "b. a")
def test_a_redline_holds_both_texts(old, new):
    changes = redline(old, new)
    for text, dropped in ((old, "insert"), (new, "delete")):
        assert sum((change.words for change in changes if change.op != dropped), ()) == words_of(text)
    assert all(change.words for change in changes)
    unchanged = all(change.op == "keep" for change in changes)
    assert unchanged == (words_of(old) == words_of(new))


@given(texts)
def test_normalising_is_idempotent_and_blind_to_white_space(text):
    assert normalise(normalise(text)) == normalise(text)
    assert fingerprint(f" {text}\n") == fingerprint(text)
    assert similarity(text, text) == 1


@given(st.text(max_size=200))
def test_normalising_is_idempotent_on_any_text(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=80), st.text(min_size=1, max_size=20).filter(str.strip))
def test_a_value_is_printed_as_it_is(before, value):
    before = before.replace("{", "(")
    assert fill(before + "{{name}}", {"name": value}) == before + value
