"""What a credit statement or penalty notice says: plain values, no records, no clock, no translation.

As in ``values.py`` every text is in the reader's language, every date and amount already formatted; "" means "not
known" and leaves its line or cell empty. What stands here is all that is drawn: the same values and fonts give the
same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .values import Company, Contract, Customer, NumberFormat, Period, Worded

CREDIT, NOTICE = KINDS = ("credit", "notice")  # to a customer; to a provider or dealer
# What the amount is: owed by who draws the document up, claimed from who receives it, a bonus either way, an earlier
# credit that is charged back, an earlier penalty that is returned, nothing.
CREDITED, CLAIMED, BONUS_CHARGED, BONUS_EARNED, CHARGED_BACK, RETURNED, NOTHING = RESULTS = (
    "credited", "claimed", "bonus_charged", "bonus_earned", "charged_back", "returned", "nothing")


@dataclass(frozen=True)
class MeasuredRow:
    """One measure of a clause. ``promised``: the figure agreed; ``measured``: the figure reached, "" where nothing was
    measured; ``counted``: failures that cost something; ``excused``: failures that do not; ``rule``: what missing it
    costs, in words."""

    name: str
    rule: str = ""
    promised: str = ""
    measured: str = ""
    counted: int = 0
    excused: int = 0


@dataclass(frozen=True)
class StepRow:
    """One step of the reckoning, in the order of evaluation. ``measure``: the one it is about; ``result``: a number or
    the amount so far; ``cut``: a cap reduced the amount here, which is marked."""

    name: str
    detail: str = ""
    result: str = ""
    measure: str = ""
    cut: bool = False


@dataclass(frozen=True)
class AmountRow:
    """What one measure or one rule of the clause adds to the amount: these sum to the total."""

    name: str
    detail: str = ""
    amount: str = ""


@dataclass(frozen=True)
class FailureRow:
    """One failure. ``reference``: the number of the request or breach; ``measure``: whose failure it is;
    ``late_by``: working time beyond the promise, in words; ``severity``: in words; ``reason``: why it is excused, ""
    for one that counts."""

    reference: str
    title: str = ""
    measure: str = ""
    due: str = ""
    done: str = ""
    late_by: str = ""
    severity: str = ""
    count: int = 1
    amount: str = ""
    excused: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Reckoning:
    """What one clause comes to. ``reference``: clause and version ("PC/00007, version 2"); ``number``: of the penalty;
    ``legal``: the clause of the contract it rests on; ``fee``, ``value``: what percentages are of; ``promised``: the
    clause in sentences; ``total``: the reckoned amount; ``waived``, ``amount``: what was let off, as it is added
    ("-200.00"), and what is left;
    ``waiver``: why and who agreed; ``notes``: carried amounts, what was not measured, which penalty it corrects;
    ``inputs_hash``: SHA-256 of its own inputs. Amounts without a currency are in that of the document."""

    number: str
    title: str
    reference: str
    legal: str = ""
    fee: str = ""
    value: str = ""
    promised: tuple[str, ...] = ()
    measured: tuple[MeasuredRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    amounts: tuple[AmountRow, ...] = ()
    failures: tuple[FailureRow, ...] = ()
    total: str = ""
    uncapped: str = ""
    waived: str = ""
    waiver: str = ""
    amount: str = ""
    notes: tuple[str, ...] = ()
    inputs_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class PenaltyValues(Worded):
    """All of one document.

    ``kind``: one of `KINDS`; ``result``: one of `RESULTS`; ``amount``: formatted with its currency, without a sign;
    ``total``, ``waived``, ``due``: over all clauses, as they add up in the summary; ``waiver``: what was waived with
    its currency, "" where nothing was; ``uncapped``: "" where no cap cut; ``moves``: numbers and days of the entries
    that settle it; ``settlement``: payment and objection in sentences; ``inputs_hash``: SHA-256 of all that is
    printed, 64 hex digits; ``draft``: not posted yet, marked on every page.
    """

    number: str
    title: str
    kind: str
    result: str
    company: Company
    customer: Customer
    contract: Contract
    period: Period
    reckonings: tuple[Reckoning, ...]
    amount: str
    total: str = ""
    waived: str = ""
    due: str = ""
    waiver: str = ""
    uncapped: str = ""
    currency: str = ""
    statement: str = ""
    moves: str = ""
    settlement: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    inputs_hash: str = ""
    language: str = "en_US"
    labels: Mapping[str, str] = field(default_factory=dict)
    numbers: NumberFormat = NumberFormat()
    issued: str = ""
    paper: str | tuple[float, float] = "A4"
    draft: bool = False

    def failures(self, excused: bool) -> int:
        """How many failures are listed as excused, or as counted; one that several clauses list counts once."""
        listed = (row for one in self.reckonings for row in one.failures if row.excused == excused)
        return sum({(row.reference, row.due, row.done): row.count for row in listed}.values())
