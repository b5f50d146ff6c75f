"""What is known about a machine and about the work that is to be paid: facts, as `coverage` takes them.

>>> pump = Asset("P-7", "pump", dates={"delivery": date(2026, 1, 31)})
>>> pump.owner_on(date(2026, 5, 1)), pump.dates_on(date(2026, 5, 1), reset=True)
(None, {'delivery': datetime.date(2026, 1, 31)})
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .days import require_choice, require_day
from .errors import BadAmount, BadPeriod
from .money import exact
from .warranty_terms import DELIVERY, ITEM_KINDS, TRIGGERS


@dataclass(frozen=True)
class Reading:
    """On ``day`` the meter showed ``value``. ``restart``: it was replaced (or began again) on that day, and the new one
    began there; ``value`` is then what the old one showed last."""

    meter: str
    day: date
    value: Decimal
    restart: Decimal | None = None

    def __post_init__(self):
        require_day(self.day, f"day of a reading of {self.meter}")
        for value in (self.value, 0 if self.restart is None else self.restart):
            if exact(value, f"reading of {self.meter}") < 0:
                raise BadAmount(f"reading of {self.meter}", str(value), "is below zero")


@dataclass(frozen=True)
class Owner:
    """Whose it is from ``day`` on. ``consent``: the transfer was agreed and recorded. ``dates``: of a return and
    resale, {trigger: day}; empty: handed on by the owner before."""

    owner: str
    day: date
    consent: bool = False
    dates: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Repair:
    """In repair on the days ``[start, end)``; ``end`` None: still there."""

    start: date
    end: date | None = None

    def __post_init__(self):
        require_day(self.start, "start of a repair")
        if self.end is not None and require_day(self.end, "end of a repair") < self.start:
            raise BadPeriod("repair", f"{self.start} to {self.end}", "ends before it begins")


@dataclass(frozen=True)
class Replacement:
    """On ``day`` the machine ``old`` was replaced by the one with the key ``new``."""

    old: Asset
    new: str
    day: date


@dataclass(frozen=True)
class Asset:
    """A machine. ``key``: its own, whatever its serial. ``categories``: of its product, from the nearest to the root.
    ``batch``: of the supplier. ``dates``: {trigger: day}. ``replacements``: all of the chain that it belongs to, in any
    order. ``components``: of a kit, each an `Asset` with days of its own where it has some."""

    key: str
    product: str = ""
    categories: tuple = ()
    serial: str = ""
    batch: str = ""
    dates: dict = field(default_factory=dict)
    readings: tuple = ()
    owners: tuple = ()
    repairs: tuple = ()
    replacements: tuple = ()
    components: tuple = ()

    def __post_init__(self):
        for trigger, day in self.dates.items():
            require_choice(trigger, f"dates of {self.key}", TRIGGERS)
            require_day(day, f"{trigger} of {self.key}")

    def owner_on(self, day):
        """The `Owner` on ``day``, the first known before that; None where nobody is known."""
        found = None
        for owner in sorted(self.owners, key=lambda one: one.day):
            if found is None or owner.day <= day:
                found = owner
        return found

    def resale_on(self, day):
        """The last `Owner` up to ``day`` who bought it after a return, or None."""
        resold = [owner for owner in self.owners if owner.dates and owner.day <= day]
        return max(resold, key=lambda one: one.day, default=None)

    def dates_on(self, day, reset):
        """The days that count: of the first sale, or, if ``reset``, of the last one up to ``day``."""
        sale = self.resale_on(day) if reset and self.owners else None
        return self.dates if sale is None else {DELIVERY: sale.day, **sale.dates}


@dataclass(frozen=True)
class Item:
    """What is to be paid: a part, labour or travel. ``product``, ``categories``: of the part, or of the one that it is
    for. ``amount``: before anybody pays, None where it is not known yet; ``cost``: what it costs us, of which suppliers
    refund (None: the amount). ``quantity``: hours of labour, pieces. ``component``: key of the kit's component;
    ``cause``: where it differs from that of the failure."""

    key: str
    kind: str
    product: str = ""
    categories: tuple = ()
    amount: Decimal | None = None
    quantity: Decimal = Decimal(1)
    cost: Decimal | None = None
    component: str = ""
    cause: str = ""

    def __post_init__(self):
        require_choice(self.kind, f"kind of item {self.key}", ITEM_KINDS)
        for name in ("amount", "cost", "quantity"):
            value = getattr(self, name)
            if value is None:
                continue
            if not isinstance(value, Decimal | int) or exact(value, f"{name} of item {self.key}") < 0:
                raise BadAmount(f"{name} of item {self.key}", str(value), "is not a Decimal of zero or more")
