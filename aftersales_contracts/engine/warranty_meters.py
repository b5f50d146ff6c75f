"""Use by a meter: what readings tell, be the meter replaced or turned back.

A reading below the one before adds nothing, and what is used after it counts on: use that was seen is never given back.
A meter that was replaced says so by `Reading.restart`. Without a reading by the day from which use counts the meter
began at zero.

>>> from datetime import date
>>> from .warranty_facts import Reading
>>> facts = (Reading("hours", date(2026, 1, 1), 900), Reading("hours", date(2026, 2, 1), 1000, restart=0),
...          Reading("hours", date(2026, 3, 1), 150), Reading("hours", date(2026, 4, 1), 120))
>>> [use for _day, use in series(((facts, None, None),), "hours", date(2026, 4, 1))]
[900, 1000, 1150, 1150]
>>> rolled_back(facts, "hours")
(datetime.date(2026, 4, 1),)
"""


def increments(readings, meter):
    """Yield (day, what was used since the reading before, whether the meter was turned back), by day."""
    shown = 0
    for reading in sorted((one for one in readings if one.meter == meter), key=lambda one: one.day):
        yield reading.day, max(reading.value - shown, 0), reading.value < shown
        shown = reading.value if reading.restart is None else reading.restart


def series(stretches, meter, on):
    """[(day, use so far)] up to ``on`` of the readings of one unit after another.

    ``stretches``: (readings, after, until) of each: use after the one day and up to the other, None: without bound.
    """
    found, total = [], 0
    for readings, after, until in stretches:
        for day, used, _back in increments(readings, meter):
            if day <= on and (after is None or day > after) and (until is None or day <= until):
                total += used
                found.append((day, total))
    return found


def exhausted(found, amount):
    """The first (day, use) above ``amount``, or None.

    >>> from datetime import date
    >>> exhausted([(date(2026, 1, 1), 2000), (date(2026, 2, 1), 2001)], 2000)
    (datetime.date(2026, 2, 1), 2001)
    """
    return next((point for point in found if point[1] > amount), None)


def rolled_back(readings, meter):
    """The days on which the meter showed less than before without having been replaced."""
    return tuple(day for day, _used, back in increments(readings, meter) if back)
