"""What a penalty clause costs for one period, from what was measured, and why, to the cent.

Evaluated in this order: excused, grace, deductible, event cap, component cap, multiplier, combined, carried excess,
period cap, rounding, minimum, earn-back, yearly and contract cap, bonus.

>>> from datetime import date
>>> from decimal import Decimal
>>> from .penalty_terms import BANDS, Clause, Component, Figure, Measures, Tier
>>> bands = (Tier(Decimal("99.9"), Decimal(10)), Tier(Decimal("99.0"), Decimal(25)))
>>> clause = Clause("PC-7 v2", (Component("uptime", "Uptime", BANDS, tiers=bands),))
>>> march = Measures(date(2026, 3, 1), date(2026, 4, 1), {"uptime": Figure(Decimal("99.0"))})
>>> penalty = assess(clause, march, Decimal("1200.00"))
>>> penalty.amount, penalty.capped
(Decimal('120.00'), False)
>>> for step in penalty.steps:
...     print(f"{step.label}: {step.detail} = {step.value}")
clause: PC-7 v2, 2026-03-01 to 2026-03-31, fee 1200.00 = 1200.00
figure: Uptime: 99 measured = 99
cost: Uptime: below 99.9: 10 % = 120.00
amount: to be paid = 120.00
"""

from .days import require_day
from .errors import BadPeriod
from .money import in_money
from .penalty_cost import Basis
from .penalty_events import cost_of_events
from .penalty_figures import cost_of_figure, read_figure
from .penalty_limits import limit
from .penalty_lines import lines_of
from .penalty_reading import read
from .penalty_settlement import Settlement
from .penalty_steps import AMOUNT, CLAUSE, GRACE_PERIOD, NOT_MEASURED, Silence, Trail
from .penalty_terms import HIGHEST_PER_EVENT, ON_FIGURE, Ledger, Penalty

_NEW = Ledger()


def assess(clause, measures, fee, ledger=None):
    """The `Penalty` of a `Clause` for the period of ``measures``. ``fee``: of the period, an exact number; ``ledger``:
    the `Ledger` before the period, None at the start. Terms or facts that cannot be worked with: an `EngineError`.
    """
    terms, ledger = read(clause), ledger or _NEW
    basis = Basis.of(terms, fee, measures.value)
    trail = Trail(clause.currency_rounding)
    _open(terms, measures, basis, trail)
    if terms.grace_until is not None and measures.start < terms.grace_until:
        return _spared(terms, ledger, trail)
    costs, figures, misses = _costs(terms, measures, basis, ledger, trail)
    if not costs:
        return Penalty(None, None, False, tuple(trail.steps), carried=ledger.carried, misses=misses)
    result = Settlement(terms, basis, ledger, trail).run(costs, figures)
    uncapped = result
    if result.cut:
        uncapped = Settlement(terms, basis, ledger, Silence(), capped=False).run(costs, figures)
    unit = terms.currency_rounding
    amount = in_money(result.paid, unit)
    trail.say(AMOUNT, "to be paid" if result.paid >= 0 else "in favour of who is measured", amount)
    return Penalty(
        amount, in_money(uncapped.paid, unit), uncapped.paid != result.paid, tuple(trail.steps), lines_of(result, unit),
        in_money(result.carried, unit), in_money(result.returned, unit), in_money(result.bonus, unit), misses,
        result.earned)


def _open(terms, measures, basis, trail):
    first, end = require_day(measures.start, "start"), require_day(measures.end, "end")
    if end <= first:
        raise BadPeriod("period", (first.isoformat(), end.isoformat()))
    fee = trail.money(basis.fee)
    trail.say(CLAUSE, f"{terms.reference}, {first} to {end.fromordinal(end.toordinal() - 1)}, fee {fee}", fee)


def _costs(terms, measures, basis, ledger, trail):
    """(costs of the measured components, {key: exact figure}, misses for the next ledger)."""
    costs, figures, misses = [], {}, {}
    by_key = terms.combine == HIGHEST_PER_EVENT
    for component in terms.components:
        key, before = component.key, ledger.misses.get(component.key, 0)
        cost = _cost(component, terms, measures, basis, by_key, trail)
        if cost is None:
            trail.say(NOT_MEASURED, f"{component.name}: nothing was measured, so there is no amount", None)
            if not component.bonus:
                misses[key] = before  # neither another miss nor the end of a run
            continue
        missed = limit(cost, basis, before, trail)
        costs.append(cost)
        if cost.figure is not None:
            figures[key] = cost.figure
        if not component.bonus:
            misses[key] = before + 1 if missed else 0
    return costs, figures, misses


def _cost(component, terms, measures, basis, by_key, trail):
    if component.kind in ON_FIGURE:
        figure = read_figure(component, measures.figures.get(component.key), terms.excused, trail)
        return None if figure is None else cost_of_figure(component, figure, basis, trail)
    events = measures.events.get(component.key)
    return None if events is None else cost_of_events(component, events, basis, by_key, trail)


def _spared(terms, ledger, trail):
    """A period that begins before the clause bites: nothing is due, what was carried stays carried."""
    nothing = in_money(0, terms.currency_rounding)
    trail.say(GRACE_PERIOD, f"no penalty for periods that begin before {terms.grace_until}", nothing)
    trail.say(AMOUNT, "to be paid", nothing)
    misses = {component.key: 0 for component in terms.components if not component.bonus}
    return Penalty(nothing, nothing, False, tuple(trail.steps), carried=ledger.carried, misses=misses)
