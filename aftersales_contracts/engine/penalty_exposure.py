"""How much of the running caps is used, and the most that this period can still cost.

>>> from datetime import date
>>> from decimal import Decimal
>>> from .penalty_terms import OF_FEE, PER_BREACH, Cap, Clause, Component, Ledger
>>> fix = Component("fix", "Fix time", PER_BREACH, "amount", Decimal(50), cap=Cap(Decimal(20), OF_FEE))
>>> clause = Clause("PC-1 v1", (fix,), yearly_cap=Cap(Decimal(500)))
>>> shown = exposure(clause, Ledger(year=Decimal("410.00")), Decimal("1000.00"))
>>> shown.used, shown.cap, shown.left, shown.worst
(Decimal('410.00'), Decimal('500.00'), Decimal('90.00'), Decimal('90.00'))
"""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .money import exact, floor_units, nearest_units
from .penalty_cost import NOTHING, Basis
from .penalty_limits import multiplier
from .penalty_reading import read
from .penalty_steps import CONTRACT_CAP, PERIOD_CAP, WORST, YEARLY_CAP, Trail
from .penalty_terms import (
    BANDS,
    BY_COUNT,
    HIGHEST,
    LOWEST,
    LUMP,
    PER_LINE,
    PERCENT,
    PROPORTIONAL,
    RAISE,
    Ledger,
)


@dataclass(frozen=True)
class Exposure:
    """``cap``: the running cap of which least is left (None: there is none), ``used`` and ``left`` of it; without one
    ``used`` is the year's. ``worst``: the most that this period can still cost, None: unlimited. Amounts are rounded
    down to what is payable.
    """

    used: Decimal
    cap: Decimal | None
    left: Decimal | None
    worst: Decimal | None
    steps: tuple = field(repr=False)


def exposure(clause, ledger, fee, value=None):
    """The `Exposure` before a period whose fee is ``fee``; ``value``: of the contract, for caps in percent of it."""
    terms, ledger = read(clause), ledger or Ledger()
    basis = Basis.of(terms, fee, value)
    trail = Trail(terms.currency_rounding)
    rooms = []
    for cap, name, label, used in ((terms.yearly_cap, "yearly_cap", YEARLY_CAP, ledger.year),
                                   (terms.contract_cap, "contract_cap", CONTRACT_CAP, ledger.contract)):
        if cap is not None:
            limit, used = basis.limit(cap, name), exact(used, name)
            rooms.append((max(NOTHING, limit - used), used, limit))
            trail.say(label, f"{trail.money(used)} of {trail.money(limit)} is used", trail.money(rooms[-1][0]))
    worst = _worst(terms, basis, ledger, [room for room, _used, _limit in rooms], trail)
    trail.say(WORST, "unlimited: no cap bounds it" if worst is None else "that this period can still cost", worst)
    if not rooms:
        return Exposure(trail.money(exact(ledger.year, "year")), None, None, worst, tuple(trail.steps))
    left, used, limit = min(rooms, key=lambda room: room[0])
    payable = floor_units(left, terms.payable) * exact(terms.payable)
    return Exposure(trail.money(used), trail.money(limit), trail.money(payable), worst, tuple(trail.steps))


def most(component, basis, misses=0, capped=True):
    """The most that a component as read can cost in a period, exact; None: unlimited. ``capped`` False: by its kind
    and deductible alone."""
    amount = _most_by_kind(component, basis)
    if amount is not None:
        amount = max(NOTHING, amount - component.deductible)
    if not capped:
        return amount
    limits = [amount]
    if component.cap is not None:
        limits.append(basis.limit(component.cap, f"cap of {component.key}"))
    if basis.at_risk is not None and component.weight is not None:
        limits.append(basis.whole(component))
    known = [limit for limit in limits if limit is not None]
    return min(known) * multiplier(component, misses) if known else None


def _most_by_kind(component, basis):
    whole = basis.whole(component) if component.base == PERCENT else Fraction(1)
    if component.kind == BANDS or component.kind == BY_COUNT:
        dearest = max(tier.rate for tier in component.tiers) * whole
        return dearest if component.kind == BANDS or component.count_rule == LUMP or not dearest else None
    if component.kind == PROPORTIONAL:
        bounded = component.high_is_good and not component.bonus
        return whole * (component.rate or int(component.base == PERCENT)) if bounded else None
    return None if component.rate * whole else NOTHING


def _worst(terms, basis, ledger, rooms, trail):
    amounts = [most(component, basis, ledger.misses.get(component.key, 0))
               for component in terms.components if not component.bonus]
    carried = exact(ledger.carried, "carried")
    total, limits = _together(terms, amounts, carried), list(rooms)
    for cap, name in ((terms.period_cap, "period_cap"), (terms.at_risk, "at_risk")):
        if cap is not None:
            limits.append(basis.limit(cap, name))
            trail.say(PERIOD_CAP, f"at most {trail.money(limits[-1])} in a period", trail.money(limits[-1]))
    least = min(limits, default=None)
    if total is None and least is None:
        return None
    ceiling = None if least is None else floor_units(least, terms.payable)
    units = ceiling if total is None else nearest_units(total, terms.payable)
    if total and terms.minimum_rule == RAISE:
        units = max(units, -floor_units(-terms.minimum, terms.payable))
    return trail.money((units if ceiling is None else min(units, ceiling)) * exact(terms.payable))


def _together(terms, amounts, carried):
    """The components' worst cases combined, with what is carried; None: unlimited."""
    if None in amounts:
        return None
    if terms.combine in (HIGHEST, LOWEST):
        amounts = [max(amounts, default=NOTHING)]
    amounts.append(carried)
    if terms.rounding == PER_LINE:
        unit = exact(terms.currency_rounding)
        amounts = [nearest_units(amount, unit) * unit for amount in amounts]
    return sum(amounts, NOTHING)
