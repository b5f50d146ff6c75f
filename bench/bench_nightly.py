"""The nightly work on 10,000 contracts: each action with every contract due, then a night on which nothing is due.

Each contract has a price line that renews by itself, a promise of preventive maintenance, an obligation that falls
overdue, and reminders for its end and last safe day. Queries are counted for each batch of 500: they must not grow.
"""

import datetime
import os
import time

from odoo import fields
from scenario import Measure, environment, line, terms

CONTRACTS = int(os.environ.get("BENCH_CONTRACTS", "10000"))
BATCH = 500
AIM = "60 s / 10,000"
TODAY = fields.Date.today()
DAY = datetime.timedelta(days=1)


def contracts(env):
    """``CONTRACTS`` contracts in force since a year ago, each with a line, a promise and an obligation."""
    policy, _few, _calendar = terms(env, 1)
    partners = env["res.partner"].create([
        {"name": f"Night customer {n}", "is_company": True} for n in range(CONTRACTS)])
    kind = env["aftersales.obligation.type"].search([], limit=1)
    made = env["aftersales.contract"].browse()
    for start in range(0, CONTRACTS, 1000):
        chunk = env["aftersales.contract"].create([{
            "title": "Night", "partner_id": partner.id, "policy_id": policy.id, "date_start": TODAY - 365 * DAY,
            "date_end": TODAY - DAY, "renewal_kind": "automatic", "renewal_interval": 1, "renewal_unit": "year",
            "notice_period": 90, "notice_unit": "day",
            "line_ids": [(0, 0, {"name": "Fee", "quantity": 1, "price": 100, "interval": 1, "unit": "month"})],
            "promise_ids": [(0, 0, {
                "name": "Inspection", "kind": "maintenance", "maintenance_kind": "fixed", "interval": 1,
                "unit": "quarter"})],
            "obligation_ids": [(0, 0, {
                "name": "Insurance", "type_id": kind.id, "direction": "theirs", "date_due": TODAY - 3 * DAY})],
        } for partner in partners[start:start + 1000]])
        chunk._adopt("Benchmark")
        env.flush_all()
        env.cr.commit()
        env.invalidate_all()
        made |= chunk
    return made


def measured(env, step, name):
    """Run one step over everything that is due; print its time, and the queries of its batches."""
    Nightly = env["aftersales.nightly"]
    due = len(Nightly._due(step, TODAY))
    counts = []
    original = type(Nightly)._run_batch

    def counted(self, *args):
        before = env.cr.sql_log_count
        try:
            return original(self, *args)
        finally:
            counts.append(env.cr.sql_log_count - before)

    type(Nightly)._run_batch = counted
    try:
        with Measure() as taken:
            Nightly._run_step(step, TODAY, BATCH)
    finally:
        type(Nightly)._run_batch = original
    full = counts[:-1] or counts
    queries = f"{min(full)} to {max(full)} queries a batch" if full else "no batch"
    line(f"{name}: {due:,} due", f"{taken.wall:.1f} s", AIM if due else "", f"{queries}, +{taken.added:.0f} MB")
    env.cr.commit()
    env.invalidate_all()
    return taken.wall


def main():
    with environment() as env:
        began = time.perf_counter()
        made = contracts(env)
        line(f"{len(made):,} contracts made and put in force", f"{time.perf_counter() - began:.0f} s")
        # As if nobody had looked at the visits since the contracts began: four of each, three of them missed.
        env.cr.execute("DELETE FROM aftersales_breach; DELETE FROM aftersales_maintenance_visit")
        env.cr.execute("UPDATE aftersales_promise SET visits_next_on = NULL")
        env.cr.commit()
        env.invalidate_all()
        steps = sorted(env["aftersales.nightly"]._steps())
        total = measured(env, next(step for step in steps if step.key == "visits"), "80 visits")
        for step in steps:
            total += measured(env, step, f"{step.sequence} {step.key}")
        line("the whole night", f"{total:.1f} s")
        again = sum(measured(env, step, f"again: {step.sequence} {step.key}") for step in steps)
        line("the same night again", f"{again:.1f} s", note=f"{again / max(total, 0.001):.2f} of the first")
        made._write_unlocked({"do_not_renew": True, "do_not_renew_reason": "Benchmark", "date_end": TODAY - DAY})
        env.cr.commit()
        expire = next(step for step in steps if step.key == "expire")
        measured(env, expire, "all expire")
        problems = env["aftersales.nightly.problem"].search_count([])
        line("problems reported", str(problems), "0")


if __name__ == "__main__":
    main()
