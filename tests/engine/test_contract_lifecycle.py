"""One table of transitions; everything else is refused with what to do instead."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract_lifecycle import (
    ACTIONS,
    ENDED,
    GROUPS,
    LIVE,
    STATES,
    TRANSITIONS,
    actions,
    locked_fields,
    move,
    refusal,
)
from engine.errors import BadOption, RefusedTransition

# state: the actions possible, as a lawyer would draw it
POSSIBLE = {
    "draft": "submit",
    "review": "approve reject",
    "approved": "sign reset",
    "signed": "activate terminate",
    "active": "suspend give_notice renew expire terminate",
    "suspended": "resume give_notice renew expire terminate",
    "notice": "suspend resume withdraw_notice expire terminate",
    "expired": "renew",
    "terminated": "",
}


@pytest.mark.parametrize("state", STATES)
def test_what_is_possible_in_each_state(state):
    assert actions(state) == set(POSSIBLE[state].split())


@pytest.mark.parametrize(
    "story, end",
    [
        ("submit approve sign activate", "active"),
        ("submit reject submit approve reset", "draft"),
        ("submit approve sign terminate", "terminated"),
        ("submit approve sign activate suspend resume expire", "expired"),
        ("submit approve sign activate give_notice withdraw_notice renew", "active"),
        ("submit approve sign activate give_notice suspend resume expire renew", "active"),
        ("submit approve sign activate suspend renew", "suspended"),
        ("submit approve sign activate suspend give_notice terminate", "terminated"),
    ],
)
def test_stories(story, end):
    state = "draft"
    for action in story.split():
        state = move(state, action)
    assert state == end


@pytest.mark.parametrize("state, action", sorted(set(product(STATES, ACTIONS)) - set(TRANSITIONS)))
def test_row_33_every_other_move_is_refused_with_what_to_do(state, action):
    """contracts.md 5 row 33: button methods called out of order over RPC."""
    with pytest.raises(RefusedTransition) as caught:
        move(state, action)
    assert state in str(caught.value) and refusal(state, action) in str(caught.value)
    reason, remedy = refusal(state, action).split(": ", 1)
    assert reason.startswith("cannot be ") and len(remedy) > 10


@pytest.mark.parametrize(
    "state, action, words",
    [
        ("draft", "activate", "cannot be activated: have it approved and signed first"),
        ("notice", "renew", "cannot be renewed: notice was given, withdraw it first"),
        ("active", "submit", "make an amendment"),
        ("signed", "reset", "terminate it and copy it to a new draft"),
        ("terminated", "renew", "copy it to a new contract"),
        ("draft", "terminate", "nothing binds yet"),
        ("expired", "suspend", "renew it"),
    ],
)
def test_refusals_say_what_to_do(state, action, words):
    assert words in refusal(state, action)


@pytest.mark.parametrize(("state", "action"), sorted(TRANSITIONS))
def test_a_possible_move_has_no_refusal_and_leads_to_a_state(state, action):
    assert refusal(state, action) is None and move(state, action) in STATES


def test_unknown_words():
    for state, action in (("open", "sign"), ("draft", "open"), (None, "sign")):
        with pytest.raises(BadOption):
            move(state, action)
    with pytest.raises(BadOption):
        locked_fields("open")


@pytest.mark.parametrize("state, action", [("notice", "withdraw_notice"), ("expired", "renew"), ("signed", "activate")])
def test_row_15_a_contract_whose_suspension_runs_is_never_active(state, action):
    """contracts.md 5 row 15: suspended over the notice deadline."""
    assert move(state, action) == "active" and move(state, action, suspended=True) == "suspended"


# --- locks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state, open_groups",
    [
        ("draft", GROUPS),
        ("review", {"desk"}),
        ("approved", {"desk"}),
        ("signed", {"desk"}),
        ("active", {"desk", "assets"}),
        ("suspended", {"desk", "assets"}),
        ("notice", {"desk", "assets"}),
        ("expired", {"desk"}),
        ("terminated", {"desk"}),
    ],
)
def test_what_may_still_be_written(state, open_groups):
    assert GROUPS - locked_fields(state) == open_groups


# --- laws -------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(ACTIONS), max_size=40))
def test_nothing_is_in_force_that_was_not_approved_and_signed(wanted):
    state, done = "draft", set()
    for action in wanted:
        if action in actions(state):
            if action in ("reset", "reject"):
                done -= {"approve", "sign"}
            state = move(state, action)
            done.add(action)
        if state in LIVE + ENDED[:1]:
            assert {"submit", "approve", "sign", "activate"} <= done


def test_every_state_can_be_reached_and_only_termination_is_final():
    assert {"draft", *TRANSITIONS.values()} == set(STATES)
    assert [state for state in STATES if not actions(state)] == ["terminated"]
