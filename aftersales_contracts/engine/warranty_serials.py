"""Which machines a cover is for, and ranges of serial numbers, compared as people read them: SN-99 before SN-100.

A serial is read as texts and numbers in turn. A range is for serials whose texts are those of its ends, whatever their
case, and whose numbers lie between theirs, both ends included; leading zeros count for nothing.

>>> batch = SerialRange("SN-0990", "SN-1010")
>>> [batch.holds(serial) for serial in ("SN-0989", "SN-990", "sn-1000", "SN-1010", "SN-1011", "XN-1000")]
[False, True, True, True, False, False]
>>> SerialRange("A-7").holds("A-7"), SerialRange("24A0001", "25A0500").holds("24A9999")
(True, True)
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from .errors import BadTerms

ANY_MACHINE = 4  # width of a scope that names nothing
_NUMBER = re.compile(r"([0-9]+)")


@dataclass(frozen=True)
class SerialRange:
    """From ``first`` to ``last``, both included; ``last`` empty: that serial alone, letter by letter but for case."""

    first: str
    last: str = ""

    def __post_init__(self):
        if not self.first.strip():
            raise BadTerms("serials", self.first, "begin with no serial")
        if not self.last:
            return
        (texts, low), (others, high) = serial_key(self.first), serial_key(self.last)
        named = f"{self.first} to {self.last}"
        if texts != others or not low:
            raise BadTerms("serials", named, "are no range: ends that differ in nothing but their numbers are needed")
        if high < low:
            raise BadTerms("serials", named, "are no range: the end comes before the beginning")

    def holds(self, serial):
        """Whether ``serial`` lies in the range."""
        if not self.last:
            return cleaned(serial) == cleaned(self.first)
        (texts, low), (_texts, high) = serial_key(self.first), serial_key(self.last)
        found, numbers = serial_key(serial)
        return found == texts and low <= numbers <= high


def cleaned(serial):
    """A serial without spaces around it and without regard to case.

    >>> cleaned(" sn-1a ") == cleaned("SN-1A")
    True
    """
    return serial.strip().casefold()


@dataclass(frozen=True)
class Scope:
    """Which machines a cover is for: those that fit all that is named, such as a product and a range of its serials
    (the same serial may exist on two products)."""

    products: frozenset = frozenset()
    categories: frozenset = frozenset()
    assets: frozenset = frozenset()
    serials: tuple[SerialRange, ...] = ()
    batches: frozenset = frozenset()

    @cached_property
    def width(self):
        """How closely it fits, 0 the closest: a machine or its serial, a batch, a product, a category, everything."""
        named = (self.assets or self.serials, self.batches, self.products, self.categories)
        return next((place for place, words in enumerate(named) if words), ANY_MACHINE)

    def fits(self, unit):
        """Whether ``unit``, an `Asset`, is among them."""
        return (
            (not self.products or unit.product in self.products)
            and (not self.categories or not self.categories.isdisjoint(unit.categories))
            and (not self.assets or unit.key in self.assets)
            and (not self.batches or unit.batch in self.batches)
            and (not self.serials or bool(unit.serial) and any(one.holds(unit.serial) for one in self.serials))
        )


@lru_cache(maxsize=65536)
def serial_key(serial):
    """(texts, numbers) of a serial, to compare by.

    >>> serial_key("SN-24A0007")
    (('sn-', 'a', ''), (24, 7))
    """
    pieces = _NUMBER.split(cleaned(serial))
    return tuple(pieces[::2]), tuple(int(number) for number in pieces[1::2])
