"""The lifecycle of a contract as one table: buttons, remote calls and scheduled actions read it.

A contract is drafted, reviewed, approved and signed before it is in force. Notice outranks suspension: a
suspended contract under notice shows "notice" and its suspension is a dated fact beside it; but while a
suspension runs no move leads to "active". What the table does not hold is refused, with what to do instead.

>>> move("signed", "activate"), move("notice", "withdraw_notice", suspended=True)
('active', 'suspended')
>>> move("draft", "sign")
Traceback (most recent call last):
    ...
engine.errors.RefusedTransition: contract: 'draft' cannot be signed: have it approved first (submit, approve)
"""

from .days import require_choice
from .errors import RefusedTransition

STATES = (
    "draft",
    "review",
    "approved",
    "signed",
    "active",
    "suspended",
    "notice",
    "expired",
    "terminated",
)
LIVE = ("active", "suspended", "notice")
ENDED = ("expired", "terminated")

TRANSITIONS = {
    ("draft", "submit"): "review",
    ("review", "reject"): "draft",
    ("review", "approve"): "approved",
    ("approved", "reset"): "draft",
    ("approved", "sign"): "signed",
    ("signed", "activate"): "active",
    ("signed", "terminate"): "terminated",
    ("active", "suspend"): "suspended",
    ("active", "give_notice"): "notice",
    ("active", "renew"): "active",
    ("active", "expire"): "expired",
    ("active", "terminate"): "terminated",
    ("suspended", "resume"): "active",
    ("suspended", "give_notice"): "notice",
    ("suspended", "renew"): "suspended",
    ("suspended", "expire"): "expired",
    ("suspended", "terminate"): "terminated",
    ("notice", "suspend"): "notice",
    ("notice", "resume"): "notice",
    ("notice", "withdraw_notice"): "active",
    ("notice", "expire"): "expired",
    ("notice", "terminate"): "terminated",
    ("expired", "renew"): "active",
}

# (what was refused, what to do instead) by action.
_REMEDIES = {
    "submit": ("submitted for review", "only a draft is submitted; reset an approved contract to draft first"),
    "approve": ("approved", "only a contract in review is approved: submit the draft first"),
    "reject": ("rejected", "only a contract in review is rejected"),
    "reset": ("reset to draft", "only an approved contract is reset; one in review is rejected"),
    "sign": ("signed", "have it approved first (submit, approve)"),
    "activate": ("activated", "have it approved and signed first"),
    "suspend": ("suspended", "only a contract in force, not suspended already, is suspended"),
    "resume": ("resumed", "it is not suspended"),
    "give_notice": ("put under notice", "notice is given once, on a contract in force"),
    "withdraw_notice": ("taken out of notice", "no notice is running"),
    "renew": ("renewed", "only a contract in force or just expired is renewed"),
    "expire": ("expired", "only a contract in force runs out"),
    "terminate": ("terminated", "nothing binds yet: reject or reset it and keep the draft, or delete it"),
}
ACTIONS = tuple(_REMEDIES)
_FIXED_TEXT = frozenset({"submit", "approve", "reject", "reset", "sign", "activate"})

# What a contract's fields are about; a form maps each of its fields to one group.
GROUPS = frozenset({"identity", "parties", "term", "prices", "scope", "promises", "clauses", "assets", "desk"})
_PAPER = GROUPS - {"assets", "desk"}
_LOCKED = {
    "draft": frozenset(),
    # What is read, approved and signed must not change meanwhile, the list of assets included.
    "review": GROUPS - {"desk"},
    "approved": GROUPS - {"desk"},
    "signed": GROUPS - {"desk"},
    # In force assets come and go, each with its dates; the paper changes by an amendment only.
    "active": _PAPER,
    "suspended": _PAPER,
    "notice": _PAPER,
    "expired": GROUPS - {"desk"},
    "terminated": GROUPS - {"desk"},
}


def actions(state):
    """The set of actions possible in ``state``."""
    require_choice(state, "state", STATES)
    return {action for source, action in TRANSITIONS if source == state}


def move(state, action, suspended=False):
    """The state after ``action``; ``suspended``: a suspension runs on that day (say so after a resume: False).

    Raises `BadOption` for an unknown word and `RefusedTransition` with a sentence for the user.
    """
    require_choice(state, "state", STATES)
    require_choice(action, "action", ACTIONS)
    target = TRANSITIONS.get((state, action))
    if target is None:
        raise RefusedTransition("contract", state, refusal(state, action))
    return "suspended" if suspended and target == "active" else target


def refusal(state, action):
    """Why ``action`` is refused in ``state`` and what to do, in a sentence; None where it is possible."""
    if action in actions(state):
        return None
    done, remedy = _REMEDIES[require_choice(action, "action", ACTIONS)]
    if state == "terminated":
        remedy = "it has ended for good, copy it to a new contract"
    elif state == "expired" and action != "reject":
        remedy = "it has ended: renew it, or copy it to a new contract"
    elif state == "notice" and action == "renew":
        remedy = "notice was given, withdraw it first"
    elif state in LIVE and action in _FIXED_TEXT:
        remedy = "it is in force, make an amendment"
    elif state == "signed" and action in _FIXED_TEXT:
        remedy = "it is signed: activate it, or terminate it and copy it to a new draft"
    return f"cannot be {done}: {remedy}"


def locked_fields(state):
    """The groups of fields (of `GROUPS`) that nobody may write in ``state``."""
    return _LOCKED[require_choice(state, "state", STATES)]
