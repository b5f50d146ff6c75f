"""What a verdict says: who pays which part of each item, why, and what is left; and its fixed words.

>>> share = Share("customer", "", CUSTOMER, Decimal(20), Decimal("2.00"))
>>> seal = ItemVerdict("seal", "parts", False, Decimal(0), "customer", "no cover", OTHER_ASSET, (share,))
>>> Verdict((seal,), ()).covered
False
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

CUSTOMER = "customer"  # who pays what no cover pays
# Why a cover does not pay, the later the closer it came.
(
    OTHER_ASSET, OTHER_CAUSE, NO_BENEFIT, REPLACED, NO_DATE, NOT_BEGUN, ENDED, EXHAUSTED, VOIDED, TRANSFERRED, EXCLUDED,
    USED_UP,
) = OBSTACLES = (
    "other_asset", "other_cause", "no_benefit", "replaced", "no_date", "not_begun", "ended", "exhausted", "void",
    "transferred", "excluded", "used_up",
)  # fmt: skip
# Why a cover comes before the next one; the first in which two differ decides.
ONLY, BY_KIND, BY_PRIORITY, BY_SCOPE, BY_END, BY_KEY = CRITERIA = ("only", "kind", "priority", "scope", "end", "key")

# Labels of steps, in the order in which they come.
FAILURE, COVER, METER, OBSTACLE, ORDER, PAYS, CUT, CUSTOMER_PAYS, RECOVERS, LEFT = LABELS = (
    "failure", "cover", "meter", "does not pay", "order", "pays", "cut", "customer", "recovers", "left",
)  # fmt: skip


class Obstacle(NamedTuple):
    """Why a cover does not pay for an item: a word of OBSTACLES, and a sentence without the cover's name."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Share:
    """A payer's part of an item. ``payer``: who it is by name, else the kind of its cover, or "customer"; ``cover``:
    its key. The percentages of an item's shares sum to 100, the amounts to the item's (None where that is)."""

    payer: str
    cover: str
    kind: str
    percent: Decimal
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """``covered``: whether any cover pays; ``percent``: how much all of them do. ``payer``: who pays first. ``rule``:
    the word that decided, of CRITERIA where it is covered, else of OBSTACLES; ``reason``: the same in words.
    ``shares``: all payers in their order, the customer's rest last. ``obstacles``: ((cover, `Obstacle`), ...)."""

    key: str
    kind: str
    covered: bool
    percent: Decimal
    payer: str
    reason: str
    rule: str
    shares: tuple
    obstacles: tuple = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What the supplier behind ``cover`` refunds us of an item; ``amount`` None where the cost is not known."""

    item: str
    cover: str
    payer: str
    percent: Decimal
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Balance:
    """Of a cover that could pay: ``paid``: {kind: amount} by this verdict; ``quota_used`` by it and ``quota_left``
    after it (Fractions where they have no end), ``cap_left`` of the cap of all kinds; None: it has none."""

    cover: str
    paid: dict
    quota_used: Decimal | None = None
    quota_left: Decimal | None = None
    cap_left: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """``items``: an `ItemVerdict` for each, in their order. ``balances``: a `Balance` of each cover that could pay;
    ``recoveries``: what suppliers refund us beside it. ``warnings``: sentences on facts to be looked at. ``steps``
    say how."""

    items: tuple
    steps: tuple = field(repr=False)
    balances: tuple = ()
    recoveries: tuple = ()
    warnings: tuple = ()

    @property
    def covered(self):
        """Whether any item is covered."""
        return any(item.covered for item in self.items)

    def __getitem__(self, key):
        """The `ItemVerdict` of the item with that key."""
        return next(item for item in self.items if item.key == key)
