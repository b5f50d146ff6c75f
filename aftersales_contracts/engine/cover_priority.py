"""Which of several covers pays for a request: one rule, applied in order, with the deciding reason in words.

1. what is free before what uses up a quota: recall, warranty, extended warranty, contract, goodwill;
2. the lower priority number agreed; 3. the more specific: for the asset, for its product, for the contract;
4. what ends first; 5. the key, so that the answer never depends on the order of the records.
A cover out of its days, or without balance left, does not take part.

>>> covers = [Cover("C-1", "contract", date(2026, 1, 1), None, balance=3),
...           Cover("W-1", "warranty", date(2026, 1, 1), None)]
>>> choice = choose(covers, date(2026, 6, 1))
>>> choice.cover.key, choice.reason
('W-1', 'W-1 before C-1: warranty comes before contract')
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .days import require_choice
from .explanation import Step

KINDS = ("recall", "warranty", "extended", "contract", "goodwill")
SPECIFICITY = ("asset", "product", "contract")
CRITERIA = ("kind", "priority", "specificity", "end", "key")  # in the order in which they decide


@dataclass(frozen=True)
class Cover:
    """In force in ``[start, end)`` (None: open); ``priority``: lower first; ``balance``: what is left of its
    quota, None: it has none."""

    key: str
    kind: str
    start: date
    end: date | None
    priority: int = 10
    applies_to: str = "contract"
    balance: Decimal | None = None

    def __post_init__(self):
        require_choice(self.kind, "kind", KINDS)
        require_choice(self.applies_to, "applies_to", SPECIFICITY)


@dataclass(frozen=True)
class Choice:
    """``cover``: which pays, or None; ``reason``: a sentence; ``order``: all that could pay, best first;
    ``criterion``: which of `CRITERIA` decided, "only" where there was but one cover, None without any."""

    cover: Cover | None
    reason: str
    order: tuple
    steps: tuple = field(repr=False)
    criterion: str | None = None


def _rank(cover):
    return (
        KINDS.index(cover.kind),
        cover.priority,
        SPECIFICITY.index(cover.applies_to),
        cover.end or date.max,
        cover.key,
    )


def choose(covers, on):
    """The `Choice` among ``covers`` on the day ``on``."""
    excluded = {cover.key: _obstacle(cover, on) for cover in covers}
    order = tuple(sorted((cover for cover in covers if not excluded[cover.key]), key=_rank))
    steps = [Step("excluded", f"{key}: {why}", key) for key, why in sorted(excluded.items()) if why]
    if not order:
        criterion, reason = None, "no cover is in force with anything left"
    elif len(order) == 1:
        criterion, reason = "only", f"{order[0].key} is the only cover in force"
    else:
        criterion, reason = _deciding(order[0], order[1])
    steps += [Step("order", cover.key, place) for place, cover in enumerate(order, 1)]
    steps.append(Step("reason", reason, len(order)))
    return Choice(order[0] if order else None, reason, order, tuple(steps), criterion)


def _obstacle(cover, on):
    if on < cover.start:
        return f"begins on {cover.start}"
    if cover.end is not None and on >= cover.end:
        return f"ended before {cover.end}"
    return "nothing left" if cover.balance is not None and cover.balance <= 0 else None


def _deciding(first, second):
    """(criterion, sentence): the first criterion in which ``first`` and ``second`` differ."""
    place = next(place for place, (a, b) in enumerate(zip(_rank(first), _rank(second), strict=True)) if a != b)
    why = (
        f"{first.kind} comes before {second.kind}",
        f"priority {first.priority} comes before priority {second.priority}",
        f"it is for the {first.applies_to}, the other for the {second.applies_to}",
        f"it ends first, on {first.end}",
        "all else is equal, by key",
    )[place]
    return CRITERIA[place], f"{first.key} before {second.key}: {why}"
