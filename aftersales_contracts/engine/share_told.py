"""What the steps say about the lines: how many, of what, at which rate, and the arithmetic of brackets."""

from .money import exact, in_money
from .share_exact import as_decimal
from .share_steps import BRACKET, REFUNDS, RETROACTIVE, SHARE, UNPAID, VOLUME, plain, times
from .share_terms import NO_COMPONENT, NO_COST, NO_RATE, OF_MONEY, PER_JOB

_LACKS = {
    NO_COMPONENT: "no component is for them",
    NO_RATE: "no rate was in force",
    NO_COST: "their cost is not known",
}


def tell_lines(lines, repriced, trail):
    """Add the steps of all lines: by component in the order of the rule, then what earned nothing."""
    accounts = lines.accounts
    order = {component.key: row for row, component in enumerate(reversed(accounts.matcher.components))}
    rates = {id(account): rate for account, rate in repriced}
    for account in sorted(accounts.found.values(), key=lambda account: -order[account.component.key]):
        _Teller(account, accounts.terms.payable, trail).tell(rates.get(id(account)))
    count, base, units = lines.elsewhere
    if count:
        detail = f"{times(count, 'line')} of earlier components take {_amount(trail, -base)} back"
        trail.say(REFUNDS, detail, in_money(units, accounts.terms.payable))
    for price in accounts.prices.values():
        if price.component is None and price.lines:
            _tell_unpaid(price, "", accounts.terms.payable, trail)


class _Teller:
    def __init__(self, account, unit, trail):
        self.account, self.unit, self.trail = account, unit, trail
        self.component, self.name = account.component, account.component.name

    def tell(self, rate):
        account, trail = self.account, self.trail
        if account.span is not None:
            before = self._quantity(account.before)
            now = self._quantity(account.reached - account.before)
            trail.say(VOLUME, f"{self.name}: {before} before, {now} now", as_decimal(account.reached))
        for price in account.prices:
            if price.warning and price.lines:
                _tell_unpaid(price, f"{self.name}: ", self.unit, trail)
            elif price.climbs:
                self._tell_brackets(price)
            elif price.lines:
                self._tell_price(price)
        if account.refunds:
            detail = f"{times(account.refunds, 'line')} take {self._quantity(-account.refunded)} back"
            trail.say(REFUNDS, f"{self.name}: {detail}", self._money(account.taken))
        if account.repriced:
            detail = f"{self._quantity(account.before)} at {self._rate(rate)} instead of {self._money(account.settled)}"
            trail.say(RETROACTIVE, f"{self.name}: {detail}", self._money(account.repriced))

    def _tell_brackets(self, price):
        unit = exact(self.unit)
        for row, quantity in sorted(price.slices.items()):
            if quantity:
                share = quantity * price.table.rates[row] * price.factor * unit
                detail = f"{self._quantity(quantity)} from {self._quantity(price.table.bounds[row])} on"
                rate = self._rate(price.table.told_rates[row])
                self.trail.say(BRACKET, f"{self.name}: {detail} at {rate}", self.trail.money(share))
        if price.lines:
            self.trail.say(SHARE, f"{self.name}: {times(price.lines, 'line')} by brackets", self._money(price.units))

    def _tell_price(self, price):
        standard = ""
        if price.table.hit is not None:
            standard = ", standard met" if price.hit else ", standard not met"
        detail = f"{times(price.lines, 'line')}, {self._quantity(price.total)} at {self._rate(price.rate)}{standard}"
        self.trail.say(SHARE, f"{self.name}: {detail}", self._money(price.units))

    def _quantity(self, number):
        if self.component.basis in OF_MONEY:
            return _amount(self.trail, number)
        return times_of(number, "job" if self.component.basis == PER_JOB else "unit")

    def _rate(self, rate):
        return f"{plain(rate)} %" if self.component.basis in OF_MONEY else plain(rate)

    def _money(self, units):
        return in_money(units, self.unit)


def times_of(number, noun):
    """ "1 job", "2.5 jobs"."""
    return f"{plain(number)} {noun}" if number == 1 else f"{plain(number)} {noun}s"


def _amount(trail, number):
    return trail.money(exact(number))


def _tell_unpaid(price, name, unit, trail):
    detail = f"{times(price.lines, 'line')}, {_amount(trail, price.total)}: {_LACKS[price.warning]}"
    trail.say(UNPAID, f"{name}{detail}", in_money(0, unit))
