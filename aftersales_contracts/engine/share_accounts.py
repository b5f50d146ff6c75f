"""What the lines of one component come to: the volume that its brackets go by, and the total that is rounded.

A running account rounds its total, not its lines: each line gets the difference of the rounded total before and after
it, so cutting a line in two changes nothing. Shares are counted in whole payable units.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any

from .errors import BadTerms
from .money import nearest_units
from .share_exact import ONE, exact_of
from .share_matching import rate_on
from .share_prices import NOTHING, Price, told_rate
from .share_terms import NO_COST, NO_RATE, PER_LINE, REVENUE, SLAB

_ALL = Fraction(1)


@dataclass(slots=True)
class Account:
    """``before``, ``settled``: volume before this period, and its share in units; ``coming``: what all lines of this
    period add; ``volume``: reached so far; ``exactly``, ``rounded``: the running total; ``prices``: of its lines;
    ``refunds``, ``refunded``, ``taken``: lines, volume and units taken back; ``gone``, ``apart``: the part of both that
    is of earlier spans, whose volume was another one; ``repriced``: units that brackets reached now add to what was
    settled before."""

    component: Any
    span: Any
    table: Any
    before: Fraction = NOTHING
    settled: int = 0
    coming: Fraction = NOTHING
    volume: Fraction = NOTHING
    exactly: Fraction = NOTHING
    rounded: int = 0
    begun: bool = False
    prices: list = field(default_factory=list)
    refunds: int = 0
    refunded: Fraction = NOTHING
    taken: int = 0
    gone: Fraction = NOTHING
    apart: int = 0
    repriced: int = 0

    def run(self, exactly):
        """Add to the running total; returns the units that this line gets."""
        self.exactly += exactly
        rounded = nearest_units(self.exactly, ONE)
        units, self.rounded = rounded - self.rounded, rounded
        return units

    def climb(self, price, measure):
        """``measure`` more volume (less, below zero) through the brackets of a price: exact units."""
        table, start = price.table, self.volume
        self.volume = start + measure
        low, high, sign = (start, self.volume, 1) if measure >= 0 else (self.volume, start, -1)
        slices = price.slices
        row, last, share = table.reached(low), table.reached(high), NOTHING
        while True:
            upper = high if row == last else table.bounds[row + 1]
            part = sign * (upper - low)
            slices[row] = slices.get(row, NOTHING) + part
            share += part * table.rates[row]
            if row == last:
                return share * price.factor
            low, row = upper, row + 1

    def take_back(self, measure, units, earlier):
        """A refund; ``earlier``: of an earlier span."""
        self.refunds += 1
        self.refunded += measure
        self.taken += units
        if earlier:
            self.gone += measure
            self.apart += units
        else:
            self.volume += measure

    @property
    def units(self):
        """What this period brought: its lines, those that take back, and what was repriced."""
        return sum(price.units for price in self.prices) + self.taken + self.repriced

    @property
    def share(self):
        """The units of its volume, those of this period included."""
        return self.settled + self.units - self.apart

    @property
    def reached(self):
        """The volume with all lines settled so far."""
        earned = (price.total for price in self.prices if not price.warning)
        return self.before + self.refunded - self.gone + sum(earned, NOTHING)


class Accounts:
    """The accounts and prices of a rule's components, each made when a line first needs it."""

    def __init__(self, terms, matcher, spans, carried, totals, percents):
        self.terms, self.matcher, self.spans, self.carried = terms, matcher, spans, carried
        self.totals, self.percents, self.measured = totals, percents, False
        self.per_unit = 1 / Fraction(terms.payable)
        self.found, self.prices = {}, {}

    def of(self, component, table, day):
        """The account in which a line of ``day`` counts. Where brackets for the whole reach back, a new rate begins a
        new one: it does not reprice what was settled at the old one."""
        span = self.spans.of(component.accumulate, day) if has_brackets(component) else None
        apart = span is not None and component.retroactive
        key = component.key, component.basis, span, id(table) if apart else None
        account = self.found.get(key)
        if account is None:
            account = self.found[key] = Account(component, span, table)
            if span is not None:
                self._bring(account)
        return account

    def _bring(self, account):
        """What was settled before in its span."""
        component, span = account.component, account.span
        first = self.matcher.of_key(component.key, self.spans.start)
        volume = self.carried.volumes.get(component.key)
        since = max((day for day in (component.start, account.table and account.table.start) if day), default=None)
        renewed = component.retroactive and since is not None and since >= self.spans.start
        if (volume is not None and first.basis == component.basis and not renewed
                and self.spans.goes_on(component.accumulate, span, self.carried.until)):
            account.before = account.volume = exact_of(volume.base, "volume", component.key)
            account.settled = nearest_units(exact_of(volume.share, "volume", component.key), self.terms.payable)
        given = self.totals.get(component.key)
        if given is not None and not self.measured:
            account.coming = exact_of(given.base, "total", component.key)

    def taken_from(self, component, facts, settled):
        """(account of a refund, whether what it takes from counted in a span before those of this period).
        ``settled``: the day as of which that was settled, None: its own."""
        day = settled or facts.rate_day
        table = rate_on(component, facts.rate_day)
        earlier = has_brackets(component) and day < self.spans.first(component.accumulate)
        return self.of(component, table, facts.day if earlier else day), earlier

    def none(self, warning, component=None, account=None):
        """The price of lines that get nothing, and why."""
        price = self.prices.get((warning, id(account)))
        if price is None:
            price = self.prices[warning, id(account)] = Price(component, account, warning=warning)
            if account is not None:
                account.prices.append(price)
        return price

    def without_cost(self, price):
        return self.none(NO_COST, price.component, price.account)

    def price(self, account, component, table, hit=False):
        """The price of an account's lines at a `Table`; None: no rate is in force."""
        if table is None:
            return self.none(NO_RATE, component, account)
        key = id(account), id(table), hit
        price = self.prices.get(key)
        if price is None:
            price = self.prices[key] = self._make(account, component, table, hit)
            if account.before and not account.begun:
                self._begin(account, price)
            account.prices.append(price)
        return price

    def _make(self, account, component, table, hit):
        part = self.percents.get(component.key, _ALL)
        if table.bounds and component.bracket_rule != SLAB:
            price = Price(component, account, table, self.per_unit * part)
            price.climbs = price.running = True
            return price
        if table.bounds:
            row = table.reached(self._whole(account))
            rate, told = table.rates[row], table.told_rates[row]
        else:
            rate, told = (table.hit, table.told_hit) if hit else (table.value, table.told)
        price = Price(component, account, table, rate * self.per_unit * part, told_rate(component, told, part), hit)
        price.running = self.terms.rounding != PER_LINE or bool(table.bounds and component.retroactive)
        price.plain = (
            component.basis == REVENUE and not price.running and price.decimal is not None and table.hit is None)
        return price

    def _whole(self, account):
        """The volume with all lines of the period."""
        if not self.measured and account.component.key not in self.totals:
            told = "has brackets for the whole: what all its lines come to must be measured before one is settled"
            raise BadTerms("component", account.component.key, told)
        return account.before + account.coming

    def _begin(self, account, price):
        """The running total begins where that of the period before ended."""
        if price.climbs:
            table = rate_on(price.component, max(account.span, self.spans.start)) or price.table
            account.exactly = (table if table.bounds else price.table).marginal(account.before) * price.factor
        elif price.component.retroactive:
            account.exactly = account.before * price.factor
        account.begun, account.rounded = True, nearest_units(account.exactly, ONE)

    @property
    def needs_totals(self):
        """Whether brackets for the whole ask for totals that nobody gave."""
        return not self.measured and any(
            component.bracket_rule == SLAB and has_brackets(component) and component.key not in self.totals
            for component in self.matcher.components)

    def reprice(self):
        """Let brackets that reach back count for what was settled before: [(account, rate), ...] where that differs."""
        found = []
        for account in self.found.values():
            table = account.table
            if not account.component.retroactive or table is None or not table.bounds:
                continue
            row, account.repriced = table.reached(account.reached), 0
            due = nearest_units(account.reached * table.rates[row] * self.per_unit, ONE)
            account.repriced = due - account.share
            if account.repriced:
                found.append((account, told_rate(account.component, table.told_rates[row])))
        return found

    def open_at_end(self):
        """{component key: the account that the next period goes on with}, of the components with brackets."""
        last, found = self.spans.end - timedelta(days=1), {}
        for key in dict.fromkeys(component.key for component in self.matcher.components):
            component = self.matcher.of_key(key, last)
            if has_brackets(component):
                found[key] = self.of(component, rate_on(component, last), last)
        return found


def has_brackets(component):
    """Whether any of its rates is by brackets, so that a volume adds up."""
    return any(table.bounds for table in component.rates)
