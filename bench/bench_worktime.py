"""Due instants and working time, side by side with Odoo's own: the same 1,000 pairs on the same calendar, one run."""

import random
import time
from datetime import UTC, datetime, timedelta

from scenario import environment, line, terms

PAIRS = 1000


def per_call(function, rows):
    """(microseconds a call, results) over ``rows`` of arguments."""
    began = time.perf_counter()
    results = [function(*row) for row in rows]
    return (time.perf_counter() - began) * 1e6 / len(rows), results


def compare(name, ours, theirs, aim, ratio_of=None):
    line(name, f"{ours:.2f} us", aim, f"Odoo {theirs:,.0f} us, ratio {theirs / ours:,.0f}")


def main():
    rng = random.Random(19)
    with environment() as env:
        _policy, _contracts, calendar = terms(env, 1)
        work = calendar._work_calendar()
        new_year = datetime(2026, 1, 1, tzinfo=UTC)
        opened = [new_year + timedelta(seconds=rng.randrange(300 * 86400)) for _ in range(PAIRS)]
        for low, high, label in ((1, 40 * 60, "1 min to 40 h"), (40 * 60, 1500 * 60, "40 h to 1,500 h")):
            targets = [timedelta(minutes=rng.randrange(low, high)) for _ in range(PAIRS)]
            rows = list(zip(opened, targets, strict=True))
            work.due(*rows[0])
            engine, due = per_call(work.due, rows)
            public, _same = per_call(lambda at, target: calendar._work_calendar().due(at, target), rows)
            peer_rows = rows[:200]
            peer, planned = per_call(
                lambda at, target: calendar.plan_hours(target.total_seconds() / 3600, at, compute_leaves=True),
                peer_rows)
            compare(f"due instant, target {label}, engine", engine, peer, "aim <= 2 us")
            compare(f"due instant, target {label}, through the model", public, peer, "aim <= 20 us")
            pairs = list(zip(due, planned, strict=False))
            apart = sum(abs((ours - theirs).total_seconds()) > 1 for ours, theirs in pairs if theirs)
            line("  answers that differ by more than a second", f"{apart} of {len(planned)}")
        closes = [at + timedelta(seconds=rng.randrange(365 * 86400)) for at in opened]
        rows = list(zip(opened, closes, strict=True))
        engine, elapsed = per_call(work.elapsed, rows)
        peer, counted = per_call(
            lambda at, end: calendar.get_work_hours_count(at, end, compute_leaves=True), rows[:200])
        compare("working time between two instants, up to a year", engine, peer, "")
        pairs = zip(elapsed, counted, strict=False)
        apart = sum(abs(ours.total_seconds() - theirs * 3600) > 1 for ours, theirs in pairs)
        line("  answers that differ by more than a second", f"{apart} of {len(counted)}")
        began = time.perf_counter()
        type(work)({day: [("08:00", "12:00"), ("13:00", "17:00")] for day in range(5)}, (), "Europe/Madrid").due(
            opened[0], timedelta(hours=1))
        line("a cold calendar, its first answer", f"{(time.perf_counter() - began) * 1e3:.2f} ms", "aim <= 5 ms a year")


if __name__ == "__main__":
    main()
