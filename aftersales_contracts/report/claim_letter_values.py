"""What a claim decision letter says: plain values, no records, no clock, no translation; texts as in ``values.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .values import Company, Customer, NumberFormat, Period, Worded


@dataclass(frozen=True)
class DecisionRow:
    """One item of the claim. ``about``: its kind and quantity; ``decision``: in words; ``refused``: marked in the
    table; ``reason``: the rule or what a person wrote; ``payers``: "Warranty 80%, you 20%"; ``figures``: one text for
    each of the letter's ``columns``."""

    name: str
    about: str = ""
    decision: str = ""
    refused: bool = False
    reason: str = ""
    payers: str = ""
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReturnRow:
    """A part that must come back to us. ``until``: the day; ``state``: where it is, in words."""

    name: str
    serial: str = ""
    until: str = ""
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class ClaimLetterValues(Worded):
    """All of one letter.

    ``claim``: its number, which stands under the title; ``facts``: ((caption in English, value), ...) beside the
    addressee; ``result``: the decision in one sentence, ``more``: in short ones; ``columns``: captions in English of
    the figures, ``totals``: one text for each; ``following``: what happens now; ``objection``: how to object, a
    sentence each; ``inputs_hash``: SHA-256 of all that is printed, 64 hex digits.
    """

    number: str
    title: str
    company: Company
    customer: Customer
    claim: str
    result: str
    more: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    lines: tuple[DecisionRow, ...] = ()
    totals: tuple[str, ...] = ()
    currency: str = ""
    returns: tuple[ReturnRow, ...] = ()
    following: tuple[str, ...] = ()
    objection: tuple[str, ...] = ()
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
        return Period(self.claim, "", "", "")
