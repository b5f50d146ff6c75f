"""The words of a penalty's explanation: fixed labels, and numbers written the same way everywhere.

>>> from fractions import Fraction
>>> trail = Trail(Decimal("0.01"))
>>> trail.say(AMOUNT, "to be paid", trail.money(Fraction(25, 2)))
>>> trail.steps
[Step(label='amount', detail='to be paid', value=Decimal('12.50'))]
"""

from decimal import Decimal

from .explanation import Step

# Fixed words, in the order of evaluation, so that each can be translated.
CLAUSE = "clause"
GRACE_PERIOD = "grace period"
NOT_MEASURED = "not measured"
FIGURE = "figure"
EVENTS = "events"
EXCUSED = "excused"
GRACE = "grace"
FREE = "free"
COST = "cost"
DEDUCTIBLE = "deductible"
EVENT_CAP = "event cap"
COMPONENT_CAP = "component cap"
AT_RISK = "at risk"
MULTIPLIER = "multiplier"
COMBINED = "combined"
CARRIED_IN = "carried in"
PERIOD_CAP = "period cap"
CARRIED_OVER = "carried over"
ROUNDING = "rounding"
MINIMUM = "minimum"
EARN_BACK = "earn-back"
YEARLY_CAP = "yearly cap"
CONTRACT_CAP = "contract cap"
BONUS = "bonus"
BONUS_CAP = "bonus cap"
AMOUNT = "amount"
WORST = "worst case"
LABELS = (
    CLAUSE,
    GRACE_PERIOD,
    NOT_MEASURED,
    FIGURE,
    EVENTS,
    EXCUSED,
    GRACE,
    FREE,
    COST,
    DEDUCTIBLE,
    EVENT_CAP,
    COMPONENT_CAP,
    AT_RISK,
    MULTIPLIER,
    COMBINED,
    CARRIED_IN,
    PERIOD_CAP,
    CARRIED_OVER,
    ROUNDING,
    MINIMUM,
    EARN_BACK,
    YEARLY_CAP,
    CONTRACT_CAP,
    BONUS,
    BONUS_CAP,
    AMOUNT,
    WORST,
)

_PLACES = 6  # of a figure that does not end: 1/3 is told as 0.333333
_SHIFTED = 2 * 10**_PLACES
_NAMED = 5  # excused events told one by one
_LENGTHS = {60: "minute", 3600: "hour", 86400: "day", 604800: "week"}


class Trail:
    """Collects the steps of one penalty; money is written in the places of ``rounding``."""

    __slots__ = ("places", "steps")
    tells = True

    def __init__(self, rounding):
        self.steps = []
        self.places = max(0, -rounding.as_tuple().exponent)

    def say(self, label, detail, value):
        self.steps.append(Step(label, detail, value))

    def money(self, amount):
        """An exact amount as a Decimal in the currency's places; with more of them only where it needs them."""
        numerator, denominator = amount.as_integer_ratio()
        units, rest = divmod(numerator * 10**self.places, denominator)
        return Decimal(f"{units}e-{self.places}") if not rest else decimal(amount)


class Silence:
    """A trail that keeps nothing: for the same arithmetic without caps."""

    steps = ()
    tells = False

    def say(self, label, detail, value):
        pass

    def money(self, amount):
        return amount


def plain(number):
    """An exact number as text: as it is where six places hold it, else rounded to them; never with an exponent.

    >>> from fractions import Fraction
    >>> plain(Fraction(1975, 20)), plain(Fraction(1, 3)), plain(12)
    ('98.75', '0.333333', '12')
    """
    numerator, denominator = number.as_integer_ratio()
    if denominator == 1:
        return str(numerator)
    whole, rest = divmod((abs(numerator) * _SHIFTED + denominator) // (2 * denominator), 10**_PLACES)
    text = f"{whole}.{rest:0{_PLACES}d}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"-{text}" if numerator < 0 and text != "0" else text


def decimal(number):
    """`plain` as a Decimal."""
    return Decimal(plain(number))


def percent(part):
    """A part of one as text: Fraction(1, 40) is 2.5 %."""
    return f"{plain(part * 100)} %"


def unit_name(seconds, count=2):
    """A unit of lateness: "hour", "days", or "units of 900 s"."""
    name = _LENGTHS.get(seconds)
    return f"units of {seconds} s" if name is None else name if count == 1 else f"{name}s"


def excuses(excused):
    """(key or number, reason) pairs as text: the first few in full, the rest counted."""
    told = ", ".join(f"{what} ({reason})" for what, reason in excused[:_NAMED])
    return told if len(excused) <= _NAMED else f"{told} and {len(excused) - _NAMED} more"


def times(count, noun):
    """"1 event", "3 events"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
