"""Statements: 1,000 contracts of a month each, refreshed, closed, drawn and stored; Latin and Chinese; memory."""

import statistics
import sys
import time

from scenario import Measure, environment, facts, line, memory_mb, terms, work_off

CONTRACTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
AFTER = "2026-04-20"  # the facts lie in January to March 2026


def prepare(env, language):
    """Contracts with about ten decided clocks a month, their customers reading ``language``."""
    policy, contracts, calendar = terms(env, CONTRACTS)
    contracts.partner_id.lang = language
    contracts.company_id.statement_mail = False
    contracts.statement_start = "2026-02-01"
    facts(env, CONTRACTS * 10, policy, contracts, calendar)
    work_off(env)
    return contracts


def close(env, contracts):
    """Close one period of each contract as the scheduled action does; returns the statements."""
    drafts = contracts._due_periods_of(None)
    periods = [rows[0] for rows in drafts.values()]
    statements = env["aftersales.statement"]._drafts(periods)
    with Measure() as measure:
        for at in range(0, len(statements), 100):
            statements[at:at + 100]._close(env.user)
            env.cr.commit()
            env.invalidate_all()
    return statements, measure


def main():
    with environment() as env:
        env["res.lang"]._activate_lang("zh_TW")
        env["ir.module.module"]._load_module_terms(["base", "aftersales_contracts"], ["zh_TW"])
        env.cr.commit()
        for label, language, aim in (("Latin", "en_US", "aim <= 25 s stored"), ("Chinese", "zh_TW", "")):
            contracts = prepare(env, language)
            with Measure() as refreshed:
                env["aftersales.compliance"]._refresh(contracts)
                env.cr.commit()
            line(f"compliance of {CONTRACTS:,} contracts refreshed", f"{refreshed.wall:.2f} s")
            close(env, contracts[:50])  # fonts, caches
            idle = memory_mb()
            statements, closed = close(env, contracts)
            line(f"{len(statements):,} statements closed and stored, {label}", f"{closed.wall:.1f} s", aim,
                 f"{closed.cpu:.1f} s CPU here, memory +{memory_mb() - idle:.0f} MB")
            draw(env, statements, label)


def draw(env, statements, label):
    """Fetch the snapshots and draw every PDF anew."""
    env.invalidate_all()
    times = []
    with Measure() as drawn:
        for at in range(0, len(statements), 100):
            for statement in statements[at:at + 100]:
                began = time.perf_counter()
                statement._draw(statement.snapshot)
                times.append((time.perf_counter() - began) * 1e3)
            env.invalidate_all()
    aim = "aim <= 10 s" if label == "Latin" else "aim <= 15 s"
    line(f"{len(statements):,} statements fetched and drawn, {label}", f"{drawn.wall:.1f} s", aim,
         f"one: median {statistics.median(times):.1f} ms; {drawn.cpu:.1f} s CPU, memory +{drawn.added:.0f} MB")


if __name__ == "__main__":
    main()
