"""Signing one document, in order, by both sides."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.signing import Signature, Signer, may_sign, signing_round

SIGNERS = [Signer("carla", 1), Signer("carl", 1), Signer("anna", 2)]
SENT = "f00d"
START = datetime(2026, 1, 10, 9, tzinfo=UTC)


def signed(*names, **terms):
    return [
        Signature(name, START + timedelta(hours=hour), **{"document_hash": SENT, **terms})
        for hour, name in enumerate(names)
    ]


def state(signatures, current=SENT, signers=SIGNERS, **terms):
    return signing_round(signers, signatures, SENT, current, **terms)


@pytest.mark.parametrize(
    "names, expected, turn",
    [
        ((), "pending", ("carla", "carl")),
        (("carl",), "pending", ("carla",)),
        (("carl", "carla"), "pending", ("anna",)),
        (("carl", "carla", "anna"), "complete", ()),
        (("carl", "carl", "carl"), "pending", ("carla",)),  # row 31: two tabs, a link used again
        (("mallory", "carl"), "pending", ("carla",)),  # nobody asked for
    ],
)
def test_row_31_in_order_and_each_once(names, expected, turn):
    """contracts.md 5 row 31: link reused after signing, two tabs."""
    found = state(signed(*names))
    assert (found.state, found.may_sign) == (expected, turn)
    assert found.completed_at == (START + timedelta(hours=2) if expected == "complete" else None)


def test_row_31_a_text_changed_after_sending_voids_the_round():
    """contracts.md 5 row 31: changed between send and sign."""
    found = state(signed("carl"), current="beef")
    assert (found.state, found.may_sign, found.completed_at) == ("void", (), None)
    assert may_sign(SIGNERS, signed("carl"), SENT, "beef", "carla").endswith("it must be sent again")
    # A signature over another text does not count for this one, whoever gave it.
    assert state(signed("carl", "carla", "anna", document_hash="beef")).state == "pending"


def test_row_31_once_complete_the_signed_document_stands():
    assert state(signed("carl", "carla", "anna"), current="beef").state == "complete"


def test_row_31_one_side_refuses():
    """contracts.md 5 row 31: one side refuses."""
    answers = signed("carl") + signed("carla", refused="the price")
    found = state(answers)
    assert (found.state, found.may_sign) == ("refused", ())
    assert found.steps[-1].detail == "carla: the price"
    assert may_sign(SIGNERS, answers, SENT, SENT, "anna") == "the document was refused: change it and send it again"


@pytest.mark.parametrize(
    "key, names, reason",
    [
        ("carla", (), None),
        ("anna", (), "it is not the turn of anna: first come carla and carl"),
        ("anna", ("carl", "carla"), None),
        ("carl", ("carl",), "carl has answered already"),
        ("mallory", (), "mallory is not among the signers"),
    ],
)
def test_who_may_sign(key, names, reason):
    assert may_sign(SIGNERS, signed(*names), SENT, SENT, key) == reason


def test_row_31_a_signer_without_authority():
    """contracts.md 5 row 31: signer without authority."""
    signers = [Signer("intern", 1, authorised=False), Signer("anna", 2)]
    assert "no authority" in may_sign(signers, [], SENT, SENT, "intern")
    assert state(signed("intern", "anna"), signers=signers).state == "pending"


@pytest.mark.parametrize("starts, flagged", [(-1, True), (2, False), (30, False)])
def test_row_31_signed_after_the_start_date_is_flagged(starts, flagged):
    """contracts.md 5 row 31: signed after the start date."""
    found = state(signed("carl", "carla", "anna"), starts_at=START + timedelta(hours=starts))
    assert bool(found.flags) is flagged
