"""What a dealer's share of a period comes to, line by line, and what of it is paid, to the cent.

Evaluated in this order: lines, bonus, cap, guarantee, brand fee, penalties, withholding, released, reimbursements,
carried in, carried forward, split.

>>> from datetime import date
>>> from decimal import Decimal
>>> from .period import Period
>>> from .share_terms import BrandFee, Component, Line, Rate, Rule
>>> labour = Component("labour", "Labour", kinds=frozenset({"labour"}), rates=(Rate(value=Decimal(10)),))
>>> rule = Rule("SR-3 v2", (labour,), brand_fee=BrandFee(Decimal(2)))
>>> lines = [Line("INV/1", date(2026, 3, 5), Decimal("1234.50"), kind="labour")]
>>> settlement = share(rule, lines, Period.month(2026, 3))
>>> [(line.kind, str(line.amount)) for line in settlement.lines], str(settlement.total)
([('share', '123.45'), ('brand_fee', '-24.69')], '98.76')
>>> for step in settlement.steps:
...     print(f"{step.label}: {step.detail} = {step.value}")
rule: SR-3 v2, 2026-03-01 to 2026-03-31 = 1
share: Labour: 1 line, 1234.50 at 10 % = 123.45
shares: of 1 line = 123.45
brand fee: 2 % of the revenue 1234.50 = -24.69
total: to be paid = 98.76
"""

from dataclasses import replace

from .days import last_day, require_day
from .errors import BadAmount, BadPeriod
from .money import allocate, exact, in_money
from .share_balance import Balance
from .share_exact import as_decimal
from .share_lines import Lines
from .share_payouts import paid_out, payout_sentence
from .share_reading import read
from .share_steps import PAYOUT, RULE, SHARES, SPLIT, TOTAL, Trail, plain, times
from .share_terms import RETROACTIVE, Carried, Facts, SettledLine, Settlement, Volume
from .share_told import tell_lines

_NONE = Facts()


def share(rule, lines, period, carried=0, facts=None):
    """The `Settlement` of a `Rule` for the ``lines`` of a ``period``: of days, or (first, end).

    ``carried``: a Decimal, below zero what the dealer owes, or `Carried`; ``facts``: `Facts`. Lines come in the order
    in which they count for brackets, a refund after the line that it takes from. Terms or facts that cannot be worked
    with: an `EngineError` that names them.
    """
    lines = tuple(lines)
    origins = {line.origin.key for line in lines if line.origin is not None}
    own = {line.key for line in lines if line.key in origins} if origins else ()
    reckoning = Reckoning(rule, period, carried, facts, own)
    if reckoning.needs_totals:
        reckoning.measure(lines)
    settled = tuple(reckoning.settle(lines))
    closed = reckoning.close()
    warnings = tuple(dict.fromkeys((line.warning, line.key) for line in settled if line.warning))
    return replace(closed, lines=settled + closed.lines, warnings=reckoning.figure_warnings + warnings)


class Reckoning:
    """`share` for lines that come in a stream, in constant memory.

    ``settle`` may be called many times; ``close`` ends it. ``remember``: the keys of lines of this settlement that
    refunds in it take from. Where ``needs_totals``, all lines go through ``measure`` before the first is settled, or
    ``facts`` has the totals. ``jobs``: those that were paid for, {job: line key}, for the `Carried` of the next period.
    """

    def __init__(self, rule, period, carried=0, facts=None, remember=()):
        self._terms, self._facts = read(rule), facts or _NONE
        self._carried = carried if isinstance(carried, Carried) else Carried(carried)
        self._start, self._end = _days(period)
        part = exact(self._facts.part, "part")
        if not 0 <= part <= 1:
            raise BadAmount("part", str(self._facts.part), "is not a part of a period: a number from 0 to 1 is needed")
        self._trail = Trail(self._terms.payable)
        told = f"{rule.reference}, {self._start} to {last_day(self._end)}"
        self._trail.say(RULE, told, as_decimal(part))
        self.figure_warnings = ()
        self._lines = Lines(
            self._terms, self._start, self._end, self._carried, self._facts.totals, self._percents(), remember)

    def _percents(self):
        percents, warnings = {}, []
        for component in self._terms.components:
            payout = component.payout
            if payout is None:
                continue
            figure = self._facts.figures.get(payout.measure)
            percents[component.key], warning = paid_out(payout, figure)
            sentence = payout_sentence(component.name, payout, figure)
            self._trail.say(PAYOUT, sentence, as_decimal(percents[component.key] * 100))
            if warning:
                warnings.append((warning, component.key))
        self.figure_warnings = tuple(dict.fromkeys(warnings))
        return percents

    @property
    def needs_totals(self):
        """Whether lines must be measured before they are settled: brackets for the whole amount."""
        return self._lines.accounts.needs_totals

    @property
    def jobs(self):
        """{job: key of the line that opened it} of this settlement."""
        return self._lines.jobs

    @property
    def revenue(self):
        """What the lines settled so far are shares of, in the settlement's currency: an exact Fraction."""
        return self._lines.revenue

    def measure(self, lines):
        """A first look at lines, for brackets for the whole amount; may be called many times, before `settle`."""
        self._lines.measure(lines)

    def settle(self, lines):
        """An iterator of one `SettledLine` for each line, in their order."""
        return self._lines.settle(lines)

    def close(self):
        """The `Settlement`; ``lines``: without those that `settle` gave, ``total``: with them."""
        accounts, trail = self._lines.accounts, self._trail
        repriced = accounts.reprice()
        tell_lines(self._lines, repriced, trail)
        units = sum((account.units for account in accounts.found.values()), self._lines.elsewhere[2])
        trail.say(SHARES, f"of {times(self._lines.count, 'line')}", self._money(units))
        balance = Balance(self._terms, units, self._lines.revenue, self._carried, self._facts, trail).run()
        total = self._money(balance.units)
        trail.say(TOTAL, "to be paid" if balance.units >= 0 else "to be claimed", total)
        lines = [self._repriced(account, rate) for account, rate in repriced] + balance.lines
        split = self._split(total)
        self.figure_warnings += tuple(balance.warnings)
        return Settlement(
            tuple(lines), total, trail.money(balance.owed), tuple(trail.steps), self._volumes(), split,
            self.figure_warnings + tuple(self._lines.warnings))

    def _money(self, units):
        return in_money(units, self._terms.payable)

    def _repriced(self, account, rate):
        key = account.component.key
        return SettledLine(
            RETROACTIVE, key, key, as_decimal(account.before), rate, self._money(account.repriced))

    def _volumes(self):
        """{component key: `Volume`} of the span that may go on."""
        return {
            key: Volume(as_decimal(account.reached), self._money(account.share))
            for key, account in self._lines.accounts.open_at_end().items()}

    def _split(self, total):
        percents = [percent for _payee, percent in self._terms.split]
        if not percents:
            return ()
        amounts = allocate(total, percents, self._terms.payable)
        for (payee, percent), amount in zip(self._terms.split, amounts, strict=True):
            self._trail.say(SPLIT, f"{payee}: {plain(percent)} %", amount)
        return tuple(zip((payee for payee, _percent in self._terms.split), amounts, strict=True))


def _days(period):
    first, behind = period if isinstance(period, tuple) else (period.start, period.end)
    start, end = require_day(first, "start"), require_day(behind, "end")
    if end <= start:
        raise BadPeriod("period", (start.isoformat(), end.isoformat()))
    return start, end
