"""What a compliance statement says: plain values, no records, no clock, no translation.

Every text arrives in the customer's language and every date already formatted in the zone of the
period, so that drawing the same values gives the same bytes on every day. Rates and objectives are
Decimal percents (``Decimal("97.5")`` is 97.5 %), never fractions; ``None`` means "nothing was due",
which prints as "n/a" and is neither 0 nor 100. Empty strings mean "not known": their line is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

DEFAULT_COLOUR = "#714B67"


@dataclass(frozen=True)
class Company:
    """Who issues the statement. ``logo``: PNG, JPEG or GIF bytes; ``colour``: the one accent, "#rrggbb"."""

    name: str
    address: tuple[str, ...] = ()
    vat: str = ""
    logo: bytes | None = None
    colour: str = DEFAULT_COLOUR


@dataclass(frozen=True)
class Customer:
    """Who receives it. ``reference``: the customer's own number for us or for the contract."""

    name: str
    address: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True)
class Contract:
    """``start``, ``end``: formatted dates; ``tiers``: support tiers as words ("L1, L2")."""

    number: str
    title: str = ""
    start: str = ""
    end: str = ""
    service_mode: str = ""
    tiers: str = ""
    account_manager: str = ""


@dataclass(frozen=True)
class Period:
    """``label``: "March 2026"; ``start``, ``end``: formatted instants or dates; ``zone``: IANA name they are in."""

    label: str
    start: str
    end: str
    zone: str


@dataclass(frozen=True)
class NumberFormat:
    """How the customer's language writes figures; ``percent`` holds one ``{}`` for the number."""

    decimal_point: str = "."
    thousands_separator: str = ","
    percent: str = "{}%"


@dataclass(frozen=True)
class TargetRow:
    """One SLA target over the period. ``duration``: the allowed working time in words ("4 h").

    ``due`` counts the promises decided in the period; ``running`` those still open at its end.
    ``attained`` is met / (met + breached) in percent, excused apart; None where nothing was due.
    """

    name: str
    metric: str = ""
    tier: str = ""
    priority: str = ""
    duration: str = ""
    objective: Decimal | None = None
    due: int = 0
    met: int = 0
    breached: int = 0
    excused: int = 0
    running: int = 0
    attained: Decimal | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the objective was reached; None where there was nothing to compare."""
        if self.attained is None or self.objective is None:
            return None
        return self.attained >= self.objective


@dataclass(frozen=True)
class Totals:
    """The sum over all targets; ``attained`` over all of them together, None where nothing was due."""

    due: int = 0
    met: int = 0
    breached: int = 0
    excused: int = 0
    running: int = 0
    attained: Decimal | None = None


@dataclass(frozen=True)
class TrendPoint:
    """One period of the chart, oldest first; ``rate`` None draws a gap marked "n/a"."""

    label: str
    rate: Decimal | None
    objective: Decimal | None = None


@dataclass(frozen=True)
class BreachRow:
    """One breach. ``stopped`` None: still open; ``late_by``: working time in words ("1 h 25 min").

    ``intervals``: the counted working intervals in words, in order, one string each.
    ``reason``, ``evidence`` and ``approver`` belong to an excused breach.
    """

    request: str
    title: str
    target: str
    started: str
    due: str
    stopped: str | None
    late_by: str
    intervals: tuple[str, ...] = ()
    excused: bool = False
    reason: str = ""
    evidence: str = ""
    approver: str = ""


class Worded:
    """What has ``labels``: English source string -> the reader's words, a missing one falls back to English."""

    labels: Mapping[str, str]

    def label(self, source: str) -> str:
        """The customer's words for a fixed English text."""
        return self.labels.get(source) or source

    def phrase(self, source: str, **values: object) -> str:
        """A fixed text with its named placeholders filled; a translation that spoils one gives the English."""
        try:
            return self.label(source) % values
        except (KeyError, TypeError, ValueError):
            return source % values


@dataclass(frozen=True)
class StatementValues(Worded):
    """All of one compliance statement.

    ``language``: Odoo or BCP 47 code ("da_DK", "zh-CN"); ``labels``: English source string of
    ``labels.LABELS`` -> translation, a missing one falls back to English; ``issued``: formatted date;
    ``paper``: "A4", "Letter" or (width, height) in points; ``inputs_hash``: SHA-256 of the inputs as
    64 hex digits; ``draft``: a preview, marked as such on every page; ``corrections``: late facts of
    closed periods, one string each.
    """

    number: str
    title: str
    company: Company
    customer: Customer
    contract: Contract
    period: Period
    targets: tuple[TargetRow, ...]
    totals: Totals
    inputs_hash: str
    language: str = "en_US"
    labels: Mapping[str, str] = field(default_factory=dict)
    numbers: NumberFormat = NumberFormat()
    issued: str = ""
    trend: tuple[TrendPoint, ...] = ()
    breaches: tuple[BreachRow, ...] = ()
    notes: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    paper: str | tuple[float, float] = "A4"
    draft: bool = False
