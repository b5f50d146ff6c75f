"""The last safe day to send a notice, counted back from the end of a contract.

From the end (or the day after it) the notice period is counted back; months fall on the same day, or on the
last of a shorter month. A deadline on a closed day moves *earlier*: the later reading is never relied on.
Where the notice must be *received*, the days of delivery are taken off too, in business days.

>>> safe = last_safe_day(date(2026, 12, 31), 90, "day", method="registered", receipt_rule="received")
>>> safe.deadline, safe.day
(datetime.date(2026, 10, 2), datetime.date(2026, 9, 29))
"""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from .business_days import BusinessDays
from .days import UNITS, advance, month_length, require_choice, require_count, require_day
from .errors import BadOption, BadTerms
from .explanation import Step

BUSINESS_DAY = "business_day"
RECEIVED, SENT = RECEIPT_RULES = ("received", "sent")
END, RENEWAL = COUNTED_FROM = ("end", "renewal")
# Business days from sending to receipt; a contract may say otherwise (``delivery_days``).
METHODS = {"hand": 0, "email": 0, "portal": 0, "courier": 1, "post": 2, "registered": 3}


@dataclass(frozen=True)
class LastSafeDay:
    """``day``: the last day to send; ``deadline``: the business day by which the notice must have been
    ``rule`` (received or sent); ``latest``: the same as the contract counts it, closed day or not; ``before``:
    the time of day on the deadline after which receipt counts for the next business day, or None."""

    day: date
    deadline: date
    latest: date
    rule: str
    before: time | None
    steps: tuple = field(repr=False)

    def days_left(self, today):
        """Days until the last safe day; 0: it is today; negative: it has passed."""
        return (self.day - today).days


def last_safe_day(
    end,
    period,
    unit,
    method="registered",
    receipt_rule=RECEIVED,
    calendar=None,
    cut_off=None,
    counted_from=END,
    delivery_days=None,
    sender_calendar=None,
):
    """The `LastSafeDay` for a contract whose last day in force is ``end``.

    ``period`` ``unit``s of notice (day, week, month, quarter, year, business_day); ``counted_from``: "end"
    or "renewal", the day after it. ``calendar``: the recipient's `BusinessDays` (None: Monday to Friday),
    ``sender_calendar``: the sender's where it differs. ``cut_off``: a time, or a whole hour.
    """
    calendar = calendar or BusinessDays()
    require_choice(receipt_rule, "receipt_rule", RECEIPT_RULES)
    require_choice(counted_from, "counted_from", COUNTED_FROM)
    steps = [Step("end", "the last day in force", require_day(end, "end"))]
    latest = _latest(end, period, unit, counted_from, calendar, steps)
    days = _delivery(method, delivery_days) if receipt_rule == RECEIVED else 0
    sender = sender_calendar or calendar
    deadline = _earlier(latest, calendar if receipt_rule == RECEIVED else sender, steps)
    before = _time(cut_off) if receipt_rule == RECEIVED else None
    if before is not None:
        words = f"received after {before:%H:%M} counts on the next business day: arrive before it"
        steps.append(Step("cut-off", words, before))
    day = deadline
    if receipt_rule == SENT:
        steps.append(Step("receipt rule", "sending it in time is enough: no days for delivery", deadline))
    else:
        day = calendar.add(deadline, -days)
        words = f"must be received; by {method}: {days} {_words(BUSINESS_DAY, days)} of delivery"
        steps.append(Step("receipt rule", words, day))
        day = _earlier(day, sender, steps)
    steps.append(Step("last safe day", f"{day:%A}", day))
    return LastSafeDay(day, deadline, latest, receipt_rule, before, tuple(steps))


def _latest(end, period, unit, counted_from, calendar, steps):
    """The deadline as the contract counts it, on a closed day or not."""
    origin = end
    if counted_from == RENEWAL:
        origin = end + timedelta(days=1)
        steps.append(Step("renewal date", "the day after the end, from which the contract counts", origin))
    latest = _counted_back(origin, require_count(period, "period", 0), unit, calendar)
    steps.append(Step("notice period", f"{period} {_words(unit, period)} before {origin}", latest))
    return latest


def _counted_back(origin, period, unit, calendar):
    require_choice(unit, "unit", (*UNITS, BUSINESS_DAY))
    if unit == BUSINESS_DAY:
        return calendar.add(origin, -period)
    return advance(origin, -period, unit)


def _delivery(method, delivery_days):
    if delivery_days is not None:
        return require_count(delivery_days, "delivery_days", 0)
    if method not in METHODS:
        raise BadOption("method", method, sorted(METHODS))
    return METHODS[method]


def _earlier(day, calendar, steps):
    moved = calendar.on_or_before(day)
    if moved != day:
        why = "a holiday" if day in calendar.holidays else f"a {day:%A}"
        steps.append(Step("moved earlier", f"{day} is {why}", moved))
    return moved


def _time(cut_off):
    if cut_off is None or isinstance(cut_off, time):
        return cut_off
    if isinstance(cut_off, bool) or not isinstance(cut_off, int) or not 0 < cut_off < 24:
        raise BadTerms("cut_off", cut_off, "is not a time of day: a whole hour from 1 to 23 is needed")
    return time(cut_off)


def _words(unit, number):
    return unit.replace("_", " ") + ("" if number == 1 else "s")


def earliest_end(received, period, unit, to="day"):
    """The last day in force of a contract without end, after a notice that counts as received that day.

    ``to``: day, month, quarter or year, to the end of which the contract runs then.

    >>> earliest_end(date(2026, 2, 10), 3, "month", to="quarter")
    datetime.date(2026, 6, 30)
    """
    require_choice(to, "to", ("day", "month", "quarter", "year"))
    day = advance(require_day(received, "received"), require_count(period, "period", 0), unit)
    if to == "day":
        return day
    size = {"month": 1, "quarter": 3, "year": 12}[to]
    month = -(-day.month // size) * size
    return date(day.year, month, month_length(day.year, month))
