"""Evaluation database to database: everything written, nothing changed, growth from 10k to 1M events, due clocks."""

import sys

from scenario import Measure, environment, facts, line, memory_mb, queue, terms, work_off

SIZES = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000]


def main():
    with environment() as env:
        policy, contracts, calendar = terms(env)
        facts(env, 100, policy, contracts, calendar)
        work_off(env)  # warm: calendars, caches, plans
        idle = memory_mb()
        for size in SIZES:
            last = facts(env, size // 9, policy, contracts, calendar)
            with Measure() as written:
                peak = work_off(env)
            line(f"evaluate {size:,} events, every row written", f"{size / written.wall:,.0f}/s", "aim >= 30,000/s",
                 f"{written.wall:.1f} s wall, {written.cpu:.1f} s CPU here, peak +{peak - idle:.0f} MB")
            env.cr.execute("ANALYZE aftersales_sla_clock")
            queue(env, last)
            with Measure() as same:
                peak = work_off(env)
            line(f"evaluate {size:,} events, nothing changed", f"{size / same.wall:,.0f}/s", "aim >= 120,000/s",
                 f"{same.wall:.1f} s wall, {same.cpu:.1f} s CPU here, peak +{peak - idle:.0f} MB")


if __name__ == "__main__":
    main()
