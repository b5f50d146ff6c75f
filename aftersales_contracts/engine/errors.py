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

    sentence = (
        "is not a period: an end after its start, both dates or both datetimes with a time zone, is needed"
    )


# --- contracts and legal terms --------------------------------------------------------------------


class BadDate(EngineError):
    """Something that is no calendar day; an instant is refused too, for its day depends on a zone."""

    sentence = "is not a day: a date (without a time) is needed"


class BadCount(EngineError):
    """An interval, a number of days or of renewals that is no whole number of the allowed size."""

    sentence = "is not a whole number of one or more"


class BadAmount(EngineError):
    """An amount that is not exact (a float) or not a number at all."""

    sentence = "is not an exact amount: a Decimal or an int is needed"


class UnevenTotal(EngineError):
    """A total that the rounding of its currency cannot express, so that no split can add up to it."""

    sentence = "is not a whole multiple of the rounding"


class ZeroWeights(EngineError):
    """Weights among which nothing can be divided: none, negative ones, or all of them zero."""

    sentence = "are not weights to divide by: at least one above zero and none below is needed"


class BadTerms(EngineError):
    """Terms of a contract that contradict themselves."""

    sentence = "is not possible together with the other terms"


class NoBusinessDay(EngineError):
    """A calendar without a business day where one is needed."""

    sentence = "has no business day within ten years"


class RefusedTransition(EngineError):
    """An action the lifecycle does not allow; ``value`` is the state."""

    sentence = "is not a possible move"


class MissingIndex(EngineError):
    """An index value that is not there, or not final; ``field`` names the series, ``value`` the period."""

    sentence = "has no value: enter it, or wait for it to be published"


class RefusedTermination(EngineError):
    """A termination on a day, or a second time, where there is nothing to terminate."""

    sentence = "is not a day on which this contract can be terminated"


class MissingValue(EngineError):
    """Placeholders of a text for which there is no value; ``value`` names them."""

    sentence = "has no value: fill it in, a blank is never printed"


class BadPlaceholder(EngineError):
    """Double braces in a text that are no placeholder."""

    sentence = "is not a placeholder: a name like {{customer}} is needed"


class NotEntitled(EngineError):
    """A consumption above the balance that nobody approved."""

    sentence = "is more than the balance: top up, or name who approves the excess"


class OverlappingScope(EngineError):
    """A cell of the scope matrix with two executors."""

    sentence = "has more than one executor"


class NoApprovalRule(EngineError):
    """An amount and type for which the approval matrix has no row, so that nobody would approve it."""

    sentence = "is not covered by the approval matrix: add a row for it"


# --- penalties ------------------------------------------------------------------------------------


class BadTiers(EngineError):
    """Tiers that do not say which one counts: none, equal bounds, or bounds out of order."""

    sentence = "are not tiers: one bound each, in order, no two alike"


class BadFigure(EngineError):
    """A measured figure that contradicts itself, or facts that cannot be counted."""

    sentence = "is not a measured figure"


class MissingBasis(EngineError):
    """A cap or a rate in percent of an amount that is not there; ``field`` names the cap."""

    sentence = "is a percent of an amount that is not known"


# --- warranty -------------------------------------------------------------------------------------


class BadReplacement(EngineError):
    """Replacements of machines that nobody can follow: in a circle, or two where there can be but one."""

    sentence = "is replaced in a way that cannot be followed"
