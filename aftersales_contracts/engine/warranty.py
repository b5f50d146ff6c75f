"""Whether a failure is covered, item by item: who pays which part, why, and what is left.

What counts is the day of the failure, not that of the report. Covers pay in this order, unless one has a priority of
its own: recall, warranty, extended, contract, supplier, goodwill; among equals the one that fits the machine closest,
then what ends first, then the key. Each pays its percentage of the whole cost until 100 are reached, so a contract's
quota is not used where a warranty pays. What suppliers refund us stands beside it.

>>> from datetime import date
>>> from .warranty_facts import Asset, Item
>>> from .warranty_terms import Benefit, Cover, Policy, Quota, Term
>>> warranty = Policy("WP-1 v2", (Benefit("parts", Term(24)), Benefit("labour", Term(12), percent=Decimal(50))))
>>> care = Policy("Care v1", (Benefit("labour"), Benefit("travel")))
>>> covers = [Cover("C-1", "contract", care, start=date(2025, 1, 1), quota=Quota(Decimal(5))),
...           Cover("W-1", "warranty", warranty)]
>>> pump = Asset("P-7", dates={"delivery": date(2025, 8, 31)})
>>> items = [Item("seal", "parts", amount=Decimal("80.00")), Item("work", "labour", amount=Decimal("120.00"))]
>>> verdict = coverage(covers, pump, date(2026, 8, 30), "wear", items)
>>> for item in verdict.items:
...     print(item.key, item.payer, item.percent, [(share.payer, str(share.amount)) for share in item.shares])
seal warranty 100 [('warranty', '80.00')]
work warranty 100 [('warranty', '60.00'), ('contract', '60.00')]
>>> for step in verdict.steps:
...     print(f"{step.label}: {step.detail} = {step.value}")
failure: P-7 on 2026-08-30, cause wear = 2
cover: W-1, warranty by WP-1 v2: parts 2025-08-31 to 2027-08-30, from delivery = 100
cover: W-1, warranty by WP-1 v2: labour 2025-08-31 to 2026-08-30, from delivery = 50
cover: C-1, contract by Care v1: labour from 2025-01-01 on, as agreed = 100
does not pay: C-1: does not cover parts = 1
pays: seal: W-1 pays 100 %, as the only cover = 80.00
order: work: W-1 before C-1: warranty comes before contract = 2
pays: work: W-1 pays 50 % = 60.00
pays: work: C-1 pays 50 % = 60.00
left: C-1: 1 used of a quota of 5 = 4
"""

from dataclasses import replace
from decimal import Decimal

from .days import require_day
from .errors import BadTerms
from .explanation import Step
from .penalty_steps import plain
from .warranty_case import Case
from .warranty_meters import rolled_back
from .warranty_payers import Payer, Purse, recover, split
from .warranty_reasons import days_of, decided, nearest, rank, reason, standing
from .warranty_terms import SUPPLIER
from .warranty_verdict import (
    COVER,
    CUSTOMER,
    CUSTOMER_PAYS,
    CUT,
    FAILURE,
    LEFT,
    METER,
    OBSTACLE,
    ONLY,
    ORDER,
    PAYS,
    RECOVERS,
    USED_UP,
    ItemVerdict,
    Obstacle,
    Verdict,
)  # fmt: skip

_CENT = Decimal("0.01")


def coverage(covers, asset, on, cause="", items=(), rounding=_CENT):
    """The `Verdict` on the ``items`` of a failure of ``asset`` on the day ``on``.

    ``covers``: `Cover`s in any order; ``cause``: the word that exclusions and recalls know it by; ``items``: in the
    order in which they use up caps and quotas. Amounts are multiples of ``rounding``, that of their currency. Terms or
    facts that cannot be worked with: an `EngineError` that names them.
    """
    require_day(on, "on")
    covers, items = tuple(sorted(covers, key=standing)), tuple(items)
    _require_once(covers, "cover")
    _require_once(items, "item")
    return _Reckoning(covers, Case(covers, asset, on, cause or ""), items, rounding).verdict()


def _require_once(things, name):
    keys = [one.key for one in things]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadTerms(name, twice, "is there twice, and would pay twice: a key is its own")


class _Reckoning:
    """One verdict being reckoned."""

    def __init__(self, covers, case, items, rounding):
        self._covers, self._case, self._items, self._rounding = covers, case, items, rounding
        self._purses = {cover.key: Purse(cover) for cover in covers}
        self._ours = {cover.key for cover in covers if not cover.payer and cover.kind != SUPPLIER}
        self._refunding = any(cover.recovers for cover in covers)
        self._told, self._against, self._paid, self._recoveries, self._could = {}, {}, [], [], {}

    def verdict(self):
        items = tuple(self._item(item) for item in self._items)
        balances = tuple(purse.balance() for purse in self._could.values())
        warnings = self._warnings()
        return Verdict(items, tuple(self._steps(balances, warnings)), balances, tuple(self._recoveries), warnings)

    def _item(self, item):
        payers, obstacles = self._payers(item, False)
        shares, cuts = split(item, payers, self._rounding)
        rule, why = _rule(payers, obstacles)
        self._tell(item, shares, cuts, len(payers), why)
        if self._refunding:
            self._recover(item, shares)
        rest = shares[-1].percent if shares[-1].kind == CUSTOMER else 0
        paid = len(shares) > 1 or not rest
        told, percent = reason(shares, why) if paid else why, Decimal(100 - rest)
        return ItemVerdict(item.key, item.kind, paid, percent, shares[0].payer, told, rule, shares, tuple(obstacles))

    def _payers(self, item, recovering):
        """(`Payer`s, [(cover key, obstacle)]) among the covers that recover, or among the others."""
        payers, obstacles = [], []
        for cover in self._covers:
            if cover.recovers != recovering:
                continue
            found, most, purse = self._case.obstacle(cover, item), None, self._purses[cover.key]
            if found is None:
                self._could[cover.key] = purse
                most = purse.most(item, self._rounding)
                found = Obstacle(USED_UP, f"has used up {most.told}") if most and most.percent <= 0 else None
            if found is None:
                span = self._case.span(cover, item.kind, item.component)
                percent = cover.policy.by_kind[item.kind].percent
                self._told[cover.key, item.kind, item.component] = cover, span, percent
                payers.append(Payer(purse, percent, span.end, most, rank(cover, span.end)))
            else:
                obstacles.append((cover.key, found))
                told = cover.key, found.detail
                self._against[told] = self._against.get(told, 0) + 1
        payers.sort(key=lambda payer: payer.rank)
        return payers, obstacles

    def _recover(self, item, shares):
        at_cost = item if item.cost is None else replace(item, amount=item.cost)
        payers, _obstacles = self._payers(at_cost, True)
        for one in recover(item, shares, self._ours, payers, self._rounding):
            self._recoveries.append(one)
            told = f"{item.key}: {one.payer} refunds us {plain(one.percent)} % by {one.cover}"
            self._paid.append(Step(RECOVERS, told, one.percent if one.amount is None else one.amount))

    # --- in words ---------------------------------------------------------------------------------

    def _tell(self, item, shares, cuts, candidates, why):
        say = self._paid.append
        if candidates > 1:
            say(Step(ORDER, f"{item.key}: {why}", candidates))
        percents = {share.cover: share.percent for share in shares} if cuts else {}
        for cover, told in cuts:
            say(Step(CUT, f"{item.key}: {cover.key} is held back by {told}", percents[cover.key]))
        for share in shares:
            value = share.percent if share.amount is None else share.amount
            if share.kind == CUSTOMER:
                say(Step(CUSTOMER_PAYS, f"{item.key}: the customer pays {plain(share.percent)} %", value))
            else:
                only = f", {why}" if candidates == 1 else ""
                say(Step(PAYS, f"{item.key}: {share.cover} pays {plain(share.percent)} %{only}", value))

    def _steps(self, balances, warnings):
        case = self._case
        cause = f", cause {case.cause}" if case.cause else ""
        yield Step(FAILURE, f"{case.asset.key} on {case.on}{cause}", len(self._items))
        for (_key, kind, component), (cover, span, percent) in sorted(
            self._told.items(), key=lambda pair: standing(pair[1][0])):  # fmt: skip
            of = f" of {component}" if component else ""
            told = f"{cover.key}, {cover.kind} by {cover.policy.reference}: {kind}{of} {days_of(span)}"
            yield Step(COVER, told, percent)
            yield from self._meters(cover, kind, component)
        for warning in warnings:
            yield Step(METER, warning, 0)
        for (key, detail), count in self._against.items():
            yield Step(OBSTACLE, f"{key}: {detail}", count)
        yield from self._paid
        for balance in balances:
            if balance.quota_left is not None:
                total = plain(self._purses[balance.cover].cover.quota.left)
                told = f"{balance.cover}: {plain(balance.quota_used)} used of a quota of {total}"
                yield Step(LEFT, told, balance.quota_left)
            if balance.cap_left is not None:
                yield Step(LEFT, f"{balance.cover}: of its cap", balance.cap_left)

    def _meters(self, cover, kind, component):
        for limit in cover.policy.limits_by_kind[kind]:
            found = self._case.use(cover, kind, component, limit)
            use = found[-1][1] if found else 0
            told = "" if found else ", without a reading"
            yield Step(METER, f"{cover.key}: {plain(use)} of {plain(limit.amount)} {limit.meter}{told}", use)

    def _warnings(self):
        asset = self._case.asset
        units = [unit for unit in (asset, *asset.components) if unit.readings]
        return tuple(
            f"the meter of {meter} of {unit.key} was turned back on {day}"
            for unit in units
            for meter in sorted({reading.meter for reading in unit.readings})
            for day in rolled_back(unit.readings, meter)
            if day <= self._case.on
        )


def _rule(payers, obstacles):
    """(word, sentence): what decided who pays, or that nobody does."""
    if not payers:
        return nearest(obstacles)
    if len(payers) == 1:
        return ONLY, "as the only cover"
    return decided(*((payer.purse.cover, payer.rank, payer.end) for payer in payers[:2]))
