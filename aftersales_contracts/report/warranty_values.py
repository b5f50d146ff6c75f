"""What a warranty certificate says: plain values, no records, no clock, no translation.

As in ``values.py`` every text is in the reader's language, every date and amount already formatted; "" means "not
known" and leaves its line or cell empty. The same values and fonts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .values import Company, Customer, NumberFormat, Period, Worded


@dataclass(frozen=True)
class BenefitRow:
    """What a cover pays for one kind of item. ``share``: "100%"; ``term``: "24 months"; ``until``: the last day, by
    date only; ``limits``: of use and of money, a sentence each."""

    name: str
    share: str = ""
    term: str = ""
    until: str = ""
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class CoverRow:
    """One cover. ``policy``: reference and version; ``first``, ``last``: its days; ``state``: in words; ``sentences``:
    transfer, replacement, start and quota in words; ``exclusions``: what is not paid, a sentence each; ``voids``: from
    when and why it is void."""

    number: str
    title: str
    kind: str = ""
    policy: str = ""
    state: str = ""
    first: str = ""
    last: str = ""
    benefits: tuple[BenefitRow, ...] = ()
    sentences: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WarrantyValues(Worded):
    """All of one certificate.

    ``machine``: product and serial in one line; ``facts``: ((caption in English, value), ...) beside the owner;
    ``result``: what holds in one sentence, ``more``: in short ones; ``components``: of a kit, one a line;
    ``verification``: the number by which the issuer finds it again; ``inputs_hash``: SHA-256 of all that is printed,
    64 hex digits; ``draft``: not issued, marked on every page.
    """

    number: str
    title: str
    company: Company
    customer: Customer
    machine: str
    result: str
    more: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    covers: tuple[CoverRow, ...] = ()
    components: tuple[str, ...] = ()
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
        return Period(self.machine, "", "", "")
