"""What a dealer is reimbursed for one line of a warranty claim, and how that came about.

>>> from decimal import Decimal
>>> work = Work("labour", hours=Decimal(3), part=Decimal(1), standard_met=True)
>>> amount, steps = reimburse(Rate("hour", Decimal(40), Decimal(45)), work, Decimal("0.01"))
>>> amount
Decimal('135.00')
>>> for step in steps:
...     print(f"{step.label}: {step.detail} = {step.value}")
rate: 45 for 3 hours, standard met = 135.00
reimbursed: to the dealer = 135.00
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .days import require_choice
from .errors import BadAmount
from .explanation import Step
from .money import exact, round_money

HOUR, KM, VISIT, COST_PERCENT, LIST_PERCENT, AMOUNT = BASES = (
    "hour", "km", "visit", "cost_percent", "list_percent", "amount")
PERCENTAGES = frozenset({COST_PERCENT, LIST_PERCENT})
RATE, PART, GOODWILL, REIMBURSED = LABELS = ("rate", "approved part", "goodwill", "reimbursed")


@dataclass(frozen=True)
class Rate:
    """``value``: a sum, or percent. ``met``: counts instead where the work kept the labour standard; None: one rate."""

    basis: str
    value: Decimal
    met: Decimal | None = None

    def __post_init__(self):
        require_choice(self.basis, "basis of a reimbursement rate", BASES)
        for name in ("value", "met"):
            if getattr(self, name) is not None and exact(getattr(self, name), name) < 0:
                raise BadAmount(name, str(getattr(self, name)), "is below zero")


@dataclass(frozen=True)
class Work:
    """One line of a claim. ``hours``, ``quantity`` (pieces, km): as claimed; ``cost``, ``price``: of the whole line in
    the currency of the rate (None: not known). ``part``: the approved part of it, from 0 to 1, exact. ``standard_met``:
    None where there is no standard. ``borne``: what the dealer bears of it by agreed goodwill."""

    kind: str
    hours: Decimal = Decimal(0)
    quantity: Decimal = Decimal(1)
    cost: Decimal | None = None
    price: Decimal | None = None
    part: Decimal | Fraction = Decimal(1)
    standard_met: bool | None = None
    borne: Decimal = Decimal(0)


def reimburse(rate, work, unit):
    """(amount, [`Step`]): the amount is a multiple of ``unit`` and never below zero. BadAmount names what is not
    known, or a part that is none."""
    part = exact(work.part, "approved part")
    if not 0 <= part <= 1:
        raise BadAmount("approved part", str(work.part), "is not a part: a number from 0 to 1 is needed")
    value = rate.met if rate.met is not None and work.standard_met else rate.value
    exactly, told = _earned(rate.basis, value, work)
    if rate.met is not None:
        told += ", standard met" if work.standard_met else (
            ", without a standard" if work.standard_met is None else ", standard not met")
    steps = [Step(RATE, told, round_money(exactly, unit))]
    if part != 1:
        exactly *= part
        steps.append(Step(PART, f"{_plain(round_money(part * 100, Decimal('0.01')))} %", round_money(exactly, unit)))
    amount = round_money(exactly, unit)
    if work.borne:
        amount = max(Decimal(0) * unit, amount - round_money(work.borne, unit))
        steps.append(Step(GOODWILL, "borne by the dealer", -round_money(work.borne, unit)))
    steps.append(Step(REIMBURSED, "to the dealer", amount))
    return amount, steps


def _earned(basis, value, work):
    """(exact amount, sentence) of the whole line."""
    if basis == HOUR:
        return exact(value) * exact(work.hours, "hours"), f"{_plain(value)} for {_plain(work.hours)} hours"
    if basis == KM:
        return exact(value) * exact(work.quantity, "quantity"), f"{_plain(value)} for {_plain(work.quantity)} km"
    if basis in PERCENTAGES:
        of = work.cost if basis == COST_PERCENT else work.price
        word = "cost" if basis == COST_PERCENT else "list price"
        if of is None:
            raise BadAmount(word, "", "is not known, and the rate is a percentage of it")
        return exact(of, word) * exact(value) / 100, f"{_plain(value)} % of the {word} {_plain(of)}"
    return exact(value), f"{_plain(value)} for the {'visit' if basis == VISIT else 'line'}"


def _plain(number):
    """A number without needless zeros."""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
