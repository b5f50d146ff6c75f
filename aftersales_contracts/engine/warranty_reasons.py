"""Which cover pays first, and the words for it.

>>> from .warranty_terms import Cover, Policy
>>> first, second = (Cover(key, kind, Policy("P", ())) for key, kind in (("W-1", "warranty"), ("C-1", "contract")))
>>> decided((first, rank(first, None), None), (second, rank(second, None), None))
('kind', 'W-1 before C-1: warranty comes before contract')
"""

from datetime import date

from .days import last_day
from .penalty_steps import plain
from .warranty_terms import COVER_KINDS
from .warranty_verdict import BY_END, BY_KEY, BY_KIND, BY_PRIORITY, BY_SCOPE, CUSTOMER, OBSTACLES, OTHER_ASSET

_KINDS = {kind: place for place, kind in enumerate(COVER_KINDS)}
_NEARNESS = {code: place for place, code in enumerate(OBSTACLES)}


def standing(cover):
    """What covers are ordered by, whatever their days."""
    return cover.rank, _KINDS[cover.kind], cover.scope.width, cover.key


def rank(cover, end):
    """What the covers that can pay are ordered by; ``end``: of the cover for that kind of item, None: without end."""
    return cover.rank, _KINDS[cover.kind], cover.scope.width, end or date.max, cover.key


def decided(one, other):
    """(word of CRITERIA, sentence): why ``one`` comes before ``other``, each a (cover, rank, end)."""
    (first, rank_, end), (second, other_rank, _end) = one, other
    place = next(place for place in range(len(rank_)) if rank_[place] != other_rank[place])
    if place == 0 and first.priority is None and second.priority is None:
        place = 1
    rule = (BY_PRIORITY, BY_KIND, BY_SCOPE, BY_END, BY_KEY)[place]
    return rule, f"{first.key} before {second.key}: {_why(rule, first, second, end)}"


def _why(rule, first, second, end):
    if rule == BY_KIND:
        return f"{first.kind} comes before {second.kind}"
    if rule == BY_PRIORITY:
        return f"priority {first.rank} comes before priority {second.rank}"
    if rule == BY_SCOPE:
        return "it fits the machine closer"
    return f"it ends first, on {last_day(end)}" if rule == BY_END else "all else is equal, by key"


def nearest(obstacles):
    """(word of OBSTACLES, sentence): what stands against the cover that came closest to paying.

    ``obstacles``: ((cover, `Obstacle`), ...) in the order of the covers. One for another machine is never named.
    """
    found = [pair for pair in obstacles if pair[1].code != OTHER_ASSET]
    if not found:
        return OTHER_ASSET, "no cover is for this machine"
    key, one = max(found, key=lambda pair: _NEARNESS[pair[1].code])  # the first among equals
    return one.code, f"{key}: {one.detail}"


def reason(shares, why):
    """Who pays how much, and why, as one sentence."""
    told = []
    for share in shares:
        who = "the customer" if share.kind == CUSTOMER else share.cover
        told.append(f"{who} pays {plain(share.percent)} %")
    return f"{', '.join(told)}: {why}"


def days_of(span):
    """The days of a `Span` and where they come from."""
    since = "as agreed" if span.told == "agreed" else f"from {span.told}"
    if span.end is None:
        return f"from {span.start} on, {since}"
    return f"{span.start} to {last_day(span.end)}, {since}"
