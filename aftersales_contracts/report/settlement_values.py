"""What the statement of a dealer's settlement says: plain values, no records, no clock, no translation.

As in ``values.py`` every text is in the reader's language, every date and amount already formatted; "" means "not
known" and leaves its line or cell empty. Amounts are seen from the dealer: without a sign what the dealer receives,
with one what the dealer pays. What stands here is all that is drawn: the same values and fonts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .values import Company, Contract, Customer, NumberFormat, Period, Worded

RECEIVES, OWES, NOTHING = RESULTS = ("receives", "owes", "nothing")


@dataclass(frozen=True)
class LineRow:
    """One line of revenue. ``document``: the invoice; ``text``: what was sold; ``about``: customer and share in words;
    ``rate``: "" where several counted; ``mark``: a word in a dark box, such as "held"; ``notes``: of what it is a late
    change, what is missing, why it is held."""

    document: str
    day: str = ""
    text: str = ""
    about: str = ""
    base: str = ""
    rate: str = ""
    amount: str = ""
    mark: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """The lines of one kind, as the dealer thinks of them. ``count``, ``base``, ``amount``: of all of them; ``rows`` is
    empty where they are too many to be printed."""

    name: str
    rows: tuple[LineRow, ...] = ()
    count: int = 0
    base: str = ""
    amount: str = ""


@dataclass(frozen=True)
class SumRow:
    """One row of a sum: ``detail`` says how it came about. ``strong``: in bold."""

    name: str
    detail: str = ""
    amount: str = ""
    strong: bool = False


@dataclass(frozen=True)
class BracketRow:
    """One bracket. ``span``: from and below which volume; ``volume``: what of this period fell into it."""

    span: str
    rate: str = ""
    volume: str = ""
    share: str = ""


@dataclass(frozen=True)
class Brackets:
    """The brackets of one share. ``rule``: how they count, in a sentence; ``notes``: the volume before and after."""

    name: str
    rule: str = ""
    rows: tuple[BracketRow, ...] = ()
    volume: str = ""
    share: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepRow:
    """One step, in the order of evaluation. ``part``: the share that it is about."""

    name: str
    detail: str = ""
    result: str = ""
    part: str = ""


@dataclass(frozen=True)
class PenaltyRow:
    """A penalty that is set off. ``causes``: what was promised and missed, in sentences."""

    number: str
    text: str = ""
    period: str = ""
    causes: tuple[str, ...] = ()
    amount: str = ""


@dataclass(frozen=True)
class PayeeRow:
    name: str
    percent: str = ""
    amount: str = ""


@dataclass(frozen=True, kw_only=True)
class SettlementValues(Worded):
    """All of one statement.

    ``result``: one of `RESULTS`; ``amount``: what is paid now, with its currency and without a sign; ``held``,
    ``carried``: lines under dispute and what goes to the next period, with currency, "" where there are none;
    ``opening``: the balance of the period before; ``adjustments``: what comes to the shares, each a row; ``total``: of
    all lines; ``payment``: from the total to what is transferred, with taxes; ``agreed``: the rule in sentences;
    ``settlement``: payment and objection in sentences; ``inputs_hash``: SHA-256 of all that is printed; ``draft``: not
    sent yet, marked on every page.
    """

    number: str
    title: str
    result: str
    company: Company
    customer: Customer
    contract: Contract
    period: Period
    amount: str
    total: str
    rule: str = ""
    opening: str = ""
    groups: tuple[Group, ...] = ()
    adjustments: tuple[SumRow, ...] = ()
    brackets: tuple[Brackets, ...] = ()
    penalties: tuple[PenaltyRow, ...] = ()
    payment: tuple[SumRow, ...] = ()
    payees: tuple[PayeeRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    agreed: tuple[str, ...] = ()
    carried: str = ""
    held: str = ""
    currency: str = ""
    warnings: tuple[str, ...] = ()
    settlement: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    answer_until: str = ""
    inputs_hash: str = ""
    language: str = "en_US"
    labels: Mapping[str, str] = field(default_factory=dict)
    numbers: NumberFormat = NumberFormat()
    issued: str = ""
    paper: str | tuple[float, float] = "A4"
    draft: bool = False

    @property
    def lines(self) -> int:
        """How many lines of revenue it settles."""
        return sum(group.count for group in self.groups)
