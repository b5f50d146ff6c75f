"""Rules of the lint about the rates, brackets and payouts of one component.

`bracket_findings` and `payout_findings` look at terms before they are read, the others at what `share_reading` gives.
"""

from datetime import timedelta

from .errors import EngineError
from .money import exact
from .penalty_finding import Finding
from .penalty_steps import plain
from .share_terms import OF_MONEY, SLAB


def bracket_findings(component):
    """Brackets with a hole below the first bound, two at one bound (they overlap), or out of order."""
    findings = []
    for rate in component.rates:
        bounds = _bounds(rate.brackets)
        since = "" if rate.start is None else f", from {rate.start} on"
        found = bounds and (_order(bounds, "brackets") or _hole(bounds))
        if found:
            code, sentence = found
            findings.append(Finding(code, component.key, f"{component.name}{since}: {sentence}", True))
    return findings


def payout_findings(payout, key, name):
    """No bands, two at one bound, or bands out of order."""
    if payout is None:
        return []
    if not payout.bands:
        return [Finding("no_bands", key, f"{name}: the payout by {payout.measure} has no bands", True)]
    bounds = _bounds(payout.bands)
    found = bounds and _order(bounds, f"bands of {payout.measure}", falling=not payout.high_is_good)
    return [Finding(found[0], key, f"{name}: {found[1]}", True)] if found else []


def _bounds(rows):
    try:
        return [exact(row.bound) for row in rows]
    except EngineError:
        return []  # told as malformed


def _order(bounds, what, falling=False):
    double = sorted({bound for bound in bounds if bounds.count(bound) > 1})
    if double:
        return "overlap", f"two {what} begin at {', '.join(plain(bound) for bound in double)}, so both would count"
    if bounds != sorted(bounds, reverse=falling):
        order = "from the largest to the smallest" if falling else "from the smallest to the largest"
        return "unsorted", f"the {what} do not run {order}"
    return None


def _hole(bounds):
    if bounds[0] > 0:
        return "hole", f"the first bracket begins at {plain(bounds[0])}, so less than that has no rate"
    if bounds[0] < 0:
        return "below_zero", f"the first bracket begins at {plain(bounds[0])}: the first bound is 0"
    return None


# --- components as read ---------------------------------------------------------------------------


def rate_findings(component):
    """Everything about the rates of one component."""
    for rule in (_missing, _above_whole, _differential, _cliffs, _unread, _renewed, _paid_out):
        for code, sentence, blocks in rule(component):
            yield Finding(code, component.key, f"{component.name}: {sentence}", blocks)


def _missing(component):
    if not component.rates:
        yield "no_rates", "it has no rate, so it never earns anything", True
        return
    first = component.rates[0].start
    if first is not None and component.end is not None and first >= component.end:
        yield "no_rates", f"its first rate begins on {first}, when the component has ended", True
    elif first is not None and (component.start is None or component.start < first):
        last = first - timedelta(days=1)
        yield "no_rate_before", f"there is no rate up to {last}: lines of those days show 0.00", False


def _above_whole(component):
    if component.basis not in OF_MONEY:
        return
    told = [rate for table in component.rates for rate in (table.told, table.told_hit, *table.told_rates)
            if rate is not None and rate > 100]
    if told:
        yield "above_100", f"a rate of {plain(max(told))} % is more than the whole", False


def _differential(component):
    if any(table.hit is not None and abs(table.hit) < abs(table.value) for table in component.rates):
        yield "hit_below_miss", "a line that met the standard counts less than one that did not", False


def _cliffs(component):
    """Whole-amount brackets whose rate falls: one unit more may earn less than all before it did."""
    for table in component.rates if component.bracket_rule == SLAB else ():
        for row in range(1, len(table.bounds)):
            if abs(table.rates[row]) < abs(table.rates[row - 1]):
                told = f"the rate of the whole falls at {plain(table.bounds[row])}, so more may come to less"
                yield "cliff", told, False
                return


def _unread(component):
    if component.rates and not any(table.bounds for table in component.rates):
        if component.retroactive:
            yield "unread", "it is retroactive, but has no brackets that could be reached", False
        elif component.accumulate != "period":
            yield "unread", f"it adds up over the {component.accumulate}, but has no brackets", False


def _renewed(component):
    later = [table.start for table in component.rates[1:]]
    if component.retroactive and later:
        yield "retroactive_renewed", f"the rate of {later[0]} does not reprice what was settled before that day", False


def _paid_out(component):
    payout = component.payout
    if payout is None:
        return
    yield from payout_rates(payout)


def payout_rates(payout):
    """(code, sentence, blocks) about the percentages of a payout as read."""
    highest = max(band.rate for band in payout.bands)
    if not highest:
        yield "zero_payout", f"no band of {payout.measure} pays anything out", True
    if highest > 100:
        yield "above_100", f"{payout.measure} pays {plain(highest)} % out, more than the whole", False
    rates = [band.rate for band in payout.bands]
    if rates != sorted(rates):
        yield "falling_payout", f"a better {payout.measure} pays less out", False
    if payout.minimum < 1:
        yield "no_minimum", f"{payout.measure} counts from no case on: a minimum of 1 or more is safer", False
    if payout.otherwise > highest > 0:
        told = f"without enough cases of {payout.measure} {plain(payout.otherwise)} % is paid out, more than at best"
        yield "otherwise_high", told, False
