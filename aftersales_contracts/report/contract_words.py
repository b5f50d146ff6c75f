"""Term, notice and price rules of a contract in whole sentences."""

from __future__ import annotations

from .agreement import span_text
from .agreement_values import ContractValues, IndexRule, PriceRow, Schedule, UsageRow

RENEWALS = {
    "none": "It ends with its last day and is not renewed.",
    "manual": "It is renewed only if the parties agree on it before the term ends.",
    "automatic": "At the end of a term it is renewed by %(span)s, unless notice was given in time; prices may be "
                 "revised then.",
    "extension": "At the end of a term it is extended by %(span)s at unchanged terms, unless notice was given in time.",
    "evergreen": "It goes on by %(span)s at a time until notice is given.",
}
PRORATIONS = {
    "actual/actual": "Parts of a period are charged by their days over the days of the full period.",
    "30/360": "Parts of a period are charged by months of 30 days and years of 360.",
    "per-month": "Parts of a period are charged by calendar months, a part of one by that month's own days.",
}


def term_sentences(values: ContractValues) -> list[str]:
    """How long the contract runs, how it goes on and how it is ended."""
    term, label = values.term, values.label
    if term.end:
        found = [values.phrase("The contract runs from %(start)s to %(end)s, both days included.",
                               start=term.start, end=term.end)]
    else:
        found = [values.phrase("The contract runs from %(start)s, without a fixed end.", start=term.start)]
    if term.not_renewed:
        found.append(label("It is agreed that it will not be renewed again."))
    elif term.renewal in RENEWALS and (term.end or term.renewal != "evergreen"):
        found.append(_renewal(values))
        if term.maximum is not None and term.renewal not in ("none", "evergreen"):
            found.append(values.phrase("Number of renewals at most: %(count)s.", count=term.maximum))
    if term.grace_days and not term.not_renewed:
        found.append(values.phrase("It can still be renewed up to %(span)s after its end.",
                                   span=span_text(values, (term.grace_days, "day"))))
    return found + _notice(values)


def _renewal(values: ContractValues) -> str:
    term = values.term
    every = span_text(values, term.every or (1, "year"))
    return values.phrase(RENEWALS[term.renewal], span=every)


def _notice(values: ContractValues) -> list[str]:
    term, label = values.term, values.label
    if not term.notice:
        return []
    span = span_text(values, term.notice)
    if not term.end:
        found = [values.phrase("Either party may end it by giving notice of %(span)s.", span=span)]
    elif term.counted_from == "renewal":
        found = [values.phrase("Notice is given at least %(span)s before the day on which it would be renewed.",
                               span=span)]
    else:
        found = [values.phrase("Notice is given at least %(span)s before the term ends.", span=span)]
    if term.method:
        found.append(values.phrase("Notice is given in this way: %(method)s.", method=term.method))
    if term.receipt == "received":
        found.append(label("The day on which it is received counts."))
        if term.cut_off:
            found.append(values.phrase("What arrives after %(time)s counts as received on the next business day.",
                                       time=term.cut_off))
    elif term.receipt == "sent":
        found.append(label("The day on which it is sent counts."))
    if term.last_safe_day:
        found.append(values.phrase("For the present term the last safe day to send it is %(day)s.",
                                   day=term.last_safe_day))
        found.append(label("A deadline that falls on a closed day moves to the business day before it."))
    return found


def schedule_sentences(values: ContractValues, schedule: Schedule) -> list[str]:
    """When working time runs."""
    if schedule.around_the_clock:
        return [values.label("Time counts around the clock, on every day of the year.")]
    intro = values.phrase("Time counts only within the working schedule “%(name)s” (times in %(zone)s):",
                          name=schedule.name, zone=schedule.zone)
    after = values.label("Holidays of the schedule do not count.")
    return [intro, "\n".join(schedule.hours), after]


def price_sentences(values: ContractValues, row: PriceRow) -> list[str]:
    """The rules of a price line, below its figures."""
    found = []
    if row.start or row.end:
        found.append(" – ".join(filter(None, (row.start, row.end or "…"))))
    if isinstance(row, UsageRow):
        found += row.tariff
    if row.post_paid is not None and row.every:
        found.append(values.label("Charged after each period." if row.post_paid else "Charged in advance."))
    if row.proration in PRORATIONS and row.every:
        found.append(values.label(PRORATIONS[row.proration]))
    if row.index:
        found += index_sentences(values, row.index)
    elif row.increase:
        found.append(values.phrase("The price changes by %(percent)s with each renewal.", percent=row.increase))
    elif row.fixed:
        found.append(values.label("The price is fixed for the whole term."))
    return found


def index_sentences(values: ContractValues, rule: IndexRule) -> list[str]:
    """The indexation clause in words."""
    if rule.method == "base":
        source = "The price follows the index %(series)s: the price agreed, times the new value, over the value of " \
                 "%(base)s."
    else:
        source = "The price follows the index %(series)s: the last price, times the new value, over the value before " \
                 "(first: %(base)s)."
    found = [values.phrase(source, series=rule.series, base=rule.base or "–")]
    if rule.cap:
        found.append(values.phrase("It rises by at most %(percent)s at a time.", percent=rule.cap))
    if rule.floor:
        found.append(values.phrase("It changes by no less than %(percent)s at a time.", percent=rule.floor))
    if rule.cap_over_term:
        found.append(values.phrase("Over the whole term it rises by at most %(percent)s.", percent=rule.cap_over_term))
    found.append(values.label("A value that is not published yet leaves the price as it is."))
    return found
