"""Who does what: one executor in each cell."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadOption, OverlappingScope
from engine.scope import ScopeLine, overlaps, scope_matrix

WORDS = (["repair", "support"], ["L1", "L2"], ["north", "south"])


def lines(*rows):
    return [ScopeLine(number, *row) for number, row in enumerate(rows, 1)]


def test_gaps_are_listed_in_order():
    matrix = scope_matrix(lines(("repair", None, None, "us"), ("support", "L1", "north", "dealer")), *WORDS)
    assert matrix.gaps == (("support", "L1", "south"), ("support", "L2", "north"), ("support", "L2", "south"))
    assert matrix.executor("repair", "L2", "south") == "us" and matrix.executor("support", "L2", "north") is None
    assert matrix.steps[-1].detail == "5 of 8 cells"


@pytest.mark.parametrize(
    "first, second, cell",
    [
        (("repair", "L1", "north", "a"), ("repair", "L1", "north", "b"), "repair / L1 / north"),
        (("repair", "L1", "north", "a"), ("repair", "L1", "north", "a"), "repair / L1 / north"),  # even the same one
        (("repair", None, None, "a"), (None, "L2", None, "b"), "repair / L2 / north"),
        ((None, None, None, "a"), ("support", "L2", "south", "b"), "support / L2 / south"),
    ],
)
def test_an_overlap_is_refused_and_names_cell_and_lines(first, second, cell):
    with pytest.raises(OverlappingScope, match=rf"'{cell}' has more than one executor: line 1 \(a\) and line 2"):
        scope_matrix(lines(first, second), *WORDS)


@pytest.mark.parametrize(
    "first, second",
    [
        (("repair", None, None, "a"), ("support", None, None, "a")),
        ((None, "L1", None, "a"), (None, "L2", None, "b")),
        ((None, None, "north", "a"), (None, None, "south", "b")),
    ],
)
def test_halves_that_touch_do_not_overlap(first, second):
    assert scope_matrix(lines(first, second), *WORDS).gaps == ()


def test_words_outside_the_matrix():
    with pytest.raises(BadOption, match="tier: 'L3'"):
        scope_matrix(lines(("repair", "L3", None, "us")), *WORDS)
    with pytest.raises(BadOption, match="repair / L9 / north"):
        scope_matrix([], *WORDS).executor("repair", "L9", "north")


def test_a_contract_without_lines_is_all_gaps():
    assert len(scope_matrix([], *WORDS).gaps) == 8 and scope_matrix([], [], [], []).gaps == ()


rows = st.lists(st.tuples(*(st.none() | st.sampled_from(words) for words in WORDS), st.sampled_from("ab")), max_size=5)


@given(rows)
def test_every_cell_has_one_executor_or_is_told(drawn):
    found = lines(*drawn)
    fitting = {
        cell: [
            line
            for line in found
            if all(word in (None, own) for word, own in zip((line.service, line.tier, line.region), cell, strict=True))
        ]
        for cell in product(*WORDS)
    }
    doubled = {cell: tuple(line.key for line in several) for cell, several in fitting.items() if len(several) > 1}
    assert overlaps(found, *WORDS) == doubled
    if doubled:
        with pytest.raises(OverlappingScope):
            scope_matrix(found, *WORDS)
        return
    matrix = scope_matrix(found, *WORDS)
    for cell, (*several,) in fitting.items():
        assert matrix.executor(*cell) == (several[0].executor if several else None)
        assert (cell in matrix.gaps) == (not several)
