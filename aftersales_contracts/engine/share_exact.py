"""Decimals that must not be rounded unseen: as fast as numbers get here, and an error where a digit would be lost.

>>> as_decimal(Fraction(1, 8)), as_decimal(Fraction(1, 3))
(Decimal('0.125'), Fraction(1, 3))
"""

from decimal import Context, Decimal, Inexact, InvalidOperation
from fractions import Fraction

from .money import exact

ONE = Decimal(1)
HUNDRED = Decimal(100)
# Operations in it are exact or raise; in the other one nothing but rounding to whole units is done.
EXACT = Context(prec=120, traps=[Inexact, InvalidOperation])
WHOLE = Context(prec=120, traps=[InvalidOperation])


def as_decimal(number):
    """``number`` as a Decimal where it ends within 120 digits, else the Fraction that it is."""
    if type(number) is Decimal:
        return number
    numerator, denominator = number.as_integer_ratio()
    try:
        return EXACT.divide(Decimal(numerator), Decimal(denominator))
    except Inexact:
        return Fraction(numerator, denominator)


def ends(number):
    """``number`` as a Decimal, or None where it has no end."""
    found = as_decimal(number)
    return found if type(found) is Decimal else None


def exact_of(value, field, key):
    """`money.exact`, naming the line: "base of line INV/1"."""
    try:
        return Fraction(*value.as_integer_ratio()) if type(value) is Decimal else exact(value, f"{field} of line {key}")
    except (OverflowError, ValueError):
        return exact(value, f"{field} of line {key}")  # raises
