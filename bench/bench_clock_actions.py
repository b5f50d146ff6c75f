"""The scheduled action over many clocks: nothing to do, 1,000 clocks falling due, one contract of 200 events."""

import statistics
import sys
import time

from odoo import fields
from scenario import NOW, environment, facts, line, terms, work_off

CLOCKS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000


def milliseconds(function, repeats=20):
    """Median milliseconds of ``repeats`` calls."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        function()
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times)


def many_clocks(env, policy, contracts, calendar):
    """``CLOCKS`` decided clocks by SQL over 2,000 requests: only their number matters to the indexes."""
    last = facts(env, 2_000, policy, contracts, calendar)
    work_off(env)
    env.cr.execute("""
        INSERT INTO aftersales_sla_clock (request_id, contract_id, company_id, target_id, calendar_id, metric, revision,
               cycle, is_current, state, excused, started_at, due_at, stopped_at, decided_at, duration_seconds, elapsed,
               paused, step_seconds, write_date)
        SELECT request_id, contract_id, company_id, target_id, calendar_id, metric, 0, k, FALSE, 'met', FALSE,
               started_at, due_at, due_at, due_at, duration_seconds, 60, 0, -1, write_date
          FROM aftersales_sla_clock CROSS JOIN generate_series(1, %s) AS k WHERE request_id > %s AND cycle = 0""",
        (CLOCKS // 4_000, last))
    env.cr.execute("ANALYZE aftersales_sla_clock")
    env.cr.commit()


def running(env, requests):
    """Make the clocks of some requests run, due a minute before now."""
    env.cr.execute("""
        UPDATE aftersales_sla_clock SET state = 'running', decided_at = NULL, stopped_at = NULL, elapsed = 0,
               due_at = %(now)s::timestamp - interval '1 minute', counted_at = %(now)s::timestamp - interval '1 day',
               next_at = %(now)s::timestamp - interval '59 seconds', step_seconds = -1
         WHERE id IN (SELECT id FROM aftersales_sla_clock WHERE is_current ORDER BY id DESC LIMIT %(many)s)""",
        {"now": NOW, "many": requests})


def ladder(env, policy, action):
    """One escalation step at the due instant on the policy of the clocks."""
    policy.escalation_ids.unlink()
    env["aftersales.sla.escalation"].create({
        "name": "Bench step", "policy_id": policy.id, "trigger": "after", "value": 0, "action": action,
        "team_id": env["aftersales.team"].create({"name": "Bench team"}).id,
        "recipient": "user", "user_id": env.ref("base.user_admin").id})
    env.cr.execute("DELETE FROM aftersales_evaluation_queue")
    env.cr.commit()


def fall_due(env, clock, now, carry_out=True):
    """Milliseconds for 1,000 clocks that fall due at once; without ``carry_out`` the steps are only logged."""
    running(env, 1_000)
    logs = type(env["aftersales.sla.escalation.log"])
    kept = logs._carry_out
    if not carry_out:
        logs._carry_out = lambda self: None
    began = time.perf_counter()
    clock._advance_due(now=now)
    env.flush_all()
    spent = (time.perf_counter() - began) * 1e3
    logs._carry_out = kept
    env.cr.rollback()
    env.invalidate_all()
    return spent


def main():
    with environment() as env:
        clock, now = env["aftersales.sla.clock"], fields.Datetime.to_datetime(NOW)
        policy, contracts, calendar = terms(env)
        many_clocks(env, policy, contracts, calendar)
        env.cr.execute("SELECT count(*) FROM aftersales_sla_clock")
        total = env.cr.fetchone()[0]
        idle = milliseconds(lambda: (clock._evaluate_queued(now=now), clock._advance_due(now=now)))
        line(f"idle scheduled action over {total:,} clocks", f"{idle:.2f} ms", "aim <= 5 ms")

        for label, step in (
            ("state written", None), ("state and log row written", "team"), ("with an activity each", "activity"),
        ):
            if step:
                ladder(env, policy, step)
            spent = statistics.median(fall_due(env, clock, now, carry_out=step != "team") for _ in range(7))
            line(f"1,000 clocks fall due, {label}", f"{spent:.1f} ms", "aim <= 60 ms" if step != "activity" else "")
        one_contract(env, now)


def one_contract(env, now):
    """Re-evaluate one contract of 200 events, unchanged and with one new event."""
    policy, contracts, calendar = terms(env, 1)
    facts(env, 22, policy, contracts, calendar)
    work_off(env)
    requests = contracts.request_ids
    spent = milliseconds(lambda: requests._evaluate(now))
    line(f"one contract of {len(requests.event_ids)} events evaluated again", f"{spent:.1f} ms", "aim <= 20 ms")


if __name__ == "__main__":
    main()
