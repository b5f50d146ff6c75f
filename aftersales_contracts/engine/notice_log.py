"""Which of the notices on record took effect, and why the others did not.

A notice counts on the recipient's day of receipt; what arrives after the cut-off, or on a closed day, counts
on the next business day. It has effect if it counts by the deadline, came from someone with authority and
was not withdrawn. Of several that have effect the earliest one decides.

>>> from datetime import time, timezone
>>> late = datetime(2026, 10, 2, 18, 30, tzinfo=timezone.utc)
>>> counted_day(late, "UTC", time(18), BusinessDays())
datetime.date(2026, 10, 5)
"""

from dataclasses import dataclass
from datetime import date, datetime

from .business_days import BusinessDays
from .errors import NaiveDatetime
from .explanation import Step
from .notice import RECEIVED
from .wallclock import load_zone


@dataclass(frozen=True)
class Notice:
    """A notice as logged: aware datetimes or None; ``authorised``: whether its sender may bind the party."""

    key: str
    sent: datetime | None
    received: datetime | None = None
    authorised: bool = True
    withdrawn: datetime | None = None


@dataclass(frozen=True)
class NoticeVerdict:
    """``effective``: the `Notice` that ends the contract, or None; ``counts_on``: its day; ``reasons``: a
    sentence by key for every other one."""

    effective: Notice | None
    counts_on: date | None
    reasons: tuple
    steps: tuple


def local_day(moment, tz, field="moment"):
    """The calendar day of an aware datetime in the zone ``tz``: never that of its UTC reading."""
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise NaiveDatetime(field, moment)
    return moment.astimezone(load_zone(tz)).date()


def counted_day(received, tz, cut_off=None, calendar=None):
    """The day on which a notice received at the instant ``received`` counts; ``cut_off`` itself is in time."""
    calendar = calendar or BusinessDays()
    day = local_day(received, tz, "received")
    reading = received.astimezone(load_zone(tz)).time()
    if calendar.is_open(day) and cut_off is not None and reading > cut_off:
        return calendar.add(day, 1)
    return calendar.on_or_after(day)


def judge(notices, safe, tz, calendar=None):
    """The `NoticeVerdict` over ``notices`` against a `LastSafeDay`; ``tz``: the recipient's IANA zone."""
    reasons, steps, valid = [], [], []
    for notice in notices:
        day = _counts_on(notice, safe, tz, calendar)
        reason = _objection(notice, day, safe)
        if reason:
            reasons.append((notice.key, reason))
        else:
            valid.append((day, notice.received or notice.sent, notice.key, notice))
        steps.append(Step("notice", f"{notice.key}: {reason or 'in time'}", day))
    if not valid:
        return NoticeVerdict(None, None, tuple(reasons), tuple(steps))
    day, _at, _key, first = min(valid, key=lambda row: row[:3])
    reasons += [(row[2], f"notice {first.key} came first") for row in valid if row[3] is not first]
    steps.append(Step("effective", f"{first.key} counts on {day}, deadline {safe.latest}", day))
    return NoticeVerdict(first, day, tuple(reasons), tuple(steps))


def _counts_on(notice, safe, tz, calendar):
    if safe.rule != RECEIVED:
        return notice.sent and local_day(notice.sent, tz, "sent")
    return notice.received and counted_day(notice.received, tz, safe.before, calendar)


def _objection(notice, day, safe):
    if notice.withdrawn is not None:
        return "it was withdrawn"
    if not notice.authorised:
        return "its sender has no authority to give notice: have it ratified, or send it again"
    if day is None:
        return f"nothing shows that it was {safe.rule}: record the evidence"
    if day > safe.latest:
        return f"it counts on {day}, after the deadline {safe.latest}"
    return None
