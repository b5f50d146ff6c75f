"""Which component a line earns: the one that fits it closest, of those in force on its day.

>>> from datetime import date
>>> from .share_terms import Component
>>> parts = Component("parts", "Parts", kinds=frozenset({"parts"}))
>>> pumps = Component("pumps", "Pumps", categories=frozenset({"pumps"}))
>>> matcher = Matcher((parts, pumps))
>>> day = date(2026, 3, 1)
>>> [matcher.fitting("parts", "", path, day).key for path in (("seals", "pumps", "all"), ("valves", "all"))]
['pumps', 'parts']
>>> print(matcher.fitting("labour", "", (), day))
None
"""

from bisect import bisect_right

from .errors import BadTerms
from .share_terms import NO_COMPONENT, NO_RATE

_FAR = 1 << 30


class Matcher:
    """The components of a rule. ``products``: those named by any of them; ``by_category``: whether any names some:
    what a rule does not name makes no difference."""

    def __init__(self, components):
        self.components = components
        self.products = frozenset().union(*(component.products for component in components))
        self.by_category = any(component.categories for component in components)
        days = {day for component in components for day in (component.start, component.end)}
        days.update(rate.start for component in components for rate in component.rates)
        self._breaks = sorted(days - {None})

    def slot(self, day):
        """A number that is the same for all days between which nothing begins or ends."""
        return bisect_right(self._breaks, day)

    def fitting(self, kind, product, categories, day):
        """The component for such a line, or None. Two that are equally close: `BadTerms`."""
        found = [(closeness, component) for component in self.components if in_force(component, day)
                 and (closeness := _closeness(component, kind, product, categories))]
        if not found:
            return None
        closest = min(closeness for closeness, _component in found)
        best = [component for closeness, component in found if closeness == closest]
        if len(best) > 1:
            what = ", ".join(word for word in (kind, product, *categories[:1]) if word) or "any line"
            told = f"fit a line of {day} ({what}) equally well: make one of them closer, or end it"
            raise BadTerms("components", [component.key for component in best], told)
        return best[0]

    def lack(self, kind, product, categories):
        """Why there is none: some fit, but are in force on other days only (NO_RATE), or there is none at all."""
        fits = any(_closeness(component, kind, product, categories) for component in self.components)
        return NO_RATE if fits else NO_COMPONENT

    def of_key(self, key, day):
        """The component with that key, of its versions the one in force on ``day``, else the last; or None."""
        versions = [component for component in self.components if component.key == key]
        current = [component for component in versions if in_force(component, day)]
        return (current or versions or [None])[-1]


def in_force(component, day):
    """Whether a component is for lines of ``day``."""
    return (component.start is None or component.start <= day) and (component.end is None or day < component.end)


def rate_on(component, day):
    """The rate (of those read, by start) that counts on ``day``, or None: never the nearest one."""
    found = None
    for rate in component.rates:
        if rate.start is not None and day < rate.start:
            break
        found = rate
    return found


def _closeness(component, kind, product, categories):
    """The smaller, the closer; None: not for such lines."""
    if (component.products and product not in component.products) or (component.kinds and kind not in component.kinds):
        return None
    depth = _FAR
    if component.categories:
        depth = next((row for row, category in enumerate(categories) if category in component.categories), None)
        if depth is None:
            return None
    return not component.products, depth, not component.kinds
