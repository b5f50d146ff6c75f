"""Penalties by the engine alone: a million late events into 50,000 assessments, and 100,000 periods of contracts.

The events are made in lots and forgotten, as a nightly run reads them, so that the memory shown is the engine's. Only
assessing is timed, in seconds of one core. Clauses are such as people sign: a rate for each started hour, with and
without every cap, and three components with figures, events and a bonus. No database is needed: also
`./dev python bench/bench_penalties.py`.
"""

import random
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

from scenario import line, memory_mb

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "aftersales_contracts"))
from engine.penalty import assess  # noqa: E402
from engine.penalty_terms import (  # noqa: E402
    AMOUNT,
    BANDS,
    HIGHEST_PER_EVENT,
    OF_FEE,
    PER_POINT,
    PER_UNIT,
    Cap,
    Clause,
    Component,
    Event,
    Figure,
    Ledger,
    Measures,
    Tier,
)

LOT = 1000
EACH = 20
LIMIT = 5.0  # seconds for a million events
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
FEE = Decimal("1234.56")
LEDGER = Ledger(Decimal(300), Decimal(2500), misses={"fix": 1})

FIX = Component("fix", "Time to fix", PER_UNIT, AMOUNT, Decimal("12.50"))
CAPPED = Component(
    "fix", "Time to fix", PER_UNIT, AMOUNT, Decimal("2.50"), grace=Decimal(600), event_cap=Cap(Decimal(40)),
    cap=Cap(Decimal(40), OF_FEE), multipliers=(Decimal(1), Decimal("1.5")))
ANSWER = Component("answer", "Time to answer", PER_UNIT, rate=Decimal("0.5"), cap=Cap(Decimal(20), OF_FEE))
UPTIME = Component("uptime", "Uptime", BANDS, tiers=(
    Tier(Decimal("99.9"), Decimal(10)), Tier(Decimal("99.0"), Decimal(25)), Tier(Decimal(95), Decimal(100))))
BONUS = Component("content", "Satisfaction", PER_POINT, rate=Decimal(2), target=Decimal(95), bonus=True)
CAPS = {"period_cap": Cap(Decimal(30), OF_FEE), "yearly_cap": Cap(Decimal(5000)), "contract_cap": Cap(Decimal(20000))}


def late_events(rng, key, number=EACH):
    """So many failures of a contract in a month, one in twenty of them excused."""
    return tuple(
        Event(f"REQ/{rng.randrange(10**6):06}", rng.randrange(60, 60 * 60 * 48), "",
              "customer cause" if rng.randrange(20) == 0 else None)
        for _each in range(number))


def assessing(clauses, measures_of, number, ledger=LEDGER):
    """(seconds, largest memory added) of ``number`` assessments; ``clauses``: a function giving the clause of each."""
    rng, seconds = random.Random(7), 0.0
    before, peak = memory_mb(), 0.0
    for _lot in range(number // LOT):
        rows = [(clauses(), measures_of(rng)) for _each in range(LOT)]
        began = time.process_time()
        for clause, measures in rows:
            assess(clause, measures, FEE, ledger)
        seconds += time.process_time() - began
        peak = max(peak, memory_mb() - before)
    return seconds, peak


def of_events(*keys):
    return lambda rng: Measures(MARCH, APRIL, {}, {key: late_events(rng, key) for key in keys})


def of_a_contract(rng):
    total = 31 * 24 * 60
    return Measures(
        MARCH, APRIL,
        {"uptime": Figure(good=total - rng.randrange(600), total=total),
         "content": Figure(Decimal(rng.randrange(900, 1000)) / 10)},
        {"fix": late_events(rng, "fix", rng.randrange(4))}, Decimal(15000))


def million(name, clause, *keys):
    """A million events into 50,000 assessments."""
    seconds, peak = assessing(lambda: clause, of_events(*keys), 50000)
    aim = f"aim <= {LIMIT:.0f} s"
    note = f"{seconds / LIMIT:.2f} of it; {seconds / 50000 * 1e6:.0f} us each; memory +{peak:.0f} MB"
    line(f"1,000,000 late events, 50,000 assessments, {name}", f"{seconds:.2f} s", aim, note)


def periods(name, clauses):
    """100,000 periods of contracts."""
    seconds, peak = assessing(clauses, of_a_contract, 100000)
    note = f"{seconds / 1e5 * 1e6:.0f} us each; memory +{peak:.0f} MB"
    line(f"100,000 contract periods, {name}", f"{seconds:.2f} s", "", note)


def main():
    million("a rate an hour", Clause("PC-1 v1", (FIX,)), "fix")
    million("with every cap", Clause("PC-1 v1", (CAPPED,), **CAPS), "fix")
    both = Clause("PC-1 v1", (CAPPED, ANSWER), HIGHEST_PER_EVENT, **CAPS)
    seconds, _peak = assessing(lambda: both, of_events("fix", "answer"), 5000)
    note = f"{seconds / 5000 * 1e6:.0f} us each"
    line("5,000 assessments of 2 x 20 events, highest per event", f"{seconds:.2f} s", "", note)
    whole = Clause("PC-2 v3", (UPTIME, CAPPED, BONUS), **CAPS)
    periods("one clause", lambda: whole)
    periods("a clause of its own each", lambda: Clause("PC-2 v3", (UPTIME, CAPPED, BONUS), **CAPS))


if __name__ == "__main__":
    main()
