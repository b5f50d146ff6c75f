"""What an agreement says on paper: plain values, no records, no clock, no translation.

Contract, non-disclosure agreement and signature certificate share them. As in ``values.py`` every text is in the
reader's language and every date and amount already formatted; "" means "not known" and leaves its line out. What
stands here is all that is drawn: the same values and fonts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .values import Company, NumberFormat, Worded

# A number of units: (12, "month"); units are day, business_day, week, month, quarter and year.
Span = tuple[int, str]


@dataclass(frozen=True)
class Party:
    """``role``: in the reader's words; ``signatories``: who signs for it, with their function."""

    name: str
    role: str = ""
    address: tuple[str, ...] = ()
    vat: str = ""
    reference: str = ""
    signatories: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClauseText:
    """``number``: as the contract numbers it ("3"); ``text``: a paragraph a line, as it was agreed."""

    number: str
    heading: str
    text: str


@dataclass(frozen=True)
class SignatureBlock:
    """Where one person signs. ``signed``: place and date, once signed; ``picture``: the drawn signature."""

    party: str
    name: str = ""
    function: str = ""
    signed: str = ""
    picture: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Agreement(Worded):
    """What every agreement has. ``kind``: its title in words ("Customer Service Contract"); ``title``: its own;
    ``version``: "2", or "" where there is one only; ``fingerprint``: SHA-256 of what was agreed, 64 hex digits, of
    which the foot of each page shows the beginning; ``draft``: not approved yet, marked on every page."""

    number: str
    kind: str
    title: str = ""
    version: str = ""
    company: Company
    parties: tuple[Party, ...] = ()
    clauses: tuple[ClauseText, ...] = ()
    annexes: tuple[str, ...] = ()
    signatures: tuple[SignatureBlock, ...] = ()
    fingerprint: str = ""
    language: str = "en_US"
    labels: Mapping[str, str] = field(default_factory=dict)
    numbers: NumberFormat = NumberFormat()
    paper: str | tuple[float, float] = "A4"
    draft: bool = False


# --- contract -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """``renewal``: kind of `engine.renewal`, "" where it is not said; ``every``: how long a renewed term is.

    ``notice``: the period, "" unit never; ``receipt``: received or sent; ``counted_from``: end or renewal;
    ``last_safe_day``: for the present term; ``amends``, ``effective``: of an amendment.
    """

    start: str
    end: str = ""
    renewal: str = ""
    every: Span | None = None
    maximum: int | None = None
    grace_days: int = 0
    not_renewed: bool = False
    notice: Span | None = None
    method: str = ""
    receipt: str = ""
    counted_from: str = "end"
    cut_off: str = ""
    last_safe_day: str = ""
    amends: str = ""
    effective: str = ""


@dataclass(frozen=True)
class ScopeRow:
    """One cell of the scope matrix, or several with the same executor."""

    service: str
    tier: str
    region: str
    executor: str


@dataclass(frozen=True)
class LevelRow:
    """An SLA target: ``within`` is working time in words, ``objective`` a percentage as agreed ("95%")."""

    name: str
    tier: str = ""
    priority: str = ""
    within: str = ""
    objective: str = ""
    pauses: bool = False


@dataclass(frozen=True)
class Schedule:
    """When working time runs: ``hours`` one line a group of days; ``around_the_clock``: always."""

    name: str
    zone: str
    hours: tuple[str, ...] = ()
    around_the_clock: bool = False


@dataclass(frozen=True)
class PromiseRow:
    """``amount``: what is promised, in words ("4 visits a year")."""

    name: str
    module: str = ""
    amount: str = ""
    note: str = ""


@dataclass(frozen=True)
class AssetRow:
    """A covered asset, on the days from ``start`` to ``end``."""

    serial: str
    product: str = ""
    owner: str = ""
    place: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class IndexRule:
    """How a price follows an index: ``method`` base or chained; ``base``: the index period of the price; bounds in
    percent as texts ("3%")."""

    series: str
    method: str
    base: str = ""
    cap: str = ""
    floor: str = ""
    cap_over_term: str = ""


@dataclass(frozen=True)
class PriceRow:
    """A line of the price sheet. ``price`` for each ``every``; ``proration``: the rule for parts of a period;
    ``taxes``: their names; ``yearly``: the line's amount for a year; ``post_paid``: billed after its period."""

    name: str
    quantity: str = ""
    price: str = ""
    every: Span | None = None
    yearly: str = ""
    taxes: str = ""
    start: str = ""
    end: str = ""
    proration: str = ""
    post_paid: bool | None = None
    fixed: bool = False
    increase: str = ""
    index: IndexRule | None = None


@dataclass(frozen=True)
class UsageRow(PriceRow):
    """A line that is charged by usage; ``tariff``: what it costs, in sentences. A row of its own, so that the
    fingerprint of a contract without usage stays as it is."""

    tariff: tuple[str, ...] = ()


@dataclass(frozen=True)
class PriceTotals:
    """Of a year, formatted with their currency; "" where they cannot be told."""

    untaxed: str = ""
    taxes: str = ""
    total: str = ""


@dataclass(frozen=True, kw_only=True)
class ContractValues(Agreement):
    """All of one contract. ``mode``: service mode in words; ``currency``: of all prices; ``penalties``: what missing
    a service level costs, ``shares``: what a dealer receives and pays, as clauses."""

    term: Term
    mode: str = ""
    scope: tuple[ScopeRow, ...] = ()
    levels: tuple[LevelRow, ...] = ()
    schedule: Schedule | None = None
    plan: str = ""
    promises: tuple[PromiseRow, ...] = ()
    assets: tuple[AssetRow, ...] = ()
    prices: tuple[PriceRow, ...] = ()
    totals: PriceTotals = PriceTotals()
    currency: str = ""
    penalties: tuple[ClauseText, ...] = ()
    shares: tuple[ClauseText, ...] = ()


# --- non-disclosure agreement ---------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NdaValues(Agreement):
    """All of one non-disclosure or data-processing agreement.

    ``form``: one_way, mutual or multi_party; ``discloser``: of a one-way one; ``purposes``, ``scopes``,
    ``persons``: empty means any; ``secret``: none, months or indefinite after the end, ``survival``: how long;
    ``return_duty``: return, destroy or both; ``subjects``, ``data``, ``subprocessors``: of a data-processing one;
    ``text``: the agreement's own text, a paragraph a line.
    """

    form: str = "mutual"
    discloser: str = ""
    purposes: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    secret: str = "indefinite"
    survival: Span | None = None
    return_duty: str = ""
    group_wide: bool = False
    data_processing: bool = False
    subjects: str = ""
    data: str = ""
    subprocessors: tuple[str, ...] = ()
    law: str = ""
    contract: str = ""
    text: str = ""


# --- certificate ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignerProof:
    """What is known of one signature. ``signed``: local time with its offset; ``digest``: SHA-256 of the PDF that
    this person signed; ``flags``: what legal should look at."""

    name: str
    person: str
    party: str
    function: str = ""
    email: str = ""
    signed: str = ""
    address: str = ""
    agent: str = ""
    digest: str = ""
    picture: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class CertificateValues(Worded):
    """The page added to a signed document. ``digest``: SHA-256 of the document as it was sent."""

    number: str
    kind: str
    title: str = ""
    company: Company
    file: str
    pages: int
    digest: str
    fingerprint: str
    sent: str = ""
    sender: str = ""
    completed: str = ""
    signers: tuple[SignerProof, ...] = ()
    flags: tuple[str, ...] = ()
    language: str = "en_US"
    labels: Mapping[str, str] = field(default_factory=dict)
    paper: str | tuple[float, float] = "A4"
    draft: bool = False
