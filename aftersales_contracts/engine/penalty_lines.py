"""Lines of a penalty on their way: exact amounts first, then whole units of the currency's rounding."""

from dataclasses import dataclass, field

from .money import in_money
from .penalty_cost import NOTHING
from .penalty_terms import PenaltyLine


@dataclass(slots=True)
class Draft:
    """A line whose amount is exact still."""

    component: str
    kind: str
    detail: str
    amount: object
    count: int = 0
    figure: object = None


@dataclass(slots=True)
class Settled:
    """Amounts in units of the currency's rounding. ``lines``: [(draft, units)]; ``cut``: did a cap cut something?"""

    paid: int = 0
    lines: list = field(default_factory=list)
    carried: int = 0
    returned: int = 0
    bonus: int = 0
    earned: tuple = ()
    cut: bool = False

    def add(self, kind, detail, units, component=""):
        self.lines.append((Draft(component, kind, detail, None), units))


def total_of(drafts):
    """The exact sum of their amounts."""
    amounts = [draft.amount for draft in drafts]
    return amounts[0] if len(amounts) == 1 else sum(amounts, NOTHING)


def lines_of(result, unit):
    """The `PenaltyLine`s of a `Settled`."""
    return tuple(
        PenaltyLine(draft.component, draft.kind, draft.detail, in_money(units, unit), draft.count, draft.figure)
        for draft, units in result.lines)
