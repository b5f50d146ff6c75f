"""What covers promise for a machine: the plain values that ``engine.warranty.coverage`` works on, beside the facts.

Percentages are Decimals (or ints) out of 100 with at most six decimals, amounts are Decimals of the currency in which
the items are. Days are dates; a cover is in force on its first and its last day, both whole, and ``end`` everywhere is
the first day on which it is over. Empty means all: a scope without products is for every product.

>>> policy = Policy("WP-1 v2", (Benefit("parts", Term(24)), Benefit("labour", Term(12), percent=Decimal(50))))
>>> Cover("W-1", WARRANTY, policy).rank, recall("R-1", Scope(batches=frozenset({"B7"})), date(2026, 3, 1)).rank
(20, 10)
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from .days import UNITS, require_choice, require_count, require_day
from .errors import BadAmount, BadPeriod, BadTerms
from .money import exact
from .warranty_serials import Scope

PARTS, LABOUR, TRAVEL = ITEM_KINDS = ("parts", "labour", "travel")
# Who pays first, unless a cover has a priority of its own.
RECALL, WARRANTY, EXTENDED, CONTRACT, SUPPLIER, GOODWILL = COVER_KINDS = (
    "recall", "warranty", "extended", "contract", "supplier", "goodwill",
)  # fmt: skip
PRIORITIES = {kind: 10 * place for place, kind in enumerate(COVER_KINDS, 1)}
# The days that a cover may begin on; receipt: the day on which we had it from the supplier.
DELIVERY, INSTALLATION, ACTIVATION, INVOICE, FIRST_USE, RECEIPT = TRIGGERS = (
    "delivery", "installation", "activation", "invoice", "first_use", "receipt",
)  # fmt: skip
FREE, CONSENT, NEVER = TRANSFERS = ("free", "consent", "never")  # to a new owner: always, if recorded, not at all
INHERIT, RESTART, LONGER = REPLACEMENTS = ("inherit", "restart", "longer")  # what a replacement gets
KEEP, RESET = RESALES = ("keep", "reset")  # after return and resale the first sale's days count on, or the new one's
OWN, KIT = KIT_RULES = ("own", "kit")  # a component counts from its own days, or from those of the kit
SINCE_START, TOTAL = METER_RULES = ("start", "total")  # use since the cover began, or all that the meter ever counted
CASE, QUANTITY, MONEY = QUOTA_UNITS = ("case", "quantity", "money")
_PLACES = 6


@dataclass(frozen=True)
class Term:
    """So long from the start. Months, quarters and years keep the day of the month on which they began."""

    count: int
    unit: str = "month"

    def __post_init__(self):
        require_count(self.count, "term")
        require_choice(self.unit, "unit of a term", UNITS)


@dataclass(frozen=True)
class Limit:
    """So much use at most (equal is within), by a meter such as hours, cycles or km: what comes first, this or the
    term, ends the cover."""

    meter: str
    amount: Decimal
    since: str = SINCE_START

    def __post_init__(self):
        require_choice(self.since, f"since of {self.meter}", METER_RULES)
        _check_amount(self.amount, f"limit of {self.meter}")


@dataclass(frozen=True)
class Benefit:
    """What a policy pays for one kind of item: ``percent`` of the whole cost, within ``term`` (None: as long as the
    cover is in force), at most ``cap`` over the life of the cover and ``claim_cap`` in one claim. ``limits`` of use
    are in addition to those of the policy."""

    kind: str
    term: Term | None = None
    percent: Decimal = Decimal(100)
    cap: Decimal | None = None
    claim_cap: Decimal | None = None
    limits: tuple = ()

    def __post_init__(self):
        require_choice(self.kind, "kind of a benefit", ITEM_KINDS)
        of = f" of {self.kind}"
        value = exact(self.percent, "percent" + of)
        if not 0 <= value <= 100 or (value * 10**_PLACES).denominator != 1:
            told = f"is no percentage: 0 to 100 with at most {_PLACES} decimals is needed"
            raise BadAmount("percent" + of, str(self.percent), told)
        _check_caps(self, of)


@dataclass(frozen=True)
class Exclusion:
    """What is not paid, and the ``reason`` in words: items that fit all that is named. Labour and travel name the
    product that they are for, so they share its fate unless ``kinds`` says otherwise."""

    reason: str
    products: frozenset = frozenset()
    categories: frozenset = frozenset()
    causes: frozenset = frozenset()
    kinds: frozenset = frozenset()


@dataclass(frozen=True)
class StartRule:
    """When a cover begins: on ``trigger``, but not later than ``at_most`` after ``after`` ("installation, but at most 6
    months after delivery"; without an installation it begins then). Where there is no such day: the first known of
    ``otherwise``. ``day_after``: the day after that, as where the law does not count the day itself."""

    trigger: str = DELIVERY
    at_most: Term | None = None
    after: str = DELIVERY
    otherwise: tuple = ()
    day_after: bool = False

    def __post_init__(self):
        for trigger in (self.trigger, self.after, *self.otherwise):
            require_choice(trigger, "start trigger", TRIGGERS)


@dataclass(frozen=True)
class Policy:
    """The terms of a warranty, the same for every machine under it. ``reference`` names it and its version, such as
    "WP-1 v2". ``benefits``: one for each kind of item, a kind without one is not covered. ``cap``, ``claim_cap``: of
    all kinds together. ``replacement_term``: what a replacement that restarts (or takes the longer) gets; None: the
    full term. ``repair_extends``: whole days in repair move the end."""

    reference: str
    benefits: tuple
    start: StartRule = StartRule()
    limits: tuple = ()
    exclusions: tuple = ()
    cap: Decimal | None = None
    claim_cap: Decimal | None = None
    transfer: str = FREE
    replacement: str = INHERIT
    replacement_term: Term | None = None
    resale: str = KEEP
    kit: str = OWN
    repair_extends: bool = False

    def __post_init__(self):
        of = f" of {self.reference}"
        require_choice(self.transfer, "transfer" + of, TRANSFERS)
        require_choice(self.replacement, "replacement" + of, REPLACEMENTS)
        require_choice(self.resale, "resale" + of, RESALES)
        require_choice(self.kit, "kit" + of, KIT_RULES)
        _check_caps(self, of)
        if len(self.by_kind) < len(self.benefits):
            kinds = [benefit.kind for benefit in self.benefits]
            raise BadTerms("benefits" + of, kinds, "name a kind twice: one benefit for each is needed")

    @cached_property
    def by_kind(self):
        """{kind of item: its `Benefit`}."""
        return {benefit.kind: benefit for benefit in self.benefits}

    @cached_property
    def limits_by_kind(self):
        """{kind of item: all `Limit`s of it}."""
        return {benefit.kind: self.limits + benefit.limits for benefit in self.benefits}

    @cached_property
    def capped(self):
        """Whether there is any cap."""
        return any(one.cap is not None or one.claim_cap is not None for one in (self, *self.benefits))


@dataclass(frozen=True)
class Quota:
    """What is left of an entitlement. ``unit``: cases (one for a verdict, whatever its items), the items' quantity
    (hours of labour), or money. ``kinds``: of items that use it."""

    left: Decimal
    unit: str = CASE
    kinds: frozenset = frozenset()

    def __post_init__(self):
        require_choice(self.unit, "unit of a quota", QUOTA_UNITS)
        exact(self.left, "quota")


@dataclass(frozen=True)
class Void:
    """From ``day`` on, that day included, the cover is void for ``kinds`` of items (none named: all), because."""

    day: date
    reason: str
    kinds: frozenset = frozenset()


@dataclass(frozen=True)
class Cover:
    """A policy as it holds for one machine (or for all in its ``scope``, such as a recall).

    ``start``: agreed; None: by the policy's start rule. ``end``: agreed, in addition to the terms. ``follows``: key of
    the cover after whose end it begins, kind by kind, without a gap or a double start (an extended warranty).
    ``causes``: what it is for, such as a recall's defect. ``priority``: lower pays first; None: by its kind.
    ``payer``: who pays, empty: we do. ``recovers``: a supplier who refunds us, instead of paying for the customer.
    ``used``: {kind: what it paid before}, for the caps.
    """

    key: str
    kind: str
    policy: Policy
    start: date | None = None
    end: date | None = None
    follows: str = ""
    scope: Scope = Scope()
    causes: frozenset = frozenset()
    priority: int | None = None
    payer: str = ""
    recovers: bool = False
    voids: tuple = ()
    used: dict = field(default_factory=dict)
    quota: Quota | None = None

    def __post_init__(self):
        require_choice(self.kind, f"kind of {self.key}", COVER_KINDS)
        for name in ("start", "end"):
            if getattr(self, name) is not None:
                require_day(getattr(self, name), f"{name} of {self.key}")
        if self.start and self.end and self.end < self.start:
            raise BadPeriod(f"days of {self.key}", f"{self.start} to {self.end}", "end before they begin")
        if self.recovers and self.kind != SUPPLIER:
            raise BadTerms(f"recovers of {self.key}", self.kind, "is no supplier: only a supplier refunds us")
        if self.kind == RECALL and any(benefit.percent != 100 for benefit in self.policy.benefits):
            raise BadTerms(f"kind of {self.key}", RECALL, "pays in full: 100 percent for each kind is needed")

    @property
    def rank(self):
        """Its priority, lower pays first."""
        return PRIORITIES[self.kind] if self.priority is None else self.priority


def recall(key, scope, start, end=None, causes=(), reference=""):
    """A recall or campaign: parts, labour and travel in full, however old the machine is."""
    policy = Policy(reference or key, tuple(Benefit(kind) for kind in ITEM_KINDS))
    return Cover(key, RECALL, policy, start, end, scope=scope, causes=frozenset(causes))


def _check_caps(terms, of):
    for name in ("cap", "claim_cap"):
        if getattr(terms, name) is not None:
            _check_amount(getattr(terms, name), name + of)


def _check_amount(value, name):
    if exact(value, name) < 0:
        raise BadAmount(name, str(value), "is below zero")
