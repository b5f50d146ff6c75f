"""One failure as its covers see it: which machines they are for, their days, their use, and what stands against them.

Asked in the order of `OBSTACLES`: another machine, cause or kind of item; replaced, no day, not begun, ended, used
beyond its limit; void, transferred, excluded.

>>> from .warranty_facts import Asset, Item
>>> from .warranty_terms import Benefit, Cover, Policy, Term
>>> cover = Cover("W-1", "warranty", Policy("WP-1", (Benefit("parts", Term(12)),)))
>>> case = Case((cover,), Asset("P-7", dates={"delivery": date(2025, 3, 10)}), date(2026, 3, 10), "")
>>> case.obstacle(cover, Item("seal", "parts"))
Obstacle(code='ended', detail='parts ended on 2026-03-09')
"""

from datetime import date

from .days import last_day
from .errors import BadOption, BadTerms
from .penalty_steps import plain
from .warranty_dates import NOWHERE, anchor_at, history, span_of
from .warranty_meters import exhausted, series
from .warranty_serials import ANY_MACHINE
from .warranty_terms import CONSENT, FREE, KIT, RECALL, TOTAL, Benefit
from .warranty_verdict import (
    ENDED,
    EXCLUDED,
    EXHAUSTED,
    NO_BENEFIT,
    NO_DATE,
    NOT_BEGUN,
    OTHER_ASSET,
    OTHER_CAUSE,
    REPLACED,
    TRANSFERRED,
    VOIDED,
    Obstacle,
)

_ELSE = Obstacle(OTHER_ASSET, "is not for this machine")


class Case:
    """The covers of one failure of an asset on a day. What was found once is remembered for the other items."""

    def __init__(self, covers, asset, on, cause):
        self.asset, self.on, self.cause = asset, on, cause
        self._covers = {cover.key: cover for cover in covers}
        self._units = {unit.key: unit for unit in asset.components}
        self._spans, self._uses, self._fitting, self._general, self._following = {}, {}, {}, {}, set()

    # --- which machine ----------------------------------------------------------------------------

    def unit(self, component):
        """The component with that key, or the asset itself."""
        if not component:
            return self.asset
        if component not in self._units:
            raise BadOption(f"component of {self.asset.key}", component, sorted(self._units))
        return self._units[component]

    def counted_unit(self, cover, component):
        """The machine whose days count: the component where it has days of its own and the policy counts them."""
        if not component:
            return self.asset
        unit = self.unit(component)
        own = cover.policy.kit != KIT and (unit.dates or unit.replacements)
        return unit if own else self.asset

    def is_for(self, cover, component):
        """Whether ``cover`` is for the machine: for itself, its kit, or what it replaced (not a recall)."""
        if cover.scope.width == ANY_MACHINE:
            return True
        key = cover.key, component
        if key not in self._fitting:
            self._fitting[key] = self._fits(cover, component)
        return self._fitting[key]

    def _fits(self, cover, component):
        units = [self.asset] if not component else [self.unit(component), self.asset]
        if cover.kind != RECALL:
            units += [one.old for unit in tuple(units) for one in history(unit)]
        return any(cover.scope.fits(unit) for unit in units)

    # --- its days and its use ---------------------------------------------------------------------

    def span(self, cover, kind, component=""):
        """The `Span` of ``cover`` for a kind of item."""
        key = cover.key, kind, component
        if key not in self._spans:
            benefit = cover.policy.by_kind.get(kind) or Benefit(kind)
            begin = self._after(cover, kind, component) if cover.follows else None
            unit = self.counted_unit(cover, component)
            self._spans[key] = span_of(cover, benefit, unit, self.on, begin, self.asset)
        return self._spans[key]

    def _after(self, cover, kind, component):
        """(in force from, counted from, anchor, how) of a cover that begins where another one ends."""
        base = self._covers.get(cover.follows)
        if base is None:
            raise BadTerms(f"follows of {cover.key}", cover.follows, "is no cover of this machine")
        if cover.key in self._following:
            raise BadTerms(f"follows of {cover.key}", cover.follows, "goes in a circle: each begins after the other")
        self._following.add(cover.key)
        kinds = [kind] if kind in base.policy.by_kind else list(base.policy.by_kind)
        spans = [(self.span(base, one, component), one) for one in kinds]
        self._following.discard(cover.key)
        span, one = max(spans, key=lambda pair: pair[0].end or date.max, default=(NOWHERE, kind))
        if span.start is None or span.end is None:
            why = span.told if span.start is None else "never ends"
            return None, None, 1, f"{base.key}, which it follows: {why}"
        reached = self.beyond(base, one, component)
        start = min(span.end, reached[1][0]) if reached else span.end
        counted, anchor = span.end, anchor_at(span.end, span.anchor)
        if cover.start is not None and cover.start > counted:
            return cover.start, cover.start, cover.start.day, "agreed"
        return start, counted, anchor, f"the end of {base.key}"

    def use(self, cover, kind, component, limit):
        """[(day, use)] of the limit's meter up to the day of the failure."""
        span = self.span(cover, kind, component)
        key = cover.key, component, limit.meter, limit.since, span.start, span.counted
        if key not in self._uses:
            self._uses[key] = self._series(cover, component, limit, span)
        return self._uses[key]

    def _series(self, cover, component, limit, span):
        unit = self.counted_unit(cover, component)
        if limit.since == TOTAL:
            return series(((self._readings(unit, limit.meter), None, None),), limit.meter, self.on)
        stretches, after = [], min(span.start, span.counted)
        for one in span.chain:
            if one.day > span.counted:
                stretches.append((one.old.readings, after, one.day))
                after = one.day
        stretches.append((self._readings(unit, limit.meter), after, None))
        return series(stretches, limit.meter, self.on)

    def _readings(self, unit, meter):
        own = any(reading.meter == meter for reading in unit.readings)
        return unit.readings if own else self.asset.readings

    def beyond(self, cover, kind, component):
        """(limit, (day, use)) of the limit that was passed first, or None."""
        if not cover.policy.limits_by_kind.get(kind):
            return None
        passed = [
            (limit, point)
            for limit in cover.policy.limits_by_kind.get(kind, ())
            if (point := exhausted(self.use(cover, kind, component, limit), limit.amount))
        ]
        return min(passed, key=lambda pair: pair[1][0], default=None)

    # --- what stands against it -------------------------------------------------------------------

    def obstacle(self, cover, item):
        """The `Obstacle` against ``cover`` paying for ``item``, or None."""
        key = cover.key, item.kind, item.component
        if key not in self._general:
            self._general[key] = self._obstacle_of_kind(cover, item.kind, item.component)
        found = self._general[key]
        cause = item.cause or self.cause
        if cover.causes and cause not in cover.causes and (found is None or found.code != OTHER_ASSET):
            return Obstacle(OTHER_CAUSE, f"is for the cause {' or '.join(sorted(cover.causes))} only")
        return found or _excluded(cover, item, cause)

    def _obstacle_of_kind(self, cover, kind, component):
        if not self.is_for(cover, component):
            return _ELSE
        benefit = cover.policy.by_kind.get(kind)
        if benefit is None or not benefit.percent:
            return Obstacle(NO_BENEFIT, f"does not cover {kind}")
        return self._out_of_days(cover, kind, component) or self._lapsed(cover, kind, component)

    def _out_of_days(self, cover, kind, component):
        replaced = cover.kind != RECALL and self._replaced(cover, component)
        if replaced:
            return Obstacle(REPLACED, f"went over to {replaced.new}, which replaced it on {replaced.day}")
        span = self.span(cover, kind, component)
        if span.start is None:
            return Obstacle(NO_DATE, span.told)
        if self.on < span.start:
            return Obstacle(NOT_BEGUN, f"{kind} begins on {span.start}, {_from(span.told)}")
        passed = self.beyond(cover, kind, component)
        if span.end is not None and self.on >= span.end and not (passed and passed[1][0] < span.end):
            return Obstacle(ENDED, f"{kind} ended on {last_day(span.end)}" if span.end > span.start else "has no days")
        if passed:
            limit, (day, use) = passed
            return Obstacle(EXHAUSTED, f"{plain(use)} {limit.meter} on {day} are above {plain(limit.amount)}")
        return None

    def _replaced(self, cover, component):
        """The `Replacement` by which the machine was taken out of service, unless it was sold again since."""
        unit = self.counted_unit(cover, component)
        if not unit.replacements:
            return None
        history(unit)  # refuses what cannot be followed
        gone = (one for one in unit.replacements if one.old.key == unit.key and one.day <= self.on)
        found = next(gone, None)
        sale = unit.resale_on(self.on) if found else None
        return None if sale is not None and sale.day >= found.day else found

    def _lapsed(self, cover, kind, component):
        for void in cover.voids:
            if self.on >= void.day and (not void.kinds or kind in void.kinds):
                return Obstacle(VOIDED, f"is void since {void.day}: {void.reason}")
        unit = self.unit(component)
        unit = unit if unit.owners else self.asset
        if cover.policy.transfer == FREE or not unit.owners:
            return None
        first, now = unit.owner_on(self.span(cover, kind, component).counted), unit.owner_on(self.on)
        if now.owner == first.owner or (cover.policy.transfer == CONSENT and now.consent):
            return None
        why = "without consent" if cover.policy.transfer == CONSENT else "and it is not transferable"
        return Obstacle(TRANSFERRED, f"was given to {first.owner}; since {now.day} the owner is {now.owner}, {why}")


def _from(told):
    return "as agreed" if told == "agreed" else f"from {told}"


def _excluded(cover, item, cause):
    for one in cover.policy.exclusions:
        if (
            (not one.kinds or item.kind in one.kinds)
            and (not one.products or item.product in one.products)
            and (not one.categories or not one.categories.isdisjoint(item.categories))
            and (not one.causes or cause in one.causes)
        ):
            return Obstacle(EXCLUDED, f"excludes it: {one.reason}")
    return None
