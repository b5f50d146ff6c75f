"""The engine's explanations of a penalty in other languages: what each step is called, and how its sentence reads.

The engine tells its steps in plain English (``engine.penalty_steps``). Here stands, for each form of its sentences, how
to take it apart and the sentence that is translated; what matches no form is told as the engine told it.
"""

import re

from ...engine import penalty_steps as steps

# pylint: disable=prefer-env-translation


def _(source):
    """Mark a string as translatable and return it unchanged."""
    return source


LABELS = {
    steps.GRACE_PERIOD: _("First days of the contract"),
    steps.NOT_MEASURED: _("Not measured"),
    steps.FIGURE: _("Figure"),
    steps.EVENTS: _("Failures"),
    steps.EXCUSED: _("Excused"),
    steps.GRACE: _("Grace"),
    steps.FREE: _("Free"),
    steps.COST: _("Cost"),
    steps.DEDUCTIBLE: _("Deductible"),
    steps.EVENT_CAP: _("Cap of a failure"),
    steps.COMPONENT_CAP: _("Cap of a measure"),
    steps.AT_RISK: _("Amount at risk"),
    steps.MULTIPLIER: _("Repetition"),
    steps.COMBINED: _("Measures together"),
    steps.CARRIED_IN: _("Carried in"),
    steps.PERIOD_CAP: _("Cap of the period"),
    steps.CARRIED_OVER: _("Carried forward"),
    steps.ROUNDING: _("Rounding"),
    steps.MINIMUM: _("Minimum"),
    steps.EARN_BACK: _("Earned back"),
    steps.YEARLY_CAP: _("Cap of the year"),
    steps.CONTRACT_CAP: _("Cap over the term"),
    steps.BONUS: _("Bonus"),
    steps.BONUS_CAP: _("Cap of bonuses"),
    steps.AMOUNT: _("Amount"),
    # of late facts (``penalty_late``)
    "told before": _("Told before"),
    "waived before": _("Waived before"),
    "difference": _("Difference"),
}
LINE_KINDS = {  # of what is no component's own
    "carried": _("Carried from the period before"),
    "minimum": _("Minimum"),
    "earned_back": _("Earned back"),
    "rounding": _("Rounding"),
    "capped": _("Cut by a cap"),
    "waived": _("Waived before"),
}
CHOICES = {  # words of the engine that stand in its sentences
    "minute": _("minutes"), "minutes": _("minutes"), "hour": _("hours"), "hours": _("hours"), "day": _("days"),
    "days": _("days"), "week": _("weeks"), "weeks": _("weeks"),
    "started": _("each one started"), "completed": _("completed ones only"), "exact": _("in proportion"),
    "sum": _("Added up"), "highest": _("The highest only"), "lowest": _("The lowest only"),
    "highest per event": _("The highest for each failure"),
    "this year": _("this year"), "so far": _("so far"),
    "counted as good": _("counted as good"), "taken out": _("taken out"),
    "all": _("the whole"),
}
N = r"-?\d+(?:\.\d+)?(?: %)?"
FORMS = (  # (form of the engine's sentence, the sentence to translate): named groups are its placeholders
    (r"no penalty for periods that begin before (?P<day>\S+)", _("Periods that begin before %(day)s cost nothing.")),
    ("nothing was measured, so there is no amount", _("Nothing was measured, so there is no amount.")),
    (rf"(?P<figure>{N}) measured, compared as (?P<rounded>{N}), (?P<target>{N}) was promised",
     _("%(figure)s measured, compared as %(rounded)s; %(target)s was promised")),
    (rf"(?P<figure>{N}) measured, (?P<target>{N}) was promised", _("%(figure)s measured; %(target)s was promised")),
    (rf"(?P<figure>{N}) measured, compared as (?P<rounded>{N})", _("%(figure)s measured, compared as %(rounded)s")),
    (rf"(?P<figure>{N}) measured", _("%(figure)s measured")),
    (rf"(?P<count>{N}) events? counted", _("Failures counted: %(count)s")),
    (r"(?P<grace>.+) of each lateness is deducted", _("%(grace)s is deducted from each delay")),
    (rf"(?P<count>{N}) events? late by (?P<grace>.+) or less", _("Late by %(grace)s or less: %(count)s")),
    (rf"(?P<count>{N}) events? not late", _("Not late: %(count)s")),
    (rf"(?P<grace>{N}) from (?P<mark>{N}), not exceeded", _("Up to %(grace)s from %(mark)s: not exceeded")),
    (rf"(?P<grace>{N}) from (?P<mark>{N}), exceeded: all of it counts",
     _("Up to %(grace)s from %(mark)s: exceeded, all of it counts")),
    (rf"(?P<grace>{N}) from (?P<mark>{N}) is deducted", _("%(grace)s from %(mark)s is deducted")),
    (rf"the first (?P<count>{N}) events? costs? nothing", _("Failures that cost nothing: %(count)s")),
    (rf"the first (?P<count>{N}) points? costs? nothing", _("Points that cost nothing: %(count)s")),
    (rf"(?P<units>{N}) (?P<rule>started|completed|exact) units of (?P<seconds>\d+) s x (?P<rate>{N})",
     _("%(units)s × %(rate)s (units of %(seconds)s s, %(rule)s)")),
    (rf"(?P<units>{N}) (?P<rule>started|completed|exact) (?P<unit>[a-z]+) x (?P<rate>{N})",
     _("%(units)s × %(rate)s (%(unit)s late, %(rule)s)")),
    (rf"(?P<count>{N}) events? x (?P<rate>{N})", _("%(count)s × %(rate)s (failures)")),
    (rf"(?P<count>{N}) points? x (?P<rate>{N})", _("%(count)s × %(rate)s (points)")),
    (rf"(?P<count>{N}) events?, below the first tier", _("%(count)s failures, below the first tier")),
    (rf"(?P<count>{N}) events?, from (?P<bound>{N}) on (?P<rate>{N}) once",
     _("%(count)s failures, from %(bound)s on %(rate)s once")),
    (rf"(?P<count>{N}) events?: (?P<sums>{N} x {N}(?: \+ {N} x {N})*)", _("%(count)s failures: %(sums)s")),
    (rf"at or below (?P<bound>{N}): (?P<rate>{N})", _("%(bound)s or less: %(rate)s")),
    (rf"at or above (?P<bound>{N}): (?P<rate>{N})", _("%(bound)s or more: %(rate)s")),
    (rf"below (?P<bound>{N}): (?P<rate>{N})", _("below %(bound)s: %(rate)s")),
    (rf"above (?P<bound>{N}): (?P<rate>{N})", _("above %(bound)s: %(rate)s")),
    ("the target is kept", _("the target is kept")),
    ("in no band", _("in no band")),
    ("within the grace", _("within the grace")),
    (rf"(?P<part>{N}) of the target x (?P<rate>{N}|all)", _("%(part)s of the target × %(rate)s")),
    (rf"(?P<amount>{N}) is borne by the other side", _("%(amount)s is borne by the other side")),
    (rf"(?P<count>{N}) events? cut to (?P<cap>{N}) each", _("Failures cut to %(cap)s each: %(count)s")),
    (rf"(?P<amount>{N}) above (?P<cap>{N}) is cut", _("%(amount)s above %(cap)s is cut")),
    (rf"(?P<count>{N}) periods? in a row, so (?P<factor>{N}) times",
     _("Periods in a row: %(count)s, so %(factor)s times")),
    (rf"(?P<how>sum|highest|lowest|highest per event) of (?P<count>{N}) components",
     _("%(how)s, of %(count)s measures")),
    (rf"(?P<amount>{N}) of the period before", _("%(amount)s of the period before")),
    ("excess of the period before", _("What a cap had cut")),
    ("above the period cap, to the next period", _("Above the cap of the period, to the next one")),
    (rf"to (?P<unit>{N}): (?P<difference>{N})", _("To %(unit)s: %(difference)s")),
    (rf"to whole (?P<unit>{N})", _("To multiples of %(unit)s")),
    (rf"(?P<amount>{N}) is below (?P<least>{N}) and raised", _("%(amount)s is below %(least)s and raised")),
    (rf"(?P<amount>{N}) is below (?P<least>{N}) and dropped", _("%(amount)s is below %(least)s and dropped")),
    (rf"raised to (?P<least>{N})", _("Raised to %(least)s")),
    (rf"below (?P<least>{N})", _("Below %(least)s")),
    (r"(?P<name>.+) was not measured: nothing is returned", _("“%(name)s” was not measured: nothing is returned")),
    (rf"(?P<name>.+) (?P<figure>{N}), more than (?P<mark>{N}) was needed: nothing is returned",
     _("%(name)s %(figure)s, more than %(mark)s was needed: nothing is returned")),
    (rf"(?P<name>.+) (?P<figure>{N}), (?P<mark>{N}) was needed: nothing is returned",
     _("%(name)s %(figure)s, %(mark)s was needed: nothing is returned")),
    (rf"(?P<name>.+) (?P<figure>{N}), (?:more than )?(?P<mark>{N}) was needed: "
     rf"(?P<count>{N}) penalt(?:y|ys|ies) returned",
     _("%(name)s %(figure)s, %(mark)s was needed: penalties returned %(count)s")),
    (rf"(?P<used>{N}) of (?P<cap>{N}) (?P<since>this year|so far): (?P<cut>{N}) is cut",
     _("%(used)s of %(cap)s were used %(since)s: %(cut)s is cut")),
    (rf"(?P<amount>{N}) is not paid in a period with a penalty",
     _("%(amount)s is not paid in a period with a penalty")),
    ("set off against the penalty", _("Set off against the penalty")),
    (rf"(?P<cap>[a-z ]+) of (?P<amount>{N})", _("%(cap)s: %(amount)s")),
    (rf"(?P<number>\S+), (?P<count>{N}) periods? ago", _("%(number)s, periods ago: %(count)s")),
    ("late facts", _("Late facts")),
    ("waived or reversed before", _("Waived or reversed before")),
    ("no more is taken back than is left", _("No more is taken back than is left")),
    ("to what was told before", _("To what was told before")),
    ("to be paid", _("To be paid")),
    ("in favour of who is measured", _("In favour of who is measured")),
)
FORMS = tuple((re.compile(form), source) for form, source in FORMS)
CUTS = frozenset({  # steps where a cap reduces the amount
    steps.EVENT_CAP, steps.COMPONENT_CAP, steps.AT_RISK, steps.PERIOD_CAP, steps.YEARLY_CAP, steps.CONTRACT_CAP,
    steps.BONUS_CAP})
COUNTED = frozenset({steps.EVENTS, steps.EXCUSED, steps.GRACE, steps.FREE, steps.FIGURE})  # values that are no amounts
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?: %)?")
