"""What a line is a share of, and what it gets for that at one rate."""

from decimal import Decimal
from fractions import Fraction

from .money import exact
from .share_exact import as_decimal, ends, exact_of
from .share_terms import MARGIN, PAYS, REVENUE

NOTHING = Fraction(0)


class Price:
    """What a line gets from one component at one rate. ``factor``: units for one of what it is a share of; ``decimal``:
    the same as a Decimal where it has an end. ``climbs``: through brackets, each part at its own rate. ``running``: of
    the account's total. ``plain``: a percentage of the revenue, each line by itself. ``rate``: as it is told.
    ``lines``, ``base`` and ``long_base`` (together), ``units``: what its lines have come to; ``slices``: {bracket:
    quantity}."""

    __slots__ = (
        "account", "base", "climbs", "component", "decimal", "factor", "hit", "lines", "long_base", "plain", "rate",
        "running", "slices", "table", "units", "warning",
    )

    def __init__(self, component, account, table=None, factor=NOTHING, rate=None, hit=False, warning=""):
        self.component, self.account, self.table, self.factor = component, account, table, factor
        self.rate, self.hit, self.warning, self.decimal = rate, hit, warning, ends(factor)
        self.climbs = self.running = self.plain = False
        self.lines, self.units, self.base, self.long_base = 0, 0, Decimal(0), NOTHING
        self.slices = {}

    @property
    def total(self):
        """What its lines were a share of, exact."""
        return Fraction(self.base) + self.long_base


def measure_of(component, line, facts):
    """What a line is a share of, exact: money in the settlement's currency, or units. None: its cost is not known.
    What a line below zero names without a sign, quantity and cost, is taken away."""
    if component.basis == REVENUE:
        return facts.revenue
    if component.basis == MARGIN:
        if line.cost is None:
            return None
        return (facts.base - _signed(exact_of(line.cost, "cost", line.key), facts.base)) * facts.fx * facts.part
    return _signed(exact_of(line.quantity, "quantity", line.key), facts.base) * facts.part


def told_rate(component, rate, part=1):
    """A rate as it was applied: of what is paid out, below zero where the dealer pays."""
    part = -part if component.direction == PAYS else part
    return rate if part == 1 else as_decimal(exact(rate) * part)


def _signed(number, base):
    return -number if base < 0 < number else number
