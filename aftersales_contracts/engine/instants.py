"""Aware datetimes to whole epoch seconds and back: the engine's only time arithmetic.

Fractions of a second are dropped from instants (an event at 10:00:00.9 happened at 10:00:00).

>>> from datetime import datetime, timezone
>>> epoch_seconds(datetime(1970, 1, 1, 0, 1, 0, 999999, tzinfo=timezone.utc))
60
>>> instant(60).isoformat()
'1970-01-01T00:01:00+00:00'
"""

from datetime import datetime, timedelta, timezone

from .errors import BadDuration, NaiveDatetime

UTC = timezone(timedelta(0))  # works on Python 3.10 too, where datetime.UTC is missing
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400
# An end nobody has set yet; later than every instant a calendar covers.
OPEN_END = 1 << 62

_fromtimestamp = datetime.fromtimestamp


def epoch_seconds(at, field="instant"):
    """Whole seconds since 1970 in UTC, rounded down. A datetime without a zone raises `NaiveDatetime`."""
    try:
        since = at - EPOCH
        return since.days * DAY + since.seconds
    except (TypeError, AttributeError):
        raise NaiveDatetime(field, at) from None


def instant(seconds):
    """The aware UTC datetime of ``seconds`` since 1970; None stays None."""
    return None if seconds is None else _fromtimestamp(seconds, UTC)


def whole_seconds(duration, field="target"):
    """A timedelta in whole seconds, rounded up: half a second of target takes a full one."""
    try:
        seconds = duration.days * DAY + duration.seconds + (duration.microseconds > 0)
    except AttributeError:
        raise BadDuration(field, duration) from None
    if duration.days < 0:
        raise BadDuration(field, duration)
    return seconds


def span(seconds):
    """A timedelta of whole seconds."""
    return timedelta(seconds=seconds)
