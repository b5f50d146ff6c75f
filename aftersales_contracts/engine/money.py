"""Exact money: rounded once, in one place, and split so that the parts add up to the whole.

Rounding is half away from zero. What is split is cut down to the rounding first; the residue goes, one unit
each, to the largest remainders, ties to the first. A negative total is split as its opposite is.

>>> allocate(Decimal("100.00"), [1, 1, 1], Decimal("0.01"))
[Decimal('33.34'), Decimal('33.33'), Decimal('33.33')]
>>> round_money(Decimal("-2.345"), Decimal("0.01")), round_money(Decimal("7.325"), Decimal("0.05"))
(Decimal('-2.35'), Decimal('7.35'))
"""

from decimal import Context, Decimal
from fractions import Fraction
from math import floor

from .errors import BadAmount, UnevenTotal, ZeroWeights

# Wide enough for every amount: multiplying whole units by the rounding must not round again.
_EXACT = Context(prec=100)


def exact(value, field="amount"):
    """``value`` (Decimal, int or Fraction) as a Fraction. Floats, infinities and the rest: `BadAmount`."""
    if type(value) is Fraction:
        return value
    if type(value) is Decimal and value.is_finite():
        return Fraction(*value.as_integer_ratio())  # half the time of Fraction(value)
    finite = value.is_finite() if isinstance(value, Decimal) else isinstance(value, int | Fraction)
    if not finite or isinstance(value, bool):
        raise BadAmount(field, value)
    return Fraction(value)


def round_money(amount, rounding):
    """The multiple of ``rounding`` (a Decimal such as 0.01) nearest to ``amount``, half away from zero."""
    return in_money(nearest_units(amount, rounding), rounding)


def nearest_units(amount, rounding):
    """`round_money` as a whole number of ``rounding``s.

    >>> nearest_units(Decimal("7.325"), Decimal("0.05")), floor_units(Decimal("7.349"), Decimal("0.05"))
    (147, 146)
    """
    units, parts = _ratio(amount, rounding)
    whole = (2 * abs(units) + parts) // (2 * parts)
    return whole if units >= 0 else -whole


def floor_units(amount, rounding):
    """The whole ``rounding``s in ``amount``: never more than it, for what a cap leaves."""
    units, parts = _ratio(amount, rounding)
    return units // parts


def in_money(units, rounding):
    """So many ``rounding``s as a Decimal of its places: 147 x 0.05 is 7.35."""
    return _EXACT.multiply(Decimal(units), Decimal(rounding))


def allocate(total, weights, rounding):
    """``total`` split in proportion to ``weights``: a list of Decimals that sums to ``total`` exactly.

    ``weights``: exact numbers, none negative, at least one above zero (`ZeroWeights`). A total that is no
    multiple of ``rounding`` raises `UnevenTotal`: round it first.
    """
    weights = [exact(weight, "weights") for weight in weights]
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ZeroWeights("weights", [str(weight) for weight in weights])
    units = exact(total, "total") / _unit(rounding)
    if units.denominator != 1:
        raise UnevenTotal("total", str(total), f"is not a whole multiple of the rounding {rounding}")
    shares = _largest_remainder([abs(units) * weight / whole for weight in weights], int(abs(units)))
    return [in_money(share if units >= 0 else -share, rounding) for share in shares]


def round_all(amounts, rounding):
    """Exact amounts rounded so that they sum to their rounded sum; an amount that needs no rounding stays.

    >>> round_all([Fraction(10, 3), Fraction(10, 3), Fraction(10, 3)], Decimal("0.01"))
    [Decimal('3.34'), Decimal('3.33'), Decimal('3.33')]
    """
    return [in_money(units, rounding) for units in round_units(amounts, rounding)]


def round_units(amounts, rounding):
    """`round_all` as whole numbers of ``rounding``s."""
    units = [exact(amount) / _unit(rounding) for amount in amounts]
    total = nearest_units(sum(units), 1)
    sign = -1 if total < 0 else 1
    return [sign * share for share in _largest_remainder([sign * unit for unit in units], sign * total)]


def _largest_remainder(units, total):
    """Whole numbers near ``units`` that sum to ``total``."""
    shares = [floor(unit) for unit in units]
    # sorted() is stable: equal remainders keep their order, so ties go to the first.
    by_remainder = sorted(range(len(units)), key=lambda row: shares[row] - units[row])
    for row in by_remainder[: total - sum(shares)]:
        shares[row] += 1
    return shares


def _unit(rounding):
    unit = exact(rounding, "rounding")
    if unit <= 0:
        raise BadAmount("rounding", rounding, "is not a rounding: an amount above zero, like 0.01, is needed")
    return unit


def _ratio(amount, rounding):
    """``amount`` / ``rounding`` as (whole number, positive whole number)."""
    unit, parts = _integers(rounding, "rounding")
    if unit <= 0:
        _unit(rounding)  # raises
    value, shares = _integers(amount, "amount")
    return value * parts, shares * unit


def _integers(value, field):
    """An exact number as (numerator, denominator); Decimals without the way through a Fraction."""
    if type(value) is Decimal and value.is_finite():
        return value.as_integer_ratio()
    return exact(value, field).as_integer_ratio()
