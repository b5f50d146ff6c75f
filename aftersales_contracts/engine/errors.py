"""The engine's errors: few, named, each naming the field and the value that was refused.

All of them are `ValueError`; a model catches `EngineError` once and shows its sentence.

>>> raise UnknownZone("tz", "Mars/Olympus")
Traceback (most recent call last):
    ...
engine.errors.UnknownZone: tz: 'Mars/Olympus' is not a known IANA time zone
"""


class EngineError(ValueError):
    """Terms or facts the engine cannot work with. ``field`` and ``value`` say which."""

    sentence = "is not usable"

    def __init__(self, field, value, sentence=None):
        self.field = field
        self.value = value
        super().__init__(f"{field}: {value!r} {sentence or self.sentence}")

    def __reduce__(self):
        return _restore, (type(self), self.field, self.value, self.args)


def _restore(kind, field, value, args):
    error = kind(field, value)
    error.args = args
    return error


class NaiveDatetime(EngineError):
    """An instant without a time zone, or something that is no instant at all."""

    sentence = "is not an instant: a datetime with a time zone is needed"


class OutOfRange(EngineError):
    """An instant in a year the calendars do not cover."""

    sentence = "lies outside the years 1900 to 2999"


class UnknownZone(EngineError):
    """A time zone the machine's zone database does not have."""

    sentence = "is not a known IANA time zone"


class BadWeekday(EngineError):
    """A weekday outside 0 (Monday) to 6 (Sunday)."""

    sentence = "is not a weekday: 0 (Monday) to 6 (Sunday) is needed"


class BadWindow(EngineError):
    """A working window that is not a pair of times of day, or is empty."""

    sentence = "is not a window: a pair like ('08:00', '12:00') is needed"


class BadHoliday(EngineError):
    """A holiday that is neither a date nor a (start, end) pair of instants."""

    sentence = "is not a holiday: a date, or a (start, end) pair of datetimes with a time zone, is needed"


class BadDuration(EngineError):
    """A target that is negative or no duration."""

    sentence = "is not a duration of zero or more"


class BadOption(EngineError):
    """A word that is not among the choices."""

    def __init__(self, field, value, choices=()):
        self.choices = tuple(choices)
        super().__init__(field, value, f"is not one of {', '.join(self.choices)}")


class NoStart(EngineError):
    """A clock none of whose events, up to now, starts it."""

    sentence = "hold no start event up to now"


class BadPeriod(EngineError):
    """A period that ends before it begins or mixes dates with instants."""

    sentence = "is not a period: an end after its start, both dates or both datetimes with a time zone, is needed"
