"""Who pays which part of an item: covers in their order until 100 percent are paid, never more than each has left.

A percentage is of the item's whole cost; a later payer's is cut to what is left. Money is rounded once, by largest
remainder. Where a cap or a quota cuts, the percentages are those of what is paid, to six decimals; they sum to 100 too.

>>> [str(percent) for percent in whole([Fraction(100, 3), Fraction(200, 3)])]
['33.333333', '66.666667']
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from .errors import UnevenTotal
from .money import allocate, exact, floor_units, in_money, round_all, round_money
from .penalty_steps import plain
from .share_exact import EXACT, as_decimal
from .warranty_terms import CASE, MONEY, QUANTITY
from .warranty_verdict import CUSTOMER, Balance, Recovery, Share

HUNDRED, ZERO = Decimal(100), Decimal(0)
_PLACES = Decimal("0.000001")


class Most(NamedTuple):
    """What a cover can pay of an item at most, in percent (exact), and what holds it back."""

    percent: Any
    told: str


class Purse:
    """What a cover has left while a verdict is reckoned."""

    __slots__ = ("cover", "paid", "quota_used", "capped")

    def __init__(self, cover):
        self.cover, self.paid, self.quota_used = cover, {}, ZERO
        self.capped = cover.quota is not None or cover.policy.capped

    def most(self, item, rounding):
        """The `Most` that holds it back for ``item``, or None."""
        if not self.capped:
            return None
        found = [self._of_money(left, told, item, rounding) for left, told in self._money_left(item.kind)]
        quota = self.cover.quota
        if quota is not None and quota.unit != MONEY and self._counts(item.kind):
            found.append(self._of_quota(quota, item))
        return min(found, key=lambda most: most.percent, default=None)

    def _counts(self, kind):
        return not self.cover.quota.kinds or kind in self.cover.quota.kinds

    def _money_left(self, kind):
        """Yield (what is left, what it is left of)."""
        policy, used = self.cover.policy, self.cover.used
        benefit = policy.by_kind[kind]
        of_kind, of_all = self.paid.get(kind, ZERO), sum(self.paid.values())
        if benefit.cap is not None:
            yield benefit.cap - used.get(kind, ZERO) - of_kind, f"the cap of {plain(benefit.cap)} for {kind}"
        if benefit.claim_cap is not None:
            yield benefit.claim_cap - of_kind, f"the cap of {plain(benefit.claim_cap)} for {kind} in one claim"
        if policy.cap is not None:
            yield policy.cap - sum(used.values()) - of_all, f"the cap of {plain(policy.cap)}"
        if policy.claim_cap is not None:
            yield policy.claim_cap - of_all, f"the cap of {plain(policy.claim_cap)} in one claim"
        quota = self.cover.quota
        if quota is not None and quota.unit == MONEY and self._counts(kind):
            yield quota.left - self.quota_used, f"the quota of {plain(quota.left)}"

    def _of_money(self, left, told, item, rounding):
        if left <= 0:
            return Most(ZERO, told)
        if not item.amount:
            return Most(HUNDRED, told)
        units = floor_units(left, rounding)
        return Most(exact(in_money(units, rounding)) * 100 / exact(item.amount), told)

    def _of_quota(self, quota, item):
        told = f"the quota of {plain(quota.left)}"
        left = exact(quota.left) - exact(self.quota_used)
        if quota.unit == CASE:
            return Most(HUNDRED if self.quota_used or left >= 1 else ZERO, told)
        if left <= 0 or not item.quantity:
            return Most(ZERO if left <= 0 else HUNDRED, told)
        return Most(left * 100 / exact(item.quantity), told)

    def pay(self, item, percent, amount):
        """Write down what it pays of ``item``."""
        self.paid[item.kind] = self.paid.get(item.kind, ZERO) + (amount or ZERO)
        quota = self.cover.quota
        if quota is None or not percent or not self._counts(item.kind):
            return
        if quota.unit == CASE:
            self.quota_used = Decimal(1)
        elif quota.unit == QUANTITY:
            used = exact(self.quota_used) + exact(item.quantity) * exact(percent) / 100
            self.quota_used = as_decimal(used)
        else:
            self.quota_used += amount or ZERO

    def balance(self):
        """The `Balance` of it."""
        quota, policy = self.cover.quota, self.cover.policy
        left = cap_left = None
        if quota is not None:
            left = as_decimal(exact(quota.left) - exact(self.quota_used))
        if policy.cap is not None:
            cap_left = policy.cap - sum(self.cover.used.values()) - sum(self.paid.values())
        used = None if quota is None else self.quota_used
        return Balance(self.cover.key, dict(self.paid), used, left, cap_left)


class Payer(NamedTuple):
    """A cover that can pay for an item: what it promises and until when, its `Purse`, and what it is ordered by."""

    purse: Purse
    percent: Decimal
    end: Any
    most: Most | None
    rank: tuple


def split(item, payers, rounding):
    """(the `Share`s of ``item``, the customer's rest last; [(cover, words)] of what was cut)."""
    rest, taken, cuts = HUNDRED, [], []
    for payer in payers:
        take = min(payer.percent, rest)
        if payer.most is not None and payer.most.percent < take:
            take = exact(payer.most.percent)
            cuts.append((payer.purse.cover, payer.most.told))
        rest = exact(rest) - exact(take) if type(take) is Fraction or type(rest) is Fraction else rest - take
        taken.append(take)
        if not rest:
            break
    percents = [*taken, rest] if rest else taken
    amounts = _amounts(item, percents, rounding)
    shares = []
    for payer, percent, told, amount in zip(payers, percents, whole(percents), amounts, strict=False):
        cover = payer.purse.cover
        payer.purse.pay(item, percent, amount)
        shares.append(Share(cover.payer or cover.kind, cover.key, cover.kind, told, amount))
    if rest:
        shares.append(Share(CUSTOMER, "", CUSTOMER, whole(percents)[-1], amounts[-1]))
    return tuple(shares), cuts


def whole(percents):
    """Exact percentages that sum to 100 as Decimals that do: as they are, or to six decimals by largest remainder."""
    if any(type(percent) is Fraction for percent in percents):
        return allocate(HUNDRED, percents, _PLACES)
    return [Decimal(percent) for percent in percents]


def _amounts(item, percents, rounding):
    if item.amount is None:
        return [None] * len(percents)
    if item.amount % rounding:
        told = f"is not a whole multiple of the rounding {rounding}"
        raise UnevenTotal(f"amount of item {item.key}", str(item.amount), told)
    if len(percents) == 1:
        return [item.amount]
    return round_all([_part(item.amount, percent) for percent in percents], rounding)


def _part(amount, percent):
    if type(percent) is Fraction:
        return exact(amount) * percent / 100
    return EXACT.multiply(amount, percent).scaleb(-2, EXACT)


# --- who refunds us -------------------------------------------------------------------------------


def recover(item, shares, ours, payers, rounding):
    """The `Recovery`s of ``item`` by suppliers in their order, together never above what it costs us.

    ``ours``: keys of the covers that we bear; ``payers``: what each holds back is in percent of the cost.
    """
    percent_left = sum((share.percent for share in shares if share.cover in ours), ZERO)
    base = item.amount if item.cost is None else item.cost
    left = _our_cost(item, shares, ours, percent_left, rounding)
    found = []
    for payer in payers:
        percent = min(payer.percent, percent_left)
        if not percent:
            continue
        cover, amount = payer.purse.cover, None
        if base is not None:
            amount = min(round_money(exact(base) * exact(percent) / 100, rounding), left)
            if payer.most is not None:
                held = floor_units(exact(base) * exact(payer.most.percent) / 100, rounding)
                amount = min(amount, in_money(held, rounding))
            left -= amount
        percent_left -= percent
        payer.purse.pay(item, percent, amount)
        found.append(Recovery(item.key, cover.key, cover.payer or cover.kind, Decimal(percent), amount))
    return tuple(found)


def _our_cost(item, shares, ours, percent, rounding):
    """What we bear of the item, rounded down where it is a part of another cost than its amount."""
    if item.cost is not None:
        return in_money(floor_units(exact(item.cost) * exact(percent) / 100, rounding), rounding)
    return None if item.amount is None else sum((share.amount for share in shares if share.cover in ours), ZERO)
