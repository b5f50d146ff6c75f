"""The days of a cover: where it begins, how long it lasts, and what replacements and repairs make of it.

Months are counted as everywhere in the engine, from the first day and on its day of the month: twelve months from
29 February 2024 are over on 28 February 2025, so that the 27th is the last day; 48 months are over on 29 February 2028.

>>> rule = StartRule(INSTALLATION, at_most=Term(6))
>>> started(rule, {"delivery": date(2026, 8, 31), "installation": date(2027, 5, 1)})
(datetime.date(2027, 2, 28), '6 months after delivery on 2026-08-31')
>>> extended(date(2026, 1, 1), date(2027, 1, 1), [Repair(date(2026, 12, 30), date(2027, 1, 4))], date(2027, 1, 4))
datetime.date(2027, 1, 6)
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from .days import advance, anchored, month_number
from .errors import BadReplacement
from .penalty_steps import times
from .warranty_facts import Repair
from .warranty_terms import INHERIT, INSTALLATION, RESET, RESTART, StartRule, Term

__all__ = [
    "INSTALLATION", "NOWHERE", "Repair", "Span", "StartRule", "Term", "extended", "history", "span_of", "started",
]  # fmt: skip
_ONE = timedelta(days=1)


class Span(NamedTuple):
    """In force on the days ``[start, end)`` (None: without end). ``counted``: the day from which the term runs, on the
    ``anchor`` day of the month; ``told``: how it came about. ``start`` None: it never begins, and ``told`` says why.
    ``chain``: the `Replacement`s that count."""

    start: date | None
    end: date | None
    counted: date | None
    anchor: int
    told: str
    chain: tuple = ()


NOWHERE = Span(None, None, None, 1, "")


def started(rule, dates):
    """(day, how it came about) by a `StartRule` and {trigger: day}; (None, what is missing) without any day."""
    day, told = _triggered(rule, dates)
    if day is None:
        trigger = next((trigger for trigger in rule.otherwise if trigger in dates), None)
        if trigger is None:
            wanted = dict.fromkeys((rule.trigger, *((rule.after,) if rule.at_most else ()), *rule.otherwise))
            return None, f"no day of {' or '.join(wanted)} is known"
        day, told = dates[trigger], _words(trigger)
    return (day + _ONE, f"the day after {told}") if rule.day_after else (day, told)


def _triggered(rule, dates):
    day = dates.get(rule.trigger)
    base = dates.get(rule.after) if rule.at_most is not None else None
    if base is not None:
        latest = finish(base, rule.at_most)
        if day is None or day > latest:
            return latest, f"{times(rule.at_most.count, rule.at_most.unit)} after {_words(rule.after)} on {base}"
    return day, _words(rule.trigger)


def _words(trigger):
    return trigger.replace("_", " ")


def extended(start, end, repairs, on):
    """``end`` moved by the whole days in repair that lie in ``[start, end)``, those before the moved end included. Days
    in two repairs count once; a repair without an end counts up to ``on``."""
    at = start
    for repair in sorted(repairs, key=lambda one: one.start):
        first, behind = max(repair.start, at), repair.end or on + _ONE
        if first < end and first < behind:
            end += behind - first
            at = behind
    return end


def finish(day, term, anchor=None):
    """The first day after ``term`` from ``day`` on; None without a term."""
    return None if term is None else _later(day, term.count, term.unit, anchor)


_later = lru_cache(maxsize=65536)(advance)  # many machines begin on the same days


def anchor_at(end, anchor):
    """The anchor of what goes on at ``end``: the same one where ``end`` lies on it, else that of ``end`` itself.

    >>> anchor_at(date(2026, 2, 28), 31), anchor_at(date(2026, 3, 4), 31)
    (31, 4)
    """
    return anchor if end.day == anchor or anchored(month_number(end), anchor) == end else end.day


# --- replacements ---------------------------------------------------------------------------------


def history(unit):
    """The `Replacement`s that led to ``unit``, the first in front. `BadReplacement` for a circle, for one machine that
    replaces two or is replaced twice, and for days that run backwards."""
    if not unit.replacements:
        return ()
    by_new = _checked(unit.replacements)
    found, path = [], [unit.key]
    while path[-1] in by_new:
        found.append(by_new[path[-1]])
        path.append(found[-1].old.key)
        if path.count(path[-1]) > 1:
            raise BadReplacement("replacement", unit.key, f"goes in a circle: {' replaces '.join(path)}")
    found.reverse()
    for one, other in zip(found, found[1:], strict=False):
        if other.day < one.day:
            told = f"was replaced on {other.day}, before it replaced {one.old.key} on {one.day}"
            raise BadReplacement("replacement", one.new, told)
    return tuple(found)


def _checked(replacements):
    by_new, by_old = {}, {}
    for one in replacements:
        if by_new.get(one.new, one) != one:
            both = f"replaces both {by_new[one.new].old.key} and {one.old.key}: one machine replaces one"
            raise BadReplacement("replacement", one.new, both)
        if by_old.get(one.old.key, one) != one:
            both = f"was replaced by both {by_old[one.old.key].new} and {one.new}: one machine is replaced once"
            raise BadReplacement("replacement", one.old.key, both)
        by_new[one.new] = by_old[one.old.key] = one
    return by_new


def span_of(cover, benefit, unit, on, begin=None, kit=None):
    """The `Span` of ``cover`` for one kind of item of ``unit``, as known on the day ``on``.

    ``begin``: (in force from, counted from, anchor, how) of a cover that follows another one. ``kit``: whose days count
    for a component that came with it.
    """
    policy = cover.policy
    chain = history(unit)
    if chain and policy.resale == RESET and unit.owners:
        sale = unit.resale_on(on)
        chain = () if sale is not None and sale.day >= chain[-1].day else chain
    first = chain[0].old if chain else unit
    if begin is None:
        begin = _beginning(cover, first if first.dates else kit or first, chain[0].day if chain else on)
    start, counted, anchor, told = begin
    if start is None:
        return NOWHERE._replace(told=told)
    units = [*(one.old for one in chain), unit] if policy.repair_extends else ()
    repairs = [repair for one in units for repair in one.repairs]
    counted, end, restarted = _ending(cover, benefit, begin, chain, repairs, on)
    if restarted:
        anchor, told = counted.day, f"replacement on {counted}"
    if chain and chain[-1].day > start:
        start = chain[-1].day
        told = told if restarted else f"{told} of {first.key}, which it replaced on {start}"
    return Span(start, end, counted, anchor, told, chain)


def _beginning(cover, first, until):
    """(start, counted, anchor, told) of a cover for the first unit of its chain."""
    policy = cover.policy
    if cover.start is not None:
        return cover.start, cover.start, cover.start.day, "agreed"
    day, told = started(policy.start, first.dates_on(until, policy.resale == RESET))
    return day, day, day and day.day, told


def _ending(cover, benefit, begin, chain, repairs, on):
    """(counted from, end, whether it was restarted)."""
    _start, counted, anchor, _told = begin
    policy = cover.policy
    end, restarted = _end(cover, counted, benefit.term, anchor, repairs, on), False
    if policy.replacement == INHERIT:
        return counted, end, False
    for replacement in chain:
        day = replacement.day
        if day < counted or (end is not None and day >= end):
            continue  # before it began, or after its end: nothing is revived
        again = _end(cover, day, policy.replacement_term or benefit.term, None, repairs, on)
        if policy.replacement == RESTART or (end is not None and (again is None or again > end)):
            counted, end, restarted = day, again, True
    return counted, end, restarted


def _end(cover, counted, term, anchor, repairs, on):
    ends = [end for end in (finish(counted, term, anchor), cover.end) if end is not None]
    end = min(ends) if ends else None
    return end if end is None or not repairs else extended(counted, end, repairs, on)
