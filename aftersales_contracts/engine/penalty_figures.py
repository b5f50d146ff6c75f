"""Components on a measured figure: bands, points below the target, the missing part."""

from fractions import Fraction

from .errors import BadFigure
from .money import exact, nearest_units
from .penalty_cost import NOTHING, Cost
from .penalty_steps import EXCUSED, FIGURE, GRACE, decimal, excuses, percent, plain
from .penalty_terms import BANDS, DEDUCT, GOOD, PER_POINT, PERCENT, PROPORTIONAL
from .tiers import band


def read_figure(component, figure, excused_rule, trail):
    """The exact figure that is compared, or None where nothing was measured. Facts that contradict: `BadFigure`.

    Counted from ``good`` of ``total``: in percent the good part, or the rest where low is good.
    """
    if figure is None or (figure.total is None and figure.value is None):
        return None
    value = _counted(component, figure, excused_rule, trail) if figure.total is not None else _given(component, figure)
    if value is None:
        return None
    compared = value
    if component.digits is not None:
        step = Fraction(1, 10**component.digits)
        compared = nearest_units(value, step) * step
    rounded = f", compared as {plain(compared)}" if compared != value else ""
    promised = f", {plain(component.target)} was promised" if component.target is not None else ""
    trail.say(FIGURE, f"{component.name}: {plain(value)} measured{rounded}{promised}", decimal(compared))
    return compared


def _given(component, figure):
    if figure.excused:
        raise BadFigure(f"excused of {component.key}", figure.excused, "needs good and total: of what is it taken?")
    return exact(figure.value, f"figure of {component.key}")


def _counted(component, figure, excused_rule, trail):
    good, total = figure.good, figure.total
    numbers = [number for number, _reason in figure.excused]
    for number in (good, total, *numbers):
        if type(number) is not int or number < 0:
            raise BadFigure(f"figure of {component.key}", number, "is not a whole number of zero or more")
    spared = sum(numbers)
    if good + spared > total:
        raise BadFigure(f"figure of {component.key}", total, f"is less than {good} good and {spared} excused together")
    if spared:
        rule = "counted as good" if excused_rule == GOOD else "taken out"
        told = excuses([(number, reason) for number, reason in figure.excused])
        trail.say(EXCUSED, f"{component.name}: of {total}, {rule}: {told}", spared)
    good, total = (good + spared, total) if excused_rule == GOOD else (good, total - spared)
    if not total:
        return None
    return Fraction(100 * (good if component.high_is_good else total - good), total)


def cost_of_figure(component, figure, basis, trail):
    """The `Cost` of an exact ``figure`` under a component as read."""
    compared = _after_grace(component, figure, trail)
    if compared is None:
        return Cost(component, NOTHING, "within the grace", figure=figure)
    whole = basis.whole(component) if component.base == PERCENT else 1
    amount, detail = _PRICES[component.kind](component, compared, whole)
    return Cost(component, amount, detail, figure=figure)


def _worse(component, figure, mark):
    """By how much ``figure`` is beyond ``mark``, in the direction that costs: negative on the other side."""
    return mark - figure if component.high_is_good != component.bonus else figure - mark


def _after_grace(component, figure, trail):
    """The figure with the grace granted; None where it lies within the grace."""
    if not component.grace:
        return figure
    mark = component.target if component.target is not None else component.tiers[0].bound
    beyond = _worse(component, figure, mark)
    if beyond <= 0:
        return figure
    allowed = f"{component.name}: {plain(component.grace)} from {plain(mark)}"
    if beyond <= component.grace:
        trail.say(GRACE, f"{allowed}, not exceeded", decimal(beyond))
        return None
    if component.grace_rule != DEDUCT:
        trail.say(GRACE, f"{allowed}, exceeded: all of it counts", decimal(beyond))
        return figure
    trail.say(GRACE, f"{allowed} is deducted", decimal(component.grace))
    return figure + component.grace if component.high_is_good != component.bonus else figure - component.grace


def _bands(component, figure, whole):
    kept = component.target is not None and not component.bonus and _worse(component, figure, component.target) <= 0
    tier = None if kept else band(component.tiers, figure, component.high_is_good, component.bonus)
    if tier is None:
        return NOTHING, "the target is kept" if kept else "in no band"
    side = "at or " if component.bonus else ""
    word = "below" if component.high_is_good != component.bonus else "above"
    told = percent(tier.rate) if component.base == PERCENT else plain(tier.rate)
    return tier.rate * whole, f"{side}{word} {plain(tier.bound)}: {told}"


def _per_point(component, figure, whole):
    points = max(NOTHING, _worse(component, figure, component.target))
    told = percent(component.rate) if component.base == PERCENT else plain(component.rate)
    return points * component.rate * whole, f"{plain(points)} {'point' if points == 1 else 'points'} x {told}"


def _proportional(component, figure, whole):
    part = max(NOTHING, _worse(component, figure, component.target)) / component.target
    if component.high_is_good and not component.bonus:
        part = min(part, Fraction(1))  # more than all of the target cannot be missing
    rate = component.rate or Fraction(int(component.base == PERCENT))  # no percentage: all of the fee
    told = percent(rate) if component.base == PERCENT else plain(rate)
    return part * rate * whole, f"{percent(part)} of the target x {told}"


_PRICES = {BANDS: _bands, PER_POINT: _per_point, PROPORTIONAL: _proportional}
