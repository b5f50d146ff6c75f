"""The engine's explanations of a settlement in other languages: what each step is called, and how its sentence reads.

The engine tells its steps in plain English (``engine.share_told``, ``engine.share_balance``). Here stands, for each
form of its sentences, how to take it apart and the sentence that is translated; what matches no form stays as it was.
"""

import re

from ...engine import share_steps as steps

# pylint: disable=prefer-env-translation


def _(source):
    """Mark a string as translatable and return it unchanged."""
    return source


LABELS = {
    steps.RULE: _("Share rule"),
    steps.PAYOUT: _("Paid out"),
    steps.SHARE: _("Share"),
    steps.VOLUME: _("Volume"),
    steps.BRACKET: _("Bracket"),
    steps.REFUNDS: _("Refunds"),
    steps.RETROACTIVE: _("Retroactive"),
    steps.UNPAID: _("Without a share"),
    steps.SHARES: _("All shares"),
    steps.BONUS: _("Bonus"),
    steps.CAP: _("Cap"),
    steps.GUARANTEE: _("Guarantee"),
    steps.BRAND_FEE: _("Brand fee"),
    steps.PENALTY: _("Penalty"),
    steps.WITHHOLDING: _("Withholding"),
    steps.RELEASED: _("Released from a dispute"),
    steps.REIMBURSEMENT: _("Reimbursement of claims"),
    steps.CARRIED_IN: _("Carried in"),
    steps.CARRIED_FORWARD: _("Carried forward"),
    steps.TOTAL: _("Total"),
    steps.SPLIT: _("Payee"),
}
CHOICES = {  # words of the engine that stand in its sentences
    "no component is for them": _("the share rule has nothing for them"),
    "no rate was in force": _("no rate was in force"),
    "their cost is not known": _("their cost is not known"),
    "revenue": _("revenue"),
    "share": _("share"),
    "met": _("met"),
    "not met": _("not met"),
    "compliance": _("compliance"),
    "scorecard": _("scorecard"),
    "csat": _("customer satisfaction"),
}
NOUNS = {  # with a number before them
    "line": _("one line"), "lines": _("%(count)s lines"),
    "job": _("one job"), "jobs": _("%(count)s jobs"),
    "unit": _("one unit"), "units": _("%(count)s units"),
    "case": _("one case"), "cases": _("%(count)s cases"),
}
N = r"-?\d+(?:\.\d+)?"
P = rf"{N} %"
Q = rf"{N}(?: jobs?| units?)?"
LINES = r"\d+ lines?"
CASES = r"\d+ cases?"
DAY = r"\d{4}-\d{2}-\d{2}"
PART = r"\d+/\d+"
FORMS = (  # (form of the engine's sentence, the sentence to translate): named groups are its placeholders
    (rf"(?P<name>.+), (?P<first>{DAY}) to (?P<last>{DAY})", _("%(name)s, %(first)s to %(last)s")),
    (rf"(?P<measure>\S+) was not measured, so (?P<percent>{P}) is paid out",
     _("%(measure)s was not measured, so %(percent)s is paid out")),
    (rf"(?P<measure>\S+) (?P<figure>{N}) of (?P<cases>{CASES}), (?P<least>\d+) are needed, so (?P<percent>{P}) is paid "
     "out", _("%(measure)s %(figure)s of %(cases)s; %(least)s are needed, so %(percent)s is paid out")),
    (rf"(?P<measure>\S+) (?P<figure>{N}) of (?P<cases>{CASES}): (?P<percent>{P}) is paid out",
     _("%(measure)s %(figure)s of %(cases)s: %(percent)s is paid out")),
    (rf"(?P<lines>{LINES}) by brackets", _("%(lines)s by brackets")),
    (rf"(?P<lines>{LINES}), (?P<base>{Q}) at (?P<rate>{N}(?: %)?), standard (?P<standard>met|not met)",
     _("%(lines)s, %(base)s at %(rate)s, standard %(standard)s")),
    (rf"(?P<lines>{LINES}), (?P<base>{Q}) at (?P<rate>{N}(?: %)?)", _("%(lines)s, %(base)s at %(rate)s")),
    (rf"(?P<before>{Q}) before, (?P<now>{Q}) now", _("%(before)s before, %(now)s now")),
    (rf"(?P<base>{Q}) from (?P<bound>{Q}) on at (?P<rate>{N}(?: %)?)", _("%(base)s from %(bound)s on at %(rate)s")),
    (rf"(?P<lines>{LINES}) of earlier components take (?P<base>{Q}) back",
     _("%(base)s taken back by %(lines)s of earlier components")),
    (rf"(?P<lines>{LINES}) take (?P<base>{Q}) back", _("%(base)s taken back by %(lines)s")),
    (rf"(?P<base>{Q}) at (?P<rate>{N}(?: %)?) instead of (?P<amount>{N})",
     _("%(base)s at %(rate)s instead of %(amount)s")),
    (rf"(?P<lines>{LINES}), (?P<base>{Q}): (?P<lack>.+)", _("%(lines)s, %(base)s: %(lack)s")),
    (rf"of (?P<lines>{LINES})", _("of %(lines)s")),
    (rf"(?P<percent>{P}) of (?P<amount>{N}), of which (?P<part>{P})",
     _("%(percent)s of %(amount)s, of which %(part)s")),
    (rf"(?P<percent>{P}) of (?P<amount>{N})", _("%(percent)s of %(amount)s")),
    (rf"(?P<percent>{P}) of the (?P<what>revenue|share) (?P<amount>{N})",
     _("%(percent)s of the %(what)s %(amount)s")),
    (rf"(?P<amount>{N}) for (?P<fraction>{PART}) of a period, of which (?P<part>{P})",
     _("%(amount)s for %(fraction)s of a period, of which %(part)s")),
    (rf"(?P<amount>{N}) for (?P<fraction>{PART}) of a period", _("%(amount)s for %(fraction)s of a period")),
    (rf"(?P<amount>{N}), of which (?P<part>{P})", _("%(amount)s, of which %(part)s")),
    (rf"(?P<amount>{N}) above (?P<cap>{N}) is cut", _("%(amount)s above %(cap)s is cut")),
    (rf"(?P<amount>{N}) is raised to (?P<least>{N}) for (?P<fraction>{PART}) of a period",
     _("%(amount)s is raised to %(least)s for %(fraction)s of a period")),
    (rf"(?P<amount>{N}) is raised to (?P<least>{N})", _("%(amount)s is raised to %(least)s")),
    ("of earlier periods", _("Of earlier periods")),
    ("to the next period", _("To the next period")),
    ("to be paid", _("To be paid")),
    ("to be claimed", _("To be claimed")),
    (r"(?:penalty|line|reimbursement):\d+: (?P<name>.+)", _("%(name)s")),
    (rf"(?P<payee>\d+): (?P<percent>{P})", _("%(payee)s: %(percent)s")),
)
FORMS = tuple((re.compile(form), source) for form, source in FORMS)
COUNTED = frozenset({steps.RULE, steps.PAYOUT})  # values that are no amounts
QUANTITY = re.compile(rf"(?P<count>{N}) (?P<noun>[a-z]+)")
# How the engine tells brackets, for their table: see `settlement_brackets`.
BRACKET = re.compile(rf"(?P<base>{N})(?: \w+)? from (?P<bound>{N})(?: \w+)? on at (?P<rate>{N})(?P<percent> %)?")
VOLUME = re.compile(rf"(?P<before>{N})(?: \w+)? before, (?P<now>{N})(?P<unit> \w+)? now")
PRICED = re.compile(rf"{LINES}, (?P<base>{N})(?: \w+)? at (?P<rate>{N})(?P<percent> %)?")
