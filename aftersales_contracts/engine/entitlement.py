"""The ledger of an entitlement: what was granted, used, expired, rolled over and topped up.

Lines are appended, never edited; the balance of a day is their sum, and a lot counts until the day before it
expires, whether or not the nightly run has written that down. Consumption takes from the lot that expires
first and points to its request, once each. The balance goes below zero only where somebody is named who
approved it; the next grant settles that first.

>>> ledger = Ledger().grant("2026", Decimal(5), date(2026, 1, 1), expires=date(2027, 1, 1))
>>> ledger = ledger.consume("REQ-1", Decimal(2), date(2026, 3, 1))
>>> ledger.balance(date(2026, 2, 28)), ledger.balance(date(2026, 3, 1)), ledger.balance(date(2027, 1, 1))
(Decimal('5'), Decimal('3'), Decimal('0'))
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .days import require_choice, require_day
from .errors import BadAmount, BadTerms, NotEntitled
from .money import exact

GRANT, TOP_UP, ROLL_OVER, CONSUME, EXPIRE, SETTLE = KINDS = (
    "grant",
    "top_up",
    "roll_over",
    "consume",
    "expire",
    "settle",
)
_OPENING = (GRANT, TOP_UP, ROLL_OVER)


@dataclass(frozen=True)
class Line:
    """``quantity``: signed; ``lot``: what it adds to or takes from, None for an overdraft; ``expires``: of an
    opening line, the first day on which the lot is void (None: never); ``request``: whose consumption it is;
    ``approver``: who allowed an overdraft."""

    kind: str
    day: date
    quantity: Decimal
    lot: str | None
    expires: date | None = None
    request: str | None = None
    approver: str | None = None


@dataclass(frozen=True)
class Lot:
    """What is left of a lot on a day."""

    key: str
    remaining: Decimal
    opened: date
    expires: date | None


@dataclass(frozen=True)
class Ledger:
    """``lines`` in the order of their record. Every method gives a new ledger; ``lines[len(before.lines):]`` is
    what it added."""

    lines: tuple = ()

    def lots(self, day):
        """The `Lot`s usable on ``day``, those expiring first in front, then the older ones."""
        opened, remaining = {}, {}
        for line in self.lines:
            if line.lot is not None and line.day <= day:
                remaining[line.lot] = remaining.get(line.lot, Decimal(0)) + line.quantity
                if line.kind in _OPENING:
                    opened[line.lot] = line
        usable = [
            Lot(key, remaining[key], line.day, line.expires)
            for key, line in opened.items()
            if line.expires is None or day < line.expires
        ]
        return tuple(sorted(usable, key=lambda lot: (lot.expires or date.max, lot.opened, lot.key)))

    def balance(self, day):
        """The Decimal balance at the end of ``day``; negative where an approved excess is not settled yet."""
        return sum((lot.remaining for lot in self.lots(day)), Decimal(0)) - self.overdraft(day)

    def overdraft(self, day):
        """The approved excess that no grant has settled by ``day``."""
        rows = (line.quantity for line in self.lines if line.lot is None and line.day <= day)
        return -sum(rows, Decimal(0))

    def grant(self, lot, quantity, day, expires=None, kind=GRANT):
        """A new lot. Kinds: grant, top_up, roll_over. An overdraft is settled out of it at once."""
        require_choice(kind, "kind", _OPENING)
        _check(quantity, day)
        if any(line.lot == lot for line in self.lines):
            raise BadTerms("lot", lot, "is in the ledger already: each lot is granted once")
        if expires is not None and require_day(expires, "expires") <= day:
            raise BadTerms("expires", expires.isoformat(), f"is not after the day of the grant, {day}")
        added = [Line(kind, day, quantity, lot, expires)]
        excess = [line for line in self.lines if line.lot is None]
        # A grant recorded late settles an overdraft on the day of that one, if the lot lives so long.
        settled_on = max([day, *(line.day for line in excess)])
        settled = min(-sum((line.quantity for line in excess), Decimal(0)), quantity)
        if settled > 0 and (expires is None or settled_on < expires):
            added += [Line(SETTLE, settled_on, -settled, lot), Line(SETTLE, settled_on, settled, None)]
        return Ledger((*self.lines, *added))

    def consume(self, request, quantity, day, approver=None):
        """What ``request`` uses, from the lots that expire first. Asked again for a request on the ledger, it
        adds nothing. Beyond the balance: `NotEntitled`, unless ``approver`` names who allows it."""
        _check(quantity, day)
        if not request:
            raise BadTerms("request", request, "is empty: every use points to its request")
        if any(line.request == request for line in self.lines):
            return self
        added, wanted = [], quantity
        for lot in self.lots(day):
            taken = min(wanted, self._free(lot, day))
            if taken > 0:
                added.append(Line(CONSUME, day, -taken, lot.key, request=request))
                wanted -= taken
        if wanted > 0:
            if not approver:
                words = f"is more than the balance of {quantity - wanted}: top up, or name who approves the excess"
                raise NotEntitled("quantity", str(quantity), words)
            added.append(Line(CONSUME, day, -wanted, None, request=request, approver=approver))
        return Ledger((*self.lines, *added))

    def _free(self, lot, day):
        """What can be taken on ``day`` without taking what a later line has taken already."""
        later = sum((line.quantity for line in self.lines if line.lot == lot.key and line.day > day), Decimal(0))
        return max(lot.remaining + later, Decimal(0))

    def expire(self, day):
        """Void what is left of every lot that expired by ``day``, dated on its day: no balance changes."""
        added = []
        for lot, expires, left in self._expired(day):
            added.append(Line(EXPIRE, expires, -left, lot))
        return Ledger((*self.lines, *added))

    def roll_over(self, lot, into, expires=None, limit=None):
        """What is left of ``lot`` on the day it expires, at most ``limit``, as the new lot ``into``; the rest
        expires. Done again, or with nothing left, it adds nothing."""
        openings = [line for line in self.lines if line.lot == lot and line.kind in _OPENING]
        if not openings or openings[0].expires is None:
            raise BadTerms("lot", lot, "is no lot of this ledger that expires")
        day = openings[0].expires
        left = sum((line.quantity for line in self.lines if line.lot == lot), Decimal(0))
        moved = left if limit is None else min(left, limit)
        if left <= 0 or moved <= 0 or any(line.lot == into for line in self.lines):
            return self
        return Ledger((*self.lines, Line(EXPIRE, day, -left, lot))).grant(into, moved, day, expires, ROLL_OVER)

    def _expired(self, day):
        for line in self.lines:
            if line.kind in _OPENING and line.expires is not None and line.expires <= day:
                left = sum((one.quantity for one in self.lines if one.lot == line.lot), Decimal(0))
                if left > 0:
                    yield line.lot, line.expires, left


def _check(quantity, day):
    require_day(day, "day")
    if exact(quantity, "quantity") <= 0:
        raise BadAmount("quantity", str(quantity), "is not above zero")
