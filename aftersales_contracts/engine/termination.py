"""Termination: what was used, what was billed beyond it, the fee, and who owes whom.

``on`` is the first day no longer in force. The credit for unused prepaid days is given in ``full``,
replaced by an agreed amount (``override``) or withheld (``suppress``); it never exceeds what was billed.
Contract value = billed and still to bill, less the credit; terminated amount = whole term less that value.

>>> from .proration import Charge
>>> charge = Charge(Decimal(1200), date(2025, 12, 1), date(2026, 12, 1), unit="year", rule="per-month")
>>> end = terminate(charge, date(2026, 3, 1), date(2026, 6, 1), today=date(2026, 2, 1))
>>> str(end.credit), str(end.contract_value), str(end.terminated_amount)
('300.00', '300.00', '900.00')
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .days import advance, require_choice, require_count, require_day
from .errors import BadAmount, RefusedTermination
from .explanation import Step
from .money import exact, round_money

FULL, OVERRIDE, SUPPRESS = CREDITS = ("full", "override", "suppress")
FEES = ("none", "fixed", "percent_of_remaining", "periods")


@dataclass(frozen=True)
class Fee:
    """``kind``: none; fixed (``value`` an amount); percent_of_remaining (of what the rest of the term would
    cost); periods (so many times the price). ``cap``: an amount it never exceeds."""

    kind: str = "none"
    value: Decimal = Decimal(0)
    cap: Decimal | None = None


@dataclass(frozen=True)
class Termination:
    """Amounts are zero or more, except ``net`` (what the customer still owes; negative: is owed) and
    ``correction`` (``net`` less that of the termination it replaces). ``terminated_amount`` is None for a
    contract without end."""

    on: date
    used: Decimal
    billed: Decimal
    unbilled: Decimal
    credit: Decimal
    fee: Decimal
    net: Decimal
    correction: Decimal
    contract_value: Decimal
    terminated_amount: Decimal | None
    steps: tuple = field(repr=False)


def terminate(charge, on, billed_until, today, fee=None, credit=FULL, override=None, previous=None):
    """The `Termination` of the `Charge` ``charge`` with effect from the day ``on``.

    ``billed_until``: the first day not billed; ``override``: the credit agreed, for that option;
    ``previous``: the `Termination` on record, which may only be moved to an earlier day, and only while its
    own has not come. Raises `RefusedTermination`, `BadOption`, and `BadAmount` for an impossible override.
    """
    _check_day(charge, on, today, previous)
    billed_until = max(billed_until, charge.start)
    billed = charge.value(charge.start, billed_until)
    used = charge.value(charge.start, on)
    unused = max(billed - used, billed * 0)
    unbilled = max(used - billed, billed * 0)
    credited, words = _credit(credit, override, unused, billed, charge.rounding)
    due_fee, fee_words = _fee(fee or Fee(), charge, on)
    value = billed + unbilled - credited
    net = unbilled + due_fee - credited
    correction = net - previous.net if previous else net
    terminated = None if charge.end is None else charge.value() - value
    steps = [
        Step("billed", f"{charge.start} until {billed_until}", billed),
        Step("used", f"{charge.start} until {on}, {charge.rule}", used),
        Step("unbilled", "used and not billed yet", unbilled),
        Step("credit", words, credited),
        Step("fee", fee_words, due_fee),
        Step("net", "unbilled and fee, less the credit: what the customer owes", net),
    ]
    if previous:
        steps.append(Step("correction", f"replaces the termination of {previous.on}", correction))
    return Termination(on, used, billed, unbilled, credited, due_fee, net, correction, value, terminated, tuple(steps))


def _check_day(charge, on, today, previous):
    require_day(on, "on")
    if on < charge.start:
        words = f"is before the contract begins: to undo it whole, terminate it on {charge.start}"
    elif charge.end is not None and on > charge.end:
        words = f"is after the contract ends by itself, on {charge.end}"
    elif previous and previous.on <= today:
        words = f"is too late: it was terminated, with effect from {previous.on}"
    elif previous and on >= previous.on:
        words = f"is not before {previous.on}, the termination on record: withdraw that one first"
    else:
        return
    raise RefusedTermination("on", on.isoformat(), words)


def _credit(option, override, unused, billed, rounding):
    require_choice(option, "credit", CREDITS)
    if option == FULL:
        return unused, "unused prepaid days, in full"
    if option == SUPPRESS:
        return unused * 0, f"withheld; unused prepaid days come to {unused}"
    if override is None or not 0 <= exact(override, "override") <= billed:
        raise BadAmount("override", override, f"is not a credit from 0 to the {billed} billed")
    return round_money(override, rounding), f"agreed instead of the {unused} of unused prepaid days"


def _fee(fee, charge, on):
    require_choice(fee.kind, "fee", FEES)
    nothing = round_money(0, charge.rounding)
    if fee.kind == "none":
        return nothing, "none agreed"
    if charge.end is not None and on == charge.end:
        return nothing, "none: the contract ends on its own day"
    value = exact(fee.value, "fee")
    if value < 0:
        raise BadAmount("fee", str(fee.value), "is negative")
    if fee.kind == "percent_of_remaining":
        if charge.end is None:
            raise BadAmount("fee", str(fee.value), "is a percentage of a term that has no end")
        remaining = charge.value(on)
        amount, words = exact(remaining) * value / 100, f"{fee.value} percent of the remaining {remaining}"
    elif fee.kind == "periods":
        amount, words = exact(charge.price) * value, f"{fee.value} times {charge.price}"
    else:
        amount, words = value, "fixed"
    if fee.cap is not None and amount > exact(fee.cap, "cap"):
        amount, words = exact(fee.cap), f"{words}, capped"
    return round_money(amount, charge.rounding), words


def cure_ends(notified, length, unit="day", calendar=None):
    """The last day on which a breach notified on the day ``notified`` can still be cured.

    On a closed day of ``calendar`` it moves *later*: who terminates waits for the later reading.

    >>> cure_ends(date(2026, 3, 1), 30)
    datetime.date(2026, 3, 31)
    """
    day = advance(require_day(notified, "notified"), require_count(length, "length", 0), unit)
    return calendar.on_or_after(day) if calendar else day


def may_terminate_for_cause(on, cure_end, cured_on=None):
    """Whether a breach allows termination on the day ``on``: uncured, and its cure period over."""
    return on > cure_end and (cured_on is None or cured_on > cure_end)
