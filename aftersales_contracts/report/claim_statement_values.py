"""What a dealer's statement of claims says: plain values, no records, no clock, no translation; texts as in
``values.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .values import Company, Customer, NumberFormat, Period, Worded


@dataclass(frozen=True)
class StatementLine:
    """One line of a claim. ``about``: kind and decision in words; ``figures``: claimed, approved, reimbursed; ``note``:
    why it is held, or what was changed."""

    name: str
    about: str = ""
    figures: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class StatementClaim:
    """One claim. ``title``: its number and the machine; ``about``: failure, state; ``totals``: as the figures of a
    line."""

    title: str
    about: tuple[str, ...] = ()
    lines: tuple[StatementLine, ...] = ()
    totals: tuple[str, ...] = ()


@dataclass(frozen=True)
class SumRow:
    """One row of the summary: what it is, how many, how much."""

    name: str
    count: str = ""
    amount: str = ""
    strong: bool = False


@dataclass(frozen=True)
class OutstandingRow:
    """A faulty part that has not come back. ``claim``: its number; ``until``: the last day; ``held``: what waits."""

    name: str
    claim: str = ""
    serial: str = ""
    until: str = ""
    held: str = ""


@dataclass(frozen=True, kw_only=True)
class ClaimStatementValues(Worded):
    """All of one statement. ``span``: the period in words; ``sums``: summary; ``outstanding``: part returns."""

    number: str
    title: str
    company: Company
    customer: Customer
    span: str
    result: str
    more: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    sums: tuple[SumRow, ...] = ()
    claims: tuple[StatementClaim, ...] = ()
    outstanding: tuple[OutstandingRow, ...] = ()
    notes: tuple[str, ...] = ()
    verification: str = ""
    inputs_hash: str = ""
    language: str = "en_US"
    labels: Mapping[str, str] = field(default_factory=dict)
    numbers: NumberFormat = NumberFormat()
    issued: str = ""
    paper: str | tuple[float, float] = "A4"
    draft: bool = False

    @property
    def period(self) -> Period:
        """What stands under the title."""
        return Period(self.span, "", "", "")
