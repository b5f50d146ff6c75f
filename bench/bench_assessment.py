"""Assessing penalties: closed contract periods into penalties, by the nightly step, and then a night without work.

BENCH_CONTRACTS contracts with a monthly fee and a clause of three components (resolution by started hours late,
answers by number, compliance by bands; caps of a period and of a year) have BENCH_PERIODS closed statements each, with
BENCH_CLOCKS clocks a statement of which a third are late; all facts are made by SQL. Told are the rate, the queries of
the batches, which must not grow, and the memory, which must stay flat.

BENCH_WORKERS=1 proves two workers on real processes instead: one is killed with -9 and begun anew, and every period is
assessed exactly once.
"""

import os
import signal
import subprocess
import sys
import time

from odoo import fields
from odoo.tools import SQL
from scenario import Measure, environment, line, memory_mb

WORKERS = bool(os.environ.get("BENCH_WORKERS"))
CONTRACTS = int(os.environ.get("BENCH_CONTRACTS", "300" if WORKERS else "8334"))
PERIODS = int(os.environ.get("BENCH_PERIODS", "12"))
CLOCKS = int(os.environ.get("BENCH_CLOCKS", "10"))
BATCH = int(os.environ.get("BENCH_BATCH", "500"))
FIRST = "2025-01-01"
AIM = "100,000 must be possible"

STATEMENTS = """
    INSERT INTO aftersales_statement (contract_id, company_id, partner_id, period_start, period_end, start_at, end_at,
           zone, state, name, snapshot, snapshot_hash, create_uid, create_date, write_uid, write_date)
    SELECT c.id, c.company_id, c.partner_id, month.day::date, (month.day + interval '1 month - 1 day')::date, month.day,
           month.day + interval '1 month', 'UTC', 'closed', 'BENCH/' || c.id || '/' || month.day::date, '{}', 'bench',
           1, now(), 1, now()
      FROM aftersales_contract c
     CROSS JOIN generate_series(%(first)s::timestamp, %(first)s::timestamp + (%(periods)s - 1) * interval '1 month',
                                interval '1 month') AS month (day)
     WHERE c.id = ANY(%(contracts)s)
     ORDER BY month.day, c.id"""
REQUESTS = """
    INSERT INTO aftersales_request (name, title, partner_id, company_id, contract_id, policy_id, calendar_id, impact,
           priority, status_id, kind, opened_at, active, create_uid, create_date, write_uid, write_date)
    SELECT 'B' || s.id || '-' || n, 'Bench', s.partner_id, s.company_id, s.contract_id, %(policy)s, %(calendar)s, 'low',
           (n %% 4)::text, %(status)s, 'done', s.start_at + n * interval '1 day', TRUE, 1, now(), 1, now()
      FROM aftersales_statement s CROSS JOIN generate_series(1, %(clocks)s / 2) n WHERE s.snapshot_hash = 'bench'"""
CLOCK_ROWS = """
    INSERT INTO aftersales_sla_clock (request_id, contract_id, company_id, target_id, calendar_id, metric, revision,
           cycle, is_current, state, excused, started_at, due_at, stopped_at, decided_at, duration_seconds, elapsed,
           paused)
    SELECT r.id, r.contract_id, r.company_id, t.id, %(calendar)s, t.metric, 0, 0, TRUE,
           CASE WHEN (r.id + t.id) %% 3 = 0 THEN 'breached' ELSE 'met' END, FALSE, r.opened_at,
           r.opened_at + interval '8 hours', r.opened_at + interval '1 day', r.opened_at + interval '8 hours',
           t.duration_minutes * 60, t.duration_minutes * 60 + CASE WHEN (r.id + t.id) %% 3 = 0
                                                              THEN 600 * (1 + r.id %% 90) ELSE -600 END, 0
      FROM aftersales_request r CROSS JOIN aftersales_sla_target t
     WHERE r.title = 'Bench' AND r.policy_id = %(policy)s AND t.id = ANY(%(targets)s)"""
STATED = """
    INSERT INTO aftersales_statement_clock (statement_id, contract_id, clock_ref, clock_id, request_id, target_id,
           verdict, started_at, due_at, stopped_at, elapsed)
    SELECT s.id, c.contract_id, c.id, c.id, c.request_id, c.target_id, c.state, c.started_at, c.due_at, c.stopped_at,
           c.elapsed
      FROM aftersales_statement s
      JOIN aftersales_sla_clock c ON c.contract_id = s.contract_id AND c.decided_at >= s.start_at
           AND c.decided_at < s.end_at
     WHERE s.snapshot_hash = 'bench'"""


def scenario(env):
    """Contracts in force with fee and clause, and their closed statements; returns the number of statements."""
    calendar = env["resource.calendar"].create({"name": "Bench", "tz": "UTC"})
    policy = env["aftersales.sla.policy"].create({
        "name": "Bench", "calendar_id": calendar.id, "target_ids": [
            (0, 0, {"metric": "first_response", "duration_minutes": 240}),
            (0, 0, {"metric": "resolution", "duration_minutes": 480})]})
    clause = env["aftersales.penalty.clause"].create({
        "name": "Bench", "rationale": "Bench", "period_cap_value": 20, "period_cap_base": "fee",
        "yearly_cap_value": 1500, "yearly_cap_base": "amount", "excess_rule": "carried", "component_ids": [
            (0, 0, {"name": "Repair", "kind": "per_unit", "source": "clock", "metric": "resolution", "base": "amount",
                    "rate": 10, "unit": "hour"}),
            (0, 0, {"name": "Answer", "kind": "per_breach", "source": "clock", "metric": "first_response",
                    "base": "amount", "rate": 5, "free": 1}),
            (0, 0, {"name": "Compliance", "kind": "bands", "source": "compliance", "metric": "resolution",
                    "base": "percent",
                    "band_ids": [(0, 0, {"bound": 95, "rate": 2}), (0, 0, {"bound": 80, "rate": 5})]}),
        ]})
    clause.action_release()
    made = []
    for start in range(0, CONTRACTS, 1000):
        many = min(1000, CONTRACTS - start)
        partners = env["res.partner"].create([{"name": f"Bench {start + n}"} for n in range(many)])
        chunk = env["aftersales.contract"].create([{
            "title": "Bench", "partner_id": partner.id, "policy_id": policy.id, "date_start": FIRST,
            "line_ids": [(0, 0, {"name": "Fee", "quantity": 1, "price": 1000})],
            "penalty_clause_ids": [(0, 0, {"clause_id": clause.id})]} for partner in partners])
        chunk._adopt("Benchmark")
        made += chunk.ids
        env.cr.commit()
        env.invalidate_all()
    arguments = {
        "contracts": made, "first": FIRST, "periods": PERIODS, "clocks": CLOCKS, "policy": policy.id,
        "calendar": calendar.id, "targets": policy.target_ids.ids,
        "status": env["aftersales.service.status"].search([("code", "=", "closed")], limit=1).id}
    for query in (STATEMENTS, REQUESTS, CLOCK_ROWS, STATED):
        env.cr.execute(query, arguments)
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return len(made) * PERIODS


def step_of(env):
    return next(step for step in env["aftersales.nightly"]._steps() if step.key == "penalties")


def measured(env, name, due):
    """One run of the nightly step; prints rate, queries a batch and memory."""
    Nightly = env["aftersales.nightly"]
    counts, memory = [], []
    original = type(Nightly)._run_batch

    def counted(self, *args):
        before = env.cr.sql_log_count
        try:
            return original(self, *args)
        finally:
            counts.append(env.cr.sql_log_count - before)
            memory.append(memory_mb())

    type(Nightly)._run_batch = counted
    try:
        with Measure() as taken:
            Nightly._run_step(step_of(env), None, BATCH)
    finally:
        type(Nightly)._run_batch = original
    env.cr.commit()
    full = counts[1:-1] or counts or [0]
    line(f"{name}: {due:,} contract periods", f"{taken.wall:.1f} s", AIM if due else "",
         f"{1000 * taken.wall / due:.2f} ms each, {1000 * taken.cpu / due:.2f} of it here, the rest PostgreSQL"
         if due else "")
    line("queries a batch", f"{min(full)} to {max(full)}", "must not grow", f"{len(counts)} batches of {BATCH}")
    if memory:
        tenth = memory[len(memory) // 10]
        line("memory: after a tenth, at the end, most", f"{tenth:.0f}, {memory[-1]:.0f}, {max(memory):.0f} MB", "flat")


def figures(env, due):
    def count(query):
        env.cr.execute(SQL(query))
        return env.cr.fetchone()[0]

    line("penalties", f"{count('SELECT count(*) FROM aftersales_penalty'):,}", f"{due:,}")
    line("periods assessed twice", str(count(
        "SELECT count(*) FROM (SELECT 1 FROM aftersales_penalty WHERE origin_id IS NULL "
        "GROUP BY contract_id, row_key, period_start HAVING count(*) > 1) d")), "0")
    line("contracts above the cap of the year", str(count(
        "SELECT count(*) FROM (SELECT 1 FROM aftersales_penalty GROUP BY contract_id "
        "HAVING sum(assessed) > 1500) d")), "0")
    line("lines that do not sum to their penalty", str(count(
        "SELECT count(*) FROM aftersales_penalty p WHERE p.assessed <> COALESCE((SELECT sum(l.amount) FROM "
        "aftersales_penalty_line l WHERE l.penalty_id = p.id), 0)")), "0")
    line("events stored", f"{count('SELECT count(*) FROM aftersales_penalty_event'):,}")
    line("problems reported", str(count("SELECT count(*) FROM aftersales_nightly_problem")), "0")


def work():
    with environment() as env:
        env["aftersales.nightly"]._run_step(step_of(env), None, 50)
        env.cr.commit()


def workers(due):
    def spawn():
        return subprocess.Popen([sys.executable, __file__, "work"])

    first, second = spawn(), spawn()
    time.sleep(8)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    third = spawn()
    codes = [process.wait() for process in (second, third)]
    work()
    line("workers ended with", str(codes), "[0, 0]", f"{due:,} contract periods, one worker killed")


def main():
    with environment() as env:
        began = time.perf_counter()
        due = scenario(env)
        clocks = due * (CLOCKS // 2) * 2
        line(f"{due:,} closed statements with {clocks:,} clocks made", f"{time.perf_counter() - began:.0f} s")
    if WORKERS:
        workers(due)
    with environment() as env:
        if not WORKERS:
            measured(env, "assess", due)
            measured(env, "the same night again", 0)
        figures(env, due)
        row = env["aftersales.contract.penalty"].search([], limit=500)
        with Measure() as taken:
            row.mapped("exposure_worst")
        line(f"exposure of {len(row)} contracts", f"{taken.wall:.2f} s", "", str(fields.Date.today()))


if __name__ == "__main__":
    if "work" in sys.argv:
        work()
    else:
        main()
