"""What a letter to a supplier says: plain values, no records, no clock, no translation; texts as in ``values.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .values import Company, Customer, NumberFormat, Period, Worded


@dataclass(frozen=True)
class RecoveryRow:
    """One recovery. ``claim``: our claim and its failure day; ``part``: what failed; ``machine``: product and serial;
    ``cause``: in words; ``cost``, ``amount``: formatted without the currency; ``wanted``: the part is sent to the
    supplier, in words."""

    number: str
    claim: str
    part: str
    machine: str = ""
    cause: str = ""
    cost: str = ""
    amount: str = ""
    wanted: str = ""


@dataclass(frozen=True, kw_only=True)
class RecoveryLetterValues(Worded):
    """All of one letter. ``result``: what we ask for in one sentence, ``more``: in short ones; ``facts``: ((caption in
    English, value), ...); ``following``: what the supplier is to do, a sentence each."""

    number: str
    title: str
    company: Company
    customer: Customer
    result: str
    more: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    rows: tuple[RecoveryRow, ...] = ()
    total: str = ""
    currency: str = ""
    following: tuple[str, ...] = ()
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
        return Period(self.number, "", "", "")
