"""Signing one document, in order, by several people of both sides.

Everybody signs the document that was sent: its SHA-256 goes with each signature, and a text changed after
sending voids the round. Signers of one place in the order sign in any order, those of the next place after
all of them. One refusal ends the round, with its reason. A signature is given once: a link used again, or a
second tab, changes nothing.

>>> signers = [Signer("carla", 1), Signer("anna", 2)]
>>> signing_round(signers, [], "f00d", "f00d").may_sign
('carla',)
>>> may_sign(signers, [], "f00d", "f00d", "anna")
'it is not the turn of anna: first come carla'
"""

from dataclasses import dataclass, field
from datetime import datetime

from .explanation import Step

PENDING, COMPLETE, REFUSED, VOID = STATES = ("pending", "complete", "refused", "void")


@dataclass(frozen=True)
class Signer:
    """``order``: the place, lower first; ``authorised``: whether this person may bind the party."""

    key: str
    order: int
    authorised: bool = True


@dataclass(frozen=True)
class Signature:
    """What ``signer`` did at an instant, over the document with ``document_hash``; ``refused``: the reason given
    instead of a signature."""

    signer: str
    at: datetime
    document_hash: str
    refused: str = ""


@dataclass(frozen=True)
class SigningRound:
    """``state``: pending, complete, refused or void; ``may_sign``: whose turn it is; ``completed_at``: the
    instant of the last signature; ``flags``: what legal should look at."""

    state: str
    may_sign: tuple
    completed_at: datetime | None
    flags: tuple
    steps: tuple = field(repr=False)


def signing_round(signers, signatures, sent_hash, current_hash, starts_at=None):
    """The `SigningRound` of the document sent as ``sent_hash``, whose text hashes to ``current_hash`` today.

    ``starts_at``: the instant the contract begins, to flag a signature after it.
    """
    given = _given(signers, signatures, sent_hash)
    steps = [Step("signed", f"{one.signer} at {one.at.isoformat()}", one.at) for one in given.values()]
    refused = [one for one in given.values() if one.refused]
    waiting = [signer for signer in signers if signer.key not in given]
    if refused:
        state = REFUSED
        steps.append(Step("refused", f"{refused[0].signer}: {refused[0].refused}", refused[0].at))
    elif waiting and sent_hash != current_hash:
        state = VOID
        steps.append(Step("void", "the text was changed after it was sent: send it again", current_hash))
    else:
        state = PENDING if waiting else COMPLETE
    turn = min((signer.order for signer in waiting), default=None)
    due = tuple(signer.key for signer in waiting if signer.order == turn) if state == PENDING else ()
    completed = max((one.at for one in given.values()), default=None) if state == COMPLETE else None
    flags = ()
    if completed is not None and starts_at is not None and completed > starts_at:
        flags = (f"signed on {completed:%Y-%m-%d}, after it began on {starts_at:%Y-%m-%d}",)
    return SigningRound(state, due, completed, flags, tuple(steps))


def may_sign(signers, signatures, sent_hash, current_hash, key):
    """Why ``key`` may not sign now, in a sentence; None: may sign."""
    signer = next((one for one in signers if one.key == key), None)
    if signer is None:
        return f"{key} is not among the signers"
    if not signer.authorised:
        return f"{key} has no authority to sign for the party: name somebody who has"
    state = signing_round(signers, signatures, sent_hash, current_hash)
    if key in _given(signers, signatures, sent_hash):
        return f"{key} has answered already"
    if state.state == REFUSED:
        return "the document was refused: change it and send it again"
    if state.state == VOID:
        return "the text was changed after it was sent: it must be sent again"
    if key not in state.may_sign:
        return f"it is not the turn of {key}: first come {' and '.join(state.may_sign)}"
    return None


def _given(signers, signatures, sent_hash):
    """{signer: the first answer over the document sent} of those who may bind; others and doubles do not count."""
    asked, given = {signer.key for signer in signers if signer.authorised}, {}
    for one in sorted(signatures, key=lambda one: one.at):
        if one.signer in asked and one.document_hash == sent_hash:
            given.setdefault(one.signer, one)
    return given
