"""One thing that the lint says about a clause."""

from typing import NamedTuple


class Finding(NamedTuple):
    """``code``: a fixed word; ``component``: its key, empty for the clause; ``blocks``: such a clause must not bind
    anybody, the others are warnings."""

    code: str
    component: str
    sentence: str
    blocks: bool
