"""The lifecycle of a contract as one table: buttons, remote calls and scheduled actions read it, nothing else decides.

>>> move("draft", "activate")
'active'
>>> sorted(actions("active"))
['expire', 'suspend', 'terminate']
"""

from .errors import EngineError

TRANSITIONS = {
    ("draft", "activate"): "active",
    ("active", "suspend"): "suspended",
    ("suspended", "resume"): "active",
    ("active", "expire"): "expired",
    ("suspended", "expire"): "expired",
    ("active", "terminate"): "terminated",
    ("suspended", "terminate"): "terminated",
}

LIVE = ("active", "suspended")


class ForbiddenTransition(EngineError):
    """The action is not possible in this state; ``value`` is the (state, action) pair."""


def actions(state):
    """The set of actions that are possible in ``state``."""
    return {action for (source, action) in TRANSITIONS if source == state}


def move(state, action):
    """The state after ``action``. Raises ForbiddenTransition, which names state, action and what is possible."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        possible = ", ".join(sorted(actions(state))) or "nothing"
        raise ForbiddenTransition(
            "state", (state, action), f"is not a possible move; from {state} it can: {possible}"
        ) from None
